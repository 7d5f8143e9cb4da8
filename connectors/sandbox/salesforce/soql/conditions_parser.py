"""Reading the WHERE clause of a query."""

from __future__ import annotations

from connectors.sandbox.salesforce.soql.refusals import malformed
from connectors.sandbox.salesforce.soql.syntax import (
    Comparison,
    Condition,
    Either,
    Every,
    Literal,
    Membership,
    Not,
    Path,
    Statement,
)
from connectors.sandbox.salesforce.soql.tokens import Token

KEYWORDS = frozenset({"WHERE", "ORDER", "LIMIT", "OFFSET", "GROUP", "HAVING", "FOR", "WITH", "USING", "ALL"})
_OPERATORS = {"=": "=", "!=": "!=", "<>": "!=", "<": "<", ">": ">", "<=": "<=", ">=": ">="}
_WORD_VALUES = {"NULL": "null", "TRUE": "boolean", "FALSE": "boolean"}
_RELATIVE = frozenset({"TODAY", "YESTERDAY", "TOMORROW"})
_LITERALS = frozenset({"string", "number", "date", "datetime", "relative"})


class ConditionParser:
    """Walks over the words of one statement."""

    def __init__(self, text: str, words: list[Token]) -> None:
        self.text = text
        self._words = words
        self._next = 0

    def statement(self) -> Statement:
        """A nested query (the whole parser knows how)."""
        raise NotImplementedError

    def peek(self) -> Token:
        """The word to come."""
        return self._words[self._next]

    def take(self) -> Token:
        """The word to come, which is passed."""
        token = self._words[self._next]
        if token.kind != "end":
            self._next += 1
        return token

    def at_keyword(self) -> bool:
        """Whether the word to come begins the next clause."""
        return self.peek().text.upper() in KEYWORDS

    def accept(self, sign: str) -> bool:
        """Pass a sign when it is there."""
        if self.peek().kind == "sign" and self.peek().text == sign:
            self._next += 1
            return True
        return False

    def expect(self, sign: str) -> None:
        """Pass a sign that must be there. Raises: ApiError."""
        if not self.accept(sign):
            raise self._unexpected(self.peek())

    def accept_word(self, word: str) -> bool:
        """Pass a keyword when it is there."""
        if self.peek().kind == "name" and self.peek().text.upper() == word:
            self._next += 1
            return True
        return False

    def expect_word(self, word: str) -> None:
        """Pass a keyword that must be there. Raises: ApiError."""
        if not self.accept_word(word):
            raise self._unexpected(self.peek())

    def expect_end(self) -> None:
        """Nothing more may come. Raises: ApiError."""
        if self.peek().kind != "end":
            raise self._unexpected(self.peek())

    def name(self) -> Token:
        """A field or object name. Raises: ApiError."""
        token = self.take()
        if token.kind != "name" or token.text.upper() in ("FROM", "SELECT", *KEYWORDS):
            raise self._unexpected(token)
        return token

    def condition(self) -> Condition:
        """Tests joined by AND or by OR; mixing them needs parentheses, as Salesforce insists."""
        parts = [self._one()]
        joiner = ""
        while self.peek().kind == "name" and self.peek().text.upper() in ("AND", "OR"):
            token = self.take()
            word = token.text.upper()
            if joiner not in ("", word):
                raise self._unexpected(token)
            joiner = word
            parts.append(self._one())
        if len(parts) == 1:
            return parts[0]
        return Every(tuple(parts)) if joiner == "AND" else Either(tuple(parts))

    def _one(self) -> Condition:
        if self.accept_word("NOT"):
            return Not(self._one())
        if self.accept("("):
            inside = self.condition()
            self.expect(")")
            return inside
        word = self.name()
        return self._test(Path(tuple(word.text.split(".")), word.at))

    def _test(self, path: Path) -> Condition:
        token = self.take()
        word = token.text.upper()
        if token.kind == "sign" and word in _OPERATORS:
            return Comparison(path, _OPERATORS[word], (self._literal(),))
        if word == "LIKE":
            return Comparison(path, "like", (self._literal(),))
        negated = word == "NOT"
        if negated:
            token = self.take()
        if token.text.upper() not in ("IN", "INCLUDES", "EXCLUDES"):
            raise self._unexpected(token)
        self.expect("(")
        if self.peek().text.upper() == "SELECT":
            query = self.statement()
            self.expect(")")
            return Membership(path, negated, query)
        values = [self._literal()]
        while self.accept(","):
            values.append(self._literal())
        self.expect(")")
        operator = token.text.lower()
        return Comparison(path, f"not {operator}" if negated else operator, tuple(values))

    def _literal(self) -> Literal:
        token = self.take()
        if token.kind in _LITERALS:
            return Literal(token.kind, token.text, token.at)
        word = token.text.upper()
        if token.kind == "name" and word in _WORD_VALUES:
            return Literal(_WORD_VALUES[word], word, token.at)
        if token.kind == "name" and word in _RELATIVE:
            return Literal("relative", word, token.at)
        raise self._unexpected(token)

    def _unexpected(self, token: Token) -> Exception:
        return malformed(self.text, token.at, f"unexpected token: '{token.text or '<EOF>'}'")
