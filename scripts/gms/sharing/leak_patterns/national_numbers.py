"""Finds national identity numbers of other countries, Swedish reserve numbers and telephone numbers in bytes.

A number counts with its check digit, or in a form that data do not have. Those of which every eleventh number is one
(BSN, NHS number) count with their name or in their usual grouping only: positions on chromosomes have 9 digits, too.
Sources: Skatteetaten (fødselsnummer), DVV (henkilötunnus), CPR-kontoret (CPR, modulus 11 of numbers until 2007),
Þjóðskrá (kennitala), NHS Data Dictionary (NHS number), INSEE (NIR), GKV-Spitzenverband (Krankenversichertennummer),
BZSt (Steuer-ID), RvIG (BSN), EVS 585:2007 (isikukood), Lietuvos asmens kodas (same digits), PMLP (personas kods),
Polish Act on population records (PESEL), Real Decreto 1553/2005 (DNI, NIE), D.M. 23/12/1976 (codice fiscale), IBZ
(Belgian national number), ZAS (AHV number), SVS (Austrian insurance number); regional reserve numbers as in the Swedish
national service platform.
"""

import datetime
import re
from collections.abc import Callable, Iterator

from gms.base.personal_numbers import is_finnish, is_norwegian

_DNI_LETTERS = b"TRWAGMYFPDXBNJZSQVHLCKE"
_OMOCODIA = bytes.maketrans(b"LMNPQRSTUV", b"0123456789")  # letters for digits where two persons would have one code
_ODD_VALUES = (1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23)
_ODD = dict(enumerate(_ODD_VALUES, 65)) | dict(enumerate(_ODD_VALUES[:10], 48))  # of characters in odd places
_SHAPE = bytes.maketrans(b"123456789BCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz", b"0" * 9 + b"A" * 51)
_ALONE, _END = rb"(?<![\w.+-])", rb"(?![\w]|[.,-][0-9])"


def foreign_numbers(data: bytes) -> Iterator[tuple[int, bool]]:
    """(offset, weak) of each; `weak` ones are digits without any separator, which may be a count."""
    shape = data.translate(_SHAPE)
    for pattern, is_valid, has_digits_only, needed in _FORMS:
        for match in pattern.finditer(data) if any(part in shape for part in needed) else ():
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
    day, month, year = _pairs(digits[:6])
    return _is_date(day - 40 if day > 40 else day, month - 40 if month > 40 else month, 1900 + year, 2000 + year)


def _is_norwegian(match: re.Match) -> bool:
    return is_norwegian(match[0].translate(None, b" ").decode())


def _is_finnish(match: re.Match) -> bool:
    return is_finnish((match[1] + match[2] + match[3]).decode())


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


def _is_german_tax_id(match: re.Match) -> bool:
    """Modulus 11, 10 (ISO 7064); of the first ten digits one is there twice or three times, the others once or not."""
    digits = _digits(match[0])
    times = sorted(digits[:10].count(digit) for digit in set(digits[:10]))
    product = 10
    for digit in digits[:10]:
        product = 2 * ((product + digit) % 10 or 10) % 11
    return digits[0] > 0 and times[-1] in (2, 3) and times[-2] == 1 and (11 - product) % 10 == digits[10]


def _is_dutch(match: re.Match) -> bool:
    digits = _digits(match[0])[-9:]
    return sum(digits) > 0 and not _weighted(digits, (9, 8, 7, 6, 5, 4, 3, 2, -1))


