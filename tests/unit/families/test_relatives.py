import pytest

from gms.families.relatives import child_copies, shares_of, state

KEYS = "GT:AD:DP:AF:GQ"


@pytest.mark.parametrize("column, expected", [
    ("0/0:30,0:30:0:99", "without"),
    ("0/0:30,1:31:.03:60", "without"),
    ("0/0:31,2:33:.06:39", "mosaic"),  # two reads of a parent predict real mosaicism
    ("0/0:27,3:30:.1:1", "mosaic"),  # ten per cent fit neither genotype
    ("0/1:26,4:30:.13:8", "mosaic"),
    ("0/0:18,2:20:.1:0", "mosaic"),
    ("0/0:19,1:20:.05:19", "uninformative"),
    ("0/1:7,2:9:.22:30", "probable"),  # few reads, but he has it
    ("0/1:8,1:9:.11:30", "uninformative"),
    ("0/1:6,4:10:.4:12", "probable"),
    ("0/0:6,2:8:.25:5", "uninformative"),
    ("0/0:20,10:30:.33:3", "probable"),
    ("./.:26,4:30:.13:.", "mosaic"),
    ("./.:198,2:200:.01:0", "mosaic"),
    ("./.:20,10:30:.33:.", "probable"),
    ("1:0,9:9:1:27", "probable"),
    ("./.:3,2:5:.4:.", "probable"),
    ("0:27,3:30:.1:1", "mosaic"),
    ("0/0:9,0:9:0:27", "uninformative"),
    ("0/0:10,0:10:0:30", "without"),
    ("0/0:30,0:30:0:19", "uninformative"),
    ("./.:0,0:0:.:.", "uninformative"),
    ("0/1:15,15:30:.5:99", "one_copy"),
    ("0/1:25,5:30:.17:40", "mosaic"),
    ("0/1:4,4:8:.5:99", "probable"),
    ("1/1:0,30:30:1:90", "two_copies"),
    ("1:0,30:30:1:90", "one_copy"),
    ("0:30,0:30:0:90", "without"),
    ("0/1", "probable"),  # of a VCF without depths
    ("0/0", "uninformative"),
])  # fmt: skip
def test_a_genotype_counts_only_if_it_is_certain(column, expected):
    assert state(KEYS, column) == expected


@pytest.mark.parametrize("column, expected", [
    ("0/1:15,15:30:.5:99", (1,)),
    ("1/1:0,30:30:1:90", (2,)),
    ("1/1:0,6:6:1:18", (2, 1)),
    ("1/1:0,9:9:1:27", (2, 1)),  # the other allele may not have been read
    ("0/1:5,4:9:.44:60", (1,)),  # few reads, but of both alleles
    ("0/1:1,8:9:.89:12", (1, 2)),
    ("0/1", (1, 2)),  # of a VCF without qualities
    ("1:0,30:30:1:90", (1,)),
    ("0/0:30,0:30:0:99", ()),
    ("./.:0,0:0:.:.", ()),
])  # fmt: skip
def test_copies_of_the_child(column, expected):
    assert child_copies(KEYS, column) == expected


@pytest.mark.parametrize(
    ("column", "expected"),
    [("1:60:0:900:0", "one_copy"), ("1/1:60:0:900:0", "two_copies"), ("1:10:0:900:0", "probable")],
)
def test_copies_that_are_lost_have_no_reads(column, expected):
    """A healthy father without the place on his X rules a deletion out, though no read of it was counted."""
    assert state("GT:GQ:CN:CQ:DP", column) == expected


@pytest.mark.parametrize(("column", "expected"), [
    ("0/0:99:2:0:1800:1.95,2.06", "without"), ("0/0:60:2:0:300:1.76,2.24", "without"),
    ("0/0:99:2:0:1400:1.50,1.60", "mosaic"), ("0/1:99:1:500:1200:1.31,1.41", "mosaic"),
    ("0/1:99:1:500:900:0.97,1.06", "one_copy"), ("./.:0:.:0:0:.", "uninformative"),
])  # fmt: skip
def test_copies_between_two_numbers_are_a_mosaic(column, expected):
    """A parent with a deletion in nearly half of the cells has two copies, but is not certain without it."""
    assert state("GT:GQ:CN:CQ:DP:CICN", column) == expected


def test_two_copies_more_may_be_on_one_chromosome():
    assert child_copies("GT:DP:GQ", "1/.:30:60") == (1, 2)
    assert state("GT:DP:GQ", "1/.:30:60") == "one_copy" and state("GT:DP:GQ", "1/.:30:9") == "probable"


@pytest.mark.parametrize(("reads", "alt", "expected"), [
    ("23,7", "<DUP>", "one_copy"), ("26,4", "<DUP>", "one_copy"), ("27,3", "<DUP>", "mosaic"),
    ("23,7", "<DEL>", "mosaic"), ("23,7", "T", "mosaic"),
])  # fmt: skip
def test_a_heterozygous_tandem_duplication_has_fewer_reads_than_other_events(reads, alt, expected):
    assert state("GT:AD:DP:GQ", f"0/1:{reads}:30:60", shares_of(alt)) == expected


@pytest.mark.parametrize(("column", "expected"), [
    ("0/1:21,9:30:8", "one_copy"), ("0/1:25,5:30:8", "probable"), ("1/1:15,15:30:4", "one_copy"),
    ("1/1:10,20:30:60", "two_copies"),
    ("1/.:15,15:30:9", "one_copy"), ("0/1:9,2:11:9", "probable"), ("0/1:5,4:9:9", "probable"),
    ("0/0:29,1:30:60", "without"),
])  # fmt: skip
def test_a_carrier_of_a_tandem_duplication_is_certain_where_one_copy_or_two_is_not(column, expected):
    assert state("GT:AD:DP:GQ", column, shares_of("<DUP>")) == expected
