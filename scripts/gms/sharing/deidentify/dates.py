"""Dates become ages: an exact date with a hospital names a patient."""

import datetime

from gms.base.errors import GmsError

# Ages over 89 are one group (HIPAA Safe Harbor, 45 CFR 164.514(b)(2)(i)(C): "90 or older"): so few people are that old
# that the age finds them. The group is written as its lower end.
OLDEST = 90


def age(birth_date: datetime.date, on: datetime.date) -> str:
    """Completed years on a day as an ISO 8601 period: 'P43Y'; 'P90Y' means 90 or older.

    Somebody born on 29 February completes a year on 1 March where there is no such day. Raises GmsError, without the
    dates, where `on` is before the birth.
    """
    if on < birth_date:
        raise GmsError("a date of an individual is before the birth date; correct the table of individuals")
    years = on.year - birth_date.year - ((on.month, on.day) < (birth_date.month, birth_date.day))
    return f"P{min(years, OLDEST)}Y"
