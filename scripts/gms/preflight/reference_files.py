"""The reference genome, its parts and the regions of assays: there, readable, and of the same genome."""

import gzip
import sys
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from gms.annotation.knowledge_files import missing_contigs
from gms.base.problems import Findings, shown
from gms.base.schemas import Document
from gms.genome.fastq import GZIP
from gms.inputs.assay_files import ASSAY_FILES, REFERENCE_PARTS
from gms.inputs.run_model import Run
from gms.preflight import fasta_index
from gms.preflight.aligner_index import accessions_problem, alternates_problem, index_problem
from gms.preflight.gene_model_checks import gene_models_problem, start_codons_problem
from gms.preflight.knowledge_checks import knowledge_problem, respelled, unknown_contigs, unlike_reference
from gms.preflight.places_twice import false_duplications_note, pseudoautosomal_note
from gms.preflight.reference_bases import ReferenceBases
from gms.preflight.target_regions import check_bed
from gms.variants.mitochondrial.facts import FIELDS as MITOCHONDRIAL_FIELDS
from gms.variants.mitochondrial.facts import known_problem, mitochondrial_contig
from gms.variants.repeats.catalogue import catalogue_problem

_GENOME_WIDE = ("reference.population", "reference.clinvar")
_LISTS = ("hotspots", "whitelist")
_SHOWN = 5
_INDEXED = {
    "population": "vcf",
    "clinvar": "vcf",
    "hotspots": "vcf",
    "mask": "bed",
    "normals": "vcf",
    "structural_normals": "vcf",
    "structural_population": "vcf",
    "whitelist": "vcf",
}


def check_references(run: Run, findings: Findings) -> None:
    """Note what is wrong with the FASTA, the other parts of the reference and the assays' own files."""
    config = Document(run.configfile)
    fasta, contigs = run.reference.fasta, {}
    text = _file_problem(fasta)
    if not text:
        text, contigs = _read_fasta(fasta)
    if text:
        _add(findings, config, ["reference", "fasta"], fasta, text)
    bases = ReferenceBases(fasta)
    if not text and (text := _contigs_problem(fasta, contigs, bases)):
        _add(findings, config, ["reference", "fasta"], fasta, text)
    _check_cram_genome(run, config, findings)
    for document, keys, path in _parts(run, config):
        problem = _file_problem(path) or _part_problem(keys[-1], path, contigs, bases)
        if not problem and keys == ["reference", "genes"]:
            problem = gene_models_problem(path, contigs) or start_codons_problem(path, contigs, bases)
        if problem:
            _add(findings, document, keys, path, problem)
        elif keys[-1] == "targets":
            check_bed(path, contigs, findings)
    if not findings.problems:
        _print_notes(run, config, contigs, bases)


def _print_notes(run: Run, config: Document, contigs: dict[str, int], bases: ReferenceBases) -> None:
    for text in filter(None, (pseudoautosomal_note(contigs, bases), false_duplications_note(contigs, bases))):
        print(f"warning: the reference {text}", file=sys.stderr)
    for note in dict.fromkeys(
        note for _, keys, path in _parts(run, config) for note in _notes(".".join(keys), path, contigs, bases)
    ):
        print(f"note: {note}", file=sys.stderr)


def _add(findings: Findings, document: Document, keys: list[str], path: Path, problem: str) -> None:
    written = str(path).removeprefix(f"{document.path.parent}/")
    if problem == "does not exist" and not written.startswith("/"):
        problem += "; paths are relative to this file"
    findings.add(document.path, document.line(keys), f"{'.'.join(keys)} '{shown(written)}' {problem}")


def _parts(run: Run, config: Document) -> Iterator[tuple[Document, list[str], Path]]:
    """(document that gives it, its keys there, path) of every part that was given."""
    for name in REFERENCE_PARTS:
        if path := getattr(run.reference, name):
            yield config, ["reference", name], path
    for assay in run.assays.values():
        own = Document(assay.file)
        changed = (run.config.get("assays") or {}).get(assay.name, {})
        for name in ASSAY_FILES:
            if path := getattr(assay, name):
                yield (config, ["assays", assay.name, name], path) if name in changed else (own, [name], path)


def _check_cram_genome(run: Run, config: Document, findings: Findings) -> None:
    """Note a genome of CRAM files that is not there: it may be another one than the run's."""
    if run.reference.cram and (problem := _file_problem(run.reference.cram)):
        _add(findings, config, ["reference", "cram"], run.reference.cram, problem)


def _file_problem(path: Path) -> str | None:
    if not path.exists():
        return "does not exist"
    if not path.is_file():
        return "is not a file"
    try:
        with path.open("rb") as file:
            return None if file.read(1) else "is empty (0 bytes); copy it again"
    except OSError as error:
        return f"cannot be read: {error.strerror}"


