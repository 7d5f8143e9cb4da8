"""XML as data like JSON: names without namespaces, attributes as "@name", text beside children as "#text"."""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree.ElementTree import Element, ParseError, XMLParser

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

from connectors.intake.base import JsonValue, Unreadable

MAX_DEPTH = 100
MAX_ELEMENTS = 200_000


def read_xml(body: bytes, most: int = MAX_ELEMENTS) -> JsonValue:
    """{root name: content}: an element's content is its text, or an object of attributes and children.

    Children that share a name become a list; at most so many elements are taken. A document type is refused:
    no form needs one, attacks do. Raises Unreadable: forbidden_xml, malformed_xml, too_deep, too_many_fields.
    """
    parser: XMLParser = DefusedXMLParser(forbid_dtd=True, forbid_entities=True, forbid_external=True)
    try:
        parser.feed(body.strip())
        root = parser.close()
    except DefusedXmlException:
        raise Unreadable(
            "forbidden_xml", "The XML declares a document type or entities; send it without.", keep=True
        ) from None
    except (ParseError, ValueError, LookupError):
        raise Unreadable("malformed_xml", "The body is not well-formed XML.", keep=True) from None
    return {_local(root.tag): _content(root, _Budget(most), 1)}


def every(tree: JsonValue, name: str) -> Iterator[JsonValue]:
    """The content of every element of that local name anywhere in the tree, outermost first."""
    if isinstance(tree, list):
        for item in tree:
            yield from every(item, name)
    elif isinstance(tree, dict):
        for key, content in tree.items():
            if key == name:
                yield from content if isinstance(content, list) else (content,)
            yield from every(content, name)


def text_of(content: JsonValue) -> str:
    """The text of one element's content, or of the first of several; "" when there is none."""
    if isinstance(content, list):
        return text_of(content[0]) if content else ""
    if isinstance(content, dict):
        return text_of(content.get("#text"))
    return "" if content is None else str(content)


class _Budget:
    """Counts elements, so that a small file cannot become a large tree."""

    def __init__(self, most: int) -> None:
        self._most = self._left = most

    def spend(self, depth: int) -> None:
        self._left -= 1
        if depth > MAX_DEPTH:
            raise Unreadable("too_deep", f"The XML is nested more than {MAX_DEPTH} levels deep.", keep=True)
        if self._left < 0:
            raise Unreadable("too_many_fields", f"The XML has more than {self._most} elements.")


def _content(element: Element, budget: _Budget, depth: int) -> JsonValue:
    budget.spend(depth)
    text = (element.text or "").strip()
    found: dict[str, JsonValue] = {f"@{_local(name)}": value for name, value in element.attrib.items()}
    for child in element:
        name, content = _local(child.tag), _content(child, budget, depth + 1)
        known = found.get(name)
        if known is None and name not in found:
            found[name] = content
        elif isinstance(known, list):
            known.append(content)
        else:
            found[name] = [known, content]
    if not found:
        return text
    if text:
        found["#text"] = text
    return found


def _local(name: object) -> str:
    return str(name).rpartition("}")[2]
