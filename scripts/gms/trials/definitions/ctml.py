"""CTML, the trial format of MatchMiner's matchengine V2: match clauses to trees of ours.

In a clause, `and` and `or` hold lists; several keys of one entry hold together; a value that begins with `!` must not
be. What has no counterpart here is listed with its place, and its clause counts as a criterion that nobody can settle
(an item of the clinical table), never as met.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

Tree = dict[str, Any]
Notes = list[str]

CLASSES = {  # words of variant_classification -> terms of Sequence Ontology
    "missense_mutation": ["missense_variant"],
    "nonsense_mutation": ["stop_gained"],
    "frame_shift_del": ["frameshift_variant"],
    "frame_shift_ins": ["frameshift_variant"],
    "in_frame_del": ["inframe_deletion"],
    "in_frame_ins": ["inframe_insertion"],
    "splice_site": ["splice_acceptor_variant", "splice_donor_variant"],
    "nonstop_mutation": ["stop_lost"],
    "translation_start_site": ["start_lost"],
}
COPIES = {"high amplification": ">= 6", "homozygous deletion": "< 0.5", "heterozygous deletion": "< 1.5"}
STATES = {
    "mmr_status": ("msi", {"mmr-deficient (mmr-d / msi-h)": "high", "mmr-proficient (mmr-p / mss)": "stable"}),
    "ms_status": ("msi", {"mmr-deficient (mmr-d / msi-h)": "high", "mmr-proficient (mmr-p / mss)": "stable"}),
}
SIGNATURES = ("apobec", "pole", "tobacco", "temozolomide", "uva")
RECEPTORS = ("her2_status", "er_status", "pr_status", "disease_status")


def tree_of(match: Any, where: str, notes: Notes) -> Tree:
    """The tree of a match clause, or of a list of clauses that hold together; `where` is its place for the notes."""
    if isinstance(match, list):
        return _joined("all", [tree_of(part, f"{where}[{place}]", notes) for place, part in enumerate(match, 1)])
    parts = [_entry(key, value, f"{where}.{key}", notes) for key, value in match.items()]
    return _joined("all", parts)


def _joined(kind: str, parts: list[Tree]) -> Tree:
    return parts[0] if len(parts) == 1 else {kind: parts}


def _entry(key: str, value: Any, where: str, notes: Notes) -> Tree:
    if key in ("and", "or"):
        return {
            "all" if key == "and" else "any": [tree_of(part, f"{where}[{n}]", notes) for n, part in enumerate(value, 1)]
        }
    if key == "genomic":
        return _genomic(dict(value), where, notes)
    if key == "clinical":
        return _joined("all", [_clinical(name, text, f"{where}.{name}", notes) for name, text in value.items()])
    if key in ("prior_treatment", "prior_treatments"):
        drug = value if isinstance(value, str) else next(iter(value.values()), "")
        return _negated(drug, lambda name: {"prior_therapy": {"drug": name}})
    return _unsettled(where, key, value, notes)


def _unsettled(where: str, name: str, value: Any, notes: Notes) -> Tree:
    """A criterion of the clinical table for what cannot be expressed."""
    notes.append(f"{where}: {name} {value!r} has no counterpart; it became an item of the clinical table")
    item = re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")
    return {"clinical": {"item": f"ctml_{item}", "is": str(value)}}


def _negated(text: Any, made: Callable[[str], Tree]) -> Tree:
    """The tree of a value, under `not` where it begins with '!'."""
    is_not = isinstance(text, str) and text.startswith("!")
    tree = made(text[1:] if is_not else str(text))
    return {"not": tree} if is_not else tree


def _clinical(name: str, value: Any, where: str, notes: Notes) -> Tree:
    if name == "age_numerical":
        return {"age": {"value": _condition(value), "unit": "years"}}
    if name == "tmb_numerical":
        return {"biomarker": {"name": "tmb", "value": _condition(value), "unit": "mutations/Mb"}}
    if name == "gender":
        return _negated(value, lambda sex: {"sex": {"is": sex.lower()}})
    if name in RECEPTORS:
        return _negated(value, lambda state: {"clinical": {"item": name, "is": state.lower()}})
    if name == "oncotree_primary_diagnosis":
        if str(value).strip("!") in ("_SOLID_", "_LIQUID_", "All Tumors", "All Solid Tumors", "All Liquid Tumors"):
            return _unsettled(where, name, value, notes)
        return _negated(value, lambda code: {"diagnosis": {"codes": [code]}})
    return _unsettled(where, name, value, notes)


def _condition(value: Any) -> str:
    found = re.fullmatch(r"\s*(<=|>=|<|>|==?)?\s*(\d+(?:\.\d+)?)\s*", str(value))
    if not found:
        return str(value)  # refused when the definition is read, with its line
    sign, number = found.groups()
    return f"{'==' if sign in (None, '=') else sign} {number}"


def _genomic(clause: Mapping[str, Any], where: str, notes: Notes) -> Tree:
    """One alteration, or its absence: '!' at the gene or at the category negates the whole clause."""
    own = {key: value for key, value in clause.items() if key != "display_name"}
    negated = [key for key in own if isinstance(own[key], str) and own[key].startswith("!")]
    plain = {key: value[1:] if key in negated else value for key, value in own.items()}
    tree = _alteration(plain, where, notes)
    if negated and set(negated) - {
        "hugo_symbol",
        "variant_category",
        "protein_change",
        "wildcard_protein_change",
        "exon",
        "cnv_call",
    } - set(STATES):
        notes.append(f"{where}: '!' at {', '.join(negated)} negates the whole clause here")
    return {"not": tree} if negated else tree


def _alteration(own: dict[str, Any], where: str, notes: Notes) -> Tree:
    for key, (name, words) in STATES.items():
        if key in own:
            state = words.get(str(own[key]).lower())
            return {"biomarker": {"name": name, "is": state}} if state else _unsettled(where, key, own[key], notes)
    for name in SIGNATURES:
        if (key := f"{name}_signature") in own:
            return {"biomarker": {"name": f"signature_{name}", "is": str(own[key]).lower()}}
    gene, category = own.get("hugo_symbol"), str(own.get("variant_category", "")).lower()
    if not gene or gene.lower() in ("any_variation", "any"):
        return _unsettled(where, "genomic", own, notes)
    asked = _of_gene(own, gene, category, where, notes)
    return _joined("all", [asked, *_without_counterpart(own, where, notes)])


def _of_gene(own: dict[str, Any], gene: str, category: str, where: str, notes: Notes) -> Tree:
    if own.get("wildtype") in (True, "true", "True"):
        return {"wild_type": {"gene": gene}}
    if category.startswith(("cnv", "copy")):
        call = str(own.get("cnv_call", "")).lower()
        if call in COPIES:
            return {"copy_number": {"gene": gene, "value": COPIES[call], "unit": "copies"}}
        return _unsettled(where, "cnv_call", own.get("cnv_call"), notes)
    if category.startswith(("sv", "structural")):
        partner = own.get("fusion_partner_hugo_symbol")
        return {"fusion": {"gene": gene, **({"partner": partner} if partner else {})}}
    return {"variant": dict(_variant(own, gene))}


_READ = {
    *("hugo_symbol", "variant_category", "exon", "protein_change", "wildcard_protein_change", "variant_classification"),
    *("wildtype", "cnv_call", "fusion_partner_hugo_symbol"),
}


def _variant(own: dict[str, Any], gene: str) -> Iterator[tuple[str, Any]]:
    yield "gene", gene
    if exon := own.get("exon"):
        yield "exons", [int(exon)]
    if change := own.get("protein_change") or own.get("wildcard_protein_change"):
        yield "protein", change if str(change).startswith("p.") else f"p.{change}"
    if terms := CLASSES.get(str(own.get("variant_classification", "")).lower()):
        yield "consequences", terms


def _without_counterpart(own: dict[str, Any], where: str, notes: Notes) -> Iterator[Tree]:
    """Criteria for what an alteration cannot be asked, so that it is not met without them."""
    kind = own.get("variant_classification")
    if kind and str(kind).lower() not in CLASSES:
        yield _unsettled(f"{where}.variant_classification", "variant_classification", kind, notes)
    for key in sorted(own.keys() - _READ):
        yield _unsettled(f"{where}.{key}", key, own[key], notes)
