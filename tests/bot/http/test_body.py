"""Tests of ``bot.http.body``: what is read of a response is bounded, before and after decompression."""

from __future__ import annotations

import gzip
import io
import resource
import zlib

import pytest
import requests
from urllib3 import HTTPResponse

from bot.http.body import BodyError, read_body

MOST = 1024 * 1024


def response(content: bytes, encoding: str | None = None) -> requests.Response:
    made = requests.Response()
    made.raw = HTTPResponse(io.BytesIO(content), preload_content=False)
    if encoding is not None:
        made.headers["Content-Encoding"] = encoding
    return made


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        (b"text", None),
        (b"text", "identity"),
        (gzip.compress(b"text", mtime=0), "gzip"),
        (gzip.compress(b"text", mtime=0), " X-GZIP "),
        (zlib.compress(b"text"), "deflate"),
    ],
)
def test_a_body_is_decompressed(content: bytes, encoding: str | None) -> None:
    """As its header says."""
    assert read_body(response(content, encoding), MOST) == b"text"


@pytest.mark.parametrize("size", [MOST - 1, MOST])
def test_a_body_at_the_limit_is_read(size: int) -> None:
    """The limit itself is allowed, compressed and not."""
    content = bytes(size)
    assert len(read_body(response(content), MOST)) == size
    assert len(read_body(response(gzip.compress(content), "gzip"), MOST)) == size


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        (bytes(MOST + 1), None),
        (gzip.compress(bytes(MOST + 1), mtime=0), "gzip"),
        (b"not compressed", "gzip"),
        (gzip.compress(b"text" * 1000, mtime=0)[:-9], "gzip"),
        (b"text", "br"),
        (b"text", "gzip, gzip"),
    ],
)
def test_a_body_that_cannot_be_read_within_the_limit_is_refused(content: bytes, encoding: str | None) -> None:
    """Too large, broken off, not what the header says, or in an encoding that nobody asked for."""
    with pytest.raises(BodyError):
        read_body(response(content, encoding), MOST)


@pytest.mark.attack("An answer of 713 KB that decompresses to 2.8 GiB")
def test_a_compressed_bomb_takes_no_memory() -> None:
    """700 KiB that decompress to 700 MiB are refused after the first 8 MiB of them."""
    compressor = zlib.compressobj(9, wbits=zlib.MAX_WBITS | 16)
    bomb = b"".join(compressor.compress(bytes(MOST)) for _ in range(700)) + compressor.flush()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(BodyError):
        read_body(response(bomb, "gzip"), 8 * MOST)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100 * 1024  # KiB
