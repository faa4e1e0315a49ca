"""Small things about DNA: complements, the genetic code, left alignment."""

import itertools

COMPLEMENT = str.maketrans("ACGTN", "TGCAN")
AMINO_ACIDS = "KNKNTTTTRSRSIIMIQHQHPPPPRRRRLLLLEDEDAAAAGGGGVVVV*Y*YSSSS*CWCLFLF"
CODE = {"".join(codon): aa for codon, aa in zip(itertools.product("ACGT", repeat=3), AMINO_ACIDS, strict=True)}
SENSE = tuple(codon for codon, aa in CODE.items() if aa != "*")


def reverse_complement(sequence: str) -> str:
    return sequence.translate(COMPLEMENT)[::-1]


def translate(coding: str) -> str:
    """One-letter protein; a trailing incomplete codon is left out."""
    return "".join(CODE[coding[i : i + 3]] for i in range(0, len(coding) - 2, 3))


def left_align(sequence: str, start: int, ref: str, alt: str) -> tuple[int, str, str]:
    """Left-aligned, parsimonious (start, ref, alt) of a change at 0-based `start`; an empty allele gets an anchor base.

    The algorithm is that of Tan, Abecasis and Kang 2015 (doi:10.1093/bioinformatics/btv112).
    """
    while True:
        if ref and alt and ref[-1] == alt[-1]:
            ref, alt = ref[:-1], alt[:-1]
        elif not ref or not alt:
            start -= 1
            ref, alt = sequence[start] + ref, sequence[start] + alt
        else:
            break
    while len(ref) > 1 and len(alt) > 1 and ref[0] == alt[0]:
        start, ref, alt = start + 1, ref[1:], alt[1:]
    return start, ref, alt
