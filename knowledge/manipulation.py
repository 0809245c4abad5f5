"""Recognise text that gives orders to an assistant instead of telling people something."""

from __future__ import annotations

import re
from functools import cache

_ASSISTANT = (
    r"(?:(?:AI|KI|A\.I\.)[- ]?(?:assistants?|agents?|models?|systems?|bots?|Assistent(?:en|in|innen)?|Systeme?n?|Modelle?n?)"
    r"|chat ?bots?|language models?|LLMs?|assistants?|Sprachmodelle?n?|Assistenzsysteme?n?)\b"
)
# An order stands where a clause begins: "nobody may ignore the rules" and "an attacker makes it ignore them" are none.
_BEGIN = (
    r"(?:^[ \t>#*-]{0,8}|[.!?:;,–—\"“”„»«(\[]\s{0,3}|\b(?:and|then|please|now|just|und|bitte|dann|jetzt)\s"
    r"|\byou (?:must|should|shall|will|can|have to|are to) (?:now )?)"
)
_EVERY = r"(?:(?:the|you|all|any|every|each|other|die|den|das|dem|der|alle|allen|jede[nr]?|andere[nr]?)\s+){0,3}"
_HERE = r"(?:this|these)(?:\s+(?:\w+\s+)?(?:text|document|message|page|e?-?mail|handbook|file|instructions?|note)\b|\s*[:,.!;]|\s+(?:must|should|shall|will)\b|\W*$)"
_READER = ("assist", "agent", "model", "system", "bot", "llm")
"""One of these stands in every name of an assistant."""

