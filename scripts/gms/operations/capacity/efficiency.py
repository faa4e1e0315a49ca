"""What jobs asked for compared with what they used, and what to ask for instead: one row per rule."""

import math
from typing import Any

import pandas as pd

from gms.base.tables import table
from gms.inputs.requests import FLOOR_MB, FLOOR_MINUTES

BOUND = 2.0  # a request may be this many times what was used; less would lose jobs to chance
CLOSE = 1.1  # a request below this many times the use was nearly not enough
MARGIN = 1.5  # times the most that was used: what is proposed
# Amount: column with its requests, key of set-resources, floor of a request.
AMOUNTS = {"memory": ("asked_memory", "mem_mb", FLOOR_MB), "minutes": ("asked_minutes", "runtime", FLOOR_MINUTES)}
FIGURES = ("asked", "median", "most", "ratio")
NOTES = (
    "used: by the median job of the rule; most: by the one that used most.",
    "asked/used: of the job that came closest to its request. A request of at most "
    f"{FLOOR_MB} MB or {FLOOR_MINUTES} minutes is never too much:",
    "a job starts an interpreter and its libraries, and one that hits a limit is run again and costs twice.",
)


def summary(jobs: pd.DataFrame) -> pd.DataFrame:
    """One row per rule of a table of jobs: `jobs`, `threads` (the most), `busy` (share of the requested processor time
    that was used), `measured` (all by the kernel's account) and for `memory` (MB) and `minutes`, as in `memory_asked`:
    the largest request, the median and largest use, and the lowest ratio of request to use. NaN: not known."""
    rules = jobs.groupby("rule")
    had = (jobs["seconds"] * jobs["threads"]).where(jobs["cpu"].notna())
    busy = jobs["cpu"].where(had.notna()).groupby(jobs["rule"]).sum() / had.groupby(jobs["rule"]).sum(min_count=1)
    found = {"jobs": rules.size(), "threads": rules["threads"].max(), "busy": busy, "measured": rules["measured"].all()}
    for used, (asked, *_) in AMOUNTS.items():
        ratio = (jobs[asked] / jobs[used]).groupby(jobs["rule"]).min()
        figures = (rules[asked].max(), rules[used].median(), rules[used].max(), ratio)
        found |= {f"{used}_{name}": figure for name, figure in zip(FIGURES, figures, strict=True)}
    return pd.DataFrame(found)


def is_too_much(rules: pd.DataFrame, amount: str) -> pd.Series:
    """Whether no job of a rule used half of what it asked for, and the request is above the floor."""
    return (rules[f"{amount}_ratio"] > BOUND) & (rules[f"{amount}_asked"] > AMOUNTS[amount][2])


def text(rules: pd.DataFrame) -> list[str]:
    """The table, what is too much, and what is proposed."""
    header = ("rule", "jobs", "MB asked", "used", "most", "asked/used", "min asked", "used", "most", "asked/used")
    lines = [table((*header, "threads", "busy"), [cells(rule, row) for rule, row in rules.iterrows()]), "", *NOTES]
    if rules["memory_asked"].isna().any():
        lines.append("-: not recorded; run with ./gms run, or with Snakemake's --benchmark-extended.")
    if not rules["measured"].all():
        lines.append("Memory and processor time are Snakemake's: it misses processes that end between two samples, so")
        lines.append("the figures of short jobs are too low. ./gms benchmark usage measures all of it.")
    return [*lines, "", *proposal(rules)]


def cells(rule: str, row: pd.Series) -> tuple:
    """One line of the table; a ratio in the hundreds says no more than that the request is a floor."""
    amounts = [cell for amount in AMOUNTS for cell in _amounts(row, amount)]
    threads = None if pd.isna(row["threads"]) else int(row["threads"])
    return (rule, row["jobs"], *amounts, threads, None if pd.isna(row["busy"]) else f"{row['busy']:.0%}")


def _amounts(row: pd.Series, amount: str) -> list[str]:
    asked, median, most, ratio = (row[f"{amount}_{name}"] for name in FIGURES)
    shown = [
        "-" if pd.isna(value) else f"{value:,.0f}" if value >= 10 else f"{value:.1f}" for value in (asked, median, most)
    ]
    times = "-" if pd.isna(ratio) else f"{ratio:.1f}" if ratio < 100 else ">99"
    return [*(value.rjust(6) for value in shown), times.rjust(10)]


def proposal(rules: pd.DataFrame) -> list[str]:
    """Lines for a profile: requests for rules that asked for too much or came within a tenth of their request."""
    changes = {rule: lines for rule in rules.index if (lines := proposed(rules.loc[[rule]]))}
    if not changes:
        return [f"No rule asks for more than {BOUND:g} times what it used, and none came close to its request."]
    head = [
        f"Proposed: {MARGIN:g} times the most that was used, and as much again on each retry. For a site's profile,",
        "whose inputs are like these; larger inputs need more (the workflow's own requests grow with them).",
    ]
    return [*head, "set-resources:", *(f"  {line}" for name in changes for line in (f"{name}:", *changes[name]))]


def proposed(rule: pd.DataFrame) -> list[str]:
    """The lines of one rule (a table of one row), none where its requests fit."""
    lines = []
    for amount, (_, key, floor) in AMOUNTS.items():
        if (is_too_much(rule, amount) | (rule[f"{amount}_ratio"] < CLOSE)).item():
            most = rule[f"{amount}_most"].item()
            lines.append(f'  {key}: "{max(floor, round_up(MARGIN * most))} * attempt"')
    return lines


def round_up(amount: float) -> int:
    """To two digits, upwards: 1,234 becomes 1,300."""
    unit = 10 ** max(0, len(str(int(amount))) - 2)
    return math.ceil(amount / unit) * unit


def as_json(rules: pd.DataFrame) -> list[dict[str, Any]]:
    """The figures of each rule with their names; None for what is not known."""
    known = rules.astype(object).where(rules.notna(), None)
    return [
        {"rule": rule}
        | {
            amount: {"rule": rule, "jobs": row["jobs"]} | {name: row[f"{amount}_{name}"] for name in FIGURES}
            for amount in AMOUNTS
        }
        | {name: row[name] for name in ("threads", "busy", "measured")}
        for rule, row in known.iterrows()
    ]
