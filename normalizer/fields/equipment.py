"""The make of the customer's equipment."""

from collections.abc import Iterator

from normalizer.fields.passages import Candidate, Passage
from normalizer.fields.words import first, table

_MAKES = table(
    [
        ("D-Link", r"\bd-?\s?link\b|\bд-?линк\w*|\bдлинк\w*|\bdir-?\d{3}"),
        ("TP-Link", r"\btp-?\s?link\b|\bт[пэ]-?\s?линк\w*|\barcher\b"),
        ("Huawei", r"huawei|\bхуав[еэ]й\w*|\bхуавэ[йя]\w*|华为|\bhg\d{4}"),
        ("ZTE", r"\bzte\b|\bзте\b|中兴"),
        ("Cisco", r"\bcisco\b|\bциско\b|思科"),
        ("Keenetic", r"keenetic|\bкинетик\w*"),
        ("ZyXEL", r"zyxel|\bзиксель?\w*"),
        ("MikroTik", r"mikrotik|\bмикротик\w*|\brouterboard"),
        ("ASUS", r"\basus\b|\bасус\w*"),
        ("Eltex", r"\beltex\b|\bэлтекс\w*"),
        ("Xiaomi", r"\bxiaomi\b|\bксиоми\b|\bсяоми\b|小米"),
        ("Tenda", r"\btenda\b|\bтенда\b|腾达"),
        ("Mercusys", r"\bmercusys\b|\bмеркусис\b"),
        ("Netgear", r"\bnetgear\b"),
        ("Netis", r"\bnetis\b"),
        ("Juniper", r"\bjuniper\b"),
        ("Sagemcom", r"\bsagem(?:com)?\b"),
        ("Technicolor", r"\btechnicolor\b"),
        ("Fritz!Box", r"fritz!?\s?box"),
        ("SNR", r"\bsnr-[a-z]"),
    ]
)


def equipment(passage: Passage) -> Iterator[Candidate]:
    """Find the make of a router, terminal or set-top box that the report names."""
    yield from first(passage, passage.lower, "affected.equipment", _MAKES, 0.9)
