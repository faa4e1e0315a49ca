"""A finding as data, and the cards of genes on the page."""

from dataclasses import replace

import pytest

from gms.drawings.page import card_pedigree
from gms.report.content import page_content, sample_words
from gms.report.findings import by_gene, card_genes, finding, with_codons, with_phases
from gms.report.labels import classifications, with_frames
from gms.report.variants import Evidence, Variant
from gms.variants.small.report_section import finding_type, phase

TUMOR = {"sample": "T", "role": "tumor", "sex": "unknown"}
NORMAL = {"sample": "N", "role": "normal", "sex": "unknown"}


def case(*samples, kind="somatic"):
    return {"kind": kind, "callable_depth": 100, "samples": list(samples)}


def variant(fraction=0.5, depth=500, alt="T", **info):
    evidence = {"T": Evidence((0, 1), round(fraction * depth), depth, fraction, 99), "N": Evidence((0, 0), 0, 500, 0.0)}
    return Variant("chr7", 100, "A", alt, "other", info, None, ("bcftools",), "", (), evidence, 50.0)


@pytest.mark.parametrize(
    "samples, alt, fraction, marked",
    [
        ((TUMOR,), "T", 0.4, True),
        ((TUMOR,), "T", 0.62, True),  # the tumour lost the other allele in part of its cells
        ((TUMOR,), "T", 1.0, True),
        ((TUMOR,), "T", 0.39, False),
        ((TUMOR,), "AT", 0.35, True),
        ((TUMOR,), "AT", 0.34, False),
        ((TUMOR, NORMAL), "T", 0.5, False),
    ],
)
def test_a_fraction_of_an_inherited_variant_is_marked_without_a_normal(samples, alt, fraction, marked):
    found = finding(variant(fraction, alt=alt), case(*samples), "other")
    assert ("may_be_inherited" in found["labels"]) == marked


@pytest.mark.parametrize(
    "tumor, normal, label",
    [
        ((210, 400), (0, 400), None),
        ((210, 400), (0, 20), None),
        ((210, 400), (0, 19), "may_be_inherited"),
        ((20, 400), (0, 0), None),
        ((320, 800), (1, 3), "in_normal"),  # one read is no evidence of an inherited variant
        ((320, 800), (2, 6), "in_normal"),
        ((320, 800), (3, 10), "inherited"),
        ((560, 800), (256, 800), "inherited"),
        ((560, 800), (232, 800), "in_normal"),
        ((30, 600), (75, 500), "in_normal"),
        ((30, 600), (1, 500), None),
    ],
)
def test_where_a_variant_of_a_pair_comes_from(tumor, normal, label):
    reads = {
        name: Evidence((0, 1), alt, depth, alt / depth if depth else None)
        for name, (alt, depth) in (("T", tumor), ("N", normal))
    }
    found = finding(replace(variant(GENE="IDH2"), evidence=reads), case(TUMOR, NORMAL), "other")
    assert [one for one in found["labels"] if one != "chip_gene"] == ([label] if label else [])
    assert ("chip_gene" in found["labels"]) == (label == "in_normal")  # blood, as far as the normal is


@pytest.mark.parametrize("alt, depth, label", [(40, 100, "in_normal"), (0, 10, None), (20, 100, "in_normal")])
def test_an_expected_fusion_is_not_inherited(alt, depth, label):
    reads = {"T": Evidence((0, 1), 50, 100, 0.5), "N": Evidence((0, 1), alt, depth, alt / depth)}
    found = finding(replace(variant(FUSION_EXPECTED="3"), evidence=reads), case(TUMOR, NORMAL), "expected")
    assert {"inherited", "in_normal", "may_be_inherited"}.intersection(found["labels"]) == ({label} if label else set())


