"""Packages sent to a real S3 server."""

import pytest

import s3_server
from gms.sharing.transfer import acl, resume
from gms.sharing.transfer.client import Store
from gms.sharing.transfer.errors import ExistingObject, NotForUpload, TransferError
from gms.sharing.transfer.part_stream import Part
from gms.sharing.transfer.progress import Progress
from gms.sharing.transfer.retire import retire_versions
from s3_server import MIB, Proxy, send, write_package
from seaweedfs import ACCOUNTS

SIZES = {"data/S1.cram.c4gh": 40 * MIB + 17, "metadata/vrs.tsv.c4gh": 3000}


@pytest.fixture
def package(tmp_path, request):
    """A package that no other test has sent."""
    return write_package(tmp_path / f"C{abs(hash(request.node.name))}", SIZES)


@pytest.fixture
def owner(s3):
    return s3.store()


def test_every_byte_arrives_and_the_manifest_last(s3, package, owner):
    order = []
    owner.s3.meta.events.register(
        "before-call.s3", lambda model, params, **_: order.append((model.name, params["url"]))
    )
    receipt = send(package, owner)
    stored = {entry.key: entry for entry in owner.list_objects(f"study1/{package.name}/v1/")}
    assert sorted(stored) == sorted(entry.key for entry in receipt.objects)
    for key, entry in stored.items():
        assert b"".join(owner.blocks(entry)) == (package / key.split("/", 3)[3]).read_bytes()
    written = [url for name, url in order if name in ("PutObject", "CompleteMultipartUpload")]
    assert "manifest.json" in written[-1] and "manifest.sig" in written[-2]
    assert (receipt.sent_parts, receipt.sent_bytes) == (3 + 5, sum(entry.bytes for entry in receipt.objects))
    assert stored[receipt.objects[0].key].etag.endswith("-3")


def test_a_second_run_sends_nothing(s3, package, owner):
    first = send(package, owner)
    before = s3.requests("PUT"), s3.requests("POST")
    with Proxy(s3.ports["https"]) as proxy:
        second = send(package, Store(proxy.settings(s3), s3_server.credentials("owner")))
        assert proxy.connections and proxy.sent < 100_000  # requests alone
    assert (second.sent_parts, second.sent_bytes) == (0, 0)
    assert second.record() | {"endpoint": ""} == first.record() | {"endpoint": ""}
    assert (s3.requests("PUT"), s3.requests("POST")) == before


def test_a_second_run_without_notes_reads_all_back_and_sends_nothing(s3, package, owner):
    send(package, owner)
    resume.Notes(package).path.unlink()
    before = s3.requests("PUT"), s3.requests("POST")
    assert send(package, owner).sent_bytes == 0
    assert (s3.requests("PUT"), s3.requests("POST")) == before


@pytest.mark.parametrize("content, why", [(b"short", "5 bytes"), (bytes(3000), "SHA-256 differs")])
def test_another_object_is_an_error_and_stays(s3, package, owner, content, why):
    key = f"study1/{package.name}/v1/metadata/vrs.tsv.c4gh"
    owner.s3.put_object(Bucket="study", Key=key, Body=content)
    with pytest.raises(ExistingObject, match=why):
        send(package, owner)
    assert b"".join(owner.blocks(owner.head(key))) == content
    assert owner.head(f"study1/{package.name}/v1/manifest.json") is None


@pytest.mark.parametrize("path", SIZES)
def test_an_object_that_comes_in_between_is_not_overwritten(package, owner, monkeypatch, path):
    """Between the look and the sending: the server itself must refuse (If-None-Match)."""
    key, head, seen = f"study1/{package.name}/v1/{path}", owner.head, []

    def late(asked):
        found = head(asked)
        if asked == key and not seen:
            seen.append(owner.s3.put_object(Bucket="study", Key=key, Body=b"another"))
        return found

    monkeypatch.setattr(owner, "head", late)
    with pytest.raises(ExistingObject):
        send(package, owner)
    assert b"".join(owner.blocks(head(key))) == b"another"


def test_stale_uploads_of_this_prefix_are_aborted_and_no_others(package, owner):
    prefix = f"study1/{package.name}/v1"
    for key in (f"{prefix}/data/S1.cram.c4gh", f"{prefix}/gone.c4gh", f"study1/{package.name}/v10/other.c4gh"):
        owner.s3.create_multipart_upload(Bucket="study", Key=key)
    receipt = send(package, owner)
    assert receipt.aborted == (f"{prefix}/data/S1.cram.c4gh", f"{prefix}/gone.c4gh")
    assert [key for key, _ in resume.unfinished(owner, f"study1/{package.name}/")] == [
        f"study1/{package.name}/v10/other.c4gh"
    ]


def test_a_plain_file_never_leaves(s3, package, owner):
    before = s3.requests("PUT"), s3.requests("POST")
    (package / "metadata/vrs.tsv.c4gh").write_bytes(b"chr1\t1\n" * 400)
    with pytest.raises(NotForUpload, match="not encrypted"):
        send(package, owner)
    with pytest.raises(NotForUpload, match="neither an audit head nor a tombstone"):
        owner.put_small("study1/audit/notes.txt", b"text")
    assert (s3.requests("PUT"), s3.requests("POST")) == before


