"""Links and accounts: what is found in a text, and which materials it is."""

from __future__ import annotations

import csv
import re
import time
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from automod.match.links import (
    Link,
    LinkIndex,
    find_handles,
    find_links,
    handle_of,
    parse_domain,
    parse_handle,
    parse_url,
    registrable,
    split_link,
)
from automod.text.fold import fold
from automod.text.words import cores
from shared_data import data

EGYPT = "xn--4gbrim.xn--wgbh1c"


def written(text: str) -> list[tuple[str, str, str]]:
    """The links of a text as (what stands there, host, path)."""
    return [(text[link.start : link.end], link.host, link.path) for link in find_links(text)]


@pytest.mark.parametrize(
    ("text", "surface", "host", "path"),
    [
        ("see http://bet365.com", "http://bet365.com", "bet365.com", ""),
        ("HTTPS://WWW.BET365.COM/Win!", "HTTPS://WWW.BET365.COM/Win", "www.bet365.com", "/Win"),
        ("العب في bet365.com، الآن", "bet365.com", "bet365.com", ""),
        ("العبbet365.comالآن", "bet365.com", "bet365.com", ""),
        ("زوروا موقع.مصر اليوم", "موقع.مصر", EGYPT, ""),
        ("زوروا موقـــع.مَصر", "موقـــع.مَصر", EGYPT, ""),
        ("xn--4gbrim.xn--wgbh1c", "xn--4gbrim.xn--wgbh1c", EGYPT, ""),
        ("hxxp://evil[.]com/a", "hxxp://evil[.]com/a", "evil.com", "/a"),
        ("hXXps://evil(.)com", "hXXps://evil(.)com", "evil.com", ""),
        ("evil{.}com", "evil{.}com", "evil.com", ""),
        ("evil[dot]co[DOT]uk", "evil[dot]co[DOT]uk", "evil.co.uk", ""),
        ("evil．com", "evil．com", "evil.com", ""),
        ("evil。com", "evil。com", "evil.com", ""),
        ("ｂｅｔ３６５.ｃｏｍ", "ｂｅｔ３６５.ｃｏｍ", "bet365.com", ""),
        ("ⓑⓔⓣ365.com", "ⓑⓔⓣ365.com", "bet365.com", ""),
        ("be\u200bt365\u200d.\u2060com", "be\u200bt365\u200d.\u2060com", "bet365.com", ""),
        ("http://good.com@evil.com/x", "http://good.com@evil.com/x", "evil.com", "/x"),
        ("http://a:b@c@evil.com", "http://a:b@c@evil.com", "evil.com", ""),
        ("http://evil.com:8080/x", "http://evil.com:8080/x", "evil.com", "/x"),
        ("(see bet365.com/a_(b))", "bet365.com/a_(b)", "bet365.com", "/a_(b)"),
        ("[bet365.com/x]", "bet365.com/x", "bet365.com", "/x"),
        ("t.me/winksa.", "t.me/winksa", "t.me", "/winksa"),
        ("t.me/winksaالآن", "t.me/winksa", "t.me", "/winksa"),
        ("t.me／winksa", "t.me／winksa", "t.me", "/winksa"),
        ("x.com/%D9%82?a=%2F#top", "x.com/%D9%82?a=%2F#top", "x.com", "/ق?a=/"),
        ("x.com?a=1", "x.com?a=1", "x.com", "/?a=1"),
        ("ar.wikipedia.org/wiki/قمار هنا", "ar.wikipedia.org/wiki/قمار", "ar.wikipedia.org",
         "/wiki/قمار"),
        ("http://1.2.3.4/x", "http://1.2.3.4/x", "1.2.3.4", "/x"),
        ("http://evil.newtopleveldomain", "http://evil.newtopleveldomain",
         "evil.newtopleveldomain", ""),
        ("http://✪df.ws/ejp", "http://✪df.ws/ejp", "xn--df-oiy.ws", "/ejp"),
        ("bet365.com-join now", "bet365.com", "bet365.com", ""),
        ("__bet365.com__", "bet365.com", "bet365.com", ""),
        ("join_us_at_bet365.com", "bet365.com", "bet365.com", ""),
        ("Visit bet365.com.It is", "bet365.com", "bet365.com", ""),
        ("Bet365.Com", "Bet365.Com", "bet365.com", ""),
        ("www.Brief.Me", "www.Brief.Me", "www.brief.me", ""),
        ("Amzn.To/xyz", "Amzn.To/xyz", "amzn.to", "/xyz"),
        ("great.shop now", "great.shop", "great.shop", ""),
        ("玩casino.com", "casino.com", "casino.com", ""),
        ("玩casino.中国", "casino.中国", "casino.xn--fiqs8s", ""),
        ("شركة24.مصر", "شركة24.مصر", "xn--24-htd5ao5g.xn--wgbh1c", ""),
        ("foo.org.za", "foo.org.za", "foo.org.za", ""),
    ],
)  # fmt: skip
def test_links_found(text: str, surface: str, host: str, path: str) -> None:
    """One link in the text: exactly this span, host and path."""
    assert written(text) == [(surface, host, path)]


