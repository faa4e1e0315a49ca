"""Plates of viral samples at two centres: what of them counts, and which base is the first that differs."""

import pytest

from gms.base import results
from gms.commands import ring_trial
from gms.validation.ring_trial.causes import OWN, factors
from gms.validation.ring_trial.centres import open_centres
from gms.validation.ring_trial.compare import compare
from ring_folders import VIRUS, change, make_folder, make_plate, run_record, write_vcf


@pytest.fixture
def folders(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    dates = {"uppsala": "2026-11-01", "lund": "2026-12-24"}
    return [make_plate(tmp_path / name, name, date) for name, date in dates.items()]


def differing(folders):
    return {row.file: row.splits[0] for row in compare(open_centres(folders)).rows if row.differs}


def test_the_same_plate_handed_over_on_another_day_is_identical(folders, capsys):
    assert ring_trial.main([*map(str, folders), "--cases", "W1"]) == 0
    assert "Identical: both centres give the same answer to 1 plate." in capsys.readouterr().out
    rows = compare(open_centres(folders)).rows
    assert [row.file for row in rows] == [
        *("variants/viral/V1.vcf.gz", "consensus/V1.fasta", "qc/viral/V1.json"),
        *("qc/plates/W1.json", "handover/W1.json", "handover/W1/"),
    ]


def test_one_base_of_the_consensus(folders, capsys):
    path = folders[1] / "consensus" / "V1.fasta"
    sequence = path.read_text().split("\n")[1]
    path.write_text(f">V1\n{sequence[:60]}\n{sequence[60:]}\n")  # other lines, the same sequence
    assert not differing(folders)
    path.write_text(f">V1\n{sequence[:41]}G{sequence[42:]}\n")
    (split,) = differing(folders).values()
    assert tuple(split.difference) == ("V1:42", "base of the consensus", ("C", "G"))
    assert ring_trial.main(list(map(str, folders))) == 1
    assert "consensus/V1.fasta: uppsala-1 | lund-2" in capsys.readouterr().out
    page = (folders[0].parent / "ring-trial.html").read_text()
    assert 'id="case-plate-W1"' in page and "V1:42" in page


def test_another_rule_of_the_assay_is_the_cause_of_all_that_follows(folders):
    change(folders[1] / "run.json", "viruses", "virus", "rules", {"min_depth": 20})
    write_vcf(folders[1] / "variants/viral/V1.vcf.gz", ["virus 7 . A G 225 LOW_DEPTH AF=1 GT:DP 0:15"], ["V1"], VIRUS)
    change(folders[1] / "qc/viral/V1.json", "variants", 0, "filter", "LOW_DEPTH")
    change(folders[1] / "qc/plates/W1.json", "samples", 0, "variants", 0, "filter", "LOW_DEPTH")
    found = differing(folders)
    assert found["variants/viral/V1.vcf.gz"].difference.where == "virus:7 A>G"
    assert found["qc/plates/W1.json"].difference.where == "samples › V1 › variants › 7:A:G › filter"
    assert found["qc/plates/W1.json"].follows == "variants/viral/V1.vcf.gz"
    assert {cause.kind for split in found.values() for cause in split.causes} == {"rules"}


def test_what_is_handed_over(folders):
    table = next((folders[1] / "handover" / "W1" / "reports").iterdir())
    table.write_text("provnummer\n26CS02\n")
    (split,) = differing(folders).values()
    name = "reports/01_SE100_DATE_komplettering.csv"
    assert tuple(split.difference) == (name, "line 2", ("26CS01", "26CS02"))
    table.unlink()
    assert tuple(differing(folders)["handover/W1/"].difference) == (name, "file", ("there", "not there"))


def test_a_plate_and_a_case_of_one_name_are_two_things(folders):
    for folder in folders:
        make_folder(folder, folder.name, case="W1")
    done = compare(open_centres(folders))
    assert [case.name for case in done.cases] == ["W1", "plate W1"] and done.verdict == "identical"


def test_a_sample_that_only_one_centre_has_is_missing(folders):
    change(folders[1] / "qc/viral/V1.json", "plate", "W2")
    done = compare(open_centres(folders))
    assert done.verdict == "different" and list(done.alone) == ["plate W2"]


def test_every_compared_file_has_its_causes(folders):
    """A difference in any file of the table is explained, those of classes of variants too."""
    known = factors(run_record("uppsala"), "wgs_rare")
    for file in results.files(compared=True):
        assert file.title and (file.name in OWN or file.variants not in ("", "small")), file.name
    assert "policy" in known and "rules" not in known
