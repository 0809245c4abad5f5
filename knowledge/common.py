"""Words that go with any subject, and everyday subjects that have no part in the use of AI: by them a question is known for another's."""

from __future__ import annotations

from functools import lru_cache

from knowledge.keywords import stem
from knowledge.language import ENGLISH, GERMAN
from knowledge.remembered import remembered

_ENGLISH_WORDS = """
able add ago ain allow answer apply aren asks attach available away back bad bear began begin best better big bit book bought break bring
brought build busy buy call came care carry case catch certain change cheap check choose clean clear click close come common company
complete concerned contact correct cost couldn count couple current day deal decent deliver didn different difficult directly doesn drive
drop early easily easy eat employee employer empty end enough enter entire especially everyday exactly expect expensive explain extra fail
fast fetch fill finally find fine finish first fit fix floor follow foot forget forward found full fully gave general give given gone good
great group grow guess guy hadn half hand handle happen hard hasn haven head hear heard high higher hold home hour huge idea immediately
important inside instance interested involved job join keeps kept kind knew known knows large last late later learn least leave left lend
less light likely list listen little live ll local longer look lose lost lot loud love low lower main maintain making manage maximum mean
meant meet mention middle minimum minute miss moment monday money month morning move name new newest next nice night normal number obtain
offered office official often ok old older one open order outside paid part particular pass past pay people perfect permanent person pick
piece place plan play plus point position possible prefer prepare present pretty previous probably problem proper provide pull purpose
push puts question quick re reach read ready real reason receive recent recommend regular repair replace request reserve responsible rest
return right room round run safe said sat save saw says second see seems seen sell send sent separate serve sets several share shop short
shorter shouldn show shown side sign simple simply single sit site situation size small smaller soon sort sounds special specific spend
spent staff stand start stay step stop store straight strong stuff suppose sure swap take taken talk task teams telling term think third
thought three time today told tomorrow tonight took top total touch try turn twice two type understand unit usual valid various ve view
visit wait walk wants wasn watch way wear week weekend went weren whole willing win wish word worker works worth wouldn write written
wrong wrote year yesterday young
"""
_GERMAN_WORDS = """
abend abgebe abgebt abhole abholt ablaufe ablauft abmelde abrechne abrechnt abstelle abstellt aktuell alt anbiete anfange anfangt anforder
anforderst anfordert angebe angebt angefangen angestellte anhöre anhörst anhört ankomme ankommt anmelde annehme annehmt anrufe anruft
ansehe anseht antworte anziehe anzieht arbeit arbeitgeber arbeitnehmer art aufgeben aufhöre aufhörst aufhört aufmache aufmacht aufstehe
aufsteht ausfülle ausfüllt ausgebe ausgebt aussehe ausseht außen bald baue baust baut beantrage beantragt beantworte bearbeite bedeute
beende beginne beginnt behalte bekam bekommen benötige benötigt berechne berechnt bereit beschaffe beschafft besonders besorge besorgt
besser bestanden beste bestehe besteht bestelle bestellt bestimme bestimmt besuche besucht betrieb bezahle bezahlt biete bislang bitten
bleibe bleibt blieb bot brachte brauchst breche brecht bringe bringt buche bucht büro chef chefin dachte dankbar danken dankt dauer
dauerst dauert denke denkt derzeit dran drehe dreht drei dritte drucke druckt dürfe eher eigene einfacher einkaufe einkauft einlade
einreiche einreicht einsetzen einstelle einstellt empfehle empfehlt empfiehlt empfohlen ende entscheide entschieden erfahre erfahrst
erfahrt erhalte erinner erinnerst erinnert erkläre erklärst erklärt erledige erledigt erreiche erreicht ersetze ersetzst ersetzt erst
erstelle erstellt erwarte erzähle erzählt esse essst esst extra fahre fahrst fahrt falle fallt falsch fand fange fangt fehle fehlt fertig
fiel finde firma firmen fliege fliegt folge folgt forder forderst fordert frage fragt frei freie freien freue freust freut früh fuhr
funktioniere funktionierst funktioniert fühle fühlt führst führt galt ganze gearbeitet gebaut gebe gebietet gebittet gebleibt geblieben
geboten gebracht gebraucht gebrecht gebringt gebst gebt gebucht gedacht gedankt gedauert gedenkt gedreht gedruckt gedürft geempfehlt
geendet geesst gefahren gefahrt gefallen gefallt gefangen gefangt gefehlt gefindet gefliegt gefolgt gefordert gefragt gefreut gefunden
gefunktioniert gefühlt geführt gegangen gegeben gegessen geglaubt gehabt gehalten gehandelt gehe gehebt geheißt gehelft geholfen geholt
gehst gehängt gehöre gehörst gehört geinformiert geinteressiert gekannt gekauft gekennt geklappt geklärt gekommen gekommt gekostet
gekriegt gekönnt gekümmert geladen gelange gelangt gelasst gelaufen gelauft geld gelebt gelegen gelegt geleiht geleitet gelernt gelesen
gelest geliefert geliegt geloswerdet gelte gelöst gemeinsam gemeldet gemerkt gemüsst genannt genehmt genennt genommen genug genutzt genügt
geordnt gepassiert gepasst geplant geprüft gerechnt geredet geregelt gereicht gerennt gerepariert gern gerufen geruft gesagt gesammelt
geschafft geschaut geschehe gescheht geschickt geschiebt geschieht geschlaft geschließt geschlossen geschneidet geschreibt geschrieben
gesehen geseht gesendet gesetzt gesitzt gesollt gesorgt gespart gespielt gesprecht gesprochen gestanden gesteckt gesteht gesteigt gestellt
gestimmt gestoppt gestört gesucht getauscht getragen getragt getrefft getrinkt getroffen getut geumgeht gewachst gewann gewartet
gewechselt gewerdet gewerft gewiederholt gewinne gewinnt gewisst gewohnt gewollt gewonnen geworfen gewusst gewählt gewünscht gezahlt
gezeigt gezieht gezogen geändert geöffnt ging glaube glaubt gleich grad groß grund gruppe gut habst halb handel handelt hebe hebst hebt
heiße heißst helfe helft hielt hieß hilft hoch hof hohe hole holst holt hält hänge hängt höre hörst hört idee im informiere informierst
informiert insgesamt interessiere interessierst interessiert isst jahr job jährlich kam kannte kaufe kauft kenne kennt klappe klappst
klappt klar klein klärst klärt kolleg kollegin kolleginnen komme kommt komplett koste kriege kriegt kurz könne könnt kümmer kümmerst
kümmert lade lag lang langsam lasse lassst lasst laufe lauft lebe lebst lebt lege legst legt leicht leider leihe leiht leite lerne lernt
lese lesst lest letzte leute lieber lief lieferst liefert liege liegt liest links loswerde lädt löse lösst löst maximal maximum melde
mensch merke merkt minimum minute mitarbeiter mitbringe mitbringt mitkomme mitkommt mitmache mitmacht mitnehme mitnehmt mitte moment
momentan monat morgens möglich müsse müssst müsst nacht nah nahm name nannte natürlich nehme nehmt nenne nennt nett neueste nimmt nochmal
normal normalerweise notwendig nummer nutze nutzst nutzt nächste nötig offen oft okay ordne ordnt ordnung ort passe passiere passierst
passiert passst passt person plane plant platz problem probleme prozent prüfst punkt raum rechne rechnt rechts rede regel regelt reiche
reicht renne rennt repariere reparierst repariert richtig rief rufe rufst ruft ruhig sache sage sagst sagt sah sammel sammelt schade
schaffe schafft schaue schaust schaut schicke schickt schiebe schiebt schlafe schlaft schlecht schließe schließst schließt schlimm schloss
schneide schnell schreibe schreibt schrieb schwer schwierig sehe sehst seht seite selten sende setze setzst setzt sicher sieht sitze
sitzst sitzt solle sollt sorge sorgt spare sparst spart spiele spielt spreche sprecht spricht spät stand stecke steckt stehe steht steige
steigt stellst stellt stimmst stimmt stock stockwerk stoppe stoppst stoppt stunde störe störst stört stück suche sucht tage tausche
tauscht teilnehme teilnehmt teilst teilt teuer toll total trage tragt treffe trefft treten trifft trinke trinkt typ täglich tür uhr umgehe
umgeht unklar unternehmen unterschreibe unterschreibt verbringe verbringt verdiene verdienst verdient vergehe vergeht vergesse vergessst
vergesst vergisst verkaufe verkauft verlange verlangt verlasse verlassst verlasst verliere verlierst verliert verloren verlängerst
verlängert verschicke verschickt verstanden verstehe versteht versuche versucht veränder veränderst verändert vorbereite vorgehe vorgeht
vorher vorne vorsicht vorstelle vorstellt wachse wachsst wachst wahrscheinlich warm warte wechsel wechselt weg wegwerfe wegwerft weise
weit weitergehe weitergeht weiß wenig wenigstens werdet werfe werft wert wichtig wiederhole wiederholt wirft wisse wissst wisst woche
wochenende wohne wohnt wolle wollt wort wusste wähle wählt wöchentlich wünsche wünscht zahl zahlt zeige zeigt zeit ziehe zieht ziel zimmer
zog zuerst zuletzt zurzeit zurück zurückgebe zurückgebt zusammen zustehe zusteht zusätzlich zwei zweimal zweite änder änderst ändert öffne
öffnt überall übernehme übernehmt übrig
"""

