# SPDX-License-Identifier: ISC
"""writ replay: what sudoreplay is told, and casts, which asciinema plays."""

import fcntl
import gzip
import json
import os
import pty
import resource
import shutil
import subprocess
import sys
import termios

from command import WRIT, check_manual, control_free, folder, tap, writ
from report_trail import Trail

place = os.path.join(folder, "replay")
os.mkdir(place)
trail = Trail(place)
SESSION = "20261121T224009Z-4f2a9c1d"
EURO = "€".encode()

trail.session_open()
# A terminal: a character in two records, bytes that are no text, escapes, a new size, a pause.
SHOWN = [b"h\xc3", b"\xa9llo \x1b[31mred\x1b[0m\r\n", b"\xff\xfe bad\r\n", EURO[:1], EURO[1:2],
         EURO[2:] + b"\r\n", b"\x9b\xc2\x9b2J\xe2\x80\xae\x00end\r\n"]
tty = trail.iolog("ai-worker/%s/Ab3dEf" % SESSION, [
    (0.5, "ttyout", SHOWN[0]), (0.25, "ttyout", SHOWN[1]), (0.25, "winsize", (30, 100)),
    (0, "ttyin", b"typed\r"), (1, "ttyout", SHOWN[2]), (1, "suspend", "TSTP"), (500, "suspend", "CONT"),
    (0.5, "ttyout", SHOWN[3]), (0.000001, "ttyout", SHOWN[4]), (0, "ttyout", SHOWN[5]),
    (0, "ttyout", SHOWN[6])], runargv=["docker", "restart", "a b"], runenv=["TERM=xterm", "SHELL=/bin/sh", "X=1"])
decision = trail.decision(["docker", "restart", "a b"], iolog=tty)
exit_event = trail.exit(decision)
piped = trail.iolog("ai-worker/%s/Pip3d0" % SESSION, [
    (0, "stdin", b"in\n"), (0.1, "stdout", b"one\ntwo\r"), (0.1, "stdout", b"\nthree\n"), (0, "stderr", b"\nerr"),
    (0.2, "stdout", b"\n")], pack=True)
sizeless = trail.iolog("sizeless", [(0, "stdout", b"x")], lines=0, columns=0)
piped_decision = trail.decision(["docker", "ps"], iolog=piped)
at_user = trail.iolog("u@7/x@corp/Ab3dE@", [(3600, "ttyout", b"one\r\n"), (0.1, "ttyout", b"two\r\n")])
short = trail.iolog("00/00/0A", [(0.01, "ttyout", b"short form\r\n")])
dashed = trail.iolog("-l", [(0.01, "ttyout", b"dashed\r\n")])
torn = trail.iolog("torn", [(0.1, "ttyout", b"ab" + EURO)])
os.truncate(os.path.join(trail.iologs, torn, "ttyout"), 4)
huge = trail.iolog("huge", [(0.1, "winsize", (65535, 65535)), (9e9, "ttyout", b"x"), (9e9, "ttyout", b"y")],
                   lines=2147483647, columns=2147483647)
denied = trail.decision(["docker", "run"], allow=False, rule=None)
trail.write()
HERE = ["--iolog-dir", trail.iologs, "--events", trail.events]


def replay(*args, **more):
    status, out, err = writ("replay", *args, *HERE, **more)
    return status, out, err.decode()


def cast(*args):
    status, out, err = replay("--cast", *args)
    lines = [json.loads(line) for line in out.splitlines()]
    return status, lines[:1], lines[1:], err, out


def text_of(events, kind="o"):
    return "".join(text for _, what, text in events if what == kind)


