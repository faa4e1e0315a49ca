"""A rank model: how many points a variant gets for what is known of it. The format and its meaning are genmod's
(github.com/Clinical-Genomics/genmod 3.12.0, MIT), so that a centre can give the model that it uses today.

A term takes one value of a record, the highest or lowest of several, and gives it points; a category adds up its terms,
or takes their highest or lowest; the score is the sum of the categories. Three habits of genmod are kept: points are
cut to whole numbers, a number that is 0 counts as not reported, and rules of text are looked for anywhere in the value,
in any letter case. Two are not: `separators = None` means none, and `value = 1` holds for 1.0 as well.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import NamedTuple

from gms.base.problems import Findings
from gms.base.whole_files import read_file
from gms.ranking.sections import Section, read_sections

AGGREGATIONS = {"min": min, "max": max, "sum": sum}
_FIELDS = ("INFO", "FILTER", "QUAL")
_TYPES = ("float", "integer", "string", "flag")
_NEEDED = ("field", "data_type", "category")
_BOUNDS = ("lower", "upper")
_KNOWN = {"field": _FIELDS, "data_type": _TYPES, "record_rule": tuple(AGGREGATIONS)[:2]}


class Range(NamedTuple):
    """Points of numbers from `lower` to below `upper`; of the very number where both are the same."""

    lower: float
    upper: float
    points: int

    def holds(self, number: float) -> bool:
        """Whether the number is in it."""
        return self.lower <= number < self.upper or self.lower == self.upper == number


@dataclass(frozen=True, slots=True)
class Term:
    """What is asked of a record, and the points of the answers. `key` is an INFO field, or CSQ:NAME for a column of
    VEP's annotation, or FILTER or QUAL; `words`: (text, points), the first that is found counts."""

    name: str
    category: str
    field: str
    key: str
    kind: str
    highest: bool
    separators: str
    not_reported: int
    reported: int = 0
    words: tuple[tuple[str, int], ...] = ()
    ranges: tuple[Range, ...] = ()

    def value(self, raw: str | None) -> str | float | None:
        """The value that counts of a field as it is written; None where it is not reported."""
        if self.kind == "flag":
            return None if raw is None else "yes"
        if not raw:
            return None
        if self.kind == "string":
            return next((word for word, _ in self.words if word.lower() in raw.lower()), None)
        return (max if self.highest else min)(self.numbers(raw), default=None)

    def numbers(self, raw: str) -> list[float]:
        """The numbers of a field as it is written; what is no number is left out."""
        return list(_numbers(raw, self.separators, int if self.kind == "integer" else float))

    def points(self, value: str | float | None) -> int:
        """Points of a value."""
        if not value:
            return self.not_reported
        if self.kind == "flag":
            return self.reported
        if self.kind == "string":
            return next(points for word, points in self.words if word == value)
        return next((one.points for one in self.ranges if one.holds(value)), 0)

    def possible(self) -> list[int]:
        """All points that it can give."""
        given = [self.reported] if self.kind == "flag" else []
        return [self.not_reported, *given, *(p for _, p in self.words), *(one.points for one in self.ranges)]


@dataclass(frozen=True, slots=True)
class Model:
    """Terms in the order of the file; `categories`: name -> min, max or sum."""

    name: str
    version: str
    categories: Mapping[str, str]
    terms: tuple[Term, ...]


@cache
def load_model(path: Path) -> Model:
    """The rank model of a file. Raises Problems with everything that is wrong with it."""
    findings = Findings()
    model = read_model(path, findings)
    findings.raise_if_any()
    return model


def read_model(path: Path, findings: Findings) -> Model:
    """The rank model of a file, after noting what is wrong with it."""
    text = read_file(path).decode("utf-8-sig", errors="replace")
    sections = read_sections(text, path, findings)
    about, listed = (sections.pop(name, None) for name in ("Version", "Categories"))
    for key in ("version", "name"):
        if about is None or not about.text(key):
            findings.add(path, about and about.line, f"{key} = is missing in section [Version]")
    categories = dict(_categories(listed, path, findings))
    terms = [_term(section, categories, path, findings) for section in sections.values()]
    if not terms:
        findings.add(path, None, "has no term: a section in brackets for each field that gives points")
    about = about or Section("", 0)
    return Model(about.text("name"), about.text("version"), categories, tuple(one for one in terms if one))


def _categories(section: Section | None, path: Path, findings: Findings) -> Iterator[tuple[str, str]]:
    """Categories with how they add up. Without the key it is min, as in genmod."""
    for name, below in (section.below if section else {}).items():
        how = below.text("category_aggregation", "min")
        if how not in AGGREGATIONS:
            text = f"category_aggregation '{how}' of category '{name}' is not known; write min, max or sum"
            findings.add(path, below.at("category_aggregation"), text)
        yield name, how


