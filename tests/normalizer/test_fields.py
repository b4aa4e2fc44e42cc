"""The finders' rules one by one: whom to trust, what is never read, what a hostile text may cost."""

import signal
import subprocess
import sys
from datetime import date
from types import FrameType

import pytest

from normalizer.fields import Found, find
from normalizer.fields.areas import with_area
from normalizer.fields.language import language_of
from normalizer.fields.lookalikes import repair
from normalizer.fields.numerals import chinese_digits, spelled
from normalizer.fields.russian import respelled
from normalizer.fields.translit import cyrillic_street
from records.arrival import Envelope
from records.reading import Mailbox, Reading
from records.words import Service, Urgency
from tests.normalizer.field_scores import context


def _read(text: str = "", *, language: str = "ru", **rest: object) -> Found:
    reading = Reading(media_type="text/plain", text=text, new_text=text, **rest)  # type: ignore[arg-type]
    return find(reading, context(language))


def test_an_empty_report_tells_nothing() -> None:
    found = _read()

    assert found == Found(language="ru")


def test_quoted_text_is_never_read() -> None:
    quoted = "> Договор 104523, Лунина 5-7, тел. 8 927 111-22-33, Иванов Пётр"
    found = _read("Нет интернета", quoted_text=quoted)

    assert found.reporter.phone is None
    assert found.reporter.name is None
    assert found.affected.account is None
    assert found.affected.address.street is None


def test_the_body_is_trusted_before_subject_and_signature() -> None:
    found = _read("Договор 300111. Нет связи", subject="договор 300222", signature="договор 300333")

    assert found.affected.account == "300111"
    assert found.evidence["affected.account"].where == "body"
    assert found.conflicts == ()


def test_the_signature_gives_name_and_phone() -> None:
    found = _read("Нет интернета", signature="С уважением,\nВера Лугова\n+7 927 555 10 20")

    assert (found.reporter.name, found.reporter.phone) == ("Вера Лугова", "+79275551020")
    assert found.evidence["reporter.name"].where == "signature"


def test_the_sender_is_known_by_the_header() -> None:
    found = _read("Нет интернета", from_=Mailbox("Вера Лугова", "vera@mail.example"))

    assert (found.reporter.name, found.reporter.email) == ("Вера Лугова", "vera@mail.example")
    assert found.evidence["reporter.email"].where == "from"


def test_the_text_says_the_whole_name() -> None:
    header = Mailbox("Вера", "vera@mail.example")

    assert _read("Нет связи. Лугова Вера Ильинична", from_=header).reporter.name == "Лугова Вера Ильинична"
    assert _read("Нет связи. Вера", from_=Mailbox("Вера Лугова", "v@mail.example")).reporter.name == "Вера Лугова"


def test_a_desk_is_nobody() -> None:
    assert _read("Нет связи", from_=Mailbox("Служба поддержки", "a@mail.example")).reporter.name is None


def test_the_envelope_is_the_last_resort() -> None:
    reading = Reading(media_type="text/plain", new_text="Нет связи")
    found = find(reading, context("ru", envelope=Envelope(sender="vera@mail.example")))

    assert found.reporter.email == "vera@mail.example"
    assert found.evidence["reporter.email"].where == "envelope"


def test_our_own_addresses_are_not_the_reporters() -> None:
    found = _read("Пишу на help@telecom.example", from_=Mailbox("Desk", "desk@telecom.example"))

    assert found.reporter.email is None


def test_a_forwarded_report_is_its_authors() -> None:
    found = _read(
        "Прошу помочь.\n\nНет интернета со вчерашнего дня, договор 200551.",
        signature="С уважением, Анна Белова\n+7 927 000 11 22",
        from_=Mailbox("Анна Белова", "belova@office.example"),
        forwarded_from=Mailbox("Тимур Галеев", "timur@mail.example"),
        quoted_text='18.11.2026, 20:15, "Тимур Галеев" <timur@mail.example>:',
    )

    assert (found.reporter.name, found.reporter.email) == ("Тимур Галеев", "timur@mail.example")
    assert found.reporter.phone is None
    assert found.since == date(2026, 11, 17)


