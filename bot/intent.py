"""What kind of message this is, before anything is searched: small talk, an order, an accident, a may-I question, or a question."""

from __future__ import annotations

import re
from enum import StrEnum

from knowledge.manipulation import orders


class Intent(StrEnum):
    """The kinds of messages that are not simply looked up."""

    EMPTY = "empty"
    GREETING = "greeting"
    THANKS = "thanks"
    IDENTITY = "identity"
    ABILITIES = "abilities"
    ORDER = "order"
    TASK = "task"
    INCIDENT = "incident"
    QUESTION = "question"


_GREETING = re.compile(
    r"(?:hi|hello|hey|hiya|howdy|yo|good (?:morning|afternoon|evening|day)|greetings|hallo|huhu|moin(?: moin)?|servus|grüezi|grüß (?:gott|dich|sie)"
    r"|guten (?:morgen|tag|abend)|schönen (?:tag|abend)|tach|na)\b"
    r"(?:[\s,!.]*(?:there|all|everyone|bot|lotse|zusammen|du|how are you(?: doing)?|how is it going|how's it going|what's up|wie geht(?:'s| es)?"
    r"(?: dir| ihnen)?|alles gut|wie läuft's))*",
    re.IGNORECASE,
)
_HOW_ARE_YOU = re.compile(
    r"how are you(?: doing)?(?: today)?|what's up|wie geht(?:'s| es)(?: dir| ihnen)?(?: heute)?", re.IGNORECASE
)
_THANKS = re.compile(
    r"(?:ok(?:ay)?|super|great|perfect|cool|nice|prima|klasse|alles klar|top)?[\s,!.]*"
    r"(?:thanks?(?: you)?|thx|ty|cheers|danke(?: ?schön| sehr)?|vielen dank|besten dank|merci|bye|goodbye|see you|tschüss|ciao|bis (?:bald|morgen|dann))"
    r"(?:[\s,!.]+(?:a lot|so much|very much|you(?:'re| are)? (?:so )?\w+|for (?:the|your) help|du bist \w+|sie sind \w+|für (?:die|ihre|deine) hilfe|das war'?s?|"
    r"that's all|dir|ihnen|lotse|bot|gut|sehr|have a (?:nice|good) \w+))*",
    re.IGNORECASE,
)
_IDENTITY = re.compile(
    r"\b(?:are you (?:a |an )?(?:real )?(?:human|person|robot|bot|machine|ai|chatbot|real|alive|chatgpt)|(?:am i|is this) (?:talking to |chatting with )?a (?:human|person|bot|machine)"
    r"|who (?:are you|made you|built you)|what are you\b|what is your name"
    r"|(?:bist du|sind sie) (?:ein(?:e)? )?(?:echte[rs]? )?(?:mensch|person|roboter|bot|maschine|ki|chatbot|programm|echt)|wer (?:bist du|sind sie)\b(?! die| der)"
    r"|wie heißt du|wie heißen sie\b|was bist du|spreche ich (?:hier )?mit eine[rm])",
    re.IGNORECASE,
)
_ABILITIES = re.compile(
    r"(?:what (?:can|do) you (?:do|know)|how (?:do you work|can you help(?: me)?)|help|hilfe|was (?:kannst du|können sie)(?: (?:alles|so|eigentlich))?"
    r"(?: machen| tun)?|wie funktionierst du|wobei (?:kannst du|können sie) (?:mir )?helfen|was weißt du)",
    re.IGNORECASE,
)
_DONE = (
    r"(?:pasted|uploaded|sent|leaked|typed|entered|copied|posted|shared|forwarded|published|disclosed|exposed|fed|submitted|dumped|lost|"
    r"eingegeben|hochgeladen|kopiert|reinkopiert|hineinkopiert|eingefügt|gepostet|geschickt|verschickt|gesendet|versendet|geteilt|weitergeleitet|"
    r"veröffentlicht|preisgegeben|übermittelt|gepackt|geladen|getippt|eingetippt|reingestellt|gefüttert|verloren|weitergegeben|ausgeplaudert)"
)
_WHO = r"(?:i|we|he|she|someone|somebody|colleague|intern|coworker|boss|buddy|ich|wir|er|sie|jemand|kolleg\w+|praktikant\w*|azubi|chef\w*)"
_TOOL = r"chatgpt|copilot|claude|gemini|deepl|mistral|perplexity|(?:an? |the |eine |die |einer )?(?:chat ?bot|ai tool|ki)(?![- ](?:office|council|team|stelle|rat))"
_HAPPENED = re.compile(
    rf"\b{_WHO}\b[^.?!\n]{{0,60}}\b{_DONE}\b|\b(?:habe?|hat|haben|have|has|i've|we've)\b[^.?!\n]{{0,80}}\b{_DONE}\b|^\W*(?:just |gerade )?{_DONE}\b",
    re.IGNORECASE,
)
_GONE = rf"(?:{_DONE}|put|given|gestellt|gegeben|gesteckt|geworfen)"
_OOPS = re.compile(
    rf"\b(?:oops|ups|huch|oh no|oh nein|mist|aus versehen|ausversehen|versehentlich|by mistake|by accident|accidentally)\b[^.?!\n]{{0,80}}\b{_GONE}\b"
    rf"|\b{_GONE}\b[^.?!\n]{{0,80}}\b(?:aus versehen|versehentlich|by mistake|by accident|accidentally)\b",
    re.IGNORECASE,
)
_TOLD = re.compile(
    rf"\b{_WHO}\b[^.?!\n]{{0,30}}\b(?:leaked|geleakt)\b"
    rf"|\b(?:i|we)\b[^.?!\n]{{0,20}}\b{_DONE}\b(?![^.?!\n]*\b(?:prompt|question|request)s?\b)[^.?!\n]{{0,60}}\b(?:into|in|to) (?:{_TOOL})\b"
    rf"|\b(?:ich|wir)\b(?![^.?!\n]*\b(?:prompts?|fragen?|anfragen?)\b)[^.?!\n]{{0,60}}\b(?:in|an|bei) (?:{_TOOL})\b[^.?!\n]{{0,20}}\b{_GONE}\b",
    re.IGNORECASE,
)
"""What tells of itself that something went where it may not belong, without a word for its data or for a mishap."""
_CONFESSED = re.compile(
    rf"(?:\W|\b(?:oops|ups|hi|hello|hallo|sorry|ok|so|and|und|also|help|hilfe|mist|oh no|oh nein)\b)*"
    rf"(?:(?:i|we)(?:'ve| have| had)?(?: \w+ly| just| already| also)* (?:{_GONE})\b"
    rf"|(?:(?:\w+ ){{0,3}}hab(?:e|en)? (?:ich|wir)|(?:ich|wir) hab(?:e|en)?)\b[^.?!\n]{{0,80}}\b(?:{_GONE}|übertragen)\b)",
    re.IGNORECASE,
)
"""A main clause in which somebody tells what they did themselves; what they ask in another one takes nothing of it back."""
_CLAUSE = re.compile(r"[,;:–]\s+|\s(?:and|but|und|aber)\s", re.IGNORECASE)
_ASKING = re.compile(r"\b(?:prompts?|questions?|requests?|fragen?|anfragen?)\b", re.IGNORECASE)
_UNDO = re.compile(
    r"\b(?:bad|problem|trouble|report|tell (?:some|any)\w+|schlimm|ärger|melde\w*|delet\w+|undo|take (?:it|that) back|get (?:it|that) back|remove|recall|notic\w+|lösch\w*|rückgängig|zurückhol\w*|zurücknehm\w*|merkt)\b",
    re.IGNORECASE,
)
"""What somebody asks who wants that it had not happened."""
_ALONE = re.compile(
    r"\W*(?:i|we|ich|wir)\b(?:'ve| have| habe?n?)?(?: \w+){0,3} (?:pasted|leaked|reinkopiert|eingefügt|geleakt)\b(?: \w+){0,3}\W*",
    re.IGNORECASE,
)
_ACCIDENT = re.compile(
    r"\b(?:oops|ups|oh no|oh nein|shit|mist|verdammt|help|hilfe|by mistake|by accident|accident\w*|mistake|wrongly|wrong|aus versehen|versehentlich|"
    r"irrtümlich|ausversehen|fälschlich\w*|panik|panic|what (?:now|do i do|should i do)|wat now|was (?:nun|jetzt|tun|tue ich|mache ich|soll ich)|just|gerade|eben)\b",
    re.IGNORECASE,
)
_SENSITIVE = re.compile(
    r"\b(?:password|passwort|kennwort|pw|credentials?|zugangsdaten|api.?key|secret|geheim\w*|confidential|vertraulich\w*|personal data|personenbezogen\w*|"
    r"(?:customer|client|patient|employee|health|personal|sensitive)\w* (?:data|list|names?|details|records?)|\w*daten|kundenliste|\w*akten?|salar\w+|gehält\w+|gehalts\w+|contract|vertrag|verträge|"
    r"source code|quellcode|payroll|passport|ausweis\w*)\b",
    re.IGNORECASE,
)
_LEAK = re.compile(
    r"\b(?:data (?:leak|breach)|datenpanne|datenleck|datenschutzvorfall|(?:been|was|got|wurde|wurden) (?:hacked|phished|gehackt|geleakt|leaked))\b",
    re.IGNORECASE,
)
_PASSIVE = re.compile(
    r"\b(?:been|was|were|got|wurden?|worden) (?:hacked|phished|leaked|gehackt|geleakt)\b", re.IGNORECASE
)
_RECEIVED = re.compile(
    r"\b(?:sent|forwarded|gave|shown) (?:us|me)\b|\b(?:hat|haben|wurde) (?:uns|mir)\b", re.IGNORECASE
)
_HYPOTHETICAL = re.compile(
    r"\b(?:what (?:happens|if)|was (?:passiert|wäre|ist), wenn|may i|can i|darf ich|dürfen wir|kann ich|should i have)\b",
    re.IGNORECASE,
)
_MAY = re.compile(
    r"\b(?:may|can|could|am i allowed|are we allowed|is it (?:ok(?:ay)?|fine|allowed|permitted|legal)|allowed|permitted|ok|okay|forbidden|banned|"
    r"darf|dürfen|dürfte|kann|können|erlaubt|gestattet|zulässig|verboten|okay|in ordnung)\b",
    re.IGNORECASE,
)


