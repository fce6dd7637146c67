# SPDX-License-Identifier: ISC
"""writ log: what it finds, against a reading of the same files by hand."""

import json
import os
import pty
import re
import select
import shutil
import subprocess
import sys
import time

import trail
from command import WRIT, folder, tap, writ

KEYS = [trail.fingerprint(name) for name in ("one", "two", "three")]


def log(*args, **more):
    """Runs writ log --json: (status, lines as bytes, standard error)."""
    status, out, err = writ("log", "--json", *args, **more)
    return status, out.split(b"\n")[:-1], err.decode()


def as_lines(events):
    return [trail.write(e).encode() for e in events]


def where(*parts):
    return os.path.join(folder, *parts)


# --- every filter, and pairs of them, against the same condition written in Python

maker = trail.Maker(seed=7)
events = maker.fill(1200, KEYS)
plain = trail.save(where("plain.jsonl"), events)
rotated = trail.rotate(where("rotated"), events, 5)
# The same events as others would write them: blanks, escapes, other orders of members.
foreign = trail.save(where("foreign.jsonl"), [
    json.dumps(dict(sorted(e.items(), reverse=i % 3 == 0)), ensure_ascii=i % 2 == 0,
               separators=((",", ":"), (", ", ": "))[i % 2]) for i, e in enumerate(events)])


def spell(value):
    """JSON with every third character of a string as an escape."""
    if isinstance(value, str):
        return '"%s"' % "".join("".join("\\u%04x" % int.from_bytes(pair, "big") for pair in units(c))
                                if i % 3 == 0 or ord(c) < 32 or c in '"\\' else c for i, c in enumerate(value))
    if isinstance(value, dict):
        return "{%s}" % ",".join(spell(k) + ":" + spell(v) for k, v in value.items())
    if isinstance(value, list):
        return "[%s]" % ",".join(map(spell, value))
    return json.dumps(value)


def units(c):
    text = c.encode("utf-16-be")
    return [text[i:i + 2] for i in range(0, len(text), 2)]


spelled = trail.save(where("spelled.jsonl"), [
    '{"time":"%s",%s' % (e["time"], spell({k: v for k, v in e.items() if k != "time"})[1:]) for e in events])

session = maker.sessions[3][0]
opened = {e["session"] for e in events if e["event"] == "session-open" and (e["key"] or {}).get("fingerprint") == KEYS[1]}
decision = next(e for e in events if e["event"] == "decision" and e["decision"] == "allow")
middle, late = events[500]["time"], events[1100]["time"]


def decided(word):
    return lambda e: e.get("decision") == word or e["event"] in {"allow": ("accept",), "deny": ("reject", "error")}[word]


CONDITIONS = [
    (["--decision", "deny"], decided("deny")),
    (["--decision", "allow"], decided("allow")),
    (["--session", session], lambda e: e["session"] == session),
    (["--session", session, "--session", maker.sessions[5][0]],
     lambda e: e["session"] in (session, maker.sessions[5][0])),
    (["--key", KEYS[1]], lambda e: e["session"] in opened),
    (["--rule", "ollama-models"], lambda e: e.get("rule") == "ollama-models"),
    (["--rule", "read", "logs"], lambda e: e.get("rule") in ("read", "logs")),
    (["--user", "diag"], lambda e: e["user"] == "diag"),
    (["--host", "here"], lambda e: e["host"] == "here"),
    (["--code", "no-rule"], lambda e: e.get("code") == "no-rule"),
    (["--command", "docker container"],
     lambda e: (e.get("command") or "").startswith("docker container ")),
    (["--command", "/usr/bin/docker"], lambda e: e.get("program") == "/usr/bin/docker"),
    (["--command", "id"], lambda e: "command" not in e and (e.get("argv") or [""])[0] == "id"),
    (["--event", "exit"], lambda e: e["event"] == "exit"),
    (["--id", decision["id"]], lambda e: decision["id"] in (e["id"], e.get("decision_id"))),
    (["--task", "task é 2"], lambda e: (e.get("claims") or {}).get("WRIT_TASK") == "task é 2"),
    (["--since", middle], lambda e: e["time"] >= middle),
    (["--until", middle], lambda e: e["time"] <= middle),
    (["--since", middle, "--until", late], lambda e: middle <= e["time"] <= late),
    (["--session", "nobody"], lambda e: False),
    (["--key", "SHA256:nothing"], lambda e: False),
]
COMBINATIONS = [(one,) for one in CONDITIONS] + [
    (CONDITIONS[i], CONDITIONS[j]) for i in range(len(CONDITIONS)) for j in range(i)
    if CONDITIONS[i][0][0] != CONDITIONS[j][0][0] and (i * 7 + j) % 3 == 0]

