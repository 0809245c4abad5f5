"""What a clause does: allow, forbid, require, recommend or state; and the little words that bound it (only, unless, before)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from knowledge.language import ENGLISH, GERMAN
from knowledge.remembered import remembered


class Force(StrEnum):
    """What a clause says about doing something."""

    FACT = "fact"
    NOT = "not"
    MAY = "may"
    MUST = "must"
    ORDER = "order"
    SHOULD = "should"
    SHOULD_NOT = "should not"
    FORBIDDEN = "forbidden"
    NEED_NOT = "need not"


@dataclass(frozen=True, slots=True)
class Stance:
    """The force of a clause, how often it says no, and its bounds.

    `bounds` are those that it sets, when it is a sentence's; `known` those that it can carry, when it is a quote's: a wider net.
    `inherited` are known from the clause before.
    """

    force: Force
    negations: int
    bounds: frozenset[str]
    clause: str
    language: str
    inherited: frozenset[str] = frozenset()

    @property
    def known(self) -> frozenset[str]:
        """Return the bounds that the clause can carry; looked for when asked for, because a sentence's are never."""
        return _known(self.clause, self.language) | self.inherited


def _words(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{pattern})\b", re.IGNORECASE)


_NOT_NEGATIVE = {
    ENGLISH: _words(
        r"no (?:more|less|later|fewer|earlier|longer) than|not (?:more|less|later|fewer|earlier) than"
        r"|whether or not|no matter|(?:says?|said|saying|single|a) no|one no|nothing (?:but|other than)|not least|other than|no other (?:\w+ )?than"
    ),
    GERMAN: _words(
        r"nicht (?:mehr|weniger|später|früher|länger) als|nichts anderes als|nicht zuletzt|ein(?:zige)?s? nein|nein sagt|sagt \w+ nein|sagt [^.]{0,30} nein"
    ),
}
_NOT_ONLY = _words(r"not only|not just|not merely|nicht nur|nicht bloß")
_WITHOUT = re.compile(r"^\W*(?:and |or |und |oder |also |auch |even )?(?:without|ohne)\b", re.IGNORECASE)
_NEGATION = {
    ENGLISH: _words(
        r"not|no|never|nobody|no one|none|nothing|neither|nor|nowhere|cannot|lacks?|lacking|fails?|failed|unless|rather than|instead of|undesirable|discouraged|unwelcome"
    ),
    GERMAN: _words(
        r"nicht|nichts|kein(?:e[nrsm]?|erlei)?|nie|niemals|niemand(?:e[nm])?|nein|weder|außer wenn|statt(?= (?:dessen|de[rsmn]|eine|\w*[A-ZÄÖÜ]))|anstatt|anstelle|keinesfalls|keineswegs|nirgend\w*|unerwünscht"
    ),
}
_FORBIDDEN = {
    ENGLISH: _words(
        r"forbidden|prohibited|banned|barred|off[- ]limits|taboo|ruled out|inadmissible|unacceptable|impermissible|prohibits?|forbids?|disallowed|no-go"
    ),
    GERMAN: _words(
        r"verboten(?:e[nrsm]?)?|untersagt|unzulässig|tabu|ausgeschlossen|verbietet|verbieten|unerlaubt|No-Go|unterbleiben|unterlassen"
    ),
}
_PERMITTED = {
    ENGLISH: _words(
        r"may|can|could|allowed|permitted|permissible|allows?|permits?|(?<!be )able to|free to|fine|okay|ok|acceptable|admissible|possible(?= to\b| (?:if|when|for|with|only)\b|\W*$)|entitled to|extendable|renewable|welcome to|might"
    ),
    GERMAN: _words(
        r"dürf(?:en|t|te|ten)|durfte[nt]?|darf(?:st)?|kann(?:st)?|können|könnt|erlaubt|gestattet|zulässig|zugelassen|erlaubt|möglich|berechtigt|verlängerbar|erlauben|gestatten|lässt sich|lassen sich|okay|in ordnung"
    ),
}
_REQUIRED = {
    ENGLISH: _words(
        r"must|have to|has to|had to|having to|needs?|needed|required?|requires|necessary|mandatory|compulsory|obligatory|obliged|bound to|shall|are to|is to|be sure to|condition|prerequisite|duty|obligation|needing"
    ),
    GERMAN: _words(
        r"muss|musst|müssen|müsst|musste|mussten|brauch(?:en|t|e|st)|nötig|notwendig|erforderlich|erfordert|erfordern|benötig(?:t|en)|verpflicht\w+|pflicht|obligatorisch"
        r"|vorgeschrieben|zwingend|(?-i:bedarf)|bedürfen|voraussetzung|bedingung|vonnöten|hat zu|haben zu|(?:ist|sind) \S+ ?(?:\S+ ){0,8}?(?:zu \w+en|\w+zu\w+en)"
    ),
}
_RECOMMENDED = {
    ENGLISH: _words(
        r"should|ought to|recommended|recommends?|advisable|advised|better to|preferably|ideally|if possible|desirable|undesirable|discouraged|unwelcome"
    ),
    GERMAN: _words(
        r"soll(?:te|ten|en|st|test|tet)?|(?:un)?erwünscht|empfohlen|empfiehlt|empfehlen|ratsam|am besten|möglichst|nach möglichkeit|idealerweise"
    ),
}
_STRICT_NOT = _words(
    r"must not|must never|must n't|shall not|may not|must (?:under no circumstances|in no (?:case|way))|not to be"
)
_NEED = {
    ENGLISH: _words(
        r"need|needs|needed|have to|has to|had to|having to|require\w*|necessary|mandatory|compulsory|obligatory|obliged|needing"
    ),
    GERMAN: _REQUIRED[GERMAN],
}
_VOLUNTARY = _words(r"optional|voluntary|voluntarily|freiwillig\w*|freigestellt")
_MUST_STAY_OUT = _words(
    r"must (?:stay|be kept|remain|keep) (?:out|away)|(?:does|do) not (?:belong|go)|never (?:belongs?|goes?)|gehör(?:t|en) (?:nicht|in kein\w*)|gehör(?:t|en)\b.*\bkein\w*"
)
_GERMAN_ORDER = re.compile(
    r"^\W*(?:und |oder |bitte |dann |danach |also |aber )*\w+(?:en|ern|eln)\b (?:Sie|Ihr)\b|\b\w+(?:en|ern|eln) Sie\b(?! (?:dürfen|müssen|können|sollen|sollten))"
)
_ENGLISH_ORDER = re.compile(
    r"^\W*(?:and |or |please |then |so |always |never |only |do not |also |instead,? |first,? |but |critically |carefully |regularly |immediately )*(?:add|adapt|assess|assign|avoid|conduct|consider|define|disclose|ensure|establish|evaluate|implement|monitor|perform|protect|remember|restrict|train|validate|adjust|agree|announce|answer|apply|ask|attach|attend|avoid|book|bring"
    r"|build|call|change|check|choose|clear|click|close|complete|confirm|consult|contact|copy|create|decide|delete|describe|do|document|draft|edit|enter|erase|explain|export|file|fill"
    r"|follow|forward|get|give|go|hand|have|ignore|include|inform|install|invite|keep|label|leave|let|limit|list|lock|log|look|make|mark|mention|move|name|note|notify|obtain|open|order|pass|join|accept|allow|alert|archive|arrange|back|block|calculate|cancel|carry|classify|collect|compare|configure|count|cover|deactivate|delegate|design|destroy|determine|disable|discard|discuss|download|drop|enable|encrypt|enrol|enroll|escalate|examine|exclude|extend|find|finish|fix|hide|identify|inspect|introduce|investigate|involve|isolate|issue|justify|learn|lower|maintain|manage|meet|minimi[sz]e|negotiate|observe|offer|organi[sz]e|pause|post|prefer|prepare|present|preserve|prevent|print|publish|quarantine|raise|receive|recheck|record|redact|reduce|refuse|release|rename|renew|repeat|rephrase|rerun|reset|resolve|respect|retain|retry|revoke|rotate|run|scan|schedule|search|secure|seek|separate|sort|speak|specify|summari[sz]e|support|suspend|think|track|transfer|unplug|unsubscribe|warn|watch|withdraw|work"
    r"|paste|pay|phone|pick|place|plan|press|prove|provide|put|quote|read|refer|register|reject|remove|replace|reply|report|request|respond|restart|return|review|save|say|see|select"
    r"|send|set|share|shorten|show|sign|split|start|state|stay|stick|stop|store|submit|switch|take|talk|tell|test|transcribe|translate|treat|try|turn|type|update|upload|use|verify|wait|write)\b"
    r"(?! (?:is|are|was|were|has|have|must|may|can|will|should|of|takes|exists?))",
    re.IGNORECASE,
)  # fmt: skip

