"""The ring trial on finished results of the miniature data set, and its page in a real browser."""

import gzip
import json
import os
import re
import shutil
import subprocess

import pysam
import pytest

import runs

BROWSER = shutil.which("chromium")
LEFT_OUT = ("alignment", "reference", "logs", "benchmarks", "export", ".snakemake")


@pytest.fixture
def centre(finished, tmp_path):
    """Copies the results as those of another centre, by its name."""

    def copy(gmc):
        folder = shutil.copytree(finished.results, tmp_path / gmc, ignore=shutil.ignore_patterns(*LEFT_OUT))
        change(folder / "run.json", lambda record: record.update(gmc=gmc))
        return folder

    return copy


def change(path, edit):
    content = json.loads(path.read_text())
    edit(content)
    path.write_text(json.dumps(content, indent=2) + "\n")


def change_records(path, edit):
    """Write a VCF anew, as bgzip does, with its lines edited."""
    with gzip.open(path, "rt") as file:
        lines = [edit(line) for line in file]
    with pysam.BGZFile(str(path), "wb") as out:
        for line in lines:
            out.write(line.encode())


def trial(tmp_path, *folders):
    """Exit code, what a user saw, and the page."""
    done = runs.gms("ring-trial", *folders, "--page", tmp_path / "page.html", cwd=tmp_path)
    assert not runs.looks_like_a_traceback(done.stdout)
    return done.returncode, done.stdout, (tmp_path / "page.html").read_text()


def test_another_centre_with_the_same_answer(finished, centre, tmp_path):
    umea = centre("umea")
    change_records(umea / "annotated" / "rare-trio.vcf.gz", lambda line: line)  # compressed anew
    code, text, page = trial(tmp_path, finished.results, umea)
    assert code == 0, text
    assert "Identical: both centres give the same answer to 8 cases." in text and "umea-2" in page


def test_another_policy_and_one_changed_record(finished, centre, tmp_path):
    lund, changed = centre("lund"), []
    policy = {"version": "2099.1", "sha256": "0" * 64}
    change(lund / "run.json", lambda record: record["assays"]["wgs_rare"]["policy"].update(policy))

    def fail(line):
        fields = line.split("\t")
        if line.startswith("#") or fields[6] != "PASS" or changed:
            return line
        changed.append(f"{fields[0]}:{fields[1]} {fields[3]}>{fields[4]}")
        return "\t".join([*fields[:6], "LowQuality", *fields[7:]])

    change_records(lund / "filtered" / "rare-trio.vcf.gz", fail)
    code, text, page = trial(tmp_path, finished.results, centre("orebro"), lund)
    assert code == 1
    assert re.search(r"Different: 1 of \d+ files, in 1 of 8 cases\.", text)
    own = json.loads((finished.results / "run.json").read_text())["assays"]["wgs_rare"]["policy"]["version"]
    assert f"  policy: wgs_rare: {own} at local-1, 2099.1 at lund-3 (1 file)" in text
    assert "filtered/rare-trio.vcf.gz: local-1, orebro-2 | lund-3" in text
    assert changed[0].replace(">", "&gt;") in page and "<code>LowQuality</code>" in page


def test_a_changed_quality_value(finished, centre, tmp_path):
    umea = centre("umea")
    change(umea / "qc" / "myeloid-tumor.qc.json", lambda record: record["metrics"].update(coverage_median=1))
    change(umea / "run.json", lambda record: record["tools"].update(mosdepth="9.9"))
    code, text, page = trial(tmp_path, finished.results, umea)
    assert code == 1
    assert "qc/myeloid-tumor.qc.json: local-1 | umea-2" in text and "at local-1, 9.9 at umea-2" in text
    assert "metrics › coverage_median" in page and "<code>1</code>" in page


@pytest.mark.skipif(not BROWSER, reason="chromium is not installed")
def test_the_page_prints_on_few_pages(finished, centre, tmp_path):
    umea = centre("umea")
    (umea / "report" / "rare-trio.json").unlink()
    change(umea / "qc" / "myeloid-tumor.qc.json", lambda record: record["metrics"].update(coverage_median=1))
    trial(tmp_path, finished.results, umea)
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []  # chromium refuses to use one as root
    options = [
        "--headless",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        f"--user-data-dir={tmp_path}/browser",
        *sandbox,
    ]
    page, printed = (tmp_path / "page.html").as_uri(), tmp_path / "page.pdf"
    subprocess.run([BROWSER, *options, f"--print-to-pdf={printed}", page], capture_output=True, timeout=120, check=True)
    assert 1 <= printed.read_bytes().count(b"/Type /Page\n") <= 3
