"""Finds numbers of persons of other countries, Swedish reserve numbers and telephone numbers in bytes.

A number counts with its check digit, or in a form that data do not have. Sources: Skatteetaten (fødselsnummer), DVV
(henkilötunnus), CPR-kontoret (CPR, modulus 11 of numbers until 2007), Þjóðskrá (kennitala), NHS Data Dictionary (NHS
number), INSEE (NIR), GKV-Spitzenverband (Krankenversichertennummer); regional reserve numbers as in the
Swedish national service platform.
"""

import datetime
import re
from collections.abc import Callable, Iterator

_HETU_CHARACTERS = b"0123456789ABCDEFHJKLMNPRSTUVWXY"
_ALONE, _END = rb"(?<![\w.+-])", rb"(?![\w]|[.,-][0-9])"


def foreign_numbers(data: bytes) -> Iterator[tuple[int, bool]]:
    """(offset, weak) of each; `weak` ones are digits without any separator, which may be a count."""
    for pattern, is_valid, has_digits_only in _FORMS:
        for match in pattern.finditer(data):
            if is_valid(match):
                yield match.start(), has_digits_only and match[0].isdigit()


def telephone_numbers(data: bytes) -> Iterator[int]:
    """Offset of each Swedish number, and of those of the partner countries with + and country code."""
    for pattern in (_NATIONAL, _INTERNATIONAL) if b"0" in data or b"+" in data else ():
        for match in pattern.finditer(data):
            if 8 <= sum(48 <= byte <= 57 for byte in match[0]) <= 14:
                yield match.start()


def _digits(text: bytes) -> list[int]:
    return [byte - 48 for byte in text if 48 <= byte <= 57]


def _weighted(digits: list[int], weights: tuple[int, ...]) -> int:
    return sum(digit * weight for digit, weight in zip(digits, weights, strict=False)) % 11


def _is_date(day: int, month: int, *years: int) -> bool:
    for year in years:
        try:
            datetime.date(year, month, day)
        except ValueError:
            continue
        return True
    return False


def _is_born(digits: list[int]) -> bool:
    """Whether the number begins with DDMMYY; D-numbers of Norway have 40 added to the day, H-numbers to the month."""
    day, month, year = (10 * tens + ones for tens, ones in zip(digits[0:6:2], digits[1:6:2], strict=True))
    return _is_date(day - 40 if day > 40 else day, month - 40 if month > 40 else month, 1900 + year, 2000 + year)


def _is_norwegian(match: re.Match) -> bool:
    digits = _digits(match[0])
    first = _weighted(digits, (3, 7, 6, 1, 8, 9, 4, 5, 2, 1))
    return not first and not _weighted(digits, (5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1)) and _is_born(digits)


def _is_finnish(match: re.Match) -> bool:
    digits = match[1] + match[2]
    return _is_born(_digits(digits)) and _HETU_CHARACTERS[int(digits) % 31] == match[3].upper()[0]


def _is_danish_or_icelandic(match: re.Match) -> bool:
    digits = _digits(match[0])
    danish = not _weighted(digits, (4, 3, 2, 7, 6, 5, 4, 3, 2, 1))
    icelandic = not _weighted(digits, (3, 2, 7, 6, 5, 4, 3, 2, 1)) and digits[9] in (8, 9, 0)
    return (danish or icelandic) and _is_born(digits)


def _is_british(match: re.Match) -> bool:
    digits = _digits(match[0])[-10:]
    return not _weighted(digits, (10, 9, 8, 7, 6, 5, 4, 3, 2, 1)) and len(set(digits)) > 1


def _is_french(match: re.Match) -> bool:
    text = match[0].translate(None, b" ").replace(b"2A", b"19").replace(b"2B", b"18")
    return 97 - int(text[:13]) % 97 == int(text[13:])


def _is_german(match: re.Match) -> bool:
    letter = match[0][0] - 64
    digits = [letter // 10, letter % 10, *_digits(match[0][1:])]
    products = [digit * (1 + place % 2) for place, digit in enumerate(digits[:-1])]
    return sum(product // 10 + product % 10 for product in products) % 10 == digits[-1]


def _is_reserve(match: re.Match) -> bool:
    digits = [int(part) for part in match.groups()[:3]]
    return _is_date(digits[2], digits[1], digits[0] if digits[0] > 99 else 1900 + digits[0], 2000 + digits[0] % 100)


def _is_stockholm_reserve(match: re.Match) -> bool:
    """99 instead of the century, and the check digit of a personal number (modulus 10)."""
    digits = _digits(match[0])[-10:]
    doubled = [digit * (2 - place % 2) for place, digit in enumerate(digits)]
    return sum(product // 10 + product % 10 for product in doubled) % 10 == 0


def _form(pattern: bytes, is_valid: Callable[[re.Match], bool], digits_only: bool = True) -> tuple:
    return re.compile(_ALONE + pattern + _END), is_valid, digits_only


_FORMS = (
    _form(rb"[0-7][0-9][0-59][0-9]{3} ?[0-9]{5}", _is_norwegian),
    _form(rb"([0-3][0-9][01][0-9]{3})[-+A-FU-Y]([0-9]{3})([0-9A-FHJ-NPR-Ya-fhj-npr-y])", _is_finnish),
    _form(rb"[0-7][0-9][01][0-9]{3}[- ][0-9]{4}", _is_danish_or_icelandic),
    _form(rb"[0-9]{3}[ -][0-9]{3}[ -][0-9]{4}", _is_british),
    _form(rb"(?i:NHS)\W{0,3}(?i:(?:no|number|nr)\W{0,3})?[0-9]{10}", _is_british),
    _form(
        rb"[1-4] ?[0-9]{2} ?(?:0[1-9]|1[0-2]|[2-9][0-9]) ?(?:[0-9]{2}|2[AB]) ?[0-9]{3} ?[0-9]{3} ?[0-9]{2}", _is_french
    ),
    _form(rb"[A-Z][0-9]{9}", _is_german),
    _form(rb"((?:18|19|20)?[0-9]{2})(0[1-9]|1[0-2])(0[1-9]|[12][0-9]|3[01])-[A-Z]{1,2}[0-9A-Z]{2,3}", _is_reserve),
    _form(rb"99[0-9]{6}-?[0-9]{4}", _is_stockholm_reserve),
)
_NATIONAL = re.compile(
    rb"(?<![\w.,:+/-])0(?:7[02369][- ]?[0-9]{3} ?[0-9]{2} ?[0-9]{2}"
    rb"|[1-9][0-9]{0,2}-[0-9]{2,3} ?[0-9]{2,3}(?: ?[0-9]{2})?)(?![\w]|[.,:/-][0-9])"
)
_INTERNATIONAL = re.compile(
    rb"(?<![\w.)*+-])(?:\+|00)(?:46|47|45|358|354|44|33|49)[ -]?(?:\(0\))?[ -]?"
    rb"[0-9]{1,4}(?:[ -]?[0-9]{2,4}){2,4}(?![\w]|[.,][0-9])"
)
