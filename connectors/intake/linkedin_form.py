"""A LinkedIn form response as answers: ids of questions, options and consents looked up in the form."""

from __future__ import annotations

from collections.abc import Iterator

from connectors.intake.base import JsonValue
from connectors.intake.json_shape import JsonObject, answer, object_in, objects_in, text_in
from mapping.answers import UNMAPPED, Answer

_PREDEFINED = {
    "FIRST_NAME": "first_name",
    "LAST_NAME": "last_name",
    "EMAIL": "email",
    "WORK_EMAIL": "email",
    "PHONE_NUMBER": "phone",
    "WORK_PHONE_NUMBER": "phone",
    "CITY": "city",
    "STATE": "state",
    "STATE_PROVINCE": "state",
    "COUNTRY": "country",
    "COUNTRY_REGION": "country",
    "ZIP_CODE": "postal_code",
    "POSTAL_CODE": "postal_code",
    "COMPANY_NAME": "company",
    "JOB_TITLE": UNMAPPED,
    "LINKEDIN_PROFILE_LINK": UNMAPPED,
}


def answers_of(lead: JsonObject, form: JsonObject) -> Iterator[Answer]:
    """Every answer with its question, every consent with its words, hidden fields and campaign last."""
    content = object_in(form, "content")
    questions = {text_in(one, "questionId"): one for one in objects_in(content.get("questions"))}
    response = object_in(lead, "formResponse")
    for given in objects_in(response.get("answers")):
        id_ = text_in(given, "questionId")
        question = questions.get(id_, {})
        field = _PREDEFINED.get(text_in(question, "predefinedField").upper(), "")
        label = (
            text_in(question, "name") if not question.get("question") else _words(question.get("question"))
        )
        key = text_in(question, "predefinedField") or text_in(question, "name") or f"question {id_}"
        yield from answer(key, _said(given, question), field, label)
    yield from _consents(response, content)
    hidden = form.get("hiddenFields") or content.get("hiddenFields")
    for each in objects_in(hidden):
        yield from answer(text_in(each, "name"), each.get("value"))
    campaign = object_in(lead, "leadMetadata", "sponsoredLeadMetadata")
    yield from answer("campaign", campaign.get("campaign"), "campaign")


def _said(given: JsonObject, question: JsonObject) -> JsonValue:
    """The text, or the words of the chosen options."""
    details = object_in(given, "answerDetails")
    for kind in details.values():
        text = text_in(kind, "answer")
        if text:
            return text
        chosen = object_in(kind).get("options")
        if isinstance(chosen, list):
            words = {text_in(one, "id"): _words(one.get("text")) for one in _options(question)}
            return [words.get(text_in(id_)) or f"option {text_in(id_)}" for id_ in chosen]
    return None


def _options(question: JsonObject) -> list[JsonObject]:
    for kind in object_in(question, "questionDetails").values():
        options = objects_in(object_in(kind).get("options"))
        if options:
            return options
    return []


def _consents(response: JsonObject, content: JsonObject) -> Iterator[Answer]:
    legal = object_in(content, "legalInfo")
    texts = {text_in(one, "id"): _words(one.get("consent")) for one in objects_in(legal.get("consents"))}
    for given in objects_in(response.get("consentResponses")):
        id_ = text_in(given, "consentId")
        yield from answer(f"consent {id_}", given.get("accepted") is True, "consent", texts.get(id_, ""))


def _words(value: JsonValue) -> str:
    """A localised text: as it is, or in the first language it is given in."""
    if isinstance(value, str):
        return text_in(value)
    localised = object_in(value, "localized") or object_in(value)
    return next((text for text in map(text_in, localised.values()) if text), "")
