"""The samples of a case: who is who, what each carries, and their FASTQ files."""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from gms.validation.demo_data import copy_number
from gms.validation.demo_data.cases import CaseFacts, Member
from gms.validation.demo_data.references import panel_regions
from gms.validation.demo_data.settings import fastq_name
from gms.validation.demo_genome import smn
from gms.validation.demo_genome.bgzf import gzip_bytes
from gms.validation.demo_genome.deletion import SAMPLE, with_deletion
from gms.validation.demo_genome.genome import Genome
from gms.validation.demo_genome.knowledge import PANELS
from gms.validation.demo_genome.population import Frequent, Person, child, founder, with_isodisomy, with_planted
from gms.validation.demo_genome.stream import Stream
from gms.validation.demo_genome.variants import Variant, resolve
from gms.validation.demo_reads import fusion
from gms.validation.demo_reads.fragments import (
    Acquired,
    Chosen,
    Fragments,
    Library,
    Rule,
    Template,
    captured,
    make_templates,
    plant,
    shotgun,
    thinned,
)
from gms.validation.demo_reads.microsatellites import SAMPLES, microsatellite_reads
from gms.validation.demo_reads.mitochondrion import FRACTIONS, mitochondrial_reads
from gms.validation.demo_reads.molecules import molecule_reads
from gms.validation.demo_reads.reads import make_reads
from gms.validation.demo_reads.rearranged import rearranged


class World(NamedTuple):
    """What all cases share."""

    genome: Genome
    population: list[Frequent]


def write_sample(world: World, case: CaseFacts, member: Member, folder: Path, share: int = 1) -> None:
    """The FASTQ files of one sample; of its depth, one part in `share` (for fast tests)."""
    stream = Stream("sample", member.sample)
    templates = make_templates(world.genome, person_of(world, case, member))
    depth = max(member.depth // share, 1)
    if member.sample == SAMPLE:
        templates = rearranged(world.genome, templates)
    fragments = _fragments(world, case, member, templates, depth, stream)
    if member.sample == fusion.SAMPLE:
        regions = panel_regions(world.genome, world.population, case.assay)
        fragments, templates = fusion.with_fusion(world.genome, fragments, templates, regions, case.library, depth)
    if member.umi:
        lanes = molecule_reads(fragments, templates, case.library, stream)
    else:
        lanes = make_reads(fragments, templates, case.library, stream, member.lanes)
    more = list(_apart(member, case.library, share))
    lanes[0] = tuple(b"".join(texts) for texts in zip(lanes[0], *more, strict=True))
    for lane, mates in enumerate(lanes, start=1):
        for mate, text in enumerate(mates, start=1):
            (folder / fastq_name(member.sample, lane, mate)).write_bytes(gzip_bytes(text))


def _fragments(
    world: World, case: CaseFacts, member: Member, templates: list[Template], depth: int, stream: Stream
) -> Fragments:
    """Fragments of one sample, with what its tumour has."""
    genome = world.genome
    if case.assay in PANELS:
        regions = panel_regions(genome, world.population, case.assay)
        fragments = captured(templates, regions, case.library, depth, stream, copy_number.depths(member.sample))
    else:
        fragments = shotgun(genome, templates, case.library, depth, stream)
    for planted in case.planted:
        if member.sample in planted.shallow:
            variant = resolve(genome, planted.gene, planted.change)
            fragments = thinned(fragments, templates, variant, planted.shallow[member.sample], case.library.length)
    _plant_acquired(genome, case, member, fragments, templates)
    return fragments


def _plant_acquired(
    genome: Genome, case: CaseFacts, member: Member, fragments: Fragments, templates: list[Template]
) -> None:
    """Give the tumour variants of a sample to its fragments, in the order of planted.tsv."""
    known: dict[tuple[str, str], Chosen] = {}
    for planted in case.planted:
        if isinstance(acquired := planted.carriers.get(member.sample), Acquired):
            variant = resolve(genome, planted.gene, planted.change)
            rule = Rule(acquired, planted.one_strand, known.get((planted.gene, acquired.partner)))
            known[planted.gene, planted.change] = plant(fragments, templates, variant, rule, case.library.length)


def _apart(member: Member, library: Library, share: int) -> Iterator[tuple[bytes, bytes]]:
    """Reads of contigs that only some samples have reads of."""
    sample = member.sample
    if sample in FRACTIONS:
        yield from mitochondrial_reads(sample, library, share)
    if sample in SAMPLES:
        yield microsatellite_reads(sample, library, max(member.depth // share, 1))


def person_of(world: World, case: CaseFacts, member: Member) -> Person:
    """The person a sample is from, with the germline variants planted in it."""
    chroms = list(world.genome.sequences)
    if member.role == "proband" and len(case.members) > 1:
        named = {"father": (f"{case.name} father", "male")}  # where he is not sequenced
        named |= {m.role: (m.subject, m.sex) for m in case.members if m is not member}
        parents = {role: founder(world.population, chroms, *facts) for role, facts in named.items()}
        person = child(parents["mother"], parents["father"], member.sex)
    else:
        person = founder(world.population, chroms, member.subject, member.sex)
    germline = [
        (resolve(world.genome, planted.gene, planted.change), planted.carriers[member.sample])
        for planted in case.planted
        if isinstance(planted.carriers.get(member.sample), str)
    ]
    if which := smn.HAPLOTYPES.get(member.sample):
        germline += [(Variant(*allele), which) for allele in smn.converted()]
    person = with_planted(person, germline)
    if member.sample != SAMPLE:
        return person
    return with_isodisomy(with_deletion(person, parents["father"], world.genome))
