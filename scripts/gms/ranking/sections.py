"""The text of a rank model as sections: [term] with keys, and [[rule]] below it, as ConfigObj writes them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from gms.base.problems import Findings

_HEAD = re.compile(r"(\[+)\s*(.+?)\s*(\]+)\s*(?:#.*)?")
_PIECES = re.compile(r"""'([^']*)'|"([^"]*)"|(#.*)|([^,#'"]+)""")


@dataclass(slots=True)
class Section:
    """Keys with (line, entries of the value), and the sections below; `line` is 1-based."""

    name: str
    line: int
    keys: dict[str, tuple[int, list[str]]] = field(default_factory=dict)
    below: dict[str, "Section"] = field(default_factory=dict)

    def text(self, key: str, default: str = "") -> str:
        """The first entry of a value."""
        entries = self.keys.get(key, (0, []))[1]
        return entries[0] if entries else default

    def at(self, key: str) -> int:
        """The line of a key, or of the section that lacks it."""
        return self.keys.get(key, (self.line, []))[0]


def read_sections(text: str, path: Path, findings: Findings) -> dict[str, Section]:
    """Sections by name, after noting lines that are neither a section nor a key, and names that are there twice."""
    top = Section("", 0)
    here, depth = top, 0
    for number, line in enumerate(text.splitlines(), 1):
        line = line.strip()
        if not line or line.startswith("#"):
            continue
        if head := _HEAD.fullmatch(line):
            depth = len(head[1])
            if depth > 2 or len(head[3]) != depth or depth == 2 and not top.below:
                findings.add(path, number, f"'{line}' is neither [term] nor, below one, [[rule]]")
                here = Section("", number)
                continue
            outer = top if depth == 1 else list(top.below.values())[-1]
            here = Section(head[2], number)
            _put(outer.below, head[2], here, path, number, findings)
        elif "=" in line:
            key, _, value = line.partition("=")
            _put(here.keys, key.strip(), (number, list(_entries(value))), path, number, findings)
        else:
            findings.add(path, number, f"'{line}' is neither a section in brackets nor key = value")
            here = Section("", number)
    return top.below


def _put(known: dict, name: str, entry: object, path: Path, number: int, findings: Findings) -> None:
    if name in known:
        findings.add(path, number, f"'{name}' is there twice; keep one")
    known[name] = entry


def _entries(value: str) -> Iterator[str]:
    """The entries of a value, separated by commas; quotes are taken off, a comment is left out."""
    for single, double, comment, plain in _PIECES.findall(value):
        if comment:
            return
        if single or double or plain.strip():
            yield single or double or plain.strip()
