"""The small job that the doctor sends."""

import subprocess

from gms.operations.clusters import check
from gms.operations.clusters.profile import Answer


def run_here(_, folder):
    done = subprocess.run(["bash", folder / "job.sh"], capture_output=True, text=True)
    return Answer(done.returncode, done.stdout, done.stderr)


def test_folders_may_have_a_space_in_their_names(tmp_path, monkeypatch):
    python = tmp_path / "the project/.env/bin/python"
    python.parent.mkdir(parents=True)
    python.symlink_to("/bin/true")
    monkeypatch.setattr(check, "PROJECT", tmp_path / "the project")
    monkeypatch.setattr(check, "submit_and_wait", run_here)
    (remark,) = check.try_job(None, tmp_path / "the results")
    assert remark.kind == "ok", remark.text
