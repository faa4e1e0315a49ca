"""Copies of a panel at the measured purity: what policies report without a purity in the sheet, facts of a report."""

import math

import pytest

from gms.base.json_tables import write_json
from gms.base.project import PROJECT
from gms.filtering.apply import filter_vcf
from gms.filtering.policy import load_policy
from gms.genome.vcf import header_lines, info, open_vcf, write_vcf
from gms.tumor_genome.measured_copies import Measured, at_measured_purity, corrected_facts, measured_purity
from gms.variants.copy_number.header import HEADER
from gms.variants.panel_copies.copies import copies, expected_log2, interval
from gms.variants.panel_copies.records import Copies, Event, record


def of_all_cells(number, purity, registered=None):
    """A line of a call of `number` copies in the tumour's cells; `registered`: the purity in the sheet."""
    log2 = expected_log2(number, 2, purity)
    event = Event("chr17", 1_000, 9_000, 2, 9, genes=("ERBB2",), purity=registered)
    shown = Copies(log2, copies(log2, 2, registered), *interval(log2, 0.04, 2, registered))
    return record(event, "DUP" if log2 > 0 else "DEL", "A", "cnvkit", shown)


def outcome(tmp_path, line, measured, registered=None, policy="panel_solid_copy_number"):
    """Section or flag by the policy of solid tumours, and the record."""
    path, filtered, purity = (tmp_path / name for name in ("annotated.vcf.gz", "filtered.vcf.gz", "purity.json"))
    write_vcf([*header_lines({"chr17": 83_257_441}, f"{HEADER}##gms_parts=none\n", ["T1"]), line], path)
    facts = {"reason": None if measured else "few_snps", "registered": registered, "alternative": None}
    if measured:
        other = measured.alternative and dict(zip(("purity", "baseline"), measured.alternative, strict=True))
        facts |= {"baseline": measured.baseline, "alternative": other}
        facts["results"] = [{"value": measured.value, "interval": measured[1:3]}]
    write_json(purity, facts)
    (tmp_path / "work").mkdir(exist_ok=True)
    path = at_measured_purity(path, purity, tmp_path / "work")
    policy = load_policy(PROJECT / "config" / "filters" / f"{policy}.yaml", "copy_number")
    filter_vcf(path, policy, filtered, tmp_path / "reported.vcf.gz", {"tumor": "T1"})
    with open_vcf(filtered) as records:
        (row,) = (line.rstrip("\n").split("\t") for line in records if not line.startswith("#"))
    return info(row[7])["SECTION"] if row[6] == "PASS" else row[6], row


@pytest.mark.parametrize(
    "number, purity, without, section",
    [
        *((8, purity, "LowGain", "amplification") for purity in (0.3, 0.4, 0.5, 0.6)),
        (8, 0.8, "amplification", "amplification"),
        *((5, purity, "LowGain", "LowGain") for purity in (0.3, 0.6)),
        (0, 0.4, "loss", "homozygous_deletion"),
        (1, 0.4, "SlightLoss", "loss"),
    ],
)
def test_limits_are_for_copies_at_the_measured_purity(tmp_path, number, purity, without, section):
    line = of_all_cells(number, purity)
    assert outcome(tmp_path, line, None)[0] == without
    found, row = outcome(tmp_path, line, Measured(purity, purity - 0.05, purity + 0.05))
    values = info(row[7])
    low, high = map(float, values["COPIES_CI"].split(","))
    assert found == section and float(values["COPIES"]) == pytest.approx(number, abs=0.05)
    assert low < number < high or (number, low) == (0, 0)
    assert (values["PURITY"], row[9]) == (f"{purity:g}", f"./.:{number}")


