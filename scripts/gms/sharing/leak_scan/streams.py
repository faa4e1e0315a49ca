"""Streams that are read once, forward, in bounded memory, and the pieces of text in them."""

from collections.abc import Iterator
from typing import NamedTuple, Protocol

CHUNK = 1 << 20
_LONGEST_WORD = 16 << 20
_BREAKS = b" ,;\t\"'"
# Compressed genomic text is 3 to 30 times smaller; deflate could reach 1,032 (zlib's technical details).
_GROWTH = 300
_FREE_GROWTH = 64 << 20
_CONTROLS = bytes([*range(9), 11, *range(14, 32), 127])
_HIGH = bytes(range(0x80, 0x100))
_LARGEST_HIGH = 0.1  # of a text in a national 8-bit character set; compressed and encrypted data have half


class Source(Protocol):
    """Anything with a binary file's `read`."""

    def read(self, size: int, /) -> bytes: ...


class Stop(Exception):
    """The rest of a layer is not searched; why is a kind of finding."""

    def __init__(self, where: str, kind: str):
        self.where, self.kind = where, kind
        super().__init__(where)


class Budget:
    """How much all layers of one file may produce, by how much of the file was read."""

    def __init__(self) -> None:
        self.read = 0
        self.produced = 0

    def spend(self, size: int) -> None:
        """Count decompressed bytes; raises Stop when they are out of proportion."""
        self.produced += size
        if self.produced > _FREE_GROWTH + _GROWTH * self.read:
            raise Stop(f"more than {_GROWTH} times its size", "decompression_bomb")


class Stream:
    """A source whose first bytes can be looked at; `read` gives fewer bytes than asked for only at the end."""

    def __init__(self, source: Source, budget: Budget | None = None):
        self._source = source
        self._budget = budget  # of the outermost stream, which counts what is read of the file
        self._held = b""

    def head(self, size: int) -> bytes:
        """The next bytes, which stay to be read."""
        self._fill(size)
        return self._held[:size]

    def read(self, size: int, /) -> bytes:
        self._fill(size)
        taken, self._held = self._held[:size], self._held[size:]
        return taken

    def exactly(self, size: int) -> bytes:
        """So many bytes; raises Stop where the stream ends before."""
        taken = self.read(size)
        if len(taken) < size:
            raise Stop("ends too early", "damaged")
        return taken

    def skip(self, size: int) -> None:
        """Pass over so many bytes; raises Stop where the stream ends before."""
        while size:
            size -= len(self.exactly(min(size, CHUNK)))

    def give_back(self, data: bytes) -> None:
        """Bytes that are to be read next."""
        self._held = data + self._held

    def _fill(self, size: int) -> None:
        parts, missing = [self._held], size - len(self._held)
        while missing > 0 and (part := self._source.read(max(missing, 1 << 16))):
            parts.append(part)
            missing -= len(part)
            if self._budget:
                self._budget.read += len(part)
        if len(parts) > 1:
            self._held = b"".join(parts)


class Piece(NamedTuple):
    """Whole lines, or a part of a long one; `line` is the first's 1-based number, `starts` is false within a line."""

    data: bytes
    line: int
    starts: bool


def pieces(stream: Stream) -> Iterator[Piece]:
    """A text in pieces of about a mebibyte, cut at line ends; longer lines are cut between words.

    Raises Stop for a word of more than 16 MiB, which cannot be searched in bounded memory.
    """
    rest, line, starts = b"", 1, True
    while chunk := stream.read(CHUNK):
        rest += chunk
        cut = rest.rfind(b"\n") + 1 or max(rest.rfind(bytes([byte])) for byte in _BREAKS) + 1
        if cut:
            yield Piece(rest[:cut], line, starts)
            line, starts = line + rest.count(b"\n", 0, cut), rest[cut - 1 : cut] == b"\n"
            rest = rest[cut:]
        elif len(rest) > _LONGEST_WORD:
            raise Stop(f"line {line}, a word of more than {_LONGEST_WORD >> 20} MiB", "unknown_format")
    if rest:
        yield Piece(rest, line, starts)


def check_text(piece: Piece) -> None:
    """Raise Stop for what is no text: it may be compressed or encrypted."""
    data = piece.data
    if len(data.translate(None, _CONTROLS)) != len(data):
        raise Stop(f"from line {piece.line} on", "unknown_format")
    if data.isascii():
        return
    try:
        data.decode()
    except UnicodeDecodeError:
        if len(data) - len(data.translate(None, _HIGH)) > _LARGEST_HIGH * len(data):
            raise Stop(f"from line {piece.line} on", "unknown_format") from None
