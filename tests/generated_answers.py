"""Answers of every shape, made by chance from texts that try to become markup, mentions, links and images."""

from __future__ import annotations

import random
from datetime import date
from typing import TYPE_CHECKING

from bot.messages import Answer, Citation, Near, Outcome, Sentence, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator

HOSTILE = (
    "<!channel> <!here> <!everyone> @everyone @channel @here",
    "<@U0123ABCD> <#C0123ABCD|general> <!subteam^S0123ABCD|@team>",
    "<https://evil.example|click here> https://evil.example/a?b=c www.evil.example mailto:a@evil.example",
    "[click](https://evil.example) ![image](https://evil.example/a.png) [x](javascript:alert(1)) [y](tg://user?id=1)",
    "*bold* _italic_ ~strike~ `code` ```pre``` > quote\n# heading\n- item\n1. item\n| a | b |\n|---|---|",
    '<b>bold</b> <a href="https://evil.example">a</a> <script>alert(1)</script> <img src=x onerror=alert(1)>',
    "&lt;!channel&gt; &amp;lt;@U1&amp;gt; &#60;!here&#62; %3C!channel%3E",
    ":smile: :wave::skin-tone-2: ¯\\_(ツ)_/¯ \\*escaped\\* {{template}} ${variable}",
    "👩‍👩‍👧‍👦 🇩🇪🇫🇷 👍🏽 1️⃣ é ä̈́ \u200b\u2060\ufeff Ω≈ç√∫˜µ≤≥÷",
    "\u202eevil\u202c \u2066isolated\u2069 שלום مرحبا Ⱥⱦ ｆｕｌｌ",
    "Ærøskøbing Größenänderungsübermaßüberprüfung \x07 bell",
    "x" * 700,
    "Straße " * 300,
    "one\ntwo\n\nthree\n\n\n    indented",
)
PLAIN = (
    "Customer data must not be entered into ChatGPT.",
    "Kundendaten dürfen nicht in öffentliche Werkzeuge eingegeben werden.",
    "Microsoft 365 Copilot is approved for internal documents.",
    "Vor der Nutzung ist die Freigabe der Führungskraft einzuholen.",
)


def answers(number: int, seed: int = 1) -> Iterator[Answer]:
    """Yield so many answers, the same ones for the same seed."""
    chance = random.Random(seed)  # noqa: S311 - no secret
    for each in range(number):
        yield _answer(chance, each)


def words(chance: random.Random, longest: int = 3) -> str:
    """Return a text that may try anything."""
    chosen = [chance.choice(HOSTILE if chance.random() < 0.5 else PLAIN) for _ in range(chance.randint(1, longest))]
    return " ".join(chosen)


def _answer(chance: random.Random, number: int) -> Answer:
    outcome = chance.choice([Outcome.WRITTEN] * 3 + [Outcome.QUOTED] * 3 + list(Outcome))
    citations = tuple(_citation(chance, each) for each in range(1, chance.randint(1, 8) + 1))
    proven = outcome in {Outcome.WRITTEN, Outcome.QUOTED}
    sentences = tuple(_sentence(chance, len(citations)) for _ in range(chance.randint(1, 14)))
    return Answer(
        f"{number:012x}",
        "?",
        chance.choice(["de", "en"]),
        outcome,
        words(chance, 12) if chance.random() < 0.1 else words(chance),
        verdict=chance.choice([None, *Verdict]) if proven else None,
        sentences=sentences if outcome is Outcome.WRITTEN else (),
        citations=citations if proven else (),
        nearest=tuple(_near(chance) for _ in range(chance.randint(0, 3))) if outcome is Outcome.NOT_FOUND else (),
        choices=tuple(words(chance) for _ in range(3)) if outcome is Outcome.CLARIFY else (),
        contradiction=("a.md", "b.md") if proven and chance.random() < 0.05 else (),
        contact=words(chance, 1) if chance.random() < 0.3 else "",
        notice=words(chance, 1) if chance.random() < 0.3 else "",
        suggestions=tuple(words(chance, 1) for _ in range(chance.randint(0, 3))) if proven else (),
        generation="20261127-080000-abcdef",
        preface=words(chance, 1) if chance.random() < 0.1 else "",
        privately=chance.random() < 0.3,
    )


def _sentence(chance: random.Random, citations: int) -> Sentence:
    numbers = sorted(chance.sample(range(1, citations + 1), chance.randint(1, min(3, citations))))
    return Sentence(words(chance, 2), tuple(numbers))


def _near(chance: random.Random) -> Near:
    return Near("a.md", words(chance, 1), chance.choice(["", words(chance, 1)]))


def _citation(chance: random.Random, number: int) -> Citation:
    row = chance.random() < 0.3
    columns = chance.randint(2, 24)
    cell = chance.choice([3, 20, 90])
    return Citation(
        number,
        f"{number}.md",
        words(chance, 1),
        chance.choice(["", words(chance, 1)]),
        " | ".join(words(chance, 1)[:cell].replace("|", "/").replace("\n", " ") for _ in range(columns))
        if row
        else words(chance),
        page=chance.choice([None, 3]),
        url=chance.choice(["", "https://handbook.example/a", "javascript:alert(1)", "https://evil.example/<x>"]),
        version=chance.choice(["", "2.0"]),
        effective=chance.choice([None, date(2026, 3, 1)]),
        lead=" | ".join(f"Name {each}" for each in range(columns)) if row else chance.choice(["", words(chance, 1)]),
    )
