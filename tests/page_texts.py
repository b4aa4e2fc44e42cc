"""Letters as customers write them, invented anew for every seed, with what they say known."""

import json
import random
from dataclasses import dataclass
from pathlib import Path
from typing import Any

#: By language: names with the beginning of their mail address, cities, streets, and blocks of text to be filled in.
FACTS: dict[str, dict[str, list[Any]]] = json.loads(Path(__file__).with_suffix(".json").read_text(encoding="utf-8"))


@dataclass(frozen=True)
class Letter:
    """One page of text and the facts in it; `text` is what a reader of the page must give, line by line."""

    language: str
    text: str
    name: str
    phone: str  # E.164
    written_phone: str
    email: str
    account: str
    city: str
    street: str  # without a word for "street"
    house: str
    flat: str
    date: str


def letter(language: str, seed: int) -> Letter:
    """Write the letter of a seed in ru, it, zh or en: letterhead, greeting, three or four paragraphs, signature."""
    rng = random.Random(f"{language}/{seed}")
    told = FACTS[language]
    first, mail = rng.choice(told["names"])
    phone, written = _phone(language, rng)
    facts = {
        "name": first,
        "mail": f"{mail}{rng.randrange(10, 99)}@{rng.choice(('mail.example', 'post.example', 'gate.example'))}",
        "phone": written,
        "account": str(rng.randrange(10**8, 10**9)),
        "city": rng.choice(told["cities"]),
        "street": rng.choice(told["streets"]),
        "house": str(rng.randrange(1, 180)),
        "flat": str(rng.randrange(1, 250)),
        "date": f"{rng.randrange(1, 29):02}.{rng.randrange(1, 13):02}.2026",
        "speed": str(rng.choice((50, 100, 200, 300, 500))),
        "hour": f"{rng.randrange(7, 23)}:{rng.randrange(60):02}",
        "days": str(rng.randrange(2, 9)),
    }
    chosen = rng.sample(told["paragraphs"], 4)
    blocks = [*told["head"], *chosen, *told["foot"]]
    text = "\n\n".join(block.format(**facts) for block in blocks)
    return Letter(
        language=language, text=text, name=first, phone=phone, written_phone=written, email=facts["mail"],
        account=facts["account"], city=facts["city"], street=facts["street"], house=facts["house"],
        flat=facts["flat"], date=facts["date"],
    )  # fmt: skip


def _phone(language: str, rng: random.Random) -> tuple[str, str]:
    def digits(count: int) -> str:
        return "".join(str(rng.randrange(10)) for _ in range(count))

    if language == "ru":
        code, one, two, three = rng.choice(("917", "927", "903", "960")), digits(3), digits(2), digits(2)
        return f"+7{code}{one}{two}{three}", rng.choice(("8 ({}) {}-{}-{}", "+7 {} {}-{}-{}")).format(
            code, one, two, three
        )
    if language == "it":
        code, rest = rng.choice(("347", "338", "320", "333")), digits(7)
        return f"+39{code}{rest}", f"{code} {rest[:3]} {rest[3:]}"
    if language == "zh":
        code, rest = rng.choice(("138", "139", "186", "157")), digits(8)
        return f"+86{code}{rest}", f"{code}{rest}"
    rest = digits(6)
    return f"+447700{rest}", f"07700 {rest}"
