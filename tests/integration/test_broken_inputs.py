"""Files that turn out broken while they are read fail their own case; a personal number is refused and never shown."""

import gzip
import shutil

import pytest

import runs
from gms.base.json_tables import read_table

START_CHECK = (
    64 << 20
)  # bytes, compressed: larger files are not read to their end before the run (gms/preflight/check_run.py)
EMPTY_BLOCK = b"\x00\x00\x00\xff\xff"  # deflate: a stored block of no bytes
GZIP_HEADER = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"
GOOD = "myeloid-shallow"
NUMBER = "640823-3234"  # Skatteverket's example of a personal number


def reads(mini, mate):
    """The reads of the smallest sample of the miniature data set, four lines each."""
    lines = gzip.decompress((mini / "fastq" / f"shallow-tumor_L001_R{mate}.fastq.gz").read_bytes()).splitlines(True)
    return [b"".join(lines[start : start + 4]) for start in range(0, len(lines), 4)]


def write_unequal(folder, mini, name, keep):
    """FASTQ files of a sample whose R2 has `keep` reads only; returns the numbers of reads."""
    first, second = reads(mini, 1), reads(mini, 2)[:keep]
    for mate, kept in ((1, first), (2, second)):
        (folder / f"{name}_R{mate}.fastq.gz").write_bytes(gzip.compress(b"".join(kept), 1))
    return len(first), len(second)


def write_cut(folder, mini, name):
    """FASTQ files of a sample whose R1 has no end, is larger than the start check reads, and begins well (1 MiB)."""
    first, second = reads(mini, 1) * 4, reads(mini, 2) * 5
    cut = GZIP_HEADER + EMPTY_BLOCK * (START_CHECK // len(EMPTY_BLOCK))
    (folder / f"{name}_R1.fastq.gz").write_bytes(gzip.compress(b"".join(first), 1) + cut)
    (folder / f"{name}_R2.fastq.gz").write_bytes(gzip.compress(b"".join(second), 1))
    return len(first), len(second)


@pytest.fixture(scope="module")
def broken(mini, tmp_path_factory):
    """One run with a good case and three broken ones: (folder, the finished process, case -> counts of reads)."""
    folder = runs.subset(mini, tmp_path_factory.mktemp("broken") / "data", [GOOD])
    (good,) = read_table(folder / "samples.tsv")
    counts = {
        "trimmed": write_unequal(folder, mini, "trimmed", keep=1_000),
        "untrimmed": write_unequal(folder, mini, "untrimmed", keep=1_100),
        "truncated": write_cut(folder, mini, "truncated"),
    }
    rows = [good]
    for name in counts:
        assay = {} if name == "trimmed" else {"assay": "wgs_rare", "role": "proband"}
        files = {f"fastq_{mate}": f"{name}_R{mate}.fastq.gz" for mate in (1, 2)}
        rows.append(good | {"case": f"case-{name}", "sample": f"sample-{name}", "affected": ""} | assay | files)
    runs.write_sheet(folder / "samples.tsv", rows)
    done = runs.run(folder)
    (folder / "truncated_R1.fastq.gz").unlink()
    return folder, done, counts


def test_the_run_fails_and_its_end_names_who(broken):
    _, done, counts = broken
    assert done.returncode != 0
    last = done.stdout.splitlines()[-1]
    assert last.startswith("error: ")
    assert [name for name in counts if f"sample-{name}" not in last] == [], last
    assert "shallow" not in last


@pytest.mark.parametrize("name", ["trimmed", "untrimmed"])
def test_unequal_mates_are_told_with_names_and_counts(broken, name):
    folder, done, counts = broken
    first, second = counts[name]
    said = f"{name}_R1.fastq.gz has {first} reads but {name}_R2.fastq.gz has {second}"
    assert said in done.stdout
    assert said in (folder / "results" / "logs" / "align_reads" / f"sample-{name}.log").read_text()


def test_a_file_cut_short_is_told_by_name(broken):
    _, done, _ = broken
    assert "FASTQ file 'truncated_R1.fastq.gz' is truncated" in done.stdout


def test_nothing_of_a_broken_case_is_left(broken):
    folder, _, counts = broken
    places = ("alignment/sample-{}.cram*", "variants/*/case-{}.vcf.gz*", "report/case-{}.html", "export/*/case-{}*")
    results = folder / "results"
    assert [path.name for name in counts for place in places for path in results.glob(place.format(name))] == []


def test_the_good_case_is_finished(broken, finished):
    folder, _, _ = broken
    results = folder / "results"
    assert (results / "report" / f"{GOOD}.html").read_text().rstrip().endswith("</html>")
    same = [runs.bodies(place, GOOD, ["shallow-tumor"]) for place in (finished.results, results)]
    assert runs.different(*same) == []


def test_the_user_sees_no_traceback(broken):
    _, done, _ = broken
    assert not runs.looks_like_a_traceback(done.stdout), done.stdout


@pytest.mark.parametrize("number", [NUMBER, "19640823-3234", "6408233234", "196408233234"])
def test_a_personal_number_in_the_sheet_is_refused_and_not_shown(mini, tmp_path, number):
    folder = runs.subset(mini, tmp_path / "data", [GOOD])
    (row,) = read_table(folder / "samples.tsv")
    runs.write_sheet(folder / "samples.tsv", [row | {"fastq_1": f"fastq/{number}_R1.fastq.gz"}])
    done = runs.run(folder)
    assert done.returncode != 0
    assert "personal number" in done.stdout
    assert number not in done.stdout and "3234" not in done.stdout, done.stdout
    assert not (folder / "results" / "alignment").exists()


@pytest.mark.parametrize("command", ["run", "plan"])
def test_a_personal_number_in_the_place_of_the_config_is_refused_and_not_shown(mini, tmp_path, command):
    folder = runs.subset(mini, tmp_path / NUMBER, [GOOD])
    done = runs.gms(command, "--profile", "local", "--configfile", folder / "run.yaml")
    assert done.returncode != 0
    assert "personal number" in done.stdout
    assert "3234" not in done.stdout, done.stdout


def test_a_plan_needs_neither_reads_nor_reference(mini, tmp_path):
    folder = tmp_path / "data"
    folder.mkdir()
    for name in ("run.yaml", "samples.tsv", "monitoring.yaml", *runs.SHARING):
        shutil.copyfile(mini / name, folder / name)
    done = runs.gms("plan", "--profile", "local", "--configfile", folder / "run.yaml", "--forceall")
    assert done.returncode == 0, done.stdout
    counts = {line.split()[-1]: line.split()[0] for line in done.stdout.splitlines() if line[:1] == " "}
    assert (counts["align_reads"], counts["case_report"], counts["multiqc"]) == ("16", "8", "1")
    assert "\n1 patient, 8 cases, 16 samples, " in done.stdout and " input files are missing:\n  " in done.stdout
    assert list(folder.glob("results/[!.]*")) == []
