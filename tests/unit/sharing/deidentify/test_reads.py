"""What of a CRAM leaves, and that the alignments are those that came."""

import gzip
import hashlib
import random

import pysam
import pytest

from gms.base.errors import GmsError
from gms.sharing.deidentify import reads
from gms.sharing.deidentify.reads import alignment_digest, clean_header, deidentify_reads

HEADER = {
    "HD": {"VN": "1.6", "SO": "coordinate"},
    "SQ": [{"SN": "chr1", "LN": 5000}, {"SN": "chr2", "LN": 3000}],
    "RG": [
        {
            "ID": "FLOW1.L001",
            "SM": "lab-42",
            "LB": "lib-42",
            "PU": "FLOW1.1",
            "PL": "Illumina",
            "DS": "Karin",
            "CN": "Karolinska",
        },
        {"ID": "FLOW1.L002", "SM": "lab-42", "PL": "box in room 7", "DT": "2026-01-02"},
    ],
    "PG": [{"ID": "bwa", "PN": "bwa", "CL": "bwa mem /home/anna/lab-42.fastq.gz"}],
    "CO": ["patient 19121212-1212"],
}
TELLING = ["lab-42", "lib-42", "FLOW1", "Karin", "Karolinska", "room", "2026-01", "anna", "fastq", "1912", "MACHINE"]


class Names:
    """Pseudonyms of read names, keyed as the real ones."""

    def read_name(self, name):
        return hashlib.blake2b(name, key=b"key", digest_size=8).hexdigest().encode()


@pytest.fixture(scope="module")
def fasta(tmp_path_factory):
    path = tmp_path_factory.mktemp("a-folder-of-anna") / "genome.fa"
    bases = random.Random(1)
    sequences = {sq["SN"]: "".join(bases.choices("ACGT", k=sq["LN"])) for sq in HEADER["SQ"]}
    path.write_text("".join(f">{name}\n{sequence}\n" for name, sequence in sequences.items()))
    pysam.faidx(str(path))
    return path


@pytest.fixture(scope="module")
def cram(fasta):
    """Pairs of two lanes, with a duplicate, a supplementary alignment, one mate elsewhere and an unmapped pair."""
    path = fasta.with_name("lab-42.cram")
    with pysam.FastaFile(str(fasta)) as genome:
        records = [record for number in range(40) for record in pair(number, genome)]
    header = pysam.AlignmentHeader.from_dict(HEADER)
    records.sort(key=lambda r: (r.reference_id < 0, r.reference_id, r.reference_start))
    with pysam.AlignmentFile(str(path), "wc", header=header, reference_filename=str(fasta)) as out:
        for record in records:
            out.write(record)
    pysam.index(str(path))
    return path


def pair(number, genome):
    header = pysam.AlignmentHeader.from_dict(HEADER)
    first, second = pysam.AlignedSegment(header), pysam.AlignedSegment(header)
    places = [(0, 100 * number), (number % 2, 60 * number + 30)]
    for record, (contig, start), flag in zip((first, second), places, (99, 147), strict=True):
        record.query_name, record.flag = f"MACHINE:7:FLOW1:1:1101:{number}:1000", flag
        record.reference_id, record.reference_start, record.mapping_quality = contig, start, 60
        sequence = list(genome.fetch(HEADER["SQ"][contig]["SN"], start, start + 50))
        sequence[number] = "A"
        record.query_sequence, record.cigarstring = "".join(sequence), "50M"
        record.query_qualities = pysam.qualitystring_to_array("".join(chr(40 + i % 30) for i in range(50)))
        tags = {
            "RG": f"FLOW1.L00{1 + number % 2}",
            "NM": 1,
            "AS": 45,
            "MC": "50M",
            "MQ": 60,
            "SA": "chr2,5,+,20S30M,60,0;",
        }
        tags |= {
            "RX": "ACGTACGTA",
            "BC": "ACGTACGTA",
            "CO": "lab-42",
            "PG": "bwa",
            "do": "MACHINE:7:other",
            "LB": "lib-42",
        }
        record.set_tags(list(tags.items()))
    first.next_reference_id, first.next_reference_start = second.reference_id, second.reference_start
    second.next_reference_id, second.next_reference_start = first.reference_id, first.reference_start
    if number == 5:
        first.flag |= 1024
    if number == 6:
        for record in (first, second):
            record.flag, record.reference_id, record.reference_start = record.flag & ~3 | 12, -1, -1
            record.next_reference_id, record.next_reference_start, record.cigarstring = -1, -1, None
            record.mapping_quality = 0
    return first, second


