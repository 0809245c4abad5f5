"""Words that carry no content of their own: articles, pronouns, auxiliaries, connectives, and all that other checks judge."""

from __future__ import annotations

from knowledge.language import ENGLISH, GERMAN

_GERMAN = frozenset(
    """der die das den dem des ein eine einen einem einer eines kein keine keinen keinem keiner keines und oder sowie sowohl als auch aber
    sondern jedoch doch denn weil da dass daß ob wenn falls sofern solange sobald außer ausgenommen ohne mit von vom zu zum zur bei beim nach vor
    bevor ehe nachdem seit bis in im ins an am ans auf aufs aus für gegen um über unter unterhalb oberhalb durch zwischen während wegen trotz
    gemäß laut entsprechend hinsichtlich bezüglich innerhalb binnen außerhalb je pro per ich du er sie es wir ihr man mich dich sich uns euch
    mir dir ihm ihn ihnen mein meine meinen meinem meiner meines dein deine deinen deinem deiner deines sein seine seinen seinem seiner seines
    ihr ihre ihren ihrem ihrer ihres unser unsere unseren unserem unserer unseres euer eure euren eurem eurer dies diese dieser dieses diesen
    diesem jener jene jenes jenen der derjenige diejenige dasjenige denjenigen diejenigen welche welcher welches welchen welchem wer wen wem
    wessen was wo wohin woher wann wie warum wieso weshalb deren dessen denen hier dort da dorthin dahin darin darauf daran dafür damit davon
    dabei dazu dadurch darüber darunter daraus danach dagegen hierfür hierzu hiervon hierbei wofür womit worin wobei wodurch sein bin bist ist
    sind seid war waren wäre wären gewesen haben habe hast hat habt hatte hatten hätte hätten gehabt werden werde wirst wird werdet wurde
    wurden würde würden worden geworden lassen lässt gelassen nicht nichts nie niemals niemand niemandem niemanden weder noch nur ausschließlich
    lediglich bloß allein erst schon bereits sehr so also dann ebenso ebenfalls gleichfalls zudem außerdem darüber hinaus dabei hierbei zwar
    nämlich etwa circa ca rund ungefähr knapp gut mindestens höchstens maximal minimal längstens spätestens frühestens wenigstens mehr
    weniger alle allen aller alles jede jeder jedes jeden jedem sämtliche sämtlichen irgendein irgendeine irgendeinem irgendeinen irgend ganz
    immer stets jederzeit einige manche beide beiden etwas viel ja nein bitte sogar selbst auch nun jetzt mal eben zwar dürfen durfte durften darf darfst
    dürft dürfte dürften müssen musste mussten muss musst müsst müsste müssten sollen soll sollst sollt sollte sollten können konnte konnten kann kannst könnt könnte könnten
    brauchen braucht brauche brauchst mögen möchte möchten wollen will erlaubt gestattet zulässig zugelassen verboten verbietet verbieten verbot untersagt untersagte untersagen unzulässig
    verpflichtend pflicht obligatorisch vorgeschrieben zwingend nötig notwendig erforderlich möglich möglichst bedarf tabu ausgeschlossen
    beziehungsweise bzw usw etc sogenannte jeweils jeweilige jeweiligen jeweiliger daher deshalb darum deswegen somit folglich demnach trotzdem dennoch
    allerdings hingegen wobei indem sodass damit statt stattdessen anstatt anstelle heraus hinein hin her weg gibt geben geht gehen
    handelt macht machen tun tut getan vorher zuvor dafür vorgesehen fall falle fällen z b d h usf laut zufolge handbuch richtlinie steht
    stehen sobald woraus rein wohl gerade überhaupt zwei eins zurzeit derzeit hierin insbesondere und/oder zeit weise bloße voraussetzung
    vorausgesetzt bedingung ausnahme mal weiter weitere noch andernfalls ansonsten sonst heißt bedeutet mithilfe anhand mittels solche solcher
    solches solchen solchem einander genau bleiben bleibt""".split()
)
_ENGLISH = frozenset(
    """a an the and or nor but yet so if when whenever unless until till while whereas because since as than that which who whom whose what
    where why how whether although though however therefore hence thus moreover furthermore otherwise once provided providing except besides
    apart without with within of in into onto on at to from by for about against between among through during before after above below over
    under up down out off per via upon towards toward regarding concerning according i you he she it we they me him her us them my your his
    its our their mine yours ours theirs myself yourself himself herself itself ourselves yourselves themselves this these those there here
    be am is are was were been being have has had having do does did doing done will would shall should can could may might must ought need
    needs needed needn let lets get gets got make makes made making go goes not no never none nobody nothing neither nowhere only solely
    exclusively merely just also too as well even still already yet again very more less fewer most least at all every each any everyone
    everybody anyone anybody anything everything someone somebody something always some such both either one ones other others own allowed
    permitted permissible forbidden prohibited banned required obligatory mandatory compulsory necessary optional voluntary allow allows
    permit permits require requires able possible impossible acceptable admissible taboo ok okay fine yes please about around approximately
    roughly circa ca nearly almost otherwise s t d ll re ve don doesn isn aren won mustn prohibits prohibit forbids forbid cannot e g i e etc then now ever maximum minimum status whatever whichever
    whoever wherever instead rather long soon means mean applies apply given regard case cases respectively order same thereby therein thereof
    thereafter hereby while handbook policy says say said according like that's it's there's unless exception exceptions condition conditions
    currently far way time thing things hold holds held remain remains stay stays keep rule must'nt them""".split()
)
_GERMAN_COLOURLESS = frozenset(
    """ genutzt nutze benutzt verwende einsetzen eingesetzt setzt setzen tragen trägt getragen kommen kommt gekommen
    liegen liegt stehen steht laufen läuft nehmen nimmt genommen stellen stellt gestellt dienen dient betreffen betrifft bedeuten
    erfolgen erfolgt stattfinden statt finden findet bringen bringt gebracht gegeben geben gibt lauten lautet umfassen umfasst absolvieren absolviert
    bestehen besteht existieren existiert eingeben eingegeben einzugeben gebt enthalten enthält enthaltene richtet richten vorliegen vorliegt
    wäre einzelnen einzelner einzelnes einzige einziges eigene eigenen eigener eigenes eigenem selbst selber selben selbe anderen anderer
    anderes anderem besitzen zahl gedacht bestimmt gelangen gelangt gehören gehört erfordert erfordern benötigt benötigen besonderes
    zusätzlich ordnung sogleich einfach entstehen entsteht genügt genügen reicht reichen ausreichend ausreicht zählt zählen betrachtet gegenüber
    bekommen bekommt erhalten erhält kriegen treffen trifft getroffen ausführen auszuführen ausgeführt durchführen durchgeführt vornehmen vorgenommen
    tätigen erteilt erteilen dasselbe derselbe dieselbe einzigen unter anderem beispiel beispielsweise instanz zugeordnet fassen ersten erste erster weiteren gleich angeht zuerst mal falls wozu stammt stammen meint meinen lang zuständig einlegt einlegen eingelegt wert dauert dauern beträgt betragen beläuft nachfrage rückfrage kopie kommenden maximum minimum status""".split()
) - {"nachfrage", "rückfrage", "kopie"}
_ENGLISH_COLOURLESS = frozenset(
    """use used uses using usage carry carries carried bears consist consists consisting contain contains containing contained come comes came lie lies stand stands cover covers covered
    take takes taken taking stay stays stayed put puts serve serves serving concern concerns involve involves involved involving sole belong belongs exist exists
    happen happens occur occurs arise arises bring brings brought give gives given giving gave count counts enter entered enters entering entry
    single latest earliest other another last next upwards longer enough sufficient suffices suffice
    showing depicting included including include includes inside just sort kind intended meant means mean additional additionally further
    yourself themselves itself regarded considered deemed covering set sets fact thereof receive receives received get gets got having following followed
    work works working run runs make-up ones been looks look put putting wants comes perform performed performs carried out instance example examples among things else full-time""".split()
) - {"work", "works", "working", "", "last", "run", "runs"}
LIGHT = {GERMAN: _GERMAN | _GERMAN_COLOURLESS, ENGLISH: (_ENGLISH - {"keep", "order", "soon"}) | _ENGLISH_COLOURLESS}
"""By language. A light word needs no counterpart in the quote; negation, limits, conditions and the like have checks of their ."""

