"""How a policy judged one record, in words: each filter with the value it saw and its limit, rescues, final state."""

from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import unquote

from gms.filtering.compile import Layout, absent_for, compile_judge, compile_values, holds
from gms.filtering.expressions import Expression
from gms.filtering.policy import Filter, Policy
from gms.genome.gene_effects import effects_of, views
from gms.genome.vcf import info, known

PARTS = {
    "genes": "gene models (reference: genes)",
    "population": "population frequencies (reference: population)",
    "clinvar": "ClinVar (reference: clinvar)",
    "mask": "list of difficult regions (reference: mask)",
    "hotspots": "hotspots (reference: hotspots)",
    "normals": "panel of normals (assay: normals)",
    "whitelist": "list of variants to keep (assay: whitelist)",
    "targets": "targets (assay: targets)",
    "mitomap": "mitochondrial variants of disease (reference: mitomap)",
    "mitotip": "scores of mitochondrial tRNA variants (reference: mitotip)",
    "structural_population": "frequencies of structural variants (reference: structural_population)",
    "structural_normals": "the centre's own structural variants (assay: structural_normals)",
    "gene_list": "gene list (assay: genes)",
    "family": "person of a family (a proband)",
    "mother": "mother in the case",
    "father": "father in the case",
    "normal": "normal in the case",
    "reads": "reads (the case starts from a VCF)",
}


class Step(NamedTuple):
    """One filter, rescue or section: its name, what became of it, its condition and the values it saw."""

    name: str
    state: str
    condition: str
    values: str


def judge_line(policy: Policy, layout: Layout, line: str) -> tuple[str, dict[str, str]]:
    """FILTER and INFO of a record as filtering writes them."""
    columns = compile_judge(policy, layout)(line)[0].split("\t", 8)
    return columns[6], info(columns[7])


def one_line(policy: Policy, layout: Layout, line: str) -> str:
    """Position, alleles, gene, protein change and final state of a record."""
    state, values = judge_line(policy, layout, line)
    chrom, pos, _, ref, alt = line.split("\t", 5)[:5]
    rescued = f" (rescued by {values['RESCUED']} from {values['RESCUED_FROM']})" if "RESCUED" in values else ""
    shown = known(values)
    name = unquote(" ".join(shown[key] for key in ("GENE", "HGVSP", "CONSEQUENCE") if key in shown))
    return f"{chrom}:{pos}:{ref}:{alt}  {name}  {state}{rescued}"


def explain_filters(policy: Policy, layout: Layout, line: str) -> Iterator[str]:
    """The lines about filters, rescues and the final state of one annotated record."""
    names = dict.fromkeys(name for _, expression in policy.expressions() for name in expression.variables)
    state, added = judge_line(policy, layout, line)
    genes = {effects_of(view.split("\t", 8)[7])[0]["GENE"]: view for view in views(line) if "GENE" in added}
    if len(genes) > 1:
        yield f"Touches {', '.join(genes)}; filtered only if it is so in each; shown for {added['GENE']}."
    values = compile_values(names, layout)(genes.get(added.get("GENE"), line))
    yield "Filters, in order:"
    yield from _table([filter_step(entry, layout, values) for entry in policy.filters])
    flags = added["RESCUED_FROM"].split(",") if "RESCUED" in added else [] if state == "PASS" else state.split(";")
    if flags:
        yield "Rescues, in order of precedence:"
        yield from _table(list(_rescue_steps(policy, layout, values, flags, added.get("RESCUED"))))
    yield from _conclusion(policy, flags, added, state)
    for entry in policy.filters:
        if entry.flag in flags:
            yield f"  {entry.flag}: {entry.why} [{_values(entry.when, values)}]"
    yield from (f"  {rescue.name}: {rescue.why}" for rescue in policy.rescues if rescue.name == added.get("RESCUED"))


def filter_step(entry: Filter, layout: Layout, values: dict[str, object]) -> Step:
    """What one filter did, evaluated with the source that filtering runs."""
    condition, seen = f"{entry.when.text}", _values(entry.when, values)
    absent = absent_for(entry.when, layout)
    if absent:
        return Step(entry.flag, "not applied", condition, f"no {PARTS[absent[0]]}")
    certain = holds(entry.when, False, layout, values)
    if not certain and not (entry.missing == "fail" and holds(entry.when, True, layout, values)):
        return Step(entry.flag, "passed", condition, seen)
    exempt = next((name for name, unless in entry.unless.items() if holds(unless, False, layout, values)), None)
    if exempt:
        return Step(entry.flag, "exempt", condition, f"{seen}; not applied to: {exempt}")
    return Step(entry.flag, "FLAGGED", condition, seen if certain else f"{seen}; a missing value fails here")


def _rescue_steps(
    policy: Policy, layout: Layout, values: dict[str, object], flags: list[str], rescued: str | None
) -> Iterator[Step]:
    for rescue in policy.rescues:
        absent = absent_for(rescue.when, layout)
        forbidden = [flag for flag in flags if flag in rescue.never]
        seen = f"no {PARTS[absent[0]]}" if absent else _values(rescue.when, values)
        met = holds(rescue.when, False, layout, values)
        if met and forbidden:
            yield Step(rescue.name, "refused", rescue.when.text, f"{seen}; may not override {', '.join(forbidden)}")
        else:
            state = "RESCUED" if rescue.name == rescued else "not tried" if met else "no"
            yield Step(rescue.name, state, rescue.when.text, seen)
        if rescue.name == rescued:
            return


def _conclusion(policy: Policy, flags: list[str], added: dict[str, str], state: str) -> Iterator[str]:
    titles = {section.key: section.title for section in policy.sections}
    place = f", in section '{titles[added['SECTION']]}'" if "SECTION" in added else ""
    if state != "PASS":
        yield f"Result: not reported: {', '.join(flags)}"
    elif flags:
        yield f"Result: reported{place}, rescued by {added['RESCUED']} from {', '.join(flags)}"
    else:
        yield f"Result: reported{place}"


def _values(expression: Expression, values: dict[str, object]) -> str:
    return ", ".join(f"{name} = {_shown(values[name])}" for name in expression.variables)


def _shown(value: object) -> str:
    if value is None:
        return "missing"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:.6g}" if isinstance(value, float) else ",".join(value) if isinstance(value, list) else str(value)


def _table(steps: list[Step]) -> Iterator[str]:
    width = max((len(step.name) for step in steps), default=0)
    for step in steps:
        yield f"  {step.name:<{width}}  {step.state:<11}  {' '.join(step.condition.split())}  [{step.values}]"
