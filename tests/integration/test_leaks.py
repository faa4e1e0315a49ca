"""The leak scan on real variants and reads: nothing is found where nothing is, and memory is bounded.

The public data lie outside of this repository.
"""

import gzip
import io
import random
import re
import subprocess
import sys
from collections.abc import Iterator

import pytest

import runs
from gms.sharing.leak_patterns.known import known_names
from gms.sharing.leak_patterns.rules import LeakRules, local_rules
from gms.sharing.leak_scan.scan import examine, scan

DATA = runs.PROJECT.parent / "shared" / "data"
GENOME = DATA / "simbase-hg002-grch38-chr20-10mb" / "truth.HG002_v4.2.1.vcf.gz"
FALSE_PER_MILLION = 50  # records, at most; none are met
MARGIN = 10_000  # kB, where the larger stream holds 32,000 kB more
TELLING = re.compile(r"##(fileDate|reference|[^=]*[Cc]ommand)[^\n]*\n")
public = pytest.mark.skipif(not GENOME.is_file(), reason=f"public data with truth are not here ({DATA})")

FIELDS = {"AF": "Float", "TLOD": "Float", "RS": "String", "CSQ": "String", "VRS": "String", "SUM": "Integer"}


def annotated() -> Iterator[str]:
    """A whole genome's sort of VCF: real records, with numbers and codes of the kinds that annotation writes."""
    chance = random.Random(1)
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    yield "##fileformat=VCFv4.2\n##contig=<ID=chr20>\n"
    yield from (f'##INFO=<ID={key},Number=.,Type={kind},Description="of {key}">\n' for key, kind in FIELDS.items())
    yield "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n"
    for line in gzip.decompress(GENOME.read_bytes()).decode().splitlines():
        if not line.startswith("#"):
            chrom, pos, _, ref, alt, *_ = line.split("\t")
            number, share = chance.randrange(1, 2_200_000_000), chance.random()
            coding = f"c.{chance.randrange(1, 107_976)}{chance.randrange(-9999, 9999):+d}{ref[0]}>{alt[0]}"
            csq = f"{alt}|intron_variant&NMD_transcript|ENST{number:011d}.1:{coding}|rs{number}|{share:.10f}|{share}"
            code = "".join(chance.choices(letters, k=32))
            total = chance.randrange(10**9, 10**10)
            info = f"AF={share:.10g};TLOD={share * 99:.12f};RS={number};CSQ={csq};VRS=ga4gh:VA.{code};SUM={total}"
            yield f"{chrom}\t{pos}\trs{number}\t{ref}\t{alt}\t{share * 99:.4f}\tPASS\t{info}\n"


@public
def test_false_alarms_in_a_genome():
    text = "".join(annotated()).encode()
    rules = local_rules(names=["case-1", "case-1-tumor", "subject-7", "1950-01-31"])
    examination = examine({"genome.vcf": lambda: io.BytesIO(text)}, rules)
    assert examination.records > 16_000
    assert sum(finding.count for finding in examination.findings) <= FALSE_PER_MILLION * examination.records / 1e6
    # Of random numbers of ten digits 0.74 % look like a personal number; they stand in a column of numbers here.
    numbers = sum(finding.count for finding in examination.counted if finding.where.startswith("INFO"))
    assert 0.005 < numbers / examination.records < 0.01


@public
@pytest.mark.parametrize("path", sorted(DATA.glob("*/truth*.vcf.gz")), ids=lambda path: path.parent.name)
def test_no_false_alarm_in_public_variants(path):
    text = TELLING.sub("", gzip.decompress(path.read_bytes()).decode()).encode()
    assert scan({"truth.vcf": lambda: io.BytesIO(text)}, LeakRules()) == []


@public
def test_no_false_alarm_in_public_reads():
    reads = [path for name in ("mtdna-na12878", "umi-panel-chr22") for path in (DATA / name).glob("*.fastq.gz")]
    texts = {path.name: gzip.decompress(path.read_bytes()) for path in reads}
    examination = examine({name: lambda text=text: io.BytesIO(text) for name, text in texts.items()}, LeakRules())
    assert reads and examination.records > 10_000
    assert (examination.findings, examination.counted) == ([], [])


def test_results_before_deidentification_leak(finished):
    """Results of a run tell the samples' names, paths and command lines, and the scan says so."""
    rules = LeakRules(known=known_names(["pair-tumor"]), folders=frozenset({str(finished.results)}))
    path = finished.results / "alignment" / "pair-tumor.cram"
    findings = scan({"reads.cram": lambda: path.open("rb")}, rules)
    kinds = {finding.kind for finding in findings}
    assert kinds >= {"known_identifier", "local_path"} and "command_line" not in kinds  # headers keep no command lines
    assert "tag RG of record 1" in {finding.where for finding in findings}


def test_memory_is_bounded():
    """Five times the records of a stream that cannot be read twice take no more memory."""
    assert peak_of_scan(1_000_000) < peak_of_scan(200_000) + MARGIN


def peak_of_scan(records):
    """The most memory in kB that the scan of so many records of a VCF takes (about 40 bytes each)."""
    code = f"""
import itertools
from gms.sharing.leak_patterns.rules import LeakRules
from gms.sharing.leak_scan.scan import examine
class Endless:
    def __init__(self):
        self.lines = (b"chr1\\t%d\\trs%d\\tA\\tC\\t.\\t.\\tAF=0.%d\\n" % (n, n, n) for n in range({records}))
        self.first = b"##fileformat=VCFv4.2\\n#CHROM\\tPOS\\tID\\tREF\\tALT\\tQUAL\\tFILTER\\tINFO\\n"
    def read(self, size):
        first, self.first = self.first, b""
        return first + b"".join(itertools.islice(self.lines, size // 40))
    def __enter__(self):
        return self
    def __exit__(self, *error):
        pass
examination = examine({{"a.vcf": Endless}}, LeakRules())
assert examination.findings == [] and examination.records == {records}, examination
print(open("/proc/self/status").read())
"""
    variables = {"PYTHONPATH": str(runs.PROJECT / "scripts")}
    done = subprocess.run([sys.executable, "-c", code], env=variables, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return int(re.search(r"VmHWM:\s+(\d+) kB", done.stdout)[1])