_DETAIL = re.compile(
    r"(?:^|[.!?]\s)\W*(?:\w+[ ,]+){0,2}(?:what|which|who|whom|whose|how|where|when|why|welche[mnrs]?|was|wer|wem|wen|wie|wo|wohin|woher|wann|warum|wieso|weshalb)\b",
    re.IGNORECASE,
)
_WORK = r"(?:poem|joke|story|song|rap|haiku|recipe|flight|hotel|taxi|pizza|lunch|table for|weather|gedicht|witz|geschichte|lied|rezept|flug|tisch|essen|wetter)"
_TASK = re.compile(
    r"(?:please |bitte |can you |could you |would you |kannst du |könntest du |können sie |könnten sie )?(?:write|compose|tell|sing|book|order|find|give|show|make|"
    r"schreib\w*|erzähl\w*|sing\w*|buch\w*|bestell\w*|such\w*|gib|zeig\w*|mach\w*|dichte\w*|reim\w*)\b(?: \w+){0,4}? "
    + _WORK
    + r"\w*\b",
    re.IGNORECASE,
)
"""Work that has nothing to do with a handbook; "write me a prompt" may well have."""


def intent(text: str) -> Intent:
    """Return what kind of message this is."""
    plain = re.sub(r"^\W+|\W+$", "", " ".join(text.replace("’", "'").split()))
    if not any(c.isalnum() for c in plain):
        return Intent.EMPTY
    for kind, pattern in (
        (Intent.THANKS, _THANKS),
        (Intent.GREETING, _GREETING),
        (Intent.GREETING, _HOW_ARE_YOU),
        (Intent.ABILITIES, _ABILITIES),
    ):
        if pattern.fullmatch(plain):
            return kind
    orders_at_length = len(plain) > BREATHLESS and orders(text)
    incident = _is_incident(" ".join(text.replace("’", "'").split())) and not orders_at_length
    return Intent.INCIDENT if incident else _asked(text, plain)


