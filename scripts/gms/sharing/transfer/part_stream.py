"""A range of a file as the body of a request, read block by block: memory does not grow with the file.

A connection below the minimum rate is closed.
"""

import hashlib
import io
import os
import time
from pathlib import Path
from typing import Any

from gms.sharing.transfer.errors import Stopped, TooSlow
from gms.sharing.transfer.progress import Progress


class Part(io.RawIOBase):
    """Bytes start to start + size of a file. Only what is read while `sending` counts: signing reads it all as well."""

    def __init__(self, path: Path, start: int, size: int, progress: Progress):
        self.file = path.open("rb", buffering=0)
        self.start, self.size, self.progress = start, size, progress
        self.at, self.sending, self.begin = 0, False, 0.0
        self.too_slow: TooSlow | None = None

    def read(self, size: int = -1) -> bytes:
        """Up to `size` bytes, at most 1 MiB. Raises TooSlow, also at any later try, and Stopped."""
        if self.too_slow:
            raise self.too_slow
        if self.progress.stopped:
            raise Stopped
        wanted = min(self.size - self.at, BLOCK if size < 0 else size)
        if self.sending:
            self._check()
            self.progress.wait(wanted)
        data = os.pread(self.file.fileno(), wanted, self.start + self.at)
        self._move(len(data))
        return data

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Go to a position of the part; what was sent from there on is taken back."""
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self.at, os.SEEK_END: self.size}[whence]
        self._move(base + offset - self.at)
        return self.at

    def tell(self) -> int:
        """The position in the part."""
        return self.at

    def readable(self) -> bool:
        """Always."""
        return True

    def seekable(self) -> bool:
        """Always."""
        return True

    def md5(self) -> "hashlib._Hash":
        """MD5 of the part, which is the ETag of a part and, as Content-MD5, the receipt for its way."""
        digest = hashlib.md5(usedforsecurity=False)
        while block := self.read():
            digest.update(block)
        self.seek(0)
        return digest

    def close(self) -> None:
        """Close the file."""
        self.file.close()
        super().close()

    def _move(self, number: int) -> None:
        self.at += number
        if self.sending:
            self.progress.moved(number)

    def _check(self) -> None:
        try:
            check_rate(self.begin, self.at)
        except TooSlow as error:
            self.too_slow = error
            raise


def count_what_is_sent(s3: Any) -> None:
    """Mark a part as being sent from its second reading on: the client's signer reads it first."""

    def signing(request: Any, **_: Any) -> None:
        if isinstance(request.body, Part):
            request.body.sending = False

    def sending(request: Any, **_: Any) -> None:
        if isinstance(request.body, Part):
            request.body.sending, request.body.begin = True, time.monotonic()

    s3.meta.events.register_first("request-created.s3", signing)
    s3.meta.events.register_last("request-created.s3", sending)


BLOCK = 1 << 20
SILENCE = 60  # seconds without a byte
SLOWEST = 20_000  # bytes per second of one connection; below, 1 GB would take 14 hours


def check_rate(begin: float, done: int) -> None:
    """Raise TooSlow for a connection below the minimum rate, with `done` bytes since `begin`."""
    if time.monotonic() - begin > SILENCE + done / SLOWEST:
        raise TooSlow(f"the connection moves less than {SLOWEST // 1000} kB per second")
