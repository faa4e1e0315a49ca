"""Options that would do nothing are refused."""

import pytest

from gms.commands.installation import bundle, doctor
from gms.commands.results import viewers
from gms.commands.sheets import import_sheet, sheet
from gms.commands.sheets.import_sheet import UnusableOption
from gms.commands.trials import match


@pytest.mark.parametrize("options", [["--submit"], ["--configfile", "run.yaml"]])
def test_the_doctor_asks_for_the_profile_of_a_cluster(options, capsys):
    with pytest.raises(SystemExit) as stopped:
        doctor.main(options)
    assert stopped.value.code == 2 and "--configfile and --submit need --profile" in capsys.readouterr().err


@pytest.mark.parametrize("options", [["--no-debian"], ["--configfile", "run.yaml"]])
def test_an_image_holds_no_references(options, capsys):
    with pytest.raises(SystemExit) as stopped:
        bundle.main(["gms.sif", "--apptainer", *options])
    assert stopped.value.code == 2 and "--apptainer takes neither" in capsys.readouterr().err


@pytest.mark.parametrize("options", [[], ["--all"]])
def test_what_was_handed_over_is_named(options, monkeypatch):
    monkeypatch.setattr(match, "run_with_trials", lambda configfile: None)
    with pytest.raises(match.NothingToMatch, match="name the cases whose results were handed over"):
        match.main(["--configfile", "run.yaml", "--handed-over", "region-uppsala", *options])


def test_only_scout_needs_an_institute_and_gene_models(monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(viewers, "check", lambda *_: "germline")
    monkeypatch.setattr(viewers, "write_gens", lambda *_: [tmp_path / "gens.yaml"])
    assert viewers.main([str(tmp_path), "FAM1", "--build", "38", "--only", "gens"]) == 0
    assert "gens.yaml" in capsys.readouterr().out
    with pytest.raises(UnusableOption, match="--institute is missing: the owner of the cases in Scout"):
        viewers.main([str(tmp_path), "FAM1", "--build", "38"])


@pytest.mark.parametrize("command", [sheet, import_sheet])
def test_the_help_of_sheets_names_no_assay_that_they_refuse(command, capsys):
    with pytest.raises(SystemExit):
        command.main(["--help"])
    said = capsys.readouterr().out
    assert "panel_solid" in said and "sarscov2" not in said
