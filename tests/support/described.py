"""A shared case as the writers of metadata are given it: decision, sharing, pseudonyms, run record, genome, package."""

import datetime
import gzip
import random
from pathlib import Path

import pysam

from gms.sharing.decision.model import Decision, Member, SharedCase, Sharing, Study
from gms.sharing.decision.pseudonyms import Pseudonyms
from gms.sharing.metadata.model import PackageFacts

TRIO = (
    Member("kid-1", "proband", "male", "yes", "person-1"),
    Member("mum-1", "mother", "female", "no", "person-2"),
    Member("dad-1", "father", "male", "no", "person-3"),
)
PAIR = (
    Member("lump-1", "tumor", "female", "unknown", "person-4"),
    Member("blood-1", "normal", "female", "unknown", "person-4"),
)
CATEGORIES = ("germline_variants", "somatic_variants", "reads", "quality_metrics")
REPEAT = 300  # 0-based start of CACACACACACA in chr1
NAMES = ("kid-1", "mum-1", "dad-1", "lump-1", "blood-1", "person-", "family-1", "pair-1")
HEADER = "##fileformat=VCFv4.2\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO"
PSEUDONYMS = Pseudonyms(bytes(range(32)), "S1")
RUN = {
    "workflow": {"name": "gms", "version": "1.2.0"},
    "gmc": "uppsala",
    "config": {"file": "run.yaml", "sha256": "c" * 64},
    "reference": {"name": "GRCh38", "fasta": "GRCh38.fa", "fasta_index_sha256": "f" * 64},
    "assays": {
        "wgs_rare": {
            "title": "Rare disease, whole genome",
            "version": "1.0",
            "sha256": "a" * 64,
            "policy": {"name": "wgs_rare", "version": "2026.11", "sha256": "b" * 64},
            "targets": None,
        },
        "panel": {
            "title": "Tumours, gene panel",
            "version": "2.0",
            "sha256": "d" * 64,
            "policy": {"name": "panel", "version": "2026.11", "sha256": "e" * 64},
            "targets": {"file": "targets.bed", "sha256": "9" * 64},
        },
    },
    "tools": {"python": "3.11.7", "bwa": "0.7.17", "bcftools": "1.16", "freebayes": "1.3.6", "snakemake": "9.27.1"},
}


def genome(folder: Path) -> Path:
    """A FASTA of two contigs with its index: a repeat, a run of N, soft-masked bases and an ambiguous base in chr1."""
    bases = "".join(random.Random(7).choices("ACGT", k=600))
    first = f"{bases[:REPEAT]}GCACACACACACAT{bases[314:400]}NNNNNRacgt{bases[410:]}"
    fasta = folder / "genome.fa"
    lines = [first[start : start + 60] for start in range(0, len(first), 60)]
    fasta.write_text(">chr1\n" + "\n".join(lines) + f"\n>chrX\n{bases[:200]}\n")
    pysam.faidx(str(fasta))
    return fasta


def study(**changed) -> Study:
    """A study of which some fields are changed."""
    day = datetime.date
    values = {
        "id": "S1",
        "title": "Study one",
        "ethics_approval": "2026-01234-01",
        "valid_from": day(2026, 2, 1),
        "valid_until": day(2028, 12, 31),
        "responsible": "Principal Investigator",
        "disclosing_party": "region-uppsala",
        "disclosing_decision": "D-17",
        "purpose": "To find causes of a disease.",
        "data_categories": frozenset(CATEGORIES),
        "retention_until": day(2035, 12, 31),
    }
    return Study(**values | changed)


def sharing(**changed) -> Sharing:
    """A sharing file of which some fields are changed."""
    values = {
        "path": Path("sharing.yaml"),
        "study": study(),
        "data_use": ("HMB", "IRB", "TS 2028-12-31"),
        "recipients": (),
        "consents": (),
        "individuals": {},
        **{key: Path(key) for key in ("pseudonym_key", "signing_key", "encryption_key", "audit")},
        "approvers": (),
        **dict.fromkeys(("known_identifiers", "classifications", "portal_table")),
    }
    return Sharing(**values | changed)


def facts(fasta: Path = Path("genome.fa"), members=TRIO, categories=CATEGORIES, shared=None, **changed) -> PackageFacts:
    """Facts of a family (germline) or, with PAIR or a part of it, of a tumour; `changed` goes to the sharing file."""
    somatic = any(member.role == "tumor" for member in members)
    name, assay, kind = ("pair-1", "panel", "somatic") if somatic else ("family-1", "wgs_rare", "germline")
    case = SharedCase(name, assay, kind, tuple(members))
    decision = Decision(
        case, datetime.date(2026, 6, 1), "rules", (), (), tuple(shared or members), (), frozenset(categories), (), ()
    )
    return PackageFacts(decision, sharing(**changed), PSEUDONYMS, RUN, fasta)


def record(chrom: str, pos: int, ref: str, alt: str, *genotypes: str, info: str = "CALLERS=bcftools,freebayes") -> str:
    """A line of a VCF."""
    return "\t".join([chrom, str(pos), ".", ref, alt, "60", "PASS", info, "GT", *genotypes])


def package(folder: Path, given: PackageFacts, records: list[str]) -> Path:
    """A plain package in `folder` with the records under the pseudonyms of the shared members."""
    plain = folder / "plain"
    (plain / "data").mkdir(parents=True)
    (plain / "metadata").mkdir()
    columns = [given.pseudonyms.sample(member.sample) for member in given.decision.members]
    header = "\t".join([HEADER, "FORMAT", *columns])
    (plain / "data" / f"{given.case}.vcf.gz").write_bytes(
        gzip.compress("\n".join([header, *records, ""]).encode(), mtime=0)
    )
    return plain
