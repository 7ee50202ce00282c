"""What can be wrong with a package file: its place, the value, what would be right."""

from __future__ import annotations

from pathlib import Path

import pytest

from loading import (
    CASINO,
    HEAD,
    KEYWORD,
    Files,
    faults_of,
    material,
    package,
)

YAML_ROWS: list[tuple[str, Files, list[str]]] = [
    (
        "no YAML",
        package("materials: [{kind: keyword\n"),
        [
            (
                "p.yaml:6:1: this is not YAML: did not find expected ',' or '}'; while "
                "parsing a flow mapping"
            )
        ],
    ),
    (
        "tab",
        package("\tmaterials: []\n"),
        [
            (
                "p.yaml:5:1: this is not YAML: found character that cannot start any token; "
                "while scanning for the next token"
            )
        ],
    ),
    ("empty", {"p.yaml": ""}, ["p.yaml: is empty"]),
    ("a list", {"p.yaml": "- a\n"}, ["p.yaml:1:1: the file is no mapping of keys to values"]),
    (
        "two documents",
        package("---\na: b\n"),
        ["p.yaml:5:1: a second document begins here; one file, one document"],
    ),
    (
        "key twice",
        package("owner: you\n"),
        ["p.yaml:5:1: the key 'owner' is written twice (first in line 3)"],
    ),
    (
        "key twice, inside",
        material("kind: keyword, kind: phrase, value: a, weight: weak"),
        ["p.yaml:5:29: the key 'kind' is written twice (first in line 5)"],
    ),
    (
        "null",
        material("kind: keyword, value: , weight: weak"),
        ["p.yaml:5:36: 'value' has no value (null); quote it if you mean text"],
    ),
    (
        "null after #",
        package("materials:\n- kind: keyword\n  weight: weak\n  value: #sale\n"),
        ["p.yaml:8:9: 'value' has no value (null); quote it if you mean text"],
    ),
    (
        "null, written",
        material("kind: keyword, value: null, weight: weak"),
        ["p.yaml:5:36: 'value' has no value (null); quote it if you mean text"],
    ),
    (
        "null in a list",
        package("markets: [SA, ~]\n"),
        ["p.yaml:5:15: this entry has no value (null); quote it if you mean text"],
    ),
    (
        "anchor and alias",
        package("markets: &m [SA]\nlanguages: *m\n"),
        [
            "p.yaml:5:10: an anchor ('&m') is not read here; leave it out",
            "p.yaml:6:12: an alias ('*') is not read here; write the value out",
        ],
    ),
    (
        "tag",
        package("title: {en: !!str x}\n"),
        ["p.yaml:5:13: a YAML tag ('tag:yaml.org,2002:str') is not read here; leave it out"],
    ),
    (
        "python tag",
        package("note: !!python/object/apply:os.system [ls]\n"),
        [
            "p.yaml:5:7: ['ls'] is not one text",
            (
                "p.yaml:5:7: a YAML tag "
                "('tag:yaml.org,2002:python/object/apply:os.system') is not read "
                "here; leave it out"
            ),
        ],
    ),
    ("merge", package("<<: {a: b}\n"), ["p.yaml:5:1: '<<' is not a key here"]),
    ("a key that is a list", package("[a]: b\n"), ["p.yaml:5:1: a key must be one text; quote it"]),
    (
        "control",
        package("note: a\x01\n"),
        ['p.yaml:5:8: U+0001 cannot stand in YAML; write it as an escape in "..."'],
    ),
    ("NUL", package("note: a\0\n"), ["p.yaml:5:8: holds a NUL (U+0000); is it a text file?"]),
    (
        "broken UTF-8",
        {"p.yaml": HEAD.encode() + b"note: \xff\n"},
        ["p.yaml:5:7: byte 0xFF is not UTF-8; save the file as UTF-8"],
    ),
    ("deep", package("note: " + "[" * 40 + "]" * 40), ["p.yaml:5:38: is nested more than 32 deep"]),
    (
        "odd UTF-16",
        {"p.yaml": b"\xff\xfea\0b"},
        ["p.yaml: is not UTF-16 at byte 4; save it as UTF-8"],
    ),
]

