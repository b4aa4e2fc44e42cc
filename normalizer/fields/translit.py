"""Russian street names in Latin letters, written back."""

import re

_PAIRS = """
shch щ sch щ zh ж kh х ts ц ch ч sh ш yu ю ju ю ya я ja я ia я yo ё a а b б v в g г d д e е z з i и
j й k к l л m м n н o о p п r р s с t т u у f ф h х c ц y ы w в x кс q к"""
_GROUPS = dict(zip(_PAIRS.split()[::2], _PAIRS.split()[1::2], strict=True))
_SHORT_I = re.compile(r"(?<=[aeoiuy])y(?![aeiouy])")
_GROUP = re.compile("|".join(sorted(_GROUPS, key=len, reverse=True)))


def cyrillic_street(latin: str) -> str:
    """Give a street's name in Cyrillic letters: Moskovskaya is Московская."""
    latin = _SHORT_I.sub("j", latin.lower())
    return _GROUP.sub(lambda found: _GROUPS[found[0]], latin).capitalize()
