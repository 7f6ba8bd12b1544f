"""Objects are encrypted, whole or absent, and cannot be altered unseen."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.errors import Invalid, NotFound, TooLarge, Unavailable
from shared.storage import Damaged, Store
from shared.storage.seal import CHUNK, HEADER, TAG, UnknownKey, open_sealed, pieces, seal

KEY, OTHER = b"k" * 32, b"o" * 32
MB = 1024 * 1024


def store_in(directory: Path) -> Store:
    return Store(directory.as_uri(), lambda tenant: KEY if tenant == "city" else OTHER)


def files(directory: Path) -> list[Path]:
    return [path for path in directory.rglob("*") if path.is_file()]


@given(st.binary(min_size=1, max_size=3 * CHUNK), st.integers(1, 2 * CHUNK))
def test_what_is_sealed_opens_again_however_it_is_cut(data: bytes, cut: int) -> None:
    sealed = b"".join(seal(KEY, "city/a", pieces([data], cut)))
    assert b"".join(open_sealed(KEY, "city/a", pieces([sealed], cut))) == data


@pytest.mark.parametrize("size", [1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 2 * CHUNK + 5])
def test_a_sealed_object_that_was_cut_anywhere_is_damaged(size: int) -> None:
    sealed = b"".join(seal(KEY, "city/a", [os.urandom(size)]))
    cuts = {0, 1, HEADER - 1, HEADER, HEADER + TAG, len(sealed) - 1, HEADER + CHUNK + TAG}
    for cut in sorted(c for c in cuts if c < len(sealed)):
        with pytest.raises(Damaged):
            list(open_sealed(KEY, "city/a", [sealed[:cut]]))


def test_every_key_opens_what_it_sealed_and_the_last_one_seals() -> None:
    keys = [KEY, KEY + OTHER, KEY + OTHER + b"n" * 32]
    sealed = [b"".join(seal(held, "city/a", [b"secret"])) for held in keys]
    assert [each[:4] for each in sealed] == [b"OWS1", b"OWS2", b"OWS2"]
    for each in sealed:
        assert b"".join(open_sealed(keys[-1], "city/a", [each])) == b"secret"
    for each in sealed[1:]:
        with pytest.raises(UnknownKey):
            list(open_sealed(KEY, "city/a", [each]))


@pytest.mark.parametrize("number", [0, 1, 3, 2**32 - 1])
def test_an_object_that_names_another_key_is_damaged(number: int) -> None:
    sealed = b"".join(seal(KEY + OTHER, "city/a", [b"secret"]))
    with pytest.raises(Damaged):
        list(open_sealed(KEY + OTHER, "city/a", [sealed[:4] + number.to_bytes(4, "big") + sealed[8:]]))


def test_a_numbered_object_that_was_cut_in_its_header_is_damaged() -> None:
    sealed = b"".join(seal(KEY + OTHER, "city/a", [b"secret"]))
    for cut in (0, 3, 4, 7, 8, HEADER, HEADER + 4, len(sealed) - 1):
        with pytest.raises(Damaged):
            list(open_sealed(KEY + OTHER, "city/a", [sealed[:cut]]))


@pytest.mark.parametrize("keys", [b"", b"short", KEY + b"x"])
def test_what_is_no_key_seals_nothing(keys: bytes) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        list(seal(keys, "city/a", [b"secret"]))


def test_a_key_that_was_made_meanwhile_is_asked_for(tmp_path: Path) -> None:
    known = [KEY]
    reader = Store(tmp_path.as_uri(), lambda _: known[-1], lambda: known.append(KEY + OTHER))
    Store(tmp_path.as_uri(), lambda _: KEY + OTHER).write("city", "a", [b"secret"], limit=100)
    assert b"".join(reader.read("city", "a")) == b"secret"
    assert len(known) == 2
    never = Store(tmp_path.as_uri(), lambda _: KEY)
    with pytest.raises(Damaged):
        never.read("city", "a")


def test_chunks_cannot_change_places() -> None:
    sealed = b"".join(seal(KEY, "city/a", [os.urandom(3 * CHUNK)]))
    body = [sealed[HEADER + i * (CHUNK + TAG) : HEADER + (i + 1) * (CHUNK + TAG)] for i in range(3)]
    with pytest.raises(Damaged):
        list(open_sealed(KEY, "city/a", [sealed[:HEADER], body[1], body[0], body[2]]))
    with pytest.raises(Damaged):
        list(open_sealed(KEY, "city/a", [sealed[:HEADER], body[0], body[2]]))


def test_an_object_opens_only_under_its_own_name_and_key() -> None:
    sealed = b"".join(seal(KEY, "city/a", [b"secret"]))
    for key, name in ((KEY, "city/b"), (OTHER, "city/a")):
        with pytest.raises(Damaged):
            list(open_sealed(key, name, [sealed]))


def test_a_file_is_kept_encrypted_and_read_back(tmp_path: Path) -> None:
    store, data = store_in(tmp_path), os.urandom(7 * MB) + b"needle"
    stored = store.write("city", "documents/a", pieces([data], 10_000), 10 * MB)
    assert (stored.size, stored.sha256) == (len(data), hashlib.sha256(data).hexdigest())
    assert stored.head == data[: 8 * 1024]
    assert [path.relative_to(tmp_path).as_posix() for path in files(tmp_path)] == ["city/documents/a"]
    assert b"needle" not in files(tmp_path)[0].read_bytes()
    assert b"".join(store.read("city", "documents/a")) == data


def test_one_flipped_bit_is_found(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    store.write("city", "a", [b"x" * 1000], MB)
    path = files(tmp_path)[0]
    raw = bytearray(path.read_bytes())
    raw[-1] ^= 1
    path.write_bytes(raw)
    with pytest.raises(Damaged):
        list(store.read("city", "a"))


@pytest.mark.parametrize("size", [10, 12 * MB])
def test_what_is_too_large_leaves_nothing_behind(tmp_path: Path, size: int) -> None:
    with pytest.raises(TooLarge):
        store_in(tmp_path).write("city", "a", pieces([b"x" * size], 4096), size - 1)
    assert files(tmp_path) == []


def test_the_limit_itself_is_allowed(tmp_path: Path) -> None:
    assert store_in(tmp_path).write("city", "a", [b"x" * 10], 10).size == 10


def test_reading_stops_at_the_limit(tmp_path: Path) -> None:
    taken = 0

    def endless() -> Iterator[bytes]:
        nonlocal taken
        while True:
            taken += 1
            yield b"x" * 1000

    with pytest.raises(TooLarge):
        store_in(tmp_path).write("city", "a", endless(), 100_000)
    assert taken <= 102


@pytest.mark.parametrize("chunks", [[], [b""], [b"", b""]])
def test_an_empty_file_is_refused(tmp_path: Path, chunks: list[bytes]) -> None:
    with pytest.raises(Invalid) as refused:
        store_in(tmp_path).write("city", "a", chunks, MB)
    assert refused.value.fields == {"file": "empty"}
    assert files(tmp_path) == []


def test_an_upload_that_breaks_off_leaves_the_old_object(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    store.write("city", "a", [b"old"], MB)

    def broken() -> Iterator[bytes]:
        yield b"n" * (6 * MB)
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        store.write("city", "a", broken(), 100 * MB)
    assert b"".join(store.read("city", "a")) == b"old"
    assert len(files(tmp_path)) == 1


@pytest.mark.parametrize(
    "key", ["", "../a", "a/../b", "/a", "a//b", ".a", "a/.b", "a\\b", "a b", "a%2e", "가", "a" * 501]
)
def test_a_key_cannot_leave_its_tenant(tmp_path: Path, key: str) -> None:
    store = store_in(tmp_path / "store")
    with pytest.raises(ValueError, match="not a name"):
        store.write("city", key, [b"x"], MB)
    with pytest.raises(ValueError, match="not a name"):
        store.read("city", key)


def test_tenants_do_not_see_each_others_objects(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    store.write("city", "a", [b"x"], MB)
    with pytest.raises(NotFound):
        store.read("water", "a")
    with pytest.raises(ValueError, match="not a name"):
        store.read("../city", "a")
    # Moved into another tenant's part by hand, it still does not open.
    (tmp_path / "water").mkdir()
    (tmp_path / "water" / "a").write_bytes((tmp_path / "city" / "a").read_bytes())
    with pytest.raises(Damaged):
        list(store.read("water", "a"))


def test_a_deleted_object_is_gone_and_deleting_again_is_no_error(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    store.write("city", "a", [b"x"], MB)
    store.delete("city", "a")
    store.delete("city", "a")
    with pytest.raises(NotFound):
        store.read("city", "a")


def test_an_s3_url_makes_a_store(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "x")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "y")
    monkeypatch.setenv("AWS_REGION", "ap-northeast-2")
    assert "S3" in repr(Store("s3://bucket/prefix", lambda _: KEY)._store)


_MANY_AT_ONCE = """
import os, sys
from shared.storage import Store
store = Store(sys.argv[1], lambda _: b"k" * 32)
def slow(n):
    for _ in range(n):
        sleep(0.001)
        yield os.urandom(300_000)
