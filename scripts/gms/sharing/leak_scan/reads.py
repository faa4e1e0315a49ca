"""Searches the names in FASTQ; bases and qualities are checked to be no more than that."""

import re

from gms.sharing.leak_scan.nested_formats import Layer, Scanner
from gms.sharing.leak_scan.streams import Stop, pieces

_FASTQ = re.compile(rb"@[^\n]*\n[A-Za-z.*-]*\r?\n\+[^\n]*\n")
_BASES = b"ACGTUNRYSWKMBDHVacgtunryswkmbdhv.*-\r"
_QUALITIES = bytes(range(33, 127)) + b"\r"


def is_fastq(head: bytes) -> bool:
    """Whether a text begins with a FASTQ record."""
    return bool(_FASTQ.match(head))


def scan_fastq(scanner: Scanner, layer: Layer) -> None:
    """Search FASTQ of four lines per record; raises Stop for anything else, as it would hide text in bases."""
    rest, record = b"", 1
    for piece in pieces(layer.stream):
        layer.place.ledger.bytes += len(piece.data)
        lines = (rest + piece.data).split(b"\n")
        whole = (len(lines) - 1) // 4 * 4
        _scan_records(scanner, layer, lines[:whole], record)
        rest = b"\n".join(lines[whole:])
        record += whole // 4
    if rest.strip():
        lines = rest.split(b"\n")
        if len(lines) != 4:
            raise Stop(f"record {record}", "damaged")
        _scan_records(scanner, layer, lines, record)


def _scan_records(scanner: Scanner, layer: Layer, lines: list[bytes], first: int) -> None:
    names, bases, repeats, qualities = (lines[part::4] for part in range(4))
    for index, (name, sequence, repeat, quality) in enumerate(zip(names, bases, repeats, qualities, strict=True)):
        if name[:1] != b"@" or repeat[:1] != b"+" or len(sequence.rstrip()) != len(quality.rstrip()):
            raise Stop(f"record {first + index}", "damaged")
    if b"".join(bases).translate(None, _BASES) or b"".join(qualities).translate(None, _QUALITIES):
        raise Stop(f"a record from {first} on", "damaged")
    for text in (names, [repeat[1:] for repeat in repeats]):
        for hit in scanner.matcher.hits(b"\n".join(text)):
            layer.place.note("name of read {n}", hit.kind, first + hit.line)
    layer.place.ledger.records += len(names)
