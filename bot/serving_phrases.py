"""What Lotse says about messages on their way, and to those who run it. Part of the phrases."""

from __future__ import annotations

ENGLISH_SERVING = {
    "late": "Sorry for the delay: I could not answer earlier.",
    "waiting": "Your message has arrived. {ahead} are ahead of it.",
    "waiting_next": "Your message has arrived and is next.",
    "Unavailable": "The database cannot be reached ({reason}). Check LOTSE_DATABASE_URL and whether the database runs; for SQLite, whether the disk is full.",
    "Refused": "The platform does not take messages just now. Lotse tries again by itself.",
    "Uncertain": "Whether the message arrived is not known. Lotse looks and tries again by itself.",
    "Vanished": "The message that was to be changed is not there any more.",
    "Unreachable": "The conversation is closed to Lotse ({reason}). Check whether the bot was removed or blocked there.",
    "CannotTell": "The platform does not tell whether a message arrived.",
}

GERMAN_SERVING = {
    "late": "Entschuldigen Sie die Verspätung: Ich konnte nicht früher antworten.",
    "waiting": "Ihre Nachricht ist angekommen. Vor ihr sind noch {ahead} an der Reihe.",
    "waiting_next": "Ihre Nachricht ist angekommen und als Nächste an der Reihe.",
    "Unavailable": "Die Datenbank ist nicht zu erreichen ({reason}). Prüfen Sie LOTSE_DATABASE_URL und ob die Datenbank läuft; bei SQLite, ob der "
    "Datenträger voll ist.",
    "Refused": "Die Plattform nimmt gerade keine Nachrichten an. Lotse versucht es von selbst weiter.",
    "Uncertain": "Ob die Nachricht ankam, ist nicht bekannt. Lotse sieht nach und versucht es von selbst weiter.",
    "Vanished": "Die Nachricht, die geändert werden sollte, gibt es nicht mehr.",
    "Unreachable": "Die Unterhaltung ist für Lotse geschlossen ({reason}). Prüfen Sie, ob der Bot dort entfernt oder blockiert wurde.",
    "CannotTell": "Die Plattform verrät nicht, ob eine Nachricht ankam.",
}
