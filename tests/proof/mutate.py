"""Make false pairs from true ones, the same ones each time.

Sentences are changed in one place: a number, date, unit, direction, negation, modality, tool, data class, person or place.
Quotes are edited by a word, glued from two places, given a passage that they do not stand in, or replaced by other ones.
A limit is taken as an exact statement: who says "at most 250" where the handbook says "at most 150" says something false.
What stays true all the same was read and stands in skip.txt.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from tests.proof.texts import fold

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from tests.proof.pairs import Pair, Quote

SEED = "lotse"

_NUMBERS = {
    "de": "zwei drei vier fünf sechs sieben acht neun zehn elf zwölf vierzehn fünfzehn zwanzig dreißig fünfzig sechzig".split(),
    "en": "two three four five six seven eight nine ten eleven twelve fourteen fifteen twenty thirty fifty sixty ninety".split(),
}
_MONTHS = {
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember".split(),
    "en": "January February March April May June July August September October November December".split(),
}
_LOWER_BOUND = re.compile(
    r"(?:(?<!no )more than|over|above|from|mehr als|über|ab)\s+$",
    re.IGNORECASE,
)
"""What stands before a figure that has to get smaller: a list of more than 50 contains one of more than 60."""
_FIGURE = re.compile(
    r"(?<![\w./:@§-])(?<!Microsoft )(?<!M)\d{1,3}(?:[.,]\d{3})*(?:[.,]\d{1,2})?(?![\w/:]|[-.,]\d|\.? (?:[JFAOND]|Ma|Se))"
)

_UNITS = {
    "de": "Minuten>Stunden Stunden>Tagen Tagen>Wochen Tage>Wochen Arbeitstagen>Wochen Arbeitstage>Wochen Wochen>Monaten "
    "Monaten>Jahren Monate>Jahre Monat>Jahr Jahre>Monate Jahr>Quartal Euro>Prozent Prozent>Punkte",
    "en": "minutes>hours hours>days days>weeks weeks>months months>years month>year years>months year>quarter euros>pounds "
    "percent>points minute>hour hour>day",
}
_DIRECTIONS = {
    "de": (
        "höchstens>mindestens mindestens>höchstens spätestens>frühestens bevor>nachdem mehr_als>weniger_als maximal>mindestens "
        "weniger_als>mehr_als wenigstens>höchstens vorher>hinterher vorab>hinterher binnen>nach innerhalb_von>nach längstens>mindestens "
        "über_(?=\\d)>unter_ unter_(?=\\d)>über_ bis_zum>ab_dem ab_(?=\\d)>bis_ zuerst>zuletzt"
    ),
    "en": (
        "at_most>at_least at_least>at_most more_than>fewer_than fewer_than>more_than less_than>more_than above>below below>above "
        "before>after after>before within_(?!the_limits|limits)>after_ up_to_(?=\\w*\\d|class|\\w+_w)>from_ "
        "no_more_than>no_less_than until_(?=\\d)>from_ over_(?=\\w+ty)>under_ "
        "maximum>minimum or_more>or_fewer or_higher>or_lower beforehand>afterwards"
    ),
}
_NEGATIONS = {
    "de": (
        "nicht_nur>auch nicht_mehr>immer_noch nicht_> keinen>einen keine_> keinem>einem keiner>einer kein>ein nie>immer nichts>alles "
        "verboten>erlaubt erlaubt>verboten untersagt>gestattet gestattet>untersagt zulässig>unzulässig tabu>erlaubt ohne>nur_mit "
        "ausgeschlossen>erlaubt nötig>unnötig niemand>jeder nur_mit>auch_ohne"
    ),
    "en": (
        "not_allowed>allowed not_permitted>permitted is_allowed>is_not_allowed are_allowed>are_not_allowed must_not>must "
        "may_not>may never>always cannot>can_always not_> forbidden>allowed allowed>forbidden permitted>forbidden prohibited>permitted "
        "nobody>everybody without>only_with no_longer>still may>may_not can>cannot (?<!not_)have_to>do_not_have_to "
        "must(?!_never|_not)>must_not "
        "has_to>must_not "
        "required>not_required (?<!single_)no_(?!matter|less|more|longer)(?=\\w)>some_"
    ),
}
_MODALITIES = {
    "de": (
        "dürfen_nicht>brauchen_nicht darf_nicht>braucht_nicht müssen>können muss>kann darf>muss dürfen>müssen sollten>müssen "
        "sollte>muss kann>muss können>müssen ist_verboten>ist_unerwünscht verboten>unerwünscht"
    ),
    "en": (
        "must_not>need_not may_not>need_not has_to>may (?<!not_)have_to>may must(?!_never)>may "
        "may>must can>must should>must is_required>is_optional "
        "not_allowed>not_recommended forbidden>discouraged has_(?=no_)>should_have_ is_allowed>is_obliged are_allowed>are_obliged"
    ),
}
_TOOLS = (
    "ChatGPT Enterprise,Microsoft 365 Copilot,GitHub Copilot,DeepL Pro,DeepL Write,Midjourney,Adobe Firefly,Synthesia,"
    "Claude Team,Cursor,ElevenLabs,Grammarly,DeepSeek,Fireflies.ai,Perplexity Enterprise,NotebookLM,Copilot Studio,Otter.ai,"
    "Copilot Chat,ChatGPT,Copilot,Firefly,DeepL,HAWKI,Slack,GSA Google Drive"
).split(",")
_NEW_TOOLS = "Perplexity Enterprise,NotebookLM,Canva Magic Studio,Google Gemini,Grammarly".split(",")
_CLASSES = {
    "streng vertraulich": r"[Ss]treng[ -][Vv]ertraulich(\w*)|[Ss]trictly confidential()|\bC4\b",
    "vertraulich": r"(?<![Ss]treng )\b[Vv]ertraulich(\w*)|(?<!trictly )\b[Cc]onfidential()\b|\bC3\b",
    "intern": r"\b[Ii]ntern(e|en|er|es)?\b|\b[Ii]nternal()\b|\bC2\b",
    "öffentlich": r"\b[Öö]ffentlich(\w*)|(?<!Res )\b[Pp]ublic()\b|\bC1\b",
}
_CLASS_NAMES = {
    "streng vertraulich": ("streng vertraulich", "strictly confidential", "C4"),
    "vertraulich": ("vertraulich", "confidential", "C3"),
    "intern": ("intern", "internal", "C2"),
    "öffentlich": ("öffentlich", "public", "C1"),
}
_PERSONS = (
    "Nele Harksen,Jannik Osterloh,Samira Benali,Holger Wiebusch,Corinna Velten,Elif Sandmann,Tarek Morawetz,"
    "Mareike Dorn,Friederike Lindqvist,Tomasz Brandt"
).split(",")
_ROLES = (
    ("KI-Stelle", "AI Office"),
    ("KI-Rat", "AI Council"),
    ("Betriebsrat", "works council"),
    ("Geschäftsführung", "managing board"),
    ("Datenschutzbeauftragte", "data protection officer"),
    ("Informationssicherheit", "Information Security"),
    ("Rechtsabteilung", "Legal"),
    ("Servicedesk", "service desk"),
    ("Einkauf", "Purchasing"),
    ("IT-Service", "IT Service"),
    ("Abteilungsleitung", "head of department"),
    ("Aufsichtsbehörde", "supervisory authority"),
    ("AI Board", "AI Board"),
)
_SAME_ARTICLE = {
    "de": (
        (
            "KI-Stelle",
            "Informationssicherheit",
            "Rechtsabteilung",
            "Geschäftsführung",
            "Abteilungsleitung",
            "Aufsichtsbehörde",
        ),
        ("KI-Rat", "Betriebsrat", "Einkauf", "IT-Service", "Servicedesk", "Datenschutzbeauftragte"),
    ),
    "en": (
        (
            "AI Office",
            "AI Council",
            "works council",
            "managing board",
            "data protection officer",
            "service desk",
            "IT Service",
            "AI Board",
        ),
        ("Information Security", "Legal", "Purchasing"),
    ),
}
_PLACES = "Göttingen,Linz,Zwolle,Hamburg,Porto,Gdańsk".split(",")


def all_of(pairs: Sequence[Pair]) -> list[Pair]:
    """Return the mutations of the true pairs among `pairs`."""
    found: list[Pair] = []
    for pair in pairs:
        if pair.true:
            found.extend(_sentences(pair))
            found.extend(_quotes(pair, pairs))
    return [pair for pair in found if pair.id not in _skipped()]


def lies_about(pair: Pair) -> list[Pair]:
    """Return the mutations of a true pair's sentence."""
    return [made for made in _sentences(pair) if made.sentence != pair.sentence]


