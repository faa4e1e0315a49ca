"""VCFs for Scout: one allele a record, with CSQ, rank scores, modes, pairs and frequencies under the names it reads."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from gms.filtering.other_class import is_large
from gms.genome.vcf import COLUMNS, info_value, open_vcf, read_header, record_lines, sample_values, samples_of
from gms.ranking.fields import genetic_models
from gms.ranking.secondary import SECTION
from gms.variants.repeats.status import STATES, worst
from gms.viewers.consequences import HEADER as CSQ_HEADER
from gms.viewers.consequences import Genes, consequences

# Scout's field -> ours.
SAME = {"GNOMADAF": "POP_AF", "gnomad_svAF": "SV_AF", "CLNVID": "CLINVAR_ID"}
HEADER = f"""\
{CSQ_HEADER}\
##INFO=<ID=RankScore,Number=.,Type=String,Description="The rank score for this variant in this family. family_id:score">
##INFO=<ID=GeneticModels,Number=.,Type=String,Description="Inheritance models, family_id:model1|model2">
##INFO=<ID=Compounds,Number=.,Type=String,Description="Partners of either phase, family_id:variant>score|variant">
##INFO=<ID=HGNCId,Number=1,Type=Integer,Description="HGNC id of the gene of a repeat">
##INFO=<ID=GNOMADAF,Number=1,Type=Float,Description="POP_AF, for Scout">
##INFO=<ID=gnomad_svAF,Number=1,Type=Float,Description="SV_AF, for Scout">
##INFO=<ID=CLNVID,Number=1,Type=String,Description="CLINVAR_ID, for Scout">
"""
NAMING = ("PARTNERS", "PARTNERS_UNPHASED", "PARTNERS_PROBABLE", "IN_CIS", "IN_TRANS", "SAME_EVENT")
OF_FAMILY = ("MODES", "INHERITANCE", "LABELS", "ORIGIN", "PARENTS_WITH", "UNAFFECTED_WITH")  # what relatives carry
HARMLESS = ("normal", "undetermined")  # states of alleles that no mode explains
_ID = re.compile(r"##(INFO|FORMAT|FILTER|ALT)=<ID=([^,>]+)")


class Known(NamedTuple):
    """What records are given: the case, genes, and by variant (contig:position:ref:alt) rank scores and the points of
    each category. `categories`: of the records of a file."""

    case: str
    genes: Genes
    scores: Mapping[str, int]
    points: Mapping[str, Mapping[str, int]] = {}
    categories: tuple[str, ...] = ()


def ranked_findings(document: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Each variant of a report that has a rank score, small and of the classes, with its finding."""
    for section in (document, *document.get("classes", ())):
        for found in section["findings"]:
            if found.get("score") is not None:
                yield from ((name, found) for name in found["variants"])


def category_points(found: Mapping[str, Any]) -> dict[str, int]:
    """Points of a finding by category of the rank model."""
    return {one["category"]: one["score"] for one in found["score_terms"]}


class Shown:
    """What the report of a case shows: records of reported variants that it withholds (secondary findings) are not
    handed over, others do not name them, and secondary ones that it shows have no genotypes of relatives."""

    def __init__(self, document: Mapping[str, Any], sources: Iterable[Path]):
        found = [one for part in (document, *document.get("classes", ())) for one in part["findings"]]
        found += [one["same_event"] for one in found if one.get("same_event")]
        self._names = {name for one in found for name in one["variants"]}
        self._places = {one["hgvs"]["g"] for one in found if "hgvs" in one} - {None}
        self._index = document["samples"][0]["sample"]
        apart = [one for one in found if one.get("section") == SECTION]
        apart += [one["same_event"] for one in apart if one.get("same_event")]
        self._apart = {name for one in apart for name in one["variants"]}
        self.withheld = {_name(fields) for path in sources for fields in _rows(path) if not self._has(fields)}

    def _has(self, fields: Sequence[str]) -> bool:
        return _name(fields) in self._names or info_value(fields[7], "HGVSG") in self._places

    def record(self, fields: Sequence[str], samples: Sequence[str]) -> list[str]:
        """A record as it is handed over; `samples`: names of its columns."""
        entries = (entry.partition("=") for entry in fields[7].split(";"))
        kept = [(key, self._kept(value) if key in NAMING else value) for key, _, value in entries]
        info = ";".join(f"{key}={value}" if value else key for key, value in kept if value or key not in NAMING)
        if _name(fields) not in self._apart:
            return [*fields[:7], info or ".", *fields[8:]]
        info = ";".join(entry for entry in info.split(";") if entry.partition("=")[0] not in OF_FAMILY)
        columns = zip(samples, fields[9:], strict=True)
        return [*fields[:7], info, fields[8], *(text if name == self._index else "./." for name, text in columns)]

    def _kept(self, value: str) -> str:
        return ",".join(name for name in value.split(",") if name not in self.withheld)


def _rows(path: Path) -> Iterator[list[str]]:
    return (line.rstrip("\n").split("\t") for line in record_lines(path))


def _name(fields: Sequence[str]) -> str:
    return ":".join((fields[0], fields[1], *fields[3:5]))


