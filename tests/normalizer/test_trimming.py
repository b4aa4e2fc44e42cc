"""New text, quotation, signature and footer of mails in four languages, as their programs write them."""

from typing import Any

import pytest

from normalizer.trimming import trim
from normalizer.trimming.endings import is_device
from records.reading import Mailbox

OURS: dict[str, Any] = {"own_addresses": ("help@aurora.example",), "own_domains": ("aurora.example",)}

ATTRIBUTIONS = [
    "пт, 20 нояб. 2026 г. в 10:00, Помощь Аврора <help@aurora.example>:",
    "19 ноября 2026 г., 10:00 пользователь Помощь <help@aurora.example> написал:",
    "Четверг, 19 ноября 2026, 10:00 +03:00 от Помощь <help@aurora.example>:",
    "Вы писали 19 ноября 2026 г., 10:00:35:",
    "В Чт, 19/11/2026 в 10:00 +0300, Помощь пишет:",
    "Помощь писала 2026-11-19 10:00:",
    "Il giorno gio 19 nov 2026 alle ore 10:00 Aiuto <help@aurora.example>\nha scritto:",
    "Il 19/11/26 10:00, Aiuto ha scritto:",
    "In data 19 novembre 2026 10:00:11 Aiuto <help@aurora.example> ha scritto:",
    "在 2026年11月19日 10:00，客服 <help@aurora.example> 写道：",
    "客服 <help@aurora.example> 于2026年11月19日周四 10:00写道：",
    "2026-11-19 10:00 GMT+08:00 Help <help@aurora.example>:",
    "On Thu, Nov 19, 2026 at 10:00 AM Help <\nhelp@aurora.example> wrote:",
    "On Nov 19, 2026,\nat 10:00,\nHelp <help@aurora.example> wrote:",
    "Help <help@aurora.example> schrieb am Do. 19. Nov. 2026\num 10:00 Uhr:",
    "Le jeu. 19 nov. 2026 à 10:00, Help <help@aurora.example> a écrit :",
    "W dniu 19.11.2026 o 10:00, Help pisze:",
    "Quoting Help <help@aurora.example>:",
]

BLOCKS = [
    "От: Помощь <help@aurora.example>\nОтправлено: 19 ноября 2026 г. 11:20\nКому: Анна\nТема: RE: Заявка",
    "________________________________\nОт: help@aurora.example\nДата: 19.11.2026 11:20\nКому: Анна\nТема: Заявка",
    "-----Исходное сообщение-----\nОт: Помощь [mailto:help@aurora.example]\nОтправлено: 19 ноября 2026 г.",
    '----------------\nКому: anna@mail.example;\nТема: Заявка;\n19.11.2026, 10:00, "Помощь" <help@aurora.example>:',
    "Da: Aiuto <help@aurora.example>\nInviato: giovedì 19 novembre 2026 10:00\nA: Anna\nOggetto: Re: guasto",
    "发件人： 客服\n发送时间： 2026-11-19 10:00\n收件人： anna\n主题： 回复: 申告",
    '------------------ 原始邮件 ------------------\n发件人: "客服" <help@aurora.example>;\n发送时间: 2026年11月19日',
    "*From:* Help <help@aurora.example>\n*Sent:* Thursday, November 19, 2026 10:00 AM\n*To:* Ann\n*Subject:* RE: x",
    "----- Original Message -----",
]


@pytest.mark.parametrize("opening", ATTRIBUTIONS)
def test_marked_text_below_an_attribution_is_quoted(opening: str) -> None:
    told = trim(f"No dial tone.\n\n{opening}\n\n> Dear customer,\n> restart it.\n\nAnd no television.")
    assert told.new_text.split("\n\n") == ["No dial tone.", "And no television."]
    assert opening in told.quoted_text
    assert "restart it" in told.quoted_text


@pytest.mark.parametrize("opening", BLOCKS)
def test_all_below_a_header_block_is_quoted(opening: str) -> None:
    told = trim(f"Всё по-прежнему.\n\n{opening}\n\nУважаемый абонент, перезагрузите роутер.\n\nС уважением")
    assert told.new_text == "Всё по-прежнему."
    assert told.quoted_text.startswith(opening)


