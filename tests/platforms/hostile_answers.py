"""Answers that hold anything at all in any field, for renderers; and what of a text has to be seen."""

from __future__ import annotations

import json
import os
import unicodedata
from datetime import date
from pathlib import Path

from hypothesis import strategies as st

from bot.layout import of
from bot.messages import Answer, Citation, Near, Outcome, Sentence, Verdict
from knowledge.language import LANGUAGES

LONGEST = 40_000
SHARED = Path(os.environ.get("SHARED", "../shared"))
"""Where corpora are looked for."""
TABLE = "| Tool | Allowed |\n|---|---|\n| ChatGPT | no |\n| DeepL | yes |\n"
PIECES = (
    "Customer data must not go into ChatGPT. ",
    "Für Übersetzungen dürfen Sie DeepL nutzen; äöüß ÄÖÜ. ",
    "👩‍👩‍👧‍👦🇩🇪👍🏽✅ ",
    "مرحبا بالعالم ",
    "שלום \u202eevil\u202c ",
    "一二三四五",
    "e\u0301\u0323",
    "- one\n- two\n  - three\n",
    "1. first\n2. second\n",
    "```python\ndef f():\n    return 1\n```\n",
    "    indented code\n\n",
    TABLE,
    "**bold** _italic_ `code` [link](https://evil.example) <b>x</b> &amp; ",
    "https://evil.example/?q=1 evil.example www.evil.example 192.168.0.1 ",
    "tg://resolve?domain=evil javascript:alert(1) data:text/html,x mailto:a@evil.example ",
    "@everyone @lotse_bot #tag $EUR /start /forget ",
    "a@evil.example ",
    "a@evil.example/b x!a@evil.example a@evil.example:80 a@evil.example? ",
    "#\u200ctag #\u00b7tag $1INCH /a//b/start evil.com@firm.example ftp://x.evil ",
    "\u200b\u200d\u2060\ufeff\u00ad",
    "\x00\x07\x1b[31m",
    "\ud800",
    "\n\n\n",
    " ",
    "x" * 50,
)
"""What texts are made of."""


def naughty(shared: Path) -> tuple[str, ...]:
    """Return the hostile strings of a shared corpus, nothing where it is not there."""
    file = shared / "corpora" / "naughty.jsonl"
    rows = map(json.loads, filter(None, file.read_text("utf-8").split("\n"))) if file.exists() else ()
    return tuple(str(row["text"]) for row in rows)


def texts(pieces: tuple[str, ...], longest: int) -> st.SearchStrategy[str]:
    """Return texts of known pieces and of any characters, repeated up to a length."""
    piece = st.one_of(st.sampled_from(pieces), st.text(st.characters(), max_size=30))
    whole = st.tuples(
        st.lists(piece, min_size=1, max_size=6).map("".join), st.sampled_from([1, 1, 1, 2, 10, 100, 2000])
    )
    return whole.map(lambda given: (given[0] * given[1])[:longest])


def citations(pieces: tuple[str, ...]) -> st.SearchStrategy[Citation]:
    """Return citations; some are rows of tables, some lead where no link may."""
    short, long = texts(pieces, 300), texts(pieces, 6000)
    row = st.tuples(st.lists(short, min_size=2, max_size=4), st.lists(short, min_size=2, max_size=4))
    url = st.sampled_from(
        ["", "https://intranet.example/a?b=c#d", "http://x.example", "javascript:alert(1)", "tg://x", "data:,x"]
    )
    return st.builds(
        lambda number, titles, quote, cells, url, page: Citation(
            number,
            "a.md",
            titles[0],
            titles[1],
            " | ".join(cells[1]) if cells else quote,
            page,
            url,
            titles[2],
            date(2026, 3, 1),
            " | ".join(cells[0]) if cells else "",
        ),
        st.integers(1, 99),
        st.tuples(short, short, short),
        long,
        st.none() | row,
        url | texts(pieces, 100),
        st.none() | st.integers(1, 999),
    )


def answers(pieces: tuple[str, ...] = PIECES) -> st.SearchStrategy[Answer]:
    """Return answers."""
    text, short = texts(pieces, LONGEST), texts(pieces, 400)
    sentences = st.lists(
        st.builds(Sentence, texts(pieces, 3000), st.lists(st.integers(1, 9), max_size=3).map(tuple)), max_size=5
    )
    near = st.builds(Near, st.just("a.md"), short, short)
    return st.builds(
        Answer,
        id=st.sampled_from(["ab12cd34ef56", "", "ab" * 30]),
        question=short,
        language=st.sampled_from(LANGUAGES),
        outcome=st.sampled_from(list(Outcome)),
        text=text,
        verdict=st.none() | st.sampled_from(list(Verdict)),
        sentences=sentences.map(tuple),
        citations=st.lists(citations(pieces), max_size=4).map(tuple),
        nearest=st.lists(near, max_size=3).map(tuple),
        choices=st.lists(short, max_size=4).map(tuple),
        contradiction=st.sampled_from([(), ("a.md", "b.md")]),
        contact=short,
        notice=short,
        suggestions=st.lists(short, max_size=2).map(tuple),
        preface=short,
        privately=st.booleans(),
        foreign=st.booleans(),
    )


BLANK = frozenset("\ufe0e\ufe0f\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180e\u180f\u2800\u3164\uffa0")
"""Letters, marks and signs that show nothing: selectors of a variant, fillers of Hangul and Khmer, an empty pattern of Braille."""


def seen(text: str) -> str:
    """Return of a text what is seen: without white, invisible and broken characters."""
    whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").replace("\ufffd", "")
    return "".join(c for c in whole if unicodedata.category(c) not in {"Cc", "Cf", "Zs", "Zl", "Zp"} and c not in BLANK)


def to_be_seen(answer: Answer) -> list[str]:
    """Return every text of an answer that has to be seen where it is shown."""
    laid = of(answer)
    quotes = [
        cell
        for quote in laid.quotes
        for cell in (quote.rows[0] + quote.rows[1] if quote.rows else (quote.lead, quote.text))
    ]
    ruling = [laid.verdict.words] if laid.verdict else []
    near = [laid.nearest.heading, *laid.nearest.lines] if laid.nearest else []
    sources = [word for source in laid.sources for word in (source.title, *source.details)]
    texts = [*laid.preface, *ruling, *laid.said, *(s.text for s in laid.sentences), *quotes, *sources, *near]
    return [*texts, laid.contact, *laid.notice, laid.by_ai, laid.reference]
