# SPDX-License-Identifier: ISC
"""writ report, as a program sees it: what is in the page, what is refused, what is said, what is left out."""

import base64
import html.parser
import json
import os
import re
import subprocess
import sys

from command import WRIT, control_free, folder, tap, writ
from report_trail import SESSION, Trail


class Blocks(html.parser.HTMLParser):
    """The page as a reader of HTML sees it: its elements, and what its data blocks hold."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.blocks, self.policy, self.inside = [], {}, "", None
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        self.tags.append((tag, attrs))
        if tag == "meta" and attrs.get("http-equiv") == "Content-Security-Policy":
            self.policy = attrs["content"]
        if tag == "script" and attrs.get("type") == "application/json":
            self.inside = attrs["id"]

    def handle_data(self, data):
        if self.inside:
            self.blocks[self.inside] = self.blocks.get(self.inside, "") + data

    def handle_endtag(self, tag):
        if tag == "script":
            self.inside = None


def trail_of(name):
    return Trail(os.path.join(folder, name))


def report(trail, *args):
    trail.write()
    status, out, err = writ("report", *args, "--events", trail.events, "--iolog-dir", trail.iologs)
    page = Blocks(out.decode())
    return status, page, {name: json.loads(text) for name, text in page.blocks.items()}, err


def events_of(blocks):
    return [json.loads(entry["line"]) for entry in blocks["events"]]


def the_page():
    trail = trail_of("page")
    trail.session_open()
    first = trail.decision(["docker", "ps", "</script><!--<script>"], reason="a & b > c")
    trail.exit(first)
    trail.session_close()
    trail.write()
    status, out, _ = writ("report", "--session", SESSION, "--events", trail.events, "--iolog-dir", trail.iologs)
    text = out.decode()
    page = Blocks(text)
    tap.equal(status, 0, "something was found")
    tap.equal([tag for tag, attrs in page.tags if tag in ("script", "style", "link", "img", "iframe", "object", "base")].count("script"),
              1 + len(page.blocks), "one script, and the data blocks")
    tap.equal([a for _, attrs in page.tags for a in attrs.items() if a[0] in ("src", "action", "srcdoc", "style")
               or a[0].startswith("on") or (a[0] == "href" and not a[1].startswith("#"))], [], "nothing is loaded from anywhere")
    tap.ok(re.fullmatch(r"default-src 'none'; script-src 'sha256-[A-Za-z0-9+/]{43}='; style-src 'sha256-[A-Za-z0-9+/]{43}='; base-uri 'none';"
                        r" form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'", page.policy),
           "the page's own policy lets its one script and style be", page.policy)
    tap.equal(re.findall(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|setAttribute\(.style|"
                         r"DOMParser|importScripts|fetch\(|XMLHttpRequest|WebSocket|sendBeacon|window\.open", text), [],
              "the page's script does nothing that reads markup, runs text or reaches out")
    tap.equal(re.findall("(?:https?|wss?|ftp|data|blob)://?[^\"' ]*|//[a-z0-9-]+\\.[a-z]", text), [], "and names no address")
    tap.ok(all(not re.search("[<>&]", block) for block in page.blocks.values()), "no data block has a character that HTML knows")
    tap.ok(control_free(out.replace(b"\t", b"")), "no control characters")
    tap.equal(json.loads(json.loads(page.blocks["events"])[1]["line"])["argv"][2], "</script><!--<script>", "and yet all is there")
    tap.equal(json.loads(page.blocks["report"])["arguments"][:2], ["--session", SESSION], "how it was asked for")
    again = writ("report", "--session", SESSION, "--events", trail.events, "--iolog-dir", trail.iologs)[1].decode()
    made = re.compile('"made":"[^"]*"')
    tap.equal(made.sub("", again) == made.sub("", text), True, "the same question, the same page")


def selection():
    trail = trail_of("selection")
    opened = trail.session_open()
    first = trail.decision(["a"], rule="one")
    second = trail.decision(["b"], rule="two", allow=False)
    end = trail.exit(first)
    other_end = trail.exit("20260101T000000Z-0000000000000000")
    trail.session = "20261121T230000Z-00000000"
    elsewhere = trail.decision(["c"], rule="one", user="other")
    trail.exit(elsewhere)
    trail.session = SESSION
    closed = trail.session_close()

    def asked(*args):
        status, _, blocks, err = report(trail, *args)
        return [status, [e["id"] for e in events_of(blocks)],
                [json.loads(e["line"])["id"] for e in blocks["events"] if e.get("context")], err]
    tap.equal(asked("--session", SESSION), [0, [opened, first, second, end, other_end, closed], [], b""], "a session: all of it, in order")
    tap.equal(asked("--session", SESSION, "--decision", "deny"), [0, [second, opened, closed], [opened, closed], b""],
              "its refusals, with its beginning and end")
    tap.equal(asked("--since", "2000-01-01", "--rule", "one", "--user", "ai-worker"),
              [0, [first, opened, end, closed], [opened, end, closed], b""], "a rule's requests with their exits")
    tap.equal(asked("--session", SESSION, "--rule", "two", "one")[1], [first, second, opened, end, closed], "several values")
    tap.equal(asked("--since", "2026-11-21 22:40:13", "--until", "2026-11-21T22:40:13.500000Z", "--event", "exit")[1:3],
              [[end], []] if os.environ.get("TZ") == "UTC" else asked("--since", "2026-11-21T22:40:13.000000Z", "--until",
                                                                      "2026-11-21T22:40:13.500000Z", "--event", "exit")[1:3], "a span")
    status, page, blocks, err = report(trail, "--session", "20991231T000000Z-00000000")
    tap.equal([status, blocks["events"], err, len(page.tags) > 20], [1, [], b"", True], "nothing found: status 1, and a page that says so")
    trail.lines.append(trail.lines[1])
    tap.equal(asked("--session", SESSION)[1].count(first), 1, "an event that is there twice is one")


def recordings():
    trail = trail_of("recordings")
    data = bytes(range(256))
    trail.decision(["a"], iolog=trail.iolog("u/s/a", [(0.5, "ttyout", data), (1.25, "winsize", (30, 100)), (2, "stdin", b"in"),
                                                      (0.5, "suspend", "TSTP")], pack=True))
    trail.event("accept", plugin="sudoers_policy", plugin_type="policy", program="/usr/bin/id", argv=["id"], runas="root", runas_group=None,
                reason=None, cwd="/", runcwd="/", tty=None, claims={}, iolog_path=os.path.join(trail.iologs, "00/00/01"))
    trail.iolog("00/00/01", [(0, "stdout", b"uid=0")])
    trail.event("accept", plugin="sudo", plugin_type="front-end", program="/usr/bin/id", argv=["id"], runas="root", runas_group=None,
                reason=None, cwd="/", runcwd="/", tty=None, claims={}, iolog_path=os.path.join(trail.iologs, "00/00/01"))
    trail.decision(["gone"], iolog="u/s/gone")
    trail.decision(["up"], iolog="../page/events.jsonl")
    os.symlink("/etc", os.path.join(trail.iologs, "link"))
    trail.decision(["link"], iolog="link")
    status, _, blocks, err = report(trail, "--session", SESSION)
    tap.equal([status, err], [0, b""], "a page with recordings")
    tap.equal([(e.get("io"), bool(e.get("io_problem"))) for e in blocks["events"]],
              [(1, False), (2, False), (2, False), (None, True), (None, True), (None, True)], "those that are there, and why others are not")
    tap.equal(blocks["report"]["recordings"], 2, "how many")
    first = blocks["io-1"]
    tap.equal([first["records"], base64.b64decode(first["data"]), first["faults"], first["complete"], first["cut"]],
              [[[4, 500000, 256], [5, 1250000, 30, 100], [0, 2000000, 2], [7, 500000, "TSTP"]], data + b"in", [], True, False],
              "every record, every byte, every time")
    status, _, found, _ = report(trail, "--session", SESSION, "--output-contains", "uid=0")
    tap.equal([[json.loads(e["line"])["argv"] for e in found["events"]], status], [[["id"], ["id"]], 2],
              "commands whose output held a text; 2, since some could not be searched")
    tap.equal(base64.b64decode(blocks["io-2"]["data"]), b"uid=0", "also of a command that another plugin accepted")


def bounds():
    trail = trail_of("bounds")
    for i in range(40):
        trail.decision(["n%d" % i], iolog=trail.iolog("big/%d" % i, [(0, "ttyout", b"x" * (1 << 20)), (0, "ttyout", b"y" * 1000)]))
    for i in range(200):
        trail.raw(b"not an event %d \xff\n" % i)
    for _ in range(20050):
        trail.decision(["many"])
    status, _, blocks, _ = report(trail, "--session", SESSION)
    used = sum(len(base64.b64decode(b["data"])) for name, b in blocks.items() if name.startswith("io-"))
    tap.ok(used <= 32 << 20 and all(b["cut"] and b["shown"] <= 1 << 20 and b["total"] == (1 << 20) + 1000
                                    for name, b in blocks.items() if name.startswith("io-")), "recordings are cut, and say so")
    tap.equal([sum("io" in e for e in blocks["events"]), sum("enough recordings" in e.get("io_problem", "") for e in blocks["events"])],
              [32, 8], "and no more of them than a page bears")
    tap.equal([status, len(blocks["events"]), blocks["report"]["notes"]],
              [0, 20000, ["90 more events are asked for than this page holds: it ends too early. Ask for a shorter time."]],
              "no more events than a page bears; how many are missing is said")
    bad = blocks["report"]["bad"]
    tap.equal([len(bad), blocks["report"]["bad_more"], base64.b64decode(bad[0]["text"])], [100, 100, b"not an event 0 \xff"],
              "lines that are no events, counted to the last")
    tap.ok(bad[0]["place"].endswith("events.jsonl:41") and bad[0]["why"], "with their places", repr(bad[0]))


def usage():
    trail = trail_of("usage")
    trail.decision(["a"])
    trail.write()
    where = ["--events", trail.events]
    for name, args, words in (("no question", [], b"Give --session, --since"), ("a wrong time", ["--since", "yesterdax"], b"yesterdax"),
                              ("an unknown option", ["--sesion", "x"], b"unknown option"), ("an operand", ["--since", "today", "--", "x"], b"x"),
                              ("a file that is not there", ["--since", "today", "--events", folder + "/none"], b"none"),
                              ("a wrong decision", ["--since", "2000-01-01", "--decision", "maybe"], b"maybe")):
        status, out, err = writ("report", *args, *([] if "--events" in args or "--" in args else where))
        tap.ok(status == 2 and out == b"" and words in err, "refused: " + name, "%d %r %r" % (status, out[:100], err))
    status, out, _ = writ("report", "--help")
    tap.ok(status == 0 and all(o in out for o in (b"--session", b"--since", b"--until", b"--events", b"--iolog-dir")), "--help")
    main, slave = os.openpty()
    done = subprocess.run([WRIT, "report", "--since", "2000-01-01", *where], stdout=slave, stderr=subprocess.PIPE, check=False)
    os.close(slave)
    os.close(main)
    tap.ok(done.returncode == 2 and b"> report.html" in done.stderr, "not to a terminal", repr(done))
    with open("/dev/full", "wb") as full:
        done = subprocess.run([WRIT, "report", "--since", "2000-01-01", *where], stdout=full, stderr=subprocess.PIPE, check=False)
    tap.ok(done.returncode == 2 and done.stderr, "a full disk", repr(done))


for part in (the_page, selection, recordings, bounds, usage):
    part()
sys.exit(tap.done())
