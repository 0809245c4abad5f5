"""What stands on and below answers in chats: buttons, and what is said to whoever presses them. Part of the phrases."""

from __future__ import annotations

ENGLISH_CHAT = {
    "button_sources": "Where this comes from",
    "button_helpful": "👍 Helpful",
    "button_unhelpful": "👎 Not helpful",
    "button_private": "Ask in private",
    "suggestions": "You could ask next:",
    "ask_back": "Questions about this: {contact}",
    "reference": "Id: {reference}",
    "reason_wanted": "What was wrong with it?",
    "press_foreign": "This button belongs to an answer to somebody else. Just ask me yourself.",
    "press_gone": "This answer is too old for its buttons. Please ask again.",
    "press_again": "You pressed this already; the answer is in this chat.",
    "handbook_of": "Handbook of {date}",
    "slack_moment": "One moment, please …",
    "Malformed": "Slack does not take the message as it was written ({reason}). Lotse writes it more simply by itself.",
    "StreamOver": "Nothing can be added to what was being written in Slack ({reason}). The answer takes its place.",
    "StillStreaming": "The message in Slack is still being written. Lotse ends that by itself.",
    "slack_not_there": "I cannot answer where you asked: I am no member of that channel ({reason}). Invite me there with /invite, or ask me here.",
}

GERMAN_CHAT = {
    "button_sources": "Woher das kommt",
    "button_helpful": "👍 Hilfreich",
    "button_unhelpful": "👎 Nicht hilfreich",
    "button_private": "Im direkten Gespräch fragen",
    "suggestions": "Das könnten Sie als Nächstes fragen:",
    "ask_back": "Rückfragen beantwortet: {contact}",
    "reference": "Kennung: {reference}",
    "reason_wanted": "Was war daran nicht gut?",
    "press_foreign": "Diese Schaltfläche gehört zur Antwort an eine andere Person. Fragen Sie mich einfach selbst.",
    "press_gone": "Diese Antwort ist zu alt für ihre Schaltflächen. Bitte fragen Sie noch einmal.",
    "press_again": "Das haben Sie schon gedrückt; die Antwort steht in diesem Chat.",
    "handbook_of": "Handbuch vom {date}",
    "slack_moment": "Einen Moment bitte …",
    "Malformed": "Slack nimmt die Nachricht so nicht an ({reason}). Lotse schreibt sie von selbst einfacher.",
    "StreamOver": "An das, was in Slack gerade entstand, lässt sich nichts mehr anfügen ({reason}). Die Antwort tritt an seine Stelle.",
    "StillStreaming": "Die Nachricht in Slack entsteht noch. Lotse beendet das von selbst.",
    "slack_not_there": "Wo Sie gefragt haben, kann ich nicht antworten: Ich gehöre nicht zu diesem Kanal ({reason}). Laden Sie mich dort mit /invite ein, oder "
    "fragen Sie mich hier.",
}