def _term(section: Section, categories: Mapping[str, str], path: Path, findings: Findings) -> Term | None:
    """The term of a section; None after noting what is wrong with it."""
    problems = len(findings.problems)
    for line, text in _term_problems(section, categories):
        findings.add(path, line, f"term '{section.name}': {text}")
    if len(findings.problems) > problems:
        return None
    kind, key, rules = section.text("data_type"), section.text("info_key"), section.below
    csq = section.text("csq_key") or section.text("vep_key")
    highest, separators = section.text("record_rule", "max") == "max", section.keys.get("separators", (0, []))[1]
    given = [rule for name, rule in rules.items() if name != "not_reported"]
    return Term(
        name=section.name,
        category=section.text("category"),
        field=section.text("field"),
        key=section.text("field") if section.text("field") != "INFO" else f"{key}:{csq}" if key == "CSQ" else key,
        kind=kind,
        highest=highest,
        separators="" if separators == ["None"] else "".join(separators),
        not_reported=_points(rules["not_reported"]) if "not_reported" in rules else 0,
        reported=_points(given[-1]) if kind == "flag" and given else 0,
        words=_words(given, highest) if kind == "string" else (),
        ranges=tuple(map(_range, given)) if kind in ("float", "integer") else (),
    )


def _words(rules: Iterable[Section], highest: bool) -> tuple[tuple[str, int], ...]:
    """Rules of text, those of the highest or lowest priority first."""
    ordered = sorted(rules, key=lambda rule: float(rule.text("priority")), reverse=highest)
    return tuple((rule.text("string"), _points(rule)) for rule in ordered)


def _range(rule: Section) -> Range:
    lower, upper = (float(rule.text(key)) for key in (("value", "value") if "value" in rule.keys else _BOUNDS))
    return Range(lower, upper, _points(rule))


def _points(rule: Section) -> int:
    return int(float(rule.text("score")))


def _numbers(raw: str, separators: str, number: type) -> Iterator[float]:
    for separator in separators:
        raw = raw.replace(separator, " ")
    for text in raw.split():
        try:
            yield number(text)
        except ValueError:
            continue


def _term_problems(section: Section, categories: Mapping[str, str]) -> Iterator[tuple[int, str]]:
    """(line, what is wrong) with a section that is to be a term."""
    for key in _NEEDED:
        if not section.text(key):
            yield section.line, f"{key} is missing"
    for key, known in {**_KNOWN, "category": categories}.items():
        if section.text(key) and section.text(key) not in known:
            yield section.at(key), f"{key} '{section.text(key)}' is not known (known: {', '.join(known) or 'none'})"
    if section.text("field") == "INFO" and not section.text("info_key"):
        yield section.line, "info_key is missing, the INFO field that it asks for"
    if section.text("info_key") == "CSQ" and not (section.text("csq_key") or section.text("vep_key")):
        yield section.at("info_key"), "csq_key is missing, the column of CSQ that it asks for"
    for rule in section.below.values():
        yield from _rule_problems(rule, section.text("data_type"))
    yield from _overlaps(section)


def _rule_problems(rule: Section, kind: str) -> Iterator[tuple[int, str]]:
    """What is wrong with a rule: keys that are missing or no numbers."""
    needed = ["score"]
    if rule.name != "not_reported":
        needed += ["string", "priority"] if kind == "string" else []
        needed += [] if kind not in ("float", "integer") else ["value"] if "value" in rule.keys else _BOUNDS
    for key in needed:
        text = rule.text(key)
        if not text:
            yield rule.line, f"rule '{rule.name}' has no {key}"
        elif key != "string" and not _is_number(text):
            yield rule.at(key), f"{key} '{text}' of rule '{rule.name}' is not a number"


def _overlaps(section: Section) -> Iterator[tuple[int, str]]:
    """Rules of numbers that are empty or say two things of one number."""
    rules = [rule for rule in section.below.values() if all(_is_number(rule.text(key)) for key in (*_BOUNDS, "score"))]
    ordered = sorted(map(_range, rules)) if section.text("data_type") in ("float", "integer") else []
    for rule in rules if ordered else ():
        if float(rule.text("lower")) >= float(rule.text("upper")):
            yield rule.at("lower"), f"lower of rule '{rule.name}' is not below its upper"
    for one, other in zip(ordered, ordered[1:], strict=False):
        if other.lower < one.upper:
            text = f"two rules give points to {other.lower:g}"
            yield section.line, f"{text}; numbers from lower to below upper belong to a rule"


def _is_number(text: str) -> bool:
    try:
        return float(text) == float(text)
    except ValueError:
        return False