def test_yesterday_of_an_undated_forwarded_report_is_unknown() -> None:
    forwarded = Mailbox("Тимур Галеев", "timur@mail.example")

    assert _read("Нет интернета со вчерашнего дня", forwarded_from=forwarded).since is None


def test_arrival_is_never_the_beginning() -> None:
    assert _read("Нет интернета").since is None


def test_two_accounts_are_a_conflict() -> None:
    found = _read("Договор 300111, договор 300222, нет интернета")

    assert found.affected.account is None
    assert found.conflicts == ("affected.account",)


def test_a_local_number_gets_a_known_area_only() -> None:
    reading = Reading(media_type="text/plain", new_text="Телефон 52-34-18 не работает")

    assert find(reading, context("ru")).affected.line == "523418"
    assert find(reading, context("ru", city="Пенза")).affected.line == "+78412523418"
    assert find(reading, context("ru", city="Неведомск")).affected.line == "523418"


@pytest.mark.parametrize(
    ("local", "city", "region", "expected"),
    [
        ("523418", "Пенза", "RU", "+78412523418"),
        ("5234180", "Пенза", "RU", None),
        ("65873345", "上海市", "CN", "+862165873345"),
        ("523418", None, "RU", None),
        ("5551234", "Milano", "IT", None),
    ],
)
def test_area_codes(local: str, city: str | None, region: str, expected: str | None) -> None:
    assert with_area(local, city, region) == expected


def test_free_numbers_are_not_called_back() -> None:
    assert _read("Нет связи. Звонил на 8-800-100-20-30").reporter.phone is None


def test_tax_numbers_and_receipts_are_no_telephones() -> None:
    found = _read("ООО «Тест», ИНН 9270112233, чек 89270112233, р/с 89270112234. Нет интернета")

    assert found.reporter.phone is None
    assert found.affected.account is None


def test_own_and_foreign_numbers() -> None:
    assert _read("заявка №77120, никто не пришёл").reference == "77120"
    assert _read("см. FR 2026-0001187").reference == "FR-2026-0001187"
    assert _read("Билайн. Заявка 20261120/55, нет линка на порту").external_id == "20261120/55"
    assert _read("Our ticket TT-551200: circuit down", language="en").external_id == "TT-551200"


def test_a_faulty_line_means_telephony() -> None:
    found = _read("номер 49-18-22 молчит")

    assert (found.affected.line, found.service) == ("491822", Service.TELEPHONY)
    assert found.evidence["service"].text == "49-18-22"


def test_claims() -> None:
    assert _read("Срочно почините!").urgency is Urgency.URGENT
    assert _read("Это не срочно").urgency is Urgency.NORMAL
    assert _read("Просим взять на контроль").urgency is Urgency.CONTROL
    assert _read("Повторно прошу мастера").repeated
    assert not _read("Прошу мастера").repeated


@pytest.mark.parametrize(
    ("text", "default", "expected"),
    [
        ("не работает интернет", "en", "ru"),
        ("宽带上不了网 wifi", "ru", "zh"),
        ("la linea non funziona da ieri", "ru", "it"),
        ("the line is down", "ru", "en"),
        ("nebanit internet uje 3 dnya", "en", "ru"),
        ("12345", "it", "it"),
        ("", "zh", "zh"),
        ("wi-fi", "ru", "en"),
    ],
)
def test_languages(text: str, default: str, expected: str) -> None:
    assert language_of(text, default) == expected


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("Петр0ва", "Петрова"),
        ("0т", "От"),
        ("д. З4, кв. 1О", "д. 34, кв. 10"),
        ("8 9l7 234", "8 917 234"),
        ("15.11.2О26г", "15.11.2026г"),
        ("Лeбeдeв Cepгeй", "Лебедев Сергей"),
        ("144б 5к2 1а-56", "144б 5к2 1а-56"),
        ("Wi-Fi D-Link HG8245 PNZ-L2-00417", "Wi-Fi D-Link HG8245 PNZ-L2-00417"),
    ],
)
def test_lookalikes(written: str, expected: str) -> None:
    assert repair(written) == expected
    assert len(repair(written)) == len(written)


