import json

from gms.commands import benchmark


def test_the_table_has_a_row_for_each_task(tmp_path, capsys):
    figures = tmp_path / "figures.json"
    assert benchmark.main(["encrypt", "--size", "1", "--rounds", "1", "--json", str(figures)]) == 0
    rows = json.loads(figures.read_text())
    assert [row[0] for row in rows] == ["encrypt, four digests", "decrypt", "crypt4gh alone"]
    assert all(0 < lowest <= median <= highest for _, median, lowest, highest, *_ in rows)
    assert ">= 200" in capsys.readouterr().out