_SAID: dict[str, tuple[tuple[str, re.Pattern[str]], ...]] = {
    ENGLISH: tuple(
        (name, _words(pattern))
        for name, pattern in (
            ("only", r"only|solely|exclusively|merely|nothing but|(?<=the )sole|alone(?! server)"),
            ("all", r"all|every|each|everyone|everybody|everything|always|entire|whole|at all times|at any time|any time|invariably|without exception|in any case|in every case"),
            ("any", r"any|anything|anyone|anybody|whatever"),
            ("before", r"before|prior to|beforehand|in advance|ahead of"),
            ("after", r"after(?! (?:\d+|one|two|three|four|five|six|seven|ten|twelve|an?) (?:\w+ )?(?:day|week|month|year|hour|minute|quarter))(?! that\b)"),
            ("except", r"except|excepting|other than|apart from|unless|besides|excluding|aside from|with the exception of"),
            ("instead", r"instead|rather than|in place of|in lieu of"),
            ("until", r"(?:until|till)(?! (?:\d|further|now|then|the end|\w+day))"),
            ("self", r"itself|himself|herself|themselves|on (?:its|their|his|her) own"),
            ("or", r"or|either"),
            ("than", r"(?!rather|other|further|whether|later|earlier|longer|higher)(?:\w+er|(?:more|less|fewer) \w+) than(?! \d)"),
            ("max", r"at (?:the )?most|no more than|not more than|no higher than|at (?:the )?latest|no later than"),
            ("min", r"at (?:the )?least|no less than|not less than|no lower than|at (?:the )?earliest"),
        )
    ),
    GERMAN: tuple(
        (name, _words(pattern))
        for name, pattern in (
            ("only", r"nur|ausschließlich|allein|lediglich|bloß|(?:der|die|das) einzige[nrs]?|nichts als"),
            ("all", r"(?<!vor )alle[nrsm]?(?! (?:\d|zwei|drei|vier|fünf|sechs|zwölf))|jede[nrsm]?|sämtliche\w*|immer|stets|jederzeit|ausnahmslos|in jedem fall|gesamte\w*|ganze\w*|beide[nr]?|überall"),
            ("any", r"irgend\w*|jegliche\w*|beliebig\w*"),
            ("before", r"bevor|vorher|vorab|ehe|zuvor|im voraus|vor (?:dem|der|jede\w|einem|einer|beginn|start)"),
            ("after", r"nachdem"),
            ("except", r"außer|ausgenommen|es sei denn|abgesehen von|mit ausnahme"),
            ("instead", r"(?-i:[Ss]tatt(?= (?:dessen|de[rsmn]|eine|[A-ZÄÖÜ])))|anstatt|anstelle|stattdessen"),
            ("until", r"bis (?:der|die|das|es|sie|er|alle|jemand)"),
            ("self", r"sich (?:selbst|selber)|von (?:selbst|allein)|eigenständig"),
            ("or", r"oder"),
            ("than", r"(?!(?:mehr|weniger|länger|kürzer|öfter|höher|früher|später) als \d)(?!(?:oder|aber|jeder|einer|immer|unter|über|wieder|weiter|entweder|sowohl|außer) als)\w+er als"),
            ("max", r"höchstens|maximal|längstens|nicht mehr als|spätestens"),
            ("min", r"mindestens|wenigstens|nicht weniger als|frühestens"),
        )
    ),
}  # fmt: skip
_KNOWN: dict[str, tuple[tuple[str, re.Pattern[str]], ...]] = {
    ENGLISH: tuple(
        (name, _words(pattern))
        for name, pattern in (
            ("only", r"only|solely|exclusively|merely|just|nothing but|nothing other|alone|sole|no other|none other|no one else|reserved|restricted to|limited to|except"),
            ("all", r"all|every|each|everyone|everybody|everything|always|whoever|whatever|entire|whole|at any time|any|anything|anyone|anybody|both|no|none|nobody|never|throughout|round the clock"),
            ("before", r"before|prior|beforehand|in advance|ahead|first|until|without|by the time"),
            ("after", r"after|afterwards|following|once|later|subsequently|thereafter|then|when|as soon as|from"),
            ("except", r"except|excepting|exceptions?|other than|apart from|unless|besides|excluding|only|without|exempt\w*|other"),
            ("instead", r"instead|rather|not|no|never|replac\w+"),
            ("until", r"until|till|as long as|while"),
            ("self", r"itself|himself|herself|themselves|yourself|yourselves|own|alone|automatic\w*|personal\w*|in person|you"),
            ("than", r"than|more|less|fewer|most|least"),
            ("or", r"or|either|nor|alternatively"),
            ("and", r"and|both|as well as"),
            ("max", r"at (?:the )?most|no more|not more|maximum|limit\w*|up to|within|until|by|less|fewer|latest|before|cap"),
            ("min", r"at (?:the )?least|no less|minimum|from|more|over|above|earliest|or higher|upwards|before|ahead"),
        )
    ),
    GERMAN: tuple(
        (name, _words(pattern))
        for name, pattern in (
            ("only", r"nur|ausschließlich|allein|alleinige\w*|lediglich|bloß|einzige\w*|niemand ander\w+|kein ander\w+|keine ander\w+|nichts ander\w+|vorbehalten|erst|beschränkt"),
            ("all", r"alle[nrsm]?|jede[nrsm]?|sämtliche\w*|immer|stets|jederzeit|ausnahmslos|wer|gesamt\w*|ganze\w*|jeglich\w*|beide[nr]?|irgend\w*|kein\w*|niemand\w*|nie|überall|rund um die uhr"),
            ("before", r"bevor|vor|vorher\w*|vorab|voraus|ehe|zuvor|zunächst|zuerst|erst|bis|ohne"),
            ("after", r"nach|nachdem|danach|anschließend|später|hinterher|sobald|daraufhin|ab|seit|dann|wenn|nachträglich"),
            ("except", r"außer|ausgenommen|ausnahmen?|abgesehen|mit ausnahme|bis auf|andere\w*|nur|ohne|sofern nicht|sofern sie nicht|ausgeschlossen"),
            ("instead", r"statt|anstatt|anstelle|stattdessen|nicht|kein\w*|ersetz\w+"),
            ("until", r"bis|solange|während"),
            ("self", r"selbst|selber|selbst\w+|eigen\w*|allein\w*|automatisch|persönlich|sich|Sie"),
            ("than", r"als|mehr|weniger|am \w+sten"),
            ("or", r"oder|weder|noch|beziehungsweise|bzw"),
            ("and", r"und|sowie|sowohl"),
            ("max", r"höchstens|maximal|höchste\w*|nicht mehr|\w*grenze|bis|innerhalb|binnen|weniger|spätestens|längstens|limit|vor"),
            ("min", r"mindestens|wenigstens|nicht weniger|minimum|ab|mehr|über|frühestens|von|vor"),
        )
    ),
}  # fmt: skip


