"""English and Italian names: after a cue, beside a telephone or an address, at the end."""

import re
from collections.abc import Iterator
from itertools import islice

from normalizer.fields.passages import Candidate, Passage
from normalizer.fields.russian import roles
from normalizer.fields.translit import cyrillic_street

_MOST = 100
_WORD = r"[A-ZÀ-Ú][a-zà-ú]{1,20}(?:['’-][A-ZÀ-Ú]?[a-zà-ú]{1,20})?|(?:Mc|Mac|O['’]|D['’]|De|Di|Van)[A-Z][a-z]{1,20}"
_NAME = (
    rf"(?P<name>(?:(?:[A-Z]\. ?){{1,2}})?(?:{_WORD})"
    rf"(?: (?:(?:{_WORD})|[A-Z]\.|(?:de|di|van|von|del|della|al|bin)(?= [A-Z]))){{0,3}})"
)
_TITLE = r"(?:(?:mrs?|ms|miss|dr|prof|ing|dott|dott\.ssa|geom|avv|arch|sig|sig\.ra|sig\.na|signor[ae]?)\.? )?"
_CUE = {
    "en": (
        r"(?:my name is|(?:the )?name is|name ?:|from ?:|sender ?:"
        r"|contact(?: name| person)? ?:|caller ?:|reported by ?:?|ask for"
        r"|speak to|customer name ?:?|(?:kind |best |warm )?regards,?|best wishes,?"
        r"|thanks,?|thank you,?|many thanks,?|cheers,?|yours (?:sincerely|faithfully|truly),?|sincerely,?|signed,?"
        r"|(?<!\w)i am|(?<!\w)i'm|this is|here is|contact|(?:ring|call|contact|phone|text) me,?)"
    ),
    "it": (
        r"(?:mi chiamo|(?:il|la) sottoscritt[oa]|mittente ?:"
        r"|(?<!\w)da ?:|referente ?:?|contatto ?:?|nome(?: e cognome)? ?:?"
        r"|cognome e nome ?:?|intestatari[oa] ?:?|(?:cordiali |distinti )?saluti,?|grazie(?: mille)?,?|firmato,?"
        r"|in fede,?"
        r"|(?<!\w)sono|(?:richiamate|chiamate|contattate)(?:mi| me)[:,]?|chiedere di|parlare con|cliente ?:|utente ?:|abbonat[oa] ?:?)"
    ),
}
_CUED = {
    language: re.compile(rf"(?i:(?<!\w){cue})[\s.!–-]{{1,4}}(?i:{_TITLE}){_NAME}(?![\w@])")
    for language, cue in _CUE.items()
}
_LOWER_CUED = {
    "en": re.compile(r"(?i:my name is|name is) (?P<name>[a-z]{2,15}(?: [a-z]{2,15})?)(?=[,.!;\n]|$)"),
    "it": re.compile(r"(?i:mi chiamo) (?P<name>[a-z]{2,15}(?: [a-z]{2,15})?)(?=[,.!;\n]|$)"),
}
_TITLED = re.compile(rf"(?<!\w)(?:Mrs?|Ms|Miss|Sig\.?ra|Sig|Signora?|Ing|ing|Dott|dott|[Gg]eom|[Aa]vv|[Aa]rch|[Rr]ag|Dr|Prof)\.? {_NAME}(?![\w@])")
_BESIDE = re.compile(
    rf"(?<![\w.@]){_NAME}(?=[\s,:;(–-]{{1,3}}(?:(?i:tel|cell|mob|mobile|phone|ph|e-?mail|cellulare|telefono"
    rf"|fisso)[.: ]{{0,3}})?\x01)"
)
_LONE_BESIDE = re.compile(rf"(?:^|[.!?\n]\s{{0,2}}){_NAME}(?=, {{0,2}}\x01)")
_AFTER = re.compile(rf"\x01[\s,;.)–-]{{1,4}}{_NAME}(?=[\s.,!]{{0,3}}(?:\n|$))")
_LOWER_AFTER = re.compile(r"\x01[\s,;–-]{1,3}(?P<name>[a-z]{3,12})(?=[\s.!)]{0,3}$)")
#: Anna Galli, via Dante 3; Anna Galli, contratto 4512: address and account are claimed.
_ADDRESSED = re.compile(
    rf"(?:^|[.!?\n\x01]\s{{0,2}}|\x01[,;]? ){_NAME}"
    r"(?=(?:,|\s?[–(-])\s?(?:(?i:cod(?:ice|\.)|client|cliente|contratto|acc(?:oun)?t|acc|customer|contract|dogovor|ref)"
    r"[a-z .:°]{0,16})?\0)"
)
_LAST = re.compile(rf"(?:\n|\0\s|[.!?,]\s{{1,2}}|\s[–-] ?)(?i:{_TITLE}){_NAME}[\s.]{{0,4}}\Z")
_OWN_LINE = re.compile(rf"^[ \t]{{0,4}}(?i:{_TITLE}){_NAME}[ \t,.]{{0,4}}$", re.MULTILINE)
_SALUTED = re.compile(
    r"(?:dear|hello|hi|hey|gentil\w+|egregi\w+|spett\w*\.?|caro|cara|ciao|salve"
    r"|buongiorno),?\s{1,2}(?:sig\.?(?:ra)?|signor[ae]?|mrs?\.?|ms\.?)?\s?$",
    re.IGNORECASE,
)

