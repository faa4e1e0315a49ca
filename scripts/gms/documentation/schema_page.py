"""A page on a JSON schema: a table of keys for each object in it, then the kinds of values that several keys share."""

from collections.abc import Iterator, Mapping
from typing import Any

from gms.documentation.markdown import code, table

Schema = Mapping[str, Any]
WORDS = {"object": "mapping", "array": "list", "string": "text", "integer": "whole number", "null": "nothing"}


def schema_blocks(schema: Schema) -> Iterator[str]:
    """What a schema describes, then its tables, those of inner objects under the path of their key."""
    yield schema["description"]
    yield from _objects(schema, schema, "")
    kinds = [(name, part) for name, part in schema.get("$defs", {}).items() if "properties" not in part]
    if kinds:
        yield "## Kinds of values"
        yield table(("kind", "is", "rule"), [(name, _kind(part), _rule(part)) for name, part in kinds])


def _objects(schema: Schema, part: Schema, path: str) -> Iterator[str]:
    """The table of one object, then those of the objects in it."""
    if path:
        yield f"## `{path}`"
    yield table(
        ("key", "value", "", "meaning"), [_row(part, name, value) for name, value in part["properties"].items()]
    )
    for name, value in part["properties"].items():
        for inner, suffix in ((value, ""), (value.get("items"), "[]"), (value.get("additionalProperties"), ".*")):
            inner = _definition(schema, inner)
            if "properties" in inner:
                yield from _objects(schema, inner, f"{path}.{name}{suffix}".lstrip("."))


def _definition(schema: Schema, value: Any) -> Schema:
    """A part, or the one that its `$ref` names; an empty one where there is none."""
    if not isinstance(value, Mapping):
        return {}
    return schema["$defs"][_reference(value)] if "$ref" in value else value


def _reference(value: Schema) -> str:
    return value["$ref"].rpartition("/")[2]


def _row(part: Schema, name: str, value: Schema) -> tuple:
    needed = "required" if name in part.get("required", ()) else ""
    if "default" in value:
        needed = f"default {code(as_yaml(value['default']))}"
    return code(name), _kind(value), needed, " ".join(filter(None, (value.get("description"), _rule(value))))


def _rule(value: Schema) -> str:
    """What is said where a value breaks its pattern, as a sentence."""
    rule = value.get("errorMessage")
    return f"It {rule}." if isinstance(rule, str) else ""


def _kind(value: Schema) -> str:
    """What a value may be: a kind, the list of its choices, or a word."""
    if "$ref" in value:
        return _reference(value).replace("_", " ")
    if "enum" in value:
        return ", ".join(code(as_yaml(choice)) for choice in value["enum"])
    if "const" in value:
        return code(as_yaml(value["const"]))
    if "items" in value:
        return f"list of {_kind(value['items'])}"
    kinds = value.get("type", "any")
    return " or ".join(WORDS.get(kind, kind) for kind in ([kinds] if isinstance(kinds, str) else kinds))


def as_yaml(value: object) -> str:
    """A value as YAML writes it."""
    if value is None or isinstance(value, bool):
        return {True: "true", False: "false", None: "null"}[value]
    return str(value)
