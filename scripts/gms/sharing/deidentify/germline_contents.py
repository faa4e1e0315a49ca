"""What the files of a package say of variants, whatever they are: a reader for the proof in deidentify/germline.py.

Positions are 1-based; contigs are without 'chr'.
"""

import csv
import gzip
import io
import json
import re
import zipfile
import zlib
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO, NamedTuple

from gms.genome.vcf import info

Opener = Callable[[], BinaryIO]
Allele = tuple[str, int, str, str]

_TELLING = re.compile(
    r"NLOD\w*|NORMAL\w*|INHERITANCE|MODES|ORIGIN|LABELS|UNAFFECTED_WITH|PARTNERS\w*|HAPLOTYPE|SECTION|RESCUED(_FROM)?"
    r"|PON_\w+"
)
_TERMS = re.compile(r"\b(GENO:0000(134|135|136|602|603)|SO:0001778)\b")
_SPELLED = re.compile(r"(?<![\w.])(\w[\w.]*)([:-])(\d+)\2([ACGTN]+)\2([ACGTN]+)\b")
_COLUMNS = ("chrom", "pos", "ref", "alt")
_DAMAGED = (OSError, EOFError, ValueError, LookupError, zlib.error, zipfile.BadZipFile)


class Content(NamedTuple):
    """What a file holds: `kinds` of `germline.KINDS`, one for each time; alleles of VCF records; alleles that such
    records name as their parts; alleles that other files name; entries of a Beacon's list of variants, whose places
    are not spelled as in VCF."""

    kinds: tuple[str, ...] = ()
    records: tuple[Allele, ...] = ()
    parts: tuple[Allele, ...] = ()
    named: tuple[Allele, ...] = ()
    entries: int = 0


def examine(path: str, opener: Opener, tumors: Collection[str]) -> Content:
    """What a file says; of content that is damaged or of no known format, that it is unknown."""
    try:
        return _examine(path, opener, tumors)
    except _DAMAGED:
        return Content(kinds=("unknown",))


def _examine(path: str, opener: Opener, tumors: Collection[str]) -> Content:
    with _content(opener) as stream:
        start = stream.read(16)
    if start.startswith((b"CRAM", b"BAM\1", b"@")) or path.endswith(".crai"):
        return Content(kinds=("reads",))
    if start.startswith((b"TBI\1", b"CSI\1")):
        return Content()
    with _content(opener) as stream:
        if start.startswith(b"PK\3\4"):
            return Content(named=tuple(_in_texts(_cells(stream.read()))))
        lines = io.TextIOWrapper(stream, encoding="utf-8", newline="")
        if start.startswith(b"##fileformat=VCF"):
            return _examine_vcf(lines, tumors)
        if path.endswith(".json"):
            return _examine_json(json.load(lines))
        if path.endswith((".csv", ".tsv")):
            return _examine_table(lines.read().splitlines())
    return Content(kinds=("unknown",))


@contextmanager
def _content(opener: Opener) -> Iterator[BinaryIO]:
    """The content of a file, decompressed where it is gzip or BGZF."""
    with opener() as stream:
        compressed = stream.read(2) == b"\x1f\x8b"
    with opener() as stream:
        yield gzip.GzipFile(fileobj=stream) if compressed else stream


def _examine_vcf(lines: Iterable[str], tumors: Collection[str]) -> Content:
    kinds: list[str] = []
    alleles, parts = [], []
    for line in lines:
        fields = line.rstrip("\r\n").split("\t")
        if line.startswith("##"):
            defined = re.match(r"##(?:INFO|FORMAT)=<ID=(\w+)", line)
            kinds += ["field"] if defined and _TELLING.fullmatch(defined[1]) else []
        elif line.startswith("#"):
            kinds += ["column" for sample in fields[9:] if sample not in tumors]
        else:
            values = info(fields[7])
            kinds += ["field" for key in (*values, *fields[8].split(":")) if _TELLING.fullmatch(key)]
            alleles.append(allele(fields[0], fields[1], fields[3], fields[4]))
            parts += named_parts(values.get("PARTS", ""))
    return Content(tuple(kinds), tuple(alleles), tuple(parts))


def _examine_json(content: Any) -> Content:
    texts, alleles = [], []
    todo = [content]
    while todo:
        item = todo.pop()
        if isinstance(item, dict):
            if all(key in item for key in _COLUMNS):
                alleles.append(allele(*(item[key] for key in _COLUMNS)))
            todo += [*item.keys(), *item.values()]
        elif isinstance(item, list):
            todo += item
        elif isinstance(item, str):
            texts.append(item)
    kinds = tuple("term" for text in texts if _TERMS.search(text))
    entries = sum("variation" in item for item in content if isinstance(item, dict)) if isinstance(content, list) else 0
    return Content(kinds, named=(*alleles, *_in_texts(texts)), entries=entries)


def _examine_table(lines: list[str]) -> Content:
    delimiter = "\t" if lines and "\t" in lines[0] else ","
    rows = [[cell.strip() for cell in row] for row in csv.reader(lines, delimiter=delimiter)]
    header = [cell.lstrip("#").lower() for cell in rows[0]] if rows else []
    alleles = []
    if all(column in header for column in _COLUMNS):
        places = [header.index(column) for column in _COLUMNS]
        alleles = [allele(*(row[place] for place in places)) for row in rows[1:]]
    return Content(named=(*alleles, *_in_texts(cell for row in rows for cell in row)))


def _cells(workbook: bytes) -> Iterator[str]:
    import openpyxl

    for sheet in openpyxl.load_workbook(io.BytesIO(workbook), read_only=True).worksheets:
        yield from (str(cell) for row in sheet.iter_rows(values_only=True) for cell in row if cell is not None)


def _in_texts(texts: Iterable[str]) -> Iterator[Allele]:
    """Alleles that are written as CHROM:POS:REF:ALT or with hyphens."""
    for text in texts:
        yield from (allele(hit[1], hit[3], hit[4], hit[5]) for hit in _SPELLED.finditer(text))


def allele(chrom: str, pos: str | int, ref: str, alt: str) -> Allele:
    """An allele as all files of a package are compared by it."""
    return chrom.removeprefix("chr"), int(pos), ref.upper(), alt.upper()


def named_parts(spelled: str) -> Iterator[Allele]:
    """The alleles of a list of CHROM:POS:REF:ALT; none of an empty text."""
    for part in filter(None, spelled.split(",")):
        yield allele(*part.rsplit(":", 3))
