"""Reports by invented people that strain the grammar, with what a careful clerk would take from each.

`now` is Friday 2026-11-20, 14:00 local time. A field that is not named must stay empty, save service, symptom, urgency
and repeated, which are checked only where they are named.
"""

# ruff: noqa: E501 a report stands on its line

NAME, PHONE, EMAIL = "reporter.name", "reporter.phone", "reporter.email"
LINE, ACCOUNT = "affected.line", "affected.account"
CITY, STREET, HOUSE = "affected.address.city", "affected.address.street", "affected.address.house"
BUILDING, ENTRANCE, FLAT = "affected.address.building", "affected.address.entrance", "affected.address.flat"
SERVICE, SYMPTOM, SINCE, URGENCY = "service", "symptom", "since", "urgency"
REPEATED, REFERENCE, EXTERNAL = "repeated", "reference", "external_id"

VARIATIONS: list[tuple[str, str, dict[str, object]]] = [
    ("ru", "лицевой 4410023, интернета нет с утра", {ACCOUNT: "4410023", SERVICE: "broadband", SINCE: "2026-11-20"}),
    (
        "ru",
        "Здравствуйте. По договору 61-2044 пропал интернет. Пушкарёва Анна",
        {ACCOUNT: "61-2044", NAME: "Пушкарёва Анна", SERVICE: "broadband"},
    ),
    (
        "ru",
        "мой логин pnz_778899 не пускает, ошибка 691",
        {ACCOUNT: "pnz_778899", SERVICE: "broadband", SYMPTOM: "login"},
    ),
    (
        "ru",
        "Добрый день, живу по адресу ул. Рабочая, дом 17, корпус 2, кв12. Не работает телефон 45-17-90, молчит. Тихонов Алексей Юрьевич",
        {
            STREET: "Рабочая",
            HOUSE: "17к2",
            FLAT: "12",
            LINE: "451790",
            NAME: "Тихонов Алексей Юрьевич",
            SERVICE: "telephony",
        },
    ),
    (
        "ru",
        "ул Ленина17-45 нет инета второй день",
        {STREET: "Ленина", HOUSE: "17", FLAT: "45", SINCE: "2026-11-19", SERVICE: "broadband"},
    ),
    (
        "ru",
        "Юридический отдел, тел. +7 (495) 120-33-44 доб. 215. Не открываются сайты. Договор №А-1187/22",
        {PHONE: "+74951203344", ACCOUNT: "А-1187/22", SERVICE: "broadband"},
    ),
    (
        "ru",
        "не работает вайфай, мой тел 8-902-340-66-05, 8-902-340-66-06 мама",
        {PHONE: "+79023406605", SERVICE: "broadband"},
    ),
    (
        "ru",
        "Телефон для связи восемь девятьсот двадцать семь триста сорок пять шестьдесят семь восемьдесят девять. Пропал сигнал на телевизоре",
        {PHONE: "+79273456789", SERVICE: "cable_tv"},
    ),
    (
        "ru",
        "Здравствуйте, Наталья Викторовна! Вы просили уточнить адрес: улица Клары Цеткин, 8, квартира 15. С уважением, Игорь Самойлов",
        {STREET: "Клары Цеткин", HOUSE: "8", FLAT: "15", NAME: "Игорь Самойлов"},
    ),
    (
        "ru",
        "интернет еле грузит, проспект Октября 33/1 кв 7",
        {STREET: "проспект Октября", HOUSE: "33/1", FLAT: "7", SERVICE: "broadband", SYMPTOM: "slow"},
    ),
    (
        "ru",
        "Московское шоссе 105-44 не работает кабельное",
        {STREET: "Московское шоссе", HOUSE: "105", FLAT: "44", SERVICE: "cable_tv"},
    ),
    (
        "ru",
        "пер. Садовый, д. 3а. Телевизор пишет нет сигнала. Зоя",
        {STREET: "переулок Садовый", HOUSE: "3а", NAME: "Зоя", SERVICE: "cable_tv", SYMPTOM: "no_picture"},
    ),
    (
        "ru",
        "Заявление. Я, Мухаметшина Гульнара Ринатовна, проживающая: г. Уфа, бульвар Славы, д. 12, кв. 90, прошу устранить шум на линии 264-15-33.",
        {
            NAME: "Мухаметшина Гульнара Ринатовна",
            CITY: "Уфа",
            STREET: "бульвар Славы",
            HOUSE: "12",
            FLAT: "90",
            LINE: "2641533",
            SERVICE: "telephony",
            SYMPTOM: "noise",
        },
    ),
    (
        "ru",
        "от Сергеевой Марии Павловны\nадрес: г. Самара, ул. Гагарина, д. 5, кв. 61\nтел. 8(927)601-22-33\n\nПрошу прислать мастера, не работает интернет с 12 ноября.",
        {
            NAME: "Сергеева Мария Павловна",
            CITY: "Самара",
            STREET: "Гагарина",
            HOUSE: "5",
            FLAT: "61",
            PHONE: "+79276012233",
            SINCE: "2026-11-12",
            SERVICE: "broadband",
        },
    ),
    (
        "ru",
        "Уважаемый Сергей Иванович! Прошу помочь, интернет не работает со вчерашнего вечера.\n\nА.Н. Дроздов",
        {NAME: "Дроздов А.Н.", SINCE: "2026-11-19", SERVICE: "broadband"},
    ),
    (
        "ru",
        "Третьи сутки нет связи по адресу Терешковой 14 кв. 8, +79061234432 Лена",
        {STREET: "Терешковой", HOUSE: "14", FLAT: "8", PHONE: "+79061234432", NAME: "Лена", SINCE: "2026-11-18"},
    ),
    ("ru", "позавчера пропал интернет. Л/С: 0099213", {SINCE: "2026-11-18", ACCOUNT: "0099213", SERVICE: "broadband"}),
    (
        "ru",
        "договор № 55/2019-77 от 12.03.2019. С прошлого вторника телефон 4-15-22 не работает",
        {ACCOUNT: "55/2019-77", SINCE: "2026-11-17", LINE: "41522", SERVICE: "telephony"},
    ),
    (
        "ru",
        "Монтёр Петров обещал прийти 18.11, никто не пришёл. Заявка № 90213. Карасёва",
        {REFERENCE: "90213", NAME: "Карасёва", REPEATED: True},
    ),
    (
        "ru",
        "оплатил 15 ноября 900 руб по счёту 77120045, а интернета всё нет",
        {ACCOUNT: "77120045", SERVICE: "broadband"},
    ),
    (
        "ru",
        "Пишу из Кузнецка, ул. Белинского 8, подъезд 3, этаж 4, кв. 52. роутер кинетик мигает красным",
        {CITY: "Кузнецк", STREET: "Белинского", HOUSE: "8", ENTRANCE: "3", FLAT: "52", SERVICE: "broadband"},
    ),
    (
        "ru",
        "Дом 5 по улице Лесной, квартира 18. Интернет пропадает каждые 10 минут",
        {STREET: "Лесная", HOUSE: "5", FLAT: "18", SERVICE: "broadband", SYMPTOM: "intermittent"},
    ),
    (
        "ru",
        "Срочно! Авария, кабель оборвали экскаватором на ул. Чкалова 20",
        {STREET: "Чкалова", HOUSE: "20", URGENCY: "urgent", SYMPTOM: "cable_damage"},
    ),
    (
        "ru",
        "Не срочно, но хотелось бы понять, почему скорость ниже тарифа. Договор 300118",
        {ACCOUNT: "300118", URGENCY: "normal", SYMPTOM: "slow", SERVICE: "broadband"},
    ),
    (
        "ru",
        "Мегафон ТТ 4471290. Канал 200М Пенза, ул. Беляева 2, потери пакетов с 18.11.2026 03:15 МСК. Взять на контроль. noc@mf.example",
        {
            EXTERNAL: "4471290",
            CITY: "Пенза",
            STREET: "Беляева",
            HOUSE: "2",
            SINCE: "2026-11-18",
            EMAIL: "noc@mf.example",
            URGENCY: "control",
        },
    ),
    (
        "ru",
        "Второй раз пишу! Интернет рвётся. Ваш номер обращения 771203. Глухов П.",
        {REFERENCE: "771203", REPEATED: True, NAME: "Глухов П.", SERVICE: "broadband"},
    ),
    ("ru", "звонил вам на 8 (8412) 45-45-45, не дозвонился. Мой номер 89048500011", {PHONE: "+79048500011"}),
    (
        "ru",
        "ООО «Северный ветер», ИНН 7701234567, КПП 770101001. Нет интернета в офисе, ул. Мира 10, оф. 3. Главный инженер Лукин Роман Олегович, 8 960 555-12-12",
        {
            PHONE: "+79605551212",
            STREET: "Мира",
            HOUSE: "10",
            FLAT: "3",
            NAME: "Лукин Роман Олегович",
            SERVICE: "broadband",
        },
    ),
    (
        "ru",
        "у соседки Ивановой всё работает, а у меня на 8 Марта 15-7 тишина. телефон 33-14-55 молчит",
        {STREET: "8 Марта", HOUSE: "15", FLAT: "7", LINE: "331455", SERVICE: "telephony"},
    ),
    (
        "ru",
        "Телефон не работает. Номер 2-34-56. Позвоните внуку Косте 8 999 123 45 67",
        {LINE: "23456", PHONE: "+79991234567", SERVICE: "telephony"},
    ),
    (
        "ru",
        "Приставка показывает код ошибки 1305, абонент Юсупов Рамиль, 8.987.654.32.10",
        {NAME: "Юсупов Рамиль", PHONE: "+79876543210", SERVICE: "iptv"},
    ),
    (
        "ru",
        "нет интернета\nСветлова О.А.\nул. Первомайская, 44 - 12\n8 917 555 0101",
        {
            NAME: "Светлова О.А.",
            STREET: "Первомайская",
            HOUSE: "44",
            FLAT: "12",
            PHONE: "+79175550101",
            SERVICE: "broadband",
        },
    ),
    (
        "ru",
        "Добрый вечер! Подскажите, когда подключат дом на Строителей 4? Интернет обещали до 1 декабря",
        {STREET: "Строителей", HOUSE: "4"},
    ),
    (
        "ru",
        "интернет работает, а телевизор не показывает. дог 778120. Вадим 89875553311",
        {ACCOUNT: "778120", NAME: "Вадим", PHONE: "+79875553311", SERVICE: "cable_tv"},
    ),
    (
        "ru",
        "Не работает интернет 3 недели! Жалоба. Проживаю: ст. Каменка, ул. Вокзальная д.2",
        {SINCE: "2026-10-30", STREET: "Вокзальная", HOUSE: "2", CITY: "Каменка", SERVICE: "broadband"},
    ),
    (
        "ru",
        "с 5 ноября по сей день нет телефона. номер телефона 8412521133",
        {LINE: "+78412521133", SINCE: "2026-11-05", SERVICE: "telephony"},
    ),
    (
        "ru",
        "tel 89631112233, ne rabotaet internet, ul Pushkina 7 kv 12",
        {PHONE: "+79631112233", STREET: "Пушкина", HOUSE: "7", FLAT: "12", SERVICE: "broadband"},
    ),
    (
        "ru",
        "Здравствуйте! Меня зовут Олеся. Wi-Fi слабый в дальней комнате, что посоветуете?",
        {NAME: "Олеся", SERVICE: "broadband"},
    ),
    (
        "ru",
        "Сегодня после 18:00 не работал интернет, сейчас всё в порядке, спасибо. FR-2026-0001187",
        {REFERENCE: "FR-2026-0001187"},
    ),
    (
        "ru",
        "Здравствуйте, на дом пришли 2 мастера, 40 минут искали кабель и ушли. Нет интернета. Кв. 19",
        {FLAT: "19", SERVICE: "broadband"},
    ),
    ("ru", "Купили роутер за 2500 руб 10 ноября, он не видит сеть. Хочу в 17 квартиру провести второй кабель", {}),
    (
        "ru",
        "Алло, гудков нет уже 4 дня на домашнем 62-11-80, перезвоните дочери Марине 8 927 390 00 12",
        {LINE: "621180", PHONE: "+79273900012", SINCE: "2026-11-16", SERVICE: "telephony", SYMPTOM: "no_dial_tone"},
    ),
    (
        "zh",
        "你好，我是赵敏，家里宽带从前天开始断网，地址：大连市中山区解放路118号2单元901室，电话13912340099",
        {
            NAME: "赵敏",
            SINCE: "2026-11-18",
            CITY: "大连市",
            STREET: "解放路",
            HOUSE: "118号",
            ENTRANCE: "2",
            FLAT: "901",
            PHONE: "+8613912340099",
            SERVICE: "broadband",
        },
    ),
    (
        "zh",
        "用户姓名：孙立军\n故障号码：0411-8765 4321\n故障现象：杂音\n联系电话：15041234567\n地址：大连市沙河口区西安路20号",
        {
            NAME: "孙立军",
            LINE: "+8641187654321",
            PHONE: "+8615041234567",
            CITY: "大连市",
            STREET: "西安路",
            HOUSE: "20号",
            SERVICE: "telephony",
            SYMPTOM: "noise",
        },
    ),
    (
        "zh",
        "电视没信号两天了，阳光花园3号楼1单元602，何先生 18640001122",
        {
            SINCE: "2026-11-18",
            STREET: "阳光花园",
            HOUSE: "3号楼",
            ENTRANCE: "1",
            FLAT: "602",
            NAME: "何先生",
            PHONE: "+8618640001122",
            SERVICE: "cable_tv",
        },
    ),
    (
        "zh",
        "上周五报修过，到现在还没有人来。工单号20261113008，网还是上不了。",
        {REFERENCE: "20261113008", REPEATED: True, SERVICE: "broadband"},
    ),
    ("zh", "请问如何设置路由器？", {SERVICE: "broadband", SYMPTOM: "how_to"}),
    (
        "zh",
        "合同号：HT-20931，专线自11月18日起中断，请紧急处理。联系人 郭凯 +86 138 0000 1234",
        {
            ACCOUNT: "HT-20931",
            SINCE: "2026-11-18",
            NAME: "郭凯",
            PHONE: "+8613800001234",
            URGENCY: "urgent",
            SERVICE: "leased_line",
        },
    ),
    (
        "it",
        "Buonasera, sono Chiara Ferri, abito in viale Europa 27, scala A, interno 6, 50126 Firenze. Internet non va da tre giorni. Tel 333 765 4321",
        {
            NAME: "Chiara Ferri",
            STREET: "viale Europa",
            HOUSE: "27",
            ENTRANCE: "A",
            FLAT: "6",
            CITY: "Firenze",
            SINCE: "2026-11-17",
            PHONE: "+393337654321",
            SERVICE: "broadband",
        },
    ),
    (
        "it",
        "La linea telefonica 055 7654321 è muta dal 16 novembre. Codice cliente: 778812. Piazza Duomo 3, Prato. Giorgio Neri",
        {
            LINE: "+390557654321",
            SINCE: "2026-11-16",
            ACCOUNT: "778812",
            STREET: "piazza Duomo",
            HOUSE: "3",
            CITY: "Prato",
            NAME: "Giorgio Neri",
            SERVICE: "telephony",
        },
    ),
    (
        "it",
        "Gentile Sig. Bruni, il wifi cade ogni ora. Contratto n. 4410-77. Cordiali saluti, Anna Greco, anna.greco@posta.example",
        {ACCOUNT: "4410-77", NAME: "Anna Greco", EMAIL: "anna.greco@posta.example", SERVICE: "broadband"},
    ),
    (
        "it",
        "Corso Vittorio Emanuele II n. 114/B, Bari - la televisione non si vede da ieri sera. Urgente!",
        {
            STREET: "corso Vittorio Emanuele II",
            HOUSE: "114/B",
            CITY: "Bari",
            SINCE: "2026-11-19",
            URGENCY: "urgent",
            SERVICE: "cable_tv",
        },
    ),
    (
        "it",
        "vi ho scritto via mail 2 volte e nessuno ha risposto, pratica 88123, internet lento",
        {REFERENCE: "88123", REPEATED: True, SERVICE: "broadband", SYMPTOM: "slow"},
    ),
    (
        "it",
        "Mi chiamo Sofia De Luca. Come faccio a cambiare il nome della rete wifi?",
        {NAME: "Sofia De Luca", SERVICE: "broadband", SYMPTOM: "how_to"},
    ),
    (
        "en",
        "Flat 3, 12 High Street, Leeds. No internet since Tuesday. Customer number 884512. Thanks, Olivia Brown 07700 900456",
        {
            STREET: "High Street",
            HOUSE: "12",
            FLAT: "3",
            CITY: "Leeds",
            SINCE: "2026-11-17",
            ACCOUNT: "884512",
            NAME: "Olivia Brown",
            PHONE: "+447700900456",
            SERVICE: "broadband",
        },
    ),
    (
        "en",
        "Hi Sarah, our landline 0161 496 0123 has been crackling for three days. Please call my mobile 07700 900 321. Tom Hughes",
        {
            LINE: "+441614960123",
            SINCE: "2026-11-17",
            PHONE: "+447700900321",
            NAME: "Tom Hughes",
            SERVICE: "telephony",
            SYMPTOM: "noise",
        },
    ),
    (
        "en",
        "Dear support, the broadband stopped working yesterday. Account: BB-20931. Regards, Liam O'Connor",
        {SINCE: "2026-11-19", ACCOUNT: "BB-20931", NAME: "Liam O'Connor", SERVICE: "broadband"},
    ),
    (
        "en",
        "Your ticket 55120 was closed but the line is still down. My name is Grace Lee.",
        {REFERENCE: "55120", REPEATED: True, NAME: "Grace Lee"},
    ),
    (
        "en",
        "Our ref TT-99120. Circuit ID: FRA-PNZ-0021 down since 19 Nov 2026 22:10 UTC. Priority: High. NOC, noc@transit.example, +49 69 1234 5678",
        {
            EXTERNAL: "TT-99120",
            ACCOUNT: "FRA-PNZ-0021",
            SINCE: "2026-11-19",
            URGENCY: "urgent",
            EMAIL: "noc@transit.example",
            PHONE: "+496912345678",
            SERVICE: "leased_line",
        },
    ),
    ("en", "How can I change my wifi name? Thanks", {SERVICE: "broadband", SYMPTOM: "how_to"}),
    (
        "en",
        "we are at 7 Elm Grove, second house on the left, tv has no signal for 2 weeks",
        {STREET: "Elm Grove", HOUSE: "7", SINCE: "2026-11-06", SERVICE: "cable_tv"},
    ),
]
