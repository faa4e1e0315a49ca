"""The VCF of a case that starts from other workflows' calls: the contract of the merged VCF, without evidence of reads.

One record per allele that a sample of the case carries, sorted. A sample whose own file lacks an allele is not known to
lack it: its genotype is missing. Every entry of ALT is taken or counted under the reason why not (genotypes.REASONS).
"""

import os
import subprocess
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import IO, Any, NamedTuple

import pysam

from gms.base.digests import sha256
from gms.base.errors import GmsError
from gms.genome.alleles import Allele, repeat_length
from gms.genome.intervals import read_contigs
from gms.genome.vcf import header_lines
from gms.variants.external.genotypes import CONTEXT, NOT_CARRIED, REASONS, REPEATED, entries
from gms.variants.external.source import Source, records
from gms.variants.small.header import HEADER

CALLER = "external"
MARK = "##gms_external="  # header line of a VCF whose alleles were not looked for in reads
FORMAT = "GT:AD:DP:AF:GQ:ADF:ADR"
MISSING = "./.:.:.:.:.:.:."
_BUFFER = "256M"  # of sort; what is more goes to the folder for temporary files


class AllelesUnaccounted(GmsError):
    """Entries of ALT that are neither taken nor counted under a reason."""

    def __init__(self, sample: str, entries_read: int, accounted: int):
        super().__init__(f"sample {sample}: {entries_read} entries of ALT were read, {accounted} accounted for")


class Line(NamedTuple):
    """An allele of one sample between reading and sorting; `rank`: of its contig in the reference, from 0."""

    rank: int
    pos: int
    ref: str
    alt: str
    sample: int
    carried: int
    qual: str
    column: str


class Taken:
    """The calls of a case as they are taken: `counts[sample]` has entries by reason, '' those taken, and 'read' all."""

    def __init__(self, sources: Sequence[Source], fasta: Path, tmpdir: str, log: IO[str]):
        self.sources, self.tmpdir, self.log = sources, tmpdir, log
        self.contigs = read_contigs(Path(f"{fasta}.fai"))
        self.reference = pysam.FastaFile(str(fasta))
        self.counts = [Counter() for _ in sources]

    def lines(self) -> Iterator[str]:
        """Lines of the contract VCF. Raises UnusableCalls, OtherReference, NoGenotype, AllelesUnaccounted."""
        head = "".join(header_lines(self.contigs, HEADER, [source.sample for source in self.sources]))
        at = head.index("#CHROM")
        yield f"{head[:at]}{MARK}{CALLER}\n{head[at:]}"
        names = list(self.contigs)
        for (rank, pos, ref, alt), group in groupby(self._sorted(), key=lambda line: line[:4]):
            if record := self._record(names[rank], Allele(pos, ref, alt), list(group)):
                yield record
        self._require_all()

    def _sorted(self) -> Iterator[Line]:
        """Every allele of every sample by place, whatever the order of the files."""
        command = ["sort", "-t", "\t", "-k1,1n", "-k2,2n", "-k3,3", "-k4,4", "-k5,5n", "-s"]
        command += ["-S", _BUFFER, "-T", self.tmpdir]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": self.log}
        with subprocess.Popen(command, **pipes, text=True, env=os.environ | {"LC_ALL": "C"}) as process:
            for number, source in enumerate(self.sources):
                process.stdin.writelines(self._read(number, source))
            process.stdin.close()
            for text in process.stdout:
                rank, pos, ref, alt, sample, carried, qual, column = text.rstrip("\n").split("\t")
                yield Line(int(rank), int(pos), ref, alt, int(sample), int(carried), qual, column)
        if process.returncode:
            raise GmsError(f"sort ended with exit code {process.returncode}; is {self.tmpdir} full?")

    def _read(self, number: int, source: Source) -> Iterator[str]:
        ranks = {name: rank for rank, name in enumerate(self.contigs)}
        counts = self.counts[number]
        for fields in records(source, self.log):
            for entry in entries(fields, self.reference, source.path):
                counts["read"] += 1
                if entry.allele is None:
                    counts[entry.reason] += 1
                    continue
                line = Line(ranks[fields[0]], *entry.allele, number, entry.copies or 0, fields[5], entry.column)
                yield "\t".join(map(str, line)) + "\n"

    def _record(self, contig: str, allele: Allele, found: Sequence[Line]) -> str | None:
        """The record of an allele; None where no sample carries it."""
        own: dict[int, Line] = {}
        for line in found:
            best = own.setdefault(line.sample, line)
            if best is not line:
                self.counts[line.sample][REPEATED] += 1
                own[line.sample] = max(best, line, key=lambda one: one.carried)
        is_carried = any(line.carried for line in own.values())
        for number in own:
            self.counts[number]["" if is_carried else NOT_CARRIED] += 1
        if not is_carried:
            return None
        qual = next(line.qual for line in own.values() if line.carried)
        columns = [own[number].column if number in own else MISSING for number in range(len(self.sources))]
        info = f"CALLERS={CALLER};RPT={self._repeat(contig, allele)}"
        fields = [contig, str(allele.pos + 1), ".", allele.ref, allele.alt, qual, ".", info, FORMAT, *columns]
        return "\t".join(fields) + "\n"

    def _repeat(self, contig: str, allele: Allele) -> int:
        if allele.is_snv:
            return 0
        end = allele.pos + len(allele.ref) + CONTEXT
        return repeat_length(allele, self.reference.fetch(contig, allele.pos, end).upper(), allele.pos)

    def _require_all(self) -> None:
        for source, counts in zip(self.sources, self.counts, strict=True):
            accounted = sum(number for reason, number in counts.items() if reason != "read")
            if accounted != counts["read"]:
                raise AllelesUnaccounted(source.sample, counts["read"], accounted)

    def facts(self) -> list[dict[str, Any]]:
        """What was taken of each file, for variants/external/{case}.json and the report."""
        return [_facts(*pair) for pair in zip(self.sources, self.counts, strict=True)]


def _facts(source: Source, counts: Counter) -> dict[str, Any]:
    left_out = {reason: counts[reason] for reason in REASONS if counts[reason]}
    is_of_sheet = source.is_stated or source.name == source.sample  # another one may be of a person
    known = {"sample": source.sample, "file": source.path.name, "name": source.name if is_of_sheet else None}
    known |= {"sha256": sha256(source.path)} | ({} if is_of_sheet else {"named_otherwise": True})
    return known | {"entries": counts["read"], "taken": counts[""], "left_out": left_out}
