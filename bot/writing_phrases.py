"""What Lotse says about answers that a model writes: why one was not written, and what was left out. Part of the phrases."""

from __future__ import annotations

ENGLISH_WRITING = {
    "dropped": "Left out ({reasons}): {text}",
    "tokens_spent": "The language model's share for today is used up, so the handbook is quoted. From {time} on answers are written again.",
    "unhelped": "The language model could not be asked just now; with it, more may be found. Please try again later.",
    "not_proven": "What the model wrote could not be proven with the handbook; so the handbook is quoted.",
    "closed_to_model": "What answers this must not be given to a language model; so the handbook is quoted.",
    "KeyRefused": "No answer was written, because the model server does not accept the key; so the handbook is quoted. Please tell your administrator.",
    "QuotaSpent": "No answer was written, because the credit for the model is used up; so the handbook is quoted. Please tell your administrator.",
    "ModelBusy": "No answer was written, because the model has too much to do at the moment; so the handbook is quoted.",
    "ModelUnreachable": "No answer was written, because the model server cannot be reached; so the handbook is quoted.",
    "ModelOutOfOrder": "No answer was written, because the model server has an error; so the handbook is quoted.",
    "ModelMissing": "No answer was written, because the model server does not know the model or the request; so the handbook is quoted. Please tell your "
    "administrator.",
    "ModelTooSlow": "No answer was written, because the model took too long; so the handbook is quoted.",
    "ModelBrokeOff": "No answer was written, because the model stopped half-way; so the handbook is quoted.",
    "ModelDeclined": "No answer was written, because the model declined the question; so the handbook is quoted.",
    "ModelUnreadable": "No answer was written, because the model sent something that cannot be read; so the handbook is quoted.",
    "ModelPaused": "No answer was written, because the model has failed several times in a row; so the handbook is quoted.",
}

GERMAN_WRITING = {
    "dropped": "Weggelassen ({reasons}): {text}",
    "tokens_spent": "Das Tageskontingent für das Sprachmodell ist aufgebraucht; deshalb wird das Handbuch zitiert. Ab {time} werden Antworten wieder formuliert.",
    "unhelped": "Das Sprachmodell ließ sich gerade nicht fragen; mit ihm findet sich vielleicht mehr. Bitte versuchen Sie es später noch einmal.",
    "not_proven": "Was das Modell geschrieben hat, ließ sich mit dem Handbuch nicht belegen; deshalb wird das Handbuch zitiert.",
    "closed_to_model": "Die Stellen, die das beantworten, dürfen nicht an ein Sprachmodell gehen; deshalb wird das Handbuch zitiert.",
    "KeyRefused": "Es wurde keine Antwort formuliert, weil der Modellserver den Schlüssel nicht annimmt; deshalb wird das Handbuch zitiert. Bitte sagen Sie "
    "der Administration Bescheid.",
    "QuotaSpent": "Es wurde keine Antwort formuliert, weil das Guthaben für das Modell aufgebraucht ist; deshalb wird das Handbuch zitiert. Bitte sagen Sie "
    "der Administration Bescheid.",
    "ModelBusy": "Es wurde keine Antwort formuliert, weil das Modell gerade überlastet ist; deshalb wird das Handbuch zitiert.",
    "ModelUnreachable": "Es wurde keine Antwort formuliert, weil der Modellserver nicht erreichbar ist; deshalb wird das Handbuch zitiert.",
    "ModelOutOfOrder": "Es wurde keine Antwort formuliert, weil der Modellserver einen Fehler hat; deshalb wird das Handbuch zitiert.",
    "ModelMissing": "Es wurde keine Antwort formuliert, weil der Modellserver das Modell oder die Anfrage nicht kennt; deshalb wird das Handbuch zitiert. "
    "Bitte sagen Sie der Administration Bescheid.",
    "ModelTooSlow": "Es wurde keine Antwort formuliert, weil das Modell zu lange gebraucht hat; deshalb wird das Handbuch zitiert.",
    "ModelBrokeOff": "Es wurde keine Antwort formuliert, weil das Modell mittendrin aufgehört hat; deshalb wird das Handbuch zitiert.",
    "ModelDeclined": "Es wurde keine Antwort formuliert, weil das Modell die Frage abgelehnt hat; deshalb wird das Handbuch zitiert.",
    "ModelUnreadable": "Es wurde keine Antwort formuliert, weil das Modell etwas Unlesbares geschickt hat; deshalb wird das Handbuch zitiert.",
    "ModelPaused": "Es wurde keine Antwort formuliert, weil das Modell mehrmals hintereinander ausgefallen ist; deshalb wird das Handbuch zitiert.",
}
