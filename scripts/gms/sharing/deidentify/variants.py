"""De-identifies a reported VCF: pseudonyms, known fields only, nothing of members who do not share.

What says something of a person outside the file goes with that person's column:
- what the policy concluded from the family or the normal (MODES and what follows, SECTION, RESCUED …);
- HAPLOTYPE, a caller's record over all samples, in which another's or an inherited neighbour may stand;
- always the panel of normals (PON_*): counts of a few people whose consent nobody asked for.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, TextIO

from gms.base.errors import GmsError
from gms.genome.vcf import (
    annotated_parts,
    bgzip_writer,
    index,
    info,
    info_text,
    open_vcf,
    read_header,
    sample_values,
    samples_of,
)
from gms.sharing.decision.model import Member
from gms.sharing.deidentify.somatic import IN_NORMAL, KNOWN_NLOD, Evidence, inherited

FORMAT = ("GT", "AD", "DP", "AF", "GQ", "ADF", "ADR")
OWN_INFO = ("CALLERS", "MQ_ALT", "BQ_ALT", "END_ALT", "SBP", "RPT", "PARTS", "TLOD", "POP_AF", "CLNSIG", "CLNREVSTAT")
OWN_INFO += ("CLNDN", "MASK", "WHITELIST", "HOTSPOT", "TARGET", "GENE", "CONSEQUENCE", "IMPACT")
OWN_INFO += ("HGVSG", "HGVSC", "HGVSP", "TRANSCRIPT", "REFSEQ", "EXON", "INTRON", "FUNCTIONAL_RNA", "OTHER_GENES")
OWN_INFO += ("FREQUENCY_EXEMPT", "HOTSPOT_POSITION", "POP_AN", "POP_FIELD", "POP_FILTER", "POP_STATE", "POP_AF_WEAK")
OWN_INFO += ("CLINVAR_ID", "CLNSIGCONF", "ONC", "ONCREVSTAT", "ONCDN", "SCI", "SCIREVSTAT", "SCIDN")
JOINT_INFO = ("INHERITANCE", "MODES", "ORIGIN", "LABELS", "UNAFFECTED_WITH", "PARENTS_WITH")
JOINT_INFO += ("PARTNERS", "PARTNERS_UNPHASED", "PARTNERS_PROBABLE")
JOINT_INFO += ("SECTION", "RESCUED", "RESCUED_FROM", "NLOD", "NLOD_PARTS", "NORMAL_PARTS", "HAPLOTYPE")
_COPIED = ("##fileformat=", "##FILTER=", "##gms_policy=")
_DEFINITION = re.compile(r'##(INFO|FORMAT)=(<ID=(\w+),Number=[^,]+,Type=\w+,Description="(?:[^"\\]|\\.)*")')
_CONTIG = re.compile(r"##contig=<ID=([^,>]+)(,length=\d+)?")
_PARTS = "##gms_parts="

Allele = tuple[str, int, str, str]  # CHROM, POS (1-based), REF, ALT


class NoSharedVariants(GmsError):
    """A case of which no variants can be shared."""


@dataclass(frozen=True, slots=True)
class VariantCounts:
    """Records kept, and records removed by the reason."""

    kept: int
    removed: Mapping[str, int]


class Layout(NamedTuple):
    """How a source is read: the columns that stay (index first), the normal's or None, the INFO fields that stay.

    `whole`: every column stays; `gate`: only what is proven to be acquired stays; `population`: it was looked up.
    """

    columns: tuple[int, ...]
    normal: int | None
    info: frozenset[str]
    whole: bool
    gate: bool
    population: bool


class Record(NamedTuple):
    """A line: its fields, INFO by key (flags are empty texts), FORMAT values by column and key."""

    fields: list[str]
    info: dict[str, str]
    samples: list[dict[str, str]]

    @property
    def allele(self) -> Allele:
        """CHROM, POS, REF, ALT."""
        return self.fields[0], int(self.fields[1]), self.fields[3], self.fields[4]


def deidentify_variants(
    source: Path, out: Path, members: Sequence[Member], names: Mapping[str, str], categories: Collection[str], kind: str
) -> VariantCounts:
    """Write the clean, bgzipped VCF `out` and its .tbi from a case's reported VCF; the same input gives the same bytes.

    `members` are those who share, `names` maps their samples to pseudonyms, `kind` is the assay's. Others' columns are
    left out, and records that only they carry. Of a somatic case in a study without germline_variants the normal's
    column is left out too, and a record stays only if gms.sharing.deidentify.somatic finds it proven to be acquired.
    Raises NoSharedVariants if the categories do not allow variants of this kind, or if the source lacks a member.
    """
    if f"{kind}_variants" not in categories:
        raise NoSharedVariants(f"the study's data categories lack {kind}_variants, which a {kind} assay reports")
    with open_vcf(source) as lines:
        header = read_header(lines)
    layout = make_layout(header, members, kind == "somatic" and "germline_variants" not in categories)
    samples = [names[samples_of(header)[column]] for column in layout.columns]
    with open_vcf(source) as lines, bgzip_writer(out) as target:
        read_header(lines)
        target.writelines(f"{line}\n" for line in clean_header(header, layout, samples))
        counts = Counter(_write(_read(line), layout, target) for line in lines)
    index(out)
    return VariantCounts(counts.pop("", 0), dict(sorted(counts.items())))


def make_layout(header: Sequence[str], members: Sequence[Member], gate: bool) -> Layout:
    """Find the members' columns; `gate`: nothing inherited may stay. Raises NoSharedVariants."""
    samples = samples_of(header)
    shown = [member for member in members if not (gate and member.role == "normal")]
    if not shown or any(member.sample not in samples for member in shown):
        raise NoSharedVariants("the reported VCF lacks a sample that is to be shared; run the workflow again")
    columns = tuple(samples.index(member.sample) for member in shown)
    others = [column for column in range(len(samples)) if column not in columns]
    parts = annotated_parts(header) or ()
    fields = OWN_INFO if gate or others else (*OWN_INFO, *JOINT_INFO)
    normal = others[0] if gate and others else None
    return Layout(columns, normal, frozenset(fields), not others, gate, "population" in parts)


