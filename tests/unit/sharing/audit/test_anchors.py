from audit_entries import MemoryStore
from gms.sharing.audit.anchors import put_anchor, read_anchors, stored_anchors, write_anchor


def head(sequence):
    return {"log": "a" * 64, "sequence": sequence, "sha256": f"{sequence:064x}"}


def test_old_anchors_are_thinned_out(tmp_path):
    for sequence in [*range(950, 1060), 1099, 1100]:
        write_anchor(head(sequence), tmp_path)
    kept = [one["sequence"] for one in read_anchors(tmp_path)]
    assert kept == [*range(962, 1060), 1099, 1100] and 1000 in kept
    for sequence in range(1101, 1201):
        write_anchor(head(sequence), tmp_path)
    assert [one["sequence"] for one in read_anchors(tmp_path)] == [1000, *range(1101, 1201)]
    assert [one["sequence"] for one in read_anchors(tmp_path, 2)] == [1199, 1200]


def test_the_newest_of_the_store():
    store = MemoryStore()
    for sequence in (1, 2, 30):
        put_anchor(head(sequence), store, "S1")
    assert [one["sequence"] for one in stored_anchors(store, "S1")] == [1, 2, 30]
    assert [one["sequence"] for one in stored_anchors(store, "S1", 2)] == [2, 30]
