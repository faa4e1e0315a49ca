"""Whole trials from and to CTML, with a list of what the other side cannot express."""

import datetime
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from gms.base.errors import GmsError
from gms.trials.definitions import ctml
from gms.trials.definitions.ctml import CLASSES, COPIES, STATES, Notes, tree_of
from gms.trials.definitions.trees import TRUNCATING

OPEN = "Open to Accrual"
LOST = ("consent", "valid", "sites", "endpoint", "source", "version")  # keys of ours without a place in CTML


class NotCtml(GmsError):
    """A file that holds no CTML trial."""

    def __init__(self, why: str):
        super().__init__(f"this is no CTML trial: {why}")


def from_ctml(trial: Mapping[str, Any], today: datetime.date) -> tuple[dict[str, Any], Notes]:
    """The content of a definition, and what could not be expressed. Raises NotCtml."""
    steps = (trial.get("treatment_list") or {}).get("step")
    if not isinstance(steps, list) or not (trial.get("protocol_no") or trial.get("nct_id")):
        raise NotCtml("it needs protocol_no or nct_id, and treatment_list with step")
    notes: Notes = []
    cohorts = _all_cohorts(steps, trial, notes)
    name = trial.get("protocol_no") or trial["nct_id"]
    notes.append("consent, validity, sites, endpoint and evidence are not part of CTML; complete them before use")
    return {
        "id": _id(str(name)),
        "version": "1",
        "title": trial.get("short_title") or trial.get("long_title") or str(name),
        "source": "Imported from CTML; complete and check against the protocol.",
        "registers": {key: str(trial[key]) for key in ("protocol_no", "nct_id") if trial.get(key)},
        "valid": {"from": today.isoformat()},
        "status": "open" if str(trial.get("status", "")).lower() == OPEN.lower() else "closed",
        "sites": ["not in CTML"],
        "consent": {"needed": [], "germline": False},
        "endpoint": "Not in CTML.",
        "cohorts": cohorts,
    }, notes


def _all_cohorts(steps: Sequence[Mapping[str, Any]], trial: Mapping[str, Any], notes: Notes) -> list[dict[str, Any]]:
    """The cohorts of all steps. Raises NotCtml."""
    try:
        found = [one for step in steps for one in _cohorts(step, len(steps) > 1, trial, notes)]
    except (AttributeError, TypeError, ValueError):
        raise NotCtml("a step, arm or match clause is not as matchengine V2 writes it") from None
    if not found:
        raise NotCtml("no step, arm or dose level has a match clause")
    return found


