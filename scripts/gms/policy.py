"""Filter policies: YAML files of ordered filters, rescues and report sections, checked completely before use."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import jsonschema
import yaml

from gms.errors import Problem, Problems
from gms.expressions import Expression, ExpressionError, parse_expression
from gms.records import VARIABLES

SCHEMA = Path(__file__).parents[2] / "workflow" / "schemas" / "policy.schema.json"
_LISTS = {"filters": "flag", "rescues": "name", "sections": "key"}


@dataclass(frozen=True, slots=True)
class Filter:
    """Flags a record when `when` is true, or missing where `missing` is 'fail', unless an exemption is true."""

    flag: str
    when: Expression
    missing: str
    why: str
    unless: Mapping[str, Expression]


@dataclass(frozen=True, slots=True)
class Rescue:
    """Makes a flagged record pass when `when` is true and the record has none of the flags in `never`."""

    name: str
    when: Expression
    why: str
    never: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """A section of the report; without `when` it takes every record left."""

    key: str
    title: str
    when: Expression | None


@dataclass(frozen=True, slots=True)
class Policy:
    """A checked policy. `digest` is the first 12 hexadecimal digits of the SHA-256 of its file."""

    name: str
    title: str
    version: str
    digest: str
    conditions: Mapping[str, Expression]
    filters: tuple[Filter, ...]
    rescues: tuple[Rescue, ...]
    sections: tuple[Section, ...]

    def expressions(self) -> Iterator[tuple[str, Expression]]:
        """Every expression with the flag, rescue, section or exemption it belongs to."""
        for entry in self.filters:
            yield entry.flag, entry.when
            yield from entry.unless.items()
        yield from ((rescue.name, rescue.when) for rescue in self.rescues)
        yield from ((section.key, section.when) for section in self.sections if section.when)


def load_policy(path: Path) -> Policy:
    """Read and check a policy. Raises Problems with everything that is wrong, each with its line."""
    path = Path(path)
    content = path.read_bytes()
    try:
        node = yaml.compose(content, Loader=yaml.SafeLoader)
        data = yaml.safe_load(content)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise Problems([Problem(str(path), mark.line + 1 if mark else None, f"not YAML: {error.problem}")]) from None
    return _Reader(path, data, _lines(node), hashlib.sha256(content).hexdigest()[:12]).read()


def _lines(node: yaml.Node | None, path: tuple = ()) -> dict[tuple, int]:
    """1-based line of each key and list item, by its path in the document."""
    found: dict[tuple, int] = {}
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            found |= {(*path, key.value): key.start_mark.line + 1} | _lines(value, (*path, key.value))
    elif isinstance(node, yaml.SequenceNode):
        for number, value in enumerate(node.value):
            found |= {(*path, number): value.start_mark.line + 1} | _lines(value, (*path, number))
    return found


class _Reader:
    """Reads one document, collecting problems instead of stopping at the first."""

    def __init__(self, path: Path, data: object, lines: Mapping[tuple, int], digest: str):
        self.path, self.data, self.lines, self.digest = path, data, lines, digest
        self.problems: list[Problem] = []
        self.conditions: dict[str, Expression] = {}

    def read(self) -> Policy:
        self._check_schema()
        if not isinstance(self.data, dict):
            raise Problems(self.problems)
        for name, text in self._entries("conditions", dict).items():
            if name in VARIABLES:
                self._problem(("conditions", name), f"'{name}' is already the name of a variable")
            elif expression := self._expression(text, ("conditions", name)):
                self.conditions[name] = expression
        entries = {name: tuple(self._list(name)) for name in _LISTS}
        self._check_never()
        if self.problems:
            raise Problems(sorted(self.problems, key=lambda problem: problem.line or 0))
        version = self.data["version"]
        return Policy(self.path.stem, self.data["title"], version, self.digest, self.conditions, **entries)

    def _problem(self, where: tuple, text: str) -> None:
        while where and where not in self.lines:
            where = where[:-1]
        self.problems.append(Problem(str(self.path), self.lines.get(where), text))

    def _check_schema(self) -> None:
        schema = json.loads(SCHEMA.read_text())
        for error in jsonschema.Draft202012Validator(schema).iter_errors(self.data):
            where = tuple(error.absolute_path)
            if error.validator == "pattern" and error.instance not in where:
                self._problem(where, f"'{error.instance}' is not valid as {where[-1]}: {_pattern_hint(where)}")
            elif error.validator == "required":
                self._problem(where, f"{error.message}{_missing_hint(error.message)}")
            else:
                self._problem(where, error.message)

    def _entries(self, name: str, kind: type):
        value = self.data.get(name)
        return value if isinstance(value, kind) else kind()

    def _list(self, name: str) -> Iterator[Filter | Rescue | Section]:
        seen: dict[str, int] = {}
        entries = self._entries(name, list)
        for number, entry in enumerate(entries):
            if not isinstance(entry, dict) or _LISTS[name] not in entry:
                continue
            key = entry[_LISTS[name]]
            if key in seen:
                self._problem((name, number), f"{_LISTS[name]} '{key}' is given twice (first on line {seen[key]})")
            seen.setdefault(key, self.lines[name, number])
            if "when" not in entry and name == "sections" and number < len(entries) - 1:
                self._problem(
                    (name, number), f"section '{key}' takes every record, so the sections below it stay empty"
                )
            made = getattr(self, f"_{name}")(entry, (name, number))
            if made:
                yield made

    def _filters(self, entry: dict, where: tuple) -> Filter | None:
        when = self._expression(entry.get("when"), (*where, "when"))
        unless = {name: self._exemption(name, where) for name in entry.get("unless") or ()}
        if when and None not in unless.values():
            return Filter(entry["flag"], when, entry.get("missing", ""), entry.get("why", ""), unless)
        return None

    def _rescues(self, entry: dict, where: tuple) -> Rescue | None:
        when = self._expression(entry.get("when"), (*where, "when"))
        return when and Rescue(entry["name"], when, entry.get("why", ""), tuple(entry.get("never") or ()))

    def _sections(self, entry: dict, where: tuple) -> Section | None:
        when = self._expression(entry["when"], (*where, "when")) if "when" in entry else None
        return Section(entry["key"], entry.get("title", ""), when)

    def _exemption(self, name: str, where: tuple) -> Expression | None:
        if name in self.conditions or (name in VARIABLES and VARIABLES[name].kind == "yes/no"):
            return parse_expression(name, self.conditions)
        if name not in self._entries("conditions", dict):
            known = [*self.conditions, *(v.name for v in VARIABLES.values() if v.kind == "yes/no")]
            self._problem((*where, "unless"), f"'{name}' is no condition (known: {', '.join(known)})")
        return None

    def _expression(self, text: object, where: tuple) -> Expression | None:
        if not isinstance(text, str):
            return None
        try:
            return parse_expression(text, self.conditions)
        except ExpressionError as error:
            for problem in error.problems:
                self._problem(where, problem)
            return None

    def _check_never(self) -> None:
        flags = [entry.get("flag") for entry in self._entries("filters", list) if isinstance(entry, dict)]
        for number, rescue in enumerate(self._entries("rescues", list)):
            for flag in rescue.get("never") or () if isinstance(rescue, dict) else ():
                if flag not in flags:
                    self._problem(("rescues", number, "never"), f"'{flag}' is not a flag of this policy")


def _pattern_hint(where: tuple) -> str:
    if where[-1] in ("flag", "name"):
        return "a VCF FILTER id has letters, digits, '_' and '.', begins with a letter and is not PASS"
    return "use letters, digits, '.' and '-'" if where[-1] == "version" else "use small letters, digits and '_'"


def _missing_hint(message: str) -> str:
    return (
        ": say 'pass' (a missing value does not flag) or 'fail' (it flags)" if message.startswith("'missing'") else ""
    )
