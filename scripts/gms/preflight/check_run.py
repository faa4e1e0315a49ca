"""The files that a run reads: whether they are there and are what they should be."""

import datetime
import shutil
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import chain
from pathlib import Path

from gms.alignment.align_reads import STAR
from gms.base import software
from gms.base.errors import GmsError, Problems
from gms.base.problems import Findings
from gms.base.results import named
from gms.filtering.control_variants import read_expected
from gms.filtering.inherited import consent_problems
from gms.filtering.policy import load_policy
from gms.genome.gene_list import list_problem
from gms.inputs.assays import GATK_CALLERS, uses_gatk
from gms.inputs.row_files import deepvariant_files
from gms.inputs.run_model import Lane, Run, Sample
from gms.normals.checks import check_panels
from gms.preflight.aligner_index import star_problems
from gms.preflight.reference_bases import ReferenceBases
from gms.preflight.reference_files import check_references, contig_lengths
from gms.preflight.sample_files import as_written, check_results, hint, lane_problems, proposal_problem, vcf_problem
from gms.preflight.viral_files import check_viruses
from gms.ranking.checks import check_ranking
from gms.sharing.decision.loading import check_sharing
from gms.trials.matching.settings import load_screening
from gms.trials.residual_disease.monitoring import plasma_of, read_monitoring, settings_of

_WHOLE_FILE = 64 << 20  # bytes, compressed: larger files are read to their end when they are aligned
_WHOLE_RUN = 4 << 30  # bytes, compressed: about a minute of reading on two cores
_THREADS = 2


def check_inputs(run: Run, in_containers: bool = False, has_other_tools: bool = False) -> None:
    """Raise `Problems` with everything that is wrong with the files and the versions of tools; where jobs run in
    containers, the tools of this machine are not used. `has_other_tools`: those of workflow/envs are there, by conda.

    Damaged FASTQ files alone stop their own cases only: they are reported as warnings as long as another case has none.
    """
    findings = Findings()
    check_results(run, findings)
    _check_tool_versions(run, in_containers, findings)
    if run.reference.fasta:
        check_references(run, findings)
    check_viruses(run, findings, has_other_tools)
    check_sharing(run, findings)
    check_panels(run, findings, contig_lengths, _bases(run))
    check_policies(run, findings)
    check_ranking(run, findings)
    _check_expected(run, findings)
    _check_aligners(run, findings)
    _check_trials(run, findings)
    _check_monitoring(run, findings)
    if not (run.results / named("reanalysis").path).is_file():  # which starts from the alignments
        _check_fastq(run, findings)
        _check_proposals(run, findings)
    _check_gene_lists(run, findings)
    findings.raise_if_any()


def _check_tool_versions(run: Run, in_containers: bool, findings: Findings) -> None:
    """Note tools of another version than the pinned one, unless the config accepts that very version, and GATK where an
    assay asks for it and it is not installed."""
    for text in gatk_problems(run, in_containers):
        findings.add(run.configfile, None, text)
    differing = software.differing(Path(sys.prefix), any(map(uses_gatk, run.assays.values())))
    items = [item for item in differing if item.wanted.source == "PyPI" or not in_containers]
    for item in software.not_accepted(items, run.config.get("other_tool_versions") or {}):
        findings.add(run.configfile, None, software.OtherToolVersions.sentence(item))


def gatk_problems(run: Run, in_containers: bool) -> list[str]:
    """Sentences about assays that ask for GATK where it is not: unlike other tools it is not part of every set-up."""
    asking = [name for name, assay in run.assays.items() if uses_gatk(assay)]
    if not asking:
        return []
    if in_containers:
        reason, advice = "is not in the container image", "run without containers (--sdm env-modules)"
    elif software.find(software.gatk(), Path(sys.prefix), {}).version is None:
        reason, advice = "is not installed or does not start", "./gms setup --with gatk  installs it"
    else:
        return []
    callers = {name: sorted({*GATK_CALLERS} & {*chain(*run.assays[name].callers.values())}) for name in asking}
    return [
        f"assay {name} asks for {' and '.join(listed)} of GATK, which {reason}; {advice}, or take it off  callers:"
        for name, listed in callers.items()
    ]


def check_policies(run: Run, findings: Findings) -> None:
    """Note what is wrong with the policies of a run."""
    used = {(*item, False) for assay in run.assays.values() for item in assay.policy_files.items()}
    used |= {("small", assay.tmb, True) for assay in run.assays.values() if getattr(assay, "tmb", None)}
    for variants, path, counts in sorted(used):
        try:
            policy = load_policy(path, variants)
        except Problems as wrong:
            findings.problems.extend(wrong.problems)
            continue
        for text in consent_problems(run, path, policy.inherited_genes):
            findings.add(run.sheet, None, text)
        if counts != bool(policy.burden):
            text = (
                "has no burden: but an assay names it under tmb:"
                if counts
                else "has burden:, so it filters no variants"
            )
            findings.add(path, None, f"{text}; such a policy is named under tmb: of an assay")


def _check_expected(run: Run, findings: Findings) -> None:
    """Note lists of a control's variants that cannot be used, or that no case can be compared with."""
    bases = _bases(run)
    for name, assay in run.assays.items():
        if not getattr(assay, "expected", None) or not assay.expected.is_file():  # noted with the other files
            continue
        read_expected(assay.expected, bases, findings, [name for name, callers in assay.callers.items() if callers])
        if not any("control" in roles for roles in assay.roles.values()):
            text = f"assay {name} has expected:, but no case of it can be a control; add control to alone: of its roles"
            findings.add(run.configfile, None, text)


