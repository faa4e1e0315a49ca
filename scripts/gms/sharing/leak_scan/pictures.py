"""Searches the texts in PNG (PNG specification 11.3.3); the picture cannot be searched, and is a finding itself."""

import zlib

from gms.sharing.leak_scan.nested_formats import Layer, Scanner
from gms.sharing.leak_scan.streams import Stop, Stream

_LARGEST_TEXT = 1 << 20
_TEXTS = (b"tEXt", b"zTXt", b"iTXt")
# Chunks that hold numbers of known size and meaning only.
_NUMBERS = frozenset(
    (b"IHDR", b"PLTE", b"tRNS", b"cHRM", b"gAMA", b"sBIT", b"sRGB", b"bKGD", b"hIST", b"pHYs", b"IDAT")
)


def scan_png(scanner: Scanner, layer: Layer) -> None:
    """Search a PNG file's texts; raises Stop for chunks whose content is unknown."""
    stream, place = layer.stream, layer.place
    place.note("", "picture")
    stream.exactly(8)
    kind = b""
    while kind != b"IEND":
        size, kind = int.from_bytes(stream.exactly(4), "big"), stream.exactly(4)
        if kind in _TEXTS and size <= _LARGEST_TEXT:
            scanner.scan_value(place, "text of the picture", _text(kind, _checked(stream, kind, size)))
        elif kind in _NUMBERS or kind == b"IEND":
            stream.skip(size + 4)
        elif kind == b"tIME":
            place.note("time of the picture", "timestamp")
            stream.skip(size + 4)
        else:
            raise Stop("chunk of the picture", "unknown_format")
    if stream.read(1):
        raise Stop("after the picture", "hidden_data")


def _checked(stream: Stream, kind: bytes, size: int) -> bytes:
    content = stream.exactly(size)
    if zlib.crc32(kind + content) != int.from_bytes(stream.exactly(4), "big"):
        raise Stop("text of the picture", "damaged")
    return content


def _text(kind: bytes, content: bytes) -> bytes:
    keyword, _, rest = content.partition(b"\0")
    if kind == b"zTXt":
        return keyword + b"\n" + _inflated(rest[1:])
    if kind == b"iTXt" and rest[:1] == b"\1":
        language, translated, text = rest[2:].split(b"\0", 2)
        return b"\n".join((keyword, language, translated, _inflated(text)))
    return b"\n".join((keyword, *rest.split(b"\0")))


def _inflated(data: bytes) -> bytes:
    inflate = zlib.decompressobj()
    text = inflate.decompress(data, _LARGEST_TEXT)
    if not inflate.eof:
        raise Stop("text of the picture", "decompression_bomb")
    return text
