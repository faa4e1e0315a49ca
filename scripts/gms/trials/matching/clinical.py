"""Leaves on the patient: what the clinical table says, with units and age of the values."""

import datetime
import re
from collections.abc import Mapping
from typing import Any

from gms.trials.definitions.laboratory import convert, tests
from gms.trials.matching.case_facts import CaseFacts
from gms.trials.matching.clinical_table import Entry
from gms.trials.matching.outcome import NOT_MET, Outcome, compared, holds, met, not_met, open_question, said

TABLE = "clinical table"


def _missing(what: str) -> Outcome:
    return open_question(f"{what} is not in the {TABLE}", f"{what} in the {TABLE}")


def _too_old(entry: Entry, asked: Mapping[str, Any], facts: CaseFacts, what: str) -> Outcome | None:
    """Why a value does not count on the day of the decision."""
    if "within_days" not in asked:
        return None
    if not entry.date:
        return open_question(f"{what} has no date", f"date of {what}")
    age = (datetime.date.fromisoformat(facts.day) - datetime.date.fromisoformat(entry.date)).days
    if age > asked["within_days"]:
        text = f"{what} is {age} days old, at most {asked['within_days']} count"
        return open_question(text, f"a new value of {what}")
    return None


def age(facts: CaseFacts, asked: Mapping[str, Any]) -> Outcome:
    """Age on the day of the decision: an age that was noted earlier has grown by whole years, or one more."""
    entry = facts.latest("age")
    if entry is None:
        return _missing("age")
    noted = datetime.date.fromisoformat(entry.date) if entry.date else None
    days = (datetime.date.fromisoformat(facts.day) - noted).days if noted else 0
    low = entry.number + days // 366
    high = entry.number + (days + 364) // 365
    outcomes = {holds(asked["value"], value) for value in (low, high)}
    if len(outcomes) > 1:
        return open_question(f"age was {entry.number:g} on {entry.date}", "age on the day of the decision")
    return compared(asked["value"], low, f"age {low:g} years")


def sex(facts: CaseFacts, asked: Mapping[str, Any]) -> Outcome:
    """Sex, in the clinical table or the sample sheet."""
    entry = facts.latest("sex")
    known = {entry.value} if entry else set()
    known |= {facts.index.get("sex")} & {"female", "male"}
    if len(known) != 1:
        text = f"sex differs between sample sheet and {TABLE}" if known else f"sex is not in the {TABLE}"
        return open_question(text, f"sex in the {TABLE}")
    (value,) = known
    return met(value) if value == asked["is"] else not_met(value)


def _number(item: str, words: str, facts: CaseFacts, asked: Mapping[str, Any]) -> Outcome:
    entry = facts.latest(item)
    if entry is None:
        return _missing(words)
    return _too_old(entry, asked, facts, words) or compared(asked["value"], entry.number, f"{words} {entry.number:g}")


def ecog(facts: CaseFacts, asked: Mapping[str, Any]) -> Outcome:
    """ECOG performance status."""
    return _number("ecog", "ECOG performance status", facts, asked)


def prior_lines(facts: CaseFacts, asked: Mapping[str, Any]) -> Outcome:
    """Lines of systemic therapy."""
    return _number("prior_lines", "number of prior lines", facts, asked)


def laboratory(facts: CaseFacts, asked: Mapping[str, Any]) -> Outcome:
    """A laboratory value in the unit of the criterion."""
    words = tests()[asked["test"]].words
    entry = facts.latest(asked["test"])
    if entry is None:
        return _missing(words)
    if old := _too_old(entry, asked, facts, words):
        return old
    value = convert(asked["test"], entry.number, entry.unit, asked["unit"], entry.limit)
    if value is None:
        return open_question(f"{words} is in {entry.unit} without limit", f"upper limit of normal of {words}")
    return compared(asked["value"], value, f"{words} {value:.3g} {asked['unit']}")


def prior_therapy(facts: CaseFacts, asked: Mapping[str, Any]) -> Outcome:
    """A drug given before; that it was not is known only where the list of therapies is complete."""
    same = [row for row in facts.clinical.get("prior_therapy", ()) if row.value.casefold() == asked["drug"].casefold()]
    for row in same:
        old = _too_old(row, asked, facts, asked["drug"])
        if old is None:
            return met(f"{row.value} {row.date}".strip())
        if not row.date:
            return old
    complete = facts.latest("prior_therapies_complete")
    if complete is None or complete.value != "yes":
        return open_question(f"the {TABLE} may not list all therapies", f"prior_therapies_complete in the {TABLE}")
    return not_met(f"{asked['drug']} was given longer ago" if same else f"no {asked['drug']} before")


def clinical(facts: CaseFacts, asked: Mapping[str, Any]) -> Outcome:
    """Any other item, compared as a word."""
    words = asked["item"].replace("_", " ")
    entry = facts.latest(asked["item"])
    if entry is None:
        return _missing(words)
    if old := _too_old(entry, asked, facts, words):
        return old
    return said(entry.value, str(asked["is"]), f"{words}:")


def diagnosis(facts: CaseFacts, asked: Mapping[str, Any]) -> Outcome:
    """A code within the wanted ones; several codes of a diagnosis are separated by blanks or commas."""
    entry = facts.latest("diagnosis")
    if entry is None:
        return _missing("diagnosis")
    outcomes = [_code(code, wanted, facts) for code in re.split(r"[\s,;]+", entry.value) for wanted in asked["codes"]]
    known = [outcome for outcome in outcomes if outcome]
    order = {"met": 0, "unknown": 1, NOT_MET: 2}
    if not known:
        return open_question(f"diagnosis {entry.value} is coded otherwise", f"an OncoTree code in the {TABLE}")
    return min(known, key=lambda outcome: order[outcome.state])


def _code(code: str, wanted: str, facts: CaseFacts) -> Outcome | None:
    """Whether one code is within another; None where they belong to different classifications."""
    if code.startswith("ICD-O:") != wanted.startswith("ICD-O:"):
        return None
    if code.startswith("ICD-O:"):
        return _icd_o(code, wanted)
    tree = facts.oncotree
    if code == wanted:
        return met(f"diagnosis {code}")
    if tree is None:
        return open_question(f"without OncoTree nobody knows whether {code} is within {wanted}", "an OncoTree file")
    if code not in tree.parents:
        return open_question(
            f"OncoTree {tree.version} has no {code}", f"a diagnosis with a code of OncoTree {tree.version}"
        )
    if tree.is_within(code, wanted):
        return met(f"diagnosis {code} ({tree.names[code]}), within {wanted}")
    if tree.is_within(wanted, code):
        return open_question(f"diagnosis {code} is wider than {wanted}", "a more exact diagnosis")
    return not_met(f"diagnosis {code} ({tree.names[code]})")


def _icd_o(code: str, wanted: str) -> Outcome | None:
    """ICD-O: C22.1 is within C22; morphology is compared as it is. None between topography and morphology."""
    if ("/" in code) != ("/" in wanted):
        return None
    if code == wanted or ("/" not in wanted and code.startswith(f"{wanted}.")):
        return met(f"diagnosis {code}")
    if "/" not in wanted and wanted.startswith(f"{code}."):
        return open_question(f"diagnosis {code} is wider than {wanted}", "a more exact diagnosis")
    return not_met(f"diagnosis {code}")
