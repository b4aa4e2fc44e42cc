"""Is it really the partner's? What readers found in a mail is held against the wiring and the DNS.

It happens in the worker, between two readings, for readers have no network: the first reading names the public keys
that are wanted, and a second one checks the signatures with them.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from ipaddress import ip_address, ip_network

from msgspec.structs import replace

from config.senders import Allowed
from config.settings import Settings, Smtp
from gateway.names import Ask, Names, NoWord
from gateway.spf import passes
from normalizer.job import Normalized
from records.arrival import Envelope, TryAgain
from records.partner import Verification
from records.sender import Sender, is_of
from records.words import Review
from storage.records import Kept

#: Reads the mail again with the public keys of its signatures.
Again = Callable[[Mapping[str, str]], Normalized]
_Proof = tuple[Verification, str]  # and by whom, for people

REST = 30.0  # seconds until a mail is looked at again whose domain's DNS does not answer


class Senders:
    """Verifies the senders of partners' mail. Thread-safe."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings.senders
        self._channels = settings.channels
        self._names = Names(settings.senders)

    def verified(self, kept: Kept, done: Normalized, again: Again, now: datetime) -> Normalized:
        """Give what was read of a mail, with what proves that a partner sent it; unchanged where nothing does.

        Where the DNS does not answer, raises TryAgain for as long as `senders.patience` allows; then the sender stays
        unverified, and a note says why. A name without a record is an answer: that sender proves nothing.
        """
        if done.sender is None or done.record.partner is None:
            return done
        try:
            proof = self._proof(kept, done.sender, again)
        except NoWord as trouble:
            if now < kept.received_at + timedelta(minutes=self._settings.patience):
                raise TryAgain("the DNS of a partner's domain does not answer", after=REST) from trouble
            return _noted(done, f"sender not checked: the DNS does not answer for {done.sender.domains[0]}")
        if proof is None:
            return _noted(done, f"sender not verified: {done.sender.address}")
        return _believed(done, *proof)

    def _proof(self, kept: Kept, sender: Sender, again: Again) -> _Proof | None:
        """Give the first proof, the cheapest asked first; raises NoWord where one is wanting for the DNS alone."""
        if any(_allows(one, sender, kept) for one in self._settings.allowed):
            return Verification.ALLOW_LIST, sender.address
        if sender.passed and sender.checked_at in self._settings.authserv_ids.get(kept.channel, ()):
            return Verification.AUTHENTICATION_RESULTS, f"{sender.checked_at}: {', '.join(sender.passed)}"
        ask = self._names.asking()
        trouble = None
        for way in (self._signed(sender, ask, again), self._handed_over(sender, kept, ask)):
            try:
                if proof := next(way, None):
                    return proof
            except NoWord as silent:
                trouble = silent
        if trouble is not None:
            raise trouble
        return None

    def _signed(self, sender: Sender, ask: Ask, again: Again) -> Iterator[_Proof]:
        records: dict[str, str] = {}
        trouble = None
        for name in sender.keys:
            try:
                found = ask(name, "TXT")
            except NoWord as silent:  # another signature may hold
                trouble = silent
            else:
                records |= {name: _text(found[0])} if found else {}
        told = again(records).sender if records else None
        if told is not None and told.signed_by is not None:
            yield Verification.DKIM, told.signed_by
        elif trouble is not None:
            raise trouble

    def _handed_over(self, sender: Sender, kept: Kept, ask: Ask) -> Iterator[_Proof]:
        """Ask SPF of mail that its own host brought to our door; behind another mail server it would be that one's."""
        door, envelope = self._channels.get(kept.channel), kept.envelope
        domain = (envelope.sender or "").lower().rpartition("@")[2]
        direct = isinstance(door, Smtp) and not door.lmtp and envelope.peer and envelope.sender
        aligned = direct and any(is_of(domain, one) for one in sender.domains)
        if aligned and passes(ask, envelope.peer or "", envelope.sender or ""):
            yield Verification.SPF, domain


def _text(record: object) -> str:
    """Give a TXT record as one text (RFC 6376 section 3.6.2.2)."""
    strings: tuple[bytes, ...] = getattr(record, "strings", ())
    return b"".join(strings).decode("latin-1")


def _allows(allowed: Allowed, sender: Sender, kept: Kept) -> bool:
    """Tell whether an entry of the allow-list names the author, and the way by which the mail came."""
    envelope, domain = kept.envelope, sender.address.rpartition("@")[2]
    named = sender.address == allowed.address or ("@" not in allowed.address and is_of(domain, allowed.address))
    return (
        named
        and (allowed.network is None or _within(envelope, allowed.network))
        and allowed.user in (None, envelope.authenticated)
        and allowed.channel in (None, kept.channel)
    )


def _within(envelope: Envelope, network: str) -> bool:
    try:
        return ip_address(envelope.peer or "") in ip_network(network)
    except ValueError:
        return False


def _believed(done: Normalized, way: Verification, who: str) -> Normalized:
    """Let a mail be its partner's; `sender` is told only of mail of which nothing else makes the author doubtful."""
    record = done.record
    reviews = tuple(one for one in record.needs_review if one is not Review.UNVERIFIED_SENDER)
    partner = replace(record.partner, verified_by=way) if record.partner else None
    verified = replace(done, record=replace(record, partner=partner, needs_review=reviews))
    return _noted(verified, f"sender verified by {way}: {who}")


def _noted(done: Normalized, note: str) -> Normalized:
    return replace(done, reading=replace(done.reading, notes=(*done.reading.notes, note)))
