"""A sealed stream opens whole, in its order and to its end, or not at all; those of before too."""

import base64
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tafahom.operations.envelope import Reader, Secret
from tafahom.sealing import CHUNK, TAG_BYTES, SealedReader, SealedWriter, UnsealedError

KEY = b"k" * 32
# Written by 0.1.0 before streams had a form of their own.
OF_BEFORE = (
    "dGFmYWhvbSBiYWNrdXAgMQprpa0b9y+6hfVX1jQdL7Pjp+PJshrSQC+zIoUsTr63fLkQ/bHBVeTK/NNG+AROz3Vp"
    "rD1FkXUifnxBBQ=="
)


def sealed(content: bytes, *, bound: bytes | None = None, piece: int = CHUNK) -> bytes:
    out = io.BytesIO()
    writer = SealedWriter(out, KEY, bound)
    for start in range(0, len(content), piece):
        writer.write(content[start : start + piece])
    writer.close()
    return out.getvalue()


def opened(stream: bytes, *, bound: bytes | None = None) -> bytes:
    return SealedReader(io.BytesIO(stream), KEY, bound).read()


@given(
    size=st.sampled_from([0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK]),
    piece=st.integers(50_000, 2 * CHUNK),
)
def test_a_stream_opens_as_it_was_written(size: int, piece: int) -> None:
    content = bytes(range(256)) * (size // 256 + 1)
    assert opened(sealed(content[:size], piece=piece)) == content[:size]


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda one: one[: CHUNK + TAG_BYTES], id="cut between chunks"),
        pytest.param(lambda one: one[:-1], id="cut within a chunk"),
        pytest.param(lambda one: one + b"0", id="longer"),
        pytest.param(lambda one: one[CHUNK + TAG_BYTES :], id="without its first chunk"),
        pytest.param(lambda one: bytes([one[0] ^ 1]) + one[1:], id="changed"),
        pytest.param(lambda one: b"", id="empty"),
    ],
)
def test_what_was_changed_does_not_open(change: object) -> None:
    whole = sealed(b"x" * (2 * CHUNK + 5))
    with pytest.raises(UnsealedError):
        opened(change(whole))  # type: ignore[operator]


def test_a_stream_opens_with_what_it_is_bound_to_only() -> None:
    stream = sealed(b"abc", bound=b"head")
    assert opened(stream, bound=b"head") == b"abc"
    with pytest.raises(UnsealedError):
        opened(stream)


def test_what_is_abandoned_never_opens() -> None:
    out = io.BytesIO()
    writer = SealedWriter(out, KEY)
    writer.write(b"x" * (CHUNK + 5))
    writer.abandon()
    with pytest.raises(UnsealedError):
        opened(out.getvalue())


def test_a_backup_of_before_opens() -> None:
    reader = Reader(io.BytesIO(base64.b64decode(OF_BEFORE)), Secret(b"k", KEY))
    assert reader.read().decode() == "تفاهم"
