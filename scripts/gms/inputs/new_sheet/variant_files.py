"""VCF and BCF files of folders: which samples are in each, and which of them a case cannot start from."""

from collections.abc import Collection, Iterable
from pathlib import Path

import pysam

from gms.inputs.new_sheet.read_files import Found, Odd, files_below, one_file_each

ENDINGS = (".vcf", ".vcf.gz", ".vcf.bgz", ".bcf")
_HAS_READS = "sample {sample} has reads, from which its case starts"
_SEVERAL = "is one of {number} files with calls of sample {sample}; keep one, or join them"


def find_variants(folders: Iterable[Path], with_reads: Collection[str], found: Found) -> dict[str, Path]:
    """File by sample, as the file names it. A sample with reads starts from those; of one in several files none is
    taken, as nobody knows which has its calls."""
    by_sample: dict[str, list[Path]] = {}
    for path in files_below(folders, lambda name: name.lower().endswith(ENDINGS)):
        samples, problem = _samples(path)
        if problem:
            found.odd.append(Odd(path, problem, path.name.partition(".")[0]))
        elif not samples:
            found.odd.append(Odd(path, "has no samples, only sites"))
        for sample in samples:
            by_sample.setdefault(sample, []).append(path)
    return one_file_each(by_sample, with_reads, (_HAS_READS, _SEVERAL), found)


def _samples(path: Path) -> tuple[list[str], str]:
    """Samples of a file and what is wrong with it; of a file of sites alone, which is of no sample, ([], '')."""
    before = pysam.set_verbosity(0)
    try:
        with pysam.VariantFile(str(path)) as file:
            return list(file.header.samples), ""
    except NotImplementedError:  # pysam cannot go back in such a file
        return [], f"is compressed with gzip; compress it with bgzip:  zcat {path.name} | bgzip > other.vcf.gz"
    except (OSError, ValueError):
        return [], "is neither a VCF nor a BCF file, or its header is damaged"
    finally:
        pysam.set_verbosity(before)
