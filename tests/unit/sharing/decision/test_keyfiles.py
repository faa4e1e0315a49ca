import os
import subprocess
from pathlib import Path

import pytest
from crypt4gh.keys import get_private_key, get_public_key
from crypt4gh.keys.c4gh import generate
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key

from gms.base.errors import GmsError
from gms.sharing.decision.keyfiles import (
    make_keys,
    public_signing_problem,
    read_encryption_key,
    read_public_encryption_key,
    read_secret,
    secret_problem,
)

SECRETS = ("a.signing.pem", "a.c4gh.sec", "a.pseudonym.key")
PUBLIC = ("a.signing.pub.pem", "a.c4gh.pub")


@pytest.fixture
def secret(tmp_path):
    path = tmp_path / "secret.key"
    path.write_bytes(b"the content")
    path.chmod(0o600)
    return path


@pytest.mark.parametrize("mode", [0o600, 0o400])
def test_modes_of_a_secret(secret, mode):
    secret.chmod(mode)
    assert read_secret(secret) == b"the content" and secret_problem(secret) is None


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o660, 0o604, 0o601, 0o700, 0o1600])
def test_modes_that_are_refused(secret, mode):
    secret.chmod(mode)
    with pytest.raises(GmsError) as raised:
        read_secret(secret)
    assert str(raised.value) == f"the secret file {secret} {secret_problem(secret)}"
    assert secret_problem(secret) == f"has mode {mode:04o}; it must be readable by its owner only (chmod 600)"


def test_a_link_has_the_mode_of_its_file(secret, tmp_path):
    (tmp_path / "link").symlink_to(secret)
    assert read_secret(tmp_path / "link") == b"the content"
    secret.chmod(0o644)
    assert "has mode 0644" in secret_problem(tmp_path / "link")


def test_what_is_no_file(tmp_path):
    assert secret_problem(tmp_path / "none") == "does not exist"
    assert secret_problem(tmp_path) == "is not a regular file"
    for path in (tmp_path / "none", tmp_path):
        with pytest.raises(GmsError, match="^the secret file "):
            read_secret(path)


def test_keys_are_made_for_their_owner_only(tmp_path):
    before = os.umask(0)
    try:
        made = make_keys(tmp_path / "keys", "a")
    finally:
        os.umask(before)
    assert {path.name: path.stat().st_mode & 0o777 for path in made} == {
        **dict.fromkeys(SECRETS, 0o600),
        **dict.fromkeys(PUBLIC, 0o644),
    }
    assert (tmp_path / "keys").stat().st_mode & 0o777 == 0o700


def test_the_programs_of_others_read_the_keys(tmp_path):
    make_keys(tmp_path, "a")
    signing = load_pem_private_key((tmp_path / "a.signing.pem").read_bytes(), None)
    public = signing.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    assert public == (tmp_path / "a.signing.pub.pem").read_bytes()
    secret = get_private_key(tmp_path / "a.c4gh.sec", None)
    public = X25519PrivateKey.from_private_bytes(secret).public_key().public_bytes_raw()
    assert public == get_public_key(tmp_path / "a.c4gh.pub") == read_public_encryption_key(tmp_path / "a.c4gh.pub")
    assert len(bytes.fromhex((tmp_path / "a.pseudonym.key").read_text())) == 32


def test_reading_a_secret_encryption_key(tmp_path):
    make_keys(tmp_path, "a")
    path = tmp_path / "a.c4gh.sec"
    assert read_encryption_key(path) == get_private_key(path, None)
    path.chmod(0o644)
    with pytest.raises(GmsError, match="has mode 0644"):
        read_encryption_key(path)


def test_a_passphrase_is_asked_for_and_never_shown(tmp_path, caplog, capfd):
    caplog.set_level("DEBUG")
    path = tmp_path / "locked.sec"
    generate(path, tmp_path / "locked.pub", b"right horse", None)
    caplog.clear()
    key = read_encryption_key(path, lambda: "right horse")
    assert X25519PrivateKey.from_private_bytes(key).public_key().public_bytes_raw() == get_public_key(
        tmp_path / "locked.pub"
    )
    with pytest.raises(GmsError, match="is damaged, or the passphrase is wrong"):
        read_encryption_key(path, lambda: "wrong horse")
    with pytest.raises(GmsError, match="has a passphrase"):
        read_encryption_key(path)
    shown = caplog.text + "".join(capfd.readouterr())
    assert "horse" not in shown and "key" not in shown.lower()


@pytest.mark.parametrize("name", ["a.c4gh.pub", "a.signing.pem", "a.pseudonym.key"])
def test_what_is_no_secret_encryption_key(tmp_path, name):
    make_keys(tmp_path, "a")
    (tmp_path / name).chmod(0o600)
    with pytest.raises(GmsError, match="is not a Crypt4GH key"):
        read_encryption_key(tmp_path / name)


def test_two_sets_of_keys_differ(tmp_path):
    one, two = make_keys(tmp_path, "a"), make_keys(tmp_path, "b")
    assert len({path.read_bytes() for path in [*one, *two]}) == 10


def test_existing_keys_are_kept(tmp_path):
    (tmp_path / "a.c4gh.pub").write_text("mine")
    with pytest.raises(GmsError, match="a.c4gh.pub already exist and were kept"):
        make_keys(tmp_path, "a")
    assert [path.name for path in tmp_path.iterdir()] == ["a.c4gh.pub"]


@pytest.mark.parametrize("name", ["", "../a", "a b", "å", "."])
def test_names_of_keys(tmp_path, name):
    with pytest.raises(GmsError, match="may only contain letters"):
        make_keys(tmp_path, name)


def test_a_folder_that_cannot_be_made(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(GmsError, match="the keys cannot be written to"):
        make_keys(tmp_path / "file" / "keys", "a")


@pytest.mark.parametrize(
    "content", [b"", b"x", b"-----BEGIN CRYPT4GH PUBLIC KEY-----\nAAAA\n-----END CRYPT4GH PUBLIC KEY-----"]
)
def test_what_is_no_public_encryption_key(tmp_path, content):
    (tmp_path / "key.pub").write_bytes(content)
    with pytest.raises(GmsError, match="is not a Crypt4GH key"):
        read_public_encryption_key(tmp_path / "key.pub")


def test_a_secret_key_is_no_public_one(tmp_path):
    make_keys(tmp_path, "a")
    with pytest.raises(GmsError, match="is not a Crypt4GH key"):
        read_public_encryption_key(tmp_path / "a.c4gh.sec")
    with pytest.raises(GmsError, match="does not exist"):
        read_public_encryption_key(tmp_path / "none.pub")


def test_public_signing_keys(tmp_path):
    make_keys(tmp_path, "a")
    rsa = generate_private_key(65537, 1024).public_key()
    (tmp_path / "rsa.pem").write_bytes(rsa.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    assert public_signing_problem(tmp_path / "a.signing.pub.pem") is None
    assert public_signing_problem(tmp_path / "none.pem") == "does not exist"
    for name in ("a.signing.pem", "a.c4gh.pub", "rsa.pem"):
        assert public_signing_problem(tmp_path / name).startswith("is not a public Ed25519 key in PEM")


def test_reading_a_sharing_file_is_cheap():
    """Planning reads it: nothing of what encrypts or signs may be loaded by the import."""
    code = "import sys, gms.sharing; print({'crypt4gh', 'nacl', 'cryptography', 'boto3', 'numpy'} & set(sys.modules))"
    folder = Path(__file__).parents[4] / "scripts"
    run = subprocess.run([os.sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, check=True)
    assert run.stdout == "set()\n"