def _check_trials(run: Run, findings: Findings) -> None:
    """Note what is wrong with trial definitions, the clinical table or OncoTree."""
    try:
        if run.trials:
            load_screening(run.trials, datetime.date.today().isoformat())
    except Problems as wrong:
        findings.problems.extend(wrong.problems)
    except GmsError as wrong:
        findings.add(run.configfile, None, str(wrong))


def _check_monitoring(run: Run, findings: Findings) -> None:
    """Note what is wrong with the patients whose residual disease is followed."""
    try:
        if run.residual_disease:
            read_monitoring(run.residual_disease, settings_of(run), plasma_of(run), run.results)
    except Problems as wrong:
        findings.problems.extend(wrong.problems)


def _check_aligners(run: Run, findings: Findings) -> None:
    """Note assays that ask for an aligner that is not there, and those of RNA without gene models."""
    for name, assay in run.assays.items():
        if assay.aligner == STAR:
            for text in star_problems(run.reference.genes is not None, run.config.get("other_tool_versions") or {}):
                findings.add(run.configfile, None, f"assay {name} {text}")
        elif assay.aligner != "bwa" and not shutil.which(assay.aligner):
            text = f"assay {name} asks for {assay.aligner}, which is not on PATH; install it"
            text += f", or write  assays: {{{name}: {{aligner: bwa}}}}"
            findings.add(run.configfile, None, text)


def _check_gene_lists(run: Run, findings: Findings) -> None:
    """Note lists of genes that cannot be used. Those of assays that are not there are noted with their other files."""
    for case in run.cases.values():
        if case.gene_list and (problem := list_problem(case.gene_list)):
            written = as_written(case.gene_list, run)
            text = f"genes '{written}' {problem}{hint(case.gene_list, written)}"
            findings.add(run.sheet, case.index.lanes[0].line, text)
    for path in sorted({assay.genes for assay in run.assays.values() if assay.genes and assay.genes.is_file()}):
        if problem := list_problem(path):
            findings.add(path, None, problem)


def _check_fastq(run: Run, findings: Findings) -> None:
    lanes = sorted(_lanes(run), key=lambda entry: entry[1].line)
    _check_external(lanes, run, findings)
    lanes = [entry for entry in lanes if not entry[1].vcf]
    _check_same_files(lanes, run, findings)
    damage, damaged = Findings(), set()
    whole = _read_whole([path for _, lane in lanes if not lane.bam for path in lane.files])
    with ThreadPoolExecutor(_THREADS) as pool:
        for lane, texts in zip(lanes, pool.map(lambda entry: lane_problems(*entry, whole, run), lanes), strict=True):
            for text, is_damage in texts:
                (damage if is_damage else findings).add(run.sheet, lane[1].line, text)
                damaged |= {lane[0].name} if is_damage else set()
    _judge_damage(run, findings, damage, damaged)


def _check_external(lanes: list[tuple[Sample, Lane]], run: Run, findings: Findings) -> None:
    """Note VCF files that a case cannot start from."""
    if any(lane.vcf for _, lane in lanes):
        bases = _bases(run)
        for sample, lane in lanes:
            problem = vcf_problem(sample, lane, run, bases) if lane.vcf else None
            if problem:
                findings.add(run.sheet, lane.line, problem)


def _check_proposals(run: Run, findings: Findings) -> None:
    """Note files of DeepVariant that alleles cannot be taken from."""
    files = [item for case in run.cases.values() for item in deepvariant_files(run.assays[case.assay], case).items()]
    bases = _bases(run) if files else None
    for path, samples in files:
        if problem := proposal_problem(path, samples, bases):
            findings.add(run.configfile, None, problem)


def _bases(run: Run) -> ReferenceBases | None:
    return ReferenceBases(run.reference.fasta) if run.reference.fasta and run.reference.fasta.is_file() else None


def _judge_damage(run: Run, findings: Findings, damage: Findings, damaged: set[str]) -> None:
    """Warn of damaged files where cases without any can go on; else they are problems like others."""
    whole = [name for name, case in run.cases.items() if damaged.isdisjoint(sample.name for sample in case.samples)]
    whole += [name for name in run.viral_samples if name not in damaged]
    if findings.problems or not whole:
        findings.problems.extend(damage.problems)
        return
    for problem in damage.problems:
        print(f"warning: {problem.source} line {problem.line}: {problem.text}; its case will fail", file=sys.stderr)


def _lanes(run: Run) -> Iterator[tuple[Sample, Lane]]:
    samples = (*run.samples.values(), *run.viral_samples.values())
    return ((sample, lane) for sample in samples for lane in sample.lanes)


def _check_same_files(lanes: list[tuple[Sample, Lane]], run: Run, findings: Findings) -> None:
    """Note two names, by links, for one file: it would count as evidence twice."""
    seen: dict[tuple[int, int], tuple[Path, Lane, Sample]] = {}
    for sample, lane in lanes:
        for path in lane.files:
            try:
                status = path.stat()
            except OSError:
                continue
            first, at, owner = seen.setdefault((status.st_dev, status.st_ino), (path, lane, sample))
            if first is not path:
                place = "" if at is lane else f" of sample '{owner.name}' on line {at.line}"
                text = f"'{as_written(path, run)}' is the same file as '{as_written(first, run)}'{place}"
                findings.add(run.sheet, lane.line, f"{text}; every file is given once")


def _read_whole(paths: list[Path]) -> set[Path]:
    """Files to read to their end: none that is large, and not more in all than is soon done."""
    chosen, left = set(), _WHOLE_RUN
    for path in paths:
        size = path.stat().st_size if path.is_file() else 0
        if size <= min(_WHOLE_FILE, left):
            chosen.add(path)
            left -= size
    return chosen
