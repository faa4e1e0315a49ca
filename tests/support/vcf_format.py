"""What a VCF breaks of VCF 4.3: https://samtools.github.io/hts-specs/VCFv4.3.pdf."""

import re
from collections.abc import Iterable, Iterator, Mapping

KEY = re.compile(r"[A-Za-z_][0-9A-Za-z_.]*")
DEFINED = re.compile(r'##(INFO|FORMAT)=<ID=([^,]+),Number=([^,]+),Type=([^,]+),Description="[^"]*"')
INTEGER, FLOAT = re.compile(r"[-+]?[0-9]+"), re.compile(r"[-+]?[0-9]*\.?[0-9]+([eE][-+]?[0-9]+)?")
TYPES = {"Integer": INTEGER, "Float": FLOAT, "String": re.compile(r"[^\s;=,]+")}
# Keys that the specification reserves (tables 1 and 2, sections 3 and 4), with its Number and Type. A field of a value
# for each alternate allele (Number '.') may be 1, as records have one.
RESERVED = {
    "INFO": {"END": "1Integer", "IMPRECISE": "0Flag", "SVTYPE": "1String", "SVLEN": ".Integer", "CIPOS": "2Integer",
             "CIEND": "2Integer", "HOMLEN": ".Integer", "MEINFO": "4String", "MATEID": ".String", "AF": "AFloat",
             "AD": "RInteger", "DP": "1Integer", "MQ": "1Float", "BQ": "1Float", "SB": "4Integer", "CN": "1Integer",
             "AC": "AInteger", "AN": "1Integer", "EVENT": "1String", "CIGAR": "AString", "DB": "0Flag"},
    "FORMAT": {"GT": "1String", "AD": "RInteger", "ADF": "RInteger", "ADR": "RInteger", "DP": "1Integer",
               "GQ": "1Integer", "CN": "1Integer", "CNQ": "1Float", "PS": "1Integer", "PL": "GInteger", "FT": "1String",
               "MQ": "1Integer", "NQ": "1Integer", "HQ": "2Integer"},
}  # fmt: skip
TYPES_OF_EVENTS = {"DEL", "INS", "DUP", "INV", "CNV", "BND"}

Fields = Mapping[str, tuple[str, str]]


def problems(lines: Iterable[str]) -> Iterator[str]:
    """Each as a sentence. ALT `<STRn>` is none: ExpansionHunter's, which Scout reads."""
    defined: dict[str, dict[str, tuple[str, str]]] = {"INFO": {}, "FORMAT": {}}
    filters, samples = {"PASS", "."}, 0
    for number, line in enumerate(lines):
        line = line.rstrip("\n")
        if not number and line != "##fileformat=VCFv4.3":
            yield f"the first line is {line}"
        if found := DEFINED.match(line):
            yield from _definition(*found.groups())
            defined[found[1]][found[2]] = (found[3], found[4])
        elif line.startswith("##FILTER=<ID="):
            filters.add(line.removeprefix("##FILTER=<ID=").partition(",")[0])
        elif line.startswith("#CHROM"):
            samples = len(line.split("\t")[9:])
        elif not line.startswith("#"):
            yield from (f"{line[:60]!r}: {words}" for words in _record(line.split("\t"), defined, filters, samples))


def _definition(kind: str, key: str, number: str, type_: str) -> Iterator[str]:
    reserved = RESERVED[kind].get(key)
    if reserved and reserved not in (number + type_, number.replace("1", ".") + type_):
        yield f"{kind}/{key} is reserved with {reserved}, not {number}{type_}"
    if not KEY.fullmatch(key):
        yield f"{kind}/{key} is no key"


def _record(columns: list[str], defined: Mapping[str, Fields], filters: set[str], samples: int) -> Iterator[str]:
    alleles = 0 if columns[4] == "." else columns[4].count(",") + 1
    entries = [entry.partition("=") for entry in columns[7].split(";")] if columns[7] != "." else []
    info = {key: value for key, _, value in entries}
    if len(info) != len(entries):
        yield "INFO has a key twice"
    if info.get("SVTYPE", "DEL") not in TYPES_OF_EVENTS:
        yield "SVTYPE is none of the specification"
    if unknown := set(columns[6].split(";")) - filters:
        yield f"FILTER {', '.join(sorted(unknown))} is not defined"
    for key, value in info.items():
        yield from _value("INFO", key, value, defined["INFO"], alleles)
    yield from _samples(columns[8:], defined["FORMAT"], alleles, samples)


def _samples(columns: list[str], defined: Fields, alleles: int, samples: int) -> Iterator[str]:
    """What is wrong in FORMAT and the columns after it."""
    keys = columns[0].split(":") if columns else []
    if "GT" in keys[1:]:
        yield "GT is not the first of FORMAT"
    if len(columns[1:]) != samples:
        yield f"{len(columns[1:])} columns of samples"
    for column in columns[1:]:
        values = column.split(":")
        if len(values) > len(keys):
            yield f"a sample has {len(values)} values for {len(keys)} keys"
        for key, value in zip(keys, values, strict=False):
            yield from _value("FORMAT", key, value, defined, alleles)


def _value(kind: str, key: str, value: str, defined: Fields, alleles: int) -> Iterator[str]:
    if key not in defined:
        yield f"{kind}/{key} is not defined"
        return
    number, type_ = defined[key]
    if type_ == "Flag":
        if value:
            yield f"{kind}/{key} is a flag with a value"
        return
    values = value.split(",")
    due = {"A": alleles, "R": alleles + 1}.get(number) or (int(number) if number.isdigit() else None)
    if due is not None and len(values) != due and values != ["."]:
        yield f"{kind}/{key} has {len(values)} values, not {due}"
    for one in values:
        if one != "." and not TYPES[type_].fullmatch(one):
            yield f"{kind}/{key} has {one!r}, which is no {type_}"