_ANY = {
    language: re.compile("|".join(pattern.pattern for _, pattern in listed), re.IGNORECASE)
    for language, listed in _SAID.items()
}
"""All of them in one: most clauses set no bound."""


def said_at(bound: str, text: str, language: str) -> int | None:
    """Return where the word ends that sets a bound, or None."""
    match = dict(_SAID[language])[bound].search(text)
    return match.end() if match else None


@remembered(8192)
def stance(clause: str, language: str) -> Stance:
    """Return what a clause does."""
    bounds = frozenset[str]()
    if _ANY[language].search(clause):
        bounds = frozenset(name for name, pattern in _SAID[language] if pattern.search(clause))
    bare = _NOT_NEGATIVE[language].sub(" ", clause)
    if not (_PERMITTED[language].search(bare) or _RECOMMENDED[language].search(bare)):
        bare = _NOT_ONLY.sub(" ", bare)
    negations = len(_NEGATION[language].findall(bare)) + (1 if _WITHOUT.match(clause) else 0)
    return Stance(_force(clause, language, negations), negations, bounds, clause, language)


@remembered(8192)
def _known(clause: str, language: str) -> frozenset[str]:
    return frozenset(name for name, pattern in _KNOWN[language] if pattern.search(clause))


def _force(clause: str, language: str, negations: int) -> Force:
    denied = negations % 2 == 1 or (negations > 1 and _both_deny(clause))
    if _FORBIDDEN[language].search(clause):
        return Force.MAY if denied else Force.FORBIDDEN
    if (language == ENGLISH and _STRICT_NOT.search(clause)) or _MUST_STAY_OUT.search(clause):
        return Force.FORBIDDEN
    if _VOLUNTARY.search(clause):
        return Force.NEED_NOT
    return _ruling(clause, language, denied=denied) or _telling(clause, language, denied=denied)


