"""Re-screening of finished cases: the state of every arm for every case, and what is new since the last time.

trials/screening.json holds the states. A case of which any arm changed gets a new trials/{case}.json and page, so that
no page offers an arm that is closed or ruled out by now.
"""

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from gms.base.json_tables import read_json, write_json
from gms.base.results import named
from gms.report.render import render
from gms.trials.matching.case_facts import CaseFacts, NoReport, read_exons, read_facts
from gms.trials.matching.match import arm_state, match
from gms.trials.matching.settings import Screening

HERE = Path(__file__).parent
RECORD = "trials/screening.json"
_BETTER = {"closed": 0, "not_eligible": 0, "unknown": 1, "eligible": 2}
States = dict[str, dict[str, str]]  # case -> "trial/cohort" -> state


class News(NamedTuple):
    """A case and an arm whose state rose; `before` is '' where the arm, or the case, is new."""

    case: str
    arm: str
    version: str
    before: str
    now: str


def exon_tables(results: Path) -> dict[str, Any]:
    """Exons that the assays cover, by assay."""
    suffix = ".exons.tsv"
    return {path.name.removesuffix(suffix): read_exons(path) for path in results.glob(f"qc/regions/*{suffix}")}


def write_match(facts: CaseFacts, screening: Screening, results: Path) -> dict[str, Any]:
    """trials/{case}.json and its page; the content."""
    document = match(screening.trials, facts)
    target = results / named("trials").at(case=facts.name)
    target.parent.mkdir(exist_ok=True)
    write_json(target, document)
    target.with_suffix(".html").write_text(page(document))
    return document


def page(document: Mapping[str, Any]) -> str:
    """The page of a case."""
    return render(document, HERE / "match.html", HERE / "match.css")


def screen(screening: Screening, results: Path, cases: Iterable[str], workers: int = 2) -> tuple[States, list[str]]:
    """States of all arms for all cases, and the cases that could not be read, with why."""
    cases = list(cases)
    exons = exon_tables(results)
    shards = [cases[start::workers] for start in range(workers)]
    work = partial(_screen_shard, screening=screening, results=results, exons=exons)
    if len(cases) < 50 or workers == 1:
        answers: Iterable[tuple[States, list[str]]] = [work(cases)]
    else:
        with ProcessPoolExecutor(workers) as pool:
            answers = list(pool.map(work, shards))
    states = {case: found for part, _ in answers for case, found in part.items()}
    return dict(sorted(states.items())), [text for _, failed in answers for text in failed]


def _screen_shard(
    cases: list[str], screening: Screening, results: Path, exons: Mapping[str, Any]
) -> tuple[States, list[str]]:
    states, failed = {}, []
    for case in cases:
        try:
            facts = read_facts(case, results, exons, screening.clinical, screening.oncotree, screening.day)
        except NoReport as error:
            failed.append(str(error))
            continue
        states[case] = {
            f"{trial.id}/{cohort.id}": arm_state(trial, cohort, facts)
            for trial in screening.trials
            for cohort in trial.cohorts
        }
    return states, failed


def news(screening: Screening, before: Mapping[str, Any], states: States) -> Iterator[News]:
    """Arms that became eligible, or unknown after having been closed or ruled out; of a case or an arm that was not
    screened before the eligible ones."""
    versions = {f"{trial.id}/{cohort.id}": trial.version for trial in screening.trials for cohort in trial.cohorts}
    known = before.get("states", {})
    for case, arms in states.items():
        for arm, now in arms.items():
            old = known.get(case, {}).get(arm, "")
            if _BETTER[now] > _BETTER.get(old, 1):
                yield News(case, arm, versions[arm], old, now)


def changed_cases(before: Mapping[str, Any], states: States, results: Path) -> Iterator[str]:
    """Cases whose page is made anew: their arms changed, or they have a page that no screening has seen."""
    known = before.get("states", {})
    for case, arms in states.items():
        if case in known:
            is_changed = arms != known[case]
        else:
            is_changed = "eligible" in arms.values() or (results / named("trials").at(case=case)).is_file()
        if is_changed:
            yield case


def withdrawn(before: Mapping[str, Any], states: States) -> Iterator[tuple[str, str, str]]:
    """(case, arm, state now) of arms that were open to a case at the last screening and are not any more."""
    for case, arms in before.get("states", {}).items():
        for arm, old in arms.items():
            now = states.get(case, {}).get(arm, "not there any more")
            if old == "eligible" and now != old and case in states:
                yield case, arm, now


def last_screening(results: Path) -> Mapping[str, Any]:
    """What the last screening wrote; empty before the first."""
    path = results / RECORD
    return read_json(path) if path.is_file() else {}


def write_screening(screening: Screening, results: Path, states: States, found: Iterable[News]) -> None:
    """Keep the states for the next time; whole or not at all."""
    target = results / RECORD
    target.parent.mkdir(exist_ok=True)
    versions = {trial.id: trial.version for trial in screening.trials}
    content = {"decided_on": screening.day, "definitions": versions, "news": [one._asdict() for one in found]}
    draft = target.with_name(f".{target.name}.{os.getpid()}")
    draft.write_text(json.dumps({**content, "states": states}))
    draft.replace(target)
