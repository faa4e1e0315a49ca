"""Whether every allele that callers propose has a record in the VCF that they are merged into, and whether each caller
proposed those that none of them misses."""

import heapq
import itertools
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from gms.base.errors import GmsError
from gms.genome.scatter_intervals import SHARD_SIZE
from gms.genome.vcf import contig_length, info, open_vcf, sample_values

_NAMED = 5  # lost alleles that the message names

# A clear SNV has 20 fragments in the index sample, 3 of 10 with the allele, at mapping quality 50. The real data sets
# of docs/benchmarks.md have 192 that are 1,000 bases apart: freebayes proposes all of them, bcftools 191.
_DEPTH, _FRACTION, _QUALITY, _APART = 20, 0.3, 50.0, 1_000
_SHARE, _ENOUGH = 0.7, 20

Place = tuple[int, int]  # rank of the contig in the header, 1-based position


class AllelesLost(GmsError):
    """Alleles of callers that are not among the merged ones."""

    def __init__(self, merged: Path, lost: Sequence[str]):
        named = ", ".join(lost[:_NAMED]) + (f" and {len(lost) - _NAMED} more" if len(lost) > _NAMED else "")
        super().__init__(f"{merged} lacks alleles that callers proposed: {named}. Run again; messages are above")


class CallsMissing(GmsError):
    """A caller that lacks what it cannot miss: it printed a part of its calls only."""

    def __init__(self, calls: Path | str, where: str, has: int, clear: int):
        what = f"{_DEPTH} fragments or more, the allele in {_FRACTION:.0%}, mapping quality {_QUALITY:.0f}"
        super().__init__(
            f"{calls} has {has} of the {clear} clear SNVs {where} that callers proposed ({what}). A caller that ended "
            "early without an error leaves such a gap: delete this file and run again"
        )


class Agreement:
    """Counts, as the lines of a merged VCF pass, how many of the clear SNVs each caller proposed. `calls`: caller ->
    file."""

    def __init__(self, calls: Mapping[str, Path | str]):
        self._calls = calls
        self._clear, self._has = Counter(), Counter()

    def counting(self, lines: Iterable[str]) -> Iterator[str]:
        """The lines, sorted, unchanged; of SNVs that are close to each other the first clear one counts."""
        last = ("", 0)
        for line in lines:
            chrom, pos, _, ref, alt, _ = line.split("\t", 5) if line[0] != "#" else ("", "0", "", "", "", "")
            is_apart = len(ref) == len(alt) == 1 and (chrom != last[0] or int(pos) >= last[1] + _APART)
            if is_apart and (callers := _callers_of_clear(line)):
                last = (chrom, int(pos))
                self._count((chrom, (int(pos) - 1) // SHARD_SIZE), callers)
            yield line

    def _count(self, shard: tuple[str, int], callers: Sequence[str]) -> None:
        for where in (shard, shard[:1], ()):
            self._clear[where] += 1
            self._has.update((where, caller) for caller in callers)

    def require(self) -> None:
        """Raise CallsMissing where a caller lacks more than 3 of 10 in a shard, a contig or the case, of 20 or more."""
        for where, clear in self._clear.items():
            for caller, path in self._calls.items():
                if clear >= _ENOUGH and self._has[where, caller] < _SHARE * clear:
                    raise CallsMissing(path, _stretch(*where), self._has[where, caller], clear)


def _stretch(contig: str = "", shard: int | None = None) -> str:
    if not contig:
        return "of the case"
    return f"of {contig}" + ("" if shard is None else f":{shard * SHARD_SIZE + 1}-{(shard + 1) * SHARD_SIZE}")


def _callers_of_clear(line: str) -> list[str]:
    """The callers of a clear SNV of a merged VCF; none of another."""
    fields = line.rstrip("\n").split("\t")
    facts, counts = info(fields[7]), sample_values(fields[8], fields[9])
    try:
        values = (int(counts["DP"]), float(counts["AF"]), float(facts["MQ_ALT"]))
    except (KeyError, ValueError):  # no reads
        return []
    clear = all(value >= least for value, least in zip(values, (_DEPTH, _FRACTION, _QUALITY), strict=True))
    return facts["CALLERS"].split(",") if clear else []


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
