"""Applies a filter policy to an annotated VCF: every record with its reasons, and the subset that passes.

Streams in constant memory: bgzip processes decompress and compress beside the one Python process, records stay in
their order, and the same input gives the same bytes.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple, TextIO

from gms.base.errors import GmsError
from gms.filtering import inherited
from gms.filtering.compile import Layout, absent_for, applied, compile_candidates, compile_judge, needs_pairs
from gms.filtering.pairs import HEADER as PAIRS_HEADER
from gms.filtering.pairs import NOWHERE, Elsewhere, Half, Partners, find_partners, half, joined, may_lose, paired
from gms.filtering.policy import Policy, load_policy
from gms.filtering.variables import HEADER_PARTS
from gms.genome.gene_effects import views
from gms.genome.gene_list import read_gene_list
from gms.genome.vcf import (
    UnreadableVcf,
    annotated_parts,
    bgzip_writer,
    blocks,
    check_records,
    header_value,
    index,
    open_vcf,
    read_header,
    samples_of,
)
from gms.inputs.run_model import INDEX_ROLES

_INFO = (
    '##INFO=<ID=RESCUED,Number=1,Type=String,Description="Rescue of the policy that made this record pass">',
    '##INFO=<ID=RESCUED_FROM,Number=.,Type=String,Description="Flags the rescue overrode">',
    '##INFO=<ID=SECTION,Number=1,Type=String,Description="Section of the report">',
)
_REPLACED = ("##FILTER=", "##gms_policy=", "##INFO=<ID=RESCUED,", "##INFO=<ID=RESCUED_FROM,", "##INFO=<ID=SECTION,")


class MalformedRecord(GmsError):
    """A record whose fields cannot be read as their header says; made of path, CHROM:POS and the reason."""

    def __str__(self) -> str:
        path, where, reason = self.args
        return f"{path}: the record at {where} cannot be read ({reason}); it was not written by this workflow"


class MissingAnnotationHeader(GmsError):
    """A VCF that does not say which annotation resources it was annotated with."""

    def __init__(self, path: Path):
        text = "does not list its annotation resources (##gms_parts). Run annotate_variants again for this case."
        super().__init__(f"{path} {text}")


class Judged(NamedTuple):
    """A block of records after the policy: all lines, the passing lines, and how many of each."""

    every: str
    passing: str
    records: int
    reported: int


def filter_job(
    inputs: Any,
    output: Any,
    roles: Mapping[str, str],
    variants: str = "small",
    consented: bool = False,
    elsewhere: Elsewhere = NOWHERE,
    annotated: Path | None = None,
) -> None:
    """What a rule that filters does, with its `input` and `output`: filter, say the counts, check that no record is
    lost. `variants`: the class of variants that its policy is for; `elsewhere` as for `filter_vcf`;
    `annotated`: the same records with more known of them."""
    counts = filter_vcf(
        annotated=annotated or Path(inputs.vcf),
        policy=load_policy(Path(inputs.policy), variants),
        filtered=Path(output.vcf),
        reported=Path(output.reported),
        roles=roles,
        genes=inputs.get("genes") or None,
        consented=consented,
        elsewhere=elsewhere,
    )
    print(f"{counts['records']} records, {counts['reported']} reported")
    check_records(Path(inputs.vcf), Path(output.vcf))


def filter_vcf(
    annotated: Path,
    policy: Policy,
    filtered: Path,
    reported: Path,
    roles: Mapping[str, str],
    genes: Path | None = None,
    consented: bool = False,
    elsewhere: Elsewhere = NOWHERE,
) -> dict[str, int]:
    """Write `filtered` (every record, FILTER = all its flags) and `reported` (PASS only), bgzipped, each with .tbi.

    `roles`: role -> sample; `genes`: the assay's list, one symbol per line; `consented`: to be told of inherited
    variants; `elsewhere`: of another class. Returns numbers of records. Raises MalformedRecord and as make_layout.
    """
    with open_vcf(annotated) as lines:
        header = read_header(lines)
        layout = make_layout(annotated, header, roles, read_gene_list(genes), policy.variants, consented)
        judge = _block_judge(annotated, policy, layout, elsewhere)
        with bgzip_writer(filtered) as every, bgzip_writer(reported) as passing:
            for stream in (every, passing):
                stream.writelines(f"{line}\n" for line in filtered_header(header, policy, layout))
            counts = _write(map(judge, blocks(lines)), every, passing)
    index(filtered, reported)
    return counts


def make_layout(
    path: Path,
    header: list[str],
    roles: Mapping[str, str],
    genes: frozenset[str] | None,
    variants: str = "small",
    consented: bool = False,
) -> Layout:
    """Find the case's samples among the columns and what the case lacks. Raises GmsError."""
    if not header or not header[-1].startswith("#CHROM"):
        raise UnreadableVcf(path, "is not a VCF, or is truncated: it has no #CHROM line")
    parts = annotated_parts(header)
    if parts is None:
        raise MissingAnnotationHeader(path)
    samples = samples_of(header)
    absent_samples = [name for name in roles.values() if name not in samples]
    if absent_samples:
        raise GmsError(f"{path} lacks sample {', '.join(absent_samples)}; it has {', '.join(samples) or 'none'}")
    columns = {role: samples.index(name) for role, name in roles.items()}
    absent = {part for part in HEADER_PARTS if part not in parts}
    absent |= {role for role in ("normal", "mother", "father") if role not in columns}
    absent |= {"gene_list"} if genes is None else set()
    absent |= {"reads"} if header_value(header, "gms_external") else set()
    columns["index"] = columns[_index_role(path, columns)]
    return Layout(columns, frozenset(absent), genes or frozenset(), variants, consented)


