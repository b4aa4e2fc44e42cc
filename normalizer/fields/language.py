"""Which of the four languages a text is in: by script, and Italian from English by their small words."""

import re

_HAN = re.compile(r"[\u3400-\u9fff]")
_CYRILLIC = re.compile(r"[А-Яа-яЁё]")
_WORD = re.compile(r"[a-zà-ú]+")

_ITALIAN = frozenset(
    """il lo la gli le un una uno di del della dei delle da dal dalla dalle in nel nella con su sul per tra che chi cui
    non è sono ho ha hanno abbiamo mi ti ci vi si mio mia nostro nostra questo questa come quando dove perché
    più anche ancora al ad dal dai sulla nei se no molto dopo prima essere stato vorrei riesco posso attendo
    errata accedere utente salve ciao buongiorno buonasera grazie cordiali saluti via viale corso piazza linea
    telefono funziona va guasto segnalo segnalazione cliente contratto codice ieri oggi lunedì martedì mercoledì
    giovedì venerdì sabato domenica lento lenta rete ogni senza nessuna nessun risposta sig signora urgente casa
    ufficio abito cell alla alle allo ai agli e ed o ma reclamo manca assente spia chiamo vostro vostra""".split()  # noqa: SIM905 one word list
)
_ENGLISH = frozenset(
    """the a an of to in on at for with from by and or but not no is are was been be am i we you my our your it this
    that have has had do does did can please pls hi hello hey dear thanks thank regards since yesterday today
    monday tuesday wednesday thursday friday saturday sunday down broken working work internet line phone
    account customer street road flat how what when why again still keeps slow wifi help asap me us there very
    every name call back ticket""".split()  # noqa: SIM905 one word list
)
_TRANSLIT = frozenset(
    """net nebanit inet interneta ne rabotaet rabotaet robit ul ulica kv dom dogovor dnya dnei dney uje uzhe vchera
    segodnya privet zdravstvuite zdravstvuyte dobryi dobryy den vecher pozvonite pomogite svyaz svyazi u menya
    nas spasibo propal propala telefon kvartira adres pozhaluysta pozhaluista srochno televizor kabel pochinite
    nomer""".split()  # noqa: SIM905 one word list
)


def language_of(text: str, default: str) -> str:
    """Name the text's language (ru, zh, it, en), or the default where it doesn't tell."""
    sample = text[:5000]
    han, cyrillic = len(_HAN.findall(sample)), len(_CYRILLIC.findall(sample))
    words = _WORD.findall(sample.lower())
    latin = sum(map(len, words))
    if han and han * 3 >= max(cyrillic, latin):
        return "zh"
    if cyrillic and cyrillic * 3 >= latin:
        return "ru"
    return _latin(words) or (default if not words or default not in ("ru", "zh") else "en")


def _latin(words: list[str]) -> str | None:
    counts = {
        language: sum(word in known for word in words)
        for language, known in (("it", _ITALIAN), ("en", _ENGLISH), ("ru", _TRANSLIT))
    }
    best = max(counts, key=counts.__getitem__)
    tied = [language for language, count in counts.items() if count == counts[best]]
    return best if counts[best] and len(tied) == 1 else None
