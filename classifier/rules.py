"""The rules, one row each: what it means, when it applies, what follows. Read them from top to bottom.

A row applies when *all* of its `all` facts, *one* of its `any` facts and *none* of its `none` facts are known of the
report. Facts without a colon are meanings of what the customer wrote (their words stand in `words/`), those with one
are fields of the record. What follows from the rows that apply is in `decision.py`:

- CERTAIN: an incident, whatever else is said.
- INCIDENT: an incident, unless a row for a typical fix applies too; then a person decides.
- PERSON: neither may be said by a machine; a person decides.
- TYPICAL: a typical fix, if the knowledge base, asked on its own, finds one of the row's solutions.
- ASK: nothing but a question; the knowledge base decides alone, if it is sure.
"""

from enum import Enum

from msgspec import Struct


class Outcome(Enum):
    """What follows from a row."""

    CERTAIN = "certain"
    INCIDENT = "incident"
    PERSON = "person"
    TYPICAL = "typical_fix"
    ASK = "ask"


class Rule(Struct, frozen=True):
    """One row of the table."""

    name: str
    why: str
    outcome: Outcome
    any: tuple[str, ...]
    all: tuple[str, ...] = ()
    none: tuple[str, ...] = ()
    line: int = 2  # of support, for incidents
    group: str | None = None  # of engineers, for incidents; None: the one that keeps the service
    solutions: tuple[str, ...] = ()  # that a typical fix may be
    explains: tuple[str, ...] = ()  # rows for an incident that this one accounts for

    def applies(self, facts: frozenset[str]) -> bool:
        """Tell whether the row applies to a report of which these facts are known."""
        return (
            any(fact in facts for fact in self.any)
            and all(fact in facts for fact in self.all)
            and not any(fact in facts for fact in self.none)
        )


CERTAIN, INCIDENT, PERSON, TYPICAL, ASK = Outcome

_TV = ("service:cable_tv", "service:iptv")
_TALK = ("service:telephony", "service:mobile")
_TROUBLE = (
    "no_service",
    "not_working",
    "intermittent",
    "phone_dead",
    "call_fault",
    "tv_no_signal",
    "tv_picture",
    "slow",
)
_DOUBTFUL = ("resolved", "money_dispute", "equipment_dead", "wifi_down", "request", "tv_no_signal")
_LINE = ("no-service", "no-service-field", "not-working")

