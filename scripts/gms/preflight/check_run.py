"""The files that a run reads: whether they are there and are what they should be."""

import datetime
import shutil
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from gms.base import software
from gms.base.errors import GmsError, Problems
from gms.base.problems import Findings
from gms.base.results import named
from gms.filtering.control_variants import read_expected
from gms.filtering.policy import load_policy
from gms.genome.fastq import BrokenFastq, MatesDiffer, NoReads, Read, are_mates, first_reads
from gms.genome.gene_list import read_gene_list
from gms.inputs.run_model import Lane, Run, Sample
from gms.normals.checks import check_panels
from gms.preflight.reference_bases import ReferenceBases
from gms.preflight.reference_files import check_references
from gms.preflight.sample_files import alignment_problems, external_problem
from gms.preflight.viral_files import check_viruses
from gms.ranking.checks import check_ranking
from gms.sharing.decision.loading import check_sharing
from gms.trials.matching.settings import load_screening
from gms.trials.residual_disease.monitoring import plasma_of, read_monitoring, settings_of

_WHOLE_FILE = 64 << 20  # bytes, compressed: larger files are read to their end when they are aligned
_WHOLE_RUN = 4 << 30  # bytes, compressed: about a minute of reading on two cores
_THREADS = 2


def check_inputs(run: Run, in_containers: bool = False, has_other_tools: bool = False) -> None:
    """Raise `Problems` with everything that is wrong with the FASTQ, reference, target, policy and sharing files, and
    with the versions of tools; where jobs run in containers, the tools of this machine are not used.
    `has_other_tools`: those of workflow/envs are there, by conda.

    Damaged FASTQ files alone stop their own cases only: they are reported as warnings as long as another case has none.
    """
    findings = Findings()
    _check_tool_versions(run, in_containers, findings)
    if run.reference.fasta:
        check_references(run, findings)
    check_viruses(run, findings, has_other_tools)
    check_sharing(run, findings)
    check_panels(run, findings)
    _check_policies(run, findings)
    check_ranking(run, findings)
    _check_expected(run, findings)
    _check_aligners(run, findings)
    _check_trials(run, findings)
    _check_monitoring(run, findings)
    if not (run.results / named("reanalysis").path).is_file():  # which starts from the alignments
        _check_fastq(run, findings)
    _check_gene_lists(run, findings)
    findings.raise_if_any()


def _check_tool_versions(run: Run, in_containers: bool, findings: Findings) -> None:
    """Note tools of another version than the pinned one, unless the config accepts that very version."""
    items = [item for item in software.differing(Path(sys.prefix)) if item.wanted.source == "PyPI" or not in_containers]
    for item in software.not_accepted(items, run.config.get("other_tool_versions") or {}):
        findings.add(run.configfile, None, software.OtherToolVersions.sentence(item))


def _check_policies(run: Run, findings: Findings) -> None:
    used = {(*item, False) for assay in run.assays.values() for item in assay.policy_files.items()}
    used |= {("small", assay.tmb, True) for assay in run.assays.values() if getattr(assay, "tmb", None)}
    for variants, path, counts in sorted(used):
        try:
            policy = load_policy(path, variants)
        except Problems as wrong:
            findings.problems.extend(wrong.problems)
            continue
        if counts != bool(policy.burden):
            text = (
                "has no burden: but an assay names it under tmb:"
                if counts
                else "has burden:, so it filters no variants"
            )
            findings.add(path, None, f"{text}; such a policy is named under tmb: of an assay")


def _check_expected(run: Run, findings: Findings) -> None:
    """Note lists of a control's variants that cannot be used, or that no case can be compared with."""
    bases = ReferenceBases(run.reference.fasta) if run.reference.fasta and run.reference.fasta.is_file() else None
    for name, assay in run.assays.items():
        if not getattr(assay, "expected", None) or not assay.expected.is_file():  # noted with the other files
            continue
        read_expected(assay.expected, bases, findings)
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
    """Note assays that ask for bwa-mem2 where it is not: unlike bwa it is not part of the set-up."""
    for name, assay in run.assays.items():
        if assay.aligner != "bwa" and not shutil.which(assay.aligner):
            text = f"assay {name} asks for {assay.aligner}, which is not installed; install it"
            text += f", or write  assays: {{{name}: {{aligner: bwa}}}}"
            findings.add(run.configfile, None, text)


