import pytest

from gms.report import labels
from gms.report.genes import incomplete_genes
from gms.report.limits import detection
from gms.report.variants import Evidence, sample_evidence
from report_templates import template


@pytest.mark.parametrize(
    "fraction,text", [(0, "0 %"), (1, "100 %"), (0.99999, "99.99 %"), (0.5, "50 %"), (0.12345, "12.35 %"), (None, "–")]
)
def test_percent(fraction, text):
    assert labels.percent(fraction) == text


@pytest.mark.parametrize(
    "metric, value, text",
    [
        ("coverage_mean", 12345.67, "12\u202f346 ×"),  # of an amplicon
        ("coverage_mean", 9999.7, "10\u202f000 ×"),
        ("coverage_mean", 999.96, "1\u202f000 ×"),
        ("coverage_mean", 510.25, "510.2 ×"),
        ("pairs_per_molecule", 3.104, "3.104"),
        ("duplicate_fraction", None, "not measured"),
    ],
)
def test_values(metric, value, text):
    assert labels.value_words(metric, value) == text


@pytest.mark.parametrize(
    "metric,limit,text",
    [
        ("fraction_10x", "< 0.95", "below 95 %"),
        ("coverage_median", "<= 26", "at most 26 ×"),
        ("sex_matches", "== false", "no"),
        ("reads", "< 1000000", "below 1\u202f000\u202f000"),
        ("reads", None, "–"),
    ],
)
def test_limits(metric, limit, text):
    assert labels.limit_words(metric, limit) == text


@pytest.mark.parametrize(
    "genotype,chrom,text",
    [
        ((0, 1), "chr1", "heterozygous"),
        ((1, 1), "chr1", "homozygous"),
        ((1,), "chr1", "hemizygous"),
        ((1, 1), "X", "homozygous"),
        ((1,), "chrX", "hemizygous"),
        ((0,), "chrX", "not carried"),
        ((1, 1), "MT", "homoplasmic"),
        ((0, 1), "chrM", "heteroplasmic"),
        ((0, 0), "chr1", "not carried"),
        ((None, None), "chr1", "no genotype"),
    ],
)
def test_zygosity(genotype, chrom, text):
    assert labels.zygosity(Evidence(genotype, 0, 30, None, 99), chrom) == text


@pytest.mark.parametrize(("depth", "alt_reads", "quality", "copies", "text"), [
    (30, 0, 90, None, "not carried"), (30, 1, 60, None, "not carried"), (8, 0, 24, None, "not informative"),
    (30, 0, 19, None, "not informative"), (33, 2, 39, None, "possible mosaic"), (None, 0, 99, None, "not informative"),
    (12, 4, 5, None, "probably carried"), (0, None, 60, 2, "not carried"), (900, None, 12, 2, "not informative"),
])  # fmt: skip
def test_few_reads_do_not_show_that_a_relative_is_without_it(depth, alt_reads, quality, copies, text):
    """The mother of the de novo variant that eight reads hide was "not carried" in the pedigree of its card."""
    evidence = Evidence((0, 0), alt_reads, depth, None, quality, copies)
    assert labels.zygosity(evidence, "chr1", "T") == text


def test_copies_between_two_numbers_are_those_of_a_possible_mosaic():
    column = {"GT": (0, 0), "GQ": 99, "CN": 2, "DP": 1400, "CICN": (1.5, 1.6)}
    assert labels.zygosity(sample_evidence(column), "chr1", "<DEL>") == "possible mosaic"
    assert labels.zygosity(sample_evidence(column | {"CICN": (1.95, 2.06)}), "chr1", "<DEL>") == "not carried"


def test_a_sample_without_alleles_of_a_repeat_has_no_genotype():
    """Too few reads, or a relative that is not shown: its state is missing, and it was "not carried"."""
    evidence = sample_evidence({"GT": (None, None), "STATUS": "."})
    assert labels.zygosity(evidence, "chr4") == "no genotype"


@pytest.mark.parametrize(("genotype", "states", "text"), [
    ((1, 2), "full_mutation/normal", "heterozygous"), ((2, 2), "normal/normal", "not carried"),
    ((1, 2), "expanded/full_mutation", "homozygous"), ((1,), "expanded", "hemizygous"),
    ((0, 1), "undetermined/expanded", "no genotype"), ((1, 2), "full_mutation/intermediate", "heterozygous"),
    ((1, 2), "intermediate/normal", "heterozygous"), ((1, 1), "intermediate/intermediate", "homozygous"),
    ((1, 2), "intermediate/undetermined", "no genotype"), ((0, 0), "normal/undetermined", "no genotype"),
    ((), "", "no genotype"),
])  # fmt: skip
def test_zygosity_of_a_repeat_is_that_of_its_most_harmful_alleles(genotype, states, text):
    evidence = Evidence(genotype, None, None, None, states=tuple(filter(None, states.split("/"))))
    assert labels.zygosity(evidence, "chr4") == text


