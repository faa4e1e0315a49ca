"""Formats within formats: each stream is handed to the reader that its first bytes ask for."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

from gms.sharing.leak_patterns.findings import Place
from gms.sharing.leak_patterns.matcher import Matcher
from gms.sharing.leak_scan.streams import Budget, Source, Stop, Stream

_DEPTH = 6


@dataclass(frozen=True)
class Layer:
    """A stream within a file, where it is, how deep, and the first folders that paths within it may have."""

    place: Place
    stream: Stream
    budget: Budget
    depth: int = 0
    roots: frozenset[bytes] = frozenset()

    def inner(self, source: Source, place: Place | None = None) -> "Layer":
        """A layer one further in."""
        return replace(self, stream=Stream(source), place=place or self.place, depth=self.depth + 1)


Reader = Callable[["Scanner", Layer], None]


class Readers(NamedTuple):
    """The reader of each format by its first bytes, and the one of everything else."""

    by_magic: Sequence[tuple[bytes, Reader]]
    text: Reader


class Scanner:
    """Searches layers; `work` is a folder for what has to be read from a file."""

    def __init__(self, matcher: Matcher, readers: Readers, work: Path | None = None):
        self.matcher = matcher
        self.readers = readers
        self.work = work

    def scan(self, layer: Layer) -> None:
        """Search a layer and all within it. Raises Stop where the rest cannot be searched."""
        if layer.depth > _DEPTH:
            raise Stop("", "too_deep")
        layer.stream.head(64)
        known = (reader for magic, reader in self.readers.by_magic if layer.stream.head(len(magic)) == magic)
        next(known, self.readers.text)(self, layer)

    def scan_inner(self, layer: Layer) -> None:
        """As `scan`, but what cannot be searched is noted, and the layer around it is searched further."""
        try:
            self.scan(layer)
        except Stop as stop:
            layer.place.note(stop.where, stop.kind)

    def scan_value(self, place: Place, where: str, value: bytes, number: int = 0) -> bool:
        """Search a short text, such as a name; whether it is clean."""
        hits = self.matcher.hits(value)
        for hit in hits:
            place.note(where, hit.kind, number)
        return not hits
