"""Scans the files of a package."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import BinaryIO

from gms.leaks.findings import Examination, Finding, LeakFound
from gms.leaks.rules import LeakRules

Opener = Callable[[], BinaryIO]
Files = Mapping[str, Opener] | Path


def scan(
    files: Files, rules: LeakRules, texts: Mapping[str, str] | None = None, work: Path | None = None
) -> list[Finding]:
    """The findings of `examine`; empty where the package is clean."""
    return examine(files, rules, texts, work).findings


def require_clean(
    files: Files, rules: LeakRules, texts: Mapping[str, str] | None = None, work: Path | None = None
) -> Examination:
    """What `examine` saw; raises LeakFound where it found anything."""
    examination = examine(files, rules, texts, work)
    if examination.findings:
        raise LeakFound(examination.findings)
    return examination


def examine(
    files: Files, rules: LeakRules, texts: Mapping[str, str] | None = None, work: Path | None = None
) -> Examination:
    """Look through every layer of every file, and through further texts (S3 keys, user metadata) by what they are.

    `files`: a folder, or the name of each file and a function that opens its decrypted stream. `work` is the folder for
    zip archives that do not fit into memory, removed at the end.
    """
    raise NotImplementedError
