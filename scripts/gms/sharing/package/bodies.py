"""An encrypted file against its entry in the manifest: what was changed, by its digests and with no key.

Whoever holds a reader's public key can cut a Crypt4GH file at a segment border, exchange, insert or remove segments and
add or remove header packets, and it still decrypts (GA4GH crypt4gh specification, security considerations).
"""

import hashlib
import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, BinaryIO

from gms.base.errors import GmsError
from gms.sharing.package.encryption import Digests, RunningDigests
from gms.sharing.package.hashing import BLOCK, Hashing, RunDigests
from gms.sharing.package.header import CIPHER_SEGMENT, Header, header_bytes, read_header, writers

_MARGIN = 1 << 20  # bytes
_SHOWN = 6  # runs of segments that a message names


def file_problems(path: Path, entry: Mapping[str, Any], writer: str) -> list[str]:
    """What is wrong with a file; `writer` is the fingerprint of the key that must have written its header."""
    try:
        with open(os.open(path, os.O_RDONLY | os.O_NOFOLLOW), "rb") as file:
            return list(_problems(file, entry, writer))
    except GmsError as error:
        return [str(error)]
    except OSError as error:
        return [f"cannot be read: {error.strerror}"]


def _problems(file: BinaryIO, entry: Mapping[str, Any], writer: str) -> Iterator[str]:
    header = read_header(file)
    body = _Body(file, header, entry)
    if body.cipher == Digests(**entry["cipher"]):
        if writers(header) != {writer}:
            yield "the header was not written by the manifest's writer"
        return
    found = [*_header_problems(header, entry), *body.problems()]
    yield from found or ["the file does not have the digests in the manifest"]


def _header_problems(header: Header, entry: Mapping[str, Any]) -> Iterator[str]:
    found, signed = len(header.packets), entry["packets"]
    if found != signed:
        change = f"{signed - found} removed" if found < signed else f"{found - signed} added"
        yield f"the header has {found} of {signed} packets: {change}"
    elif hashlib.sha256(header.raw).hexdigest() != entry["header_sha256"]:
        yield "the header differs from the signed one: a packet was changed or replaced"


class _First:
    """SHA-256 of the first so many bytes."""

    def __init__(self, size: int):
        self._left, self.digest = size, hashlib.sha256()

    def update(self, data: bytes) -> None:
        """Take the next bytes."""
        part = memoryview(data)[: self._left]
        self._left -= len(part)
        self.digest.update(part)


class _Body:
    """The body of a file, read to about twice its signed size at most, and what its entry says of it."""

    def __init__(self, file: BinaryIO, header: Header, entry: Mapping[str, Any]):
        self._entry, self._run = entry, entry["blocks"]["segments"]
        self._expected = entry["cipher"]["bytes"] - header_bytes(entry["packets"])
        accounts, first, runs = RunningDigests(), _First(self._expected), RunDigests(self._run * CIPHER_SEGMENT)
        most = 2 * self._expected + _MARGIN  # so much can be inserted and still be named
        with Hashing() as hashing:
            hashing.update(header.raw, accounts.digests)
            while accounts.bytes <= most and (data := file.read(BLOCK)):
                hashing.update(data, (*accounts.digests, first, runs))
                accounts.bytes += len(data)
        if accounts.bytes > most:  # somebody else's file may be of any size
            accounts.bytes = os.fstat(file.fileno()).st_size - len(header.raw)
        self._bytes = accounts.bytes
        accounts.bytes += len(header.raw)
        self.cipher, self._runs = accounts.result(), runs.digests()
        self._whole = first.digest.hexdigest() == entry["body_sha256"]

    def problems(self) -> list[str]:
        """What is wrong with the body."""
        signed, more = self._entry["segments"], self._bytes - self._expected
        if self._whole:
            return [f"{_bytes(more)} appended after the last of {signed} segments"] if more else []
        found = -(-self._bytes // CIPHER_SEGMENT)
        count = f"{found} of {signed} segments" if found != signed else f"{signed} segments"
        return [f"{count}: {'; '.join(self._changes())}{self._size(more)}"]

    def _size(self, more: int) -> str:
        if more % CIPHER_SEGMENT == 0 or self._bytes % CIPHER_SEGMENT == 0:
            return ""
        return f" ({_bytes(abs(more))} too {'many' if more > 0 else 'few'})"

    def _changes(self) -> list[str]:
        signed = self._entry["blocks"]["sha256"]
        whole = self._bytes // CIPHER_SEGMENT // self._run  # runs that were read in full
        if self._bytes < self._expected and list(self._runs[:whole]) == signed[:whole]:
            return [self._cut(whole)]
        if self._run == 1:
            return list(changes(signed, self._runs))
        pairs = zip(signed, self._runs, strict=False)
        first = next((place for place, (a, b) in enumerate(pairs) if a != b), min(len(signed), len(self._runs)))
        start = first * self._run + 1
        return [f"the first change is in segments {start}–{start + self._run - 1}"]

    def _cut(self, whole: int) -> str:
        last = self._bytes // CIPHER_SEGMENT
        where = "at a segment border" if self._bytes % CIPHER_SEGMENT == 0 else f"within segment {last + 1}"
        same = "" if self._run == 1 else f" (segments 1–{whole * self._run} are unchanged)"
        return f"truncated {where}{same}"


def changes(signed: Sequence[str], found: Sequence[str]) -> Iterator[str]:
    """How the found segments differ from the signed ones, by their digests; segments are counted from 1."""
    places = {digest: place for place, digest in enumerate(signed)}
    missing = places.keys() - set(found)
    lost = {places[digest] for digest in missing}
    foreign = {place for place, digest in enumerate(found) if digest not in places}
    yield from _said("changed", lost & foreign)
    yield from _said("missing", lost - foreign)
    yield from _said("inserted, from another file", foreign - lost)
    order: list[tuple[int, int]] = []  # place where found, place where signed
    for place, digest in enumerate(found):
        if digest in places and places[digest] in (was for _, was in order):
            yield f"segment {place + 1} repeats segment {places[digest] + 1}"
        elif digest in places:
            order.append((place, places[digest]))
    ranks = sorted(was for _, was in order)
    yield from _said("swapped", {now for (now, was), rank in zip(order, ranks, strict=True) if was != rank})


def _bytes(number: int) -> str:
    return f"{number:,} byte{'s' if number > 1 else ''}"


def _said(what: str, places: set[int]) -> Iterator[str]:
    if not places:
        return
    runs: list[list[int]] = []
    for place in sorted(places):
        if runs and place == runs[-1][1] + 1:
            runs[-1][1] = place
        else:
            runs.append([place, place])
    shown = [str(a + 1) if a == b else f"{a + 1}–{b + 1}" for a, b in runs[:_SHOWN]]
    rest = [f"{len(runs) - _SHOWN} more"] if len(runs) > _SHOWN else []
    yield f"{what}: segment{'s' if len(places) > 1 else ''} {', '.join([*shown, *rest])}"
