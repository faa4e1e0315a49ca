"""Gene models of a GFF3 file as one line per transcript.

The hierarchy gene > transcript > exon, CDS is read from ID and Parent, not from feature types: Ensembl alone has some
thirty types of transcript (mRNA, lnc_RNA, Y_RNA, V_gene_segment ...) and adds more. Reads Ensembl, GENCODE and RefSeq
GFF3. Coordinates of the result are 0-based half-open.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from gms.annotation.transcripts import Transcript, to_line
from gms.base.errors import GmsError
from gms.genome.gff3 import SYMBOLS, UNRANKED, first_note, notes_of, rank_of, tags_of
from gms.genome.intervals import open_text

PIECES = {"exon", "CDS"}
# Features below a transcript that add nothing to its exons and CDS.
DETAILS = {"start_codon", "stop_codon", "Selenocysteine", "stop_codon_redefined_as_selenocysteine"}
_SHOWN = 5
_HGNC = re.compile(r"HGNC(?: Symbol;Acc)?:(?:HGNC:)?([0-9]+)")


class UnplacedFeatures(GmsError):
    """Features of a GFF3 that belong to no gene; made of the file and (line, reason) of each."""

    def __init__(self, path: Path, features: list[tuple[int, str]]):
        shown = "\n".join(f"  line {line}: {reason}" for line, reason in features[:_SHOWN])
        more = f"\n  and {len(features) - _SHOWN} more" if len(features) > _SHOWN else ""
        text = f"{path} has {len(features)} features that belong to no gene, so their variants would be lost:\n"
        super().__init__(f"{text}{shown}{more}\nUse a complete GFF3 of Ensembl, GENCODE or RefSeq.")


class NoTranscripts(GmsError):
    """A gene model file without any transcript."""

    def __init__(self, path: Path):
        super().__init__(f"{path} has no transcript. Use the GFF3 (not GTF) of Ensembl, GENCODE or RefSeq.")


@dataclass(slots=True)
class _Draft:
    """A transcript while its exons are collected; `columns` of its line."""

    line: int
    columns: list[str]
    notes: Mapping[str, str]
    gene: str
    exons: set[tuple[int, int]] = field(default_factory=set)
    cds: list[tuple[int, int, int]] = field(default_factory=list)  # start, end, phase


@dataclass(slots=True)
class _Models:
    genes: dict[str, Mapping[str, str]] = field(default_factory=dict)
    drafts: dict[str, _Draft] = field(default_factory=dict)
    pieces: list[tuple[int, list[str], str]] = field(default_factory=list)  # before or without their transcript


def read_gene_models(gff: Path) -> list[Transcript]:
    """Transcripts of a GFF3 (plain or gzipped), by contig and start. Raises UnplacedFeatures, NoTranscripts."""
    models, unplaced = _Models(), []
    with open_text(gff) as lines:
        for number, line in enumerate(lines, 1):
            if line.startswith("##FASTA"):
                break
            columns = line.rstrip("\n").split("\t")
            if len(columns) == 9 and not line.startswith("#"):
                _add(models, number, columns, notes_of(columns[8]))
    for number, columns, parent in models.pieces:
        if not _add_piece(models, columns, parent):
            unplaced.append((number, f"{columns[2]} of '{parent or '?'}', which is not a transcript of a gene"))
    unplaced += [(d.line, f"{d.columns[2]} '{name}' has no exons") for name, d in models.drafts.items() if not d.exons]
    unplaced += _orphans(models)
    if unplaced:
        raise UnplacedFeatures(gff, sorted(unplaced))
    found = [_transcript(name, draft, models.genes[draft.gene]) for name, draft in models.drafts.items()]
    if not found:
        raise NoTranscripts(gff)
    return sorted(found, key=lambda t: (t.chrom, t.start, t.end, t.id))


def write_gene_models(gff: Path, tsv: Path) -> int:
    """Write the transcripts of a GFF3 for `transcripts.Transcripts`; returns their number."""
    transcripts = read_gene_models(gff)
    Path(tsv).write_text("".join(f"{to_line(transcript)}\n" for transcript in transcripts))
    return len(transcripts)


def hgnc_symbols(gff: Path) -> tuple[dict[int, str], frozenset[str]]:
    """HGNC number -> symbol, and all symbols, of the genes of a GFF3. Ensembl has the number in the description (of
    GRCh37 as HGNC Symbol;Acc:9031), RefSeq in Dbxref, GENCODE in hgnc_id."""
    symbols, numbers = set(), {}
    with open_text(gff) as lines:
        for line in lines:
            columns = line.rstrip("\n").split("\t")
            if line[0] == "#" or len(columns) < 9 or not columns[2].endswith("gene"):
                continue
            notes = notes_of(columns[8])
            symbol = first_note(notes, SYMBOLS)
            symbols.add(symbol)
            if match := _HGNC.search(";".join(notes.values())):
                numbers[int(match[1])] = symbol
    return numbers, frozenset(symbols)


def _add(models: _Models, number: int, columns: list[str], notes: Mapping[str, str]) -> None:
    kind, name, parents = columns[2], notes.get("ID", ""), notes.get("Parent", "")
    if kind in PIECES:
        for parent in parents.split(","):
            if not (parent in models.drafts and _add_piece(models, columns, parent)):
                models.pieces.append((number, columns, parent))
    elif not parents and name and (kind.endswith("gene") or name.startswith("gene")):
        models.genes[name] = notes
    elif parents and name and kind not in DETAILS and "UTR" not in kind:
        models.drafts[name] = _Draft(number, columns, notes, parents.split(",")[0])


def _add_piece(models: _Models, columns: list[str], parent: str) -> bool:
    """Give an exon or CDS to its transcript. RefSeq has some directly below a gene, which then is its transcript."""
    draft = models.drafts.get(parent)
    if draft is None:
        if parent not in models.genes:
            return False
        draft = models.drafts.setdefault(parent, _Draft(0, columns, models.genes[parent], parent))
    start, end = int(columns[3]) - 1, int(columns[4])
    if columns[2] == "CDS":
        draft.cds.append((start, end, int(columns[7]) if columns[7] != "." else 0))
        if parent in models.genes:
            draft.exons.add((start, end))
    else:
        draft.exons.add((start, end))
    return True


def _orphans(models: _Models) -> Iterator[tuple[int, str]]:
    """Transcripts whose parent is not a gene. A parent that is a transcript (RefSeq: the miRNA of its primary
    transcript) passes its gene on."""
    for name, draft in models.drafts.items():
        if draft.gene in models.drafts and draft.gene not in models.genes:
            draft.gene = models.drafts[draft.gene].gene
        if draft.gene not in models.genes:
            yield draft.line, f"{draft.columns[2]} '{name}' of '{draft.gene}', which is not a gene"


def _transcript(name: str, draft: _Draft, gene: Mapping[str, str]) -> Transcript:
    notes, forward = draft.notes, draft.columns[6] != "-"
    cds = sorted(draft.cds)
    first = (cds[0] if forward else cds[-1]) if cds else None
    rank = rank_of(notes)
    plain = _plain(name)
    version = notes.get("version", "")
    return Transcript(
        id=f"{plain}.{version}" if version and "." not in plain else plain,
        gene=first_note(gene, SYMBOLS) or _plain(draft.gene),
        gene_id=_plain(draft.gene),
        chrom=draft.columns[0],
        forward=forward,
        biotype=first_note({**gene, **notes}, ("biotype", "transcript_type", "gene_biotype", "gene_type")) or "unknown",
        rank=rank,
        partial=rank == UNRANKED and any(tag.endswith("_NF") for tag in tags_of(notes)),
        refseq=_refseq(plain, notes),
        exons=tuple(_joined(draft.exons)),
        cds=(cds[0][0], max(end for _, end, _ in cds)) if cds else None,
        phase=first[2] if first else 0,
    )


def _joined(exons: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Exons in order; those that touch or overlap (CDS split at a ribosomal frameshift) are one."""
    joined: list[tuple[int, int]] = []
    for start, end in sorted(exons):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def _plain(name: str) -> str:
    """An identifier without Ensembl's 'transcript:' and 'gene:' or RefSeq's 'rna-' and 'gene-'."""
    for prefix in ("transcript:", "gene:", "rna-", "gene-"):
        name = name.removeprefix(prefix)
    return re.sub(r"^([NX][MR]_\d+\.\d+)-\d+$", r"\1", name)  # RefSeq counts the copies of a transcript


def _refseq(plain: str, notes: Mapping[str, str]) -> str:
    """The identical RefSeq transcript, which MANE's GFF3 names in Dbxref; a RefSeq transcript is its own."""
    if plain.startswith(("NM_", "NR_")):
        return plain
    names = (entry.rpartition(":")[2] for entry in notes.get("Dbxref", "").split(","))
    return next((name for name in names if name.startswith(("NM_", "NR_"))), "")
