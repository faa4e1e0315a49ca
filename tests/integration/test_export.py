"""The export of the miniature data set: what a recipient gets, what a refused one sees, and what is kept secret."""

import base64
import json
import re
import shutil
import subprocess
import sys
import time

import pysam
import pytest
import yaml

import runs
from gms.inputs.load_run import read_run
from gms.inputs.sample_sheet import local_names
from gms.sharing.decision.model import shared_case
from gms.sharing.export.cases import export_params, results_of
from gms.sharing.export.deciding import case_lock
from gms.sharing.export.folder import export_case
from gms.sharing.leak_patterns.findings import LeakFound
from gms.sharing.package.manifest import read_manifest

TRIO, PAIR = "rare-trio", "pair-somatic"
SMALL = "myeloid-deep"  # exported in the least time
WITHOUT_READS = ["germline_variants", "somatic_variants", "quality_metrics"]  # in a tenth of it
PERSONS = re.compile(r"subject-0\d|rare-|pair-|proband_L|2010-03-02|2026-02-\d\d")


@pytest.fixture(scope="module")
def opened(finished, tmp_path_factory):
    """The package of the trio, decrypted by a recipient."""
    folder = tmp_path_factory.mktemp("recipient") / "plain"
    keys, package = finished.folder / "keys", finished.results / "export" / "folder" / TRIO
    words = ("--sender-key", keys / "centre.signing.pub.pem", "--key", keys / "region-skane.c4gh.sec", "--to", folder)
    done = runs.gms("export", "decrypt", package, *words)
    assert done.returncode == 0, done.stdout
    return folder


@pytest.fixture
def export(finished, tmp_path):
    """Exports a case of the finished run again, with a sharing file and a configuration of its own; the package."""
    for name in runs.SHARING:
        shutil.copyfile(finished.folder / name, tmp_path / name)
    shutil.copytree(finished.folder / "keys", tmp_path / "keys", ignore=shutil.ignore_patterns("*.audit-*.json"))
    run = read_run(finished.folder / "run.yaml")
    config = yaml.safe_load((finished.folder / "run.yaml").read_text()) | {"results": ".", "export": {"folder": {}}}
    (tmp_path / "run.yaml").write_text(yaml.safe_dump(config))
    shutil.copyfile(finished.folder / "samples.tsv", tmp_path / "samples.tsv")
    shutil.copytree(finished.results / "qc", tmp_path / "qc")

    def again(case, **study):
        sharing = yaml.safe_load((tmp_path / "sharing.yaml").read_text())
        sharing["study"] |= study
        (tmp_path / "sharing.yaml").write_text(yaml.safe_dump(sharing))
        facts = shared_case(export_params(run.cases[case], run.assays[run.cases[case].assay].kind))
        out = tmp_path / "export" / "folder" / f"{case}.json"
        out.parent.mkdir(parents=True, exist_ok=True)
        export_case(facts, results_of(facts, run.results), tmp_path / "sharing.yaml", out, local_names(run.sheet))
        return out.with_suffix("")

    return again


def decrypted(package, keys, to):
    words = ("--sender-key", keys / "centre.signing.pub.pem", "--key", keys / "region-skane.c4gh.sec", "--to", to)
    done = runs.gms("export", "decrypt", package, *words)
    assert done.returncode == 0, done.stdout
    return sorted(path for path in to.rglob("*") if path.is_file())


def texts(folder):
    """Every text of a decrypted package: names, headers, records, read names."""
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        yield str(path.relative_to(folder))
        if path.suffix == ".cram":
            yield pysam.view("-H", "--no-PG", str(path))
        elif path.suffix in (".gz", ".json", ".tsv", ".csv"):
            yield runs.read_text(path)


