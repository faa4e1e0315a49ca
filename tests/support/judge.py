"""The judge of public data with known truth, which lies with them outside of this repository."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

import runs

SHARED = runs.PROJECT.parent / "shared"
DATA, JUDGE = SHARED / "data", SHARED / "evaluate.py"
MIX = "somatic-tn-mix54"
COUNTS = re.compile(r"\t(SNV|indel)\tTP (\d+)\tFN (\d+)\tFP (\d+)\t")
ABSENT = f"public data with truth are not here ({DATA}, {JUDGE})"


def is_here() -> bool:
    return DATA.is_dir() and JUDGE.is_file()


def judged(name: str, folder: Path) -> tuple[dict[str, tuple[int, ...]], str]:
    """{"SNV": (TP, FN, FP), "indel": ...} of a data set, whose run is left in results/ of `folder`, and all that the
    judge said; skips where the set is absent."""
    if not (DATA / name).is_dir():
        pytest.skip(f"{DATA / name} is not here")
    command = [sys.executable, str(JUDGE), str(runs.PROJECT), str(DATA / name), str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stdout + done.stderr
    counts = {kind: tuple(map(int, numbers)) for kind, *numbers in COUNTS.findall(done.stdout)}
    print(done.stdout)
    return counts, done.stdout
