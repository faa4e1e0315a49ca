import datetime
import json
import subprocess
from pathlib import Path

import pytest

from gms.base.errors import GmsError
from gms.base.schemas import load_schema
from gms.sharing.decision.model import ORGANISATIONS
from gms.sharing.package.files import FORMATS, encrypt_tree, format_of
from gms.sharing.package.keys import encryption_fingerprint, public_of, signing_fingerprint
from gms.sharing.package.manifest import canonical, manifest_sha256, parse, plain_digest, read_manifest, write_manifest
from packages import CENTRE, PSEUDONYMS, READER, RECIPIENTS, SIGNER, make_package, recipient, write_plain


def test_content(made):
    content = read_manifest(made)
    assert content["package"] == made.name == PSEUDONYMS.case("case-1")
    assert (content["version"], content["supersedes"], content["rule_set"]) == (1, None, "2026-01")
    keys = [
        encryption_fingerprint(public_of(CENTRE)),
        *(encryption_fingerprint(item.public_key) for item in RECIPIENTS),
    ]
    assert [reader["key"] for reader in content["readers"]] == keys
    assert [reader["party"] for reader in content["readers"]] == [
        "region-uppsala",
        *(r.organisation for r in RECIPIENTS),
    ]
    assert content["writer"] == keys[0]
    assert content["subjects"] == [
        {
            "pseudonym": PSEUDONYMS.subject("person-1"),
            "samples": [
                {"pseudonym": PSEUDONYMS.sample("tumour-1"), "role": "tumor"},
                {"pseudonym": PSEUDONYMS.sample("normal-1"), "role": "normal"},
            ],
        }
    ]
    assert [file["packets"] for file in content["files"]] == [3, 3, 3]


def test_no_local_name_and_no_secret(made):
    """Neither in the manifest nor in any other file of the package."""
    text = b"".join(path.read_bytes() for path in made.rglob("*") if path.is_file())
    for local in (b"person-1", b"tumour-1", b"normal-1", b"case-1", str(made.parent).encode()):
        assert local not in text
    for secret in (CENTRE, READER, SIGNER.private_bytes_raw(), bytes(range(32))):
        assert secret not in text and secret.hex().encode() not in text


def test_the_same_plain_files_give_the_same_plain_digest(made, tmp_path):
    again = make_package(tmp_path)
    one, other = read_manifest(made), read_manifest(again)
    assert one["plain_digest"] == other["plain_digest"]
    assert [file["cipher"] for file in one["files"]] != [file["cipher"] for file in other["files"]]


def test_plain_digest_by_the_shell(made):
    command = "find * -type f -exec sha256sum {} + | LC_ALL=C sort | sha256sum"
    run = subprocess.run(["sh", "-c", command], cwd=made.parent / "plain", capture_output=True, text=True, check=True)
    assert run.stdout.split()[0] == read_manifest(made)["plain_digest"]


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ({"b": 1, "a": [None, True, "å\n\x1f\"\\/"]}, '{"a":[null,true,"å\\n\\u001f\\"\\\\/"],"b":1}'),
        ({}, "{}"),
        ({"€": 1, "\r": 2, "1": 3}, '{"\\r":2,"1":3,"€":1}'),
    ],
)  # fmt: skip
def test_canonical(content, text):
    """RFC 8785, 3.2: order, white space, escapes."""
    assert canonical(content).decode() == text
    assert json.loads(canonical(content)) == content


@pytest.mark.parametrize("value", [1.0, 2**53, -(2**53), float("nan")])
def test_numbers_that_are_not_exact(value):
    with pytest.raises(TypeError):
        canonical({"a": [value]})


def wrong(made, **new):
    """What is wrong with the manifest when some fields are others."""
    content = json.loads((made / "manifest.json").read_bytes()) | new
    return parse(canonical(content))[1]


def changed_file(made, **new):
    files = json.loads((made / "manifest.json").read_bytes())["files"]
    return wrong(made, files=[files[0] | new, *files[1:]])


def test_contradictions(made):
    content = read_manifest(made)
    assert wrong(made) == []
    assert wrong(made, version=2) == ["supersedes must name the previous manifest, and only from version 2 on"]
    assert wrong(made, writer="0" * 64) == ["readers does not include the centre that wrote the files"]
    assert "readers names a key twice" in wrong(made, readers=[content["readers"][0]] * 3)
    assert "files must name each path once, sorted" in wrong(made, files=content["files"][::-1])
    assert "files must name each path once, sorted" in wrong(made, files=[content["files"][0]] * 2)
    assert wrong(made, plain_digest="0" * 64) == ["plain_digest is not that of the files"]
    assert wrong(made, gmc="a\x1b[2J") == ["holds a text with control characters"]
    cram = content["files"][0]
    path = cram["path"]
    assert changed_file(made, packets=2)[0] == f"{path}: 2 header packets for 3 readers"
    assert changed_file(made, segments=9) == [f"{path}: segments and sizes contradict each other"]
    assert changed_file(made, format="VCF") == [f"{path}: the file name does not belong to the format VCF"]
    few = {"segments": 1, "sha256": cram["blocks"]["sha256"][1:]}
    assert changed_file(made, blocks=few) == [f"{path}: the blocks do not cover the segments"]


