"""Area codes of cities, for local numbers where the operator's city is configured. A city not listed has none."""

_RUSSIA = """
Абакан 3902 Архангельск 8182 Астрахань 8512 Барнаул 3852 Белгород 4722 Благовещенск 4162 Брянск 4832 Владивосток 423
Владикавказ 8672 Владимир 4922 Волгоград 8442 Вологда 8172 Воронеж 473 Екатеринбург 343 Иваново 4932 Ижевск 3412
Иркутск 3952 Йошкар-Ола 8362 Казань 843 Калининград 4012 Калуга 4842 Кемерово 3842 Киров 8332 Кострома 4942
Краснодар 861 Красноярск 391 Курган 3522 Курск 4712 Липецк 4742 Магадан 4132 Мурманск 8152 Новгород 8162
Новосибирск 383 Омск 3812 Оренбург 3532 Орёл 4862 Пенза 8412 Пермь 342 Петрозаводск 8142 Псков 8112 Рязань 4912
Самара 846 Санкт-Петербург 812 Саранск 8342 Саратов 8452 Смоленск 4812 Ставрополь 8652 Сыктывкар 8212 Тамбов 4752
Тверь 4822 Томск 3822 Тула 4872 Тюмень 3452 Ульяновск 8422 Уфа 347 Хабаровск 4212 Чебоксары 8352 Челябинск 351 Чита 3022
Ярославль 4852"""
_CHINA = """
北京 10 上海 21 天津 22 重庆 23 沈阳 24 南京 25 武汉 27 成都 28 西安 29 广州 20 深圳 755 杭州 571 大连 411 鞍山 412
哈尔滨 451 长春 431 青岛 532 济南 531 郑州 371 长沙 731
福州 591 厦门 592 合肥 551 南昌 791 昆明 871 石家庄 311 太原 351"""


def _pairs(table: str) -> dict[str, str]:
    words = table.split()
    return dict(zip((name.lower() for name in words[::2]), words[1::2], strict=True))


_CODES = {"RU": (_pairs(_RUSSIA), "+7", (10,)), "CN": (_pairs(_CHINA), "+86", (9, 10, 11))}


def with_area(local: str, city: str | None, region: str) -> str | None:
    """Give a local number in E.164 by the city's area code; None where the code is unknown or doesn't fit."""
    if not city or region not in _CODES:
        return None
    codes, country, lengths = _CODES[region]
    code = codes.get(city.strip().lower().removesuffix("市"))
    return f"{country}{code}{local}" if code and len(code) + len(local) in lengths else None