@cache
def _skipped() -> frozenset[str]:
    lines = Path(__file__).with_name("skip.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(line.split()[0] for line in lines if line.strip() and not line.startswith("#"))


def _chance(*parts: str) -> int:
    return int.from_bytes(sha256("\0".join((SEED, *parts)).encode()).digest()[:8], "big")


def _sentences(pair: Pair) -> Iterator[Pair]:
    for kind, change in _CHANGES.items():
        changed = list(dict.fromkeys(s for s in change(pair) if s != pair.sentence))
        if changed:
            yield _made(pair, kind, sentence=changed[_chance(pair.id, kind) % len(changed)])


def _made(pair: Pair, kind: str, *, sentence: str = "", quotes: tuple[Quote, ...] = ()) -> Pair:
    return replace(
        pair,
        id=f"{pair.id}.{kind}",
        label="false",
        kind=kind,
        script=True,
        sentence=_tidy(sentence) or pair.sentence,
        quotes=quotes or pair.quotes,
    )


def _tidy(sentence: str) -> str:
    text = fold(sentence)
    return text[:1].upper() + text[1:]


def _carried(pair: Pair) -> str:
    return "\n".join(part for quote in pair.quotes for part in (quote.quote, quote.passage))


def _number(pair: Pair) -> Iterator[str]:
    text, carried = pair.sentence, _carried(pair)
    for found in _FIGURE.finditer(text):
        figure = found.group()
        other = _other_figure(figure, smaller=bool(_LOWER_BOUND.search(text, 0, found.start())))
        if other and not re.search(rf"(?<!\d){re.escape(other)}(?!\d)", carried):
            yield text[: found.start()] + other + text[found.end() :]
    words = _NUMBERS[pair.language]
    for found in re.finditer(rf"\b(?:{'|'.join(words)})\b", text):
        at = words.index(found.group())
        smaller = bool(_LOWER_BOUND.search(text, 0, found.start()))
        if smaller and at == 0:
            continue
        other = words[at - 1] if smaller else words[(at + 3) % len(words)]
        if not re.search(rf"\b{other}\b", carried):
            yield text[: found.start()] + other + text[found.end() :]


def _other_figure(figure: str, *, smaller: bool) -> str:
    first = int(figure[0])
    if not smaller:
        return f"{first % 9 + 1}{figure[1:]}"
    return f"{first - 1}{figure[1:]}" if first > 1 else ""


def _date(pair: Pair) -> Iterator[str]:
    text, carried = pair.sentence, _carried(pair)
    months = _MONTHS[pair.language]
    for found in re.finditer(rf"\b(?:{'|'.join(months)})\b(?= 20|\.|,|$)", text):
        yield text[: found.start()] + months[(months.index(found.group()) + 5) % 12] + text[found.end() :]
    for found in re.finditer(r"\b20[23]\d\b(?!-)", text):
        other = str(int(found.group()) + 1)
        if other not in carried:
            yield text[: found.start()] + other + text[found.end() :]
    for found in re.finditer(r"\b(\d\d)\.(\d\d)\.(\d{4})\b", text):
        month = int(found[2]) % 12 + 1
        yield f"{text[: found.start()]}{found[1]}.{month:02}.{found[3]}{text[found.end() :]}"
    for found in re.finditer(rf"\b(\d\d?)\.? (?={'|'.join(months)})", text):
        day = int(found[1]) % 27 + 2
        yield text[: found.start(1)] + str(day) + text[found.end(1) :]


def _table(tables: dict[str, str], pair: Pair, *, once: bool = False) -> Iterator[str]:
    taken: set[int] = set()
    for entry in tables[pair.language].split():
        old, new = entry.replace("_", " ").split(">")
        for found in re.finditer(
            rf"(?<![\w-]){old}(?![\w-])" if not old.endswith((" ", ")")) else rf"(?<![\w-]){old}", pair.sentence
        ):
            if once and found.start() in taken:
                continue
            taken.update(range(found.start(), found.end()))
            yield pair.sentence[: found.start()] + new + pair.sentence[found.end() :]
        capital = re.match(rf"{old[:1].upper()}{old[1:]}(?![\w-])", pair.sentence)
        if capital and old[0].islower() and not (once and 0 in taken):
            taken.update(range(capital.end()))
            yield new + pair.sentence[capital.end() :]


def _unit(pair: Pair) -> Iterator[str]:
    return _table(_UNITS, pair)


def _direction(pair: Pair) -> Iterator[str]:
    return _table(_DIRECTIONS, pair, once=True)


def _negation(pair: Pair) -> Iterator[str]:
    yield from _table(_NEGATIONS, pair, once=True)
    text = pair.sentence
    if pair.language == "de" and not re.search(r"\b(?:nicht|kein\w*|nie|niemand|weder|ohne|nur)\b", text):
        found = re.search(r"\b(?:darf|dürfen|muss|müssen)\b[^,;]* (\w+en)(?=[.,;])", text)
        if found:
            yield f"{text[: found.start(1)]}nicht {text[found.start(1) :]}"


def _modality(pair: Pair) -> Iterator[str]:
    """Change one modality. Beside "only", may and must come to the same: nothing is made of such a sentence."""
    if not re.search(r"\b(?:only|nothing but|no more|nur|allein|höchstens)\b", pair.sentence, re.IGNORECASE):
        yield from _table(_MODALITIES, pair, once=True)


def _tool(pair: Pair) -> Iterator[str]:
    carried = _carried(pair)
    for tool in _TOOLS:
        other = next(
            (new for new in _rotated(_NEW_TOOLS, pair.id) if new not in carried and new not in pair.sentence), ""
        )
        if tool in pair.sentence and tool in carried and other:
            yield pair.sentence.replace(tool, other)
            return


def _class(pair: Pair) -> Iterator[str]:
    carried = _carried(pair)
    absent = [name for name, pattern in _CLASSES.items() if not re.search(pattern, carried)]
    for name, pattern in _CLASSES.items():
        found = re.search(pattern, pair.sentence)
        for other in _rotated([new for new in absent if new != name], pair.id)[:1]:
            if found and re.search(pattern, carried):
                yield (
                    pair.sentence[: found.start()]
                    + _class_name(other, found, pair.language)
                    + pair.sentence[found.end() :]
                )


def _class_name(other: str, found: re.Match[str], language: str) -> str:
    german, english, letter = _CLASS_NAMES[other]
    if re.fullmatch(r"C\d", found.group()):
        return letter
    word = german + (found.group(found.lastindex) if found.lastindex else "") if language == "de" else english
    if language == "en" and re.match(r"(?i)(?:streng |vertraulich|intern$|öffentlich)", found.group()):
        word = german
    return word[:1].upper() + word[1:] if found.group()[0].isupper() else word


def _rotated(values: Sequence[str], key: str) -> list[str]:
    at = _chance(key, "rotated") % max(len(values), 1)
    return [*values[at:], *values[:at]]


def _person(pair: Pair) -> Iterator[str]:
    carried = _carried(pair)
    for name in _PERSONS:
        if name in pair.sentence:
            other = next(new for new in _rotated(_PERSONS, pair.id) if new not in carried and new not in pair.sentence)
            yield pair.sentence.replace(name, other)
    present = {name for names in _ROLES for name in names if any(form in carried + pair.sentence for form in names)}
    for group in _SAME_ARTICLE[pair.language]:
        for name in group:
            found = re.search(rf"\b{name}\b", pair.sentence)
            other = next((new for new in _rotated(group, pair.id) if new not in present), "")
            if found and other:
                yield pair.sentence[: found.start()] + other + pair.sentence[found.end() :]


def _place(pair: Pair) -> Iterator[str]:
    carried = _carried(pair)
    for name in _PLACES:
        other = next(new for new in _rotated(["Wien", "Bremen", "Rotterdam"], pair.id) if new not in carried)
        if name in pair.sentence:
            yield pair.sentence.replace(name, other)


_CHANGES: dict[str, Callable[[Pair], Iterator[str]]] = {
    "number": _number,
    "date": _date,
    "unit": _unit,
    "direction": _direction,
    "negation": _negation,
    "modality": _modality,
    "tool": _tool,
    "class": _class,
    "person": _person,
    "place": _place,
}


def _quotes(pair: Pair, pairs: Sequence[Pair]) -> Iterator[Pair]:
    kinds = ("edited", "glued", "misattributed", "unrelated")
    kind = kinds[_chance(pair.id, "quotes") % len(kinds)]
    if kind == "unrelated":
        yield _made(pair, kind, quotes=_stranger(pair, pairs).quotes)
        return
    changed = tuple(_damaged(kind, quote, pair, pairs) for quote in pair.quotes)
    if all(fold(quote.quote) not in fold(quote.passage) for quote in changed):
        yield _made(pair, kind, quotes=changed)


def _damaged(kind: str, quote: Quote, pair: Pair, pairs: Sequence[Pair]) -> Quote:
    """Return the quote changed in the way that `kind` names, or as it is where that cannot be done."""
    if kind == "misattributed":
        return replace(quote, passage=_stranger(pair, pairs).quotes[0].passage)
    text = _edited(quote, pair.id) if kind == "edited" else _glued(quote)
    return replace(quote, quote=text or quote.quote)


def _stranger(pair: Pair, pairs: Sequence[Pair]) -> Pair:
    """Return a pair of another document, one and the same each time."""
    documents = {quote.document for quote in pair.quotes}
    others = [
        other
        for other in pairs
        if other.true and other.place == pair.place and not documents & {quote.document for quote in other.quotes}
    ]
    return min(others, key=lambda other: _chance(pair.id, other.id))


def _edited(quote: Quote, key: str) -> str:
    """Return the quote with one longer word replaced by another word of its passage."""
    words = quote.quote.split(" ")
    places = [at for at, word in enumerate(words) if len(word) > 3 and word.strip(".,;:").isalpha()]
    stock = [word for word in dict.fromkeys(re.findall(r"[^\W\d_]{4,}", quote.passage)) if word not in quote.quote]
    if not places:
        return ""
    at = places[_chance(key, "place") % len(places)]
    core = words[at].strip(".,;:")
    words[at] = words[at].replace(core, stock[_chance(key, "word") % len(stock)] if stock else "")
    return fold(" ".join(words))


def _glued(quote: Quote) -> str:
    """Return the first half of the quote with the end of another sentence of its passage."""
    lines = quote.passage.split("\n")[1:]
    sentences = [s for line in lines for s in re.split(r"(?<=[.!?;|])\s+", line) if len(s.split()) > 4]
    others = [s for s in sentences if s not in quote.quote and quote.quote not in s]
    words = quote.quote.split(" ")
    if not others or len(words) < 6:
        return ""
    other = others[-1].split(" ")
    return " ".join([*words[: len(words) // 2], *other[len(other) // 2 :]])
