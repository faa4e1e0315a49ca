"""Consequences and HGVS names of single transcripts; tests/cases/effects has a folder for each set of gene models."""

import random
from pathlib import Path
from shutil import copy

import pysam
import pytest

from gms.annotation.changes import Sequence
from gms.annotation.effects import coding_name, effect_on
from gms.annotation.gene_models import write_gene_models
from gms.annotation.transcripts import Model, Transcript, Transcripts
from gms.genome.alleles import Allele

CASES = sorted((Path(__file__).parents[2] / "cases" / "effects").glob("*/expected.tsv"))


def rows(table: Path) -> list[list[str]]:
    return [line.split("\t") for line in table.read_text().splitlines() if not line.startswith("#")]


@pytest.fixture(scope="module")
def models(tmp_path_factory):
    """Transcripts and sequence of a case, read once."""
    known = {}

    def read(case: Path) -> tuple[Transcripts, Sequence]:
        if case not in known:
            work = tmp_path_factory.mktemp(case.name)
            copy(case / "genome.fa", work)
            write_gene_models(case / "genes.gff3", work / "transcripts.tsv")
            known[case] = Transcripts.read(work / "transcripts.tsv"), Sequence(pysam.FastaFile(str(work / "genome.fa")))
        return known[case]

    return read


@pytest.mark.parametrize("table, row", [pytest.param(t, row, id=":".join(row[:4])) for t in CASES for row in rows(t)])
def test_consequence_and_names(table, row, models):
    contig, pos, ref, alt, consequence, coding, protein = row
    transcripts, sequence = models(table.parent)
    allele = Allele(int(pos) - 1, ref, alt)
    (model,) = transcripts.near(contig, allele.pos, allele.pos + len(ref))
    effect = effect_on(model, allele, sequence)
    assert (coding_name(model, allele, sequence), effect.protein or ".") == (coding, protein)
    assert "&".join(effect.terms) == consequence


@pytest.mark.parametrize("exons, cds, expected", [
    # An RNA of the intron is not touched; one that holds a part is; the end of another transcript is.
    (((110, 140),), None, (("upstream_gene_variant", "downstream_gene_variant"), "")),
    (((90, 110),), None, (("non_coding_transcript_exon_variant",), "")),
    # The intron is exon in another transcript: one codon after the other, both changed.
    (((60, 200),), (70, 190), (("missense_variant",), None)),
    # Only the first part is in an exon: the other is in the intron behind it.
    (((60, 103), (180, 200)), (70, 190), (("missense_variant", "splice_region_variant", "intron_variant"), None)),
])  # fmt: skip
def test_parts_of_an_allele_around_an_intron_in_other_transcripts(tmp_path, exons, cds, expected):
    bases = "".join(random.Random(4).choices("AC", k=300))
    (tmp_path / "genome.fa").write_text(f">1\n{bases}\n")
    biotype = "protein_coding" if cds else "snoRNA"
    model = Model(Transcript("T", "G", "E", "1", True, biotype, 0, False, "", exons, cds, 0))
    allele = Allele(100, bases[100:149], "G" + bases[101:148] + "G")  # first bases of codons; no stop without a T
    found = effect_on(model, allele, Sequence(pysam.FastaFile(str(tmp_path / "genome.fa"))))
    terms, protein = expected
    assert set(found.terms) == set(terms)
    assert protein is None or found.protein == protein
