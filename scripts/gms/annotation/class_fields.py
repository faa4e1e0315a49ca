"""What is known of the alleles of a class by its own files: of mitochondrial ones MITOMAP and MitoTIP, of structural
and copy-number variants frequencies, where they are given.

Alleles are looked up by position and bases: files of the mitochondrial genome hold one contig, however it is named.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from itertools import pairwise

import pysam

from gms.annotation.annotate import FAMILY, Knowledge
from gms.annotation.transcripts import Transcript, Transcripts
from gms.families.info_fields import Family, recurrent_events, reduced_penetrance_genes
from gms.families.relatives import Member
from gms.genome import gene_effects
from gms.genome.vcf import contig_length, info_value, samples_of
from gms.inputs.requests import optional_input
from gms.inputs.run_model import Reference
from gms.normals.like_events import Place, structural_place
from gms.normals.structural import CarriedByNormals, frequency
from gms.variants.mitochondrial.facts import FIELDS, HEADER, Alleles

MITOCHONDRIAL, LARGE = "mitochondrial", ("structural", "copy_number")
CHANGES_GENES = (*LARGE, "rna")  # effects are those of the places that are joined, left out or added
FREQUENCIES, NORMALS = "structural_population", "structural_normals"


def class_files(variants: str, reference: Reference) -> list[str]:
    """Files of the reference that only this class is annotated with."""
    return list(class_parts(variants, reference).values())


def class_parts(variants: str, reference: Reference) -> dict[str, str]:
    """Part -> file, of those that are given and that this class is annotated with."""
    own = {MITOCHONDRIAL: tuple(FIELDS), **dict.fromkeys(LARGE, (FREQUENCIES,))}.get(variants, ())
    paths = {part: optional_input(getattr(reference, part)) for part in own}
    return {part: path for part, path in paths.items() if path}


def with_parts(line: str, parts: Iterable[str], header: str) -> str:
    """The line of a header that names its parts, and the columns, with more parts and the fields of `header`."""
    head, _, columns = line.partition("\n")
    key, _, written = head.partition("=")
    named = [part for part in written.strip().split(",") if part not in ("", "none")]
    return f"{key}={','.join([*named, *parts]) or 'none'}\n{header}{columns}"


def with_class_fields(lines: Iterable[str], known: Alleles, parts: Iterable[str]) -> Iterator[str]:
    """Annotated VCF lines with what is known of their alleles; `parts` join those of the header."""
    for line in lines:
        if line.startswith("##gms_parts="):
            yield with_parts(line, parts, HEADER)
        elif line.startswith("#"):
            yield line
        else:
            fields = line.split("\t")
            added = known.get((fields[1], fields[3], fields[4]), {})
            fields[7] += "".join(f";{key}={value}" for key, value in added.items())
            yield "\t".join(fields)


STRUCTURAL_HEADER = """\
##INFO=<ID=SV_AF,Number=1,Type=Float,Description="Highest frequency of a like event in the population file">
##INFO=<ID=SV_ID,Number=1,Type=String,Description="ID of that event">
"""
NORMALS_HEADER = """\
##INFO=<ID=NORMALS_COUNT,Number=1,Type=Integer,Description="Normals of the centre with a like event, the case left out">
##INFO=<ID=NORMALS_TOTAL,Number=1,Type=Integer,Description="Normals of the centre that were looked at">
"""
SPLICE_SITE = 2  # bases of an intron next to an exon
_IMPACTS = ("HIGH", "MODERATE", "LOW", "MODIFIER")


def with_normals(lines: Iterable[str], normals: str) -> Iterator[str]:
    """Lines of structural and copy-number variants with the number of a centre's own persons that have like events; the
    file is that of ./gms normals build, or SVDB's."""
    own = CarriedByNormals(normals)
    for line in lines:
        if line.startswith("##gms_parts="):
            own.leave_out(samples_of(line.splitlines()))
            yield with_parts(line, [NORMALS], NORMALS_HEADER)
        elif line.startswith("#"):
            yield line
        else:
            fields = line.rstrip("\n").split("\t")
            fields[7] = ";".join([fields[7], *own.fields_of(structural_place(fields), fields)])
            yield "\t".join(fields) + "\n"


