"""Puts what is known about an allele into plain INFO fields: hotspot, target, effects on genes, inheritance.

Population, ClinVar, mask, panel-of-normals and always-report fields arrive from bcftools; this is the last step of that
stream. Positions in the code are 0-based half-open.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import pysam

from gms.annotation.changes import DUPLICATION_HEADER, duplication_fields, genomic_name
from gms.annotation.changes import Sequence as Bases
from gms.annotation.consequences import effects_on_genes, escape
from gms.annotation.facts import Facts, load_facts
from gms.annotation.knowledge_files import (
    ALLELES_OF,
    CANDIDATE,
    Frequency,
    frequencies_of,
    with_evidence,
    with_filters,
)
from gms.annotation.transcripts import Transcripts
from gms.families.info_fields import HEADER as FAMILY_HEADER
from gms.families.info_fields import Deletion, Family, reduced_penetrance_genes
from gms.families.relatives import Member
from gms.genome import gene_effects
from gms.genome.alleles import Allele, left_align, placed_bases
from gms.genome.intervals import merge, read_targets
from gms.genome.scatter_intervals import Shard
from gms.genome.vcf import contig_length, hotspot_name, info_value
from gms.normals.structural import MIN_ALLELES

HEADER = f"""\
##INFO=<ID=HOTSPOT,Number=1,Type=String,Description="Hotspot with exactly this allele">
##INFO=<ID=HOTSPOT_POSITION,Number=1,Type=String,Description="Hotspot with a position that the allele changes">
##INFO=<ID=POP_FIELD,Number=1,Type=String,Description="Field of the population file that POP_AF comes from">
##INFO=<ID=POP_AF_WEAK,Number=1,Type=Float,Description="Frequency without evidence: POP_FILTER is not PASS or POP_AN\
 is below {MIN_ALLELES}">
