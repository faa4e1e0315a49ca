"""Transcripts that leave out exons which they usually have: the listed events (resources/genes/splice_events.tsv)."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from gms.annotation.transcripts import Model, Transcripts
from gms.base.errors import GmsError
from gms.base.json_tables import read_table
from gms.base.project import PROJECT
from gms.variants.rna.junctions import Junction, intron

LIST = PROJECT / "resources" / "genes" / "splice_events.tsv"
LEAST = 10  # fragments across the exons' borders below which nothing is said: one of ten would be the limit of 10 %


class WrongSpliceEvent(GmsError):
    """A row of the list that names no exons."""

    def __init__(self, path: Path, row: Mapping[str, str]):
        super().__init__(
            f"{path}: exons {row['first']} to {row['last']} of {row['gene']} cannot be left out. Give whole numbers of "
            "exons of the MANE Select transcript, from 2, the first one not above the last"
        )


class Event(NamedTuple):
    """Exons `first` to `last` (1-based) of the MANE Select transcript are left out."""

    gene: str
    name: str
    first: int
    last: int


class Borders(NamedTuple):
    """An event in the gene models: the introns that its reads show, and those of the usual transcript on both sides of
    the exons."""

    event: Event
    transcript: str
    without: Junction
    usual: tuple[Junction, Junction]


def read_events(path: Path = LIST) -> list[Event]:
    """Events of the list. Raises WrongSpliceEvent."""
    events = []
    for row in read_table(path):
        numbers = row["first"], row["last"]
        if not all(text.isdecimal() for text in numbers) or not 2 <= int(numbers[0]) <= int(numbers[1]):
            raise WrongSpliceEvent(path, row)
        events.append(Event(row["gene"], row["name"], *map(int, numbers)))
    return events


def borders(events: list[Event], transcripts: Transcripts) -> Iterator[Borders]:
    """Events whose exons the gene models have, an exon after them included."""
    for event in events:
        models = [one for one in transcripts.named(event.gene) if one.transcript.gene == event.gene and one.coding]
        model = min(models, key=lambda one: (one.transcript.rank, -len(one.exons), one.transcript.id), default=None)
        if model and event.last < len(model.exons):
            usual = _intron(model, event.first - 1, event.first), _intron(model, event.last, event.last + 1)
            yield Borders(event, model.transcript.id, _intron(model, event.first - 1, event.last + 1), usual)


def _intron(model: Model, before: int, after: int) -> Junction:
    """What lies between two exons, 1-based."""
    start, end = model.oriented(model.exons[before - 1][1], model.exons[after - 1][0])
    return intron(model.transcript.chrom, start, end)


def counted(one: Borders, splits: Mapping[Junction, Mapping[str, Any]]) -> dict[str, Any]:
    """Fragments without the exons and with them (the mean of both sides), and the share without; None below LEAST."""
    without = len(splits.get(one.without, ()))
    usual = sum(len(splits.get(junction, ())) for junction in one.usual) / 2
    total = without + usual
    exons = f"{one.event.first}" if one.event.first == one.event.last else f"{one.event.first}-{one.event.last}"
    return {
        "name": one.event.name,
        "gene": one.event.gene,
        "exons": exons,
        "transcript": one.transcript,
        "without": without,
        "usual": round(usual, 1),
        "share": round(without / total, 4) if total >= LEAST else None,
    }