for combination in COMBINATIONS:
    args = [word for condition in combination for word in condition[0]]
    matches = [e for e in events if all(condition[1](e) for condition in combination)]
    wanted = as_lines(matches)
    name = " ".join(args)
    status, lines, err = log("--events", plain, *args)
    tap.ok(lines == wanted and status == (0 if wanted else 1) and err == "", name,
           "status %d, %d lines instead of %d, %s" % (status, len(lines), len(wanted), err))
    for path, kind in ((rotated, "rotated"), (foreign, "foreign"), (spelled, "spelled")):
        status, lines, err = log("--events", path, *args)
        ids = [json.loads(line)["id"] for line in lines]
        tap.ok(ids == [e["id"] for e in matches] and err == "", "%s: %s" % (kind, name),
               "%d lines instead of %d, %s" % (len(ids), len(matches), err))

status, out, err = writ("log", "--events", plain, "--rule", "read", "--count")
tap.equal(out, b"%d\n" % len([e for e in events if e.get("rule") == "read"]), "--count")
status, lines, err = log("--events", plain, "-n", "3")
tap.equal(lines, as_lines(events[-3:]), "-n: the last ones")
status, lines, err = log("--events", plain, "-n0")
tap.equal((status, lines), (0, []), "-n0: none of them, though they are there")
status, lines, err = log("--events", plain, "--lines=2", "--decision", "deny")
tap.equal(lines, as_lines([e for e in events if decided("deny")(e)][-2:]), "--lines: the last of those found")

# --- several hosts

other = trail.Maker(host="there", seed=8)
others = other.fill(300, KEYS)
save_other = trail.rotate(where("there"), others, 3)
both = sorted(events + others, key=lambda e: e["time"])
status, lines, err = log("--events", rotated, save_other)
tap.equal([json.loads(line)["id"] for line in lines], [e["id"] for e in both], "two hosts are merged by time")
status, lines, err = log("--events", rotated, "--events", save_other, "--host", "there")
tap.equal(len(lines), 300, "one of two hosts")
status, lines, err = log("--events", plain, plain, where(".", "plain.jsonl"))
tap.equal(len(lines), len(events), "a file that is given twice is read once")
copies = sorted(os.path.join(rotated, name) for name in os.listdir(rotated))
status, lines, err = log("--events", *copies)
tap.equal(lines, as_lines(events), "the files of a log, named one by one, are read in their order")
names = ["events.jsonl-20261119.gz", "events.jsonl-20261120", "events.jsonl.10.gz", "events.jsonl.9", "events.jsonl"]
os.mkdir(where("names"))
for i, name in enumerate(names):
    trail.save(where("names", name), events[i * 10:i * 10 + 10], packed=name.endswith(".gz"))
trail.save(where("names", "events.jsonl.swp"), events[100:110])
trail.save(where("names", "other.jsonl"), events[100:110])
trail.save(where("names", "events.jsonl.9.gz"), events[100:110], packed=True)
status, lines, err = log("--events", where("names"))
tap.equal(lines, as_lines(events[:50]), "the order of rotated copies, by their names; a copy in the making is not read")

# --- lines that are no events

torn = as_lines(events[:3])
broken = torn[0] + b"\n" + torn[1][:200] + b"\n" + b"\0\0\0\n" + torn[2] + b"\r\n\n[1]\n" + torn[1]
with open(where("broken.jsonl"), "wb") as f:
    f.write(broken)
status, lines, err = log("--events", where("broken.jsonl"))
tap.equal((status, lines), (0, [torn[0], torn[2], torn[1]]), "a torn line loses only itself")
tap.ok(all("broken.jsonl:%d: " % n in err for n in (2, 3, 6)) and err.count("\n") == 3, "and is reported by file and line", err)
status, lines, err = log("--events", where("broken.jsonl"), "--session", "none")
tap.ok("broken.jsonl:2: " in err and status == 1, "also where it is not looked for", err)
with open(where("many.jsonl"), "wb") as f:
    f.write(b"nothing\n" * 1000)
status, lines, err = log("--events", where("many.jsonl"))
tap.ok(err.count("\n") == 21 and "980 more" in err, "many of them are summed up", err)

hostile = where("hostile\u009b31m\u202e.jsonl")
with open(hostile, "w", encoding="utf-8") as f:
    f.write('{"time":"2026-11-21T22:40:09.123456Z","\u009b31m\u202e":1,"\u009b31m\u202e":2}\n')