def _id(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-") or "trial"


def _cohorts(
    step: Mapping[str, Any], several: bool, trial: Mapping[str, Any], notes: Notes
) -> Iterator[dict[str, Any]]:
    """A cohort for each step, arm or dose level with a match clause, as matchengine matches each of them by itself;
    `several`: whether names need the step."""
    code = f"step-{step.get('step_code', '1')}"
    yield from _cohort(step, code, code, True, trial, notes)
    for arm in step.get("arm") or ():
        name = f"{f'{code}-' if several else ''}{arm.get('arm_code', 'arm')}"
        is_open = str(arm.get("arm_suspended", "N")).upper() != "Y"
        yield from _cohort(arm, name, arm.get("arm_description") or name, is_open, trial, notes)
        for level in arm.get("dose_level") or ():
            level_open = is_open and str(level.get("level_suspended", "N")).upper() != "Y"
            full = f"{name}-level-{level.get('level_code', 'none')}"
            yield from _cohort(level, full, level.get("level_description") or full, level_open, trial, notes)


def _cohort(
    node: Mapping[str, Any], code: str, title: str, is_open: bool, trial: Mapping[str, Any], notes: Notes
) -> Iterator[dict[str, Any]]:
    if node.get("match"):
        drugs = [drug.get("drug_name", "") for drug in (trial.get("drug_list") or {}).get("drug") or ()]
        yield {
            "id": _id(code),
            "title": title,
            "status": "open" if is_open else "suspended",
            "drug": {"name": " + ".join(filter(None, drugs)) or "not in CTML"},
            "rule": tree_of(node["match"], code, notes),
            "evidence": {"scale": "none", "level": "none", "source": "not in CTML"},
        }


def to_ctml(content: Mapping[str, Any]) -> tuple[dict[str, Any], Notes]:
    """CTML of the content of a definition, and what CTML cannot express. Criteria of the trial go into every arm."""
    notes: Notes = [f"{key} has no place in CTML" for key in LOST]
    shared = _clause(content["eligibility"], content, "eligibility", notes) if "eligibility" in content else None
    arms = [_arm(cohort, shared, content, notes) for cohort in content["cohorts"]]
    registers = content.get("registers") or {}
    number = registers.get("nct_id") or registers.get("nct")
    drugs = dict.fromkeys(cohort["drug"]["name"] for cohort in content["cohorts"])
    return {
        "protocol_no": registers.get("protocol_no") or content["id"],
        **({"nct_id": number} if number else {}),
        "short_title": content["title"],
        "status": OPEN if content["status"] == "open" else "Closed to Accrual",
        "drug_list": {"drug": [{"drug_name": drug} for drug in drugs]},
        "treatment_list": {"step": [{"step_code": "1", "step_type": "Registration", "arm": arms}]},
    }, notes


def _arm(cohort: Mapping[str, Any], shared: Any, content: Mapping[str, Any], notes: Notes) -> dict[str, Any]:
    """A cohort as an arm without dose levels."""
    types = cohort.get("tumor_types") or {}
    trees = [{"diagnosis": {"codes": types["include"]}}] if "include" in types else []
    trees += [{"not": {"diagnosis": {"codes": [code]}}} for code in types.get("exclude", ())]
    trees += [cohort["rule"], *({"not": tree} for tree in cohort.get("exclusions", ()))]
    clauses = [clause for tree in trees if (clause := _clause(tree, content, cohort["id"], notes))]
    notes += [f"{cohort['id']}: {key} has no place in CTML" for key in ("slots", "design", "evidence") if key in cohort]
    status = cohort.get("status") or content["status"]
    return {
        "arm_code": cohort["id"],
        "arm_description": cohort.get("title") or cohort["id"],
        "dose_level": [],
        "arm_suspended": "N" if status == "open" else "Y",
        "match": [{"and": [*([shared] if shared else []), *clauses]}],
    }


def _clause(tree: Mapping[str, Any], content: Mapping[str, Any], where: str, notes: Notes, negate: bool = False) -> Any:
    """The clause of a tree; None where CTML has none. `not` moves inwards to the leaves (De Morgan)."""
    ((kind, inside),) = tree.items()
    if kind == "use":
        return _clause(content["rules"][inside], content, where, notes, negate)
    if kind == "not":
        return _clause(inside, content, where, notes, not negate)
    if kind in ("all", "any"):
        word = "and" if (kind == "all") != negate else "or"
        parts = [_clause(part, content, where, notes, negate) for part in inside]
        if word == "or" and None in parts:
            notes.append(f"{where}: an alternative was left out of an 'or', so the arm is narrower in CTML")
        return {word: kept} if (kept := [part for part in parts if part]) else None
    found = ctml_leaf(kind, inside, "!" if negate else "")
    if found is None:
        notes.append(f"{where}: {'not ' if negate else ''}{kind} {_text(inside)} cannot be expressed in CTML")
        return None
    clause, lost = found
    notes += [f"{where}: {key} of {kind} {_text(inside)} was left out" for key in lost]
    return clause


def _text(params: Mapping[str, Any]) -> str:
    return ", ".join(f"{key} {value}" for key, value in params.items())


def ctml_leaf(kind: str, own: Mapping[str, Any], sign: str) -> tuple[dict[str, Any], list[str]] | None:
    """(clause, keys that were left out) of a leaf; None where CTML has no such leaf. `sign` is '!' under not."""
    if kind == "age" and not sign:
        return {"clinical": {"age_numerical": own["value"].replace(" ", "")}}, []
    if kind == "biomarker":
        return _state(own, sign)
    if kind == "sex":
        return {"clinical": {"gender": sign + own["is"].capitalize()}}, []
    if kind == "clinical" and own["item"] in ctml.RECEPTORS:
        return {"clinical": {own["item"]: sign + own["is"]}}, sorted(own.keys() - {"item", "is"})
    if kind == "prior_therapy":
        return {"prior_treatment": sign + own["drug"]}, sorted(own.keys() - {"drug"})
    if kind == "diagnosis":
        return _diagnosis(own["codes"], sign)
    return _genomic(kind, own, sign)


def _diagnosis(codes: list[str], sign: str) -> tuple[dict[str, Any], list[str]] | None:
    named = [{"clinical": {"oncotree_primary_diagnosis": sign + code}} for code in codes if ":" not in code]
    lost = [code for code in codes if ":" in code]
    if not named:
        return None
    return (named[0] if len(named) == 1 else {"and" if sign else "or": named}), lost


def _state(own: Mapping[str, Any], sign: str) -> tuple[dict[str, Any], list[str]] | None:
    name = own["name"]
    if name == "tmb" and "value" in own and not sign:
        return {"clinical": {"tmb_numerical": own["value"].replace(" ", "")}}, []
    if name == "msi" and (word := {state: text for text, state in STATES["mmr_status"][1].items()}.get(own.get("is"))):
        return {"genomic": {"mmr_status": sign + word}}, []
    if name.removeprefix("signature_") in ctml.SIGNATURES and "is" in own:
        return {"genomic": {f"{name.removeprefix('signature_')}_signature": sign + own["is"]}}, []
    return None


def _genomic(kind: str, own: Mapping[str, Any], sign: str) -> tuple[dict[str, Any], list[str]] | None:
    """One alteration; '!' goes to the gene, which negates the clause."""
    gene = {"hugo_symbol": sign + own["gene"]} if "gene" in own else {}
    if kind == "wild_type" and not sign:
        return {"genomic": {**gene, "wildtype": True}}, sorted(own.keys() - {"gene"})
    if kind == "fusion":
        partner = {"fusion_partner_hugo_symbol": own["partner"]} if "partner" in own else {}
        return {"genomic": {**gene, "variant_category": "Structural Variation", **partner}}, []
    if kind == "copy_number":
        call = {limit: call for call, limit in COPIES.items()}.get(own["value"])
        return ({"genomic": {**gene, "variant_category": "CNV", "cnv_call": call.title()}}, []) if call else None
    return _mutation(gene, own) if kind == "variant" else None


def _mutation(gene: Mapping[str, str], own: Mapping[str, Any]) -> tuple[dict[str, Any], list[str]] | None:
    terms = own.get("consequences")
    kinds = [kind for kind, known in CLASSES.items() if terms == known]
    if len(own.get("exons", ())) > 1 or (terms and TRUNCATING in terms) or (terms and not kinds):
        return None
    clause: dict[str, Any] = {**gene, "variant_category": "Mutation"}
    if "exons" in own:
        clause["exon"] = own["exons"][0]
    if "protein" in own:
        is_residue = re.fullmatch(r"p\.[A-Z][0-9]+", own["protein"])
        clause["wildcard_protein_change" if is_residue else "protein_change"] = own["protein"]
    if kinds:
        clause["variant_classification"] = kinds[0].title()
    kept = {"gene", "exons", "protein", "consequences"}
    return {"genomic": clause}, sorted(own.keys() - kept)
