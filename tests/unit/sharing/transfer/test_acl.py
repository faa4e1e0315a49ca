from pathlib import Path
from types import SimpleNamespace

import pytest

from gms.sharing.transfer import acl, upload
from gms.sharing.transfer.client import StoredObject
from gms.sharing.transfer.errors import NotForUpload, TransferError
from gms.sharing.transfer.parts import Item
from gms.sharing.transfer.retire import Retired, retire_versions
from gms.sharing.transfer.settings import S3Settings

OWNER = ("owner", "FULL_CONTROL")


class FakeStore:
    """Keeps the access list of one object, as a store that may change what it is given (`change`)."""

    def __init__(self, grants, change=lambda grants: grants):
        self.grants, self.change, self.written = list(grants), change, 0

    def request(self, operation, doing, Key, AccessControlPolicy=None):
        if operation == "put_object_acl":
            given = [(entry["Grantee"]["ID"], entry["Permission"]) for entry in AccessControlPolicy["Grants"]]
            self.grants, self.written = self.change(given), self.written + 1
        entries = [({"URI": who} if "://" in who else {"ID": who}, what) for who, what in self.grants]
        return {
            "Owner": {"ID": "owner"},
            "Grants": [{"Grantee": grantee, "Permission": what} for grantee, what in entries],
        }


def settings(grants):
    return S3Settings("https://a", "b", None, None, grants, None)


def manifest(*organisations):
    return {
        "study": {"disclosing_party": "region-uppsala"},
        "readers": [{"party": organisation} for organisation in organisations],
    }


def test_readers_are_those_of_the_manifest_without_the_sender():
    known = {"lunds-universitet": "u1", "umea-universitet": "u2"}
    assert acl.readers(manifest("region-uppsala", "lunds-universitet"), settings(known)) == {"lunds-universitet": "u1"}
    assert acl.readers(manifest("region-uppsala", "lunds-universitet"), settings(None)) is None
    with pytest.raises(NotForUpload, match="no canonical user id of region-skane"):
        acl.readers(manifest("region-skane", "lunds-universitet"), settings(known))


@pytest.mark.parametrize("before", [[OWNER], [], [OWNER, ("u9", "READ")], [OWNER, ("u1", "WRITE")]])
def test_a_list_is_set_and_read_back(before):
    store = FakeStore(before)
    acl.grant(store, "k", {"lunds-universitet": "u1"})
    assert store.grants == [OWNER, ("u1", "READ")]
    acl.grant(store, "k", {"lunds-universitet": "u1"})
    assert store.written == 1  # nothing to do


@pytest.mark.parametrize(
    "change, text",
    [
        (lambda given: [OWNER], "lunds-universitet cannot read"),
        (lambda given: [*given, ("u9", "READ")], "u9 has READ"),
        (lambda given: [*given, ("http://acs.amazonaws.com/groups/global/AllUsers", "READ")], "AllUsers has READ"),
        (lambda given: [OWNER, ("u1", "WRITE")], "lunds-universitet has WRITE"),
    ],
)
def test_a_store_that_does_something_else_is_caught(change, text):
    with pytest.raises(TransferError, match=text):
        acl.grant(FakeStore([OWNER], change), "k", {"lunds-universitet": "u1"})


def test_in_the_joint_bucket_nothing_is_set_but_nothing_may_be_public():
    store = FakeStore([OWNER, ("u9", "READ")])
    acl.grant(store, "k", None)
    assert store.written == 0
    with pytest.raises(TransferError, match="is open to .*AllUsers"):
        acl.grant(FakeStore([("http://acs.amazonaws.com/groups/global/AllUsers", "READ")]), "k", None)


class FakeBucket:
    """The access lists of many objects, as `FakeStore`; those in `refused` cannot be changed. Keeps what was done."""

    def __init__(self, *keys, readers=("u1",), grants=None, refused=()):
        self.objects = {key: FakeStore([OWNER, *((who, "READ") for who in readers)]) for key in keys}
        self.settings, self.refused, self.done = settings(grants), refused, []

    def list_objects(self, prefix):
        return [StoredObject(key, 1, "e") for key in sorted(self.objects) if key.startswith(prefix)]

    def request(self, operation, doing, Key, **arguments):
        self.done.append((operation, Key))
        if operation == "put_object_acl" and Key in self.refused:
            raise TransferError("could not grant access: answered 403", "AccessDenied")
        return self.objects[Key].request(operation, doing, Key, **arguments)


