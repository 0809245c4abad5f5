"""What opens a door: API keys and tokens by their makers' forms, private keys, passwords, addresses with a login."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.privacy.findings import Kind, found

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.privacy.findings import Finding

# A mark that the token begins with, and the form of the rest: as the makers document them for secret scanning.
_TOKENS: tuple[tuple[str, str], ...] = (
    ("sk-", r"[A-Za-z0-9_-]{20,250}"),  # OpenAI, Anthropic, OpenRouter, DeepSeek
    *((mark, "[A-Z0-9]{16}") for mark in ("AKIA", "ASIA", "ABIA", "ACCA", "AROA", "AIDA")),  # AWS
    *((mark, "[A-Za-z0-9_]{30,255}") for mark in ("ghp_", "gho_", "ghu_", "ghs_", "ghr_")),  # GitHub
    ("github_pat_", r"[A-Za-z0-9_]{22,255}"),
    *(
        (mark, r"[A-Za-z0-9_.-]{18,300}") for mark in ("glpat-", "gldt-", "glrt-", "glptt-", "glcbt-", "gloas-")
    ),  # GitLab
    *(
        (mark, r"[A-Za-z0-9-]{10,250}")
        for mark in ("xoxb-", "xoxp-", "xoxa-", "xoxe-", "xoxe.", "xoxr-", "xoxs-", "xapp-")
    ),
    ("hooks.slack.com/services/", r"T[A-Z0-9]{6,14}/B[A-Z0-9]{6,14}/[A-Za-z0-9]{16,32}"),
    ("AIza", r"[A-Za-z0-9_-]{35}"),  # Google
    ("ya29.", r"[A-Za-z0-9_-]{20,250}"),
    ("GOCSPX-", r"[A-Za-z0-9_-]{20,60}"),
    *(
        (mark, r"[A-Za-z0-9]{10,250}")
        for mark in ("sk_live_", "sk_test_", "rk_live_", "rk_test_", "pk_live_", "pk_test_")
    ),
    ("whsec_", r"[A-Za-z0-9+/=]{20,100}"),  # Stripe
    ("npm_", r"[A-Za-z0-9]{36}"),
    ("pypi-", r"A[A-Za-z0-9_-]{40,250}"),
    ("hf_", r"[A-Za-z0-9]{30,50}"),  # Hugging Face
    ("SG.", r"[A-Za-z0-9_-]{16,32}\.[A-Za-z0-9_-]{16,64}"),  # SendGrid
    ("SK", r"[0-9a-f]{32}"),  # Twilio
    ("AC", r"[0-9a-f]{32}"),
    ("key-", r"[0-9a-f]{32}"),  # Mailgun
    ("dop_v1_", r"[0-9a-f]{64}"),  # DigitalOcean
    *((mark, r"[0-9a-f]{32}") for mark in ("shpat_", "shpca_", "shppa_", "shpss_")),  # Shopify
    ("dapi", r"[0-9a-f]{32}(?:-\d)?"),  # Databricks
    ("dckr_pat_", r"[A-Za-z0-9_-]{20,60}"),  # Docker
    ("gsk_", r"[A-Za-z0-9]{40,60}"),  # Groq
    ("xai-", r"[A-Za-z0-9]{60,100}"),
    ("pplx-", r"[A-Za-z0-9]{40,60}"),  # Perplexity
    ("r8_", r"[A-Za-z0-9]{36,40}"),  # Replicate
    ("ntn_", r"[A-Za-z0-9]{40,50}"),  # Notion
    ("secret_", r"[A-Za-z0-9]{40,50}"),
    ("lin_api_", r"[A-Za-z0-9]{32,48}"),  # Linear
    ("ATATT3", r"[A-Za-z0-9_=-]{50,250}"),  # Atlassian
    ("hvs.", r"[A-Za-z0-9_-]{20,250}"),  # Vault
    ("figd_", r"[A-Za-z0-9_-]{30,60}"),  # Figma
    ("glsa_", r"[A-Za-z0-9]{32}_[0-9a-f]{8}"),  # Grafana
    ("NRAK-", r"[A-Z0-9]{27}"),  # New Relic
    ("sntrys_", r"[A-Za-z0-9+/=_-]{40,250}"),  # Sentry
    ("sbp_", r"[0-9a-f]{40}"),  # Supabase
    ("PMAK-", r"[0-9a-f]{24}-[0-9a-f]{34}"),  # Postman
    ("eyJ", r"[A-Za-z0-9_-]{8,2000}\.eyJ[A-Za-z0-9_-]{8,4000}(?:\.[A-Za-z0-9_-]{0,2000})?"),  # JSON Web Token, RFC 7519
)
_PATTERNS = tuple((mark, re.compile(r"(?<![A-Za-z0-9])" + re.escape(mark) + rest)) for mark, rest in _TOKENS)
# Forms without a mark in front.
_TELEGRAM = re.compile(r":AA[A-Za-z0-9_-]{32,34}(?![A-Za-z0-9_-])")
_TELEGRAM_ID = re.compile(r"\d{8,10}")
_AZURE = re.compile(r"(?<![A-Za-z0-9])[A-Za-z0-9_~.-]{3}\dQ~[A-Za-z0-9_~.-]{31,34}(?![A-Za-z0-9_~-])")
_DISCORD = re.compile(
    r"(?<![A-Za-z0-9_.-])[MNO][A-Za-z0-9_-]{23,27}\.[A-Za-z0-9_-]{6}\.[A-Za-z0-9_-]{27,40}(?![A-Za-z0-9_-])"
)
_MAILCHIMP = re.compile(r"(?<![0-9A-Za-z])[0-9a-f]{32}-us\d{1,2}(?![0-9A-Za-z])")
VARIED = 8
"""Different characters that a real token has at least: xxxxxxxx is none."""


def api_keys(text: str) -> Iterator[Finding]:
    """Find keys and tokens by their makers' forms, and long random values that are called a key, a token or a secret."""
    for mark, pattern in _PATTERNS:
        if mark in text:
            for match in pattern.finditer(text):
                if _is_token(text, match, len(mark)):
                    yield found(Kind.API_KEY, match.start(), match.end())
    yield from _unmarked(text)
    yield from _called(text)