def test_numbers_in_words() -> None:
    assert next(spelled("восемь девятьсот шестьдесят 111 22 33", "ru"))[0] == "89601112233"
    assert next(spelled("一三八零零一三八零零零", "zh"))[0] == "13800138000"
    assert next(spelled("tre quattro sette 123 45 67", "it"))[0] == "3471234567"
    assert not list(spelled("двести рублей", "ru"))
    assert [chinese_digits(text) for text in ("十二", "三零一", "二十", "25")] == ["12", "301", "20", "25"]


def test_street_names() -> None:
    assert respelled("лодожская") == "ладожская"
    assert respelled("Кижеватова") == "Кижеватова"
    assert cyrillic_street("kizhevatova") == "Кижеватова"


def test_russian_words_are_loaded_for_russian_only() -> None:
    program = (
        "import sys\n"
        "from tests.normalizer.field_scores import context\n"
        "from normalizer.fields import find\n"
        "from records.reading import Reading\n"
        "texts = {'zh': '宽带上不了网，张伟 13912345678', 'en': 'no internet, John Smith', 'it': 'la linea è muta'}\n"
        "for language, text in texts.items():\n"
        "    find(Reading(media_type='text/plain', new_text=text), context(language))\n"
        "assert 'pymorphy3' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


_UNITS = [
    *(
        "1",
        "-",
        "а",
        "Б",
        "a",
        "A",
        "路",
        ">",
        "\n",
        ".",
        ",",
        "@",
        "(",
        '"',
        " ",
        "О0",
        "а1",
        "1-",
        "1.1.",
        "两三",
        "3号",
        "王李张",
    ),
    *(
        "ул.Мира, ",
        "кв ",
        "с 1 ",
        "от ",
        "договор ",
        "не работает ",
        "интернет ",
        "один ",
        "тел 8 917 ",
        "писал ",
        "на ",
        "А ",
    ),
    *(
        "Иванов ",
        "Иван. ",
        "18 ноя ",
        "а\n",
        "ООО «",
        "40 лет ",
        "via roma ",
        "12 high ",
        "a@a.",
        "Sono Al ",
        "flat 3, ",
    ),
]


@pytest.mark.parametrize("language", ["ru", "zh", "it", "en"])
def test_hostile_texts_cost_little(language: str) -> None:
    opening = {"ru": "", "zh": "网络断了，", "it": "la linea non funziona da ", "en": "the line is not working since "}[
        language
    ]

    def stop(_: int, __: FrameType | None) -> None:
        pytest.fail("a finder does not come to its end")

    signal.signal(signal.SIGVTALRM, stop)
    for unit in _UNITS:
        signal.setitimer(signal.ITIMER_VIRTUAL, 10)
        text = opening + unit * (100_000 // len(unit))
        _read(text, subject=text[:1000], language=language)
    signal.setitimer(signal.ITIMER_VIRTUAL, 0)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("С утра 19 ноября нет гудка на линии", "ru"),
        ("Интернета нет с вечера 19.11.2026", "ru"),
        ("No dial tone since the morning of 19 November", "en"),
        ("Niente linea dalla mattina del 19 novembre", "it"),
    ],
)
def test_a_day_named_beside_a_part_of_it_is_that_day(text: str, language: str) -> None:
    assert _read(text, language=language).since == date(2026, 11, 19)


@pytest.mark.parametrize(
    ("text", "phone"),
    [
        ("Факс: 8 (8412) 52-30-17\nТелефон: 8 (8412) 52-30-18", "+78412523018"),
        ("Тел./факс: 8 (8412) 52-30-17", "+78412523017"),
        ("Нет интернета. Факс 8 (8412) 52-30-17", None),
    ],
)
def test_a_fax_machine_is_not_called_back(text: str, phone: str | None) -> None:
    assert _read(text).reporter.phone == phone
