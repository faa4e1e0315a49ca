"""The kinds of tampering with an audit log, told apart from each other and from an interrupted append.

All lines are in memory here: `verification` calls this for a log with which something is wrong.

A change made without a key breaks a signature (`edited`), the numbers of the entries (`deleted`, `reordered`,
`repeated`) or the agreement with a signed head (`truncated`). A change made with a key leaves two signed entries of one
number, or an entry that was signed after another than the one before it (`forked`). A log and its head that were both
set back to an earlier state agree with each other; only heads stored elsewhere (anchors) show it.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from itertools import pairwise
from typing import Any

from gms.sharing.audit.anchors import Trust
from gms.sharing.audit.entries import time_of
from gms.sharing.audit.lines import Line, begins_after, of_this_log
from gms.sharing.package.manifest import canonical

Head = Mapping[str, Any]


def problems_of(
    lines: Sequence[Line], head: Head | None, name: str, trust: Trust, anchors: Sequence[Head]
) -> list[str]:
    """Everything that is wrong with the lines of a log; `name` is the head's file. Each text begins with its kind."""
    chain = Chain(lines, head, trust)
    anchors = of_this_log(chain.first, anchors)
    own = [*chain.edited(), *chain.misplaced(), *chain.unlinked(), *_against_head(chain, name)]
    return own + list(_against_anchors(chain, anchors)) + list(chain.interrupted())


class Chain:
    """The lines of a log with what the signatures say of them."""

    def __init__(self, lines: Sequence[Line], head: Head | None, trust: Trust):
        self.lines, self.trust = lines, trust
        self.head_given = head is not None
        self.head = head if head and self.is_head(head) else None
        self.wrong = self._wrong()
        self.signed = [line for line in lines if line.number not in self.wrong]
        self.first = next(iter(self.signed), None)
        self.begin = begins_after(self.first)
        self.by_sequence: dict[int, set[str]] = {}
        for line in self.signed:
            self.by_sequence.setdefault(line.entry["sequence"], set()).add(line.sha256)

    def is_head(self, head: Head) -> bool:
        """Whether a head is one, signed by a trusted key."""
        return isinstance(head.get("sequence"), int) and self.trust.problem(head) is None

    def _wrong(self) -> dict[int, str]:
        """Number of each line that no trusted key signed, and why it does not count."""
        wrong, latest = {}, None
        for line in self.lines:
            if line.entry is None:
                wrong[line.number] = "is not an entry"
            elif problem := self.trust.problem(line.entry, latest):
                wrong[line.number] = problem
            elif canonical(line.entry) != line.raw:
                wrong[line.number] = "does not match its signature"
            else:
                latest = max(filter(None, (latest, time_of(line.entry))), default=None)
        return wrong

    @cached_property
    def torn(self) -> list[Line]:
        """Pieces of lines at the end, which an interrupted append leaves; not where the head says an entry stood."""
        last = self.signed[-1].number if self.signed else 0
        end = self.lines[last:]
        covered = self.head["sequence"] if self.head else 0
        written = covered <= max(self.by_sequence, default=0)
        return list(end) if written and all(line.entry is None for line in end) else []

    @cached_property
    def bad(self) -> list[Line]:
        """Lines that no trusted key signed, without the pieces of interrupted appends."""
        good = {line.number for line in [*self.signed, *self.torn]} | self._recovered()
        return [line for line in self.lines if line.number not in good]

    def _recovered(self) -> set[int]:
        """Numbers of the pieces that the signed entry after them names."""
        numbers = set()
        for line in self.signed:
            named = {(piece["bytes"], piece["sha256"]) for piece in line.entry.get("torn", [])}
            number = line.number - 1
            while number and (len(self.lines[number - 1].raw), self.lines[number - 1].sha256) in named:
                numbers.add(number)
                number -= 1
        return numbers

    @cached_property
    def present(self) -> set[int]:
        """Sequences that the log has a line for: a bad line stands for the entry after the one before it."""
        found, number = set(self.by_sequence), self.begin[0]
        bad, signed = {line.number for line in self.bad}, {line.number for line in self.signed}
        for line in self.lines:
            if line.number in signed:
                number = line.entry["sequence"]
            elif line.number in bad:
                number += 1
                found.add(number)
        return found

    def edited(self) -> Iterator[str]:
        """Lines changed, or put in, without a key."""
        yield from (f"edited: line {line.number} {self.wrong[line.number]}" for line in self.bad)

    def misplaced(self) -> Iterator[str]:
        """Entries that are missing, twice there, or in another order."""
        yield from (f"deleted: {entries_text(*run)} missing" for run in _runs(self._missing()))
        first: dict[int, Line] = {}
        for line in self.signed:
            sequence = line.entry["sequence"]
            other = first.setdefault(sequence, line)
            if other.sha256 != line.sha256:
                yield f"forked: lines {other.number} and {line.number} are both entry {sequence}, and both are signed"
            elif other is not line:
                yield f"repeated: line {line.number} is line {other.number} again"
        for before, line in pairwise(first.values()):
            if line.entry["sequence"] < before.entry["sequence"]:
                places = f"entry {line.entry['sequence']} stands after entry {before.entry['sequence']}"
                yield f"reordered: line {line.number}: {places}"

    def _missing(self) -> list[int]:
        return [
            number for number in range(self.begin[0] + 1, max(self.present, default=0)) if number not in self.present
        ]

    def unlinked(self) -> Iterator[str]:
        """Entries that were signed after another entry than the one that stands before them."""
        for line in self.signed:
            sequence = line.entry["sequence"]
            before = {self.begin[1]} if sequence == self.begin[0] + 1 else self.by_sequence.get(sequence - 1)
            if before and line.entry["previous"] not in before:
                yield f"forked: entry {sequence} (line {line.number}) was signed after another entry {sequence - 1}"

    def against(self, head: Head, name: str) -> str | None:
        """What a signed head says against the log; nothing that was reported as edited or deleted already."""
        sequence, first = head["sequence"], self.by_sequence.get(self.begin[0] + 1)
        here = self.by_sequence.get(sequence)
        if (here and head["sha256"] not in here) or (first and head["log"] not in first):
            return f"forked: {name} was signed for another entry {sequence} than the one in this log"
        last = max(self.present, default=0)
        if sequence > last:
            return (
                f"truncated: the log ends with entry {last}, but {name} was signed at entry {sequence}, {head['time']}"
            )
        return None

    def interrupted(self) -> Iterator[str]:
        """What an append that was interrupted leaves; the next append continues after it and records it."""
        for line in self.torn:
            yield (
                f"interrupted: line {line.number} is a piece of an entry ({len(line.raw)} bytes) whose writing was "
                "cut; the next append keeps it and records it"
            )
        covered = self.head["sequence"] if self.head else 0
        after = [number for number in sorted(self.by_sequence) if number > covered]
        if after and (self.head or (not self.head_given and after == [1])):
            yield (
                f"interrupted: {entries_text(after[0], after[-1])} written, but the head was not renewed; "
                "the next append does so and records it"
            )


