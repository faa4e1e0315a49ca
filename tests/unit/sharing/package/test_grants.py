import datetime
import os
import stat

import pytest

from gms.base.errors import GmsError
from gms.sharing.package.decrypt import decrypt_package
from gms.sharing.package.encryption import open_decrypted
from gms.sharing.package.grants import regrant
from gms.sharing.package.keys import public_of
from gms.sharing.package.manifest import manifest_sha256, read_manifest
from gms.sharing.package.verify import verify_package
from packages import (
    CENTRE,
    CRAM,
    INTRUDER,
    OTHER,
    READER,
    RECIPIENTS,
    SENDER,
    SIGNER,
    STRANGER,
    TODAY,
    Parts,
    recipient,
)

NEWCOMER = STRANGER
GRANTED = (*RECIPIENTS, recipient("lunds-universitet", NEWCOMER))


def grant(package, out, recipients=GRANTED, secret=CENTRE, key=SIGNER, on=TODAY):
    return regrant(package, out, recipients, secret, key, on, "2027-01")


def readable(path, secret):
    try:
        with open_decrypted(path, secret) as plain:
            return plain.read()
    except GmsError:
        return None


def test_a_new_party_reads_and_the_body_is_the_same(made, tmp_path):
    out = tmp_path / "v2"
    digest = grant(made, out)
    assert decrypt_package(out, NEWCOMER, SENDER, tmp_path / "plain")
    before, after = Parts.of(made / CRAM, 3), Parts.of(out / CRAM, 4)
    assert before.segments == after.segments
    assert not set(before.packets) & set(after.packets)
    plain = readable(made / CRAM, READER)
    assert all(readable(out / CRAM, secret) == plain for secret in (CENTRE, READER, OTHER, NEWCOMER))
    old, new = read_manifest(made), read_manifest(out)
    assert digest == manifest_sha256(out)
    assert (new["version"], new["supersedes"], new["rule_set"]) == (2, manifest_sha256(made), "2027-01")
    assert [reader["party"] for reader in new["readers"]][-1] == "lunds-universitet"
    assert new["plain_digest"] == old["plain_digest"]
    for key in ("body_sha256", "blocks", "plain", "segments"):
        assert [file[key] for file in new["files"]] == [file[key] for file in old["files"]]
    assert not (out / "approval.json").exists()


def test_a_party_that_is_left_out_reads_no_more(made, tmp_path):
    out = tmp_path / "v2"
    grant(made, out, RECIPIENTS[:1])
    assert readable(out / CRAM, READER) and readable(out / CRAM, OTHER) is None
    assert verify_package(out, SENDER) == []


def test_versions_follow_each_other(made, tmp_path):
    for version in (2, 3):
        grant(made if version == 2 else tmp_path / "2", tmp_path / str(version))
    assert read_manifest(tmp_path / "3")["supersedes"] == manifest_sha256(tmp_path / "2")


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (recipient(valid_until=datetime.date(2026, 11, 22)), "the key of uppsala-universitet expired on 2026-11-22"),
        (recipient(revoked=True), "the key of uppsala-universitet is revoked"),
        (recipient(organisation="somebody"), "'somebody' is not one of the platform's 14 organisations"),
        (recipient(public_key=bytes(32)), "the key of uppsala-universitet is not usable"),
        (recipient(public_key=bytes(31)), "the key of uppsala-universitet is not usable"),
        (recipient(public_key=public_of(CENTRE)), "uppsala-universitet has the key of the centre"),
        (recipient(secret=OTHER), "has the key of uppsala-universitet; each organisation needs its own"),
    ],
)
def test_recipients_that_are_refused(made, tmp_path, wrong, message):
    with pytest.raises(GmsError, match=message):
        grant(made, tmp_path / "v2", [wrong, recipient("karolinska-institutet", OTHER)])
    assert not (tmp_path / "v2").exists()


def test_the_last_day_of_a_key_counts(made, tmp_path):
    grant(made, tmp_path / "v2", [recipient(valid_until=TODAY)])
    assert verify_package(tmp_path / "v2", SENDER) == []


def test_every_reason_at_once(made, tmp_path):
    with pytest.raises(GmsError) as error:
        grant(made, tmp_path / "v2", [recipient(revoked=True), recipient("somebody", OTHER)])
    assert "revoked" in str(error.value) and "somebody" in str(error.value)


def test_a_changed_package_is_not_granted(package, tmp_path):
    parts = Parts.of(package / CRAM)
    parts.segments.pop()
    parts.write(package / CRAM)
    with pytest.raises(GmsError, match="is granted:\n  .*truncated at a segment border"):
        grant(package, tmp_path / "v2")
    assert not (tmp_path / "v2").exists()


def test_only_the_centre_grants(made, tmp_path):
    with pytest.raises(GmsError, match="from another sender"):
        grant(made, tmp_path / "v2", key=INTRUDER)
    with pytest.raises(GmsError, match="was not written with the centre's Crypt4GH key"):
        grant(made, tmp_path / "v2", RECIPIENTS[1:], secret=READER)
    assert not (tmp_path / "v2").exists()


def test_no_version_is_written_over(made, tmp_path):
    (tmp_path / "v2").mkdir()
    with pytest.raises(GmsError, match="already exists and is not overwritten"):
        grant(made, tmp_path / "v2")


def test_nothing_is_left_when_it_fails(made, tmp_path, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("gms.sharing.package.grants.write_manifest", full)
    with pytest.raises(GmsError, match="v2 cannot be written: No space left on device"):
        grant(made, tmp_path / "v2")
    assert not (tmp_path / "v2").exists()


def test_who_could_read_the_package_here_can_read_the_next_version(package, tmp_path):
    """Whatever the umask of who grants, and though the workflow protects its results."""
    paths = [package, *package.rglob("*")]
    for path in paths:
        path.chmod(0o550 if path.is_dir() else 0o440)
    before = os.umask(0o077)
    try:
        grant(package, tmp_path / "v2")
    finally:
        os.umask(before)
        package.chmod(0o750)
    modes = {path.is_dir(): stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "v2").rglob("*")}
    assert modes == {True: 0o750, False: 0o640}
    assert stat.S_IMODE((tmp_path / "v2").stat().st_mode) == 0o750