@pytest.fixture(scope="module")
def deidentified(cram, fasta, tmp_path_factory):
    out = tmp_path_factory.mktemp("plain") / "S1.cram"
    return out, deidentify_reads(cram, out, fasta, "S1", Names())


def load(path, fasta):
    with pysam.AlignmentFile(str(path), reference_filename=str(fasta)) as alignment:
        return alignment.header.to_dict(), list(alignment.fetch(until_eof=True))


def test_the_header_has_known_fields_only(deidentified, fasta):
    header, _ = load(deidentified[0], fasta)
    assert header["RG"] == [{"ID": "1", "SM": "S1", "PL": "ILLUMINA"}, {"ID": "2", "SM": "S1"}]
    assert [set(line) for line in header["SQ"]] == [{"SN", "LN", "M5"}] * 2
    assert set(header) == {"HD", "SQ", "RG"}


def test_alignments_are_unchanged(deidentified, cram, fasta):
    out, digest = deidentified
    assert digest.before == digest.after and digest.records == 80
    columns = [[record.to_string().split("\t")[1:11] for record in load(path, fasta)[1]] for path in (cram, out)]
    assert columns[0] == columns[1]
    text = "".join("\t".join(record) + "\n" for record in columns[0])
    assert hashlib.sha256(text.encode()).hexdigest() == digest.before


def test_mates_keep_one_name_and_lanes_their_group(deidentified, cram, fasta):
    old, new = load(cram, fasta)[1], load(deidentified[0], fasta)[1]
    names = {(a.query_name, b.query_name) for a, b in zip(old, new, strict=True)}
    assert len(names) == len({a for a, _ in names}) == len({b for _, b in names}) == 40
    groups = {(a.get_tag("RG"), b.get_tag("RG")) for a, b in zip(old, new, strict=True)}
    assert groups == {("FLOW1.L001", "1"), ("FLOW1.L002", "2")}


def test_only_tags_of_the_alignment_leave(deidentified, fasta):
    tags = {tag for record in load(deidentified[0], fasta)[1] for tag, _ in record.get_tags()}
    assert tags == {"RG", "NM", "MD", "AS", "MC", "MQ", "SA"}


def test_nothing_telling_is_in_the_bytes(deidentified, fasta):
    out, _ = deidentified
    header, records = load(out, fasta)
    names_and_tags = [(record.query_name, record.get_tags()) for record in records]
    texts = [str(header), str(names_and_tags), out.read_bytes().decode("latin-1")]
    texts.append(gzip.decompress(out.with_name("S1.cram.crai").read_bytes()).decode())
    telling = [*TELLING, "UR:", str(fasta.parent), "genome.fa", "S1.cram"]
    assert [word for word in telling for text in texts if word in text] == []
    assert "ACGTACGTA" not in str(names_and_tags)
    index = out.with_name("S1.cram.crai").read_bytes()
    assert index[3:8] == b"\0" * 5  # no file name, no time


def test_the_index_finds_reads(deidentified, fasta):
    with pysam.AlignmentFile(str(deidentified[0]), reference_filename=str(fasta)) as alignment:
        assert [record.reference_start for record in alignment.fetch("chr2", 2370, 2371)] == [2370]
        assert alignment.count("chr1", 0, 50) == 2