status, out, err = writ("log", "--events", hostile)
tap.ok(status == 1 and b"\\u{009b}" in err and "\u009b" not in err.decode() and "\u202e" not in err.decode(),
       "messages do not speak to the terminal", repr(err))

# --- text in what commands wrote

logs = where("io")


def iolog(tsid, outputs):
    """An I/O log of a second's pause and a piece of output each: (number of the stream, bytes)."""
    os.makedirs(os.path.join(logs, tsid))
    names = ["stdin", "stdout", "stderr", "ttyin", "ttyout"]
    with open(os.path.join(logs, tsid, "timing"), "w", encoding="ascii") as timing:
        for stream, data in outputs:
            timing.write("%d 1.500000000 %d\n" % (stream, len(data)))
            with open(os.path.join(logs, tsid, names[stream]), "ab") as f:
                f.write(data)
    with open(os.path.join(logs, tsid, "log.json"), "w", encoding="ascii") as f:
        json.dump({"timestamp": {"seconds": 1795219200, "nanoseconds": 0}, "submituser": "ai-worker",
                   "command": "/bin/true", "runargv": ["true"]}, f)
    return tsid


said = trail.Maker(seed=21)
wanted = said.decision(iolog=iolog("a/b/000001", [(1, b"nothing\n"), (2, b"permission "), (2, b"denied\n")]))
said.decision(iolog=iolog("a/b/000002", [(1, b"all is well\n")]))
other_stream = said.decision(iolog=iolog("a/b/000003", [(0, b"permission denied"), (1, b"ok")]))
said.decision(allow=False)
coloured = said.decision(iolog=iolog("a/b/000004", [(4, b"\x1b[31mpermission\x1b[0m denied\r\n")]))
trail.save(where("said.jsonl"), said.events)
output = ["--events", where("said.jsonl"), "--iolog-dir", logs, "--output-contains", "permission denied"]
status, lines, err = log(*output)
found = [json.loads(line) for line in lines]
tap.equal([(f["event"]["id"], [(h["stream"], h["offset"]) for h in f["hits"]]) for f in found],
          [(wanted["id"], [("stderr", 3.0)]), (coloured["id"], [("ttyout", 1.5)])],
          "text in output: across records, in colours, and not what was typed")
tap.ok(lines[0].startswith(b'{"event":' + trail.write(wanted).encode()), "the event is as it stands", lines[:1])
status, out, err = writ("log", *output, "-n", "1")
tap.ok(status == 0 and out.endswith(b"    ttyout at 1.500 s\n") and out.count(b"\n") == 2, "in the table", repr(out))
status, out, err = writ("log", *output, "--count", "--decision", "allow", "--until", wanted["time"])
tap.equal((status, out), (0, b"1\n"), "together with other conditions")
gone = said.decision(iolog="a/b/000009")
trail.save(where("said.jsonl"), said.events)
status, lines, err = log(*output)
tap.ok(status == 2 and len(lines) == 2 and "000009" in err, "a log that is not there is said", err)

# --- what cannot be read, and what is no question

status, out, err = writ("log", "--events", where("missing"))
tap.ok(status == 2 and b"No such file" in err, "a file that is not there", repr(err))
os.mkdir(where("empty"))
status, out, err = writ("log", "--events", where("empty"))
tap.ok(status == 2 and b"holds no events.jsonl" in err, "a folder without a log", repr(err))
secret = shutil.copy(plain, where("secret.jsonl"))
os.chmod(secret, 0o600)
status, out, err = writ("log", "--events", secret, user=65534, group=65534, extra_groups=[])
tap.ok(status == 2 and b"Permission denied" in err and b"adm" in err and out == b"", "a file that one may not read", repr(err))
os.chmod(secret, 0o640)
os.chown(secret, 0, 4)
status, out, err = writ("log", "--events", secret, "--count", user=65534, group=65534, extra_groups=[4])
tap.equal((status, out), (0, b"1200\n"), "the group may read it, without root")
for args, part in ((["--since", "whenever"], b"is no time"), (["--decision", "maybe"], b"neither allow nor deny"),
                   (["--lines", "-1"], b"no number"), (["--utc", "word"], b"chosen by options"), (["--nonsense"], b"unknown option"),
                   (["--follow", "--count"], b"no end"), (["--verify", "--rule", "x"], b"looks at everything")):
    status, out, err = writ("log", "--events", plain, *args)
    tap.ok(status == 2 and part in err and out == b"", "a usage error: " + " ".join(args), repr(err))


# --- the table