def _is_token(text: str, match: re.Match[str], mark: int) -> bool:
    rest = match[0][mark:]
    return (
        not text[match.end() : match.end() + 1].isalnum()
        and len(set(rest)) >= VARIED
        and any(c.isdigit() for c in rest)
    )


def _unmarked(text: str) -> Iterator[Finding]:
    for match in _TELEGRAM.finditer(text):
        number = _TELEGRAM_ID.match(text[max(0, match.start() - 10) : match.start()][::-1])
        if number:
            yield found(Kind.API_KEY, match.start() - number.end(), match.end())
    for needle, pattern in (("Q~", _AZURE), (".", _DISCORD), ("-us", _MAILCHIMP)):
        if needle in text:
            for match in pattern.finditer(text):
                yield found(Kind.API_KEY, match.start(), match.end())


_CALLED = re.compile(
    r"[kKsStTbB](?:ey|EY|chl(?:ü|ue)ssel|oken|OKEN|ecret|ECRET|ig|earer|ennung)[\"']?"
    r"[ ]{0,3}(?:[:=]|=>|:=|ist|lautet|is|(?<=earer))[ ]{0,3}[\"'„“`]?([A-Za-z0-9+/_.~%-]{16,200}={0,2})"
)
_MIXED = re.compile(
    r"(?![a-z_]\w*(?:\.[a-z_]\w*)+$)(?=.*[0-9].*[0-9])(?=.*[A-Za-z].*[A-Za-z])(?!.*(?:\.[A-Za-z]{1,4}$|://|/[a-z]+/))"
)


def _called(text: str) -> Iterator[Finding]:
    for match in _CALLED.finditer(text):
        value = match[1].rstrip(".~-")
        if _MIXED.match(value) and len(set(value)) >= VARIED:
            yield found(Kind.API_KEY, match.start(1), match.start(1) + len(value))


_KEY_BEGINS = re.compile(r"-----BEGIN (?:[A-Z0-9]{1,12} ){0,3}PRIVATE KEY(?: BLOCK)?-----|PuTTY-User-Key-File-\d")
_KEY_ENDS = re.compile(r"-----END [A-Z0-9 ]{0,40}-----|Private-MAC: [0-9a-f]{1,64}")
_KEY_BODY = re.compile(r"[A-Za-z0-9+/=\s:,\\-]{0,20000}")
LONGEST_KEY = 20_000


def private_keys(text: str) -> Iterator[Finding]:
    """Find private keys (RFC 7468, PGP, PuTTY) with all their lines, also where the end was not copied."""
    if "-----BEGIN" not in text and "PuTTY" not in text:
        return
    past = 0
    for begin in _KEY_BEGINS.finditer(text):
        if begin.start() >= past:
            ends = _KEY_ENDS.search(text, begin.end(), begin.end() + LONGEST_KEY)
            body = _KEY_BODY.match(text, begin.end())
            past = ends.end() if ends else max(begin.end(), body.end() if body else 0)
            yield found(Kind.PRIVATE_KEY, begin.start(), begin.end() + len(text[begin.end() : past].rstrip()))


