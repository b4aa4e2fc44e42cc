"""What customers want, in their words."""

import json

import pytest

from normalizer.order import order_of
from normalizer.trimming import trim
from records.reading import Part, Reading
from records.words import MachineMail, Order
from tests.conftest import CORPORA, unavailable

SAID = {
    Order.WITHDRAWAL: [
        ("ru", "Отзываю заявку, спасибо"),
        ("ru", "Отмените, пожалуйста, мою заявку от 18 ноября."),
        ("ru", "уже заработало, не приезжайте"),
        ("ru", "Интернет заработал, мастер не нужен."),
        ("ru", "Утром интернет не работал, сейчас всё в порядке, прошу снять заявку"),
        ("ru", "Заявка 71120 больше не актуальна"),
        ("it", "Annullo la segnalazione, ora funziona tutto"),
        ("it", "Vorrei annullare la mia richiesta n. 51012"),
        ("en", "Please cancel my ticket 91012, it works again."),
        ("en", "please cancel"),
        ("zh", "撤销申告，已经好了"),
        ("zh", "我要取消昨天的报修"),
        ("zh", "不用派人来了，已经恢复正常"),
    ],
    Order.PROGRESS: [
        ("ru", "Когда придёт мастер по заявке № 81231?"),
        ("ru", "Какой статус моей заявки?"),
        ("ru", "Как продвигается моё обращение?"),
        ("it", "A che punto è la mia segnalazione?"),
        ("it", "Quando viene il tecnico per la segnalazione 51012?"),
        ("en", "What is the status of my request?"),
        ("en", "Any update on case 91012?"),
        ("zh", "请帮我查询一下进度"),
        ("zh", "申告单号2026111900777什么时候来修？"),
    ],
    Order.FOLLOW_UP: [
        ("ru", "К заявке 81231: добавьте телефон 8 900 111-22-33"),
        ("ru", "Дополнение к заявке FR-2026-0001187: код домофона 12"),
        ("it", "Aggiungo alla segnalazione 51012: il modem lampeggia rosso"),
        ("en", "Case 91012: please add that the LOS light is red"),
        ("zh", "补充：申告单2026111900777，光猫红灯"),
    ],
    Order.REPORT: [
        ("ru", "Не работает интернет, Полевая 7"),
        ("ru", "Вы закрыли заявку 81231, а интернет не работает"),
        ("ru", "Заработало на час и опять пропало"),
        ("ru", "Если до завтра не почините, отзову заявку"),
        ("ru", "Не закрывайте заявку 81231, связи нет"),
        ("ru", "Если мастер не придёт до пятницы, отмените заявку"),
        ("ru", "До обеда не приезжайте, меня не будет. Телефон молчит."),
        ("ru", "нет интернета, когда почините?"),
        ("ru", "Прошу отменить подписку на канал, пульт не работает"),
        ("ru", "Добавьте мне каналы"),
        ("ru", "Обещали скидку по акции, а интернет не работает"),
        ("it", "Quando torna internet? Via Verdi 7"),
        ("en", "Please do not close the ticket, still no internet"),
        ("en", "How do I cancel my film order?"),
        ("zh", "什么时候能修好？宽带断了三天"),
    ],
    Order.NOT_A_FAULT: [
        ("ru", ""),
        ("ru", "Коммерческое предложение: продвижение сайтов со скидкой"),
        ("en", "Special offer! Buy now, or unsubscribe"),
        ("zh", "代开发票，优惠，加微信"),
    ],
}
LONG = "Нет связи с утра, роутер мигает красным. " * 20


def read(text: str, **more: object) -> Reading:
    told = trim(text)
    known = {"new_text": told.new_text, "quoted_text": told.quoted_text, "text": text, **more}
    return Reading(media_type="text/plain", **known)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("order", "language", "text"), [(order, *said) for order, sayings in SAID.items() for said in sayings]
)
def test_each_order_in_each_language(order: Order, language: str, text: str) -> None:
    assert order_of(read(text), language) is order
    assert order_of(read(text), None) is order


def test_a_subject_counts_unless_it_only_answers() -> None:
    assert order_of(read("Спасибо!", subject="Отзываю заявку"), "ru") is Order.WITHDRAWAL
    assert order_of(read("Нет, не помогло", subject="Re: Отзываю заявку"), "ru") is Order.REPORT


def test_an_answer_needs_no_number() -> None:
    assert order_of(read("Добавлю: лампочка красная"), "ru") is Order.REPORT
    assert order_of(read("Добавлю: лампочка красная", in_reply_to=("<1@desk.example>",)), "ru") is Order.FOLLOW_UP


def test_a_number_in_the_quotation_names_the_report() -> None:
    text = (
        "补充一下，光猫红灯。\n\n在 2026年11月19日 10:00，客服 <h@desk.example> 写道：\n> 申告单号 2026111900777 已受理"
    )
    assert order_of(read(text), "zh") is Order.FOLLOW_UP


def test_a_quotation_without_an_answer_is_for_a_person() -> None:
    assert order_of(read("> Нет связи", subject="Re: Заявка"), "ru") is Order.REPORT


def test_a_long_message_is_a_report_whatever_it_asks() -> None:
    assert order_of(read(f"{LONG} Какой статус моей заявки?"), "ru") is Order.REPORT


@pytest.mark.parametrize("kind", [MachineMail.BOUNCE, MachineMail.AUTO_REPLY, MachineMail.FEEDBACK, MachineMail.LOOP])
def test_machine_mail_is_no_fault(kind: MachineMail) -> None:
    assert order_of(read("Не работает интернет", machine_mail=kind), "ru") is Order.NOT_A_FAULT


@pytest.mark.parametrize(
    ("text", "order"),
    [
        ("Канал 100М: авария на узле, просим проверить", Order.REPORT),
        ("Скидка недели", Order.NOT_A_FAULT),
        ("Плановые работы завершены", Order.NOT_A_FAULT),
        ("Не работает сайт? Предлагаем рассылку", Order.NOT_A_FAULT),
    ],
)
def test_bulk_mail_is_a_report_only_where_something_fails(text: str, order: Order) -> None:
    assert order_of(read(text, machine_mail=MachineMail.BULK), "ru") is order


def test_an_attachment_alone_is_a_report() -> None:
    scan = Part(path="2", name="scan.pdf", media_type="application/pdf", size=1, md5="0", sha256="0")
    assert order_of(read("", parts=(scan,)), None) is Order.REPORT


def test_reports_of_the_desk_stay_reports() -> None:
    path = CORPORA / "reports/reports.jsonl"
    if not path.exists():
        unavailable(f"{path} is not there")
    orders = {
        report["id"]: order_of(read(report["text"]), report["language"])
        for report in map(json.loads, path.read_text().splitlines())
    }
    others = {name: order for name, order in orders.items() if order is not Order.REPORT}
    # These three say so: "add to report 81002", "close report 80555", "a supplement" to a quoted number.
    assert others == {"ru23": Order.FOLLOW_UP, "ru40": Order.WITHDRAWAL, "zh06": Order.FOLLOW_UP}


@pytest.mark.parametrize(
    "filler", ["отзываю заявку ", "заявка 1 ", " ", "если ", "a", "когда же ", "取消", "status of "]
)
def test_long_texts_take_linear_time(filler: str) -> None:
    assert order_of(read("x" + filler * 100_000), None) is Order.REPORT