def casts():
    status, header, events, err, out = cast(tty)
    tap.equal([status, err], [0, ""], "cast: it is written")
    tap.equal(header[0], {"version": 2, "width": 80, "height": 24,
                          "timestamp": header[0]["timestamp"], "command": "/usr/bin/docker restart 'a b'",
                          "env": {"SHELL": "/bin/sh", "TERM": "xterm"}}, "cast: the header")
    tap.ok(isinstance(header[0]["timestamp"], int), "cast: when it began")
    shown = b"".join(SHOWN).decode(errors="replace")
    tap.equal(text_of(events), shown, "cast: the output, characters whole, what is no text as U+FFFD")
    tap.equal([e for e in events if e[1] == "r"], [[1.0, "r", "100x30"]], "cast: the new size")
    tap.equal(text_of(events, "i"), "", "cast: no input unless it is asked for")
    tap.equal([e[0] for e in events], [0.5, 0.75, 1.0, 2.0, 3.500001, 3.500001],
              "cast: the times, without the pause in which the command was stopped")
    tap.ok(control_free(out), "cast: no control character as such")
    _, _, events, _, _ = cast("--input", tty)
    tap.equal(text_of(events, "i"), "typed\r", "cast --input: what was typed")

    _, header, _, _, _ = cast(sizeless)
    tap.equal([header[0]["width"], header[0]["height"]], [80, 24], "cast without a size: a usual one")
    status, header, events, err, _ = cast(piped)
    tap.equal(text_of(events), "one\r\ntwo\r\nthree\r\n\r\nerr\r\n",
              "cast without a terminal: carriage returns as a terminal would have added them")
    _, _, events, _, _ = cast("--input", piped)
    tap.equal(text_of(events, "i"), "in\n", "cast --input: what was piped in")

    status, _, events, err, _ = cast(torn)
    tap.equal([status, text_of(events)], [0, "ab\ufffd"], "cast of a torn log: as far as it goes")
    tap.ok("ttyout: is shorter than timing says" in err, "cast of a torn log: says so", err)
    status, header, events, err, _ = cast(huge)
    tap.equal([header[0]["width"], header[0]["height"], events[0][2]], [1000, 1000, "1000x1000"],
              "cast: a size that no player could hold is bounded")
    tap.equal(text_of(events), "xy", "cast: delays of centuries")


def asciinema():
    if not shutil.which("asciinema"):
        tap.skip("asciinema plays a cast", "asciinema is not installed")
        return
    path = os.path.join(place, "x.cast")
    for name, tsid, want in (("of a terminal", tty, b"".join(SHOWN).decode(errors="replace").encode()),
                             ("of pipes", piped, b"one\r\ntwo\r\nthree\r\n\r\nerr\r\n")):
        with open(path, "wb") as f:
            f.write(replay("--cast", tsid)[1])
        main, side = pty.openpty()

        def own_terminal():
            os.setsid()
            fcntl.ioctl(side, termios.TIOCSCTTY, 0)

        done = subprocess.run(["asciinema", "cat", path], stdin=side, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, preexec_fn=own_terminal, check=False,
                              env=dict(os.environ, HOME=place, LC_ALL="C.UTF-8"))
        os.close(main)
        os.close(side)
        tap.equal([done.returncode, done.stdout], [0, want], "asciinema cat plays a cast %s" % name)


def without_head(out, arguments=b""):
    """What sudoreplay prints besides "Replaying sudo session: COMMAND", whose line ends after all the rest."""
    head, tail = b"Replaying sudo session: /usr/bin/docker" + arguments, b"\r\n"
    return out[len(head):-len(tail)] if out.startswith(head) and out.endswith(tail) else out


def played():
    fast = ["-m", "0"]
    status, out, err = replay(*fast, tty)
    tap.equal([status, without_head(out, b" restart a b")], [0, b"".join(SHOWN)], "sudoreplay shows it, by TSID")
    for name, word in (("event", decision), ("exit event", exit_event),
                       ("the beginning of an event's id", decision[:-2])):
        status, out, err = replay(*fast, word)
        tap.equal([status, without_head(out, b" restart a b")], [0, b"".join(SHOWN)], "by " + name)
    status, out, err = replay(*fast, "-f", "ttyin", tty)
    tap.equal(without_head(out, b" restart a b"), b"typed\r", "-f: of which streams")
    status, out, err = replay("-s1000", "--max-wait=0.001", "-nRSF", "--filter", "stdout,stderr", piped)
    tap.equal([status, without_head(out)], [0, b"one\ntwo\r\nthree\n\nerr\n"], "further options; packed files")
    for name, word, want in (("a name with @", at_user, b"one\r\ntwo\r\n"),
                             ("the short form", "00000A", b"short form\r\n"),
                             ("the long form of it", short, b"short form\r\n"),
                             ("a name that looks like an option", "--\0-l", b"dashed\r\n")):
        status, out, err = writ("replay", *HERE, *fast, *word.split("\0"))
        tap.ok(status == 0 and without_head(out) == want, name, "%d %r %s" % (status, out, err))
    status, out, err = replay(at_user + "@3600.05", timeout=60)
    tap.equal([status, without_head(out)], [0, b"one\r\ntwo\r\n"], "an hour's pause is not waited for from @3600 on")
    status, out, err = replay("-s", "x", tty)
    tap.ok(status == 1 and "invalid speed" in err, "what sudoreplay refuses is refused", "%d %s" % (status, err))


