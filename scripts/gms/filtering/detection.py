"""What a policy could report at a position, from its own filters: depths, difficult regions, limit of detection."""

import ast
import functools
import math
from collections.abc import Callable, Mapping
from types import CodeType
from typing import Any

from gms.base.json_tables import read_table
from gms.base.project import PROJECT
from gms.filtering.expressions import Expression
from gms.filtering.policy import Filter, Policy
from gms.filtering.variables import variables_of
from gms.genome.alleles import is_delins

FUNCTIONAL_RNA = PROJECT / "resources" / "genes" / "functional_rna.tsv"
POWER = 0.95  # probability with which a variant at the limit of detection is reported
_HOTSPOT = {"hotspot", "hotspot_name", "hotspot_position", "hotspot_position_name"}
_COUNTED = {"vaf", "depth", "alt_reads", "ref_reads", "gene", "type", "ref", "alt", "delins"} | _HOTSPOT
# Kinds of alleles whose limits a policy may tell apart, each by an example: type, REF and ALT.
KINDS = {
    "snv": ("snv", "A", "C"),
    "mnv": ("mnv", "AA", "CC"),
    "insertion": ("insertion", "A", "AC"),
    "deletion": ("deletion", "AC", "A"),
    "complex_insertion": ("insertion", "AA", "CCC"),
    "complex_deletion": ("deletion", "AAA", "CC"),
}


def reporting_floor(policy: Policy) -> int:
    """Reads below which the policy reports nothing, unless a filter's exemption holds: the largest of `depth < N`."""
    return max((_bound(entry) for entry in limiting(policy)), default=1)


def limiting(policy: Policy) -> tuple[Filter, ...]:
    """The filters that keep a variant out of the report. Those that a rescue which asks for nothing (`when: pos > 0`)
    may override are warnings: the variant is reported with them."""
    nothing_known = {f"v_{name}": None for name in variables_of(policy.variants)} | {"v_pos": 1}
    always = [r for r in policy.rescues if r.when.variables == ("pos",) and eval(_code(r.when), {}, nothing_known)]
    return tuple(e for e in policy.filters if all(e.flag in rescue.never for rescue in always))


def _bound(entry: Filter) -> int:
    tree = entry.when.tree
    if not isinstance(tree, ast.Compare) or not isinstance(tree.ops[0], ast.Lt):
        return 1
    name, bound = tree.left, tree.comparators[0]
    is_depth = isinstance(name, ast.Name) and name.id == "depth" and isinstance(bound, ast.Constant)
    return int(bound.value) if is_depth else 1


def filters_mask(policy: Policy) -> bool:
    """Whether variants in difficult regions are filtered."""
    return any("mask" in entry.when.variables for entry in policy.filters)


def non_coding_genes(policy: Policy) -> frozenset[str]:
    """Genes that the policy keeps outside their coding sequence: those of exemptions from filters of the impact, with
    the genes of functional RNA where it exempts these."""
    kept = {gene for expression in _exempt(policy) for gene in _genes(expression.tree)}
    return functional_rna_genes(policy) | kept


def functional_rna_genes(policy: Policy) -> frozenset[str]:
    """Genes whose RNA causes disease, of which any change counts; none where the policy does not ask for them."""
    if not any("functional_rna" in expression.variables for expression in _exempt(policy)):
        return frozenset()
    return frozenset(row["gene"] for row in read_table(FUNCTIONAL_RNA) if row["change"] == "any")


def _exempt(policy: Policy) -> list[Expression]:
    """Conditions under which filters of the impact do not apply."""
    return [e for entry in policy.filters if "impact" in entry.when.variables for e in entry.unless.values()]


