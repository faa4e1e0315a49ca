"""HGVS descriptions as alleles of the genome: the way back from the names of tests/cases/effects."""

from pathlib import Path
from shutil import copy

import pysam
import pytest

from gms.annotation.changes import Sequence, named, oriented_change, placements
from gms.annotation.effects import coding_name
from gms.annotation.gene_models import write_gene_models
from gms.annotation.transcripts import Transcripts
from gms.explain.asked import Change as Asked
from gms.explain.hgvs import on_contig, on_transcripts
from gms.explain.search import meanings, with_change
from gms.genome.alleles import Allele

CASE = Path(__file__).parents[2] / "cases" / "effects" / "gene_on_both_strands"
ROWS = [line.split("\t") for line in (CASE / "expected.tsv").read_text().splitlines()[1:]]


@pytest.fixture(scope="module")
def models(tmp_path_factory):
    """(file of transcripts, sequence)."""
    work = tmp_path_factory.mktemp("hgvs")
    copy(CASE / "genome.fa", work)
    write_gene_models(CASE / "genes.gff3", work / "transcripts.tsv")
    return work / "transcripts.tsv", Sequence(pysam.FastaFile(str(work / "genome.fa")))


def spellings(model, allele: Allele, sequence: Sequence):
    """The c. names of an allele at each of its placements, a duplication as an insertion too."""

    def bases(start, end):
        return sequence.bases(model.transcript.chrom, model.transcript.forward, start, end)

    for change in placements(oriented_change(allele, model.transcript.forward), bases):
        yield f"c.{named(change, bases, model.place)}"
        if change.start == change.end:
            yield f"c.{model.place(change.start - 1)}_{model.place(change.start)}ins{change.alt}"


def test_every_spelling_means_its_allele(models):
    path, sequence = models
    transcripts, tried = Transcripts.read(path), 0
    for contig, pos, ref, alt, _, coding, _ in ROWS:
        (model,) = transcripts.near(contig, int(pos) - 1, int(pos))
        for spelled in spellings(model, Allele(int(pos) - 1, ref, alt), sequence):
            (meant,) = on_transcripts(spelled, [model], sequence)
            assert coding_name(model, Allele(meant.pos - 1, meant.ref, meant.alt), sequence) == coding
            tried += 1
    assert tried > 300


@pytest.mark.parametrize("asked, found", [
    (Asked("PLUS", "c.4G>A"), [("ENST1.2", "plus", 374, "G", "A")]),
    (Asked("plus", "c.4G>A"), [("ENST1.2", "plus", 374, "G", "A")]),
    (Asked("NM_1.7", "c.4G>A"), [("ENST1.2", "plus", 374, "G", "A")]),
    (Asked("NM_5.1", "c.4G>A", "PLUS"), [("ENST1.2", "plus", 374, "G", "A")]),
    (Asked("PLUS", "c.4C>A"), []),
    (Asked("PLUS", "c.4_2del"), []),
    (Asked("PLUS", "n.4G>A"), []),
    (Asked("PLUS", "c.0del"), []),
    (Asked("PLUS", "c.99999del"), []),
    (Asked("PLUS", "c.-99999_-99990dup"), []),
    (Asked("MINUS", "c.*99999_*100000del"), []),
    (Asked("PLUS", "c.4G>AA"), []),
    (Asked("NM_5.1", "c.4G>A"), None),
    (Asked("", "c.4G>A"), None),
    (Asked("PLUS", "p.Ala2Thr"), None),
])  # fmt: skip
def test_transcripts_and_genes_that_were_named(models, asked, found):
    assert meanings(asked, *models) == found


def test_a_genomic_name(models):
    sequence = models[1]
    first = sequence.bases("plus", True, 0, 3)
    assert on_contig("g.2_3del", "plus", sequence) == ("", "plus", 1, first, first[0])
    assert on_contig("g.2_3inv", "plus", sequence)[2] == 2
    assert on_contig("g.2C>A" if first[1] != "C" else "g.2G>A", "plus", sequence) is None


@pytest.mark.parametrize("asked, number", [
    ("p.Gly646fs", 1), ("p.Gly646Trpfs", 1), ("p.Gly646TrpfsTer12", 1), ("p.Gly646TrpfsTer13", 0), ("p.Gly64fs", 0),
])  # fmt: skip
def test_a_frameshift_by_its_short_names(asked, number):
    record = "chr20\t5\t.\tA\tAG\t.\t.\tGENE=ASXL1;HGVSC=c.1934dup;HGVSP=p.(Gly646Trpfs*12)\tGT\t0/1"
    assert len(with_change([record], Asked("ASXL1", asked))) == number