def _contigs_problem(fasta: Path, contigs: dict[str, int], bases: ReferenceBases) -> str | None:
    """What is wrong with the names of a FASTA's contigs, or with its index for bwa."""
    named = accessions_problem(contigs)
    return named or index_problem(fasta, contigs, bases) or alternates_problem(fasta, contigs)


def _is_bgzip(path: Path) -> bool:
    """Whether the first gzip member has the extra field BC of the BGZF format (SAM specification, section 4.1)."""
    with path.open("rb") as file:
        head = file.read(16)
    return head[:2] == GZIP and bool(head[3] & 4) and head[12:14] == b"BC"


def _is_gzip(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(2) == GZIP


def _read_fasta(path: Path) -> tuple[str | None, dict[str, int]]:
    """What is wrong with the FASTA, if anything; and the lengths of its contigs."""
    if _is_gzip(path) and not _is_bgzip(path):
        packed, plain = shown(path), shown(path.with_suffix(""))
        text = "is compressed with gzip, which cannot be indexed; recompress it"
        return f"{text}: gunzip {packed} && bgzip {plain}", {}
    try:
        with _opened(path) as file:
            if file.read(1) != b">":
                return "is not FASTA: it must begin with '>'", {}
        index = Path(f"{path}.fai")
        if _is_trusted(path, index) and not fasta_index.is_index_of(path, index):
            return f"has an index of another FASTA next to it; remove {shown(path)}.fai, it is rebuilt", {}
        return None, contig_lengths(path)
    except ValueError:
        return f"has a damaged index; remove {shown(path)}.fai, it is rebuilt", {}
    except IndexError:
        return "has a contig without a name; every '>' must be followed by one", {}
    except (EOFError, OSError, zlib.error):
        return "is damaged (it cannot be unpacked to its end); copy it again", {}


def _opened(path: Path) -> BinaryIO:
    return gzip.open(path) if _is_gzip(path) else path.open("rb")


def _is_trusted(fasta: Path, index: Path) -> bool:
    """Whether there is an index that can be compared with its FASTA: of a compressed one, only with its .gzi."""
    return index.is_file() and index.stat().st_size > 0 and (not _is_gzip(fasta) or fasta_index.is_packed(fasta))


def contig_lengths(fasta: Path) -> dict[str, int]:
    """Length (bases) of every contig: from the .fai where there is one, else by reading the FASTA."""
    index = Path(f"{fasta}.fai")
    if _is_trusted(fasta, index):
        return {name: int(length) for name, length, *_ in map(str.split, index.read_text().splitlines())}
    lengths: dict[str, int] = {}
    name = ""
    with _opened(fasta) as file:
        for line in file:
            if line.startswith(b">"):
                name = line[1:].split(maxsplit=1)[0].decode()
                lengths[name] = 0
            else:
                lengths[name] += len(line.strip())
    return lengths


def _part_problem(part: str, path: Path, contigs: dict[str, int], bases: ReferenceBases) -> str | None:
    if part in MITOCHONDRIAL_FIELDS:
        contig = mitochondrial_contig(contigs)
        return known_problem(part, path, bases.fetch(contig, 0, contigs[contig]) if contig else None)
    if part == "repeats":
        return catalogue_problem(path, contigs)
    kind = _INDEXED.get(part)
    if kind is None:
        return None
    if not _is_bgzip(path):
        return f"is not compressed with bgzip; compress it with bgzip, then: tabix -p {kind} FILE.gz"
    if not any(Path(f"{path}{suffix}").is_file() for suffix in (".tbi", ".csi")):
        return f"has no index; make it: tabix -p {kind} {shown(path)}"
    return knowledge_problem(part, path, contigs, bases)


def _notes(name: str, path: Path, contigs: dict[str, int], bases: ReferenceBases) -> Iterator[str]:
    """What a run should know of a file that can be used."""
    kind = _INDEXED.get(name.rpartition(".")[2])
    if kind is None or not contigs:
        return
    if name in _GENOME_WIDE and (missing := missing_contigs(path, contigs)):
        yield f"{name} '{shown(path)}' has no records of {', '.join(missing)}; nothing is known of their alleles"
    if unknown := unknown_contigs(path, contigs):
        text = f"{name} '{shown(path)}' has records of {', '.join(unknown)}, which the reference lacks"
        yield f"{text}; they are not used: rename its contigs if that is another name"
    if name.rpartition(".")[2] in _LISTS and (unlike := unlike_reference(path, contigs, bases)):
        text = f"{name} '{shown(path)}': REF of {len(unlike)} entries is not the reference's"
        yield f"{text} ({', '.join(unlike[:_SHOWN])}{' …' if len(unlike) > _SHOWN else ''}); they match no variant"
    if kind == "vcf" and name != "reference.population":
        changed, sampled = respelled(path, contigs, bases)
        if changed:
            text = f"{name} '{shown(path)}': {changed} of {sampled} sampled records have several alleles or are not"
            yield f"{text} left-aligned; they are split and left-aligned when they are read"