def there_and_back(i):
    stored = store.write("city", f"a{i}", slow(20), 10**9)
    read = 0
    for part in store.read("city", f"a{i}"):
        read += len(part)
        sleep(0)
    assert read == stored.size == 6_000_000
for green in [spawn(there_and_back, i) for i in range(4)]:
    wait(green)
print("all back")
"""
_GEVENT = "from gevent import monkey; monkey.patch_all()\nfrom gevent import sleep, spawn\ndef wait(g): g.get()\n"
_EVENTLET = "import eventlet; eventlet.monkey_patch()\nfrom eventlet import sleep, spawn\ndef wait(g): g.wait()\n"


@pytest.mark.parametrize("loop", [_GEVENT, _EVENTLET], ids=["gevent", "eventlet"])
def test_many_slow_uploads_go_on_side_by_side_in_one_thread(tmp_path: Path, loop: str) -> None:
    command = [sys.executable, "-c", loop + _MANY_AT_ONCE, tmp_path.as_uri()]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stdout.strip()) == (0, "all back"), done.stderr[-2000:]


def test_no_temporary_file_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    spool = tmp_path / "spool"
    spool.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(spool))
    store = store_in(tmp_path / "store")
    store.write("city", "a", [b"x" * MB], MB)
    with pytest.raises(TooLarge):
        store.write("city", "b", [b"x"] * 20, 10)
    assert files(spool) == []


def test_a_tenants_objects_are_listed_and_nobody_elses(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    for tenant, key in (("city", "documents/a/1"), ("city", "documents/b/2"), ("city2", "documents/c/3")):
        store.write(tenant, key, [b"x"], MB)
    assert sorted(store.keys("city")) == ["documents/a/1", "documents/b/2"]
    assert list(store.keys("nobody")) == []
    with pytest.raises(ValueError, match="not a tenant"):
        list(store.keys("../city"))


def test_what_the_store_does_not_take_is_unavailable_and_leaves_nothing(tmp_path: Path) -> None:
    store = store_in(tmp_path / "objects")
    # A file is where the tenant's directory would have to be.
    (tmp_path / "objects" / "city").write_bytes(b"")
    with pytest.raises(Unavailable):
        store.write("city", "a/b", [b"content"], 100)
    assert files(tmp_path) == [tmp_path / "objects" / "city"]


def test_a_full_disk_on_the_way_to_the_store_is_unavailable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = store_in(tmp_path / "objects")
    monkeypatch.setattr(tempfile, "NamedTemporaryFile", lambda **_: Path("/dev/full").open("wb"))  # noqa: SIM115
    with pytest.raises(Unavailable):
        store.write("city", "a/b", [b"content" * 100_000], 10_000_000)
    assert files(tmp_path) == []


# -- parts ------------------------------------------------------------------------------------------

EDGES = (0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK - 1, 2 * CHUNK, 2 * CHUNK + 5)


@pytest.mark.parametrize("keys", [KEY, KEY + OTHER], ids=["first form", "numbered"])
def test_any_part_of_an_object_is_what_was_written_there(tmp_path: Path, keys: bytes) -> None:
    store = Store(tmp_path.as_uri(), lambda _: keys)
    for size in (1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 2 * CHUNK + 5):
        data = os.urandom(size)
        store.write("city", "a", [data], MB)
        for start in EDGES:
            for end in (*EDGES, size):
                if start < end <= size:
                    assert b"".join(store.read_part("city", "a", start, end)) == data[start:end], (size, start, end)


def test_only_the_chunks_of_a_part_are_looked_at(tmp_path: Path) -> None:
    store, data = store_in(tmp_path), os.urandom(4 * CHUNK)
    store.write("city", "a", [data], MB)
    (path,) = files(tmp_path)
    content = bytearray(path.read_bytes())
    content[HEADER] ^= 1
    content[-1] ^= 1
    path.write_bytes(content)
    assert b"".join(store.read_part("city", "a", CHUNK, 3 * CHUNK)) == data[CHUNK : 3 * CHUNK]
    for start, end in ((0, 1), (CHUNK - 1, CHUNK + 1), (3 * CHUNK, 3 * CHUNK + 1)):
        with pytest.raises(Damaged):
            b"".join(store.read_part("city", "a", start, end))


def test_a_part_beyond_the_end_is_refused(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    store.write("city", "a", [b"x" * (CHUNK + 5)], MB)
    for start, end in ((0, CHUNK + 6), (CHUNK + 5, CHUNK + 6), (5, 5), (7, 3), (-1, 3)):
        with pytest.raises(Damaged):
            store.read_part("city", "a", start, end)
    with pytest.raises(NotFound):
        store.read_part("city", "b", 0, 1)


@pytest.mark.parametrize("left", [1, 4, HEADER - 1, HEADER, HEADER + CHUNK, HEADER + CHUNK + TAG])
def test_no_part_of_what_was_cut_off_is_given_out(tmp_path: Path, left: int) -> None:
    store = store_in(tmp_path)
    store.write("city", "a", [os.urandom(2 * CHUNK)], MB)
    (path,) = files(tmp_path)
    path.write_bytes(path.read_bytes()[:left])
    with pytest.raises(Damaged):
        b"".join(store.read_part("city", "a", CHUNK, CHUNK + 1))


def test_a_part_of_another_object_does_not_open(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    for key in ("a", "b"):
        store.write("city", key, [os.urandom(2 * CHUNK)], MB)
    one, other = sorted(files(tmp_path))
    one.write_bytes(other.read_bytes())
    with pytest.raises(Damaged):
        b"".join(store.read_part("city", one.name, CHUNK, CHUNK + 1))


def test_a_part_is_read_under_a_key_that_was_made_meanwhile(tmp_path: Path) -> None:
    known = [KEY]
    store = Store(tmp_path.as_uri(), lambda _: known[0], lambda: known.__setitem__(0, KEY + OTHER))
    Store(tmp_path.as_uri(), lambda _: KEY + OTHER).write("city", "a", [b"secret"], MB)
    assert b"".join(store.read_part("city", "a", 2, 4)) == b"cr"
