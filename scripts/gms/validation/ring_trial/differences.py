"""The first difference of two files: where it is, which field, and both values."""

import gzip
from collections.abc import Iterator, Mapping
from itertools import zip_longest
from pathlib import Path
from typing import Any, NamedTuple

from gms.genome.vcf import info, sample_values
from gms.validation.ring_trial.bodies import Unreadable, canonical, header, json_content, table_rows, told
from gms.validation.ring_trial.difference import Difference, difference, shortened
from gms.validation.ring_trial.viral_differences import of_fasta, of_folders

_NAMES = ("gene", "sample", "key", "flag", "variant", "amplicon", "pos", "lineage")  # of an entry of a list
_COLUMNS = ("CHROM", "POS", "ID", "REF", "ALT", "QUAL", "FILTER")


def first_difference(one: Path, other: Path) -> Difference | None:
    """None where only what does not count differs, such as the order of samples. Raises Unreadable."""
    find = next((find for suffix, find in _FINDERS.items() if one.name.endswith(suffix)), of_folders)
    found = find(one, other)
    return found and found._replace(values=shortened(*found.values))


def _of_vcf(one: Path, other: Path) -> Difference | None:
    """Of the records, samples matched by name."""
    with told(), gzip.open(one, "rb") as file, gzip.open(other, "rb") as other_file:
        names, contigs = _read_header(file)
        other_names, other_contigs = _read_header(other_file)
        if set(names) != set(other_names):
            return difference("samples", "names", ", ".join(sorted(names)), ", ".join(sorted(other_names)))
        if contigs != other_contigs and set(contigs) == set(other_contigs):
            return difference("reference", "order of contigs", " ".join(contigs), " ".join(other_contigs))
        place = {contig: number for number, contig in enumerate(dict.fromkeys([*contigs, *other_contigs]))}
        for lines in zip_longest(file, other_file):
            if lines[0] != lines[1] or names != other_names:
                found = _of_records(_record(lines[0], names), _record(lines[1], other_names), place)
                if not found and names == other_names:  # such as a field that is there twice
                    found = difference(_record(lines[0], names).name, "line", *(line.decode() for line in lines))
                if found:
                    return found
    return None


def _read_header(file: Any) -> tuple[list[str], list[str]]:
    """Samples and contigs; the next line is the first record."""
    contigs: list[str] = []

    def lines() -> Iterator[bytes]:
        for line in file:
            if line.startswith(b"##contig=<ID="):
                contigs.append(line.decode()[13:].split(",")[0].rstrip(">\r\n"))
            yield line

    return header(lines()), contigs


class _Record(NamedTuple):
    """A record: fixed fields, INFO in its order, and FORMAT values by sample."""

    fixed: list[str]
    info: dict[str, str]
    samples: dict[str, dict[str, str]]

    @property
    def key(self) -> tuple[str, int, str, str]:
        chrom, pos, _, ref, alt = self.fixed[:5]
        return chrom, int(pos), ref, alt

    @property
    def name(self) -> str:
        chrom, pos, _, ref, alt = self.fixed[:5]
        return f"{chrom}:{pos} {_allele(ref)}>{_allele(alt)}"


def _allele(bases: str) -> str:
    return bases if len(bases) <= 20 else f"{bases[:8]}…({len(bases)} bases)"


def _record(line: bytes | None, names: list[str]) -> _Record | None:
    if line is None:
        return None
    fields = line.decode().rstrip("\r\n").split("\t")
    if len(fields) != (9 if names else 8) + len(names):
        raise Unreadable("has a record with too many or too few columns")
    if not fields[1].isdecimal():
        raise Unreadable("has a record without a position")
    keys = fields[8] if names else ""
    samples = {name: sample_values(keys, value) for name, value in zip(names, fields[9:], strict=True)}
    return _Record(fields[:7], info(fields[7]), samples)


def _of_records(one: _Record | None, other: _Record | None, place: Mapping[str, int]) -> Difference | None:
    """Of two records at the same line; one that the other file lacks is reported as absent there."""
    if one and other and one.key == other.key:
        return _of_fields(one, other)
    order = [_order(record, place) for record in (one, other)]
    if order[0] <= order[1]:
        return difference(one.name, "record", _presence(one), None)
    return difference(other.name, "record", None, _presence(other))


