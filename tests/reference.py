"""The naive reference: folding, words and matching straight from their definitions.

One character at a time, no tables, no automaton, nothing shared with `automod.text` or
`automod.match` (but the finders of phones and links, for the slots of phrases; they have tests of
their own): slow, short, and to be believed by reading. What is compiled is tested against it.

A folded text is a list of places: (folded character, start, end), where `start` and `end` say,
half-open, which part of the original text the character came from.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import product

import regex

from automod.match.links import find_links
from automod.match.phones import find_phones
from automod.model.ruleset import Material
from automod.model.vocabulary import VIEW_RANK, Boundary
from automod.text.chinese import is_across_words
from automod.text.evidence import explain
from automod.text.fold import FoldedText
from automod.text.lexicon import Wanted, wanted_of
from automod.text.loose import loose
from automod.text.number_words import find_number_words

Place = tuple[str, int, int]

# --- folding ------------------------------------------------------------------------------------

LETTERS = {
    **dict.fromkeys("أإآٱٲٳٵ", "ا"),
    **dict.fromkeys("یےۍېێ", "ي"),
    **dict.fromkeys("کڪ", "ك"),
    **dict.fromkeys("ہھەۀۂۃ", "ه"),
    "ۓ": "ئ", "پ": "ب", "ڤ": "ف", "چ": "ج", "گ": "ك", "ژ": "ز",
    "\u309b": "\u3099", "\u309c": "\u309a",
}  # fmt: skip
ARABIC_MARK = regex.compile(
    r"[\u0610-\u061A\u064B-\u0652\u0656-\u065F\u0670\u06D6-\u06DC\u06DF-\u06E4\u06E7-\u06E8"
    r"\u06EA-\u06ED\u0898-\u089F\u08CA-\u08E1\u08E3-\u08FF]"
)
INVISIBLE = regex.compile(r"\p{Default_Ignorable_Code_Point}|\p{General_Category=Format}")
TATWEEL = "\u0640"
HAMZA_MARKS = "\u0653\u0654\u0655"
KEPT = "™℠"
ZERO_WIDTH_SPACE = "\u200b"
LONGEST_RUN_OF_MARKS = 30


def fold(text: str, view: str = "safe") -> list[Place]:
    """The folded characters of a text, each with its place in the original.

    Exact: compose. Safe: then fold each character on its own, compose what they became, and drop
    the hamza marks that found no seat; all of it again until nothing changes.
    """
    places = compose(cut_marks([(char, index, index + 1) for index, char in enumerate(text)]))
    if view == "exact":
        return places
    while True:
        folded = [(to, start, end) for char, start, end in places for to in fold_char(char)]
        folded = compose(cut_marks(folded))
        folded = [place for place in folded if place[0] not in HAMZA_MARKS]
        if letters(folded) == letters(places):
            return folded
        places = folded


@cache
def fold_char(char: str) -> str:
    """NFKC, case fold, the tables; again until nothing changes."""
    if char in KEPT:
        return char
    folded = "\ufffd" if is_surrogate(char) else LETTERS.get(char, char)
    folded = unicodedata.normalize("NFKC", folded).casefold()
    folded = unicodedata.normalize("NFKC", folded)
    folded = "".join(LETTERS.get(c, digit(c)) for c in folded if not deleted(c))
    return folded if folded == char else "".join(fold_char(c) for c in folded)


def letters(places: list[Place]) -> str:
    """The folded text itself."""
    return "".join(char for char, _, _ in places)


def cut_marks(places: list[Place]) -> list[Place]:
    """Of a run of combining marks, the first thirty; those that are deleted anyway do not count."""
    kept, run = [], 0
    for place in places:
        if not deleted(place[0]):
            run = run + 1 if is_mark(place[0]) else 0
        if run <= LONGEST_RUN_OF_MARKS:
            kept.append(place)
    return kept


@cache
def deleted(char: str) -> bool:
    """What the safe fold takes out."""
    return char == TATWEEL or bool(ARABIC_MARK.match(char)) or bool(INVISIBLE.match(char))


def digit(char: str) -> str:
    """A decimal digit of any script as ASCII; anything else as it is."""
    return str(unicodedata.decimal(char)) if unicodedata.category(char) == "Nd" else char


def is_mark(char: str) -> bool:
    """A combining mark."""
    return unicodedata.category(char).startswith("M")


def is_surrogate(char: str) -> bool:
    """Half of a pair: no character at all."""
    return unicodedata.category(char) == "Cs"


def compose(places: list[Place]) -> list[Place]:
    """NFC with the way back: Unicode, section 3.11.

    Decompose each character; sort each run of marks by combining class; then join each character to
    the last starter before it, where Unicode has a character for the two and nothing stands between
    them that has no class or the same or a higher one.
    """
    parts = [
        (part, start, end)
        for char, start, end in places
        for part in unicodedata.normalize("NFD", char)
    ]
    done: list[Place] = []
    starter: int | None = None
    for part in sort_marks(parts):
        if starter is not None:
            joined = join(done[starter], part, [char for char, _, _ in done[starter + 1 :]])
            if joined is not None:
                done[starter] = joined
                continue
        if unicodedata.combining(part[0]) == 0:
            starter = len(done)
        done.append(part)
    return done


def join(starter: Place, part: Place, between: list[str]) -> Place | None:
    """The one character that a starter and a later part make, if they do."""
    (first, start, end), (second, part_start, part_end) = starter, part
    classes = [unicodedata.combining(char) for char in between]
    if any(other == 0 or other >= unicodedata.combining(second) for other in classes):
        return None
    joined = unicodedata.normalize("NFC", first + second)
    return (joined, min(start, part_start), max(end, part_end)) if len(joined) == 1 else None


def sort_marks(parts: list[Place]) -> list[Place]:
    """Canonical order: runs of characters that have a combining class, sorted by it."""
    ordered: list[Place] = []
    run: list[Place] = []
    for part in [*parts, ("", 0, 0)]:
        if part[0] and unicodedata.combining(part[0]):
            run.append(part)
            continue
        ordered += [*sorted(run, key=lambda mark: unicodedata.combining(mark[0])), part]
        run = []
    return ordered[:-1]


# --- words --------------------------------------------------------------------------------------

INDIC = (
    "Devanagari", "Bengali", "Gurmukhi", "Gujarati", "Oriya", "Tamil", "Telugu", "Kannada",
    "Malayalam", "Sinhala",
)  # fmt: skip
SCRIPTS = {
    "ar": r"\p{Script=Arabic}",
    "he": r"\p{Script=Hebrew}",
    "cjk": r"\p{Script=Han}|\p{Script=Hiragana}|\p{Script=Katakana}|\p{Script=Bopomofo}|[ー々]",
    "ko": r"\p{Script=Hangul}",
    "sea": r"\p{Script=Thai}|\p{Script=Lao}|\p{Script=Khmer}|\p{Script=Myanmar}",
    "indic": "|".join(rf"\p{{Script={name}}}" for name in INDIC),
    "any": r"\p{Script=Inherited}",
}
UNSPACED = ("cjk", "sea")
"""Scripts that are written without spaces: each character with its marks is a word."""


def is_word(char: str) -> bool:
    """A letter, a mark or a number."""
    return unicodedata.category(char)[0] in "LMN"


@cache
def group(char: str) -> str:
    """The script group of a word character."""
    if unicodedata.category(char)[0] == "N":
        return "a"
    return next((name for name, script in SCRIPTS.items() if regex.match(script, char)), "a")


def is_break(left: str, right: str) -> bool:
    """Whether two word characters that touch belong to two words: 500 | ريال."""
    groups = {group(left), group(right)}
    return "any" not in groups and len(groups) == 2


def words(places: list[Place]) -> list[tuple[int, int]]:
    """The words of a folded text, as half-open ranges of its characters."""
    found: list[tuple[int, int]] = []
    for index, (char, _, _) in enumerate(places):
        if not is_word(char):
            continue
        if index and found and found[-1][1] == index and same_word(places[index - 1][0], char):
            found[-1] = (found[-1][0], index + 1)
        else:
            found.append((index, index + 1))
    return found


def same_word(left: str, right: str) -> bool:
    """Whether two word characters that touch belong to one word."""
    if is_break(left, right):
        return False
    return is_mark(right) or group(right) not in UNSPACED


# --- matching -----------------------------------------------------------------------------------

MARKETS = ("SA",)
"""Where national phone numbers are read: the market of the creatives of the tests."""
SEPARATOR = 4
"""The most characters between two words of a phrase."""


class Text:
    """A folded text, and what the definitions ask about the positions between its characters."""

    def __init__(self, original: str) -> None:
        self.original = original
        self.places = fold(original)
        self.chars = letters(self.places)
        self.words = dict(words(self.places))

    def boundary(self, at: int) -> bool:
        """Whether no word runs over this position."""
        if at in (0, len(self.chars)):
            return True
        left, right = self.chars[at - 1], self.chars[at]
        if not is_word(left) or not is_word(right) or is_break(left, right):
            return True
        return ZERO_WIDTH_SPACE in self.original[self.places[at - 1][2] : self.places[at][1]]

    def inside_cluster(self, at: int) -> bool:
        """Whether this position cuts a letter from its marks."""
        return at < len(self.chars) and is_mark(self.chars[at]) and not self.boundary(at)

    def bounded(self, start: int, end: int, boundary: str) -> bool:
        """Whether both edges are where the material's boundary wants them."""
        if self.inside_cluster(start) or self.inside_cluster(end):
            return False
        left = boundary == "substring" or self.boundary(start)
        right = boundary in ("substring", "prefix") or self.boundary(end)
        return left and right

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The original place of a match, with the marks and joiners that follow it."""
        first, last = self.places[start][1], self.places[end - 1][2]
        while last < len(self.original) and extends(self.original[last]):
            last += 1
        return first, last


@cache
def extends(char: str) -> bool:
    """Marks (variation selectors are such), joiners, half-width voicing marks, later jamo."""
    return is_mark(char) or bool(
        regex.match(r"[\u200C\u200D\uFF9E\uFF9F\u1160-\u11FF\uFFA0-\uFFDC]", char)
    )


def find(material: Material, text: str) -> set[tuple[int, int]]:
    """Every place of the original text where the keyword or phrase matches, in either reading.

    In the exact view: where it matches in the safe view, and NFC alone makes the text the value. So
    a looser view never loses a hit.
    """
    found = {
        looked.span(start, end)
        for looked in map(Text, readings(text))
        for start, end in (keyword if material.kind == "keyword" else phrase)(material, looked)
    }
    if material.view == "exact":
        return {(start, end) for start, end in found if same(text[start:end], material.value)}
    return found


def same(left: str, right: str) -> bool:
    """Canonically equal: the same text in the exact view."""
    return letters(fold(left, "exact")) == letters(fold(right, "exact"))


def readings(text: str) -> list[str]:
    """The text; and with its soft characters read as gaps, for who sees them as symbols."""
    return [text, "".join(" " if soft(char) else char for char in text)]


def soft(char: str) -> bool:
    """A zero width space, or a symbol that folds into letters: ⓐ, ℀."""
    symbol = unicodedata.category(char)[0] in "SP"
    folded = fold_char(char)
    folds = any(map(is_word, folded)) and not all(map(is_mark, folded))
    return char == ZERO_WIDTH_SPACE or (symbol and folds)


def keyword(material: Material, text: Text) -> Iterator[tuple[int, int]]:
    """Where the folded value stands, letter by letter, with the boundary it asks for."""
    needle = letters(fold(material.value))
    for start in range(len(text.chars)):
        end = start + len(needle)
        if text.chars[start:end] == needle and text.bounded(start, end, material.boundary):
            yield start, end


# --- phrases ------------------------------------------------------------------------------------

Element = tuple[str, int]
"""A word or a slot, and how many words may stand between it and the element before."""


def phrase(material: Material, text: Text) -> set[tuple[int, int]]:
    """One match for each end: the one with the latest start."""
    latest: dict[int, int] = {}
    for elements in alternatives(material.value, material.gap):
        for start in range(len(text.chars)):
            for end in phrase_ends(elements, text, start):
                if text.bounded(start, end, material.boundary):
                    latest[end] = max(start, latest.get(end, start))
    return {(start, end) for end, start in latest.items()}


def alternatives(value: str, gap: int) -> Iterator[list[Element]]:
    """The plain phrases that a phrase with `(a|b c)` in it stands for.

    The gap may open between the parts of the phrase, not between the words of one part.
    """
    parts = regex.findall(r"\([^()]*\)|<[^<>]*>|[^\s()<>]+", value)
    options = [part[1:-1].split("|") if part.startswith("(") else [part] for part in parts]
    for choice in product(*options):
        yield [
            (word, gap if number == 0 else 0)
            for part in choice
            for number, word in enumerate(pieces_of(part))
        ]


def pieces_of(part: str) -> list[str]:
    """The words and slots of a piece of a phrase."""
    cut = regex.findall(r"<[^<>]*>|[^<>]+", part)
    return [one for some in cut for one in ([some] if some.startswith("<") else words_of(some))]


def words_of(part: str) -> list[str]:
    """The words of a piece of a phrase; symbols part them and match nothing themselves."""
    found = [""]
    for char in letters(fold(part)):
        if not is_word(char) or (found[-1] and is_break(found[-1][-1], char)):
            found.append("")
        found[-1] += char if is_word(char) else ""
    return [word for word in found if word]


def phrase_ends(elements: list[Element], text: Text, start: int) -> set[int]:
    """Where the elements can end, the first of them starting at `start`."""
    ends = element_ends(elements[0][0], text, start)
    if len(elements) == 1:
        return ends
    starts = {later for end in ends for later in next_starts(text, end, elements[1][1])}
    return {end for later in starts for end in phrase_ends(elements[1:], text, later)}


def next_starts(text: Text, end: int, gap: int) -> set[int]:
    """Where the next element may start: a separation on, with up to `gap` words between."""
    starts = separated(text, end)
    for _ in range(gap):
        between = [start for start in starts if start in text.words]
        starts |= {later for start in between for later in separated(text, text.words[start])}
    return starts


def separated(text: Text, end: int) -> set[int]:
    """Where a word may start after one that ends here.

    One to four characters on that belong to no word; or right here, where one word may end and
    another begin.
    """
    if end == len(text.chars):
        return set()
    starts = {end} if text.boundary(end) or both_unspaced(text, end) else set()
    for length in range(1, SEPARATOR + 1):
        between = text.chars[end : end + length]
        if len(between) == length and not any(map(is_word, between)):
            starts.add(end + length)
    return starts


def both_unspaced(text: Text, at: int) -> bool:
    """Between two characters of scripts that write no spaces."""
    left, right = text.chars[at - 1], text.chars[at]
    return group(left) in UNSPACED and group(right) in UNSPACED and not is_mark(right)


def element_ends(element: str, text: Text, start: int) -> set[int]:
    """Where a word or a slot can end that starts here."""
    if element == "<word>":
        return {text.words[start]} if start in text.words else set()
    if element == "<number>":
        spoken = {one.end for one in find_number_words(text.chars) if one.start == start}
        return number_ends(text, start) | spoken
    if element == "<phone>":
        return {one.end for one in find_phones(text.chars, MARKETS) if one.start == start}
    if element == "<url>":
        return url_ends(text, start)
    return {start + len(element)} if text.chars.startswith(element, start) else set()


def url_ends(text: Text, start: int) -> set[int]:
    """Where a link ends; links are found in the original, whose capitals tell a host apart."""
    return {
        sum(begin < link.end for _, begin, _ in text.places)
        for link in find_links(text.original)
        if link.start == text.places[start][1]
    }


def number_ends(text: Text, start: int) -> set[int]:
    """A whole number, whatever the boundary: digits, and single separators between digits."""
    number = r"(?<![0-9]|[0-9][.,'’٬٫])[0-9]+(?:[.,'’٬٫][0-9]+)*"
    found = regex.match(number, text.chars, pos=start)
    if found and text.boundary(start) and text.boundary(found.end()):
        return {found.end()}
    return set()


# --- the looser views ---------------------------------------------------------------------------

Span = tuple[int, int]


def find_far(material: Material, text: str) -> set[Span]:
    """Where a keyword or phrase matches in its view: the smallest stretches that say so.

    Every stretch of the text is asked, `automod.text.evidence.explain` answers. The engine may draw
    a span wider or narrower where symbols stand around; it may not find another thing.
    """
    looked = [Text(one) for one in readings(text)]
    if material.kind == "phrase":
        return smallest(span for one in looked for span in far_phrase(material, one, text))
    wanted = wanted_of(material)
    return smallest(span for one in looked for _, _, span in far_spans(wanted, one, text))


def uncovered(spans: Iterable[Span], others: Iterable[Span]) -> set[Span]:
    """The spans that lie over none of the others."""
    held = list(others)
    return {
        (start, end)
        for start, end in spans
        if not any(start < last and first < end for first, last in held)
    }


def sure(material: Material, text: str, spans: Iterable[Span]) -> set[Span]:
    """The spans that a scan has to find: of those in disguise, not all that explain themselves.

    `explain` is asked about a surface that someone took for a hit, and puts all its pieces
    together; a scan has to tell where in a text a disguise begins. It is not held to find

    - what hangs together with more than plain punctuation: `cas1no!ж`, `🇧🇴🇳🇺🇸s`, `c*a*s*i*n*osk`;
    - pieces that are apart: there it asks for more, in words long enough and none of them a word;
    - a letter, digit or sign apart from the other letters of its word: `spin.5`;
    - one of two runs of letters that are neighbours: `c a s i n o c a s i n o`;
    - anything in a text whose direction is set by force: what stands beside the override is read
      with it;
    - a mark away from its letter;
    - a phrase whose words explain themselves one by one, but not together;
    - a keyword of several words, undisguised, with a symbol between them: it stands as it is
      written.
    """
    if is_forced(text):
        return set()
    wanted = wanted_of(material)
    found = {span for span in spans if is_sure(wanted, text, span)}
    if material.kind != "keyword" or " " not in material.value.strip():
        return found
    return {span for span in found if not is_parted(wanted, text[slice(*span)])}


def is_parted(wanted: Wanted, surface: str) -> bool:
    """Whether a symbol stands beside a blank that parts two words, and nothing is in disguise."""
    evidence = explain(wanted, surface)
    if evidence is None or evidence.view == "evasion":
        return False
    return bool(regex.search(r"\s[^\p{L}\p{M}\p{N}\s]|[^\p{L}\p{M}\p{N}\s]\s", surface.strip()))


def grounded(text: str, hits: Iterable[Span]) -> set[Span]:
    """The hits that have to lie over a stretch that explains itself.

    Where direction is set by force there is none: the naive matcher knows no edge of a word at an
    override between two letters, and the engine does. Nor does it know one at a mark between
    letters of two scripts, which the engine knows where it reads the word anew.
    """
    return set() if is_forced(text) else {hit for hit in hits if not hides_break(text, hit)}


def hides_break(text: str, span: Span) -> bool:
    """Whether a mark stands at an edge of a stretch, between letters."""
    start, end = span
    before = is_mark(text[start - 1 : start] or " ") and is_word(text[start])
    return before or (is_mark(text[end - 1]) and is_word(text[end : end + 1] or " "))


def is_forced(text: str) -> bool:
    """Whether a text sets the direction of its characters by force."""
    return any(char in OVERRIDES for char in text)


OVERRIDES = "\u202a\u202b\u202c\u202d\u202e"
PUNCTUATION = ",.;:?،؛؟。"


def is_sure(wanted: Wanted, text: str, span: Span) -> bool:
    """Whether a scan has to find this stretch."""
    start, end = span
    evidence = explain(wanted, text[start:end])
    if evidence is None:
        return False
    if evidence.view != "evasion" and not any(map(soft, text[start:end])):
        return True
    before = text[:start].rstrip(PUNCTUATION)[-1:]
    after = text[end:].lstrip(PUNCTUATION)[:1]
    if not (before + after).isspace() and before + after:
        return False
    if "split" in evidence.folds or has_lone_sign(text[start:end]):
        return False
    return "separator" not in evidence.folds or is_run_alone(text, span)


def has_lone_sign(surface: str) -> bool:
    """Whether a letter, digit or sign stands apart between letters that stand together."""
    pieces = regex.findall(r"[\p{L}\p{M}\p{N}$@!|+(]+", surface)
    alone = [len(regex.findall(r"\p{L}", piece)) < 2 for piece in pieces]
    return any(
        one and not before and not after
        for before, one, after in zip([False, *alone], alone, [*alone[1:], False], strict=False)
    )


def is_run_alone(text: str, span: Span) -> bool:
    """Whether letters that are held apart are a run with nothing like it beside it."""
    start, end = span
    sides = [*text[:start].split()[-1:], *text[end:].split()[:1]]
    letter = r"[\p{L}\p{N}]\p{M}*"
    like_it = [
        side
        for side in sides
        if len(regex.findall(letter, side)) < 2
        or regex.search(rf"{letter}[^\p{{L}}\p{{M}}\p{{N}}]+{letter}", side)
    ]
    marks_alone = regex.search(r"(?<![\p{L}\p{M}])\p{M}", text[start:end])
    return not like_it and not marks_alone


def far_spans(wanted: Wanted, looked: Text, text: str) -> list[tuple[int, int, Span]]:
    """Folded start and end, and original span, of all hits, in one reading of a text."""
    return [
        (start, end, span)
        for start, end in pairs(looked, wanted.boundary)
        for span in [looked.span(start, end), overridden(text, looked.span(start, end))]
        if accepted(wanted, text[slice(*span)])
        and not half_pinyin(wanted, looked, start, end)
        and not longer(wanted, looked.chars[start:end])
        and not across_words(looked, start, end)
    ]


def smallest(spans: Iterable[Span]) -> set[Span]:
    """Those that have no other within."""
    found = set(spans)
    return {one for one in found if not any(inside(other, one) for other in found)}


def pairs(text: Text, boundary: str) -> Iterator[Span]:
    """Every stretch with the boundary that it asks for."""
    asked = "word" if boundary == "inflected" else boundary
    for start in range(len(text.chars)):
        for end in range(start + 1, len(text.chars) + 1):
            if text.bounded(start, end, asked):
                yield start, end


def overridden(text: str, span: Span) -> Span:
    """The span with the override that it stands right behind, and with the end of that."""
    start, end = span
    if start and text[start - 1] in "\u202d\u202e":
        return start - 1, end + (text[end : end + 1] == "\u202c")
    return span


def accepted(wanted: Wanted, surface: str) -> bool:
    """Whether a surface is a hit in the view that the material may match in.

    A space in a keyword is one space.
    """
    evidence = explain(wanted, surface)
    if evidence is not None and evidence.view != "evasion" and " " in wanted.value:
        spaced = letters(fold(wanted.value)).count(" ") == letters(fold(surface)).count(" ")
        if wanted.kind == "keyword" and not spaced:
            return False
    return evidence is not None and VIEW_RANK[evidence.view] <= VIEW_RANK[wanted.view]


def half_pinyin(wanted: Wanted, text: Text, start: int, end: int) -> bool:
    """Whether the stretch is Chinese in Latin letters within a longer word: it is a word there."""
    chinese = wanted.swaps and group(wanted.value[0]) == "cjk"
    latin = chinese and text.chars[start:end].isascii()
    return latin and not text.bounded(start, end, "word")


def longer(wanted: Wanted, chars: str) -> bool:
    """Whether the stretch has the value within it, and more: `explain` is lenient there.

    It has to be where one character of the text folds into several, or where it is drawn out.
    """
    drawn_out = VIEW_RANK[wanted.view] > VIEW_RANK["safe"] and regex.search(r"(.)\1\1", chars)
    if wanted.boundary == "inflected" or drawn_out:
        return False
    spelt, own = (
        loose(FoldedText(bare(chars))),
        loose(FoldedText(bare(letters(fold(wanted.value))))),
    )
    return spelt != own and own in spelt


def bare(chars: str) -> str:
    """Without the symbols around it."""
    return regex.sub(r"^[^\p{L}\p{M}\p{N}]+|[^\p{L}\p{M}\p{N}]+$", "", chars)


def across_words(text: Text, start: int, end: int) -> bool:
    """Whether the stretch is the end of one Chinese word and the beginning of the next."""
    spelt = loose(FoldedText(text.chars))
    return (
        len(spelt) == len(text.chars)
        and group(text.chars[start]) == "cjk"
        and is_across_words(spelt, start, end)
    )


def inside(one: Span, other: Span) -> bool:
    """Whether one lies within the other and is smaller."""
    return one != other and other[0] <= one[0] and one[1] <= other[1]


def far_phrase(material: Material, looked: Text, text: str) -> set[Span]:
    """The words of the phrase, each where `far_spans` finds it as a keyword, one after another."""
    found = set()
    for elements in alternatives(material.value, material.gap):
        last = len(elements) - 1
        chains: list[tuple[int, int, int]] = []  # folded end, original start and end
        for number, (element, _) in enumerate(elements):
            edge: Boundary = "inflected" if material.boundary == "inflected" else "word"
            if number == 0 and material.boundary == "substring":
                edge = "substring"
            if number == last and material.boundary in ("substring", "prefix"):
                edge = material.boundary
            here = [
                (start, end, span)
                for start, end, span in far_element(material, element, edge, looked, text)
            ]
            if number == 0:
                chains = [(end, *span) for _, end, span in here]
                continue
            before = elements[number - 1][1]
            chains = [
                (end, first, span[1])
                for done, first, _ in chains
                for start, end, span in here
                if start in next_starts(looked, done, before)
            ]
        found |= {(first, finish) for _, first, finish in chains}
    return found


def far_element(
    material: Material, element: str, edge: Boundary, looked: Text, text: str
) -> list[tuple[int, int, Span]]:
    """Where a word or a slot of a phrase stands."""
    if element.startswith("<"):
        return [
            (start, end, looked.span(start, end))
            for start in range(len(looked.chars))
            for end in element_ends(element, looked, start)
        ]
    wanted = Wanted("keyword", element, material.view, edge, material.language)
    found = far_spans(wanted, looked, text)
    # Without what stands around the word: that is no part of a gap.
    own = [bare(looked.chars[start:end]) for start, end, _ in found]
    return [
        one
        for one, word in zip(found, own, strict=True)
        if not any(
            inside(other[2], one[2]) and word == less
            for other, less in zip(found, own, strict=True)
        )
    ]
