"""Preparing a stand-in's account once, and putting it back before each test instead of preparing it again."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from copy import deepcopy
from typing import Any, Protocol
from weakref import WeakKeyDictionary

Parts = Mapping[str, Any]  # of a stand-in's state, by the attribute's name


class State(Protocol):
    """What a stand-in holds."""

    @property
    def lock(self) -> Any:
        """Held while anything is read or written."""

    def reset(self) -> None:
        """Replace everything that an account's use changes."""


_KEPT: WeakKeyDictionary[State, dict[Hashable, Parts]] = WeakKeyDictionary()


def prepared(
    state: State,
    how: Hashable,
    prepare: Callable[[], object],
    constants: Callable[[Parts], Iterable[object]] = lambda _: (),
) -> None:
    """Leave an account as prepare() leaves a new one; how names what it does, with all that it depends on.

    What reset() does not replace (options, tokens, the clock) stays as it is. constants names what never
    changes among the parts: there is no need to copy it, and some of it is known again by being the same.
    """
    kept = _KEPT.setdefault(state, {})
    with state.lock:
        if how in kept:
            vars(state).update(_copied(state, kept[how], constants))
            return
        before = dict(vars(state))
        state.reset()
        replaced = [name for name, value in vars(state).items() if _new(value, before.get(name))]
    prepare()
    with state.lock:
        kept[how] = _copied(state, {name: vars(state)[name] for name in replaced}, constants)


def _new(value: object, before: object) -> bool:
    """Whether reset() may have replaced it: nought after nought is one and the same object."""
    return value is not before or isinstance(value, int | float | str | tuple | None)


def _copied(state: State, parts: Parts, constants: Callable[[Parts], Iterable[object]]) -> dict[str, Any]:
    """The parts anew, in one piece: what they share they share again, and all else is the account's own."""
    stays = [state, *constants(parts), *(value for name, value in vars(state).items() if name not in parts)]
    return deepcopy(dict(parts), {id(value): value for value in stays})
