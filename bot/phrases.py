"""Every word that Lotse says to people, in German and English."""

from __future__ import annotations

from bot.chat_phrases import ENGLISH_CHAT, GERMAN_CHAT
from bot.handbook_phrases import ENGLISH_HANDBOOK, GERMAN_HANDBOOK
from bot.service_phrases import ENGLISH_SERVICE, GERMAN_SERVICE
from bot.serving_phrases import ENGLISH_SERVING, GERMAN_SERVING
from bot.slack_phrases import ENGLISH_SLACK, GERMAN_SLACK
from bot.writing_phrases import ENGLISH_WRITING, GERMAN_WRITING
from knowledge.language import ENGLISH, GERMAN

_ENGLISH = {
    # answers
    "quoted": "This is what the handbook says:",
    "sources": "Sources",
    "verdict_allowed": "The handbook allows this.",
    "verdict_conditional": "The handbook allows this under conditions.",
    "verdict_forbidden": "The handbook does not allow this.",
    "verdict_undecided": "The handbook does not settle whether this is allowed.",
    "contradiction": "Documents in force say different things about this. Please ask before you go on.",
    "unlisted": "The handbook does not mention {name}. It says about tools that are not listed:",
    "unlisted_query": "Tools that are not listed in the register are not allowed; unlisted tools, any other tools",
    "clarify": "I am not sure what you mean. Do you mean one of these?",
    "clarify_else": "If it is something else, please ask in a whole sentence.",
    "choice_section": "What does “{title}” say about “{section}”?",
    "choice_title": "What does “{title}” say?",
    "by_ai": "This answer comes from an AI assistant. The quoted text of the handbook is what counts.",
    "version": "version {version}",
    "effective": "in force since {date}",
    "page": "page {page}",
    "not_found": "The handbook does not say anything about this that I can quote.",
    "nearest": "These places come closest:",
    "ask_contact": "Please ask: {contact}",
    "ask_nobody": "Please ask the people in charge of AI in your company.",
    "incident_first": "Please report this right away: {contact}",
    "incident_nobody": "Please report this right away to your IT security or data protection officer.",
    "incident_do": "Until somebody takes over: send and enter nothing more; delete nothing, and note what went where, and when; if a password or a "
    "key was among it, change it now.",
    "incident_steps": "This is what the handbook says about it:",
    "incident_query": "Report an incident at once: call the security line, contact, phone extension, steps, stop",
    # small talk
    "greeting": "Hello! I answer questions about using AI at work from your company's handbook. Just ask, for example whether you may put "
    "customer data into ChatGPT.",
    "thanks": "You are welcome. I am here when you have the next question.",
    "identity": "I am Lotse, an AI assistant and not a human being. I answer questions about AI at work with quotes from your company's handbook.",
    "abilities": "I look things up in your company's handbook on AI: which tools you may use, with which data, how to request a tool, what to do when "
    "something goes wrong. I answer with the exact quote and its source, and I say so when the handbook says nothing.",
    "order": "I only answer questions about your company's handbook and do not take other instructions.",
    "task": "I cannot do that. I answer questions about using AI at work, with quotes from your company's handbook.",
    "empty": "What would you like to know? Ask in a sentence or two, for example: May I use DeepL for a contract?",
    "too_long": "Only the first {limit} characters of your message were read.",
    "fallback": "The current state of the handbook is damaged. This answer comes from the earlier state of {date}; please tell whoever looks after "
    "Lotse.",
    # commands
    "searching": "Searching {documents:document|documents} …",
    "chat_intro": "An AI assistant answers you here. Ask about using AI at work. An empty line or Ctrl-D ends the chat.",
    "chat_bye": "Goodbye.",
    "you": "You",
    "doctor_ok": "ok",
    "doctor_bad": "mend",
    "doctor_note": "warning",
    "doctor_settings": "Settings",
    "doctor_folder": "Data folder",
    "doctor_live": "What is live",
    "doctor_history": "History",
    "doctor_history_bad": "history.jsonl: {lines:line|lines} cannot be read. Until it is mended, nothing earlier is cleaned up. lotse purge erases all "
    "earlier states and begins it anew",
    "doctor_earlier": "Earlier state",
    "doctor_earlier_bad": "{generation} is damaged and cannot be brought back. It leaves with the next ingests, or now with: lotse purge",
    "doctor_glossary": "Glossary",
    "doctor_disk": "Disk",
    "doctor_model": "Model",
    "doctor_model_none": "no key: Lotse answers by quoting",
    "doctor_model_key": "{models} at {server} writes the answers",
    "doctor_disk_free": "{free} MB free",
    "doctor_disk_low": "only {free} MB free; a new generation needs room beside the live one",
    "doctor_not_writable": "{folder} cannot be written; change its owner or set LOTSE_DATA_DIR",
    "doctor_concepts": "{count} concepts",
    "doctor_all_well": "All is well.",
    "doctor_mend": "Something needs mending; see above.",
    "checkup_good": "{good} of {total} questions are answered as expected.",
    "checkup_found": "In {near} of {total}, an expected document is among the {best} best places.",
    "checkup_missed": "{documents} is not among the ten best places.",
    "checkup_passed_over": "{documents} is at place {rank}, but something else is quoted. Let the rule say what it is about, or give it a heading.",
    "checkup_closed": "{documents} is not in force, not open to the asker, or not in the handbook.",
    "checkup_beside": "Something is quoted, although no document is expected to answer this.",
    "checkup_words": "For the glossary: say what {documents} calls this: {words}",
    "check_found": "This was found:",
    "check_nothing": "Nothing was found that is known to be personal or secret.",
    "check_line": "– {name}: {count} × (line {lines}), {sort}",
    "check_replaced": "The text with placeholders:",
    "check_note": "Names, postal addresses and what is told between the lines cannot be found reliably: read the text yourself before you paste it "
    "anywhere.",
    "sensitivity_personal": "personal data",
    "sensitivity_special": "specially protected personal data (health, for example)",
    "sensitivity_secret": "secret, must not go into any tool",
    "sensitivity_internal": "an internal identifier",
    "kind_email": "e-mail address",
    "kind_phone": "phone number",
    "kind_iban": "bank account (IBAN)",
    "kind_card": "payment card",
    "kind_tax_id": "German tax ID",
    "kind_social_insurance": "social insurance number",
    "kind_health_insurance": "health insurance number",
    "kind_identity": "number of an identity card or passport",
    "kind_vat_id": "VAT ID",
    "kind_us_ssn": "US social security number",
    "kind_ip": "IP address",
    "kind_mac": "MAC address",
    "kind_plate": "licence plate",
    "kind_api_key": "API key or token",
    "kind_private_key": "private key",
    "kind_password": "password",
    "kind_url_login": "web address with a login",
    "kind_own": "pattern of the company",
    "eval_done": "{count} questions answered, results in {file}",
    "prove_done": "{proven} of {count} sentences proven, results in {file}",
    "prove_broken": "{count} lines are no JSON object with id, question, sentence, language and quotes; they got no result.",
    "demo_title": "Three questions to the starter handbook of a made-up company:",
    "demo_next": "Ask your own question: make chat. Your own handbook: .venv/bin/lotse ingest FOLDER",
    # errors: what happened, and what to do
    "error": "Error",
    "unexpected": "Something unexpected went wrong (reference {reference}). Please try again; if it stays, give the reference to your administrator.",
    "Stopped": "The process that did the work ended before its time ({code}). What is published stays as it is. Try again; short memory is a common "
    "reason.",
    "SettingsError": "These settings cannot be understood: {names}. See docs/reference/settings.md.",
    "NotStarted": "The system allows no process that reads the files. Check how many processes Lotse may start, and its memory.",
    "FileMissing": "The file {file} cannot be read.",
    "NotJson": "{file}, line {line}: this is not the JSON that is asked for.",
    "WrongDate": "{value} is not a date. Write it as 2026-03-01.",
    "NoText": "{file} holds no plain text. Copy the text out of the document and check that.",
    "TextTooLong": "{file} is too long: up to {megabytes} MB are checked in one go. Check it in parts.",
    "PatternsUnreadable": "The file with the company's patterns ({file}) cannot be read. It must be YAML with a list called patterns.",
    "PatternIncomplete": "In {file}, pattern {place} is not as it should be: it needs name, regex and class (personal, special, secret or internal), "
    "and nothing else.",
    "PatternInvalid": "In {file}, pattern {place} is no regular expression. Mend it.",
    "PatternTooWide": "In {file}, pattern {place} fits less than three characters. Make it say more.",
    "PatternRunsAway": "In {file}, pattern {place} could take very long. Say how often something may repeat ({{1,8}} in place of + or *), and use fewer "
    "repetitions.",
    "NotWritable": "{place} cannot be written. Check its permissions, or name another place (LOTSE_DATA_DIR, --out).",
    "NoCondition": "{value} is no condition. Write it as key=value, for example lang=de.",
    "stopped": "Stopped. What is published stays as it is.",
    "automatic": "Automatic message of Lotse, an AI assistant.",
    "by_ai_alone": "This answer comes from an AI assistant.",
}

