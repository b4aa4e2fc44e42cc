"""Machines that answer machines: the gateway must fall silent by itself, whatever the others do."""

import email
from collections import Counter
from collections.abc import Callable
from email import policy
from email.utils import getaddresses
from itertools import product

import pytest

from config.settings import Gateway, Replies
from outbox.compose import compose
from outbox.plan import Situation, planned
from outbox.policy import own_address, without_tag
from records.deliveries import Kind
from records.linking import Earlier
from records.numbers import number
from records.record import FaultRecord, Reporter
from records.tokens import claimed_report, genuine, tokens_in
from records.words import Order
from tests.outbox.situations import AT, NOW, fault_record

Mail = tuple[str, str, bytes]  # envelope sender, recipient, content
Transit = Callable[[Mail], Mail]

ROBOT_HEADERS = ("auto-submitted", "precedence", "x-auto-response-suppress", "return-path", "list-id")


class House:
    """A gateway reduced to what decides about replies: reads a mail with the standard library, plans, composes."""

    def __init__(self, domain: str, *, order: Order = Order.FOLLOW_UP, missing: tuple[str, ...] = ()) -> None:
        self.gateway = Gateway(domain=domain)
        self.settings = Replies(host="127.0.0.1")
        self.key = domain.encode()
        self.order = order  # what a mail that is proven to answer one of ours is taken for
        self.missing = missing
        self.answered: Counter[str] = Counter()
        self.recipients: dict[int, str] = {}
        self.waiting: dict[int, FaultRecord] = {}
        self.seen = 0

    @property
    def address(self) -> str:
        return own_address(self.settings, self.gateway)

    def take(self, mail: Mail) -> list[Mail]:
        self.seen += 1
        situation = self._situation(*mail)
        if situation.earlier is not None:
            self.waiting.pop(situation.earlier.report, None)
        sent = []
        for one in planned(situation):
            if one.reply is not None:
                answer = compose(one.reply, one.key, self.address, self.gateway, self.key, NOW)
                self.answered[one.reply.to] += 1
                self.recipients[self.seen] = one.reply.to
                if one.reply.kind is Kind.QUESTION:
                    self.waiting[self.seen] = situation.record
                sent.append(("", one.reply.to, answer.as_bytes()))
        return sent

    def _situation(self, envelope_sender: str, recipient: str, content: bytes) -> Situation:
        mail = email.message_from_bytes(content, policy=policy.default)
        author = getaddresses([str(mail["From"])])[0][1]
        proven = self._proven(f"{recipient} {mail['In-Reply-To']} {mail['References']}")
        record = fault_record(
            self.seen,
            order=self.order if proven else Order.REPORT,
            reporter=Reporter(name="N", email=author),
            missing=() if proven else self.missing,
        )
        return Situation(
            report=self.seen,
            record=record,
            backends=("desk",),
            gateway=self.gateway,
            settings=self.settings,
            author=author,
            envelope_sender=envelope_sender,
            headers={name: str(mail[name]) for name in ROBOT_HEADERS if name in mail},
            message_id=mail["Message-ID"],
            subject=mail["Subject"],
            earlier=proven,
            waiting=self.waiting.get(proven.report) if proven else None,
            replies_to_address=self.answered[author],
            replies_in_all=self.answered.total(),
        )

    def _proven(self, text: str) -> Earlier | None:
        for found in tokens_in(text):
            report = claimed_report(found)
            if report in self.recipients and genuine(self.key, found, self.recipients[report]):
                return Earlier(id=number(report, AT), report=report, order=Order.REPORT)
        return None


