"""Values that every decision makes, and that are stored and changed everywhere: dataclasses, made quickly.

What decisions alone make by the dozen is a msgspec Struct, which is quicker still and frozen for good.
"""

from __future__ import annotations

from dataclasses import field, fields, make_dataclass
from typing import Any, TypeVar

Value = TypeVar("Value")


def quickly_made(value: type[Value]) -> type[Value]:
    """A frozen dataclass that is frozen to the type checker only, which finds whoever would change one.

    At run time a frozen one takes five times as long to make: each field goes through object.__setattr__.
    """
    own: Any = value
    alike: Any = make_dataclass(
        value.__name__,
        [
            (one.name, one.type, field(default=one.default, default_factory=one.default_factory))
            for one in fields(own)
        ],
    )
    own.__init__ = alike.__init__
    del own.__setattr__, own.__delattr__
    return value
