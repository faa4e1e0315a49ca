"""The share of the genome in runs of homozygosity, which tells whether the parents are related.

F_ROH (McQuillan et al. 2008, Am J Hum Genet 83:359): runs of 1.5 Mb or more over the autosomes assessed. Children of
second cousins have 1/64, of first cousins 1/16. Relatives share stretches of many chromosomes; runs of a single one
speak for isodisomy of it, which only both parents' genotypes show.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from gms.homozygosity.runs import Run

MIN_LENGTH, LIMIT = 1_500_000, 1 / 64
MIN_ASSESSED = 1_000_000_000  # bases; a part of a genome says nothing of the whole
# Bases of runs on one chromosome, more than on all others together, that are left out. The long runs of people with
# uniparental disomy have 24 Mb on average (11 Mb at an end), those of others 4 (Hoppman et al. 2018, Genet Med
# 20:1522, doi:10.1038/gim.2018.24); second cousins' children have 45 Mb in all.
MIN_ON_ONE = 20_000_000


def inbreeding(runs: Iterable[Run], assessed: Mapping[str, int], parents_used: bool) -> dict[str, Any]:
    """F_ROH of `runs`, without those that uniparental disomy or a deletion explains; null on less than MIN_ASSESSED
    bases. `assessed`: bases by contig; `parents_used`: whether both parents' genotypes have shown what is uniparental.
    Where they have not, a chromosome that alone holds most of the runs is left out and named."""
    if sum(assessed.values()) < MIN_ASSESSED:
        return {"value": None, "limit": LIMIT, "verdict": "not_assessed", "left_out": None}
    bases: Counter[str] = Counter()
    for run in runs:
        bases[run.contig] += run.length if run.length >= MIN_LENGTH else 0
    alone = None if parents_used else _alone(bases)
    kept = sum(length for contig, length in bases.items() if contig != alone)
    value = round(kept / sum(length for contig, length in assessed.items() if contig != alone), 4)
    left_out = {"contig": alone, "length": bases[alone]} if alone else None
    return {"value": value, "limit": LIMIT, "verdict": "warn" if value >= LIMIT else "pass", "left_out": left_out}


def _alone(bases: Counter[str]) -> str | None:
    """The contig that holds more of the runs than all others together, if that is long enough."""
    for contig, length in bases.most_common(1):
        if length >= MIN_ON_ONE and 2 * length > bases.total():
            return contig
    return None
