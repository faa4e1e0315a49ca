"""Tumour mutational burden of planted mutations: exactly those of the policy count, per callable megabase."""

import numpy as np
import pytest

from gms.base.project import PROJECT
from gms.biomarkers.basis import Basis
from gms.biomarkers.mutational_burden import burden, burden_document, interval
from gms.filtering.policy import Burden, load_policy
from gms.genome.vcf import bgzip_writer, index
from gms.inputs.assay_files import find_assay_files

POLICIES = find_assay_files(PROJECT).policies
HEADER = """\
##fileformat=VCFv4.3
##contig=<ID=chr1,length=100000>
##gms_parts=genes,population,clinvar,hotspots,normals,targets,reads
##INFO=<ID=CALLERS,Number=.,Type=String,Description="c">
##INFO=<ID=CONSEQUENCE,Number=1,Type=String,Description="c">
##INFO=<ID=GENE,Number=1,Type=String,Description="g">
##INFO=<ID=HGVSC,Number=1,Type=String,Description="h">
##INFO=<ID=HGVSP,Number=1,Type=String,Description="h">
##INFO=<ID=IMPACT,Number=1,Type=String,Description="i">
##INFO=<ID=POP_AF,Number=1,Type=Float,Description="p">
##INFO=<ID=MQ_ALT,Number=1,Type=Float,Description="q">
##INFO=<ID=END_ALT,Number=1,Type=Float,Description="e">
##INFO=<ID=SBP,Number=1,Type=Float,Description="s">
##INFO=<ID=RPT,Number=1,Type=Integer,Description="r">
##INFO=<ID=PON_COUNT,Number=A,Type=Integer,Description="n">
##INFO=<ID=MASK,Number=0,Type=Flag,Description="m">
##INFO=<ID=TARGET,Number=0,Type=Flag,Description="t">
##INFO=<ID=HOTSPOT,Number=1,Type=String,Description="h">
##INFO=<ID=PART_OF,Number=1,Type=String,Description="h">
##FORMAT=<ID=GT,Number=1,Type=String,Description="g">
##FORMAT=<ID=DP,Number=1,Type=Integer,Description="d">
##FORMAT=<ID=AD,Number=R,Type=Integer,Description="a">
##FORMAT=<ID=AF,Number=A,Type=Float,Description="f">
##FORMAT=<ID=ADF,Number=R,Type=Integer,Description="f">
##FORMAT=<ID=ADR,Number=R,Type=Integer,Description="r">
"""
LIMITS = {"callable": 200, "floor": 50, "masked": True}
MISSENSE = "CALLERS=bcftools,freebayes;GENE=ABC;HGVSC=c.1A>G;HGVSP=p.(M1V);CONSEQUENCE=missense_variant;IMPACT=MODERATE"


def sample(depth, fraction):
    alt = round(depth * fraction)
    return f"0/1:{depth}:{depth - alt},{alt}:{alt / depth:.4f}"


def document(
    tmp_path, rows, policy="tmb", bases=1_000_000, normal=False, basis=None, header=HEADER, limits=LIMITS
):  # fmt: skip
    """`rows`: REF, ALT, INFO, columns of tumour (and normal)."""
    path = tmp_path / "case.vcf.gz"
    names = ["T", "N"] if normal else ["T"]
    with bgzip_writer(path) as lines:
        lines.write(header + "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\t" + "\t".join(names) + "\n")
        for number, (ref, alt, info, *samples) in enumerate(rows, 1):
            fields = ["chr1", str(100 * number), ".", ref, alt, "50", ".", info, "GT:DP:AD:AF:ADF:ADR", *samples]
            lines.write("\t".join(fields) + "\n")
    index(path)
    quality = {"sample": "T", "metrics": {"coding_bases_callable": bases}}
    quality["metrics"]["coverage_median"] = 400.0
    roles = {"tumor": "T"} | ({"normal": "N"} if normal else {})
    return burden_document(path, load_policy(POLICIES[policy]), roles, quality, limits, basis or Basis())


