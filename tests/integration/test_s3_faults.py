"""Stores, networks and disks that fail: each ends soon, with a sentence that says what to do."""

import io
import os
import subprocess
import time

import pytest

import s3_server
from gms.sharing.transfer import client as client_module
from gms.sharing.transfer import part_stream
from gms.sharing.transfer.client import Store
from gms.sharing.transfer.errors import RefusedByStorage, TransferError
from gms.sharing.transfer.progress import Progress
from gms.sharing.transfer.settings import Credentials
from s3_server import MIB, Proxy, always_answers, client, send, write_package
from seaweedfs import credentials, free_ports

FILE = "data/S1.cram.c4gh"


@pytest.fixture
def package(tmp_path, request):
    return write_package(tmp_path / f"C{abs(hash(request.node.name))}", {FILE: 40 * MIB})


@pytest.fixture(autouse=True)
def impatient(monkeypatch):
    """Seconds where the real limits are minutes."""
    monkeypatch.setattr(client_module, "CONNECT", 2)
    monkeypatch.setattr(client_module, "TRIES", 2)
    monkeypatch.setattr(part_stream, "SILENCE", 3)


def error_of(package, settings, keys=None) -> str:
    """The sentence that a user gets."""
    with pytest.raises(TransferError) as caught:
        send(package, Store(settings, keys or credentials("owner")))
    text = str(caught.value)
    assert "secret" not in text.replace("secret key is wrong", "").replace("AWS_SECRET_ACCESS_KEY", "")
    return text


def test_a_wrong_secret(s3, package):
    text = error_of(package, s3.settings(), Credentials("owner-key", "not-the-secret"))
    assert "403 SignatureDoesNotMatch: the secret key is wrong; check export.s3.credentials" in text


def test_an_unknown_access_key(s3, package):
    assert "the access key is unknown there" in error_of(package, s3.settings(), Credentials("nobody", "owner-secret"))


def test_no_rights(s3, package):
    assert "403 AccessDenied: the account lacks permission" in error_of(package, s3.settings(), credentials("stranger"))


def test_no_such_bucket(s3, package):
    assert "there is no such bucket" in error_of(package, s3.settings(bucket="elsewhere"))


def test_nobody_listens(s3, package):
    settings = s3.settings(endpoint=f"https://localhost:{free_ports(['none'])['none']}")
    assert "cannot be reached" in error_of(package, settings)


def test_a_certificate_of_an_unknown_authority(s3, package):
    assert "is not trusted. Name the certificate of the authority that issued it as export.s3.ca" in error_of(
        package, s3.settings(ca=None)
    )


def test_a_certificate_for_another_host(s3, package):
    settings = s3.settings(endpoint=s3.endpoint.replace("localhost", "127.0.0.2"))
    with Proxy(s3.ports["https"]) as proxy:
        other = proxy.endpoint.replace("localhost", "localhost.localdomain")
        text = error_of(package, s3.settings(endpoint=other))
    assert "is not trusted" in text or "cannot be reached" in text
    assert settings.endpoint != s3.endpoint


@pytest.mark.parametrize(
    "status, code, advice", [(503, "SlowDown", "try again later"), (500, "InternalError", "try again")]
)
def test_a_store_out_of_order(s3, package, status, code, advice):
    with always_answers(s3, status, code) as settings:
        text = error_of(package, settings)
    assert f"answered {status} {code}" in text and advice in text


def test_a_connection_that_is_cut_again_and_again(s3, package):
    with Proxy(s3.ports["https"], cut_after=8 * MIB) as proxy:
        text = error_of(package, proxy.settings(s3))
    assert "was lost or stalled several times" in text and "continues where this one stopped" in text
    assert send(package, s3.store()).sent_bytes  # the line is good again


def test_a_connection_that_is_cut_while_reading_back_is_taken_up(s3, package, monkeypatch):
    send(package, s3.store())
    monkeypatch.setattr(client_module, "TRIES", 8)
    with Proxy(s3.ports["https"], cut_after=12 * MIB) as proxy:
        store = Store(proxy.settings(s3), credentials("owner"))
        found = store.head(f"study1/{package.name}/v1/{FILE}")
        assert b"".join(store.blocks(found)) == (package / FILE).read_bytes()


