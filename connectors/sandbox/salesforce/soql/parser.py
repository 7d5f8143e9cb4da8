"""From the words of a query to its parts."""

from __future__ import annotations

from connectors.sandbox.salesforce.errors import ApiError
from connectors.sandbox.salesforce.soql.conditions_parser import ConditionParser
from connectors.sandbox.salesforce.soql.refusals import malformed
from connectors.sandbox.salesforce.soql.syntax import Condition, Order, Path, Statement
from connectors.sandbox.salesforce.soql.tokens import tokens

_MOST_OFFSET = 2_000


def parse(text: str) -> Statement:
    """A whole statement. Raises: ApiError (400 MALFORMED_QUERY)."""
    parser = Parser(text, tokens(text))
    statement = parser.statement()
    parser.expect_end()
    return statement


class Parser(ConditionParser):
    """One reading of one statement."""

    def statement(self) -> Statement:
        """SELECT ... FROM ... and what may follow."""
        self.expect_word("SELECT")
        fields, children, counting = self._selection()
        self.expect_word("FROM")
        source = self.take()  # also a keyword: FROM Group is fine
        if source.kind != "name":
            raise malformed(self.text, source.at, f"unexpected token: '{source.text or '<EOF>'}'")
        if self.peek().kind == "name" and not self.at_keyword():
            self.take()  # an alias; nothing refers to it
        where = self._where()
        order = self._order()
        limit = self._number("LIMIT")
        offset = self._number("OFFSET") or 0
        if offset > _MOST_OFFSET:
            message = f"Maximum SOQL offset allowed is {_MOST_OFFSET}"
            raise ApiError(400, "NUMBER_OUTSIDE_VALID_RANGE", message)
        return Statement(
            source=source.text,
            source_at=source.at,
            fields=fields,
            children=children,
            counting=counting,
            where=where,
            order=order,
            limit=limit,
            offset=offset,
        )

    def _selection(self) -> tuple[tuple[Path, ...], tuple[Statement, ...], str]:
        fields: list[Path] = []
        children: list[Statement] = []
        while True:
            if self.accept("("):
                children.append(self.statement())
                self.expect(")")
            else:
                word = self.name()
                if word.text.upper() == "COUNT" and self.accept("("):
                    field = "()" if self.accept(")") else self._counted()
                    return (), (), field
                if self.peek().text == "(":
                    raise malformed(self.text, word.at, f"unexpected token: '{word.text}'")
                fields.append(Path(tuple(word.text.split(".")), word.at))
            if not self.accept(","):
                break
        seen: set[str] = set()
        for path in fields:
            name = ".".join(path.parts)
            if name.lower() in seen:
                raise malformed(self.text, path.at, f"duplicate field selected: {name}")
            seen.add(name.lower())
        return tuple(fields), tuple(children), ""

    def _counted(self) -> str:
        field = self.name().text
        self.expect(")")
        return field

    def _where(self) -> Condition | None:
        return self.condition() if self.accept_word("WHERE") else None

    def _order(self) -> tuple[Order, ...]:
        if not self.accept_word("ORDER"):
            return ()
        self.expect_word("BY")
        keys = []
        while True:
            word = self.name()
            descending = self.accept_word("DESC")
            if not descending:
                self.accept_word("ASC")
            nulls_last = False
            if self.accept_word("NULLS"):
                nulls_last = self.accept_word("LAST")
                if not nulls_last:
                    self.expect_word("FIRST")
            keys.append(Order(Path(tuple(word.text.split(".")), word.at), descending, nulls_last))
            if not self.accept(","):
                return tuple(keys)

    def _number(self, word: str) -> int | None:
        if not self.accept_word(word):
            return None
        token = self.take()
        if token.kind != "number" or not token.text.isdigit():
            raise malformed(self.text, token.at, f"unexpected token: '{token.text or '<EOF>'}'")
        return int(token.text)
