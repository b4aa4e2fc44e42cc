"""The words by which mail programs of many languages open a quotation, and by which people and firms close a mail."""

from typing import Final

#: Header labels as mail programs translate them when they quote a mail with its header block.
LABELS: Final[dict[str, str]] = {
    label: role
    for role, labels in {
        "from": "from|von|de|da|från|fra|van|od|от|от кого|отправитель|від|від кого|发件人|發件人|寄件者|寄件人|"
        "差出人|보낸 사람|lähettäjä|kimden|feladó|de la|expéditeur|mittente|absender|remitente",
        "date": "sent|date|sent at|gesendet|datum|gesendet am|envoyé|envoyé le|date d'envoi|inviato|inviato il|data|"
        "data invio|skickat|sendt|dato|verzonden|verzonden op|wysłano|wysłane|отправлено|дата|дата отправки|"
        "надіслано|发送时间|发送日期|發送時間|日期|时间|寄件日期|送信日時|日付|보낸 날짜|날짜|enviado|enviado el|"
        "enviado em|fecha|enviada em|lähetetty|päiväys|gönderme|gönderildi|tarih|message du|odesláno|trimis",
        "to": "to|an|à|a|destinatario|destinataire|till|til|aan|naar|do|кому|получатель|收件人|宛先|받는 사람|para|"
        "vastaanottaja|kime|komu|empfänger|către",
        "subject": "subject|betreff|objet|oggetto|ämne|emne|onderwerp|temat|тема|主题|主題|主旨|件名|제목|asunto|"
        "assunto|aihe|konu|předmět|tárgy|subiect",
        "other": "cc|bcc|kopie|copia|copie|copie à|kopia|копия|копія|抄送|副本|密送|reply-to|reply to|antwort an|"
        "répondre à|rispondi a|risposta|ответить|кому ответить|回复|importance|wichtigkeit|priorità|важность|"
        "вложения|attachments|allegati|附件|organization|организация|ccn|скрытая копия",
    }.items()
    for label in labels.split("|")
}

#: "So-and-so wrote" as it closes or crowns an attribution line.
WROTE: Final = (
    r"wrote|writes|schrieb|schreef|geschreven|a\s+écrit|écrit|ha\s+scritto|scrive|escribió|escribio|escreveu|"
    r"писал[аи]?|napisał\(a\)|napisał[ao]?|pisze|skrev|skriver|kirjoitti|пишет|пишут|написал\(-?а\)|написал[аи]?|сообщил[аи]?|пише|"
    r"написав|写道|写到|寫道|书写|のメール|書きました|작성|yazdı|napsal\(a\)|napsala?|írta|a\s+scris"
)

#: How an attribution line that names a date may begin, besides with the date itself.
OPENERS: Final = (
    "on|at|am|le|il|il giorno|in data|in date|op|den|el|em|dnia|w dniu|dana|dne|на|в|во|вс|пн|вт|ср|чт|пт|сб|от|"
    "在|于|於|date"
)

#: Words of a line between dashes that opens a quoted mail ("----- Original Message -----").
ORIGINAL: Final = (
    "original message|original mail|original nachricht|original appointment|original-nachricht|ursprüngliche nachricht|"
    "originalnachricht|message d'origine|message original|message initial|messaggio originale|"
    "oprindelig besked|oprindelig meddelelse|opprinnelig melding|originalmeddelande|ursprungligt meddelande|"
    "oorspronkelijk bericht|mensaje original|mensagem original|oryginalna wiadomość|wiadomość oryginalna|"
    "исходное сообщение|исходное письмо|оригинальное сообщение|первоначальное сообщение|"
    "вихідне повідомлення|原始邮件|原始信件|原郵件|原邮件|元のメッセージ|alkuperäinen viesti|původní zpráva|"
    "původní e-mail|"
    "özgün ileti|eredeti üzenet|reply message|reply to message|previous message"
)