def _order(record: _Record | None, place: Mapping[str, int]) -> tuple:
    """Sorts records as a VCF does; the end of a file comes last."""
    if record is None:
        return (1,)
    chrom, pos, ref, alt = record.key
    return 0, place.get(chrom, len(place)), pos, ref, alt


def _presence(record: _Record) -> str:
    return "there" if record.fixed[6] == "." else f"there, {record.fixed[6]}"


def _of_fields(one: _Record, other: _Record) -> Difference | None:
    for column, name in enumerate(_COLUMNS):
        if one.fixed[column] != other.fixed[column]:
            return difference(one.name, name, one.fixed[column], other.fixed[column])
    if found := _of_mappings(one.name, "INFO ", one.info, other.info):
        return found
    for sample, values in one.samples.items():
        if found := _of_mappings(one.name, f"{sample} ", values, other.samples[sample]):
            return found
    return None


def _of_mappings(where: str, before: str, one: Mapping[str, str], other: Mapping[str, str]) -> Difference | None:
    for key in dict.fromkeys([*one, *other]):
        values = [side[key] or "set" if key in side else None for side in (one, other)]
        if values[0] != values[1]:
            return difference(where, before + key, *values)
    if list(one) != list(other):
        return difference(where, before + "order", " ".join(one), " ".join(other))
    return None


def _of_json(one: Path, other: Path) -> Difference | None:
    """Of the values; the reasons of limits, which are wording, only where nothing else differs."""
    contents = json_content(one), json_content(other)
    return _of_values((), *map(_without_reasons, contents)) or _of_values((), *contents)


def _without_reasons(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_reasons(entry) for key, entry in value.items() if key != "why"}
    return [_without_reasons(entry) for entry in value] if isinstance(value, list) else value


def _of_values(keys: tuple[str, ...], one: Any, other: Any) -> Difference | None:
    """Of two JSON values, in the order of the first; limits (gates) are matched by their metric."""
    if canonical(one) == canonical(other):
        return None
    sides = [_entries(value) for value in (one, other)]
    if None in sides or type(one) is not type(other):
        return difference(" › ".join(keys) or "content", "value", one, other)
    for key in dict.fromkeys([*sides[0], *sides[1]]):
        if found := _of_values((*keys, key), sides[0].get(key), sides[1].get(key)):
            return found
    return difference(" › ".join(keys) or "content", "order", " ".join(sides[0]), " ".join(sides[1]))


def _entries(value: Any) -> dict[str, Any] | None:
    if isinstance(value, dict):
        return value
    if not isinstance(value, list):
        return None
    names = [_name(entry) if isinstance(entry, dict) else "" for entry in value]
    unique = all(names) and len(set(names)) == len(names)
    return dict(zip(names if unique else [str(number) for number in range(1, len(value) + 1)], value, strict=True))


def _name(entry: dict[str, Any]) -> str:
    """What an entry of a list is about: a measure (of a sample), a finding, a gene ...; '' where it has no name."""
    if "metric" in entry:
        return " ".join(str(entry[key]) for key in ("subject", "metric") if key in entry)
    variants = entry.get("variants")
    if variants and isinstance(variants[0], str):
        return variants[0]
    return next((str(entry[key]) for key in _NAMES if key in entry), "")


def _of_tables(one: Path, other: Path) -> Difference | None:
    """Of the rows, matched by all columns that name something: the numbers are compared."""
    rows, other_rows = table_rows(one), table_rows(other)
    if rows[0] != other_rows[0]:
        return difference("header", "columns", " ".join(rows[0]), " ".join(other_rows[0]))
    named = [column for column, name in enumerate(rows[0]) if name in ("gene", "chrom", "pos", "ref", "alt", "lane")]
    sides = [{" ".join(row[i] for i in named): row for row in table[1:]} for table in (rows, other_rows)]
    for key in dict.fromkeys([*sides[0], *sides[1]]):
        row, other_row = sides[0].get(key), sides[1].get(key)
        if row is None or other_row is None:
            return difference(key, "row", row and "there", other_row and "there")
        for name, value, other_value in zip(rows[0], row, other_row, strict=True):
            if value != other_value:
                return difference(key, name, value, other_value)
    if len(rows) != len(other_rows):
        return difference("table", "number of rows", len(rows) - 1, len(other_rows) - 1)
    return difference("table", "rows", "as they are", "others") if sorted(rows) != sorted(other_rows) else None


_FINDERS = {".vcf.gz": _of_vcf, ".json": _of_json, ".tsv": _of_tables, ".fasta": of_fasta}
