"""Puts what is known about an allele into plain INFO fields: hot-spot, target, picked consequence, inheritance.

Population, ClinVar, mask, panel-of-normals and white-list fields arrive from bcftools, the consequences of all
transcripts from snpEff; this is the last step of that stream. Positions in the code are 0-based half-open.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import pysam

from gms.annotation.consequences import Transcripts, pick, read_transcripts
from gms.annotation.inheritance import inheritance
from gms.genome.alleles import Allele, trim
from gms.genome.intervals import merge, read_targets
from gms.genome.scatter_intervals import Piece
from gms.genome.vcf import info_value
from gms.variants.small.phased_snvs import changes_one_residue

HEADER = """\
##INFO=<ID=HOTSPOT,Number=1,Type=String,Description="Hot-spot that the allele or its position belongs to">
##INFO=<ID=TARGET,Number=0,Type=Flag,Description="Inside the assay's targets">
##INFO=<ID=GENE,Number=1,Type=String,Description="Symbol of the gene of the picked transcript">
##INFO=<ID=CONSEQUENCE,Number=1,Type=String,Description="Sequence Ontology terms of the transcript, most severe first">
##INFO=<ID=IMPACT,Number=1,Type=String,Description="HIGH, MODERATE, LOW or MODIFIER">
##INFO=<ID=HGVSC,Number=1,Type=String,Description="HGVS coding change on the picked transcript">
##INFO=<ID=HGVSP,Number=1,Type=String,Description="HGVS protein change, predicted; = is written %3D">
##INFO=<ID=TRANSCRIPT,Number=1,Type=String,Description="Picked transcript: MANE Select before canonical before others">
##INFO=<ID=INHERITANCE,Number=1,Type=String,Description="Way of inheritance that the family's genotypes allow">
"""


# Fields that come with a reference part; without it they are defined all the same, so that readers may ask for them.
PART_HEADER = """\
##INFO=<ID=POP_AF,Number=1,Type=Float,Description="Allele frequency in the population">
##INFO=<ID=CLNSIG,Number=.,Type=String,Description="ClinVar significance">
##INFO=<ID=CLNREVSTAT,Number=.,Type=String,Description="ClinVar review status">
##INFO=<ID=CLNDN,Number=.,Type=String,Description="ClinVar disease names">
##INFO=<ID=MASK,Number=0,Type=Flag,Description="In a region where short reads cannot be placed reliably">
##INFO=<ID=WHITELIST,Number=0,Type=Flag,Description="On the assay's list of variants to keep">
##INFO=<ID=PON_COUNT,Number=1,Type=Integer,Description="Normals of the panel that carry the allele">
##INFO=<ID=PON_TOTAL,Number=1,Type=Integer,Description="Normals in the panel">
##INFO=<ID=PON_AF,Number=1,Type=Float,Description="Median fraction of the allele in the normals that carry it">
##INFO=<ID=PON_SD,Number=1,Type=Float,Description="Standard deviation of that fraction">
"""


# Header lines in which tools keep their command lines and paths: the header leaves the centre with an export.
NOT_OURS = ("##SnpEffCmd=", "##bcftools_", "##reference=", "##source=", "##commandline=", "##cmdline=")


class Member(NamedTuple):
    """A sample column of the case."""

    role: str
    male: bool
    affected: bool


class Knowledge(NamedTuple):
    """What the annotation may draw on; absent parts are None. `parts` names those that were there."""

    transcripts: Transcripts | None
    codons: dict[str, dict[str, str]]
    hotspots: dict[tuple[str, int], list[tuple[Allele, str]]] | None
    targets: dict[str, Piece] | None
    members: Sequence[Member]
    parts: Sequence[str]


def load_knowledge(
    files: Mapping[str, str], members: Sequence[Member], parts: Sequence[str], codons: Iterable[str]
) -> Knowledge:
    """`files` by part; `codons` are annotated VCF lines of the alleles that neighbouring SNVs form together."""
    genes, hotspots, targets = (files.get(part) for part in ("genes", "hotspots", "targets"))
    transcripts = read_transcripts(Path(genes)) if genes else None
    return Knowledge(
        transcripts,
        read_codons(codons, transcripts) if transcripts else {},
        read_hotspots(hotspots) if hotspots else None,
        target_pieces(Path(targets)) if targets else None,
        members,
        parts,
    )


def read_codons(lines: Iterable[str], transcripts: Transcripts) -> dict[str, dict[str, str]]:
    """CHROM:POS:REF:ALT → picked consequence, of alleles that change a single amino acid."""
    found = {}
    for line in lines:
        if not line.startswith("#"):
            chrom, pos, _, ref, alt, _, _, info, *_ = line.rstrip("\n").split("\t")
            picked = pick(info_value(info, "ANN") or "", transcripts)
            if changes_one_residue(picked.get("HGVSP", "")):
                found[f"{chrom}:{pos}:{ref}:{alt}"] = picked
    return found


def read_hotspots(path: str) -> dict[tuple[str, int], list[tuple[Allele, str]]]:
    """Hot-spots of a VCF with INFO/HOTSPOT, by each position they cover; ALT '.' stands for any allele there."""
    found: dict[tuple[str, int], list[tuple[Allele, str]]] = {}
    with pysam.VariantFile(path) as records:
        for hotspot in records:
            name = str(hotspot.info["HOTSPOT"])
            for alt in hotspot.alts or (".",):
                allele = Allele(hotspot.start, hotspot.ref, alt)
                covered = range(hotspot.start, hotspot.start + len(hotspot.ref)) if alt == "." else [trim(allele).pos]
                for position in covered:
                    found.setdefault((hotspot.contig, position), []).append((trim(allele), name))
    return found


def target_pieces(bed: Path) -> dict[str, Piece]:
    """Targets by contig, each as one piece that owns them."""
    return {
        contig: Piece(contig, max(i.end for i in intervals), tuple(merge(intervals)))
        for contig, intervals in read_targets(bed).items()
    }


def annotate(lines: Iterable[str], knowledge: Knowledge) -> Iterator[str]:
    """VCF lines with our fields and their definitions."""
    defined = set()
    for line in lines:
        if line.startswith(NOT_OURS):
            continue
        if line.startswith("##"):
            defined.add(line.partition(",")[0])
            yield line
        elif line.startswith("#"):
            yield from (known for known in PART_HEADER.splitlines(True) if known.partition(",")[0] not in defined)
            yield f"{HEADER}##gms_parts={','.join(knowledge.parts) or 'none'}\n{line}"
        else:
            yield annotated(line, knowledge)


def annotated(line: str, knowledge: Knowledge) -> str:
    fields = line.rstrip("\n").split("\t")
    allele = Allele(int(fields[1]) - 1, fields[3], fields[4])
    info = fields[7]
    if knowledge.transcripts and (ann := info_value(info, "ANN")):
        together = knowledge.codons.get(f"{fields[0]}:{info_value(info, 'MNV')}")
        picked = together or pick(ann, knowledge.transcripts)
        info += "".join(f";{name}={value}" for name, value in picked.items())
    if knowledge.hotspots and (name := hotspot_of(fields[0], allele, knowledge.hotspots)):
        info += f";HOTSPOT={name}"
    if knowledge.targets and in_target(fields[0], allele, knowledge.targets, int(info_value(info, "RPT") or 0)):
        info += ";TARGET"
    if "parents" in knowledge.parts:
        info += f";INHERITANCE={way(fields, knowledge.members)}"
    return "\t".join([*fields[:7], info, *fields[8:]]) + "\n"


def hotspot_of(contig: str, allele: Allele, hotspots: dict[tuple[str, int], list[tuple[Allele, str]]]) -> str | None:
    """Name of the hot-spot: the exact allele first, then any allele at a position the variant changes."""
    changed = changed_bases(allele)
    near = [hit for position in {allele.pos, *changed} for hit in hotspots.get((contig, position), ())]
    exact = sorted(name for hotspot, name in near if hotspot == allele)
    anywhere = sorted(n for h, n in near if h.alt == "." and any(h.pos <= p < h.pos + len(h.ref) for p in changed))
    return next(iter(exact + anywhere), None)


def in_target(contig: str, allele: Allele, targets: dict[str, Piece], repeat: int = 0) -> bool:
    """Whether a target holds a base that the allele changes in any of its placements, or one beside an indel. `repeat`:
    bases of the reference over which an indel can be placed."""
    piece = targets.get(contig)
    end = max(changed_bases(allele).stop, allele.pos + 1 + repeat)
    return piece is not None and piece.owns(allele.pos, end)


def changed_bases(allele: Allele) -> range:
    """Reference positions that an allele replaces; of an insertion the base after it."""
    start = allele.pos if allele.is_snv else allele.pos + 1
    return range(start, max(start + 1, allele.pos + len(allele.ref)))


def way(fields: Sequence[str], members: Sequence[Member]) -> str:
    """Way of inheritance of a record (its columns), by the genotypes of the members in the order of the samples."""
    genotypes = [sample.partition(":")[0] for sample in fields[9:]]
    copies = {
        member.role: None if "." in genotype else genotype.count("1")
        for member, genotype in zip(members, genotypes, strict=True)
    }
    affected = frozenset(member.role for member in members if member.affected)
    return inheritance(fields[0], copies, affected, members[0].male)
