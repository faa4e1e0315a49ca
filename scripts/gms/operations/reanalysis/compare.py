"""Two reports of a case: which findings are new, which changed, which are gone, and why; what matters most first.

ClinVar's classes are ordered as its five-tier terms (Richards 2015, doi:10.1038/gim.2015.30).
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from gms.genome.vcf import info, open_vcf
from gms.operations.reanalysis.withheld import withholding
from gms.report import labels

Finding = Mapping[str, Any]

_CLASSES = {"pathogenic": 5, "likely_pathogenic": 4, "uncertain_significance": 3, "likely_benign": 1, "benign": 0}
# Oncogenicity (Horak 2022, doi:10.1016/j.gim.2022.01.001), and clinical impact (Li 2017,
# doi:10.1016/j.jmoldx.2016.10.002).
_CLASSES |= {"oncogenic": 5, "likely_oncogenic": 4, "tier_i": 5, "tier_ii": 4, "tier_iii": 3, "tier_iv": 0}
PATHOGENIC = 4  # and above: likely pathogenic or pathogenic
CLINVAR = "ClinVar"
# ClinVar's three classifications of a variant: in words, in a finding (`known`), and in INFO.
CLASSIFICATIONS = {
    CLINVAR: ("clinvar", "CLNSIG"),
    "ClinVar's oncogenicity": ("oncogenicity", "ONC"),
    "ClinVar's clinical impact": ("somatic_impact", "SCI"),
}
_IN_CLINVAR = re.compile(r"(?:^|;)(?:CLNSIG|ONC|SCI)=")
Classes = tuple[str | None, ...]  # in the order of CLASSIFICATIONS
_OTHER = 2  # conflicting, risk factor, drug response …
KINDS = ("new", "changed", "gone")


@dataclass(frozen=True, slots=True)
class Record:
    """A record of a filtered VCF: its flags (none where it passed), INFO, and whether the first sample carries it."""

    flags: tuple[str, ...]
    info: Mapping[str, str]
    carried: bool = True

    @property
    def classes(self) -> Classes:
        """What ClinVar says."""
        return tuple(self.info.get(field) for _, field in CLASSIFICATIONS.values())


@dataclass(frozen=True, slots=True)
class Entry:
    """A finding that is new, changed or gone. `differences`: (what, before, after) in words. `reasons`: (flag, why) of
    the filters that left it out, then if it is new, now if it is gone or not reported. `clinvar`: `class_rank` then and
    now, of the most severe classification."""

    kind: str
    finding: Finding
    differences: tuple[tuple[str, str, str], ...]
    reasons: tuple[tuple[str, str], ...]
    clinvar: tuple[int, int]

    @property
    def is_upgrade(self) -> bool:
        """Whether ClinVar calls it pathogenic, oncogenic, likely so, or of tier I or II now, and did not before."""
        return self.clinvar[1] >= PATHOGENIC > self.clinvar[0]

    @property
    def is_downgrade(self) -> bool:
        return self.clinvar[0] >= PATHOGENIC > self.clinvar[1]

    @property
    def urgency(self) -> int:
        """0 is read first: pathogenic now; no longer so, or gone; new of high impact; new; gone; changed."""
        if self.is_upgrade or (self.kind == "new" and self.clinvar[1] >= PATHOGENIC):
            return 0
        if self.is_downgrade or (self.kind == "gone" and self.clinvar[0] >= PATHOGENIC):
            return 1
        if self.kind == "new":
            return 2 if self.finding["impact"] == "HIGH" else 3
        return 4 if self.kind == "gone" else 5


def class_rank(significance: str | None) -> int:
    """5 pathogenic … 0 benign, -1 without a record; of several the most severe, 2 where submitters disagree."""
    if not significance:
        return -1
    if "conflicting" in significance.lower():
        return _OTHER
    terms = (term.strip("_").partition("_-_")[0] for term in re.split(r"[/|,]", significance.lower()))
    ranks = map(_CLASSES.get, terms)
    return max((rank for rank in ranks if rank is not None), default=_OTHER)


def compare(
    before: Mapping[str, Any], after: Mapping[str, Any], vcfs: tuple[Path, Path], secondary: Collection[str] = ()
) -> list[Entry]:
    """Entries of a case, the most urgent first; `vcfs`: its filtered VCF then and now; `secondary`: genes of secondary
    findings."""
    is_withheld = withholding(after, secondary)
    then, now = (_reported(document) for document in (before, after))
    records = tuple(read_records(vcf, then.keys() | now.keys()) for vcf in vcfs)
    entries = [_new(now[key], records, before) for key in now.keys() - then.keys()]
    gone = (then[key] for key in then.keys() - now.keys())
    gone = (found for found in gone if not is_withheld(found, records[1].get(found["variants"][0])))
    entries += [_gone(found, records, after) for found in gone]
    both = [_changed(then[key], now[key], before, after) for key in then.keys() & now.keys()]
    entries += [entry for entry in both if entry.differences]
    others = _unreported(records, then.keys() | now.keys(), after)
    entries += [one for one in others if not is_withheld(one.finding, records[1][one.finding["variants"][0]])]
    return sorted(entries, key=lambda entry: (entry.urgency, KINDS.index(entry.kind), entry.finding["variants"][0]))


def read_records(vcf: Path, wanted: Iterable[str]) -> dict[str, Record]:
    """Records by CHROM:POS:REF:ALT: those that are wanted, and all that ClinVar knows."""
    wanted, found = frozenset(wanted), {}
    with open_vcf(vcf) as lines:
        for line in lines:
            if line.startswith("#"):
                continue
            chrom, pos, _, ref, alt, _, flags, known, *columns = line.rstrip("\n").split("\t", 10)
            key = f"{chrom}:{pos}:{ref}:{alt}"
            if key in wanted or _IN_CLINVAR.search(known):
                flagged = () if flags in ("PASS", ".") else tuple(flags.split(";"))
                found[key] = Record(flagged, info(known), "1" in columns[1].partition(":")[0])
    return found


def _reported(document: Mapping[str, Any]) -> dict[str, Finding]:
    return {finding["variants"][0]: finding for finding in document["findings"] if finding["reported"]}


def _classes(finding: Finding) -> Classes:
    known = (finding["known"].get(key) for key, _ in CLASSIFICATIONS.values())
    return tuple(one and one["class"] for one in known)


def _new(finding: Finding, records: Sequence[Mapping[str, Record]], before: Mapping[str, Any]) -> Entry:
    record = records[0].get(finding["variants"][0])
    classes = record.classes if record else (), _classes(finding)
    # Without a record then, nothing tells what ClinVar said: only a record that was there can be upgraded.
    return Entry("new", finding, _class_words(classes) if record else (), _reasons(record, before), _ranks(classes))


def _gone(finding: Finding, records: Sequence[Mapping[str, Record]], after: Mapping[str, Any]) -> Entry:
    record = records[1].get(finding["variants"][0])
    classes = _classes(finding), record.classes if record else ()
    return Entry("gone", finding, _class_words(classes) if record else (), _reasons(record, after), _ranks(classes))


def _reasons(record: Record | None, document: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """(flag, why) of the filters that a record did not pass; NotCalled where there is none."""
    if record is None:
        return (("NotCalled", "not among the candidates: outside of the targets, or no caller proposed it"),)
    return tuple((flag, document["filtered"]["whys"].get(flag, "")) for flag in record.flags)


def _changed(one: Finding, other: Finding, before: Mapping[str, Any], after: Mapping[str, Any]) -> Entry:
    rows = zip(_facts(one, before).items(), _facts(other, after).values(), strict=True)
    differences = tuple((what, then, now) for (what, then), now in rows if then != now)
    return Entry("changed", other, differences, (), _ranks((_classes(one), _classes(other))))


def _facts(finding: Finding, document: Mapping[str, Any]) -> dict[str, str]:
    """What is compared of a finding, in words."""
    titles = {section["key"]: section["title"] for section in document["sections"]}
    known, population = finding["known"]["clinvar"], finding["population"]
    return {
        **dict(zip(CLASSIFICATIONS, map(_words, _classes(finding)), strict=True)),
        "ClinVar's stars": str(known["stars"]) if known else "–",
        "diseases in ClinVar": "; ".join(known["diseases"]).replace("_", " ") if known else "–",
        "section": titles.get(finding["section"]) or finding["section"].replace("_", " "),
        "consequence": labels.consequence_words(finding["consequence"]) or "–",
        "protein": finding["hgvs"]["p"] or "–",
        "modes of inheritance": ", ".join(finding["modes"]).replace("_", " ") or "–",
        "partners": ", ".join(map(labels.variant_words, finding["partners"])) or "–",
        "partners of unknown phase": ", ".join(map(labels.variant_words, finding.get("partners_unphased", ()))) or "–",
        "cautions": ", ".join(finding["labels"]).replace("_", " ") or "–",
        "population frequency": labels.frequency_words(population["value"], True, population["state"]),
        "hotspot": finding["known"]["hotspot"] or "–",
        "rescued by": finding["rescued_by"] or "–",
        "in the gene list": "yes" if finding["in_gene_list"] else "no",
        "genotype": (finding["evidence"][0]["genotype"] or "–") if finding["evidence"] else "–",
    }


def _class_words(classes: tuple[Classes, Classes]) -> tuple[tuple[str, str, str], ...]:
    rows = zip_longest(CLASSIFICATIONS, *(map(_words, one) for one in classes), fillvalue=_words(None))
    return tuple((what, then, now) for what, then, now in rows if then != now)


def _words(significance: str | None) -> str:
    return labels.clinvar_words(significance) if significance else "no record"


def _ranks(classes: tuple[Classes, Classes]) -> tuple[int, int]:
    then, now = (max(map(class_rank, one), default=-1) for one in classes)
    return then, now


def _unreported(
    records: Sequence[Mapping[str, Record]], shown: Iterable[str], after: Mapping[str, Any]
) -> Iterator[Entry]:
    """Variants that the policy leaves out, and that ClinVar calls pathogenic now and did not before."""
    shown = frozenset(shown)
    for key, record in records[1].items():
        then = records[0].get(key)
        classes = then.classes if then else (), record.classes
        entry = Entry("changed", _finding(key, record), _class_words(classes), _reasons(record, after), _ranks(classes))
        if key not in shown and record.flags and entry.is_upgrade:
            yield entry


def _finding(key: str, record: Record) -> dict[str, Any]:
    """What the page shows of a record that is not reported."""
    known = {key: unquote(value) for key, value in record.info.items()}
    names = {name: labels.change(known.get(f"HGVS{name.upper()}", "")) or None for name in ("c", "p")}
    return {
        "variants": [key],
        "genes": list(filter(None, (known.get("GENES") or known.get("GENE") or "").split(","))),
        "transcripts": list(filter(None, [known.get("TRANSCRIPT")])),
        "hgvs": {"g": known.get("HGVSG"), **names},
        "consequence": (known.get("CONSEQUENCE") or "").split("&"),
        "impact": known.get("IMPACT"),
        "reported": False,
    }
