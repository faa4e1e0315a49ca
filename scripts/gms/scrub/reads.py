"""Scrubs a CRAM: read names, read groups, header and tags; the alignments stay, which a digest shows."""

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol


class ReadNames(Protocol):
    """What gms.sharing.pseudonyms.Pseudonyms gives here."""

    def read_name(self, name: bytes) -> bytes: ...


@dataclass(frozen=True, slots=True)
class ReadDigest:
    """How many records, and the SHA-256 of their columns 2-11 (all but name and tags) before and after."""

    records: int
    before: str
    after: str


def scrub_reads(cram: Path, out: Path, fasta: Path, sample_pseudonym: str, pseudonyms: ReadNames) -> ReadDigest:
    """Write the clean CRAM `out` and its .crai."""
    raise NotImplementedError
