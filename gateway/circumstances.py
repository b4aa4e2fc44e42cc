"""What the rooms are told of a report: its circumstances for the writing desk, its situation for the dispatch shelf."""

from datetime import datetime, timedelta

from msgspec.structs import replace

from classifier import Knowledge, Routing
from classifier.verdict import verdict
from config.partners import Dialect, Partner
from config.settings import Fax, Scan, Settings
from normalizer.context import Context
from normalizer.linking import clues, of_partner
from outbox.plan import Situation, completes
from records.arrival import Envelope
from records.dialogue import Offer, Tried
from records.linking import Clues, Earlier
from records.media import is_paper
from records.numbers import report_of
from records.reading import Reading
from records.record import FaultRecord, OriginalRef
from storage import records as archive
from storage import verdicts
from storage.database import Database, Transaction
from storage.deliveries import ticketed, waiting
from storage.dialogues import offers, said, told
from storage.extents import Extent
from storage.links import asked_before, asked_by_person, automatic_replies, earlier, known, replies_about
from storage.orders import withdrawn
from storage.promises import past
from storage.rows import micros
from storage.statuses import status
from storage.versions import Version, is_allowed


class Circumstances:
    """Gathers them from settings and archive. Thread-safe."""

    def __init__(
        self, settings: Settings, database: Database, key: bytes, knowledge: Knowledge, routing: Routing
    ) -> None:
        """`key`: of reply tokens."""
        self._settings = settings
        self._database = database
        self._key = key
        self._knowledge = knowledge
        self._routing = routing

    def context(
        self, kept: archive.Kept, share: Extent | None, templates: tuple[str, ...], *, recognise: bool
    ) -> Context:  # fmt: skip
        """Tell the writing desk the circumstances of a report.

        `share`: its pages, where its original was divided; `templates`: of partners' mail, that people have made.
        """
        gateway, channel = self._settings.gateway, self._settings.doors.get(kept.channel)
        stack = channel if isinstance(channel, Scan) and share is None else None
        return Context(
            id=kept.id, channel=kept.channel, received_at=kept.received_at, due_at=kept.due_at,
            original=OriginalRef(media_type=kept.media_type, size=kept.size, sha256=kept.sha256),
            envelope=kept.envelope, language=channel.language if channel else "ru",
            region=channel.region if channel else "RU", city=channel.city if channel else None, zone=gateway.zone,
            own_addresses=gateway.own_addresses, own_domains=gateway.own_domains, fax_gateways=gateway.fax_gateways,
            offers=self._offers(kept), problem=kept.problem, pages=share.pages if share else (),
            separator=stack.separator if stack else "none",
            barcode=stack.barcode if stack else "", templates=templates, recognise=recognise,
            dialect=channel.dialect if isinstance(channel, Partner) else Dialect(),
        )  # fmt: skip

    def situation(self, report: int, version: Version, record: FaultRecord, now: datetime) -> Situation:
        """Gather all that decides what leaves the house for a version of a record; `record`: with its decision."""
        reading, solution = version.reading, record.classification.solution
        language = record.language or "en"
        since = micros(now - timedelta(minutes=self._settings.replies.window))
        with self._database.read() as tx:
            chat = _envelope(tx, report).chat
            author = chat or (record.reporter.email if version.question else _author(reading))
            his = reading if reading and (author or "").lower() == (_author(reading) or "").lower() else None
            before = self._earlier(tx, report, version)
            situation = Situation(
                report=report, record=record, text=record.description or "",
                backends=self._routing.routed(record).backends, gateway=self._settings.gateway,
                settings=self._settings.replies, paper=self._on_paper(record, reading),
                version=version.version, by_person=version.author is not None, decided=version.decided,
                ticketed=ticketed(tx, report), withdrawn=withdrawn(tx, report), remark=version.remark,
                question=version.question, asking=version.asking,
                chat=chat, said=said(tx, report, record.id or ""), stands=status(tx, report), told=told(tx, report),
                steps=self._knowledge.steps(solution, language) if solution else (),
                tried=self._steps(_steps_tried(record), language),
                offered=self._steps(_offered(offers(tx, before.report)), language) if before else (),
                author=author, envelope_sender=_envelope(tx, report).sender,
                headers=reading.headers if reading else {}, message_id=his.message_id if his else None,
                references=his.references if his else (), subject=his.subject if his else None,
                earlier=before, waiting=waiting(tx, before.report) if before else None,
                asked_by_person=asked_by_person(tx, before.report) if before else False,
                overdue=past(tx, before.report, now) if before else False,
                allowed=is_allowed(tx, before.report) if before else True,
                asked_before=asked_before(tx, [report, *([before.report] if before else [])]),
                solution=self._knowledge.text(solution, language) if solution else None,
                replies_to_address=automatic_replies(tx, author, since) if author else 0,
                replies_in_all=automatic_replies(tx, None, since),
                replies_about=replies_about(tx, before.report if before else report, self._since(now)),
                asked_solved=verdicts.asked(tx, report), verdict=_verdict(tx, before, record),
                holding=ticketed(tx, before.report) if before else (),
            )  # fmt: skip
        whole = completes(situation)  # what an answer completes goes where all of it is routed
        return replace(situation, backends=self._routing.routed(whole).backends) if whole else situation

    def _offers(self, kept: archive.Kept) -> tuple[Offer, ...]:
        if kept.envelope.chat is None:
            return ()
        with self._database.read() as tx:
            return offers(tx, kept.report)

    def _steps(self, named: tuple[Tried, ...], language: str) -> tuple[str, ...]:
        """Give the words of steps, in the customer's language."""
        found = ((one, self._knowledge.steps(one.solution, language)) for one in named)
        return tuple(steps[one.step - 1] for one, steps in found if one.step <= len(steps))

    def _since(self, now: datetime) -> int:
        return micros(now - timedelta(minutes=self._settings.replies.report_window))

    def _on_paper(self, record: FaultRecord, reading: Reading | None) -> bool:
        """Tell what was paper, also where nothing could be made of it: what comes by fax, scanner or upload is."""
        brought = isinstance(self._settings.doors.get(record.channel), Fax | Scan) or record.channel == "upload"
        return brought or is_paper(record.original.media_type) or bool(reading and reading.pages)

    def _earlier(self, tx: Transaction, report: int, version: Version) -> Earlier | None:
        """Give the report that this one belongs to: a token of ours proves it, or a person says so."""
        if version.author is not None:
            named = report_of(version.record.reference or "")
            return earlier(tx, named) if named is not None else None
        reading = version.reading
        found = clues(reading, _envelope(tx, report)) if reading else Clues()
        return known(tx, of_partner(found, version.record), None, self._key).proven


def _offered(told: tuple[Offer, ...]) -> tuple[Tried, ...]:
    """Name the steps of the solution that was told last: of a mail all, for it ends with the last."""
    last = next((one.tip for one in reversed(told) if one.tip), None)
    return tuple(Tried(solution=last.solution, step=step) for step in range(1, last.step + 1)) if last else ()


def _steps_tried(record: FaultRecord) -> tuple[Tried, ...]:
    return record.dialogue.tried if record.dialogue else ()


def _envelope(tx: Transaction, report: int) -> Envelope:
    kept = archive.kept(tx, report)
    return kept.envelope if kept else Envelope()


def _verdict(tx: Transaction, before: Earlier | None, record: FaultRecord) -> bool | None:
    """Give what a message says to our question whether the earlier report was solved; None: nothing, or none."""
    if before is None or not verdicts.asked(tx, before.report):
        return None
    return verdict((record.description or "").replace(before.id, ""))


def _author(reading: Reading | None) -> str | None:
    """Give the one From address of a mail."""
    return reading.from_.address if reading and reading.from_ else None