def test_a_recipient_reads_the_same_variants_and_alignments(finished, opened):
    [vcf] = opened.glob("data/*.vcf.gz")
    before = runs.records(finished.results / "reported" / f"{TRIO}.vcf.gz")
    assert [runs.variant(record) for record in runs.records(vcf)] == [runs.variant(record) for record in before]
    assert [record[9:] for record in runs.records(vcf)] == [record[9:] for record in before]
    fasta = str(finished.results / "reference" / "genome.fa")
    columns = []
    for name in ("rare-proband", "rare-mother", "rare-father"):
        text = pysam.view("-T", fasta, str(finished.results / "alignment" / f"{name}.cram"))
        columns.append([line.split("\t")[1:11] for line in text.splitlines()])
    shared = [pysam.view("-T", fasta, str(path)).splitlines() for path in sorted(opened.glob("data/*.cram"))]
    assert sorted(columns) == sorted([line.split("\t")[1:11] for line in lines] for lines in shared)


def test_a_package_names_no_person_and_no_machine(finished, opened):
    for text in texts(opened):
        assert not PERSONS.search(text), PERSONS.search(text)
        assert str(finished.folder) not in text and str(runs.PROJECT) not in text


def test_only_manifest_and_signature_are_in_clear(finished):
    files = [path for path in (finished.results / "export" / "folder" / TRIO).rglob("*") if path.is_file()]
    plain = {path.name for path in files if path.read_bytes()[:8] != b"crypt4gh"}
    assert plain == {"manifest.json", "manifest.sig"}
    assert not PERSONS.search((finished.results / "export" / "folder" / TRIO / "manifest.json").read_text())


def test_somebody_without_a_grant_reads_nothing(finished, tmp_path):
    keys, package = finished.folder / "keys", finished.results / "export" / "folder" / TRIO
    words = ("--sender-key", keys / "centre.signing.pub.pem", "--key", keys / "approver.c4gh.sec")
    done = runs.gms("export", "decrypt", package, *words, "--to", tmp_path / "plain")
    assert done.returncode == 1 and "error: " in done.stdout and not (tmp_path / "plain").exists()
    assert not runs.looks_like_a_traceback(done.stdout)


def test_no_secret_is_in_anything_that_was_written(finished):
    """Nor in what the user saw; Snakemake's records of inputs, parameters and logs are part of what was written."""
    keys = finished.folder / "keys"
    secrets = set()
    for path in [*keys.glob("centre.*.sec"), keys / "centre.signing.pem", keys / "centre.pseudonym.key"]:
        line = max(path.read_bytes().splitlines(), key=len)
        raw = bytes.fromhex(line.decode()) if path.suffix == ".key" else base64.b64decode(line)
        secrets |= {line, raw[-32:], raw[-32:].hex().encode(), base64.b64encode(raw[-32:])}
    written = [path for path in finished.results.rglob("*") if path.is_file() and not path.is_symlink()]
    written += [finished.folder / "audit.jsonl"]
    assert len(written) > 200
    found = [path.name for path in written if any(secret in path.read_bytes() for secret in secrets)]
    assert found == []
    assert not any(secret.decode() in finished.output for secret in secrets if secret.isascii())


def test_the_same_inputs_and_keys_give_the_same_plain_package(finished, export):
    before = read_manifest(finished.results / "export" / "folder" / SMALL)
    after = read_manifest(export(SMALL))
    assert after["plain_digest"] == before["plain_digest"]
    assert [file["body_sha256"] for file in after["files"]] != [file["body_sha256"] for file in before["files"]]


def test_a_package_is_kept_while_nothing_changes_and_then_superseded(export):
    first = export(SMALL)
    kept = (first / "manifest.json").read_bytes()
    assert (export(SMALL) / "manifest.json").read_bytes() == kept
    second = read_manifest(export(SMALL, data_categories=["germline_variants", "somatic_variants"]))
    assert (second["version"], second["data_categories"]) == (2, ["germline_variants", "somatic_variants"])
    assert not [file["path"] for file in second["files"] if "cram" in file["path"]]