def _against_head(chain: Chain, name: str) -> Iterator[str]:
    if chain.head:
        found = chain.against(chain.head, f"the head ({name})")
        yield from [found] if found else []
    elif chain.head_given:
        yield f"edited: the head ({name}) does not match its signature, or the key that signed it does not count here"
    elif len(chain.present) > 1:
        yield f"missing: the head of the log ({name}) is not there"


def _against_anchors(chain: Chain, anchors: Sequence[Head]) -> Iterator[str]:
    cut = []
    for anchor in anchors:
        name = f"the anchor of entry {anchor.get('sequence')}"
        if not chain.is_head(anchor):
            yield f"edited: {name} does not match its signature, or the key that signed it does not count here"
            continue
        found = chain.against(anchor, name)
        if found and found.startswith("truncated"):
            cut.append((anchor["sequence"], found))
        elif found:
            yield found
    if cut:
        both = chain.head and chain.head["sequence"] <= max(chain.present, default=0)
        yield max(cut)[1] + (": log and head were both set back" if both else "")


def _runs(numbers: Sequence[int]) -> Iterator[tuple[int, int]]:
    """First and last of each run of consecutive numbers."""
    there = set(numbers)
    starts = [number for number in numbers if number - 1 not in there]
    ends = [number for number in numbers if number + 1 not in there]
    yield from zip(starts, ends, strict=True)


def entries_text(first: int, last: int) -> str:
    return f"entry {first} is" if first == last else f"entries {first} to {last} are"