#: Words of a line that opens a forwarded mail; the sender says by it that what follows is not his own reply's quote.
FORWARD: Final = (
    "forwarded message|forwarded by|forwarded mail|forwarded email|begin forwarded message|"
    "пересылаемое сообщение|пересланное сообщение|пересылаемое письмо|пересланное письмо|"
    "переадресованное сообщение|начало переадресованного сообщения|начало пересылаемого сообщения|"
    "перенаправленное сообщение|переслано|переслане повідомлення|"
    "messaggio inoltrato|inizio messaggio inoltrato|messaggio inoltrato da|"
    "转发邮件|转发的邮件|转发信息|轉寄郵件|轉寄的郵件|下面是被转发的邮件|以下是转发的邮件|开始转发的邮件|"
    "weitergeleitete nachricht|message transféré|message transmis|mensaje reenviado|mensagem encaminhada|"
    "doorgestuurd bericht|wiadomość przekazana|treść przekazanej wiadomości|videresendt meddelelse|"
    "vidarebefordrat meddelande|přeposlaná zpráva"
)

#: What a colleague writes above a report that he hands on.
HANDS_ON: Final = (
    r"пересыла(?:ю|ем)|перенаправля(?:ю|ем)|пере(?:даю|да[её]м)(?= )|"
    r"направля(?:ю|ем) (?:вам|обращени|жалоб|письм|заявк)|"
    r"(?:письмо|обращение|жалоба|заявка) (?:клиента|абонента|от абонента) (?:ниже|во вложении)|см\.? ниже|"
    r"forwarding|passing (?:this )?on|see (?:the )?(?:mail |message |report )?below|"
    r"(?<!\w)(?:vi |le |ti )?(?:inoltro|giro)(?!\w)|in calce|转发|转给|请看下面|见下"
)

#: Words of the line that some programs put below a forwarded mail.
FORWARD_END: Final = (
    "конец пересылаемого|конец пересланного|конец перенаправленного|end of forwarded|end forwarded|fine messaggio"
)

#: Subject prefixes of a reply and of a forward (the part before the colon).
REPLY_PREFIXES: Final = "re|aw|antw|sv|vs|odp|r|rif|ris|res|rép|на|отв|ответ|re²|回复|答复|回覆|答覆|回信"
FORWARD_PREFIXES: Final = "fw|fwd|wg|tr|i|inoltro|inoltra|rv|enc|doorst|пересл|пер|переслано|转发|轉寄|转|vb|vl|ilt"

#: A line that a device or a program signs with; the name of the device must be all that follows.
DEVICE: Final = (
    r"(?:sent|posted|written)\s+(?:from|via|with|using|by)|get\s+outlook\s+for|(?:скачать|получит[ье])\s+outlook|"
    r"отправлено\s+(?:с|со|из|через|от|при\s+помощи|мобильн\w+)|послано\s+(?:с|из)|написано\s+(?:с|в)|надіслано\s+(?:з|із)|"
    r"inviat[oa]\s+(?:da|dal|dallo|con|tramite)|ottieni\s+outlook|scarica\s+outlook|messaggio\s+inviato\s+da|"
    r"gesendet\s+(?:von|mit)|von\s+meinem|diese\s+nachricht\s+wurde|envoyé\s+(?:de|depuis|à\s+partir)|"
    r"enviado\s+(?:desde|do|de|a\s+partir)|(?:verzonden|verstuurd)\s+(?:vanaf|vanuit|met)|sendt\s+fra|skickat\s+från|"
    r"wysłan[eo]\s+z|lähetetty|发自|發自|发送自|签名由|来自|从我的|從我的|获取\s*outlook|取得\s*outlook"
)

#: A device line that says "my", so that any one or two words may follow for the device.
MINE: Final = r"(?:sent from my|отправлено с моего|отправлено с моей|inviato d(?:al mio|alla mia)|发自我的|發自我的)\s?"

#: Words that name a device or a mail program: a footer of two such words needs no more proof.
DEVICES: Final = (
    "iphone|ipad|ipod|android|samsung|galaxy|xiaomi|redmi|huawei|honor|nokia|blackberry|windows|outlook|gmail|yahoo|"
    "mail|почт|smartphone|смартфон|телефон|планшет|мобильн|phone|tablet|mobile|device|typeapp|spark|mailbird|"
    "thunderbird|proton|aquamail|k-9|bluemail|mymail|handy|telefon|téléphone|móvil|手机|手機|华为|小米|荣耀|oppo|vivo|平板|邮箱|郵箱|邮件|"
    "客户端|foxmail|cellulare|dispositivo|airmail|workspace|boxer|polymail|newton|edison|app|fairphone|pixel|wireless"
)

