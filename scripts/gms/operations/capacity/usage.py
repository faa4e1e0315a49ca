"""What the jobs of finished runs asked for and what they used, from results/benchmarks.

Asked: memory, time and threads, which Snakemake writes with --benchmark-extended (profiles/base sets it). Used: what
Snakemake saw of the job's processes every half second, after a quarter of a minute every half minute: short peaks are
missed, and processes that have ended in between take their processor time with them. `gms benchmark usage` measures
with the kernel's account of every process and writes benchmarks/usage.tsv, which is taken instead where it is there.
"""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from gms.base.errors import GmsError

if TYPE_CHECKING:
    import pandas as pd

MEASURED = "usage.tsv"


class Job(NamedTuple):
    """One job; memory in MB, None for what nobody wrote down or could measure."""

    rule: str
    name: str
    seconds: float
    cpu: float | None
    memory: float | None
    threads: int | None
    asked_memory: int | None
    asked_minutes: int | None
    measured: bool  # by the kernel's account


class NoBenchmarks(GmsError):
    """A folder that holds no benchmarks."""

    def __init__(self, folder: Path):
        super().__init__(
            f"{folder} holds no benchmarks: give the results folder of a run that has ended (`results:` of its config)"
        )


def read_jobs(results: Path) -> list[Job]:
    """Every job that left a benchmark in a results folder, by rule and name. Raises NoBenchmarks."""
    folder = results / "benchmarks"
    exact = read_measured(folder / MEASURED)
    paths = sorted(folder.glob("*/**/*.jsonl"))
    if not paths:
        raise NoBenchmarks(results)
    return [job for path in paths if (job := read_job(path, folder, exact))]


def read_measured(path: Path) -> dict[str, list[float]]:
    """RULE/NAME to wall seconds, processor seconds, largest memory of one process and of all together; the last try
    of a job counts."""
    if not path.exists():
        return {}
    rows = (line.split("\t") for line in path.read_text().splitlines())
    return {name: [float(figure) for figure in figures] for name, *figures in rows}


def read_job(path: Path, folder: Path, exact: dict[str, list[float]]) -> Job | None:
    """The job of one benchmark file; None where the file is empty or cut off, as a kill leaves it."""
    try:
        line = json.loads(path.read_text().splitlines()[-1])
        seconds = float(line["s"])
    except (IndexError, ValueError, KeyError, TypeError):
        return None
    name = path.relative_to(folder).with_suffix("")
    cpu, memory = number(line.get("cpu_time")), number(line.get("max_rss"))
    if figures := exact.get(str(name)):
        seconds, cpu, memory = figures[0], figures[1], max(figures[2:])
    asked = line.get("resources") or {}
    whole = (whole_number(value) for value in (line.get("threads"), asked.get("mem_mb"), asked.get("runtime")))
    return Job(name.parts[0], "/".join(name.parts[1:]), seconds, cpu, memory, *whole, bool(figures))


def number(value: Any) -> float | None:
    """Snakemake writes NA for what it could not measure; a job without any memory was too short to be seen."""
    return float(value) if isinstance(value, int | float) and value > 0 else None


def whole_number(value: Any) -> int | None:
    """A request; Snakemake writes a name in brackets for one that was not yet known."""
    return value if isinstance(value, int) else None


def jobs_table(folders: Iterable[Path]) -> "pd.DataFrame":
    """One row per job of results folders: the fields of Job and `minutes`, its wall time; NaN for what is not known.

    Raises NoBenchmarks.
    """
    import pandas as pd

    jobs = pd.DataFrame([job for folder in folders for job in read_jobs(folder)], columns=list(Job._fields))
    numbers = [name for name in Job._fields if name not in ("rule", "name", "measured")]
    jobs[numbers] = jobs[numbers].apply(pd.to_numeric)
    return jobs.assign(minutes=jobs["seconds"] / 60)
