"""Invented Russian reports for the simulated stream: put together from parts, with typing errors, and labelled.

A part of the phrases turns up only as the stream goes on, as new matters do. Whatever is measured on them tells how the
loop of clerk and model behaves, and nothing about the mail of a real desk.
"""

import random

from classifier.model import Sample

OPENINGS = (
    "", "", "", "Здравствуйте!", "Добрый день.", "Добрый вечер, пишу по поводу услуги.", "Привет", "Уважаемые господа!",
    "День добрый, коллеги.", "Здравствуйте, извините за беспокойство.", "Пишу вам впервые.", "Опять я.",
)  # fmt: skip
CLOSINGS = (
    "", "", "", "Спасибо.", "Жду ответа.", "С уважением, Лапин", "Заранее благодарю!", "Лесная 7, кв 12", "дог. 40117",
    "Перезвоните после шести", "Отправлено с телефона", "Абонент Гусева, Школьная 3", "Прошу ответить письменно.",
)  # fmt: skip
CONTEXTS = (
    "роутер ваш", "роутер свой, купили весной", "подключены давно", "живу на пятом этаже", "пользуюсь вайфаем",
    "тариф самый простой", "за всё оплачено", "телефон и телевизор тоже ваши", "ребёнок учится из дома",
    "работаю удалённо", "раньше такого не было", "пароль не менял", "скорость по тарифу сто", "ноутбук старый",
)  # fmt: skip
MATTERS: dict[str, tuple[str, ...]] = {
    "incident": (
        "с утра совсем нет интернета", "пропала связь во всём подъезде", "на терминале загорелся красный индикатор",
        "кабель в щитке кто-то перерезал", "телефонная линия молчит", "на линии сильный шум и треск",
        "после грозы ничего не включается", "интернет рвётся каждые несколько минут",
        "телевизор рассыпается на кубики", "мастер обещал прийти и не пришёл, связи нет",
        "перезагрузка ничего не дала, сети нет", "провода оборваны и висят над тротуаром",
        "дозвониться до нас никто не может", "канал между офисами лежит", "терминалы оплаты в магазине не видят сеть",
        "соседи по площадке тоже без сети", "заявку закрыли, а ничего не чинили",
        "порт на вашем коммутаторе не поднимается", "с вечера потери пакетов больше половины",
        "дом обесточен по слаботочке, ящик вскрыт", "мышь перегрызла оптику на чердаке", "в трубке чужие голоса",
        "авария на узле, лежат все порты", "номер экстренной службы не набирается",
        "экскаватор порвал линию у дороги", "затопило коммутационный шкаф",
    ),
    "typical_fix": (
        "не помню пароль от вайфая", "как сменить имя сети", "хочу поставить новый роутер и не знаю настроек",
        "вайфай слабый в дальней комнате", "по вайфаю медленно, а по кабелю нормально", "как войти в личный кабинет",
        "где посмотреть остаток на счету", "пульт не переключает каналы", "приставка требует пин-код",
        "каналы пропали из списка, надо найти заново", "как включить переадресацию", "оплатил, а доступ не открыли",
        "как взять обещанный платёж", "не открывается один сайт", "роутер сбросили на заводские",
        "нужна детализация звонков", "как приостановить договор на лето", "телефон не видит сеть пять гигагерц",
        "принтер не подключается к вайфаю", "забыл код от сим-карты", "как отключить платную подписку",
        "почта не настраивается на телефоне", "как сменить тариф", "в роуминге не работает передача данных",
        "нет звука в приставке", "как скачать квитанцию",
    ),
    "other": (
        "предлагаем вам сотрудничество и скидки", "спасибо за хорошую работу", "ищу работу монтажником",
        "ваш оператор мне нагрубил", "прошу выслать акт сверки", "требую вернуть деньги и извиниться",
        "когда протянете оптику в наш посёлок", "приглашаем на выставку", "хочу расторгнуть договор",
        "поздравляем с праздником", "кому писать по поводу аренды крыши", "подключите новую квартиру",
        "почему подняли цены", "ваша машина перегородила двор", "прошу справку для суда",
        "просто хотел поздороваться",
    ),
}  # fmt: skip
SHARES = {"incident": 0.45, "typical_fix": 0.38, "other": 0.17}
_KNOWN = 0.5  # of the matters, from the first day


def stream(length: int, dice: random.Random) -> list[Sample]:
    """Invent so many reports, in the order in which they come."""
    orders = {label: dice.sample(matters, len(matters)) for label, matters in MATTERS.items()}
    return [_report(orders, place / length, dice) for place in range(length)]


def _report(orders: dict[str, list[str]], passed: float, dice: random.Random) -> Sample:
    label = dice.choices(list(SHARES), list(SHARES.values()))[0]
    matters = orders[label]
    turned_up = max(1, round(len(matters) * (_KNOWN + (1 - _KNOWN) * passed)))
    parts = [dice.choice(matters[:turned_up])]
    if dice.random() < 0.6:
        parts.insert(dice.randrange(2), dice.choice(CONTEXTS))
    text = f"{dice.choice(OPENINGS)} {', '.join(parts)}{dice.choice('.!?,  ')} {dice.choice(CLOSINGS)}"
    return Sample(text=_mistyped(" ".join(text.split()), dice), label=label, language="ru")


def _mistyped(text: str, dice: random.Random) -> str:
    """Leave out, double or swap letters here and there; some write all in small letters."""
    letters = list(text.lower() if dice.random() < 0.4 else text)
    for _ in range(dice.choice((0, 0, 1, 2, 4))):
        place = dice.randrange(max(1, len(letters) - 1))
        kind = dice.randrange(3)
        if kind == 0:
            del letters[place]
        elif kind == 1:
            letters.insert(place, letters[place])
        else:
            letters[place : place + 2] = reversed(letters[place : place + 2])
    return "".join(letters)
