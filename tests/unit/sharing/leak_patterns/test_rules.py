"""What is looked for: known identifiers, names of the computer and its user, paths; and what only looks like it."""

import hashlib
import json
import os
import random
import uuid
from pathlib import Path

import pytest
from personnummer import personnummer as oracle

from gms.base.errors import GmsError
from gms.base.personal_numbers import is_personal_number
from gms.sharing.leak_patterns.known import hash_identifiers, known_names, load_identifiers
from gms.sharing.leak_patterns.numbers import personal_numbers
from gms.sharing.leak_patterns.rules import LeakRules, local_rules

KEY, OTHER_KEY = b"k" * 32, b"o" * 32


@pytest.fixture
def listed(tmp_path):
    """Rules with a custodian's list of these identifiers."""

    def _listed(*identifiers):
        path = tmp_path / "identifiers.json"
        path.write_text(hash_identifiers(identifiers, KEY))
        return LeakRules(known=load_identifiers(path, KEY))

    return _listed


@pytest.mark.parametrize(
    "text",
    [
        "S-2024-0017",
        "s_2024_0017",
        "S20240017",
        "of S 2024 0017.",
        "S-2024-0017_R1.fastq",
        "x/S.2024.0017/y",
        "Ｓ-2024-0017",
        "S%2D2024-0017",
        "Anna Åkerström",
        "anna_åkerström",
        "ANNA&nbsp;&Aring;KERSTR&Ouml;M",
        "<b>Anna</b> Åkerström",
        "QW5uYSDDhWtlcnN0csO2bQ==",
        "LAB77123",
    ],
)
def test_known_identifiers(kinds, listed, text):
    rules = listed("S-2024-0017", "Anna Åkerström", "lab77123", "")
    assert kinds(f"note: {text}\n".encode(), rules=rules) == {"known_identifier"}
    assert kinds(b"text\n", name=f"data/{text.replace('/b', '')}", rules=rules) == {"known_identifier"}


@pytest.mark.parametrize("text", ["S-2024-0018", "XS-2024-0017", "S-2024-00171", "Anna", "lab 77123", "S-2024"])
def test_other_words(kinds, listed, text):
    assert kinds(f"note: {text}\n".encode(), rules=listed("S-2024-0017", "Anna Åkerström", "lab77123")) == set()


def test_list_of_identifiers(tmp_path):
    lines = ["191212121212\n", "Anna Åkerström\n", "\n", "S-2024-0017\n"]
    text = hash_identifiers(lines, KEY)
    assert text == hash_identifiers(reversed(lines), KEY) != hash_identifiers(lines, OTHER_KEY)
    assert len(json.loads(text)["identifiers"]) == 4  # the personal number without its century as well
    for identifier in ("1212", "anna", "åker", "s20240017", "0017"):
        assert identifier not in text.casefold()
        assert hashlib.sha256(identifier.encode()).hexdigest() not in text
    path = tmp_path / "list.json"
    path.write_text(text)
    assert (
        repr(load_identifiers(path, KEY)) == "KnownIdentifiers(lengths=frozenset({1, 4, 9, 10, 12, 15}), most_words=3)"
    )
    with pytest.raises(GmsError, match="made with another key"):
        load_identifiers(path, OTHER_KEY)
    path.write_text("{}")
    with pytest.raises(GmsError, match="make one with it"):
        load_identifiers(path, KEY)


@pytest.mark.parametrize(
    "line, message", [("abc", "line 2: .*by chance"), ("a b c d e f gh", "line 2: .*one identifier per line")]
)
def test_unusable_identifiers(line, message):
    with pytest.raises(GmsError, match=message) as raised:
        hash_identifiers(["first one", line], KEY)
    assert line not in str(raised.value)


def test_names_of_the_run(kinds):
    rules = LeakRules(known=known_names(["pair-tumor", "tumor", "wgs", "P1", "77123", "1950-01-31", "HG002"], ["WGS"]))
    for text in ("pair-tumor", "Pair_Tumor", "77123", "1950-01-31", "19500131", "hg002"):
        assert kinds(f'{{"name": "{text}"}}'.encode(), rules=rules) == {"known_identifier"}, text
    assert kinds(b'{"role": "tumor", "assay": "wgs", "pair": "P1"}', rules=rules) == set()


def test_known_numbers_in_columns_of_numbers(counted, kinds):
    """A laboratory's number of seven digits is also a position; in a text it is a leak."""
    rules = LeakRules(known=known_names(["1234567"]))
    vcf = (
        b"##fileformat=VCFv4.2\n##INFO=<ID=N,Number=1,Type=Integer,Description=.>\n"
        b"#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\nchr1\t1234567\t.\tA\tC\t.\t.\tN=1234567{}\n"
    )
    assert kinds(vcf.replace(b"{}", b""), rules=rules) == set()
    assert kinds(vcf.replace(b"{}", b";PHASE=1234567_A_C"), rules=rules) == set()
    assert kinds(vcf.replace(b"{}", b";NOTE=1234567"), rules=rules) == {"known_identifier"}


