"""Small reported VCFs of a family and of a tumour with its normal, with much in them that must not leave."""

from pathlib import Path

import pysam

from gms.sharing.decision.model import Member

FAMILY = ["child", "mother", "father"]
PAIR = ["tumor", "normal"]
ROLES = {"child": "proband", "mother": "mother", "father": "father", "tumor": "tumor", "normal": "normal"}
MEMBERS = {name: Member(name, role, "unknown", "unknown", f"subject-{name}") for name, role in ROLES.items()}
_TEXTS = ["INHERITANCE", "SECTION", "RESCUED", "RESCUED_FROM", "HAPLOTYPE", "PARTS", "HGVSP", "HGVSC", "GENE"]
_TEXTS += ["CONSEQUENCE", "IMPACT", "HOTSPOT", "LOCAL_NOTE"]
_NUMBERS = ["TLOD", "NLOD", "NLOD_PARTS", "NORMAL_PARTS", "PON_COUNT", "PON_AF"]


def header(samples: list[str], parts: str = "genes,population,family") -> str:
    """The header of a reported VCF, with lines of tools and persons."""
    lines = [
        "##fileformat=VCFv4.2",
        '##FILTER=<ID=PASS,Description="All filters passed">',
        '##FILTER=<ID=LowVaf,Description="Few reads">',
        "##contig=<ID=chr1,length=5000,assembly=/home/anna/genome.fa>",
        "##contig=<ID=chrM,length=500>",
        "##bcftools_viewCommand=view /home/anna/child.vcf.gz; Date=Mon",
        "##SAMPLE=<ID=child,Description=anna>",
        "##PEDIGREE=<Child=child,Mother=mother>",
        '##INFO=<ID=POP_AF,Number=A,Type=Float,Description="Allele frequency, \\"all\\"",Source="/home/anna/pop.vcf">',
        *(f'##INFO=<ID={name},Number=1,Type=String,Description="{name.lower()}">' for name in _TEXTS),
        *(f'##INFO=<ID={name},Number=1,Type=Float,Description="{name.lower()}">' for name in _NUMBERS),
        '##FORMAT=<ID=GT,Number=1,Type=String,Description="Genotype">',
        '##FORMAT=<ID=AD,Number=R,Type=Integer,Description="Reads">',
        '##FORMAT=<ID=DP,Number=1,Type=Integer,Description="Depth">',
        '##FORMAT=<ID=NOTE,Number=1,Type=String,Description="Note of anna">',
        f"##gms_parts={parts}",
        '##gms_policy=<ID=policy,Version=1,Digest=abc,NotApplied="">',
        "\t".join(["#CHROM", "POS", "ID", "REF", "ALT", "QUAL", "FILTER", "INFO", "FORMAT", *samples]),
    ]
    return "".join(f"{line}\n" for line in lines)


def family_line(pos: int, genotypes: list[str]) -> str:
    """A record with everything that a policy concludes from a family."""
    info = (
        "INHERITANCE=dominant;SECTION=dominant;HAPLOTYPE=90:AAA:CCC;RESCUED=ClinVar;RESCUED_FROM=WeakDeNovo;POP_AF=0.1"
    )
    info += f";PARTS=chr1:{pos}:C:T,chr1:{pos + 1}:C:T;HGVSP=p.Arg5Tyr;PON_COUNT=2;PON_AF=0.1;LOCAL_NOTE=anna"
    samples = [f"{genotype}:10,9:19:anna" for genotype in genotypes]
    return "\t".join(["chr1", str(pos), "rs123", "C", "T", "99", "PASS", info, "GT:AD:DP:NOTE", *samples]) + "\n"


def tumor_line(
    pos: int,
    ref: str = "C",
    alt: str = "T",
    normal: str | None = "0/0:30,0:30",
    nlod: float | None = 8.0,
    info: str = "",
    *,
    tumor: str = "0/1:60,30:90",
    contig: str = "chr1",
    flag: str = "PASS",
) -> str:
    """A record of a tumour; `normal` None is a case without one."""
    told = ["TLOD=30", *([info] if info else [])]
    if normal and nlod is not None:
        told += [f"NLOD={nlod}"]
    if normal and not info:
        told += ["HAPLOTYPE=90:AAA:CCC", "SECTION=other", "RESCUED=ClinVar", "RESCUED_FROM=NotCoding", "PON_COUNT=2"]
    samples = [tumor, normal] if normal else [tumor]
    return "\t".join([contig, str(pos), ".", ref, alt, "99", flag, ";".join(told), "GT:AD:DP", *samples]) + "\n"


def write(path: Path, samples: list[str], lines: list[str], parts: str = "genes,population,family") -> Path:
    """The bgzipped VCF of the lines."""
    with pysam.BGZFile(str(path), "wb") as out:
        out.write((header(samples, parts) + "".join(lines)).encode())
    return path
