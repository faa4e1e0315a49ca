"""Which reader a layer of a file needs, by its first bytes; what none can read is a finding."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

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


class Scanner:
    """Searches layers; `work` is a folder for what has to be read from a file."""

    def __init__(self, matcher: Matcher, work: Path | None = None):
        self.matcher = matcher
        self.work = work

    def scan(self, layer: Layer) -> None:
        """Search a layer and all within it. Raises Stop where the rest cannot be searched."""
        if layer.depth > _DEPTH:
            raise Stop("", "too_deep")
        layer.stream.head(64)
        reader = next((reader for magic, reader in _readers() if layer.stream.head(len(magic)) == magic), None)
        if reader is None:
            from gms.sharing.leak_scan.texts import scan_text as reader
        reader(self, layer)

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


Reader = Callable[[Scanner, Layer], None]


def _readers() -> list[tuple[bytes, Reader]]:
    from gms.sharing.leak_scan import alignments, archives, gzips, indices, pictures

    return [
        (b"\x1f\x8b", gzips.scan_gzip),
        (b"PK\x03\x04", archives.scan_archive),
        (b"PK\x05\x06", archives.scan_archive),
        (b"CRAM", alignments.scan_cram),
        (b"BAM\1", alignments.scan_bam),
        (b"BAI\1", indices.scan_bai),
        (b"TBI\1", indices.scan_tbi),
        (b"CSI\1", indices.scan_csi),
        (b"\x89PNG\r\n\x1a\n", pictures.scan_png),
        (b"crypt4gh", _refuse("still encrypted")),
        (b"%PDF", _refuse("PDF, whose text has no reliable reading")),
        (b"BCF\2", _refuse("BCF; write VCF")),
    ]


def _refuse(what: str) -> Reader:
    def refuse(scanner: Scanner, layer: Layer) -> None:
        raise Stop(what, "unknown_format")

    return refuse
