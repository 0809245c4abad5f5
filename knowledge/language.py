"""Tell German from English, for texts of any length down to two words."""

from __future__ import annotations

import re

GERMAN = "de"
ENGLISH = "en"
LANGUAGES = (GERMAN, ENGLISH)

_WORD = re.compile(r"[a-zäöüß]+")
_GERMAN_WORDS = frozenset(
    """ab aber alle allem allen aller alles als also am an andere anderen anderer anderes ans auch auf aufs aus außer außerhalb bei
    beide beiden beides beim bekomme bekommt bevor bin bis bist bitte bloß brauche brauchen braucht bzw da dabei dafür dagegen
    dahin damit danach danke dann daran darauf daraus darf darfst darin darum darunter darüber das dass davon davor dazu dein
    deine deines dem den denn der deren des deshalb dessen deswegen dich die dies diese diesem diesen dieser dieses dir doch dort
    du durch dürfen dürft dürfte dürften eben eh eigentlich ein einander eine einem einen einer eines einfach einige einigen
    einiger einiges einmal er erlaubt es etwa etwas euch euer eure eurem euren eurer für fürs gab ganz gar geben gegen geht
    gelten gemacht genau gerade getan gibt gilt guten hab habe haben habt hallo hast hat hatte hatten heißt heute hier hierbei
    hierher hiervon hierzu hinter hätte hätten hättest ich ihm ihn ihnen ihr ihre ihrem ihren ihrer ihres im immer in indem
    innerhalb ins irgend irgendein irgendeine irgendwann irgendwas irgendwie irgendwo ist ja je jede jedem jeden jeder jedes
    jedoch jemand jene jener jenes jetzt kann kannst kein keine keinem keinen keiner kostet können könnte könnten könntest lange
    lassen laut ließ lässt mache machen machst macht magst mal man manche mancher manches mehr mehrere mein meine meinem meinen
    meiner meines mich mir mit morgen muss musst möchte möchten möchtest müssen müsste müssten nach nachdem neben nein neu neue
    neuen neuer neues nicht nichts nie niemand noch nun nur nutzen ob obwohl oder ohne schon sehr sei seid sein seine seinem
    seinen seiner seines seit selber selbst sich sie sind so sobald sofern sogar solange solch solche solchen solcher solches
    soll sollen sollte solltest sonst sowie sowohl statt tag trotz trotzdem tue tun tust tut um und uns unser unsere unserem
    unseren unserer unseres unter unterhalb verboten viel viele vielleicht vom von vor wann war waren warst warum was weder wegen
    weil welche welchem welchen welcher welches wem wen wenn wer werde werden wie wieder wieso will wir wird wirklich wo wobei
    wodurch wofür woher wohin wohl wollen wollte wollten womit wonach woran worauf woraus worden worin worum worüber wovon wozu
    wurde wurden während wäre wären würde würden würdest z ziemlich zu zum zur zwar zwischen über überhaupt""".split()
)
_ENGLISH_WORDS = frozenset(
    """a about above across actually after again against all allowed along already also although am among an and any anyone anything
    anyway are aren around as ask at be became because become becomes been before behind being below between beyond both but by can
    cannot could couldn did didn do does doesn doing don done down during each either else even ever every few for from get gets go got had has
    have having he hello help hence her here hers herself hi him himself his how however i if in instead into is isn it its
    itself just keep know let lets like ll long make many may maybe me might mine more most much must my myself near need needs
    neither never no nobody not now of off on once only onto or other ought our ours ourselves out over own perhaps please put
    quite rather re really s same say shall she should shouldn since so some somebody somehow someone something somewhere still such t tell
    than thank thanks that the their theirs them themselves then there therefore these they thing things this those though
    through thus to too toward towards under unless until up upon us use used using ve very want was wasn we well were weren what whatever when
    whenever where wherever whether which whichever while who whoever whom whose why will with within without won work would wouldn yes
    yet you your yours yourself""".split()
)
FUNCTION_WORDS = {GERMAN: _GERMAN_WORDS, ENGLISH: _ENGLISH_WORDS}
"""For each language the words that hold a sentence together and say nothing of what it is about."""
_BOTH = _GERMAN_WORDS & _ENGLISH_WORDS
_GERMAN_SHAPE = re.compile(
    r"[äöüß]|sch|ung(?:en)?$|keit$|heit$|lich|tzt|isch|ieren?$|iert$|eit(?:en)?$|^ge[a-z]+t$|[aeiou]cht|pf|kt[er]?$|zw|ei[nst]"
)
_GERMAN_ENDING = re.compile(r"\w{3}(?:ung|ungen|keit|heit|schaft|daten|recht|rechte|rat|schutz|pflicht|zeug|zeuge)$")
_ENGLISH_SHAPE = re.compile(r"th|wh|ough|tion|ing$|ly$|ous|ity$|oo|ee|ck|sh|y$|ment$|ies$|ea|ed$")


def detect(text: str) -> str | None:
    """Return "de" or "en" for the language that most words speak for, or None when they do not decide.

    Function words count 1, the shape of other words (umlauts, endings) a quarter, an umlaut or ß half. The shape of one word alone
    decides only when it is German as no name of a product is: "Midjourney?" is asked in both languages.
    """
    german = english = 0.0
    words = _WORD.findall(text.lower())
    for word in words:
        if word in _BOTH:
            continue
        if word in _GERMAN_WORDS:
            german += 1
        elif word in _ENGLISH_WORDS:
            english += 1
        elif len(word) > 3:  # noqa: PLR2004 - shorter words have no shape to judge
            german += _shape(word, _GERMAN_SHAPE) + (0.25 if any(c in "äöüß" for c in word) else 0)
            english += _shape(word, _ENGLISH_SHAPE)
    if len(words) == 1:
        german += _shape(words[0], _GERMAN_ENDING)
    if abs(german - english) < (0.5 if len(words) == 1 else 0.25):
        return None
    return GERMAN if german > english else ENGLISH


def _shape(word: str, pattern: re.Pattern[str]) -> float:
    return 0.25 if pattern.search(word) else 0.0