def refused():
    for name, word in (("..", "../iologs/" + tty), ("an absolute path", os.path.join(trail.iologs, tty)),
                       ("a newline", "a\nb"), ("an escape sequence", "a\x1b[2Jb"), ("a C1 character", "a\x9bb"),
                       ("a byte that is no text", b"a\xffb"), ("nothing", ""), ("a long one", "x/" * 3000 + "x")):
        status, out, err = replay(word)
        tap.ok(status == 2 and out == b"" and control_free(err.encode()) and "name" in err, "refused: " + name,
               "%d %r %s" % (status, out, err))
    for name, word, want in (("no such log", "ai-worker/nobody", "no I/O log ai-worker/nobody"),
                             ("no such word", "nonesuch", "neither an I/O log nor an event is named nonesuch"),
                             ("a folder that is no log", "ai-worker", "neither an I/O log nor"),
                             ("a folder of folders", "ai-worker/" + SESSION, "is no I/O log"),
                             ("a file", tty + "/timing", "Not a directory"),
                             ("a request that was refused", denied, "has no I/O log")):
        status, out, err = replay(word)
        tap.ok(status == 1 and out == b"" and want in err, "not found: " + name, "%d %r %s" % (status, out, err))
    for name, words, want in (("a session", [SESSION], "is a session"),
                              ("several events", [decision[:8]], "several ids begin with"),
                              ("no word", [], "no I/O log is named"),
                              ("two words", [tty, piped], "more than one"),
                              ("--input alone", ["--input", tty], "--input goes with --cast"),
                              ("-s and --cast", ["--cast", "-s", "2", tty], "do not go with"),
                              ("an offset and --cast", ["--cast", tty + "@1"], "cannot begin at"),
                              ("an unknown letter", ["-x", tty], "unknown option -x"),
                              ("a blank for a letter", ["- ", tty], "unknown option - "),
                              ("a letter without its value", [tty, "-d"], None)):
        status, out, err = writ("replay", *HERE, *words) if want is None else replay(*words)
        tap.ok(status == 2 and out == b"" and (want or "needs a value") in err.decode() if want is None
               else status == 2 and want in err, "wrong use: " + name, "%d %r %s" % (status, out, err))
    with open("/dev/full", "wb") as full:
        done = subprocess.run([WRIT, "replay", "--cast", tty, *HERE], stdout=full, stderr=subprocess.PIPE, check=False)
    tap.equal(done.returncode, 2, "a cast that cannot be written")


def manual():
    check_manual("replay")


def bounded():
    """Gigabytes that a log of kilobytes unpacks to are read in a few buffers."""
    name = "a cast of %s in bounded memory"
    with open(WRIT, "rb") as f:
        if b"__asan_init" in f.read():
            tap.skip(name % "much", "the address sanitizer takes all of the address space")
            return
    path = os.path.join(trail.iologs, "bomb")
    shutil.copytree(os.path.join(trail.iologs, piped), path)
    with gzip.open(os.path.join(path, "stdout"), "wb") as f:
        for _ in range(256):
            f.write(b"x" * (1 << 20))
    for what, timing in (("what timing tells", b"1 0 268435456\n"), ("what it does not", b""),
                         ("less than it tells", b"1 0 9223372036854775807\n" * 100)):
        with open(os.path.join(path, "timing"), "wb") as f:
            f.write(gzip.compress(timing))
        done = subprocess.run([WRIT, "replay", "--cast", "bomb", *HERE], stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, check=False,
                              preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (64 << 20, 64 << 20)))
        tap.equal([done.returncode, done.stdout.count(b"x")], [0, 256 << 20], name % what)


for part in (manual, bounded, casts, asciinema, played, refused):
    part()
sys.exit(tap.done())