#: Words of confidentiality notices and virus adverts; two of one paragraph tell.
LEGAL: Final = (
    r"confidential|intended\s+(?:solely|only|recipient|for)|privileged|if\s+you\s+(?:are\s+not|have\s+received)|"
    r"received\s+this\s+(?:e-?mail|message|communication)|unauthori[sz]ed|disclaimer|disclos|disseminat|"
    r"please\s+(?:notify|delete|consider)|before\s+printing|this\s+(?:e-?mail|message)\s+(?:and|may|contains|is)|"
    r"конфиденциальн|предназначен[оыа]?\s|адресат|получател[ьяе]м?|по\s+ошибке|уведомит|удалит|разглашен|"
    r"несанкционированн|не\s+явля[юе]тся|настоящ(?:ее|ая|им)|данное\s+(?:сообщение|электронное|письмо)|коммерческ\w+\s+тайн|"
    r"riservat|confidenzial|destinatar|per\s+errore|cancellar|divulga|vietat|trattare\s+i\s+dati|privacy|d\.?\s?lgs|gdpr|"
    r"保密|机密|機密|收件人|误收|誤收|泄露|洩漏|删除|刪除|本邮件|本郵件|未经授权|"
    r"virus|вирус|вредоносн|病毒|avast|kaspersky|касперск|dr\.?web|nod32|avg\.com|antivirus|infett|spam"
)

#: What opens a closing ("Best regards,"), the whole line but for a short tail.
CLOSING: Final = (
    r"(?:(?:with\s+)?(?:best|kind|kindest|warm|warmest|many)\s+)?regards|best\s+wishes|all\s+the\s+best|best|cheers|"
    r"thanks|thank\s+you|many\s+thanks|thanks\s+(?:and|&)\s+regards|sincerely|yours(?:\s+(?:truly|sincerely|faithfully))?|"
    r"с\s+(?:глубоким\s+|искренним\s+)?уважением|с\s+ув\.?|с\s+наилучшими(?:\s+пожеланиями)?|всего\s+(?:доброго|хорошего)|"
    r"заранее\s+(?:спасибо|благодар\w+)|спасибо|благодарю|искренне\s+ваш\w*|з\s+повагою|"
    r"(?:cordiali|distinti|cari|tanti|migliori)\s+saluti|(?:un\s+)?cordiale\s+saluto|saluti|grazie|in\s+fede|cordialmente|"
    r"mit\s+freundlichen\s+grüßen|freundliche\s+grüße|viele\s+grüße|liebe\s+grüße|mfg|cordialement|"
    r"bien\s+cordialement|saludos|un\s+saludo|atentamente|atenciosamente|met\s+vriendelijke\s+groeten?|"
    r"med\s+vänliga?\s+hälsning(?:ar)?|med\s+vennlig\s+hilsen|venlig\s+hilsen|pozdrawiam|"
    r"此致|敬礼|敬禮|顺祝商祺|顺颂商祺|祝好|谢谢|謝謝|多谢|祝您?工作顺利|致敬"
)

#: A closing that is nothing else, so that a whole signature may follow it on its line.
REGARDS: Final = r"\W{0,3}(?:с\s+(?:\w+\s+)?ув|(?:\w+\s){0,3}regards|(?:\w+\s){0,2}saluti|sincerely|yours|此致|顺祝)"

#: What a closing may name beside a person and his contacts; with these the block stays, for it tells of the fault.
FAULT_WORDS: Final = (
    r"\b(?:имя|фио|ф\.\s?и\.\s?о\.?|name|nome|nom|姓名|联系人|申告人)\s?[:：]|"
    r"договор|лицев|л/с|абонент|логин|заявк|не\s+работа|адрес(?!ат)|\bул\b|улиц|\bдом\b|\bкв\b|квартир|"
    r"contratt|cliente\s+n|codice\s+cliente|\bvia\b|indirizzo|guasto|account|contract|customer\s+n|address(?!ee)|\bflat\b|ticket|"
    r"合同|账号|帳號|宽带|地址|编号|小区|号楼|\bp\.?\s?s\b|\bп\.?\s?с\b"
)
