"""Letters as customers write them, invented anew for every seed, with what they say known."""

import random
from dataclasses import dataclass


@dataclass(frozen=True)
class Letter:
    """One page of text and the facts in it; `text` is what a reader of the page must give, line by line."""

    language: str
    text: str
    name: str
    phone: str  # E.164
    written_phone: str
    email: str
    account: str
    city: str
    street: str  # without a word for "street"
    house: str
    flat: str
    date: str


def letter(language: str, seed: int) -> Letter:
    """Write the letter of a seed in ru, it, zh or en: letterhead, greeting, three or four paragraphs, signature."""
    rng = random.Random(f"{language}/{seed}")
    told = FACTS[language]
    first, mail = rng.choice(told["names"])
    phone, written = _phone(language, rng)
    facts = {
        "name": first,
        "mail": f"{mail}{rng.randrange(10, 99)}@{rng.choice(('mail.example', 'post.example', 'gate.example'))}",
        "phone": written,
        "account": str(rng.randrange(10**8, 10**9)),
        "city": rng.choice(told["cities"]),
        "street": rng.choice(told["streets"]),
        "house": str(rng.randrange(1, 180)),
        "flat": str(rng.randrange(1, 250)),
        "date": f"{rng.randrange(1, 29):02}.{rng.randrange(1, 13):02}.2026",
        "speed": str(rng.choice((50, 100, 200, 300, 500))),
        "hour": f"{rng.randrange(7, 23)}:{rng.randrange(60):02}",
        "days": str(rng.randrange(2, 9)),
    }
    chosen = rng.sample(told["paragraphs"], 4)
    blocks = [*told["head"], *chosen, *told["foot"]]
    text = "\n\n".join(block.format(**facts) for block in blocks)
    return Letter(
        language=language, text=text, name=first, phone=phone, written_phone=written, email=facts["mail"],
        account=facts["account"], city=facts["city"], street=facts["street"], house=facts["house"],
        flat=facts["flat"], date=facts["date"],
    )  # fmt: skip


def _phone(language: str, rng: random.Random) -> tuple[str, str]:
    def digits(count: int) -> str:
        return "".join(str(rng.randrange(10)) for _ in range(count))

    if language == "ru":
        code, one, two, three = rng.choice(("917", "927", "903", "960")), digits(3), digits(2), digits(2)
        return f"+7{code}{one}{two}{three}", rng.choice(("8 ({}) {}-{}-{}", "+7 {} {}-{}-{}")).format(
            code, one, two, three
        )
    if language == "it":
        code, rest = rng.choice(("347", "338", "320", "333")), digits(7)
        return f"+39{code}{rest}", f"{code} {rest[:3]} {rest[3:]}"
    if language == "zh":
        code, rest = rng.choice(("138", "139", "186", "157")), digits(8)
        return f"+86{code}{rest}", f"{code}{rest}"
    rest = digits(6)
    return f"+447700{rest}", f"07700 {rest}"


