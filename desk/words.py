"""How the closed vocabularies and the fields of a record are called on the pages. English; the catalogues translate."""

from enum import StrEnum

from records.clocks import Because, Promise
from records.deliveries import Kind, Medium, Verb
from records.outage import Cause, OutageState
from records.partner import PartnerStatus
from records.partner_template import PartnerField
from records.people import Role
from records.standing import Level, State
from records.tasks import Step
from records.words import DecidedBy, Disposition, MachineMail, Mode, Order, Review, Service, Symptom, Urgency
from storage.models import State as ModelState


def N_(message: str) -> str:  # noqa: N802 - the name that extraction looks for
    """Mark a text for translation; it is translated where it is shown."""
    return message


#: By vocabulary, because two vocabularies may share a value: Service.OTHER == Symptom.OTHER.
WORDS: dict[type[StrEnum], dict[str, str]] = {
    Order: {
        Order.REPORT: N_("new fault"),
        Order.FOLLOW_UP: N_("follow-up"),
        Order.WITHDRAWAL: N_("withdrawal"),
        Order.PROGRESS: N_("asks for progress"),
        Order.NOT_A_FAULT: N_("not a fault"),
    },
    Service: {
        Service.BROADBAND: N_("internet"),
        Service.CABLE_TV: N_("cable television"),
        Service.IPTV: N_("IPTV"),
        Service.TELEPHONY: N_("fixed telephone"),
        Service.LEASED_LINE: N_("leased line"),
        Service.MOBILE: N_("mobile"),
        Service.OTHER: N_("other"),
    },
    Symptom: {
        Symptom.NO_SERVICE: N_("does not work"),
        Symptom.SLOW: N_("slow"),
        Symptom.INTERMITTENT: N_("breaks off"),
        Symptom.NOISE: N_("noise on the line"),
        Symptom.NO_DIAL_TONE: N_("no dial tone"),
        Symptom.NO_PICTURE: N_("no picture"),
        Symptom.PICTURE_QUALITY: N_("bad picture"),
        Symptom.LOGIN: N_("login or password"),
        Symptom.WIFI: N_("Wi-Fi"),
        Symptom.CABLE_DAMAGE: N_("damaged cable"),
        Symptom.EQUIPMENT: N_("broken equipment"),
        Symptom.POWER: N_("no electric power"),
        Symptom.BILLING: N_("bill or payment"),
        Symptom.HOW_TO: N_("how to do something"),
        Symptom.OTHER: N_("other"),
    },
    Urgency: {
        Urgency.NORMAL: N_("normal"),
        Urgency.URGENT: N_("urgent"),
        Urgency.CONTROL: N_("under control"),
    },
    Disposition: {
        Disposition.TYPICAL_FIX: N_("typical solution"),
        Disposition.INCIDENT: N_("incident"),
    },
    DecidedBy: {
        DecidedBy.RULE: N_("by rule"),
        DecidedBy.MODEL: N_("by search of the knowledge base"),
        DecidedBy.CLERK: N_("by the clerk"),
        DecidedBy.SENIOR: N_("by the senior"),
    },
    MachineMail: {
        MachineMail.AUTO_REPLY: N_("automatic reply"),
        MachineMail.BOUNCE: N_("could not be delivered"),
        MachineMail.FEEDBACK: N_("spam complaint"),
        MachineMail.BULK: N_("bulk mail"),
        MachineMail.LOOP: N_("our own mail come back"),
    },
    Review: {
        Review.LOW_OCR_CONFIDENCE: N_("hard to read"),
        Review.UNVERIFIED_SENDER: N_("sender not verified"),
        Review.UNVERIFIED_REFERENCE: N_("quoted number not verified"),
        Review.CONFLICTING_FIELDS: N_("fields contradict each other"),
        Review.UNREADABLE_ATTACHMENT: N_("an attachment can't be read"),
        Review.UNREADABLE_ORIGINAL: N_("the original can't be read"),
        Review.UNDECIDED: N_("undecided"),
        Review.TOO_LARGE: N_("too large"),
        Review.TRUNCATED: N_("cut short"),
        Review.TOO_DEEP: N_("nested too deep"),
        Review.ENCRYPTED: N_("encrypted"),
        Review.HIDDEN_TEXT: N_("hidden text"),
        Review.QUARANTINED: N_("in quarantine"),
        Review.UNDELIVERED: N_("not delivered"),
        Review.EMPTY: N_("empty"),
        Review.UNKNOWN_PARTNER: N_("a partner's ticket without a template"),
        Review.INCOMPLETE: N_("incomplete"),
    },
    State: {
        State.UNREAD: N_("being read"),
        State.REVIEW: N_("to check"),
        State.ASKED: N_("sender asked"),
        State.APPROVAL: N_("waits for a senior"),
        State.SETTLED: N_("done"),
    },
    Verb: {
        Verb.CREATE: N_("ticket"),
        Verb.AMEND: N_("addition to the ticket"),
        Verb.WITHDRAW: N_("withdrawal of the ticket"),
        Verb.REPLY: N_("answer to the sender"),
        Verb.WARN: N_("notice of warnings"),
        Verb.EVENT: N_("event to the partner"),
    },
    Kind: {
        Kind.RECEIPT: N_("receipt to the sender"),
        Kind.QUESTION: N_("question to the sender"),
        Kind.SOLUTION: N_("typical solution to the sender"),
        Kind.PROGRESS: N_("progress to the sender"),
        Kind.WITHDRAWN: N_("withdrawal confirmed to the sender"),
        Kind.STATUS: N_("word how it stands now"),
        Kind.PROVISIONAL: N_("provisional answer to the sender"),
        Kind.CLOSING: N_("word that it is closed"),
        Kind.STEP: N_("next step to the sender"),
        Kind.DETAIL: N_("wish for details to the sender"),
        Kind.NOTED: N_("addition confirmed to the sender"),
        Kind.ESCALATED: N_("word that specialists have it now"),
        Kind.HELPED: N_("thanks to the sender"),
        Kind.SOLVED_QUESTION: N_("question whether it was solved"),
        Kind.OUTAGE: N_("word of a mass outage"),
        Kind.OUTAGE_OVER: N_("word that a mass outage is over"),
    },
    Step: {
        Step.NORMALIZE: N_("reading"),
        Step.RECOGNIZE: N_("reading of the pages"),
        Step.CLASSIFY: N_("sorting"),
        Step.DELIVER: N_("delivery"),
        Step.TELL: N_("telling of the status"),
        Step.FETCH: N_("fetching of a file"),
    },
    PartnerStatus: {
        PartnerStatus.NEW: N_("new ticket"),
        PartnerStatus.UPDATED: N_("updated"),
        PartnerStatus.RESCHEDULED: N_("rescheduled"),
        PartnerStatus.IN_PROGRESS: N_("in progress"),
        PartnerStatus.CANCELLED: N_("cancelled"),
        PartnerStatus.COMPLETED: N_("completed"),
    },
    PartnerField: {
        PartnerField.NUMBER: N_("Partner's number"),
        PartnerField.CIRCUITS: N_("Circuits"),
        PartnerField.WINDOW: N_("Beginning and end"),
        PartnerField.START: N_("Beginning"),
        PartnerField.END: N_("End"),
        PartnerField.DURATION: N_("Duration"),
        PartnerField.STATUS: N_("Status"),
        PartnerField.ACCOUNT: N_("Account or contract"),
        PartnerField.NAME: N_("Name"),
        PartnerField.PHONE: N_("Call-back phone"),
        PartnerField.EMAIL: N_("E-mail"),
        PartnerField.ADDRESS: N_("Address"),
        PartnerField.ORGANIZATION: N_("Organisation"),
        PartnerField.DESCRIPTION: N_("Description"),
        PartnerField.SINCE: N_("Since"),
        PartnerField.URGENCY: N_("Urgency"),
    },
    Mode: {Mode.DISPATCHED: N_("ours to its end"), Mode.ROUTED: N_("handed over")},
    Promise: {
        Promise.RECORD: N_("record"),
        Promise.DISPATCH: N_("dispatch"),
        Promise.WORK: N_("begin of work"),
        Promise.ANSWER: N_("answer"),
    },
    Because: {
        Because.OUTAGE: N_("mass outage"),
        Because.PENDING: N_("waits for the customer"),
        Because.HELD: N_("waits for parts or others"),
        Because.BACKLOG: N_("many reports"),
    },
    OutageState: {
        OutageState.SUSPECTED: N_("suspected"),
        OutageState.CONFIRMED: N_("confirmed"),
        OutageState.DISMISSED: N_("no outage"),
        OutageState.OVER: N_("over"),
    },
    Cause: {
        Cause.CABLE: N_("damaged cable"),
        Cause.POWER: N_("no power at the node"),
        Cause.EQUIPMENT: N_("equipment has failed"),
        Cause.WORKS: N_("works on the network"),
        Cause.WEATHER: N_("weather"),
        Cause.UNKNOWN: N_("not known yet"),
    },
    ModelState: {
        ModelState.PROMOTED: N_("decides"),
        ModelState.REPLACED: N_("decided before"),
        ModelState.ASIDE: N_("kept aside"),
    },
    Level: {Level.CLERK: N_("clerks"), Level.SENIOR: N_("seniors")},
    Role: {
        Role.CLERK: N_("clerk"),
        Role.SENIOR: N_("senior operator"),
        Role.SUPERVISOR: N_("supervisor"),
        Role.ADMIN: N_("administrator"),
    },
}

