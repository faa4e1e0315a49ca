import subprocess

import pytest

from gms.base.errors import GmsError
from gms.base.rule_log import logged


def test_output_of_script_and_tools_goes_to_the_log(tmp_path):
    log = tmp_path / "job.log"
    log.write_text("of the run before\n")
    with logged(str(log)):
        print("from the script")
        with open(log, "a") as messages:
            subprocess.run(["echo", "from a tool"], stdout=messages)
    assert sorted(log.read_text().splitlines()) == ["from a tool", "from the script"]


def test_an_error_for_the_user_is_a_sentence(tmp_path):
    with pytest.raises(SystemExit) as stopped, logged(str(tmp_path / "job.log")):
        raise GmsError("sample S1: no reads")
    assert stopped.value.code == 1
    assert (tmp_path / "job.log").read_text() == "error: sample S1: no reads\n"


def test_a_fault_of_ours_leaves_its_place_in_the_log_only(tmp_path, capsys):
    with pytest.raises(SystemExit) as stopped, logged(str(tmp_path / "job.log")):
        raise KeyError("depth")
    assert stopped.value.code == 1
    assert "KeyError: 'depth'" in (tmp_path / "job.log").read_text()
    assert capsys.readouterr() == ("", "")
