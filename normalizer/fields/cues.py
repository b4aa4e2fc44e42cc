"""Words around a telephone number that tell what it is for, by language. They meet lower-case text."""

import re


def _table(**patterns: str) -> dict[str, re.Pattern[str]]:
    return {language: re.compile(pattern) for language, pattern in patterns.items()}


#: Directly before a local number of five to seven digits.
LOCAL = _table(
    ru=r"(?:telefon\w{0,2}|nomer|тел|телеф|телефон\w*|номер\w*|лини[яиюей]+|звон\w*(?: с)?|домашн\w+|городск\w+|т"
    r"|стационарн\w+"
    r"|проводн\w+)[ .:№n,(-]{0,5}$",
    zh=r"(?:电话|号码|座机|固话|热线)[ :：是为]{0,3}$",
    it=r"(?:tel|telefono|telef0no|fisso|numero|linea|utenza|chiamare)[ .:n°]{0,4}$",
    en=r"(?:phone|tel|telephone|line|landline|number|call|on)[ .:no]{0,5}$",
)
#: A number to call back.
CALL_BACK = _table(
    ru=r"(?<!до)звон(?!к)|для связи|контакт|конт\.|моб|сот\w*[ .:]|связ[аь]т|ватсап|whatsapp|вайбер|viber|перезвон"
    r"|мой (?:номер|тел)|(?:мой|моя) ?[:–-]? ?$",
    zh=r"联系|手机|回电|致电|打我",
    it=r"cell|richiam|contatt|chiamat|recapit|mobile|referente",
    en=r"call me|call back|reach me|contact|mobile|cell|my (?:phone|number)|ring me",
)
#: A number that the fault is about, named as such.
FAULTY_LABEL = _table(
    ru=r"(?:неисправн\w+|поврежд[её]нн\w+) (?:номер|телефон|лини)\w*[ :№]*$",
    zh=r"(?:障碍|故障|申告|报修|报障)(?:号码|电话)[ :：]*$",
    it=r"(?:linea|numero|utenza) guast\w+[ :]*$",
    en=r"(?:faulty|affected) (?:number|line|phone)[ :]*$",
)
LINE = _table(
    ru=r"телефон|telefon|лини[яиюей]|аппарат|домашн|городск|стационарн|проводн|номер|(?:^|\W)тел\b",
    zh=r"电话|座机|固话|号码|线路",
    it=r"telef|linea|fisso|numero|utenza",
    en=r"phone|line|number|dial tone on|noise on",
)
FAULT_AFTER = _table(
    ru=r"[^.!?\n]{0,45}(?:не ?работ|молч|треск|трещ|шум|гудк|не ?слыш|отключ|не ?исправ|исходящ|входящ|соед|глух"
    r"|не ?звон|обрыв|замолч"
    r"|хрип|слышно|умер|нет связи|сломал|фонит|не отвеча|не функц)",
    zh=r"[^。！？\n]{0,20}(?:没有|无|不|杂音|坏|断|障碍|故障)",
    it=r"[^.!?\n]{0,40}(?:non |gracchia|isolat|mut[oa]|guast|disturb|fruscio|senza|cade)",
    en=r"[^.!?\n]{0,40}(?:dead|no dial|crackl|nois|not work|n't work|down|silent|faulty|out of order|no tone|cuts)",
)
FAULT_BEFORE = _table(
    ru=r"отремонт|почин|провер\w+ (?:лини|телеф|номер)|исправ|восстанов|не ?работает|повреж|нет гудка|молчит|трещит"
    r"|отключил|шум|треск|гудк\w+ нет|зуммер|(?:нет|без) телефон|ne ?rabota",
    zh=r"障碍|故障|坏了|不通|报修",
    it=r"guast|isolat|non funziona|ripar|muta?\b|disturb",
    en=r"no dial tone|nois|crackl|dead|fault|repair|fix|not working",
)
#: Directly behind a number that no word calls a telephone.
FAULT_AT_ONCE = re.compile(r"\s?[,–-]?\s?(?:не ?работ|молч|трещ|глух|нет гудк|отключ|не отвеч)")
#: A telephone named in the same sentence, before a number that has a telephone's shape.
IN_CLAUSE = re.compile(r"(?<!\w)(?:тел|телефон\w*|номер\w*|лини\w+|аппарат\w*)(?!\w)[^.!?\n]{0,45}$")
#: A text about a telephone line: a local number in it that nobody asks to call is the line.
ABOUT_LINE = re.compile(r"зуммер|гудк[аиов]+|гудок|шорох|щелч|треск|拨号音")
#: A number of ours or of a third party: the hot line, the clinic.
NOT_HIS = _table(
    ru=r"(?:звонил\w*|дозвон\w*|обращал\w*)(?: \w+){0,2} (?:на|по) [^,.;\n]{0,12}$"
    r"|горяч\w+ лини\w{0,3}[^,.;!?\n]{0,12}$"
    r"|служб\w+ поддержки[^,;\n]{0,20}$|техподдержк\w*[^,;\n]{0,12}$"
    r"|менеджер[^.\n]{0,40}$|колл-?центр\w*[^,;\n]{0,12}$|ваш\w* (?:тел|номер)[^,;\n]{0,12}$",
    zh=r"客服(?:电话|热线)?[ :：]*$|拨打了?[ ]*$",
    it=r"numero verde[ :]*$|(?:chiamato|telefonato) [^,;\n]{0,20}$|assistenza[ :]*$",
    en=r"(?:called|rang|phoned) [^,;\n]{0,20}$|(?:support|help ?line|hot ?line)[^,;\n]{0,10}$",
)
#: A fax machine's number, unless it is a telephone's too.
FAX = re.compile(
    r"(?<!тел/)(?<!тел\./)(?<!телефон/)(?<!tel/)(?<!tel\./)(?<!电话/)(?:факс|(?<!\w)fax|传真)(?: ?№| no\.?| n\.?)?"
    r"[ .:：]{0,3}$"
)
#: A relative's number, used where there is no better.
SOMEBODY = _table(
    ru=r"муж|жен[аыу]|дочер|дочк|сын|мам|пап|сосед|брат|сестр|родител",
    zh=r"丈夫|妻子|儿子|女儿|邻居",
    it=r"marito|moglie|figli|vicin",
    en=r"husband|wife|son\b|daughter|neighbour|mother|father",
)