def test_the_same_input_gives_the_same_bytes_wherever_it_lies(deidentified, cram, fasta, tmp_path):
    out = tmp_path / "elsewhere" / "S1.cram"
    out.parent.mkdir()
    elsewhere = tmp_path / "another-genome.fa"
    elsewhere.write_bytes(fasta.read_bytes())
    pysam.faidx(str(elsewhere))
    deidentify_reads(cram, out, elsewhere, "S1", Names())
    for suffix in ("", ".crai"):
        assert (
            out.with_name(f"S1.cram{suffix}").read_bytes() == deidentified[0].with_name(f"S1.cram{suffix}").read_bytes()
        )


def test_a_changed_base_changes_the_digest(cram, fasta, tmp_path):
    header, records = load(cram, fasta)
    changed = tmp_path / "changed.cram"
    with pysam.AlignmentFile(
        str(changed), "wc", header=pysam.AlignmentHeader.from_dict(header), reference_filename=str(fasta)
    ) as out:
        for number, record in enumerate(records):
            if number == 11:
                qualities = record.query_qualities
                qualities[3] += 1
                record.query_qualities = qualities
            out.write(record)
    assert alignment_digest(changed, fasta)[0] == 80
    assert alignment_digest(changed, fasta) != alignment_digest(cram, fasta)


def test_a_lost_read_stops_the_export(cram, fasta, tmp_path, monkeypatch):
    whole = reads.Renamer.renamed
    monkeypatch.setattr(reads.Renamer, "renamed", lambda self, lines: list(whole(self, lines))[1:])
    out = tmp_path / "S1.cram"
    with pytest.raises(GmsError, match="79 of 80 reads") as error:
        deidentify_reads(cram, out, fasta, "S1", Names())
    assert list(tmp_path.iterdir()) == [] and "lab-42" not in str(error.value)


def test_a_cut_cram_stops_the_export(cram, fasta, tmp_path):
    cut = tmp_path / "cut.cram"
    cut.write_bytes(cram.read_bytes()[:-40])
    with pytest.raises(GmsError, match="samtools quickcheck"):
        deidentify_reads(cut, tmp_path / "S1.cram", fasta, "S1", Names())
    assert list(tmp_path.iterdir()) == [cut]


def test_a_wrong_reference_stops_the_export(cram, fasta, tmp_path):
    other = tmp_path / "other.fa"
    other.write_text(">chr9\nACGT\n")
    pysam.faidx(str(other))
    with pytest.raises(GmsError, match="samtools view ended"):
        deidentify_reads(cram, tmp_path / "S1.cram", other, "S1", Names())
    assert not (tmp_path / "S1.cram").exists()


def test_a_read_group_that_the_header_lacks():
    renamer = reads.Renamer({b"a": b"1"}, Names().read_name)
    with pytest.raises(GmsError, match="read group"):
        list(renamer.renamed([b"r\t0\tchr1\t1\t60\t1M\t*\t0\t0\tA\tI\tRG:Z:b\n"]))


def test_a_read_without_a_group_and_a_group_before_other_tags():
    renamer = reads.Renamer({b"a": b"1"}, lambda name: b"N")
    lines = [b"r\t0\tchr1\t1\t60\t1M\t*\t0\t0\tA\tI\n", b"r\t0\tchr1\t1\t60\t1M\t*\t0\t0\tA\tI\tRG:Z:a\tNM:i:0\n"]
    assert list(renamer.renamed(lines)) == [b"N" + lines[0][1:], b"N" + lines[1][1:].replace(b":a\t", b":1\t")]


def test_header_lines_of_other_kinds_are_dropped():
    header, groups = clean_header(["@HD\tVN:1.6\tXX:anna", "@XX\tID:1", "@SQ\tSN:a:b\tLN:5\tAS:x\tM5:0"], "S1")
    assert header == "@HD\tVN:1.6\n@SQ\tSN:a:b\tLN:5\tM5:0\n" and groups == {}
