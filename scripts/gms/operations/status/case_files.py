"""The state of each case by the files of a results folder: jobs that are done or begun, and the QC status."""

import base64
import binascii
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from gms.base.results import FILES, ResultFile, files, named, needs
from gms.inputs.row_files import classes_of, measures_alleles, shows_regions, starts_from_vcf
from gms.inputs.run_model import Case, Run
from gms.operations.run.conclusion import qc_status
from gms.sharing.export.cases import approved_cases

TARGETS = {file.rule for file in FILES if file.is_target}
OVERVIEW = tuple(file.path for file in files("run", is_target=True))
STAGES = tuple((file.stage, file.rule) for file in FILES if file.stage)
NEEDS = {file.rule: needs(file.rule) for file in FILES}


@dataclass
class Task:
    """A job of a case; `kind` is its rule in the results table, where callers are one rule; `begun` is when it was
    started (seconds since 1970) if its outputs are not whole."""

    kind: str
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
        """The last stage before the first one with a job still to do."""
        reached = "-"
        for stage, rule in STAGES:
            jobs = [task for task in self.tasks if task.kind == rule]
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
    for case in (*run.cases.values(), *run.monitored.values()):
        tasks = list(_tasks(case, run, case.name in sent))
        for task in tasks:
            task.begun = begun.get(task.output)
            task.done = task.begun is None and folder.has(task.output)
        if any(task.begun for task in tasks):
            _reopen(tasks)
        _forget(tasks)
        judged = any(task.rule == "case_qc" and task.done for task in tasks)
        record = results / named("case.json").at(case=case.name)
        found.append(CaseFiles(case, tasks, qc_status(record) if judged else None))
    return found


def _tasks(case: Case, run: Run, is_sent: bool) -> Iterator[Task]:
    """The jobs of a case, in the order of a run; of a class of variants only where the assay has callers for it."""
    assay = run.assays[case.assay]
    asked = {"export": bool(run.export), "upload": is_sent, "match_trials": bool(run.trials)}
    asked |= dict.fromkeys(("case_regions", "smn_copies"), shows_regions(run.assays, case))
    asked |= dict.fromkeys(("align_reads", "call_{caller}", "merge_variants"), not starts_from_vcf(case))
    asked |= {"external_variants": starts_from_vcf(case), "mutational_burden": assay.tmb and not starts_from_vcf(case)}
    asked |= {"microsatellites": assay.msi and not starts_from_vcf(case)}
    asked |= {"allele_copies": measures_alleles(run.assays, case)}
    asked |= {f"call_{name}": name in assay.callers.get("copy_number", ()) for name in ("depth", "cnvkit")}
    callers = {"": ()} | {
        name: assay.callers[name] for name in ("small", *classes_of(run.assays, case)) if assay.callers
    }
    kinds = ("sample", "patient") if case.name in run.monitored else ("sample", "caller", "case")
    for file in _first_outputs():
        if file.per in kinds and file.variants in callers and asked.get(file.rule, True):
            yield from _jobs(file, case, callers[file.variants])


def _jobs(file: ResultFile, case: Case, callers: Iterable[str]) -> Iterator[Task]:
    """The jobs of a case that make a kind of file."""
    if file.per == "sample":
        for sample in case.samples:
            yield Task(file.rule, file.rule, sample.name, file.at(sample=sample.name))
    elif file.per == "caller":
        for caller in callers:
            rule, path = file.rule.format(caller=caller), file.at(caller=caller, case=case.name)
            yield Task(file.rule, rule, case.name, path)
    elif file.per == "case":
        yield Task(file.rule, file.rule, case.name, file.at(case=case.name))
    elif file.per == "patient" and case.index.role == "plasma":
        yield Task(file.rule, file.rule, case.name, file.at(patient=case.name))


def _first_outputs() -> Iterable[ResultFile]:
    """The first file of each rule, of one for several classes of variants that of each, stands for all that its job
    makes."""
    found: dict[tuple[str, str], ResultFile] = {}
    for file in FILES:
        if file.rule:
            found.setdefault((file.rule, file.variants), file)
    return found.values()


def _reopen(tasks: list[Task]) -> None:
    """Reopen the jobs whose inputs are being made again: their outputs will be made again as well."""
    again = {(task.kind, task.subject) for task in tasks if task.begun}
    for task in tasks:  # which are in the order of their needs
        for kind, subject in list(again):
            # Jobs of a sample need its own only; jobs of the case need those of all its samples.
            same = subject == task.subject or task.kind != "sample_qc"
            if kind in NEEDS.get(task.kind, ()) and same:
                task.done = False
                again.add((task.kind, task.subject))


def _forget(tasks: list[Task]) -> None:
    """Count a missing output as done, such as a CRAM that was moved away, while everything made from it is there."""
    for task in reversed(tasks):
        if task.done or task.begun or task.kind in TARGETS:
            continue
        users = [other for other in tasks if task.kind in NEEDS.get(other.kind, ())]
        if task.rule == "align_reads":
            users = [other for other in users if other.subject in (task.subject, tasks[-1].subject)]
        task.done = all(other.done for other in users)


def plate_files(run: Run) -> dict[str, list[str]]:
    """Files of each plate of viral samples that a run is asked for; of a hand-over only where there is one."""
    asked = {"handed_over": {name for name, plate in run.plates.items() if run.viruses[plate.assay].laboratory}}
    targets = files("plate", is_target=True)
    return {
        name: [file.at(plate=name) for file in targets if name in asked.get(file.name, run.plates)]
        for name in run.plates
    }


def lacking(run: Run, results: Path) -> list[str]:
    """Files about the whole run, or about a plate of viral samples, that are missing."""
    begun, plates = begun_outputs(results), plate_files(run)
    wanted = [*(path for paths in plates.values() for path in paths), *OVERVIEW]
    return [name for name in wanted if name in begun or not (results / name).is_file()]
