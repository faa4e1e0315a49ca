"""CNVkit as we use it: a pool of normals, ratios and segments of a tumour by both methods, on made-up depths; and a
tumour with its normal from aligned reads to the report."""

import json
from pathlib import Path

import numpy as np
import pysam
import pytest

from gms.base.project import PROJECT
from gms.filtering.apply import filter_vcf
from gms.filtering.policy import load_policy
from gms.genome.vcf import header_lines, info, write_vcf
from gms.report.classes import ClassResults, class_document
from gms.report.variants import read_filtered
from gms.variants.copy_number.header import HEADER
from gms.variants.panel_copies import cnvkit
from gms.variants.panel_copies.events import events, profile
from gms.variants.panel_copies.reference import OFF_TARGET, Reference, Window, write_reference
from gms.variants.panel_copies.sample import Asked, call_copies

LENGTHS = {"chr1": 60_000_000, "chr2": 60_000_000, "chr3": 60_000_000}
GENES = 12  # of each contig, with 8 windows; 3 windows between each two


@pytest.fixture(scope="module")
def made_up():
    """Windows and what they catch; depths of seven normals."""
    windows = []
    for contig in LENGTHS:
        for gene in range(GENES):
            start = 1_000_000 + 4_000_000 * gene
            inside = (start + 1_000 * n for n in range(8))
            windows += [Window(contig, at, at + 250, f"{contig}-{gene}", *[0.0] * 5) for at in inside]
            between = (start + 500_000 * n for n in range(1, 4))
            windows += [Window(contig, at, at + 150_000, OFF_TARGET, *[0.0] * 5) for at in between]
    generator = np.random.default_rng(11)
    usual = np.array([0.3 if one.gene == OFF_TARGET else 400 for one in windows])
    caught = usual * generator.lognormal(0, 0.3, len(windows))
    normals = [caught * generator.lognormal(0, 0.1, len(windows)) for _ in range(7)]
    return windows, caught, normals, generator


@pytest.mark.parametrize("method", cnvkit.METHODS)
def test_amplified_and_lost_genes_are_called_and_no_others(made_up, method):
    windows, caught, normals, generator = made_up
    reference = cnvkit.pooled(windows, normals, None)
    factor = {"chr1-3": 4.0, "chr2-5": 0.45, "chr3-7": 0.1}
    depths = caught * generator.lognormal(0, 0.1, len(windows)) * [factor.get(one.gene, 1.0) for one in windows]
    found = cnvkit.ratios(reference, list(depths))
    shown = profile(found, cnvkit.segments(found, method))
    called = {gene: one.kind for one in events(shown, LENGTHS, "female", None) for gene in one.event.genes}
    assert called == {"chr1-3": "DUP", "chr2-5": "DEL", "chr3-7": "DEL"}


LENGTH, READ, PURITY = 500_000, 100, 0.8
OF_TUMOR = {"BRCA1": 0.5, "RB1": 0.2, "ERBB2": 4.0}  # depth: BRCA1 one copy in all cells, RB1 none in the tumour's
CASE = {"kind": "somatic", "samples": [{"sample": "T", "role": "tumor"}], "assay": "panel_solid"}


def write_reads(path: Path, windows: list[Window], depths: np.ndarray, generator: np.random.Generator) -> None:
    """Reads over windows, without bases: they are counted only."""
    header = {"HD": {"VN": "1.6", "SO": "coordinate"}, "SQ": [{"SN": name, "LN": LENGTH} for name in LENGTHS]}
    with pysam.AlignmentFile(str(path), "wb", header=header) as out:
        for window, depth in zip(windows, depths, strict=True):
            number = generator.poisson(depth * (window.end - window.start + READ) / READ)
            for start in sorted(generator.integers(window.start - READ, window.end, number).tolist()):
                read = pysam.AlignedSegment(out.header)
                read.query_name, read.cigarstring, read.mapping_quality, read.flag = "r", f"{READ}M", 60, 0
                read.reference_id, read.reference_start = out.get_tid(window.contig), start
                out.write(read)
    pysam.index(str(path))