def terminal(columns, *args, **env):
    """Runs writ log with a terminal of that width as standard output; what it writes there."""
    parent, child = pty.openpty()
    environment = {**os.environ, "COLUMNS": str(columns), "TERM": "xterm", "TZ": "UTC", **env}
    process = subprocess.Popen([WRIT, *args], stdin=subprocess.DEVNULL, stdout=child, stderr=child, env=environment)
    os.close(child)
    out = b""
    while True:
        try:
            piece = os.read(parent, 65536)
        except OSError:
            break
        if not piece:
            break
        out += piece
    os.close(parent)
    process.wait()
    return out.decode()


def columns_of(text):
    """How many columns a terminal would need, as Unicode's East Asian width has it."""
    import unicodedata
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


SGR = re.compile("\x1b\\[[0-9;]*m")
for columns in (40, 60, 80, 100, 132, 250):
    out = terminal(columns, "log", "--events", plain, "-n", "200")
    rows = [SGR.sub("", row) for row in out.split("\r\n")[:-1]]
    tap.ok(len(rows) >= 200 and max(columns_of(row) for row in rows) <= columns, "a table fits %d columns" % columns,
           "%d rows; widest: %d" % (len(rows), max(columns_of(row) for row in rows)))
    tap.ok(all(c.isprintable() for row in rows for c in row), "and nothing in it speaks to the terminal",
           repr([row for row in rows if not row.isprintable()][:3]))
out = terminal(100, "log", "--events", plain, "--decision", "deny")
tap.ok("\x1b[31mdeny" in out, "refusals are red", out[:300])
tap.ok("\x1b[32mallow" in terminal(100, "log", "--events", plain, "--decision", "allow"), "what was allowed is green")
tap.ok("\x1b" not in terminal(100, "log", "--events", plain, "--decision", "deny", NO_COLOR="1"), "NO_COLOR")
tap.ok("\x1b" not in terminal(100, "log", "--events", plain, "--decision", "deny", TERM="dumb"), "a dumb terminal")
status, out, err = writ("log", "--events", plain, "--decision", "deny", env={"TERM": "xterm"})
tap.ok(b"\x1b" not in out and len(out.splitlines()) == len([e for e in events if decided("deny")(e)]),
       "elsewhere one line each, without colours")
one = trail.Maker(seed=3)
one.decision(allow=False, argv=["docker", "run", "-v", "/:/host", "x y"], reason="no rule covers it")
trail.save(where("one.jsonl"), one.events)
status, out, err = writ("log", "--events", where("one.jsonl"), env={"TZ": "UTC"})
tap.ok(b"deny   no-rule            docker run -v /:/host 'x y'  # no rule covers it\n" in out, "a refusal and its reason", repr(out))
hour = one.events[0]["time"][11:13]
status, out, err = writ("log", "--events", where("one.jsonl"), env={"TZ": "XYZ-5"})
tap.ok(out.startswith(b"2026-11-21 %02d" % (int(hour) + 5)), "times are local", repr(out))
status, out, err = writ("log", "--utc", "--events", where("one.jsonl"), env={"TZ": "XYZ-5"})
tap.ok(out.startswith(b"2026-11-21 " + hour.encode()), "or UTC", repr(out))
status, out, err = writ("log", "--events", where("one.jsonl"), "--since", "2026-11-21 00:00", env={"TZ": "XYZ+5"})
tap.equal(status, 1, "time words are local too")

# --- a span near the end of a large file is found without reading all of it

big = where("big.jsonl")
lines = as_lines(events)
with open(big, "wb") as f:
    for i in range(40000):
        line = lines[i % len(lines)]
        moment = trail.EPOCH + trail.datetime.timedelta(seconds=i)
        f.write(b'{"time":"%s"' % trail.stamp(moment).encode() + line[37:] + b"\n")
since = trail.stamp(trail.EPOCH + trail.datetime.timedelta(seconds=39900))
trace = where("trace")
done = subprocess.run(["strace", "-o", trace, "-e", "trace=read,pread64", WRIT, "log", "--json", "--events", big,
                       "--since", since], stdout=subprocess.PIPE, check=False)
found = done.stdout.split(b"\n")[:-1]
read = sum(int(n) for n in re.findall(r"= (\d+)$", open(trace, encoding="utf-8", errors="replace").read(), re.M))
size = os.path.getsize(big)
tap.equal(len(found), 100, "a span near the end: what is in it")
tap.ok(size > 16e6 and read < size / 3, "a span near the end: bytes read", "%d of %d" % (read, size))
status, lines_whole, err = log("--events", big, "--since", since, "--whole")
tap.equal(found, lines_whole, "the same as when all is read")


