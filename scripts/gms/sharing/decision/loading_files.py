"""The files that a sharing file names: there, secret ones for their owner only, keys of different holders."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Protocol

from gms.base.schemas import dotted
from gms.sharing.decision import keyfiles
from gms.sharing.decision.keyfiles import public_beside, public_signing_key, public_signing_problem, secret_problem

KEYS = ("pseudonym_key", "signing_key", "encryption_key")
TABLES = ("classifications", "portal_table")
Keys = tuple[str | int, ...]


class SharingFile(Protocol):
    """What is asked of a sharing file; each method takes a key path."""

    def text(self, *keys: str | int) -> str | None:
        """The value if it is text."""

    def beside(self, *keys: str | int) -> Path:
        """The path that is written there, absolute."""

    def items(self, *keys: str | int) -> range:
        """The places of the list."""


def file_problems(file: SharingFile, with_secrets: bool) -> Iterator[tuple[Keys, str]]:
    """Key path and text of everything that is wrong; `with_secrets` for who reads these and writes the audit log."""
    wrong = set()
    for keys, check in _checks(file, with_secrets).items():
        if file.text(*keys) and (problem := check(file.beside(*keys))):
            wrong.add(keys)
            yield keys, f"{dotted(keys)}: the file {file.text(*keys)} {problem}"
    if file.text("study", "id") != keyfiles.DEMO_STUDY:
        known = [keys for keys in _key_files(file, with_secrets) if keys not in wrong]
        for keys in (keys for keys in known if keyfiles.is_demo_key(file.beside(*keys))):
            yield keys, f"{dotted(keys)}: the file {file.text(*keys)} {_EVERYBODYS}"
    yield from _holder_problems(file)


_EVERYBODYS = "is a key of the miniature data set, which is public; make keys with ./gms export keys"


def _checks(file: SharingFile, with_secrets: bool) -> dict[Keys, Callable[[Path], str | None]]:
    checks: dict[Keys, Callable[[Path], str | None]] = {(key,): _absent for key in TABLES}
    if with_secrets:
        checks |= {(key,): _no_key for key in KEYS}
        checks |= {("audit",): _unwritable, ("known_identifiers",): secret_problem}
    return checks | dict.fromkeys(_signers(file), public_signing_problem)


def _signers(file: SharingFile) -> list[Keys]:
    """Key paths of public signing keys."""
    approvers: list[Keys] = [("approvers", place) for place in file.items("approvers")]
    return approvers + [("former_keys", place, "key") for place in file.items("former_keys")]


def _key_files(file: SharingFile, with_secrets: bool) -> list[Keys]:
    """Key paths of all keys that are named."""
    secret: list[Keys] = [(key,) for key in KEYS] if with_secrets else []
    recipients: list[Keys] = [("recipients", place, "public_key") for place in file.items("recipients")]
    return [keys for keys in (*secret, *recipients, *_signers(file)) if file.text(*keys)]


def _holder_problems(file: SharingFile) -> Iterator[tuple[Keys, str]]:
    """A second person approves, with a key that is not the centre's; a key that was replaced is not in use."""
    secret = file.text("signing_key")
    centre = public_signing_key(public_beside(file.beside("signing_key"))) if secret else None
    holders = {centre: "signing_key"} if centre else {}
    for keys in _signers(file):
        key = public_signing_key(file.beside(*keys)) if file.text(*keys) else None
        if key is None:
            continue
        if keys[0] == "approvers" and holders.get(key) == "signing_key":
            yield (
                keys,
                f"{dotted(keys)} is the centre's own key (signing_key); a second person approves, with another key",
            )
        elif keys[0] == "former_keys" and key in holders:
            yield keys, f"{dotted(keys)} is still in use ({holders[key]}); list it once another key has replaced it"
        elif keys[0] == "approvers":
            holders.setdefault(key, dotted(keys))


def _no_key(path: Path) -> str | None:
    return secret_problem(path) if path.exists() else "does not exist; make keys with ./gms export keys"


def _absent(path: Path) -> str | None:
    return None if path.is_file() else "does not exist"


def _unwritable(path: Path) -> str | None:
    there = path if path.exists() else path.parent
    return None if there.exists() and os.access(there, os.W_OK) and not path.is_dir() else "cannot be written"