def test_a_study_of_somatic_variants_gets_no_column_of_the_normal(finished, export, tmp_path):
    package = export(PAIR, data_categories=["somatic_variants", "quality_metrics"])
    files = decrypted(package, tmp_path / "keys", tmp_path / "plain")
    [vcf] = [path for path in files if path.name.endswith(".vcf.gz")]
    before = runs.records(finished.results / "reported" / f"{PAIR}.vcf.gz")
    kept = {runs.variant(record) for record in runs.records(vcf)}
    assert len(runs.samples(vcf)) == 1 and kept <= {runs.variant(record) for record in before} and len(kept) > 5
    assert not [path.name for path in files if "cram" in path.name]
    [quality] = [path for path in files if path.name.endswith(".qc.json")]
    assert json.loads(quality.read_text())["role"] == "tumor"


def test_a_parent_who_withdraws_is_left_out_and_an_index_who_does_stops_the_case(export, tmp_path):
    with (tmp_path / "consents.tsv").open("a") as table:
        table.write("subject-03\tmini-study\twithdrawn\t2026-06-01\n")
    package = export(TRIO)
    files = decrypted(package, tmp_path / "keys", tmp_path / "plain")
    [vcf] = [path for path in files if path.name.endswith(".vcf.gz")]
    assert len(runs.samples(vcf)) == 2
    assert not any({"INHERITANCE", "MODES", "PARTNERS"} & runs.info(record).keys() for record in runs.records(vcf))
    assert len([path for path in files if path.suffix == ".cram"]) == 2
    with (tmp_path / "consents.tsv").open("a") as table:
        table.write("subject-01\tmini-study\twithdrawn\t2026-06-01\n")
    assert not export(TRIO).exists()


def test_the_plan_of_an_export_writes_nothing_and_asks_no_server(finished, tmp_path):
    """The store of the configuration does not exist: whoever asked it would fail, or wait."""
    audit = [path.name for path in finished.folder.glob("audit.jsonl*") if path.is_file()]
    for name in ("samples.tsv", *runs.SHARING, *audit):
        shutil.copyfile(finished.folder / name, tmp_path / name)
    shutil.copytree(finished.folder / "keys", tmp_path / "keys")
    config = yaml.safe_load((finished.folder / "run.yaml").read_text())
    config["export"] = {"s3": {"endpoint": "https://nowhere.invalid", "bucket": "study", "joint": True}}
    config["results"] = str(finished.results)
    for name in ("fastq", "reference"):
        (tmp_path / name).symlink_to(finished.folder / name)
    (tmp_path / "run.yaml").write_text(yaml.safe_dump(config))
    before = sorted(finished.results.rglob("*"))
    done = runs.gms("export", "plan", "-C", tmp_path / "run.yaml")
    assert done.returncode == 0 and f"{TRIO}: would be shared" in done.stdout, done.stdout
    assert "solid-clean: NOT shared" in done.stdout and "is withdrawn" in done.stdout
    assert sorted(finished.results.rglob("*")) == before
    assert (tmp_path / "audit.jsonl").read_bytes() == (finished.folder / "audit.jsonl").read_bytes()
    planned = runs.gms("plan", "--profile", "local", "--configfile", tmp_path / "run.yaml")
    assert planned.returncode == 0, planned.stdout


@pytest.mark.parametrize("name", ["myeloid-tumor", "rare-mother", "solid-ffpe", "subject-05"])
def test_a_leak_stops_the_package(export, tmp_path, name):
    """A local id, of this case or another of the sheet, that got into a text of the metadata."""
    with pytest.raises(LeakFound, match="an identifier known at the centre") as caught:
        export(SMALL, title=f"seen in {name}", data_categories=WITHOUT_READS)
    assert name not in str(caught.value)
    assert not (tmp_path / "export" / "folder" / SMALL).exists()
    entries = [json.loads(line) for line in (tmp_path / "audit.jsonl").read_text().splitlines()]
    assert (entries[-1]["decision"], entries[-1]["reasons"]) == ("refused", ["leak"])


