"""The proof that a package of a somatic study holds nothing inherited: read from the finished package and from all
records of the case, by a reader of its own that shares no code with the de-identification.

A file whose content is not understood is a finding. Positions are 1-based.
"""

import gzip
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from gms.base.errors import GmsError
from gms.genome.vcf import annotated_parts, info, info_value, sample_values
from gms.sharing.deidentify.germline_contents import Allele, Opener, allele, examine, named_parts

KINDS = {
    "reads": "reads, or the index of reads, which hold the inherited genome",
    "column": "a column of another sample than the tumour",
    "field": "fields that are computed from a normal or from relatives",
    "term": "terms of inherited variants or of their zygosity",
    "mitochondrial": "mitochondrial variants, whose fraction does not show whether they are inherited",
    "in_normal": "variants that the normal carries",
    "not_excluded": "variants whose place the normal's reads do not cover enough",
    "possibly_inherited": "variants without a normal that are in the population or in too many reads to be acquired",
    "not_of_the_case": "variants that the case's records lack",
    "elsewhere": "variants that the shared VCF lacks",
    "unknown": "content that cannot be understood",
}
_FLAGS = {"Germline", "InNormal"}
_MITOCHONDRIA = {"M", "MT"}
_MIN_DEPTH = 8  # MuTect's 2.2 over 0.3 of each read without the allele
_CARRIED = 0.2  # of the normal's reads: far above errors, below half
_INHERITED = 0.3  # of a tumour's reads, without a normal


class GermlineFinding(NamedTuple):
    """What of the germline is in which file of a package; no variant and no name is repeated."""

    path: str
    kind: str
    count: int


class GermlineFound(GmsError):
    """A package that holds what its study may not have."""

    def __init__(self, findings: Iterable[GermlineFinding]):
        self.findings = list(findings)
        lines = [f"  {found.path}: {found.count} x {KINDS[found.kind]}" for found in self.findings]
        text = "the study's data categories lack germline_variants, but the package contains (nothing was released):"
        super().__init__("\n".join([text, *lines]))


class NormalMissing(GmsError):
    """Records of a tumour with a normal, without the normal's column."""

    def __init__(self) -> None:
        super().__init__(
            "the filtered VCF lacks the normal sample, which shows what is inherited; run the workflow again"
        )


def germline_findings(
    files: Mapping[str, Opener], tumors: Collection[str], source: Path, normal: str | None
) -> list[GermlineFinding]:
    """Everything inherited in the plain files (path -> function that opens it) of a package; none is the proof.

    `tumors`: the pseudonyms that may be columns. `source`: filtered/{case}.vcf.gz, every record of the case under local
    names; `normal`: its column of the normal sample, None in a case without one. Raises NormalMissing if it lacks that.
    """
    contents = {path: examine(path, opener, tumors) for path, opener in sorted(files.items())}
    records = {record: path for path, content in contents.items() for record in content.records}
    found: Counter[tuple[str, str]] = Counter()
    for path, content in contents.items():
        found.update((path, kind) for kind in content.kinds)
        found.update((path, "elsewhere") for other in content.named if other not in records)
        found.update((path, "elsewhere") for _ in range(len(records), content.entries))
    parts = {part: path for path, content in contents.items() for part in content.parts}
    found.update(_evaluate({**_parts_of(records, source), **parts, **records}, source, normal))
    return [GermlineFinding(path, kind, count) for (path, kind), count in sorted(found.items())]


def _parts_of(records: Mapping[Allele, str], source: Path) -> dict[Allele, str]:
    """The alleles that records of a package are joined of, as the case's records say: each is spelled by the whole."""
    parts: dict[Allele, str] = {}
    with gzip.open(source, "rt", encoding="utf-8") as lines:
        for line in (line for line in lines if "PARTS=" in line and line[0] != "#"):
            fields = line.split("\t", 8)
            if path := records.get(allele(fields[0], fields[1], fields[3], fields[4])):
                parts |= dict.fromkeys(named_parts(info_value(fields[7], "PARTS") or ""), path)
    return parts


def _evaluate(records: Mapping[Allele, str], source: Path, normal: str | None) -> Iterator[tuple[str, str]]:
    """Path and kind of each record of a package that the case's records do not show to be acquired."""
    left = dict(records)
    population = False
    column = None
    with gzip.open(source, "rt", encoding="utf-8") as lines:
        for line in lines:
            if line.startswith("##"):
                population |= "population" in (annotated_parts([line]) or ())
                continue
            fields = line.rstrip("\n").split("\t")
            if line.startswith("#"):
                column = _column(fields, normal)
            elif path := left.pop(allele(fields[0], fields[1], fields[3], fields[4]), None):
                kind = _against_normal(fields, column) if column else _without_normal(fields, population)
                kind = "mitochondrial" if fields[0].removeprefix("chr") in _MITOCHONDRIA else kind
                yield from [(path, kind)] if kind else []
    yield from ((path, "not_of_the_case") for path in left.values())


def _column(fields: list[str], normal: str | None) -> int | None:
    if normal is not None and normal not in fields[9:]:
        raise NormalMissing
    return None if normal is None else fields.index(normal, 9)


def _against_normal(fields: list[str], column: int) -> str | None:
    genotype, alt, depth = _seen(fields, column)
    flags = re.split("[;,]", ";".join([fields[6], info_value(fields[7], "RESCUED_FROM") or ""]))
    if "1" in genotype or alt >= 2 and alt >= _CARRIED * depth or _FLAGS & set(flags):
        return "in_normal"
    return "not_excluded" if depth < _MIN_DEPTH else None


def _without_normal(fields: list[str], population: bool) -> str | None:
    _, alt, depth = _seen(fields, 9)
    common = not population or "POP_AF" in info(fields[7])
    return "possibly_inherited" if common or alt >= _INHERITED * depth else None


def _seen(fields: list[str], column: int) -> tuple[str, int, int]:
    """Genotype, reads with the allele and informative reads of a sample; 0 where they were not counted."""
    values = sample_values(fields[8], fields[column])
    alt, depth = values.get("AD", "0").rpartition(",")[2], values.get("DP", "0")
    return values.get("GT", ""), int(alt) if alt.isdigit() else 0, int(depth) if depth.isdigit() else 0