OLD = [f"S1/C1/v{number}/{path}" for number in (1, 2) for path in ("data/x.c4gh", "manifest.json", "manifest.sig")]
OTHERS = ["S1/C1/v10/manifest.json", "S1/C1/v3/manifest.json", "S1/C10/v1/manifest.json", "S1/C1/tombstone.json"]
KNOWN = {"lunds-universitet": "u1"}


def test_older_versions_are_closed_and_the_manifest_first():
    store = FakeBucket(*OLD, *OTHERS, grants=KNOWN)
    retired = retire_versions(store, "S1", "C1", 3)
    assert [(one.version, one.prefix, one.open) for one in retired] == [(1, "S1/C1/v1/", ()), (2, "S1/C1/v2/", ())]
    assert all(one.closed == ("manifest.json", "manifest.sig", "data/x.c4gh") for one in retired)
    assert all(store.objects[key].grants == [OWNER] for key in OLD)
    assert all(store.objects[key].grants == [OWNER, ("u1", "READ")] for key in OTHERS)
    written = [key for operation, key in store.done if operation == "put_object_acl"]
    assert written[0] == "S1/C1/v1/manifest.json" and len(written) == 6
    assert retire_versions(store, "S1", "C1", 3) == retired
    assert len([key for operation, key in store.done if operation == "put_object_acl"]) == 6


def test_what_the_store_keeps_open_is_told_and_the_rest_is_closed():
    store = FakeBucket(*OLD[:3], grants=KNOWN, refused=(OLD[0],))
    (retired,) = retire_versions(store, "S1", "C1", 2)
    closed = ("manifest.json", "manifest.sig")
    assert retired == Retired(1, "S1/C1/v1/", closed, (("data/x.c4gh", "AccessDenied"),))


def test_nothing_can_be_closed_in_the_joint_bucket():
    store = FakeBucket(*OLD[:3])
    (retired,) = retire_versions(store, "S1", "C1", 2)
    assert retired.closed == () and {why for _, why in retired.open} == {None} and len(retired.open) == 3
    assert store.done == []


def delivered(monkeypatch, store, organisations, fails=None):
    """Deliver three files, of which one may fail; what was done, in order."""

    def deliver(item, sender):
        store.done.append(("deliver", item.key))
        if item.key == fails:
            raise TransferError("cut off")
        return upload.Stored(item.key, 1, "", "")

    monkeypatch.setattr(upload, "deliver", deliver)
    items = [Item(Path("x"), key, 1, "") for key in OLD[:3]]
    upload.deliver_all(items, SimpleNamespace(progress=SimpleNamespace(), store=store), organisations)
    return [operation for operation, _ in store.done]


def test_parties_read_when_all_is_there_and_the_manifest_last(monkeypatch):
    store = FakeBucket(*OLD[:3], readers=(), grants=KNOWN)
    delivered(monkeypatch, store, KNOWN)
    order = [(what, key) for what, key in store.done if what != "get_object_acl"]
    assert order == [(what, key) for what in ("deliver", "put_object_acl") for key in OLD[:3]]


def test_nobody_reads_what_was_cut_off(monkeypatch):
    store = FakeBucket(*OLD[:3], readers=(), grants=KNOWN)
    with pytest.raises(TransferError, match="cut off"):
        delivered(monkeypatch, store, KNOWN, fails=OLD[2])
    assert all(one.grants == [OWNER] for one in store.objects.values())


@pytest.mark.parametrize("organisations", [None, KNOWN])
def test_a_public_bucket_gets_one_object_at_most(monkeypatch, organisations):
    store = FakeBucket(*OLD[:3], readers=("http://acs.amazonaws.com/groups/global/AllUsers",))
    with pytest.raises(TransferError, match="the bucket must not make objects public"):
        delivered(monkeypatch, store, organisations)
    assert [operation for operation, _ in store.done] == ["deliver", "get_object_acl"]
