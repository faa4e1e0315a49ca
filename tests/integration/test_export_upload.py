"""From a run to the store and back: decided, approved, transferred by the same command, withdrawn."""

import json

import pytest
import yaml

import runs
import s3_server

CASE = "myeloid-deep"


@pytest.fixture(scope="module")
def folder(mini, s3, tmp_path_factory):
    """One case whose packages go to the server; run once, nobody has approved."""
    folder = runs.subset(mini, tmp_path_factory.mktemp("upload") / "data", [CASE])
    key = s3_server.credentials("owner")
    account = {"hcp": {"endpoint": "", "aws_access_key_id": key.access_key, "aws_secret_access_key": key.secret_key}}
    (folder / "s3.json").touch(mode=0o600)
    (folder / "s3.json").write_text(json.dumps(account))
    config = yaml.safe_load((folder / "run.yaml").read_text())
    store = {"endpoint": s3.endpoint, "bucket": "study", "ca": str(s3.ca), "credentials": "s3.json", "joint": True}
    config["export"] = {"s3": store}
    (folder / "run.yaml").write_text(yaml.safe_dump(config))
    done = runs.run(folder)
    assert done.returncode == 0, done.stdout
    return folder


@pytest.fixture(scope="module")
def transferred(folder, s3):
    """The same, approved and run again."""
    assert s3.store().list_objects("") == []
    package = folder / "results" / "export" / "folder" / CASE
    key = folder / "keys" / "approver.signing.pem"
    words = ("export", "approve", "-C", folder / "run.yaml", "--key", key, package)
    shown = runs.gms(*words)
    assert shown.returncode == 0 and "Nothing was done" in shown.stdout and "region-skane, key" in shown.stdout
    assert not (package / "approval.json").exists()
    done = runs.confirmed(*words)
    assert done.returncode == 0, done.stdout
    done = runs.run(folder)
    assert done.returncode == 0, done.stdout
    return done


def test_what_nobody_approved_stays(folder, s3):
    assert not (folder / "results" / "export" / "s3").exists()
    done = runs.gms("export", "upload", "-C", folder / "run.yaml", folder / "results" / "export" / "folder" / CASE)
    assert done.returncode == 1 and "not approved" in done.stdout, done.stdout
    assert s3.store().list_objects("") == []


def test_an_approved_package_is_in_the_store_whole(folder, s3, transferred):
    package = folder / "results" / "export" / "folder" / CASE
    manifest = json.loads((package / "manifest.json").read_text())
    receipt = json.loads((folder / "results" / "export" / "s3" / f"{CASE}.json").read_text())
    prefix = f"mini-study/{manifest['package']}/v1/"
    stored = {found.key.removeprefix(prefix): found.bytes for found in s3.store().list_objects(prefix)}
    assert stored == {str(path.relative_to(package)): path.stat().st_size for path in package.rglob("*.*")}
    assert receipt["objects"] and len(receipt["objects"]) == len(stored)
    assert s3.store().list_objects("mini-study/audit/")
    again = runs.run(folder)
    assert again.returncode == 0 and "Nothing to be done" in again.stdout.splitlines()[-1], again.stdout


def test_no_secret_of_the_store_is_in_anything_that_was_written(folder, transferred):
    secret = s3_server.credentials("owner").secret_key.encode()
    written = [path for path in (folder / "results").rglob("*") if path.is_file() and not path.is_symlink()]
    assert [path.name for path in written if secret in path.read_bytes()] == []
    assert secret.decode() not in transferred.stdout


def test_a_withdrawn_person_leaves_the_store_and_is_not_shared_again(folder, s3, transferred):
    decision = folder / "results" / "export" / "folder" / f"{CASE}.json"
    subject = json.loads(decision.read_text())["members"][0]["subject"]
    listed = runs.gms("export", "withdraw", "-C", folder / "run.yaml", subject)
    assert listed.returncode == 0 and "Nothing was done" in listed.stdout and "data/" in listed.stdout, listed.stdout
    done = runs.confirmed("export", "withdraw", "-C", folder / "run.yaml", subject)
    assert done.returncode == 0 and "withdrawn" in done.stdout, done.stdout
    kept = [found.key.split("/")[-1] for found in s3.store().list_objects("mini-study/C")]
    assert kept == ["tombstone.json"]
    words = ("--party", "region-skane", "--subject-pseudonym", subject)
    log = runs.gms("export", "log", "-C", folder / "run.yaml", *words)
    assert log.returncode == 0 and "withdrawn" in log.stdout, log.stdout
    again = runs.run(folder)
    assert again.returncode == 0, again.stdout
    assert json.loads(decision.read_text())["decision"] == "refused" and not decision.with_suffix("").exists()
    verified = runs.gms("export", "log", "-C", folder / "run.yaml")
    assert verified.returncode == 0 and "The audit log is intact" in verified.stdout, verified.stdout
