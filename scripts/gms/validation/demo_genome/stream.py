"""Pseudo-random numbers that are the same on every machine, whatever the version of Python or NumPy.

SplitMix64 in integer arithmetic (Steele, Lea and Flood 2014, doi:10.1145/2714064.2660195): word n of a stream is a
function of its seed and n only. NumPy's own distributions are allowed to change between versions, so none is used.
"""

import hashlib

import numpy as np

GOLDEN = 0x9E3779B97F4A7C15
WORD = (1 << 64) - 1


class Stream:
    """An endless sequence of numbers determined by its name."""

    def __init__(self, *name: object):
        digest = hashlib.sha256("/".join(map(str, name)).encode()).digest()
        self._state = int.from_bytes(digest[:8], "big")

    def words(self, size: int) -> np.ndarray:
        """The next `size` 64-bit words."""
        steps = np.arange(1, size + 1, dtype=np.uint64)
        z = steps * np.uint64(GOLDEN) + np.uint64(self._state)
        self._state = (self._state + size * GOLDEN) & WORD
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        return z ^ (z >> np.uint64(31))

    def halves(self, size: int) -> np.ndarray:
        """The next `size` 16-bit numbers, little-endian within a word on every machine."""
        return self.words((size + 3) // 4).astype("<u8").view("<u2")[:size]

    def below(self, limit, size: int) -> np.ndarray:
        """`size` integers from 0 to `limit` - 1; `limit` (at most 2**31) may be an array of that size."""
        return ((self.words(size) >> np.uint64(33)).astype(np.int64) * np.asarray(limit, dtype=np.int64)) >> 31

    def one(self, limit: int) -> int:
        """One integer from 0 to `limit` - 1."""
        return int(self.below(limit, 1)[0])

    def between(self, low: int, high: int) -> int:
        """One integer from `low` to `high`, both included."""
        return low + self.one(high - low + 1)

    def pick(self, options):
        """One of a sequence."""
        return options[self.one(len(options))]

    def normal(self, mean: int, deviation: int, size: int) -> np.ndarray:
        """Integers close to a normal distribution: the sum of 12 numbers uniform on 0-1 has a variance of 1."""
        total = self.below(1 << 16, 12 * size).reshape(size, 12).sum(axis=1) - 6 * (1 << 16)
        return mean + ((total * deviation) >> 16)

    def order(self, size: int) -> np.ndarray:
        """A permutation of 0 … `size` - 1."""
        return np.argsort(self.words(size), kind="stable")

    def sample(self, items: np.ndarray, size: int) -> np.ndarray:
        """`size` different elements of `items`, sorted by their place in it."""
        return items[np.sort(self.order(len(items))[:size])]
