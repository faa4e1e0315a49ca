"""What a job used by the kernel's account, also of processes that nobody saw while they ran."""

import os
import subprocess
import sys

import pytest

from benchmarks import usage
from gms.operations.capacity.usage import read_measured

SHORT = (
    "b = bytearray(150_000_000); t = __import__('time'); e = t.process_time() + 0.2\nwhile t.process_time() < e: pass"
)


@pytest.fixture
def watched(tmp_path):
    """A function that runs a rule's shell command as Snakemake would, under the watch, and returns its exit code."""
    own = {"BASH_ENV": str(usage.WATCH), "GMS_USAGE": str(tmp_path / "usage.tsv"), "GMS_PYTHON": sys.executable}

    def run(command):
        return subprocess.run(["bash", "-c", command], cwd=tmp_path, env=os.environ | own).returncode

    (tmp_path / "logs" / "call").mkdir(parents=True)
    return run


def test_short_processes_are_measured(watched, tmp_path):
    assert watched(f'for n in 1 2; do {sys.executable} -c "{SHORT}"; done 2> logs/call/C1.log; exit 3') == 3
    ((name, (seconds, cpu, largest, _)),) = read_measured(tmp_path / "usage.tsv").items()
    assert name == "call/C1"
    assert 0.4 <= cpu < 3
    assert seconds > 0.2
    assert 150 < largest < 250


def test_what_is_no_job_is_left_alone(watched, tmp_path):
    assert watched("true") == 0
    assert not (tmp_path / "usage.tsv").exists()


def test_the_account_beside_what_snakemake_saw(tmp_path):
    folder = tmp_path / "benchmarks" / "call"
    folder.mkdir(parents=True)
    (folder / "C1.jsonl").write_text('{"max_rss": 60.0, "cpu_time": 1.0}\n')
    (folder / "C2.jsonl").write_text('{"max_rss": "NA", "cpu_time": "NA"}\n')
    (tmp_path / "benchmarks" / "usage.tsv").write_text("call/C1\t9\t3.0\t80\t70\ncall/C2\t9\t1.0\t90\t120\n")
    assert usage.compared(tmp_path) == [("call", 2, 60, 90, 120, "1.0", "4.0", "75%")]


def test_a_script_names_its_rule(watched, tmp_path):
    script = tmp_path / ".snakemake" / "scripts" / "tmpx.call.py"
    script.parent.mkdir(parents=True)
    script.write_text("log = 'logs/call_freebayes/C1.log'\n")
    assert watched(f"{sys.executable} {script}") == 0
    assert list(read_measured(tmp_path / "usage.tsv")) == ["call_freebayes/C1"]