RESTRICTING = frozenset(
    """selbst selber eigene eigenen eigener eigenes eigenem anderen anderer anderes anderem erste ersten erster
    yourself other another """.split()
)
"""Light words that still bound what they stand with: a sentence may not them out."""

MODAL = frozenset(
    """allowed forbidden must necessary should discouraged exception condition only always never maximum minimum more less all total
    without need optional""".split()
) | {"need not", "not approved"}
"""Glossary concepts with one of these names are to the checks on modality, quantity and condition."""

LABELS = frozenset(
    """level levels class classes course courses section sections version versions article articles paragraph extension extensions
    step steps stage phase tier stufe stufen klasse klassen kurs kurse abschnitt abschnitte version fassung artikel absatz nummer nummern durchwahl
    schritt phase ziffer datenklasse datenklassen""".split()
)
"""Nouns that only say what kind of or code follows."""

AUXILIARY = frozenset(
    """is are was were be been being has have had do does did must may might can could should shall will would need needs ist sind war waren wird
    werden wurde wurden hat haben hatte hatten darf dürfen muss müssen musste kann können soll sollen sollte sollten braucht brauchen bleibt bleiben
    gilt gelten gibt steht stehen liegt liegen kommt kommen geht gehen takes take comes come goes go gets get uses use used carries carry stays stay""".split()
)
"""Words that show that a stretch of text has a verb."""

