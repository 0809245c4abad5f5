"""Recognise text that gives orders to an assistant instead of telling people something."""

from __future__ import annotations

import re

_ASSISTANT = (
    r"(?:AI|KI|A\.I\.)[- ]?(?:assistants?|agents?|models?|systems?|bots?|Assistent(?:en|in|innen)?|Systeme?|Modelle?)"
    r"|chat ?bots?|language models?|LLMs?|assistants?|Sprachmodelle?|Assistent(?:en|in|innen)?|Assistenzsysteme?"
)
_ORDERS = re.compile(
    "|".join(
        (
            # "ignore all earlier rules", "disregard the above"
            (
                r"\b(?:ignore|disregard|forget|override|bypass)\b[^.!?\n]{0,40}\b(?:previous|earlier|above|prior|preceding|all|any|your|other)\b"
                r"[^.!?\n]{0,40}\b(?:instructions?|rules?|prompts?|directions?|guidelines?|messages?|context|commands?|orders?)\b"
            ),
            (
                r"\b(?:ignorier|vergiss|vergessen Sie|missachte|übergeh|verwirf)\w*\b[^.!?\n]{0,40}"
                r"\b(?:Anweisung|Regel|Vorgabe|Instruktion|Befehl|Richtlinie|Prompt)\w*"
            ),
            # "note to AI assistants reading this", "Hinweis an KI-Systeme"
            (
                rf"\b(?:note|message|notice|instructions?|attention|hinweis|nachricht|anweisung|achtung|wichtig)\w*\W{{1,3}}(?:\w+\W+){{0,3}}?"
                rf"(?:to|for|an|für|of|all)\W+(?:\w+\W+){{0,2}}?(?:{_ASSISTANT})"
            ),
            rf"\b(?:{_ASSISTANT})\b[^.!?\n]{{0,30}}\b(?:reading|processing|summari[sz]ing|die (?:dies|das)|lesen|liest|verarbeite)\w*",
            rf"\b(?:if|wenn|falls)\b[^.!?\n]{{0,20}}\b(?:you are|du|Sie)\b[^.!?\n]{{0,20}}\b(?:{_ASSISTANT})\b",
            # "you are now DAN", "new system prompt", "reveal your instructions"
            r"\byou are now\b|\bpretend (?:to be|you are)\b|\bfrom now on,? (?:you|act|answer|respond)\b|\bab (?:jetzt|sofort) (?:bist|antworte)\w*",
            (
                r"\b(?:print|reveal|show|repeat|output|leak|zeig|gib|nenne|drucke)\w*\b[^.!?\n]{0,40}"
                r"\b(?:system ?prompt|your (?:instructions|prompt|rules)|hidden instructions|systemanweisung\w*|deine (?:anweisung|regel)\w*)"
            ),
            r"<\|?(?:system|im_start|im_end|inst)\|?>|\[/?INST\]|^\s*#{0,3}\s*system\s*:",
            # "tell every employee that …", said to whoever answers them
            (
                r"\b(?:tell|inform|advise|instruct) (?:every|all|the|any) (?:user|employee|reader|person|people|staff|colleague)s?\b[^.!?\n]{0,80}"
                r"\b(?:approved|allowed|password|click|visit|send|out of date)\b"
            ),
            (
                r"\b(?:sag|teile?|erzähl)\w* (?:allen|jedem|jeder|den) (?:Mitarbeit|Beschäftigt|Nutz|Anwend|Kolleg|Person|Leser)\w*"
                r"[^.!?\n]{0,80}\b(?:freigegeben|erlaubt|Passwort|Kennwort|klick|send|schick|veraltet)\w*"
            ),
        )
    ),
    re.IGNORECASE | re.MULTILINE,
)
_WIDEST = 2000
"""Characters looked at; an order that hides behind more is cut into sentences long before."""


def orders(text: str) -> bool:
    """Say whether a text orders an assistant about: to forget its rules, to play a role, to reveal or to pass something on."""
    return _ORDERS.search(text[:_WIDEST]) is not None