@pytest.mark.parametrize(
    "mark, label",
    [("IN_NORMAL", "inherited"), ("LESS_IN_NORMAL", "in_normal"), ("MAY_BE_INHERITED", "may_be_inherited")],
)
def test_where_a_change_of_copies_comes_from_is_a_label(mark, label):
    lost = replace(variant(**{mark: "True", "IN_NORMALS": "0.1"}), alt="<DEL>", evidence={})
    assert finding(lost, case(TUMOR), "loss", "copy_number")["labels"] == [label]
    assert finding(replace(lost, info={}), case(TUMOR), "loss", "copy_number")["labels"] == []


def test_labels_say_what_to_know_before_believing_a_finding():
    found = finding(variant(0.2, 60, MASK="True", PON_COUNT="4"), case(TUMOR), "other")
    assert found["labels"] == ["low_depth", "masked", "in_panel_of_normals"]
    found = finding(variant(PON_COUNT="2", PON_TOTAL="1000"), case(TUMOR, kind="germline"), "other")
    assert found["labels"] == [] and found["in_normals"] == {"count": 2, "total": 1000}


def test_each_classification_of_clinvar_is_shown():
    """A record of ClinVar may have a somatic classification only (ONC, SCI)."""
    reviewed = {"CLNREVSTAT": "criteria_provided,_conflicting_classifications", "CLNSIGCONF": "Benign(1)|Pathogenic(2)"}
    somatic = {
        "ONC": "Oncogenic",
        "ONCREVSTAT": "reviewed_by_expert_panel",
        "ONCDN": "Melanoma",
        "SCI": "Tier_I_-_Strong",
    }
    inherited, acquired = (
        finding(variant(CLINVAR_ID="7", **info), case(TUMOR), "other")
        for info in (reviewed | {"CLNSIG": "Conflicting_classifications_of_pathogenicity"}, somatic)
    )
    assert inherited["known"]["clinvar"]["conflicting"] == ["Benign(1)", "Pathogenic(2)"]
    assert acquired["known"]["clinvar"] is None
    assert acquired["known"]["oncogenicity"] == {
        "id": "7", "class": "Oncogenic", "review": "reviewed_by_expert_panel", "stars": 3, "diseases": ["Melanoma"],
    }  # fmt: skip
    words = [(one["kind"], one["class"], one["id"]) for one in classifications(acquired["known"])]
    assert words == [("oncogenicity", "Oncogenic", "7"), ("somatic_impact", "Tier I - Strong", "7")]


def test_a_sample_without_reads_has_no_evidence():
    absent = finding(variant(), case(TUMOR, NORMAL | {"sample": "N2"}), "other")["evidence"][1]
    assert (absent["genotype"], absent["depth"], absent["fraction"]) == (None, None, None)


@pytest.mark.parametrize(("depth", "lead"), [(8, "not informative"), (30, "not carried")])
def test_a_relative_of_few_reads_is_not_said_to_be_without_a_variant(depth, lead):
    family = case({"sample": "T", "role": "proband"}, {"sample": "N", "role": "sibling"}, kind="germline")
    one = variant()
    one.evidence["N"] = Evidence((0, 0), 0, depth, 0.0, 3 * depth)
    found = finding(one, family, "other")
    shown = sample_words(found["evidence"][1], found, {"case": family})
    assert shown == {"lead": lead, "rest": f"0 of {depth} reads"}
    drawn = card_pedigree([{**sample, "sex": "female", "affected": "no"} for sample in family["samples"]], [found])
    assert f">{lead}<" in drawn


def test_a_tandem_duplication_has_its_filler():
    found = finding(variant(alt="A" + "C" * 48, DUPLICATED="45", FILLER="GTC"), case(TUMOR), "other")
    assert found["duplicated"] == {"inserted": 48, "repeated": 45, "filler": "GTC"}
    assert "duplicated" not in finding(variant(), case(TUMOR), "other")


