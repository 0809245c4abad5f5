"""Set phrases in the plain words that the checks know: contractions written out, "off limits" is forbidden."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from knowledge.language import ENGLISH, GERMAN

if TYPE_CHECKING:
    from collections.abc import Callable


_ASIDE = re.compile(
    r"(?<=\w )\((?!if|when|unless|not|no|only|wenn|nicht|nur|kein|außer|ohne|without|except|see|siehe)([A-Za-zÄÖÜäöüß][\w -]{0,25})\)",
    re.IGNORECASE,
)
"""A short name in brackets behind what it names."""
_SHORT = {
    ENGLISH: ((r"\be\.\s?g\.,?", "such as"), (r"\bi\.\s?e\.,?", "that is"), (r"\bincl\.", "including"), (r"\bapprox\.", "about"), (r"\bno\. ?(?=\d)", "number "), (r"\bvs\.", "versus"), (r"\betc\.(?=.)", "and so on")),
    GERMAN: ((r"\bz\.\s?B\.", "etwa"), (r"\bd\.\s?h\.", "das heißt"), (r"\bu\.\s?a\.", "unter anderem"), (r"\bbzw\.", "oder"), (r"\bggf\.", "gegebenenfalls"), (r"\binkl\.", "inklusive"), (r"\bca\.", "etwa"), (r"\bNr\.", "Nummer"), (r"\bAbs\.", "Absatz"), (r"\bArt\. (?=\d)", "Artikel "), (r"\bsog\.", "sogenannte"), (r"\bevtl\.", "eventuell"), (r"\bmax\.", "maximal"), (r"\bmind\.", "mindestens"), (r"\busw\.(?=.)", "und so weiter"), (r"\bi\.\s?d\.\s?R\.", "in der Regel")),
}  # fmt: skip
_ABBREVIATIONS = {
    language: tuple((re.compile(pattern), whole) for pattern, whole in listed) for language, listed in _SHORT.items()
}


_ANSWER = re.compile(
    r"^\W*(?:(?:yes|no|ja|nein|doch|jein|not yet|noch nicht|right|correct|exactly|richtig|genau|stimmt|sure|of course|natürlich|selbstverständlich|leider nein|unfortunately not)\b"
    r"(?:[,:;.!]| [-–—](?= )|, (?:but|aber|doch)\b))+\s+(?!(?:if|unless|because|except|only|not|without|when|but|wenn|außer|weil|nur|nicht|ohne|sofern|denn|da|falls|aber)\b)",
    re.IGNORECASE,
)
"""How an answer begins that goes on with what it says: the rest is what must be carried."""


def claim(sentence: str) -> str:
    """Return a sentence without the "Yes," or "No:" in front of it: what follows is its claim."""
    rest = _ANSWER.sub("", sentence, count=1)
    return rest if re.search(r"\w", rest) else sentence


def plain(text: str, language: str) -> str:
    """Return a text with its contractions written out and its quotation marks and apostrophes made one."""
    text = _ASIDE.sub(r"\1", text.replace("’", "'").replace("`", "'"))
    if "." in text:
        for pattern, whole in _ABBREVIATIONS[language]:
            text = pattern.sub(whole, text)
    if language != ENGLISH:
        return text
    text = re.sub(r"\bcan't\b|\bcannot\b", "can not", text, flags=re.IGNORECASE)
    text = re.sub(r"\bwon't\b", "will not", text, flags=re.IGNORECASE)
    return re.sub(r"(\w)n't\b", r"\1 not", text)


def _log(match: re.Match[str]) -> str:
    """Return the verb for keeping a record, with its negation."""
    return f"does not {match[2]}" if (match[1] or "").strip().lower() == "no" else f"{match[2]}s"


_MAIN_VERB = r"(?=(?:is|are|must|may|can|needs?|should|will|shall|has to|have to|does|do)\b)"
_RELATIVE = (
    r"(?<=\w)(?<!provided)(?<!\bso)(?<!such)(?<!ensure)(?<!means)(?<!\bsay)(?<!says)(?<!sure)(?<!guarantee) "
    r"((?:that|which|who|whose) (?:[^,;.\s]+ ){0,4}?(?:is|are|was|were|has|have|can|may|must|do|does|\w+s|\w+ed)\b(?: [^,;.\s]+){0,8}?"
    r"|(?:on|in|to|for|with|of|from|by) (?:which|whom|whose) (?:[^,;.\s]+ ){1,4}?(?:is|are|was|were|has|have|can|may|must|do|does)\b(?: [^,;.\s]+){1,8}?) "
    + _MAIN_VERB
)
"""A relative clause without commas inside a main clause, up to its verb."""

_REWRITES: dict[str, tuple[tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]], ...]] = {
    ENGLISH: tuple(
        (re.compile(pattern, re.IGNORECASE), new)
        for pattern, new in (
            (
                _RELATIVE,
                r", \1, ",
            ),
            (r"\bno longer\b|\bnot? (?=[^.;,]{1,60}\bany (?:more|longer)\b)", "not "),
            (r"\bany ?(?:more|longer)\b", "now"),
            (r"\boff[- ]limits\b|\bout of bounds\b", "forbidden"),
            (r"\b(must|has to|have to) (?:stay|be kept|remain|keep) (?:out of|away from)\b|\b(?:belongs?|go(?:es)?) in no\b", "must not go into"),
            (r"\b(must|may|need|should|do|does|shall) not keep ([\w ]{1,40}?) out of\b", r"\1 enter \2 into"),
            (r"\b(?:may|can|could) keep ([\w ]{1,40}?) out of\b", r"need not enter \1 into"),
            (r"\b(?:do|does|need) not (?:(?:have|need) to )?be kept out of\b", "may be entered into"),
            (r"\bkeep ([\w ]{1,40}?) out of\b", r"do not enter \1 into"),
            (r"\bwithout (?:undue |any |further )?delay\b", "immediately"),
            (r"\b(\w+) (?:that|which) (?:is|are|was|were|has been|have been) not (?:yet )?(approved|released|cleared|authori[sz]ed)\b", r"unapproved \1"),
            (r"\bnon-approved\b|\bnot(?: yet)? approved(?= (?:tools?|services?|software|apps?|systems?)\b)", "unapproved"),
            (r"\bnothing (?:but|other than|except)\b", "only"),
            (r"\b(?:do|does|gets?|get) (?:by )?without (?:an? )?(?=\w)(?!\w+ing)", "needs no "),
            (r"\bhalf of (?:the )?", "50 percent of "),
            (r"\b(?:may|must|can) not ([^.,;]{1,60}?) without\b", r"may only \1 with"),
            (r"\b(?:may|must|can) not ([^.;]{1,80}?),? unless\b", r"may only \1 if"),
            (r"\b(is|are) not (\w+) (?:until|before)\b", r"\1 only \2 after"),
            (r"\b(?:may|must|can) not (be )?(\w+) (?:until|before)\b", r"may only \1\2 after"),
            (r"^without ([^,.;]{3,60}), ([^,.;]{2,60}?) (?:may|must|can) not\b", r"\2 may only with \1"),
            (r"\bbetween (\d[\w:.]*(?: [ap]\.?m\.?)?) and (?=\d)", r"from \1 to "),
            (r"\b(must|may|should|can|will|shall) (?:not|never) (?:exceed|go (?:over|above|beyond)|surpass)\b", r"\1 be at most"),
            (r"\b(?:do|does|did) (?:not|never) (?:exceed|go (?:over|above|beyond)|surpass)\b|\bnot exceeding\b", "is at most"),
            (r"\bno (?:shorter|less|fewer|lower|smaller) than\b", "at least"),
            (r"\b(?:no|not) (?:longer|more|higher|larger) than\b", "at most"),
            (r"\bunlikely to\b", "probably not to"),
            (r"\bought not to\b", "should not"),
            (r"(?<!nothing )(?<!no )\bother than\b", "except"),
            (r"\bat least as high as\b|\bno lower than\b", "at least"),
            (r"\b(\w+) or (?:higher|above|stricter)\b", r"at least \1"),
            (r"\bkeep(?:s|ing)? (a |no |any )?(log|record)s? of\b", _log),
            (r"\b(?:is|are) (?:reserved|restricted|limited) (?:to|for)\b(?! (?:\d|one|an?)\b)", "may only be done by"),
            (r"\bin order to\b", "to"),
            (r"^should (?=[A-Z])", "if "),
            (r"\bonce more\b|\banew\b", "again"),
            (r"\bno (?:other|further|additional)\b(?= than)", "only"),
            (r"\b(?:takes?|took|taking|taken) place\b", "is held"),
            (r"\b(?:is|are|comes?|came|coming|entered|enters?) (?:in|into) force\b", "applies"),
            (r"\b(?:counts?|is regarded|are regarded|is deemed|are deemed|is considered|is treated|is taken|are treated) as\b", "is"),
            (r"\bin particular\b", "especially"),
            (r"\bnot (?:sure|certain)\b", "unsure"),
            (r"\bfor (?:instance|example)\b", "such as"),
            (r"\bin (?:its|their|his|her) place\b", "instead"),
            (r"\bas well as\b|\btogether with\b", "and"),
            (r"\bmade[- ]up\b", "invented"),
            (r"\b(?:in|as) (?:a|the) case(?: of)?\b", "if"),
        )
    ),
    GERMAN: tuple(
        (re.compile(pattern, re.IGNORECASE), new)
        for pattern, new in (
            (r"\bgehör(?:t|en)(?= (?:\w+ )?(?:nicht in|in kein))", "dürfen"),
            (r"\b(gehör(?:t|en))(?= (?:\w+ )?nicht\b)", "dürfen"),
            (r"\bnicht mehr\b(?! als)", "nicht"),
            (r"\bnicht länger\b(?! als)", "nicht"),
            (r"\bin Ordnung\b", "erlaubt"),
            (r"\b(?:gilt|gelten)(?= (?:\w+ )?als\b)", "ist"),
            (r"\bin Kraft\b", "gültig"),
            (r"\bzum Beispiel\b|\bbeispielsweise\b|\bz\. ?B\.", "etwa"),
            (r"\bes sei denn,?", "außer wenn"),
            (r"\bohne (?:schuldhaftes Zögern|schuldhafte Verzögerung|Verzug|Verzögerung)\b", "unverzüglich"),
            (r"\b(\w+), d(?:ie|as|er) nicht (freigegeben|genehmigt|zugelassen) (?:ist|sind|wurden?)\b,?", r"un\2e \1"),
            (r"\b(\w+) oder (?:höher|strenger)\b", r"mindestens \1"),
            (r"\bmindestens so hoch wie\b", "mindestens"),
            (r"\bnicht (freigegeben|genehmigt|zugelassen|geprüft|bestätigt|gekennzeichnet)(e[nrsm]?)(?= \w)", r"un\1\2"),
            (r"\b(?:ist|sind) ((?:[^,;.]+ )?)vorbehalten\b", r"ist nur für \1 erlaubt"),
            (r"\b(?:ist|sind) (?:beschränkt|begrenzt) auf (?!\d|ein)", "gilt nur für "),
            (r"\bkomm(?:t|en) ohne (\w+) aus\b", r"braucht kein \1"),
            (r"\bspricht man von\b|\bist die Rede von\b", "ist das"),
            (r"\bsich ((?:\w+ ){0,2}?)verpflichte(?:t|n)\b", r"\1zugesichert"),
            (r"\b(?:[Dd]ie|[Dd]er) Hälfte\b", "50 Prozent"),
            (r"\bzur Verfügung\b", "bereit"),
            (r"\bnicht (\w{4,}(?:te|ene)[nrsm]?) (?=[A-ZÄÖÜ])", r"un\1 "),
            (r"\b(darf|dürfen) ([^.;]{0,60}?)nicht ([^.;]{0,60}?)\bohne\b", r"\1 \2nur \3mit"),
            (r"\b(darf|dürfen) ([^.;]{0,60}?)nicht ([^.;]{0,60}?), (?:außer wenn|es sei denn,?)(?! [^,.;]*\bnicht\b)", r"\1 \2nur \3, wenn"),
            (r"\b(darf|dürfen|wird|werden|ist|sind) ((?:[^.,;]{1,50} )?)nicht ([^.,;]{0,40}), bevor\b", r"\1 \2erst \3, nachdem"),
            (r"^ohne ([^,.;]{3,60}?) (darf|dürfen) ([^,.;]{0,60}?)\b(?:nicht|kein\w*)\b", r"mit \1 \2 nur \3"),
            (r"\bzwischen (\d[\d:.]*) und (?=\d+(?:[:.]\d+)? Uhr)", r"von \1 bis "),
            (r"(\d[\w.,]*(?: \w+)?) nicht (?:über(?:steig|schreit)\w+)", r"höchstens \1 beträgt"),
            (r"\bnicht (?:kürzer|weniger|niedriger) als\b", "mindestens"),
            (r"\bnicht (?:länger|mehr|höher) als\b", "höchstens"),
            (r"\bgeht (?:es|das|dies)\b(?= (?:über|mit|auch|nur|per|in)\b)", "ist es erlaubt"),
            (r"\bohne Weiteres\b", "frei"),
            (r"\bnichts (?:anderes )?als\b", "nur"),
            (r"\bnicht sicher\b", "unsicher"),
            (r"\bsetz(?:t|en)\b([^.;,]{1,60})\bvoraus\b", r"erfordert\1"),
            (r"\bnoch einmal\b", "erneut"),
            (r"\b(?:im Fall|bei|im Falle) (?=eine[sr] )", "bei "),
        )
    ),
}  # fmt: skip


def _sure(pattern: str) -> str:
    """Return the longest literal of four letters or more that every match of a pattern holds, or ""."""
    flat, depth = "", 0
    for place, sign in enumerate(re.sub(r"\\.|\[[^]]*\]\??", "#", pattern)):
        depth += (sign == "(") - (sign == ")")
        flat += sign if not depth and place else "#"
    literals = re.findall(r"[a-zäöüß ]{4,}(?![?*{a-zäöüß])", flat)
    return "" if "|" in flat else max(literals, key=len, default="").strip()


_SURE = {
    language: tuple((_sure(pattern.pattern), pattern, new) for pattern, new in listed)
    for language, listed in _REWRITES.items()
}


def rewrite(text: str, language: str) -> str:
    """Return a text with set phrases in the plain words that the checks know ("off limits" is forbidden)."""
    lower = text.lower()
    for literal, pattern, new in _SURE[language]:
        if literal in lower:
            changed = pattern.sub(new, text)
            if changed != text:
                text, lower = changed, changed.lower()
    return text
