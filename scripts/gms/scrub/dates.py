"""Dates become ages and study days."""

import datetime


def age(birth_date: datetime.date, on: datetime.date) -> str:
    """Completed years as an ISO 8601 period."""
    raise NotImplementedError


def study_day(date: datetime.date, study_start: datetime.date) -> int:
    """Day of the study; the start is day 1, the day before it day -1."""
    raise NotImplementedError
