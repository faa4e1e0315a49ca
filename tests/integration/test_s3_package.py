"""A real package: made, approved, sent, fetched again, verified and decrypted by a recipient."""

import json

import pytest

import packages
from gms.sharing.package.decrypt import decrypt_package
from gms.sharing.transfer.client import Store
from gms.sharing.transfer.errors import NotForUpload
from gms.sharing.transfer.upload import upload_package, write_receipt
from packages import APPROVERS, READER, SENDER, make_package
from seaweedfs import credentials


def test_a_package_goes_round(s3, tmp_path, capsys):
    package = make_package(tmp_path, approved=True)
    ids = {item.organisation: f"10000000000{number}" for number, item in enumerate(packages.RECIPIENTS, 2)}
    sending = Store(s3.settings(grants=ids), credentials("owner"))
    receipt = upload_package(package, sending, SENDER, APPROVERS)
    assert receipt.grants == ids
    assert "objects are in study/" in capsys.readouterr().out
    fetched = tmp_path / "fetched"
    store = s3.store()
    for entry in store.list_objects(f"{receipt.prefix}/"):
        path = fetched / entry.key.removeprefix(f"{receipt.prefix}/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"".join(store.blocks(entry)))
    decrypt_package(fetched, READER, SENDER, tmp_path / "clear")
    assert (tmp_path / "clear/metadata/vrs.tsv").read_bytes() == (tmp_path / "plain/metadata/vrs.tsv").read_bytes()
    write_receipt(tmp_path / "receipt.json", receipt)
    assert json.loads((tmp_path / "receipt.json").read_text())["manifest_sha256"] == receipt.manifest_sha256


@pytest.mark.parametrize("what", ["not approved", "damaged", "no approver", "unlisted file"])
def test_what_is_not_in_order_does_not_leave(s3, tmp_path, what):
    package = make_package(tmp_path, approved=what != "not approved")
    if what == "damaged":
        path = package / packages.CRAM
        content = bytearray(path.read_bytes())
        content[-1] ^= 1
        path.write_bytes(content)
    if what == "unlisted file":
        (package / "data/notes.txt").write_text("plain")
    before = s3.requests("PUT"), s3.requests("POST"), s3.requests("GET")
    with pytest.raises(NotForUpload):
        upload_package(package, s3.store(), SENDER, () if what == "no approver" else APPROVERS)
    assert (s3.requests("PUT"), s3.requests("POST"), s3.requests("GET")) == before
