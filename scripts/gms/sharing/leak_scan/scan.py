"""Scans the files of a package."""

import io
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import BinaryIO

from gms.base.errors import GmsError
from gms.sharing.leak_patterns.findings import Examination, Finding, LeakFound, Ledger, Place
from gms.sharing.leak_patterns.matcher import Matcher
from gms.sharing.leak_patterns.rules import LeakRules
from gms.sharing.leak_scan import alignments, archives, gzips, indices, pictures
from gms.sharing.leak_scan.nested_formats import Layer, Reader, Readers, Scanner
from gms.sharing.leak_scan.streams import Budget, Stop, Stream
from gms.sharing.leak_scan.texts import scan_text

Opener = Callable[[], BinaryIO]
Files = Mapping[str, Opener] | Path


def _refuse(what: str) -> Reader:
    def refuse(scanner: Scanner, layer: Layer) -> None:
        raise Stop(what, "unknown_format")

    return refuse


READERS = Readers(
    by_magic=[
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
    ],
    text=scan_text,
)


def scan(files: Files, rules: LeakRules, texts: Mapping[str, str] | None = None) -> list[Finding]:
    """The findings of `examine`; empty where the package is clean."""
    return examine(files, rules, texts).findings


def require_clean(files: Files, rules: LeakRules, texts: Mapping[str, str], work: Path) -> None:
    """Raise LeakFound where `examine` finds anything."""
    if findings := examine(files, rules, texts, work).findings:
        raise LeakFound(findings)


def examine(
    files: Files, rules: LeakRules, texts: Mapping[str, str] | None = None, work: Path | None = None
) -> Examination:
    """Look through every layer of every file, and through further texts (S3 keys, user metadata) by what they are.

    `files`: a folder, or the name of each file and a function that opens its decrypted stream. `work` is the folder for
    zip archives of more than 16 MiB, which without it are a finding. A file that cannot be read to its end is a finding
    too; an error of the project's own (GmsError), which a decrypting stream may raise, is not caught.
    """
    ledger = Ledger()
    scanner = Scanner(Matcher(rules), READERS, work)
    openers = _files_of(files, ledger) if isinstance(files, Path) else files
    for number, (name, opener) in enumerate(openers.items(), 1):
        place = _named(scanner, ledger, name, f"file {number}")
        if opener:
            _scan_file(scanner, place, opener)
    for number, (name, text) in enumerate((texts or {}).items(), 1):
        place = _named(scanner, ledger, name, f"text {number}")
        layer = Layer(place, Stream(io.BytesIO(text.encode("utf-8", "surrogateescape"))), Budget())
        _guarded(scanner, layer)
    return ledger.examination()


def _named(scanner: Scanner, ledger: Ledger, name: str, instead: str) -> Place:
    """The place of a file; its name is shown only where it is clean."""
    encoded = os.fsencode(name)
    if scanner.matcher.hits(encoded):
        place = Place(ledger, instead)
        scanner.scan_value(place, "file name", encoded)
        return place
    return Place(ledger, name.encode("utf-8", "replace").decode())


def _scan_file(scanner: Scanner, place: Place, opener: Opener) -> None:
    budget = Budget()
    try:
        source = opener()
    except OSError:
        place.note("", "damaged")
        return
    with source:
        _guarded(scanner, Layer(place, Stream(source, budget), budget))


def _guarded(scanner: Scanner, layer: Layer) -> None:
    try:
        scanner.scan_inner(layer)
    except GmsError:
        raise
    except Exception:  # whatever a reader of a format makes of damaged data; its text may hold data
        layer.place.note("", "damaged")


def _files_of(folder: Path, ledger: Ledger) -> dict[str, Opener | None]:
    """Name -> opener of all files below; folders have names only; links and devices are findings."""
    openers: dict[str, Opener | None] = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        openers[name] = _opener(path) if path.is_file() and not path.is_symlink() else None
        if path.is_symlink() or not (path.is_file() or path.is_dir()):
            ledger.note(f"file {len(openers)}", "not a regular file", 0, "unknown_format")
    return openers


def _opener(path: Path) -> Opener:
    return lambda: path.open("rb")
