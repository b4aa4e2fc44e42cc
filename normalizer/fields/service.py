"""Which service fails, in the customer's words."""

import re
from collections.abc import Iterator
from itertools import islice

from normalizer.fields.passages import BLANK, Candidate, Passage
from normalizer.fields.words import first, table
from records.words import Service

#: A fibre to a firm is told before the Internet that runs over it, the Internet before the set beside it.
_SERVICES = table(
    [
        (
            Service.LEASED_LINE,
            (
                r"канал\w{0,2} (?:№ ?)?[a-zа-я]{1,8}-[\da-zа-я]|\bip ?vpn\b|(?:канал"
                r"|связ)\w* [^.!?\n]{0,30}между (?:офис|филиал|площадк)"
                r"|канал\w* арендован|выделенн\w+ (?:канал|лини)|арендован\w+ (?:канал|у вас|лини)|канал\w* связи"
                r"|l[23] ?vpn|vpn ?l[23]"
                r"|\bmpls\b|\bvpls\b|\bepl\b"
                r"|транспортн\w+ канал|стык|circuit|interconnect|\bevpl\b|\bволс\b|crc err|\be1\b|leased line"
                r"|dedicated (?:line|link)|linea dedicata|专线|电路|ddn"
            ),
        ),
        (
            Service.BROADBAND,
            (
                r"(?:интернет\w*|инет\w*)(?: и|,) (?:приставк|тв\b|телев|кабельн|ip-?t|телефон)|(?:тв|телевиден\w+"
                r"|приставк\w+|ip-?tv) и (?:интернет|инет)"
                r"|internet and (?:tv|iptv)|internet e (?:la )?tv|宽带和电视"
            ),
        ),
        (
            Service.IPTV,
            (
                r"ip-?tv|ip-?тв|приставк|умно\w+ (?:тв|телевид)|смарт-?тв|smart ?tv|интерактивн\w+ (?:тв|телев)"
                r"|set[- ]?top|decoder|\bstb\b|\btv[- ]box|机顶盒|网络电视"
            ),
        ),
        (
            Service.BROADBAND,
            (
                r"(?<!мобильный )(?<!мобильного )(?:интернет|\bинет)|(?<!mobile )internet|\binet|\bx?[av]?dsl|fttb"
                r"|ftt[bhx]|pppoe|ipoe|ро?утер|маршрутизатор"
                r"|router|модем|modem|wi-?fi|вай-? ?фа|широкополос|broadband"
                r"|fibra|fibre|терминал\w*\b|\bont\b|\bонт\b"
                r"|ютуб|youtube|(?:get|go|be) online|оптоволок|статическ\w+ (?:ip|айпи|адрес)|айпи|无线|speedtest"
                r"|торр?ент|скачива|\bпинг|\bping\b"
                r"|ошибк\w* [678]\d\d\b|error [678]\d\d\b|errore [678]\d\d\b|мбит|mbit|mbps|сайт[аы]?\b|\blos\b"
                r"|connession|connection|работаю удал|удал[её]нк|宽带|网速|上网|光猫"
                r"|路由器|断网|网络|没网|没有网|网(?:还是|一直|又"
                r"|也)?(?:上不|断|不通"
                r"|慢|不好)|скорост"
            ),
        ),
        (
            Service.CABLE_TV,
            (
                r"\bbbc ?\d|\bitv\b|канал [«\"]?(?:матч|перв|росси|нтв|тнт|стс|культур)|кабельн\w+ (?:тв|телев)"
                r"|кабельн(?:ое|ого)\b|\bтв\b|телеви"
                r"|\bтелик|\btv\b|\b[кц]тв\b|канал(?:ы|а|ов|ах"
                r"|ам)\b|картинк|televis|channels|canali|有线电视|电视"
            ),
        ),
        (
            Service.MOBILE,
            (
                r"мобильн\w+ (?:связ|интернет)|сотов\w+ связ|сим-?карт|\bsim\b"
                r"|роуминг|не ловит|mobile (?:data|network"
                r"|signal|internet)|rete mobile|roaming|手机信号|流量"
            ),
        ),
        (
            Service.TELEPHONY,
            (
                r"(?<!на )(?<!с )телефон\w{0,3} (?:не ?работ|молч|трещ|фонит|хрип|глух|домашн"
                r"|отключ|без гудк)|не ?работает (?:\w+ ){0,2}телефон(?!ах|е\b)|ip-?телефон|\bтрубк|переадресаци"
                r"|чужие голоса|(?:домашн|городск|стационарн)\w+:? (?:номер|тел\b|№|\d)|call forwarding|(?:домашн"
                r"|стационарн|городск"
                r"|проводн)\w+ (?:телефон|лини|аппарат)"
                r"|гуд(?:ок|к[аиов]+)\b|телефонн\w+ (?:лин|ап|связ|номер|пров|кабел)"
                r"|(?<!горячую )(?<!горячая )(?<!горячей )лини[июяей]+\b|(?:исходящ|входящ)\w+ (?:связ|звон)"
                r"|(?:нет|без|починить|отремонтировать|отключили|молчит"
                r"|трещит) (?:домофон и )?телефон|\bатс\b|\bvoip\b"
                r"|\bsip\b|\btelefon\b|межгород|呼叫转移|dial out|buzzing|(?:deviazione|trasferimento) di chiamata"
                r"|слыш\w* собеседник|собеседник\w* (?:не |плохо )слыш"
                r"|телефон\w{0,3} [^.!?\n]{0,40}молч|dial tone|(?:nuisance|spam|scam|incoming|outgoing) calls?\b"
                r"|факс\w* не|\bfax [^.!?\n]{0,30}(?:non|not|isn)"
                r"|(?:tele)?phone [^.!?\n]{0,40}(?:dead|not work|no tone|silent)|land ?line|phone line"
                r"|telephone (?:line|is)"
                r"|phone (?:is|has been|line)|crackl|座机|固话|拨号音|杂音|电话[\d-]{5,14}(?:打|不|没|坏|有|断|无)"
                r"|电话(?:打|不|没|坏|有|断|听|障碍|无)"
                r"|telefono fisso"
                r"|linea telefonica|il (?:mio )?telefono (?:non|è|gracchia|fisso)"
            ),
        ),
    ]
)
_WORKS = re.compile(
    r"(?:интернет\w*|телефон\w*|тв|телевидение|вай-?фай|wi-?fi) (?:при этом |тоже |у нас )?(?:работает|есть"
    r"|в порядке|норм\w*)(?!,? (?:плохо|медленн|с |очень|еле|через|но |нестаб))"
    r"|(?:internet|wifi|phone|tv) (?:works|is fine|is ok)|internet funziona"
)


def service(passage: Passage) -> Iterator[Candidate]:
    """Find the service that fails; one that is said to work is none."""
    text = passage.lower
    for found in reversed(list(islice(_WORKS.finditer(text), 20))):
        if text[max(0, found.start() - 3) : found.start()] != "не ":
            text = f"{text[: found.start()]}{BLANK * len(found[0])}{text[found.end() :]}"
    yield from first(passage, text, "service", _SERVICES, 0.9)
