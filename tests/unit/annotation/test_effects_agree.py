"""Consequences agree with bcftools csq, which has code and authors of its own, on random alleles of both strands."""

import random
import re
import subprocess
from pathlib import Path
from shutil import copy

import pysam

from gms.annotation.changes import Sequence
from gms.annotation.effects import Effect, effect_on
from gms.annotation.gene_models import write_gene_models
from gms.annotation.transcripts import Transcripts
from gms.genome.alleles import Allele, left_align

CASE = Path(__file__).parents[2] / "cases" / "effects" / "gene_on_both_strands"
# Terms that both have; without UTR features in the GFF3, bcftools takes UTRs for introns.
SHARED = {
    "inframe_deletion",
    "inframe_insertion",
    "splice_region",
    "stop_gained",
    "missense",
    "synonymous",
    "start_lost",
}
SHARED |= {"frameshift", "stop_lost", "stop_retained", "splice_donor", "splice_acceptor"}


SITES = {"splice_region", "splice_donor", "splice_acceptor", "start_lost", "stop_lost", "stop_retained"}
STOPS = {"stop_gained"}


def alleles(genome: dict[str, str], number: int) -> list[tuple[str, Allele]]:
    """Random SNVs, and insertions and deletions of one to four bases, left-aligned."""
    rng = random.Random(5)
    found = {}
    while len(found) < number:
        contig = rng.choice(sorted(genome))
        sequence = genome[contig]
        pos = rng.randrange(340, len(sequence) - 340)
        size = rng.choice((0, 0, 1, 2, 3, 4))
        ref = sequence[pos : pos + 1 + (size if rng.random() < 0.5 else 0)]
        alt = ref[0] + "".join(rng.choices("ACGT", k=size)) if len(ref) == 1 and size else ref[0]
        alt = rng.choice([base for base in "ACGT" if base != ref]) if alt == ref else alt
        found[contig, left_align(Allele(pos, ref, alt), sequence)] = None
    return list(found)


def by_bcftools(work: Path, variants: list[tuple[str, Allele]]) -> dict[tuple[str, Allele], set[str]]:
    """Terms of each allele."""
    head = "##fileformat=VCFv4.2\n##contig=<ID=plus>\n##contig=<ID=minus>\n"
    head += "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n"
    rows = [
        f"{c}\t{a.pos + 1}\t.\t{a.ref}\t{a.alt}\t.\t.\t.\n"
        for c, a in sorted(variants, key=lambda v: (v[0] != "plus", v[1]))
    ]
    (work / "in.vcf").write_text(head + "".join(rows))
    command = ["bcftools", "csq", "--local-csq", "-f", work / "genome.fa", "-g", CASE / "genes.gff3", work / "in.vcf"]
    lines = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    found = {}
    for chrom, pos, _, ref, alt, _, _, info in (line.split("\t") for line in lines if line[0] != "#"):
        words = [entry.split("|") for entry in info.removeprefix("BCSQ=").split(",")] if "BCSQ=" in info else []
        terms = {term for entry in words for term in entry[0].replace("_variant", "").split("&")}
        found[chrom, Allele(int(pos) - 1, ref, alt)] = terms
    return found


def plain(effect: Effect) -> set[str]:
    """Our terms as bcftools writes them."""
    terms = {term.removesuffix("_variant").replace("UTR", "utr") for term in effect.terms}
    return {re.sub("(conservative|disruptive)_", "", term) for term in terms}


def test_random_alleles(tmp_path):
    copy(CASE / "genome.fa", tmp_path)
    sequence = Sequence(pysam.FastaFile(str(tmp_path / "genome.fa")))
    write_gene_models(CASE / "genes.gff3", tmp_path / "transcripts.tsv")
    transcripts = Transcripts.read(tmp_path / "transcripts.tsv")
    genome = {name: sequence.fasta.fetch(name) for name in sequence.lengths}
    snvs, indels = {}, {}
    for (contig, allele), terms in by_bcftools(tmp_path, alleles(genome, 1_500)).items():
        (model,) = transcripts.near(contig, allele.pos, allele.pos + 1)
        ours, theirs = plain(effect_on(model, allele, sequence)) & SHARED, terms & SHARED
        if theirs:
            (snvs if allele.is_snv else indels)[contig, *allele] = ours, theirs
    assert {place: both for place, both in snvs.items() if both[0] != both[1]} == {}
    # bcftools judges an indel at its left-most place only, and names no stop that a frameshift brings at once.
    plain_indels = {place: both for place, both in indels.items() if not (both[0] | both[1]) & SITES}
    assert {place: both for place, both in plain_indels.items() if both[0] - STOPS != both[1] - STOPS} == {}
    assert (len(snvs) > 200, len(plain_indels) > 200) == (True, True), (len(snvs), len(plain_indels))
