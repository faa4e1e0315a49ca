"""Records of a case that an HGVS name, an rs number or, in other classes than the small one, any question means."""

import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import pysam

from gms.annotation.changes import Sequence
from gms.annotation.transcripts import Transcripts
from gms.base.errors import GmsError
from gms.explain.asked import Asked, Change, Event, Gene, Genomic, Place, Region, Symbolic, normalised
from gms.explain.hgvs import Meaning, on_transcripts
from gms.genome.gene_effects import effects_of
from gms.genome.vcf import info

NEAR = 50  # bases; callers place the ends of large events differently
_GENES = ("GENE", "GENES", "LOCUS", "REPID", "MEASURED")  # INFO fields that name what a record touches
_NAMES = ("REPID", "FUSION")  # and that are names of their own


class NotInGeneModels(GmsError):
    """A question about a gene or transcript that the gene models do not have, or about none."""


def require_known(transcripts: Path, *names: str) -> None:
    """Raise NotInGeneModels where the gene models have none of these genes or transcripts, or there is no name: that no
    record was found would read as a negative result. `transcripts`: a file as the rule of that name makes it."""
    given = [name for name in names if name]
    if not given:
        raise NotInGeneModels("this change names no gene or transcript, and no record of any has it; write GENE:CHANGE")
    if transcripts.exists():
        known = _models(transcripts)
        if not any(known.named(name) for name in given):
            raise NotInGeneModels(
                f"{given[0]} is neither a gene nor a transcript of this run's gene models; name the gene by its symbol "
                "there, or ask for a position, CHROM:POS"
            )


@cache
def _models(transcripts: Path) -> Transcripts:
    """The gene models, which an answer may ask twice."""
    return Transcripts.read(transcripts)


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
    known = _models(transcripts)
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


@cache
def places_of_rs(name: str, files: tuple[Path, ...]) -> list[tuple[str, int, str, str]]:
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


def class_records(annotated: Path, meant: Asked) -> Iterator[str]:
    """Records of a class that a question means, as lines: of bases all that overlap their position. Contigs are those
    of the file."""
    with pysam.TabixFile(str(annotated)) as file:
        if isinstance(meant, Place | Symbolic):
            here = file.fetch(meant.chrom, meant.pos - 1, meant.pos) if meant.chrom in file.contigs else ()
            yield from (line for line in here if isinstance(meant, Place) or _has_allele(line, meant))
        elif isinstance(meant, Region):
            yield from file.fetch(meant.chrom, meant.start - 1, meant.end) if meant.chrom in file.contigs else ()
        elif isinstance(meant, Change):
            yield from with_change(file.fetch(), meant)
        else:
            yield from (line for line in file.fetch() if _is_meant(line, meant))


def records_near(annotated: Path, chrom: str, pos: int) -> list[str]:
    """Records of a class that begin at most NEAR bases from a position (1-based)."""
    with pysam.TabixFile(str(annotated)) as file:
        here = file.fetch(chrom, max(0, pos - NEAR - 1), pos + NEAR) if chrom in file.contigs else ()
        return [line for line in here if abs(int(line.split("\t", 2)[1]) - pos) <= NEAR]


def _has_allele(line: str, meant: Symbolic) -> bool:
    """Whether a record begins there and has the allele, or the first of several; contigs within a breakend may be
    written with or without 'chr'."""
    _, pos, _, _, alt, _ = line.split("\t", 5)
    own = [one.upper().replace("CHR", "") for one in (alt, *alt.split(","))]
    return int(pos) == meant.pos and meant.alt.upper().replace("CHR", "") in own


def _is_meant(line: str, meant: Asked) -> bool:
    fields = line.split("\t", 8)
    values = info(fields[7])
    if isinstance(meant, Gene):
        touched = ",".join(values.get(key, "") for key in _GENES).replace("&", ",")
        named = [*touched.split(","), *touched.replace("_", ",").split(","), fields[2]]
        return meant.symbol.upper() in map(str.upper, named)
    if isinstance(meant, Event):
        return meant.name in (fields[2], *(one for key in _NAMES for one in values.get(key, "").split(",")))
    is_genomic = isinstance(meant, Genomic) and fields[0] == meant.chrom and "HGVSG" in values
    return is_genomic and normalised(values["HGVSG"]) == meant.change
