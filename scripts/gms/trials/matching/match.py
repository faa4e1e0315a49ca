"""A case and all trials: trials/{case}.json, arms ranked, each with its tree (trial_match.schema.json)."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from gms.trials.definitions.model import NO_ENROLMENT, Cohort, Trial
from gms.trials.matching.case_facts import CaseFacts
from gms.trials.matching.evaluate import explain, needs, ruled_out_by, state_of
from gms.trials.matching.outcome import MET, NOT_MET, UNKNOWN

FORMAT = "1.0"
STATES = {MET: "eligible", NOT_MET: "not_eligible", UNKNOWN: "unknown"}
CLOSED = "closed"
_ORDER = ("eligible", "unknown", "not_eligible")


def closed_because(trial: Trial, cohort: Cohort, day: str) -> str:
    """Why an arm takes nobody on a day; '' where it is open."""
    if day < trial.first_day:
        return f"the definition holds from {trial.first_day}"
    if not trial.holds_on(day):
        return f"the definition held until {trial.last_day}"
    if trial.status != "open":
        return f"the trial is {trial.status}"
    if cohort.status != "open":
        return f"the cohort is {cohort.status}"
    return "no slots are left" if cohort.slots == 0 else ""


def arm_state(trial: Trial, cohort: Cohort, facts: CaseFacts) -> str:
    """eligible, not_eligible or unknown; closed where the arm takes nobody on the day of the decision."""
    if closed_because(trial, cohort, facts.day):
        return CLOSED
    return STATES[state_of(cohort.tree, facts)]


def match(trials: Iterable[Trial], facts: CaseFacts) -> dict[str, Any]:
    """The content of trials/{case}.json for the trials that count on the day of the decision."""
    trials = list(trials)
    arms = [_arm(trial, cohort, facts) for trial in trials for cohort in trial.cohorts]
    arms.sort(key=lambda arm: (not arm["open"], _ORDER.index(arm["state"]), arm["rank"], arm["trial"], arm["cohort"]))
    return {
        "format": FORMAT,
        "note": NO_ENROLMENT,
        "case": facts.name,
        "assay": facts.document["case"]["assay"],
        "decided_on": facts.day,
        "verdict": facts.document["verdict"],
        "definitions": [{"trial": trial.id, "version": trial.version, "source": trial.source} for trial in trials],
        "oncotree": facts.oncotree.version if facts.oncotree else None,
        "clinical_items": len(facts.clinical),
        "arms": [{key: value for key, value in arm.items() if key != "rank"} for arm in arms],
    }


def _arm(trial: Trial, cohort: Cohort, facts: CaseFacts) -> dict[str, Any]:
    closed = closed_because(trial, cohort, facts.day)
    tree = explain(cohort.tree, facts)
    return {
        "trial": trial.id,
        "version": trial.version,
        "trial_title": trial.title,
        "source": trial.source,
        "cohort": cohort.id,
        "title": cohort.title,
        "drug": cohort.drug,
        "drug_codes": dict(cohort.drug_codes),
        "evidence": dict(cohort.evidence),
        "state": STATES[tree["state"]],
        "open": not closed,
        "closed_because": closed,
        "slots": cohort.slots,
        "sites": list(trial.sites),
        "needs": needs(tree),
        "ruled_out_by": ruled_out_by(tree),
        "tree": tree,
        "rank": cohort.rank,
    }


def criteria(tree: Mapping[str, Any], depth: int = 0) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """(depth, node) of a tree in reading order, its root left out."""
    for part in tree["parts"]:
        yield depth, part
        yield from criteria(part, depth + 1)
