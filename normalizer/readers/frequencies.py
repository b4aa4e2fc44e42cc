"""What written languages look like, for guessing a charset: frequent letter pairs and frequent signs."""

from typing import Final

#: Russian letter pairs, each first letter with the letters that often follow it: 95 % of running text.
_RUSSIAN: Final = (
    "абвгдежзйклмнпрстхцчшщюя баеилорсущъы ваеилносушы гаилору даеиклнорсу ебвгдежзйклмнопрстхцчшщю жадеин завдимно "
    "иавдезийклмнопрстхцчщюя ймс кавеилорсту лаеиноуыьюя маеимносуы надеикностуфыья обвгдежзийклмнопрстцчшюя паеилору "
    "рагежимностуыя савеиклмнопрстучья тавеикнорсуыь убвгдежклмнпрстчшщю фезио хаос цаеи чаеин шаеи щаеин ъе ывеймтх "
    "ьезинсюя ютчщ явдезмтхщю ён"
)
RUSSIAN_PAIRS: Final = frozenset(group[0] + letter for group in _RUSSIAN.split() for letter in group[1:])
#: Russian words of one letter.
RUSSIAN_LETTERS: Final = frozenset("авикосуя")

#: The most frequent signs of Chinese, simplified and traditional.
HANZI: Final = frozenset(
    "的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里用道行所然家种事成方多经么"
    "去法学如都同现当没动面起看定天分还进好小部其些主样理心她本前开但因只从想实日军者意无力它与长把机十民第公此已工使情明性知全三又"
    "关点正业外将两高间由问很最重并物手应战向头文体政美相见被利什二等产或新己制身果加西斯月话合回特代内信表化老给世位次度门任常先海"
    "通教儿原东声提立及比员解水名真论处走义各入几口认条平系气题活尔更别打女变四神总何电数安少报才结反受目太量再感建务做接必场件计管"
    "期市直德资命山金指克许统区保至队形社便空决治展马科司五基眼书非则听白却界达光放强即像难且权思王象完设式色路记南品住告类求据程北"
    "边死张该交规万取拉格望觉术领共确传师观清今切院让识候带导争运请谢您联络线网号断修户宽装费元客服吗吧呢啊哪怎办已经址楼室街区县省"
    "這個們來為國說時會對過發後裡種經學現當動還進樣開實無與長機關點業將兩間問並應戰頭體見產話內給門東聲員處義條氣題別變總電數報結"
    "場計資許統區隊決馬書則聽達強難權設記類據邊張該規萬覺術領確傳師觀讓識帶導爭運請謝聯絡線網號斷戶寬裝費嗎辦樓縣"
    "們件品價格質價優廠貨產單訂購銷售廣告价厂货单订购销售广东深圳上海北京发票税培训课程企业管理"
)

#: The most frequent syllables of Korean.
HANGUL: Final = frozenset(
    "이다는에의하가고을로지은를한사기도서나어인리자대아시수있해정들일과그전보라스부게으것제상습니주장관여오만성트구원적동안합세요면"
    "공드조연문신유화우내용까없했위되터러경실선소비국계마거말무분았중회행었더재연결메미못"
)

#: Letters with a mark in the languages of western and central Europe, by how often they are met.
LATIN: Final = frozenset("àáâãäåæçèéêëìíîïñòóôõöøùúûüßœÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÑÒÓÔÕÖØÙÚÛÜŒ")
LATIN_RARE: Final = frozenset("ąćęłńśźżčďěňřšťůžőűăşţșțĄĆĘŁŃŚŹŻČĎĚŇŘŠŤŮŽŐŰÝýÿðþğİıĞŞōū")

#: Signs beside letters that stand in ordinary text.
PUNCTUATION: Final = frozenset(
    "«»“”„‚‘’–—…№°§©®™€£•·\xa0、。，！？：；「」『』（）【】《》〈〉・ー～％＋－／＝　¿¡´½²³±×"
)
