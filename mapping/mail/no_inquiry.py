"""Mail that nobody wrote to us: bounces, auto-replies, newsletters, calendar mail; in three languages."""

from __future__ import annotations

import re

from mapping.mail.letter import Letter
from mapping.normalize.text import fold

_DAEMON = re.compile(r"^(?:mailer-?daemon|postmaster|mail-?delivery|bounces?)(?:[+.-].*)?@")
_BOUNCE_SUBJECT = re.compile(
    r"^(?:undeliver(?:able|ed)|(?:mail )?delivery (?:status notification|failure|failed|has failed)"
    r"|mail delivery (?:failed|failure|system)|returned mail|failure notice|delivery incomplete"
    r"|message (?:undeliverable|not delivered|non distribue|non remis)|non remis"
    r"|echec de (?:la )?(?:remise|distribution|livraison)|courriel non (?:remis|distribue|livre)"
    r"|notification d (?:etat|echec) de (?:la )?(?:remise|distribution)|avis de non (?:remise|distribution)"
    r"|no se (?:pudo|ha podido) entregar|no entregado|mensaje no entregado|correo (?:no entregado|devuelto)"
    r"|error (?:en la|de) entrega|notificacion (?:de|del) estado de (?:la )?entrega|devuelto)\b"
)
_AUTO_SUBJECT = re.compile(
    r"^(?:(?:re|aw|tr) )?(?:automatic reply|auto ?reply|auto ?response|automated (?:reply|response)"
    r"|out of (?:the )?office|on vacation|away from (?:my )?(?:office|desk|email)|ooo\b|vacation (?:reply"
    r"|response)"
    r"|reponse automatique|absen(?:ce|te?)(?:$| (?:du|de|temporaire|jusqu|re|tr|en)\b)|message d absence"
    r"|notification d absence|en vacances|hors (?:du )?bureau|de retour le"
    r"|respuesta automatica|fuera de (?:la )?oficina|ausencia|ausente|de vacaciones"
    r"|contestacion automatica|mensaje automatico)"
)
_AUTO_PRECEDENCE = frozenset({"auto_reply", "auto-reply", "junk"})
_LIST_PRECEDENCE = frozenset({"bulk", "list"})
_LIST_MARKS = ("list-id", "list-unsubscribe", "list-post")
_CALENDAR_SUBJECT = re.compile(
    r"^(?:accepted|declined|tentative|tentatively accepted|canceled event|cancelled event"
    r"|updated invitation"
    r"|invitation|canceled|acceptee?|refusee?|provisoire|annulee?|aceptad[ao]|rechazad[ao]|cancelad[ao]"
    r"|invitacion)\b"
)


def no_inquiry(letter: Letter, *, form: bool = False) -> tuple[str, str] | None:
    """(code, sentence) for mail that is no inquiry: bounce, auto_reply, newsletter or calendar; else None.

    form says that a website's form or a lead vendor speaks in it: those send as lists do.
    """
    if _is_bounce(letter):
        return "bounce", "A mail could not be delivered: this is the notice of it."
    if _is_auto_reply(letter):
        return "auto_reply", "A mail program answered by itself; it is never answered."
    if not form and _is_list_mail(letter):
        return "newsletter", "It was sent to a mailing list: a newsletter or an announcement."
    if letter.calendar:
        return "calendar", "It is an invitation, or an answer to one, for a calendar."
    return None


def _is_bounce(letter: Letter) -> bool:
    declared = letter.marks.get("content-type", "").lower()
    if "multipart/report" in declared and "disposition-notification" not in declared:
        return True
    if letter.report and letter.report.get("status"):
        return True
    if letter.marks.get("x-failed-recipients"):
        return True
    daemon = bool(_DAEMON.match(letter.sender.address))
    subject = bool(_BOUNCE_SUBJECT.match(fold(letter.subject[:300])))
    return daemon and (subject or letter.return_path in ("<>", ""))


def _is_auto_reply(letter: Letter) -> bool:
    marks = letter.marks
    submitted = marks.get("auto-submitted", "no").partition(";")[0].strip().lower()
    if submitted not in ("", "no"):
        # A form's or a vendor's own software also says auto-generated: that one is no answer to anything.
        return submitted != "auto-generated" or _answers_by_subject(letter) or bool(letter.in_reply_to)
    if any(marks.get(name) for name in ("x-autoreply", "x-autorespond", "x-autoresponder", "x-auto-reply")):
        return True
    if marks.get("precedence", "").strip().lower() in _AUTO_PRECEDENCE:
        return True
    if "disposition-notification" in marks.get("content-type", "").lower():
        return True
    suppressed = marks.get("x-auto-response-suppress", "").strip().lower()
    return _answers_by_subject(letter) or bool(suppressed and letter.return_path == "<>")


def _answers_by_subject(letter: Letter) -> bool:
    return bool(_AUTO_SUBJECT.match(fold(letter.subject[:300])))


def _is_list_mail(letter: Letter) -> bool:
    marks = letter.marks
    if marks.get("precedence", "").strip().lower() in _LIST_PRECEDENCE:
        return True
    return any(marks.get(name) for name in _LIST_MARKS)
