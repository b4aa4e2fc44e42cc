"""Machine mail and what only looks like it."""

from dataclasses import dataclass

import pytest

from normalizer.machine_mail import RULES, MachineClues, tell
from records.reading import Mailbox
from records.tokens import token
from records.words import MachineMail

OWN = ("help@aurora.example",)
DSN = ("multipart/report", "text/plain", "message/delivery-status", "message/rfc822")


@dataclass
class Mail:
    """A mail of a person; a case changes what it needs."""

    headers: tuple[tuple[str, str], ...] = ()
    sender: tuple[str | None, str | None] = ("Анна", "anna@mail.example")
    subject: str | None = "Нет связи"
    text: str = "С утра нет связи, Полевая 7."
    content_type: str = "text/plain"
    report_type: str | None = None
    part_types: tuple[str, ...] = ("text/plain",)
    envelope_sender: str | None = None


def told(mail: Mail) -> MachineMail | None:
    return tell(
        MachineClues(
            headers={"from": ("x",), **{name: (value,) for name, value in mail.headers}},
            content_type=mail.content_type,
            report_type=mail.report_type,
            part_types=mail.part_types,
            subject=mail.subject,
            from_=Mailbox(*mail.sender),
            envelope_sender=mail.envelope_sender,
            text=mail.text,
            own_addresses=OWN,
        )
    )


DAEMON = ("Mail Delivery System", "MAILER-DAEMON@mx.example")

