"""Scores of variants by a rank model, with the points of each category and term, and ranks by score."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from gms.ranking.fields import UNKNOWN, LeftOut, Record, left_out, raw_value
from gms.ranking.model import AGGREGATIONS, Model, Term

LOW_PARTNER, PENALTY = 9, 6  # genmod compound: --threshold, --penalty


class Scoring(NamedTuple):
    """A model as a case can use it: `used` are its terms by category, `missing` those that it cannot ask."""

    model: Model
    used: dict[str, list[Term]]
    missing: tuple[LeftOut, ...]

    @property
    def bounds(self) -> tuple[int, int]:
        """The lowest and the highest score that the terms in use can give."""
        low = high = 0
        for category, terms in self.used.items():
            aggregate = AGGREGATIONS[self.model.categories[category]]
            low += aggregate([min(term.possible()) for term in terms])
            high += aggregate([max(term.possible()) for term in terms])
        return low, high


def scoring(model: Model, fields: Collection[str], parts: Collection[str]) -> Scoring:
    """The model for a VCF whose header defines these INFO fields and names these parts as given."""
    missing = tuple(left_out(model.terms, fields, parts))
    names = {entry.term for entry in missing}
    used: dict[str, list[Term]] = {}
    for category in model.categories:
        terms = [term for term in model.terms if term.category == category and term.name not in names]
        used |= {category: terms} if terms else {}
    return Scoring(model, used, missing)


def score(known: Scoring, record: Record) -> tuple[int, list[dict[str, Any]]]:
    """The score of a record, and the points of each category with those of its terms: `value` null where nothing is
    reported, UNKNOWN where it is not known of this record."""
    categories = []
    for category, terms in known.used.items():
        given = list(_points(terms, record))
        points = AGGREGATIONS[known.model.categories[category]](one["score"] for one in given)
        categories.append({"category": category, "score": points, "terms": given})
    return sum(one["score"] for one in categories), categories


def _points(terms: Iterable[Term], record: Record) -> Iterator[dict[str, Any]]:
    for term in terms:
        raw = raw_value(term, record)
        value = None if raw == UNKNOWN else term.value(raw)
        yield {"term": term.name, "value": UNKNOWN if raw == UNKNOWN else value, "score": term.points(value)}


def compound_points(score: int, low: int, partners: Sequence[int | None]) -> int:
    """Points that a variant of a compound pair loses where every partner is scored low: -6, or as many as are left
    above the lowest score `low` of the model (genmod compound 3.12). None where a partner has no score."""
    known = [one for one in partners if one is not None]
    is_lost = known and len(known) == len(partners) and max(known) <= LOW_PARTNER
    return max(low - score, -PENALTY) if is_lost else 0


def ranks(scores: Sequence[int | None]) -> list[int | None]:
    """Ranks from 1 for the highest score; equal scores share the better rank, and the next one counts on after them
    (1, 2, 2, 4). None where there is no score."""
    ordered = sorted((score for score in scores if score is not None), reverse=True)
    first = {score: place for place, score in reversed(list(enumerate(ordered, 1)))}
    return [None if score is None else first[score] for score in scores]