#: The fields of a record by dotted name.
FIELDS = {
    "reporter.name": N_("Name"),
    "reporter.phone": N_("Call-back phone"),
    "reporter.email": N_("E-mail"),
    "reporter.organization": N_("Organisation"),
    "reporter.messenger": N_("Messenger"),
    "affected.line": N_("Faulty line"),
    "affected.account": N_("Account or contract"),
    "affected.address": N_("Address"),
    "affected.address.city": N_("City"),
    "affected.address.street": N_("Street"),
    "affected.address.house": N_("House"),
    "affected.address.building": N_("Building"),
    "affected.address.entrance": N_("Entrance"),
    "affected.address.flat": N_("Flat"),
    "affected.node": N_("Node"),
    "affected.equipment": N_("Equipment"),
    "order": N_("What it is"),
    "service": N_("Service"),
    "symptom": N_("Symptom"),
    "description": N_("Description"),
    "since": N_("Since"),
    "urgency": N_("Urgency"),
    "repeated": N_("Repeated"),
    "reference": N_("Earlier report"),
    "external_id": N_("Partner's number"),
    "language": N_("Language"),
    "machine_mail": N_("Machine mail"),
    "contact": N_("A way to answer"),
    "reporter.contact": N_("A way to answer"),
    "classification.disposition": N_("Decision"),
    "classification.route.line": N_("Line of engineers"),
    "classification.route.group": N_("Group of engineers"),
    "classification.route.company": N_("Company"),
}


#: What may stand in braces in a text of an answer, as `records.templates` tells it.
MEANINGS = {
    "greeting": N_("a greeting, with the name where it is known"),
    "number": N_("the report's number"),
    "received": N_("day and time when the report came in, in the desk's zone"),
    "missing": N_("what is missing, one line each"),
    "solution": N_("the typical solution"),
    "status": N_("how the report stands, in words"),
    "because": N_("why the answer takes longer, for a provisional answer"),
    "until": N_("the new date that a provisional answer names, or an outage's expected end, in the desk's zone"),
    "cause": N_("why an outage lies over the report"),
    "links": N_("the two links that answer the question whether it was solved; nothing in a chat"),
    "desk": N_("the desk's name"),
}
#: The media that answers leave by.
MEDIA = {Medium.MAIL: N_("mail"), Medium.CHAT: N_("chat")}


def word(value: StrEnum | None) -> str:
    """Give the English word for a value of a vocabulary; a dash for None."""
    return "–" if value is None else WORDS[type(value)][value]


def field_name(dotted: str) -> str:
    """Give the English name of a record's field; the dotted name where it has none."""
    return FIELDS.get(dotted, dotted)
