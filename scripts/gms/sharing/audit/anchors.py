"""Anchors: heads of the audit log kept where the log is not, beside the packages and in the store.

They show that a log was set back together with its head. In a bucket with object lock nobody can remove them.
"""

import json
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Protocol

from gms.sharing.audit.log import AuditError, read_head
from gms.sharing.package.manifest import canonical


class NoteStore(Protocol):
    """What anchors need of `gms.sharing.transfer.client.Store`."""

    def list_objects(self, prefix: str) -> Iterable[Any]:
        """Objects, each with its `key`."""

    def get_small(self, key: str) -> bytes | None:
        """The content, None if there is no such object."""

    def put_small(self, key: str, content: bytes) -> bool:
        """Whether it was stored now; False if it is there already."""


def anchor(path: Path) -> dict[str, Any]:
    """The head of the log at `path`, signed when its last entry was written. Raises AuditError if there is none."""
    head = read_head(path)
    if not head:
        raise AuditError(
            f"The audit log {path} has no head to anchor: nothing was logged yet, or the head was removed."
        )
    return head


def write_anchor(head: dict[str, Any], folder: Path) -> Path:
    """Keep a head as <folder>/<sequence>.json, read-only. Raises AuditError if another of this sequence is there."""
    path, content = folder / _name(head), canonical(head) + b"\n"
    folder.mkdir(parents=True, exist_ok=True)
    new = folder / f".{path.name}.{os.getpid()}"
    new.write_bytes(content)
    new.chmod(0o444)
    try:
        os.link(new, path)  # whole or not at all, and never over another one
    except FileExistsError:
        if path.read_bytes() != content:
            raise AuditError(
                f"{path} holds another head of the same entry: the audit log was forked, or is another log. "
                "Nothing was overwritten; './gms export log' says what is wrong."
            ) from None
    finally:
        new.unlink()
    return path


def read_anchors(folder: Path) -> list[dict[str, Any]]:
    """All anchors of a folder in order of their names; {} for one that is no JSON, which verification reports."""
    return [_content(path.read_bytes()) for path in sorted(folder.glob("*.json"))]


def put_anchor(head: dict[str, Any], store: NoteStore, study: str) -> str:
    """Keep a head in the store as <study>/audit/<sequence>.json, never overwritten; its key. Raises TransferError."""
    key = f"{study}/audit/{_name(head)}"
    store.put_small(key, canonical(head) + b"\n")
    return key


def stored_anchors(store: NoteStore, study: str) -> list[dict[str, Any]]:
    """All anchors that the store holds for a study. Raises TransferError."""
    keys = [found.key for found in store.list_objects(f"{study}/audit/") if found.key.endswith(".json")]
    return [_content(store.get_small(key) or b"") for key in keys]


def _name(head: dict[str, Any]) -> str:
    return f"{head['sequence']:08d}.json"


def _content(data: bytes) -> dict[str, Any]:
    try:
        content = json.loads(data)
    except ValueError:
        return {}
    return content if isinstance(content, dict) else {}