def test_findings_of_a_tumour_say_whether_they_are_on_the_same_molecules():
    other, far = "chr7:120:C:G", "chr7:400:C:G"
    near = variant(GENE="EGFR", IN_CIS=other, PHASE=f"{other}|40|1|0")
    others = [replace(variant(GENE="EGFR"), pos=pos, ref="C", alt="G") for pos in (120, 400)]
    other_gene = replace(variant(GENE="KRAS"), pos=130)
    variants = [near, *others, other_gene]
    findings = [finding(one, case(TUMOR), "other") for one in variants]
    with_phases(findings, variants)
    counts = {"both": 40, "this_only": 1, "other_only": 0}
    assert findings[0]["phase"] == [
        {"variant": other, "state": "in_cis", **counts},
        {"variant": far, "state": "unknown", **dict.fromkeys(counts, 0)},
    ]
    assert findings[3]["phase"] == []


@pytest.mark.parametrize(
    "info, state",
    [
        ({"IN_TRANS": "x", "PHASE": "x|0|20|30"}, "in_trans"),
        ({"PHASE": "y|9|9|9,x|30|20|30"}, "mixed"),
        ({"PHASE": "x|2|1|0"}, "unknown"),
        ({"PHASE": "y|30|20|30", "IN_CIS": "y"}, "unknown"),
    ],
)
def test_the_phase_of_two_variants_of_a_tumour(info, state):
    assert phase(info, "x").state == state


def in_genes(name: str, genes: list[str], partners: str = "", unphased: str = "") -> dict:
    return {"variants": [name], "genes": genes, "partners": [*partners], "partners_unphased": [*unphased]}


def groups(*findings: dict) -> dict[str, str]:
    of_gene = by_gene(findings, card_genes(findings))
    return {gene: "".join(found["variants"][0] for found in group) for gene, group in of_gene.items()}


def test_findings_of_one_gene_are_one_group():
    assert groups(in_genes("x", ["A"]), in_genes("y", ["A", "B"]), in_genes("z", ["B"])) == {"A": "xy", "B": "z"}


def test_substitutions_of_one_codon_say_so_unless_their_phase_is_known():
    def changed(name: str, protein: str, **more) -> dict:
        plain = {"transcripts": ["T.1"], "labels": [], "partners": [], "in_cis": [], "phase": []}
        return plain | {"variants": [f"12:{name}"], "hgvs": {"p": protein}} | more

    pair = ["12:59:C:A", "12:60:G:T"]
    found = [changed("35:C:T", "p.(Gly12Asp)"), changed("34:C:A", "p.(Gly12Cys)"), changed("37:C:A", "p.(Gly13Cys)")]
    found += [changed(pair[0][3:], "p.(Arg20*)", partners=pair[1:])]
    found += [changed(pair[1][3:], "p.(Arg20Leu)", partners=pair[:1])]
    found += [changed("36:A:C", "p.(Gly12Ser)", transcripts=["U.1"]), changed("37:CACCTA:C", "p.(Gly13_Val14del)")]
    found += [changed("25:G:A", "p.(Ala9Ser)")]
    found += [changed("25:GC:AT", "p.(Ala9Tyr)", variants=["12:25:GC:AT", "12:25:G:A", "12:26:C:T"])]  # of which one is
    found += [changed("75:C:T", "p.(Gly25Asp)"), changed("75:C:A", "p.(Gly25Val)")]  # alleles of one base
    joined = ["12:90:GAAT:CAAC", "12:90:G:C", "12:93:T:C"]  # an intron within
    found += [changed("", "p.(Gly30Asp)", variants=joined), changed("93:T:A", "p.(Gly30Val)")]
    found += [changed("", "p.(Gly40Asp)", variants=["12:120:GC:TA"]), changed("122:A:C", "p.(Gly40Val)")]
    with_codons(found)
    labelled = [one["variants"][0] for one in found if one["labels"]]
    assert labelled == ["12:35:C:T", "12:34:C:A", "12:120:GC:TA", "12:122:A:C"]


