"""The section of copy number of a gene panel: what was measured, and what was assumed."""

import pytest

from gms.tumor_genome.measured_copies import corrected_by
from report_templates import template

FACTS = {
    "assessed": True, "windows": 900, "reference": {"normals": 8}, "method": "hmm", "noise": 0.2, "purity": None,
    "sex_chromosomes": True, "warnings": [], "arms": [], "between_genes": 0.06,
}  # fmt: skip
ARMS = {"arms": [{"arm": "1p"}]}
SECTION = {
    "groups": [],
    "findings": [],
    "own": {"drawing": None, "arms": [], "parts": [("1p", "lost", 0.79)]},
    "records": 0,
    "filters": [],
}


@pytest.mark.parametrize(
    ("own", "text"),
    [
        (ARMS | {"codeletion_1p19q": "no", "codeletion_reason": None}, "Codeletion of 1p and 19q: no."),
        (
            ARMS | {"codeletion_1p19q": "not_assessed", "codeletion_reason": "low_purity"},
            "19q: not assessed (at this purity the loss of one copy is too small to be called).",
        ),
        (ARMS | {"codeletion_1p19q": "partly", "codeletion_reason": None}, "1p lost in 79 % of its windows."),
        ({"between_genes_measured": False}, "its windows 0.06 log2, assumed: too few genes to measure it)."),
        ({"between_genes_measured": True}, "its windows 0.06)."),
        ({}, "its windows 0.06)."),
        (
            {"measured_purity": {"value": 0.4, "interval": [0.35, 0.5], "baseline": 3.9}},
            "at the 40 % (95 % interval 35 to 50 %) that alleles and depth show, with 3.9 copies",
        ),
        (
            {"purity": 0.3, "measured_purity": {"value": 0.4, "interval": [0.35, 0.5], "baseline": 3.9}},
            "The purity of the sheet is for two copies of most of the genome and is not used.",
        ),
        (
            {"other_genome": {"purity": 0.5, "baseline": 4.0}, "warnings": ["two_genomes"]},
            "The second genome: 50 % tumour cells with 4.0 copies of most of the genome. The interval of copies is",
        ),
        (
            {
                "other_genome": {"purity": 0.5, "baseline": 4.0},
                "measured_purity": {"value": 0.3, "interval": [0.25, 0.35], "baseline": 2.0},
            },
            "of most of the genome. The interval of copies holds its copies.",
        ),
        ({"warnings": ["doubled"]}, "a gene that has lost two of four is not reported as a loss"),
        ({"warnings": ["no_purity"]}, "copies are those of all cells, also where they are compared with limits"),
    ],
)
def test_the_section_says_what_was_measured_and_what_assumed(own, text):
    page = template('{% import "sentences.html" as say %}{% include "copy_number_panel.html" %}')
    policy = {"title": "Policy", "version": "1"}
    assert text in page.render({"class": SECTION | {"policy": policy, "facts": FACTS | own}})


@pytest.mark.parametrize(("other", "text"), [({}, "0.1</span>"), ({"COPIES_OTHER": "2.10"}, "0.1 or 2.1</span>")])
def test_copies_in_the_other_genome_are_next_to_those_of_the_first(other, text):
    page = template('{% import "sentences.html" as say %}{% include "copy_number_panel.html" %}')
    own = {"MEASURED": "PTEN", "COPIES": "0.10", "COPIES_CI": "0.0,2.3", "USUAL": "2", "LOG2": "-0.6", "BINS": "9"}
    found = {"type": "deletion", "name": "chr10:1-9", "own": own | {"SVLEN": "-9"} | other}
    groups = [{"title": "Fewer copies", "findings": [found]}]
    policy = {"title": "Policy", "version": "1"}
    shown = page.render({"class": SECTION | {"policy": policy, "facts": FACTS, "groups": groups}})
    assert text in shown and ("one copy or both may be lost" in shown) is (not other)


@pytest.mark.parametrize(
    ("own", "text"),
    [
        ({}, "50 % tumour cells with 4 copies of most of the genome explain depth and alleles nearly as well."),
        ({}, "A purity by the pathologist in the sheet would help to choose."),
        ({"registered": 0.4}, "The registered purity was weighed in the choice."),
        ({"registered": 0.4}, "Copies above are corrected by the registered purity"),
        (
            {"registered": 0.05},
            "variants, with the segments of depth (equations of ASCAT, Van Loo 2010). Copies of each allele",
        ),
        ({}, "Copies above and those of each allele are corrected by the measured purity."),
        ({"registered": 0.4, "baseline": 4.0}, "Copies above and those of each allele are corrected by the measured"),
        ({}, "not in the other genome"),
        ({"lost_alleles": [], "unknown_genes": []}, "In no targeted gene of an autosome. X"),
        (
            {"lost_alleles": [], "unknown_genes": ["BAP1"]},
            "In no targeted gene of an autosome whose alleles are known.",
        ),
        ({"unknown_genes": ["BAP1", "RB1"]}, 'of 2 genes: <span class="gene">BAP1, RB1</span>.'),
    ],
)
def test_the_section_of_purity_names_both_genomes(own, text):
    lost = {
        "genes": ["TP53"],
        "copies": 2,
        "snps": 9,
        "place": {"contig": "chr17", "start": 1, "end": 9},
        "in_one": True,
    }
    purity = {
        "reason": None, "registered": None, "differs": False, "ploidy": 2.0, "baseline": 2.0, "snps": 700,
        "acquired": 9, "alternative": {"purity": 0.5, "baseline": 4.0}, "lost_alleles": [lost],
        "results": [{"value": 0.33, "interval": [0.3, 0.36]}],
    }  # fmt: skip
    purity |= own
    purity["corrected_by"] = corrected_by(purity)
    assert text in template('{% include "purity.html" %}').render(purity=purity)