def test_only_acquired_changes_of_protein_count(tmp_path):
    inside = f"{MISSENSE};TARGET"
    rows = [
        ("A", "G", inside, sample(400, 0.2)),
        ("A", "AG", inside.replace("missense_variant", "frameshift_variant"), sample(400, 0.2)),
        ("A", "G", inside.replace("missense_variant", "missense_variant&splice_region_variant"), sample(400, 0.2)),
        ("A", "G", MISSENSE, sample(400, 0.2)),
        ("A", "G", inside.replace("missense_variant", "synonymous_variant"), sample(400, 0.2)),
        ("A", "G", inside.replace("missense_variant", "stop_retained_variant"), sample(400, 0.2)),
        ("A", "G", inside, sample(400, 0.04)),
        ("A", "G", inside, sample(400, 0.5)),
        ("A", "G", f"{inside};POP_AF=0.001", sample(400, 0.2)),
        ("A", "G", f"{inside};HOTSPOT=ABC", sample(400, 0.2)),
        ("A", "G", f"{inside};PART_OF=chr1:1000:AC:GT", sample(400, 0.2)),
    ]
    found = document(tmp_path, rows, bases=1_500_000)
    assert [one["variant"] for one in found["counted"]] == ["chr1:100:A:G", "chr1:200:A:AG", "chr1:300:A:G"]
    assert found["counted"][0] | {"fraction": 0.2, "gene": "ABC"} == found["counted"][0]
    flags = ("OffTarget", "NotCoding", "LowVaf", "MayBeInherited", "PopulationFrequency", "Driver", "PartOfHaplotype")
    assert found["left_out"] == dict.fromkeys(sorted(flags), 1) | {"NotCoding": 2}
    (row,) = found["results"]
    assert (row["value"], row["interval"], row["verdict"], row["unit"]) == (2.0, [0.41, 5.84], "low", "mutations/Mb")


@pytest.mark.parametrize("masked, counted, left_out", [(True, 1, 3), (False, 2, 2)])
def test_mutations_count_where_bases_do(tmp_path, masked, counted, left_out):
    """Below the depth of a callable base, and where the policy of the assay leaves out masked bases, in a mask."""
    inside = f"{MISSENSE};TARGET"
    rows = [("A", "G", inside, sample(depth, 0.2)) for depth in (200, 199, 60)]
    rows.append(("A", "G", f"MASK;{inside}", sample(400, 0.2)))
    found = document(tmp_path, rows, limits=LIMITS | {"masked": masked})
    assert (len(found["counted"]), found["left_out"]) == (counted, {"NotCallable": left_out})
    assert found["results"][0]["value"] == counted
    assert len(document(tmp_path, rows[:1], policy="tmb_gms560", limits=LIMITS | {"callable": 500})["counted"]) == 1


@pytest.mark.parametrize(
    "flag, alt, info, column",
    [
        ("LowDepth", "G", "", "0/1:49:37,12:0.2449"),
        ("LowAltReads", "G", "", "0/1:150:141,9:0.06"),
        ("LowMappingQuality", "G", "MQ_ALT=29", sample(400, 0.2)),
        ("StrandBias", "G", "SBP=3.1", f"{sample(400, 0.2)}:160,73:160,7"),
        ("ReadEnd", "G", "END_ALT=9", sample(400, 0.2)),
        ("Repeat", "AG", "RPT=8", sample(400, 0.2)),
        ("PanelOfNormals", "G", "PON_COUNT=2", sample(400, 0.2)),
    ],
)
def test_evidence_that_does_not_count(tmp_path, flag, alt, info, column):
    found = document(tmp_path, [("A", alt, f"{MISSENSE};TARGET;{info or 'SBP=0'}", column)])
    assert (found["counted"], found["left_out"]) == ([], {flag: 1})


@pytest.mark.parametrize(
    "alt, info, column",
    [
        ("G", "MQ_ALT=30;END_ALT=10;SBP=3;PON_COUNT=1", f"{sample(400, 0.2)}:160,73:160,7"),
        ("G", "SBP=9", f"{sample(400, 0.2)}:160,72:160,8"),
        ("AG", "RPT=7", sample(400, 0.2)),
    ],
)
def test_evidence_at_the_limits_counts(tmp_path, alt, info, column):
    assert document(tmp_path, [("A", alt, f"{MISSENSE};TARGET;{info}", column)])["left_out"] == {}


