"""RNA of made-up genes through STAR: a fusion and exons that are left out are found, and nothing in a normal."""

import random
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from gms.alignment.align_reads import LaneReads, Stream
from gms.alignment.star import align_rna, index_files, make_index
from gms.annotation.transcripts import Transcript, Transcripts
from gms.base import software
from gms.fusions.rna_case import call_rna
from gms.genome.intervals import Interval
from gms.genome.vcf import info
from gms.validation.class_benchmarks.simulated import write_reference
from gms.validation.panel_benchmarks.rna_genes import Genes, gff3
from gms.validation.panel_benchmarks.rna_reads import Planted, across, fusion_fragments, write_reads

FUSION = Planted("BCR", "ABL1", (2, 3))

pytestmark = pytest.mark.skipif(
    software.find(software.star(), software.ENVIRONMENT, {}).version is None, reason="no STAR: ./gms setup --with star"
)


def made_up(generator: random.Random) -> Genes:
    """Three genes on random bases; introns begin with GT and end with AG."""
    contigs, found = {}, {}
    for contig, gene, forward, number in (("1", "BCR", True, 4), ("2", "ABL1", False, 4), ("3", "MET", True, 16)):
        exons = tuple((at, at + 120) for at in range(1_000, 1_000 + number * 500, 500))
        bases = generator.choices("ACGT", k=exons[-1][1] + 1_000)
        for (_, start), (end, _) in zip(exons, exons[1:], strict=False):
            bases[start : start + 2], bases[end - 2 : end] = ("GT", "AG") if forward else ("CT", "AC")
        coding = exons[0][0] + 30, exons[-1][1] - 30
        facts = (f"T{gene}", gene, f"E{gene}", contig, forward, "protein_coding", 0, False, "", exons, coding, 0)
        contigs[contig], found[gene] = "".join(bases), Transcript(*facts)
    return Genes(contigs, found, {})


def records(folder: Path, genes: Genes, name: str, fragments: list[str], generator: random.Random) -> list[dict]:
    files = write_reads(folder, fragments, generator)
    stream = Stream(
        name,
        [
            LaneReads("L1", *files),
        ],
        "reference/star",
        "star",
        False,
        1,
        str(folder),
    )
    counts = align_rna(stream, "genome.fa", f"{name}.cram", folder / "log")
    assert counts["reads"] == 2 * len(fragments)
    targets = {"2": [Interval(1_500, 1_620)]}  # an exon of ABL1
    lines, facts = call_rna(Path("genome.fa"), Path(f"{name}.cram"), Transcripts(genes.lines()), name, targets)
    assert facts["without_models"] == ["EGFRvIII"]
    columns = [line.rstrip("\n").split("\t") for line in lines if not line.startswith("#")]
    return [info(fields[7]) | {"place": fields[:2], "sample": fields[9]} for fields in columns]


def test_a_fusion_and_exons_left_out(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    generator = random.Random(1)
    genes = made_up(generator)
    write_reference(tmp_path / "genome.fa", genes.contigs)
    Path("genes.gff3").write_text("".join(gff3(genes)))
    Path("reference/star").mkdir(parents=True)
    with TemporaryDirectory(dir=tmp_path) as work, open("log", "w") as log:
        make_index("genome.fa", Path("genes.gff3"), Path("reference/star"), Path(work), 1, 1_000, log)
    assert all(Path(path).is_file() for path in index_files("reference/star"))
    exons = genes.exons("MET")
    normal = list(across("".join(exons[:14]), "".join(exons[14:]), 40, generator))
    normal += across("".join(exons[:13]), "".join(exons[13:]), 40, generator)
    tumor = [*normal, *across("".join(exons[:13]), "".join(exons[14:]), 20, generator)]
    tumor += fusion_fragments(genes, FUSION, 20, generator)

    assert records(tmp_path, genes, "N", normal, generator) == []
    found = records(tmp_path, genes, "T", tumor, generator)

    first, second, skipped = found
    assert first["place"] == ["1", "1620"] and second["place"] == ["2", "1620"] and "SECOND" in second
    assert (
        (first["FUSION_NAME"], first["SPLICE_SITES"]) == (FUSION.name, "2")
        and "FUSION_LISTED" in first
        and "OUTSIDE" not in first
        and first["GENES"] == "BCR,ABL1"
    )
    assert int(first["sample"].split(":")[3]) >= 10
    assert skipped["SPLICE_EVENT"] == "MET_exon_14_skipping" and 0.2 < float(skipped["SPLICE_SHARE"]) < 0.5

    before, after = ("".join(genes.exons(gene)[part]) for gene, part in (("BCR", slice(2)), ("ABL1", slice(2, None))))
    usual = [
        one
        for gene in ("BCR", "ABL1")
        for one in across("".join(genes.exons(gene)[:2]), "".join(genes.exons(gene)[2:]), 40, generator)
    ]
    added = [*normal, *usual, *across(before, "CA" + after, 20, generator)]  # neither intron goes on so
    first, _ = records(tmp_path, genes, "A", added, generator)
    assert (first["FUSION_NAME"], first["SPLICE_SITES"]) == (FUSION.name, "2")
    assert 0.2 < float(first["sample"].split(":")[5]) < 0.5  # 20 of 60
