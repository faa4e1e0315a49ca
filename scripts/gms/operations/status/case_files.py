"""What the files of a results folder say: which jobs of a case are done, which were begun, and what QC found."""

import base64
import binascii
import json
import os
from dataclasses import dataclass, field
from pathlib import Path

from gms.inputs.run_model import Case, Run
from gms.sharing.export.cases import approved_cases

# (rule, first output) of the jobs of a sample and of a case, in the order in which they are done.
# tests/workflow/test_status_steps.py compares them with the rules.
SAMPLE_STEPS = (
    ("align_reads", "alignment/{sample}.cram"),
    ("sample_qc", "qc/{sample}.fingerprint.tsv"),
)
CALLER_STEP = ("call_{caller}", "variants/{caller}/{case}.vcf.gz")
CASE_STEPS = (
    ("merge_variants", "variants/merged/{case}.vcf.gz"),
    ("annotate_variants", "annotated/{case}.vcf.gz"),
    ("filter_variants", "filtered/{case}.vcf.gz"),
    ("case_qc", "qc/{case}.case.json"),
    ("case_report", "report/{case}.html"),
)
EXPORT_STEP = ("export", "export/folder/{case}.json")
UPLOAD_STEP = ("upload", "export/s3/{case}.json")
# What a job's outputs are made from, by rule; a caller is any of call_*.
NEEDS = {
    "sample_qc": ("align_reads",),
    "call_": ("align_reads",),
    "merge_variants": ("call_",),
    "annotate_variants": ("merge_variants",),
    "filter_variants": ("annotate_variants",),
    "case_qc": ("sample_qc",),
    "case_report": ("filter_variants", "case_qc"),
    "export": ("filter_variants", "case_qc"),
    "upload": ("export",),
}
TARGETS = ("filter_variants", "case_report", "export", "upload")  # what a run is asked for
OVERVIEW = ("report/multiqc.html", "run.json")
STAGES = (  # the stage that a case has reached when all its jobs of these rules are done
    ("aligned", "align_reads"),
    ("called", "call_"),
    ("merged", "merge_variants"),
    ("annotated", "annotate_variants"),
    ("filtered", "filter_variants"),
    ("reported", "case_report"),
    ("decided", "export"),  # shared or refused: export/folder/{case}.json says which
    ("sent", "upload"),
)


@dataclass
class Task:
    """A job of a case; `begun` is when it was started (seconds since 1970) if its outputs are not whole."""

    rule: str
    subject: str
    output: str
    done: bool = False
    begun: float | None = None


@dataclass
class CaseFiles:
    """A case with its jobs; `verdict` is of case_qc, None before it."""

    case: Case
    tasks: list[Task]
    verdict: str | None = None

    @property
    def done(self) -> int:
        """Number of jobs that are done."""
        return sum(task.done for task in self.tasks)

    @property
    def stage(self) -> str:
        """How far the case has come: the last stage before the first one with a job still to do."""
        reached = "-"
        for stage, rule in STAGES:
            jobs = [task for task in self.tasks if task.rule.startswith(rule)]
            if any(not task.done for task in jobs):
                break
            reached = stage if jobs else reached
        return reached


@dataclass
class Folder:
    """The names of the files in each folder of the results, each read once."""

    root: Path
    listed: dict[str, set[str]] = field(default_factory=dict)

    def has(self, path: str) -> bool:
        """Whether a file is there."""
        folder, _, name = path.rpartition("/")
        if folder not in self.listed:
            try:
                self.listed[folder] = set(os.listdir(self.root / folder))
            except OSError:
                self.listed[folder] = set()
        return name in self.listed[folder]


def begun_outputs(results: Path) -> dict[str, float]:
    """Outputs of jobs that were started and not finished, and when: Snakemake marks them, names in base64."""
    marks = {}
    try:
        with os.scandir(results / ".snakemake" / "incomplete") as entries:
            for entry in entries:
                try:
                    marks[base64.b64decode(entry.name, validate=True).decode()] = entry.stat().st_mtime
                except (binascii.Error, UnicodeDecodeError, OSError):
                    continue  # no mark, or gone since
    except OSError:
        return {}
    return marks


def case_files(run: Run, results: Path) -> list[CaseFiles]:
    """Every case of a run with the state of its jobs, in the order of the sheet."""
    folder, begun = Folder(results), begun_outputs(results)
    sent = set(approved_cases(results, run.cases)) if "s3" in run.export else set()
    found = []
    for case in run.cases.values():
        tasks = list(_tasks(case, run, case.name in sent))
        for task in tasks:
            task.begun = begun.get(task.output)
            task.done = task.begun is None and folder.has(task.output)
        if any(task.begun for task in tasks):
            _reopen(tasks)
        _forget(tasks)
        judged = any(task.rule == "case_qc" and task.done for task in tasks)
        found.append(CaseFiles(case, tasks, _verdict(results, case.name) if judged else None))
    return found


def _tasks(case: Case, run: Run, is_sent: bool):
    for sample in case.samples:
        for rule, output in SAMPLE_STEPS:
            yield Task(rule, sample.name, output.format(sample=sample.name))
    for caller in run.assays[case.assay].callers:
        rule, output = CALLER_STEP
        yield Task(rule.format(caller=caller), case.name, output.format(caller=caller, case=case.name))
    more = (EXPORT_STEP,) if run.export else ()
    for rule, output in (*CASE_STEPS, *more, *([UPLOAD_STEP] if is_sent else [])):
        yield Task(rule, case.name, output.format(case=case.name))


def _reopen(tasks: list[Task]) -> None:
    """What is made from an output that is being made again is old: it will be made again as well."""
    again = {(_kind(task), task.subject) for task in tasks if task.begun}
    for task in tasks:  # which are in the order of their needs
        for kind, subject in list(again):
            # Jobs of a sample need its own only; jobs of the case need those of all its samples.
            same = subject == task.subject or _kind(task) != "sample_qc"
            if kind in NEEDS.get(_kind(task), ()) and same:
                task.done = False
                again.add((_kind(task), task.subject))


def _forget(tasks: list[Task]) -> None:
    """An output that is not there, such as a CRAM moved away, is not made again while all made from it is whole."""
    for task in reversed(tasks):
        if task.done or task.begun or task.rule in TARGETS:
            continue
        users = [other for other in tasks if _kind(task) in NEEDS.get(_kind(other), ())]
        if task.rule == "align_reads":
            users = [other for other in users if other.subject in (task.subject, tasks[-1].subject)]
        task.done = all(other.done for other in users)


def _kind(task: Task) -> str:
    return "call_" if task.rule.startswith("call_") else task.rule


def _verdict(results: Path, case: str) -> str | None:
    try:
        return json.loads((results / "qc" / f"{case}.case.json").read_text())["verdict"]
    except (OSError, ValueError, KeyError, TypeError):
        return None


def lacking(results: Path) -> list[str]:
    """Files about the whole run that are not there yet."""
    begun = begun_outputs(results)
    return [name for name in OVERVIEW if name in begun or not (results / name).is_file()]
