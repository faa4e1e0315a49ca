"""Translation and HGVS names of proteins (https://hgvs-nomenclature.org, protein). Residues are one letter each; '*'
is the stop, U selenocysteine, X a codon that is not known. Predicted changes stand in parentheses."""

from collections.abc import Collection
from itertools import product, takewhile

_BASES = "TCAG"
# NCBI translation tables 1 and 2, codons in the order of TCAG: https://www.ncbi.nlm.nih.gov/Taxonomy/Utils/wprintgc.cgi
_STANDARD = "FFLLSSSSYY**CC*WLLLLPPPPHHQQRRRRIIIMTTTTNNKKSSRRVVVVAAAADDEEGGGG"
_MITOCHONDRIAL = "FFLLSSSSYY**CCWWLLLLPPPPHHQQRRRRIIMMTTTTNNKKSS**VVVVAAAADDEEGGGG"
_CODONS = ["".join(codon) for codon in product(_BASES, repeat=3)]
STANDARD = dict(zip(_CODONS, _STANDARD, strict=True))
MITOCHONDRIAL = dict(zip(_CODONS, _MITOCHONDRIAL, strict=True))
# Start codons of human mitochondrial genes, all read as methionine: NCBI translation table 2.
MITOCHONDRIAL_STARTS = frozenset(("ATG", "ATA", "ATT", "ATC", "GTG"))
UNKNOWN_CHANGE = "p.?"

_NAMES = {
    "A": "Ala", "C": "Cys", "D": "Asp", "E": "Glu", "F": "Phe", "G": "Gly", "H": "His", "I": "Ile", "K": "Lys",
    "L": "Leu", "M": "Met", "N": "Asn", "P": "Pro", "Q": "Gln", "R": "Arg", "S": "Ser", "T": "Thr", "V": "Val",
    "W": "Trp", "Y": "Tyr", "U": "Sec", "X": "Xaa", "*": "*",
}  # fmt: skip


def translate(bases: str, table: dict[str, str], selenocysteines: Collection[int] = ()) -> str:
    """Residues up to and with the first stop; whole codons only. `selenocysteines`: offsets of TGA codons in `bases`
    that are read as selenocysteine."""
    residues = []
    for at in range(0, len(bases) - 2, 3):
        residue = "U" if at in selenocysteines else table.get(bases[at : at + 3], "X")
        residues.append(residue)
        if residue == "*":
            break
    return "".join(residues)


def long(residues: str) -> str:
    """Three letters for each residue."""
    return "".join(_NAMES[residue] for residue in residues)


def protein_change(ref: str, alt: str, shifted: bool, tail: int, early: bool) -> str:
    """Name of a predicted change of `ref` to `alt`, which differ. `shifted`: the reading frame is lost; `tail`:
    residues at the end of `ref`, its stop included, whose codons lie behind the change; `early`: `alt` ends before
    it comes to them."""
    first = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(ref, alt, strict=False)))
    if first >= min(len(ref), len(alt)):
        return UNKNOWN_CHANGE  # one of the models ends without a stop
    kept = not shifted and not early and tail > 0  # the stop is where it was, seen from the codons before it
    if alt[first] == "*" and not kept:
        return f"p.({_place(ref, first)}*)"
    if ref[first] == "*" and not kept:
        return f"p.({_place(ref, first)}{long(alt[first])}ext*{_to_stop(alt, first, 0)})"
    if shifted:
        return f"p.({_place(ref, first)}{long(alt[first])}fs*{_to_stop(alt, first, 1)})"
    return f"p.({_within(ref, alt, first, tail if early else 0)})"


def unchanged(ref: str, first: int, last: int) -> str:
    """Name of a change that leaves the residues `first` to `last` (0-based) as they are."""
    span = _place(ref, first) if first == last else f"{_place(ref, first)}_{_place(ref, last)}"
    return f"p.({span}=)"


def _within(ref: str, alt: str, first: int, tail: int) -> str:
    """A change that keeps the frame; one that brings a stop (`tail`: what it cuts off) is described up to that stop."""
    if tail:
        old, new = ref[first : max(first, len(ref) - tail)], alt[first:]
    else:
        room = min(len(ref), len(alt)) - first
        pairs = zip(reversed(ref[-room:]), reversed(alt[-room:]), strict=True)
        common = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
        old, new = ref[first : len(ref) - common], alt[first : len(alt) - common]
    return _described(ref, first, old, new)


def _described(ref: str, first: int, old: str, new: str) -> str:
    last = first + len(old) - 1
    span = _place(ref, first) if len(old) == 1 else f"{_place(ref, first)}_{_place(ref, last)}" if old else ""
    if not new:
        return f"{span}del"
    if len(old) == len(new) == 1:
        return f"{span}{long(new)}"
    if old:
        return f"{span}delins{long(new)}"
    if ref[first - len(new) : first] == new and len(new) <= first:
        start = first - len(new)
        return f"{_place(ref, start)}dup" if len(new) == 1 else f"{_place(ref, start)}_{_place(ref, first - 1)}dup"
    return f"{_place(ref, first - 1)}_{_place(ref, first)}ins{long(new)}"


def _place(ref: str, index: int) -> str:
    return f"{long(ref[index])}{index + 1}"


def _to_stop(alt: str, first: int, counted: int) -> str:
    """Residues from `first` to the new stop, `counted` more; '?' where none is reached."""
    return str(len(alt) - 1 - first + counted) if alt.endswith("*") else "?"