@pytest.mark.parametrize(
    "genotype, reads, text",
    [
        ((0, 0), 16, "heteroplasmic"),  # 8 % of the reads, which a diploid caller takes for none
        ((0, 0), 1, "not carried"),
        ((1, 1), 186, "heteroplasmic"),  # and 93 % for all
        ((0, 1), 199, "homoplasmic"),
        ((None, None), 0, "no genotype"),
    ],
)
def test_mitochondria_have_fractions_not_genotypes(genotype, reads, text):
    assert labels.zygosity(Evidence(genotype, reads, 200, reads / 200), "MT") == text


def test_of_few_mitochondria_without_an_allele_more_may_have_it():
    assert labels.zygosity(Evidence((0, 0), 0, 150, 0.0), "MT") == "not informative"


@pytest.mark.parametrize(("genotype", "alt", "text"), [
    ((0, 0), "C", "not carried"), ((0, 1), "C", "no genotype"), ((0, 1), "<DEL>", "heteroplasmic"),
])  # fmt: skip
def test_few_reads_of_a_deep_mitochondrion(genotype, alt, text):
    assert labels.zygosity(Evidence(genotype, 6, 5_000, 0.0012), "MT", alt) == text


@pytest.mark.parametrize(
    "frequency,loaded,text",
    [
        (None, True, "not observed"),
        (None, False, "not known"),
        (0.003, True, "0.3 %"),
        (2e-5, True, "0.002 %"),
        (6.2e-7, True, "0.000062 %"),
    ],
)
def test_population_frequency(frequency, loaded, text):
    assert labels.frequency_words(frequency, loaded) == text


@pytest.mark.parametrize(
    "limit, text",
    [
        (0.1042, "11 %"),
        (0.1, "10 %"),
        (0.0183, "1.9 %"),
        (0.00231, "0.24 %"),
        (0.02, "2 %"),
        (0.996, "100 %"),
        (None, ""),
    ],
)
def test_limits_of_detection_have_two_digits_and_are_rounded_up(limit, text):
    assert labels.detection_words(limit) == text


@pytest.mark.parametrize(
    "term, kind, words",
    [
        ("transcript_ablation", "deletion", "whole gene deleted"),
        ("transcript_amplification", "duplication", "whole gene duplicated"),
        ("exon_loss_variant", "deletion", "whole exon deleted"),
        ("feature_truncation", "deletion", "part of an exon deleted"),
        ("feature_truncation", "inversion", "gene cut by the event"),
        ("feature_elongation", "duplication", "part of the gene duplicated"),
        ("feature_elongation", "insertion", "insertion in an exon or splice site"),
    ],
)
def test_consequences_of_large_events_are_plain_words(term, kind, words):
    text = template('{% import "sentences.html" as say %}{{ say.consequences(found) }}')
    assert text.render(found={"consequence": [term], "type": kind}) == words


def test_stars_of_clinvar():
    status = "criteria_provided,_multiple_submitters,_no_conflicts"
    assert [labels.stars(text) for text in ("practice_guideline", status, "no_assertion_criteria_provided", "")] == [
        4,
        2,
        0,
        0,
    ]


def genes(fractions):
    return [
        dict.fromkeys(("bases", "mean_depth", "reportable_fraction", "masked_fraction", "weakest"), "1")
        | {
            "gene": f"G{number:03}",
            "callable_fraction": str(fraction),
            "copy": "-",
            "weak_exons": "-",
            "lost_exons": "-",
        }
        | {"status": "ok" if fraction == 1 else "low"}
        for number, fraction in enumerate(fractions)
    ]


def test_short_lists_of_incomplete_genes_hold_all_of_them_worst_first():
    found = incomplete_genes([genes([1, 0.99, 0.5])])
    assert [row["gene"] for row in found["rows"]] == ["G002", "G001"]
    assert (found["total"], found["incomplete"], found["left_out"]) == (3, 2, 0)


def test_long_lists_leave_out_the_nearly_complete():
    found = incomplete_genes([genes([0.99] * 100 + [0.5])])
    assert [row["gene"] for row in found["rows"]] == ["G100"]
    assert found["left_out"] == 100


def test_a_gene_with_an_exon_that_is_not_analysable_is_listed_however_long_it_is():
    table = genes([0.99] * 100)
    table[7] |= {"weak_exons": "3,9", "lost_exons": "9"}
    [row] = incomplete_genes([table])["rows"]
    assert (row["gene"], row["samples"][0]["weak_exons"], row["samples"][0]["lost_exons"]) == (
        "G007",
        ["3", "9"],
        ["9"],
    )


@pytest.mark.parametrize(
    "kind, interval, usual, unsure",
    [
        ("deletion", "0.00,0.40", "2", False),
        ("deletion", "0.10,1.00", "2", True),
        ("deletion", "0.60,1.30", "2", False),
        ("deletion", "0.10,1.00", "1", False),  # X of a male: one copy is all
        ("duplication", "0.10,1.00", "2", False),
    ],
)
def test_a_loss_of_which_the_copies_are_not_sure_says_so(kind, interval, usual, unsure):
    found = {"type": kind, "own": {"COPIES_CI": interval, "USUAL": usual}}

    text = template('{% import "sentences.html" as say %}{{ say.unsure_loss(found) }}').render(found=found)

    assert ("one copy or both may be lost" in text) == unsure


