import json

import pytest

from gms.base.errors import GmsError
from gms.sharing.package.approval import approve
from gms.sharing.package.grants import regrant
from gms.sharing.package.keys import signing_fingerprint, write_signed
from gms.sharing.package.manifest import canonical, manifest_sha256
from gms.sharing.package.verify import is_approved
from packages import APPROVER, APPROVERS, CENTRE, CRAM, INTRUDER, SENDER, SIGNER, TODAY, recipient


@pytest.fixture
def unapproved(package):
    for name in ("approval.json", "approval.sig"):
        (package / name).unlink()
    return package


def approve_as(package, key, approvers=APPROVERS):
    return approve(package, key, approvers, SENDER, TODAY)


def test_approval_covers_the_manifest(unapproved):
    assert is_approved(unapproved, APPROVERS) == [
        "the package is not approved: approval.json is missing (./gms export approve)"
    ]
    path = approve_as(unapproved, APPROVER)
    assert is_approved(unapproved, APPROVERS) == []
    assert json.loads(path.read_bytes()) == {
        "schema": 1,
        "package": unapproved.name,
        "version": 1,
        "manifest_sha256": manifest_sha256(unapproved),
        "approver": signing_fingerprint(APPROVER.public_key()),
        "date": "2026-11-23",
    }


def test_approving_again_changes_nothing(made, package):
    approve_as(package, APPROVER)
    for name in ("approval.json", "approval.sig"):
        assert (package / name).read_bytes() == (made / name).read_bytes()


@pytest.mark.parametrize(
    ("key", "approvers", "message"),
    [
        (SIGNER, APPROVERS, "the approver's key is the sender's own; a second person approves"),
        (SIGNER, (SENDER,), "the approver's key is the sender's own; a second person approves"),
        (INTRUDER, APPROVERS, "is not among the 1 approvers"),
        (APPROVER, (), "is not among the 0 approvers"),
    ],
)
def test_who_may_not_approve(unapproved, key, approvers, message):
    with pytest.raises(GmsError, match=message):
        approve_as(unapproved, key, approvers)
    assert not (unapproved / "approval.json").exists()


def test_a_package_that_does_not_verify_is_not_approved(unapproved):
    with open(unapproved / CRAM, "ab") as file:
        file.write(b"x")
    with pytest.raises(GmsError, match="is not approved:\n  .*1 byte appended"):
        approve_as(unapproved, APPROVER)
    assert not (unapproved / "approval.json").exists()


def test_an_approval_does_not_follow_to_the_next_version(package, tmp_path):
    regrant(package, tmp_path / "v2", [recipient()], CENTRE, SIGNER, TODAY, "2026-01")
    assert "approval.json is missing" in is_approved(tmp_path / "v2", APPROVERS)[0]
    for name in ("approval.json", "approval.sig"):
        (tmp_path / "v2" / name).write_bytes((package / name).read_bytes())
    assert is_approved(tmp_path / "v2", APPROVERS) == [
        "approval.json is not for this version of the package: the manifest was changed after it was approved"
    ]


def forged(package, key, **new):
    """Why an approval with other content, signed by a key, does not count."""
    path = package / "approval.json"
    text = canonical(json.loads(path.read_bytes()) | new)
    write_signed(path, text, key)
    return is_approved(package, APPROVERS)


def test_forged_approvals(package):
    wrong_signature = ["approval.sig is not the approver's signature of approval.json: one was changed after signing"]
    assert forged(package, INTRUDER) == wrong_signature
    assert "is not among the 1 approvers" in forged(package, INTRUDER, approver=_name(INTRUDER))[0]
    assert "is the sender's own" in forged(package, SIGNER, approver=_name(SIGNER))[0]
    assert "not for this version" in forged(package, APPROVER, approver=_name(APPROVER), manifest_sha256="0" * 64)[0]


def _name(key):
    return signing_fingerprint(key.public_key())


def test_a_changed_date(package):
    path = package / "approval.json"
    path.write_bytes(path.read_bytes().replace(b"2026-11-23", b"2026-11-22"))
    assert "not the approver's signature" in is_approved(package, APPROVERS)[0]


@pytest.mark.parametrize("text", [b"", b"{}", b"[]", b"\xff", b"[" * 4000, b'{"approver":1}'])
def test_what_is_no_approval(package, text):
    (package / "approval.json").write_bytes(text)
    assert is_approved(package, APPROVERS) == ["approval.json is not a valid approval"]


def test_a_link_is_no_approval(package, tmp_path):
    (package / "approval.json").rename(tmp_path / "approval.json")
    (package / "approval.json").symlink_to(tmp_path / "approval.json")
    assert "approval.json is missing" in is_approved(package, APPROVERS)[0]