def with_structural_fields(lines: Iterable[str], knowledge: Knowledge, frequencies: str | None) -> Iterator[str]:
    """Lines of structural and copy-number variants with effects on genes, the family's fields and, from the file
    `frequencies`, how common a like event is."""
    known = pysam.VariantFile(frequencies) if frequencies else None
    lengths, family = {}, None
    for line in lines:
        if line.startswith("##gms_parts="):
            yield with_parts(line, [FREQUENCIES] if known else [], STRUCTURAL_HEADER)
        elif line.startswith("#"):
            lengths.update(contig_length(line))
            yield line
        else:
            fields = line.rstrip("\n").split("\t")
            place = structural_place(fields)
            added = _effect_fields(place, fields[7], knowledge)
            added += frequency(place, known) if known else []
            fields[7] = ";".join([fields[7], *added])
            if FAMILY in knowledge.parts:
                family = family or _family(knowledge.members, lengths)
                fields = family.annotated(fields, gene_effects.changed_genes(fields[7]))
            yield "\t".join(fields) + "\n"


def _family(members: Sequence[Member], lengths: Mapping[str, int]) -> Family:
    return Family(members, lengths, reduced_penetrance_genes(), recurrent=recurrent_events())


def _effect_fields(place: Place, text: str, knowledge: Knowledge) -> list[str]:
    """INFO of the name of an event and of its effects on genes; `text`: the INFO that it has. An event that loses bases
    at an end has no name, and also the effects of their deletion. Nor has a gain of a panel: HGVS says dup of copies
    that are known to be next to each other, and amplified ones often are not."""
    lost, is_gain = lost_place(text), place.kind == "DUP" and info_value(text, "LOG2") is not None
    is_named = place.kind != "BND" and not lost and not is_gain
    added = [f"HGVSG={place.name(knowledge.facts.accessions)}"] if is_named else []
    effects = _effects([place, *lost], knowledge) if knowledge.transcripts else []
    if measured := info_value(text, "MEASURED"):  # of a panel, whose events may hold whole arms
        effects = [one for one in effects if one["GENE"] in measured.split(",")]
    return [*added, gene_effects.to_info(effects)] if effects else added


def lost_place(text: str) -> list[Place]:
    """The bases that an inversion or translocation loses at an end, by the INFO of its record."""
    contig, _, bases = (info_value(text, "LOST_AT") or "").rpartition(":")
    first, _, last = bases.partition("-")
    return [Place("DEL", contig, int(first) - 1, int(last), contig)] if contig else []


def _effects(places: Sequence[Place], knowledge: Knowledge) -> list[dict[str, str]]:
    """Effects of all places, of each gene the most severe, in the order of severity."""
    facts = knowledge.facts
    rna = [facts.lost_rna if at.kind == "DEL" else facts.functional_rna for at in places]
    every = (structural_effects(at, knowledge.transcripts, genes) for at, genes in zip(places, rna, strict=True))
    found = [one for effects in every for one in effects]
    ranked = sorted(found, key=lambda one: _IMPACTS.index(one["IMPACT"]))
    best = {one["GENE"]: one for one in reversed(ranked)}
    return [one for one in ranked if best[one["GENE"]] is one]


def structural_effects(place: Place, transcripts: Transcripts, rna: Set[str] = frozenset()) -> list[dict[str, str]]:
    """Effects on genes, the most severe first; the transcript of each gene is the one that counts for its alleles.
    `rna`: genes without a protein whose RNA causes disease, all of which counts as what is coding does."""
    best: dict[str, tuple] = {}
    ends = [(place.contig, place.start), (place.mate, place.end)]
    if place.kind in ("DEL", "DUP"):
        models = transcripts.near(place.contig, place.start, place.end)
    else:
        models = [model for contig, at in ends for model in transcripts.near(contig, at, at + 1)]
    for model in models:
        tx = model.transcript
        is_rna = tx.cds is None and tx.gene in rna
        tx = tx._replace(cds=(tx.start, tx.end)) if is_rna else tx
        effect = _on_transcript(place, tx, ends)
        if effect:
            consequence, impact, exons = effect
            key = _IMPACTS.index(impact), tx.rank, tx.cds is None, tx.id
            fields = {"GENE": tx.gene, "CONSEQUENCE": consequence, "IMPACT": impact, "TRANSCRIPT": tx.id}
            fields |= {"REFSEQ": tx.refseq, "EXON": exons}
            fields |= {"FUNCTIONAL_RNA": "yes"} if is_rna and impact != gene_effects.NO_IMPACT else {}
            best[tx.gene] = min(best.get(tx.gene, (key, fields)), (key, fields), key=lambda one: one[0])
    ranked = sorted(best.values(), key=lambda one: one[0])
    return [{name: value for name, value in fields.items() if value} for _, fields in ranked]