def clean_header(header: Sequence[str], layout: Layout, samples: Sequence[str]) -> Iterator[str]:
    """The header that leaves: format, flags, policy, parts, contigs, and the definitions of the fields that leave."""
    for line in header[:-1]:
        defined, contig = _DEFINITION.match(line), _CONTIG.match(line)
        if line.startswith(_COPIED):
            yield line
        elif contig:
            yield f"##contig=<ID={contig[1]}{contig[2] or ''}>"
        elif defined and defined[3] in (layout.info if defined[1] == "INFO" else FORMAT):
            yield f"##{defined[1]}={defined[2]}>"
        elif line.startswith(_PARTS):
            parts = line.removeprefix(_PARTS).split(",")
            yield _PARTS + ",".join(part for part in parts if layout.whole or part != "family")
    yield "\t".join([*header[-1].split("\t")[:9], *samples])


def clean_line(record: Record, layout: Layout) -> str:
    """A record that leaves."""
    kept = {key: value for key, value in record.info.items() if key in layout.info}
    chrom, pos, _, ref, alt, qual, flags = record.fields[:7]
    keys = [key for key in record.fields[8].split(":") if key in FORMAT]
    samples = [":".join(record.samples[column].get(key, ".") for key in keys) for column in layout.columns]
    fields = [chrom, pos, ".", ref, alt, qual, flags, info_text(kept), ":".join(keys), *samples]
    return "\t".join(fields) + "\n"


def _read(line: str) -> Record:
    fields = line.rstrip("\n").split("\t")
    return Record(fields, info(fields[7]), [sample_values(fields[8], sample) for sample in fields[9:]])


def _write(record: Record, layout: Layout, target: TextIO) -> str:
    """Write a record that leaves; of another return why not, else nothing."""
    reason = _removed_because(record, layout)
    if not reason:
        target.write(clean_line(record, layout))
    return reason or ""


def _removed_because(record: Record, layout: Layout) -> str | None:
    if record.fields[6] != "PASS":
        return "not_reported"
    if not layout.whole and not any("1" in record.samples[column].get("GT", "") for column in layout.columns):
        return "only_others_carry_it"
    if not layout.gate:
        return None
    return inherited(_evidence(record, layout)) or _part_inherited(record, layout)


def _part_inherited(record: Record, layout: Layout) -> str | None:
    """Why a joined allele may not leave: acquired or not, it spells each of its parts, and one may be inherited. The
    limits are those of a known site (gms.sharing.deidentify.somatic), for parts are often common variants."""
    if "PARTS" not in record.info:
        return None
    known = {"NLOD_PARTS": "-inf", "NORMAL_PARTS": "1", **record.info}
    alt, depth = _reads(record.samples[layout.columns[0]])
    excluded = layout.normal is not None and float(known["NLOD_PARTS"]) >= KNOWN_NLOD
    return None if excluded and float(known["NORMAL_PARTS"]) * depth <= IN_NORMAL * alt else "part_may_be_inherited"


def _evidence(record: Record, layout: Layout) -> Evidence:
    normal = None if layout.normal is None else record.samples[layout.normal]
    nlod = record.info.get("NLOD", ".")
    return Evidence(
        record.fields[0],
        _reads(record.samples[layout.columns[0]]),
        None if normal is None else _reads(normal),
        "" if normal is None else normal.get("GT", ""),
        None if nlod == "." else float(nlod),
        ("POP_AF" in record.info) if layout.population else None,
    )


def _reads(sample: Mapping[str, str]) -> tuple[int, int]:
    """Reads with the allele, informative reads; none where they were not counted."""
    alt, depth = sample.get("AD", "").rpartition(",")[2], sample.get("DP", "")
    return int(alt) if alt.isdigit() else 0, int(depth) if depth.isdigit() else 0
