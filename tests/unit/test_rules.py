import inspect

from gms.rules import given, per_attempt, per_reference, signed


def test_files_that_are_absent_are_no_input(tmp_path):
    (tmp_path / "targets.bed").write_text("")
    assert given(tmp_path / "targets.bed") == str(tmp_path / "targets.bed")
    assert given(tmp_path / "other.bed") == []
    assert given(None) == []


def test_retries_ask_for_more():
    assert [per_attempt(2_000)(None, attempt) for attempt in (1, 2, 3)] == [2_000, 4_000, 6_000]


def test_memory_grows_with_the_reference(tmp_path):
    fasta = tmp_path / "genome.fa"
    assert per_reference(fasta, 500, 3)(None, attempt=1) == 500  # a plan, without the file
    fasta.write_bytes(b"A" * 2_000_000)
    assert [per_reference(fasta, 500, 3)(None, attempt) for attempt in (1, 2)] == [506, 1_012]


def test_a_signed_function_says_what_it_takes_and_does_what_it_did():
    function = signed(lambda wildcards, attempt: (wildcards, attempt))
    assert list(inspect.signature(function).parameters) == ["wildcards", "attempt"]
    assert function.__signature__ is inspect.signature(function)
    assert function("C1", 2) == ("C1", 2)
