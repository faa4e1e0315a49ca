"""Decodings of a text, in which a value may be hidden from a search of its bytes.

Each decoding keeps line ends and tabs where they are, so that a place can be reported.
"""

import binascii
import html
import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

_ROUNDS = 3  # of escapes within escapes
_PERCENT = re.compile(rb"%([0-9A-Fa-f]{2})")
_ENTITY = re.compile(rb"&(?:#[0-9]{1,7};?|#[xX][0-9A-Fa-f]{1,6};?|[A-Za-z][A-Za-z0-9]{1,31};)")
_BACKSLASH = re.compile(rb"(?:\\u[0-9A-Fa-f]{4})+|\\x[0-9A-Fa-f]{2}|\\[/\\]")
_NON_ASCII = re.compile("[^\x00-\x7f]")
_TAG = re.compile(rb"<!--.{0,9999}?-->|<[/?!]?[A-Za-z][^<>]*>", re.DOTALL)
_TAG_NAME = re.compile(rb"</?(?:[\w.-]+:)?([A-Za-z]+)|<!--")
# Elements within a word or line: HTML's, and the text runs of office documents.
_INLINE = (
    *(b"a", b"abbr", b"b", b"bdi", b"bdo", b"big", b"cite", b"code", b"del", b"em", b"font", b"i", b"ins", b"kbd"),
    *(b"label", b"mark", b"nobr", b"q", b"s", b"samp", b"small", b"span", b"strike", b"strong", b"sub", b"sup", b"tt"),
    *(b"u", b"var", b"wbr", b"r", b"t", b"rpr", b"rph", b"phoneticpr"),
)
_BASE64 = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_"
_BASE64_SHAPE = bytes(120 if byte in _BASE64 else 32 for byte in range(256))
_BASE64_ONLY = bytes(byte if byte in _BASE64 else 32 for byte in range(256))
_SEPARATOR = re.compile(rb"[/+_-]")
_MOST_PARTS, _SHORTEST_PART = 16, 8
_SHORTEST = 12  # an address of nine characters; ten digits are 14
_LONG_ENOUGH = b"x" * _SHORTEST
_URL_SAFE = bytes.maketrans(b"-_", b"+/")
_CONTROLS = bytes([*range(9), 11, 12, *range(14, 32), 127])


def decodings(data: bytes) -> Iterator[bytes]:
    """The text itself; then, where they differ, without escapes and in simple characters; then without tags as well."""
    yield data
    plain = _simple(_unescaped(data))
    if plain != data:
        yield plain
    if b"<" in plain and _TAG.search(plain):
        yield _TAG.sub(_untagged, plain)


def base64_words(data: bytes) -> set[bytes]:
    """The runs of characters that may be Base64: of 12 or more, and not all of one sort."""
    if _LONG_ENOUGH not in data.translate(_BASE64_SHAPE):
        return set()
    return {
        word for word in set(data.translate(_BASE64_ONLY).split()) if len(word) >= _SHORTEST and not _is_plain(word)
    }


def _is_plain(word: bytes) -> bool:
    return word.isdigit() or (word.isalpha() and (word.isupper() or word.islower()))


def base64_decodings(word: bytes) -> list[bytes]:
    """A word decoded from each of four places, as other characters may come before, and its parts between separators.

    UTF-16 of Latin letters becomes these.
    """
    words = [word[start:] for start in range(4)]
    if len(parts := _SEPARATOR.split(word, _MOST_PARTS)) > 1:
        words += [part for part in parts if len(part) >= _SHORTEST_PART]
    return [base64_bytes(each).replace(b"\0", b"").removeprefix(b"\xff\xfe") for each in words]


def is_text(data: bytes) -> bool:
    """Whether decoded bytes are text, which those of digests and random ids are not."""
    if data.isascii():
        return len(data.translate(None, _CONTROLS)) == len(data)
    try:
        return " ".join(data.decode().split()).isprintable()
    except UnicodeDecodeError:
        return False


def base64_bytes(word: bytes) -> bytes:
    """A word decoded, in either alphabet of RFC 4648, whole or cut short."""
    whole = word[: len(word) - 1] if len(word) % 4 == 1 else word
    return binascii.a2b_base64(whole.translate(_URL_SAFE) + b"=" * (-len(whole) % 4))


def _unescaped(data: bytes) -> bytes:
    """Without percent codes (RFC 3986), character references of HTML, and escapes of JSON and of string literals."""
    for _ in range(_ROUNDS):
        before = data
        if b"%" in data:
            data = _PERCENT.sub(lambda match: _inline(bytes.fromhex(match[1].decode())), data)
        if b"&" in data:
            data = _ENTITY.sub(lambda match: _inline(html.unescape(match[0].decode()).encode(errors="replace")), data)
        if b"\\" in data:
            data = _BACKSLASH.sub(_unbackslashed, data)
        if data == before:
            break
    return data


def _unbackslashed(match: re.Match) -> bytes:
    text = match[0]
    if len(text) == 2:
        return text[1:]
    if text.startswith(b"\\x"):
        return _inline(bytes.fromhex(text[2:].decode()))
    units = bytes.fromhex(text.replace(b"\\u", b"").decode())
    return _inline(units.decode("utf-16-be", "replace").encode())


def _inline(text: bytes) -> bytes:
    return b" " if text in (b"\n", b"\t", b"\r") else text.replace(b"\n", b" ").replace(b"\t", b" ")


def _simple(data: bytes) -> bytes:
    """For compatibility characters the simple ones (Unicode NFKC), for digits 0-9, for dashes '-', none invisible."""
    if data.isascii():
        return data
    try:
        text = data.decode()
    except UnicodeDecodeError:
        text = data.decode("cp1252", "replace")
    text = _NON_ASCII.sub(lambda match: _simple_character(match[0]), unicodedata.normalize("NFKC", text))
    return text.casefold().encode()


@lru_cache(maxsize=10_000)
def _simple_character(character: str) -> str:
    category = unicodedata.category(character)
    if category == "Nd":
        return str(unicodedata.decimal(character))
    if category == "Pd" or character == "\u2212":
        return "-"
    return "" if category in ("Cf", "Mn") else character


def _untagged(match: re.Match) -> bytes:
    name = _TAG_NAME.match(match[0])
    if name and (name[1] is None or name[1].lower() in _INLINE):
        return b""
    return b" " + b"\n" * match[0].count(b"\n")