BOUNCES = [
    Mail(sender=DAEMON, content_type="multipart/report", report_type="delivery-status", part_types=DSN),
    Mail(sender=DAEMON, content_type="multipart/mixed", part_types=("multipart/mixed", "message/delivery-status")),
    Mail(headers=(("x-failed-recipients", "a@b.example"),)),
    Mail(sender=(None, "MAILER-DAEMON@qmail.example"), subject="failure notice"),
    Mail(sender=("System Administrator", "postmaster@corp.example"), subject="Undeliverable: report"),
    Mail(sender=(None, "mailer-daemon@corp.example"), subject="Ваше сообщение не доставлено. Mail failure"),
    Mail(sender=(None, "postmaster@corp.example"), subject="Сообщение не доставлено", text=""),
    Mail(sender=(None, "postmaster@corp.example"), subject="系统退信", text="您的邮件被退回"),
    Mail(sender=("Postmaster", "postmaster@corp.example"), subject="Mancata consegna"),
    Mail(sender=(None, "post_master@carrier.example"), subject="Re:Test", text="Error: Invalid user address"),
    Mail(envelope_sender="", sender=(None, "x@corp.example"), subject="Returned mail: User unknown"),
    Mail(headers=(("return-path", "<>"),), sender=(None, None), subject="failure notice"),
    Mail(sender=(None, "no-reply@carrier.example"), subject="メールエラー通知", text="送信できませんでした"),
    Mail(text='{"notificationType":"Bounce","bounce":{}}', subject="Notification"),
    Mail(headers=(("auto-submitted", "auto-replied"),), sender=DAEMON, subject="Mail delivery failed"),
]
FEEDBACK = [
    Mail(content_type="multipart/report", report_type="feedback-report"),
    Mail(content_type="multipart/report", part_types=("multipart/report", "message/feedback-report")),
    Mail(subject="complaint about message from 192.0.2.1", text=""),
    Mail(text="Abuse.\nFeedback-Type: abuse\nUser-Agent: X"),
    Mail(headers=(("x-apple-unsubscribe", "true"), ("auto-submitted", "auto-replied")), subject="unsubscribe"),
    Mail(text='{"notificationType":"Complaint"}', headers=(("list-unsubscribe", "<mailto:x@y.example>"),)),
]
AUTO_REPLIES = [
    Mail(headers=(("auto-submitted", "auto-replied (vacation)"),)),
    Mail(headers=(("auto-submitted", "auto-generated"), ("in-reply-to", "<1@aurora.example>"))),
    Mail(headers=(("x-autoreply", "yes"),)),
    Mail(headers=(("precedence", "auto_reply"),)),
    Mail(subject="Автоответ: я в отпуске до понедельника"),
    Mail(subject="Автоматический ответ: Заявка"),
    Mail(subject="Out of Office: Re: case"),
    Mail(subject="Risposta automatica: guasto"),
    Mail(subject="自动回复: 申告"),
    Mail(content_type="multipart/report", report_type="disposition-notification"),
    Mail(content_type="multipart/report", part_types=("multipart/report", "message/disposition-notification")),
]
LOOPS = [
    Mail(sender=("Help", "Help@Aurora.example")),
    Mail(headers=(("message-id", f"<{token(b'k', 7, 'a@b.example')}@aurora.example>"),)),
    Mail(headers=(("x-loop", "help@aurora.example"),)),
]
BULK = [
    Mail(headers=(("precedence", "bulk"),)),
    Mail(headers=(("precedence", "list"), ("list-id", "<users.list.example>"))),
    Mail(headers=(("list-unsubscribe", "<mailto:x@y.example>"),)),
    Mail(headers=(("auto-submitted", "auto-generated"),)),
    Mail(headers=(("x-auto-response-suppress", "All"),)),
]
PEOPLE = [
    Mail(),
    Mail(headers=(("auto-submitted", "no"),)),
    Mail(subject="Undeliverable", text="My mail to you was undeliverable: user unknown. The line is dead too."),
    Mail(subject="Fwd: Returned mail: see transcript", text="----- Transcript of session follows -----"),
    Mail(subject="FW: bounce", content_type="multipart/mixed", part_types=("multipart/mixed", *DSN)),
    Mail(subject="Не доставлен счёт", text="Письмо не было доставлено, и интернет не работает"),
    Mail(sender=("Иван", "postmaster@corp.example"), subject="Нет связи", text="У нас третий день нет интернета."),
    Mail(sender=("System Administrator", "it@corp.example"), subject="Mail", text="All say: user unknown. Check us."),
    Mail(sender=(None, "postmaster@corp.example"), subject="Почта", text="Наше письмо не было доставлено, проверьте."),
    Mail(envelope_sender="", subject="Нет связи", text="У нас третий день нет интернета."),
    Mail(subject="Автоответчик не работает"),
    Mail(subject="Out of office area there is no internet"),
    Mail(subject="Отпуск: отключите интернет"),
    Mail(sender=("Шоп", "noreply@shop.example"), subject="Ваш заказ", text="Заказ принят."),
    Mail(headers=(("list-id", "help <help.aurora.example>"), ("precedence", "list"))),
    Mail(headers=(("message-id", "<fg-7@aurora.example>"),)),
]


@pytest.mark.parametrize(
    ("kind", "mail"),
    [
        (kind, mail)
        for kind, mails in {
            MachineMail.BOUNCE: BOUNCES,
            MachineMail.FEEDBACK: FEEDBACK,
            MachineMail.AUTO_REPLY: AUTO_REPLIES,
            MachineMail.LOOP: LOOPS,
            MachineMail.BULK: BULK,
            None: PEOPLE,
        }.items()
        for mail in mails
    ],
)
def test_each_kind_is_told(kind: MachineMail | None, mail: Mail) -> None:
    assert told(mail) is kind


def test_every_rule_has_its_name() -> None:
    assert len({name for _, name, _ in RULES}) == len(RULES)


@pytest.mark.parametrize("filler", [" ", "a", "-", "5 ", "mail ", "remote ", "почтовый ящик ", "casella ", "\n", "<"])
def test_long_texts_are_told_in_linear_time(filler: str) -> None:
    long = filler * 100_000
    assert told(Mail(sender=(long, "postmaster@corp.example"), subject=long, text=long, envelope_sender="")) is None