def test_frameshifts_that_restore_the_frame_together_say_so():
    def shift(name: str, cis: str = "", transcript="T.1", consequence="frameshift_variant") -> dict:
        texts = {"variants": [name], "in_cis": cis.split(), "transcripts": [transcript], "consequence": [consequence]}
        return texts | {"labels": [], "phase": []}

    lost, gained, two = "1:100:AC:A", "1:240:T:TG", "1:250:T:TGG"
    assert labelled(shift(lost, gained), shift(gained, lost)) == [lost, gained]  # an intron lies between them
    assert labelled(shift(lost), shift(gained)) == []  # of unknown phase
    assert labelled(shift(lost, two), shift(two, lost)) == []
    assert labelled(shift(lost, gained), shift(gained, lost, "U.1")) == []
    assert labelled(shift(lost, gained), shift(gained, lost, consequence="intron_variant")) == []
    three = [lost, "1:130:AC:A", "1:250:AC:A"]
    assert labelled(*(shift(one, " ".join(set(three) - {one})) for one in three)) == three


def test_a_frameshift_whose_frame_only_a_later_clone_restores_is_a_loss_of_function():
    """A reversion of BRCA1 or BRCA2, for example: most molecules have the first one alone."""
    first, later = "1:100:AC:A", "1:240:T:TG"
    of_all = {"transcripts": ["T.1"], "consequence": ["frameshift_variant"]}
    told = {"state": "in_cis", "both": 10}
    one = {"variant": later, "this_only": 40, "other_only": 0} | told
    two = {"variant": first, "this_only": 0, "other_only": 40} | told
    findings = [
        of_all | {"variants": [first], "in_cis": [later], "phase": [one], "labels": []},
        of_all | {"variants": [later], "in_cis": [first], "phase": [two], "labels": []},
    ]
    assert labelled(*findings) == [later]


def labelled(*findings: dict) -> list[str]:
    with_frames(findings)
    return [found["variants"][0] for found in findings if found["labels"] == ["frame_restored"]]


@pytest.mark.parametrize("kind", ["partners", "unphased"])
def test_halves_of_a_pair_stand_on_the_card_of_the_gene_that_both_change(kind):
    one, other = in_genes("x", ["A", "B"], **{kind: "y"}), in_genes("y", ["B"], **{kind: "x"})
    assert groups(one, other, in_genes("z", ["A"])) == {"B": "xy", "A": "z"}
    turned = in_genes("x", ["A", "B"], **{kind: "y"}), in_genes("y", ["B", "A"], **{kind: "x"})
    assert groups(*turned) == {"A": "xy"} and groups(*turned, in_genes("z", ["B"])) == {"B": "xyz"}
    three = [
        in_genes(name, genes, **{kind: "xyz"}) for name, genes in (("x", ["A", "B"]), ("y", ["A", "B"]), ("z", ["B"]))
    ]
    assert groups(*three) == {"B": "xyz"}


def document(findings, **more):
    sections = [{"key": key, "title": key, "findings": 1, "reported": True} for key in ("known", "other")]
    empty = dict.fromkeys(("run", "assay", "limits", "not_looked_for", "gene_list", "verdict", "regions"), None)
    return empty | {
        "case": {"case": "C", "kind": "somatic"},
        "samples": [
            {
                "sample": "T",
                "role": "tumor",
                "metrics": {"sex_inferred": "unknown", "coverage_median": 1, "sex_matches": None},
            }
        ],
        "verdicts": [],
        "relations": {},
        "sections": sections,
        "findings": findings,
        "genes": {"rows": []},
        "positions": {"total": 0, "rows": []},
        "detection": None,
        "filtered": {"records": 0, "filters": [], "not_applied": [], "whys": {}, "rescues": []},
        **more,
    }


def shown(gene, section, spelling="chr1:1:A:C", in_list=True, partners=()):
    found = finding(variant(GENE=gene), case(TUMOR), section)
    return found | {"variants": [spelling], "in_gene_list": in_list, "partners": list(partners)}


