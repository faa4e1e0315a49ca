"""YAML documents checked by the JSON Schemas in workflow/schemas, with messages in words and with lines."""

import functools
import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from gms.base.problems import Findings, unknown
from gms.base.project import PROJECT
from gms.base.whole_files import read_file, why_no_text

if TYPE_CHECKING:
    from jsonschema.exceptions import ValidationError

SCHEMAS = PROJECT / "workflow" / "schemas"
_TYPES = {
    "string": "text",
    "boolean": "true or false",
    "integer": "a whole number",
    "number": "a number",
    "array": "a list",
    "object": "a set of keys with values",
    "null": "empty",
}


_MERGE = "tag:yaml.org,2002:merge"
_DEEPEST, _MOST_VALUES = 64, 200_000  # hundreds of times what a document of ours has
_SHALLOW = 5_000  # characters; libyaml ends the process at several times as many levels


class _Loader(yaml.CSafeLoader):
    """Refuses duplicate keys; leaves dates as the text that they are written as, which a schema can check."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        """The mapping of a node. Raises YAMLError for a duplicate key, of which YAML readers take the last."""
        lines: dict[Any, int] = {}
        for key in (key for key, _ in node.value if isinstance(key, yaml.ScalarNode)):
            name = key.tag if key.tag == _MERGE else self.construct_object(key)
            if name in lines:
                text = f"key '{key.value}' is already on line {lines[name]}; remove one of them"
                raise yaml.constructor.ConstructorError(None, None, text, key.start_mark)
            lines[name] = key.start_mark.line + 1
        return super().construct_mapping(node, deep)


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.CSafeLoader.yaml_implicit_resolvers.items()
}


@functools.cache
def load_schema(name: str) -> dict[str, Any]:
    """The schema `workflow/schemas/<name>.schema.json`."""
    return json.loads((SCHEMAS / f"{name}.schema.json").read_text())


@functools.cache
def compiled(pattern: str) -> re.Pattern[str]:
    """A schema's pattern, whose $ is the end of the text (ECMA-262); Python's $ matches before a last line end, too."""
    return re.compile(re.sub(r"\$$", r"\\Z", pattern))


@functools.cache
def _validator() -> type:
    """jsonschema's validator with patterns as in ECMA-262; most jobs check nothing, and need not load jsonschema."""
    from jsonschema import Draft202012Validator, validators
    from jsonschema.exceptions import ValidationError

    def check_pattern(_: object, pattern: str, value: Any, __: object) -> Iterator[ValidationError]:
        if isinstance(value, str) and not compiled(pattern).search(value):
            yield ValidationError(f"{value!r} does not match {pattern!r}")

    return validators.extend(Draft202012Validator, {"pattern": check_pattern})


def read_yaml(path: Path) -> Any:
    """The content of a YAML file. Raises OSError, UnicodeDecodeError, YAMLError; RecursionError for what is nested or
    unfolds beyond any document of ours."""
    text = read_file(path).decode("utf-8-sig")
    if len(text) > _SHALLOW:
        _check_depth(text)
    content = yaml.load(text, _Loader)
    _check_bounds(content)
    return content


class Document:
    """A YAML file and where its keys stand; the lines are looked up only when a problem asks for them."""

    def __init__(self, path: Path):
        self.path = path

    def load(self, findings: Findings) -> dict[str, Any] | None:
        """The document's content, or None after noting that it cannot be read or is not a mapping."""
        try:
            content = read_yaml(self.path)
        except (OSError, UnicodeDecodeError, yaml.YAMLError, RecursionError) as error:
            findings.add(self.path, *_unreadable(error))
            return None
        if not isinstance(content, dict):
            text = "is empty" if content is None else "must hold keys with values (key: value)"
            findings.add(self.path, 1, text)
            return None
        return content

    @functools.cached_property
    def _root(self) -> yaml.Node | None:
        try:
            return yaml.compose(self.path.read_text(encoding="utf-8-sig"), yaml.CSafeLoader)
        except (OSError, UnicodeDecodeError, yaml.YAMLError, RecursionError):
            return None

    def line(self, keys: Sequence[str | int]) -> int | None:
        """The 1-based line of a key path; None where the document does not hold its first key (set elsewhere)."""
        node, line = self._root, None
        for key in keys:
            entry = _entry(node, key)
            if entry is None:
                return line
            marked, node = entry
            line = marked.start_mark.line + 1
        return line


def _entry(node: yaml.Node | None, key: str | int) -> tuple[yaml.Node, yaml.Node] | None:
    if isinstance(node, yaml.MappingNode):
        return next(((name, value) for name, value in node.value if name.value == str(key)), None)
    if isinstance(node, yaml.SequenceNode) and isinstance(key, int) and key < len(node.value):
        return node.value[key], node.value[key]
    return None