def _index_role(path: Path, columns: Mapping[str, int]) -> str:
    """The role that a report is about. Raises GmsError."""
    if index := next((role for role in INDEX_ROLES if role in columns), None):
        return index
    raise GmsError(f"{path}: none of the case's samples is a {', '.join(INDEX_ROLES)}")


def partners_of(
    annotated: Path,
    policy: Policy,
    layout: Layout,
    lines: Iterable[str] | None = None,
    halves: Iterable[tuple[str, Half]] = (),
) -> dict[str, Partners] | None:
    """Partners of each allele that is half of a compound pair; None where the case or the policy knows no pairs.

    Reads the VCF (or `lines`) only if asked for. `halves`: (gene, half) of another class of variants.
    """
    if not needs_pairs(policy, layout):
        return None
    if lines is None:
        with open_vcf(annotated) as stream:
            read_header(stream)
            return partners_of(annotated, policy, layout, stream, halves)
    own = ((gene, half(view)) for gene, view in candidates(policy, layout, lines))
    return find_partners(chain(own, halves))


def candidates(policy: Policy, layout: Layout, lines: Iterable[str]) -> Iterator[tuple[str, str]]:
    """(gene, record with that gene shown) of each possible half of a pair.

    What a rescue reports in any gene is a half in those in which it overrides least: a pathogenic variant of one gene
    is no half of a pair in another one that it lies upstream of. Nor is a gain that leaves the gene whole.
    """
    judge = compile_candidates(policy, layout)
    for line in lines:
        shown = filter(may_lose, views(line.rstrip("\n")))
        found = [(known, view) for view in shown if (known := judge(view))]
        least = min((flags for (_, flags), _ in found), default=0)
        yield from ((gene, view) for (gene, flags), view in found if flags == least)


def not_applied(policy: Policy, layout: Layout) -> list[str]:
    """'name:part' for each filter, exemption and rescue that needs a part the case lacks. Without a normal the rule of
    inherited variants is not named: it asks for nothing else, and families have none."""
    asked = [(name, expression) for entry in policy.filters for name, expression in entry.expressions()]
    asked += [(rescue.name, rescue.when) for rescue in policy.rescues]
    asked = [pair for pair in asked if pair[0] not in (inherited.FLAG, inherited.CONDITION)]
    pairs = [f"{name}:{part}" for name, expression in asked for part in absent_for(expression, layout)]
    return list(dict.fromkeys(pairs))


def filtered_header(header: list[str], policy: Policy, layout: Layout) -> list[str]:
    """The header of the filtered VCF: the annotated one plus the policy, its flags with their words, and our INFO."""
    kept = [line for line in header if not line.startswith(_REPLACED)]
    flags = ['##FILTER=<ID=PASS,Description="All filters passed">']
    flags += [f'##FILTER=<ID={entry.flag},Description="{_quoted(entry.why)}">' for entry in applied(policy, layout)]
    left_out = ",".join(not_applied(policy, layout))
    line = f'##gms_policy=<ID={policy.name},Version={policy.version},Digest={policy.digest},NotApplied="{left_out}">'
    pairs = PAIRS_HEADER if needs_pairs(policy, layout) else ()
    return [kept[0], *flags, *kept[1:-1], *pairs, *_INFO, line, kept[-1]]


def _write(judged: Iterable[Judged], every: TextIO, passing: TextIO) -> dict[str, int]:
    records = reported = 0
    for block in judged:
        every.write(block.every)
        passing.write(block.passing)
        records, reported = records + block.records, reported + block.reported
    return {"records": records, "reported": reported}


def _block_judge(path: Path, policy: Policy, layout: Layout, elsewhere: Elsewhere) -> Callable[[str], Judged]:
    partners = partners_of(path, policy, layout, halves=elsewhere.halves)
    partners = partners if partners is None else joined(partners, elsewhere.partners)
    judge = compile_judge(policy, layout)

    def judge_block(block: str) -> Judged:
        every, passing = [], []
        for line in block.removesuffix("\n").split("\n"):
            try:
                text, passes = judge(line if partners is None else paired(line, partners))
            except (ValueError, IndexError) as error:
                raise MalformedRecord(path, ":".join(line.split("\t", 2)[:2]), str(error)) from None
            every.append(text)
            if passes:
                passing.append(text)
        return Judged("".join(every), "".join(passing), len(every), len(passing))

    return judge_block


def _quoted(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')
