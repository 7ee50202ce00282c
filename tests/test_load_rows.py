"""What files come to mean: values by the type of their field, defaults, ids, sugar, overrides."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from automod.errors import LoadError
from automod.load.ruleset import load, load_with_notes
from automod.model.canonical import digest, from_canonical, to_canonical
from automod.model.ruleset import EVERYWHERE, Condition, Material, Row, Scope
from loading import CASINO, HEAD, KEYWORD, POLICIES, Files, package_of, ruleset_of, table, write

DESIGN = """\
package: gambling-ar
version: 2026.11.1
title: {en: Arabic gambling promotion, ar: ترويج القمار}
owner: mena-ads-integrity
policy: [GMB.REAL]          # one or many; none: a bank
languages: [ar]             # how it is written
markets: [MENA]             # left out: everywhere
status: live                # draft (not loaded), shadow (hits, no action), live, retired
from: 2026-11-01
until: 2027-11-01
defaults: {weight: medium}
materials:
  - {id: casino, kind: keyword, value: كازينو, weight: strong}
  - {id: sure-win, kind: phrase, value: ربح مضمون, gap: 2, tags: [promise]}
  - {id: bot, kind: url, value: t.me/winksa}
  - {id: amount, kind: phrase, value: "<number> (riyal|ريال)", weight: signal, tags: [amount]}
  - {table: terms.csv}      # or .xlsx: one material a row, the keys as columns
rules:
  - id: promise-contact
    all:
      - {tag: promise}
      - any: [{found: phone}, {found: url}, {tag: contact-ar/cta}]
    none: [{advertiser: licensed}]
    within: 12              # words
    weight: strong
allow:
  - {id: awareness, kind: phrase, value: مكافحة القمار}
  - {id: licensed, kind: advertiser, values: [adv-2, adv-1], by: me, ticket: T-1}
examples:
  - {text: "العب في الكازينو", hits: [casino]}
  - {text: "صورة كبيرة", hits: []}
  - {text: "2l3ab m3na", hits: [sure-win], known: miss}
