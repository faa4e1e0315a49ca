"""What an interrupted upload leaves behind: notes next to the package, unfinished multipart uploads in the store."""

import contextlib
import fcntl
import json
import os
from pathlib import Path
from typing import Any

from gms.sharing.transfer.client import Store
from gms.sharing.transfer.errors import GOES_ON, NotForUpload, TransferError


class Notes:
    """`PACKAGE.upload.json`: for each object the multipart upload begun for it, or the ETag it was verified with.

    Each note holds the SHA-256 of the file it was made for, so that parts of two states of a file never mix. The notes
    only save work: without them everything is checked or sent again. One process at a time has them.
    """

    def __init__(self, package: Path):
        self.package = package
        self.path = package.with_name(f"{package.name}.upload.json")
        self._lock = -1
        self._notes: dict[str, dict[str, str]] = {}

    def __enter__(self) -> "Notes":
        self._lock = os.open(self.package, os.O_RDONLY)
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(self._lock)
            raise NotForUpload(f"{self.package} is being uploaded by another process") from None
        except OSError:  # a network file system without locks: two uploads at once waste time, but overwrite nothing
            pass
        with contextlib.suppress(OSError, ValueError):
            self._notes = json.loads(self.path.read_text())
        return self

    def __exit__(self, *_: object) -> None:
        os.close(self._lock)

    def about(self, url: str) -> dict[str, str]:
        """The note about an object, empty if there is none."""
        note = self._notes.get(url) if isinstance(self._notes, dict) else None
        return note if isinstance(note, dict) else {}

    def put(self, url: str, **note: str) -> None:
        """Replace the note about an object, on disk before this returns. Raises TransferError."""
        self._notes = {**(self._notes if isinstance(self._notes, dict) else {}), url: note}
        new = self.path.with_name(f".{self.path.name}.new")
        try:
            with new.open("w") as file:
                json.dump(self._notes, file, indent=1)
                file.flush()
                os.fsync(file.fileno())
            new.replace(self.path)
        except OSError as error:
            with contextlib.suppress(OSError):
                new.unlink()
            raise TransferError(
                f"cannot write {self.path}: {error.strerror}. Free some space; {GOES_ON.lower()}"
            ) from None


def unfinished(store: Store, prefix: str) -> list[tuple[str, str]]:
    """Key and id of every multipart upload under a prefix that was begun and neither completed nor aborted."""
    pages = store.pages("list_multipart_uploads", f"list unfinished uploads of {prefix}", Prefix=prefix)
    return sorted((entry["Key"], entry["UploadId"]) for page in pages for entry in page.get("Uploads", []))


def abort(store: Store, key: str, upload: str) -> None:
    """Give an unfinished upload up; the store forgets its parts. One that is gone already is not an error."""
    try:
        store.request("abort_multipart_upload", f"abort the unfinished upload of {key}", Key=key, UploadId=upload)
    except TransferError as error:
        if error.code != "NoSuchUpload":
            raise


def abort_stale(store: Store, prefix: str, wanted: dict[str, str], notes: Notes) -> list[str]:
    """Abort the unfinished uploads under a prefix, but those that the notes have for a file as it is now.

    `wanted` is key -> SHA-256 of the file. Returns the keys given up, one for each upload.
    """
    given_up: list[Any] = []
    for key, upload in unfinished(store, prefix):
        note = notes.about(store.url(key))
        if note.get("upload") != upload or note.get("sha256") != wanted.get(key):
            abort(store, key, upload)
            given_up.append(key)
    return given_up
