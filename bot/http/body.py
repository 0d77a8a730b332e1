"""Read the body of a response up to a limit, as it comes over the wire and as it is after decompression."""

from __future__ import annotations

import zlib

from requests import Response

_CHUNK = 64 * 1024
_COMPRESSED = frozenset({"gzip", "x-gzip", "deflate"})
_ANY_WRAPPER = zlib.MAX_WBITS | 32  # zlib looks whether it is gzip or deflate


class BodyError(Exception):
    """The body is larger than the limit, or cannot be decompressed."""


def read_body(response: Response, most: int) -> bytes:
    """Return the decompressed body of a response that was requested with ``stream=True``.

    Raises BodyError when more than ``most`` bytes come, compressed or decompressed, or when the encoding is
    not one that was asked for; errors of urllib3 pass through.
    """
    encoding = response.headers.get("Content-Encoding", "").strip().lower()
    if encoding not in {"", "identity", *_COMPRESSED}:
        raise BodyError("the encoding of the body is not known")
    decoder = zlib.decompressobj(_ANY_WRAPPER) if encoding in _COMPRESSED else None
    body = bytearray()
    received = 0
    for chunk in response.raw.stream(_CHUNK, decode_content=False):
        received += len(chunk)
        if decoder is None:
            body += chunk
        else:
            try:
                body += decoder.decompress(chunk, most + 1 - len(body))
            except zlib.error as error:
                raise BodyError("the body cannot be decompressed") from error
        if received > most or len(body) > most:
            raise BodyError(f"the body is larger than {most} bytes")
    if decoder is not None and not decoder.eof:
        raise BodyError("the compressed body breaks off")
    return bytes(body)
