"""Which typical solution may be offered: the knowledge base's best, by how far it leads, and by what is known."""

from msgspec import Struct

from classifier.knowledge import Knowledge, Match
from records.record import FaultRecord


class Lead(Struct, frozen=True):
    """How well the best solution must do: its score, and by which share of it every rival stays behind."""

    floor: float
    margin: float


#: A row of the rules agrees, and names the solutions that are no rivals; or the model does, and all are.
BY_RULE = BY_MODEL = Lead(floor=2.0, margin=0.05)
#: Nobody but the knowledge base speaks.
ALONE = Lead(floor=8.0, margin=0.4)


def offered(
    record: FaultRecord, facts: frozenset[str], knowledge: Knowledge, lead: Lead, allowed: frozenset[str] | None
) -> str | None:
    """Name the solution to offer; None where none leads enough, or where the best one must not be offered now.

    `allowed`: what the rows that apply may mean; None: any. A solution whose conditions do not all hold is no answer
    to this report and left out; one that has conditions may answer beside the rows' own, for its keeper said when. The
    best one that is forbidden by what is known (`not_when`) is for a person: the second best would answer another
    question. A text that customers' answers speak against must lead every other as if nobody but it spoke.
    """
    matches = _apt(record, facts, knowledge)
    if not matches or matches[0].score < lead.floor:
        return None
    best = matches[0]
    solution = knowledge.solutions[best.key]
    if solution.not_when & facts or (allowed is not None and not solution.conditions and best.key not in allowed):
        return None
    if (best.key, knowledge.language(best.key, record.language)) in knowledge.doubtful:
        lead, allowed = Lead(max(lead.floor, ALONE.floor), ALONE.margin), None
    friends = {best.key} if allowed is None else allowed | {best.key}
    rival = next((match.score for match in matches if match.key not in friends), 0.0)
    return best.key if rival <= best.score * (1 - lead.margin) else None


def _apt(record: FaultRecord, facts: frozenset[str], knowledge: Knowledge) -> list[Match]:
    """Give the solutions found whose conditions hold, best first."""
    found = knowledge.best(record.description or "", record.language, record.service)
    return [match for match in found if knowledge.solutions[match.key].conditions <= facts]