_GERMAN = {
    "quoted": "Das steht dazu im Handbuch:",
    "sources": "Quellen",
    "verdict_allowed": "Das Handbuch erlaubt das.",
    "verdict_conditional": "Das Handbuch erlaubt das unter Bedingungen.",
    "verdict_forbidden": "Das Handbuch erlaubt das nicht.",
    "verdict_undecided": "Das Handbuch legt nicht fest, ob das erlaubt ist.",
    "contradiction": "Gültige Dokumente sagen dazu Verschiedenes. Bitte fragen Sie nach, bevor Sie weitermachen.",
    "unlisted": "{name} kommt im Handbuch nicht vor. Zu Werkzeugen, die nicht aufgeführt sind, steht dort:",
    "unlisted_query": "Werkzeuge, die nicht im Register stehen, sind nicht erlaubt; nicht aufgeführte, andere Werkzeuge",
    "clarify": "Ich bin nicht sicher, was Sie meinen. Meinen Sie eine dieser Fragen?",
    "clarify_else": "Falls es um etwas anderes geht, fragen Sie bitte in einem ganzen Satz.",
    "choice_section": "Was steht in „{title}“ zu „{section}“?",
    "choice_title": "Was steht in „{title}“?",
    "by_ai": "Diese Antwort stammt von einem KI-Assistenten. Verbindlich ist der zitierte Text des Handbuchs.",
    "version": "Version {version}",
    "effective": "gültig seit {date}",
    "page": "Seite {page}",
    "not_found": "Das Handbuch sagt dazu nichts, was ich zitieren könnte.",
    "nearest": "Am nächsten kommen diese Stellen:",
    "ask_contact": "Bitte fragen Sie hier nach: {contact}",
    "ask_nobody": "Bitte fragen Sie die Stelle, die in Ihrem Unternehmen für KI zuständig ist.",
    "incident_first": "Bitte melden Sie das sofort: {contact}",
    "incident_nobody": "Bitte melden Sie das sofort der IT-Sicherheit oder der für den Datenschutz zuständigen Stelle.",
    "incident_do": "Bis jemand übernimmt: Geben Sie nichts weiter ein und senden Sie nichts mehr; löschen Sie nichts und notieren Sie, was wann wohin "
    "gelangt ist; war ein Passwort oder ein Schlüssel dabei, ändern Sie es jetzt.",
    "incident_steps": "Das steht dazu im Handbuch:",
    "incident_query": "Vorfall sofort melden: wen anrufen, Kontakt, Durchwahl, Sicherheit, was tun",
    "greeting": "Guten Tag! Ich beantworte Fragen zum Einsatz von KI bei der Arbeit aus dem Handbuch Ihres Unternehmens. Fragen Sie einfach, zum "
    "Beispiel, ob Sie Kundendaten in ChatGPT eingeben dürfen.",
    "thanks": "Gern geschehen. Ich bin da, wenn Sie die nächste Frage haben.",
    "identity": "Ich bin Lotse, ein KI-Assistent und kein Mensch. Ich beantworte Fragen zu KI bei der Arbeit mit Zitaten aus dem Handbuch Ihres "
    "Unternehmens.",
    "abilities": "Ich schlage für Sie im KI-Handbuch Ihres Unternehmens nach: welche Werkzeuge Sie mit welchen Daten nutzen dürfen, wie Sie ein "
    "Werkzeug beantragen und was zu tun ist, wenn etwas schiefgeht. Ich antworte mit dem genauen Zitat und seiner Quelle und sage es, wenn das "
    "Handbuch nichts hergibt.",
    "order": "Ich beantworte nur Fragen zum Handbuch Ihres Unternehmens und nehme keine anderen Anweisungen an.",
    "task": "Das kann ich nicht. Ich beantworte Fragen zum Einsatz von KI bei der Arbeit mit Zitaten aus dem Handbuch Ihres Unternehmens.",
    "empty": "Was möchten Sie wissen? Fragen Sie in ein, zwei Sätzen, zum Beispiel: Darf ich einen Vertrag mit DeepL übersetzen?",
    "too_long": "Gelesen wurden nur die ersten {limit} Zeichen Ihrer Nachricht.",
    "fallback": "Der aktuelle Stand des Handbuchs ist beschädigt. Diese Antwort beruht auf dem früheren Stand vom {date}; bitte geben Sie der Stelle "
    "Bescheid, die Lotse betreut.",
    "searching": "Ich durchsuche {documents:Dokument|Dokumente} …",
    "chat_intro": "Hier antwortet Ihnen ein KI-Assistent. Fragen Sie zum Einsatz von KI bei der Arbeit. Eine leere Zeile oder Strg-D beendet das Gespräch.",
    "chat_bye": "Auf Wiedersehen.",
    "you": "Sie",
    "doctor_ok": "gut",
    "doctor_bad": "beheben",
    "doctor_note": "Hinweis",
    "doctor_settings": "Einstellungen",
    "doctor_folder": "Datenordner",
    "doctor_live": "Veröffentlichter Stand",
    "doctor_history": "Verlauf",
    "doctor_history_bad": "history.jsonl: {lines:Zeile ist|Zeilen sind} nicht lesbar. Bis das behoben ist, wird nichts Früheres aufgeräumt. lotse purge "
    "löscht alle früheren Stände und beginnt den Verlauf neu",
    "doctor_earlier": "Früherer Stand",
    "doctor_earlier_bad": "{generation} ist beschädigt und kann nicht zurückgeholt werden. Er entfällt mit den nächsten Aufnahmen, oder gleich mit: lotse purge",
    "doctor_glossary": "Glossar",
    "doctor_disk": "Speicherplatz",
    "doctor_model": "Sprachmodell",
    "doctor_model_none": "kein Schlüssel: Lotse antwortet mit Zitaten",
    "doctor_model_key": "{models} bei {server} formuliert die Antworten",
    "doctor_disk_free": "{free} MB frei",
    "doctor_disk_low": "nur {free} MB frei; ein neuer Stand braucht Platz neben dem alten",
    "doctor_not_writable": "In {folder} kann nicht geschrieben werden; ändern Sie die Rechte oder setzen Sie LOTSE_DATA_DIR",
    "doctor_concepts": "{count} Begriffe",
    "doctor_all_well": "Alles in Ordnung.",
    "doctor_mend": "Etwas ist zu beheben, siehe oben.",
    "checkup_good": "{good} von {total} Fragen werden beantwortet wie erwartet.",
    "checkup_found": "Bei {near} von {total} ist ein erwartetes Dokument unter den {best} besten Stellen.",
    "checkup_missed": "{documents} ist nicht unter den zehn besten Stellen.",
    "checkup_passed_over": "{documents} steht an Stelle {rank}, zitiert wird aber anderes. Lassen Sie die Regel sagen, wovon sie handelt, oder geben Sie "
    "ihr eine Überschrift.",
    "checkup_closed": "{documents} ist nicht gültig, für die fragende Person nicht offen oder nicht im Handbuch.",
    "checkup_beside": "Zitiert wird etwas, obwohl kein Dokument die Frage beantworten sollte.",
    "checkup_words": "Für das Glossar: Sagen Sie, wie {documents} das nennt: {words}",
    "check_found": "Das wurde gefunden:",
    "check_nothing": "Es wurde nichts gefunden, was als personenbezogen oder geheim bekannt ist.",
    "check_line": "– {name}: {count} × (Zeile {lines}), {sort}",
    "check_replaced": "Der Text mit Platzhaltern:",
    "check_note": "Namen, Anschriften und was zwischen den Zeilen steht, lassen sich nicht zuverlässig finden: Lesen Sie den Text selbst, bevor Sie ihn "
    "irgendwo einfügen.",
    "sensitivity_personal": "personenbezogene Daten",
    "sensitivity_special": "besonders geschützte personenbezogene Daten (etwa zur Gesundheit)",
    "sensitivity_secret": "geheim, darf in kein Werkzeug",
    "sensitivity_internal": "eine interne Kennung",
    "kind_email": "E-Mail-Adresse",
    "kind_phone": "Telefonnummer",
    "kind_iban": "Bankverbindung (IBAN)",
    "kind_card": "Zahlungskarte",
    "kind_tax_id": "Steuer-Identifikationsnummer",
    "kind_social_insurance": "Sozialversicherungsnummer",
    "kind_health_insurance": "Krankenversichertennummer",
    "kind_identity": "Nummer eines Ausweises oder Passes",
    "kind_vat_id": "Umsatzsteuer-Identifikationsnummer",
    "kind_us_ssn": "US-Sozialversicherungsnummer",
    "kind_ip": "IP-Adresse",
    "kind_mac": "MAC-Adresse",
    "kind_plate": "Kfz-Kennzeichen",
    "kind_api_key": "API-Schlüssel oder Token",
    "kind_private_key": "privater Schlüssel",
    "kind_password": "Passwort",
    "kind_url_login": "Webadresse mit Zugangsdaten",
    "kind_own": "Muster des Unternehmens",
    "eval_done": "{count} Fragen beantwortet, Ergebnisse in {file}",
    "prove_done": "{proven} von {count} Sätzen belegt, Ergebnisse in {file}",
    "prove_broken": "{count} Zeilen sind kein JSON-Objekt mit id, question, sentence, language und quotes; sie haben kein Ergebnis.",
    "demo_title": "Drei Fragen an das mitgelieferte Handbuch eines erfundenen Unternehmens:",
    "demo_next": "Ihre eigene Frage: make chat. Ihr eigenes Handbuch: .venv/bin/lotse ingest ORDNER",
    "error": "Fehler",
    "unexpected": "Es ist etwas Unerwartetes passiert (Kennung {reference}). Bitte versuchen Sie es noch einmal; bleibt es dabei, nennen Sie Ihrer "
    "Administration die Kennung.",
    "Stopped": "Der Prozess, der die Arbeit tat, ist vorzeitig zu Ende gegangen ({code}). Der veröffentlichte Stand bleibt. Versuchen Sie es erneut; "
    "oft fehlt es an Arbeitsspeicher.",
    "SettingsError": "Diese Einstellungen sind nicht zu verstehen: {names}. Siehe docs/reference/settings.md.",
    "NotStarted": "Das System lässt keinen Prozess zu, der die Dateien liest. Prüfen Sie, wie viele Prozesse Lotse starten darf, und den Speicher.",
    "FileMissing": "Die Datei {file} lässt sich nicht lesen.",
    "NotJson": "{file}, Zeile {line}: Das ist nicht das verlangte JSON.",
    "WrongDate": "{value} ist kein Datum. Schreiben Sie es so: 2026-03-01.",
    "NoText": "{file} enthält keinen reinen Text. Kopieren Sie den Text aus dem Dokument und prüfen Sie ihn.",
    "TextTooLong": "{file} ist zu lang: Geprüft werden bis zu {megabytes} MB auf einmal. Prüfen Sie den Text in Teilen.",
    "PatternsUnreadable": "Die Datei mit den Mustern des Unternehmens ({file}) lässt sich nicht lesen. Sie muss YAML mit einer Liste patterns sein.",
    "PatternIncomplete": "In {file} stimmt Muster {place} nicht: Es braucht name, regex und class (personal, special, secret oder internal) und sonst "
    "nichts.",
    "PatternInvalid": "In {file} ist Muster {place} kein regulärer Ausdruck. Bitte berichtigen.",
    "PatternTooWide": "In {file} passt Muster {place} schon auf weniger als drei Zeichen. Es muss mehr verlangen.",
    "PatternRunsAway": "In {file} könnte Muster {place} sehr lange dauern. Sagen Sie, wie oft sich etwas wiederholen darf ({{1,8}} statt + oder *), und "
    "nehmen Sie weniger Wiederholungen.",
    "NotWritable": "In {place} kann nicht geschrieben werden. Prüfen Sie die Rechte oder nennen Sie einen anderen Ort (LOTSE_DATA_DIR, --out).",
    "NoCondition": "{value} ist keine Bedingung. Schreiben Sie Schlüssel=Wert, zum Beispiel lang=de.",
    "stopped": "Abgebrochen. Der veröffentlichte Stand bleibt.",
    "automatic": "Automatische Nachricht von Lotse, einem KI-Assistenten.",
    "by_ai_alone": "Diese Antwort stammt von einem KI-Assistenten.",
}

PHRASES = {
    ENGLISH: _ENGLISH
    | ENGLISH_CHAT
    | ENGLISH_HANDBOOK
    | ENGLISH_SERVICE
    | ENGLISH_SERVING
    | ENGLISH_SLACK
    | ENGLISH_WRITING,
    GERMAN: _GERMAN | GERMAN_CHAT | GERMAN_HANDBOOK | GERMAN_SERVICE | GERMAN_SERVING | GERMAN_SLACK | GERMAN_WRITING,
}


def say(key: str, language: str, **fields: object) -> str:
    """Return a phrase in a language, with its fields filled in; any language but German gets English.

    A number can bring its noun along: `{count:document|documents}`.
    """
    counted = {name: _Count(value) if type(value) is int else value for name, value in fields.items()}
    return PHRASES[GERMAN if language == GERMAN else ENGLISH][key].format(**counted)


class _Count(int):
    """A number that knows whether the noun behind it stands for one or for many."""

    def __format__(self, spec: str) -> str:
        one, bar, many = spec.partition("|")
        return f"{int(self)} {one if self == 1 else many}" if bar else super().__format__(spec)
