"""What Lotse says about itself: who may ask, how much, what is kept, and its commands. Part of the phrases."""

from __future__ import annotations

ENGLISH_SERVICE = {
    # who may ask
    "denied_blocked": "You cannot ask Lotse here. If that is a mistake, please turn to the people in charge of AI in your company.",
    "denied_workspace": "Lotse has not been opened for you here. Please turn to the people in charge of AI in your company.",
    "denied_room": "Lotse has not been opened for this room. Please write to me directly.",
    "denied_guest": "Lotse answers only people of this company, not guests. Please ask the person you work with here.",
    "denied_outsider": "Lotse answers only people of this company. Please ask the person you work with here.",
    "denied_unpaired": "I do not know you yet. Please ask your administrator for an invitation and send me the code in private: /start CODE",
    "denied_incident": "If data went where it should not: report it right away to your company's IT security or data protection officer.",
    "admins_only": "There is nothing I can do with that here.",
    "pairing_paired": "Thank you, you are now known to me and can ask.",
    "pairing_wrong": "This code is not right, or was used already. Please check it, or ask your administrator for a new one.",
    "pairing_expired": "This code has expired. Please ask your administrator for a new one.",
    "pairing_locked": "This code was locked after too many wrong tries. Please ask your administrator for a new one.",
    "pairing_wait": "That were too many tries. Please try again at {time}.",
    "pairing_private": "Please send me the code in private, not where others read along, and ask for a new one: this one is no secret any more.",
    # how much
    "limit_person": "You have asked a great deal in a short time. I go on for you at {time}.",
    "limit_everyone": "Very many people are asking just now. I go on at {time}.",
    # errors
    "AccessFileError": "The access file {file} cannot be used (at {place}): {fault}. Mend it; what was in force before stays in force.",
    "access_unreadable": "the file cannot be read",
    "access_syntax": "this is not valid YAML",
    "access_unknown": "this key is unknown",
    "access_missing": "a value is missing",
    "access_form": "another form is expected here",
    "access_id": "this is no id of this platform (names are not accepted); write slack/T0123ABCD/U0123ABCD or telegram/123456789",
    "access_audience": "this is no name of an audience",
    "access_all": "whoever may ask reads what is open to all; add all to the list, or give those documents another audience",
    "access_number": "a whole number from 1 on is expected",
    "access_twice": "this is said twice",
    "access_group": "a group cannot be called all",
    "doctor_access": "Access",
    "doctor_access_none": "no file {file}: nobody may ask in chats (the terminal is open to whoever uses this machine)",
    "doctor_access_open": "{workspaces} workspaces, {groups} groups, {admins} admins",
}

GERMAN_SERVICE = {
    "denied_blocked": "Sie können Lotse hier nicht fragen. Ist das ein Versehen, wenden Sie sich bitte an die Stelle, die in Ihrem Unternehmen für KI "
    "zuständig ist.",
    "denied_workspace": "Lotse ist hier nicht für Sie freigegeben. Bitte wenden Sie sich an die Stelle, die in Ihrem Unternehmen für KI zuständig ist.",
    "denied_room": "Lotse ist für diesen Raum nicht freigegeben. Bitte schreiben Sie mir direkt.",
    "denied_guest": "Lotse antwortet nur Beschäftigten dieses Unternehmens, nicht Gästen. Bitte fragen Sie die Person, mit der Sie hier arbeiten.",
    "denied_outsider": "Lotse antwortet nur Beschäftigten dieses Unternehmens. Bitte fragen Sie die Person, mit der Sie hier arbeiten.",
    "denied_unpaired": "Ich kenne Sie noch nicht. Bitte lassen Sie sich von der Administration einladen und senden Sie mir den Code im direkten "
    "Gespräch: /start CODE",
    "denied_incident": "Sind Daten an die falsche Stelle geraten? Melden Sie das sofort der IT-Sicherheit oder der für den Datenschutz zuständigen "
    "Stelle Ihres Unternehmens.",
    "admins_only": "Damit kann ich hier nichts anfangen.",
    "pairing_paired": "Vielen Dank, ich kenne Sie jetzt. Sie können fragen.",
    "pairing_wrong": "Dieser Code stimmt nicht oder wurde schon benutzt. Bitte prüfen Sie ihn oder lassen Sie sich einen neuen geben.",
    "pairing_expired": "Dieser Code ist abgelaufen. Bitte lassen Sie sich einen neuen geben.",
    "pairing_locked": "Dieser Code wurde nach zu vielen falschen Versuchen gesperrt. Bitte lassen Sie sich einen neuen geben.",
    "pairing_wait": "Das waren zu viele Versuche. Bitte versuchen Sie es um {time} wieder.",
    "pairing_private": "Bitte senden Sie mir den Code im direkten Gespräch, nicht dort, wo andere mitlesen, und lassen Sie sich einen neuen geben: Dieser "
    "ist kein Geheimnis mehr.",
    "limit_person": "Sie haben in kurzer Zeit sehr viel gefragt. Ab {time} geht es für Sie weiter.",
    "limit_everyone": "Gerade fragen sehr viele Menschen. Ab {time} geht es weiter.",
    "AccessFileError": "Die Zugangsdatei {file} ist nicht zu gebrauchen (bei {place}): {fault}. Bitte berichtigen; bis dahin gilt, was vorher galt.",
    "access_unreadable": "die Datei lässt sich nicht lesen",
    "access_syntax": "das ist kein gültiges YAML",
    "access_unknown": "dieser Schlüssel ist unbekannt",
    "access_missing": "ein Wert fehlt",
    "access_form": "hier wird eine andere Form erwartet",
    "access_id": "das ist keine Kennung dieser Plattform (Namen gelten nicht); schreiben Sie slack/T0123ABCD/U0123ABCD oder telegram/123456789",
    "access_audience": "das ist kein Name einer Zielgruppe",
    "access_all": "wer fragen darf, liest, was für alle offen ist; nehmen Sie all in die Liste auf oder geben Sie diesen Dokumenten eine andere Zielgruppe",
    "access_number": "hier wird eine ganze Zahl ab 1 erwartet",
    "access_twice": "dasselbe ist zweimal angegeben",
    "access_group": "eine Gruppe kann nicht all heißen",
    "doctor_access": "Zugang",
    "doctor_access_none": "keine Datei {file}: In Chats darf niemand fragen (das Terminal steht allen offen, die an diesem Rechner arbeiten)",
    "doctor_access_open": "{workspaces} Arbeitsbereiche, {groups} Gruppen, {admins} Admins",
}
