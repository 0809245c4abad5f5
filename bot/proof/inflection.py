"""Forms of irregular verbs, which no stemmer brings together: sent is send, entschieden is entscheiden."""

from __future__ import annotations

from knowledge.language import ENGLISH, GERMAN

_ENGLISH = """be:been,was,were begin:began,begun bind:bound break:broke,broken bring:brought build:built buy:bought catch:caught choose:chose,chosen
come:came deal:dealt do:did,done draw:drew,drawn drive:drove,driven fall:fell,fallen feel:felt find:found forbid:forbade,forbidden
forget:forgot,forgotten forgive:forgave,forgiven freeze:froze,frozen get:got,gotten give:gave,given go:went,gone grow:grew,grown hear:heard
hide:hid,hidden hold:held keep:kept know:knew,known lay:laid lead:led learn:learnt leave:left lend:lent lose:lost make:made mean:meant meet:met
mislead:misled overwrite:overwrote,overwritten pay:paid prove:proven ride:rode,ridden ring:rang,rung rise:rose,risen run:ran say:said see:saw,seen
seek:sought sell:sold send:sent shake:shook,shaken show:shown speak:spoke,spoken spend:spent split:splits steal:stole,stolen stick:stuck
swear:swore,sworn take:took,taken teach:taught tell:told think:thought throw:threw,thrown understand:understood undertake:undertook,undertaken
wear:wore,worn win:won withdraw:withdrew,withdrawn write:wrote,written"""
_GERMAN = """befehlen:befiehlt,befohlen beginnen:begann,begonnen behalten:behält,behielt bieten:bot,geboten binden:band,gebunden bitten:bat,gebeten
bleiben:blieb,geblieben brechen:bricht,brach,gebrochen bringen:brachte,gebracht denken:dachte,gedacht empfehlen:empfiehlt,empfahl,empfohlen
entscheiden:entschied,entschieden essen:isst,gegessen fahren:fährt,fuhr,gefahren fallen:fällt,fiel,gefallen fangen:fängt,fing,gefangen
finden:fand,gefunden fliegen:flog,geflogen geben:gibt,gab,gegeben gehen:ging,gegangen gelten:gilt,galt,gegolten
genießen:genoss,genossen geschehen:geschieht,geschah gewinnen:gewann,gewonnen greifen:griff,gegriffen halten:hält,hielt,gehalten
hängen:hing,gehangen heben:hob,gehoben heißen:hieß,geheißen helfen:hilft,half,geholfen kennen:kannte,gekannt kommen:kam,gekommen
laden:lädt,lud,geladen lassen:lässt,ließ,gelassen laufen:läuft,lief,gelaufen leiden:litt,gelitten leihen:lieh,geliehen lesen:liest,las,gelesen
liegen:lag,gelegen messen:misst,maß,gemessen nehmen:nimmt,nahm,genommen nennen:nannte,genannt raten:rät,riet,geraten rufen:rief,gerufen
schaffen:schuf,geschaffen scheiden:schied,geschieden scheinen:schien,geschienen schieben:schob,geschoben schlagen:schlägt,schlug,geschlagen
schließen:schloss,geschlossen,schließt schneiden:schnitt,geschnitten schreiben:schrieb,geschrieben schweigen:schwieg,geschwiegen
sehen:sieht,sah,gesehen senden:sandte,gesandt sinken:sank,gesunken sprechen:spricht,sprach,gesprochen stehen:stand,gestanden
stehlen:stiehlt,stahl,gestohlen steigen:stieg,gestiegen sterben:stirbt,starb,gestorben tragen:trägt,trug,getragen treffen:trifft,traf,getroffen
treiben:trieb,getrieben treten:tritt,trat,getreten tun:tat,getan vergessen:vergisst,vergaß verlieren:verlor,verloren wachsen:wächst,wuchs,gewachsen
weisen:wies,gewiesen wenden:wandte,gewandt werben:wirbt,warb,geworben werfen:wirft,warf,geworfen wiegen:wog,gewogen wissen:weiß,wusste,gewusst
ziehen:zog,gezogen,zieht zwingen:zwang,gezwungen"""


def _forms(listed: str) -> dict[str, str]:
    pairs = (entry.split(":") for entry in listed.split())
    return {form: infinitive for infinitive, forms in pairs for form in forms.split(",")}


_FORMS = {ENGLISH: _forms(_ENGLISH), GERMAN: _forms(_GERMAN)}
INFINITIVES = frozenset(_FORMS[GERMAN].values())
"""German irregular verbs, without prefixes."""
_PREFIXES = (
    "",
    *"ab an auf aus be bei bereit bekannt durch ein ent er fest fort frei ge her heraus herunter hin hinein hinzu hoch los mit miss nach teil über um unter ver vor voraus vorbei weg weiter wider wieder zer zu zurück zusammen".split(),
)


def infinitive(word: str, language: str) -> str:
    """Return the infinitive of a form of an irregular verb; every other word as it is. Prefixes stay in front."""
    forms = _FORMS[language]
    if word in forms:
        return forms[word]
    if language == ENGLISH:
        return word
    for prefix in _PREFIXES[1:]:
        rest = word.removeprefix(prefix)
        if rest != word and (known := forms.get(rest) or forms.get(f"ge{rest}")):
            return prefix + known
    return word
