"""A policy applied to every gene that an allele touches: it is filtered only if it is so in all of them.

The gene for which a record passes becomes the shown one; of several, that of the section that comes first. A record
that passes in none keeps the flags of the gene with the highest impact.
"""

from collections.abc import Callable, Collection

from gms.filtering.policy import Filter, Policy
from gms.genome.gene_effects import OTHERS, views

# Variables whose value depends on the gene that is asked about.
GENE_VARIABLES = frozenset(("gene", "consequence", "impact", "exon", "intron", "hgvsc", "hgvsp"))
GENE_VARIABLES |= {"functional_rna", "in_gene_list"}
_OTHERS = f";{OTHERS}="
Judge = Callable[[str], tuple[str, bool]]


def judge_each_gene(judge: Judge, policy: Policy, applied: Collection[Filter]) -> Judge:
    """The function of `compile.compile_judge` for the shown gene, made one for all genes of a record. `applied`: the
    policy's filters that the case can answer."""
    flags, rescued, sorted_by_gene = _dependence(policy, applied)
    order = {section.key: number for number, section in enumerate(policy.sections)}

    def judge_genes(line: str) -> tuple[str, bool]:
        text, passes = judge(line)
        if _OTHERS not in line or passes and not sorted_by_gene:
            return text, passes
        if not passes and not rescued and not flags.issuperset(text.split("\t", 7)[6].split(";")):
            return text, passes
        found = [judge(view) for view in views(line)]
        passing = [(order.get(_section(other), len(order)), n, other) for n, (other, good) in enumerate(found) if good]
        return (min(passing)[2], True) if passing else (text, False)

    return judge_genes


def _dependence(policy: Policy, applied: Collection[Filter]) -> tuple[frozenset[str], bool, bool]:
    """Flags that another gene may not have; whether a rescue, and whether a section, depends on the gene."""
    flags = frozenset(
        entry.flag
        for entry in applied
        if any(GENE_VARIABLES.intersection(expression.variables) for _, expression in entry.expressions())
    )
    rescued = any(GENE_VARIABLES.intersection(r.when.variables) or flags.intersection(r.never) for r in policy.rescues)
    sections = any(section.when and GENE_VARIABLES.intersection(section.when.variables) for section in policy.sections)
    return flags, rescued, sections


def _section(text: str) -> str:
    """Section of a record that passed; it is the last field of INFO."""
    at = text.find(";SECTION=")
    return text[at + 9 :].split("\t", 1)[0].split(";", 1)[0] if at >= 0 else ""
