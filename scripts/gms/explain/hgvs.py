"""Alleles of the genome that an HGVS c., n. or g. description means, however it is written: as dup or ins, at any of
the equivalent places, on any transcript of a gene (https://hgvs-nomenclature.org)."""

import re
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from gms.annotation.changes import Change, Sequence, reverse_complement
from gms.annotation.transcripts import Model

_DESCRIPTION = re.compile(
    r"(?P<first>[^_A-Za-z>=]+)(?:_(?P<last>[^_A-Za-z>=]+))?"
    r"(?:(?P<ref>[ACGT])>(?P<base>[ACGT])|(?P<kind>delins|del|dup|inv|ins)(?P<alt>[ACGT]*))"
)
_POSITION = re.compile(r"(?P<side>[-*]?)(?P<number>[1-9][0-9]*)(?P<offset>[-+][0-9]+)?")


class Meaning(NamedTuple):
    """The allele (1-based `pos`, with the base before it where REF or ALT would be empty) that a description means on a
    transcript; `transcript` is '' for a description on the contig."""

    transcript: str
    chrom: str
    pos: int
    ref: str
    alt: str


def on_transcripts(change: str, models: Iterable[Model], sequence: Sequence) -> Iterator[Meaning]:
    """The alleles that a c. or n. description means on each of the transcripts where it fits; each once."""
    seen = set()
    for model in models:
        chrom, forward = model.transcript.chrom, model.transcript.forward
        fitting = change.startswith("c." if model.coding else "n.")
        meant = fitting and _meant(
            change[2:], lambda text, m=model: _place_on(m, text), _bases(sequence, chrom, forward)
        )
        if meant and (allele := _allele(meant, chrom, forward, sequence)) not in seen:
            seen.add(allele)
            yield Meaning(model.transcript.id, chrom, *allele)


def on_contig(change: str, chrom: str, sequence: Sequence) -> Meaning | None:
    """The allele that a g. or m. description means; None where it does not fit the contig."""
    meant = _meant(change[2:], lambda text: int(text) - 1 if text.isdigit() else None, _bases(sequence, chrom, True))
    return Meaning("", chrom, *_allele(meant, chrom, True, sequence)) if meant else None


def _bases(sequence: Sequence, chrom: str, forward: bool) -> Callable[[int, int], str]:
    """Bases of an oriented interval; '' where it is not within the contig."""
    low, high = (0, sequence.lengths[chrom]) if forward else (-sequence.lengths[chrom], 0)
    return lambda start, end: sequence.bases(chrom, forward, start, end) if low <= start and end <= high else ""


def _meant(text: str, place: Callable[[str], int | None], bases: Callable[[int, int], str]) -> Change | None:
    """The change in oriented coordinates; None where the text is no description, or its bases are others."""
    found = _DESCRIPTION.fullmatch(text)
    if not found:
        return None
    first, last = place(found["first"]), place(found["last"] or found["first"])
    if first is None or last is None or last < first:
        return None
    reference = bases(first, last + 1)
    if len(reference) != last + 1 - first:
        return None  # outside of the contig
    if found["base"]:
        return Change(first, last + 1, found["base"]) if reference == found["ref"] else None
    if found["kind"] == "ins":
        return Change(last, last, found["alt"]) if last == first + 1 and found["alt"] else None
    if found["kind"] == "dup":
        return Change(last + 1, last + 1, reference)
    alt = {"del": "", "inv": reverse_complement(reference), "delins": found["alt"]}[found["kind"]]
    return Change(first, last + 1, alt)


def _place_on(model: Model, text: str) -> int | None:
    """Oriented coordinate of an HGVS position such as 76, -14, *6, 88+1 or 89-2; the inverse of Model.place."""
    found = _POSITION.fullmatch(text)
    if not found:
        return None
    number = int(found["number"])
    start, end = (model.code_start, model.code_end) if model.coding else (0, model.lengths[-1])
    first = start - model.missing if model.coding else start
    spliced = {"-": start - number, "*": end - 1 + number, "": first + number - 1}[found["side"]]
    offset = int(found["offset"] or 0)
    if spliced < 0:
        return model.start + spliced + offset
    index = next((n for n, before in enumerate(model.lengths[1:]) if spliced < before), len(model.exons) - 1)
    return model.exons[index][0] + spliced - model.lengths[index] + offset


def _allele(change: Change, chrom: str, forward: bool, sequence: Sequence) -> tuple[int, str, str]:
    """POS (1-based), REF and ALT on the contig."""
    start, end = (change.start, change.end) if forward else (-change.end, -change.start)
    alt = change.alt if forward else reverse_complement(change.alt)
    pad = start == end or not alt
    return (
        start + (not pad),
        sequence.bases(chrom, True, start - pad, end),
        sequence.bases(chrom, True, start - pad, start) + alt,
    )
