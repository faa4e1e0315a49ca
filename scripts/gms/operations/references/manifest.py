"""The lists of reference files in resources/references/, or one of a centre's own."""

import re
from dataclasses import dataclass
from pathlib import Path

from gms.base.errors import GmsError
from gms.base.problems import Findings, unknown
from gms.base.project import PROJECT
from gms.base.schemas import Document, check, load_schema

FOLDER = PROJECT / "resources" / "references"


class UnknownReference(GmsError):
    """Neither the name of a manifest nor the path of one."""

    def __init__(self, name: str):
        text = unknown("reference", name, known())
        super().__init__(f"{text}; the path of a file like resources/references/ will do too")


class SameNames(GmsError):
    """Two downloads would have one name."""

    def __init__(self, path: Path, name: str):
        super().__init__(f"{path} has two files of the name {name}, which would take each other's place; rename one")


@dataclass(frozen=True)
class Source:
    """One file to download, with its size in bytes and SHA-256 where its publisher gives them."""

    url: str
    sha256: str | None = None
    size: int | None = None

    @property
    def name(self) -> str:
        """Name of the file."""
        return self.url.partition("?")[0].rsplit("/", 1)[-1]


@dataclass(frozen=True)
class Part:
    """What one reference file is made of; keys as in references.schema.json."""

    name: str
    what: str
    licence: str
    prepare: str
    keep: bool
    sources: tuple[Source, ...]


@dataclass(frozen=True)
class Manifest:
    """A genome build and its parts, the FASTA first."""

    name: str
    parts: dict[str, Part]


def known() -> list[str]:
    """Names of the lists that come with the workflow."""
    return sorted(path.stem for path in FOLDER.glob("*.yaml"))


def load(name: str) -> Manifest:
    """The list of a name or in a file. Raises GmsError for an unknown one, Problems for a wrong one."""
    path = Path(name) if name.endswith((".yaml", ".yml")) else FOLDER / f"{name}.yaml"
    if not path.is_file():
        raise UnknownReference(name)
    findings, document = Findings(), Document(path)
    content = document.load(findings)
    findings.raise_if_any()
    check(content, load_schema("references"), document, findings)
    findings.raise_if_any()
    parts = {part: _part(part, keys) for part, keys in content["parts"].items()}
    names = [source.name for part in parts.values() for source in part.sources]
    if twice := next((name for name in names if names.count(name) > 1), None):
        raise SameNames(path, twice)
    return Manifest(content["name"], {"fasta": parts.pop("fasta"), **parts})


def _part(name: str, keys: dict) -> Part:
    urls = [url for pattern in keys["urls"] for url in expanded(pattern)]
    digests, sizes = keys.get("sha256", {}), keys.get("bytes", {})
    sources = [Source(url, digests.get(Source(url).name), sizes.get(Source(url).name)) for url in urls]
    return Part(name, keys["what"], keys["licence"], keys["prepare"], keys.get("keep", True), tuple(sources))


def expanded(pattern: str) -> list[str]:
    """The addresses that a pattern stands for: `chr{1-3,X}` is chr1, chr2, chr3, chrX."""
    found = re.search(r"\{([^{}]+)\}", pattern)
    if not found:
        return [pattern]
    values: list[str] = []
    for item in found[1].split(","):
        ends = re.fullmatch(r"(\d+)-(\d+)", item)
        values += map(str, range(int(ends[1]), int(ends[2]) + 1)) if ends else [item]
    return [pattern[: found.start()] + value + pattern[found.end() :] for value in values]
