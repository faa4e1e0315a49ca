"""Every change of a package is found, with public keys only, and said in words."""

import json
import os

import pytest
from crypt4gh import header
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from gms.base.errors import GmsError
from gms.sharing.package.bodies import changes
from gms.sharing.package.decrypt import decrypt_package
from gms.sharing.package.encryption import open_decrypted
from gms.sharing.package.header import CIPHER_SEGMENT
from gms.sharing.package.keys import encryption_fingerprint, public_of, signing_fingerprint
from gms.sharing.package.manifest import canonical
from gms.sharing.package.verify import verify_package
from packages import (
    APPROVER,
    APPROVERS,
    CRAM,
    INTRUDER,
    METADATA,
    READER,
    SENDER,
    SIGNER,
    STRANGER,
    Parts,
    make_package,
)


def packet(content, reader=READER, writer=STRANGER):
    """A header packet, with its length."""
    made = next(header.encrypt(content, [(0, writer, public_of(reader))]))
    return (len(made) + 4).to_bytes(4, "little") + made


def edit_list(*lengths):
    return packet(header.make_packet_data_edit_list(lengths))


def swap(segments, one=1, other=4):
    segments[one], segments[other] = segments[other], segments[one]


def flip(segments, place=2):
    segments[place] = bytes([segments[place][0] ^ 1]) + segments[place][1:]


def replace(parts, place, part):
    parts[place] = part


NEW_KEY, FAKE = header.make_packet_data_enc(0, bytes(32)), bytes(CIPHER_SEGMENT)
BODIES = {
    "9 of 10 segments: truncated at a segment border": lambda segments: segments.pop(),
    "3 of 10 segments: truncated at a segment border": lambda segments: segments.__delitem__(slice(3, None)),
    "0 of 10 segments: truncated at a segment border": lambda segments: segments.clear(),
    "10 segments: truncated within segment 10 (5 bytes too few)": lambda segments: segments.append(segments.pop()[:-5]),
    "10 segments: swapped: segments 2, 5": swap,
    "10 segments: swapped: segments 1–2": lambda segments: swap(segments, 0, 1),
    "9 of 10 segments: missing: segment 4": lambda segments: segments.pop(3),
    "11 of 10 segments: segment 5 repeats segment 3": lambda segments: segments.insert(4, segments[2]),
    "11 of 10 segments: inserted, from another file: segment 4": lambda segments: segments.insert(3, FAKE),
    "10 segments: missing: segment 4; segment 4 repeats segment 3": lambda segments: replace(segments, 3, segments[2]),
    "10 segments: changed: segment 3": flip,
    "5 bytes appended after the last of 10 segments": lambda segments: segments.append(b"12345"),
    "65,564 bytes appended after the last of 10 segments": lambda segments: segments.append(FAKE),
}
HEADERS = {
    "the header has 2 of 3 packets: 1 removed": [lambda packets: packets.pop(), lambda packets: packets.pop(0)],
    "the header has 4 of 3 packets: 1 added": [
        lambda packets: packets.append(packet(NEW_KEY)),
        lambda packets: packets.insert(0, packet(NEW_KEY)),
        lambda packets: packets.append(packets[0]),
        lambda packets: packets.append(edit_list(1, 2)),
    ],
    "the header differs from the signed one: a packet was changed or replaced": [
        # An edit list of four lengths is as long as a packet with a data key.
        lambda packets: replace(packets, 0, edit_list(0, 5, 5, 5)),
        lambda packets: packets.reverse(),
    ],
}


@pytest.mark.parametrize("message", BODIES)
def test_changed_segments(package, message):
    parts = Parts.of(package / CRAM)
    BODIES[message](parts.segments)
    parts.write(package / CRAM)
    assert verify_package(package, SENDER) == [f"{CRAM}: {message}"]


@pytest.mark.parametrize("message, change", [(message, one) for message, some in HEADERS.items() for one in some])
def test_changed_header(package, message, change):
    parts = Parts.of(package / CRAM)
    change(parts.packets)
    parts.write(package / CRAM)
    assert verify_package(package, SENDER) == [f"{CRAM}: {message}"]


