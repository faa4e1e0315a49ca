"""Whether the files of a case are those whose identity was measured: a name of a file alone proves nothing."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pysam

from gms.base.digests import sha256
from gms.base.errors import GmsError
from gms.qc.fingerprint import count_sites
from gms.qc.sites import Site


class ForeignReads(GmsError):
    """Reads that are not the ones that quality control measured, or of another sample."""


def read_group_samples(cram: Path) -> set[str | None]:
    """SM of every read group of a CRAM. Raises ForeignReads where the header cannot be read."""
    try:
        with pysam.AlignmentFile(str(cram), check_sq=False) as reads:
            return {group.get("SM") for group in reads.header.to_dict().get("RG", [])}
    except (OSError, ValueError):
        raise ForeignReads("the header of the reads cannot be read; run the workflow again") from None


def is_linked(path: Path, results: Path) -> bool:
    """Whether a path below `results` is a link, or leads through one, to another file."""
    return path.resolve() != results.resolve() / path.absolute().relative_to(results.absolute())


def require_measured_reads(cram: Path, fasta: Path, quality: Mapping[str, Any], fingerprint: Path) -> None:
    """Raise ForeignReads unless a CRAM is the very file that was measured.

    `quality` is qc/{sample}.qc.json, with the digest of the file; `fingerprint` is the sample's table of allele counts
    at common variants, which are counted once more.
    """
    recorded = quality.get("cram_sha256")
    if recorded is None:
        raise ForeignReads("quality control did not record the digest of the reads; run the workflow again")
    if sha256(cram) != recorded:
        raise ForeignReads("the reads are not those that quality control measured: their digest is another one")
    lines = fingerprint.read_text().splitlines()[1:]
    counted = count_sites(cram, fasta, _sites(lines))
    if ["\t".join(map(str, row)) for row in counted] != lines:
        raise ForeignReads("the reads do not have the genotype fingerprint that quality control measured")


def _sites(lines: Iterable[str]) -> list[Site]:
    """The sites of a fingerprint table, each once though it has a row per lane."""
    keys = dict.fromkeys(tuple(line.split("\t")[:5]) for line in lines)
    return [Site(chrom, int(pos), ref, alt, float(af)) for chrom, pos, ref, alt, af in keys]
