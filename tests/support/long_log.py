"""A long audit log, written at once: as many appends would take an hour."""

import datetime
import itertools
import json
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from audit_entries import NAMES, TIME, decided
from gms.sharing.audit.entries import FIRST, digest, signed
from gms.sharing.audit.entries import TIME as FORM
from gms.sharing.audit.log import head_path
from gms.sharing.package.keys import signing_fingerprint
from gms.sharing.package.manifest import canonical

OF_A_PACKAGE, WITHDRAWN_EVERY = 5, 100


def package(sequence: int) -> str:
    """The package that an entry is about, if it is a decision."""
    return NAMES.case(f"c{sequence // OF_A_PACKAGE}")


def person(sequence: int) -> str:
    """Who withdrew by an entry, if it is a withdrawal: each hundredth is."""
    return NAMES.subject(f"p{sequence}")


def write_log(path: Path, entries: int, key: Ed25519PrivateKey) -> None:
    """A log of decisions, one second apart, and withdrawals; with its head."""
    actor, previous, first = signing_fingerprint(key.public_key()), FIRST, None
    with open(path, "wb") as file:
        for sequence in range(1, entries + 1):
            time = (TIME + datetime.timedelta(seconds=sequence)).strftime(FORM)
            place = {"sequence": sequence, "previous": previous, "time": time, "actor": actor}
            line = canonical(signed({**_entry(sequence), **place}, key))
            file.write(line + b"\n")
            previous = digest(line)
            first = first or previous
    head = {"log": first, "sequence": entries, "sha256": previous, "time": time, "actor": actor}
    head_path(path).write_bytes(canonical(signed(head, key)) + b"\n")


def _entry(sequence: int) -> dict:
    if sequence % WITHDRAWN_EVERY == 0:
        return {"action": "withdrawn", "study": "S1", "subject": person(sequence), "packages": []}
    return decided(package=package(sequence), version=sequence % OF_A_PACKAGE + 1)


def change(path: Path, sequence: int, **changes) -> None:
    """Change an entry without the key; the line keeps its length, and so all offsets."""
    lines = path.read_bytes().splitlines(keepends=True)
    old = lines[sequence - 1]
    new = canonical({**json.loads(old), **changes})
    padding = b" " * (len(old) - 1 - len(new))
    lines[sequence - 1] = new + padding + b"\n"
    path.write_bytes(b"".join(itertools.chain(lines)))