RULES: tuple[Rule, ...] = (
    # Danger and key customers go first.
    Rule("emergency", "Fire, sparks, a lift's or a hospital's line: lives may hang on it.", CERTAIN,
         ("emergency",), line=3),
    Rule("leased-line", "Leased lines and circuits have engineers of their own.", CERTAIN,
         ("leased", "service:leased_line"), line=3, group="b2b"),
    Rule("partner-ticket", "Another operator's ticket, or a line under long watch.", CERTAIN,
         ("field:partner", "urgency:control"), line=3, group="b2b"),
    # The operator's network is at fault; no step of the customer's can mend it.
    Rule("los-lamp", "A red or blinking LOS lamp: no light comes through the fibre.", CERTAIN,
         ("red_lamp",), none=_TV, group="fiber"),
    Rule("cable-damage", "A cable, pole or cabinet is cut, torn or broken.", CERTAIN,
         ("cable_cut", "symptom:cable_damage"), line=3),
    Rule("no-dial-tone", "The handset is silent: the line or the exchange.", CERTAIN,
         ("no_dial_tone", "symptom:no_dial_tone"), group="copper"),
    Rule("line-noise", "Crackling, humming or strangers' voices on the line.", CERTAIN,
         ("line_noise", "symptom:noise"), none=_TV, group="copper"),
    Rule("whole-house", "Several flats, the house or the street are hit: one cause above them.", CERTAIN,
         ("whole_house",), line=3),
    Rule("outage", "Words of an outage, a storm, flooding, building works, or lost packets.", CERTAIN,
         ("outage_word", "packet_loss", "storm"), line=3),
    Rule("several-services", "Two services fail at once: what they share is ours.", CERTAIN,
         _TROUBLE, all=("several_services",)),
    Rule("days-without-service", "No service since days: the moment for first steps is over.", CERTAIN,
         ("days", "field:days"), all=("no_service",), none=_TV),
    Rule("plainly-no-service", "No internet, and nothing asked that steps could answer.", CERTAIN, ("no_service",),
         none=("how_to", "asks_login", "login_error", "not_rebooted", "one_site", "wifi_unseen", "wifi_drops",
         *_DOUBTFUL)),
    # The customer has been here before.
    Rule("repeated", "A repeated report: the first answer did not mend it.", CERTAIN, ("repeated", "field:repeated"),
         none=("money_dispute",)),
    Rule("did-not-help", "What was tried or advised did not help.", CERTAIN, ("not_helped",)),
    Rule("solution-in-vain", "The customer has tried every step that we told him.", CERTAIN, ("dialogue:in_vain",)),
    Rule("already-restarted", "The first steps are done, and the trouble is still there.", CERTAIN,
         ("no_service", "not_working", "intermittent"), all=("tried",)),
    Rule("trouble-in-answer", "An answer to our mail tells of trouble: what we advised was not enough.", CERTAIN,
         (*_TROUBLE, "wifi_drops"), all=("order:follow_up",)),
    Rule("amends-ticket", "Something to be added to a ticket that engineers already have.", CERTAIN, ("amend_ticket",)),
    # Most likely the network.
    Rule("no-service", "No internet, no connection.", INCIDENT, ("no_service",)),
    Rule("no-service-field", "Nothing of the service works, and it is not television.", INCIDENT,
         ("symptom:no_service",), none=_TV),
    Rule("not-working", "It does not work, and no row below tells what small thing it is.", INCIDENT,
         ("not_working",)),
    Rule("intermittent", "The connection comes and goes, by cable too.", INCIDENT,
         ("intermittent",), none=_TV),
    Rule("phone-dead", "The telephone does not work.", INCIDENT, ("phone_dead",), none=_TV, group="copper"),
    Rule("calls-fail", "Calls can't be made or taken, or break.", INCIDENT,
         ("call_fault",), group="copper"),
    Rule("intercom", "The door phone or a camera does not work.", INCIDENT, ("intercom_down",)),
    Rule("legal-entity", "An organisation: its reports have a line of their own.", INCIDENT,
         ("legal_entity", "field:organization"), group="b2b"),
    Rule("wired-too", "By cable it is the same: not the Wi-Fi.", INCIDENT, ("wired_too",)),
    Rule("all-sets", "Every television set is dark: not the set.", INCIDENT, ("tv_all_sets",), group="tv"),
    Rule("weeks-without-tv", "No picture for weeks: long past an input source pressed by chance.", INCIDENT,
         ("tv_no_signal", "tv_channels_missing"), all=("weeks",), group="tv"),
    Rule("tv-since", "The set was fine until a day that he tells: no input source that was never right.", INCIDENT,
         ("tv_no_signal",), all=("field:since",), group="tv"),
    Rule("steps-done", "The customer has already done the first steps.", INCIDENT, ("tried",)),
    Rule("again", "It fails again: the first steps did not last.", INCIDENT, _TROUBLE, all=("again",)),
    # A machine must not say.
    Rule("resolved", "It works again: nothing to mend, nothing to advise.", PERSON, ("resolved",)),
    Rule("money", "A quarrel about money is for people.", PERSON, ("money_dispute",)),
    Rule("equipment-dead", "A box without a light may need a new one.", PERSON, ("equipment_dead",)),
    Rule("wifi-down", "'Wi-Fi does not work' may be the Wi-Fi or the line.", PERSON, ("wifi_down",),
         none=("wifi_weak", "wifi_drops", "wifi_unseen")),
    Rule("order-of-service", "A wish for a new service is for the sales people.", PERSON, ("request",)),
    Rule("in-answer", "An answer to our mail gets no second typical solution.", PERSON, ("order:follow_up",)),
    # What the customer can do himself.
    Rule("wifi-password", "Forgotten or to be changed.", TYPICAL,
         ("wifi_password",), solutions=("wifi-password", "wifi-guest")),
    Rule("wifi-weak", "Wi-Fi does not reach, or is slow in a far room.", TYPICAL,
         ("wifi_weak",), solutions=("wifi-weak", "wifi-drops"),
         explains=("not-working",)),
    Rule("wifi-drops", "Wi-Fi drops, with no word of the cable.", TYPICAL,
         ("wifi_drops",), solutions=("wifi-drops", "wifi-weak"),
         explains=("not-working", "intermittent")),
    Rule("wifi-unseen", "A device does not see or join the Wi-Fi.", TYPICAL,
         ("wifi_unseen",), solutions=("wifi-unseen",),
         explains=("not-working", "phone-dead")),
    Rule("slow", "Slow internet: measure by cable, restart, close what loads.", TYPICAL,
         ("slow",), none=_TV, solutions=("slow-internet", "speed-test", "wifi-weak", "game-lag")),
    Rule("one-site", "One site or application does not open, the others do.", TYPICAL,
         ("one_site",), solutions=("one-site",), explains=("no-service-field", "not-working")),
    Rule("not-restarted", "The equipment has not been restarted yet.", TYPICAL, ("not_rebooted",),
         solutions=("restart-router",), explains=(*_LINE, "intermittent")),
    Rule("login-error", "A numbered error of the connection program.", TYPICAL,
         ("login_error",), solutions=("error-651", "error-691")),
    Rule("asks-login", "The connection itself asks for login and password, or refuses them.", TYPICAL,
         ("asks_login",), none=("cabinet_login", "wifi_password"),
         solutions=("error-691", "account-password", "router-setup"), explains=_LINE),
    Rule("lost-login", "Login or password forgotten or refused.", TYPICAL, ("lost_login", "asks_login"),
         solutions=("error-691", "account-password", "router-setup", "wifi-password", "parental-control")),
    Rule("account-login", "The customer can't enter his account page.", TYPICAL, ("cabinet_login",),
         solutions=("account-password", "error-691"), explains=("not-working",)),
    Rule("new-router", "A new or reset router, and the question how to set it up.", TYPICAL,
         ("new_router",), all=("how_to",),
         solutions=("router-setup",), explains=_LINE),
    Rule("router-setup", "Settings of a router.", TYPICAL, ("router_setup", "new_router", "network_terms"),
         solutions=("router-setup", "one-site", "error-691")),
    Rule("network-how-to", "Ports, addresses, guests, a speed test.", TYPICAL, ("net_howto",),
         solutions=("port-forwarding", "static-address", "wifi-guest", "speed-test", "wifi-strangers",
                    "slow-internet")),
    Rule("tv-no-signal", "'No signal' or no picture on one set: input source, plugs, restart.", TYPICAL,
         ("tv_no_signal",), none=_TALK,
         solutions=("tv-no-signal", "tv-channels-missing", "tv-retune", "iptv-error", "box-frozen"),
         explains=("not-working",)),
    Rule("tv-channels", "Some channels are missing or not found.", TYPICAL, ("tv_channels_missing", "tv_retune"),
         solutions=("tv-channels-missing", "tv-retune", "tv-no-signal"),
         explains=("not-working",)),
    Rule("tv-picture", "The picture freezes or falls to pieces.", TYPICAL, ("tv_picture",),
         solutions=("tv-picture", "iptv-freezes", "box-frozen"),
         explains=("not-working",)),
    Rule("tv-sound", "No sound, wrong language, out of step.", TYPICAL, ("tv_sound",), solutions=("tv-sound",)),
    Rule("iptv-error", "The box shows an error number.", TYPICAL,
         ("iptv_error",), solutions=("iptv-error", "box-frozen"),
         explains=("not-working",)),
    Rule("box-frozen", "The box hangs.", TYPICAL,
         ("box_frozen",), solutions=("box-frozen", "iptv-error", "iptv-freezes"),
         explains=("not-working",)),
    Rule("remote", "The remote control.", TYPICAL,
         ("remote",), solutions=("remote-control", "box-frozen", "iptv-error"),
         explains=("not-working",)),
    Rule("tv-how-to", "Channel order, child lock, subtitles, second set.", TYPICAL, ("tv_howto",),
         solutions=("channel-order", "parental-control", "tv-archive", "second-tv", "tv-subscription", "tv-sound",
                    "screen-format")),
    Rule("pay", "How, where and when to pay.", TYPICAL, ("pay_howto",), solutions=("how-to-pay", "promised-payment")),
    Rule("balance", "Balance, bill, account number.", TYPICAL,
         ("balance_howto",), solutions=("check-balance", "get-bill")),
    Rule("blocked", "Service stopped for want of money.", TYPICAL, ("blocked",),
         solutions=("blocked-for-debt", "promised-payment", "how-to-pay"), explains=("no-service-field",)),
    Rule("tariff", "Another plan or option.", TYPICAL, ("tariff_howto",), solutions=("change-plan", "tv-subscription")),
    Rule("contract", "Pause, end, move or pass on the contract.", TYPICAL, ("contract_howto",),
         solutions=("pause-service", "end-contract", "move-house", "change-owner")),
    Rule("forwarding", "Call forwarding.", TYPICAL, ("forwarding",), solutions=("call-forwarding",)),
    Rule("phone-how-to", "Caller's number, calls abroad, unwanted calls.", TYPICAL, ("phone_howto",),
         solutions=("caller-id", "calls-abroad", "block-calls", "tone-dialling", "check-balance")),
    Rule("ringer", "The telephone does not ring, but works.", TYPICAL, ("ringer",), solutions=("phone-ringer",)),
    Rule("cordless", "A cordless handset and its base.", TYPICAL, ("dect",), solutions=("cordless-phone",)),
    Rule("mobile-data", "Settings of mobile internet.", TYPICAL, ("apn",), solutions=("mobile-internet",)),
    Rule("sim", "SIM card: locked, lost, new.", TYPICAL,
         ("sim",), solutions=("sim-locked", "sim-lost", "number-transfer", "no-sim")),
    Rule("roaming", "The mobile abroad.", TYPICAL, ("roaming",), solutions=("roaming",)),
    # Nothing but a question.
    Rule("question", "Asks how something is done.", ASK, ("how_to",)),
)  # fmt: skip

#: Which group of engineers keeps a service, where the row does not name one.
GROUPS: dict[str | None, str] = {
    "broadband": "broadband", "cable_tv": "tv", "iptv": "tv", "telephony": "copper", "mobile": "mobile",
    "leased_line": "b2b", "other": "dispatch", None: "dispatch",
}  # fmt: skip
