"""Data use terms (GA4GH Data Use Ontology, DUO): whether a request keeps what the data's terms ask for.

The terms are resources/duo.tsv, ids and labels as in duo.csv of EBISPOT/DUO (CC BY 4.0). A term is written 'HMB', or
with a value: 'DS MONDO:0005105' (disease), 'TS 2028-12-31' (use ends), 'MOR 2027-06-30' (nothing published before),
'GS SE' (country), 'PS mini-study', 'IS region-skane', 'US 0000-0002-1825-0097' (user), 'RS ageing' (kind of research).
PS and IS without value mean the study and the recipients of the sharing file. Data have one permission (several DS
count as one) and any modifiers; a request has the use it wants and each modifier it accepts, and is refused for all
that it does not state. Diseases are compared by id only: a request for a subtype of the data's disease is refused.
"""

import datetime
import functools
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from gms.base.json_tables import read_table
from gms.base.problems import unknown
from gms.base.project import PROJECT
from gms.sharing.decision.model import COUNTRY, ORGANISATIONS, Study

_TABLE = PROJECT / "resources" / "duo.tsv"
_VALUES = {
    "disease": (re.compile(r"MONDO:\d{7}"), "a disease (MONDO:0005105)"),
    "name": (re.compile(r"\S.*"), "a name"),
    "country": (re.compile(r"[A-Z]{2}"), "a country (SE)"),
    "study": (re.compile(r"[A-Za-z0-9-]+"), "the id of a study"),
    "party": (re.compile("|".join(ORGANISATIONS)), f"one of {', '.join(ORGANISATIONS)}"),
    "date": (re.compile(r"\d{4}-\d{2}-\d{2}"), "a date (2028-12-31)"),
}


class Term(NamedTuple):
    """A DUO term; `covers` are the uses a permission allows, or the terms that accepting this one accepts too.

    `rule` says how the term is compared (see `_broken`), `value` the kind of value it takes, '?' if it can go without.
    """

    term: str
    id: str
    label: str
    rule: str
    covers: frozenset[str]
    value: str


class Use(NamedTuple):
    """A term as it is used, with its value or None."""

    term: str
    value: str | None


@functools.cache
def terms() -> dict[str, Term]:
    """Shorthand -> term, in the order of the table."""
    rows = read_table(_TABLE)
    return {row["term"]: Term(**{**row, "covers": frozenset(row["covers"].split())}) for row in rows}


def parse(text: str) -> Use:
    """A written term. Raises ValueError with what is wrong, as text to follow its place in a file."""
    name, _, value = text.partition(" ")
    term = terms().get(name)
    if term is None:
        raise ValueError(unknown("DUO term", name, terms()))
    kind, optional = term.value.removesuffix("?"), term.value.endswith("?")
    if not kind and value:
        raise ValueError(f"DUO term {name} ({term.label}) takes no value")
    if kind and not (optional and not value):
        pattern, wanted = _VALUES[kind]
        if not pattern.fullmatch(value) or (kind == "date" and not _is_date(value)):
            raise ValueError(f"DUO term {name} ({term.label}) needs {wanted} after a space")
    return Use(name, value or None)


def problems(texts: Sequence[str], whose: str) -> Iterator[tuple[int | None, str]]:
    """What is wrong with the terms of the data or of a request: (place in the list, None for all of it; text)."""
    uses = []
    for place, text in enumerate(texts):
        try:
            uses.append(parse(text))
        except ValueError as error:
            yield place, str(error)
    wanted = {use.term for use in uses if terms()[use.term].rule == "permission"}
    permissions = [name for name, term in terms().items() if term.rule == "permission"]
    if len(wanted) != 1 and len(uses) == len(texts):
        found = f"not {' and '.join(sorted(wanted))}" if wanted else "and has none"
        yield None, f"{whose} must have one of {', '.join(permissions)}, {found}"


def matches(
    data_use: Iterable[str], request: Iterable[str], study: Study, organisation: str, on: datetime.date
) -> list[str]:
    """Why an organisation's request on a day does not fit the terms of the study's data; empty when it fits."""
    try:
        data, asked = [parse(text) for text in data_use], [parse(text) for text in request]
    except ValueError as error:
        return [str(error)]
    reasons = [*_uncovered(data, asked), *_of_care(asked, study)]
    accepted = _accepted(asked)
    for name in dict.fromkeys(use.term for use in data if not terms()[use.term].rule.startswith("permission")):
        values = {use.value for use in data if use.term == name}
        label = f"{name} ({terms()[name].label})"
        if terms()[name].rule == "not_before" and on >= _day(max(filter(None, values))):
            continue
        if name not in accepted:
            reasons.append(f"the request does not accept {label}")
        elif broken := _broken(name, values, accepted[name], (study.id, organisation, on)):
            reasons.append(f"{label}: {broken}")
    return reasons


def _accepted(asked: Iterable[Use]) -> dict[str, set[str]]:
    """Term -> values with which the request accepts it."""
    accepted: dict[str, set[str]] = {}
    for use in asked:
        for name in {use.term, *terms()[use.term].covers}:
            accepted.setdefault(name, set()).update({use.value} - {None})
    return accepted


def _uncovered(data: Sequence[Use], asked: Sequence[Use]) -> Iterator[str]:
    """Uses that the request wants and the data's permissions do not cover."""
    permissions = [use for use in data if terms()[use.term].rule.startswith("permission")]
    wanted = [use for use in asked if terms()[use.term].rule.startswith("permission")]
    if all(use.term == "CC" for use in wanted):
        yield "the request does not say for which research"
    for use in wanted:
        allowing = [allowed for allowed in permissions if use.term in terms()[allowed.term].covers]
        # Only a permission for a disease has a value, which then must be the request's.
        prohibited = use.term == "POA" and any(other.term == "NPOA" for other in data)
        if prohibited or not any(allowed.value in (None, use.value) for allowed in allowing):
            name = " ".join(filter(None, use))
            yield f"the data may not be used for {name} ({terms()[use.term].label})"


def _of_care(asked: Iterable[Use], study: Study) -> Iterator[str]:
    if any(use.term == "CC" for use in asked) and study.purpose != "care_other_patient":
        yield f"the request is for clinical care, the study's purpose is {study.purpose}"


def _broken(name: str, values: set[str | None], asked: set[str], place: tuple[str, str, datetime.date]) -> str | None:
    """How the request, with its values for a term that it accepts, breaks the data's values for that term; or None."""
    (study, organisation, on), rule = place, terms()[name].rule
    limits = values - {None}
    here = {"study": study, "party": organisation, "place": COUNTRY}.get(rule)
    if here is not None:
        wrong = (limits and here not in limits) or (asked and here not in asked)
        return f"does not hold for {here}" if wrong else None
    if rule == "among" and limits:
        return None if asked and asked <= limits else "the request names others than the data's terms"
    if rule == "not_after":
        limit = min(map(_day, limits))
        return None if on <= limit and max(map(_day, asked)) <= limit else f"use ends on {limit}"
    if rule == "not_before":
        limit = max(map(_day, limits))
        return None if min(map(_day, asked)) >= limit else f"nothing may be published before {limit}"
    return None


def _day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


def _is_date(text: str) -> bool:
    try:
        return bool(_day(text))
    except ValueError:
        return False
