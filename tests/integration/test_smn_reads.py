"""SMN1 and SMN2 on real reads: those of the package smaca, which the set-up of the tests puts into .env/smaca.

The reads are cut to the exons and leave most of intron 6 out, and no copies are known, so that only c.840 is counted.
"""

import pysam
import pytest

from gms.base.software import ENVIRONMENT
from gms.biomarkers.smn_reads import SHIFTS, count_site, known_sites

FOLDER = ENVIRONMENT / "smaca" / "smaca" / "data"

pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason="smaca is not in .env/smaca (./gms setup --tests)")


@pytest.mark.parametrize(
    ("beginning", "assembly", "contig", "fragments"),
    [
        ("HG007.GRCh38", "GRCh38", "chr5", (15, 19)),
        ("HG007.hs37d5", "GRCh37", "5", (15, 19)),
        ("151002_7001448", "GRCh37", "5", (220, 153)),
    ],
    ids=["HG007", "HG007, GRCh37", "exome of HG002"],
)
def test_fragments_of_both_genes_at_c840(beginning, assembly, contig, fragments):
    (path,) = FOLDER.glob(f"{beginning}*.bam")
    site, shift = next(site for site in known_sites() if site.decides), SHIFTS[assembly]
    with pysam.AlignmentFile(str(path)) as alignment:
        moved = site._replace(smn1=site.smn1 + shift, smn2=site.smn2 + shift)
        assert count_site(alignment, contig, moved) == fragments
