"""Uploads that are killed, client or server, go on with the parts that are missing; the server tells how many."""

import time
from pathlib import Path

import pytest

import s3_server
from gms.sharing.transfer import client as client_module
from gms.sharing.transfer import resume
from gms.sharing.transfer.errors import NotForUpload, TransferError
from s3_server import MIB, client, finish, send, write_package
from seaweedfs import S3Server

PARTS = 8
FILE = "data/S1.cram.c4gh"
REST = 4  # manifest, approval, their signatures


@pytest.fixture
def package(tmp_path, request):
    return write_package(tmp_path / f"C{abs(hash(request.node.name))}", {FILE: PARTS * 16 * MIB})


def interrupt(package: Path, server: S3Server, parts: int = 3) -> int:
    """Send until the server has some parts, and kill the client; how many parts it has then."""
    process = client(package, server, megabytes_per_second=60)  # so that it is not done before it is killed
    wait_for_parts(package, server, parts)
    process.kill()
    process.communicate()
    time.sleep(1)  # the server may still put away what it has received
    return len(parts_there(package, server))


def parts_there(package: Path, server: S3Server) -> list[int]:
    """Numbers of the parts that the server has of the unfinished upload."""
    store = server.store()
    for key, upload in resume.unfinished(store, f"study1/{package.name}/v1/"):
        pages = store.pages("list_parts", "list", Key=key, UploadId=upload)
        return [part["PartNumber"] for page in pages for part in page.get("Parts", [])]
    return []


def wait_for_parts(package: Path, server: S3Server, parts: int) -> None:
    limit = time.monotonic() + 60
    while len(parts_there(package, server)) < parts:
        assert time.monotonic() < limit
        time.sleep(0.05)


def same(package: Path, server: S3Server) -> bool:
    """Whether the store gives back the bytes of the file."""
    found = server.store().head(f"study1/{package.name}/v1/{FILE}")
    return b"".join(server.store().blocks(found)) == (package / FILE).read_bytes()


def test_after_the_client_is_killed_only_missing_parts_are_sent(s3, package):
    there = interrupt(package, s3)
    assert 3 <= there < PARTS
    before = s3.requests("PUT")
    sent = finish(client(package, s3))
    assert sent["parts"] == PARTS - there + REST
    assert s3.requests("PUT") - before == sent["parts"]  # the server's own count
    assert sent["bytes"] < (PARTS - there) * 16 * MIB + 10_000
    assert same(package, s3) and not parts_there(package, s3)


def test_after_the_server_is_killed_only_missing_parts_are_sent(s3, package):
    process = client(package, s3, megabytes_per_second=60)
    wait_for_parts(package, s3, 3)
    s3.kill()
    out, err = process.communicate(timeout=120)
    assert process.returncode == 1 and err.splitlines()[-1].startswith("error: ") and "Traceback" not in err
    assert "continues where this one stopped" in err
    s3.start()
    there = len(parts_there(package, s3))
    assert 3 <= there < PARTS
    sent = finish(client(package, s3))
    assert sent["parts"] == PARTS - there + REST == s3.requests("PUT")  # the server counts from its start
    assert same(package, s3)


def test_a_server_that_comes_back_soon_is_waited_for(s3, package, monkeypatch):
    monkeypatch.setattr(client_module, "TRIES", 8)
    process = client(package, s3, megabytes_per_second=60)
    wait_for_parts(package, s3, 2)
    s3.kill()
    s3.start()
    process.communicate(timeout=120)  # whether its tries sufficed depends on the time the server needed
    finish(client(package, s3))
    assert same(package, s3)


def test_a_file_that_changed_in_between_is_sent_from_its_start(s3, package):
    there = interrupt(package, s3)
    assert there
    content = (package / FILE).read_bytes()
    changed = content[:-1] + bytes([content[-1] ^ 1])
    (package / FILE).write_bytes(changed)
    manifest = (package / "manifest.json").read_text()
    manifest = manifest.replace(s3_server.sha256(content), s3_server.sha256(changed))
    (package / "manifest.json").write_text(manifest)
    sent = finish(client(package, s3))
    assert sent["parts"] == PARTS + REST
    assert sent["aborted"] == [f"study1/{package.name}/v1/{FILE}"]
    assert same(package, s3)


def test_a_file_that_changes_while_it_is_sent_is_not_accepted(s3, package, monkeypatch):
    """Each part is right in itself; what was read back is not what the manifest says."""
    store = s3.store()
    request = store.request

    def changing(operation, doing, **arguments):
        if operation == "create_multipart_upload":
            with (package / FILE).open("r+b") as file:
                file.seek(100)
                file.write(b"changed")
        return request(operation, doing, **arguments)

    monkeypatch.setattr(store, "request", changing)
    with pytest.raises(TransferError, match="differs when read back from the store"):
        send(package, store)
    assert store.head(f"study1/{package.name}/v1/manifest.json") is None


def test_without_its_notes_an_upload_begins_anew(s3, package):
    interrupt(package, s3)
    resume.Notes(package).path.unlink()
    sent = finish(client(package, s3))
    assert (sent["parts"], len(sent["aborted"])) == (PARTS + REST, 1)


def test_broken_notes_cost_time_and_no_more(s3, package):
    resume.Notes(package).path.write_text('{"https://')
    assert finish(client(package, s3))["parts"] == PARTS + REST


def test_one_upload_of_a_package_at_a_time(s3, package):
    with resume.Notes(package), pytest.raises(NotForUpload, match="another process"):
        send(package, s3.store())
