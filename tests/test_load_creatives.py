"""Files of creatives: dicts in order, what cannot be read said in its place, the rest goes on."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from automod.errors import InputError
from automod.load import creatives, json_files
from automod.load.creatives import Format, read_creatives
from automod.load.json_files import Unreadable

ONE = {"id": "c1", "markets": ["SA"], "text": {"body": "كازينو"}}
TWO = {"id": "c2"}


def read(data: bytes | str, form: Format | None = None) -> list[dict[str, Any] | Unreadable]:
    """What is in these bytes."""
    return list(
        read_creatives(io.BytesIO(data if isinstance(data, bytes) else data.encode()), form)
    )


LINES: list[tuple[bytes, list[dict[str, Any] | Unreadable]]] = [
    (b'{"id": "c1"}\n{"id": "c2"}\n', [{"id": "c1"}, {"id": "c2"}]),
    (b'{"id": "c1"}\r\n\r\n  \n{"id": "c2"}', [{"id": "c1"}, {"id": "c2"}]),
    (b'\xef\xbb\xbf{"id": "c1"}\n', [{"id": "c1"}]),
    (b"", []),
    (b'{"id": "c1"\n{"id": "c2"}', [
        Unreadable(1, "'{\"id\": \"c1\"' is not JSON: "
                      "Expecting ',' delimiter: line 1 column 12 (char 11)"), {"id": "c2"}]),
    (b'{"id": "\xff"}\n{"id": "c2"}', [Unreadable(1, "byte 0xFF is not UTF-8"), {"id": "c2"}]),
    (b"\n[1]\n5\nnull\n", [
        Unreadable(2, "[1] is not a JSON object"), Unreadable(3, "5 is not a JSON object"),
        Unreadable(4, "None is not a JSON object")]),
    (b'{"id": "a", "id": "b"}', [Unreadable(1, "the name 'id' is written twice in the JSON")]),
    (b'{"id": "a", "text": {"t": "x", "t": "y"}}', [
        Unreadable(1, "the name 't' is written twice in the JSON")]),
    (b'{"volume": NaN}', [Unreadable(1, "NaN is no number of JSON")]),
    (b'{"id": "\\ud800"}', [{"id": "\ud800"}]),
    (b"[" * 100_000, [Unreadable(1, f"'{'[' * 58}…' is not JSON: it cannot be read")]),
]  # fmt: skip


@pytest.mark.parametrize(("data", "expected"), LINES)
def test_lines_of_json(data: bytes, expected: list[dict[str, Any] | Unreadable]) -> None:
    """A line is a creative or says why it is none; the next line goes on."""
    assert read(data, "jsonl") == expected


def test_a_line_may_be_long_and_may_be_too_long(monkeypatch: pytest.MonkeyPatch) -> None:
    """A field of megabytes is read; a line over the budget is told, and the next goes on."""
    long = json.dumps({"id": "c", "text": {"body": "x" * 1_000_000}})
    assert read(f"{long}\n{long}", "jsonl") == [json.loads(long)] * 2
    monkeypatch.setattr(json_files, "MAX_LINE", 600_000)
    short = '{"id": "c2"}'
    found = read(f"{short}\n{long}\n{short}\n{long}", "jsonl")
    too_long = "the line is longer than 0 MiB"
    assert found == [TWO, Unreadable(2, too_long), TWO, Unreadable(4, too_long)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('[{"id": "c2"}]', [TWO]),
        ('{"id": "c2"}', [TWO]),
        ("[]", []),
        ('[{"id": "c2"}, 5]', [TWO, Unreadable(2, "5 is not a JSON object")]),
    ],
)
def test_a_list_in_json(text: str, expected: list[dict[str, Any] | Unreadable]) -> None:
    """A JSON file holds a list of creatives, or one."""
    assert read(text, "json") == expected


TABLE = """\
id,markets,text.title,text.body,links,targeting,attributes.vertical,x-note,certificates,on
c1,SA؛ NG,عنوان,"كازينو, الآن",http://a.co;b.co,"{""min_age"": 18}",games,mine,,2026-11-20
c2,,,hi,"[""https://a.example/?x=1;y=2""]",,,,"[{""policy"": ""GMB.REAL""}]",
"""
READ: list[dict[str, Any] | Unreadable] = [
    {"id": "c1", "markets": ["SA", "NG"], "text": {"title": "عنوان", "body": "كازينو, الآن"},
     "links": ["http://a.co", "b.co"], "targeting": {"min_age": 18},
     "attributes": {"vertical": "games"}, "on": "2026-11-20"},
    {"id": "c2", "text": {"body": "hi"}, "links": ["https://a.example/?x=1;y=2"],
     "certificates": [{"policy": "GMB.REAL"}]},
]  # fmt: skip


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1256"])
def test_a_table(encoding: str) -> None:
    """Cells are read by their column: lists, nested values as JSON, parts under `text.`."""
    assert read(TABLE.encode(encoding), "csv") == READ


def test_what_was_guessed_of_a_table_is_told(tmp_path: Path) -> None:
    """The encoding and the delimiter, unless they are the usual ones."""
    path = tmp_path / "ads.csv"
    notes: list[str] = []
    path.write_bytes("id;text.body\nc1;كازينو\n".encode("cp1256"))
    assert list(read_creatives(path, note=notes.append)) == [
        {"id": "c1", "text": {"body": "كازينو"}}
    ]
    assert notes == [f"{path}: read as cp1256, cells apart at ';'"]
    path.write_text(TABLE, encoding="utf-8")
    assert list(read_creatives(path, note=notes.append)) == READ
    assert len(notes) == 1


ROWS: list[tuple[bytes, list[dict[str, Any] | Unreadable]]] = [
    (b"id,markets\nc1,SA,x\nc2,\n", [
        Unreadable(2, "the row has 3 cells, the header has 2"), TWO]),
    (b"id,targeting\nc1,18+\nc2,\n", [
        Unreadable(2, "'18+' is not JSON: Extra data: line 1 column 3 (char 2)"), TWO]),
    (b"id,targeting.min_age\nc1,18\nc2,old\n", [
        {"id": "c1", "targeting": {"min_age": 18}},
        Unreadable(3, "'old' is not a whole number")]),
    ("id,text.body\nc0,كازينو\n".encode() + b"c1,\xff\nc2,\n", [
        {"id": "c0", "text": {"body": "كازينو"}}, Unreadable(3, "'\\udcff' is not UTF-8"), TWO]),
    (b'id,text.body\nc1,"a\nb"\nc2\n', [{"id": "c1", "text": {"body": "a\nb"}}, TWO]),
    (b'id,text.body\nc1,"a"b\nc2\n', [
        Unreadable(2, "the row is not CSV: ',' expected after '\"'"), TWO]),
    (b"\n\nid\n\nc2\n", [TWO]),
    (b"id,text.body\nc1," + b"x" * 200_000 + b"\nc2\n", [
        Unreadable(2, "the row is not CSV: field larger than field limit (131072)"), TWO]),
    (b'id,text,text.body\nc1,"{""title"": ""a""}",b\nc2,5,b\nc3,5,5\n', [
        {"id": "c1", "text": {"title": "a", "body": "b"}},
        Unreadable(3, "two columns say what 'text.body' is"),
        {"id": "c3", "text": {"body": "5"}}]),
    (b"id,text\nc1,{Keyword: casino}\nc2,\n", [
        {"id": "c1", "text": {"body": "{Keyword: casino}"}}, TWO]),
    ("المعرف;البلد;نص الإعلان;العنوان\nc1;SA, KW;كازينو;a\n".encode("cp1256"), [
        {"id": "c1", "markets": ["SA", "KW"], "text": {"body": "كازينو", "title": "a"}}]),
    ("Ad ID\tCountry\tAd text\nc1\tSA\thi\n".encode("utf-16"), [
        {"id": "c1", "markets": ["SA"], "text": {"body": "hi"}}]),
]  # fmt: skip


@pytest.mark.parametrize(("data", "expected"), ROWS)
def test_rows_of_a_table(data: bytes, expected: list[dict[str, Any] | Unreadable]) -> None:
    """A row is a creative or says why it is none; the next row goes on."""
    assert read(data, "csv") == expected


@pytest.mark.parametrize(
    ("data", "form", "message"),
    [
        (b"id,boddy,titel\nc1,a,b\n", "csv",
         ("input:1, column \"boddy\": 'boddy' is no column of creatives; did you mean 'body'?\n"
         "input:1, column \"titel\": 'titel' is no column of creatives; did you mean 'title'?")),
        ("المعرف,الأسوق,الحملة\n".encode(), "csv",
         ("input:1, column \"الأسوق\": 'الأسوق' is no column of creatives; did you mean "
         "'الأسواق'?\n"
         "input:1, column \"الحملة\": 'الحملة' is no column of creatives; columns are 'المعرف', "
         "'الأسواق', 'العنوان', 'النص', 'الروابط', 'الصور', 'مقاطع الفيديو'; begin the name of one "
         "of your own with 'x-', or write the result as .xlsx, which keeps it")),
        (b"Ads of November,,\nid,markets,body\n", "csv",
         ("input:1: only 'Ads of November' stands here; is it a title? the headers must stand in "
          "the first row")),
        (b"id,id\n", "csv",
         "input:1, column \"id\": the column is there twice: both are 'id'"),
        (b"", "csv", "input: has no header row"),
        (b"\xff\xfe{\0", "jsonl", "input: is UTF-16; JSON is UTF-8: save it as that"),
        (b"5", "json", "input: 5 is no list of creatives"),
        (b"[", "json", "input: '[' is not JSON: Expecting value: line 1 column 2 (char 1)"),
        (b"[\n\xff", "json", "input:2: byte 0xFF is not UTF-8"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_read_at_all(data: bytes, form: Format, message: str) -> None:
    """One error that names the file, the place and what would be right."""
    with pytest.raises(InputError) as caught:
        read(data, form)
    assert str(caught.value) == message


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    """No file and a folder are InputErrors too."""
    for path in (tmp_path / "none.jsonl", tmp_path, "a\0b"):
        with pytest.raises(InputError, match="cannot be read"):
            list(read_creatives(path))


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("ads.jsonl", b'{"id": "c2"}\n'), ("ads.ndjson", b'{"id": "c2"}\n'),
        ("ads.json", b'[{"id": "c2"}]'), ("ads.csv", b"id\nc2\n"), ("ads.tsv", b"id\ton\nc2\t\n"),
        ("ads", b'{"id": "c2"}\n'), ("ads.txt", b' \n[{"id": "c2"}]'), ("ads.txt", b"id\nc2\n"),
        ("ADS.JSONL", b'{"id": "c2"}'),
    ],
)  # fmt: skip
def test_the_format_is_known_by_the_suffix_or_the_beginning(
    tmp_path: Path, name: str, data: bytes
) -> None:
    """A brace begins lines, a bracket a list, anything else a table."""
    (tmp_path / name).write_bytes(data)
    assert list(read_creatives(tmp_path / name)) == [TWO]


def test_open_streams_of_bytes_and_of_text() -> None:
    """Standard input, a file that is open, text at hand: all are read, none is closed."""
    line = '{"id": "c1", "text": {"body": "كازينو"}, "markets": ["SA"]}\n'
    raw = io.BytesIO(line.encode())
    for stream in (io.StringIO(line), raw, io.TextIOWrapper(io.BytesIO(line.encode()), "utf-8")):
        assert list(read_creatives(stream)) == [ONE]
    assert not raw.closed
    table = io.BytesIO(TABLE.encode())
    assert list(read_creatives(table, "csv")) == READ
    assert not table.closed


@pytest.mark.parametrize("size", [255, 256, 257, 1_000])
def test_nothing_is_lost_where_the_sample_ends(monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    """The beginning that is read to guess the format is given back whole."""
    monkeypatch.setattr(creatives, "_SAMPLE", size)
    lines = [{"id": f"c{i}", "text": {"body": "كازينو" * (i % 7)}} for i in range(300)]
    data = "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in lines)
    assert read(data, "jsonl") == lines
    table = "id,text.body\n" + "".join(f"{one['id']},كازينو\n" for one in lines)
    expected = [{"id": one["id"], "text": {"body": "كازينو"}} for one in lines]
    assert read(table, "csv") == expected
    assert read(table.encode("utf-16"), "csv") == expected
    assert read(table.encode("cp1256"), "csv") == expected


plain = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)


@given(st.lists(st.dictionaries(plain, plain, max_size=3), max_size=5))
def test_what_json_writes_is_read_back(some: list[dict[str, str]]) -> None:
    """Lines and lists come back as they were written."""
    lines = "".join(json.dumps(one) + "\n" for one in some)
    assert read(lines, "jsonl") == some
    assert read(json.dumps(some), "json") == some


@pytest.mark.parametrize("cell", ['"SA,KW"', "SA;KW", '"SA, KW"', "SA KW", "SA؛KW", '["SA"|"KW"]'])
def test_a_cell_of_markets_may_hold_commas(tmp_path: Path, cell: str) -> None:
    """No market's name holds a comma or a space: between two of them both part the list."""
    path = tmp_path / "ads.csv"
    written = cell.replace('["SA"|"KW"]', '"[""SA"", ""KW""]"')
    path.write_text(f"id,markets,text.body\na,{written},hello\n", encoding="utf-8")

    assert [{"id": "a", "markets": ["SA", "KW"], "text": {"body": "hello"}}] == list(
        read_creatives(path)
    )
