"""The closed vocabularies of a record; the names are the public contract (see docs/glossary.md for ru, zh and it)."""

from enum import StrEnum


class Order(StrEnum):
    """What a message wants of the desk."""

    REPORT = "report"  # a new fault: a dispatch order (派单)
    FOLLOW_UP = "follow_up"  # amends an earlier one (追单)
    WITHDRAWAL = "withdrawal"  # the customer cancels (退单)
    PROGRESS = "progress"  # asks how it stands
    NOT_A_FAULT = "not_a_fault"  # advertising, auto-reply, bounce, empty


class Service(StrEnum):
    """The service that fails."""

    BROADBAND = "broadband"
    CABLE_TV = "cable_tv"
    IPTV = "iptv"
    TELEPHONY = "telephony"
    LEASED_LINE = "leased_line"
    MOBILE = "mobile"
    OTHER = "other"


class Symptom(StrEnum):
    """How it fails, in the customer's eyes."""

    NO_SERVICE = "no_service"
    SLOW = "slow"
    INTERMITTENT = "intermittent"
    NOISE = "noise"
    NO_DIAL_TONE = "no_dial_tone"
    NO_PICTURE = "no_picture"
    PICTURE_QUALITY = "picture_quality"
    LOGIN = "login"
    WIFI = "wifi"
    CABLE_DAMAGE = "cable_damage"
    EQUIPMENT = "equipment"
    POWER = "power"
    BILLING = "billing"
    HOW_TO = "how_to"
    OTHER = "other"


class Urgency(StrEnum):
    """How fast an answer is due once a person has it."""

    NORMAL = "normal"
    URGENT = "urgent"  # within 24 h, marked 加急
    CONTROL = "control"  # long watch, 48 h


class MachineMail(StrEnum):
    """Why a mail was written by a machine."""

    AUTO_REPLY = "auto_reply"
    BOUNCE = "bounce"
    FEEDBACK = "feedback"
    BULK = "bulk"
    LOOP = "loop"


class Disposition(StrEnum):
    """The sorting table's answer; absent means that a person decides."""

    TYPICAL_FIX = "typical_fix"
    INCIDENT = "incident"


class DecidedBy(StrEnum):
    """Who gave the disposition."""

    RULE = "rule"
    MODEL = "model"
    CLERK = "clerk"
    SENIOR = "senior"


#: What these have decided stays.
BY_PEOPLE = frozenset({DecidedBy.CLERK, DecidedBy.SENIOR})


class Customer(StrEnum):
    """Of which kinds a customer is; one may be of several."""

    PERSON = "person"
    LEGAL_ENTITY = "legal_entity"
    KEY_CUSTOMER = "key_customer"  # the wiring names them
    LEASED_LINE = "leased_line"


class Mode(StrEnum):
    """Whose a case is after it was routed."""

    DISPATCHED = "dispatched"  # ours to its end
    ROUTED = "routed"  # handed over: our clocks end with the other's receipt


class Review(StrEnum):
    """Why a person must look at a record."""

    LOW_OCR_CONFIDENCE = "low_ocr_confidence"
    UNVERIFIED_SENDER = "unverified_sender"
    UNVERIFIED_REFERENCE = "unverified_reference"
    CONFLICTING_FIELDS = "conflicting_fields"
    UNREADABLE_ATTACHMENT = "unreadable_attachment"
    UNREADABLE_ORIGINAL = "unreadable_original"
    UNDECIDED = "undecided"
    TOO_LARGE = "too_large"
    TRUNCATED = "truncated"
    TOO_DEEP = "too_deep"
    ENCRYPTED = "encrypted"
    HIDDEN_TEXT = "hidden_text"
    QUARANTINED = "quarantined"
    UNDELIVERED = "undelivered"
    EMPTY = "empty"
    UNKNOWN_PARTNER = "unknown_partner"  # it looks like a ticket system's, and no template knows it
    INCOMPLETE = "incomplete"  # what is mandatory is missing, and there is nobody (more) to ask
