"""A structural variant of the rare disease trio: the child has lost exons 5 to 13 of the paternal ASXL1, de novo."""

from gms.validation.demo_genome.genome import Genome
from gms.validation.demo_genome.population import Person, with_planted
from gms.validation.demo_genome.variants import Variant

CHROM, START, END = "chr20", 4_300, 8_600  # 0-based half-open, both ends in introns
SAMPLE, HAPLOTYPE = "rare-proband", 1
GENOTYPES = {SAMPLE: "0/1", "rare-mother": "0/0", "rare-father": "0/0"}


def with_deletion(person: Person, father: Person, genome: Genome) -> Person:
    """The child without that piece, and what else was on it. On the other haplotype nothing is left there that the
    father lacks: in so small a genome one such allele, alone in the child, would make him look like another's father.
    """
    known = {v for haplotype in father.haplotypes[CHROM] for v in haplotype or ()}
    pair = [
        tuple(v for v in haplotype or () if _outside(v) or (number != HAPLOTYPE and v in known))
        for number, haplotype in enumerate(person.haplotypes[CHROM])
    ]
    return with_planted(Person(person.haplotypes | {CHROM: (pair[0], pair[1])}), [(variant(genome), str(HAPLOTYPE))])


def _outside(v: Variant) -> bool:
    return v.pos + len(v.ref) <= START or v.pos > END + 1


def variant(genome: Genome) -> Variant:
    bases = genome.sequences[CHROM]
    return Variant(CHROM, START, bases[START - 1 : END], bases[START - 1])


def truth(genome: Genome, variants: str) -> tuple[str, ...]:
    """A row of the table of what must be found, of a class of variants: section of the report, genotype of each
    sample."""
    samples = ",".join(f"{sample}={genotype}" for sample, genotype in GENOTYPES.items())
    return "rare-trio", variants, f"{CHROM}:{START}:{variant(genome).alt}:<DEL>", "de_novo", samples
