"""Swedish personal numbers (personnummer, samordningsnummer): found so that they are refused, and never echoed.

In ids and names (`find_identity_number`) also those written with other separators, and Finnish and Norwegian numbers.
Paths and free text have too many dates and counters for that.
"""

import datetime
import re
from collections.abc import Iterator

# Ten or twelve digits that stand alone: letters may touch them, further digits may not (flow-cell ids, timestamps).
# Word processors replace the hyphen by longer dashes.
_CANDIDATE = re.compile(
    r"(?<![0-9])([0-9]{2})?([0-9]{2})([0-9]{2})([0-9]{2})[-+\u2010-\u2013\u2212]?([0-9]{4})(?![0-9])"
)
_BETWEEN = r"[-+_./ \u2010-\u2013\u2212]?"
_IN_ID = re.compile(
    rf"(?<![0-9])((?:18|19|20)?[0-9]{{2}}){_BETWEEN}([0-9]{{2}}){_BETWEEN}([0-9]{{2}}){_BETWEEN}([0-9]{{4}})(?![0-9])"
)
_NORWEGIAN = re.compile(rf"(?<![0-9])([0-9]{{6}}){_BETWEEN}([0-9]{{5}})(?![0-9])")
_FINNISH = re.compile(r"(?<![0-9])([0-9]{6})[-+A-FU-Y]([0-9]{3}[0-9A-FHJ-NPR-Y])(?![0-9])", re.IGNORECASE)
_FINNISH_CHECK = "0123456789ABCDEFHJKLMNPRSTUVWXY"  # by the remainder modulo 31
_NORWEGIAN_WEIGHTS = ((3, 7, 6, 1, 8, 9, 4, 5, 2, 1), (5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1))
_DIGITS = re.compile(r"[0-9]{10}(?:[0-9]{2})?")
_DOUBLED = str.maketrans("0123456789", "0246813579")  # with the digits of two-digit results added
MASK = "[personal number]"


def find_personal_number(text: str) -> int | None:
    """Offset (0-based) of the first personal number in the text, or None."""
    return next((match.start() for match in _CANDIDATE.finditer(text) if _is_match(match)), None)


def find_identity_number(text: str) -> int | None:
    """Offset (0-based) of the first identity number in an id or a name, or None."""
    return min((match.start() for match in _in_id(text)), default=None)


def mask_identity_numbers(text: str) -> str:
    """The text with every identity number replaced by the words `[personal number]`."""
    for match in sorted(_in_id(text), key=re.Match.start, reverse=True):
        text = text[: match.start()] + MASK + text[match.end() :]
    return text


def mask_personal_numbers(text: str) -> str:
    """The text with every personal number replaced by the words `[personal number]`."""
    return _CANDIDATE.sub(lambda match: MASK if _is_match(match) else match.group(), text)


def is_personal_number(digits: str) -> bool:
    """Whether ten or twelve digits (0-9, no separator) are a personal number: birth date, birth number, check digit."""
    if not _DIGITS.fullmatch(digits):
        return False
    short = digits[-10:]
    return short[6:9] != "000" and _luhn(short) and _is_birth_date(digits[:-10], short[:2], short[2:4], short[4:6])


def is_norwegian(digits: str) -> bool:
    """Whether eleven digits are a Norwegian fødselsnummer, D-number or H-number: birth date and both check digits."""
    sums = (sum(int(a) * b for a, b in zip(digits, weights, strict=False)) for weights in _NORWEGIAN_WEIGHTS)
    return not any(total % 11 for total in sums) and _is_nordic_birth_date(digits)


def is_finnish(number: str) -> bool:
    """Whether DDMMYY, three digits and a check character, without the sign of the century, are a henkilötunnus."""
    return _FINNISH_CHECK[int(number[:9]) % 31] == number[9].upper() and _is_nordic_birth_date(number)


def _is_nordic_birth_date(number: str) -> bool:
    """Whether a number begins with DDMMYY; Norwegian D-numbers have 40 added to the day, H-numbers to the month."""
    day, month = int(number[:2]), int(number[2:4])
    day, month = f"{day - 40 * (day > 40):02}", f"{month - 40 * (month > 40):02}"
    return _is_birth_date("", number[4:6], month, day)


def _in_id(text: str) -> Iterator[re.Match]:
    """Matches that do not overlap; a number of two countries counts once."""
    tests = ((_CANDIDATE, is_personal_number), (_IN_ID, is_personal_number))
    tests += ((_NORWEGIAN, is_norwegian), (_FINNISH, is_finnish))
    ends: list[tuple[int, int]] = []
    for pattern, is_number in tests:
        for match in pattern.finditer(text):
            apart = all(match.end() <= start or match.start() >= end for start, end in ends)
            if apart and is_number("".join(group or "" for group in match.groups())):
                ends.append(match.span())
                yield match


def _is_match(match: re.Match) -> bool:
    return is_personal_number("".join(group or "" for group in match.groups()))


def _is_birth_date(century: str, year: str, month: str, day: str) -> bool:
    """Whether the date exists; a samordningsnummer has 60 added to the day (Skatteverket, SKV 707)."""
    born_on = int(day) - 60 if int(day) > 60 else int(day)
    for hundreds in [century] if century else ["19", "20"]:
        if hundreds in ("18", "19", "20"):
            try:
                datetime.date(int(hundreds + year), int(month), born_on)
                return True
            except ValueError:
                continue
    return False


def _luhn(digits: str) -> bool:
    """Check digit, modulus 10: every other digit, from the first, counts twice (SKV 704)."""
    return sum(map(int, digits[1::2] + digits[::2].translate(_DOUBLED))) % 10 == 0
