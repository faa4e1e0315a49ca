"""An error of a worker process reaches the process that waits for it, with its text."""

from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import pytest

from gms.base.errors import Problem, Problems, Refusal
from gms.genome.vcf import UnreadableVcf, open_vcf, read_header


def header(path: Path) -> list[str]:
    with open_vcf(path) as lines:
        return read_header(lines)


def refuse(reasons: list[str]) -> None:
    raise Refusal("Not done:", reasons)


def find_problem(problem: Problem) -> None:
    raise Problems([problem])


@pytest.fixture(scope="module")
def workers():
    with ProcessPoolExecutor(1, mp_context=get_context("fork")) as pool:
        yield pool


def test_an_error_that_takes_facts_is_raised_in_the_waiting_process(workers, tmp_path):
    (tmp_path / "calls.vcf.gz").write_bytes(b"\x1f\x8b\x08")
    with pytest.raises(UnreadableVcf, match=r"calls.vcf.gz is damaged"):
        workers.submit(header, tmp_path / "calls.vcf.gz").result(timeout=60)


def test_its_lines_and_what_it_holds_are_kept(workers):
    with pytest.raises(Refusal, match="^Not done:\n  no consent$"):
        workers.submit(refuse, ["no consent"]).result(timeout=60)
    problem = Problem("samples.tsv", 3, "unknown assay")
    with pytest.raises(Problems, match="samples.tsv has 1 problem:\n  line 3: unknown assay") as raised:
        workers.submit(find_problem, problem).result(timeout=60)
    assert raised.value.problems == [problem]
