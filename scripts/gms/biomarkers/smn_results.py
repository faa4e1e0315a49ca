"""What the copies of SMN1 and SMN2 say of each person of a case, in the words of the report and of gms why, and as rows
of the lists."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from gms.biomarkers.smn import MIN_AGREEING, MIN_DEPTH, MIN_POSTERIOR, MIN_SITE_READS

Data = Mapping[str, Any]
GENES = ("SMN1", "SMN2")  # in the order of `results`
# Conclusions that say something of the person; the others are two_or_more and not_assessed.
FINDINGS = ("no_copy", "one_copy", "carrier", "c840_lost", "c840_alone", "c840_differs")
CONCLUSIONS = {
    "no_copy": "no copy of SMN1: spinal muscular atrophy",
    "one_copy": "one copy of SMN1: carrier, or spinal muscular atrophy if this copy has a small variant",
    "carrier": "one copy of SMN1: carrier",
    "two_or_more": "two copies of SMN1 or more; two on one chromosome and none on the other (a silent carrier) look so",
    "c840_lost": "Without c.840C no copy works: spinal muscular atrophy is not excluded. Confirm by MLPA.",
    "c840_alone": "With c.840C a copy may work: spinal muscular atrophy is neither shown nor excluded. Confirm "
    "by MLPA.",
    "c840_differs": "Whether the person is a carrier is not known. Confirm by MLPA.",
}
# Why the copies are not known.
REASONS = {
    "no_region": "the reference lacks SMN1 or SMN2, or is of another assembly than GRCh37 and GRCh38, whose sites the "
    "configuration does not name (reference: smn)",
    "no_controls": "too few regions to compare the depth with",
    "low_depth": f"the regions that the depth is compared with have a depth below {MIN_DEPTH:g} reads",
    "few_reads": f"fewer than {MIN_SITE_READS} reads cover a base that differs between the genes",
    "between_copies": f"the depth lies between two copy numbers: none has a probability of {MIN_POSTERIOR}",
    "sites_disagree": f"fewer than {MIN_AGREEING} of the 8 bases that differ between the genes agree, as after gene "
    f"conversion, or their copies have a probability below {MIN_POSTERIOR}",
    "c840_disagrees": "c.840, which decides whether exon 7 is spliced in, and the seven other sites show different "
    "copies of SMN1, as after gene conversion.",
}


def concluded(counted: Iterable[Data], people: Iterable[Data]) -> list[dict[str, Any]]:
    """biomarkers/{sample}.smn.json of the samples of a case with what each says (`conclusion`). `people`: the samples
    of the sheet, with `sample` and `affected`."""
    affected = {person["sample"]: person["affected"] for person in people}
    return [{**one, "conclusion": conclusion(one, affected.get(one["sample"], "unknown"))} for one in counted]


def shown(counted: Iterable[Data], people: Sequence[Data]) -> list[dict[str, Any]]:
    """`concluded`, index first, without healthy relatives (or those of unknown status) where the index has no finding:
    they were not asked, and what they carry is shown only for what the index has."""
    index, *relatives = concluded(counted, people) or [None]
    if index is None:
        return []
    ill = {person["sample"] for person in people if person["affected"] == "yes"}
    return [index, *(one for one in relatives if index["conclusion"] in FINDINGS or one["sample"] in ill)]


def conclusion(counted: Data, affected: str) -> str:
    """no_copy; one_copy of an ill person, whose other one may have a small variant; carrier; two_or_more, which may lie
    on one chromosome; not_assessed. Where c.840 disagrees with the seven other sites: c840_lost (without c.840C no
    copy works), c840_alone (no other site shows SMN1), c840_differs."""
    if counted["reason"] == "c840_disagrees":
        at = counted["evidence"]["c840"]
        return "c840_lost" if at["smn1_copies"] == 0 else "c840_alone" if at["other_sites"] == 0 else "c840_differs"
    copies = counted["results"][0]["value"]
    if counted["reason"] or copies is None:
        return "not_assessed"
    return "two_or_more" if copies > 1 else "no_copy" if not copies else "carrier" if affected == "no" else "one_copy"


def result_words(counted: Data) -> str:
    """The conclusion of one of `concluded`; why the copies are not known, where they are not."""
    reason, said = counted["reason"], CONCLUSIONS.get(counted["conclusion"], "")
    return f"not assessed: {REASONS[reason]} {said}".rstrip() if reason else said


def evidence_words(counted: Data) -> str:
    """What conclusion and copies rest on; empty where nothing was counted."""
    found = counted.get("evidence")
    if not found:
        return ""
    words = [f"depth of both genes {found['total']['value']} copies"]
    if counted["sites_agreeing"] is not None:
        words.append(f"{counted['sites_agreeing']} of 8 sites agree")
    if at := found.get("c840"):
        words.append(f"c.840: {at['reads_smn1']} reads of SMN1, {at['reads_smn2']} of SMN2")
    if (hint := found.get("g27134")) and hint["copies"]:
        on = "a copy" if hint["copies"] == 1 else f"{hint['copies']} copies"
        # One copy is not two on one chromosome; of three some are.
        is_hint = counted["results"][0]["value"] == 2
        said = ": two copies of SMN1 on one chromosome are likelier than without it" if is_hint else ""
        words.append(f"g.27134T>G on {on}{said}")
    return "; ".join(words)


def smn_rows(counted: Iterable[Data]) -> Iterator[dict[str, Any]]:
    """A row of the lists for each gene, by column; `samples`: copies of each person, the first being the index."""
    people = list(counted)
    for number, gene in enumerate(GENES if people else ()):
        index, decides = people[0], number == 0
        is_finding = decides and index["conclusion"] in FINDINGS
        values = {one["sample"]: one["results"][number]["value"] for one in people}
        yield {
            "section": "smn",
            "reported": "yes" if is_finding else "no",
            "genes": gene,
            "labels": index["conclusion"] if is_finding else index["reason"],
            "copies": values[index["sample"]],
            "remark": evidence_words(index) if decides else None,
            "samples": {sample: {"copies": copies} for sample, copies in values.items()},
        }