def test_this_computer(kinds, monkeypatch, tmp_path):
    monkeypatch.setattr(os, "uname", lambda: os.uname_result(("Linux", "Node-17.clinic.example", "", "", "")))
    for name in ("USER", "LOGNAME"):
        monkeypatch.setenv(name, "asvensson")
    rules = local_rules(folders=[tmp_path / "results"])
    assert kinds(b"made on node-17 today\n", rules=rules) == {"host_name"}
    assert kinds(b"made by ASvensson.\n", rules=rules) == {"user_name"}
    assert kinds(f"in {tmp_path}/results".encode(), rules=rules) == {"local_path"}
    assert kinds(b"made by root on localhost\n", rules=rules) == set()
    assert "node" not in repr(rules) and "svensson" not in repr(rules)


@pytest.mark.parametrize(
    "text",
    [
        "/home/anna/x.vcf",
        '"path": "/srv/data"',
        "CL:bwa mem /refs/GRCh38.fa",
        "UR:file:///refs/x.fa",
        "file:/refs/x.fa",
        "(/data/.snakemake/x)",
        "%2Fhome%2Fanna%2Fx",
        "\\/home\\/anna\\/x",
        "C:\\Users\\Anna",
        '{"a": "C:\\\\Users\\\\Anna"}',
        "D:/data/x",
        "\\\\server\\share\\x",
        "//nas/share/x",
        "~anna/data",
        "~/data",
        "<td>/home/x/y</td>",
        "L2hvbWUvYW5uYS9kYXRhL3gudmNm",
    ],
)
def test_local_paths(kinds, text):
    assert kinds(f"first\n{text}\n".encode()) == {"local_path"}


@pytest.mark.parametrize(
    "text",
    [
        "https://github.com/genomic/x/blob/main",
        "s3://bucket/study/x",
        "data/P1/x.vcf.gz",
        "./data/x/",
        "0/1:3/4/",
        "application/vnd.ga4gh/x",
        "</div></a/>",
        "and/or/not",
        "1 /2/ 3",
        "drs://host/x/y",
        '"@id": "#run/1/x"',
        "git@github.com:genomic/x.git",
        "snakemake@9.27.1",
        "@prefix: a@b",
    ],
)
def test_no_paths_nor_addresses(kinds, text):
    assert kinds(f"first\n{text}\n".encode()) == set()


def test_email_addresses(kinds):
    assert kinds(b"Contact: anna.b@clinic.example\n") == kinds(b"anna.b%40clinic.example\n") == {"email_address"}


@pytest.mark.parametrize(
    "text",
    [
        "12121213",
        "1212121213",  # wrong check digit
        "121312-1212",  # no 13th month
        "20121212121212",  # a time
        "AF=0.1212121212;",
        "-3.191212121212",
        "1.1212121212e-05",
        "rs1212121212",
        "RS=1212121212",
        "c.121212-1212A>G",
        "ENST00000121212.3:c.*121212+1212del",
        "a1b2c3d4e5f6a7b81212121212f1a2b3c4d5e6f7",  # a digest
        "19121212-1212-4abc-8def-0123456789ab",  # a UUID
    ],
)
def test_numbers_of_nobody(kinds, text):
    assert kinds(f"first\nx {text} y\n".encode()) == set()


@pytest.mark.parametrize(
    "content",
    [
        b'{\n"total_bases": 1212121212,\n"x": 1\n}\n',
        b"0\t1\t2\t1212121212\t5\t6\n",
        b"##fileformat=VCFv4.2\n##INFO=<ID=N,Number=1,Type=Float,Description=.>\n"
        b"#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\nc\t1\t.\tA\tC\t.\t.\tX;N=1212121212\n",
        b"##fileformat=VCFv4.2\n##FORMAT=<ID=N,Number=2,Type=Integer,Description=.>\n"
        b"#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tS\nc\t1\t.\tA\tC\t.\t.\tX\tGT:N\t0/1:3,1212121212\n",
    ],
)
def test_ten_digits_in_columns_of_numbers_are_counted(counted, content):
    assert counted(content) == [1]


@pytest.mark.parametrize("number", [b"1212121212", b"191212121212", b"121212-1212"])
def test_forms_that_no_number_has(kinds, number):
    """Twelve digits, and those with a sign, are found wherever they stand; ten digits as the value of a text."""
    assert kinds(b'{"bases": "' + number + b'"}') == {"personal_number"}
    assert kinds(b"a\tb\tc\t" + number + b"\n") == {"personal_number"}


def test_one_judgement_with_another_library():
    chance = random.Random(1)
    numbers = [f"{chance.choice(['', '18', '19', '20'])}{chance.randrange(10**10):010d}" for _ in range(20_000)]
    # Only what a check digit and a month could be right for is worth comparing.
    likely = [number for number in numbers if 1 <= int(number[-8:-6]) <= 12]
    found = [number for number in likely if is_personal_number(number)]
    assert found == [number for number in likely if oracle.valid(number)] and len(found) > 50
    assert [any(personal_numbers(number.encode())) for number in likely] == [number in found for number in likely]


def test_random_codes_are_rarely_taken_for_numbers(kinds):
    """Digests, UUIDs and identifiers in Base64, of which a package has many."""
    chance = random.Random(2)
    digests = [chance.randbytes(32).hex() for _ in range(3000)]
    uuids = [str(uuid.UUID(bytes=chance.randbytes(16))) for _ in range(3000)]
    assert (
        kinds("\n".join(f'{{"sha256": "{a}", "id": "{b}"}}' for a, b in zip(digests, uuids, strict=True)).encode())
        == set()
    )


def test_folders_of_rules_are_absolute():
    assert local_rules(folders=[Path("x")]).folders == {str(Path("x").absolute())}
    assert local_rules(folders=[Path("/")]).folders == set()
