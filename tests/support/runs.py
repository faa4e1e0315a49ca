"""What the integration tests share: ./gms as a user starts it, smaller data sets, what of results must be the same."""

import gzip
import json
import re
import shutil
import subprocess
from pathlib import Path

from gms.base.digests import sha256
from gms.base.json_tables import read_table
from gms.base.results import files, named
from gms.genome.vcf import info as info_of
from gms.validation.demo_data.settings import FOLLOWED
from gms.validation.ring_trial.bodies import canonical, json_content

PROJECT = Path(__file__).parents[2]
SHARING = ("sharing.yaml", "consents.tsv", "individuals.tsv", "classifications.tsv")


def gms(*words: object, cwd: Path = PROJECT, variables: dict[str, str] | None = None) -> subprocess.CompletedProcess:
    """Run ./gms to its end, in an environment of `variables` if given; `stdout` holds all that a user sees."""
    command = [str(PROJECT / "gms"), *map(str, words)]
    output = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
    return subprocess.run(command, cwd=cwd, env=variables, timeout=900, **output)


def confirmed(*words: object) -> subprocess.CompletedProcess:
    """Run a command that shows what it would do, and confirm that by its digest; the refusal if it shows nothing."""
    shown = gms(*words)
    digest = re.search(r"--yes ([0-9a-f]{64})", shown.stdout)
    return gms(*words, "--yes", digest[1]) if digest else shown


def run(folder: Path, *options: object, cores: int = 2) -> subprocess.CompletedProcess:
    """Run the workflow on the data set in `folder` with the local profile."""
    return gms("run", "--profile", "local", "--configfile", folder / "run.yaml", "--cores", cores, *options)


def write_sheet(path: Path, rows: list[dict[str, str]]) -> None:
    """A sample sheet with the columns of its first row."""
    lines = ["\t".join(rows[0]), *("\t".join(row.values()) for row in rows)]
    path.write_text("\n".join(lines) + "\n")


def subset(mini: Path, folder: Path, cases: list[str]) -> Path:
    """The miniature data set with only these cases, its files linked, without trials; returns `folder`."""
    folder.mkdir()
    for name in ("reference", "fastq"):
        (folder / name).symlink_to(mini / name)
    for name in SHARING:
        shutil.copyfile(mini / name, folder / name)
    (folder / "run.yaml").write_text((mini / "run.yaml").read_text().replace(FOLLOWED, ""))
    # Another study of the same name: without the note of the audit log that the keys were used with.
    shutil.copytree(mini / "keys", folder / "keys", ignore=shutil.ignore_patterns("*.audit-*.json"))
    write_sheet(folder / "samples.tsv", [row for row in read_table(mini / "samples.tsv") if row["case"] in cases])
    return folder


def records(vcf: Path) -> list[list[str]]:
    """The fields of each record of a bgzipped VCF."""
    with gzip.open(vcf, "rt") as lines:
        return [line.rstrip("\n").split("\t") for line in lines if not line.startswith("#")]


def read_text(path: Path) -> str:
    """The text of a file, compressed or not."""
    content = path.read_bytes()
    return (gzip.decompress(content) if content[:2] == b"\x1f\x8b" else content).decode(errors="replace")


def samples(vcf: Path) -> list[str]:
    """The samples of a bgzipped VCF, in the order of their columns."""
    with gzip.open(vcf, "rt") as lines:
        return next(line.rstrip("\n").split("\t")[9:] for line in lines if line.startswith("#CHROM"))


def info(record: list[str]) -> dict[str, str]:
    """The INFO of a record; a flag's value is empty."""
    return info_of(record[7])


def variant(record: list[str]) -> str:
    """CHROM:POS:REF:ALT, 1-based."""
    return ":".join((record[0], record[1], record[3], record[4]))


def bodies(results: Path, case: str, samples: list[str]) -> dict[str, str]:
    """File -> what must be the same wherever and however a case was run: VCF records, QC figures, aligned reads."""
    compared = [(file, file.at(case=case)) for file in files("case", compared=True)]
    compared += [(file, file.at(sample=sample)) for sample in samples for file in files("sample", compared=True)]
    compared = [path for file, path in compared if not file.is_optional or (results / path).exists()]
    vcfs = [path for path in compared if path.endswith(".vcf.gz")]
    vcfs += [str(path.relative_to(results)) for path in results.glob(named("calls").at(caller="*", case=case))]
    found = {name: "\n".join(map("\t".join, records(results / name))) for name in vcfs}
    found |= {name: canonical(json_content(results / name)) for name in compared if name.endswith(".json")}
    found |= {name: (results / name).read_text() for name in compared if name.endswith(".tsv")}
    crams = [named("cram").at(sample=sample) for sample in samples]
    return found | {name: sha256(results / name) for name in crams}


def different(one: dict[str, str], other: dict[str, str]) -> list[str]:
    """Names of what is not the same in both."""
    return sorted(name for name in one.keys() | other.keys() if one.get(name) != other.get(name))


def verdict(results: Path, case: str) -> str:
    """pass, warn or fail."""
    return json.loads((results / "qc" / f"{case}.case.json").read_text())["verdict"]


def looks_like_a_traceback(text: str) -> bool:
    """Whether a user was shown the inside of a program."""
    return bool(re.search(r'Traceback|^\s+File "[^"]+", line \d+|CalledProcessError', text, re.MULTILINE))
