"""How a report describes a structural variant."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import groupby, product
from operator import itemgetter
from typing import Any

_TYPES = {"<DEL>": "deletion", "<DUP>": "duplication", "<INV>": "inversion"}


def finding_type(ref: str, alt: str) -> str:
    """deletion, duplication, inversion, insertion or breakend, as in report.schema.json."""
    return "insertion" if alt.startswith("<INS") else _TYPES.get(alt, "breakend")


def page_content(section: Mapping[str, Any]) -> dict[str, Any]:
    """Numbers of events by type before the policy, whether insertions were looked for, and which expected fusions the
    targets can show."""
    facts, reported = section["facts"], set(_reported(section["findings"]))
    return {
        "types": dict(sorted(facts["events"].items())),
        "insertions": "clippedreads" in facts["callers"],
        "expected": _expected(section["fusions"], reported) if "fusions" in section else None,
    }


def _reported(findings: Iterable[Mapping[str, Any]]) -> Iterator[tuple[str, str]]:
    """Genes of the fusions that are reported, each also with any partner (*), as in the list of expected ones."""
    for found in findings:
        for name in filter(None, found["own"].get("FUSION", "").split(",")):
            five, _, three = name.partition("::")
            yield from product((five, "*"), (three, "*"))


def _expected(fusions: Mapping[str, Any], reported: Collection[tuple[str, str]]) -> dict[str, Any]:
    """Rows of the fusions that can be shown, and by reason the names of the others; none that is `reported`."""
    rows, missing = [], {}
    for pair in fusions["pairs"]:
        five, three = ("any gene" if gene == "*" else gene for gene in (pair["five"], pair["three"]))
        name = f"{five}::{three}"
        if pair["reason"] and (pair["five"], pair["three"]) in reported:
            continue
        if pair["reason"]:
            missing.setdefault(pair["reason"], []).append(name)
            continue
        limit = None if pair["limit"] is None else f"{pair['limit']:.1%}".replace("%", " %")
        introns = "; ".join(_introns(list(own)) for _, own in groupby(pair["introns"], key=itemgetter("gene")))
        rows.append({"name": name, "introns": introns, "fragments": pair["fragments"], "limit": limit})
    return {"power": f"{fusions['power']:.0%}".replace("%", " %"), "rows": rows, "missing": missing}


def _introns(introns: list[Mapping[str, Any]]) -> str:
    """ALK (ENST00000389048.8): 18 (640), 19 (712)."""
    listed = ", ".join(f"{one['number']} ({one['depth']:,})" for one in introns)
    return f"{introns[0]['gene']} ({introns[0]['transcript']}): {listed}"
