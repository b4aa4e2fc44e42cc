"""Chinese addresses: city, road or estate, number, unit, room. Numbers may stand in characters."""

import re
from collections.abc import Iterator
from itertools import islice

from normalizer.fields.numerals import chinese_digits
from normalizer.fields.passages import Candidate, Passage

_N = r"[\d一二三四五六七八九十〇零]"
_HAN = r"[\u4e00-\u9fff]"
_REST = (
    rf"(?:(?P<building>{_N}{{1,3}})(?:号楼|栋|幢|座|楼))?[\s,，]{{0,2}}(?:(?P<entrance>{_N}{{1,2}})(?:单元"
    rf"|门))?[\s,，]{{0,2}}(?:{_N}{{1,2}}[层楼])?[\s,，]{{0,2}}"
    rf"(?:(?P<flat>{_N}{{1,5}})(?:室|号房|房|户)?(?![\d\-号栋幢座单门层楼天兆日月年点元个M]))?"
)
_ROAD = re.compile(
    rf"(?P<street>{_HAN}{{2,12}}(?:大街|大道|路|街|巷|胡同|弄|道))(?P<house>{_N}{{1,5}}(?:号院?(?!楼)|[甲乙丙](?:号)?|弄|-\d{{1,3}}号))"
    rf"[\s,，]{{0,2}}(?:{_HAN}{{2,8}}(?:小区|花园|新村|公寓|家园|苑|大厦))?[\s,，]{{0,2}}{_REST}"
)
_ESTATE = re.compile(
    rf"(?P<street>{_HAN}{{2,14}}(?:小区|花园|新村|公寓|家园|新城|雅苑|花苑|嘉园|社区|大厦|城|苑|府|湾|庭|公馆|国际)(?:[一二三四五\d]期)?)[\s,，]{{0,2}}(?P<house>{_N}{{1,3}}(?:号楼|栋|幢|座"
    rf"|号))[\s,，]{{0,2}}{_REST}"
)
_CITY = re.compile(rf"(?P<city>{_HAN}{{2,12}}?市)(?={_HAN}{{1,8}}?(?:区|县|路|街|道|镇|乡|{_N}))")
#: A kind of place that nobody has named: 我们小区6号楼.
_TYPE = re.compile(r"小区|花园|公寓|社区|大厦|路|街|巷")
#: What stands before a street's own name: the district, "I live at".
_LEAD = re.compile(
    rf".*(?:[省市县镇乡州旗]|(?<![小社])区|地址|[住位]?在|住址|[位居]于|我家|家住|我们|咱们|本|是)(?={_HAN}{{2}})"
)
_CITY_LEAD = re.compile(rf".*(?:省|自治区|地址|住在|[在于是])(?={_HAN}{{2}})")


def addresses(passage: Passage) -> Iterator[Candidate]:
    """Find where it fails."""
    for match in islice(_CITY.finditer(passage.open), 1):
        city = _CITY_LEAD.sub("", match["city"])
        yield passage.candidate("affected.address.city", city, match.span("city"), 0.9)
    for pattern in (_ROAD, _ESTATE):
        found = list(islice(pattern.finditer(passage.open), 3))
        for match in found:
            yield from _pieces(passage, match, bare=pattern is _ESTATE)
            passage.claim(*match.span())
        if found:
            return


def _pieces(passage: Passage, match: re.Match[str], *, bare: bool) -> Iterator[Candidate]:
    street = _LEAD.sub("", match["street"])
    if len(street) < 2 or _TYPE.fullmatch(street):
        return
    yield passage.candidate("affected.address.street", street, match.span("street"), 0.9)
    house = re.sub(rf"{_N}+", lambda found: chinese_digits(found[0]), match["house"], count=1)
    yield passage.candidate("affected.address.house", house, match.span("house"), 0.9)
    for field in ("building", "entrance", "flat"):
        if match[field] and not (bare and field == "building"):
            yield passage.candidate(f"affected.address.{field}", chinese_digits(match[field]), match.span(field), 0.88)