def next_to_inherited(number, purity, baseline=2):
    """A call without a purity in the sheet of a loss in the tumour's cells; all others inherited one copy."""
    log2 = math.log2((purity * number + 1 - purity) / (purity * baseline + 2 * (1 - purity)))
    event = Event("chr17", 1_000, 9_000, 2, 9, 0, 0, ("BRCA1",), ("LESS_IN_NORMAL",), normal_log2=-1.0)
    return record(event, "DEL", "A", "cnvkit", Copies(log2, copies(log2, 2, None), *interval(log2, 0.04, 2, None), 1.0))


@pytest.mark.parametrize(
    "number, purity, baseline, section",
    [
        (0, 0.5, 2, "homozygous_deletion"),
        (0, 0.8, 2, "homozygous_deletion"),
        (0.4, 0.5, 2, "homozygous_deletion"),
        (1, 0.7, 3, "InNormal"),
        (1, 0.4, 3, "InNormal"),
        (1, 0.7, 4, "InNormal"),
        (0, 0.7, 3, "homozygous_deletion"),
    ],
)
def test_a_loss_next_to_an_inherited_one(tmp_path, number, purity, baseline, section):
    """Fewer copies, lost or not, until a purity and a baseline are known."""
    line = next_to_inherited(number, purity, baseline)
    assert outcome(tmp_path, line, None)[0] == "loss"
    found, row = outcome(tmp_path, line, Measured(purity, purity - 0.05, purity + 0.05, baseline))
    values = info(row[7])
    assert found == section and "COPIES_OTHER" not in values
    if section != "InNormal":
        low, high = map(float, values["COPIES_CI"].split(","))
        assert float(values["COPIES"]) == pytest.approx(number, abs=0.02) and low - 0.01 <= number <= high + 0.01


def test_a_genome_that_is_not_doubled_has_lost_the_second_copy(tmp_path):
    """Of which the depth alone, at the purity of the sheet, says that it may be the inherited loss of a doubled one."""
    log2 = math.log2(0.35)
    event = Event("chr17", 1_000, 9_000, 2, 9, 0, 0, ("BRCA1",), ("LESS_IN_NORMAL",), purity=0.3, normal_log2=-1.0)
    ends = interval(log2, 0.04, 2, 0.3, 0.5)
    line = record(event, "DEL", "A", "cnvkit", Copies(log2, copies(log2, 2, 0.3, 0.5), *ends, 1.0))
    assert outcome(tmp_path, line, None, registered=0.3)[0] == "loss"
    found, row = outcome(tmp_path, line, Measured(0.3, 0.25, 0.35), registered=0.3)
    assert found == "homozygous_deletion" and info(row[7])["PURITY"] == "0.3"


def test_the_interval_holds_the_error_of_the_purity(tmp_path):
    line = of_all_cells(8, 0.4)
    narrow, wide = (
        info(outcome(tmp_path, line, Measured(0.4, *ends))[1][7])["COPIES_CI"] for ends in ((0.4, 0.4), (0.3, 0.5))
    )
    (low, high), (lower, higher) = (tuple(map(float, one.split(","))) for one in (narrow, wide))
    assert lower < low - 0.5 and higher > high + 0.5


def test_what_the_normal_shows_keeps_the_copies_of_all_cells(tmp_path):
    line = of_all_cells(0, 0.5).replace(";MEASURED=", ";IN_NORMAL;MEASURED=")
    found, row = outcome(tmp_path, line, Measured(0.5, 0.45, 0.55))
    assert (found, info(row[7])["COPIES"]) == ("InNormal", "1.00") and "PURITY" not in info(row[7])


@pytest.mark.parametrize(
    "number, section",
    [(0, "homozygous_deletion"), (1, "loss"), (2, "SlightLoss"), (5, "LowGain"), (8, "amplification")],
)
def test_copies_of_a_doubled_genome_are_counted_from_its_baseline(tmp_path, number, section):
    log2 = log2_in_doubled(number, 0.5)
    found, row = outcome(tmp_path, of_all_cells(2 * 2**log2, 1), Measured(0.5, 0.47, 0.53, baseline=4.0))
    values = info(row[7])
    low, high = map(float, values["COPIES_CI"].split(","))
    assert found == section and float(values["COPIES"]) == pytest.approx(number, abs=0.05)
    assert low <= number + 0.05 and number - 0.05 <= high


