import subprocess
from types import SimpleNamespace

import pytest

from gms.base.errors import GmsError
from gms.base.rule_log import logged, rule_job


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


def test_what_a_tool_that_failed_said_is_in_the_log(tmp_path):
    with pytest.raises(SystemExit), logged(str(tmp_path / "job.log")):
        subprocess.run(["sh", "-c", "echo no such contig >&2; exit 3"], capture_output=True, text=True, check=True)
    assert (tmp_path / "job.log").read_text().endswith("returned non-zero exit status 3.\nno such contig\n\n")


def job(tmp_path):
    (tmp_path / "out").write_text("whole\n")
    return SimpleNamespace(log=[str(tmp_path / "job.log")], input=[], output=[str(tmp_path / "out")])


def test_an_error_that_a_tool_reports_without_failing_ends_the_job(tmp_path):
    with pytest.raises(SystemExit), rule_job(job(tmp_path), is_final=True):
        print("[M::main] fine\n[E::cram_uncompress_block] Block CRC32 failure")
    assert "error: a tool reported an error, but ended with 0: [E::cram_unc" in (tmp_path / "job.log").read_text()


def test_a_file_without_index_is_no_error(tmp_path):
    with rule_job(job(tmp_path), is_final=True):
        print("[E::idx_find_and_load] Could not retrieve index file for 'x.bam'")