"""
BANK = (
    "package: contact-ar\nversion: 1\nowner: me\n"
    "materials: [{kind: handle, value: '@x', tags: [cta]}]\n"
)
FILES: Files = {
    "gambling/package.yaml": DESIGN,
    "gambling/terms.csv": "kind;value;tags\nkeyword;روليت;promise ؛ game\n".encode("cp1256"),
    "bank.yaml": BANK,
}


def material(folder: Path, text: str, more: str = "") -> Material:
    """The one material of a package."""
    return package_of(folder, {"p.yaml": f"{HEAD}materials: [{{{text}}}]\n{more}"}).materials[0]


def test_the_package_of_the_design_is_whole(tmp_path: Path) -> None:
    """Every part of it is in the ruleset, under qualified names."""
    bank, package = ruleset_of(tmp_path, FILES).packages
    assert (bank.name, bank.policies, bank.materials[0].id) == (
        "contact-ar",
        (),
        "contact-ar/handle-x",
    )
    assert package.title == {"en": "Arabic gambling promotion", "ar": "ترويج القمار"}
    assert (package.version, package.languages) == ("2026.11.1", ("ar",))
    assert package.scope == Scope(("MENA",), (), date(2026, 11, 1), date(2027, 11, 1))
    assert [one.id.partition("/")[2] for one in package.materials] == [
        "amount", "bot", "casino", "keyword-روليت", "sure-win",
    ]  # fmt: skip
    assert [one.weight for one in package.materials] == [0.0, 0.6, 0.9, 0.6, 0.6]
    assert package.materials[3].tags == ("gambling-ar/game", "gambling-ar/promise")
    assert [(one.hits, one.known) for one in package.examples] == [
        (("casino",), None), ((), None), (("sure-win",), "miss"),
    ]  # fmt: skip


def test_the_rule_of_the_design_is_whole(tmp_path: Path) -> None:
    """`all` and `none` stand together; every name in them is qualified."""
    rule = ruleset_of(tmp_path, FILES).packages[1].rules[0]
    assert (rule.id, rule.within, rule.weight) == ("gambling-ar/promise-contact", 12, 0.9)
    found = (
        Condition("found", "phone"),
        Condition("found", "url"),
        Condition("tag", "contact-ar/cta"),
    )
    assert rule.condition == Condition("all", parts=(
        Condition("tag", "gambling-ar/promise"),
        Condition("any", parts=found),
        Condition("none", parts=(
            Condition("advertiser", "gambling-ar/licensed", ("adv-1", "adv-2")),
        )),
    ))  # fmt: skip


def test_the_allows_of_the_design_are_whole(tmp_path: Path) -> None:
    """An allow protects its own package; that of advertisers holds no material."""
    phrase, advertisers = ruleset_of(tmp_path, FILES).packages[1].allows
    assert phrase.material == Material(
        "gambling-ar/awareness", "phrase", "مكافحة القمار", boundary="inflected", language="ar"
    )
    assert (phrase.packages, phrase.policies) == (("gambling-ar",), ())
    assert (advertisers.material, advertisers.advertisers) == (None, ("adv-1", "adv-2"))
    assert advertisers.about == {"by": "me", "ticket": "T-1"}


@pytest.mark.parametrize(
    ("written", "key", "expected"),
    [
        ("kind: keyword, value: 0501234567, weight: 1", "value", "0501234567"),
        ("kind: keyword, value: NO, weight: 1", "value", "NO"),
        ("kind: keyword, value: 1e3, weight: 1", "value", "1e3"),
        ("kind: keyword, value: 2026-11-01, weight: 1", "value", "2026-11-01"),
        ("kind: keyword, value: 0x1F, weight: 1", "value", "0x1F"),
        ("kind: keyword, value: 12:30:45, weight: 1", "value", "12:30:45"),
        ("kind: keyword, value: 'null', weight: 1", "value", "null"),
        ("kind: keyword, value: .nan, weight: 1", "value", ".nan"),
        ("kind: keyword, value: ' a ', weight: 1", "value", "a"),
        ("kind: regex, value: ' a ', weight: 1", "value", " a "),
        (f"kind: keyword, value: {'9' * 5_000}, weight: 1", "value", "9" * 5_000),
        ("kind: keyword, value: a, weight: '٠٫٩'", "weight", 0.9),
        ("kind: keyword, value: a, weight: 90%", "weight", 0.9),
        ("kind: keyword, value: a, weight: strong", "weight", 0.9),
        ("kind: phrase, value: a b, weight: 1, gap: ٢", "gap", 2),
        ("kind: keyword, value: a, weight: 1, markets: NO", "scope", Scope(("NO",))),
        ("kind: keyword, value: a, weight: 1, markets: [NO, GCC, NO]", "scope",
         Scope(("GCC", "NO"))),
        ("kind: keyword, value: a, weight: 1, fields: [title, ocr]", "scope",
         Scope(fields=("ocr", "title"))),
        ("kind: keyword, value: a, weight: 1, until: ٢٠٢٦-١٢-٣١", "scope",
         Scope(until=date(2026, 12, 31))),
        ("kind: keyword, value: a, weight: 1", "scope", EVERYWHERE),
        ("kind: keyword, value: a, weight: 1, status: shadow", "status", "shadow"),
        ("kind: keyword, value: a, weight: 1, policy: KID.SAFE", "policies", ("KID.SAFE",)),
        ("kind: keyword, value: a, weight: 1", "policies", ("GMB.REAL",)),
        ("kind: keyword, value: a, weight: 1, group: g", "group", "p/g"),
        ("kind: keyword, value: a, weight: 1, note: n, x-team: t", "about",
         {"note": "n", "x-team": "t"}),
        ("kind: keyword, value: a, weight: 1, added: 2026-1-2, example: e", "about",
         {"added": "2026-01-02", "example": "e"}),
        ("kind: keyword, value: Big Casino!, weight: 1", "id", "p/keyword-big-casino"),
        ("kind: keyword, value: كَازينو, weight: 1", "id", "p/keyword-كازينو"),
        ("kind: keyword, value: 🎰, weight: 1", "id", "p/keyword-ecb0d7"),
        (f"kind: keyword, value: {'ab ' * 30}, weight: 1", "id", f"p/keyword-{'ab-' * 13}a"),
    ],
)  # fmt: skip
def test_a_scalar_is_read_by_the_type_of_its_field(
    tmp_path: Path, written: str, key: str, expected: object
) -> None:
    """Norway is a market, a phone keeps its zero, and what is left out has its default."""
    assert getattr(material(tmp_path, written), key) == expected


def test_defaults_fill_in_only_what_is_missing(tmp_path: Path) -> None:
    """Each key of `defaults` holds where a material does not say otherwise."""
    more = "defaults: {kind: keyword, weight: weak, tags: [d], markets: SA, source: s, x-a: b}\n"
    found = material(tmp_path, "value: a", more)
    assert (found.kind, found.weight, found.tags, found.scope) == (
        "keyword", 0.3, ("p/d",), Scope(("SA",)),
    )  # fmt: skip
    assert found.about == {"source": "s", "x-a": "b"}
    other = material(tmp_path, "value: a, weight: 1, tags: [e], x-a: c", more)
    assert (other.weight, other.tags, other.about) == (1.0, ("p/e",), {"source": "s", "x-a": "c"})


def test_the_less_active_status_wins(tmp_path: Path) -> None:
    """A shadow package has no live material, and what is draft or retired is not there at all."""
    text = HEAD + "status: shadow\nmaterials:\n" + "".join(
        f"- {{{KEYWORD.replace('casino', 'v' + status)}, id: {status}, status: {status}}}\n"
        for status in ("draft", "shadow", "live", "retired")
    )  # fmt: skip
    package = package_of(tmp_path, {"p.yaml": text})
    assert [(one.id, one.status) for one in package.materials] == [
        ("p/live", "shadow"), ("p/shadow", "shadow"),
    ]  # fmt: skip


@pytest.mark.parametrize("status", ["draft", "retired"])
def test_a_package_that_is_off_is_not_there_and_may_be_named(tmp_path: Path, status: str) -> None:
    """Overrides and rules that name it stay without fault, so that it can come back."""
    files = {
        "p.yaml": HEAD + f"status: {status}\n" + CASINO,
        "q.yaml": "package: q\nversion: 1\nowner: me\n"
        "rules: [{id: r, all: [{tag: p/t}, {material: p/casino}]}]\n",
        "overrides/o.yaml": "{override: o, target: p/casino, set: {status: shadow},"
        " until: 2027-01-01, by: me, ticket: T}",
    }
    ruleset = ruleset_of(tmp_path, files)
    assert [package.name for package in ruleset.packages] == ["q"]
    assert ruleset.overrides[0].target == "p/casino"


def test_needs_and_unless_become_a_rule(tmp_path: Path) -> None:
    """The material itself counts nothing; the rule has its weight, group and scope."""
    text = (
        HEAD + "materials:\n"
        "- {id: a, kind: keyword, value: a, weight: strong, needs: [t, q/t], unless: u,"
        " needs_within: 5, group: g, markets: SA, tags: [own]}\n"
        "- {kind: keyword, value: b, weight: weak, tags: [t, u]}\n"
    )
    files = {"p.yaml": text, "q.yaml": HEAD.replace("package: p", "package: q") + CASINO}
    package = package_of(tmp_path, files)
    first = package.materials[0]
    assert (first.weight, first.group, first.tags) == (0.0, None, ("p/own",))
    (rule,) = package.rules
    assert (rule.id, rule.weight, rule.group, rule.within) == ("p/a+needs", 0.9, "p/g", 5)
    assert (rule.scope, rule.policies, rule.tags) == (Scope(("SA",)), ("GMB.REAL",), ())
    assert rule.condition == Condition("all", parts=(
        Condition("material", "p/a"),
        Condition("tag", "q/t"),
        Condition("tag", "p/t"),
        Condition("none", parts=(Condition("tag", "p/u"),)),
    ))  # fmt: skip


def test_unless_alone_is_a_rule_too(tmp_path: Path) -> None:
    """The material counts wherever the tag is not."""
    text = "kind: keyword, value: a, weight: weak, id: a, tags: [u], unless: [u]"
    rule = package_of(tmp_path, {"p.yaml": f"{HEAD}materials: [{{{text}}}]\n"}).rules[0]
    assert rule.condition.parts == (
        Condition("material", "p/a"), Condition("none", parts=(Condition("tag", "p/u"),)),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("all: [{tag: t}]", Condition("all", parts=(Condition("tag", "p/t"),))),
        ("any: [{material: casino}, {tag: p/t}]",
         Condition("any", parts=(Condition("material", "p/casino"), Condition("tag", "p/t")))),
        ("at_least: ٢, of: [{tag: t}, {found: url}, {found: phone}]",
         Condition("at_least", count=2, parts=(
             Condition("tag", "p/t"), Condition("found", "url"), Condition("found", "phone")))),
        ("all: [{tag: t}, {attribute: vertical, in: games; apps}]",
         Condition("all", parts=(
             Condition("tag", "p/t"), Condition("attribute", "vertical", ("games", "apps"))))),
        ("all: [{tag: t}], none: [{advertiser: [b, a]}]",
         Condition("all", parts=(
             Condition("tag", "p/t"),
             Condition("none", parts=(Condition("advertiser", values=("a", "b")),))))),
        ("all: [{any: [{tag: t}], none: [{found: url}]}]",
         Condition("all", parts=(Condition("all", parts=(
             Condition("any", parts=(Condition("tag", "p/t"),)),
             Condition("none", parts=(Condition("found", "url"),)))),))),
    ],
)  # fmt: skip
def test_a_condition_is_read(tmp_path: Path, condition: str, expected: Condition) -> None:
    """Each writing of a condition has this meaning."""
    files = {"p.yaml": HEAD + CASINO + f"rules: [{{id: r, weight: weak, {condition}}}]\n"}
    assert package_of(tmp_path, files).rules[0].condition == expected


def test_the_policy_table_is_read(tmp_path: Path) -> None:
    """Rows have ids, stances an order, and what is not said a default."""
    text = POLICIES + (
        "thresholds: {review: 40%, act: '0,8'}\n"
        "not_evaluated: {default: reject, media.missing: restrict}\n"
    )
    text = text.replace(
        "  KID.SAFE:",
        "  WGT.PROD:\n    title: {en: Weight loss}\n    severity: high\n    while_review: serve\n"
        "    default: {stance: allowed, ground: platform}\n    rows:\n"
        "      - {market: SA, stance: limited; certificate ؛ age_gate, min_age: ١٨,\n"
        "         limits: [b, a], ground: law, from: 2026-01-01, source: s, checked: 2026-10-02}\n"
        "      - {market: GCC, stance: prohibited, ground: law}\n  KID.SAFE:",
    )
    table = ruleset_of(tmp_path, {"p.yaml": HEAD, "policies.yaml": text}).policies
    assert (table.review, table.act) == (0.4, 0.8)
    assert table.not_evaluated == {"default": "reject", "media.missing": "restrict"}
    assert table.groups == {"GCC": ("AE", "SA"), "MENA": ("EG", "GCC")}
    assert table.parents == {"US-NV": "US"}
    code = table.codes["WGT.PROD"]
    assert (code.default.id, code.while_review) == ("WGT.PROD/default", "serve")
    assert code.rows == (
        Row("WGT.PROD/GCC", "GCC", ("prohibited",), "law"),
        Row("WGT.PROD/SA/2026-01-01", "SA", ("certificate", "age_gate", "limited"), "law", "s", 18,
            ("a", "b"), date(2026, 1, 1), None, date(2026, 10, 2)),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("target", "set_"),
    [
        ("p", "status: shadow"),
        ("p/casino", "weight: 0.9"),
        ("p/casino", "weight: weak"),
        ("p/tag:t", "view: exact"),
        ("p/tag:t", "status: retired, weight: 0, view: safe"),
        ("p/r", "weight: 0.2"),
        ("p/sugar", "weight: 0.5"),
        ("p/gone", "status: shadow"),
    ],
)
def test_an_override_may_narrow(tmp_path: Path, target: str, set_: str) -> None:
    """A package, a material, a rule or a tag; the weight of `needs` is its rule's."""
    text = HEAD + CASINO.replace(
        "]}]", "]}, {id: sugar, kind: keyword, value: s, weight: medium, needs: t},"
        " {id: gone, kind: keyword, value: g, weight: weak, status: retired}]",
    ) + "rules: [{id: r, weight: weak, all: [{tag: t}]}]\n"  # fmt: skip
    written = (
        f"{{override: o, target: '{target}', set: {{{set_}}}, permanent: law, by: b, ticket: T}}"
    )
    override = ruleset_of(tmp_path, {"p.yaml": text, "overrides/o.yaml": written}).overrides[0]
    assert (override.target, override.reason, override.until) == (target, "law", None)


