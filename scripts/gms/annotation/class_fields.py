"""What files of a class know of its alleles: of mitochondrial ones MITOMAP and MitoTIP, where they are given.

Alleles are looked up by position and bases: files of the mitochondrial genome hold one contig, however it is named.
"""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from urllib.parse import quote

from gms.genome.vcf import info, open_vcf
from gms.inputs.requests import optional_input
from gms.inputs.run_model import Reference

MITOCHONDRIAL = "mitochondrial"
# Part -> fields of its file and what they become.
FIELDS = {
    "mitomap": {"DiseaseStatus": "MITOMAP_STATUS", "Disease": "MITOMAP_DISEASE"},
    "mitotip": {"MitoTip_score": "MITOTIP_SCORE", "MitoTip_quartile": "MITOTIP_QUARTILE"},
}
HEADER = """\
##INFO=<ID=MITOMAP_STATUS,Number=1,Type=String,Description="Status in MITOMAP: Cfrm for confirmed, Reported and others">
##INFO=<ID=MITOMAP_DISEASE,Number=1,Type=String,Description="Disease in MITOMAP">
##INFO=<ID=MITOTIP_SCORE,Number=1,Type=String,Description="MitoTIP score of a tRNA variant">
##INFO=<ID=MITOTIP_QUARTILE,Number=1,Type=String,Description="Quartile of that score, Q1 the most pathogenic">
"""

Alleles = Mapping[tuple[str, str, str], Mapping[str, str]]


def class_files(variants: str, reference: Reference) -> list[str]:
    """Files of the reference that only this class is annotated with."""
    return list(class_parts(variants, reference).values())


def class_parts(variants: str, reference: Reference) -> dict[str, str]:
    """Part -> file, of those that are given and that this class is annotated with."""
    paths = {part: optional_input(getattr(reference, part)) for part in FIELDS if variants == MITOCHONDRIAL}
    return {part: path for part, path in paths.items() if path}


def known_alleles(files: Mapping[str, str]) -> dict[tuple[str, str, str], dict[str, str]]:
    """(POS, REF, ALT) -> our fields, from the files by part."""
    found: dict[tuple[str, str, str], dict[str, str]] = {}
    for part, path in files.items():
        with open_vcf(Path(path)) as lines:
            for line in lines:
                if not line.startswith("#"):
                    _, pos, _, ref, alts, _, _, text, *_ = line.rstrip("\n").split("\t")
                    known, names = info(text), alts.split(",")
                    for at, alt in enumerate(names):
                        values = {
                            ours: _value(known[name], at, len(names))
                            for name, ours in FIELDS[part].items()
                            if known.get(name)
                        }
                        found.setdefault((pos, ref, alt), {}).update(values)
    return found


def _value(text: str, at: int, alleles: int) -> str:
    """The value of one of the alleles of a record, of all where there are not as many values; as VCF 4.3 wants it: no
    quotes, and percent codes for what separates."""
    values = text.split(",")
    text = values[at] if len(values) == alleles else text
    return quote(text.strip('"'), safe=" /+-.:[]*()<>&'").replace(" ", "_")


def with_class_fields(lines: Iterable[str], known: Alleles, parts: Iterable[str]) -> Iterator[str]:
    """Annotated VCF lines with what is known of their alleles; `parts` join those of the header."""
    more = "".join(f",{part}" for part in parts)
    for line in lines:
        if line.startswith("##gms_parts="):
            head, _, columns = line.partition("\n")
            yield f"{head.replace('=none', '=').rstrip()}{more}\n".replace("=,", "=") + HEADER + columns
        elif line.startswith("#"):
            yield line
        else:
            fields = line.split("\t")
            added = known.get((fields[1], fields[3], fields[4]), {})
            fields[7] += "".join(f";{key}={value}" for key, value in added.items())
            yield "\t".join(fields)
