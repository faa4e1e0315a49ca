"""Benchmarks that are quick at a small size come to their end; tests/benchmarks looks at what all of them call."""

import pytest

from gms.commands import benchmark


@pytest.mark.parametrize(
    "command, said",
    [
        ("duplications --depth 40", " 10%: 10 of 12"),
        ("mitochondrial --depth 50", "50%  12 of 12 found"),
        ("trials --cases 5 --trials 2 --loci 10 --workers 1", "not_evaluable"),
    ],
)
def test_a_benchmark_comes_to_its_end(command, said, capsys):
    assert benchmark.main(command.split()) == 0
    assert said in capsys.readouterr().out