def test_a_normal_tells_what_is_inherited(tmp_path):
    inside = f"{MISSENSE};TARGET"
    rows = [
        ("A", "G", inside, sample(400, 0.5), sample(300, 0.0)),
        ("A", "G", inside, sample(400, 0.5), sample(300, 0.49)),
    ]
    found = document(tmp_path, rows, normal=True)
    assert [one["variant"] for one in found["counted"]] == ["chr1:100:A:G"]
    assert found["left_out"] == {"InNormal": 1, "Inherited": 1}


@pytest.mark.parametrize(
    "depth, fraction, is_counted",
    [
        (200, 0.42, False),
        (200, 0.40, True),
        (400, 0.56, False),
        (400, 0.57, True),
        (4000, 0.475, False),
        (4000, 0.46, True),
    ],
)
def test_fractions_that_inherited_variants_have_by_chance_do_not_count(tmp_path, depth, fraction, is_counted):
    rows = [("A", "G", f"{MISSENSE};TARGET", sample(depth, fraction))]
    assert document(tmp_path, rows)["left_out"] == ({} if is_counted else {"MayBeInherited": 1})


def test_few_inherited_variants_of_a_tumour_alone_are_counted(tmp_path):
    """Of 2,000 private ones 1 % by chance; within 47-53 % alone a quarter would be."""
    draw = np.random.default_rng(15)
    depths = draw.integers(200, 600, 2_000)
    rows = [("A", "G", f"{MISSENSE};TARGET", sample(int(depth), draw.binomial(depth, 0.5) / depth)) for depth in depths]
    assert len(document(tmp_path, rows, header=HEADER.replace("100000", "1000000"))["counted"]) <= 40


def test_the_formula_of_gms560(tmp_path):
    inside = f"{MISSENSE};TARGET"
    left_out = [
        ("AC", "A", inside, sample(400, 0.2)),
        ("A", "G", inside.replace("bcftools,", ""), sample(400, 0.2)),
        ("A", "G", inside, sample(100, 0.2)),
        ("A", "G", inside, sample(200, 0.05)),
        ("A", "G", inside, sample(400, 0.96)),
        ("A", "G", inside.replace("ABC", "MUC6"), sample(400, 0.2)),
    ]
    found = document(tmp_path, [("A", "G", inside, sample(400, 0.2))] * 14 + left_out, policy="tmb_gms560")
    assert len(found["counted"]) == 14 and found["results"][0]["value"] == 10.08
    assert found["results"][0]["verdict"] == "high"
    assert document(tmp_path, left_out, policy="tmb_gms560")["results"][0]["value"] == 0


@pytest.mark.parametrize(
    "bases, basis, reason",
    [
        (None, Basis(), "no_coding_bases"),
        (499_999, Basis(), "too_few_bases"),
        (10**6, Basis(quality="fail"), "failed_quality"),
        (10**6, Basis(pair="fail"), "failed_pair"),
        (10**6, Basis(pair="warn"), "doubtful_pair"),
    ],
)
def test_nothing_is_said_without_a_basis(tmp_path, bases, basis, reason):
    found = document(tmp_path, [("A", "G", f"{MISSENSE};TARGET", sample(400, 0.2))], bases=bases, basis=basis)
    (row,) = found["results"]
    assert (found["reason"], row["value"], row["interval"], row["verdict"]) == (reason, None, None, "not_assessed")
    assert len(found["counted"]) == 1


