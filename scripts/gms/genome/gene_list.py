"""Lists of genes that an assay or a case is about, and of repeats and regions that a panel adds to them.

A line is the symbol of a gene, repeat:GENE for the repeats of a gene alone, or, for losses, gains or both of a region
(1-based, ends included) of which they take at least SHARE percent, region:ASSEMBLY:CHROM:START-END:KIND:SHARE.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from gms.base.errors import GmsError

PANEL_KEYS = ("panel", "version", "source", "missing")  # comments '# key: words' that say which panel a list is
KINDS = {"loss": ("DEL",), "gain": ("DUP",), "both": ("DEL", "DUP")}  # of a region -> SVTYPE
_REPEAT = "repeat:"
_REGION = re.compile(rf"region:(\S+?):(\S+?):(\d+)-(\d+):({'|'.join(KINDS)}):(\d+)")


class UnusableGeneList(GmsError):
    """A gene list with a line that is neither gene nor repeat nor region."""

    def __init__(self, path: Path | str, line: str):
        self.reason = f"has '{line}', which is not a gene, repeat:GENE or region:GRCh38:15:1000-2000:loss:60"
        super().__init__(f"{path} {self.reason}")


class Region(NamedTuple):
    """A region by name; `chrom` without chr, `share` of it in percent that an event takes at least."""

    assembly: str
    chrom: str
    start: int
    end: int
    kind: str
    share: int

    def line(self) -> str:
        """As a list has it."""
        return "region:{}:{}:{}-{}:{}:{}".format(*self)

    def is_hit(self, chrom: str, start: int, end: int, svtype: str) -> bool:
        """Whether an event (1-based, ends included) is of the kind and takes enough of the region."""
        shared = min(end, self.end) - max(start, self.start) + 1
        is_here = chrom.removeprefix("chr") == self.chrom and svtype.partition(":")[0] in KINDS[self.kind]
        return is_here and shared > 0 and 100 * shared >= self.share * (self.end - self.start + 1)


@dataclass(frozen=True, slots=True)
class Events:
    """What a list asks for besides genes: repeats by their gene, and regions of the assembly of the run."""

    repeats: frozenset[str] = frozenset()
    regions: tuple[Region, ...] = ()

    def has(self, chrom: str, pos: int, info: Mapping[str, str]) -> bool:
        """Whether a record of a repeat, or of a loss or gain that begins after `pos`, was asked for by itself."""
        kind, last = info.get("SVTYPE", ""), int(info.get("END", "").partition(",")[0] or pos)
        is_hit = any(region.is_hit(chrom, pos + 1, last, kind) for region in self.regions)
        return is_hit or info.get("REPID", "").partition("_")[0] in self.repeats


def repeat_line(gene: str) -> str:
    """The repeats of a gene, as a list has them."""
    return f"{_REPEAT}{gene}"


def read_gene_list(path: Path | str | None) -> frozenset[str] | None:
    """Symbols of the genes of a list, one per line, '#' begins a comment; None without a list. Raises
    UnusableGeneList."""
    if path is None:
        return None
    return frozenset(entry for entry in _entries(path) if ":" not in entry)


def read_events(path: Path | str | None, assembly: str | None) -> Events:
    """Repeats and regions of a list; `assembly`: that of the run, GRCh37 or GRCh38."""
    entries = list(_entries(path)) if path else []
    repeats = (entry.removeprefix(_REPEAT) for entry in entries if entry.startswith(_REPEAT))
    found = (match.groups() for entry in entries if (match := _REGION.fullmatch(entry)))
    regions = (Region(name, chrom, int(s), int(e), kind, int(share)) for name, chrom, s, e, kind, share in found)
    return Events(frozenset(repeats), tuple(one for one in regions if one.assembly == assembly))


def list_problem(path: Path) -> str | None:
    """What is wrong with a list, None where it can be used."""
    if not path.is_file():
        return "does not exist"
    try:
        return None if list(_entries(path)) else "names no genes, repeats or regions"
    except UnusableGeneList as wrong:
        return wrong.reason
    except UnicodeDecodeError:
        return "is not UTF-8 text"


def _text(path: Path | str) -> str:
    """A list without the byte order mark of editors of Windows, which would be a part of the first symbol."""
    return Path(path).read_text(encoding="utf-8-sig")


def _entries(path: Path | str) -> Iterator[str]:
    for line in _text(path).splitlines():
        entry = line.split("#", 1)[0].strip()
        if ":" in entry and not entry.startswith(_REPEAT) and not _REGION.fullmatch(entry):
            raise UnusableGeneList(path, entry)
        if entry:
            yield entry


def panel_facts(path: Path | str | None) -> dict[str, str] | None:
    """What the comments of a gene list say of the panel that it is; None of a list that names none. The panel's name
    is under `name`."""
    if path is None:
        return None
    found = re.findall(rf"^# ({'|'.join(PANEL_KEYS)}): *(.*)$", _text(path), re.MULTILINE)
    facts = {key: words.strip() for key, words in found}
    return {"name": facts.pop("panel"), **facts} if "panel" in facts else None