def _asked(text: str, plain: str) -> Intent:
    """Return what kind of message this is that tells of no incident."""
    if _IDENTITY.search(plain) and len(plain.split()) <= IDENTITY_WORDS:
        return Intent.IDENTITY
    if orders(text) and not _asks_after_order(text):
        return Intent.ORDER
    if _TASK.match(plain):
        return Intent.TASK
    return Intent.QUESTION


BREATHLESS = 300
"""Characters up to which what gives orders may tell of an incident all the same; a longer tale is made up for the orders."""
IDENTITY_WORDS = 10
"""A longer message that asks who Lotse is asks for something else, too."""


def asks_permission(text: str) -> bool:
    """Say whether the message asks if something is allowed."""
    return _MAY.search(text) is not None


def asks_detail(text: str) -> bool:
    """Say whether a sentence of the message begins by asking who, what, when or how, and not whether."""
    return _DETAIL.search(text) is not None


def _asks_after_order(text: str) -> bool:
    """Say whether a question remains when the sentences that give orders are taken out."""
    rest = [part for part in re.split(r"(?<=[.!?:])\s+|\n", text) if not orders(part)]
    return any(part.rstrip().endswith("?") for part in rest)


def _is_incident(text: str) -> bool:
    """Say whether somebody tells, in a sentence or over several, that data went where it should not."""
    return _tells(text) or any(map(_tells, re.split(r"(?<=[.!?])\s+", text)))


def _confesses(text: str) -> bool:
    """Say whether a clause tells what somebody did with data that are not for everybody, or wants undone."""
    wanted = _UNDO.search(text) or _ACCIDENT.search(text)
    for clause in _CLAUSE.split(text):
        if _SUPPOSED.match(clause):
            return False
        if _CONFESSED.match(clause) and not _ASKING.search(clause) and (wanted or _SENSITIVE.search(clause)):
            return True
    return False


_SUPPOSED = re.compile(r"\W*(?:if|when|whether|suppose|what if|wenn|falls|sofern|angenommen|ob)\b", re.IGNORECASE)


def _tells(text: str) -> bool:
    if _confesses(text) or _ALONE.fullmatch(text) or (_OOPS.search(text) and not _RECEIVED.search(text)):
        return True
    if _HYPOTHETICAL.search(text):
        return False
    asks = text.endswith("?")
    if (_PASSIVE.search(text) and not asks) or (_LEAK.search(text) and _ACCIDENT.search(text)):
        return True
    if _RECEIVED.search(text):
        return False
    if _TOLD.search(text) and not asks:
        return True
    return _HAPPENED.search(text) is not None and (_ACCIDENT.search(text) or _SENSITIVE.search(text)) is not None
