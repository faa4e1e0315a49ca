"""What a reader of a case report sees, piece by piece: the cells of its tables, its sentences."""

from collections.abc import Iterator
from html.parser import HTMLParser
from typing import NamedTuple

_BLOCKS = {"p", "li", "dt", "dd", "td", "th", "h1", "h2", "h3"}
_HIDDEN = {"style", "title", "nav"}
_WORDING = {"Why", "Reason", "Kept because", "In spite of", "What it is for"}  # columns


class Item(NamedTuple):
    """One text; `where` is its section, and in a table its row; `field` is its column or kind."""

    where: str
    field: str
    text: str
    in_table: bool = False  # and no wording of a reason


def report_items(html: str) -> Iterator[Item]:
    """The texts of a report in the order in which they are read."""
    parser = _Parser()
    parser.feed(html)
    parser.close()
    return iter(parser.items)


class _Parser(HTMLParser):
    """Gathers items; numbers of a table's row are named by its first cell and the column's heading."""

    def __init__(self) -> None:
        super().__init__()
        self.items: list[Item] = []
        self.section = self.term = self.row = self.group = self.label = ""
        self.columns: list[str] = []
        self.head, self.hidden, self.column, self.text = False, 0, 0, []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a text, a row or a table's head."""
        self.hidden += tag in _HIDDEN
        if tag in _BLOCKS:
            self.text, self.label = [], ""
        elif tag == "thead":
            self.head, self.columns, self.group = True, [], ""
        elif tag == "tr":
            self.column, self.row = 0, ""
        elif tag in ("span", "br"):
            if ("class", "small") in attrs:
                self.label = self.label or "".join(self.text)  # small print is not part of the name of a row
            self.text.append(" ")
        if tag == "th" and ("scope", "rowgroup") in attrs:
            self.row = "group"

    def handle_endtag(self, tag: str) -> None:
        """End a text: put it where it belongs."""
        self.hidden -= tag in _HIDDEN
        if tag == "thead":
            self.head = False
        if tag in _BLOCKS and not self.hidden:
            self._put(tag, " ".join("".join(self.text).split()))
            self.text = []

    def handle_data(self, data: str) -> None:
        """Text between tags."""
        if not self.hidden:
            self.text.append(data)

    def _put(self, tag: str, text: str) -> None:
        if tag in ("h1", "h2", "h3"):
            self.section = text
            self.items.append(Item("report", "heading", text))
        elif tag == "dt":
            self.term = text
        elif tag in ("td", "th"):
            self._put_cell(text)
        elif text:
            self.items.append(Item(self.section, self.term if tag == "dd" else "text", text))

    def _put_cell(self, text: str) -> None:
        if self.head:
            self.columns.append(text)
            self.items.append(Item(self.section, "column", text))
        elif self.row == "group":
            self.group = text
        else:
            self.row = self.row or " ".join([*self.group.split(), *(self.label or text).split()]) or "–"
            where = " › ".join(filter(None, (self.section, self.row)))
            field = self.columns[self.column] if self.column < len(self.columns) else ""
            self.items.append(Item(where, field, text, field not in _WORDING))
        self.column += 1