#: For whom somebody else writes: the carer of Mrs Webb, per mia nonna, Teresa Villa.
_FOR_HIM = re.compile(
    r"(?<!\w)(?:of|for|behalf of|per|di|"
    r"(?:my|mia|mio|our|her|his)(?: \w+)? (?:mother|father|mum|dad|neighbou?r|gran\w*|aunt|uncle|client|madre|padre|nonn[ao]|zi[ao]|vicin[ao])"
    r"),?\s{1,2}(?:(?:mrs?|ms|miss|dr|sig|sig\.ra|signora?)\.? )?$",
    re.IGNORECASE,
)

_NOT_NAMES = frozenset(
    """account address again hallo alta apartment asap best bill broadband buongiorno buonasera cable call city cliente
    codice contact contratto cordiali corso customer dear distinti email engineer fibra fibre flat good grazie
    guasto hello help hi id internet italia kind landline line linea list london milano roma torino napoli modem
    monday tuesday wednesday thursday friday saturday sunday my no noc numero office operator our phone please
    piazza problem provider pls regards router salve saluti sent service signal since sincerely sir sorry still
    subject support team telefono telecom thank thanks the there this ticket tv unable urgent urgente user
    utente via viale we wifi your yours sono senza lunedì martedì mercoledì giovedì venerdì sabato domenica non
    attendo chiedo resto inviato sent from iphone android nessuna nessun il la lo un una per con dal contattare
    circuit priority critical january february march april may june july august september october november
    december street road avenue ancora adsl ftth reclamo segnalazione oggetto spett spia ditta server cell
    cellulare tel mobile fisso""".split()  # noqa: SIM905 one word list
)
_TITLES = frozenset({"mr", "mrs", "ms", "miss", "dr", "prof", "sig", "ing", "dott", "signor", "signora"})
_ORGANIZED = frozenset(
    """africa assets connect impact expected
    center centre communications company cloud customer corporation delivery department desk
    engineering foundation global group gmbh inc international limited ltd maintenance management network
    networks notice notification noc office online operations planned platform plc scheduled security server
    service services software solutions spa srl support systems team technology telecom technologies web window
    world lottery secret path sender assistenza servizio ufficio clienti""".split()  # noqa: SIM905 one word list
)
_GIVEN = frozenset(
    """osvaldo ubaldo amalia gladys winifred mabel ethel mavis audrey ivor cyril reggie abby abdul abigail adele aidan alec alison amit ana anita annie archie ash ashley barry becky bella bernard
    beth betty bill billy bob brenda bruce callum carl carol cath cathy chloe claire clive craig darren dave dawn dean
    debbie dennis derek diane dominic donald doris dorothy doug duncan dylan ed eddie edith eileen ellie emily erica
    ethan evan faith finn fran frances freya gareth gary gavin geoff gerald gill glenn gordon hazel hugh iris isaac
    ivy jackie jamie janice jayne jay jeff jeremy jill joanna joanne joel jonny jordan josh joyce judith judy karl
    kath kathy kay keira kelly ken kenneth kerry kirsty kyle lee leah lesley lewis lily linda liz lorna lorraine
    lynn maggie malcolm mandy marcus marian marie marion max meera mel mia mick molly mohammad nadine naomi natalie
    nigel nina norman owen pam paddy pamela pat penny phil pippa poppy raj ray rebecca reg ricky robbie rodney roger
    ron rory rosie ross roy russell samir sanjay scott shane sheila shirley sid sophia stan stella stewart stacey
    suzanne sylvia tanya tara ted terry tess theo tina toby todd tracey tracy trevor vicky victoria vince violet
    wayne yasmin yvonne zach zara
    ada aldo agata alba alessio alfio alice ambra amedeo andreina angelica anita annalisa annamaria antonia assunta
    aurora benedetta bianca brigida carmelo cesare cinzia clara concetta corrado damiano danilo debora delia desiree
    dino elda elio elvira emilio ernesto ezio fabiola fausto fiorella flavia flavio fulvio gabriella gaia gennaro
    gianfranco gianmarco gianpaolo ginevra giordano giuliano graziella greta guido igor ines ivano ivo jacopo katia
    lara letizia lidia liliana loredana loris lucrezia luciana mara marcella mariangela marianna mariella marina
    mattia mauro mila milena mirella mirko morena nadia nando natale nicoletta nives noemi norma nunzio orietta
    ornella oriana ottavio palmira patrizio pierluigi pina pino raffaella raffaello remo rocco rodolfo romano romeo
    rosalia rossana rossella ruggero sabrina sabina samuele santo saverio sebastiano silvana silvano simonetta
    tania tatiana teodoro tommaso ugo umberto valentino vanda veronica vincenza virginia viviana walter
    adam adele adriana adriano agnese ahmed aisha alan alberto aldo alex alessandra alessandro alessia alessio
    alfredo alice alison amanda amina amy ana andrea andrew angela angelo ann anna anne anthony antonella
    antonio arianna arthur barbara beatrice ben benjamin beth bianca brian bruno camilla carla carlo carlos
    carmela carmen carol caterina catherine cecilia charles charlotte chiara chloe chris christine claire
    claudia claudio colin cristian cristina daniel daniela daniele dario david davide deborah diana diego dmitry
    domenico donatella donna edoardo edward elena eleonora elisa elisabetta elizabeth ella ellen emanuele emily
    emma enrico enzo eric ettore eva fabio fabrizio fatima federica federico filippo fiona francesca francesco
    franco frank gabriele gabriella gaetano gemma george gerardo giacomo gianluca gianni gina giorgia giorgio
    giovanna giovanni giulia giuliana giulio giuseppe gloria grace graham grazia greg hannah harry hassan
    heather helen henry ian ibrahim ilaria irene isabella ivan ivana jack jacob jake james jane janet jason jean
    jennifer jenny jessica jim joan joe john jonathan joseph joshua julia julian julie karen kate katie keith
    kevin kim kofi laura lauren leo leonardo liam linda lisa livia lorena lorenzo luca lucia luciano lucy
    ludovica luigi luisa luke manuel manuela marcello marco margaret margherita maria marina mario marisa mark
    marta martin martina mary massimo matilde matteo matthew maurizio megan melissa michael michela michele
    miguel mike miriam mirko mohamed mohammed monica nadia natalia nathan neil nick nicola nicolas nicole noah
    nora olga olivia omar oscar paola paolo pasquale patricia patrick patrizia paul paula pedro peter pete
    philip piero pietro priya rachel raffaele rebecca renata renato renzo riccardo richard rita rob robert
    roberta roberto robin rosa rosanna rosario rose ruth ryan sally salvatore sam samantha samuel sandra sara
    sarah sean serena sergio sharon silvia silvio simon simona simone sofia sonia sophie stefania stefano
    stephen steve steven stuart sue susan susanna teresa thomas tim tina tiziana tom tommaso tony umberto
    valentina valeria valerio vanessa vera veronica victor victoria vincent vincenzo vito vittoria vittorio
    walter wendy will william yusuf zoe""".split()  # noqa: SIM905 one word list
)