def test_a_gene_has_one_card_in_the_first_section_of_its_findings():
    pair = [shown("A", "other", "1:1:A:C", partners=["1:9:A:C"]), shown("A", "known", "1:9:A:C", partners=["1:1:A:C"])]
    [section] = page_content(document(pair))["sections"]
    [card] = section["cards"]
    assert (section["key"], card["gene"], len(card["findings"]), card["pair"]) == ("known", "A", 2, True)
    assert [row["elsewhere"] for row in card["findings"]] == [True, False]


def test_a_partner_of_another_class_makes_a_pair_and_is_named_by_its_place(monkeypatch):
    monkeypatch.setattr("gms.report.content.class_contents", list)
    deletion = {"variants": ["chr1:9:A:<DEL>"], "type": "deletion", "hgvs": {"g": "chr1:g.10_99del"}}
    small = shown("A", "known", "chr1:50:A:C", partners=["chr1:9:A:<DEL>"])
    [section] = page_content(document([small], classes=[{"findings": [deletion]}]))["sections"]
    [card] = section["cards"]
    assert card["pair"] and card["findings"][0]["partners"] == ["deletion chr1:g.10_99del"]


def test_genes_outside_the_list_are_folded():
    content = page_content(document([shown("A", "other"), shown("B", "other", "chr1:2:A:C", in_list=False)]))
    [section] = content["sections"]
    assert [card["gene"] for card in section["cards"]] == ["A"]
    assert [card["gene"] for card in section["folded"]] == ["B"]


def test_the_headline_names_what_was_not_measured():
    gates = [("T", "sex_matches", None), ("N", "sex_matches", None), ("C", "kinship_proband_mother", None)]
    gates += [("T", "reads", 5), ("N", "contamination", None), ("N", "coverage_median", None)]
    verdicts = [
        {"subject": subject, "metric": metric, "value": value, "warn": None, "fail": "< 1", "why": "w"}
        | {"verdict": "pass" if value else "not_assessed"}
        for subject, metric, value in gates
    ]
    data = document([], verdicts=verdicts)
    data["samples"].append({**data["samples"][0], "sample": "N"})
    lacking = [(one["topic"], one["samples"]) for one in page_content(data)["unmeasured"]]
    assert lacking == [("contamination", "N"), ("sex", ""), ("relations", ""), ("Median coverage", "N")]


@pytest.mark.parametrize(
    "gene, samples, more, marked",
    [
        ("TET2", (TUMOR,), {}, True),
        ("TET2", (TUMOR, NORMAL), {}, False),
        ("TET2", (TUMOR, NORMAL), {"blood_derived": True}, True),
        ("IDH2", (TUMOR,), {}, False),  # drives tumours as well
        ("IDH2", (TUMOR,), {"blood_derived": True}, True),
        ("CALR", (TUMOR, NORMAL), {"blood_derived": True}, True),
        ("EGFR", (TUMOR,), {"blood_derived": True}, False),
    ],
)
def test_genes_of_clonal_haematopoiesis_are_marked_without_a_normal_or_in_blood(gene, samples, more, marked):
    found = finding(variant(0.1, GENE=gene), case(*samples) | more, "other")
    assert ("chip_gene" in found["labels"]) == marked


def test_a_reference_material_is_told_nothing_of_blood_cells_and_inheritance():
    control = TUMOR | {"role": "control"}
    assert finding(variant(0.5, GENE="TET2"), case(control) | {"blood_derived": True}, "other")["labels"] == []
    assert "chip_gene" in finding(variant(0.5, GENE="TET2"), case(TUMOR), "other")["labels"]


@pytest.mark.parametrize(
    "ref, alt, kind",
    [("A", "C", "snv"), ("AC", "GT", "mnv"), ("A", "AC", "insertion"), ("AC", "A", "deletion")]
    + [("TTAAG", "C", "indel"), ("A", "TC", "indel"), ("ACG", "TT", "indel")],
)
def test_type_of_a_small_variant(ref, alt, kind):
    assert finding_type(ref, alt) == kind