def memory(*args):
    """What writ log had in memory at most, in KiB."""
    process = subprocess.Popen([WRIT, "log", *args], stdout=subprocess.DEVNULL)
    _, wait_status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(wait_status)
    return usage.ru_maxrss


for args in (["--count"], ["--lines", "5"], ["--rule", "read", "--json"]):
    little, much = memory("--events", plain, *args), memory("--events", big, *args)
    tap.ok(much - little < 4096, "memory does not grow with the file: " + " ".join(args), "%d, %d KiB" % (little, much))

# --- follow


class Follower:
    def __init__(self, *args):
        self.process = subprocess.Popen([WRIT, "log", "--json", "--follow", *args], stdout=subprocess.PIPE,
                                        stderr=subprocess.PIPE)
        self.text = b""

    def wait(self, n):
        """Waits until n lines have come; their ids."""
        end = time.monotonic() + 60
        while self.text.count(b"\n") < n and time.monotonic() < end:
            if select.select([self.process.stdout], [], [], 1)[0]:
                piece = os.read(self.process.stdout.fileno(), 65536)
                if not piece:
                    break
                self.text += piece
        return [json.loads(line)["id"] for line in self.text.split(b"\n")[:-1]]

    def ready(self):
        """Waits until it waits: then all that comes is new."""
        path = "/proc/%d/wchan" % self.process.pid
        end = time.monotonic() + 60
        while time.monotonic() < end:
            with open("/proc/%d/stat" % self.process.pid, encoding="ascii") as f:
                asleep = f.read().rpartition(")")[2].split()[0] == "S"
            if asleep and any("inotify" in os.readlink(os.path.join("/proc/%d/fd" % self.process.pid, fd))
                              for fd in os.listdir("/proc/%d/fd" % self.process.pid)):
                return path
            time.sleep(0.01)
        return None

    def stop(self):
        self.process.kill()
        out, err = self.process.communicate()
        return err.decode()


def append(path, *parts):
    with open(path, "ab") as f:
        for part in parts:
            f.write(part)


ids = [e["id"] for e in events]
lines = [line + b"\n" for line in as_lines(events)]
live = where("live")
os.mkdir(live)
current = os.path.join(live, "events.jsonl")
append(current, *lines[:10])
follower = Follower("--events", live, "--lines", "2")
tap.equal(follower.wait(2), ids[8:10], "follow: the last ones first")
append(current, *lines[10:12])
tap.equal(follower.wait(4), ids[8:12], "follow: what is appended")
append(current, lines[12][:100])
append(current, lines[12][100:], lines[13])
tap.equal(follower.wait(6), ids[8:14], "follow: a line in two pieces")
os.rename(current, current + ".1")
append(current + ".1", lines[14])
append(current, lines[15])
tap.equal(sorted(follower.wait(8)), sorted(ids[8:16]), "follow: across a rotation, late writers too")
append(current, b'{"time":"2026', b"\n", lines[16])
tap.equal(follower.wait(9)[-1], ids[16], "follow: behind a torn line")
for i in range(17, 37):
    if i % 4 == 0:
        for age in range(9, 0, -1):
            if os.path.exists(current + ".%d" % age):
                os.rename(current + ".%d" % age, current + ".%d" % (age + 1))
        os.rename(current, current + ".1")
        append(current)
    append(current, lines[i])
    follower.wait(i - 7)
tap.equal(follower.wait(29)[9:], ids[17:37], "follow: rotated again and again")
with open(current, "rb+") as f:
    f.truncate(0)
append(current, lines[37])
tap.equal(follower.wait(30)[-1], ids[37], "follow: a file that became shorter")
err = follower.stop()
tap.ok("events.jsonl:2: not JSON" in err and "became shorter" in err, "follow: what was wrong is said", err)

follower = Follower("--events", live, "--key", KEYS[0])
follower.ready()
fresh = trail.Maker(seed=99)
mine = fresh.open(key=KEYS[0])
fresh.open(key=KEYS[1])
fresh.decision(mine)
fresh.decision(fresh.sessions[1][0])
trail.save(current, fresh.events, mode="a")
tap.equal(follower.wait(2), [fresh.events[0]["id"], fresh.events[2]["id"]], "follow: a key that logs in meanwhile")
follower.stop()

future = where("future")
os.mkdir(future)
follower = Follower("--events", future)
follower.ready()
append(os.path.join(future, "events.jsonl"), lines[0])
tap.equal(follower.wait(1), ids[:1], "follow: a log that is not there yet")
follower.stop()

sys.exit(tap.done())
