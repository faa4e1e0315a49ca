"""gms efficiency: what jobs asked for beside what they used, and what to ask for instead."""

import math
import statistics
from collections.abc import Sequence
from typing import NamedTuple

from gms.base.tables import table
from gms.inputs.requests import FLOOR_MB, FLOOR_MINUTES
from gms.operations.capacity.usage import Job

BOUND = 2.0  # a request may be this many times what was used; less would lose jobs to chance
MARGIN = 1.5  # times the most that was used: what is proposed
NOTES = (
    "used: by the middle job of the rule; most: by the one that used most.",
    "ratio: the closest that a job came to its request. A request of at most "
    f"{FLOOR_MB} MB or {FLOOR_MINUTES} minutes is never too much:",
    "a job begins with an interpreter and its libraries, and one that ends at a limit is run again and costs twice.",
)


class Row(NamedTuple):
    """One rule: amounts of its jobs. `asked` and `ratio` are None where nobody wrote the request down."""

    rule: str
    jobs: int
    asked: float | None  # the most
    median: float | None
    most: float | None
    ratio: float | None  # request over use, of the job that came closest to its request

    def too_much(self, floor: float) -> bool:
        """Whether no job used half of what it asked for, and the request is above the floor."""
        return self.ratio is not None and self.ratio > BOUND and self.asked > floor


class Rule(NamedTuple):
    """Memory in MB, time in minutes; `busy` is the share of the asked processors that worked, `threads` the most."""

    memory: Row
    time: Row
    threads: int | None
    busy: float | None
    measured: bool


def summary(name: str, jobs: Sequence[Job]) -> Rule:
    """What the jobs of one rule asked for and used."""
    memory = row(name, [(job.asked_memory, job.memory) for job in jobs])
    time = row(name, [(job.asked_minutes, job.seconds / 60) for job in jobs])
    shares = [(job.cpu, job.seconds * job.threads) for job in jobs if job.cpu is not None and job.threads]
    busy = sum(cpu for cpu, _ in shares) / sum(had for _, had in shares) if shares else None
    threads = max((job.threads for job in jobs if job.threads), default=None)
    return Rule(memory, time, threads, busy, all(job.measured for job in jobs))


def row(name: str, pairs: Sequence[tuple[float | None, float | None]]) -> Row:
    """Requests and uses of the jobs of a rule, each None where it is not known."""
    asked = [asked for asked, _ in pairs if asked is not None]
    used = [used for _, used in pairs if used is not None]
    ratios = [asked / used for asked, used in pairs if asked is not None and used]
    middle = statistics.median(used) if used else None
    return Row(name, len(pairs), max(asked, default=None), middle, max(used, default=None), min(ratios, default=None))


def text(rules: Sequence[Rule]) -> list[str]:
    """The table, what is too much, and what is proposed."""
    header = ("rule", "jobs", "MB asked", "used", "most", "asked/used", "min asked", "used", "most", "asked/used")
    rows = [(*cells(rule.memory), *cells(rule.time)[2:], *processors(rule)) for rule in rules]
    lines = [table((*header, "threads", "busy"), rows), "", *NOTES]
    if any(rule.memory.asked is None for rule in rules):
        lines.append("-: not recorded; run with ./gms run, or with Snakemake's --benchmark-extended.")
    if not all(rule.measured for rule in rules):
        lines.append("Memory and processor time are Snakemake's: it misses processes that end between its looks, hence")
        lines.append("short jobs show too little. ./gms benchmark usage measures all of it.")
    return [*lines, "", *proposal(rules)]


def cells(row: Row) -> tuple:
    """The amounts of one row; a request hundreds of times the use says no more than that it is a floor."""
    shown = ("-" if value is None else f"{value:,.0f}" if value >= 10 else f"{value:.1f}" for value in row[2:5])
    ratio = "-" if row.ratio is None else f"{row.ratio:.1f}" if row.ratio < 100 else ">99"
    return (row.rule, row.jobs, *(amount.rjust(6) for amount in shown), ratio.rjust(10))


def processors(rule: Rule) -> tuple[int | None, str | None]:
    return rule.threads, None if rule.busy is None else f"{rule.busy:.0%}"


def proposal(rules: Sequence[Rule]) -> list[str]:
    """Lines for a profile: what rules that asked for too much, or came within a tenth of their request, might ask."""
    changes = {rule.memory.rule: lines for rule in rules if (lines := proposed(rule))}
    if not changes:
        return [f"No rule asks for more than {BOUND:g} times what it used, and none came close to its request."]
    head = [
        f"Proposed: {MARGIN:g} times the most that was used, and as much again on each retry. For a site's profile,",
        "whose inputs are like these; larger inputs need more (the workflow's own requests grow with them).",
    ]
    return [*head, "set-resources:", *(f"  {line}" for name in changes for line in (f"{name}:", *changes[name]))]


def proposed(rule: Rule) -> list[str]:
    """The lines of one rule, none where its requests fit."""
    lines = []
    for key, amounts, floor in (("mem_mb", rule.memory, FLOOR_MB), ("runtime", rule.time, FLOOR_MINUTES)):
        if amounts.ratio is not None and (amounts.too_much(floor) or amounts.ratio < 1.1):
            lines.append(f'  {key}: "{max(floor, round_up(MARGIN * amounts.most))} * attempt"')
    return lines


def round_up(amount: float) -> int:
    """To two digits, upwards: 1,234 becomes 1,300."""
    unit = 10 ** max(0, len(str(int(amount))) - 2)
    return math.ceil(amount / unit) * unit


def as_json(rule: Rule) -> dict:
    """The figures of one rule with their names."""
    own = {"threads": rule.threads, "busy": rule.busy, "measured": rule.measured}
    return {"rule": rule.memory.rule, "memory": rule.memory._asdict(), "minutes": rule.time._asdict(), **own}