##INFO=<ID=POP_STATE,Number=1,Type=String,Description="weak: see POP_AF_WEAK; no_contig: the population file lacks it">
##INFO=<ID=TARGET,Number=0,Type=Flag,Description="Inside the assay's targets">
##INFO=<ID=HGVSG,Number=1,Type=String,Description="HGVS genomic (g.) or mitochondrial (m.) change">
{DUPLICATION_HEADER}\
{gene_effects.HEADER}\
##INFO=<ID=FREQUENCY_EXEMPT,Number=0,Type=Flag,Description="Listed as common although it causes disease">
"""


# Fields that come with a reference part; without it they are defined all the same, so that readers may ask for them.
PART_HEADER = """\
##INFO=<ID=POP_AF,Number=1,Type=Float,Description="Allele frequency in the population">
##INFO=<ID=POP_AN,Number=1,Type=Integer,Description="Alleles behind POP_AF">
##INFO=<ID=POP_FILTER,Number=.,Type=String,Description="FILTER of the record in the population file">
##INFO=<ID=CLINVAR_ID,Number=1,Type=String,Description="ClinVar variation identifier">
##INFO=<ID=CLNSIGCONF,Number=.,Type=String,Description="ClinVar classifications that conflict">
##INFO=<ID=ONC,Number=.,Type=String,Description="ClinVar oncogenicity">
##INFO=<ID=SCI,Number=.,Type=String,Description="ClinVar somatic clinical impact">
##INFO=<ID=CLNSIG,Number=.,Type=String,Description="ClinVar significance">
##INFO=<ID=CLNREVSTAT,Number=.,Type=String,Description="ClinVar review status">
##INFO=<ID=CLNDN,Number=.,Type=String,Description="ClinVar disease names">
##INFO=<ID=MASK,Number=0,Type=Flag,Description="In a region where short reads cannot be placed reliably">
##INFO=<ID=WHITELIST,Number=0,Type=Flag,Description="On the assay's list of variants to keep">
##INFO=<ID=PON_COUNT,Number=1,Type=Integer,Description="Normals of the panel that carry the allele">
##INFO=<ID=PON_TOTAL,Number=1,Type=Integer,Description="Normals in the panel">
##INFO=<ID=PON_AF,Number=1,Type=Float,Description="Median fraction of the allele in the normals that carry it">
##INFO=<ID=PON_SD,Number=1,Type=Float,Description="Standard deviation of that fraction">
##INFO=<ID=PON_CALLERS,Number=.,Type=String,Description="Callers that found the allele in normals, caller:normals">
"""


FAMILY = "family"  # part of a case about a person of a family: its records get the fields of gms.families
_WINDOW = 1_000  # bases in which a hotspot is left-aligned
# Header lines in which tools keep their command lines and paths: the header leaves the centre with an export.
NOT_OURS = (
    f"##INFO=<ID={CANDIDATE}",
    f"##INFO=<ID={ALLELES_OF}",
    "##bcftools_",
    "##reference=",
    "##source=",
    "##commandline=",
    "##cmdline=",
)


class Population(NamedTuple):
    """The frequencies of the file, from the most to the least cautious, its contigs, and its filters."""

    frequencies: tuple[Frequency, ...]
    contigs: frozenset[str]
    filters: frozenset[str] = frozenset()


class Knowledge(NamedTuple):
    """What the annotation may draw on; absent parts are None. `parts` names those that were there; `deletions` of the
    case are those that other classes found."""

    transcripts: Transcripts | None
    bases: Bases | None
    facts: Facts
    hotspots: dict[tuple[str, int], list[tuple[Allele, str]]] | None
    targets: dict[str, Shard] | None
    members: Sequence[Member]
    parts: Sequence[str]
    population: Population | None = None
    deletions: Sequence[Deletion] = ()


def load_knowledge(files: Mapping[str, str], members: Sequence[Member], parts: Sequence[str]) -> Knowledge:
    """`files` by part; effects on genes need `transcripts` and `fasta`."""
    transcripts, fasta, hotspots, targets = (
        files.get(part) for part in ("transcripts", "fasta", "hotspots", "targets")
    )
    bases = Bases(pysam.FastaFile(fasta)) if fasta else None
    return Knowledge(
        Transcripts.read(transcripts) if transcripts else None,
        bases,
        load_facts(bases.lengths if bases else {}),
        read_hotspots(hotspots, bases) if hotspots else None,
        target_shards(Path(targets)) if targets else None,
        members,
        parts,
        read_population(files["population"]) if files.get("population") else None,
    )


def read_population(path: str) -> Population:
    """The frequencies of a population file, and the contigs that it covers."""
    with pysam.VariantFile(path) as records:
        header = records.header
        return Population(frequencies_of(set(header.info)), frozenset(records.index or ()), frozenset(header.filters))


def read_hotspots(path: str, bases: Bases | None) -> dict[tuple[str, int], list[tuple[Allele, str]]]:
    """Hotspots of a VCF with INFO/HOTSPOT, by each position they cover; ALT '.' stands for any allele there. Alleles
    are left-aligned on `bases`, as those of a case are: HGVS, which lists are made from, has them to the right."""
    found: dict[tuple[str, int], list[tuple[Allele, str]]] = {}
    with pysam.VariantFile(path) as records:
        for hotspot in records:
            name = hotspot_name(hotspot) or f"{hotspot.contig}_{hotspot.pos}"
            for alt in hotspot.alts or (".",):
                allele = Allele(hotspot.start, hotspot.ref.upper(), alt.upper())
                if alt != ".":
                    allele = aligned(hotspot.contig, allele, bases)
                covered = range(allele.pos, allele.pos + len(allele.ref)) if alt == "." else [allele.pos]
                for position in covered:
                    found.setdefault((hotspot.contig, position), []).append((allele, name))
    return found


def aligned(chrom: str, allele: Allele, bases: Bases | None) -> Allele:
    """An allele trimmed and, where the sequence is known, left-aligned."""
    start = max(0, allele.pos - _WINDOW) if bases and chrom in bases.lengths else allele.pos
    end = allele.pos + len(allele.ref)
    return left_align(allele, bases.bases(chrom, True, start, end) if start < allele.pos else allele.ref, start)


def target_shards(bed: Path) -> dict[str, Shard]:
    """Targets by contig, each as one shard that owns them."""
    return {
        contig: Shard(contig, max(i.end for i in intervals), tuple(merge(intervals)))
        for contig, intervals in read_targets(bed).items()
    }


def annotate(lines: Iterable[str], knowledge: Knowledge) -> Iterator[str]:
    """VCF lines with our fields and their definitions."""
    defined, lengths, relatives = set(), {}, None
    for line in lines:
        if line.startswith(NOT_OURS):
            continue
        if line.startswith("##"):
            defined.add(line.partition(",")[0])
            lengths.update(contig_length(line))
            yield line
        elif line.startswith("#"):
            yield from (known for known in PART_HEADER.splitlines(True) if known.partition(",")[0] not in defined)
            yield HEADER + (FAMILY_HEADER if FAMILY in knowledge.parts else "")
            yield f"##gms_parts={','.join(knowledge.parts) or 'none'}\n"
            yield line
        elif is_symbolic(line):
            yield line
        else:
            fields = annotated(line.rstrip("\n").split("\t"), knowledge)
            if FAMILY in knowledge.parts:
                relatives = relatives or Family(
                    knowledge.members, lengths, reduced_penetrance_genes(), knowledge.deletions
                )
                fields = relatives.annotated(fields, gene_effects.changed_genes(fields[7]))
            yield "\t".join(fields) + "\n"


def is_symbolic(line: str) -> bool:
    """Whether a record has no allele in bases (<DEL>, <STR20>, a breakend or none): nothing is looked up by it."""
    alt = line.split("\t", 5)[4]
    return alt[:1] in ("<", ".") or "[" in alt or "]" in alt


def annotated(fields: list[str], knowledge: Knowledge) -> list[str]:
    """The columns of a record with what the reference files know of its allele."""
    allele = Allele(int(fields[1]) - 1, fields[3], fields[4])
    info = population_fields(fields[0], fields[7], knowledge.population)
    if knowledge.bases:
        name = genomic_name(fields[0], allele, knowledge.bases, knowledge.facts.accessions.get(fields[0], ""))
        info += f";HGVSG={escape(name)}{duplication_fields(fields[0], allele, knowledge.bases)}"
    if knowledge.transcripts and knowledge.bases:
        info += effect_fields(fields[0], allele, knowledge)
    repeat = int(info_value(info, "RPT") or 0)
    if knowledge.hotspots:
        named = hotspot_fields(fields[0], allele, knowledge.hotspots, repeat)
        info += "".join(f";{key}={name}" for key, name in named.items())
    if knowledge.targets and in_target(fields[0], allele, knowledge.targets, repeat):
        info += ";TARGET"
    return [*fields[:7], info, *fields[8:]]


def population_fields(chrom: str, info: str, population: Population | None) -> str:
    """INFO text with what its frequency is worth."""
    if population is None:
        return info
    if chrom not in population.contigs:
        return f"{info};POP_STATE=no_contig"
    return with_evidence(with_filters(info, population.filters), population.frequencies)


def effect_fields(chrom: str, allele: Allele, knowledge: Knowledge) -> str:
    """INFO text, with its ';', of the effects on genes."""
    effects = effects_on_genes(chrom, allele, knowledge.transcripts, knowledge.bases, knowledge.facts)
    exempt = ";FREQUENCY_EXEMPT" if knowledge.facts.exempt(effects) else ""
    return f";{gene_effects.to_info(effects)}{exempt}" if effects else ""


def hotspot_fields(
    contig: str, allele: Allele, hotspots: dict[tuple[str, int], list[tuple[Allele, str]]], repeat: int = 0
) -> dict[str, str]:
    """HOTSPOT: the name of the very allele; HOTSPOT_POSITION: the name of a position that the allele changes in any of
    its placements. `repeat` as of in_target."""
    changed = placed_bases(allele, repeat)
    near = [hit for position in {allele.pos, *changed} for hit in hotspots.get((contig, position), ())]
    exact = sorted(name for hotspot, name in near if hotspot == allele)
    anywhere = sorted(n for h, n in near if h.alt == "." and any(h.pos <= p < h.pos + len(h.ref) for p in changed))
    return {key: names[0] for key, names in (("HOTSPOT", exact), ("HOTSPOT_POSITION", anywhere)) if names}


def in_target(contig: str, allele: Allele, targets: dict[str, Shard], repeat: int = 0) -> bool:
    """Whether a target holds a base that the allele changes in any of its placements, or one beside an indel. `repeat`:
    bases of the reference over which an indel can be placed."""
    shard = targets.get(contig)
    return shard is not None and shard.owns(allele.pos, placed_bases(allele, repeat).stop)
