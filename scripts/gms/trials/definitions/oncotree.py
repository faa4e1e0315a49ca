"""OncoTree, read from a file that the user gives (CC BY 4.0, github.com/cBioPortal/oncotree): codes and ancestors."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from gms.base.errors import GmsError
from gms.base.whole_files import read_file


class NoOncoTree(GmsError):
    """A file that is not OncoTree."""

    def __init__(self, path: Path, why: str):
        super().__init__(
            f"{path} is not OncoTree: {why}. Take oncotree_<version>.json from the trees/ folder of "
            "github.com/cBioPortal/oncotree, or the answer of its API /api/tumorTypes."
        )


class OncoTree(NamedTuple):
    """Parent and name of each code; `version` as the file or its name says, for reports."""

    version: str
    parents: Mapping[str, str | None]
    names: Mapping[str, str]

    def is_within(self, code: str, wanted: str) -> bool:
        """Whether a code is `wanted` or descends from it; a code that the tree lacks is within itself only."""
        at: str | None = code
        while at is not None and at != wanted:
            at = self.parents.get(at)
        return at is not None


def read_oncotree(path: Path) -> OncoTree:
    """Codes of a nested tree (children by code) or of a list of tumour types. Raises NoOncoTree."""
    try:
        content = json.loads(read_file(path).decode("utf-8-sig"))
        nodes = list(_listed(content) if isinstance(content, list) else _nested(content, None))
    except (OSError, ValueError) as error:
        raise NoOncoTree(path, getattr(error, "strerror", None) or "it cannot be read as JSON") from None
    except (AttributeError, KeyError, TypeError):
        nodes = []
    if not nodes:
        raise NoOncoTree(path, "it has no tumour types with code, name and parent or children")
    parents = {code: parent for code, _, parent in nodes}
    if circle := next((code for code in parents if _in_circle(code, parents)), None):
        raise NoOncoTree(path, f"{circle} descends from itself")
    version = content.get("version") if isinstance(content, dict) else None
    return OncoTree(str(version or path.stem), parents, {code: name for code, name, _ in nodes})


Entry = tuple[str, str, str | None]


def _listed(content: list[dict[str, Any]]) -> Iterator[Entry]:
    for node in content:
        yield node["code"], node["name"], node.get("parent") or None


def _nested(content: Mapping[str, Any], parent: str | None) -> Iterator[Entry]:
    for node in content.values():
        if isinstance(node, dict) and "code" in node:
            yield node["code"], node["name"], parent
            yield from _nested(node.get("children") or {}, node["code"])


def _in_circle(code: str, parents: Mapping[str, str | None]) -> bool:
    seen, at = set(), code
    while at is not None and at not in seen:
        seen.add(at)
        at = parents.get(at)
    return at is not None