def log2_in_doubled(number, purity):
    """Of a gene, where most of the genome has four copies."""
    return math.log2((purity * number + 2 * (1 - purity)) / (purity * 4 + 2 * (1 - purity)))


@pytest.mark.parametrize("number, section", [(0, "homozygous_deletion"), (1, "one_genome"), (5, "one_genome")])
def test_the_copies_of_the_other_genome_are_shown_and_in_the_interval(tmp_path, number, section):
    # one copy of two in 35 % of the cells is two of four in 21 %
    line = of_all_cells(number, 0.35)
    found, row = outcome(tmp_path, line, Measured(0.35, 0.33, 0.37, alternative=(0.35 / 1.65, 4.0)))
    low, high = map(float, info(row[7])["COPIES_CI"].split(","))
    assert found == section and low <= number and 2 * number <= high < 2 * number + 2
    assert float(info(row[7])["COPIES_OTHER"]) == pytest.approx(2 * number, abs=0.06)


@pytest.mark.parametrize(
    "number, section", [(0, "one_genome"), (1, "one_genome"), (5, "one_genome"), (8, "amplification")]
)
def test_no_gene_is_lost_altogether_in_one_of_two_genomes_alone(tmp_path, number, section):
    # without stretches that lost an allele, the depth of n copies in a third of the cells is that of n + 2 in a half
    found, row = outcome(tmp_path, of_all_cells(number, 1 / 3), Measured(1 / 3, 0.31, 0.36, alternative=(0.5, 4.0)))
    assert found == section and float(info(row[7])["COPIES_OTHER"]) == pytest.approx(number + 2, abs=0.05)


@pytest.mark.parametrize("myeloid", [False, True])
def test_what_both_genomes_show_is_in_its_own_section(tmp_path, myeloid):
    policy = "panel_myeloid_copy_number" if myeloid else "panel_solid_copy_number"
    line = of_all_cells(9, 1 / 3)
    found, _ = outcome(tmp_path, line, Measured(1 / 3, 0.31, 0.36, alternative=(0.5, 4.0)), policy=policy)
    assert found == ("gain" if myeloid else "amplification")
    found, _ = outcome(tmp_path, of_all_cells(0, 1 / 3), Measured(1 / 3, 0.31, 0.36), policy=policy)
    assert found == "homozygous_deletion"


@pytest.mark.parametrize(
    "baseline, alternative, copies, section",
    [
        (2.0, None, "0.00", "homozygous_deletion"),
        (2.0, (0.5, 4.0), "0.00", "one_genome"),
        (4.0, None, "2.00", "SlightLoss"),
    ],
)
def test_the_sheets_purity_is_not_used_for_a_doubled_genome(tmp_path, baseline, alternative, copies, section):
    """No copies in a third of the cells, the purity of the sheet; two of four in half of them."""
    line = of_all_cells(0, 1 / 3, registered=1 / 3)
    measured = Measured(0.5 if baseline == 4 else 0.33, 0.47, 0.53, baseline, alternative)
    found, row = outcome(tmp_path, line, measured, registered=1 / 3)
    assert (found, info(row[7])["COPIES"]) == (section, copies)
    assert ("PURITY_CI" in info(row[7])) is (baseline == 4)  # else the purity is still that of the sheet
    assert ("COPIES_OTHER" in info(row[7])) is (alternative is not None)


RESULT = {"value": 0.4, "interval": [0.35, 0.45]}