def _is_baltic(match: re.Match) -> bool:
    """Estonian and Lithuanian: the first digit is century and sex."""
    digits = _digits(match[0])
    if digits[0] not in range(1, 9):
        return False
    century, year, month, day = 1700 + 100 * ((digits[0] + 1) // 2), *_pairs(digits[1:7])
    check = _weighted(digits[:10], (1, 2, 3, 4, 5, 6, 7, 8, 9, 1))
    if check == 10:
        check = _weighted(digits[:10], (3, 4, 5, 6, 7, 8, 9, 1, 2, 3)) % 10
    return check == digits[10] and _is_date(day, month, century + year)


def _is_latvian(match: re.Match) -> bool:
    """Codes of the old form; those since 2017 begin with 32 and say nothing of the birth."""
    digits = _digits(match[0])
    if digits[:2] == [3, 2]:
        return True
    check = (1101 - sum(a * b for a, b in zip(digits, (1, 6, 3, 7, 9, 10, 5, 8, 4, 2), strict=False))) % 11 % 10
    return check == digits[10] and _is_born(digits)


def _is_polish(match: re.Match) -> bool:
    digits = _digits(match[0])
    year, month, day = _pairs(digits[:6])
    century = {0: 1900, 1: 2000, 2: 2100, 3: 2200, 4: 1800}[month // 20]
    total = sum(digit * weight for digit, weight in zip(digits, (1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1), strict=True))
    return total % 10 == 0 and _is_date(day, month % 20, century + year)


def _is_spanish(match: re.Match) -> bool:
    text = match[0].upper().translate(None, b"- .")
    number = int(text[:-1].translate(bytes.maketrans(b"XYZ", b"012")))
    return text[-1] == _DNI_LETTERS[number % 23]


def _is_italian(match: re.Match) -> bool:
    text = match[0].upper().translate(None, b" ")
    digits = b"".join(text[place : place + 1] for place in (6, 7, 9, 10, 12, 13, 14)).translate(_OMOCODIA)
    total = sum(_ODD[byte] for byte in text[0:15:2])
    total += sum(byte - (65 if byte > 64 else 48) for byte in text[1:15:2])
    return digits.isdigit() and 1 <= int(digits[2:4]) % 40 <= 31 and text[15] == 65 + total % 26


def _is_belgian(match: re.Match) -> bool:
    digits = "".join(map(str, _digits(match[0])))
    year, month, day = _pairs(_digits(match[0])[:6])
    right = any(97 - int(century + digits[:9]) % 97 == int(digits[9:]) for century in ("", "2"))
    return right and _is_date(day, month, 1900 + year, 2000 + year)


def _is_swiss(match: re.Match) -> bool:
    digits = _digits(match[0])
    return sum(digit * (1 + 2 * (place % 2)) for place, digit in enumerate(digits)) % 10 == 0


def _is_austrian(match: re.Match) -> bool:
    digits = _digits(match[0])
    day, month, year = _pairs(digits[4:])
    right = _weighted(digits, (3, 7, 9, 0, 5, 8, 4, 2, 1, 6)) == digits[3]
    return right and digits[0] > 0 and _is_date(day, month, 1900 + year, 2000 + year)


def _pairs(digits: list[int]) -> list[int]:
    return [10 * tens + ones for tens, ones in zip(digits[0::2], digits[1::2], strict=True)]


def _is_reserve(match: re.Match) -> bool:
    digits = [int(part) for part in match.groups()[:3]]
    return _is_date(digits[2], digits[1], digits[0] if digits[0] > 99 else 1900 + digits[0], 2000 + digits[0] % 100)


def _is_stockholm_reserve(match: re.Match) -> bool:
    """99 instead of the century, and the check digit of a personal number (modulus 10)."""
    digits = _digits(match[0])[-10:]
    doubled = [digit * (2 - place % 2) for place, digit in enumerate(digits)]
    return sum(product // 10 + product % 10 for product in doubled) % 10 == 0


def _form(needed: bytes, pattern: bytes, is_valid: Callable[[re.Match], bool], digits_only: bool = True) -> tuple:
    """`needed`: what every match has one of, 0 for digits, A for letters; without it the slow pattern is not tried."""
    return re.compile(_ALONE + pattern + _END), is_valid, digits_only, needed.split(b"|")


_DNI = rb"(?:[0-9]{8}|[0-9]{2}\.[0-9]{3}\.[0-9]{3}|[XYZxyz]-?[0-9]{7})-?[A-HJ-NP-TV-Za-hj-np-tv-z](?![>=/|:])"
_CODICE = rb"(?i:[A-Z]{3} ?[A-Z]{3} ?[0-9L-NP-V]{2}[A-EHLMPRST][0-9L-NP-V]{2} ?[A-Z][0-9L-NP-V]{3} ?[A-Z])"
_ELEVEN = (_is_norwegian, _is_german_tax_id, _is_baltic, _is_polish, _is_belgian)
_FORMS = (
    _form(b"00000000000", rb"[0-9]{11}", lambda match: any(check(match) for check in _ELEVEN)),
    _form(b"000000 00000", rb"[0-7][0-9][0-59][0-9]{3} [0-9]{5}", _is_norwegian),
    _form(b"000000", rb"([0-3][0-9][01][0-9]{3})[-+A-FU-Y]([0-9]{3})([0-9A-FHJ-NPR-Ya-fhj-npr-y])", _is_finnish),
    _form(b"000000-0000|000000 0000", rb"[0-7][0-9][01][0-9]{3}[- ][0-9]{4}", _is_danish_or_icelandic),
    _form(b"000 000|000-000", rb"[0-9]{3}[ -][0-9]{3}[ -][0-9]{4}", _is_british),
    _form(b"0000000000", rb"(?i:NHS)\W{0,3}(?i:(?:no|number|nr)\W{0,3})?[0-9]{10}", _is_british),
    _form(
        b"000000|000 000",
        rb"[1-4] ?[0-9]{2} ?(?:0[1-9]|1[0-2]|[2-9][0-9]) ?(?:[0-9]{2}|2[AB]) ?[0-9]{3} ?[0-9]{3} ?[0-9]{2}",
        _is_french,
    ),
    _form(b"A000000000", rb"[A-Z][0-9]{9}", _is_german),
    _form(
        b"000000-A",
        rb"((?:18|19|20)?[0-9]{2})(0[1-9]|1[0-2])(0[1-9]|[12][0-9]|3[01])-[A-Z]{1,2}[0-9A-Z]{2,3}",
        _is_reserve,
    ),
    _form(
        b"00000000AA", rb"((?:18|19|20)[0-9]{2})(0[1-9]|1[0-2])(0[1-9]|[12][0-9]|3[01])[A-Z]{2}[0-9A-Z]{2}", _is_reserve
    ),
    _form(b"00 000 000 000", rb"[1-9][0-9](?: [0-9]{3}){3}", _is_german_tax_id),
    _form(
        b"00000000",
        rb"(?i:BSN|burgerservicenummer|sofi-?nummer)\W{0,3}(?i:(?:no|nr)\W{0,3})?0?[0-9]{8,9}",
        _is_dutch,
        False,
    ),
    _form(b"0000.00.000", rb"[0-9]{4}\.[0-9]{2}\.[0-9]{3}", _is_dutch),
    _form(b"000000-00000", rb"(?:[0-3][0-9][01][0-9]{3}|32[0-9]{4})-[0-9]{5}", _is_latvian),
    _form(b"0000000|00.000.000", _DNI, _is_spanish),
    _form(b"AAA", _CODICE, _is_italian),
    _form(b"00.00.00-000.00", rb"[0-9]{2}\.[01][0-9]\.[0-3][0-9]-[0-9]{3}\.[0-9]{2}", _is_belgian),
    _form(b"0000.0000|00000000", rb"756\.?[0-9]{4}\.?[0-9]{4}\.?[0-9]{2}", _is_swiss),
    _form(b"0000 000000", rb"[0-9]{4} [0-3][0-9][01][0-9]{3}", _is_austrian),
    _form(b"00000000", rb"99[0-9]{6}-?[0-9]{4}", _is_stockholm_reserve),
)
_NATIONAL = re.compile(
    rb"(?<![\w.,:+/-])0(?:7[02369][- ]?[0-9]{3} ?[0-9]{2} ?[0-9]{2}"
    rb"|[1-9][0-9]{0,2}-[0-9]{2,3} ?[0-9]{2,3}(?: ?[0-9]{2})?)(?![\w]|[.,:/-][0-9])"
)
_INTERNATIONAL = re.compile(
    rb"(?<![\w.)*+-])(?:\+|00)(?:46|47|45|358|354|298|44|33|49|31|32|34|39|41|43|48|353|37[0-2])[ -]?(?:\(0\))?[ -]?"
    rb"[0-9]{1,4}(?:[ -]?[0-9]{2,4}){2,4}(?![\w]|[.,][0-9])"
)
