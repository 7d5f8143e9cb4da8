"""Bodies sent compressed, unpacked only as far as their limit allows."""

from __future__ import annotations

import zlib
from dataclasses import replace

from connectors.intake.base import RawRequest, Unreadable

_WINDOW = {"gzip": zlib.MAX_WBITS | 16, "x-gzip": zlib.MAX_WBITS | 16, "deflate": zlib.MAX_WBITS}


def unpacked(request: RawRequest, max_body: int) -> RawRequest:
    """The request with its body as it was before Content-Encoding.

    Raises Unreadable: unsupported_encoding (415), too_large (413), malformed_encoding (400).
    """
    encoding = request.headers.get("content-encoding", "").strip().lower()
    if encoding in ("", "identity"):
        return request
    if encoding not in _WINDOW:
        raise Unreadable(
            "unsupported_encoding", "The Content-Encoding is none of gzip, deflate and identity.", status=415
        )
    headers = {name: value for name, value in request.headers.items() if name != "content-encoding"}
    return replace(request, headers=headers, body=_inflate(request.body, _WINDOW[encoding], max_body))


def _inflate(body: bytes, window: int, max_body: int) -> bytes:
    unpacker = zlib.decompressobj(window)
    try:
        # One byte more than allowed is enough to know: a bomb is never unpacked.
        plain = unpacker.decompress(body, max_body + 1)
    except zlib.error:
        raise Unreadable("malformed_encoding", "The body is not what its Content-Encoding says.") from None
    if len(plain) > max_body:
        raise Unreadable("too_large", f"The unpacked body is larger than {max_body} bytes.", status=413)
    if not unpacker.eof:
        raise Unreadable("malformed_encoding", "The compressed body is cut off.")
    return plain