def _on_transcript(place: Place, tx: Transcript, ends: Iterable[tuple[str, int]]) -> tuple[str, str, str] | None:
    """Sequence Ontology term, impact and exons. A tandem duplication that leaves a gene leaves a whole copy of it."""
    cuts = [at for contig, at in ends if contig == tx.chrom and tx.start < at < tx.end]
    if place.kind == "INS":
        return _inserted(tx, cuts)
    if place.kind in ("INV", "BND"):
        return _broken(place, tx, cuts)
    if place.end <= tx.start or tx.end <= place.start:
        return None
    numbers = [n for n, (start, end) in enumerate(tx.exons, 1) if start < place.end and place.start < end]
    exons = _exons(numbers, tx)
    if not cuts:
        term = "transcript_ablation" if place.kind == "DEL" else "transcript_amplification"
        return term, "HIGH" if tx.cds else "MODIFIER", exons
    if not numbers:
        return _within_intron(place, tx)
    if not tx.cds:
        return "non_coding_transcript_exon_variant", "MODIFIER", exons
    first, last = tx.cds
    is_exon = any(tx.exons[n - 1][0] < last and first < tx.exons[n - 1][1] for n in numbers)
    coding = place.start < last and first < place.end and is_exon
    if place.kind == "DEL":
        is_whole = any(place.start <= start and end <= place.end for start, end in tx.exons)
        return "exon_loss_variant" if is_whole else "feature_truncation", "HIGH" if coding else "MODERATE", exons
    return "feature_elongation", "HIGH" if coding and len(cuts) == 2 else "MODERATE", exons


def _broken(place: Place, tx: Transcript, cuts: list[int]) -> tuple[str, str, str] | None:
    """A transcript that is cut; an inversion within an intron only turns a part of that."""
    if not cuts:
        return None
    before = {sum(start < at for start, _ in tx.exons) for at in cuts}
    within_exon = any(start < at < end for at in cuts for start, end in tx.exons)
    if place.kind == "INV" and len(cuts) == 2 and len(before) == 1 and not within_exon:
        return _within_intron(place, tx)
    return "feature_truncation", "HIGH" if tx.cds else "MODIFIER", ""


def _within_intron(place: Place, tx: Transcript) -> tuple[str, str, str]:
    """Bases of one intron are lost or turned: with a splice site of it, unless the whole intron is lost, which leaves
    the transcript as it is. A tandem duplication leaves both sites."""
    left, right = next((a[1], b[0]) for a, b in pairwise(tx.exons) if place.start < b[0])
    names = ("donor", "acceptor") if tx.forward else ("acceptor", "donor")
    is_changed = place.start < left + SPLICE_SITE, place.end > right - SPLICE_SITE
    sites = sorted(f"splice_{name}_variant" for name, changed in zip(names, is_changed, strict=True) if changed)
    is_kept = place.kind == "DUP" or place.kind == "DEL" and (place.start, place.end) == (left, right)
    if not sites or not tx.cds or is_kept:
        return "intron_variant", "MODIFIER", ""
    return "&".join(sites), "HIGH" if tx.cds[0] < left and right < tx.cds[1] else "MODERATE", ""


def _inserted(tx: Transcript, cuts: Iterable[int]) -> tuple[str, str, str] | None:
    """A transcript with an insertion of 50 bases or more: in an exon or its splice sites, or within an intron."""
    for at in cuts:
        for number, (start, end) in enumerate(tx.exons, 1):
            if start - SPLICE_SITE < at < end + SPLICE_SITE:
                coding = bool(tx.cds) and tx.cds[0] - SPLICE_SITE < at < tx.cds[1] + SPLICE_SITE
                return "feature_elongation", "HIGH" if coding else "MODERATE", _exons([number], tx)
        return "intron_variant", "MODIFIER", ""
    return None


def _exons(numbers: list[int], tx: Transcript) -> str:
    """Exons in the order of the transcript: 2/10 or 2-4/10."""
    total = len(tx.exons)
    ordered = sorted(n if tx.forward else total + 1 - n for n in numbers)
    if not ordered:
        return ""
    return f"{ordered[0]}-{ordered[-1]}/{total}" if len(ordered) > 1 else f"{ordered[0]}/{total}"