@pytest.mark.parametrize(
    "text",
    [
        "Прошу проверить линию.\nТема: телефон\nОт: Иванова Мария\nКому: в техподдержку\nТелефон молчит.",
        "Не работает:\n-----\nинтернет\nтелефон 63-00-15",
        "Договор\n--\n104777\nне работает интернет",
        "От: ООО Лютик, тел. 63-00-15\nКому: узел связи\nДата: 19.11.2026 09:58\nТема: связь\n\nНет связи.",
        "Имя: Анна\nДата: 19.11.2026 10:00\nТема: нет связи\nОт: anna@mail.example\nСообщение: с утра нет связи",
        "Обещали > 100 Мбит\nа по факту < 5\n> и так каждый день",
        "On the other hand,\nwe wrote to you on Monday and nobody came.",
        "19.11.2026 в 10:00 я писал вам на help@aurora.example:\nнет связи. Ответа нет до сих пор.",
        "On 19 Nov 2026 I wrote to help@aurora.example:\nno dial tone. Nobody answered.",
        "19.11 мастер мне сказал и написал:\nзавтра приду. Не пришёл.",
        "Не работает:\n- интернет\n- телефон\n- Телевидение",
        "Итог:\n----\nскорость 3 Мбит\n----\nЖду мастера.",
        "Заявка от сайта\n-----\nИмя: Анна\nТелефон: +7 900 111-22-33\nE-mail: anna@mail.example",
    ],
)
def test_what_a_customer_wrote_himself_stays(text: str) -> None:
    assert trim(text).new_text == text


def test_answers_between_quoted_questions_stay() -> None:
    told = trim(
        "> Какой роутер?\nKeenetic\n> Лампочка горит?\nНет\n\n> Спасибо", subject="Re: Заявка", answers_ours=True
    )
    assert [line for line in told.new_text.splitlines() if line] == ["Keenetic", "Нет"]


def test_a_mark_lost_by_wrapping_is_still_a_quotation() -> None:
    quoted = "> " + "long words " * 7
    told = trim(f"Ok.\n\nOn Nov 19, 2026, Help <help@aurora.example> wrote:\n{quoted}\nlost rest\n> end\n\nAnd more.")
    assert told.new_text == "Ok.\n\nAnd more."


@pytest.mark.parametrize(
    ("opening", "end"),
    [
        ('-------- Пересылаемое сообщение --------\n19.11.2026, 20:15, "Тимур" <timur@mail.example>:', ""),
        (
            "---------- Forwarded message ---------\nFrom: Тимур <timur@mail.example>\nDate: 19 Nov 2026\nSubject: x",
            "",
        ),
        ("---------- Messaggio inoltrato ---------\nDa: Тимур <timur@mail.example>\nData: 19/11/2026", ""),
        ("---------- 转发邮件 ----------\n发件人: Тимур <timur@mail.example>\n日期: 2026年11月19日", ""),
        (
            '-------- Пересылаемое сообщение --------\n19.11.2026, 20:15, "Тимур" <timur@mail.example>:',
            "-------- Конец пересылаемого сообщения --------",
        ),
    ],
)
def test_a_forwarded_report_is_kept_with_its_author(opening: str, end: str) -> None:
    told = trim(f"Примите.\n\n{opening}\n\nНет связи, Полевая 7.\n{end}", **OURS)
    assert told.new_text.split("\n\n")[0] == "Примите."
    assert told.new_text.endswith("Нет связи, Полевая 7.")
    assert told.forwarded
    assert told.forwarded_from == Mailbox("Тимур", "timur@mail.example")


def test_marked_forwarded_text_loses_its_marks() -> None:
    told = trim("Примите\n\nНачало переадресованного сообщения:\n\n> От: Тимур <t@mail.example>\n> \n> Нет связи")
    assert told.new_text.splitlines()[-1] == "Нет связи"