def test_unknown_and_missing_fields(made):
    assert "unknown key 'note'" in wrong(made, note="")[0]
    assert "unknown key in files[1]: 'note'" in changed_file(made, note="")[0]
    assert "unknown key in study: 'note'" in wrong(made, study=read_manifest(made)["study"] | {"note": ""})[0]
    content = read_manifest(made)
    del content["rule_set"]
    assert parse(canonical(content))[1][0].startswith("rule_set is missing: legal rule set")


def test_a_wrong_value_is_not_echoed_when_it_is_a_personal_number(made):
    assert "811218" not in str(wrong(made, package="19811218-9876"))


def test_every_field_is_described_and_none_is_open():
    def objects(schema, path):
        if schema.get("type") in ("object", ["object", "null"]) and "properties" in schema:
            assert schema["additionalProperties"] is False, path
            assert sorted(schema["required"]) == sorted(schema["properties"]), path
            for name, field in schema["properties"].items():
                assert field["description"].endswith("."), f"{path}.{name}"
                yield name
                yield from objects(field, f"{path}.{name}")
        if "items" in schema:
            yield from objects(schema["items"], f"{path}[]")

    assert len(list(objects(load_schema("manifest"), ""))) > 60


def test_closed_sets_are_those_of_the_code():
    schema = load_schema("manifest")
    assert schema["$defs"]["party"]["enum"] == list(ORGANISATIONS)
    study = load_schema("sharing")["properties"]["study"]["properties"]
    assert schema["properties"]["data_categories"]["items"] == study["data_categories"]["items"]
    assert schema["properties"]["files"]["items"]["properties"]["format"]["enum"] == list(FORMATS.values())


def test_formats_by_the_longest_ending():
    assert format_of("data/a.vcf.gz.tbi.c4gh") == "TBI"
    assert format_of("metadata/a.phenopacket.json") == "Phenopacket"
    with pytest.raises(GmsError, match="a.bam has an unknown format and is not shared"):
        format_of("a.bam")


def test_write_refuses_what_is_not_valid(made, tmp_path):
    content = read_manifest(made) | {"version": 0}
    with pytest.raises(GmsError, match="the manifest cannot be written:\n  version must be at least 1"):
        write_manifest(tmp_path, content, SIGNER)
    assert list(tmp_path.iterdir()) == []


def test_signer_and_digest_are_added(made, tmp_path):
    content = read_manifest(made) | {"signer": "x", "plain_digest": "x", "schema": 1}
    digest = write_manifest(tmp_path, content, SIGNER)
    assert digest == manifest_sha256(tmp_path) == manifest_sha256(made)
    assert read_manifest(tmp_path)["signer"] == signing_fingerprint(SIGNER.public_key())
    assert (tmp_path / "manifest.sig").read_bytes() == (made / "manifest.sig").read_bytes()  # RFC 8032 has no chance


def test_plain_digest_covers_names(made):
    files = read_manifest(made)["files"]
    assert plain_digest(files) != plain_digest([files[0] | {"path": "data/x.cram.c4gh"}, *files[1:]])


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("data/a.bam", "data/a.bam has an unknown format"),
        ("data/a b.json", "cannot be the path of a shared file"),
        (".hidden.json", "cannot be the path of a shared file"),
        ("å.json", "cannot be the path of a shared file"),
        ("19811218-9876.json ", r"\[personal number\].json  cannot be"),
    ],
)
def test_names_that_are_not_shared(tmp_path, name, message):
    plain = write_plain(tmp_path / "plain")
    (plain / name).write_text("x")
    with pytest.raises(GmsError, match=message):
        encrypt_tree(plain, tmp_path / "package", [], CENTRE)
    assert not (tmp_path / "package").exists()


def test_links_are_not_shared(tmp_path):
    plain = write_plain(tmp_path / "plain")
    (plain / "data/more.json").symlink_to("/etc/hostname")
    with pytest.raises(GmsError, match="data/more.json is a link; only files are shared"):
        encrypt_tree(plain, tmp_path / "package", [], CENTRE)


def test_no_package_for_an_expired_key(tmp_path):
    expired = recipient(valid_until=datetime.date(2026, 11, 22))
    with pytest.raises(GmsError, match="the key of uppsala-universitet expired on 2026-11-22"):
        make_package(tmp_path, [expired])
    assert not list(Path(tmp_path).rglob("manifest.json"))
