"""One sample from its alignment to VCF, consensus and record."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from gms.viral.chain import align, alleles, consensus, decide, read_indels, vcf
from gms.viral.chain.primer_scheme import amplicons, read_primers
from gms.viral.chain.reference import read_genome
from gms.viral.checks.amplicons import amplicon_depths, primer_ends
from gms.viral.checks.frames import coding, frameshifts
from gms.viral.checks.sample_record import Measured, sample_record
from gms.viral.checks.second_bases import second_bases


class ViralSample(NamedTuple):
    """A sample (`facts`: names, role, plate, scheme), the rules and schemes of its assay, its alignment and statistics
    of clipping, and the folder of the reference."""

    facts: Mapping[str, str]
    rules: Mapping[str, float]
    schemes: Sequence[str]
    bam: Path
    clipped: Path
    folder: Path


def examine(sample: ViralSample, calls: Path, fasta: Path) -> dict[str, Any]:
    """Write VCF and consensus; return the record. Raises the errors of the steps."""
    rules, reference = sample.rules, sample.folder / "genome.fa"
    contig, genome = read_genome(reference)
    primers = {name: read_primers(sample.folder / f"{name}.bed") for name in sample.schemes}
    own, least = primers[sample.facts["scheme"]], int(rules["min_depth"])
    qualities = (int(rules["base_quality"]), int(rules["mapping_quality"]))
    depth = align.depths(sample.bam, *qualities, len(genome))
    seen = alleles.observed_alleles(alleles.pileup_command(reference, sample.bam, *qualities), genome)
    ends = read_indels.read_ends(sample.bam, qualities[1], own)
    indels = read_indels.indels_by_reads(ends, sample.bam, genome, seen, least, rules["ambiguous_fraction"])
    every, fraction = [*seen, *indels], rules["ambiguous_fraction"]
    unresolved = read_indels.unresolved_places(ends, sample.bam, genome, every, least, fraction)
    decision = decide.decide(every, depth, genome, rules, unresolved)
    sequence, effects = _write(sample, decision, contig, len(genome), calls, fasta)
    genes = sample.folder / "genes.gff3"
    frames = frameshifts(decide.consensus_bases(decision), coding(genes)) if genes.exists() else []
    clipped, shares = align.clipped_fraction(sample.clipped), primer_ends(ends.starts, primers)
    tiles, second = amplicon_depths(amplicons(own), depth, least), second_bases(seen, depth, genome)
    measured = Measured(decision, depth, sequence, ends, clipped, tiles, shares, second, frames, effects)
    return sample_record(sample.facts, rules, measured)


def _write(
    sample: ViralSample, decision: decide.Decision, contig: str, length: int, calls: Path, fasta: Path
) -> tuple[str, dict[str, str]]:
    """Write VCF and consensus; return the sequence, and consequences by allele."""
    name, reference, genes = sample.facts["sample"], sample.folder / "genome.fa", sample.folder / "genes.gff3"
    sequence = consensus.consensus(decision, reference, contig, length, name)
    fasta.write_text(consensus.fasta_text(name, sequence))
    lines = [*vcf.header(contig, length, name, sample.rules), *vcf.records(decision, contig)]
    return sequence, vcf.write_calls(lines, reference, genes if genes.exists() else None, calls)
