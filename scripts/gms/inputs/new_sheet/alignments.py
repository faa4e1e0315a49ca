"""BAM and CRAM files of folders: which sample each is of, and which cannot be told from others."""

from collections.abc import Iterable
from pathlib import Path

import pysam

from gms.inputs.new_sheet.read_files import Found, Odd, files_below, one_file_each

ENDINGS = (".bam", ".cram")
_HAS_FASTQ = "sample {sample} has FASTQ files, which are taken"
_SEVERAL = "is one of {number} files of sample {sample}, which may have the same reads; keep one"


def find_alignments(folders: Iterable[Path], found: Found) -> dict[str, Path]:
    """File by sample: the one of its read groups (SM), else its name. A file next to FASTQ files of its sample is left
    out, and several files of a sample are all in doubt: the same reads may be in each."""
    by_sample: dict[str, list[Path]] = {}
    for path in files_below(folders, lambda name: name.endswith(ENDINGS)):
        sample, problem = _sample(path)
        if problem:
            found.odd.append(Odd(path, problem, path.stem))
        else:
            by_sample.setdefault(sample, []).append(path)
    with_fastq = {pair.name.sample for pair in found.pairs} | {odd.sample for odd in found.odd}
    return one_file_each(by_sample, with_fastq, (_HAS_FASTQ, _SEVERAL), found)


def _sample(path: Path) -> tuple[str, str]:
    """Sample of a file and what is wrong with it, one of them empty."""
    before = pysam.set_verbosity(0)
    try:
        with pysam.AlignmentFile(str(path), check_sq=False) as file:
            groups = file.header.to_dict().get("RG", [])
    except (OSError, ValueError):
        return "", "its header cannot be read; copy the file again"
    finally:
        pysam.set_verbosity(before)
    samples = sorted({group["SM"] for group in groups if group.get("SM")})
    if len(samples) > 1:
        return "", f"holds reads of several samples ({', '.join(samples)}); take them apart, as with samtools split"
    return samples[0] if samples else path.stem.partition(".")[0], ""