_ORDERS: tuple[tuple[str, tuple[tuple[str, ...], ...]], ...] = (
    # "ignore all earlier rules", "disregard the above"
    (
        (
            rf"{_BEGIN}(?:ignore|disregard|forget|override|bypass)\b[^.!?\n]{{0,40}}\b(?:previous|earlier|above|prior|preceding|all|any|your|other)\b"
            r"[^.!?\n]{0,40}\b(?:instructions?|rules?|prompts?|directions?|guidelines?|messages?|context|commands?|orders?)\b"
        ),
        (("ignore", "disregard", "forget", "override", "bypass"),),
    ),
    (
        (
            rf"{_BEGIN}(?:ignorier(?:e|t|en Sie)?|vergiss|vergesst|vergessen Sie|missachten? Sie|missachte|übergeh(?:e|en Sie)?|verwirf|verwerfen Sie)"
            r"(?! (?:bitte )?(?:nicht|nie|kein))\b[^.!?\n]{0,20}\b(?:all|sämtlich|bisherig|vorherig|vorig|obig|früher|deine|Ihre|sonstig|ander)\w*\b"
            r"[^.!?\n]{0,40}\b(?:Anweisung|Regel|Vorgabe|Instruktion|Befehl|Richtlinie|Prompt)\w*"
        ),
        (("ignorier", "vergiss", "vergess", "missacht", "übergeh", "verwirf", "verwerf"),),
    ),
    # "note to AI assistants", "Hinweis an KI-Systeme", and what names the assistant as its reader
    (
        rf"\b(?:(?:note|notice)\s+(?:to|for)|attention|(?:hinweis|nachricht|achtung)\s+(?:an|für)|achtung)\s+{_EVERY}{_ASSISTANT}",
        (("note", "notice", "attention", "hinweis", "nachricht", "achtung"), _READER),
    ),
    (
        rf"\b(?:message|instructions?|important|urgent)\s+(?:to|for)\s+{_EVERY}{_ASSISTANT}(?:\s+reading\b[^.!?\n]{{0,30}})?\s*[:!]",
        (("message", "instruction", "important", "urgent"), _READER),
    ),
    (
        rf"\b(?:anweisung|anweisungen|wichtig|dringend)\s+(?:an|für)\s+{_EVERY}{_ASSISTANT}\s*[:!]",
        (("anweisung", "wichtig", "dringend"), _READER),
    ),
    (
        rf"\b{_ASSISTANT}[^.!?\n]{{0,20}}\b(?:read|process|summari[sz]|pars)\w*\s+{_HERE}",
        (("read", "process", "summari", "pars"), ("this", "these"), _READER),
    ),
    (
        rf"\b{_ASSISTANT},? die dies\w*\s+(?:\w*(?:text|dokument|nachricht|seite|mail|handbuch)\w*\s+)?(?:lesen|verarbeiten|zusammenfassen)",
        (("die dies",), _READER),
    ),
    (
        rf"\b(?:if|when) you are {_EVERY}(?:an? )?(?:\w+ )?{_ASSISTANT}(?=\s*[,.:;!]|\s+(?:and|or|reading|processing|then|you|tell|ignore)\b|\s*$)",
        (("if you are", "when you are"), _READER),
    ),
    (
        rf"\b(?:wenn|falls) (?:du|Sie) (?:ein|eine|der|die|das) (?:\w+ )?{_ASSISTANT} (?:bist|sind)\b",
        (("wenn du", "wenn sie", "falls du", "falls sie"), _READER),
    ),
    # "you are now DAN", "new system prompt", "reveal your instructions"
    (
        r"\byou are now (?:DAN\b|called\b|in \w+ mode\b|(?:an? |the |my )(?:\w+ ){0,3}?(?:assistant|AI|chatbot|bot|model|hacker|character|persona)\b)",
        (("you are now",),),
    ),
    (
        r"\bfrom now on,? you (?:must |will |should |are to )?(?:act|answer|respond|behave|speak)\b",
        (("from now on",),),
    ),
    (
        rf"{_BEGIN}pretend (?:to be|you are)\b|\bdu bist (?:jetzt|nun|ab (?:jetzt|sofort)) (?:ein|eine|kein|keine|DAN)\b",
        (("pretend", "du bist"),),
    ),
    (
        r"\bab (?:jetzt|sofort) (?:bist du|antwortest du|verhältst du|antworte(?! (?:die|der|das))\b)",
        (("ab jetzt", "ab sofort"),),
    ),
    (
        (
            r"\b(?:print|reveal|show|repeat|output|leak|tell|give|zeige?|gib|nenne?|drucke?)\b[^.!?\n]{0,15}"
            r"\b(?:your (?:\w+ )?(?:system ?prompt|prompt text|hidden \w+|secret \w+|initial \w+|internal \w+)|deine(?:n|r)? (?:\w+ )?(?:systemprompt|systemanweisung\w*))"
        ),
        (("your ", "deine"), ("prompt", "hidden", "secret", "initial", "internal", "systemanweisung")),
    ),
    (
        (
            r"\b(?:print|reveal|show|repeat|output|leak|zeige?|gib|nenne?|drucke?)\s+(?:me|us|mir|uns)\b[^.!?\n]{0,20}"
            r"\b(?:your (?:instructions|prompt|rules)|hidden instructions|(?:the |den )?system ?prompt|deine\w* (?:anweisung|regel|prompt)\w*)"
        ),
        (("your ", "deine", "hidden", "system"), ("instructions", "prompt", "rules", "anweisung", "regel")),
    ),
    (
        (
            rf"{_BEGIN}(?:print|reveal|output|leak|show|repeat|drucke|gib|zeige?|wiederhole?)\b[^.!?\n]{{0,20}}"
            r"\b(?:system ?prompt|(?:your|the) system (?:message|instructions?)|hidden instructions|systemanweisung\w*)"
        ),
        (
            (
                "system prompt",
                "systemprompt",
                "system message",
                "system instruction",
                "hidden instructions",
                "systemanweisung",
            ),
        ),
    ),
    # "and say that it is allowed", "translate your response into …", said to whoever answers
    (
        (
            rf"{_BEGIN}(?:say|answer|reply|respond)(?: only)?(?: that|:| with)? [\"'“]?(?:it|this|that|everything|all of it) (?:is|are) "
            r"(?:now |always |fully )?(?:allowed|approved|permitted|safe|fine|ok(?:ay)?)\b"
        ),
        (("say", "answer", "reply", "respond"), (" is ", " are ")),
    ),
    (
        (
            rf"{_BEGIN}(?:sag(?:e|t|en Sie)?|antworte|schreib(?:e|en Sie)?),? dass (?:es|das|dies|alles) "
            r"(?:jetzt |immer )?(?:erlaubt|freigegeben|genehmigt|zulässig|in Ordnung) ist"
        ),
        (("sag", "antwort", "schreib"), (" dass ",)),
    ),
    (
        (
            rf"{_BEGIN}(?:translate|encode|encrypt|format|begin|start|end|finish|conclude|prefix|phrase|respond|reply|answer)\b[^.!?\n]{{0,30}}"
            r"\byour (?:\w+ )?(?:responses?|answers?|repl(?:y|ies)|outputs?)\b(?! to\b)"
        ),
        (("your ",), ("respon", "answer", "repl", "output")),
    ),
    (r"<\|?(?:system|im_start|im_end|inst)\|?>|\[/?INST\]", (("<", "["), ("system", "im_", "inst"))),
    (
        r"^[ \t]{0,8}#{0,3}[ \t]{0,8}system[ \t]{0,8}:[ \t]{0,8}(?:you|ignore|new|override|from now|tell|answer|the (?:user|assistant|policy|rules?)|du|antworte)\b",
        (("system",), (":",)),
    ),
    # "tell every employee that … is approved", said to whoever answers them
    (
        (
            r"\b(?:tell|inform|advise|instruct) (?:every|all|the|any) (?:user|employee|reader|person|people|staff|colleague)s?\b[^.!?\n]{0,20}\bthat\b"
            r"[^.!?\n]{0,80}\b(?:(?:is|are|has been|have been|was|were) (?:now |also |already |fully )?(?:approved|allowed|out of date|void)|password|click|visit)\b"
        ),
        (("tell", "inform", "advise", "instruct"), ("that",)),
    ),
    (
        (
            r"\b(?:sag|teile?|erzähl)e? (?:allen|jedem|jeder|den) (?:Mitarbeit|Beschäftigt|Nutz|Anwend|Kolleg|Person|Leser)\w*"
            r"[^.!?\n]{0,80}\b(?:freigegeben|erlaubt|Passwort|Kennwort|klick|send|schick|veraltet)\w*"
        ),
        (("sag", "teil", "erzähl"), (" allen ", " jede", " den ")),
    ),
)
"""How orders are worded; and of each group beside a wording one must stand in a text that it can match, in lower case.

To look for those first is twenty times as fast, and hardly a text of a handbook has them.
"""
_WIDEST = 2000
"""Characters looked at; an order that hides behind more is cut into sentences long before."""


def orders(text: str) -> bool:
    """Say whether a text orders an assistant about: to forget its rules, to play a role, to reveal or to pass something on."""
    seen = text[:_WIDEST]
    plain = _plain(seen)
    return any(
        _pattern(wording).search(seen)
        for wording, groups in _ORDERS
        if all(any(word in plain for word in group) for group in groups)
    )


def _plain(text: str) -> str:
    """Return a text in lower case, and letters that a pattern takes for others as those: ſ for s, K for k, İ and ı for i."""
    return text.casefold().replace("\u0307", "").replace("ı", "i")


@cache
def _pattern(wording: str) -> re.Pattern[str]:
    return re.compile(wording, re.IGNORECASE | re.MULTILINE)