@pytest.mark.parametrize("content", [b"", b"##fileformat=VCFv4.3\n", b"crypt4gh"])
def test_what_is_not_encrypted(package, content):
    (package / CRAM).write_bytes(content)
    problems = verify_package(package, SENDER)
    assert len(problems) == 1 and "Crypt4GH" in problems[0]


def test_header_and_body_changed(package):
    parts = Parts.of(package / CRAM)
    parts.packets.pop()
    swap(parts.segments)
    parts.write(package / CRAM)
    assert verify_package(package, SENDER) == [
        f"{CRAM}: the header has 2 of 3 packets: 1 removed",
        f"{CRAM}: 10 segments: swapped: segments 2, 5",
    ]


def test_untouched(made):
    assert verify_package(made, SENDER, APPROVERS) == []


def test_large_files_are_checked_in_runs(package, monkeypatch):
    """As files over 64 MiB are; here five runs of two segments."""
    monkeypatch.setattr("gms.sharing.package.encryption.MOST_BLOCKS", 5)
    large = make_package(package.parent / "large", approved=True)
    assert verify_package(large, SENDER) == []
    for change, message in (
        (flip, "10 segments: the first change is in segments 3–4"),
        (swap, "10 segments: the first change is in segments 1–2"),
        (lambda segments: segments.pop(3), "9 of 10 segments: the first change is in segments 3–4"),
        (
            lambda segments: segments.pop(),
            "9 of 10 segments: truncated at a segment border (segments 1–8 are unchanged)",
        ),
        (lambda segments: segments.insert(8, FAKE), "11 of 10 segments: the first change is in segments 9–10"),
        (lambda segments: segments.append(b"1"), "1 byte appended after the last of 10 segments"),
    ):
        whole, parts = (large / CRAM).read_bytes(), Parts.of(large / CRAM)
        change(parts.segments)
        parts.write(large / CRAM)
        assert verify_package(large, SENDER) == [f"{CRAM}: {message}"]
        (large / CRAM).write_bytes(whole)


def test_a_reader_sees_what_its_packets_hold(package):
    """What only a reader's key shows: a packet that is an edit list."""
    parts = Parts.of(package / CRAM)
    parts.packets.append(edit_list(1, 2))
    parts.write(package / CRAM)
    with pytest.raises(GmsError, match="has an edit list in its header"):
        open_decrypted(package / CRAM, READER)


def test_names_of_many_changes():
    signed = [str(number) for number in range(40)]
    found = [digest if place % 2 else "other" + digest for place, digest in enumerate(signed)]
    assert list(changes(signed, found)) == ["changed: segments 1, 3, 5, 7, 9, 11, 14 more"]


def test_wrong_sender_key(made):
    mine, theirs = signing_fingerprint(SENDER), signing_fingerprint(INTRUDER.public_key())
    assert verify_package(made, INTRUDER.public_key()) == [
        f"manifest.json is from another sender: it names key {mine}, the sender's is {theirs}"
    ]


def edited(package, key: Ed25519PrivateKey | None = None, **new):
    """Change fields of the manifest, sign it again with a key, and say what verification finds."""
    path = package / "manifest.json"
    text = canonical(json.loads(path.read_bytes()) | new)
    path.write_bytes(text)
    if key:
        (package / "manifest.sig").write_bytes(key.sign(text))
    return verify_package(package, SENDER)


CHANGED = "manifest.sig is not the sender's signature of manifest.json: one was changed after signing"


def test_edited_manifest(package):
    assert edited(package, gmc="another") == [CHANGED]


def test_manifest_signed_by_somebody_else(package):
    assert edited(package, INTRUDER, gmc="another") == [CHANGED]
    assert "is from another sender" in edited(package, INTRUDER, signer=signing_fingerprint(INTRUDER.public_key()))[0]


def test_unsigned(package):
    (package / "manifest.sig").unlink()
    assert verify_package(package, SENDER) == ["manifest.sig is missing: the manifest is not signed"]


