"""What a change within one exon does to the protein; mRNA coordinates are those of `transcripts.Model`."""

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from gms.annotation.changes import Change
from gms.annotation.changes import Sequence as Reference
from gms.annotation.proteins import (
    MITOCHONDRIAL,
    MITOCHONDRIAL_STARTS,
    STANDARD,
    UNKNOWN_CHANGE,
    protein_change,
    translate,
    unchanged,
)
from gms.annotation.transcripts import Model


class Code(NamedTuple):
    """The spliced sequence of a transcript and its protein. `start`: first base of its first codon, of which a model
    without its start may lack bases (`cut`); its residue is X then, as in Ensembl's proteins. `whole`: it begins with
    a start codon. `selenocysteines`: mRNA coordinates of TGA codons read as such."""

    bases: str
    start: int
    protein: str
    cut: bool
    whole: bool
    table: dict[str, str]
    starts: frozenset[str]
    selenocysteines: frozenset[int]

    def read(self, bases: str, selenocysteines: frozenset[int]) -> str:
        """The protein of changed bases, whose first codon is where it was."""
        start = self.start + 3 * self.cut
        found = translate(bases[start:], self.table, frozenset(at - start for at in selenocysteines))
        if self.cut:
            return f"X{found}"
        return f"M{found[1:]}" if self.whole and bases[start : start + 3] in self.starts else found


def code_of(model: Model, sequence: Reference, mitochondrial: bool) -> Code:
    """The code of a transcript, kept with it."""
    if "code" not in model.__dict__:
        model.__dict__["code"] = _read_code(model, sequence, mitochondrial)
    return model.__dict__["code"]


def _read_code(model: Model, sequence: Reference, mitochondrial: bool) -> Code:
    chrom, forward = model.transcript.chrom, model.transcript.forward
    bases = "".join(sequence.bases(chrom, forward, start, end) for start, end in model.exons)
    start, table = model.code_start - model.missing, MITOCHONDRIAL if mitochondrial else STANDARD
    starts = MITOCHONDRIAL_STARTS if mitochondrial else frozenset(("ATG",))
    # A stop inside a CDS of a curated gene model is a TGA that is read as selenocysteine.
    cut = model.missing > 0
    inner = range(start + 3 * cut, model.code_end - 3, 3)
    recoded = frozenset(at for at in inner if not mitochondrial and bases[at : at + 3] == "TGA")
    whole = not cut and bases[start : start + 3] in starts
    if mitochondrial:
        bases += "AA"  # the stop of several genes is completed by the poly(A) tail: Anderson 1981, doi:10.1038/290457a0
    code = Code(bases, start, "", cut, whole, table, starts, recoded)
    return code._replace(protein=code.read(bases, recoded))


def coding_effect(model: Model, parts: list[Change], sequence: Reference, mitochondrial: bool) -> tuple[list[str], str]:
    """Terms and HGVS protein name ('' without one) of a change within exons, its parts in mRNA coordinates."""
    start, end = parts[0].start, parts[-1].end
    if end <= model.code_start:
        return ["5_prime_UTR_variant"], ""
    code = code_of(model, sequence, mitochondrial)
    read = code.start + 3 * len(code.protein)
    if start >= max(model.code_end, read):
        return ["3_prime_UTR_variant"], ""
    alt = _with_between(parts, code.bases)
    moved = len(alt) - (end - start)
    if start >= read or code.cut and start < code.start + 3:  # of a codon of which the model lacks bases
        return ["frameshift_variant" if moved % 3 else "coding_sequence_variant"], UNKNOWN_CHANGE
    altered = code.bases[:start] + alt + code.bases[end:]
    kept = start >= code.start and altered[code.start : code.start + 3] in code.starts
    if code.whole and not kept and _hits_start(start, end, code.start):
        return ["start_lost"], "p.(Met1?)"
    recoded = frozenset(at for at in code.selenocysteines if at + 3 <= start)
    recoded |= frozenset(at + moved for at in code.selenocysteines if at >= end)
    return _compared(code, code.read(altered, recoded), start, end, moved)


def _with_between(parts: Sequence[Change], bases: str) -> str:
    """What stands from the first to the last changed base: the parts, and the bases between them as they are."""
    text = parts[0].alt
    for before, part in pairwise(parts):
        text += bases[before.end : part.start] + part.alt
    return text


def _hits_start(start: int, end: int, code_start: int) -> bool:
    low, high = code_start, code_start + 3
    return low < start < high if start == end else start < high and end > low


def _compared(code: Code, alt: str, start: int, end: int, moved: int) -> tuple[list[str], str]:
    ref, shifted = code.protein, bool(moved % 3)
    first = (start - code.start) // 3
    last = max(first, (end - 1 - code.start) // 3)
    if ref == alt:
        return _silent(code, ref, first, min(last, len(ref) - 1))
    behind = -(-(end - code.start) // 3)  # codons that the change reaches, a part of one counted
    expected = len(ref) + moved // 3  # residues, where the stop is the one of `ref`
    passed = not shifted and ref.endswith("*") and (len(alt) > expected or not alt.endswith("*"))
    early, tail = not (shifted or passed) and len(alt) < expected, max(0, len(ref) - behind)
    name = protein_change(ref, alt, shifted, tail, early)
    return _terms(ref, alt, moved, early, passed, "delins" in name), name


def _silent(code: Code, ref: str, first: int, last: int) -> tuple[list[str], str]:
    if first == 0 and code.whole:
        return ["start_retained_variant", "synonymous_variant"], unchanged(ref, first, last)
    if ref[last] == "*":
        return ["stop_retained_variant"], unchanged(ref, last, last)
    return ["synonymous_variant"], unchanged(ref, first, last)


def _terms(ref: str, alt: str, moved: int, early: bool, passed: bool, replaces: bool) -> list[str]:
    """Terms of a protein that changes; `moved`: bases gained or lost; `early`: see `proteins.protein_change`; `passed`:
    it is read beyond the stop, in frame; `replaces`: it loses residues and gains others."""
    first = next((i for i, (a, b) in enumerate(zip(ref, alt, strict=False)) if a != b), min(len(ref), len(alt)))
    shifted = bool(moved % 3)
    terms = ["frameshift_variant"] if shifted else []
    if early or shifted and alt[first : first + 1] == "*":
        terms.insert(0, "stop_gained")
    if passed or shifted and ref[first : first + 1] == "*":
        terms.append("stop_lost")
    if moved and not shifted:
        kind = "insertion" if moved > 0 else "deletion"
        terms.append(f"{'disruptive' if replaces else 'conservative'}_inframe_{kind}")
    return terms or ["missense_variant"]