def approve(tmp_path, package, key="approver"):
    words = ("-C", tmp_path / "run.yaml", "--key", tmp_path / "keys" / f"{key}.signing.pem", package)
    return runs.confirmed("export", "approve", *words)


def test_only_the_package_that_was_decided_last_is_approved(export, tmp_path):
    package = export(SMALL, data_categories=WITHOUT_READS)
    copy = tmp_path / "copy" / SMALL
    shutil.copytree(package, copy)
    elsewhere = approve(tmp_path, copy)
    assert elsewhere.returncode == 1 and "where the workflow makes packages" in elsewhere.stdout, elsewhere.stdout
    export(SMALL, data_categories=["somatic_variants"])
    shutil.rmtree(package)
    shutil.copytree(copy, package)
    old = approve(tmp_path, package)
    assert old.returncode == 1 and "the last decision on this case" in old.stdout, old.stdout
    assert not (package / "approval.json").exists()


def test_a_package_of_a_row_that_was_corrected_is_neither_approved_nor_handed_over(export, tmp_path):
    package, sheet = export(SMALL, data_categories=WITHOUT_READS), tmp_path / "samples.tsv"
    sheet.write_text(sheet.read_text().replace("subject-07", "subject-06"))
    words = ("-C", tmp_path / "run.yaml", "--to-party", "region-skane", package)
    for done in (approve(tmp_path, package), runs.gms("export", "handed-over", *words)):
        assert done.returncode == 1 and "the rows of its case in the sample sheet" in done.stdout, done.stdout


def test_a_case_that_is_refused_later_is_not_approved(finished, export, tmp_path):
    package = export(SMALL, data_categories=WITHOUT_READS)
    kept = tmp_path / "kept"
    shutil.copytree(package, kept)
    (tmp_path / "consents.tsv").write_text(
        "subject\tstudy\tstatus\tdate\nsubject-07\tmini-study\tgranted\t2026-01-01\n"
        "subject-07\tmini-study\twithdrawn\t2026-06-01\n"
    )
    assert not export(SMALL).exists()
    shutil.copytree(kept, package)
    assert approve(tmp_path, package).returncode == 1


def test_an_approval_that_cannot_be_logged_is_none(export, tmp_path):
    package = export(SMALL, data_categories=WITHOUT_READS)
    (tmp_path / "audit.jsonl.head.json").rename(tmp_path / "away")
    (tmp_path / "audit.jsonl.head.json").mkdir()
    done = approve(tmp_path, package)
    assert done.returncode == 1 and not list(package.glob("approval.*")), done.stdout


def test_a_grant_makes_the_next_version_which_nobody_approved(export, tmp_path):
    package = export(SMALL, data_categories=WITHOUT_READS)
    assert approve(tmp_path, package).returncode == 0
    before = read_manifest(package)
    sharing = yaml.safe_load((tmp_path / "sharing.yaml").read_text())
    sharing["recipients"] = sharing["recipients"][:1]
    (tmp_path / "sharing.yaml").write_text(yaml.safe_dump(sharing))
    done = runs.confirmed("export", "grant", "-C", tmp_path / "run.yaml", package)
    assert done.returncode == 0, done.stdout
    after = read_manifest(package)
    assert (after["version"], len(after["readers"])) == (2, 2)
    assert [file["body_sha256"] for file in after["files"]] == [file["body_sha256"] for file in before["files"]]
    assert not (package / "approval.json").exists()
    decision = json.loads((tmp_path / "export" / "folder" / f"{SMALL}.json").read_text())
    assert (decision["version"], decision["recipients"]) == (2, ["karolinska-institutet"])
    keys = tmp_path / "keys"
    words = ("--sender-key", keys / "centre.signing.pub.pem", "--key", keys / "region-skane.c4gh.sec")
    refused = runs.gms("export", "decrypt", package, *words, "--to", tmp_path / "plain")
    assert refused.returncode == 1