def _ruling(clause: str, language: str, *, denied: bool) -> Force | None:
    """Return what a modal word says, or None where there is none."""
    for patterns, yes, no in _MODAL:
        if patterns[language].search(clause):
            if not denied:
                return yes
            return Force.FORBIDDEN if no is Force.NEED_NOT and not _NEED[language].search(clause) else no
    return None


_MODAL = (
    (_RECOMMENDED, Force.SHOULD, Force.SHOULD_NOT),
    (_REQUIRED, Force.MUST, Force.NEED_NOT),
    (_PERMITTED, Force.MAY, Force.FORBIDDEN),
)


def _telling(clause: str, language: str, *, denied: bool) -> Force:
    if _orders(clause, language):
        return Force.FORBIDDEN if denied else Force.ORDER
    return Force.NOT if denied else Force.FACT


def _both_deny(clause: str) -> bool:
    """Say whether two negations add up ("neither ... nor", "weder ... noch") and do not undo each other."""
    return re.search(r"\b(?:neither|nor|weder)\b", clause, re.IGNORECASE) is not None


def _orders(clause: str, language: str) -> bool:
    return bool((_GERMAN_ORDER if language == GERMAN else _ENGLISH_ORDER).search(clause))


DISCRETION = frozenset(
    """approves approve approved grants grant granted decides decide decided permits permit allows allow offers offer sets set
    genehmigt genehmigen entscheidet entscheiden erlaubt erlauben bewilligt bewilligen gewährt gewähren bietet bieten legt""".split()
)
"""Verbs of people who are free to do so or not: that they do it is no duty."""

CARRIED: dict[Force, frozenset[Force]] = {
    Force.FACT: frozenset({Force.FACT, Force.ORDER, Force.MUST}),
    Force.NOT: frozenset({Force.NOT, Force.FORBIDDEN}),
    Force.MAY: frozenset({Force.MAY}),
    Force.MUST: frozenset({Force.MUST, Force.ORDER, Force.FACT}),
    Force.ORDER: frozenset({Force.ORDER, Force.MUST, Force.FACT}),
    Force.SHOULD: frozenset({Force.SHOULD}),
    Force.SHOULD_NOT: frozenset({Force.SHOULD_NOT}),
    Force.FORBIDDEN: frozenset({Force.FORBIDDEN, Force.NOT}),
    Force.NEED_NOT: frozenset({Force.NEED_NOT}),
}
"""By the force of a sentence: the forces of a quote that carry it. A rule may be told as an order, a duty or plain practice."""
