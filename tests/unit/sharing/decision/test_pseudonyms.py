import hashlib
import hmac
import re

import pytest

from gms.base.errors import GmsError
from gms.base.personal_numbers import find_personal_number
from gms.sharing.decision import pseudonyms as module
from gms.sharing.decision.keyfiles import make_keys
from gms.sharing.decision.pseudonyms import ALPHABET, Pseudonyms, check_collisions, is_pseudonym, load_pseudonyms

KEY = bytes(range(32))
IDS = [f"subject-{number}" for number in range(2000)]


def test_the_form():
    made = Pseudonyms(KEY, "S1")
    for kind, pseudonym in (("P", made.subject("x")), ("S", made.sample("x")), ("C", made.case("x"))):
        assert re.fullmatch(f"{kind}[{ALPHABET}]{{17}}", pseudonym)
        assert is_pseudonym(pseudonym)
    assert not set("ILOU") & set(ALPHABET) and len(set(ALPHABET)) == 32


def test_they_are_the_same_on_every_run():
    assert Pseudonyms(KEY, "S1").subject("subject-1") == "PYH9Z2WBN4K03TEGWC"
    assert Pseudonyms(KEY, "S1").read_name(b"A:1") == b"CJBJKIODIGGHLBMMPKIAJFGK"


def test_they_are_an_hmac_of_study_kind_and_id():
    """By the definition, with the standard library only."""
    study = hmac.new(KEY, b"study\0S1", hashlib.sha256).digest()
    bits = int.from_bytes(hmac.new(study, b"P0\0subject-1", hashlib.sha256).digest()[:10], "big")
    symbols = ""
    for _ in range(16):
        symbols, bits = ALPHABET[bits % 32] + symbols, bits // 32
    assert Pseudonyms(KEY, "S1").subject("subject-1")[1:-1] == symbols


@pytest.mark.parametrize("other", [(KEY, "S2"), (KEY[::-1], "S1")])
def test_another_study_or_key_gives_unrelated_ones(other):
    one, two = Pseudonyms(KEY, "S1"), Pseudonyms(*other)
    for make in ("subject", "sample", "case"):
        made = [{getattr(pseudonyms, make)(name) for name in IDS[:200]} for pseudonyms in (one, two)]
        assert len(made[0]) == len(made[1]) == 200 and not made[0] & made[1]
    assert one.read_name(b"read") != two.read_name(b"read")


def test_kinds_do_not_share_pseudonyms():
    made = Pseudonyms(KEY, "S1")
    assert len({made.subject("x")[1:-1], made.sample("x")[1:-1], made.case("x")[1:-1]}) == 3


def test_study_and_id_do_not_run_into_each_other():
    assert Pseudonyms(KEY, "S1").subject("1x") != Pseudonyms(KEY, "S11").subject("x")


def test_the_check_symbol_finds_every_wrong_symbol():
    pseudonym = Pseudonyms(KEY, "S1").subject("x")
    for place, right in enumerate(pseudonym):
        for wrong in set(ALPHABET + "ILOU") - {right}:
            assert not is_pseudonym(pseudonym[:place] + wrong + pseudonym[place + 1 :])
    assert not is_pseudonym("") and not is_pseudonym(pseudonym.lower()) and not is_pseudonym(pseudonym[:-1])


def test_most_swapped_neighbours_are_found():
    swaps = found = 0
    for name in IDS[:100]:
        text = Pseudonyms(KEY, "S1").subject(name)
        for place in range(1, len(text) - 1):
            if text[place] != text[place + 1]:
                swaps += 1
                found += not is_pseudonym(text[:place] + text[place + 1] + text[place] + text[place + 2 :])
    assert found / swaps > 0.99


def test_the_key_shows_nowhere():
    made = Pseudonyms(KEY, "S1")
    for text in (repr(made), str(made), made.key_id, made.subject("x")):
        assert KEY.hex()[:12] not in text.lower() and repr(KEY)[2:12] not in text
    assert re.fullmatch("[0-9a-f]{16}", made.key_id)
    assert made.key_id == Pseudonyms(KEY, "S2").key_id != Pseudonyms(KEY[::-1], "S1").key_id


def test_read_names():
    made = Pseudonyms(KEY, "S1")
    names = [made.read_name(f"A00:1:H:1:1101:{x}:1000".encode()) for x in range(2000)]
    assert len(set(names)) == 2000 and all(re.fullmatch(b"[A-P]{24}", name) for name in names)


def test_none_looks_like_a_personal_number(monkeypatch):
    """The one in millions that would is rebuilt, and stays the same on every run."""
    first = Pseudonyms(KEY, "S1").subject("x")
    monkeypatch.setattr(module, "find_personal_number", lambda text: 0 if text == first else find_personal_number(text))
    second = Pseudonyms(KEY, "S1").subject("x")
    assert second != first and is_pseudonym(second) and second == Pseudonyms(KEY, "S1").subject("x")


def test_collisions():
    check_collisions(IDS, Pseudonyms(KEY, "S1").subject)
    check_collisions(["a", "a"], Pseudonyms(KEY, "S1").subject)
    with pytest.raises(GmsError, match="two different ids have the pseudonym P1") as raised:
        check_collisions(["subject-1", "subject-2"], lambda _: "P1")
    assert "subject-" not in str(raised.value)


def test_loading(tmp_path):
    make_keys(tmp_path, "centre")
    path = tmp_path / "centre.pseudonym.key"
    made = load_pseudonyms(path, "S1")
    assert made.subject("x") == Pseudonyms(bytes.fromhex(path.read_text()), "S1").subject("x")


@pytest.mark.parametrize("content", ["", "ab" * 31, "ab" * 32, "00" * 32, "my password", "å"])
def test_keys_that_are_none(tmp_path, content):
    (tmp_path / "key").write_text(content)
    (tmp_path / "key").chmod(0o600)
    with pytest.raises(GmsError, match="must hold 64 random hexadecimal digits") as raised:
        load_pseudonyms(tmp_path / "key", "S1")
    assert not content or content not in str(raised.value)
