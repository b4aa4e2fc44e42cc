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
        r"|(?<!\w)sono|(?:richiamate|chiamate|contattate)(?:mi| me)[:,]?|chiedere di|parlare con|cliente ?:|utente ?:"
        r"|abbonat[oa] ?:?)"
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
_TITLED = re.compile(
    rf"(?<!\w)(?:Mrs?|Ms|Miss|Sig\.?ra|Sig|Signora?|Ing|ing|Dott|dott|[Gg]eom|[Aa]vv|[Aa]rch|[Rr]ag|Dr"
    rf"|Prof)\.? {_NAME}(?![\w@])"
)
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
    r"(?:my|mia|mio|our|her|his)(?: \w+)? (?:mother|father|mum|dad|neighbou?r|gran\w*|aunt|uncle|client|madre|padre"
    r"|nonn[ao]|zi[ao]|vicin[ao])"
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
    """abby abdul abigail ada adam adele adriana adriano agata agnese ahmed aidan aisha alan alba alberto aldo alec
    alessandra alessandro alessia alessio alex alfio alfredo alice alison amalia amanda ambra amedeo amina amit amy
    ana andrea andreina andrew angela angelica angelo anita ann anna annalisa annamaria anne annie anthony
    antonella antonia antonio archie arianna arthur ash ashley assunta audrey aurora barbara barry beatrice becky
    bella ben benedetta benjamin bernard beth betty bianca bill billy bob brenda brian brigida bruce bruno callum
    camilla carl carla carlo carlos carmela carmelo carmen carol caterina cath catherine cathy cecilia cesare
    charles charlotte chiara chloe chris christine cinzia claire clara claudia claudio clive colin concetta corrado
    craig cristian cristina cyril damiano daniel daniela daniele danilo dario darren dave david davide dawn dean
    debbie debora deborah delia dennis derek desiree diana diane diego dino dmitry domenico dominic donald
    donatella donna doris dorothy doug duncan dylan ed eddie edith edoardo edward eileen elda elena eleonora elio
    elisa elisabetta elizabeth ella ellen ellie elvira emanuele emilio emily emma enrico enzo eric erica ernesto
    ethan ethel ettore eva evan ezio fabio fabiola fabrizio faith fatima fausto federica federico filippo finn
    fiona fiorella flavia flavio fran frances francesca francesco franco frank freya fulvio gabriele gabriella
    gaetano gaia gareth gary gavin gemma gennaro geoff george gerald gerardo giacomo gianfranco gianluca gianmarco
    gianni gianpaolo gill gina ginevra giordano giorgia giorgio giovanna giovanni giulia giuliana giuliano giulio
    giuseppe gladys glenn gloria gordon grace graham grazia graziella greg greta guido hannah harry hassan hazel
    heather helen henry hugh ian ibrahim igor ilaria ines irene iris isaac isabella ivan ivana ivano ivo ivor ivy
    jack jackie jacob jacopo jake james jamie jane janet janice jason jay jayne jean jeff jennifer jenny jeremy
    jessica jill jim joan joanna joanne joe joel john jonathan jonny jordan joseph josh joshua joyce judith judy
    julia julian julie karen karl kate kath kathy katia katie kay keira keith kelly ken kenneth kerry kevin kim
    kirsty kofi kyle lara laura lauren leah lee leo leonardo lesley letizia lewis liam lidia liliana lily linda
    lisa livia liz loredana lorena lorenzo loris lorna lorraine luca lucia luciana luciano lucrezia lucy ludovica
    luigi luisa luke lynn mabel maggie malcolm mandy manuel manuela mara marcella marcello marco marcus margaret
    margherita maria marian mariangela marianna marie mariella marina mario marion marisa mark marta martin martina
    mary massimo matilde matteo matthew mattia maurizio mauro mavis max meera megan mel melissa mia michael michela
    michele mick miguel mike mila milena mirella miriam mirko mohamed mohammad mohammed molly monica morena nadia
    nadine nando naomi natale natalia natalie nathan neil nick nicola nicolas nicole nicoletta nigel nina nives
    noah noemi nora norma norman nunzio olga olivia omar oriana orietta ornella oscar osvaldo ottavio owen paddy
    palmira pam pamela paola paolo pasquale pat patricia patrick patrizia patrizio paul paula pedro penny pete
    peter phil philip pierluigi piero pietro pina pino pippa poppy priya rachel raffaele raffaella raffaello raj
    ray rebecca reg reggie remo renata renato renzo riccardo richard ricky rita rob robbie robert roberta roberto
    robin rocco rodney rodolfo roger romano romeo ron rory rosa rosalia rosanna rosario rose rosie ross rossana
    rossella roy ruggero russell ruth ryan sabina sabrina sally salvatore sam samantha samir samuel samuele sandra
    sanjay santo sara sarah saverio scott sean sebastiano serena sergio shane sharon sheila shirley sid silvana
    silvano silvia silvio simon simona simone simonetta sofia sonia sophia sophie stacey stan stefania stefano
    stella stephen steve steven stewart stuart sue susan susanna suzanne sylvia tania tanya tara tatiana ted
    teodoro teresa terry tess theo thomas tim tina tiziana toby todd tom tommaso tony tracey tracy trevor ubaldo
    ugo umberto valentina valentino valeria valerio vanda vanessa vera veronica vicky victor victoria vince vincent
    vincenza vincenzo violet virginia vito vittoria vittorio viviana walter wayne wendy will william winifred
    yasmin yusuf yvonne zach zara zoe""".split()  # noqa: SIM905 one word list
)


def names(passage: Passage, *, own: bool = False, language: str = "en", translit: bool = False) -> Iterator[Candidate]:
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
                re.match(
                    r"(?i:i am|i'm|this is|here is|(?:ring|call|contact|phone|text) me|richiamate|chiamate|contattate"
                    r"|contact(?! ?(?:name|person)? ?:)|sono)",
                    match[0],
                )
            ) and not (" " in (name or "") or _is_given(name or "", translit=translit))
            lone = not told and " " not in (name or "") and not _is_given(name or "", translit=translit)
            his = pattern in (_TITLED, *weaker) and _FOR_HIM.search(passage.before(match.start("name"), 40))
            if (
                name
                and not weak
                and not lone
                and not his
                and not _SALUTED.search(passage.before(match.start("name"), 30))
            ):
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
