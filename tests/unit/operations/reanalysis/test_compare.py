"""New, changed and gone findings of a reanalysis, why, and in which order they are read."""

import pytest

from gms.operations.reanalysis.compare import class_rank, compare
from gms.operations.reanalysis.pages import entry_row

HEADER = "##fileformat=VCFv4.2\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n"


def finding(pos, clinvar=None, **changed):
    known = clinvar and {"id": "1", "class": clinvar, "review": "", "stars": 1, "diseases": []}
    return {
        "variants": [f"chr1:{pos}:A:C"],
        "genes": ["ABC"],
        "hgvs": {"g": None, "c": f"c.{pos}A>C", "p": None},
        "consequence": ["missense_variant"],
        "impact": "MODERATE",
        "modes": [],
        "labels": [],
        "partners": [],
        "partners_unphased": [],
        "section": "other",
        "reported": True,
        "rescued_by": None,
        "known": {"clinvar": known, "hotspot": None, "always_report": False},
        "population": {"value": None, "field": None, "an": None, "state": None},
        "evidence": [{"genotype": "0/1"}],
        "in_gene_list": True,
        **changed,
    }


@pytest.fixture
def analysis(tmp_path):
    """A report as data and its filtered VCF, of findings and (pos, FILTER, INFO) of further records."""

    def make(name, findings, others=()):
        rows = [(f["variants"][0].split(":")[1], "PASS", _info(f)) for f in findings] + list(others)
        lines = "".join(f"chr1\t{pos}\t.\tA\tC\t50\t{flags}\t{known}\tGT\t0/1\n" for pos, flags, known in rows)
        (tmp_path / f"{name}.vcf").write_text(HEADER + lines)
        whys = {"Common": f"Frequent in the population ({name})."}
        document = {"findings": findings, "sections": [{"key": "other", "title": "Other"}], "filtered": {"whys": whys}}
        return document, tmp_path / f"{name}.vcf"

    return make


def _info(found):
    known = found["known"]["clinvar"]
    return f"CLNSIG={known['class']}" if known else "GENE=ABC"


def compared(one, other):
    return compare(one[0], other[0], (one[1], other[1]))


def test_the_same_report_has_no_changes(analysis):
    assert compared(analysis("one", [finding(5)]), analysis("two", [finding(5)])) == []


def test_what_clinvar_upgraded_is_read_first(analysis):
    vus, other = finding(5, "Uncertain_significance"), finding(9, impact="HIGH")
    one = analysis("one", [vus], [(7, "Common", "CLNSIG=Likely_benign")])
    two = analysis("two", [finding(5, "Likely_pathogenic"), other, finding(7, "Pathogenic")])
    entries = compared(one, two)
    assert [(entry.kind, entry.finding["variants"][0], entry.urgency) for entry in entries] == [
        ("new", "chr1:7:A:C", 0),
        ("changed", "chr1:5:A:C", 0),
        ("new", "chr1:9:A:C", 2),
    ]
    assert entries[0].reasons == (("Common", "Frequent in the population (one)."),)
    assert entries[0].differences == (("ClinVar", "Likely benign", "Pathogenic"),)
    assert entries[1].differences == (("ClinVar", "Uncertain significance", "Likely pathogenic"),)
    assert entries[2].reasons[0][0] == "NotCalled"


def test_what_went_says_why(analysis):
    one = analysis("one", [finding(5, "Pathogenic"), finding(6)])
    two = analysis("two", [], [(5, "Common;LowDepth", "CLNSIG=Pathogenic")])
    entries = compared(one, two)
    assert [(entry.kind, entry.urgency) for entry in entries] == [("gone", 1), ("gone", 4)]
    assert entries[0].reasons == (("Common", "Frequent in the population (two)."), ("LowDepth", ""))
    assert entries[1].reasons[0][0] == "NotCalled"


def test_a_downgrade_is_read_before_new_findings(analysis):
    one = analysis("one", [finding(5, "Pathogenic"), finding(8, "Pathogenic")])
    two = analysis("two", [finding(5, "Benign"), finding(6)], [(8, "Common", "CLNSIG=Uncertain_significance")])
    entries = compared(one, two)
    assert [(entry.kind, entry.urgency) for entry in entries] == [("changed", 1), ("gone", 1), ("new", 3)]
    assert entries[1].differences == (("ClinVar", "Pathogenic", "Uncertain significance"),)


def test_an_upgraded_variant_that_is_not_reported_is_shown_all_the_same(analysis):
    names = "GENE=XYZ;HGVSC=T1:c.1A>C;HGVSP=P1:p.(Leu2%3D);CONSEQUENCE=synonymous_variant"
    then = [(5, "CLNSIG=Benign"), (6, "CLNSIG=Pathogenic"), (7, "DP=1")]
    one = analysis("one", [], [(pos, "Common", known) for pos, known in then])
    two = analysis("two", [], [(pos, "Common", f"CLNSIG=Pathogenic;{names}") for pos in (5, 6, 7, 8)])
    entries = compared(one, two)
    assert [entry.finding["variants"][0] for entry in entries] == [f"chr1:{pos}:A:C" for pos in (5, 7, 8)]
    assert entries[1].differences == (("ClinVar", "no record", "Pathogenic"),)
    assert entries[0].finding["hgvs"]["p"] == "p.(Leu2=)" and entries[0].reasons[0][0] == "Common"
    assert (entries[0].urgency, entries[0].finding["reported"]) == (0, False)


