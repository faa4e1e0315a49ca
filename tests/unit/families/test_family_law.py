"""What a family may take away from what the child alone would have had reported: tests/support/family_laws.py."""

import family_laws
from gms.families.relatives import Member, sex_of


def test_a_family_takes_away_only_what_certain_genotypes_exclude():
    """tests/integration/test_family_laws.py has 10,000 random families."""
    family_laws.check(1_500)


def test_a_mother_is_female():
    assert sex_of(Member("mother", "unknown", "no")) == "female"
