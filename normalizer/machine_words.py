"""How mail systems, complaint loops and absent people speak, in many languages: a row for each kind or server."""

import re
from typing import Final


def _phrases(*phrases: str) -> re.Pattern[str]:
    return re.compile("|".join(phrases), re.IGNORECASE)


#: Who a mail system says it is, in the address or beside it.
DAEMON_ADDRESS: Final = _phrases(
    r"mailer[-_.]?daemon",  # most of the world
    r"post_master",  # Verizon
    r"mail[-_.]?(?:daemon|delivery|system|administrator)[-_.\w]{0,20}",  # x3: Mail.Delivery.System
    r"mdaemon|bounces?|bounce[-_+][-\w=.+]{0,200}|double-bounce|ndr|nondelivery|non-delivery|mail-?error",
    r"microsoftexchange[0-9a-f]{16,40}",  # Exchange's own recipient
)
DAEMON_NAME: Final = _phrases(
    r"mail(?:er)?[ -]deliver\w* (?:sub)?system|mail administrator|mailer[-_ ]daemon",
    r"microsoft (?:outlook|exchange)|internet mail delivery|mail delivery service|the post office",
    r"delivery notification",
    r"interscan notification|content filter|система доставки почты|"
    r"почтовая система|系统退信|邮件系统|邮箱系统|postino automatico",
)
#: Who may be a mail system or a person who looks after one: Exchange, Domino, IMail.
POSTMASTER: Final = _phrases(r"post[-_.]?masters?")
#: A service that only forwards its mail system's errors, and answers nobody.
NO_REPLY: Final = _phrases(r"(?:no|do-?not)[-_.]?reply\d{0,4}")

BOUNCE_SUBJECT: Final = _phrases(
    r"^\W{0,3}failure notice",  # qmail, Yahoo
    r"^returned mail|^returned to sender|returning (?:message )?to sender|returned to sender|mail returned",  # sendmail
    r"mail (?:delivery )?fail|mail failure|mail failed|message delivery (?:has )?fail",  # exim, MailFoundry, mxlogic
    r"delivery (?:status )?(?:notification|report)|^delivery status|^delivery fail|delivery error|delivery problem",
    r"undeliver(?:able|ed)|non[- ]?delivery|not deliver(?:ed|able)|could ?n.t be delivered|unable to deliver",
    r"could not be delivered|cannot be delivered|delivery (?:was |is |has been )?(?:delayed|failed|incomplete|attempt)",
    r"permanent delivery failure|message delayed|delivery delay|email delivery error|warning: (?:could not|message)",
    r"mail system error|error sending your mail|user unknown|mailbox (?:is )?full|bounced|bounce notif",
    r"banned file|spam mail rejected|message (?:was )?(?:rejected|blocked|quarantined)|virus (?:alert|found|detected)",
    r"недоставлен|не доставлен|невозможно доставить|ошибка доставки|сбой доставки|отч[её]т о доставке|"
    r"уведомление о доставке|"
    r"возврат (?:письма|почты)|проблемы? с доставкой|доставка (?:задержана|не удалась)",
    r"mancat[ao] (?:consegna|recapito)|non (?:recapitabile|consegnato)|consegna non riuscita|notifica di stato",
    r"avviso di mancata|errore di consegna|messaggio non recapitato|impossibile recapitare",
    r"退信|退件|投递失败|未送达|无法投递|无法送达|发送失败|投遞失敗|寄件失敗|传递失败|未传递",
    r"メールエラー|エラー通知|配信できません|送信エラー|配信不能|送信できません",  # Japanese carriers
    r"unzustellbar|nicht zugestellt|non remis|échec de (?:la )?remise|no se puede entregar|no entregado|onbestelbaar",
)
BOUNCE_TEXT: Final = _phrases(
    r"this is the qmail-send program|i'm afraid i wasn't able to deliver",  # qmail
    r"this message was created automatically by (?:the )?mail",  # exim
    r"this is the mail (?:system|delivery) (?:program )?at|the following addresses had (?:permanent|transient)",
    r"the original message was received at|-{3,} transcript of session follows",  # sendmail
    r"did not reach the following recipient|could not be delivered to:? (?:the following|one or more|<)",  # Exchange
    r"delivery (?:has failed|to the following recipients? (?:has )?(?:failed|been delayed)|failed permanently)",
    r"technical details of (?:permanent|temporary) failure|your message (?:couldn't|could not|wasn't|cannot) be",
    r"unable to deliver (?:your |the |this )?(?:message|mail|e-?mail)|couldn't deliver (?:your|the) (?:message|mail)",
    r"invalid user address|error message below|user(?:'s)? (?:unknown|mailbox)|unknown user|no such user",
    r"mailbox (?:is )?full",
    r"(?:message|mail) (?:delivery )?(?:failed|has been rejected|was rejected|was not delivered|is being returned)",
    r"permanent (?:fatal )?error|smtp error from remote|host unknown|(?:recipient|remote) .{0,40}(?:rejected|refused)",
    r"^\s*5\d\d[ -]5\.\d\.\d|^\s*(?:action|status): (?:failed|delayed|5\.)|reporting-mta:|final-recipient:",
    r"не (?:было |был |может быть )?доставлен|не удалось доставить|невозможно доставить",
    r"почтовый ящик .{0,40}(?:переполнен|не существует)",
    r"non (?:è stato|e' stato) (?:possibile )?(?:recapit|consegn)|impossibile (?:recapitare|consegnare)",
    r"casella .{0,30}piena",
    r"无法(?:投递|送达|发送)|投递失败|退回给您|退信原因|邮箱(?:已满|不存在)|用户不存在",
    r"送信できませんでした|配信できません|届けられません|エラーメッセージ",
)
LIST_REFUSAL: Final = _phrases(
    r"not (?:a )?member|loop alert|unsubscribe|rejected|command error|mail from .{0,60}denied"
)
#: The whole subject, or all of it before a colon: "Автоответчик не работает" is a fault of a telephone.
AUTO_REPLY_SUBJECT: Final = re.compile(
    r"^[\s\[【(]{0,3}(?:"
    r"auto(?:matic)?[- ]?(?:reply|response|answer)|automatically generated reply"
    r"|out of (?:the )?office(?: auto-?(?:reply|response)| reply| message)?"
    r"|vacation(?: reply| notice)?|away from my mail"
    r"|авто-?ответ|автоматический ответ|вне офиса"
    r"|risposta automatica|fuori (?:sede|ufficio)|assenza dall'ufficio"
    r"|自动回复|自動回覆|自动答复|自動回信"
    r"|automatische antwort|abwesenheits\w+|réponse automatique|respuesta automática|autosvar|automatisch antwoord"
    r")\s{0,3}(?:[:：.!)\]】–-]|$)",
    re.IGNORECASE,
)
#: Complaint loops that know no RFC 5965: Hotmail; AOL and others with the fields in plain text; Amazon; Apple.
LOOP_TEXT: Final = _phrases(
    r"^feedback-type: ?\w",
    r"\{?\W{0,4}(?:notification|event)Type\W{1,8}complaint",
    r"^apple mail sent this e?-?mail to unsubscribe",
)
LOOP_SUBJECT: Final = _phrases(r"^\W{0,3}(?:complaint about message from|abuse report for|e?-?mail feedback report)\b")
