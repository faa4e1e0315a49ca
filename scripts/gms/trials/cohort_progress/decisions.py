"""Where a cohort stands in its two-stage design, and what follows: go on, stop, declare active, or wait.

Patients that cannot be evaluated never count; the next one takes their place. Only the first n1, or n, in the order of
enrolment decide; those beyond are reported as over-enrolled. A bound that is passed ends nothing early: stopping for
success is not part of the design.
"""

from collections.abc import Iterable
from typing import NamedTuple

from gms.trials.cohort_progress.patients import Patient
from gms.trials.two_stage.attained import first_bound, last_bound
from gms.trials.two_stage.design import Design
from gms.trials.two_stage.estimates import METHOD, Estimate, estimate

GO_ON, STOP, ACTIVE, WAIT = "go_on", "stop", "declare_active", "wait"


class Standing(NamedTuple):
    """Counts of persons. `stage` 1 or 2; `evaluable`, `benefit`: of those that decide; `over`: evaluated beyond them.

    `steps`: responses after each evaluated patient in the order of enrolment, for the drawing. `estimate` where the
    design has ended.
    """

    stage: int
    evaluable: int
    benefit: int
    pending: int
    not_evaluable: int
    over: int
    decision: str
    because: str
    steps: tuple[int, ...] = ()
    estimate: Estimate | None = None
    method: str = METHOD


def standing(design: Design, patients: Iterable[Patient]) -> Standing:
    """From patients in the order of enrolment."""
    everyone = list(patients)
    counted = [one for one in everyone if one.evaluable != "no"]
    first, both = counted[: design.n1], counted[: design.n]
    lost = len(everyone) - len(counted)
    decision, because = _first_stage(design, first)
    stage, group = (1, first) if decision != GO_ON or len(counted) <= design.n1 else (2, both)
    if decision == GO_ON and (len(both) > design.n1 or _pending(first) == 0 and len(first) == design.n1):
        stage, group = 2, both
        decision, because = _second_stage(design, both)
    evaluated = [one for one in group if one.benefit is not None]
    over = sum(one.benefit is not None for one in counted[len(group) :])
    benefit = sum(one.benefit for one in evaluated)
    found = _estimate(design, stage, decision, len(evaluated), benefit)
    steps = tuple(sum(one.benefit for one in evaluated[: place + 1]) for place in range(len(evaluated)))
    return Standing(stage, len(evaluated), benefit, _pending(counted), lost, over, decision, because, steps, found)


def _pending(patients: Iterable[Patient]) -> int:
    return sum(one.benefit is None for one in patients)


def _first_stage(design: Design, first: list[Patient]) -> tuple[str, str]:
    """Decision on the first n1 patients that can be, or may become, evaluable."""
    benefit, open_ones = sum(bool(one.benefit) for one in first), _pending(first)
    missing = design.n1 - len(first)
    if benefit > design.r1:
        return GO_ON, f"{benefit} with benefit in the first stage, more than {design.r1}"
    if benefit + open_ones + missing <= design.r1:
        return STOP, f"{benefit} of {design.n1} with benefit, at most {design.r1}: futility"
    if missing:
        return WAIT, f"recruit {missing} more for the first stage of {design.n1}"
    return WAIT, f"pause recruitment: {open_ones} of the first {design.n1} are not evaluated yet"


def _second_stage(design: Design, both: list[Patient]) -> tuple[str, str]:
    """Decision on the first n patients of a cohort that passed the first stage."""
    benefit, open_ones = sum(bool(one.benefit) for one in both), _pending(both)
    missing = design.n - len(both)
    if benefit + open_ones + missing <= design.r:
        return STOP, f"{benefit} with benefit, more than {design.r} of {design.n} cannot be reached: not active"
    if missing:
        return GO_ON, f"recruit {missing} more for both stages of {design.n}"
    if open_ones:
        return WAIT, f"{open_ones} of {design.n} are not evaluated yet"
    return ACTIVE, f"{benefit} of {design.n} with benefit, more than {design.r}"


def _estimate(design: Design, stage: int, decision: str, evaluable: int, benefit: int) -> Estimate | None:
    """Only of a design that has ended with the patients it plans."""
    planned = design.n1 if stage == 1 else design.n
    is_end = decision in (STOP, ACTIVE) and evaluable == planned
    return estimate(design, benefit, stage) if is_end else None


def standing_of_counts(design: Design, counts: "Counts", passed: bool) -> Standing:
    """From totals without the order of patients, as merged countries have them (gms.trials.two_stage.attained).

    `passed`: whether the first stage was passed already, by a decision that is taken back by nothing.
    """
    evaluable, benefit = counts.evaluable, counts.benefit
    stage, decision, because = _of_totals(design, evaluable, benefit, passed)
    found = estimate(design._replace(n=evaluable), benefit, 2) if stage == 2 and evaluable >= design.n else None
    over = max(0, evaluable - design.n)
    return Standing(stage, *counts, over, decision, because, (), found)


class Counts(NamedTuple):
    """Persons of a cohort by what is known of them."""

    evaluable: int
    benefit: int
    pending: int
    not_evaluable: int


def _of_totals(design: Design, evaluable: int, benefit: int, passed: bool) -> tuple[int, str, str]:
    """Stage, decision and reason."""
    if evaluable < design.n1:
        decision = GO_ON if passed or benefit > design.r1 else WAIT
        return 1, decision, f"{evaluable} of {design.n1} of the first stage are evaluated"
    if evaluable < design.n:
        bound = first_bound(design, evaluable)
        if not passed and benefit <= bound:
            return 1, STOP, f"{benefit} of {evaluable} with benefit, at most {bound}: futility"
        if benefit + design.n - evaluable <= design.r:
            return 2, STOP, f"{benefit} with benefit, more than {design.r} of {design.n} cannot be reached: not active"
        return 2, GO_ON, f"recruit {design.n - evaluable} more for both stages of {design.n}"
    bound = last_bound(design, evaluable)
    decision = ACTIVE if benefit > bound else STOP
    return 2, decision, f"{benefit} of {evaluable} with benefit, the bound at this size is {bound}"
