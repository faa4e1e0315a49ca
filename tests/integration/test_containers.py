"""Jobs in a container, by a stand-in for Apptainer that notes its arguments and starts the command on this machine."""

import os
import stat

import pytest

import runs

STAND_IN = """#!/usr/bin/env python3
import os, sys
if sys.argv[1:] == ["--version"]:
    sys.exit(print("apptainer version 1.3.6"))
with open(os.environ["APPTAINER_LOG"], "a") as log:
    log.write(" ".join(sys.argv[1:]).split(" -c ")[0] + "\\n")
place = sys.argv.index("-c")
os.execvp(sys.argv[place - 1], sys.argv[place - 1 :])
"""


@pytest.fixture
def in_image(finished, tmp_path):
    """The run record of a finished run, made again in a container; what the user saw, and how Apptainer was called."""
    program = tmp_path / "bin" / "apptainer"
    program.parent.mkdir()
    program.write_text(STAND_IN)
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    (tmp_path / "gms.sif").touch()
    folder = runs.subset(finished.folder, tmp_path / "data", ["myeloid-shallow"])
    path = os.pathsep.join([str(program.parent), os.environ["PATH"]])
    variables = os.environ | {"PATH": path, "APPTAINER_LOG": str(tmp_path / "log")}
    words = ("run", "--profile", "local", "--configfile", folder / "run.yaml", "--cores", 2, "--sdm", "apptainer")
    done = runs.gms(*words, "--config", f"container={tmp_path}/gms.sif", "--until", "run_record", variables=variables)
    return done, folder, (tmp_path / "log").read_text()


def test_jobs_run_in_the_image_and_see_their_folders(in_image, tmp_path):
    done, folder, called = in_image
    assert done.returncode == 0, done.stdout
    assert (folder / "results" / "run.json").is_file()
    jobs = called.splitlines()
    assert len(jobs) > 1 and all(f" {tmp_path}/gms.sif " in job for job in jobs)
    bound = [word for job in jobs for word in job.split() if "," in word or word.startswith("/")]
    for needed in (folder, runs.PROJECT):
        assert any(str(needed) in word for word in bound), jobs
