"""Keys of the miniature data set, which are in everybody's hands: none of them may protect a real study."""

import functools
import hashlib
from pathlib import Path

from gms.base.project import PROJECT

STUDY = "mini-study"  # the only study that these keys are for
LIST = PROJECT / "resources" / "demo_keys.tsv"


def is_demo_key(path: Path) -> bool:
    """Whether a key file, public or secret, is one of the miniature data set; white space in it does not count."""
    try:
        return digest(path.read_bytes()) in _digests()
    except OSError:
        return False


def digest(content: bytes) -> str:
    """SHA-256 of a key file without its white space, as resources/demo_keys.tsv lists it."""
    return hashlib.sha256(b"".join(content.split())).hexdigest()


@functools.cache
def _digests() -> frozenset[str]:
    return frozenset(line.split("\t")[1] for line in LIST.read_text().splitlines()[1:])
