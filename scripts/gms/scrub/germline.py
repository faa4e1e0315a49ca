"""The proof that a package holds no germline variant: a reader of its own, which shares no code with the scrubbing."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO


@dataclass(frozen=True, slots=True)
class GermlineFinding:
    """What of the germline is in which file of a package; no variant or name is repeated."""

    path: str
    kind: str
    count: int


def germline_findings(
    files: Mapping[str, Callable[[], BinaryIO]],
    tumors: Collection[str],
    source: Path | None = None,
    normal: str | None = None,
) -> list[GermlineFinding]:
    """Everything of the germline in the plain files (path -> function that opens it) of a package; empty = proven.

    `tumors`: pseudonyms that may be columns. `source`: filtered/{case}.vcf.gz, every record of the case, with the
    column of the `normal` sample (its local name), None in a case without one.
    """
    raise NotImplementedError
