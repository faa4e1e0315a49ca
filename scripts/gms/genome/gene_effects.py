"""What an allele does to each gene that it touches, as INFO fields.

The shown gene has a field of its own for each key; the others stand together in OTHER_GENES, one entry each, with the
values in the order of KEYS separated by '|'. Filters are evaluated for each gene in turn, see `views`.
"""

from collections.abc import Iterable, Iterator, Mapping

from gms.genome.vcf import info_value

KEYS = ("GENE", "CONSEQUENCE", "IMPACT", "HGVSC", "HGVSP", "TRANSCRIPT", "REFSEQ", "EXON", "INTRON", "FUNCTIONAL_RNA")
OTHERS = "OTHER_GENES"
NO_IMPACT = "MODIFIER"  # upstream, introns, untranslated and non-coding exons
HEADER = f"""\
##INFO=<ID=GENE,Number=1,Type=String,Description="Symbol of the gene for which the allele counts">
##INFO=<ID=CONSEQUENCE,Number=1,Type=String,Description="Sequence Ontology terms of the transcript, most severe first">
##INFO=<ID=IMPACT,Number=1,Type=String,Description="HIGH, MODERATE, LOW or MODIFIER">
##INFO=<ID=HGVSC,Number=1,Type=String,Description="HGVS coding (c.) or non-coding (n.) change of the transcript">
##INFO=<ID=HGVSP,Number=1,Type=String,Description="HGVS protein change, predicted; = is written %3D">
##INFO=<ID=TRANSCRIPT,Number=1,Type=String,Description="Shown transcript of the gene: by impact, then MANE Select">
##INFO=<ID=REFSEQ,Number=1,Type=String,Description="RefSeq transcript that is identical to the shown one (MANE)">
##INFO=<ID=EXON,Number=1,Type=String,Description="Exon of the transcript, number/total">
##INFO=<ID=INTRON,Number=1,Type=String,Description="Intron of the transcript, number/total">
##INFO=<ID=FUNCTIONAL_RNA,Number=1,Type=String,Description="yes: changes the RNA of a gene without protein that causes\
 disease">
##INFO=<ID={OTHERS},Number=.,Type=String,Description="Further genes that the allele touches: {"|".join(KEYS)}">
"""


def to_info(effects: Iterable[Mapping[str, str]]) -> str:
    """INFO text of the effects on genes, the shown one first; '' without any. Values hold none of ';,=|' and spaces."""
    shown, *others = [*effects] or [{}]
    fields = [f"{key}={shown[key]}" for key in KEYS if shown.get(key)]
    if others:
        fields.append(f"{OTHERS}={','.join('|'.join(entry.get(key, '') for key in KEYS) for entry in others)}")
    return ";".join(fields)


def effects_of(info: str) -> list[dict[str, str]]:
    """Effects on all genes of an INFO column, the shown one first; empty without a gene."""
    shown = {key: value for key in KEYS if (value := info_value(info, key))}
    return ([shown] if shown else []) + _others(info_value(info, OTHERS) or "")


def _others(value: str) -> list[dict[str, str]]:
    return [
        {key: value for key, value in zip(KEYS, entry.split("|"), strict=True) if value}
        for entry in value.split(",")
        if entry
    ]


def genes_of(info: str) -> list[str]:
    """Symbols of all genes of an INFO column, the shown one first."""
    return [effect["GENE"] for effect in effects_of(info)]


def changed_genes(info: str) -> list[str]:
    """Symbols of the genes whose protein, splicing or functional RNA the allele of an INFO column changes; all that it
    touches where there is none."""
    effects = effects_of(info)
    return [effect["GENE"] for effect in [*filter(_is_changed, effects)] or effects]


def changed_others(value: str) -> list[str]:
    """Symbols of the genes in a value of OTHER_GENES whose protein, splicing or functional RNA the allele changes."""
    return [effect["GENE"] for effect in _others(value) if _is_changed(effect)]


def _is_changed(effect: Mapping[str, str]) -> bool:
    return effect.get("IMPACT", NO_IMPACT) != NO_IMPACT or "FUNCTIONAL_RNA" in effect


def views(line: str) -> Iterator[str]:
    """A VCF record as it is, then with each of its other genes shown. The record ends as `line` does."""
    yield line
    if f";{OTHERS}=" not in line:
        return
    columns = line.split("\t", 8)
    effects = effects_of(columns[7])
    for number in range(1, len(effects)):
        turned = [effects[number], *effects[:number], *effects[number + 1 :]]
        yield "\t".join([*columns[:7], _with(columns[7], turned), *columns[8:]])


def _with(info: str, effects: list[dict[str, str]]) -> str:
    """INFO with other effects in place of its own."""
    kept = (part for part in info.split(";") if part.partition("=")[0] not in (*KEYS, OTHERS))
    return ";".join([*kept, to_info(effects)])
