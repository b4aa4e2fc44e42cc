"""Chinese names: one of the common surnames and one or two characters, where a cue or the layout tells a person."""

import re
from collections.abc import Iterator
from itertools import islice

from normalizer.fields.passages import Candidate, Passage

_MOST = 50
_SURNAME = (
    r"(?:欧阳|上官|司马|诸葛|司徒|[王闫肖佘李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金"
    r"陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文庞樊兰殷施陶洪翟安颜倪严牛温芦季俞章鲁葛伍韦申尤毕聂丛焦向柳邢路岳齐梅莫庄辛管祝左涂谷祁时舒耿牟卜詹关苗凌费纪靳盛童欧甄项曲成游阳裴席卫查屈鲍位覃霍翁隋植甘景薄单包司柏宁柯阮桂闵解强柴华车冉房边辜吉饶刁瞿戚丘古米池滕晋苑邬臧畅宫来嵺苟全褚廉简娄盖符奚木穆党燕郎邸冀谈姬屠连郜晏栾郁商蒙计喻揭窦迟宇敖糜鄢冷卓花仇艾蓝都巩稽井练仲乐虞卞封竺冼原官衣楚佟栗匡宗应台巫鞠僧桑荆谌银扬明沙薄伏岑习胥保和蔺])"
)
_GIVEN = r"[\u4e00-\u9fff]{1,2}"
_PERSON = rf"(?P<name>{_SURNAME}(?:先生|女士|小姐|阿姨|大爷|师傅|{_GIVEN}))"
_HAN = r"[\u4e00-\u9fff]"
_CUED = re.compile(
    rf"(?:联系人|申告人|报修人|申请人|投诉人|用户姓名|客户姓名|机主|户主|姓名|用户(?![名号])|本人|我是|我叫|署名|签名)(?:姓名)?[\s:：是为]{{0,3}}{_PERSON}(?!{_HAN})"
)
_TITLED = re.compile(rf"(?<!{_HAN})(?P<name>{_SURNAME}{_GIVEN}?(?:先生|女士|小姐))(?!您|你)")
_BESIDE = re.compile(
    rf"(?<!{_HAN}){_PERSON}[\s,，:：、(（]{{0,3}}(?:(?:联系)?(?:电话|手机|方式)(?:号码?)?[\s:：]{{0,2}})?\x01"
)
_AFTER = re.compile(rf"\x01[\s,，。、;；)）]{{0,3}}{_PERSON}(?!{_HAN})")
_LAST = re.compile(rf"(?:[\s。，！!,.、？?；;]){_PERSON}[\s。]{{0,3}}(?:20\d\d年[\d年月日]{{2,8}}\s{{0,3}})?\Z")
_OWN_LINE = re.compile(rf"^\s{{0,3}}{_PERSON}\s{{0,3}}$", re.MULTILINE)
_NOT_NAMES = re.compile(
    r"谢谢|你好|您好|安装|时间|高速|温馨|连接|连不|应该|全部|原因|来电|华为|明天|马上|关于|何时|任何|方便|方式|成功|常常|和我|都不|单位|台式|都没|向你|强烈"
)


def names(passage: Passage, *, own: bool = False) -> Iterator[Candidate]:
    """Find the reporter's name; `own` says that the text is the sender's signature."""
    rules = [
        (_CUED, 0.95),
        (_BESIDE, 0.88),
        (_AFTER, 0.88),
        (_LAST, 0.85),
        (_TITLED, 0.82),
        (_OWN_LINE, 0.9 if own else 0.8),
    ]
    for pattern, confidence in rules:
        for match in islice(pattern.finditer(passage.open), _MOST):
            addressed = re.search(r"尊敬的\s?$|师傅\s?$|客服\s?$|工程师\s?$", passage.before(match.start("name"), 6))
            if not addressed and not _NOT_NAMES.search(match["name"]):
                yield passage.candidate("reporter.name", match["name"], match.span("name"), confidence)