@pytest.mark.parametrize(("own", "words"), [
    ({}, ""), ({"IMPRECISE": "", "CIPOS": "-500,500", "CIEND": "-500,500"}, ", ends within 500 bases"),
    ({"IMPRECISE": "", "CIPOS": "-147500,500", "CIEND": "-500,500"}, "but it may begin 147,500 bases earlier, as"),
    ({"IMPRECISE": "", "CIPOS": "-1500,500", "CIEND": "-500,900"}, "1,500 bases earlier and it may end 900 bases"),
])  # fmt: skip
def test_ends_of_an_event_by_depth_are_no_more_exact_than_what_was_counted(own, words):
    text = template('{% import "sentences.html" as say %}{{ say.ends_within(own, 500) }}').render(own=own)
    assert text == words if words in ("", ", ends within 500 bases") else words in text


@pytest.mark.parametrize(("own", "end"), [
    ({"BAF_SITES": "0", "BAF_ODDS": "1.2"}, ": 0; this supports these copies."),
    ({"BAF_SITES": "0", "BAF_ODDS": "0.3"}, ": 0; this neither supports nor contradicts these copies."),
    ({"BAF_SITES": "0"}, ": 0, so the balance of its alleles says nothing."),
    ({"BAF_SITES": "4", "BAF": "0.66", "BAF_ODDS": "3.1"}, "commoner allele 0.66; this supports these copies."),
])  # fmt: skip
def test_what_alleles_within_an_event_say_is_said_once(own, end):
    text = template('{% import "sentences.html" as say %}{{ say.alleles_within(own) }}').render(own=own)
    assert text.endswith(end)


@pytest.mark.parametrize(
    "variant, reads, fraction, weighted",
    [
        ("chr13:5509:C:CTCCCATTTGAGA", (51, 390), 0.0774, True),
        ("chr7:15273:AGGAATTAAGAGAAGC:A", (42, 880), 0.0477, False),
        ("chr5:9670:C:CTCTG", (41, 760), 0.05, False),
        ("chr7:15273:AGGAATTAAGAGAAGC:A", (0, 0), None, False),
    ],
)
def test_fractions_of_long_changes_are_told_from_those_of_the_reads(variant, reads, fraction, weighted):
    evidence = {"alt_reads": reads[0], "depth": reads[1], "fraction": fraction}
    assert labels.is_weighted(variant, evidence) is weighted


@pytest.mark.parametrize(("fraction", "said"), [(0.0808, "more often"), (0.2, "less often")])
def test_a_corrected_fraction_says_which_way(fraction, said):
    assert said in labels.weighted_words({"fraction": fraction, "alt_reads": 49, "depth": 360})


def test_a_gene_with_an_exon_of_which_nothing_is_reported_has_no_limit_of_detection():
    table = [row | {"weakest": "300.0"} for row in genes([1, 0.9, 0.2])]
    table[1] |= {"weak_exons": "2", "lost_exons": "2"}  # in the mask, as deep as the others
    table[2] |= {"status": "not_analysable"}
    found = detection(table, 300, lambda depth, hotspot: 0.05)
    assert [gene["fraction"] for gene in found["genes"]] == [0.05, None, None]
    assert (found["fraction"], found["genes"][0]["purity"]) == (0.05, 0.1)


@pytest.mark.parametrize("probable", [[], ["chr1:9:A:T"]])
def test_a_pair_of_a_duo_that_is_probably_in_trans_says_so(probable):
    found = {"modes": ["compound"], "labels": [], "partners": [], "partners_unphased": ["chr1:9:A:T"]}
    text = template('{% import "sentences.html" as say %}{{ say.inheritance(found) }}').render(
        found=found | {"partners_probable": probable}
    )
    assert "second hit, phase unknown: chr1:9:A:T" in text
    assert ("in cis only if the other parent gave both, or one is new: chr1:9:A:T" in text) == bool(probable)


@pytest.mark.parametrize(
    "variant,name,own,text",
    [
        ("chr9:5:A:<STR>", None, {"REPID": "FXN"}, "FXN (chr9:5)"),
        ("chr9:5:A:<DEL>", "chr9:g.6_90del", {}, "chr9:g.6_90del"),
        ("chr9:5:A:<INS>", None, {}, "chr9:5 A><INS>"),
        ("chr9:5:A:<DUP>", None, {"LOG2": "1.000", "END": "90"}, "chr9:6-90"),
    ],
)
def test_partners_of_other_classes(variant, name, own, text):
    assert labels.event_words({"variants": [variant], "hgvs": {"g": name}, "own": own}) == text


def test_two_copies_more_are_not_homozygous():
    assert labels.zygosity(Evidence((1, None), 20, 30, 0.5), "chr4") == "two copies more"
    assert labels.zygosity(Evidence((1,), 20, 30, 0.5), "chrX") == "hemizygous"
