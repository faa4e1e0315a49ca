"""Gene models in GFF3: coding bases (0-based half-open), and what the ninth column says of genes and transcripts, which
Ensembl, GENCODE and RefSeq write differently."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from urllib.parse import unquote

from gms.genome.intervals import Interval, merge, open_text

SYMBOLS = ("Name", "gene_name", "gene", "gene_id")  # notes of a gene that may hold its symbol
# Preference of a transcript by its tags: https://www.ensembl.org/info/genome/genebuild/mane.html
RANKS = {"MANE_Select": 0, "MANE_Plus_Clinical": 1, "Ensembl_canonical": 2}
UNRANKED = 3


def notes_of(text: str) -> dict[str, str]:
    """The ninth column of a GFF3 line by key."""
    notes = dict(part.split("=", 1) for part in text.replace("; ", ";").split(";") if "=" in part)
    return {key: unquote(value) for key, value in notes.items()} if "%" in text else notes


def first_note(notes: Mapping[str, str], keys: Iterable[str]) -> str:
    """The first of the notes that is given; '' where none is."""
    return next((notes[key] for key in keys if notes.get(key)), "")


def tags_of(notes: Mapping[str, str]) -> set[str]:
    """Tags of a transcript; RefSeq writes 'MANE Select', the others MANE_Select."""
    return {tag.replace(" ", "_") for tag in notes.get("tag", "").split(",")}


def rank_of(notes: Mapping[str, str]) -> int:
    """How far a transcript is preferred: one of RANKS, else UNRANKED."""
    return min((RANKS[tag] for tag in tags_of(notes) if tag in RANKS), default=UNRANKED)


def parents_of(notes: Mapping[str, str]) -> Iterator[str]:
    """IDs of the features that one belongs to: an exon may be of several transcripts."""
    yield from filter(None, notes.get("Parent", "").split(","))


def coding_intervals(gff: Path | str) -> dict[str, list[Interval]]:
    """Bases that any transcript codes with, by contig: sorted intervals, merged where they touch."""
    found: dict[str, set[Interval]] = {}
    with open_text(gff) as lines:
        for line in lines:
            if "\tCDS\t" in line and not line.startswith("#"):
                contig, _, _, start, end, *_ = line.split("\t")
                found.setdefault(contig, set()).add(Interval(int(start) - 1, int(end)))
    return {contig: merge(intervals) for contig, intervals in found.items()}
