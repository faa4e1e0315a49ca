"""Records of a case that an HGVS name or an rs number means."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import pysam

from gms.annotation.changes import Sequence
from gms.annotation.transcripts import Transcripts
from gms.explain.asked import Change, normalised
from gms.explain.hgvs import Meaning, on_transcripts
from gms.genome.gene_effects import effects_of


def with_change(records: Iterable[str], asked: Change) -> list[str]:
    """Records with the change on the shown transcript of a gene; of the gene or transcript named, where one was."""
    numbers = re.findall("[0-9]+", asked.change)
    near = (line for line in records if all(number in line for number in numbers))
    found = [(line, list(_names(line))) for line in near]
    of_subject = [line for line, names in found if any(_is_change(asked, *one) for one in names)]
    if of_subject or not asked.gene:
        return of_subject
    of_gene = Change(asked.gene, asked.change)  # the transcript that was named is not the one that is shown
    return [line for line, names in found if any(_is_change(of_gene, *one) for one in names)]


def meanings(asked: Change, transcripts: Path, sequence: Sequence) -> list[Meaning] | None:
    """Alleles that a c. or n. change means on the transcripts of the gene, or on the one, that it was given for: []
    where it fits none, None without such a transcript. `transcripts`: a file as the rule of that name makes it."""
    names = [name for name in (asked.subject, asked.gene) if name]
    if not names or asked.change.startswith("p.") or not transcripts.exists():
        return None
    known = Transcripts.read(transcripts)
    models = next((found for name in names if (found := known.named(name))), [])
    return list(on_transcripts(asked.change, models, sequence)) if models else None


def _names(line: str) -> Iterator[tuple[set[str], list[str]]]:
    """For each gene that a record touches: the gene and its transcript, and the changes on it."""
    for effect in effects_of(line.split("\t", 8)[7]):
        subjects = {effect[key] for key in ("GENE", "TRANSCRIPT", "REFSEQ") if key in effect}
        yield subjects, [effect[key] for key in ("HGVSC", "HGVSP") if key in effect]


def _is_change(asked: Change, subjects: set[str], changes: list[str]) -> bool:
    wanted = asked.subject.partition(".")[0].upper()
    if wanted and wanted not in {subject.partition(".")[0].upper() for subject in subjects}:
        return False
    return any(_is_same(asked.change, normalised(change)) for change in changes)


def _is_same(asked: str, change: str) -> bool:
    """Whether two normalised names are the same; of a frameshift the new residue and the new stop may be left out."""
    if "fs" in asked and (cut := re.fullmatch(r"(p\.[A-Za-z]+[0-9]+)([A-Z][a-z]{2})?fs\S*", change)):
        return asked in (change, f"{cut[1]}fs", f"{cut[1]}{cut[2] or ''}fs")
    return asked == change


def places_of_rs(name: str, files: Iterable[Path]) -> list[tuple[str, int, str, str]]:
    """CHROM, POS, REF, ALT of an rs number, from the first file (VCF with it as ID or in INFO/RS) that knows it."""
    tag = f"RS={name.removeprefix('rs')}"
    for path in files:
        found = []
        with pysam.BGZFile(str(path)) as lines:
            for raw in lines:
                if tag.encode() not in raw and name.encode() not in raw or raw.startswith(b"#"):
                    continue
                fields = raw.decode().split("\t")
                if name in fields[2].split(";") or tag in fields[7].split(";"):
                    found += [(fields[0], int(fields[1]), fields[3], alt) for alt in fields[4].split(",")]
        if found:
            return found
    return []