@pytest.mark.parametrize("signature", [b"", bytes(64), bytes(63), bytes(100)])
def test_wrong_signature(package, signature):
    (package / "manifest.sig").write_bytes(signature)
    assert verify_package(package, SENDER) == [CHANGED]


def test_signature_with_more_after_it(package):
    with open(package / "manifest.sig", "ab") as file:
        file.write(b"x")
    assert verify_package(package, SENDER) == [CHANGED]


def test_white_space_in_the_manifest(package):
    path = package / "manifest.json"
    path.write_bytes(path.read_bytes() + b"\n")
    assert verify_package(package, SENDER) == [
        CHANGED,
        "manifest.json: is not canonical JSON: it was written or edited by something else",
    ]


@pytest.mark.parametrize("text", [b"", b"{", b"[]", b"1.5", b"\xff", b'{"a":1,"a":2}', b"[" * 100_000])
def test_no_manifest_at_all(package, text):
    (package / "manifest.json").write_bytes(text)
    problems = verify_package(package, SENDER)
    assert problems[0] == CHANGED and len(problems) > 1


def test_no_package(tmp_path):
    assert verify_package(tmp_path, SENDER) == [
        f"{tmp_path} has no manifest.json: it is not a package, or is incomplete"
    ]


def test_missing_file(package):
    (package / METADATA).unlink()
    assert verify_package(package, SENDER) == [f"{METADATA} is missing"]


def test_unlisted_files(package):
    (package / "metadata/more.tsv.c4gh").write_bytes(b"crypt4gh")
    (package / "notes.txt").write_bytes(b"")
    (package / "empty").mkdir()
    assert sorted(verify_package(package, SENDER)) == [
        "empty is not in the manifest",
        "metadata/more.tsv.c4gh is not in the manifest",
        "notes.txt is not in the manifest",
    ]


def test_renamed_file(package):
    (package / METADATA).rename(package / "data/vrs.tsv.c4gh")
    assert verify_package(package, SENDER) == [
        f"data/vrs.tsv.c4gh is not in the manifest: it is {METADATA}, renamed",
        f"{METADATA} is missing",
    ]


def test_no_file_of_an_unsigned_package_is_read(package, monkeypatch):
    """Nor to see whether one was renamed: it may be of any size."""
    (package / METADATA).rename(package / "data/vrs.tsv.c4gh")
    (package / "manifest.sig").unlink()
    monkeypatch.setattr("gms.sharing.package.verify.sha256", lambda path: pytest.fail(f"{path} was read"))
    assert verify_package(package, SENDER) == [
        "manifest.sig is missing: the manifest is not signed",
        "data/vrs.tsv.c4gh is not in the manifest",
        f"{METADATA} is missing",
    ]


def test_exchanged_files(package):
    one, other = package / METADATA, package / "metadata/beacon/runs.json.c4gh"
    content = one.read_bytes()
    one.write_bytes(other.read_bytes())
    other.write_bytes(content)
    problems = verify_package(package, SENDER)
    assert len(problems) == 4 and all("10 segments" not in problem for problem in problems)


@pytest.mark.parametrize("path", [CRAM, "manifest.json", "manifest.sig", "data"])
def test_links(package, tmp_path, path):
    real = tmp_path / "elsewhere"
    (package / path).rename(real)
    (package / path).symlink_to(real)
    problems = verify_package(package, SENDER)
    said = "has no manifest.json" if path == "manifest.json" else f"{path} is a link"
    assert any(said in problem for problem in problems), problems


def test_special_file(package):
    (package / METADATA).unlink()
    os.mkfifo(package / METADATA)
    assert verify_package(package, SENDER) == [f"{METADATA} is a special file; a package may contain files only"]


def test_a_folder_for_a_file(package):
    (package / METADATA).unlink()
    (package / METADATA).mkdir()
    assert verify_package(package, SENDER) == [f"{METADATA} is a folder; a package may contain files only"]


def test_names_cannot_act_on_the_terminal_and_tell_nobody(package):
    (package / "data/\x1b[2J.c4gh").write_bytes(b"")
    (package / "data/19811218-9876.c4gh").write_bytes(b"")  # the invented number of the population register's examples
    assert verify_package(package, SENDER) == [
        "data/?[2J.c4gh is not in the manifest",
        "data/[personal number].c4gh is not in the manifest",
    ]


