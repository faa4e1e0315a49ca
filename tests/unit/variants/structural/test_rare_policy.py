"""What the policy of rare disease reports of structural variants."""

import pytest

from gms.base.project import PROJECT
from gms.filtering.apply import filter_vcf
from gms.filtering.policy import load_policy
from gms.genome.vcf import header_lines, open_vcf, write_vcf
from gms.variants.structural.header import HEADER


@pytest.mark.parametrize(
    ("kind", "ref", "alt", "across", "flagged"),
    [
        ("DEL", 24, 4, 4, True),
        ("DEL", 20, 4, 0, False),
        ("DUP", 24, 4, 1, False),
        ("DUP", 24, 4, 0, True),  # no read across the junction
        ("DUP", 20, 4, 0, False),
        ("DUP", 31, 3, 3, True),
    ],
)
def test_fewer_fragments_show_a_duplication_whose_ends_remain(tmp_path, kind, ref, alt, across, flagged):
    vcf = {name: tmp_path / f"{name}.vcf.gz" for name in ("annotated", "filtered", "reported")}
    column = f"0/1:20:{ref + alt}:{ref},{alt}:{across}:{alt - across}:{alt / (ref + alt):.3f}"
    info = f"SVTYPE={kind};JUNCTIONS=1;MAPQ=60;MAPQ0=0.00;END=1300"
    fields = ["chr1", "1000", "x", "A", f"<{kind}>", "40", ".", info, "GT:GQ:DP:AD:SR:PE:AF", column]
    header = header_lines({"chr1": 10_000}, f"{HEADER}##gms_parts=none\n", ["P"])
    write_vcf([*header, "\t".join(fields) + "\n"], vcf["annotated"])
    policy = load_policy(PROJECT / "config" / "filters" / "wgs_rare_structural.yaml", "structural")
    filter_vcf(vcf["annotated"], policy, vcf["filtered"], vcf["reported"], {"proband": "P"})
    with open_vcf(vcf["filtered"]) as lines:
        (record,) = (line.split("\t") for line in lines if not line.startswith("#"))
    assert record[6] == ("LowVaf" if flagged else "PASS")