@pytest.mark.parametrize(
    "text",
    [
        "", ".", "...", "a.b", "3.5 stars", "e.g. this, i.e. that", "U.S.A", "at 9.am or 10.pm",
        "Hello.It is", "the end.Next one", "a great.Shop now", "sale.News", "Download.Now",
        "version 1.2.3.4", "me@site.com", "first.last@site.com", "a.com+x@site.com", "@name.com",
        "$TVI.CA", "co.uk", "com", "http://", "http://localhost", "http://-.com",
        "http://twitter_underscore.com", "http://xn--はじめよう.com", "test.tar.bz2",
        "\u0301.\u0301", "\ud800.com\udfff", "a." + "b" * 70, "." * 1000,
    ],
)  # fmt: skip
def test_no_links(text: str) -> None:
    """A sentence, number, address or name that is no link gives none."""
    assert find_links(text) == ()


def test_several_links_in_order() -> None:
    """Links are given from left to right, also where another script parts them."""
    text = "twitter.comこれは日本語です。example.com中国語t.co/abcde한국"
    assert [link.host for link in find_links(text)] == ["twitter.com", "example.com", "t.co"]


TEXTS = st.lists(
    st.sampled_from([*"ab.com/:@-_ []()", "مصر", "موقع", "\u200b", "中", "http://", "t.me/", "。"]),
    max_size=40,
).map("".join)


@given(TEXTS | st.text(max_size=40))
def test_spans_are_ordered_and_inside(text: str) -> None:
    """Spans lie inside the text, in order, not over one another; hosts are lower-case ASCII."""
    at = 0
    for link in find_links(text):
        assert at <= link.start < link.end <= len(text)
        assert link.host.isascii()
        assert link.host == link.host.lower()
        assert link.path == "" or link.path.startswith("/")
        at = link.end


@given(TEXTS, st.sampled_from(["bet365.com", "https://t.me/winksa", "www.evil.co.uk/a"]), TEXTS)
def test_a_link_between_spaces_is_found(left: str, url: str, right: str) -> None:
    """Whatever stands around, a link between spaces is found whole."""
    text = f"{left} {url} {right}"
    start = len(left) + 1
    assert (start, start + len(url)) in [(link.start, link.end) for link in find_links(text)]


@pytest.mark.parametrize("unit", ["a.", "a.com", "http://a@", "a.com中", "(", "[.]", "a.-", "@a."])
def test_time_is_linear(unit: str) -> None:
    """200,000 characters of trouble take seconds at most: nothing is quadratic."""
    text = unit * (200_000 // len(unit)) + " a.com/"
    started = time.process_time()
    assert find_links(text)[-1].host == "a.com"
    assert time.process_time() - started < 15


# --- one URL -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "host", "path"),
    [
        ("https://Example.com", "example.com", ""),
        ("example.com/a?b#c", "example.com", "/a?b"),
        ("//example.com/a", "example.com", "/a"),
        ("http:example.com", "example.com", ""),
        ("http:\\\\evil.com\\a", "evil.com", "/a"),
        ("http://evil.com./", "evil.com", "/"),
        ("http://b%65t365%2ecom/", "bet365.com", "/"),
        ("http://ex\tample\n.com", "example.com", ""),
        ("http://0x7f.1/", "127.0.0.1", "/"),
        ("http://2130706433", "127.0.0.1", ""),
        ("http://[::1]:80/x", "[::1]", "/x"),
        ("http://localhost/x", "localhost", "/x"),
        ("http://a.com/a/../../b/./c/..", "a.com", "/b/"),
        ("http://a.com/a b", "a.com", "/a b"),
        ("https://موقع.مصر/قمار", EGYPT, "/قمار"),
        ("tg://resolve?domain=winksa", "resolve", "/?domain=winksa"),
        ("tel:+966501234567", "", "tel:+966501234567"),
        ("hxxps://evil[.]com", "evil.com", ""),
    ],
)
def test_split_link(url: str, host: str, path: str) -> None:
    """A URL is read as a browser reads it."""
    assert split_link(url) == Link(0, len(url), host, path)