GENERIC = frozenset(
    """inhalte inhalt inhalten content contents activities activity level period items thing things angaben kontext context rahmen
     users user persons employees staff everyone organisation organization mitarbeitende mitarbeitenden beschäftigte
    beschäftigten nutzende nutzenden benutzende benutzenden tool tools werkzeug werkzeuge werkzeugs werkzeugen
    applied taken ergriffen ergriffene ergriffenen getroffene getroffenen respective jeweiligen jeweilige entsprechenden entsprechende
    ensure ensures ensured implement implementieren implementiert starting beginning treten tritt auftreten auftritt via otherwise sogenannte
    sogenannten so-called gezielt form art weise versteht verstehen granted various worth value frist fristen deadline dauer zeitraum
    verschiedene verschiedenen different ganzen""".split()
)
"""Nouns that restrict nothing: a sentence may them out."""

USING = frozenset("""use used uses using genutzt benutzt einsetzen eingesetzt""".split())
"""Verbs that would make a narrower one wider: what must not be copied may still be used."""

GRAVE = frozenset(
    """lose loses lost delete deleted erase erased remove removed withdraw withdrawn stop stopped block blocked reject rejected refuse refused decline
    declined exclude excluded cancel cancelled end ends ended expire expires revoke revoked miss misses missed fail fails replace replaced
    verlieren verliert verloren löschen löscht gelöscht entfernen entfernt entziehen entzogen stoppen gestoppt sperren gesperrt ablehnen abgelehnt
    verweigern verweigert ausschließen ausgeschlossen beenden beendet endet verfällt verfallen ersetzt ersetzen
    prevent prevents avoid avoids verhindern vermeiden without ohne suspect try tries attempt versuchen versucht""".split()
)
"""Verbs that a sentence round; no other may stand for them."""

FAILING = frozenset(
    "fail fails failed fehlschlägt fehlgeschlagen misslingt scheitert gescheitert lacks missing fehlt fehlen fehlende".split()
)
"""Verbs that a "not" says as well."""

HEDGES = frozenset("möglicherweise vielleicht eventuell gegebenenfalls possibly perhaps potentially maybe".split())
"""Adverbs that "may" says as well."""

SELF = frozenset("yourself yourselves himself herself itself themselves selbst selber eigenhändig persönlich ".split())
"""Words that say that else does it."""