_LOGIN = re.compile(r"://([^\s/?#:@\"'<>]{0,100}):([^\s/?#\"'<>@]{1,200})@[^\s/?#\"'<>@),;]{0,199}[^\W_]")
_SCHEME_REVERSED = re.compile(r"[A-Za-z0-9+.-]{1,20}")


def url_logins(text: str) -> Iterator[Finding]:
    """Find web addresses and connection strings that hold a password (RFC 3986, 3.2.1), up to their host."""
    for match in _LOGIN.finditer(text):
        scheme = _SCHEME_REVERSED.match(text[max(0, match.start() - 20) : match.start()][::-1])
        if scheme and not match[2].startswith(("${", "{", "[", "$(")):
            yield found(Kind.URL_LOGIN, match.start() - scheme.end(), match.end())


_PASSWORD = re.compile(
    r"[pPkKzZ](?:ass(?:wor[dt]|wd|phrase|code)|ASS(?:WOR[DT]|WD|PHRASE)|ennwort|ENNWORT|ugangscode"
    r"|(?<=[pP])(?<![A-Za-z].)(?:[wW][dD]?|IN|in|UK)|(?<=_P)ASS)"
    r"(?![A-Za-z])[\"'”“*`]{0,2}"
    r"(?:(?:[ ](?:für|for|von|of|zum|zur|vom|to|im|am|in|on|bei|at)[ ][^\n:=\"']{1,30}?)?(?:[ ]\(?(?:neu|new|alt|old)\)?)?"
    r"([ ]{0,3}(?::=?|=>?|->|→)\s{0,2}|[ ](?:lautet|ist|is|war|was|wird|heißt|geändert auf|changed to|set to)"
    r"(?:[ ](?:jetzt|now|nun|derzeit|currently|also))?:?[ ])|[ ])"
    r"([\"'„“”»`*]{0,2})([^\s\"'„“”«»`<>]{4,128})([^\n]?)"
)
_SPECIAL = frozenset("!@#$%^&*+=?§~|€")
_MASK = re.compile(r"[(@].*|[*•.xX_?-]+|\$?\{.*|\[[^\]]*\]?|%\w+%|\$[A-Z_]+|\$\(.*|__\w+__")
_CODE = re.compile(
    r"[A-Za-z_]\w*(?:\.\w+)*(?:\(.*|\[.*)|[a-z_]+\.[a-z_.]+|[a-z]+_[a-z_]+|https?:.*|\d+[-–]\w+|\d\d?\.\d\d?\.\d{2,4}"
)
_USUAL = frozenset(
    """
    required erforderlich notwendig optional none null true false vergessen forgotten forgot zurücksetzen reset ändern change
    geändert changed siehe unbekannt unknown string falsch wrong richtig korrekt correct incorrect abgelaufen expired gesperrt
    locked protected geschützt policy richtlinie manager anders folgt folgendes nicht leer empty sicher secure schwach weak stark
    strong text input str bool int bytes dict object secretstr secretbytes password passwort kennwort here hier kein keins keine
    mindestens minimum regeln regel rules rule wechsel stored gespeichert your mein dein ihr eingeben enter
    """.split()
)


def passwords(text: str) -> Iterator[Finding]:
    """Find what follows "password:", "Passwort lautet", "pw=": only the value, and none that is plainly a word of the sentence."""
    for match in _PASSWORD.finditer(text):
        value = match[3].rstrip(".,;:)]}'\\")
        opened = match[2].strip("*")
        ends = match[3] != value or not (match[4].strip() or text[match.end() : match.end() + 1].isalnum())
        if _is_secret(value, (match[1] or "").strip(), told=bool(opened) or ends):
            yield found(Kind.PASSWORD, match.start(3), match.start(3) + len(value))


def _is_secret(value: str, link: str, *, told: bool) -> bool:
    """Say whether a value after a link (":", "=", "is", nothing) is a password. `told`: it is quoted, or ends its part."""
    if len(value) < 4 or _MASK.fullmatch(value) or value.lower() in _USUAL or _CODE.fullmatch(value):  # noqa: PLR2004
        return False
    strong = _is_strong(value)
    if link[:1] in {":", "=", "-", "→"} and link:
        return strong or value.isdigit() or told
    return strong or (link in {"lautet", "heißt", "lautet:", "is:", "ist:"} and told)


def _is_strong(value: str) -> bool:
    letters = any(c.isalpha() for c in value)
    digits = any(c.isdigit() for c in value)
    return letters and (digits or bool(_SPECIAL & set(value[:-1])) or re.search("[a-zäöü][A-ZÄÖÜ]", value) is not None)
