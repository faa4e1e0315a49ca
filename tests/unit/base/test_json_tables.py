from gms.base.json_tables import read_json, read_table, write_long_json


def test_long_lists_have_a_line_for_each_entry(tmp_path):
    content = {
        "case": {"name": "C1"},
        "findings": [{"p": "p.?", "n": [1, 2]}, {"p": "å", "n": []}],
        "empty": [],
        "x": None,
    }
    write_long_json(tmp_path / "long.json", content)
    assert read_json(tmp_path / "long.json") == content
    assert '{"p": "å", "n": []}\n],' in (tmp_path / "long.json").read_text()
    assert len((tmp_path / "long.json").read_text().splitlines()) == 9


def test_an_object_without_keys_is_one(tmp_path):
    write_long_json(tmp_path / "none.json", {})
    assert read_json(tmp_path / "none.json") == {}


def test_a_byte_order_mark_is_no_part_of_a_table(tmp_path):
    for text in ("gene\tn\nA\t1\n", "# version: 1\ngene\tn\nA\t1\n"):
        (tmp_path / "x.tsv").write_bytes(b"\xef\xbb\xbf" + text.encode())
        assert read_table(tmp_path / "x.tsv") == [{"gene": "A", "n": "1"}]