def written(sender: str, recipient: str, text: str = "No internet", **headers: str) -> Mail:
    lines = [f"From: {sender}", f"To: {recipient}", "Subject: help", "Message-ID: <1@x.example>"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return sender, recipient, "\r\n".join([*lines, "", text]).encode()


def untouched(mail: Mail) -> Mail:
    return mail


def without(*names: str) -> Transit:
    """A relay that loses header fields."""

    def pass_on(mail: Mail) -> Mail:
        message = email.message_from_bytes(mail[2])
        for name in names:
            del message[name]
        return mail[0], mail[1], message.as_bytes()

    return pass_on


def with_a_sender(mail: Mail) -> Mail:
    """A relay that puts the author in place of the null sender."""
    author = email.message_from_bytes(mail[2], policy=policy.default)["From"].addresses[0].addr_spec
    return author, mail[1], mail[2]


def losing_everything(mail: Mail) -> Mail:
    return with_a_sender(without(*ROBOT_HEADERS, "In-Reply-To", "References", "Reply-To")(mail))


TRANSITS: tuple[Transit, ...] = (
    untouched,
    with_a_sender,
    without("Auto-Submitted"),
    without("X-Auto-Response-Suppress"),
    without(*ROBOT_HEADERS),
    without("In-Reply-To", "References"),
    losing_everything,
)
ORDERS = (Order.REPORT, Order.FOLLOW_UP, Order.WITHDRAWAL, Order.PROGRESS)


@pytest.mark.parametrize(("transit", "order"), list(product(TRANSITS, ORDERS)))
def test_two_gateways_wired_to_each_other_fall_silent(transit: Transit, order: Order) -> None:
    houses = {"a.example": House("a.example", order=order), "b.example": House("b.example", order=order)}
    # Somebody writes to one gateway in the other's name, from an address that this one does not know as its own.
    underway = [written("desk@b.example", houses["a.example"].address)]
    mails = 0
    while underway:
        mail = transit(underway.pop())
        sent = houses[mail[1].rpartition("@")[2]].take(mail)
        mails += len(sent)
        underway += sent
        assert mails <= 2


def polite(answer: Mail, customer: str) -> Mail | None:
    """A vacation program that obeys RFC 3834 as sender, but answers also the null sender."""
    recipient = email.message_from_bytes(answer[2])["Reply-To"]
    return written(customer, recipient, "I am away", Auto_Submitted="auto-replied")


def rude(answer: Mail, customer: str) -> Mail | None:
    """One that answers everything and says nothing of being a machine."""
    mail = email.message_from_bytes(answer[2])
    return written(customer, mail["From"], "I am away", In_Reply_To=mail["Message-ID"])


def well_behaved(answer: Mail, customer: str) -> Mail | None:
    """One that never answers the null sender."""
    return polite(answer, customer) if answer[0] else None


def forgetful(answer: Mail, customer: str) -> Mail | None:
    """One that answers to the address without its tag, and quotes nothing."""
    recipient = email.message_from_bytes(answer[2], policy=policy.default)["From"].addresses[0].addr_spec
    return written(customer, without_tag(recipient), "I am away")


def replies_to(robot: Callable[[Mail, str], Mail | None], house: House) -> int:
    """Let the robot answer every reply of the house, and count these."""
    mail: Mail | None = written("galina@x.example", house.address)
    replies = 0
    while mail is not None and replies < 1000:
        sent = house.take(mail)
        replies += len(sent)
        mail = robot(sent[0], "galina@x.example") if sent else None
    return replies


@pytest.mark.parametrize(
    ("robot", "order", "missing"),
    list(product((polite, rude, well_behaved), (Order.REPORT, Order.FOLLOW_UP), ((), ("reporter.name",)))),
)
def test_a_vacation_robot_gets_one_answer_and_one_more_if_it_seems_to_answer_a_question(
    robot: Callable[[Mail, str], Mail | None], order: Order, missing: tuple[str, ...]
) -> None:
    assert replies_to(robot, House("a.example", order=order, missing=missing)) <= 1 + len(missing)


@pytest.mark.parametrize(("robot", "order"), [(forgetful, Order.REPORT), (rude, Order.PROGRESS)])
def test_a_robot_that_hides_every_trace_is_stopped_by_the_cap(
    robot: Callable[[Mail, str], Mail | None], order: Order
) -> None:
    assert replies_to(robot, House("a.example", order=order)) == Replies().per_address


def test_many_strangers_do_not_make_us_a_sling() -> None:
    house = House("a.example")
    sent = [house.take(written(f"victim{number}@x.example", house.address)) for number in range(700)]

    assert sum(map(len, sent)) == Replies().per_gateway


def test_our_own_reply_that_comes_back_is_not_answered() -> None:
    house = House("a.example")
    [receipt] = house.take(written("galina@x.example", house.address))

    for transit in TRANSITS:
        assert house.take(transit((receipt[0], house.address, receipt[2]))) == []
