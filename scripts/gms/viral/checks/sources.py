"""Which other sample of a plate a sample's second bases come from. Positions are 1-based, as in the records.

Two samples differ in the consensus at some sites. Where a few reads of one are of the other, its second bases there are
the other's bases, whatever errors it has elsewhere; errors of 2 % and more at three such sites, all with the other's
base, do not happen by chance.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from gms.viral.checks.second_bases import HIGH

_SITES, _SHARE = 3, 0.8  # of the sites that differ
_SHARED, _HALF = 5, 0.5  # second bases of 5 % and more that two samples have in common
_MANY = 4  # samples of a plate from which a second base in most of them is an error of the method


def own_bases(record: Mapping[str, Any]) -> dict[int, str]:
    """Base by position of the substitutions in a consensus."""
    passed = (v["variant"].split(":") for v in record["variants"] if v["filter"] == "PASS")
    return {int(pos): alt for pos, ref, alt in passed if len(ref) == len(alt) == 1}


def sources_of(record: Mapping[str, Any], others: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The other samples that `record` may hold reads of, the best first: sites that differ, and of them those whose
    second base is the other's."""
    second = {site["pos"]: site for site in record["second_bases"]}
    mine, found = own_bases(record), []
    for other in others:
        theirs = own_bases(other)
        sites = [
            (pos, theirs.get(pos, _reference(pos, mine, record)))
            for pos in sorted(mine.keys() | theirs.keys())
            if mine.get(pos) != theirs.get(pos) and _is_called(pos, record) and _is_called(pos, other)
        ]
        seen = [second[pos]["fraction"] for pos, base in sites if pos in second and second[pos]["base"] == base]
        if len(seen) >= max(_SITES, _SHARE * len(sites)):
            fraction = sorted(seen)[len(seen) // 2]
            found.append({"sample": other["sample"], "sites": len(sites), "seen": len(seen), "fraction": fraction})
    found.sort(key=lambda source: (-source["seen"], source["sample"]))
    # A sample that is like the source at some of its sites only is not meant.
    return [source for source in found if 2 * source["seen"] >= found[0]["seen"]]


def _reference(pos: int, mine: Mapping[int, str], record: Mapping[str, Any]) -> str:
    """The base of the reference at one of the sample's own substitutions."""
    own = (v["variant"].split(":") for v in record["variants"])
    return next((ref for place, ref, alt in own if int(place) == pos and len(ref) == len(alt) == 1), "")


def _is_called(pos: int, record: Mapping[str, Any]) -> bool:
    return not any(start <= pos <= end for start, end, _ in record["not_called"])


def shared_second_bases(records: Sequence[Mapping[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    """By sample the others with which it shares second bases of 5 % and more: a source that is not on the plate.

    Second bases that more than half of the samples have are errors of the method and left out.
    """
    sites = {record["sample"]: _frequent(record) for record in records}
    number = Counter(site for own in sites.values() for site in own)
    usual = {site for site, count in number.items() if len(records) >= _MANY and count > len(records) / 2}
    found: dict[str, list[dict[str, Any]]] = {name: [] for name in sites}
    for one, own in sites.items():
        for other, theirs in sites.items():
            both, least = (own & theirs) - usual, min(len(own - usual), len(theirs - usual))
            if one != other and len(both) >= max(_SHARED, _HALF * least):
                found[one].append({"sample": other, "shared": len(both), "sites": len(own - usual)})
    return found


def _frequent(record: Mapping[str, Any]) -> set[tuple[int, str]]:
    return {(site["pos"], site["base"]) for site in record["second_bases"] if site["fraction"] >= HIGH}