PACKAGE_ROWS: list[tuple[str, Files, list[str]]] = [
    (
        "misspelt key",
        package("materails: []\n"),
        ["p.yaml:5:1: 'materails' is not a key here; did you mean 'materials'?"],
    ),
    (
        "misspelt 'package'",
        {"p.yaml": "pakage: p\nversion: 1\nowner: me\n"},
        [
            "p.yaml:1:1: 'package' is missing",
            "p.yaml:1:1: 'pakage' is not a key here; did you mean 'package'?",
        ],
    ),
    (
        "missing keys",
        {"p.yaml": "package: p\n"},
        ["p.yaml:1:1: 'owner' is missing", "p.yaml:1:1: 'version' is missing"],
    ),
    (
        "name",
        {"p.yaml": "package: My Package\nversion: 1\nowner: me\n"},
        ["p.yaml:1:10: 'My Package' is not a package name; write it as gambling-ar"],
    ),
    (
        "schema",
        package("schema: 2\n"),
        ["p.yaml:5:9: schema 2 is not known; this automod reads schema 1"],
    ),
    (
        "title",
        package("title: Casino\n"),
        ["p.yaml:5:8: 'Casino' is not a mapping of names to values"],
    ),
    (
        "title's language",
        package("title: {English: Casino}\n"),
        ["p.yaml:5:9: 'English' is not a language; write it as ar or ar-EG"],
    ),
    (
        "language",
        package("languages: [arabic]\n"),
        ["p.yaml:5:12: 'arabic' is not a language; write it as ar or ar-EG"],
    ),
    (
        "unknown code",
        {"p.yaml": "package: p\nversion: 1\nowner: me\npolicy: GMB.REEL\n"},
        ["p.yaml:4:9: 'GMB.REEL' is not a code of the policy table; did you mean 'GMB.REAL'?"],
    ),
    (
        "no code",
        {"p.yaml": "package: p\nversion: 1\nowner: me\npolicy: gambling\n"},
        ["p.yaml:4:9: 'gambling' is not a policy code; write it as GMB.REAL"],
    ),
    (
        "unknown market",
        package("markets: [XX, no, 'SA, AE']\n"),
        [
            "p.yaml:5:10: 'SA, AE' is not a market; split a list at ';'",
            "p.yaml:5:10: 'XX' is not a market",
            "p.yaml:5:10: 'no' is not a market; did you mean 'NO'?",
        ],
    ),
    (
        "dates",
        package("from: 2026-12-01\nuntil: 2026-11-30\n"),
        ["p.yaml:6:8: 'until' (2026-11-30) is before 'from' (2026-12-01)"],
    ),
    (
        "date",
        package("from: 01/12/2026\n"),
        ["p.yaml:5:7: '01/12/2026' is not a date; write it as 2026-11-01"],
    ),
    (
        "no such day",
        package("from: 2026-02-30\n"),
        ["p.yaml:5:7: '2026-02-30' is no day of the calendar"],
    ),
    (
        "status",
        package("status: active\n"),
        ["p.yaml:5:9: 'active' is not a status; one of: draft, shadow, live, retired"],
    ),
    (
        "materials is no list",
        package("materials: casino\n"),
        ["p.yaml:5:12: 'casino' is not a list"],
    ),
    (
        "material is no mapping",
        package("materials: [casino]\n"),
        ["p.yaml:5:13: 'casino' is not a mapping of keys to values"],
    ),
    (
        "example's hits",
        package(CASINO + "examples: [{text: a, hits: [casio]}]\n"),
        ["p.yaml:6:28: there is no material or rule 'casio'; did you mean 'casino'?"],
    ),
    (
        "example's hits apart by a comma",
        package(CASINO + 'examples: [{text: a, hits: "casino, bet"}]\n'),
        ["p.yaml:6:28: there is no material or rule 'casino, bet'; several ids stand apart by ';'"],
    ),
    (
        "example's known",
        package(CASINO + "examples: [{text: a, hits: [], known: mis}]\n"),
        ["p.yaml:6:39: 'mis' is not one of the known words; did you mean 'miss'?"],
    ),
    ("caps", package(CASINO + "caps: {g: 0.5}\n"), ["p.yaml:6:8: no group 'g' here"]),
    ("cap", package(CASINO + "caps: {g: 50}\n"), ["p.yaml:6:11: '50' is not from 0 to 1"]),
    (
        "two packages",
        {"p.yaml": HEAD, "q.yaml": HEAD},
        ["q.yaml:1:10: a second package 'p' (the first is in p.yaml)"],
    ),
]

