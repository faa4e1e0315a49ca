"""What a leak scan finds: the file, the place in it, the kind and how often; never the value that was found."""

from collections.abc import Iterable
from typing import NamedTuple

from gms.base.errors import GmsError

KINDS = {
    "personal_number": "a Swedish personal number",
    "foreign_number": "a national identity number of another country, or a Swedish reserve number",
    "telephone_number": "a telephone number",
    "known_identifier": "an identifier known at the centre",
    "local_path": "a local path",
    "host_name": "the name of this computer",
    "user_name": "the name of the user",
    "email_address": "an e-mail address",
    "author": "an author's name",
    "timestamp": "a timestamp",
    "command_line": "a command line",
    "original_name": "the original file name",
    "picture": "an image, whose text cannot be searched",
    "hidden_data": "data hidden outside the file format's content",
    "unknown_format": "data in an unknown format, which cannot be searched",
    "damaged": "damaged or incomplete data",
    "too_deep": "formats nested too deeply to be searched",
    "decompression_bomb": "data that expand too much when decompressed",
}


class Finding(NamedTuple):
    """One kind of leak in one place of one file.

    `path` is the file's name, or 'file 3' where the name itself holds a leak; `where` is the first such place
    ('INFO of record 40', 1-based), `kind` a key of KINDS, `count` how often it was seen in that sort of place.
    """

    path: str
    where: str
    kind: str
    count: int


class Examination(NamedTuple):
    """What a scan saw: findings, hits among data that fail nothing (`counted`), bytes decompressed and records read."""

    findings: list[Finding]
    counted: list[Finding]
    bytes: int
    records: int


class LeakFound(GmsError):
    """A package with data that must not leave: each file, place and kind, without the value."""

    def __init__(self, findings: Iterable[Finding]):
        self.findings = list(findings)
        lines = [
            f"  {f.path}: {f.where}: {KINDS[f.kind]}{f' ({f.count} times)' if f.count > 1 else ''}"
            for f in self.findings
        ]
        text = "the package contains data that must not leave the centre and is not released:\n" + "\n".join(lines)
        super().__init__(
            f"{text}\nRemove them at the source, or correct the list of known identifiers, and export again."
        )


class Ledger:
    """Collects findings; one entry per file, sort of place and kind, so that memory does not grow with a file."""

    def __init__(self) -> None:
        self.bytes = 0
        self.records = 0
        self._seen: dict[tuple[str, str, str, bool], list[int]] = {}

    def note(self, path: str, where: str, number: int, kind: str, count: int = 1, counted: bool = False) -> None:
        """Add `count` occurrences; `where` may hold {n}, which stands for the 1-based number of the first of them."""
        first_and_count = self._seen.setdefault((path, where, kind, counted), [number, 0])
        first_and_count[1] += count

    def examination(self) -> Examination:
        """Everything noted, in the order of the files and then as found."""
        rows: dict[bool, list[Finding]] = {False: [], True: []}
        for (path, where, kind, counted), (number, count) in self._seen.items():
            rows[counted].append(Finding(path, where.replace("{n}", str(number)), kind, count))
        return Examination(rows[False], rows[True], self.bytes, self.records)


class Place(NamedTuple):
    """Where in a package a scan is: the file as shown to users, and the layers on the way ('docProps/core.xml')."""

    ledger: Ledger
    path: str
    layers: tuple[str, ...] = ()

    def inside(self, layer: str) -> "Place":
        """The same file, one layer further in."""
        return self._replace(layers=(*self.layers, layer))

    def note(self, where: str, kind: str, number: int = 0, count: int = 1, counted: bool = False) -> None:
        """A finding here; an empty `where` means the layer itself."""
        parts = [*self.layers, *([where] if where else [])]
        self.ledger.note(self.path, ", ".join(parts) or "content", number, kind, count, counted)
