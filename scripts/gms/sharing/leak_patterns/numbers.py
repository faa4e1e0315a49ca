"""Finds personal numbers in bytes fast: the shape first (digits all look alike to it), then date and check digit."""

import re
from collections.abc import Iterator

from gms.base.personal_numbers import is_personal_number

_SHAPE = bytes.maketrans(b"0123456789+- ", b"0000000000---")
# The literal beginning is found at memory speed; few texts have so many digits, and only those are searched for dates.
_SHAPED = re.compile(rb"000000(?:0000|-0000|00-0000)")
_SHAPED_WITH_DATE = re.compile(rb"0000-00-00-0000")
_NUMBER = re.compile(
    rb"[0-9](?<![0-9]{2})[0-9]([0-9]{2})?(?:0[1-9]|1[0-2])(?:[06][1-9]|[1278][0-9]|[39][01])([-+ ]?)[0-9]{4}(?![0-9])"
)
_NUMBER_WITH_DATE = re.compile(rb"(18|19|20)([0-9]{2})-([0-9]{2})-([0-9]{2})-([0-9]{4})(?![0-9])")

# With the date or the birth number set apart in other ways; not by tabs, as tables have two numbers next to each other.
_WRITTEN = re.compile(
    rb"(?<![\w.+-])((?:18|19|20)?[0-9]{2})([ ./-]?)([0-9]{2})\2([0-9]{2})( ?[-+_]{1,2} ?| )([0-9]{4})(?![\w])"
)
_HEXADECIMAL = re.compile(rb"(?:(?:3[0-9]|2[bBdD])[ :]?){10,13}")

_FRACTION_BEFORE = re.compile(rb"(?:^|[^\w.])-?[0-9]+\.\Z")
_FRACTION_AFTER = re.compile(rb"[eE][-+]?[0-9]|[^\w.]|\Z")
# Ten-digit reference SNP ids are a tenth of dbSNP's.
_ACCESSION_BEFORE = re.compile(rb"(?:^|[^A-Za-z])(?:rs|ss|RS=|dbSNP:)\Z")
# Intron offsets of HGVS, c.101210-1234A>G: long coding sequences reach six digits.
_HGVS_BEFORE = re.compile(rb"(?:[cnr]\.[-*]?|[0-9]_)\Z")
_HGVS_AFTER = re.compile(rb"[ACGTUN=_]|del|dup|ins|inv")
_UUID = re.compile(rb"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}")
_CODE_LENGTH, _CODE_CHANGES = 24, 4
_CHANGE = re.compile(rb"[0-9][A-Za-z]|[A-Za-z](?=[0-9])")
_RUN_BEFORE, _RUN_AFTER = re.compile(rb"[A-Za-z0-9]*\Z"), re.compile(rb"[A-Za-z0-9]*")
_NEAR = 160


def personal_numbers(data: bytes) -> Iterator[tuple[int, bool]]:
    """(offset, weak) of each personal number in ASCII digits; `weak` ones are ten digits without '-' or '+'.

    Of random numbers 0.74 % of those of ten digits, and 0.01 % of those of twelve, are dates with a right check digit.
    Not meant as numbers of persons, and left out: fractions, reference SNP ids, HGVS intron offsets, UUIDs, and digits
    within a code: 24 or more letters and digits in one run that change between the two 4 times or more (digests).
    """
    shape = data.translate(_SHAPE)
    if _SHAPED.search(shape):
        for match in _NUMBER.finditer(data):
            if _is_valid(match) and not _is_other(data, match):
                yield match.start(), match[2] in b" " and not match[1]
    yield from ((offset, False) for offset in _set_apart(data))
    yield from ((match.start(), False) for match in _HEXADECIMAL.finditer(data) if _is_encoded(match[0]))
    for shaped in _SHAPED_WITH_DATE.finditer(shape):
        match = _NUMBER_WITH_DATE.match(data, shaped.start())
        if match and _is_valid(match) and not _has_digit_before(data, match):
            yield match.start(), False


def _set_apart(data: bytes) -> Iterator[int]:
    for match in _WRITTEN.finditer(data):
        year, apart, month, day, between, number = match.groups()
        plain = not apart and between in (b"-", b"+", b" ")  # found by the other patterns
        known = plain or (apart, between) == (b"-", b"-")
        if not known and is_personal_number((year + month + day + number).decode()):
            yield match.start()


def _is_encoded(digits: bytes) -> bool:
    text = bytes.fromhex(digits.replace(b":", b"").decode())
    rests = (text[start:].translate(None, b"-+").decode() for start in range(max(1, len(text) - 9)))
    return any(map(is_personal_number, rests))


def _is_valid(match: re.Match) -> bool:
    return is_personal_number(match[0].translate(None, b"-+ ").decode())


def _has_digit_before(data: bytes, match: re.Match) -> bool:
    return data[max(0, match.start() - 1) : match.start()].isdigit()


def _is_other(data: bytes, match: re.Match) -> bool:
    before = data[max(0, match.start() - _NEAR) : match.start()]
    after = data[match.end() : match.end() + _NEAR]
    if match[2]:
        return _is_intron_offset(match, before, after) or _is_in_uuid(match, before, after)
    return (
        bool(_FRACTION_BEFORE.search(before) and _FRACTION_AFTER.match(after))
        or bool(_ACCESSION_BEFORE.search(before))
        or _is_in_code(match, before, after)
        or _is_in_uuid(match, before, after)
    )


def _is_intron_offset(match: re.Match, before: bytes, after: bytes) -> bool:
    return not match[1] and bool(_HGVS_BEFORE.search(before) and _HGVS_AFTER.match(after))


def _is_in_code(match: re.Match, before: bytes, after: bytes) -> bool:
    run = _RUN_BEFORE.search(before)[0] + match[0] + _RUN_AFTER.match(after)[0]
    return len(run) >= _CODE_LENGTH and len(_CHANGE.findall(run)) >= _CODE_CHANGES


def _is_in_uuid(match: re.Match, before: bytes, after: bytes) -> bool:
    near = before[-36:] + match[0] + after[:36]
    start = len(before[-36:])
    return any(uuid.start() < start + len(match[0]) and start < uuid.end() for uuid in _UUID.finditer(near))
