import hashlib
import io
import logging

import pytest
from crypt4gh import lib

from gms.base.errors import GmsError
from gms.sharing.package.encryption import MOST_BLOCKS, block_segments, encrypt_file, open_decrypted
from gms.sharing.package.header import CIPHER_SEGMENT, SEGMENT, data_key, header_bytes, read_header
from gms.sharing.package.keys import encryption_fingerprint, is_usable, public_of
from packages import CENTRE, OTHER, READER, STRANGER

ORDER_8 = "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800"
READERS = [public_of(READER), public_of(OTHER)]


def written(tmp_path, content, readers=READERS):
    source, out = tmp_path / "plain", tmp_path / "out.c4gh"
    source.write_bytes(content)
    return out, encrypt_file(source, out, readers, CENTRE)


@pytest.mark.parametrize("size", [0, 1, SEGMENT - 1, SEGMENT, SEGMENT + 1, (1 << 20) + 5, 40 * SEGMENT])
def test_facts_are_those_of_the_files(tmp_path, size):
    content = bytes(range(256)) * (size // 256) + b"x" * (size % 256)
    out, facts = written(tmp_path, content)
    cipher = out.read_bytes()
    header, body = cipher[: header_bytes(3)], cipher[header_bytes(3) :]
    for digests, data in ((facts.plain, content), (facts.cipher, cipher)):
        assert (digests.md5, digests.sha256) == (hashlib.md5(data).hexdigest(), hashlib.sha256(data).hexdigest())
        assert digests.bytes == len(data)
    assert facts.packets == 3
    assert facts.header_sha256 == hashlib.sha256(header).hexdigest()
    assert facts.body_sha256 == hashlib.sha256(body).hexdigest()
    assert facts.segments == -(-size // SEGMENT)
    parts = [body[at : at + CIPHER_SEGMENT] for at in range(0, len(body), CIPHER_SEGMENT)]
    assert facts.blocks == tuple(hashlib.sha256(part).hexdigest() for part in parts)
    with open_decrypted(out, READER) as plain:
        assert plain.read() == content


def test_runs_of_large_files():
    assert [block_segments(MOST_BLOCKS * times) for times in (0, 1, 2, 3, 1000)] == [1, 1, 2, 4, 1024]
    assert block_segments(MOST_BLOCKS + 1) == 2


@pytest.mark.parametrize("secret", [CENTRE, READER, OTHER], ids=["centre", "reader", "other"])
def test_each_reader_and_the_centre_decrypt_with_the_library(tmp_path, secret):
    out, _ = written(tmp_path, b"reads")
    plain = io.BytesIO()
    with open(out, "rb") as cipher:
        lib.decrypt([(0, secret, None)], cipher, plain, sender_pubkey=public_of(CENTRE))
    assert plain.getvalue() == b"reads"


def test_who_was_not_granted_cannot_decrypt(tmp_path):
    out, _ = written(tmp_path, b"reads")
    with pytest.raises(GmsError, match="cannot be decrypted with this key: it is not one of the 3 readers"):
        open_decrypted(out, STRANGER)
    with open(out, "rb") as cipher, pytest.raises(ValueError):
        lib.decrypt([(0, STRANGER, None)], cipher, io.BytesIO())


def test_the_writer_is_checked(tmp_path):
    out, _ = written(tmp_path, b"reads")
    with open(out, "rb") as cipher:
        header = read_header(cipher)
    assert data_key(header, READER, public_of(CENTRE)) == data_key(header, READER)
    with pytest.raises(
        GmsError, match=f"header was not written with the key {encryption_fingerprint(public_of(OTHER))}"
    ):
        data_key(header, READER, public_of(OTHER))


def test_one_packet_for_each_key(tmp_path):
    _, facts = written(tmp_path, b"reads", [*READERS, *READERS, public_of(CENTRE)])
    assert facts.packets == 3


def test_the_same_file_is_never_encrypted_alike(tmp_path):
    _, first = written(tmp_path, b"reads")
    (tmp_path / "out.c4gh").unlink()
    _, second = written(tmp_path, b"reads")
    assert first.plain == second.plain and first.body_sha256 != second.body_sha256


# RFC 7748, 6.1: with these points every exchange gives zero; the second is of order 8.
@pytest.mark.parametrize("key", ["00" * 32, "01" + "00" * 31, ORDER_8])
def test_keys_with_which_nothing_is_secret(tmp_path, key):
    assert not is_usable(bytes.fromhex(key))
    with pytest.raises(GmsError, match="not usable: anybody could decrypt"):
        written(tmp_path, b"reads", [bytes.fromhex(key)])
    assert not (tmp_path / "out.c4gh").exists()


def test_a_file_that_changes_meanwhile(tmp_path, monkeypatch):
    encrypt = lib.encrypt

    def meanwhile(*args, **kwargs):
        encrypt(*args, **kwargs)
        with open(tmp_path / "plain", "ab") as file:
            file.write(b"more")

    monkeypatch.setattr(lib, "encrypt", meanwhile)
    with pytest.raises(GmsError, match="plain changed while it was encrypted"):
        written(tmp_path, b"reads")
    assert not (tmp_path / "out.c4gh").exists()


def test_nothing_is_written_over(tmp_path):
    out, _ = written(tmp_path, b"reads")
    before = out.read_bytes()
    with pytest.raises(GmsError, match="already exists"):
        written(tmp_path, b"other")
    assert out.read_bytes() == before


def test_what_cannot_be_written_is_said_in_words(tmp_path):
    source = tmp_path / "plain"
    source.write_bytes(b"reads")
    with pytest.raises(GmsError, match="plain cannot be encrypted to .*: No such file or directory"):
        encrypt_file(source, tmp_path / "missing" / "out", READERS, CENTRE)


def test_the_stream_gives_what_is_asked_for(tmp_path):
    content = bytes(range(256)) * 1000
    out, _ = written(tmp_path, content)
    with open_decrypted(out, READER) as plain:
        assert plain.read(10) == content[:10]
        assert plain.peek(1)[:1] == content[10:11]
        assert plain.read(100_000) == content[10:100_010]
        assert plain.read() == content[100_010:]
        assert plain.read() == b""


def test_damage_is_named_while_reading(tmp_path):
    out, _ = written(tmp_path, bytes(3 * SEGMENT))
    content = bytearray(out.read_bytes())
    content[header_bytes(3) + CIPHER_SEGMENT + 100] ^= 1
    out.write_bytes(content)
    with open_decrypted(out, READER) as plain, pytest.raises(GmsError, match="does not decrypt in segment 2"):
        plain.read()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is not a Crypt4GH file"),
        (b"##fileformat=VCFv4.3", "is not a Crypt4GH file"),
        (b"crypt4gh\1\0", "is truncated within the Crypt4GH header"),
        (b"crypt4gh\2\0\0\0\1\0\0\0", "unknown Crypt4GH version"),
        (b"crypt4gh\1\0\0\0\1\0\0\0", "packet 1 of 1 is incomplete"),
        (b"crypt4gh\1\0\0\0\1\0\0\0\x08\0\0\0\0", "packet 1 of 1 is incomplete"),
        (b"crypt4gh\1\0\0\0\1\0\0\0\xff\xff\xff\xff" + bytes(99), "packet 1 of 1 is incomplete"),
        (b"crypt4gh\1\0\0\0\0\0\0\0", "it is not one of the 0 readers"),
    ],
)
def test_what_is_not_a_whole_header(tmp_path, content, message):
    path = tmp_path / "file"
    path.write_bytes(content)
    with pytest.raises(GmsError, match=message):
        open_decrypted(path, READER)


def test_no_secret_is_logged(tmp_path, caplog, capfd):
    """At its debug level the library logs the keys that it works with."""
    with caplog.at_level(logging.DEBUG):
        out, _ = written(tmp_path, b"reads")
        with open_decrypted(out, READER) as plain:
            plain.read()
        with pytest.raises(GmsError):
            open_decrypted(out, STRANGER)
    assert caplog.text == ""
    assert capfd.readouterr() == ("", "")
