import pytest

from gms.transfer import acl
from gms.transfer.errors import NotForUpload, TransferError
from gms.transfer.settings import S3Settings

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


def manifest(*parties):
    return {"study": {"disclosing_party": "region-uppsala"}, "readers": [{"party": party} for party in parties]}


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
        (lambda given: [OWNER], "lunds-universitet may not read"),
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
