"""What a run would do: the planned jobs of a dry-run, what they need, and which input files are missing."""

import os
import subprocess
from pathlib import Path
from statistics import median

from gms.base.problems import Findings, counted, shown
from gms.base.project import PROJECT, quick_start
from gms.base.results import FILES, SUBJECTS
from gms.inputs.assay_files import named_files
from gms.inputs.load_run import read_run
from gms.inputs.run_model import Run
from gms.operations.capacity.usage import NoBenchmarks, read_jobs
from gms.operations.run.conclusion import explain_stop
from gms.operations.run.event_files import moved_note, with_events, with_plugins
from gms.operations.run.events import Progress
from gms.preflight.check_run import check_policies, gatk_problems

MOST_LINES = 22  # of the summary


def show_plan(command: list[str], configfile: Path | None = None) -> int:
    """Print the table of jobs of a dry-run and what it sums up to, or why there is none. Returns the exit code. Raises
    Problems of the policies."""
    asked = {"--verbose", "--printshellcmds", "--quiet", "-q", "--reason"}.intersection(command)
    if asked:
        return subprocess.call(quick_start(command), cwd=PROJECT, stderr=subprocess.STDOUT)
    progress, code = dry_run(command)
    if code:
        return explain_stop(progress, code)
    run = None if configfile is None else sound_run(configfile)
    print(plan_summary(progress))
    if run:
        jobs = jobs_of(progress)
        moved = moved_note(run.results, configfile) if jobs else ""
        print("\n".join(["", *extent(run, jobs), *filter(None, [moved])]))
    return 0


def sound_run(configfile: Path) -> Run:
    """The run of a config, whose policies can be used. Raises Problems."""
    run, findings = read_run(configfile), Findings()
    check_policies(run, findings)
    findings.raise_if_any()
    return run


def dry_run(command: list[str]) -> tuple[Progress, int]:
    """The state of a dry-run when its jobs are counted, and its exit code.

    With these words to be quiet about, Snakemake ends there. It would go on to describe each job, a third of its time.
    """
    quiet = [command[0], "--quiet", "rules", "progress", *command[1:]]
    pipes = {"stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE, "text": True, "errors": "replace"}
    process = subprocess.Popen(quick_start(with_events(quiet)), cwd=PROJECT, env=with_plugins(os.environ), **pipes)
    progress = Progress()
    for line in process.stderr:
        progress.feed(line)
    return progress, process.wait()


def plan_summary(progress: Progress) -> str:
    """The planned jobs by rule."""
    if not progress.stats:
        return "Nothing to be done: all results are up to date."
    return "\n".join(["A run would start:", *(f"{count:>7}  {rule}" for rule, count in jobs_of(progress).items())])


def jobs_of(progress: Progress) -> dict[str, int]:
    """Planned jobs by rule; `all` is only the list of targets."""
    return {rule: count for rule, count in progress.stats.items() if rule != "all"}


def extent(run: Run, jobs: dict[str, int]) -> list[str]:
    """The plan summed up: cases, samples and jobs, processor hours and disk space, and input files that are missing."""
    amounts = {"case": len(run.cases), "sample": len(run.samples), "job": sum(jobs.values())}
    if run.monitored:
        amounts = {"patient": sum(case.index.role == "plasma" for case in run.monitored.values())} | amounts
    if run.plates:
        amounts = {"plate": len(run.plates), "viral sample": len(run.viral_samples)} | amounts
    lines = [", ".join(counted(number, noun) for noun, number in amounts.items())]
    lines += [needs(jobs, run.results), "The content of input files is checked when the run starts"] if jobs else []
    lines += gatk_problems(run, in_containers=False)
    if missing := [path for path in input_files(run) if not path.exists()]:
        verb = "is" if len(missing) == 1 else "are"
        lines += [f"{counted(len(missing), 'input file')} {verb} missing:", *(f"  {shown(path)}" for path in missing)]
    return lines[: MOST_LINES + 1] + (["  …"] if len(lines) > MOST_LINES + 1 else [])


def input_files(run: Run) -> list[Path]:
    """Every file or folder that a run reads, each once: those that the config and the sheet name, then reads and
    calls."""
    samples = (*run.samples.values(), *run.viral_samples.values())
    reads = [path for sample in samples for lane in sample.lanes for path in lane.files]
    return list(dict.fromkeys([*named_files(run), *reads]))


def needs(jobs: dict[str, int], results: Path) -> str:
    """Processor hours and gigabytes of the planned jobs, by the median of the jobs of each rule that are done in the
    same results folder."""
    seconds, sizes = seconds_of_rules(results), {rule: size_of_output(rule, results) for rule in jobs}
    known = [rule for rule in jobs if rule in seconds]
    if not known:
        return "Hours and disk space are not known yet: no job of these rules is done in this results folder"
    hours = sum(seconds[rule] * jobs[rule] for rule in known) / 3600
    gigabytes = sum(sizes[rule] * jobs[rule] for rule in jobs) / 1e9
    least = "About" if len(known) == len(jobs) else "At least"
    return (
        f"{least} {figure(hours)} processor hours and {figure(gigabytes)} GB, by the jobs done in this results folder"
    )


def figure(value: float) -> str:
    """1,234.5 or, below 1, two digits that say something: 0.021."""
    return f"{value:,.1f}" if value >= 1 else f"{value:.2g}"


def seconds_of_rules(results: Path) -> dict[str, float]:
    """Median processor seconds of a job of each rule that was measured; wall time where a job was too short."""
    try:
        done = read_jobs(results)
    except NoBenchmarks:
        return {}
    spent: dict[str, list[float]] = {}
    for job in done:
        spent.setdefault(job.rule, []).append(job.seconds if job.cpu is None else job.cpu)
    return {rule: median(found) for rule, found in spent.items()}


def size_of_output(rule: str, results: Path) -> float:
    """Bytes of the files that one job of a rule makes, as the mean of those that are there; 0 where none is."""
    total = 0.0
    for file in FILES:
        caller = rule.removeprefix("call_")
        if file.rule in (rule, rule.replace(f"call_{caller}", "call_{caller}")) and not file.path.endswith("/"):
            pattern = file.path.format(**dict.fromkeys(SUBJECTS, "*") | {"caller": caller})
            sizes = [path.stat().st_size for path in results.glob(pattern) if path.is_file()]
            total += sum(sizes) / len(sizes) if sizes else 0.0
    return total
