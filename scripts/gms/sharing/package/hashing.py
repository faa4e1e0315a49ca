"""Digests of a stream in threads beside it: hashlib frees the interpreter's lock, so all cores work."""

import collections
import hashlib
from collections.abc import Iterable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import Protocol

BLOCK = 1 << 20  # bytes handed over at once: large enough that handing over costs nothing beside hashing
_WAITING = 8  # blocks that may wait, which bounds the memory


class Digest(Protocol):
    """What takes bytes: an object of hashlib or alike."""

    def update(self, data: bytes, /) -> None:
        """Take the next bytes."""


class Hashing:
    """Feeds blocks of bytes to digests, each in a thread of its own; a context manager, done when it is left."""

    def __init__(self) -> None:
        self._pools: dict[int, ThreadPoolExecutor] = {}
        self._waiting: collections.deque[list[Future]] = collections.deque()

    def update(self, data: bytes, digests: Iterable[Digest]) -> None:
        """Hand over the next bytes; waits when the digests are behind."""
        self._waiting.append([self._pool(digest).submit(digest.update, data) for digest in digests])
        if len(self._waiting) > _WAITING:
            _finish(self._waiting.popleft())

    def _pool(self, digest: Digest) -> ThreadPoolExecutor:
        # One worker for each digest keeps its blocks in order.
        return self._pools.setdefault(id(digest), ThreadPoolExecutor(1))

    def __enter__(self) -> "Hashing":
        return self

    def __exit__(self, *_: object) -> None:
        for pool in self._pools.values():
            pool.shutdown()
        for futures in self._waiting:
            _finish(futures)


def _finish(futures: list[Future]) -> None:
    wait(futures)
    for future in futures:
        future.result()


class RunDigests:
    """SHA-256 of each run of `size` bytes, the last one possibly shorter."""

    def __init__(self, size: int):
        self._size, self._left, self._digest = size, size, hashlib.sha256()
        self._done: list[str] = []

    def update(self, data: bytes) -> None:
        """Take the next bytes."""
        view = memoryview(data)
        while view:
            part, view = view[: self._left], view[self._left :]
            self._digest.update(part)
            self._left -= len(part)
            if not self._left:
                self._next()

    def _next(self) -> None:
        self._done.append(self._digest.hexdigest())
        self._left, self._digest = self._size, hashlib.sha256()

    def digests(self) -> tuple[str, ...]:
        """The digests of all runs, hexadecimal."""
        if self._left < self._size:
            self._next()
        return tuple(self._done)


def md5() -> "hashlib._Hash":
    """MD5 as a checksum that other archives ask for; nothing here trusts it."""
    return hashlib.md5(usedforsecurity=False)
