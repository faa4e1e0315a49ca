"""What a recipient does without this workflow: openssl for the signature, the crypt4gh program for the files."""

import hashlib
import shutil
import subprocess
import sys

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

import packages
from gms.sharing.decision.keyfiles import make_keys, read_encryption_key, read_public_encryption_key
from gms.sharing.package.files import encrypt_tree
from gms.sharing.package.keys import load_private, load_public, signing_fingerprint
from gms.sharing.package.manifest import read_manifest, write_manifest

needs_openssl = pytest.mark.skipif(shutil.which("openssl") is None, reason="needs the program openssl")


@pytest.fixture(scope="module")
def shared(tmp_path_factory):
    """A folder with a package by the keys of `centre` for the key of `reader`, all in files."""
    folder = tmp_path_factory.mktemp("shared")
    make_keys(folder, "centre")
    make_keys(folder, "reader")
    made = packages.make_package(folder, [packages.recipient()])
    content = read_manifest(made)
    shutil.rmtree(made)
    centre = read_encryption_key(folder / "centre.c4gh.sec")
    keys = [read_public_encryption_key(folder / f"{name}.c4gh.pub") for name in ("centre", "reader")]
    files = encrypt_tree(folder / "plain", folder / "package", keys, centre)
    names = [hashlib.sha256(key).hexdigest() for key in keys]
    readers = [old | {"key": key} for old, key in zip(content["readers"], names, strict=True)]
    new = content | {"files": files, "readers": readers, "writer": names[0]}
    write_manifest(folder / "package", new, load_private(folder / "centre.signing.pem"))
    return folder


def run(*command, folder, stdin=None):
    with open(stdin or "/dev/null", "rb") as file:
        return subprocess.run(command, cwd=folder, stdin=file, capture_output=True, timeout=60)


def openssl_verify(folder):
    command = "openssl pkeyutl -verify -pubin -inkey ../centre.signing.pub.pem -rawin -in manifest.json"
    return run(*command.split(), "-sigfile", "manifest.sig", folder=folder)


@needs_openssl
def test_openssl_checks_the_signature(shared, tmp_path):
    answer = openssl_verify(shared / "package")
    assert (answer.returncode, answer.stdout) == (0, b"Signature Verified Successfully\n")
    shutil.copy(shared / "centre.signing.pub.pem", tmp_path)
    copy = shutil.copytree(shared / "package", tmp_path / "package")
    with open(copy / "manifest.json", "ab") as file:
        file.write(b" ")
    assert openssl_verify(copy).returncode != 0


@needs_openssl
def test_openssl_and_coreutils_name_the_keys(shared):
    content = read_manifest(shared / "package")
    signer = "openssl pkey -pubin -in centre.signing.pub.pem -outform DER | sha256sum"
    reader = "sed -n 2p reader.c4gh.pub | base64 -d | sha256sum"
    said = [run("sh", "-c", command, folder=shared).stdout.split()[0].decode() for command in (signer, reader)]
    assert said == [content["signer"], content["readers"][1]["key"]]
    assert said[0] == signing_fingerprint(load_public(shared / "centre.signing.pub.pem"))


@needs_openssl
def test_signatures_of_openssl_are_taken(tmp_path):
    """A centre may keep its signing key where only openssl reaches it."""
    for command in (
        "openssl genpkey -algorithm ed25519 -out key.pem",
        "openssl pkey -in key.pem -pubout -out key.pub.pem",
        "openssl pkeyutl -sign -inkey key.pem -rawin -in message -out message.sig",
    ):
        (tmp_path / "message").write_bytes(b"{}")
        assert run(*command.split(), folder=tmp_path).returncode == 0
    (tmp_path / "key.pem").chmod(0o600)
    key = load_private(tmp_path / "key.pem")
    assert isinstance(key, Ed25519PrivateKey)
    assert key.sign(b"{}") == (tmp_path / "message.sig").read_bytes()
    assert signing_fingerprint(load_public(tmp_path / "key.pub.pem")) == signing_fingerprint(key.public_key())


def crypt4gh(shared, name, *sender):
    command = [sys.executable, "-m", "crypt4gh", "decrypt", "--sk", f"{name}.c4gh.sec", *sender]
    return run(*command, folder=shared, stdin=shared / "package" / packages.CRAM)


@pytest.mark.parametrize("name", ["reader", "centre"])
def test_the_crypt4gh_program_decrypts(shared, name):
    answer = crypt4gh(shared, name, "--sender_pk", "centre.c4gh.pub")
    assert answer.returncode == 0, answer.stderr
    entry = next(file for file in read_manifest(shared / "package")["files"] if file["path"] == packages.CRAM)
    assert hashlib.sha256(answer.stdout).hexdigest() == entry["plain"]["sha256"]


def test_the_crypt4gh_program_decrypts_for_nobody_else(shared):
    make_keys(shared / "others", "others")
    (shared / "others" / "others.c4gh.sec").rename(shared / "stranger.c4gh.sec")
    assert crypt4gh(shared, "stranger").stdout == b""


def test_digests_by_coreutils(shared):
    """Of the files as they are: no key is needed."""
    for file in read_manifest(shared / "package")["files"]:
        for name in ("md5", "sha256"):
            answer = run(f"{name}sum", file["path"], folder=shared / "package")
            assert answer.stdout.split()[0].decode() == file["cipher"][name]