MATERIAL_ROWS: list[tuple[str, Files, list[str]]] = [
    (
        "kind",
        material("kind: keywrod, value: a, weight: weak"),
        ["p.yaml:5:20: 'keywrod' is not a kind; did you mean 'keyword'?"],
    ),
    ("no kind", material("value: a, weight: weak"), ["p.yaml:5:13: 'kind' is missing"]),
    ("no value", material("kind: keyword, weight: weak"), ["p.yaml:5:13: 'value' is missing"]),
    (
        "no weight",
        material("kind: keyword, value: a"),
        [
            (
                "p.yaml:5:13: 'weight' is missing; write it, or once for all in 'defaults'; "
                "signal counts only in rules"
            )
        ],
    ),
    (
        "weight",
        material("kind: keyword, value: a, weight: high"),
        [
            (
                "p.yaml:5:47: 'high' is not a weight; write 0 to 1, or certain, "
                "strong, medium, weak, signal"
            )
        ],
    ),
    (
        "weight of 90",
        material("kind: keyword, value: a, weight: 90"),
        [
            (
                "p.yaml:5:47: '90' is not a weight; write 0 to 1, or certain, strong, "
                "medium, weak, signal"
            )
        ],
    ),
    (
        "negative",
        material("kind: keyword, value: a, weight: -1"),
        [
            (
                "p.yaml:5:47: '-1' is not a weight; write 0 to 1, or certain, strong, "
                "medium, weak, signal"
            )
        ],
    ),
    (
        "key",
        material(KEYWORD + ", wieght: weak"),
        ["p.yaml:5:60: 'wieght' is not a key here; did you mean 'weight'?"],
    ),
    (
        "empty",
        material("kind: keyword, value: '', weight: weak"),
        ["p.yaml:5:36: 'value' is empty"],
    ),
    (
        "empty after folding",
        material('kind: phrase, value: "\\u0640 \\u064b", weight: weak'),
        ["p.yaml:5:35: the phrase is empty after folding (it was U+0640 U+0020 U+064B)"],
    ),
    (
        "id",
        material(KEYWORD + ", id: a b"),
        ["p.yaml:5:64: 'a b' is not an id; letters, digits, '.', '_' and '-' only"],
    ),
    (
        "tag",
        material(KEYWORD + ", tags: [a/b]"),
        ["p.yaml:5:66: 'a/b' is not a tag; write it as promise"],
    ),
    (
        "policy",
        material(KEYWORD + ", policy: FIN.RICH"),
        ["p.yaml:5:68: 'FIN.RICH' is not a code of the policy table"],
    ),
    ("market", material(KEYWORD + ", markets: UK"), ["p.yaml:5:69: 'UK' is not a market"]),
    (
        "dates",
        material(KEYWORD + ", from: 2026-02-01, until: 2026-01-01"),
        ["p.yaml:5:85: 'until' (2026-01-01) is before 'from' (2026-02-01)"],
    ),
    (
        "gap",
        material(KEYWORD + ", gap: 2"),
        ["p.yaml:5:65: 'gap' is for phrases, this is a keyword"],
    ),
    (
        "a gap in words",
        material("kind: phrase, value: a b, weight: weak, gap: two"),
        ["p.yaml:5:59: 'two' is not a whole number; write it as 12"],
    ),
    (
        "boundary",
        material("kind: domain, value: a.com, weight: weak, boundary: word"),
        ["p.yaml:5:66: 'boundary' is for keywords and phrases, this is a domain"],
    ),
    (
        "the boundary of an allow",
        package("allow: [{id: a, kind: domain, value: a.com, boundary: prefix}]\n"),
        ["p.yaml:5:55: 'boundary' is for keywords and phrases, this is a domain"],
    ),
    (
        "the view of a regex",
        material("kind: regex, value: a+, weight: weak, view: evasion"),
        [
            (
                "p.yaml:5:58: the view 'evasion' is for keywords and phrases: a regex matches"
                " what it says; leave 'view' out"
            )
        ],
    ),
    (
        "the view of a domain",
        material("kind: domain, value: a.com, weight: weak, view: loose"),
        [
            (
                "p.yaml:5:62: the view 'loose' is for keywords and phrases: a domain is read by its"
                " own rules; leave 'view' out"
            )
        ],
    ),
    (
        "the view of an allow",
        package("allow: [{id: a, kind: handle, value: '@a', view: evasion}]\n"),
        [
            (
                "p.yaml:5:50: the view 'evasion' is for keywords and phrases: a handle is read by"
                " its own rules; leave 'view' out"
            )
        ],
    ),
    (
        "a disguise of what knows none",
        material("kind: phone, value: '+447700900123', weight: weak, only_if_obfuscated: true"),
        ["p.yaml:5:85: 'only_if_obfuscated' is for keywords and phrases, this is a phone"],
    ),
    (
        "a disguise of what knows none, by default",
        package(
            "defaults: {only_if_obfuscated: true}\n"
            "materials: [{kind: url, value: a.com/b, weight: weak}]\n"
        ),
        ["p.yaml:6:13: 'only_if_obfuscated' is for keywords and phrases, this is a url"],
    ),
    (
        "a disguise in a view without any",
        material(KEYWORD + ", view: loose, only_if_obfuscated: true"),
        [
            (
                "p.yaml:5:93: 'only_if_obfuscated' needs the view 'evasion', this has 'loose';"
                " leave 'view' out"
            )
        ],
    ),
    (
        "only languages",
        material(KEYWORD + ", only_languages: [ar, klingon]"),
        ["p.yaml:5:76: 'klingon' is not a language; write it as ar or ar-EG"],
    ),
    (
        "flag",
        material(KEYWORD + ", only_if_obfuscated: maybe"),
        ["p.yaml:5:80: 'maybe' is neither true nor false"],
    ),
    (
        "the same value",
        package(f"materials:\n- {{{KEYWORD}}}\n- {{{KEYWORD.replace('cas', 'CAS')}}}\n"),
        ["p.yaml:7:26: the same keyword as in p.yaml:6:3; leave one out"],
    ),
    (
        "the same id",
        package(
            f"materials:\n- {{{KEYWORD}, id: a}}\n- {{id: a, kind: regex, value: b, "
            "weight: weak}\n"
        ),
        ["p.yaml:7:8: the id 'a' is taken by p.yaml:6:3"],
    ),
    (
        "needs_within",
        material(KEYWORD + ", needs_within: 3"),
        ["p.yaml:5:74: 'needs_within' goes with 'needs' or 'unless'"],
    ),
    (
        "needs",
        material(KEYWORD + ", needs: [money]"),
        ["p.yaml:5:67: nothing has the tag 'p/money'"],
    ),
    (
        "unless elsewhere",
        material(KEYWORD + ", unless: [q/money]"),
        ["p.yaml:5:68: there is no package 'q'"],
    ),
    (
        "default",
        package("defaults: {wieght: 0.1, kind: keywrod}\n"),
        [
            "p.yaml:5:12: 'wieght' is not a key here; did you mean 'weight'?",
            "p.yaml:5:31: 'keywrod' is not a kind; did you mean 'keyword'?",
        ],
    ),
    (
        "default market",
        package("defaults: {markets: [XX]}\n"),
        ["p.yaml:5:21: 'XX' is not a market"],
    ),
    (
        "too long",
        material(f"kind: keyword, weight: weak, value: {'a' * 20_001}"),
        [f"p.yaml:5:50: '{'a' * 58}…' is longer than 20000 characters"],
    ),
]