def test_what_is_damaged_on_its_way_is_refused_by_the_server(package, owner, monkeypatch):
    send_block = Part.read

    def damaged(self, size=-1):
        data = send_block(self, size)
        return data[:-1] + bytes([data[-1] ^ 1]) if data and self.progress.label == "sending" else data

    body = Part(package / "metadata/vrs.tsv.c4gh", 0, 3000, progress := Progress())
    digest = body.md5()
    progress.label = "sending"  # what is signed and sent is another content than that of the digest
    monkeypatch.setattr(Part, "read", damaged)
    with pytest.raises(TransferError, match="arrived damaged"):
        owner.put_new(f"study1/{package.name}/damaged", body, digest.digest())
    assert owner.head(f"study1/{package.name}/damaged") is None


def test_what_comes_back_different_is_noticed(package, owner, monkeypatch):
    blocks = owner.blocks
    monkeypatch.setattr(owner, "blocks", lambda found: (block[:-1] + b"\x00" for block in blocks(found)))
    with pytest.raises(TransferError, match="differs when read back from the store"):
        send(package, owner)
    assert owner.head(f"study1/{package.name}/v1/manifest.json") is None


def test_recipients_are_granted_and_read_back(s3, tmp_path, owner):
    package = write_package(tmp_path / "Cgrants", {"data/S1.cram.c4gh": 3000}, readers=("lunds-universitet",))
    ids = {"lunds-universitet": ACCOUNTS["reader"][0], "umea-universitet": ACCOUNTS["stranger"][0]}
    store = Store(s3.settings(grants=ids), s3_server.credentials("owner"))
    receipt = send(package, store)
    assert receipt.grants == {"lunds-universitet": ACCOUNTS["reader"][0]}
    for entry in receipt.objects:
        access = owner.s3.get_object_acl(Bucket="study", Key=entry.key)
        found = {(grant["Grantee"]["ID"], grant["Permission"]) for grant in access["Grants"]}
        assert found == {(ACCOUNTS["owner"][0], "FULL_CONTROL"), (ACCOUNTS["reader"][0], "READ")}


def test_a_grant_that_was_not_asked_for_is_taken_back(s3, tmp_path, owner):
    package = write_package(tmp_path / "Cwider", {"data/S1.cram.c4gh": 3000}, readers=("lunds-universitet",))
    receipt = send(
        package, Store(s3.settings(grants={"lunds-universitet": "100000000002"}), s3_server.credentials("owner"))
    )
    acl.grant(owner, receipt.objects[0].key, {"umea-universitet": ACCOUNTS["stranger"][0]})
    access = owner.s3.get_object_acl(Bucket="study", Key=receipt.objects[0].key)
    assert {grant["Grantee"]["ID"] for grant in access["Grants"]} == {ACCOUNTS["owner"][0], ACCOUNTS["stranger"][0]}


def test_an_account_without_rights_gets_403(s3, package, owner):
    """SeaweedFS keeps the access lists of objects but decides by the rights of an account in the bucket."""
    key = send(package, owner).objects[-1].key
    assert s3.store("reader").get_small(key) == (package / "manifest.json").read_bytes()
    for request in ("head", "get_small"):
        with pytest.raises(TransferError, match="answered 403"):
            getattr(s3.store("stranger"), request)(key)
    with pytest.raises(TransferError, match="403 AccessDenied"):
        s3.store("stranger").list_objects("study1/")
    with pytest.raises(TransferError, match="403 AccessDenied"):
        s3.store("reader").put_new(f"{key}.other", b"", b"")


def test_notes_and_their_deletion(owner):
    key = "study1/audit/00000007.json"
    assert [owner.put_small(key, b"{}"), owner.put_small(key, b"{}"), owner.get_small(key)] == [True, False, b"{}"]
    with pytest.raises(ExistingObject):
        owner.put_small(key, b"[]")
    assert [owner.delete_object(key), owner.delete_object(key), owner.get_small(key)] == [1, 0, None]


def test_older_versions_are_closed_to_their_parties(s3, tmp_path, owner):
    store = Store(s3.settings(grants={"lunds-universitet": ACCOUNTS["reader"][0]}), s3_server.credentials("owner"))
    for version in (1, 2):
        folder = tmp_path / str(version) / "Colder"
        package = write_package(folder, {"data/S1.cram.c4gh": 3000}, version, readers=("lunds-universitet",))
        send(package, store)
    (retired,) = retire_versions(store, "study1", "Colder", 2)
    assert (retired.version, len(retired.closed), retired.open) == (1, 5, ())
    for entry in owner.list_objects("study1/Colder/"):
        access = owner.s3.get_object_acl(Bucket="study", Key=entry.key)
        readers = [ACCOUNTS["reader"][0]] if "/v2/" in entry.key else []
        assert [grant["Grantee"]["ID"] for grant in access["Grants"]] == [ACCOUNTS["owner"][0], *readers]
