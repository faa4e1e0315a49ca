"""Whether every allele that callers propose has a record in the VCF that they are merged into."""

import heapq
import itertools
from collections.abc import Iterator, Sequence
from pathlib import Path

from gms.base.errors import GmsError
from gms.genome.vcf import contig_length, open_vcf

_NAMED = 5  # lost alleles that the message names

Place = tuple[int, int]  # rank of the contig in the header, 1-based position


class AllelesLost(GmsError):
    """Alleles of callers that are not among the merged ones."""

    def __init__(self, merged: Path, lost: Sequence[str]):
        named = ", ".join(lost[:_NAMED]) + (f" and {len(lost) - _NAMED} more" if len(lost) > _NAMED else "")
        super().__init__(f"{merged} lacks alleles that callers proposed: {named}. Run again; messages are above")


def require_all_alleles(calls: Sequence[Path], merged: Path) -> int:
    """Number of different alleles in `calls`. Raises AllelesLost unless all of them are records of `merged`.

    All are sorted VCFs with one allele per record and the same contigs; read as text, so that no index is trusted.
    """
    kept, count, lost = _Kept(merged), 0, []
    proposed = heapq.merge(*map(_alleles, calls), key=lambda entry: entry[0])
    for place, group in itertools.groupby(proposed, key=lambda entry: entry[0]):
        alleles = {allele for _, allele in group}
        count += len(alleles)
        lost += sorted(alleles - kept.at(place))
    if lost:
        raise AllelesLost(merged, lost)
    return count


class _Kept:
    """The alleles of a sorted VCF, asked for place by place in order."""

    def __init__(self, vcf: Path):
        self._groups = itertools.groupby(_alleles(vcf), key=lambda entry: entry[0])
        self._place, self._alleles = (-1, 0), set()

    def at(self, place: Place) -> set[str]:
        while self._place < place:
            following = next(self._groups, None)
            if following is None:
                return set()
            self._place, self._alleles = following[0], {allele for _, allele in following[1]}
        return self._alleles if self._place == place else set()


def _alleles(vcf: Path) -> Iterator[tuple[Place, str]]:
    """Place and CHROM:POS:REF:ALT of each record."""
    ranks: dict[str, int] = {}
    with open_vcf(vcf) as lines:
        for line in lines:
            if line.startswith("#"):
                ranks |= dict.fromkeys(contig_length(line), len(ranks))
                continue
            chrom, pos, _, ref, alt, _ = line.split("\t", 5)
            yield (ranks[chrom], int(pos)), f"{chrom}:{pos}:{ref}:{alt}"