def test_of_a_forwarded_chain_the_innermost_author_reports() -> None:
    told = trim(
        f"FYI\n\n{OUTLOOK.replace('Анна', 'Борис').replace('Нет связи', '')}\n\n{OUTLOOK}", subject="FW: x", **OURS
    )
    assert told.forwarded_from == Mailbox("Анна", "anna@mail.example")
    assert told.new_text.endswith("Нет связи.")


def test_our_own_mail_is_quoted_even_where_it_is_forwarded() -> None:
    text = 'Почему?\n\n-------- Пересылаемое сообщение --------\n19.11.2026, "Помощь" <help@aurora.example>:\nПринято.'
    told = trim(text, subject="Fwd: Заявка", **OURS)
    assert told.new_text == "Почему?"
    assert not told.forwarded


OUTLOOK = (
    "Примите.\n\nОт: Анна <anna@mail.example>\nОтправлено: 19 ноября 2026 г. 11:20\nКому: Б\nТема: x\n\nНет связи."
)


@pytest.mark.parametrize(
    ("subject", "answers_ours", "own", "kept"),
    [
        ("FW: нет связи", False, {}, True),
        ("Пересл: нет связи", False, {}, True),
        ("I: guasto", False, {}, True),
        ("转发：宽带", False, {}, True),
        ("Нет связи", False, OURS, True),  # a stranger's mail below a new subject is handed on
        ("Нет связи", False, {}, False),  # nothing tells a stranger from us
        ("RE: нет связи", False, OURS, False),
        ("R: guasto", False, OURS, False),
        ("回复：宽带", False, OURS, False),
        ("FW: нет связи", True, OURS, False),
        (None, False, OURS, False),
    ],
)
def test_a_header_block_alone_is_forwarded_by_subject_and_sender(
    *, subject: str | None, answers_ours: bool, own: dict[str, Any], kept: bool
) -> None:
    told = trim(OUTLOOK, subject=subject, answers_ours=answers_ours, **own)
    assert ("Нет связи." in told.new_text) is kept
    assert told.forwarded is kept


def test_a_mail_of_a_quotation_alone_keeps_what_is_not_ours() -> None:
    alone = 'On 8 May 2026 17:34, "Ann" <ann@mail.example> wrote:\n\n    no picture\n\nIt should show one.'
    assert trim(alone).new_text.startswith("    no picture")
    assert trim(alone.replace("mail.example", "aurora.example"), **OURS).new_text == ""


def test_a_header_block_alone_names_the_author() -> None:
    block = OUTLOOK.removeprefix("Примите.\n\n")
    assert trim(block).new_text == trim(block, subject="Re: x").new_text == "Нет связи."
    assert trim(block).forwarded_from == Mailbox("Анна", "anna@mail.example")
    assert trim(block, subject="Re: x").forwarded_from is None


def test_a_mail_of_marked_text_alone_says_nothing_new() -> None:
    told = trim("> On Nov 19, 2026, Help <help@aurora.example> wrote:\n>\n> Restart it.")
    assert (told.new_text, "Restart it." in told.quoted_text) == ("", True)


@pytest.mark.parametrize(
    "footer",
    [
        "Отправлено с iPhone",
        "Отправлено из мобильного приложения Яндекс Почты",
        "-- \nОтправлено из Почты Mail.ru",
        "Sent from my Galaxy",
        "Get Outlook for iOS<https://aka.example/x>",
        "Inviato dal mio dispositivo Huawei",
        "发自我的 iPhone",
        "--\nЭто сообщение проверено на вирусы антивирусом Avast.\nhttps://avast.example/antivirus",
        "Настоящее сообщение предназначено исключительно для адресата и содержит конфиденциальные сведения.",
        "AVVISO DI RISERVATEZZA: le informazioni sono riservate al solo destinatario.",
        "This e-mail is confidential and intended for the addressee only.\nIf you have received it by error, drop it.",
        "本邮件及其附件含有保密信息，如您误收，请删除。",
        "_______________________________\nusers mailing list\nusers@list.example\nhttp://list.example/listinfo/users",
    ],
)
def test_footers_that_nobody_wrote_go(footer: str) -> None:
    told = trim(f"Нет связи, Полевая 7.\n\n{footer}\n\n> старое\n")
    assert told.new_text == "Нет связи, Полевая 7."