@pytest.mark.parametrize("answer, shown", [("yes", [5]), ("no", []), ("unknown", [])])
def test_an_upgraded_inherited_variant_is_shown_with_consent_only(analysis, answer, shown):
    one = analysis("one", [], [(5, "Inherited;InNormal", "CLNSIG=Benign")])
    document, vcf = analysis("two", [], [(5, "Inherited;InNormal", "CLNSIG=Pathogenic")])
    entries = compared(one, (document | {"case": {"germline_findings": answer}}, vcf))
    assert [entry.finding["variants"][0] for entry in entries] == [f"chr1:{pos}:A:C" for pos in shown]


def test_what_a_tumour_is_told_by_other_classifications_is_compared(analysis):
    def known(pos, **classes):
        found = finding(pos)
        found["known"] |= {key: {"class": text} for key, text in classes.items()}
        return found

    then = [known(5, oncogenicity="Uncertain_significance"), known(6)]
    others = [(7, "Common", "ONC=Benign"), (8, "Common", "SCI=Tier_III_-_Unknown")]
    now = [known(5, oncogenicity="Likely_oncogenic"), known(6, somatic_impact="Tier_II_-_Potential")]
    upgraded = [(7, "Common", "ONC=Oncogenic"), (8, "Common", "SCI=Tier_I_-_Strong")]
    entries = compared(analysis("one", then, others), analysis("two", now, upgraded))
    assert [(entry.urgency, entry.differences) for entry in entries] == [
        (0, (("ClinVar's oncogenicity", "Uncertain significance", "Likely oncogenic"),)),
        (0, (("ClinVar's clinical impact", "no record", "Tier II - Potential"),)),
        (0, (("ClinVar's oncogenicity", "Benign", "Oncogenic"),)),
        (0, (("ClinVar's clinical impact", "Tier III - Unknown", "Tier I - Strong"),)),
    ]
    assert entry_row(entries[0])["headline"] == "now likely oncogenic in ClinVar"


def germline(document, **facts):
    return document | {"case": {"kind": "germline"}} | facts


def test_what_a_relative_alone_carries_is_not_named(analysis):
    one = analysis("one", [], [(5, "NotInProband", "CLNSIG=Benign")])
    document, vcf = analysis("two", [], [(5, "NotInProband", "CLNSIG=Pathogenic")])
    vcf.write_text(vcf.read_text().replace("\t0/1", "\t0/0\t0/1"))
    assert compared(one, (germline(document), vcf)) == []


@pytest.mark.parametrize("handling, asked, named", [
    ("withheld", None, []), ("withheld", ["XYZ"], []), ("withheld", ["BRCA1"], [5, 6]), ("in_place", None, [5, 6]),
    ("apart", ["XYZ"], [5, 6]),
])  # fmt: skip
def test_secondary_findings_are_named_with_consent_only(analysis, handling, asked, named):
    """One was reported until the proband declined; one is not reported, and pathogenic now."""
    one = analysis("one", [finding(5, "Pathogenic", genes=["BRCA1"])], [(6, "LowDepth", "CLNSIG=Benign;GENE=BRCA1")])
    others = [(5, "PASS", "CLNSIG=Pathogenic;GENE=BRCA1"), (6, "LowDepth", "CLNSIG=Pathogenic;GENE=BRCA1")]
    document, vcf = analysis("two", [], others)
    document = germline(document, gene_list=asked, secondary_findings={"handling": handling})
    entries = compare(one[0], document, (one[1], vcf), {"BRCA1": ("any", "cancer")})
    assert sorted(entry.finding["variants"][0] for entry in entries) == [f"chr1:{pos}:A:C" for pos in named]


def test_what_was_reported_of_the_patient_is_named_when_it_goes(analysis):
    """Also where the genotype changed, and in a secondary gene that HPO terms asked for."""
    then = [finding(5), finding(6, "Pathogenic", genes=["MYH7"], phenotypes=["HP:0001638"])]
    document, vcf = analysis("two", [], [(5, "NotInProband", "GENE=XYZ"), (6, "Common", "CLNSIG=Benign;GENE=MYH7")])
    vcf.write_text(vcf.read_text().replace("\t0/1", "\t0/0\t0/1", 1))
    document = germline(document, secondary_findings={"handling": "withheld"})
    before, known = analysis("one", then)
    entries = compare(before, document, (known, vcf), {"MYH7": ("any", "cardiomyopathy")})
    assert [(entry.kind, entry.finding["variants"][0]) for entry in entries] == [
        ("gone", "chr1:6:A:C"),
        ("gone", "chr1:5:A:C"),
    ]


def test_every_compared_fact_is_a_difference(analysis):
    changed = {"population": {"value": 0.01, "field": "AF", "an": 9, "state": None}, "modes": ["de_novo"]}
    (entry,) = compared(analysis("one", [finding(5)]), analysis("two", [finding(5, **changed)]))
    assert entry.differences == (
        ("modes of inheritance", "–", "de novo"),
        ("population frequency", "not observed", "1 %"),
    )


@pytest.mark.parametrize(
    "text, rank",
    [
        ("Pathogenic", 5),
        ("Pathogenic/Likely_pathogenic", 5),
        ("Likely_pathogenic,_low_penetrance", 4),
        ("Uncertain_significance", 3),
        ("Conflicting_classifications_of_pathogenicity", 2),
        ("risk_factor", 2),
        ("Benign/Likely_benign", 1),
        ("Benign", 0),
        (None, -1),
    ],
)
def test_classes_are_ordered(text, rank):
    assert class_rank(text) == rank