def scout_lines(
    sources: Sequence[Path], known: Known, wanted=lambda fields: True, shown: Shown | None = None
) -> Iterator[str]:
    """Lines of one VCF made of several of a case, which have the same samples and contigs. `wanted`: asked of the
    columns of each record; `shown`: what the report shows, None for all."""
    headers, records = [], []
    for path in sources:
        with open_vcf(path) as lines:
            headers.append(read_header(lines))
            columns = (line.rstrip("\n").split("\t") for line in lines)
            if shown:
                names = samples_of(headers[-1])
                columns = [shown.record(one, names) for one in columns if _name(one) not in shown.withheld]
            records += [one for fields in columns if wanted(fields) for one in split_alleles(fields)]
    named = (known.points.get(_name(fields), {}) for fields in records)
    known = known._replace(categories=tuple(dict.fromkeys(one for points in named for one in points)))
    yield from joined_header(headers, known.categories)
    order = {line.split("=")[2].split(",")[0].rstrip(">"): n for n, line in enumerate(_contigs(headers[0]))}
    for fields in sorted(records, key=lambda one: (order[one[0]], int(one[1]), one[3], one[4])):
        yield "\t".join([*fields[:7], ";".join([fields[7], *added(fields, known)]), *fields[8:]]) + "\n"


def _contigs(header: Iterable[str]) -> list[str]:
    return [line for line in header if line.startswith("##contig=")]


def joined_header(headers: Sequence[Sequence[str]], categories: Sequence[str] = ()) -> Iterator[str]:
    """The first header with definitions of the others that it lacks, and Scout's fields. It takes the categories of
    RankResult from the description (scout/parse/variant/headers.py)."""
    yield "##fileformat=VCFv4.3\n"
    yield from (f"{line}\n" for line in _contigs(headers[0]))
    seen: set[tuple[str, str]] = set()
    for line in (line for header in headers for line in header):
        if (found := _ID.match(line)) and found.groups() not in seen:
            seen.add(found.groups())
            yield f"{line}\n"
    yield HEADER
    if categories:
        yield f'##INFO=<ID=RankResult,Number=1,Type=String,Description="{"|".join(categories)}">\n'
    yield next(f"{line}\n" for line in headers[0] if line.startswith(COLUMNS[0]))


def split_alleles(fields: list[str]) -> Iterator[list[str]]:
    """A record for each of its alleles, as Scout wants them: the other alleles are 0 in GT. Of a repeat each has the
    state of its own."""
    alts = fields[4].split(",")
    for number, alt in enumerate(alts, 1):
        samples = [_one(sample, number) for sample in fields[9:]]
        info = _own_state(fields, number) if "STR_STATUS=" in fields[7] and len(alts) > 1 else fields[7]
        info = info.replace("STR_STATUS=premutation", "STR_STATUS=pre_mutation")
        yield [*fields[:4], alt, *fields[5:7], info, fields[8], *(fields[9:] if len(alts) == 1 else samples)]


def _own_state(fields: Sequence[str], number: int) -> str:
    """INFO with the state of an allele, the most harmful where samples differ, in place of that of the index."""
    found = []
    for column in fields[9:]:
        values = sample_values(fields[8], column)
        pairs = zip(values["GT"].split("/"), values.get("STATUS", "").split("/"), strict=False)
        found += [state for allele, state in pairs if allele == str(number) and state in STATES]
    return re.sub(r"STR_STATUS=\w+", f"STR_STATUS={worst(found)}", fields[7]) if found else fields[7]


def _one(sample: str, number: int) -> str:
    genotype, colon, rest = sample.partition(":")
    return re.sub(r"\d+", lambda allele: "1" if int(allele[0]) == number else "0", genotype) + colon + rest


def added(fields: Sequence[str], known: Known) -> Iterator[str]:
    """INFO entries of a record."""
    info, case, name = fields[7], known.case, _name(fields)
    if csq := consequences(info, fields[4], known.genes):
        yield f"CSQ={csq}"
    if name in known.scores:
        yield f"RankScore={case}:{known.scores[name]}"
    if name in known.points:
        yield f"RankResult={'|'.join(str(known.points[name].get(one, 0)) for one in known.categories)}"
    harmless = info_value(info, "STR_STATUS") in HARMLESS  # the modes of a repeat are those of its long alleles
    if not harmless and (models := genetic_models(info_value(info, "MODES") or "")):
        yield f"GeneticModels={case}:{models}"
    if pairs := [_partner(name, one, known.scores) for one in _small_partners(info)]:
        yield f"Compounds={case}:{'|'.join(pairs)}"
    if (locus := info_value(info, "REPID")) and (number := known.genes.hgnc.get(locus.partition("_")[0])):
        yield f"HGNCId={number}"
    yield from (f"{theirs}={value}" for theirs, ours in SAME.items() if (value := info_value(info, ours)))


def _small_partners(info: str) -> list[str]:
    """Partners that Scout can name: it looks for them in the same VCF, and parts names from scores at '>' and entries
    at ':', so that symbolic alleles and breakends end its import (scout/parse/variant/compound.py)."""
    partners = (info_value(info, key) or "" for key in ("PARTNERS", "PARTNERS_UNPHASED"))
    return [one for text in partners for one in text.split(",") if one and not is_large(one)]


def _partner(name: str, partner: str, scores: Mapping[str, int]) -> str:
    """A partner, with the sum of both scores where they have any, as genmod compound writes it."""
    both = f">{scores[name] + scores[partner]}" if name in scores and partner in scores else ""
    return partner.removeprefix("chr").replace(":", "_") + both