@pytest.fixture(scope="module")
def pair(tmp_path_factory):
    """Records and facts of a tumour with its normal."""
    folder, generator = tmp_path_factory.mktemp("pair"), np.random.default_rng(3)
    names = {("chr1", 3): "BRCA1", ("chr2", 5): "RB1", ("chr3", 7): "ERBB2"}
    genes = [(c, g, names.get((c, g), f"{c}-{g}")) for c in LENGTHS for g in range(GENES)]
    places = [(c, 5_000 + 40_000 * g + 1_000 * n, name) for c, g, name in genes for n in range(8)]
    windows = [Window(contig, at, at + 250, name, *[0.0] * 5) for contig, at, name in places]
    caught = 150 * generator.lognormal(0, 0.3, len(windows))
    depths = [caught * generator.lognormal(0, 0.1, len(windows)) for _ in range(7)]
    facts = {"assay": "panel_solid", "version": "1", "members": [], "normals": 7, "sexes": []}
    write_reference(folder / "normals.tsv", Reference(facts, tuple(cnvkit.pooled(windows, depths, None))))
    (folder / "genome.fa").write_text("".join(f">{name}\n{'A' * LENGTH}\n" for name in LENGTHS))
    pysam.faidx(str(folder / "genome.fa"))
    for sample, changed in (("T", OF_TUMOR), ("N", {"BRCA1": 0.5})):
        factor = [changed.get(window.gene, 1.0) for window in windows]
        write_reads(folder / f"{sample}.bam", windows, caught * factor, generator)
    crams, asked = [folder / "T.bam", folder / "N.bam"], Asked("T", "female", PURITY, "hmm")
    return call_copies(crams, folder / "genome.fa", folder / "normals.tsv", asked, 1)


def reported(folder: Path, records: list[str], facts: dict, consented: bool) -> dict:
    """The class in the report of the pair."""
    annotated, filtered, passing = (folder / f"{name}.vcf.gz" for name in ("annotated", "filtered", "reported"))
    definitions = f'{HEADER}##INFO=<ID=POP_AF,Number=A,Type=Float,Description="x">\n##gms_parts=none\n'
    write_vcf([*header_lines(dict.fromkeys(LENGTHS, LENGTH), definitions, ["T"]), *records], annotated)
    policy = load_policy(PROJECT / "config" / "filters" / "panel_solid_copy_number.yaml", "copy_number")
    filter_vcf(annotated, policy, filtered, passing, {"tumor": "T"}, consented=consented)
    return class_document(ClassResults(read_filtered(filtered), policy, facts), CASE)


def test_the_copy_number_of_the_normal_is_compared(pair):
    records, facts = pair
    assert facts["normal"] and facts["assessed"]
    (inherited,) = [line for line in records if "MEASURED=BRCA1" in line]
    assert ";IN_NORMAL\t" in inherited and "PURITY" not in inherited
    assert float(info(inherited.split("\t")[7])["COPIES"]) == pytest.approx(1, abs=0.05)  # of all cells
    assert {row["gene"]: row["state"] for row in facts["genes"] if row["state"] != "unchanged"} == {
        "RB1": "deletion",
        "ERBB2": "duplication",
    }


@pytest.mark.parametrize("consented, sections", [(False, {}), (True, {"BRCA1": "germline"})])
def test_inherited_copy_number_is_reported_with_consent_alone(pair, tmp_path, consented, sections):
    """Neither the findings nor genes, points and segments of the drawing show it else."""
    document = reported(tmp_path, *pair, consented)
    found = {one["own"]["MEASURED"]: one for one in document["findings"]}
    acquired = {"ERBB2": "amplification", "RB1": "homozygous_deletion"}
    assert {gene: one["section"] for gene, one in found.items()} == sections | acquired
    assert ["inherited" in one["labels"] for gene, one in found.items() if gene in sections] == [True] * len(sections)
    facts = document["facts"]
    assert "BRCA1" not in json.dumps(facts)
    start = 5_000 + 40_000 * 3
    assert not [at for contig, at, _ in facts["points"] if contig == "chr1" and start <= at < start + 8_000]
    assert not [one for one in facts["segments"] if one[0] == "chr1" and one[3] < -0.5]
