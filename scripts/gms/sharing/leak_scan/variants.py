"""Searches VCF: header lines, and records column by column."""

import re

from gms.sharing.leak_patterns.matcher import Hit
from gms.sharing.leak_scan.nested_formats import Layer, Scanner
from gms.sharing.leak_scan.streams import Piece, check_text, pieces

_DECLARED = re.compile(rb"^##(INFO|FORMAT)=<ID=([^,>]+),.*?Type=(\w+)", re.MULTILINE)
_NUMBERS = (b"Integer", b"Float", b"Flag")
_COLUMNS = ("CHROM", "POS", "ID", "REF", "ALT", "QUAL", "FILTER", "INFO", "FORMAT")
_INFO, _FORMAT = 7, 8
_ALLELE = re.compile(
    rb"[0-9]+[:_][ACGTN]+[:_][ACGTN*<]"
)  # a position with its alleles, in texts of phases and haplotypes
_TELLING = (
    (re.compile(rb"^##fileDate=", re.MULTILINE | re.IGNORECASE), "timestamp"),
    (re.compile(rb"^##[^=\n]*(?:command|cmd)[^=\n]*=", re.MULTILINE | re.IGNORECASE), "command_line"),
)


def scan_variants(scanner: Scanner, layer: Layer) -> None:
    """Search VCF text. A weak hit is a leak in text, and only counted in numbers (Integer and Float fields)."""
    vcf = _Vcf(layer)
    for piece in pieces(layer.stream):
        check_text(piece)
        layer.place.ledger.bytes += len(piece.data)
        vcf.read_header(piece)
        for hit in scanner.matcher.hits(piece.data):
            vcf.note(hit, piece)
    layer.place.ledger.records += vcf.records


class _Vcf:
    """What of the header tells places and fields apart."""

    def __init__(self, layer: Layer):
        self._place = layer.place
        self._header_lines = 0
        self._in_header = True
        self._numbers: set[tuple[bytes, bytes]] = set()
        self._lines = 0

    @property
    def records(self) -> int:
        return self._lines - self._header_lines

    def read_header(self, piece: Piece) -> None:
        """Take the declarations of the header lines of this piece, and note lines that should not be there."""
        self._lines = piece.line - 1 + piece.data.count(b"\n") + (not piece.data.endswith(b"\n"))
        if not self._in_header:
            return
        header = re.match(rb"(?:#[^\n]*\n?)*", piece.data)[0]
        self._header_lines = piece.line - 1 + header.count(b"\n") + (not header.endswith(b"\n") and header != b"")
        self._in_header = len(header) == len(piece.data)
        self._numbers |= {(kind, key) for kind, key, type_ in _DECLARED.findall(header) if type_ in _NUMBERS}
        for pattern, kind in _TELLING:
            for match in pattern.finditer(header):
                self._place.note("header line {n}", kind, piece.line + header.count(b"\n", 0, match.start()))

    def note(self, hit: Hit, piece: Piece) -> None:
        """Note a hit with the column of its record."""
        line = piece.line + hit.line
        if line <= self._header_lines:
            self._place.note("header line {n}", hit.kind, line)
            return
        fields = hit.before.split(b"\t")
        column = len(fields) - 1
        is_part = hit.line == 0 and not piece.starts
        name = "part" if is_part else _COLUMNS[column] if column <= _FORMAT else f"sample {column - _FORMAT}"
        counted = hit.weak and (is_part or bool(_ALLELE.match(hit.beginning)) or self._is_number(fields))
        self._place.note(f"{name} of record {{n}}", hit.kind, line - self._header_lines, counted=counted)

    def _is_number(self, fields: list[bytes]) -> bool:
        """Whether the field that these columns end in holds numbers."""
        column = len(fields) - 1
        if column <= _FORMAT:
            key = fields[column].rpartition(b";")[2].partition(b"=")[0]
            return _COLUMNS[column] in ("POS", "QUAL") or (column == _INFO and (b"INFO", key) in self._numbers)
        keys = fields[_FORMAT].split(b":")
        index = fields[column].count(b":")
        return index < len(keys) and (b"FORMAT", keys[index]) in self._numbers
