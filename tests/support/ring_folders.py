"""Small made-up results folders for the ring trial: one case of a child and its mother, and what a centre changes."""

import gzip
import json
from pathlib import Path

BGZF_END = bytes.fromhex("1f8b08040000000000ff0600424302001b0003000000000000000000")
SAMPLES = ("child", "mother")
HEADER = ["##fileformat=VCFv4.2", "##contig=<ID=chr1,length=9000>", "##contig=<ID=chr2,length=9000>"]
RECORDS = [
    "chr1 100 . A G 50 PASS DP=30;GENE=ABC GT:AD 0/1:15,15 0/0:30,0",
    "chr1 200 . C T 40 LowQuality DP=20;GENE=ABC GT:AD 0/1:10,10 0/1:9,9",
    "chr2 50 . G GT 60 PASS DP=25;GENE=XYZ GT:AD 1/1:0,25 0/1:12,13",
]
VCFS = ("variants/merged", "annotated", "filtered", "reported")


def write_vcf(path: Path, records=RECORDS, samples=SAMPLES, header=HEADER) -> None:
    """A compressed VCF; the fields of `records` are separated by blanks."""
    columns = ["#CHROM", "POS", "ID", "REF", "ALT", "QUAL", "FILTER", "INFO", "FORMAT"] + list(samples)
    lines = [*header, *("\t".join(row) for row in (columns, *(record.split() for record in records)))]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(gzip.compress(("\n".join(lines) + "\n").encode(), mtime=0) + BGZF_END)


def run_record(gmc: str) -> dict:
    """run.json of a centre."""
    part = {"file": "part.vcf.gz", "bytes": 10, "index_sha256": "aa"}
    return {
        "workflow": {"name": "gms", "version": "v1"},
        "gmc": gmc,
        "config": {"file": "run.yaml", "sha256": gmc},
        "reference": {
            "name": "GRCh38",
            "fasta": "genome.fa",
            "fasta_index_sha256": "f0",
            "genes": part,
            "clinvar": part,
        },
        "assays": {
            "wgs_rare": {
                **{"version": "1.0", "sha256": "a0", "changed": {}, "normals": None, "whitelist": None, "genes": None},
                "policy": {"name": "wgs_rare", "version": "2026.11", "sha256": "d0"},
                "targets": {"file": "panel.bed", "sha256": "b0"},
            }
        },
        "tools": {
            "python": "3.11",
            "bwa": "0.7.17",
            "bcftools": "1.16",
            "snpeff": "5.1",
            "mosdepth": "0.3",
            "ruff": "1",
        },
    }


def make_folder(folder: Path, gmc: str = "uppsala", case: str = "trio", samples=SAMPLES) -> Path:
    """Results of one case at a centre; returns `folder`."""
    for place in VCFS:
        write_vcf(folder / place / f"{case}.vcf.gz", RECORDS[:1] if place == "reported" else RECORDS, samples)
    for sample in samples:
        facts = {"sample": sample, "case": case, "role": "proband", "assay": "wgs_rare"}
        gates = [{"metric": "contamination", "value": 0.0, "verdict": "pass", "why": "Not one person."}]
        write_json(folder / f"qc/{sample}.qc.json", facts | {"metrics": {"reads": 1000, "mean": 30.5}, "gates": gates})
        (folder / f"qc/{sample}.genes.tsv").write_text("gene\tbases\tmean_depth\nABC\t90\t31.0\nXYZ\t60\t29.5\n")
        (folder / f"qc/{sample}.fingerprint.tsv").write_text(
            "chrom\tpos\tlane\tref_count\nchr1\t9\tL1\t4\nchr1\t9\tL2\t5\n"
        )
    write_json(folder / f"qc/{case}.case.json", {"case": case, "assay": "wgs_rare", "metrics": {}, "verdict": "pass"})
    write_json(folder / "run.json", run_record(gmc))
    write_report(folder, gmc=gmc, case=case)
    return folder


PLATE_FILES = ("variants/viral/V1.vcf.gz", "consensus/V1.fasta", "qc/viral/V1.json", "qc/plates/W1.json")
VIRUS = ["##fileformat=VCFv4.2", "##contig=<ID=virus,length=100>"]


def make_plate(folder: Path, gmc: str = "uppsala", date: str = "2026-11-01") -> Path:
    """Results of a plate of one viral sample at a centre, handed over on a date; returns `folder`."""
    write_vcf(folder / "variants/viral/V1.vcf.gz", ["virus 7 . A G 225 PASS AF=0.99 GT:DP 1:90"], ["V1"], VIRUS)
    variant = {"variant": "7:A:G", "filter": "PASS", "fraction": 0.99}
    facts = {"sample": "V1", "case": "V1", "role": "isolate", "assay": "virus", "plate": "W1", "scheme": "v1"}
    record = facts | {"metrics": {"virus_reads": 90}, "reads": 95, "variants": [variant]}
    write_json(folder / "qc/viral/V1.json", record)
    write_json(folder / "qc/plates/W1.json", {"plate": "W1", "verdict": "pass", "samples": [record]})
    (folder / "consensus").mkdir()
    (folder / "consensus/V1.fasta").write_text(f">V1\n{'ACGTACGTAC' * 10}\n")
    names = [f"reports/01_SE100_{date}_komplettering.csv", "rawdata/26CS01_01_SE100_1.fastq.gz"]
    write_json(folder / "handover/W1.json", {"plate": "W1", "date": date, "handed_over": [], "files": names})
    for name, content in zip(names, (b"provnummer\n26CS01\n", gzip.compress(b"@1\nAC\n+\nFF\n")), strict=True):
        (folder / "handover/W1" / name).parent.mkdir(parents=True)
        (folder / "handover/W1" / name).write_bytes(content)
    run = run_record(gmc)
    run |= {"assays": {}, "viruses": {"virus": {"version": "1.0", "sha256": "a0", "rules": {"min_depth": 10}}}}
    write_json(folder / "run.json", run)
    return folder


def write_report(folder: Path, frequency=0.001, version="2026.11", gmc="uppsala", case="trio", records=3) -> None:
    """The case's report as data; `frequency` of its finding in the population."""
    finding = {"variants": ["chr1:100:A:G"], "genes": ["ABC"], "population": {"value": frequency}}
    content = {
        "case": {"case": case, "analysed": f"2026-11-{len(gmc):02}"},
        "assay": {"policy": {"version": version}},
        "findings": [finding],
        "filtered": {"records": records, "policy": {"version": version}},
        "run": {"gmc": gmc},
    }
    (folder / "report").mkdir(exist_ok=True)
    write_json(folder / f"report/{case}.json", content)


def write_json(path: Path, content) -> None:
    """JSON as the workflow writes it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content, indent=2) + "\n")


def change(path: Path, *keys_and_value) -> None:
    """Set one value of a JSON file: keys, then the value."""
    *keys, last, value = keys_and_value
    content = json.loads(path.read_text())
    place = content
    for key in keys:
        place = place[key]
    place[last] = value
    write_json(path, content)