@pytest.mark.parametrize(
    "path",
    ["../x.tsv.c4gh", "/etc/x.tsv.c4gh", "data/../../x.tsv.c4gh", "data//x.tsv.c4gh", ".hidden/x.tsv.c4gh"]
    + ["data\\x.tsv.c4gh", "./x.tsv.c4gh", "data/x.tsv", "data/x.tsv.c4gh\n", "data/x\0.tsv.c4gh", "a" * 200 + ".c4gh"],
)
def test_paths_that_leave_the_package(package, path):
    """Even when the sender signed them."""
    files = json.loads((package / "manifest.json").read_bytes())["files"]
    problems = edited(package, SIGNER, files=[files[0] | {"path": path}, *files[1:]])
    assert problems and not any("\n" in problem or "\0" in problem for problem in problems)
    assert any("path" in problem for problem in problems), problems


def test_header_by_another_writer(package):
    """Signed, and in order but for the key that wrote it: the manifest names that of the centre."""
    stranger = encryption_fingerprint(public_of(STRANGER))
    content = json.loads((package / "manifest.json").read_bytes())
    readers = [*content["readers"][1:], content["readers"][0] | {"key": stranger}]
    problems = edited(package, SIGNER, writer=stranger, readers=readers)
    assert [problem for problem in problems if "approval" not in problem] == [
        f"{file['path']}: the header was not written by the manifest's writer" for file in content["files"]
    ]


def test_false_digest_in_a_signed_manifest(package):
    files = json.loads((package / "manifest.json").read_bytes())["files"]
    files[0]["cipher"]["md5"] = "0" * 32
    assert edited(package, SIGNER, files=files) == [f"{CRAM}: the file does not have the digests in the manifest"]


def test_false_plain_digest_in_a_signed_manifest(package):
    """Only a reader sees it."""
    files = json.loads((package / "manifest.json").read_bytes())["files"]
    files[0]["plain"]["md5"] = "0" * 32
    assert edited(package, SIGNER, files=files) == []
    with pytest.raises(GmsError, match=f"{CRAM} does not decrypt to the signed data"):
        decrypt_package(package, READER, SENDER, package.parent / "opened")


def test_an_approval_is_asked_for_with_the_approvers_keys(package):
    (package / "approval.json").unlink()
    assert verify_package(package, SENDER) == []
    assert verify_package(package, SENDER, [APPROVER.public_key()]) == [
        "the package is not approved: approval.json is missing (./gms export approve)"
    ]


def test_without_the_senders_signature_no_file_is_read(package, monkeypatch):
    monkeypatch.setattr("gms.sharing.package.verify.file_problems", lambda *_: pytest.fail("a file was read"))
    (package / "extra").touch()
    problems = verify_package(package, INTRUDER.public_key())
    assert "is from another sender" in problems[0] and "extra is not in the manifest" in problems[1]


def test_an_unsigned_manifest_of_millions_of_files_is_not_parsed(package, monkeypatch):
    path = package / "manifest.json"
    path.write_bytes(path.read_bytes() + b" " * (5 << 20))
    monkeypatch.setattr("gms.sharing.package.manifest.parse", lambda _: pytest.fail("it was parsed"))
    assert "too large to be read without a valid signature" in verify_package(package, SENDER)[1]


def test_a_file_of_any_size_is_read_to_twice_its_own(package):
    """Sparse: 1 TB on disk takes no space, and reading all of it would take half an hour."""
    os.truncate(package / CRAM, 1 << 40)
    [problem] = verify_package(package, SENDER)
    assert "bytes appended after the last of" in problem and "1,099," in problem


def test_a_tree_that_no_package_has_is_refused_in_a_sentence(package):
    """Of 1,500 folders within each other the 9th is as deep as it gets."""
    (package / "/".join("d" * 60)).mkdir(parents=True)
    assert "is not a package: its folders" in verify_package(package, SENDER)[0]
