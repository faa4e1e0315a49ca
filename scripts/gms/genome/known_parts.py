"""What is known of a joined allele's parts, where nothing is known of the joined allele itself.

Population data and panels of normals mostly list single changes: a haplotype of two common variants is not in them,
and without this it would look new. It is at most as frequent as its rarest part.
"""

from collections.abc import Iterable, Iterator

from gms.genome.vcf import info, info_text

HEADER = """\
##INFO=<ID=KNOWN_PARTS,Number=.,Type=String,Description="Fields taken from a part of the joined allele">
##INFO=<ID=CLNSIG_PARTS,Number=.,Type=String,Description="ClinVar significance of parts of the joined allele">
"""
RAREST = {"POP": "POP_AF", "PON": "PON_COUNT"}  # group of INFO fields -> the number by which its rarest part is found
INHERITED = 0.001  # frequency from which a part is taken for inherited, which a background of normals does not hold


def with_known_parts(lines: Iterable[str]) -> Iterator[str]:
    """Annotated VCF lines, in their order; joined alleles with what is known of their parts."""
    held: list[str] = []
    contig, last = "", 0
    for line in lines:
        if line.startswith("#"):
            yield from [HEADER] if line.startswith("#CHROM") else []
            yield line
            continue
        if held:
            chrom, pos, _ = line.split("\t", 2)
            if chrom != contig or int(pos) > last:
                yield from completed(held)
                held = []
        reach = end_of_haplotype(line) if "PART" in line else 0
        if held or reach:
            last, contig = max(reach, last if held else 0), line.split("\t", 1)[0]
            held.append(line)
        else:
            yield line
    yield from completed(held)


def end_of_haplotype(line: str) -> int:
    """The last 1-based position at which a record of the same haplotype may start; 0 of a simple allele."""
    known = info(line.split("\t", 8)[7])
    named = [known[key] for key in ("PARTS", "PART_OF") if key in known]
    spelled = [text.rsplit(":", 3) for text in ",".join(named).split(",") if text]
    return max((int(pos) + len(ref) for _, pos, ref, _ in spelled), default=0)


def completed(lines: list[str]) -> Iterator[str]:
    """The records, joined ones among them completed by their parts."""
    rows = [line.split("\t") for line in lines]
    known = {":".join((row[0], row[1], row[3], row[4])): info(row[7]) for row in rows}
    for row, own in zip(rows, known.values(), strict=True):
        parts = [known[part] for part in own.get("PARTS", "").split(",") if part in known]
        if added := from_parts(own, parts):
            row[7] = info_text({**own, **added})
        yield "\t".join(row)


def from_parts(own: dict[str, str], parts: list[dict[str, str]]) -> dict[str, str]:
    """INFO to add to a joined allele: of its rarest part where all parts are known, of an artefact also beside
    inherited ones; ClinVar's word on each part; that a part is on the list of variants to keep, or a hotspot, of which
    the joined allele changes the position."""
    added, taken = {}, []
    for group, number in RAREST.items():
        counted = [part for part in parts if number in part]
        others = (part for part in parts if number not in part)
        if counted and number not in own and all(group == "PON" and _is_inherited(part) for part in others):
            rarest = min(counted, key=lambda part: float(part[number]))
            added |= {key: value for key, value in rarest.items() if key.startswith(f"{group}_")}
            taken.append(number)
    hotspots = [part["HOTSPOT"] for part in parts if "HOTSPOT" in part]
    if hotspots and not {"HOTSPOT", "HOTSPOT_POSITION"} & own.keys():
        added["HOTSPOT_POSITION"] = hotspots[0]
        taken.append("HOTSPOT_POSITION")
    if "WHITELIST" not in own and any("WHITELIST" in part for part in parts):
        added["WHITELIST"] = ""
        taken.append("WHITELIST")
    if clinvar := [part["CLNSIG"] for part in parts if "CLNSIG" in part]:
        added["CLNSIG_PARTS"] = ",".join(clinvar)
    return {**added, **({"KNOWN_PARTS": ",".join(taken)} if taken else {})}


def _is_inherited(part: dict[str, str]) -> bool:
    return float(part.get("POP_AF", 0)) >= INHERITED