@pytest.mark.parametrize(
    "url",
    ["", " ", "http://", "http:///", "word", "http://exa mple.com", "http://a..com", "tel:",
     "http://xn--ا.com", "http://" + "a" * 64 + ".com", "http://1.2.3.4.5", "http://256.1.1.1",
     "http://%ff.com", "http://a.com:port", "http://[::1"],
)  # fmt: skip
def test_malformed_links(url: str) -> None:
    """What no browser opens is None: the engine then says `link.malformed`."""
    assert split_link(url) is None


def test_host_text() -> None:
    """The host as a reader sees it, which is the text of the field `links[i].host`."""
    link = split_link("https://" + EGYPT)
    assert link is not None
    assert link.host_text == "موقع.مصر"


@given(st.text(max_size=60))
def test_split_link_never_raises(url: str) -> None:
    """Any string gives a link or None."""
    link = split_link(url)
    assert link is None or link.end == len(url)


# --- materials ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "text", "expected"),
    [
        ("bet365.com", "http://bet365.com", True),
        ("bet365.com", "m.eu.bet365.com/x", True),
        ("www.bet365.com", "bet365.com", True),
        ("Bet365[.]com", "hxxp://BET365(.)com", True),
        ("bet365.com", "mybet365.com", False),
        ("bet365.com", "bet365.com.evil.net", False),
        ("bet365.com", "http://bet365.com@good.org", False),
        ("موقع.مصر", "http://xn--4gbrim.xn--wgbh1c/", True),
        ("xn--4gbrim.xn--wgbh1c", "http://www.موقع.مصر", True),
        ("1.2.3.4", "http://1.2.3.4/", True),
        ("1.2.3.4", "http://11.2.3.4/", False),
    ],
)
def test_domain_materials(value: str, text: str, expected: bool) -> None:
    """A domain matches its host and sub-domains, in any spelling, and nothing else."""
    target = parse_domain(value)
    assert any(target.matches(link) for link in find_links(text)) is expected


@pytest.mark.parametrize(
    ("value", "text", "expected"),
    [
        ("t.me/winksa", "t.me/winksa", True),
        ("t.me/winksa", "https://www.t.me/WINKSA/12", True),
        ("t.me/winksa", "t.me/winksa?start=1", True),
        ("t.me/winksa", "t.me//winksa", True),
        ("t.me/winksa", "t.me/%77inksa", True),
        ("t.me/winksa", "t.me:443/winksa", True),
        ("t.me/winksa", "t.me/winksa,t.me/other", True),
        ("t.me/winksa", "t.me/winksa2", False),
        ("t.me/winksa", "t.me/winksa_vip", False),
        ("t.me/winksa", "t.me/winksa-vip", False),
        ("t.me/winksa", "t.me/", False),
        ("t.me/winksa", "x.t.me/winksa", False),
        ("https://evil.com/", "evil.com", True),
        ("https://evil.com/", "www.evil.com/any", True),
        ("https://m.evil.com/a/", "evil.com/a/b", True),
        ("https://m.evil.com/a/", "evil.com/ab", False),
        ("evil.com/go?id=5", "evil.com/go?id=5&x=1", True),
        ("evil.com/go?id=5", "evil.com/go?id=55", False),
        ("evil.com/قمار", "evil.com/%D9%82%D9%85%D8%A7%D8%B1", True),
    ],
)
def test_url_materials(value: str, text: str, expected: bool) -> None:
    """A url matches its host (`www.` and `m.` aside) and paths that begin with its own."""
    target = parse_url(value)
    assert any(target.matches(link) for link in find_links(text)) is expected


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        ("co.uk", "is a public suffix"),
        ("com", "no host or URL"),
        ("مصر", "no host or URL"),
        ("bet365.con", "'con', which is no public suffix"),
        ("bet365.com/x", "use kind: url"),
        ("https://bet365.com", "use kind: url"),
        ("*.bet365.com", "write 'bet365.com'"),
        ("a b.com", "no host or URL"),
        ("", "no host or URL"),
        ("me@bet365.com", "use kind: url"),
    ],
)
def test_no_domain(value: str, sentence: str) -> None:
    """What is no domain is refused, with what would be right."""
    with pytest.raises(ValueError, match=re.escape(sentence)):
        parse_domain(value)


@pytest.mark.parametrize("value", ["", "word", "co.uk/x", "http://", "tel:+1234", "evil.con/x"])
def test_no_url(value: str) -> None:
    """What is no URL is refused."""
    with pytest.raises(ValueError, match=re.escape(repr(value))):
        parse_url(value)


