"""Leaves on variants and wild type. Absence counts only where the case could have shown the variant."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from gms.filtering.inherited import IN_NORMAL, INHERITED, MAY_BE
from gms.trials.definitions.trees import TRUNCATING
from gms.trials.matching.case_facts import LEAST_PURITY, SILENT, CaseFacts, withheld
from gms.trials.matching.measured import large_event
from gms.trials.matching.outcome import NOT_MET, UNKNOWN, Outcome, condition, holds, met, not_met, open_question

Finding = Mapping[str, Any]
SPLICED = {"splice_acceptor_variant", "splice_donor_variant"}
TRUNCATIONS = {"stop_gained", "frameshift_variant", "transcript_ablation", *SPLICED}
BOARD = "classification of the variant by the tumour board"
_NAMES = "AlaArgAsnAspCysGlnGluGlyHisIleLeuLysMetPheProSerThrTrpTyrValTer"
_LETTERS = {_NAMES[3 * place : 3 * place + 3]: letter for place, letter in enumerate("ARNDCQEGHILKMFPSTWYV*")}
_AMINO_ACID = re.compile("|".join(_LETTERS))


def short(change: str) -> str:
    """p.(Val600Glu) as p.V600E."""
    return _AMINO_ACID.sub(lambda match: _LETTERS[match.group()], change.replace("(", "").replace(")", ""))


def name(found: Finding, gene: str) -> str:
    """A finding as the reader knows it."""
    hgvs = found["hgvs"]
    change = short(hgvs["p"]) if hgvs["p"] else hgvs["c"] or found["variants"][0]
    fraction = found["evidence"][0]["fraction"]
    return f"{gene} {change}" + (f" ({fraction:.1%} of the reads)" if fraction is not None else "")


def variant(facts: CaseFacts, asked: Mapping[str, Any]) -> Outcome:
    """A variant with all that is asked of it."""
    doubts: list[Outcome] = []
    gene = asked["gene"]
    for found in facts.findings.get(gene, ()):
        outcomes = list(_conditions(found, asked, facts))
        if any(outcome.state == NOT_MET for outcome in outcomes):
            continue
        open_ones = [outcome for outcome in outcomes if outcome.state == UNKNOWN]
        if not open_ones:
            return met(name(found, gene))
        doubts.append(open_question(f"{name(found, gene)}: {open_ones[0].because}", open_ones[0].need))
    if doubts:
        return doubts[0]
    return _may_be_missed(facts, gene, asked, _needed(facts, asked)) or not_met(f"no such variant of {gene}")


def _may_be_missed(facts: CaseFacts, gene: str, asked: Mapping[str, Any], fraction: float) -> Outcome | None:
    """Why what was not found may be there all the same."""
    origin = asked.get("origin", "somatic")
    if not facts.is_somatic and origin != "germline":
        return open_question("no tumour was sequenced", "a sequenced tumour of the patient")
    missed = doubt(facts, gene, asked.get("exons"), fraction)
    return missed or withheld(facts, gene, origin) or large_event(facts, gene, asked)


def _conditions(found: Finding, asked: Mapping[str, Any], facts: CaseFacts) -> Iterator[Outcome]:
    """Every condition on one finding, cheap and excluding ones first."""
    is_named = found["genes"][0] == asked["gene"]
    detailed = ("exons", "protein", "consequences")
    if not is_named and any(key in asked for key in detailed):
        yield open_question(f"named by {found['genes'][0]}", f"the change as seen from {asked['gene']}")
    else:
        yield from _change(found, asked, facts)
    if "classes" in asked and found["type"] not in asked["classes"]:
        yield not_met("another kind of allele")
    if "zygosity" in asked:
        yield _zygosity(found, asked["zygosity"])
    yield from _amount(found, asked, facts)
    if "hotspot" in asked and not found["known"]["hotspot"]:
        has = facts.has_part("hotspots")
        yield not_met("no hotspot") if has else open_question("the run had no list of hotspots", "a list of hotspots")
    if "pathogenic" in asked:
        yield _pathogenic(found)
    yield _origin(found, asked, facts)
    if not found["reported"]:
        flags = ", ".join(found["flags"]) or "not in a reported section"
        yield open_question(f"seen, but not reported ({flags})", "confirmation by another method")


def _change(found: Finding, asked: Mapping[str, Any], facts: CaseFacts) -> Iterator[Outcome]:
    """Exon, protein change and consequence."""
    is_any = not any(key in asked for key in ("protein", "consequences", "pathogenic", "hotspot"))
    if is_any and found["impact"] in SILENT and not found["known"]["hotspot"]:
        yield not_met("no change of the protein")
    if "exons" in asked:
        exon = re.match(r"\d+", found["exon"] or "")
        if exon is None and not facts.has_part("genes"):
            yield open_question("the run had no gene models", "an analysis with gene models")
        elif exon is None and SPLICED.intersection(found["consequence"]):
            yield open_question("at the end of an intron, whose exon is not named", BOARD)
        elif exon is None or int(exon.group()) not in asked["exons"]:
            yield not_met("another exon")
    if "protein" in asked:
        if not found["hgvs"]["p"] and not facts.has_part("genes"):
            yield open_question("the run had no gene models", "an analysis with gene models")
        elif not is_change(short(found["hgvs"]["p"] or ""), asked["protein"]):
            yield not_met("another protein change")
    if "consequences" in asked:
        wanted = set(asked["consequences"]) | (TRUNCATIONS if TRUNCATING in asked["consequences"] else set())
        if wanted.isdisjoint(found["consequence"]):
            yield not_met("another consequence")


def is_change(change: str, asked: str) -> bool:
    """Whether a protein change is the asked one, or any change of the asked residue; p.V600 is not p.V6001."""
    if re.fullmatch(r"p\.[A-Z][0-9]+", asked):
        rest = change.removeprefix(asked)
        return rest != change and rest[:1] not in ("", "=") and not rest[:1].isdigit()
    return change == asked or (asked.endswith("fs") and change.startswith(asked[:-2]) and "fs" in change)


def _zygosity(found: Finding, asked: str) -> Outcome:
    zygosity = found["evidence"][0]["zygosity"]
    if zygosity in (None, "no genotype"):
        return open_question("zygosity is not known", "a germline analysis")
    return met(zygosity) if zygosity == asked else not_met(zygosity)


def _amount(found: Finding, asked: Mapping[str, Any], facts: CaseFacts) -> Iterator[Outcome]:
    """Fraction of reads, and share of tumour cells."""
    fraction, purity = found["evidence"][0]["fraction"], facts.index.get("purity")
    for key in ("fraction", "clonality"):
        if key not in asked:
            continue
        if fraction is None:
            yield open_question("its fraction is not known", "the fraction of reads")
        elif key == "clonality" and not purity:
            yield open_question("the purity of the tumour is not known", "purity of the sample (sample sheet)")
        else:
            value = fraction if key == "fraction" else min(1.0, 2 * fraction / purity)
            yield met(key) if holds(asked[key], value) else not_met(f"{key} {value:.3g}")


def _pathogenic(found: Finding) -> Outcome:
    clinvar = found["known"]["clinvar"]
    words = clinvar["class"].replace("_", " ").lower() if clinvar else ""
    if found["known"]["hotspot"] or (re.search(r"\bpathogenic\b", words) and "conflicting" not in words):
        return met("pathogenic")
    if "benign" in words and "conflicting" not in words:
        return not_met("benign in ClinVar")
    return open_question(f"significance not known (ClinVar: {words or 'no entry'})", BOARD)


def _origin(found: Finding, asked: Mapping[str, Any], facts: CaseFacts) -> Outcome:
    """Somatic or germline, and whether a germline finding may be used."""
    wanted = asked.get("origin", "somatic")
    is_germline = not facts.is_somatic or INHERITED in found["labels"]
    is_hotspot = found["known"]["hotspot"]
    if not is_germline and (wanted != "any" or not _may_use_germline(facts, asked)):
        if MAY_BE in found["labels"] and not is_hotspot:
            return open_question("may be inherited", "a normal sample of the patient with reads at this position")
        if IN_NORMAL in found["labels"] and not (is_hotspot and found["reported"]):
            return open_question("also in the normal", "a normal sample of the patient without cells of the tumour")
    if wanted == "somatic" or (wanted == "any" and not is_germline):
        return not_met("germline") if is_germline else met("somatic")
    if not is_germline:
        return not_met("somatic")
    if not asked["germline_allowed"]:
        return open_question("the study's consent does not cover germline findings", "consent of the study")
    if not _may_use_germline(facts, asked):
        return open_question(
            "the patient's consent to germline findings is not known", "consent_germline of the patient"
        )
    return met("germline")


def _may_use_germline(facts: CaseFacts, asked: Mapping[str, Any]) -> bool:
    entry = facts.latest("consent_germline")
    return bool(asked["germline_allowed"] and entry and entry.value == "yes")


def _needed(facts: CaseFacts, asked: Mapping[str, Any]) -> float:
    """Fraction that must have been visible: the asked one, else that of a heterozygous variant of all tumour cells."""
    purity = facts.index.get("purity") or LEAST_PURITY
    if "fraction" in asked and condition(asked["fraction"])[0] in (">", ">=", "=="):
        return condition(asked["fraction"])[1]
    share = condition(asked["clonality"])[1] if asked.get("clonality", "").startswith(">") else 1.0
    return share * purity / 2


def doubt(facts: CaseFacts, gene: str, exons: list[int] | None, fraction: float) -> Outcome | None:
    """Why a variant of a gene may have been missed; None where it would have been seen.

    `exons`: those that count, None for all; `fraction`: what a variant would have, 0-1, of tumours only.
    """
    row = facts.genes.get(gene)
    if row is None:
        return open_question(f"{gene} is not analysed by this assay", f"a test that covers {gene}")
    weak = _uncovered(row, facts.exons.get(gene) if facts.exons is not None else None, exons)
    if weak:
        return open_question(f"{gene} {weak} not wholly covered", f"a test that covers {gene} {weak}")
    if row["copy"] not in ("-", "", None):
        return open_question(
            f"short reads cannot tell {gene} from {row['copy']}", f"a method that tells {gene} from its copy"
        )
    if not facts.is_somatic:
        return None
    limit = facts.limits.get(gene)
    if limit is None:
        return open_question(f"the limit of detection of {gene} is not known", f"a deeper test of {gene}")
    if limit > fraction:
        text = f"variants of {gene} are found from {limit:.1%} of the reads, {fraction:.1%} are asked for"
        return open_question(text, f"a deeper test of {gene}, or a sample with more tumour cells")
    return None


def _uncovered(row: Mapping[str, Any], known: Mapping[int, bool] | None, exons: list[int] | None) -> str:
    """The exons without proof of coverage, in words; '' where all are covered."""
    listed = row["weak_exons"] != "-"
    if not listed and row["status"] != "ok" and row["copy"] in ("-", "", None):
        return "(some exons)"
    weak = set(str(row["weak_exons"]).split(",")) if listed else set()
    if known is not None:
        weak |= {str(exon) for exon, whole in known.items() if not whole}
        weak |= {str(exon) for exon in exons or () if exon not in known}
    if exons is not None:
        weak &= set(map(str, exons))
    if not weak:
        return ""
    return f"exon{'s' * (len(weak) > 1)} {', '.join(sorted(weak, key=lambda exon: (len(exon), exon)))}"


def wild_type(facts: CaseFacts, asked: Mapping[str, Any]) -> Outcome:
    """No acquired variant that changes the protein, and proof that one of all tumour cells would have been seen."""
    gene, exons = asked["gene"], asked.get("exons")
    doubts = []
    for found in facts.findings.get(gene, ()):
        exon = re.match(r"\d+", found["exon"] or "")
        is_silent = found["impact"] in SILENT and not found["known"]["hotspot"]
        if is_silent or (exons and exon and int(exon.group()) not in exons):
            continue
        if found["reported"]:
            return not_met(name(found, gene))
        doubts.append(
            open_question(f"{name(found, gene)} was seen, but not reported", "confirmation by another method")
        )
    fraction = (facts.index.get("purity") or LEAST_PURITY) / 2
    where = f" exon{'s' * (len(exons) > 1)} {', '.join(map(str, exons))}" if exons else ""
    unknown = next(iter(doubts), None) or _may_be_missed(facts, gene, asked, fraction)
    what = "a variant" if facts.tells_inherited(gene) else "an acquired variant"
    return unknown or met(f"{gene}{where} covered wholly, without {what}")
