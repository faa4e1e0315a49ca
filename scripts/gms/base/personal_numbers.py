"""Swedish personal numbers (personnummer, samordningsnummer): found so that they are refused, and never echoed."""

import datetime
import re

# Ten or twelve digits that stand alone: letters may touch them, further digits may not (flow-cell ids, timestamps).
# Word processors replace the hyphen by longer dashes.
_CANDIDATE = re.compile(
    r"(?<![0-9])([0-9]{2})?([0-9]{2})([0-9]{2})([0-9]{2})[-+\u2010-\u2013\u2212]?([0-9]{4})(?![0-9])"
)
_DIGITS = re.compile(r"[0-9]{10}(?:[0-9]{2})?")
_DOUBLED = str.maketrans("0123456789", "0246813579")  # with the digits of two-digit results added
MASK = "[personal number]"


def find_personal_number(text: str) -> int | None:
    """Offset (0-based) of the first personal number in the text, or None."""
    return next((match.start() for match in _CANDIDATE.finditer(text) if _is_match(match)), None)


def mask_personal_numbers(text: str) -> str:
    """The text with every personal number replaced by the words `[personal number]`."""
    return _CANDIDATE.sub(lambda match: MASK if _is_match(match) else match.group(), text)


def is_personal_number(digits: str) -> bool:
    """Whether ten or twelve digits (0-9, no separator) are a personal number: birth date, birth number, check digit."""
    if not _DIGITS.fullmatch(digits):
        return False
    short = digits[-10:]
    return short[6:9] != "000" and _luhn(short) and _is_birth_date(digits[:-10], short[:2], short[2:4], short[4:6])


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
