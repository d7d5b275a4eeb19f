# SPDX-License-Identifier: MIT
"""Viewers of gputopd: viewers.py SOCKET WHAT [SECONDS]; what is wrong ends it with a message."""
import json
import os
import re
import resource
import select
import socket
import sys
import time

path, what = sys.argv[1:3]
resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)


def connect(request=b""):
    s = socket.socket(socket.AF_UNIX)
    s.connect(path)	# waits where many come at once
    s.settimeout(20)
    if request:
        s.send(request)
    return s


def frames(s, n):
    got = b""
    while got.count(b"\ngputop-frame:") < n or not got.endswith(b"\n\n"):
        more = s.recv(65536)
        assert more, "closed after %d frames" % got.count(b"\ngputop-frame:")
        got += more
    return got


def is_closed(s):
    """By the daemon within 3 s, long before the timeout of 10 s that most tests set."""
    s.settimeout(3)
    end = time.monotonic() + 3
    try:
        while s.recv(65536):
            if time.monotonic() > end:
                return False
        return True
    except ConnectionError:
        return True
    except socket.timeout:
        return False


def is_refused(s):
    """Not served: closed before a first byte."""
    try:
        return not s.recv(1, socket.MSG_PEEK)
    except ConnectionError:
        return True


def served():
    """A connection that has a place, once the daemon knows that those before have left."""
    s, end = connect(), time.monotonic() + 20
    while is_refused(s) and time.monotonic() < end:
        time.sleep(0.1)
        s = connect()
    return s


def as_user(uid):
    os.setgroups([])
    os.setgid(uid)
    os.setuid(uid)


def refused():
    """Bad requests end their connection and nothing else."""
    good = connect()
    for request in (b"GET / HTTP/1.1\r\n\r\n", b"interval 1\ninterval 1\n", b"interval -1\n", b"x" * 65,
                    b"interval 0\n", b"\0\n", b"interval 1e3\n"):
        s = connect()
        try:
            s.send(request)
        except ConnectionError:
            pass
        assert is_closed(s), request
    half = connect()
    half.shutdown(socket.SHUT_WR)
    assert is_closed(half), "half-closed"


def own():
    """Who is not trusted gets no name, line or number of others, but their sum."""
    everything = frames(served(), 1).decode()
    assert "gputop-uid:\t0\n" in everything and "others" not in everything, everything
    as_user(65534)
    text = frames(served(), 1).decode()
    assert "gputop-uid:\t65534\n" in text and "gputop-comm:\towned\n" in text, text
    assert "gputop-uid:\t0\n" not in text and "secret" not in text, text
    others = [r for r in text.split("\n\n") if r.startswith("gputop-pid:\t0\n")]
    assert len(others) == 1 and "drm-resident-vram:\t%d\n" % (2 << 20) in others[0] + "\n", text


def pace():
    """Each at its own rate."""
    fast, slow = connect(b"interval 0.1\n"), connect(b"interval 0.5\n")
    start = time.monotonic()
    frames(fast, 11)
    took = time.monotonic() - start
    assert took > 0.8, took
    n = slow.recv(1 << 20).count(b"gputop-frame:")
    assert 2 <= n <= took / 0.5 + 2, (n, took)


def crowd():
    """As many as there are places, half of them stalled: the others go on; one more is refused."""
    places = [connect() for _ in range(20)]
    assert is_closed(connect()), "21 of 20"
    for s in places[:10]:
        frames(s, 5)


def share():
    """One user does not take all places."""
    as_user(65534)
    mine = [connect() for _ in range(7)]
    for s in mine[:5]:
        frames(s, 1)
    assert is_closed(mine[6]), "7 of 20 by one user"


def stalled():
    """Who does not read is disconnected."""
    s = connect()
    time.sleep(float(sys.argv[3]))
    assert is_closed(s), "still connected"


def rss_kib(pid):
    with open("/proc/%s/status" % pid, encoding="utf-8") as file:
        return next(int(line.split()[1]) for line in file if line.startswith("VmRSS"))


def abuse():
    """abuse PID: what 1000 who mean harm send costs neither much memory nor the others their frames."""
    pid = sys.argv[3]
    good = connect()
    frames(good, 3)
    before = rss_kib(pid)
    many = [connect() for _ in range(1000)]
    for s in many[:400]:
        try:
            s.send(os.urandom(40000))
        except OSError:
            pass
    for s in many[400:]:
        s.close()
    frames(good, 3)
    for _ in range(30):
        slow = connect()
        for byte in b"interval":
            try:
                slow.send(bytes([byte]))
            except OSError:
                break
    frames(good, 3)
    after = rss_kib(pid)
    assert after - before < 8192, "from %d to %d KiB" % (before, after)


def crowded():
    """crowded N: not all find a place, those who do are served, and later others."""
    many = [connect() for _ in range(int(sys.argv[3]))]
    for s in many[:10]:
        frames(s, 3)
    assert is_closed(many[-1]), "%d viewers" % len(many)
    for s in many:
        s.close()
    frames(served(), 3)


def jitter():
    """jitter N INTERVAL SECONDS: how far frames lie from INTERVAL beside N viewers, half of them stalled."""
    n, interval, seconds = int(sys.argv[3]), float(sys.argv[4]), float(sys.argv[5])
    me = connect()
    frames(me, 1)
    stalled_ones = [connect() for _ in range(n // 2)]
    readers = [connect() for _ in range(n - n // 2)]
    for s in readers:
        s.setblocking(False)
    text, end = b"", time.monotonic() + seconds
    while time.monotonic() < end:
        ready, _, _ = select.select([me, *readers], [], [], 1)
        for s in ready:
            got = s.recv(1 << 20)
            assert got, "a viewer that reads was disconnected"
            if s is me:
                text += got
    times = [int(t) for t in re.findall(rb"^gputop-frame:\t\d+\ngputop-time:\t(\d+) ns$", text, re.M)]
    off = sorted(abs((b - a) / 1e9 / interval - 1) * 100 for a, b in zip(times, times[1:]))
    assert len(off) > 2, text
    print(json.dumps({"frames": len(times), "jitter_median": off[len(off) // 2], "jitter_max": off[-1]}))
    del stalled_ones


{"refused": refused, "own": own, "pace": pace, "crowd": crowd, "share": share, "stalled": stalled, "abuse": abuse, "crowded": crowded,
 "jitter": jitter}[what]()