def test_one_override_of_many_may_be_wider_than_some(tmp_path: Path) -> None:
    """Whoever is narrower already stays as they are: only what widens all is a fault."""
    text = HEAD + (
        "materials: [{id: a, kind: keyword, value: a, weight: weak, tags: [t]},"
        " {id: b, kind: keyword, value: b, weight: strong, tags: [t]}]\n"
    )
    written = (
        "{override: o, target: 'p/tag:t', set: {weight: 0.5}, permanent: law, by: b, ticket: T}"
    )
    ruleset = ruleset_of(tmp_path, {"p.yaml": text, "overrides/o.yaml": written})
    assert ruleset.overrides[0].weight == 0.5


def test_what_an_allow_protects(tmp_path: Path) -> None:
    """Packages and codes are told apart; naming some leaves its own package out."""
    text = HEAD + (
        "allow: [{id: a, kind: phrase, value: a b, gap: 1, protects: [q, KID.SAFE]},\n"
        " {id: b, kind: advertiser, values: v, policies: GMB.REAL, markets: SA}]\n"
    )
    files = {"p.yaml": text, "q.yaml": HEAD.replace("package: p", "package: q")}
    first, second = package_of(tmp_path, files).allows
    assert (first.packages, first.policies) == (("q",), ("KID.SAFE",))
    assert first.material is not None and first.material.gap == 1
    assert (second.packages, second.policies, second.scope) == ((), ("GMB.REAL",), Scope(("SA",)))