def test_a_killed_export_leaves_nothing_that_verifies_and_is_cleaned(finished, tmp_path, export):
    """SIGKILL at several moments of making a package, among them while plain files are there."""
    package = export(SMALL)
    shutil.rmtree(package)
    words = ["export", "prepare", "-C", str(finished.folder / "run.yaml")]
    folder = tmp_path / "export" / "folder"
    work = folder / f"{SMALL}.unfinished"
    seen = []
    for moment in ("plain/data", "plain/metadata", "package/data"):
        child = subprocess.Popen([sys.executable, "-c", KILLED, str(finished.folder), str(tmp_path), SMALL])
        while child.poll() is None and not (work / moment).exists():
            time.sleep(0.005)
        child.kill()
        child.wait()
        seen.append((work / moment).exists())
        if work.exists():
            assert work.stat().st_mode & 0o077 == 0
            assert not (work / "package" / "manifest.sig").exists()
        assert not (folder / SMALL).exists()
    assert any(seen), words
    sheet = yaml.safe_load((tmp_path / "sharing.yaml").read_text())
    assert sheet and export(SMALL).exists() and not work.exists()


KILLED = """
import sys
from pathlib import Path
sys.path.insert(0, "PROJECT/scripts")
from gms.sharing.export.cases import export_params, results_of
from gms.sharing.export.deciding import case_lock
from gms.sharing.export.folder import export_case
from gms.sharing.leak_patterns.findings import LeakFound
from gms.inputs.load_run import read_run
from gms.sharing.decision.model import shared_case
mini, here, case = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
run = read_run(mini / "run.yaml")
facts = shared_case(export_params(run.cases[case], run.assays[run.cases[case].assay].kind))
export_case(facts, results_of(facts, run.results), here / "sharing.yaml", here / "export" / "folder" / f"{case}.json")
""".replace("PROJECT", str(runs.PROJECT))


def test_two_exports_of_a_case_do_not_meet(export, tmp_path):
    package = export(SMALL, data_categories=WITHOUT_READS)
    with case_lock(package):
        done = approve(tmp_path, package)
        child = "import sys; sys.path.insert(0, sys.argv[1]); "
        child += "from gms.sharing.export.deciding import case_lock; import pathlib"
        child += "; case_lock(pathlib.Path(sys.argv[2])).__enter__()"
        command = [sys.executable, "-c", child, str(runs.PROJECT / "scripts"), str(package)]
        said = subprocess.run(command, capture_output=True, text=True)
    assert "is being exported by another process" in done.stdout + said.stderr
    assert done.returncode == 1 and said.returncode == 1


def test_openssl_and_crypt4gh_read_a_package_without_this_workflow(finished, tmp_path):
    keys, package = finished.folder / "keys", finished.results / "export" / "folder" / TRIO
    words = ["pkeyutl", "-verify", "-pubin", "-inkey", keys / "centre.signing.pub.pem", "-rawin"]
    if not shutil.which("openssl"):
        pytest.skip("openssl is not installed")
    files = ["-in", package / "manifest.json", "-sigfile", package / "manifest.sig"]
    said = subprocess.run(["openssl", *words, *files], capture_output=True, text=True)
    assert "Verified Successfully" in said.stdout, said
    [vrs] = package.rglob("vrs.tsv.c4gh")
    command = [str(runs.PROJECT / ".env" / "bin" / "crypt4gh"), "decrypt", "--sk", keys / "region-skane.c4gh.sec"]
    if sys.prefix != str(runs.PROJECT / ".env"):
        command[0] = shutil.which("crypt4gh")
    said = subprocess.run(command, stdin=vrs.open("rb"), capture_output=True)
    assert said.stdout.startswith(b"CHROM\tPOS"), said