def _genes(tree: ast.expr) -> list[str]:
    """Symbols that an expression compares `gene` or `genes` with."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Compare):
            sides = [node.left, *node.comparators]
            if any(isinstance(side, ast.Name) and side.id in ("gene", "genes") for side in sides):
                found += [leaf.value for side in sides for leaf in ast.walk(side) if isinstance(leaf, ast.Constant)]
    return [symbol for symbol in found if isinstance(symbol, str)]


def _code(expression: Expression) -> CodeType:
    """The expression compiled once, in the reading in which a missing value counts as false."""
    return compile(expression.python(possible=False), "<policy>", "eval")


def kind_of(ref: str, alt: str) -> str:
    """The kind (of KINDS) of a trimmed allele; complex: bases are replaced by another number of them."""
    if len(ref) == len(alt):
        return "snv" if len(ref) == 1 else "mnv"
    kind = "insertion" if len(alt) > len(ref) else "deletion"
    return f"complex_{kind}" if is_delins(ref, alt) else kind


class Detection:
    """Limits of detection of one policy, by depth; asked for the same depth again, it answers at once.

    `further`: values of other variables, whose filters then count as well, by reads with the variant and depth."""

    def __init__(self, policy: Policy, further: Callable[[int, int], Mapping[str, Any]] = lambda reads, depth: {}):
        self.variables, self.further = variables_of(policy.variants), further
        more = further(1, 1).keys()
        asks = {"vaf", "depth", "alt_reads", "ref_reads"} | more
        counted = (entry for entry in limiting(policy) if asks & set(entry.when.variables))
        filters = [entry for entry in counted if set(entry.when.variables) <= _COUNTED | more]
        self.filters = [(_code(entry.when), [_code(other) for other in entry.unless.values()]) for entry in filters]
        self.limit = functools.cache(self._limit)

    def reads(self, depth: int, hotspot: bool = False, kind: str = "snv") -> int | None:
        """Fewest reads of `depth` with which a variant passes the filters of fraction, depth and reads; None: never.

        Asked from below, as a policy may have ceilings too (nearly all reads: inherited)."""
        return next((reads for reads in range(1, depth + 1) if not self._flagged(reads, depth, hotspot, kind)), None)

    def _flagged(self, reads: int, depth: int, hotspot: bool, kind: str) -> bool:
        values = dict.fromkeys(self.variables) | dict.fromkeys(_HOTSPOT, "a hotspot" if hotspot else None)
        values |= {"gene": "", **dict(zip(("type", "ref", "alt"), KINDS[kind], strict=True))}
        values |= {"delins": is_delins(values["ref"], values["alt"])}
        values |= {"vaf": reads / depth if depth else 0.0, "depth": depth, "alt_reads": reads}
        values |= {"ref_reads": depth - reads, "hotspot": hotspot, "hotspot_position": hotspot}
        values |= self.further(reads, depth)
        known = {f"v_{name}": value for name, value in values.items()}
        return any(
            eval(when, {}, known) and not any(eval(e, {}, known) for e in unless) for when, unless in self.filters
        )

    def hidden(self, depth: int, fraction: float) -> float:
        """Probability that a variant of this fraction has reads enough and is flagged all the same, as a ceiling of the
        policy does to what looks inherited. The reads with the variant are binomial in the depth."""
        needed = self.reads(depth) or depth + 1
        flagged = (k for k in range(needed, depth + 1) if self._flagged(k, depth, False, "snv"))
        return sum(exactly(k, depth, fraction) for k in flagged)

    def _limit(self, depth: int, hotspot: bool = False, kind: str = "snv") -> float | None:
        """Fraction from which a variant of a kind is reported with a probability of 95 %; None where none is.

        The reads with the variant are binomial in the depth. Errors in either direction are neglected.
        """
        needed = self.reads(depth, hotspot, kind)
        if needed is None:
            return None
        low, high = 0.0, 1.0
        for _ in range(20):
            middle = (low + high) / 2
            low, high = (low, middle) if at_least(needed, depth, middle) >= POWER else (middle, high)
        return round(high, 4)


def exactly(reads: int, depth: int, fraction: float) -> float:
    """P of `reads` successes of `depth` at probability `fraction`, between 0 and 1 (binomial)."""
    ways = math.lgamma(depth + 1) - math.lgamma(reads + 1) - math.lgamma(depth - reads + 1)
    return math.exp(ways + reads * math.log(fraction) + (depth - reads) * math.log1p(-fraction))


def at_least(reads: int, depth: int, fraction: float) -> float:
    """P of at least `reads` successes of `depth` at probability `fraction` (binomial)."""
    if fraction >= 1:
        return 1.0
    if fraction <= 0:
        return float(reads <= 0)
    term, below = depth * math.log1p(-fraction), 0.0
    odds = math.log(fraction) - math.log1p(-fraction)
    for k in range(reads):
        below += math.exp(term)
        term += math.log((depth - k) / (k + 1)) + odds if k < depth else 0.0
    return max(0.0, 1 - below)