@pytest.mark.parametrize(
    "line",
    [
        "Sent from my desk, is much easier than my telephone was.",
        "Отправлено с вашего сайта, но ответа нет",
        "Отправил с телефона фото, роутер не горит",
        "Inviato da me il 19 un reclamo",
    ],
)
def test_a_sentence_is_no_device_line(line: str) -> None:
    assert not is_device(line)


@pytest.mark.parametrize(
    "signature",
    [
        "С уважением,\nПётр Иванов\nинженер\nтел. +7 900 111-22-33",
        "С уважением, Пётр Сидоров, директор ООО «Лютик», +7 900 111-22-33",
        "Cordiali saluti\nMario Rossi\nTel. 02 1234567",
        "Kind regards,\n\nJohn Doe\nCEO @ Acme",
        "-Ann Lee",
        "此致\n敬礼\n王建国\n电话：024-88331122",
    ],
)
def test_a_closing_with_details_is_the_signature(signature: str) -> None:
    told = trim(f"Нет связи.\n\n{signature}\n\nOn Nov 19, 2026, Help <help@aurora.example> wrote:\n> Restart it.")
    assert (told.new_text, told.signature) == ("Нет связи.", signature)


def test_the_lines_below_a_signature_rule_are_the_signature() -> None:
    told = trim("Нет связи.\n\n-- \nПётр Иванов, +7 900 111-22-33")
    assert (told.new_text, told.signature) == ("Нет связи.", "Пётр Иванов, +7 900 111-22-33")


@pytest.mark.parametrize(
    "text",
    [
        "Нет связи.\n\nСпасибо,\nАнна",
        "Нет связи.\n\nС уважением,\nИванова М.П.\nул. Полевая 5, кв. 12\nтел. 52-00-18",
        "Нет связи.\n\nСпасибо,\nжду сегодня вашего звонка на этот номер.\n+7 900 111-22-33",
        "Нет связи.\n\nС уважением, Иван\n\nP.S. И телевидение тоже не работает, звоните +7 900 111-22-33",
    ],
)
def test_a_closing_that_tells_more_or_nothing_stays(text: str) -> None:
    assert trim(text).new_text == text


def test_line_ends_of_all_systems_are_one() -> None:
    assert trim("a\r\n\r\n> b\r\nc").new_text == trim("a\n\n> b\nc").new_text == trim("a\r\r> b\rc").new_text


@pytest.mark.parametrize("text", ["", "\n\n", "   ", ">", "--", "-- \n", "Sent from my iPhone"])
def test_texts_of_almost_nothing(text: str) -> None:
    assert trim(text).new_text.strip() in {"", text.strip()}


@pytest.mark.parametrize(
    "note",
    [
        "Пересылаю жалобу абонента, примите в работу.",
        "Forwarding this for you.",
        "Vi inoltro la segnalazione.",
        "转发客户申告，请处理。",
    ],
)
@pytest.mark.parametrize("subject", [None, "Не работает интернет"])
def test_a_colleague_s_note_says_that_he_hands_on_a_report(note: str, subject: str | None) -> None:
    text = (
        f"{note}\n\nОт: Иванова Мария <maria@mail.example>\nОтправлено: 19 ноября 2026 г. 11:20\n"
        "Кому: Отдел продаж <sales@isp.example>\nТема: Нет интернета\n\nВторой день нет интернета.\n"
    )
    told = trim(text, subject=subject)
    assert told.forwarded_from == Mailbox("Иванова Мария", "maria@mail.example")
    assert "Второй день" in told.new_text
    answered = trim(text, subject="RE: Не работает интернет", answers_ours=True)
    assert "Второй день" not in answered.new_text