def names(
    passage: Passage, *, own: bool = False, language: str = "en", translit: bool = False
) -> Iterator[Candidate]:
    """Find the reporter's name; `own` says that the text is the sender's signature, `translit` that it is Russian."""
    text = passage.open
    rules = [
        (_CUED[language], 0.94),
        (_TITLED, 0.85),
        (_LONE_BESIDE, 0.88),
        (_BESIDE, 0.88),
        (_AFTER, 0.88),
        (_ADDRESSED, 0.86),
        (_LAST, 0.86),
        (_OWN_LINE, 0.9 if own else 0.75),
    ]
    weaker = (_LONE_BESIDE, _BESIDE, _AFTER)
    for pattern, confidence in rules:
        for match in islice(pattern.finditer(text), _MOST):
            name = _person(match["name"])
            told = pattern in (_CUED[language], _TITLED, _LONE_BESIDE)
            weak = bool(
                re.match(r"(?i:i am|i'm|this is|here is|(?:ring|call|contact|phone|text) me|richiamate|chiamate|contattate|contact(?! ?(?:name|person)? ?:)|sono)", match[0])
            ) and not (" " in (name or "") or _is_given(name or "", translit=translit))
            lone = not told and " " not in (name or "") and not _is_given(name or "", translit=translit)
            his = pattern in (_TITLED, *weaker) and _FOR_HIM.search(passage.before(match.start("name"), 40))
            if name and not weak and not lone and not his and not _SALUTED.search(passage.before(match.start("name"), 30)):
                yield passage.candidate("reporter.name", name, match.span("name"), confidence)
    for match in islice(_LOWER_CUED[language].finditer(text), 1):
        if not set(match["name"].split()) & _NOT_NAMES:
            yield passage.candidate("reporter.name", match["name"].title(), match.span("name"), 0.85)
    for match in islice(_LOWER_AFTER.finditer(text), 1):
        if _is_given(match["name"], translit=translit):
            yield passage.candidate("reporter.name", match["name"].title(), match.span("name"), 0.8)


def _is_given(word: str, *, translit: bool) -> bool:
    """Tell a given name, also a Russian one in Latin letters."""
    return word.lower() in _GIVEN or (translit and "first:Name" in roles(cyrillic_street(word)))


def _person(written: str) -> str | None:
    """Give the words that can be a name, up to the first that can't; a firm or a desk has none."""
    words: list[str] = []
    for word in written.split():
        if word.lower() in _TITLES and not words:
            continue
        if word.lower() in _ORGANIZED:
            return None
        if word.lower() in _NOT_NAMES:
            break
        words.append(word)
    return " ".join(words) or None
