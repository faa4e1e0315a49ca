"""The laws of tests/unit/families/test_family_law.py, for 10,000 random families each."""

import family_laws


def test_no_family_takes_away_what_certain_genotypes_do_not_exclude():
    family_laws.check(10_000)
