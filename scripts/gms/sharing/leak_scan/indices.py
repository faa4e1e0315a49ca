"""Searches index files (BAI, tabix, CSI): names in them; the rest is checked to be numbers, as the formats have it."""

import struct

from gms.sharing.leak_scan.nested_formats import Layer, Scanner
from gms.sharing.leak_scan.streams import Stop, Stream

_MOST = 1 << 28  # references, bins or chunks: more are damage
_LONGEST_NAMES = 16 << 20
_TABIX_NUMBERS = 24  # format, three columns, comment character, lines to skip


def scan_bai(scanner: Scanner, layer: Layer) -> None:
    """Search a BAM index (SAM specification 5.2)."""
    layer.stream.exactly(4)
    _skip_references(layer.stream, _integer(layer.stream), has_offset=False, has_intervals=True)
    _end(layer.stream)


def scan_tbi(scanner: Scanner, layer: Layer) -> None:
    """Search a tabix index (tabix specification)."""
    layer.stream.exactly(4)
    references = _integer(layer.stream)
    layer.stream.exactly(_TABIX_NUMBERS)
    _scan_names(scanner, layer, _sized(layer.stream))
    _skip_references(layer.stream, references, has_offset=False, has_intervals=True)
    _end(layer.stream)


def scan_csi(scanner: Scanner, layer: Layer) -> None:
    """Search a coordinate-sorted index (CSI specification); its auxiliary data are empty or a tabix header."""
    layer.stream.exactly(12)
    header = _sized(layer.stream)
    if header and len(header) < _TABIX_NUMBERS + 4:
        raise Stop("auxiliary data of the index", "unknown_format")
    _scan_names(scanner, layer, header[_TABIX_NUMBERS + 4 :])
    _skip_references(layer.stream, _integer(layer.stream), has_offset=True, has_intervals=False)
    _end(layer.stream)


def _scan_names(scanner: Scanner, layer: Layer, names: bytes) -> None:
    scanner.scan_value(layer.place, "sequence names of the index", names.replace(b"\0", b"\n"))


def _skip_references(stream: Stream, references: int, has_offset: bool, has_intervals: bool) -> None:
    for _ in range(references):
        for _ in range(_integer(stream)):
            stream.exactly(12 if has_offset else 4)
            stream.skip(16 * _integer(stream))
        if has_intervals:
            stream.skip(8 * _integer(stream))


def _end(stream: Stream) -> None:
    """At most the number of reads without coordinates is left."""
    if len(stream.read(9)) not in (0, 8):
        raise Stop("after the index", "hidden_data")


def _integer(stream: Stream) -> int:
    number = struct.unpack("<i", stream.exactly(4))[0]
    if not 0 <= number <= _MOST:
        raise Stop("index", "damaged")
    return number


def _sized(stream: Stream) -> bytes:
    size = _integer(stream)
    if size > _LONGEST_NAMES:
        raise Stop("index", "damaged")
    return stream.exactly(size)
