"""scripts/grid_engine/qstat: an answer of the cluster, or none until there is one."""

import importlib.machinery
import importlib.util
import os

import pytest

from gms.base.project import PROJECT

PATH = PROJECT / "scripts" / "grid_engine" / "qstat"
AWAY = "error: commlib error: got select error (Connection refused)"


@pytest.fixture
def qstat(tmp_path, monkeypatch, capfdbinary):
    """What our qstat prints, and its exit code, where that of the cluster does as the script says."""
    loader = importlib.machinery.SourceFileLoader("qstat", str(PATH))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader("qstat", loader))
    loader.exec_module(module)
    module.EVERY = 0

    def run(script):
        (tmp_path / "qstat").write_text(f"#!/bin/sh\ncd {tmp_path}\necho asked >> asked\n{script}\n")
        (tmp_path / "qstat").chmod(0o755)
        monkeypatch.setenv("PATH", os.pathsep.join([str(PATH.parent), str(tmp_path), os.environ["PATH"]]))
        with pytest.raises(SystemExit) as end:
            module.main(["-xml", "-u", "*"])
        said = capfdbinary.readouterr()
        return end.value.code, said.out.decode(), said.err.decode(), (tmp_path / "asked").read_text().count("asked")

    return run


def test_a_cluster_that_is_away_is_asked_again(qstat):
    """Else the executor would take every job for ended, and its half-written output for whole."""
    script = f"[ -e back ] || {{ echo '{AWAY}' >&2; [ $(wc -l < asked) -lt 3 ] || touch back; exit 1; }}; echo \"$@\""
    assert qstat(script) == (0, "-xml -u *\n", "", 4)


@pytest.mark.parametrize("code, error", [(0, ""), (1, "Following jobs do not exist: 7\n")])
def test_an_answer_is_given_at_once(qstat, code, error):
    assert qstat(f"echo said; printf '{error}' >&2; exit {code}") == (code, "said\n", error, 1)
