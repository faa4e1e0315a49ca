import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from gms.base.errors import GmsError
from gms.sharing.decision.keyfiles import make_keys
from gms.sharing.package.keys import is_signature, load_private, load_public, signing_fingerprint, write_signed
from packages import INTRUDER, SENDER, SIGNER

WRONG = ["empty", "text", "another kind", "the other half"]


def pem(key):
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def public_pem(key):
    return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def test_keys_of_the_workflow(tmp_path):
    make_keys(tmp_path, "centre")
    key = load_private(tmp_path / "centre.signing.pem")
    write_signed(tmp_path / "manifest.json", b"{}", key)
    signature = (tmp_path / "manifest.sig").read_bytes()
    public = load_public(tmp_path / "centre.signing.pub.pem")
    assert len(signature) == 64 and is_signature(signature, b"{}", public)
    assert signing_fingerprint(public) == signing_fingerprint(key.public_key())


def test_signatures_of_others():
    signature = SIGNER.sign(b"{}")
    assert is_signature(signature, b"{}", SENDER)
    assert not is_signature(signature, b"{ }", SENDER)
    assert not is_signature(signature, b"{}", INTRUDER.public_key())
    assert not is_signature(signature[:-1], b"{}", SENDER)


def test_others_may_not_read_a_signing_key(tmp_path):
    path = tmp_path / "key.pem"
    path.write_bytes(pem(SIGNER))
    path.chmod(0o640)
    with pytest.raises(GmsError, match="mode 0640"):
        load_private(path)


@pytest.mark.parametrize(
    "content", [b"", b"text", pem(generate_private_key(SECP256R1())), public_pem(SIGNER)], ids=WRONG
)
def test_what_is_no_signing_key(tmp_path, content):
    path = tmp_path / "key.pem"
    path.write_bytes(content)
    path.chmod(0o600)
    with pytest.raises(GmsError, match="is not an Ed25519 key in PEM") as error:
        load_private(path)
    assert not content or content.splitlines()[-1].decode() not in str(error.value)


@pytest.mark.parametrize(
    "content", [b"", b"text", public_pem(generate_private_key(SECP256R1())), pem(SIGNER)], ids=WRONG
)
def test_what_is_no_public_key(tmp_path, content):
    path = tmp_path / "key.pub"
    path.write_bytes(content)
    with pytest.raises(GmsError, match="is not an Ed25519 key in PEM"):
        load_public(path)
    with pytest.raises(GmsError, match="missing.pub cannot be read: No such file"):
        load_public(tmp_path / "missing.pub")
