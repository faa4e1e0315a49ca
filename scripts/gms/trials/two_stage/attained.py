"""Bounds of a design whose stages ended with other numbers of patients than planned, known by their totals only.

Used where countries are merged by counts, so that the order of patients is not known. First stage: the largest bound
that stops a drug of interest (p1) no more often than planned. End: the smallest bound whose type I error (p0) is no
larger than planned, given the planned first stage. To keep the planned error at the attained size is the idea of Green
and Dahlberg 1992 (Stat Med 11:853-862).
"""

from gms.trials.two_stage.design import Design, active_probability, at_least, binomial, early_termination


def first_bound(design: Design, evaluable: int) -> int:
    """Stop with so many responses or fewer after `evaluable` >= n1 patients of the first stage."""
    allowed = early_termination(design, design.p1)
    tail = 0.0
    for responses, probability in enumerate(binomial(evaluable, design.p1)):
        tail += probability
        if tail > allowed + 1e-12:
            return max(design.r1, responses - 1)
    return design.r1


def last_bound(design: Design, evaluable: int) -> int:
    """Not active with so many responses or fewer of `evaluable` >= n patients."""
    allowed = active_probability(design, design.p0)
    attained = design._replace(n=evaluable)
    bound = design.r
    while at_least(attained, bound + 1, design.p0) > allowed + 1e-12:
        bound += 1
    return bound
