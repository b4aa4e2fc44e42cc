"""Reports by invented people in which more stands than a field may take: third persons, sums, other places, other days."""

# ruff: noqa: E501 a report stands on its line

from tests.normalizer.field_variations import (
    ACCOUNT,
    CITY,
    EMAIL,
    EXTERNAL,
    FLAT,
    HOUSE,
    LINE,
    NAME,
    PHONE,
    REFERENCE,
    REPEATED,
    SERVICE,
    SINCE,
    STREET,
    SYMPTOM,
    URGENCY,
)

VARIATIONS: list[tuple[str, str, dict[str, object]]] = [
    (
        "ru",
        "Добрый день! Вчера оплатил 1200 рублей, а интернет так и не включили. Договор 40-55123, Руслан Хасанов, 89371112200",
        {ACCOUNT: "40-55123", NAME: "Руслан Хасанов", PHONE: "+79371112200", SERVICE: "broadband"},
    ),
    (
        "ru",
        "Здравствуйте, Марина! Спасибо за ответ. Роутер TP-Link Archer C20, прошивка 4.18. Скорость по вайфаю 20 из 100.",
        {SERVICE: "broadband"},
    ),
    (
        "ru",
        "Жители дома по адресу ул. Маяковского, 33 жалуются: третью неделю нет кабельного ТВ. Старшая по дому Зуева Раиса Ивановна, кв. 40, т. 46-12-12",
        {STREET: "Маяковского", HOUSE: "33", FLAT: "40", NAME: "Зуева Раиса Ивановна", SERVICE: "cable_tv"},
    ),
    (
        "ru",
        'АО "Заря" просит восстановить телефонную связь, номер (8452) 33-44-55, отключена 16.11.2026. Исп. Кравцова Т.Н.',
        {LINE: "+78452334455", SINCE: "2026-11-16", NAME: "Кравцова Т.Н.", SERVICE: "telephony"},
    ),
    (
        "ru",
        "В Пензе на Пушкина 45 кв 3 уже сутки нет интернета. Артур",
        {
            CITY: "Пенза",
            STREET: "Пушкина",
            HOUSE: "45",
            FLAT: "3",
            NAME: "Артур",
            SERVICE: "broadband",
            SINCE: "2026-11-19",
        },
    ),
    (
        "ru",
        "интернет пропадает с 20:00 до 23:00 каждый день. Дог.№ 7781",
        {ACCOUNT: "7781", SERVICE: "broadband", SYMPTOM: "intermittent"},
    ),
    (
        "ru",
        "Подключился к вам 3 сентября, первое время всё было хорошо, а последние 4 дня интернет отваливается. Лиц. счет № 500-12-88",
        {ACCOUNT: "500-12-88", SERVICE: "broadband", SINCE: "2026-11-16"},
    ),
    (
        "ru",
        "приехал мастер Виталий, посмотрел, уехал. тел не работает как и раньше 55-90-12. Крылова",
        {LINE: "559012", NAME: "Крылова", REPEATED: True, SERVICE: "telephony"},
    ),
    (
        "ru",
        "Ваша компания ООО «Телеком-Плюс» обещала скорость 500 Мбит, а по факту 50! Договор ТП-90871",
        {ACCOUNT: "ТП-90871", SERVICE: "broadband", SYMPTOM: "slow"},
    ),
    (
        "ru",
        "Прошу перезвонить после 19:00 на номер 8 (962) 400 50 60, с 19.11 нет сигнала на ТВ, Ладожская ул., 55, кв. 8",
        {PHONE: "+79624005060", SINCE: "2026-11-19", STREET: "Ладожская", HOUSE: "55", FLAT: "8", SERVICE: "cable_tv"},
    ),
    (
        "ru",
        "Мама (Егорова Нина Павловна, 1940 г.р.) осталась без телефона 42-13-14. Живёт на Бородина 9-16. Я её сын Дмитрий, 8-916-200-30-40",
        {LINE: "421314", STREET: "Бородина", HOUSE: "9", FLAT: "16", PHONE: "+79162003040", SERVICE: "telephony"},
    ),
    ("ru", "инет нет. глобус 14 кв 3", {SERVICE: "broadband", FLAT: "3"}),
    (
        "ru",
        "Нет связи! Не работает касса. Магазин «Берёзка», пр. Строителей 55Б. Директор: Симонян Ашот, 8 (8412) 30 40 50",
        {STREET: "проспект Строителей", HOUSE: "55Б", NAME: "Симонян Ашот", PHONE: "+78412304050"},
    ),
    (
        "ru",
        "Номер лицевого счета 6677001. Хочу сменить тариф на 300 мбит. Елизавета М.",
        {NAME: "Елизавета М.", ACCOUNT: "6677001", SERVICE: "broadband"},
    ),
    (
        "ru",
        "Договор на имя Рогова Степана. Нет интернета на 2-й Парковой, д. 6. Пишет дочь, Рогова Ирина.",
        {STREET: "2-я Парковая", HOUSE: "6", NAME: "Рогова Ирина", SERVICE: "broadband"},
    ),
    (
        "ru",
        "Тел. 89876543210. Тел. 8 (8412) 65-43-21 не работает с понедельника",
        {PHONE: "+79876543210", LINE: "+78412654321", SINCE: "2026-11-16", SERVICE: "telephony"},
    ),
    (
        "ru",
        "Добрый день.\nАбонент Ким Лариса Юрьевна\nЛ/счет 1002003\nНет ни интернета, ни ТВ с 15 ноября.",
        {NAME: "Ким Лариса Юрьевна", ACCOUNT: "1002003", SINCE: "2026-11-15", SERVICE: "broadband"},
    ),
    (
        "ru",
        "Заявка 55-123 в работе? жду уже 3 дня мастера. Нет интернета. Ефимова",
        {REFERENCE: "55-123", NAME: "Ефимова", SERVICE: "broadband", REPEATED: True},
    ),
    (
        "ru",
        "ВНИМАНИЕ! АВАРИЯ! Нет связи на ДУ-88, КУ-12, более 200 абонентов. Дежурный Осипов",
        {URGENCY: "urgent", NAME: "Осипов"},
    ),
    (
        "ru",
        "Здравствуйте, не работает телефон и интернет, телефон 8(84157)2-11-22, с уважением Администрация с. Наскафтым",
        {LINE: "+78415721122", CITY: "Наскафтым", SERVICE: "broadband"},
    ),
    (
        "ru",
        "Проживаю по ул. Ударной 28-9, вчера вечером пропал интернет и больше не появлялся. Борисова Юля",
        {STREET: "Ударная", HOUSE: "28", FLAT: "9", SINCE: "2026-11-19", NAME: "Борисова Юля", SERVICE: "broadband"},
    ),
    (
        "ru",
        "Мой e-mail: lenka-penka@mail.example, телефон +7(964)8001234. Пароль от вайфая забыла",
        {EMAIL: "lenka-penka@mail.example", PHONE: "+79648001234", SERVICE: "broadband", SYMPTOM: "how_to"},
    ),
    (
        "ru",
        "Тема: Нет интернета\nТекст: Ул. Кураева, д.1А, кв.77. Пропал линк. Абонент №301-455",
        {STREET: "Кураева", HOUSE: "1А", FLAT: "77", ACCOUNT: "301-455", SERVICE: "broadband"},
    ),
    (
        "ru",
        "Вымпелком, наш тикет 2211-7781, ваш тикет 90871. Линк так и не поднялся с 18.11.",
        {EXTERNAL: "2211-7781", REFERENCE: "90871", SINCE: "2026-11-18", REPEATED: True},
    ),
    (
        "zh",
        "电话8823456打不出去，请派人维修。铁西区兴华街8号楼下小卖部，老板姓周",
        {LINE: "8823456", SERVICE: "telephony"},
    ),
    (
        "zh",
        "我是1201的住户，网络三天没有了。翠湖花园7栋1201，张伟 电话 15922223333",
        {
            SINCE: "2026-11-17",
            STREET: "翠湖花园",
            HOUSE: "7栋",
            FLAT: "1201",
            NAME: "张伟",
            PHONE: "+8615922223333",
            SERVICE: "broadband",
        },
    ),
    ("zh", "尊敬的客服：王丽经理答应我11月15日修好电视，至今没有画面。", {SERVICE: "cable_tv", SYMPTOM: "no_picture"}),
    (
        "it",
        "Buongiorno, il tecnico Paolo è venuto il 17 novembre ma la linea continua a cadere. Contratto 88-120. Saluti, Elena Marini",
        {ACCOUNT: "88-120", NAME: "Elena Marini", REPEATED: True, SYMPTOM: "intermittent"},
    ),
    (
        "it",
        "Ho pagato la fattura n. 2026/1182 di 45 euro. Internet assente da stamattina in via Verdi 2, Como (CO). Luigi Sala 031 123 4567",
        {
            STREET: "via Verdi",
            HOUSE: "2",
            CITY: "Como",
            SINCE: "2026-11-20",
            NAME: "Luigi Sala",
            PHONE: "+390311234567",
            SERVICE: "broadband",
        },
    ),
    ("it", "Cambio indirizzo: da via Roma 3 a via Milano 9. Quando potete trasferire la linea?", {}),
    ("it", "Vorrei sapere quanto costa la fibra a 1000 mega. Grazie", {SERVICE: "broadband"}),
    ("en", "I moved from 5 Park Street to 9 Queen Street last month. When will you move my line?", {}),
    (
        "en",
        "Your technician Steve said he would come on 18 November. Nobody came. No internet. Account 90-1187. Maria Lopez",
        {ACCOUNT: "90-1187", NAME: "Maria Lopez", REPEATED: True, SERVICE: "broadband"},
    ),
    (
        "en",
        "Paid invoice 2026-1183 on 10 Nov, still no service at 41 Church Lane. Call Ann on 07700900888",
        {STREET: "Church Lane", HOUSE: "41", PHONE: "+447700900888", REPEATED: True},
    ),
    (
        "en",
        "Speed is 5 Mbps instead of 100. Model TP-Link AX3000, firmware 1.2.3.4",
        {SERVICE: "broadband", SYMPTOM: "slow"},
    ),
    ("en", "hello, need help, sim card 4G not working in my phone", {SERVICE: "mobile"}),
]
