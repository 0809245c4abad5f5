"""Tell German from English, for texts of any length down to two words."""

from __future__ import annotations

import re

GERMAN = "de"
ENGLISH = "en"
LANGUAGES = (GERMAN, ENGLISH)

_WORD = re.compile(r"[a-zäöüß]+")
_GERMAN_WORDS = frozenset(
    """ab aber alle allem allen aller alles als also am an andere anderen auch auf aus bei beim bekomme bekommt bin bis bist brauche
    braucht brauchen da dabei dafür damit dann daran darauf daraus darf darfst das dass dazu dein deine dem den denn der deren des
    dich die dies diese diesem diesen dieser dieses dir doch dort du durch dürfen dürft ein eine einem einen einer eines einfach
    er erlaubt es etwas euch euer eure für gab geben geht genau gibt gilt gelten hab habe haben habt hat hatte heißt heute hier ich
    ihm ihn ihnen ihr ihre ihrem ihren ihrer immer in ins ist ja jede jedem jeden jeder jedes jemand jetzt kann kannst kein keine
    keinem keinen keiner können könnte lange laut machen mache man mehr mein meine meinem meinen meiner mich mir mit morgen muss
    musst müssen nach nein neu neue neuen neuer neues nicht nichts nie niemand noch nun nur nutzen ob oder ohne schon sehr sein
    seine seit sich sie sind so soll sollen sollte sonst statt über um und uns unser unsere unserem unseren unserer unter verboten
    viel viele vom von vor wann war waren warum was wegen weil welche welchem welchen welcher welches wem wen wenn wer werde werden
    wer wie wieder will wir wird wo woher wohin wollen womit worden wurde wurden würde zu zum zur zwischen bitte danke guten hallo
    tag wofür wieso bzw z wäre eigentlich kostet mal""".split()
)
_ENGLISH_WORDS = frozenset(
    """a about after again all allowed also an and any anyone anything are as ask at be because been before being between but by can
    cannot could did do does doing done don for from get gets go got had has have having he hello help her here hi him his how i if
    in into is isn it its just keep know let like long make many may me might more much must my need needs never no nobody not now
    of off on once only or other our out over please put s say shall she should so some somebody someone something still such t
    tell than thank thanks that the their them then there these they thing things this those through to too under until up us use
    used using very want was we well were what when where which while who whom whose why will with within without won work would
    yes you your""".split()
)
FUNCTION_WORDS = {GERMAN: _GERMAN_WORDS, ENGLISH: _ENGLISH_WORDS}
"""For each language the words that hold a sentence together and say nothing of what it is about."""
_BOTH = _GERMAN_WORDS & _ENGLISH_WORDS
_GERMAN_SHAPE = re.compile(
    r"[äöüß]|sch|ung(?:en)?$|keit$|heit$|lich|tzt|isch|ieren?$|iert$|eit(?:en)?$|^ge[a-z]+t$|[aeiou]cht|pf|kt[er]?$|zw|ei[nst]"
)
_ENGLISH_SHAPE = re.compile(r"th|wh|ough|tion|ing$|ly$|ous|ity$|oo|ee|ck|sh|y$|ment$|ies$|ea|ed$")


def detect(text: str) -> str | None:
    """Return "de" or "en" for the language that most words speak for, or None when they do not decide.

    Function words count 1, the shape of other words (umlauts, endings) a quarter, an umlaut or ß half.
    """
    german = english = 0.0
    for word in _WORD.findall(text.lower()):
        if word in _BOTH:
            continue
        if word in _GERMAN_WORDS:
            german += 1
        elif word in _ENGLISH_WORDS:
            english += 1
        elif len(word) > 3:  # noqa: PLR2004 - shorter words have no shape to judge
            german += _shape(word, _GERMAN_SHAPE) + (0.25 if any(c in "äöüß" for c in word) else 0)
            english += _shape(word, _ENGLISH_SHAPE)
    if abs(german - english) < 0.25:  # noqa: PLR2004 - less than one word's shape
        return None
    return GERMAN if german > english else ENGLISH


def _shape(word: str, pattern: re.Pattern[str]) -> float:
    return 0.25 if pattern.search(word) else 0.0
