"""Answers that no client expects: a login page, five megabytes, a small body that inflates without end."""

from __future__ import annotations

import json
import zlib
from functools import cache

HTML = b"<!DOCTYPE html><html><head><title>Please wait</title></head><body><h1>Checking</h1></body></html>"
LOGIN_PAGE = b"<!DOCTYPE html><html><head><title>Log in</title></head><body><h1>Log in</h1></body></html>"
BIG_JSON_BYTES = 5 * 1024 * 1024
BOMB_BYTES = 200 * 1024 * 1024
_GZIP = 16 + zlib.MAX_WBITS  # zlib's way to say: with gzip's header and trailer


@cache
def big_json() -> bytes:
    """Valid JSON of at least BIG_JSON_BYTES, shaped like a list of records."""
    row = {"id": "1", "filler": "x" * 1000}
    rows = BIG_JSON_BYTES // len(json.dumps(row, separators=(",", ":"))) + 1
    return json.dumps({"results": [row] * rows}, separators=(",", ":")).encode()


@cache
def gzip_bomb() -> bytes:
    """Valid gzip of valid JSON that inflates to more than BOMB_BYTES; some 200 kB itself."""
    packer = zlib.compressobj(level=1, wbits=_GZIP)
    block = b"0" * (1024 * 1024)
    parts = [packer.compress(b'{"filler":"')]
    parts += [packer.compress(block) for _ in range(BOMB_BYTES // len(block))]
    return b"".join([*parts, packer.compress(b'"}'), packer.flush()])
