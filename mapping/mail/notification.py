"""Mail that a website's form or a lead vendor's software wrote: labelled answers, nobody's referral."""

from __future__ import annotations

import re

from mapping.mail.blocks import Block
from mapping.mail.letter import Letter

_MACHINE = re.compile(
    r"^(?:no-?_?reply|do-?not-?reply|donotreply|forms?|form-?submissions?|submissions?|notifications?"
    r"|notify|wordpress|leads?|webmaster"
    r"|mailer|alerts?|website|web|contact-?form|formulaire|formulario|system|automated|crm"
    r"|noreply-.*)(?:[+.-].*)?@"
)
_SUBJECT = re.compile(
    r"\b(?:form submission|new submission|contact form|new (?:web(?:site)? )?(?:inquiry|enquiry|entry"
    r"|lead)|website (?:lead|inquiry)|new message from"
    r"|formulaire|nouvelle demande|formulario|nuevo mensaje|nueva consulta)\b",
    re.IGNORECASE,
)
_SQUARESPACE = re.compile(
    r"@(?:[\w.-]+\.)?squarespace(?:\.info|\.com|-mail\.com)$|form submission from", re.IGNORECASE
)
_BOILERPLATE = re.compile(
    r"^\s*(?:sent via (?:the )?form submission.*|this (?:e-?mail|message) was sent .*|--+|—+|_+"
    r"|powered by .*|you(?:'ve| have) received .*"
    r"|you (?:have|got) a new .*|new (?:form )?(?:submission|entry|lead).*|manage submissions?.*"
    r"|does this submission look like spam.*|unsubscribe.*"
    r"|envoyé (?:via|depuis) .*|ce (?:courriel|message) a été envoyé .*|enviado (?:desde|a través) .*"
    r"|este (?:correo|mensaje) (?:se|fue) .*|view (?:in|online|entry).*"
    r"|report (?:spam|abuse).*|hi,?|hello,?)\s*$",
    re.IGNORECASE | re.MULTILINE,
)
_ENOUGH = 2


def is_notification(letter: Letter, block: Block) -> bool:
    """Labelled answers with a way to reach somebody, from a machine or with the visitor to answer to."""
    fields = {answer.field for answer in block.answers}
    visitor = {one.address for one in letter.reply_to}
    said = {answer.text.strip().lower() for answer in block.answers if answer.field == "email"}
    if block.known < _ENOUGH or (not fields & {"email", "phone"} and not visitor):
        return False
    if any(field.startswith("partner_") for field in fields):
        return False
    machine = bool(_MACHINE.match(letter.sender.address))
    answers_to_visitor = bool(visitor & said) and letter.sender.address not in said
    return machine or answers_to_visitor or bool(_SQUARESPACE.search(letter.sender.address))


def notification_vendor(letter: Letter) -> str:
    """The name of the software, where it can be told."""
    told = _SQUARESPACE.search(letter.sender.address) or _SQUARESPACE.search(letter.text[-500:])
    return "squarespace" if told else "email"


def without_boilerplate(text: str) -> str:
    """What a form's software adds around the answers is nobody's message."""
    lines = [line for line in _BOILERPLATE.sub("", text).split("\n") if line.strip()]
    return "\n".join(lines).strip()