def test_file_order_and_path_order_say_nothing(tmp_path: Path) -> None:
    """Folders and files in any order, given twice or one by one, make one ruleset."""
    folder = write(tmp_path, FILES)
    whole = load(folder)
    files = [folder / "gambling/package.yaml", folder / "bank.yaml", folder / "policies.yaml"]
    assert load(*files) == load(*reversed(files)) == load(files) == load(folder, folder) == whole
    assert digest(load(str(folder)), {}) == digest(whole, {})
    assert from_canonical(to_canonical(whole)) == whole


def test_a_file_given_by_itself_is_known_by_its_keys(tmp_path: Path) -> None:
    """Outside of a folder the names of files say nothing."""
    override = "{override: o, target: p, set: {status: shadow}, permanent: x, by: b, ticket: T}"
    files: Files = {"a.yaml": POLICIES, "b.yml": HEAD + CASINO, "c.yaml": override}
    write(tmp_path, files)
    ruleset = load(tmp_path / "c.yaml", tmp_path / "b.yml", tmp_path / "a.yaml")
    assert (len(ruleset.packages), len(ruleset.overrides), len(ruleset.policies.codes)) == (1, 1, 2)


def test_other_yaml_in_the_folder_is_left_out_and_told(tmp_path: Path) -> None:
    """Gates or settings of others are no fault; hidden folders are not looked into."""
    write(tmp_path, {"p.yaml": HEAD, "gates.yaml": "floor: 1\n", ".git/x.yaml": "[", "n.txt": "["})
    _, notes = load_with_notes(tmp_path)
    assert notes == (f"{tmp_path}/gates.yaml: left out, it has no 'package' key",)


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({"p.yaml": HEAD}, "policies.yaml: no policy table was found; exactly one in all"),
        ({"policies.yaml": POLICIES}, ".: no package was found"),
    ],
)
def test_a_ruleset_needs_a_table_and_a_package(
    tmp_path: Path, files: dict[str, str], message: str
) -> None:
    """Half of a ruleset is a fault, not a ruleset that approves everything."""
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    with pytest.raises(LoadError) as caught:
        load(tmp_path)
    assert [str(fault) for fault in caught.value.faults] == [message]