def _check_depth(text: str) -> None:
    """Raise RecursionError before libyaml, which builds a document level by level within one another, overflows."""
    depth = 0
    for event in yaml.parse(text, yaml.CSafeLoader):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > _DEEPEST:
            raise RecursionError


def _check_bounds(content: Any) -> None:
    """Raise RecursionError for a document that refers to itself, or unfolds to more than any of ours."""
    left, number = [(content, 0)], 0
    while left:
        value, depth = left.pop()
        number += 1
        if depth > _DEEPEST or number > _MOST_VALUES:
            raise RecursionError
        if isinstance(value, dict | list):
            left += ((one, depth + 1) for one in (value.values() if isinstance(value, dict) else value))


def _unreadable(error: Exception) -> tuple[int | None, str]:
    if isinstance(error, FileNotFoundError):
        return None, "does not exist"
    if isinstance(error, OSError):
        return None, f"cannot be read: {error.strerror}"
    if isinstance(error, UnicodeDecodeError):
        return None, why_no_text(error.object)
    if isinstance(error, RecursionError):
        return None, f"is nested more than {_DEEPEST} deep, refers to itself or is too large"
    mark = getattr(error, "problem_mark", None)
    if isinstance(error, yaml.constructor.ConstructorError) and mark:
        return mark.line + 1, str(error.problem)
    return mark and mark.line + 1, f"is not YAML: {getattr(error, 'problem', None) or 'check quotes and indentation'}"


def check(content: Any, schema: dict[str, Any], document: Document, findings: Findings, at: tuple = ()) -> bool:
    """Note every breach of the schema by `content`, found in `document` at the key path `at`; True if there is none."""
    errors = sorted(_validator()(schema).iter_errors(content), key=lambda error: list(map(str, error.path)))
    for error in errors:
        path = [*at, *error.path]
        for key, text in _sentences(error, dotted(path)):
            findings.add(document.path, document.line([*path, key] if key else path), text)
    return not errors


def dotted(path: Sequence[str | int]) -> str:
    """A key path as it is written in words: assays.panel_solid.gates[1], list places from 1."""
    return "".join(f"[{key + 1}]" if isinstance(key, int) else f".{key}" for key in path).lstrip(".")


def _sentences(error: "ValidationError", name: str) -> Iterator[tuple[str | None, str]]:
    """What is wrong and what would be right: (key that the text is about, if below the error's own path; text)."""
    own = error.schema.get("errorMessage")
    if error.validator == "additionalProperties":
        known = error.schema["properties"]
        for key in (key for key in error.instance if key not in known):
            yield key, unknown(f"key in {name}:" if name else "key", str(key), known)
    elif error.validator == "required":
        yield None, _missing(error, (own or {}).get("required", {}), name)
    elif error.validator == "type":
        yield None, f"{name or 'the content'} {_type_rule(error)}"
    elif error.validator == "enum":
        yield None, unknown(name, str(error.instance), map(str, error.validator_value))
    elif isinstance(own, dict) and error.validator in own:
        yield None, f"{name} {own[error.validator]}"
    elif error.instance == "":
        yield None, f"{name} must not be empty"
    elif error.validator == "pattern" and own:
        yield None, f"{name} '{error.instance}' {own}"
    else:
        yield None, f"{name} {_rule(error)}, not {_value(error.instance)}"


def _type_rule(error: "ValidationError") -> str:
    wanted = error.validator_value if isinstance(error.validator_value, list) else [error.validator_value]
    words = " or ".join(_TYPES[kind] for kind in wanted if kind != "null")
    number = isinstance(error.instance, (int, float)) and not isinstance(error.instance, bool)
    quoted = f'; write it in quotes: "{error.instance}"' if "string" in wanted and number else ""
    return f"must be {words}, not {_value(error.instance)}{quoted}"


def _missing(error: "ValidationError", own: dict[str, str], name: str) -> str:
    # One error per missing key, but only its message says which.
    key = next(key for key in error.validator_value if error.message.startswith(repr(key)))
    return own.get(key) or f"{name + '.' if name else ''}{key} {missing(error.schema['properties'][key])}"


def missing(rule: dict[str, Any]) -> str:
    """Say that something is missing, and what its schema says it is."""
    description = rule["description"].rstrip(".")
    return f"is missing: {description[0].lower()}{description[1:]}"


def _rule(error: "ValidationError") -> str:
    limit = error.validator_value
    rules = {
        "minItems": f"must have at least {limit} {'entry' if limit == 1 else 'entries'}",
        "uniqueItems": "must not name anything twice",
        "minimum": f"must be at least {limit}",
        "maximum": f"must be at most {limit}",
        "exclusiveMinimum": f"must be above {limit}",
    }
    return rules.get(error.validator, f"breaks the rule '{error.validator}: {limit}'")


def _value(value: Any) -> str:
    """A value as YAML shows it, short."""
    text = json.dumps(value, ensure_ascii=False, default=str)
    return "nothing" if value is None else f"'{value}'" if isinstance(value, str) else text[:60]
