"""Leaves on values of the whole tumour: biomarkers, copy number, fusions, expression.

A value is the workflow's own where the report has it (`biomarkers`: metric, value, limit, verdict; `classes`: copies of
genes and fusions), else that of another laboratory in the clinical table.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from typing import Any

from gms.filtering.inherited import MAY_BE, origin_of_copies
from gms.trials.matching.case_facts import SILENT, CaseFacts
from gms.trials.matching.clinical_table import Entry
from gms.trials.matching.outcome import YES_NO, Outcome, compared, condition, holds, met, not_met, open_question, said
from gms.variants.panel_copies.copies import LEAST_PURITY

COPIES = "copies"
FUSED = ("structural", "rna")  # classes of variants that name fusions
LOST = 0.5  # copies of the tumour's cells below which both are lost (GMS560)
ONE_RESIDUE = {"missense_variant", "synonymous_variant"}
STATES = {"msi": ("high", "stable"), "tmb": ("high", "low"), "hrd": ("high", "low")}  # in the workflow's words
UNITS = {"tmb": "mutations/Mb", "msi": "% of sites"}  # of the workflow's own biomarkers


def _own(facts: CaseFacts, name: str, in_words: bool) -> Entry | Outcome | None:
    """The workflow's own value, `in_words` its state; an outcome where it could not be measured."""
    rows = facts.document.get("biomarkers")
    rows = rows if isinstance(rows, list) else []
    row = next((row for row in rows if row.get("metric") == name), None)
    if row is None:
        return None
    value = row.get("value")
    if value is None or row.get("verdict") in ("fail", "not_assessed"):
        return open_question(f"{name} could not be measured: {row.get('why') or 'no value'}", f"another test of {name}")
    number = float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
    limit = row.get("limit")
    unit = row.get("unit") or UNITS.get(name, "")
    if name == "msi" and row.get("verdict") == "grey":
        return open_question(f"msi is in the grey zone, {value} {unit}", "immunohistochemistry or PCR")
    if in_words:
        value, number = row.get("verdict"), None
    return Entry(str(value), number, unit, "", limit if isinstance(limit, int | float) else None)


def _value(facts: CaseFacts, item: str, words: str, asked: Mapping[str, Any]) -> Outcome:
    own = _own(facts, item, "is" in asked)
    entry = own if isinstance(own, Entry) else facts.latest(item) or own  # another laboratory's where ours says nothing
    if entry is None:
        return open_question(f"{words} was not measured", f"a test of {words}")
    if isinstance(entry, Outcome):
        return entry
    if "is" not in asked:
        return _compared(entry, words, asked)
    if entry.number is not None:
        return open_question(f"{words} is a number, {entry.value}", f"{words} in a word, such as {asked['is']}")
    return said(entry.value, str(asked["is"]), words, STATES.get(item, YES_NO))


def _compared(entry: Entry, words: str, asked: Mapping[str, Any]) -> Outcome:
    """A number against the condition, if its unit is right and it lies above its limit of detection."""
    if entry.number is None:
        return open_question(f"{words} '{entry.value}' is not a number", f"{words} as a number")
    if entry.unit != asked["unit"]:
        given = entry.unit or "no unit"
        return open_question(f"{words} is in {given}, asked is {asked['unit']}", f"{words} in {asked['unit']}")
    if entry.limit is not None and max(entry.number, condition(asked["value"])[1]) < entry.limit:
        text = f"{words} {entry.number:g} is below its limit of detection, {entry.limit:g}"
        return open_question(text, f"a more sensitive test of {words}")
    return compared(asked["value"], entry.number, f"{words} {entry.number:g} {entry.unit}")


def biomarker(facts: CaseFacts, asked: Mapping[str, Any]) -> Outcome:
    """TMB, MSI, HRD or a signature."""
    return _value(facts, asked["name"], asked["name"].replace("_", " "), asked)


def copy_number(facts: CaseFacts, asked: Mapping[str, Any]) -> Outcome:
    """Copies of a gene in the tumour's cells; the workflow's own corrected by a purity."""
    measured = _own_copies(facts, asked["gene"])
    if measured and (measured["copies"] is not None) and asked.get("unit") == COPIES:
        words, (low, high) = f"copy number of {asked['gene']} {measured['copies']:g} copies", measured["interval"]
        if _may_be_inherited(measured, asked["value"]):
            return open_question(f"{words}, or inherited", "a normal sample of the patient")
        other = measured.get("other_copies", measured["copies"])  # in another genome that explains the depth as well
        if len({holds(asked["value"], number) for number in (low, high, other)}) == 1:
            return compared(asked["value"], measured["copies"], words)
        return open_question(f"{words}, 95 % interval {low:g} to {high:g}", f"a test of {asked['gene']}")
    return _value(facts, f"copy_number:{asked['gene']}", f"copy number of {asked['gene']}", asked)