_EVERYDAY = frozenset(
    """
    abendessen airport aktie apartment apotheke aquarium arztbesuch aufzug badezimmer bahnhof balcony balkon barbecue baseball
    basketball bathroom beach bed beer bicycle bier bike birthday blume blumen boiler breakfast brot brötchen bus bushaltestelle
    bürostuhl cafeteria cake canteen capital car carpark carpet carpool ceiling chair charger childcare christmas cinema cloakroom
    clothes coat coffee commute concert cooking couch crèche cup cupboard dance dentist dessert dienstrad dienstreise dienstwagen diet
    dinner dog doorbell dress driveway driving drucker durst dusche easter egg eishockey elevator elternzeit erkältung escalator
    extinguisher fahrkarte fahrrad fahrschein fahrstuhl fasching feierabend feiertag ferien fernseher festival feuerlöscher feuerwehr
    fieber fireplace fisch fish fitness fitnessstudio flight flower flu flug flughafen flugzeug football forklift fridge friseur frisör
    fruit frühling frühstück furniture fußball führerschein garage garden garderobe garten gasoline geburtstag geschenk gewitter
    girlfriend golf grandmother grippe grocery guitar gym gymnastik haircut hairdresser handschuh handtuch hauptstadt hausmeister
    haustier heating heizung helm helmet herbst heuschnupfen hobby hochzeit hockey holiday hose hotel hund hunger husband impfung jacke
    janitor jobrad jogging jubiläum kaffee kantine karneval kartoffel katze keller kettle kilometergeld kindergarten kino kita kitchen
    kleidung klimaanlage konzert krankenkasse krankmeldung kuchen kugelschreiber küche kühlschrank kündigungsfrist lake lamp lampe
    landlord laundry lift lightbulb lobby locker lottery lotto lunch marathon maternity meal mensa microwave miete mietwagen milch milk
    mittagessen mittagspause mortgage motorrad mountain museum mutterschutz möbel mütze nachbar nachtbus nachtschicht neighbor neighbour
    nursery obst ofen olympics ostern oven overtime parental parken parkhaus parking parkplatz paternity pension petrol pflanze pflanzen
    pförtner pharmacy pizza planet plumber pool postage postman potato praline pregnancy printer probation probezeit pub rabatt
    radfahren radiator railway rain rauchen recipe refrigerator regen reifen reisekosten rent rente restaurant resturlaub river roof
    rugby ruhestand rückenschmerzen sabbatical salad salat sandwich sauna scarf schal schnee schnupfen schokolade scholarship schrank
    schreibtisch schuhe schwanger schwangerschaft schwimmbad schwimmen scooter seatbelt seife semesterbeitrag shirt shoe shower shuttle
    silvester skiing smoking snack snow soap soccer sofa sommer soup speiseplan spesen spind sport sprit stairs stairwell stapler stau
    steuererklärung storm straßenbahn stuhl subway summer supermarket supermarkt suppe swimming süßigkeit tankstelle tasse taxi tea
    teapot tee teilzeit tennis teppich theater theatre tischtennis toilet toilette toner towel tractor train tram treppe treppenhaus
    trousers truck turnhalle umbrella umzug uncle uniform urlaub vacation vaccination vegan vegetarian vegetarisch verbandskasten
    vermieter villa vorhang waiter wardrobe waschbecken waschmaschine wasserhahn weather wedding weekend weihnachten weihnachtsfeier
    weihnachtsgeld wein werksverkauf wetter wife wifi wine winter wlan wohnung yoga zahnarzt zigarette zoo überstunden
    """.split()
)
COMPOUND = 6
"""Letters of the shortest everyday word that is known at the head of a longer one ("Kaffeemaschine")."""


@lru_cache(maxsize=2)
def _stems(language: str) -> frozenset[str]:
    listed = _GERMAN_WORDS if language == GERMAN else _ENGLISH_WORDS
    return frozenset(stem(word, language) for word in listed.split())


def common(word: str, language: str) -> bool:
    """Say whether a lower-case word, in any of its forms, is one of those that go with any subject ("pay", "take", "hoch")."""
    return stem(word, language) in _stems(language if language == GERMAN else ENGLISH)


@remembered(8192)
def everyday(word: str) -> bool:
    """Say whether a lower-case word names something of everyday life or of the house that has no part in the use of AI."""
    if word in _EVERYDAY or word.removesuffix("s") in _EVERYDAY:
        return True
    return any(word[:size] in _EVERYDAY for size in range(COMPOUND, len(word)))