def _check_gene_lists(run: Run, findings: Findings) -> None:
    """Note lists of genes in the sheet that are not there or name none."""
    for case in run.cases.values():
        if case.gene_list and not (case.gene_list.is_file() and read_gene_list(case.gene_list)):
            problem = "names no genes" if case.gene_list.is_file() else "does not exist"
            line = case.index.lanes[0].line
            findings.add(run.sheet, line, f"genes '{_as_written(case.gene_list, run)}' {problem}")


def _check_fastq(run: Run, findings: Findings) -> None:
    lanes = sorted(_lanes(run), key=lambda entry: entry[1].line)
    _check_external(lanes, run, findings)
    lanes = [entry for entry in lanes if not entry[1].vcf]
    _check_same_files(lanes, run, findings)
    damage, damaged = Findings(), set()
    whole = _read_whole([path for _, lane in lanes if not lane.bam for path in lane.files])
    with ThreadPoolExecutor(_THREADS) as pool:
        for lane, texts in zip(lanes, pool.map(lambda entry: _lane_problems(*entry, whole, run), lanes), strict=True):
            for text, is_damage in texts:
                (damage if is_damage else findings).add(run.sheet, lane[1].line, text)
                damaged |= {lane[0].name} if is_damage else set()
    _judge_damage(run, findings, damage, damaged)


def _check_external(lanes: list[tuple[Sample, Lane]], run: Run, findings: Findings) -> None:
    """Note VCF files that a case cannot start from."""
    if any(lane.vcf for _, lane in lanes):
        bases = ReferenceBases(run.reference.fasta) if run.reference.fasta and run.reference.fasta.is_file() else None
        for sample, lane in lanes:
            problem = external_problem(sample, lane, _as_written(lane.vcf, run), bases) if lane.vcf else None
            if problem:
                findings.add(run.sheet, lane.line, problem)


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


def _as_written(path: Path, run: Run) -> str:
    """The path as the sheet has it: relative to the sheet's folder where it lies below."""
    return str(path).removeprefix(f"{run.sheet.parent}/")


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
                text = f"'{_as_written(path, run)}' is the same file as '{_as_written(first, run)}'{place}"
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


def _lane_problems(sample: Sample, lane: Lane, whole: set[Path], run: Run) -> list[tuple[str, bool]]:
    """What is wrong with a lane's files, and whether that is damage. A viral sample may have no reads: a clean control,
    an empty well."""
    if lane.bam:
        return alignment_problems(lane.bam, _as_written(lane.bam, run))
    texts, heads, empty = [], [], []
    for column, path in (("fastq_1", lane.fastq_1), ("fastq_2", lane.fastq_2)):
        try:
            heads.append(first_reads(path, path in whole))
        except BrokenFastq as broken:
            written = _as_written(path, run)
            hint = "" if path.exists() or written.startswith("/") else "; paths are relative to the sheet"
            is_nothing = isinstance(broken, NoReads) and sample.name in run.viral_samples
            (empty if is_nothing else texts).append((f"{column} '{written}' {broken.reason}{hint}", broken.is_damage))
    if heads and empty:  # of one mate only
        texts += empty
    if len(heads) == 2 and not lane.fastq_1.samefile(lane.fastq_2):
        texts += [(text, False) for text in _pair_problems(*heads)]
    return texts


def _pair_problems(reads_1: list[Read], reads_2: list[Read]) -> Iterator[str]:
    """What shows that two files do not hold the first and the second reads of pairs."""
    if [read[1:] for read in reads_1] == [read[1:] for read in reads_2]:
        yield "fastq_1 and fastq_2 hold the same reads. fastq_2 must hold the second reads of the pairs"
    for number, (one, two) in enumerate(zip(reads_1, reads_2, strict=False), start=1):
        if not are_mates(one.name, two.name):
            yield str(MatesDiffer(number, one.name, two.name))
            return
