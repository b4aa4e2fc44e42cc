"""How it fails, in the customer's words."""

from collections.abc import Iterator

from normalizer.fields.passages import Candidate, Passage
from normalizer.fields.words import first, table
from records.words import Service, Symptom

_SYMPTOMS = table(
    [
        (
            Symptom.CABLE_DAMAGE,
            (
                r"перерез|перебил\w* кабел|(?:обрыв|оборв\w+|порв\w+|повре\w+|срезал\w*|украл\w*"
                r"|обрезал\w*|перегрыз\w*) (?:\w+ )?(?:кабел|провод|оптик|оптоволок)"
                r"|(?:оптик|оптоволок)\w* (?:\w+ )?(?:оборв|порв|поврежд|перегрыз|срезал|лежит|висит)"
                r"|(?:упал|рухнул|завалил)\w* (?:\w+ )?(?:столб|опора)|столб\w? (?:\w+ )?(?:упал|рухнул|завалил)"
                r"|tree (?:\w+ ){0,4}(?:line|cable|wire)s?\b|wires? (?:\w+ )?(?:across|hanging|lying)|(?:болта|свиса"
                r"|провиса|искр|леж|висит|валя)\w* (?:\w+ )?(?:кабел|провод|ящик|щит)"
                r"|(?:кабел|провод)\w* (?:\w+ )?(?:\w+ )?(?:\w+ )?(?:перебил|перебит|выдерн|вырва|болта|искр|висит"
                r"|висят|провис|свис|оборв|порв"
                r"|поврежд|упал|лежит|срезал|обрезал|перегрыз)|(?:cut|damaged|broken|torn) (?:the )?cable"
                r"|cable (?:\w+ )?(?:is |was |has been )?(?:cut|damaged|hanging|torn)|cavo (?:\w+ )?(?:tagliat|tranciat"
                r"|rott)"
                r"|(?:光纤|电缆|光缆|线路?)被?[^，。]{0,6}(?:挖断|剪断|割断)|(?:光纤|电缆|光缆|线)断了"
            ),
        ),
        (
            Symptom.HOW_TO,
            (
                r"как (?:мне |можно |правильно |самостоятельно )?(?:настро|помен|сменить|подключ|измен|узнать|установ"
                r"|включить|зайти|добав)|забыл\w* пароль|пароль[^.!?\n]{0,30}забыл|how (?:do|can) (?:i|we)|how to"
                r"|come (?:si |posso |faccio )|怎么(?:修改|设置|更改|改|连接|安装)|如何"
            ),
        ),
        (
            Symptom.LOGIN,
            (
                r"логин и пароль|авториз|аутентифик|не (?:могу |получается )?(?:зайти|войти|заходит|пускает"
                r"|принимает пароль)|ошибк\w* [67]\d\d\b|error [67]\d\d\b|errore [67]\d\d\b|неверн\w+ (?:логин|парол)"
                r"|(?:can'?t|cannot|unable to) log ?in|wrong password|login (?:fail|error|rejected)|authentication"
                r"|password errata|autentica|riesco ad? (?:entrare|accedere)|登录不|密码错误|认证失败"
            ),
        ),
        (
            Symptom.BILLING,
            (
                r"(?:неправильн|неверн|лишн|двойн)\w+ (?:\w+ )?(?:сч[её]т|начисл|списан|сумм)"
                r"|списал\w* (?:\w+ )?(?:деньг|лишн|средств|сумм|дважды|руб)|начисл\w+ (?:\w+ )?(?:лишн"
                r"|неверн|долг|пен)"
                r"|перерасч[её]т|wrong (?:bill|charge)|overcharg|(?:billed|charged)(?: me)? twice"
                r"|wrong (?:\w+ ){1,2}bill|bolletta|fattur\w+ (?:errat|sbagliat|doppi)|задолженност|переплат"
                r"|(?:разъясн|провер)\w+ (?:\w+ )?(?:начислен|сч[её]т)|没到账|未到账|invoice is wrong"
                r"|charged (?:me )?for|\bbill (?:shows|is wrong|is too)"
                r"|addebit|多扣|扣费|账单"
            ),
        ),
        (
            Symptom.NO_DIAL_TONE,
            (
                r"(?:нет|без|отсутств\w+|пропал) гудк|гудк\w+ (?:\w+ )?(?:нет|отсутств|не слыш)|гудок (?:отсутств"
                r"|пропал)|(?:телефон|линия|трубк)\w*\0?[^.!?\n]{0,20} молч|no dial(?:ling)? tone|dead line"
                r"|line is dead"
                r"|phone is dead|senza (?:segnale|tono)|telefono (?:è )?muto|(?:没有|无|没)(?:拨号音|声音)"
            ),
        ),
        (
            Symptom.NOISE,
            (
                r"треск|трещ|\bшум|шипит|чужие голоса|посторонн\w+ голос|фонит|хрип|гудение|помех\w+ на лин"
                r"|слышно чуж|чужие разговор|плохо слыш|gracchia"
                r"|disturb|fruscio|rumore|si sente male|nois[ey]|crackl|杂音|听不清|噪音|串音"
            ),
        ),
        (
            Symptom.PICTURE_QUALITY,
            (
                r"quadrett|la tv si blocca|кубик|квадратик|рассыпа|рябь|рябит|снежит|полос\w+ на экран|(?:картинк"
                r"|изображен"
                r"|видео)\w* (?:\w+ )?(?:завис|виснет|тормоз|замира|плох|прерыв|дерг)|мозаик|pixel|(?:picture"
                r"|image) (?:\w+ )?(?:freez|break|bad)"
                r"|squadrett|immagine (?:\w+ )?(?:blocc|disturb)|马赛克|卡顿|花屏"
            ),
        ),
        (
            Symptom.NO_PICTURE,
            (
                r"нет (?:сигнала|изображени|картинк)|(?:картинк|изображени)\w{1,2} (?:нет|пропал|отсутств)"
                r"|не (?:показыва|кажет|каже)|(?:ч[её]рный|син[ия]й|пустой"
                r"|белый) экран|no (?:tv |television )?(?:signal|picture)|black screen|nessun segnale|schermo nero"
                r"|senza segnale|(?:没有|无"
                r"|没)(?:信号|图像|画面)|黑屏"
            ),
        ),
        (
            Symptom.WIFI,
            (
                r"(?:wi-?fi|вай-? ?фа\w*)[^.!?\n]{0,40}(?:не |отвал|пропад|обрыв|плох|слаб|тормоз|слете|рв[её]т|отключ"
                r"|drop|slow|weak|not|lost|disconnect|non |cade|debole)"
                r"|(?:не (?:работает|ловит|видит|раздает|раздаёт)|пропада\w+|слаб\w+|плох\w+|нет"
                r"|отваливается) (?:\w+ )?(?:wi-?fi|вай-? ?фа)|(?:no|weak|slow) wi-?fi|wifi(?:信号|连不|断)"
            ),
        ),
        (
            Symptom.SLOW,
            (
                r"медлен|низк\w+ скорост|скорост\w+[^.!?\n]{0,30}(?:\d|низ|упал|маленьк|не соответств|ниже|нет)|тупит"
                r"|тормоз|\bлаг|instead of \d|speed (?:is|of) (?:only )?\d|\bslow|\blent(?:[aoei]"
                r"|issim\w)\b|rallent|网速"
                r"|太慢|很慢|网慢|высок\w+ пинг|еле (?:груз|работ|тян)|долго груз"
                r"|вместо (?:\w+ )?\d{2,4}|а скачивает|полз[её]т|плат\w+ за \d+[^.!?\n]{0,12}(?:получа|приход|выда)"
                r"|crawl|\d ?(?:meg|mb|mbps|mbit)\w* when i pay|medlenn|vmesto \d|\d mega (?:invece|su)"
                r"|invece di \d"
            ),
        ),
        (
            Symptom.INTERMITTENT,
            (
                r"пропада|отвалива|(?:интернет|инет|связь|сеть) (?:[^.!?\n]{0,20} )?отключается|прерыва|обрывы|разрыв"
                r"|рв[её]тся|периодическ|кажды[ей] \d|то есть,? то нет|перебо"
                r"|нестабил|скач[её]т|потер\w+ пакет|постоянно отключ|то появля|(?:keeps?|kept) (?:dropping"
                r"|disconnecting|cutting)|drops? (?:out|every)"
                r"|intermitt|on and off|packet loss|va e viene|a cadere"
                r"|cade (?:\w+ )?(?:di continuo|spesso|continuamente|ogni)"
                r"|salta|instabil|a tratti|时断时续|断断续续|掉线|不稳定"
            ),
        ),
        (
            Symptom.POWER,
            (
                r"нет (?:света|электричества|питания)|отключ\w+ (?:свет|электр)|power (?:cut|outage|failure)|blackout"
                r"|manca (?:la )?corrente|停电|没电"
            ),
        ),
        (
            Symptom.EQUIPMENT,
            (
                r"(?:сломал|сгорел|разбил)\w* (?:\w+ )?(?:роутер|приставк|модем|терминал|пульт)"
                r"|не (?:включ|реагир|запуск|загруж)\w* (?:\w+ )?(?:роутер|приставк|модем|терминал|пульт|оборудован)"
                r"|(?:роутер|приставк|модем|терминал|пульт|устройств|оборудован"
                r"|блок питания)\w* (?:\w+ )?(?:не (?:включ"
                r"|реагир|запуск|загруж|работ)|сгор|сломал|греет|перезагруж|гор[ие]т)|сгорел|ошибк\w+ \d{3,4}"
                r"|код ошибки|error(?: code)? \d{3,4}"
                r"|errore \d{3,4}|(?:router|modem|decoder|box) (?:\w+ )?(?:is |does |won'?t |non |è )(?:\w+ )?(?:broken"
                r"|dead|turn|accend|rott|guast)|错误代码|机顶盒(?:坏|无法|打不开)|(?:光猫|路由器)坏"
            ),
        ),
        (
            Symptom.NO_SERVICE,
            (
                r"не ?(?:работа|функц|включа|грузит|открыва|подключа|могу (?:выйти|дозвон|позвон))"
                r"|нет (?:\w+ ){0,3}(?:интернет|инет|связ|доступ|телефон|тв|телевид|кабельн|исходящ|входящ|сети)"
                r"|(?<!\w)(?:интернет|инет|связ|тв|телевидени|телефон)\w* (?:\w+ )?(?:нет|пропал|исчез|отсутств"
                r"|отключ|нету"
                r"|сдох|умер|л[её]г)"
                r"|пропал|исчез|отсутств|отвалил|\blos\b|без (?:интернет|связ|инет|телефон|тв)|не ?(?:банит|пашет"
                r"|дозвон)|отключил"
                r"|сломал|обрыв|nebanit|ne rabot|\bnet (?:interneta|ineta|svyazi)|(?:internet|broadband|connection"
                r"|line) (?:is |has )?gone|\bdown\b|(?:not|n't|stopped) work|\bno (?:internet|connection|service"
                r"|broadband|phone|tv)|\bdead\b|outage|offline|out of (?:order|service)"
                r"|non (?:funzion|va\b|c['’]è|ho (?:più )?(?:internet|linea|connession)|naviga|si connette)"
                r"|senza (?:internet|linea|connett|telefono|connession|rete)|isolat|guast|assente|上不了"
                r"|不能上网|无法|中断|不通|断网"
                r"|没网|坏了|打不|没有网|断了|没信号"
            ),
        ),
    ]
)


def symptom(passage: Passage, service: str | None) -> Iterator[Candidate]:
    """Find how it fails; a television that doesn't work has no picture."""
    for told in first(passage, passage.lower, "symptom", _SYMPTOMS, 0.85):
        dark = told.value == Symptom.NO_SERVICE and service == Service.CABLE_TV
        yield Candidate(field="symptom", value=Symptom.NO_PICTURE, evidence=told.evidence) if dark else told