HOSTS = ["bet365.com", "a.bet365.com", "t.me", "evil.co.uk", "موقع.مصر", "x-y.com", EGYPT]
SPELLINGS = st.sampled_from([".", "[.]", "(.)", "{.}", "[dot]", "．"])
PATHS = st.sampled_from(["", "/", "/winksa", "/Winksa/a", "/winksa2", "//a", "/%77inksa", "?a=1"])
FRAMES = st.sampled_from(["{}", "http://{}", "HXXPS://{}", "العب {} الآن", "玩{}", "see:{}!"])


@st.composite
def spelled(draw: st.DrawFn) -> str:
    """A link, written out or hidden in one of the known ways, in a frame."""
    host = draw(st.sampled_from(HOSTS))
    host = draw(SPELLINGS).join(host.split("."))
    host = draw(st.sampled_from([host, host.upper(), "www." + host, host[0] + "\u200b" + host[1:]]))
    return draw(FRAMES).format(host + draw(st.sampled_from(["", ":80"])) + draw(PATHS))


@given(spelled(), st.sampled_from(HOSTS), st.sampled_from(["", "/winksa", "/a"]))
def test_anchors_are_necessary(text: str, host: str, path: str) -> None:
    """Where a target matches, one of its anchors is in the folded text, as whole words."""
    for target in (parse_domain(host), parse_url(host + path)):
        if any(target.matches(link) for link in find_links(text)):
            bones = f" {cores([text])[1][0]} "
            assert any(f" {core} " in bones for core in cores(list(target.anchors))[1])


@given(st.lists(spelled(), max_size=4), st.lists(st.sampled_from(HOSTS), max_size=5), st.data())
def test_index_is_the_slow_comparison(
    texts: list[str], hosts: list[str], draw: st.DataObject
) -> None:
    """The index finds what comparing each target with each link finds."""
    paths = [draw.draw(st.sampled_from(["", "/", "/winksa", "/a"])) for _ in hosts]
    targets = [
        parse_url(host + path) if path else parse_domain(host)
        for host, path in zip(hosts, paths, strict=True)
    ]
    index = LinkIndex(targets)
    for link in find_links(" ".join(texts)):
        slow = [number for number, target in enumerate(targets) if target.matches(link)]
        assert index.find(link) == slow


# --- accounts ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("follow @WinKSA!", [("@WinKSA", "winksa", None)]),
        ("تابعنا@winksaالآن", [("@winksa", "winksa", None)]),
        ("@win.ksa_1.", [("@win.ksa_1", "win.ksa_1", None)]),
        ("＠winksa", [("＠winksa", "winksa", None)]),
        ("@وينكسا", [("@وينكسا", "وينكسا", None)]),
        ("t.me/WinKSA/5", [("t.me/WinKSA/5", "winksa", "telegram")]),
        ("t.me/s/winksa", [("t.me/s/winksa", "winksa", "telegram")]),
        ("https://winksa.t.me", [("https://winksa.t.me", "winksa", "telegram")]),
        ("telegram[.]me/winksa", [("telegram[.]me/winksa", "winksa", "telegram")]),
        ("instagram.com/stories/w_k/1", [("instagram.com/stories/w_k/1", "w_k", "instagram")]),
        ("fb.com/win.ksa", [("fb.com/win.ksa", "win.ksa", "facebook")]),
        ("m.me/winksa", [("m.me/winksa", "winksa", "facebook")]),
        ("m.facebook.com/winksa", [("m.facebook.com/winksa", "winksa", "facebook")]),
        ("tiktok.com/@winksa", [("tiktok.com/@winksa", "winksa", "tiktok")]),
        ("x.com/winksa/status/1", [("x.com/winksa/status/1", "winksa", "x")]),
        ("snapchat.com/add/win-ksa", [("snapchat.com/add/win-ksa", "win-ksa", "snapchat")]),
        ("youtube.com/@winksa", [("youtube.com/@winksa", "winksa", "youtube")]),
        ("me@site.com", []), ("f@@kn", []), ("@_@", []), ("@http://x.com", []), ("@a@b.com", []),
        ("wa.me/966501234567", []), ("t.me/+AbCdEf", []), ("t.me/joinchat/AbC", []),
        ("facebook.com/profile.php?id=1", []), ("youtube.com/watch?v=1", []), ("@", []),
        ("instagram.com/p/Cx1", []), ("tiktok.com/winksa", []), ("", []),
    ],
)  # fmt: skip
def test_handles(text: str, expected: list[tuple[str, str, str | None]]) -> None:
    """Accounts of a text: where, their folded name, their platform."""
    found = [(text[h.start : h.end], h.name, h.platform) for h in find_handles(text)]
    assert found == expected