@pytest.mark.parametrize("path", ["nowhere", "a\0b"])
def test_a_path_that_is_none_is_a_fault(path: str) -> None:
    """Nothing but LoadError comes out of load."""
    with pytest.raises(LoadError, match=r"1 fault\n"):
        load(path)


def test_no_path_at_all_is_a_fault() -> None:
    """There is no default folder."""
    with pytest.raises(LoadError, match="no folder and no file was given"):
        load()


def test_what_matches_may_refuse_a_value(tmp_path: Path) -> None:
    """The caller's check sees each value that is no keyword, with the countries it acts in."""
    seen = []

    def check(one: Material, countries: tuple[str, ...]) -> str | None:
        seen.append((one.value, countries))
        return "no such host" if one.kind == "domain" else None

    text = HEAD + (
        "markets: MENA\nmaterials:\n- {kind: domain, value: x, weight: weak}\n"
        "- {kind: phone, value: '050', weight: weak, markets: SA}\n"
        "- {kind: keyword, value: k, weight: weak}\n"
        "allow: [{id: a, kind: regex, value: r}]\n"
    )
    folder = write(tmp_path, {"p.yaml": text})
    with pytest.raises(LoadError) as caught:
        load(folder, check=check)
    assert str(caught.value) == f"1 fault\n{folder}/p.yaml:7:25: no such host"
    assert seen == [("x", ("AE", "EG", "SA")), ("050", ("SA",)), ("r", ("AE", "EG", "SA"))]


def test_rows_and_entries_are_one_list(tmp_path: Path) -> None:
    """A table's rows mean what the same keys in YAML mean, notes included."""
    rows = table("kind,value,weight,tags,x-team\nphrase,a b,90%,t؛u,red\n")
    inline = material(
        tmp_path / "a", "kind: phrase, value: a b, weight: 0.9, tags: [t, u], x-team: red"
    )
    assert package_of(tmp_path / "b", rows).materials == (inline,)
