"""The section of copy number of a gene panel: what was measured, and what was assumed."""

import pytest

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
            "The second genome: 50 % tumour cells with 4.0 copies of most of the genome.",
        ),
        ({"warnings": ["doubled"]}, "a gene that has lost two of four is not reported as a loss"),
        ({"warnings": ["no_purity"]}, "copies are those of all cells, also where they are compared with limits"),
    ],
)
def test_the_section_says_what_was_measured_and_what_assumed(own, text):
    page = template('{% import "sentences.html" as say %}{% include "copy_number_panel.html" %}')
    policy = {"title": "Policy", "version": "1"}
    assert text in page.render({"class": SECTION | {"policy": policy, "facts": FACTS | own}})