def _may_be_inherited(row: Mapping[str, Any], asked: str) -> bool:
    """Whether the depth fits one copy less or more in all cells as well, which would answer otherwise."""
    if origin_of_copies(row.get("marks", ())) != MAY_BE:
        return False
    in_all_cells = row["usual"] + (1 if row["state"] == "duplication" else -1)
    return holds(asked, row["copies"]) != holds(asked, in_all_cells)


def _own_copies(facts: CaseFacts, gene: str) -> Mapping[str, Any] | None:
    """Row of a gene of the class copy_number; None where it was not measured, or is that of all cells together."""
    known = next((one["facts"] for one in _classes(facts) if one["variants"] == "copy_number"), {})
    is_of_tumor = (known.get("purity") or 0) >= LEAST_PURITY or known.get("measured_purity")
    if not known.get("assessed") or not is_of_tumor:
        return None
    return next((row for row in known.get("genes", ()) if row["gene"] == gene), None)


def _classes(facts: CaseFacts) -> Sequence[Mapping[str, Any]]:
    """Classes of variants besides small ones, of the report."""
    return facts.document.get("classes") or ()


def expression(facts: CaseFacts, asked: Mapping[str, Any]) -> Outcome:
    """Expression of a gene, where given."""
    return _value(facts, f"expression:{asked['gene']}", f"expression of {asked['gene']}", asked)


def fusion(facts: CaseFacts, asked: Mapping[str, Any]) -> Outcome:
    """A fusion of a gene, with any partner or with one; the order of the partners does not matter."""
    gene, partner = asked["gene"], asked.get("partner")
    wanted = {gene, partner} - {None}
    for genes in _own_fusions(facts):
        if wanted <= {*genes}:
            return met(f"fusion {'::'.join(genes)}")
    absent = False
    for item in facts.clinical:
        if not item.startswith("fusion:"):
            continue
        genes, entry = set(item.removeprefix("fusion:").split("::")), facts.latest(item)
        if entry.value.casefold() in ("yes", "detected") and wanted <= genes:
            return met(f"fusion {'::'.join(sorted(genes))}")
        if entry.value.casefold() in ("no", "not detected") and genes <= wanted and gene in genes:
            absent = True  # 'no' of a pair says nothing of other partners
    words = f"fusion {gene}::{partner}" if partner else f"fusion of {gene}"
    if absent:
        return not_met(f"no {words}")
    looked = any(one["variants"] in FUSED and one["facts"].get("assessed", True) for one in _classes(facts))
    because = "was not found, which does not exclude it" if looked else "was not looked for"
    return open_question(f"{words} {because}", f"a test of the {words}")


def _own_fusions(facts: CaseFacts) -> Iterator[list[str]]:
    """Genes, 5' first, of each fusion that the report has."""
    for found in (found for one in _classes(facts) if one["variants"] in FUSED for found in one["findings"]):
        for name in filter(None, (found["own"].get("FUSION") or "").split(",")) if found["reported"] else ():
            yield name.split("::")


def large_event(facts: CaseFacts, gene: str, asked: Mapping[str, Any]) -> Outcome | None:
    """A reported structural variant, event in RNA, or loss of all copies that may be what is asked of a gene; what it
    does to the protein is for the board to say."""
    if any(key in asked for key in ("protein", "hotspot", "zygosity")):
        return None
    large = (found for one in _classes(facts) if one["variants"] in FUSED for found in one["findings"])
    counted = (found for one in _classes(facts) if one["variants"] == "copy_number" for found in one["findings"])
    for found in chain(large, filter(_is_lost, counted)):
        if found["reported"] and gene in found.get("genes", ()) and _may_be(found, asked):
            return open_question(f"{found['type']} of {gene} is reported", "its reading by the tumour board")
    return None


def _is_lost(found: Mapping[str, Any]) -> bool:
    """Whether no copy is left: of one lost copy the other one is still of the wild type."""
    return found["type"] == "deletion" and float(found["own"].get("COPIES", LOST)) < LOST


def _may_be(found: Mapping[str, Any], asked: Mapping[str, Any]) -> bool:
    """Terms of large events are those of exons and genes; anything but a single changed residue can come of them."""
    terms, wanted = set(found["consequence"]), set(asked.get("consequences", ()))
    is_change = found["impact"] not in SILENT and terms != {"transcript_amplification"}  # of a whole gene
    is_kind = "classes" not in asked or not {"snv", "mnv"}.issuperset(asked["classes"])
    return is_change and is_kind and (not wanted or bool(wanted - ONE_RESIDUE))