@pytest.mark.parametrize(
    "purity, mutations, common, reason",
    [
        (0.9, 8, 0, "high_purity"),  # seven of ten clonal mutations look inherited at 400 reads
        (1.0, 0, 0, "high_purity"),
        (0.7, 8, 0, None),
        (0.9, 30, 0, None),  # high all the same
        (None, 8, 0, None),
        (None, 8, 8, "may_be_inherited"),
        (0.5, 8, 8, None),
    ],
)
def test_a_low_burden_of_a_pure_tumour_alone_says_nothing(tmp_path, purity, mutations, common, reason):
    inside = f"{MISSENSE};TARGET"
    rows = [("A", "G", inside, sample(400, 0.3))] * mutations + [("A", "G", inside, sample(400, 0.5))] * common
    rows += [("A", "G", f"{inside};POP_AF=0.3", sample(400, 0.5))] * 9  # common SNPs
    found = document(tmp_path, rows, basis=Basis(purity=purity))
    assert found["reason"] == reason
    assert found["results"][0]["verdict"] == ("not_assessed" if reason else "high" if mutations >= 10 else "low")
    pair = [(*row, sample(300, 0.0)) for row in rows]
    assert document(tmp_path, pair, normal=True, basis=Basis(purity=purity))["reason"] is None


def test_the_formula_of_gms560_needs_no_coding_bases(tmp_path):
    """Its factor is of its design; but little of the design was callable where they are known and few."""
    rows = [("A", "G", f"{MISSENSE};TARGET", sample(400, 0.2))] * 14
    assert document(tmp_path, rows, policy="tmb_gms560", bases=None)["results"][0]["value"] == 10.08
    assert document(tmp_path, rows, policy="tmb_gms560", bases=300_000)["reason"] == "too_few_bases"


@pytest.mark.parametrize("normal, reason", [(False, "no_population"), (True, None)])
def test_inherited_variants_are_no_burden_where_nothing_tells_them(tmp_path, normal, reason):
    """20 inherited variants in 1 Mb would make a burden of 20 in a tumour alone."""
    columns = [sample(400, 0.4), sample(300, 0.5)][: 1 + normal]
    rows = [("A", "G", f"{MISSENSE};TARGET", *columns)] * 20
    found = document(tmp_path, rows, normal=normal, header=HEADER.replace("population,", ""))
    assert (found["reason"], found["results"][0]["value"]) == (reason, 0.0 if normal else None)


@pytest.mark.parametrize(
    "basis, count, reason",
    [
        (Basis(purity=0.08), 1, "low_purity"),
        (Basis(purity=0.08), 12, None),
        (Basis(purity=0.15), 1, None),
        (Basis(), 1, None),
        (Basis(is_poor=True), 1, "low_purity"),
        (Basis(is_poor=True), 12, None),
    ],
)
def test_a_low_burden_of_few_tumour_cells_says_nothing(tmp_path, basis, count, reason):
    """A heterozygous mutation of all of 8 % tumour cells is at 4 %, and the policy counts from 5 %."""
    rows = [("A", "G", f"{MISSENSE};TARGET", sample(400, 0.2))] * count
    found = document(tmp_path, rows, basis=basis)
    assert found["reason"] == reason
    (row,) = found["results"]
    assert row["verdict"] == ("not_assessed" if reason else "high" if count > 10 else "low")
    assert ("is not known" in row["why"]) == (row["verdict"] == "low" and basis.purity is None)


@pytest.mark.parametrize("pair, verdict", [("warn", "high"), ("fail", "not_assessed")])
def test_a_high_burden_stands_unless_the_pair_failed(tmp_path, pair, verdict):
    """The normal of another person makes inherited variants look acquired."""
    rows = [("A", "G", f"{MISSENSE};TARGET", sample(400, 0.2))] * 12
    assert document(tmp_path, rows, basis=Basis(pair=pair))["results"][0]["verdict"] == verdict


def test_the_interval_is_garwoods():
    """Bounds as tabulated: Ulm 1990, Am J Epidemiol 131:373."""
    for count, low, high in ((0, 0, 3.69), (1, 0.03, 5.57), (5, 1.62, 11.67), (10, 4.80, 18.39), (100, 81.36, 121.63)):
        assert [round(bound, 2) for bound in interval(count)] == [low, high]
    assert burden(1, 10**6, Burden(high=10, subtract=2.0, factor=0.84)) == 0


def test_protein_changes_are_written_as_hgvs_does(tmp_path):
    """VCF has no = within INFO."""
    silent = MISSENSE.replace("p.(M1V)", "p.(*4%3D)")

    (counted,) = document(tmp_path, [("A", "G", f"{silent};TARGET", sample(400, 0.2))])["counted"]

    assert counted["hgvsp"] == "p.(*4=)"