HASHES = "pdq, phash, dhash, ahash, whash, colorhash"
IMAGE_ROWS: list[tuple[str, Files, list[str]]] = [
    (
        "no file there",
        material("id: i, kind: image, file: a.png, weight: weak"),
        ["p.yaml:5:40: there is no file 'a.png' beside the package"],
    ),
    (
        "a file elsewhere",
        material("id: i, kind: image, file: ../a.png, weight: weak"),
        ["p.yaml:5:40: '../a.png' is outside the package's folder"],
    ),
    (
        "no picture",
        material("kind: image, file: p.yaml, weight: weak"),
        ["p.yaml:5:33: media.unsupported: the bytes begin 70 61 63 6b 61 67 65 3a 20 70 0a 76"],
    ),
    (
        "a value",
        material("kind: image, value: a.png, weight: weak"),
        [
            "p.yaml:5:13: an image has a 'file' or a 'hash', one of them",
            "p.yaml:5:34: 'value' is not for an image: name its 'file' or its 'hash'",
        ],
    ),
    (
        "file and hash",
        material("kind: image, file: a.png, hash: b, weight: weak"),
        ["p.yaml:5:33: an image has a 'file' or a 'hash', only one of them"],
    ),
    (
        "a short hash",
        material("kind: image, hash: abc, algorithm: pdq, weight: weak"),
        ["p.yaml:5:33: 'abc' is not a hash: it has to be 64 hexadecimal digits"],
    ),
    (
        "a hash of no algorithm",
        material("kind: image, hash: ffff0000ffff0000, weight: weak"),
        [
            f"p.yaml:5:33: 16 digits: name the 'algorithm' ({HASHES})",
        ],
    ),
    (
        "algorithm and radius",
        package(
            "materials:\n"
            "  - {kind: image, hash: ab, algorithm: pqd, weight: weak}\n"
            f"  - {{kind: image, hash: {'ab' * 32}, radius: 32, weight: weak}}\n"
        ),
        [
            f"p.yaml:6:40: 'pqd' is no algorithm; there are views, {HASHES}",
            "p.yaml:7:99: the radius 32 is more than 31 bits",
        ],
    ),
    (
        "keys",
        material(KEYWORD + ", algorithm: pdq, radius: 3"),
        [
            "p.yaml:5:71: 'algorithm' is for images, this is a keyword",
            "p.yaml:5:84: 'radius' is for images, this is a keyword",
        ],
    ),
    (
        "video",
        material("id: i, kind: video, value: a.mp4, hash: abc, radius: 31, weight: weak"),
        [
            "p.yaml:5:41: 'value' is not for a video: name its 'file' or its 'hash'",
            "p.yaml:5:67: 'radius' is not for a video: name its 'file' or its 'hash'",
        ],
    ),
    (
        "fields of an image",
        material(f"kind: image, hash: {'ab' * 32}, fields: [body, images], weight: weak"),
        ["p.yaml:5:107: an image is seen in 'images' and 'videos', in no other field"],
    ),
    (
        "a digit is lost",
        material(f"kind: image, hash: {'a' * 63}, weight: weak"),
        ["p.yaml:5:33: 63 characters: a PDQ hash has 64 digits"],
    ),
    (
        "hashes of a video",
        package(
            "materials:\n"
            "  - {kind: video, hash: abc, weight: weak}\n"
            f"  - {{kind: video, hash: 'x:{'ab' * 32}', weight: weak}}\n"
            f"  - {{kind: video, hash: '2:{'ab' * 32}; 1:{'cd' * 32}', weight: weak}}\n"
        ),
        [
            "p.yaml:6:25: 'abc' is not a hash: it has to be 64 hexadecimal digits",
            "p.yaml:7:25: 'x' is no time: write it in seconds, as in 0.5:HASH",
            "p.yaml:8:25: the times of the hashes do not grow",
        ],
    ),
    (
        "how letters are read, of a picture",
        material(
            f"kind: image, hash: {'ab' * 32}, weight: weak, view: exact, only_languages: [ar],"
            " boundary: word, gap: 1, only_if_obfuscated: true"
        ),
        [
            (
                "p.yaml:5:119: the view 'exact' is for keywords and phrases: an image is found by"
                " what it looks like; leave 'view' out"
            ),
            "p.yaml:5:142: 'only_languages' is for texts, this is an image",
            "p.yaml:5:158: 'boundary' is for keywords and phrases, this is an image",
            "p.yaml:5:169: 'gap' is for phrases, this is an image",
            "p.yaml:5:192: 'only_if_obfuscated' is for keywords and phrases, this is an image",
        ],
    ),
    (
        "how letters are read, of a video",
        material("kind: video, file: a.mp4, weight: weak, boundary: word"),
        [
            "p.yaml:5:33: there is no file 'a.mp4' beside the package",
            "p.yaml:5:64: 'boundary' is for keywords and phrases, this is a video",
        ],
    ),
    (
        "how letters are read, of a picture that is allowed",
        package(
            "allow:\n"
            f"  - {{id: a, kind: image, hash: {'ab' * 32}, view: safe, boundary: word, gap: 1}}\n"
            "  - {id: b, kind: video, file: a.mp4, view: loose}\n"
        ),
        [
            (
                "p.yaml:6:104: the view 'safe' is for keywords and phrases: an image is found by"
                " what it looks like; leave 'view' out"
            ),
            "p.yaml:6:120: 'boundary' is for keywords and phrases, this is an image",
            "p.yaml:6:131: 'gap' is for phrases, this is an image",
            (
                "p.yaml:7:45: the view 'loose' is for keywords and phrases: a video is found by"
                " what it looks like; leave 'view' out"
            ),
        ],
    ),
    (
        "another fault of a picture",
        material(f"kind: image, hash: {'ab' * 32}, weight: weak, policy: NO.CODE"),
        ["p.yaml:5:121: 'NO.CODE' is not a code of the policy table"],
    ),
    (
        "allow",
        package("allow: [{id: a, kind: image, file: a.png}]\n"),
        ["p.yaml:5:36: there is no file 'a.png' beside the package"],
    ),
    (
        "allow by value",
        package("allow: [{id: a, kind: phrase, value: b, hash: c}]\n"),
        ["p.yaml:5:47: 'hash' is for images, this is a phrase"],
    ),
]

ROWS = [*YAML_ROWS, *PACKAGE_ROWS, *MATERIAL_ROWS, *IMAGE_ROWS]


@pytest.mark.parametrize(("files", "expected"), [pytest.param(f, e, id=i) for i, f, e in ROWS])
def test_a_fault_says_where_what_and_what_would_be_right(
    tmp_path: Path, files: Files, expected: list[str]
) -> None:
    """Each row of files has exactly these faults."""
    assert faults_of(tmp_path, files) == expected