@pytest.mark.parametrize(
    "document, found",
    [
        ({}, Measured(0.4, 0.35, 0.45, 2.1)),
        ({"alternative": {"purity": 0.25, "baseline": 4.0}}, Measured(0.4, 0.35, 0.45, 2.1, (0.25, 4.0))),
        ({"results": [{"value": 0.12, "interval": [0.06, 0.2]}]}, Measured(0.12, 0.06, 0.2, 2.1)),
        ({"registered": 0.3}, Measured(0.3, 0.3, 0.3, 2.0, None, True)),
        ({"registered": 0.05}, None),
        ({"registered": 0.3, "baseline": 4.0}, Measured(0.4, 0.35, 0.45, 4.0)),
        (
            {"registered": 0.3, "alternative": {"purity": 0.6, "baseline": 4.0}},
            Measured(0.3, 0.3, 0.3, 2.0, (0.6, 4.0), True),
        ),
        ({"registered": 0.05, "alternative": {"purity": 0.6, "baseline": 4.0}}, None),
        ({"reason": "few_snps"}, None),
    ],
)
def test_the_purity_is_taken_where_it_is_measured_and_the_sheet_has_none(document, found):
    plain = {"reason": None, "registered": None, "alternative": None, "baseline": 2.1, "results": [RESULT]}
    assert measured_purity(plain | document) == found


def test_ends_of_the_purity_are_those_that_copies_are_corrected_by():
    assert Measured(0.12, 0.06, 0.2, 2.1, (0.08, 4.0)).ends() == [(0.1, 2.1), (0.2, 2.1), (0.1, 4.0)]


def test_facts_of_the_report_are_those_at_the_measured_purity():
    log2 = expected_log2(8, 2, 0.4)
    gene = {"gene": "ERBB2", "log2": log2, "usual": 2, "copies": 4.4, "interval": [4.2, 4.6], "state": "duplication"}
    facts = {
        "assessed": True, "purity": None, "warnings": ["noisy", "no_purity"], "genes": [gene],
        "segments": [["chr1", 0, 10, 0.0, 60], ["chr17", 0, 10, log2, 2]],
        "arms": [{"arm": arm, "lost": 0.0} for arm in ("1p", "19q")],
        "codeletion_1p19q": "not_assessed", "codeletion_reason": "no_purity",
    }  # fmt: skip
    found = corrected_facts(facts, Measured(0.4, 0.35, 0.45))
    assert found["measured_purity"] == {"value": 0.4, "interval": [0.35, 0.45], "baseline": 2.0}
    assert (found["warnings"], found["codeletion_reason"]) == (["noisy"], "unsure")
    assert found["genes"][0]["copies"] == 8.0 and found["genes"][0]["interval"] == [6.89, 9.43]
    quiet = corrected_facts(facts | {"warnings": ["no_purity"]}, Measured(0.4, 0.35, 0.45))
    assert (quiet["codeletion_1p19q"], quiet["codeletion_reason"]) == ("no", None)
    unsure = corrected_facts(facts | {"warnings": ["no_purity"]}, Measured(0.4, 0.2, 0.45))
    assert unsure["codeletion_reason"] == "low_purity"  # one copy less would not be seen at 20 %
    doubled = corrected_facts(facts, Measured(0.4, 0.35, 0.45, 4.0))
    assert (doubled["warnings"], doubled["codeletion_reason"]) == (["noisy", "doubled"], "unsure")
    assert doubled["genes"][0]["copies"] == 12.4  # 2 (2.2 x 1.4 - 0.6) / 0.4
    both = corrected_facts(facts, Measured(0.4, 0.35, 0.45, alternative=(0.67, 4.0)))
    assert both["other_genome"] == {"purity": 0.67, "baseline": 4.0} and "two_genomes" in both["warnings"]
    assert both["genes"][0]["other_copies"] == 9.98 and both["genes"][0]["interval"][1] >= 9.98
    assert corrected_facts(facts, None) == facts
    assert corrected_facts({"assessed": False}, Measured(0.4, 0.35, 0.45)) == {"assessed": False}
