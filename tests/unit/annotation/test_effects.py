"""Consequences and HGVS names of single transcripts; tests/cases/effects has a folder for each set of gene models."""

from pathlib import Path
from shutil import copy

import pysam
import pytest

from gms.annotation.changes import Sequence
from gms.annotation.effects import coding_name, effect_on
from gms.annotation.gene_models import write_gene_models
from gms.annotation.transcripts import Transcripts
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
