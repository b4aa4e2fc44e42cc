"""The routing table on the whole road: which backends get a ticket, and where its follow-ups go."""

from collections.abc import Callable, Iterator

import pytest

from classifier import Knowledge
from config.routes import Row, To, When
from config.settings import Builtin, Gateway, Readers, Storage
from normalizer.guard import Guard
from records.record import Route
from records.standing import Level, State
from records.words import Mode, Service
from storage.database import Database
from storage.versions import newest
from tests.desk import Desk, answer, letter
from tests.outbox.smarthost import Sink, running
from tests.storage.reports import card
from tests.test_journey import GALINA, LOS

UFA = Row(
    name="ufa", comment="The Ufa company repairs its own lines.", when=When(city=("Уфа",)),
    to=To(backends=("ufa",), company="Ufa Telecom", mode=Mode.ROUTED),
)  # fmt: skip
TV = Row(name="tv", when=When(service=(Service.CABLE_TV, Service.IPTV)), to=To(backends=("tv", "desk"), line=3))
TELEVISION = letter(
    "Не работает телевизор, нет сигнала на всех каналах, у соседей тоже.\n"
    "г. Самара, ул. Мира, д. 1. Договор № 4410-22871.\nИванов Иван Иванович\nтел. 8 (917) 340-22-18\n",
    GALINA, name="Иванов Иван", Subject="Телевидение",
)  # fmt: skip

FIBRE = letter(
    "На терминале горит красная лампочка LOS, интернета нет.\nг. Омск, ул. Мира, д. 2.\nПетров Пётр\n+79173402219\n",
    GALINA, name="Пётр Петров", Subject="Интернет",
)  # fmt: skip


@pytest.fixture(scope="module")
def guard() -> Iterator[Guard]:
    one = Guard(Readers(processes=1))
    yield one
    one.close()


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    return Knowledge.load()


@pytest.fixture
def made(
    profile: tuple[Gateway, Storage], database: Database, guard: Guard, knowledge: Knowledge
) -> Iterator[Callable[..., Desk]]:
    sink = Sink()
    wired = {name: Builtin() for name in ("desk", "ufa", "tv")}
    with running(sink) as port:
        yield lambda **more: Desk(profile, database, guard, knowledge, sink, port, backends=wired, **more)


def left(desk: Desk, report: int) -> list[tuple[str, str]]:
    sql = "SELECT verb, backend FROM deliveries WHERE report = :report AND verb <> 'reply' ORDER BY backend"
    return [(row["verb"], row["backend"]) for row in desk.rows(sql, report=report)]


def route(desk: Desk, report: int) -> Route | None:
    with desk.database.read() as tx:
        version = newest(tx, report)
    return version.record.classification.route if version else None


def test_the_row_says_who_gets_the_ticket_and_its_follow_ups(made: Callable[..., Desk]) -> None:
    desk = made(routes=(UFA, TV))
    first = desk.handle(LOS, GALINA)
    [receipt] = desk.sent()

    second = desk.handle(answer(receipt, "Дополнение: лампочка PON тоже не горит.", GALINA), GALINA)

    assert left(desk, first.report) == [("create", "ufa")]
    assert route(desk, first.report) == Route(
        line=2, group="fiber", company="Ufa Telecom", mode=Mode.ROUTED, rule="ufa"
    )
    assert left(desk, second.report) == [("amend", "ufa")]  # that has the ticket, whatever its own row says


@pytest.mark.parametrize(("mode", "running"), [(Mode.ROUTED, []), (Mode.DISPATCHED, ["answer", "work"])])
def test_our_clocks_end_with_the_receipt_of_a_case_that_is_handed_over(
    made: Callable[..., Desk], mode: Mode, running: list[str]
) -> None:
    desk = made(routes=(Row(name="ufa", when=When(city=("Уфа",)), to=To(backends=("ufa",), mode=mode)),))

    report = desk.handle(LOS, GALINA).report

    sql = "SELECT kind FROM promises WHERE report = :report AND ended_at IS NULL ORDER BY kind"
    assert [row["kind"] for row in desk.rows(sql, report=report)] == running


def test_several_backends_and_the_default(made: Callable[..., Desk]) -> None:
    desk = made(routes=(UFA, TV))
    tv = desk.handle(TELEVISION, GALINA)
    other = desk.handle(FIBRE, GALINA)

    assert left(desk, tv.report) == [("create", "desk"), ("create", "tv")]
    assert left(desk, other.report) == [("create", "desk"), ("create", "tv"), ("create", "ufa")]


@pytest.mark.parametrize(
    ("rows", "level"), [((Row(name="all", to=To(senior=True)),), Level.SENIOR), ((UFA,), Level.CLERK)]
)
def test_a_row_puts_on_the_seniors_queue_what_somebody_must_look_at(
    made: Callable[..., Desk], rows: tuple[Row, ...], level: Level
) -> None:
    desk = made(routes=rows)
    undecided = letter("Подскажите, всё сложно и непонятно с нашим договором.", GALINA, name="Галина Соколова")

    found = card(desk.database, desk.handle(undecided, GALINA).report)

    assert found.state is not State.SETTLED
    assert found.level is level
