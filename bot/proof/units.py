"""Units as people write them, German and English, each with its kind and how many of the kind's own unit it is."""

from __future__ import annotations

from knowledge.remembered import remembered

UNITS = {
    "minute": ("minutes", 1.0),
    "minuten": ("minutes", 1.0),
    "hour": ("minutes", 60.0),
    "stunde": ("minutes", 60.0),
    "day": ("minutes", 1440.0),
    "tag": ("minutes", 1440.0),
    "calendar day": ("minutes", 1440.0),
    "kalendertag": ("minutes", 1440.0),
    "week": ("minutes", 10080.0),
    "woche": ("minutes", 10080.0),
    "month": ("months", 1.0),
    "monat": ("months", 1.0),
    "quarter": ("months", 3.0),
    "quartal": ("months", 3.0),
    "vierteljahr": ("months", 3.0),
    "half-year": ("months", 6.0),
    "halbjahr": ("months", 6.0),
    "year": ("months", 12.0),
    "jahr": ("months", 12.0),
    "täg": ("minutes", 1440.0),
    "stünd": ("minutes", 60.0),
    "wöch": ("minutes", 10080.0),
    "jähr": ("months", 12.0),
    "minüt": ("minutes", 1.0),
    "arbeitstäg": ("working days", 1.0),
    "working day": ("working days", 1.0),
    "business day": ("working days", 1.0),
    "workday": ("working days", 1.0),
    "arbeitstag": ("working days", 1.0),
    "werktag": ("working days", 1.0),
    "percent": ("percent", 1.0),
    "per cent": ("percent", 1.0),
    "prozent": ("percent", 1.0),
    "%": ("percent", 1.0),
    "euro": ("EUR", 1.0),
    "eur": ("EUR", 1.0),
    "€": ("EUR", 1.0),
    "dollar": ("USD", 1.0),
    "usd": ("USD", 1.0),
    "$": ("USD", 1.0),
    "franken": ("CHF", 1.0),
    "swiss franc": ("CHF", 1.0),
    "chf": ("CHF", 1.0),
    "pound": ("GBP", 1.0),
    "pfund": ("GBP", 1.0),
    "£": ("GBP", 1.0),
    "mb": ("MB", 1.0),
    "megabyte": ("MB", 1.0),
    "gb": ("MB", 1000.0),
    "gigabyte": ("MB", 1000.0),
    "kb": ("MB", 0.001),
}
UNIT = (
    r"(?:calendar |business |working |work|kalender|arbeits|werk)?(?:days?\b|tag(?:e[ns]?|s)?\b)|minut(?:es?|en?)\b|hours?\b|stunden?\b|weeks?\b|wochen?\b"
    r"|months?\b|monat(?:e[ns]?|s)?\b|quarters?\b|quartal(?:e[ns]?|s)?\b|vierteljahr(?:e[ns]?|s)?\b|half-years?\b|halbjahr(?:e[ns]?|s)?\b|years?\b|jahr(?:e[ns]?|s)?\b"
    r"|per ?cent\b|prozent\b|%|euros?\b|eur\b|€|dollars?\b|usd\b|\$|(?:swiss )?francs?\b|franken\b|chf\b|pounds?\b|pfund\b|£|[mgk]b\b|megabytes?\b|gigabytes?\b"
)


@remembered(512)
def unit(written: str) -> tuple[str, float]:
    """Return the kind of a unit as it is written, and its factor; an unknown one is its own kind."""
    lower = written.lower().strip()
    for end in range(len(lower), 0, -1):
        if lower[:end] in UNITS:
            return UNITS[lower[:end]]
    return lower, 1.0
