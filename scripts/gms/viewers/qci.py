"""The VCF of a tumour that QIAGEN Clinical Insight (QCI) takes: reported small variants, the tumour's column alone.

QCI takes the allele fraction from AD and not from AF; AD is therefore what gives AF (Twist_Solid,
docs/dna_snv_indels.md, "QCI AF correction of vcf", 2026). Copy number and structural variants are not in it: what it
takes of them is not publicly documented.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path

from gms.base.json_tables import read_json
from gms.base.results import named
from gms.genome.vcf import MISSING, open_vcf, read_header, sample_values, samples_of

_AD = "##FORMAT=<ID=AD,"
AD_HEADER = f'{_AD}Number=R,Type=Integer,Description="For QCI: DP - AF x DP and AF x DP, rounded">'
_FORMAT = "##fileformat=VCFv4.2"  # what laboratories load
_BEFORE_SAMPLES = 9  # columns


def write_qci(results: Path, case: str) -> Path:
    """Write viewers/{case}/qci.vcf of a finished case of a tumour: plain text, one allele a record."""
    document = read_json(results / named("findings").at(case=case))
    path = results / named("viewers").at(case=case) / "qci.vcf"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(qci_lines(results / named("reported").at(case=case), document["samples"][0]["sample"])))
    return path


def qci_lines(source: Path, tumor: str) -> Iterator[str]:
    """Lines of a VCF with the column of one sample, whose AD gives its AF."""
    with open_vcf(source) as lines:
        header = read_header(lines)
        column = _BEFORE_SAMPLES + samples_of(header).index(tumor)
        yield f"{_FORMAT}\n"
        for line in header[1:-1]:
            yield (AD_HEADER if line.startswith(_AD) else line) + "\n"
        yield "\t".join(_of_sample(header[-1].split("\t"), column)) + "\n"
        for line in lines:
            fields = _of_sample(line.rstrip("\n").split("\t"), column)
            yield "\t".join([*fields[:-1], with_depths(fields[-2], fields[-1])]) + "\n"


def _of_sample(fields: Sequence[str], column: int) -> list[str]:
    return [*fields[:_BEFORE_SAMPLES], fields[column]]


def with_depths(keys: str, column: str) -> str:
    """A sample's column with AD by AF and DP; as it is where one of them is missing."""
    values = sample_values(keys, column)
    fraction, depth = values.get("AF", MISSING), values.get("DP", MISSING)
    if "AD" in values and MISSING not in (fraction, depth):
        reads = round(float(fraction) * int(depth))
        values["AD"] = f"{int(depth) - reads},{reads}"
    return ":".join(values.values())
