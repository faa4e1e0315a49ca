"""One finding of a report as data: what one molecule carries, and everything that is known of it; whose card shows it.

Values only, no sentences: codes are put into words by the templates. Absent knowledge is null or an empty list.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from gms.filtering import inherited
from gms.genome.alleles import Allele, changed_bases
from gms.report import labels
from gms.report.variants import Evidence, Variant, normal_of
from gms.variants.classes import door
from gms.variants.small.report_section import phase

Finding = Mapping[str, Any]
_RESIDUE = re.compile(r"p\.\([A-Z][a-z]{2}([0-9]+)(?:[A-Z][a-z]{2}|[*=])\)")
NO_MODE = ("", ".", "none")
# Modes for which an unaffected carrier is not an argument against the finding, and need not be pointed out.
RECESSIVE = ("compound", "recessive_homozygous", "x_linked_recessive")
CARRIER = "unaffected_carrier"
PARTNERS = ("partners", "partners_unphased", "partners_probable")  # keys of a finding


def finding(variant: Variant, case: Mapping[str, Any], section: str, variants: str = "small") -> dict[str, Any]:
    """The finding of a variant in a case (`case_params`); `section` is its key, `variants` its class."""
    info = variant.info
    return {
        "variants": [variant.spelling, *_parts(info)],
        "type": door(variants, "report_section").finding_type(variant.ref, variant.alt),
        **(_change(info) | variant.duplicated),
        "modes": _modes(info),
        "labels": [] if variants == "rna" else list(_labels(variant, case)),  # they are about alleles
        "partners": _list(info, "PARTNERS"),
        "partners_unphased": _list(info, "PARTNERS_UNPHASED"),
        "partners_probable": _list(info, "PARTNERS_PROBABLE"),
        "in_cis": _list(info, "IN_CIS"),
        "phase": [],
        "section": section,
        "reported": not variant.flags,
        "flags": list(variant.flags or variant.rescued_from),
        "rescued_by": variant.rescued_by or None,
        "known": _known(info),
        "population": _population(variant),
        "in_normals": variant.in_normals,
        "quality": None if variant.quality is None else round(variant.quality, 2),
        "callers": list(variant.callers),
        "evidence": [_evidence(variant, sample, case["kind"]) for sample in case["samples"]],
    }


def card_gene(found: Finding) -> str:
    """The gene that names the finding; of a variant without gene its own spelling."""
    return found["genes"][0] if found["genes"] else found["variants"][0]


def card_genes(findings: Iterable[Finding]) -> dict[str, str]:
    """Spelling -> the gene whose card shows the finding. Of findings in several genes that are a pair, it is one that
    both change; of these the one with the most such findings, so that both stand on its card, then the one that
    names most of the findings."""
    of = {found["variants"][0]: found for found in findings}
    shared = {name: _shared(found, of) for name, found in of.items()}
    pairs = Counter(gene for genes in shared.values() for gene in genes)
    named = Counter(map(card_gene, of.values()))
    return {
        name: min(shared[name], key=lambda gene: (-pairs[gene], -named[gene], gene)) if shared[name] else card_gene(one)
        for name, one in of.items()
    }


def _shared(found: Finding, of: Mapping[str, Finding]) -> set[str]:
    """Genes that a finding and one of its partners change."""
    partners = [of[name] for key in ("partners", "partners_unphased") for name in found[key] if name in of]
    return {gene for partner in partners for gene in partner["genes"]}.intersection(found["genes"])


def by_gene(findings: Iterable[Finding], genes: Mapping[str, str]) -> dict[str, list[Finding]]:
    """Gene -> its findings, in the order in which genes occur; `genes`: of each spelling (card_genes)."""
    groups: dict[str, list[Finding]] = {}
    for found in findings:
        groups.setdefault(genes[found["variants"][0]], []).append(found)
    return groups


def with_phases(findings: list[dict[str, Any]], variants: Iterable[Variant]) -> None:
    """Add to each finding of a tumour how it is to the others of its genes, as fragments that show both places tell:
    see gms.variants.small.report_section.Phase. `variants` holds the variant of each finding."""
    of_gene: dict[str, set[int]] = {}
    for number, found in enumerate(findings):
        for gene in found["genes"]:
            of_gene.setdefault(gene, set()).add(number)
    for number, (found, variant) in enumerate(zip(findings, variants, strict=True)):
        others = {other for gene in found["genes"] for other in of_gene[gene]} - {number}
        for name in (findings[other]["variants"][0] for other in sorted(others)):
            found["phase"].append({"variant": name, **phase(variant.info, name)._asdict()})


def with_codons(findings: Iterable[dict[str, Any]]) -> None:
    """Label substitutions that change other bases of the same codon of a transcript and of which no fragment tells
    whether they are on the same molecules, where they would be another change of the protein: an intron parts them."""
    of_codon: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for found in findings:
        residue = _RESIDUE.fullmatch(found["hgvs"]["p"] or "")
        if residue and found["transcripts"]:
            of_codon.setdefault((found["transcripts"][0], residue[1]), []).append(found)
    for group in of_codon.values():
        for found in group:
            told = {*found["partners"], *found["in_cis"], *found["variants"]}
            told |= {one["variant"] for one in found["phase"] if one["state"] != "unknown"}
            others = (other for other in group if other is not found and told.isdisjoint(other["variants"]))
            if any(_bases(found).isdisjoint(_bases(other)) for other in others):
                found["labels"].append("same_codon")


def _bases(found: Finding) -> set[int]:
    """Reference positions that a finding changes: no molecule has two alleles of one."""
    spellings = found["variants"][1:] or found["variants"]  # the parts of a joined haplotype
    alleles = (Allele(int(pos), ref, alt) for _, pos, ref, alt in (name.rsplit(":", 3) for name in spellings))
    return {position for allele in alleles for position in changed_bases(allele)}


def _change(info: Mapping[str, str]) -> dict[str, Any]:
    """Genes, and what becomes of the shown transcript."""
    names = {key: labels.change(info.get(f"HGVS{key.upper()}", "")) or None for key in ("c", "p")}
    return {
        "genes": genes_of(info),
        "transcripts": _list(info, "TRANSCRIPT") + _list(info, "REFSEQ"),
        "hgvs": {"g": info.get("HGVSG"), **names},
        "exon": info.get("EXON"),
        "consequence": info["CONSEQUENCE"].split("&") if info.get("CONSEQUENCE") else [],
        "impact": info.get("IMPACT"),
    }


def genes_of(info: Mapping[str, str]) -> list[str]:
    """The genes that a variant is in, the shown one among them."""
    return _list(info, "GENES") or _list(info, "GENE")


def _parts(info: Mapping[str, str]) -> Iterator[str]:
    """The parts of a joined haplotype as CHROM:POS:REF:ALT; none of a simple variant."""
    yield from _list(info, "PARTS")


def _list(info: Mapping[str, str], key: str) -> list[str]:
    """The entries of an INFO field, separated by commas or &; none where it is absent."""
    return [entry for entry in info.get(key, "").replace("&", ",").split(",") if entry not in ("", ".")]


def _name(info: Mapping[str, str], key: str) -> str | None:
    return info[key].replace("_", " ") if info.get(key) else None


def _modes(info: Mapping[str, str]) -> list[str]:
    """Possible modes, the one that is shown first to a reader in front."""
    first = info.get("INHERITANCE", "")
    return [mode for mode in dict.fromkeys([first, *_list(info, "MODES")]) if mode not in NO_MODE]


def _labels(variant: Variant, case: Mapping[str, Any]) -> Iterator[str]:
    """What a reader has to know before believing the finding."""
    is_recessive = variant.info.get("INHERITANCE") in RECESSIVE
    yield from (label for label in _list(variant.info, "LABELS") if not (is_recessive and label == CARRIER))
    yield from filter(None, [inherited.origin_of_copies(variant.info)])
    index = variant.evidence.get(case["samples"][0]["sample"])
    if index is None or index.depth is None:
        return
    if case["kind"] == "somatic" and case["samples"][0]["role"] != "control":  # a reference material is of no patient
        yield from _origin_labels(variant, case, index)
    if index.depth < case["callable_depth"]:
        yield "low_depth"
    if "MASK" in variant.info:
        yield "masked"
    if case["kind"] == "somatic" and variant.in_normals:  # of a family they are persons who have the allele, too
        yield "in_panel_of_normals"


def _origin_labels(variant: Variant, case: Mapping[str, Any], index: Evidence) -> Iterator[str]:
    """Where a tumour's variant comes from, unless it is acquired; a gene of clones of blood cells, where the sample is
    blood, the normal shows the variant or cannot tell."""
    normal = variant.evidence.get(normal_of(case))
    label = inherited.origin(index, normal, len(variant.ref) != len(variant.alt))
    if "FUSION_EXPECTED" in variant.info:  # is not inherited
        label = {inherited.INHERITED: inherited.IN_NORMAL, inherited.MAY_BE: None}.get(label, label)
    yield from [label] if label else []
    in_blood = case.get("blood_derived", False) or label == inherited.IN_NORMAL
    if in_blood or not inherited.tells_origin(normal):
        yield from ["chip_gene"] * (not inherited.chip_genes(in_blood).isdisjoint(genes_of(variant.info)))


def _known(info: Mapping[str, str]) -> dict[str, Any]:
    """What lists say of this very allele. ClinVar has three classifications of a variant, each reviewed on its own: of
    inherited disease, oncogenicity, and clinical impact of an acquired one."""
    germline = _classification(info, "CLNSIG", "CLN")
    return {
        "clinvar": germline and germline | {"conflicting": _piped(info, "CLNSIGCONF")},
        "oncogenicity": _classification(info, "ONC", "ONC"),
        "somatic_impact": _classification(info, "SCI", "SCI"),
        "hotspot": _name(info, "HOTSPOT"),
        "always_report": "WHITELIST" in info,
    }


def _classification(info: Mapping[str, str], key: str, prefix: str) -> dict[str, Any] | None:
    """A classification of ClinVar; None where it has none. `prefix` of the fields of its review and diseases."""
    if info.get(key, ".") in ("", "."):
        return None
    review = info.get(f"{prefix}REVSTAT", "")
    return {
        "id": next((info[name] for name in ("CLINVAR_ID", "CLNID", "ALLELEID") if info.get(name, ".") != "."), None),
        "class": info[key],
        "review": review,
        "stars": labels.stars(review),
        "diseases": [name for name in _piped(info, f"{prefix}DN") if name not in labels.NO_DISEASE],
    }


def _piped(info: Mapping[str, str], key: str) -> list[str]:
    return [entry for entry in info.get(key, "").split("|") if entry not in ("", ".")]


def _population(variant: Variant) -> dict[str, Any]:
    """Frequency with the field it comes from and the alleles (AN) behind it; null where it was not observed, or where
    `state` says why it is not known."""
    total = variant.info.get("POP_AN")
    return {
        "value": None if variant.population_af is None else float(f"{variant.population_af:.6g}"),  # 32 bits in the VCF
        "field": variant.info.get("POP_FIELD"),
        "an": int(float(total)) if total and total != "." else None,
        "state": variant.info.get("POP_STATE"),
    }


def _evidence(variant: Variant, sample: Mapping[str, Any], kind: str) -> dict[str, Any]:
    """Reads and genotype of one sample; `genotype` null where the VCF has no column of it."""
    found = variant.evidence.get(sample["sample"], Evidence((), None, None, None))
    return {
        "sample": sample["sample"],
        "role": sample["role"],
        "genotype": "/".join("." if allele is None else str(allele) for allele in found.genotype) or None,
        "zygosity": labels.zygosity(found, variant.chrom, variant.alt) if kind == "germline" else None,
        "fraction": None if found.fraction is None else round(found.fraction, 4),
        "alt_reads": found.alt_reads,
        "depth": found.depth,
        "quality": found.quality,
        **({} if found.copies is None else {"copies": found.copies}),
    }