FACTS: dict[str, dict[str, list]] = {  # type: ignore[type-arg] - names come with the beginning of their mail address
    "ru": {
        "names": [
            ("Петров Иван Сергеевич", "petrov"), ("Кузнецова Мария Андреевна", "kuznetsova"),
            ("Сидоренко Олег Викторович", "oleg.s"), ("Фёдорова Анна Павловна", "anna.f"),
            ("Юсупов Рустам Маратович", "rustam"), ("Щербакова Ольга Николаевна", "olga.sch"),
            ("Жданов Эдуард Игоревич", "zhdanov"), ("Цветкова Людмила Юрьевна", "mila"),
        ],
        "cities": ["Пенза", "Самара", "Казань", "Саратов", "Тольятти", "Ульяновск"],
        "streets": ["Московская", "Суворова", "Кирова", "Красная", "Володарского", "Чкалова", "Гагарина", "Лермонтова"],
        "head": [
            "Начальнику службы технической поддержки\nООО «Телеком Плюс»\nот абонента {name}\n"
            "проживающего по адресу: г. {city}, ул. {street},\nд. {house}, кв. {flat}",
            "ЗАЯВЛЕНИЕ",
            "Прошу устранить неисправность по договору № {account}.",
        ],
        "paragraphs": [
            "С {date} у меня не работает интернет. На модеме горит красный\nиндикатор LOS, перезагрузка не помогает. "
            "Кабель в квартире цел,\nв подъезде видны следы ремонта.",
            "Скорость по тарифу {speed} Мбит/с, но вечером после {hour} она падает\nдо 2 Мбит/с, страницы не "
            "открываются, фильмы постоянно\nостанавливаются. Проверял на двух компьютерах и телефоне.",
            "Я уже {days} раза звонил оператору, заявку приняли, но мастер так\nи не пришёл. Мне обещали перезвонить "
            "в течение суток, однако\nникто не позвонил.",
            "Домашний телефон тоже молчит: в трубке нет гудка, слышен только\nтреск. Соседи по этажу жалуются на ту "
            "же самую проблему.",
            "На экране телевизора появляется сообщение «Нет сигнала», картинка\nрассыпается на квадраты и пропадает "
            "звук. Приставку меняли в мае.",
            "Если ремонт займёт больше недели, прошу сделать перерасчёт\nабонентской платы за весь период простоя "
            "и сообщить письменно.",
            "Удобнее всего принять мастера в будние дни после {hour} или\nв субботу утром. Домофон не работает, "
            "прошу звонить заранее.",
        ],
        "foot": [
            "Контактный телефон: {phone}\nЭлектронная почта: {mail}\nЛицевой счёт: {account}",
            "{date}                              {name}",
        ],
    },
    "it": {
        "names": [
            ("Giovanni Rossi", "g.rossi"), ("Maria Bianchi", "m.bianchi"), ("Luca Ferrari", "lferrari"),
            ("Chiara Esposito", "chiara"), ("Francesca Colombo", "fcolombo"), ("Niccolò Ricci", "n.ricci"),
        ],
        "cities": ["Milano", "Torino", "Bologna", "Firenze", "Genova", "Napoli"],
        "streets": ["Garibaldi", "Mazzini", "Roma", "Dante Alighieri", "XX Settembre", "Cavour", "Verdi"],
        "head": [
            "Spett.le Telecom Più S.p.A.\nUfficio assistenza clienti\n\nMittente: {name}\n"
            "Via {street} {house}, interno {flat}\n{city}",
            "Oggetto: segnalazione guasto, contratto n. {account}",
            "Gentili signori,",
        ],
        "paragraphs": [
            "dal {date} la connessione a Internet non funziona. La spia LOS del\nmodem è rossa e il riavvio non ha "
            "risolto nulla. Il cavo in casa\nè integro, ma nelle scale ci sono stati dei lavori.",
            "Il contratto prevede {speed} Mbit/s, però la sera dopo le {hour} la velocità\nscende sotto 2 Mbit/s. Ho "
            "provato con due computer e con il telefono,\nsempre con lo stesso risultato.",
            "Ho già chiamato {days} volte il servizio clienti: la richiesta è stata\nregistrata, ma nessun tecnico "
            "si è presentato e nessuno mi ha\nrichiamato entro il giorno successivo.",
            "Anche il telefono di casa è muto: non c'è il segnale di linea e si\nsente soltanto un fruscio. I vicini "
            "hanno lo stesso problema.",
            "Sul televisore compare il messaggio «Nessun segnale», l'immagine si\nblocca e l'audio sparisce. Il "
            "decoder è stato sostituito a maggio.",
            "Se la riparazione richiedesse più di una settimana, chiedo il rimborso\ndel canone per tutto il periodo "
            "e una risposta scritta.",
            "Sono disponibile nei giorni feriali dopo le {hour} oppure il sabato\nmattina. Il citofono è rotto, vi "
            "prego di telefonare prima.",
        ],
        "foot": [
            "Telefono: {phone}\nPosta elettronica: {mail}\nCodice cliente: {account}",
            "Cordiali saluti\n{name}\n{city}, {date}",
        ],
    },
    "en": {
        "names": [
            ("James Whitfield", "j.whitfield"), ("Margaret Hughes", "mhughes"), ("Oliver Bennett", "oliver.b"),
            ("Charlotte Davies", "charlotte"), ("William Fletcher", "wfletcher"), ("Amelia Knight", "aknight"),
        ],
        "cities": ["Leeds", "Bristol", "Sheffield", "Norwich", "Exeter", "York"],
        "streets": ["Victoria Road", "Church Lane", "Station Road", "Mill Street", "Queens Avenue", "Park Road"],
        "head": [
            "Telecom Plus Ltd\nCustomer Support Department\n\nFrom: {name}\nFlat {flat}, {house} {street}\n{city}",
            "FAULT REPORT, account {account}",
            "Dear Sir or Madam,",
        ],
        "paragraphs": [
            "Since {date} my internet connection has been down. The red LOS\nlight on the modem is on and restarting "
            "it does not help. The cable\nin the flat is fine, but there was building work on the stairs.",
            "My plan promises {speed} Mbit/s, yet every evening after {hour} the speed\ndrops below 2 Mbit/s, pages "
            "time out and films keep stopping. I have\ntried two computers and a mobile phone.",
            "I have already called your operators {days} times. A ticket was opened,\nbut the engineer never came and "
            "nobody called me back within the\npromised day.",
            "The home telephone is dead as well: there is no dial tone, only\ncrackling. My neighbours on this floor "
            "complain about the same.",
            "The television shows the message \"No signal\", the picture breaks into\nsquares and the sound "
            "disappears. The box was replaced in May.",
            "If the repair takes more than a week, please refund the monthly fee\nfor the whole period and confirm "
            "this in writing.",
            "The best time for a visit is a weekday after {hour} or Saturday\nmorning. The doorbell is broken, so "
            "please telephone first.",
        ],
        "foot": [
            "Telephone: {phone}\nEmail: {mail}\nAccount number: {account}",
            "Yours faithfully,\n{name}\n{date}",
        ],
    },
    "zh": {
        "names": [
            ("王建国", "wangjg"), ("李秀英", "lixy"), ("张伟明", "zhangwm"), ("刘晓红", "liuxh"),
            ("陈志强", "chenzq"), ("赵丽华", "zhaolh"),
        ],
        "cities": ["杭州市", "南京市", "成都市", "武汉市", "西安市"],
        "streets": ["中山路", "解放路", "人民路", "建设路", "文化路"],
        "head": [
            "电信客户服务中心:",
            "故障申报单",
            "申报人:{name}\n地址:{city}{street}{house}号{flat}室\n客户编号:{account}",
        ],
        "paragraphs": [
            "从{date}开始,我家的宽带无法上网,光猫上的红灯一直闪烁,\n重新启动以后仍然没有恢复。室内线路完好,楼道里最近有人施工,\n"
            "可能把光缆碰断了。",
            "我办理的是{speed}兆套餐,可是每天晚上{hour}以后网速非常慢,\n网页打不开,看电影经常中断。我用两台电脑和一部手机都试过,\n"
            "结果完全一样。",
            "我已经打过{days}次客服电话,客服人员说已经登记,但是维修师傅\n一直没有来,也没有人给我回电话,请尽快安排处理。",
            "家里的固定电话也没有声音,拿起话筒听不到拨号音,只有杂音。\n同一层楼的邻居也反映了同样的问题。",
            "电视画面出现马赛克,经常提示没有信号,声音时断时续。\n机顶盒是今年五月刚刚更换的,遥控器工作正常。",
            "如果维修时间超过一个星期,请按照合同减免相应的月租费用,\n并以书面形式答复我本人。",
            "工作日下午{hour}以后或者星期六上午家里有人,上门之前请先\n打电话联系,门铃坏了,按了也听不见。",
        ],
        "foot": [
            "联系电话:{phone}\n电子邮箱:{mail}",
            "申报人签名:{name}\n{date}",
        ],
    },
}  # fmt: skip