def test_a_server_that_says_nothing(s3, package):
    with Proxy(s3.ports["https"], silent=True) as proxy:
        text = error_of(package, proxy.settings(s3))
    assert "continues where this one stopped" in text


def test_a_connection_that_is_too_slow(s3, package, monkeypatch):
    monkeypatch.setattr(part_stream, "SLOWEST", 2_000_000)
    monkeypatch.setattr(client_module, "CONNECT", 20)  # slow, but not standing still
    with Proxy(s3.ports["https"], rate=200_000) as proxy:
        text = error_of(package, proxy.settings(s3))
    assert "moves less than 2000 kB per second" in text


def test_a_slow_connection_is_waited_for_and_shown(s3, tmp_path):
    package = write_package(tmp_path / "Cslow", {FILE: MIB})
    with Proxy(s3.ports["https"], rate=400_000) as proxy:
        store = Store(proxy.settings(s3), credentials("owner"))
        assert send(package, store).sent_bytes > MIB


def test_a_rate_is_kept(s3, tmp_path):
    package = write_package(tmp_path / "Crate", {FILE: 18 * MIB})
    begin = time.monotonic()
    s3_server.send(package, s3.store(), rate=6e6)
    assert time.monotonic() - begin > 18 * MIB / 6e6 - 0.5


def test_ctrl_c_ends_it(s3, package):
    process = client(package, s3, megabytes_per_second=2)
    time.sleep(2)
    process.send_signal(2)
    process.communicate(timeout=20)
    assert process.returncode != 0


@pytest.fixture
def small_disk(tmp_path):
    """A file system of 24 MiB."""
    folder = tmp_path / "small disk"
    folder.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=24m", "none", str(folder)], capture_output=True)
    if mounted.returncode:
        pytest.skip("a small file system needs the right to mount one")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def test_the_disk_of_the_server_is_full(package, small_disk):
    with s3_server.running(small_disk / "s3") as server:
        text = error_of(package, server.settings())
    assert "could not send" in text and ("continues where this one stopped" in text)


def test_the_disk_of_this_machine_is_full(s3, tmp_path, small_disk):
    package = write_package(small_disk / "Cfull", {FILE: 17 * MIB})
    with (small_disk / "filling").open("wb", buffering=0) as file, pytest.raises(OSError):
        while True:
            file.write(bytes(4096))
    text = error_of(package, s3.settings())
    assert "No space left on device" in text and "the same command continues where this one stopped" in text
    (small_disk / "filling").unlink()
    assert send(package, s3.store()).sent_bytes


def test_a_locked_object_stays_and_is_reported(s3):
    owner = s3.store(bucket="locked")
    owner.request("create_bucket", "create", ObjectLockEnabledForBucket=True)
    rule = {"ObjectLockEnabled": "Enabled", "Rule": {"DefaultRetention": {"Mode": "COMPLIANCE", "Days": 1}}}
    owner.request("put_object_lock_configuration", "lock", ObjectLockConfiguration=rule)
    key = "study1/C1/tombstone.json"
    owner.put_small(key, b"{}")
    with pytest.raises(RefusedByStorage, match="retention, a hold"):
        owner.delete_object(key)
    assert owner.get_small(key) == b"{}"


def test_every_version_of_an_object_goes(s3):
    owner = s3.store(bucket="versions")
    owner.request("create_bucket", "create")
    owner.request("put_bucket_versioning", "version", VersioningConfiguration={"Status": "Enabled"})
    for content in (b"1", b"2"):
        owner.request("put_object", "put", Key="a/k", Body=content)
    owner.request("put_object", "put", Key="a/k2", Body=b"other")
    assert owner.delete_object("a/k") == 2
    assert owner.head("a/k") is None and owner.head("a/k2")


def test_what_is_shown_holds_no_secret(s3, package):
    out = io.StringIO()
    store = s3.store()
    s3_server.send_package(package, s3_server.manifest_of(package), store, Progress(out))
    notes = package.with_name(f"{package.name}.upload.json").read_text()
    assert "objects are in study/study1" in out.getvalue()
    for text in (out.getvalue(), notes, repr(credentials("owner")), repr(store.settings), str(os.environ)):
        assert "owner-secret" not in text and "owner-key" not in text
