"""Searches plain text of any sort: lines of UTF-8, UTF-16 or UTF-32; JSON, HTML, XML and tables among them."""

import codecs
import io
import re

from gms.sharing.leak_patterns.matcher import Hit
from gms.sharing.leak_scan.nested_formats import Layer, Scanner
from gms.sharing.leak_scan.reads import is_fastq, scan_fastq
from gms.sharing.leak_scan.streams import CHUNK, Piece, Stream, check_text, pieces
from gms.sharing.leak_scan.variants import scan_variants

_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Totals of a whole genome reach ten digits.
_COUNT_KEY = re.compile(
    rb'"\w*(?:bases|reads|pairs|records|bytes|count|counts|length|size|total|start|end|position)\w*"\s*:\s*\Z'
)
_INTEGER_COLUMNS = re.compile(rb"(?:-?[0-9]+\t){3,}")  # a CRAM index, a coverage table


def scan_text(scanner: Scanner, layer: Layer) -> None:
    """Search text; raises Stop where it is not text."""
    head = layer.stream.head(4096)
    if encoding := _wide_encoding(head):
        scanner.scan(layer.inner(_Decoded(layer.stream, encoding)))
    elif head.startswith(b"##fileformat=VCF"):
        scan_variants(scanner, layer)
    elif is_fastq(head):
        scan_fastq(scanner, layer)
    else:
        for piece in pieces(layer.stream):
            check_text(piece)
            _scan_piece(scanner, layer, piece)


def _scan_piece(scanner: Scanner, layer: Layer, piece: Piece) -> None:
    place = layer.place
    place.ledger.bytes += len(piece.data)
    for hit in scanner.matcher.hits(piece.data, layer.roots):
        place.note("line {n}", hit.kind, piece.line + hit.line, counted=_is_datum(hit))
    for line, content in scanner.matcher.files_within(piece.data):
        inner = place.inside(f"file in Base64 in line {piece.line + line}")
        scanner.scan_inner(layer.inner(io.BytesIO(content), inner))


def _is_datum(hit: Hit) -> bool:
    return hit.weak and bool(_COUNT_KEY.search(hit.before[-80:]) or _INTEGER_COLUMNS.fullmatch(hit.before))


def _wide_encoding(head: bytes) -> str | None:
    for mark, encoding in _MARKS:
        if head.startswith(mark):
            return encoding
    quarters = [head[place::4].count(0) / max(len(head[place::4]), 1) for place in range(4)]
    if len(head) < 8 or max(quarters) < 0.5:
        return None
    # Latin characters have zeros in all but one byte of each.
    zeros = "".join("0" if quarter >= 0.5 else "x" for quarter in quarters)
    return {"x000": "utf-32-le", "000x": "utf-32-be", "x0x0": "utf-16-le", "0x0x": "utf-16-be"}.get(zeros)


class _Decoded:
    """A stream of UTF-8 from one of wider characters; raises ValueError where that is damaged."""

    def __init__(self, stream: Stream, encoding: str):
        self._stream = stream
        self._decoder = codecs.getincrementaldecoder(encoding)()

    def read(self, size: int, /) -> bytes:
        while data := self._stream.read(CHUNK):
            if text := self._decoder.decode(data):
                return text.encode("utf-8", "replace")
        self._decoder.decode(b"", final=True)
        return b""
