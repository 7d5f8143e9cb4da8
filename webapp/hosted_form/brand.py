"""A brokerage's colour as a stylesheet, with text on it that everybody can read."""

from __future__ import annotations

from functools import lru_cache

#: WCAG 2.2, 1.4.3: contrast of text and of what it stands on.
_LEAST_CONTRAST = 4.5


def luminance(colour: str) -> float:
    """Relative luminance of #rrggbb, 0 (black) to 1 (white); the formula is WCAG 2.2's."""
    channels = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours, 1 to 21."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def text_on(colour: str) -> str:
    """White if it can be read on this colour, else black; one of the two always can."""
    return "#ffffff" if contrast(colour, "#ffffff") >= _LEAST_CONTRAST else "#000000"


def readable_on_white(colour: str) -> str:
    """The colour itself, or darkened step by step until it can be read on white."""
    parts = [int(colour[at : at + 2], 16) for at in (1, 3, 5)]
    for percent in range(100, -1, -4):
        darker = "#" + "".join(f"{part * percent // 100:02x}" for part in parts)
        if contrast(darker, "#ffffff") >= _LEAST_CONTRAST:
            return darker
    return "#000000"


@lru_cache(maxsize=256)
def stylesheet(colour: str) -> str:
    """The custom properties that form.css is written with."""
    return (
        f":root {{\n  --brand: {colour};\n  --on-brand: {text_on(colour)};\n"
        f"  --brand-ink: {readable_on_white(colour)};\n}}\n"
    )
