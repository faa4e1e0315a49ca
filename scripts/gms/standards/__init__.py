"""What a package says of itself in the formats that others read: Phenopackets, Beacon v2, VRS, FEGA, RO-Crate, portal.

Every id in them is a pseudonym. The same facts and files give the same bytes.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gms.sharing.model import Decision, Sharing


@dataclass(frozen=True, slots=True)
class PackageFacts:
    """What the metadata of a package rest on.

    `pseudonyms` is a gms.sharing.pseudonyms.Pseudonyms, `run` is run.json; `fasta` is plain, with its .fai beside it.
    """

    decision: Decision
    sharing: Sharing
    pseudonyms: Any
    run: Mapping[str, Any]
    fasta: Path


def write_standards(plain: Path, facts: PackageFacts) -> None:
    """Write metadata/ of the plain package in the folder `plain`, whose data/ is complete."""
    (plain / "metadata").mkdir(exist_ok=True)
