"""Readings of a VCF record: a variable's name, kind, source field and the annotation resource that it needs.

The reading of a variable is a piece of Python source, put into the function that gms.filtering.compile generates, so
that a record costs only the fields its policy uses. In that source the record's columns are the locals chrom, pos,
ref, alt, qual (texts) and info (";KEY=value;...;"), and v_<name> receives the value, None where it is missing:
absent, "." or dropped from the end of a sample's column.
"""

from typing import NamedTuple


class Variable(NamedTuple):
    """One name a policy may use. `role` is the sample whose FORMAT column is read ('index' or a role); else None."""

    name: str
    kind: str
    words: str
    code: str
    parts: tuple[str, ...] = ()
    role: str | None = None
    format_keys: tuple[str, ...] = ()
    values: tuple[str, ...] = ()
    nullable: bool = True


def column(name: str, kind: str, words: str, code: str, **more) -> Variable:
    """A variable computed from the fixed columns by the expression `code`."""
    return Variable(name, kind, words, f"v_{name} = {code}", nullable=False, **more)


def info_field(name: str, kind: str, key: str, words: str, part: str = "", convert: str = "", **more) -> Variable:
    """The value of INFO/`key`; `convert`: expression over `text`, by default by the kind."""
    convert = convert or {"number": "float(text)", "text": "text"}[kind]
    start = len(key) + 2
    code = (
        f'at = info.find(";{key}=")\n'
        f'text = info[at + {start} : info.find(";", at + {start})] if at >= 0 else "."\n'
        f'v_{name} = {convert} if text != "." else None'
    )
    return Variable(name, kind, f"{words} (INFO/{key})", code, (part,) if part else (), **more)


def flag(name: str, key: str, words: str, part: str = "") -> Variable:
    """Whether INFO has a flag (`key` 'KEY;') or a key with a value ('KEY=')."""
    code = f'v_{name} = ";{key}" in info'
    return Variable(name, "yes/no", f"{words} (INFO/{key[:-1]})", code, (part,) if part else (), nullable=False)


def sample_field(name: str, role: str, key: str, kind: str, words: str, convert: str) -> Variable:
    """The value of FORMAT/`key` of the sample with a role ('index' or a role of the case)."""
    known = 'text[:1] not in ("", ".")' if "find" in convert or kind == "text" else 'text not in ("", ".")'
    code = f'text = {role}[at_{key}] if at_{key} < len({role}) else "."\nv_{name} = {convert} if {known} else None'
    parts = () if role == "index" else (role,)
    return Variable(name, kind, f"{words} (FORMAT/{key} of the {role})", code, parts, role, (key,))
