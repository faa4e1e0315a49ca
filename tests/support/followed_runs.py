"""A small workflow, run and followed as ./gms run does."""

from pathlib import Path

import event_oracle
from gms.operations.run import follow

RULES = """
rule all:
    input: expand("{case}.txt", case=["good", "bad"])
rule make:
    output: "{case}.txt"
    log: "logs/make/{case}.log"
    shell: "echo said by {wildcards.case} > {log}; test {wildcards.case} = good; touch {output}"
"""


def followed(folder: Path, capsys, snakefile: str, *options: str, how=follow.follow) -> tuple[int, list[str]]:
    """Run a Snakefile in a folder; its exit code, and the lines that a user sees."""
    (folder / "Snakefile").write_text(snakefile)
    command = ["snakemake", "--snakefile", str(folder / "Snakefile")]
    command += ["--directory", str(folder), "--cores", "1", "--keep-going", *options]
    code = how(command, folder) if how is follow.follow else how(command)
    lines = capsys.readouterr().out.splitlines()
    assert event_oracle.check_all(folder) == []
    capsys.readouterr()
    return code, lines