@pytest.mark.parametrize("value", ["@WinKSA", "winksa", "t.me/winksa", "https://x.com/winksa"])
@pytest.mark.parametrize("text", ["@winksa", "t.me/WinKsa", "instagram.com/winksa/"])
def test_handle_is_one_name_across_platforms(value: str, text: str) -> None:
    """A handle material means the name, however it and the text write it."""
    assert parse_handle(value).matches_handle(find_handles(text)[0])


@pytest.mark.parametrize("value", ["", "@", "two words", "me@site.com", "t.me/joinchat/x", "._."])
def test_no_handle(value: str) -> None:
    """What names no account is refused."""
    with pytest.raises(ValueError, match="names no account"):
        parse_handle(value)


def test_handle_of_a_creatives_link() -> None:
    """A link that did not stand in a text leads to an account too."""
    link = split_link("https://www.instagram.com/WinKSA?x=1")
    assert link is not None
    handle = handle_of(link)
    assert handle is not None
    assert (handle.name, handle.platform) == ("winksa", "instagram")


@given(st.sampled_from(["@{}", "t.me/{}", "x.com/{}/1", "العب@{} الآن"]), st.booleans())
def test_handle_anchor_is_necessary(frame: str, upper: bool) -> None:
    """The folded text of a match holds the folded name."""
    text = frame.format("Win_KSA".upper() if upper else "Win_KSA")
    target = parse_handle("win_ksa")
    assert target.matches_handle(find_handles(text)[0])
    assert fold(target.anchors[0], "safe").text in fold(text, "safe").text


# --- data that others made ---------------------------------------------------------------------


def vectors(section: str) -> list[dict[str, Any]]:
    """The vectors of one section of twitter-text's extract.yml."""
    text = (data("url_twitter_text") / "extract.yml").read_text(encoding="utf-8")
    tests: list[dict[str, Any]] = yaml.safe_load(text)["tests"][section]
    return tests


def test_twitter_text_urls() -> None:
    """81 of 91 vectors agree.

    Where we differ on purpose: a sub-domain may begin or end with `-` or `_`, as resolvers allow
    (4); slugs of t.co have no rule of their own (2); `#http://…` and `$http://…` are links (2); a
    hyphen behind a top level ends the host (1); a path may be Japanese (1).
    """
    rows = vectors("urls")
    agree = sum([found[0] for found in written(row["text"])] == row["expected"] for row in rows)
    assert (len(rows), agree >= 81) == (91, True), agree


@pytest.mark.parametrize(
    ("section", "least"), [("urls_with_indices", 8), ("urls_with_directional_markers", 2)]
)
def test_twitter_text_places(section: str, least: int) -> None:
    """Places agree to the code point: 8 of 10 (t.co slugs, a Japanese path), and 2 of 2."""
    agree = sum(
        [[link.start, link.end] for link in find_links(row["text"])]
        == [url["indices"] for url in row["expected"]]
        for row in vectors(section)
    )
    assert agree >= least


def test_twitter_text_mentions() -> None:
    """18 of 23 mentions agree: `RT@name` is Twitter's own (4), and `f!@kn` could be a name (1)."""
    rows = vectors("mentions")
    agree = 0
    for row in rows:
        found = [h.name for h in find_handles(row["text"]) if h.platform is None]
        agree += found == row["expected"]
    assert (len(rows), agree >= 18) == (23, True), agree


def test_public_suffix_vectors() -> None:
    """All vectors of the list's own test agree (those for unlisted suffixes included)."""
    lines = (data("url_psl") / "test_psl.txt").read_text(encoding="utf-8").splitlines()
    rows = [re.findall(r"'([^']*)'|null", line) for line in lines if line.startswith("check")]
    rows = [row for row in rows if row[0] and not row[0].startswith(".")]
    wrong = [row for row in rows if (registrable(row[0].lower()) or "") != row[1]]
    assert len(rows) > 60
    assert wrong == []


def test_phishing_urls_all_split() -> None:
    """Of 7,658 real URLs at most 10 are malformed; each other has a host with a dot."""
    with (data("url_phishing") / "urls_train.csv").open(encoding="utf-8", newline="") as file:
        urls = [row["url"] for row in csv.DictReader(file)]
    links = [split_link(url) for url in urls]
    assert sum(link is None for link in links) <= 10
    assert all("." in link.host for link in links if link is not None)
