"""Compares the events of a run with the log that Snakemake wrote of the same run, read by the parser of that text which
./gms run used before there were events (snakemake_text): both must see the same jobs with the same outcomes."""

import sys
from pathlib import Path

import snakemake_text
from gms.operations.run.event_files import FOLDER, read_events
from gms.operations.run.events import Job, Progress

AT_ONCE = 8  # jobs whose start or end only one of the two had noted when a run was killed


def check_all(folder: Path) -> list[str]:
    """Differences of all runs whose results are below a folder, and how many were compared."""
    files = sorted(folder.glob(f"**/{FOLDER}/*.jsonl"))
    found = [f"{file}: {line}" for file in files for line in differences(file)]
    print(f"{len(files)} runs compared with their logs, {len(found)} differences")
    return found


def differences(file: Path) -> list[str]:
    """What events and log of one run say differently."""
    new = read_events(file)
    if not Path(new.full_log).is_file():
        return ["no log to compare with"]
    old = snakemake_text.Progress()
    for line in Path(new.full_log).read_text(errors="replace").splitlines():
        old.feed(line)
    is_whole = new.ended.get("outcome") in ("done", "failed")
    found = compare("jobs", described(new.jobs), described(old.jobs), 0 if is_whole else AT_ONCE)
    found += compare(
        "failed", described(new.failed), described(expected_failures(new, old)), 0 if is_whole else AT_ONCE
    )
    found += compare("cluster", dict.fromkeys(new.cluster_runs, 1), dict.fromkeys(old.cluster_runs, 1), 0)
    if is_whole:
        found += compare("running", described(new.running), described(old.running), 0)
        counts = [{"done": state.done, "total": state.total} for state in (new, old)]
        found += compare("counts", *counts, 0)
    return found


def expected_failures(new: Progress, old: snakemake_text.Progress) -> dict[str, Job]:
    """The failures of the log, less those of which events know more: jobs of a Grid Engine group that succeeded at
    another attempt, and what a stop ended."""
    return {jobid: job for jobid, job in old.failed.items() if jobid not in new.finished and not new.is_stopping}


def described(jobs: dict[str, Job]) -> dict[str, tuple]:
    """What both must know of each job."""
    return {
        jobid: (job.rule, job.wildcards, job.logs, job.group_logs, job.amounts, job.earlier, first_line(job.message))
        for jobid, job in jobs.items()
    }


def first_line(text: str) -> str:
    return text.partition("\n")[0].strip()


def compare(what: str, new: dict, old: dict, most: int) -> list[str]:
    """The differences, where there are more than `most` keys that only one has, or any other."""
    lacking = sorted(new.keys() ^ old.keys())
    found = [f"{what} {key}: only in the {'events' if key in new else 'log'}" for key in lacking]
    found = found if len(found) > most else []
    both = sorted(new.keys() & old.keys())
    return found + [f"{what} {key}: events {new[key]}, log {old[key]}" for key in both if new[key] != old[key]]


if __name__ == "__main__":
    lines = check_all(Path(sys.argv[1]))
    print("\n".join(lines))
    sys.exit(bool(lines))
