"""What a case rests on that is not its reads: policy, panel, lists, files of knowledge, sample sheet, then and now."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from gms.base.errors import GmsError
from gms.base.problems import counted
from gms.base.project import workflow_version
from gms.genome.gene_list import panel_facts, read_gene_list
from gms.genome.intervals import read_contigs
from gms.inputs.assay_files import ASSAY_FILES, REFERENCE_PARTS
from gms.inputs.run_model import Case, Run
from gms.operations.reanalysis.folder import Reanalysis
from gms.preflight.reference_files import contig_lengths
from gms.report.overview import finished_cases
from gms.report.run_record import SMALL_PARTS, assay_facts, case_params, file_facts

_WORDS = {
    "targets": "targets",
    "genes": "gene list",
    "normals": "panel of normals",
    "msi": "baseline of microsatellites",
    "copy_number": "reference of copy number",
    "structural_normals": "structural variants of normals",
    "repeat_normals": "repeats of normals",
    "whitelist": "always-report list",
    "expected": "variants of the control",
    "rank_model": "rank model",
    "secondary_genes": "genes of secondary findings",
    "rank_model_structural": "rank model of structural variants",
    "rank_model_repeats": "rank model of repeats",
}

_OF_SAMPLE = ("role", "sex", "affected", "purity", "phenotype")  # what the sheet says of a sample


class Difference(NamedTuple):
    """One thing that a case rests on, in words, as it was and as it is."""

    what: str
    before: str
    after: str


class OtherGenome(GmsError):
    """A configuration whose genome is not the one of the results."""

    def __init__(self, fasta: str):
        super().__init__(f"the contigs of {fasta} are not those of the results; another genome needs a new run")


def require_same_genome(run: Run, folders: Reanalysis) -> None:
    """Raise OtherGenome unless contigs and their lengths are those that the reads of cases were aligned to."""
    if finished_cases(folders.before) and contig_lengths(run.reference.fasta) != read_contigs(
        folders.before / "reference" / "genome.fa.fai"
    ):
        raise OtherGenome(run.reference.fasta.name)


def differences(run: Run, record: Mapping[str, Any], count_workflow: bool = False) -> dict[str, list[Difference]]:
    """What differs for the cases of each assay between `run` and the run.json of the first analysis.

    Another version of the workflow alone is a difference only where it is to be counted: policies come with it, so that
    each new policy would be a reason to make all cases again.
    """
    workflow, common = list(workflow_difference(run, record)), list(_reference(run, record["reference"]))
    changes = run.config.get("assays") or {}
    found = {}
    for name, assay in run.assays.items():
        after = assay_facts(assay, changes.get(name) or {})
        before = record["assays"].get(name)
        own = [*common, *(_assay(before, after) if before else [Difference("assay", "not used", name)])]
        found[name] = [*own, *workflow] if own or count_workflow else []
    return found


def case_differences(run: Run, case: Case, before: Mapping[str, Any]) -> Iterator[Difference]:
    """What differs for one case in the sample sheet and its own gene list; `before`: the data of its report."""
    path, known = run.gene_list_of(case), before.get("gene_list")
    genes, panel = read_gene_list(path), (panel_facts(path) or {}).get("version")
    lists = [
        (None if known is None else frozenset(known), (before.get("panel") or {}).get("version")),
        (genes, panel),
    ]
    if lists[0] != lists[1] and (case.gene_list or before["case"].get("gene_list")):
        yield Difference("gene list of the case", *(_list_words(*one) for one in lists))
    after = case_params(case, run.assays[case.assay])
    yield from _of_sheet("", before["case"], after, ("germline_findings", "secondary_findings"))
    samples = {one["sample"]: one for one in before["samples"]}
    for one in after["samples"]:
        yield from _of_sheet(f"{one['sample']}: ", samples.get(one["sample"], one), one, _OF_SAMPLE)


def _list_words(genes: Collection[str] | None, version: str | None) -> str:
    number = "none" if genes is None else counted(len(genes), "gene")
    return f"{number}, version {version}" if version else number


def _of_sheet(
    start: str, before: Mapping[str, Any], after: Mapping[str, Any], keys: Sequence[str]
) -> Iterator[Difference]:
    for key in keys:
        if key in before and before[key] != after[key]:
            then, now = (", ".join(one) if isinstance(one, list) else str(one) for one in (before[key], after[key]))
            yield Difference(f"{start}{key.replace('_', ' ')}", then or "none", now or "none")


def workflow_difference(run: Run, record: Mapping[str, Any]) -> Iterator[Difference]:
    """Another version of the workflow."""
    before, after = record["workflow"]["version"], workflow_version(run.project)
    if before != after:
        yield Difference("workflow", before, after)


def _reference(run: Run, before: Mapping[str, Any]) -> Iterator[Difference]:
    for part, words in REFERENCE_PARTS.items():
        facts = file_facts(getattr(run.reference, part), part in SMALL_PARTS)
        yield from file_difference(words, before.get(part), facts)


def _assay(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Difference]:
    policies = [{**{"small": facts.get("policy")}, **facts.get("policies", {})} for facts in (before, after)]
    for kind in dict.fromkeys([*policies[0], *policies[1]]):
        one, other = (policy.get(kind) for policy in policies)
        if one != other:
            yield Difference("policy" if kind == "small" else f"policy, {kind}", _version(one), _version(other))
    if before["sha256"] != after["sha256"] or before["changed"] != after["changed"]:
        yield Difference("assay", before["version"], after["version"])
    for part in ASSAY_FILES:
        yield from file_difference(_WORDS[part], before.get(part), after.get(part))


def _version(policy: Mapping[str, str] | None) -> str:
    return "none" if policy is None else f"{policy['name']} {policy['version']} ({policy['sha256'][:8]})"


def file_difference(
    words: str, before: Mapping[str, Any] | None, after: Mapping[str, Any] | None
) -> Iterator[Difference]:
    """A file of other content, whatever its name."""
    if before != after if None in (before, after) else _is_other(before, after):
        yield Difference(words, _name(before), _name(after))


def _is_other(before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    """Whether two records are of files of other content, by what both have: digest, or size and digest of the index.
    Earlier versions of the workflow recorded no digest of a large file without an index."""
    shared = before.keys() & after.keys() - {"file"}
    return not shared or any(before[key] != after[key] for key in shared)


def _name(facts: Mapping[str, Any] | None) -> str:
    if facts is None:
        return "none"
    digest = facts.get("sha256") or facts.get("index_sha256") or ""
    return f"{facts['file']} ({facts.get('dated') or digest[:8]})"
