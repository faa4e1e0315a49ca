"""What is said of a disease is the ontology's own label."""

from gms.sharing.metadata.terms import disease


def test_a_listed_disease_has_its_own_label():
    assert disease("MONDO:0008903") == ("MONDO:0008903", "lung cancer")


def test_a_disease_that_is_not_listed_is_named_by_its_id():
    assert disease("MONDO:0000001") == ("MONDO:0000001", "MONDO:0000001")
