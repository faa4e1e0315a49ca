"""Searches gzip files, BGZF among them: their headers, and the data in them (RFC 1952; SAM specification 4.1)."""

import struct
import zlib

from gms.sharing.leak_scan.nested_formats import Layer, Scanner
from gms.sharing.leak_scan.streams import CHUNK, Stop

_HEADER = struct.Struct("<2sBBIBB")
_CRC, _EXTRA, _NAME, _COMMENT, _RESERVED = 2, 4, 8, 16, 0xE0
_LONGEST_FIELD = 1 << 16


def scan_gzip(scanner: Scanner, layer: Layer) -> None:
    """Search a gzip file's headers, each member's, and its data."""
    members = _Members(scanner, layer)
    inner = layer.inner(members)
    scanner.scan(inner)
    while inner.stream.read(CHUNK):  # what a reader left, so that damage is noticed
        pass


class _Members:
    """The decompressed data of all members; raises Stop where they are damaged or something follows them."""

    def __init__(self, scanner: Scanner, layer: Layer):
        self._scanner, self._layer, self._source = scanner, layer, layer.stream
        self._member = 0
        self._inflate = None
        self._last_size = 0
        self._is_blocked = False

    def read(self, size: int, /) -> bytes:
        while True:
            if self._inflate is None and not self._next_member():
                return b""
            if data := self._inflated():
                self._layer.budget.spend(len(data))
                return data

    def _inflated(self) -> bytes:
        compressed = self._source.read(1 << 15 if self._is_blocked else 1 << 18)
        if not compressed:
            raise Stop(f"gzip member {self._member}", "damaged")
        data = self._inflate.decompress(compressed, CHUNK)
        self._source.give_back(self._inflate.unused_data if self._inflate.eof else self._inflate.unconsumed_tail)
        self._check = zlib.crc32(data, self._check)
        self._last_size += len(data)
        if self._inflate.eof:
            if struct.pack("<II", self._check, self._last_size & 0xFFFFFFFF) != self._source.exactly(8):
                raise Stop(f"gzip member {self._member}", "damaged")
            self._inflate = None
        return data

    def _next_member(self) -> bool:
        head = self._source.head(_HEADER.size)
        if not head and self._member:
            if self._is_blocked and self._last_size:
                raise Stop("BGZF without its end marker", "damaged")
            return False
        if head[:2] != b"\x1f\x8b":
            raise Stop("after the gzip data", "hidden_data")
        self._member += 1
        self._read_header()
        self._inflate, self._check, self._last_size = zlib.decompressobj(-zlib.MAX_WBITS), 0, 0
        return True

    def _read_header(self) -> None:
        _, method, flags, time, _, _ = _HEADER.unpack(self._source.exactly(_HEADER.size))
        if method != 8 or flags & _RESERVED:
            raise Stop("gzip header", "unknown_format")
        place = self._layer.place
        if time:
            place.note("gzip header", "timestamp")
        if flags & _EXTRA:
            self._read_extra(self._source.exactly(int.from_bytes(self._source.exactly(2), "little")))
        for flag, where, kind in (
            (_NAME, "gzip file name", "original_name"),
            (_COMMENT, "gzip comment", "hidden_data"),
        ):
            if flags & flag:
                place.note(where, kind)
                self._scanner.scan_value(place, where, self._text())
        if flags & _CRC:
            self._source.exactly(2)

    def _read_extra(self, extra: bytes) -> None:
        self._is_blocked = extra[:4] == b"BC\2\0" and len(extra) == 6
        if not self._is_blocked:
            self._layer.place.note("gzip extra field", "hidden_data")
            self._scanner.scan_value(self._layer.place, "gzip extra field", extra)

    def _text(self) -> bytes:
        text = bytearray()
        while (byte := self._source.exactly(1)) != b"\0":
            text += byte
            if len(text) > _LONGEST_FIELD:
                raise Stop("gzip header", "damaged")
        return bytes(text)
