# SPDX-License-Identifier: ISC
"""The page of `writ report` in Chromium: whatever stands in events, file names and outputs is shown
and never run; rows, counts, filters and the playback say what the trail says."""

import json
import os
import sys

from chromium import Browser
from command import folder, tap, writ
from report_trail import Trail

# Each would set window.hacked, ask, load something, or end the element that it stands in.
HOSTILE = [
    "<script>hacked = 1</script>", "</script><script>hacked = 2</script>", "</SCRIPT ><img src=x onerror=hacked=3>",
    "<img src=//192.0.2.1/x onerror=hacked=4>", "<svg onload=hacked=5>", "<!--", "--><script>hacked=6</script>", "<!--<script>",
    "]]>", "<![CDATA[", "javascript:hacked=7", "\"><a href='javascript:hacked=8'>x</a>", "' onmouseover='hacked=9", "${hacked=10}",
    "{{constructor.constructor('hacked=11')()}}", "`;hacked=12;`", "\\u003cscript\\u003ehacked=13\\u003c/script\\u003e",
    "&lt;script&gt;hacked=14&lt;/script&gt;", "\u2028hacked=15\u2029", "__proto__", "constructor", "\"}];hacked=16;//",
    "<base href=//192.0.2.1/>", "<meta http-equiv=refresh content='0;url=//192.0.2.1/'>", "<link rel=stylesheet href=//192.0.2.1/>",
    "<style>@import '//192.0.2.1/';*{display:none}</style>", "<iframe srcdoc='<script>parent.hacked=17</script>'>",
    "<form action=//192.0.2.1/><button>", "<template>", "</body></html>", "<plaintext>", "%3Cscript%3E", "file:///etc/passwd",
    "\x1b]8;;javascript:hacked=18\x1b\\link\x1b]8;;\x1b\\", "\u202egnp.exe", "a\u200bb", "x" * 3000, "\t\r\n", " ", "",
]

OUTPUTS = [
    b"<script>hacked=20</script><img src=x onerror=hacked=21>",
    b"\x1b]8;;https://192.0.2.1/\x1b\\click\x1b]8;;\x1b\\\x1b]0;</title><script>hacked=22</script>\x07",
    b"\x1bP+q544e\x1b\\\x1b_<script>hacked=23</script>\x1b\\\x1b^x\x1b\\\x1b]52;c;aGk=\x07\x1b]1337;File=inline=1:AAAA\x07",
    b"\x1b[999999999;999999999H\x1b[2147483647b\x1b[8;99999;99999t\x1b[6n\x1b[c", b"\xff\xfe\xc3(\xed\xa0\x80\xf4\x90\x80\x80",
    bytes(range(256)) * 4, b"x" * 5000, b"\xe2\x80\xae" + b"rtl" * 10, b"\x1b[38;2;999;999;999m\x1b[48;5;99999m\x1b[:;:;m",
    "</script><script>hacked=24</script>".encode("utf-16"), b"\x1b]" + b"A" * 200000, b"\x1b[" + b"9" * 100000 + b"m",
]


def report(trail, *args):
    """The page of writ report, in a file; its exit status and its path."""
    trail.write()
    status, out, err = writ("report", *args, "--events", trail.events, "--iolog-dir", trail.iologs)
    path = trail.folder + "/page.html"
    with open(path, "wb") as f:
        f.write(out)
    if err:
        tap.diag(err.decode(errors="replace"))
    return status, path


def new_trail(name, **more):
    return Trail(os.path.join(folder, name), **more)


def quiet(page, name):
    """Nothing ran, asked, loaded, navigated or was stopped in the attempt."""
    tap.equal([page.eval("typeof window.hacked"), page.eval("location.href"), page.dialogs, page.requests, page.violations,
               page.errors, page.eval("document.querySelector('#broken')?.textContent || ''")],
              ["undefined", page.url, [], [], [], [], ""], name)


def open_all(page):
    page.eval("""(async () => {
        for (const d of document.querySelectorAll('details'))
            d.open = true;
        await new Promise((r) => setTimeout(r, 0));
        for (const d of document.querySelectorAll('.opened details'))
            d.open = true;
        for (const box of document.querySelectorAll('.switch input'))
            box.click();
        await drawn();
    })()""")


# Waits until every player has drawn all that it is to draw.
DRAWN = """window.drawn = async () => {
    while ([...document.querySelectorAll('.player')].some((p) => p.dataset.drawn === ''))
        await new Promise((r) => setTimeout(r, 5));
}; 0"""


def hostile_events(browser):
    trail = new_trail("hostile")
    for text in HOSTILE:
        trail.session = text or "s"
        trail.host = text
        trail.session_open(key={"type": text, "fingerprint": text, "key_id": text, "serial": text}, by={"user": text, "uid": 0},
                           **{"from": text})
        done = trail.decision([text, text], allow=len(text) % 2 == 0, rule=text, reason=text, hint=text, command=text, program=text,
                              nearest={"rule": text, "failed": text}, cwd=text, tty=text, runas=text, plugin=text,
                              claims={"WRIT_TASK": text, text: text}, policy={"path": text, "sha256": text},
                              code=text, parent=text, user=text)
        trail.exit(done, status=None, error=text)
        trail.event("reject", plugin=text, plugin_type=text, program=text, argv=[text], runas=text, runas_group=text,
                    reason=text, cwd=text, runcwd=text, tty=text, claims={}, iolog_path=None)
        trail.event(text or "x", **{text: text})
        trail.raw(text.encode() + b"\n")
    trail.decision(["many"] * 5000, argv_bytes=99999, argv_sha256="0" * 64)
    # Members of other types than writ would write.
    for odd in (0, -1e300, True, [], {}, [["<b>"]], {"a": {"b": "<script>hacked=30</script>"}}, None):
        trail.event("decision", decision=odd, code=odd, rule=odd, command=odd, program=odd, argv=odd, argv_raw=odd, argv_bytes=odd,
                    runas=odd, reason=odd, hint=odd, nearest=odd, policy=odd, cwd=odd, claims=odd, iolog=odd, parent=odd, pins=odd)
        trail.event("exit", decision_id=odd, status=odd, signal=odd, error=odd, seconds=odd)
        trail.event("session-open", key=odd, by=odd, opened=odd, tty=odd, service=odd)
        trail.event("session-close", closed=odd, seconds=odd)
    status, path = report(trail, "--since", "2000-01-01")
    tap.equal(status, 0, "a page is made of a hostile trail")
    page = browser.open(path)
    page.eval(DRAWN)
    open_all(page)
    quiet(page, "hostile events: all is opened, nothing has run or was loaded")
    tap.equal(page.eval("document.querySelectorAll('#content script, #content img, #content iframe, #content style, #content link,"
                        "#content form, #content base, #content meta, #content template, #content plaintext').length"), 0,
              "no element is made of data")
    tap.equal(page.eval("[...document.querySelectorAll('#content *')].flatMap((e) => [...e.attributes]).filter((a) =>"
                        "/^on|^(src|srcdoc|action|style)$/.test(a.name) && !(a.name === 'style' && a.ownerElement.closest('.player'))"
                        "|| a.name === 'href' && !/^#r\\d+$/.test(a.value)).map((a) => a.name + '=' + a.value)"), [],
              "no attribute runs or leads anywhere")
    words = page.eval("[...document.querySelectorAll('.argv')].map((l) => l.querySelector('.word').textContent)")
    tap.ok(all(text.replace("\u2028", "U+2028").replace("\u2029", "U+2029").replace("\x1b", "\\x1b").replace("\u202e", "U+202E")
               .replace("\u200b", "U+200B").replace("\t\r\n", "\\t\\r\\n\n") in words for text in HOSTILE if text),
           "and all of it can be read", "\n".join(map(ascii, words)))
    page.call("Page.printToPDF")
    quiet(page, "printed, likewise")


def hostile_outputs(browser):
    trail = new_trail("outputs")
    for i, output in enumerate(OUTPUTS):
        for size in ((24, 80), (4294967295, 4294967295)):
            tsid = trail.iolog("ai-worker/%d-%d" % (i, size[0]), [(0.1, "ttyout", output), (0.1, "winsize", size), (0.1, "ttyout", output),
                               (0.1, "ttyin", output), (0.1, "stdout", output), (0.1, "stderr", output), (0.1, "suspend", "TSTP")],
                               lines=size[0], columns=size[1], ttyname="<script>hacked=40</script>")
            trail.decision(["x"], iolog=tsid)
    for tsid in ("<script>hacked=41</script>", "../../../etc", "a b", "-x", "\"><img src=x onerror=hacked=42>"):
        trail.decision(["x"], iolog=trail.iolog(tsid, [(0, "ttyout", b"x")]) if tsid[0] != "." else tsid)
    status, path = report(trail, "--session", trail.session)
    tap.equal(status, 0, "a page is made of hostile outputs")
    page = browser.open(path)
    page.eval(DRAWN)
    open_all(page)
    quiet(page, "hostile outputs: all is opened and drawn, nothing has run or was loaded")
    tap.equal(page.eval("document.querySelectorAll('.player').length"), 2 * len(OUTPUTS) + 4, "every recording has a player")
    tap.ok(page.eval("Math.max(...[...document.querySelectorAll('.t-line')].map((l) => l.textContent.length))") <= 500,
           "a line has at most 500 columns, whatever the log says")
    page.eval("(async () => { for (const p of document.querySelectorAll('.player')) { const r = p.querySelector('[type=range]');"
              "for (const at of [0, r.max / 2, r.max]) { r.value = at; r.dispatchEvent(new Event('input')); } } await drawn(); })()")
    quiet(page, "played back and forth, likewise")


def slow_output(browser):
    """What a terminal would need minutes for holds up neither the page nor its other parts."""
    trail = new_trail("slow")
    for name, output in (("erase", b"\x1b[2J" * 250000), ("lines", b"\n" * 1000000), ("insert", b"\x1b[L" * 300000)):
        trail.decision(["slow", name], iolog=trail.iolog(name, [(0, "winsize", (200, 500)), (0, "ttyout", output)], lines=200, columns=500))
    _, path = report(trail, "--session", trail.session)
    page = browser.open(path)
    got = page.eval("""(async () => {
        const rows = document.querySelectorAll('.row.allow');
        for (const row of rows)
            row.open = true;
        let turns = 0;
        while (document.querySelectorAll('.player').length < 3 || turns < 3) {
            await new Promise((r) => setTimeout(r, 0));
            turns++;
        }
        const unfinished = [...document.querySelectorAll('.player')].filter((p) => p.dataset.drawn === '').length;
        document.querySelector('#filter-text').value = 'insert';
        document.querySelector('#filter-text').dispatchEvent(new Event('input'));
        return [unfinished > 0, document.querySelectorAll('#rows > li').length];
    })()""")
    tap.equal(got, [True, 1], "while much is still to be drawn, the page answers")


def table(rows):
    return ["%s %d %d 0" % (name, allow, deny) for name, (allow, deny) in
            sorted(rows.items(), key=lambda row: (-sum(row[1]), row[0]))]


def timeline(browser):
    """Rows, joins and counts are those of the events."""
    trail = new_trail("rows")
    trail.session_open()
    want, rules, bad, open_ends = [], {}, 1, 1  # the shell below ends by a signal, its child not at all
    for i in range(30):
        allow, rule = i % 3 != 0, "rule%d" % (i % 4) if i % 5 else None
        done = trail.decision(["docker", "restart", "c%d" % i, "a b", "x\ny"], allow=allow, rule=rule,
                              reason="reason %d" % i, user="ai-worker")
        want.append([done, "✓ allowed" if allow else "✗ refused"])
        rules.setdefault(rule or "(no rule: no-rule)", [0, 0])[0 if allow else 1] += 1
        if allow and i % 4:
            trail.exit(done, status=i % 2, seconds=i / 10)
            bad += i % 2
        elif allow:
            open_ends += 1
    rules["(no rule: sudoers_policy)"] = [1, 0]
    rules["shell"] = [2, 0]
    other = trail.event("accept", plugin="sudoers_policy", plugin_type="policy", program="/usr/bin/id", argv=["id"], runas="root",
                        runas_group=None, reason=None, cwd="/", runcwd="/", tty=None, claims={}, iolog_path=None)
    want.append([other, "✓ allowed"])
    parent = trail.decision(["sh"], rule="shell")
    child = trail.decision(["ls"], rule="shell", parent=parent)
    want += [[parent, "✓ allowed"], [child, "✓ allowed"]]
    trail.exit(parent, status=None, signal=9)
    trail.raw(b'{"time":"2026-11-21T22:5')
    trail.raw(b"\n\xff\xfe not json\n")
    trail.session_close()
    trail.session = "20260101T000000Z-00000000"
    trail.decision(["not", "asked", "for"])
    trail.write()
    status, path = report(trail, "--session", "20261121T224009Z-4f2a9c1d")
    tap.equal(status, 0, "a session's page")
    page = browser.open(path)
    rows = page.eval("[...document.querySelectorAll('#rows .row:not(.note)')].map((r) =>"
                     "[r.dataset.id, r.querySelector('.mark').textContent])")
    tap.equal(rows, want, "a row for every request, in order, with its decision")
    tap.equal(page.eval("[...document.querySelectorAll('#rows .note .what')].map((n) => n.textContent.split(' ').slice(0, 2).join(' '))"),
              ["session opened", "session closed"], "and for the session's beginning and end")
    tap.equal(page.eval("[...document.querySelectorAll('.tile')].map((t) => t.textContent)"),
              ["33requests", "23allowed", "10refused", "%dended with an error" % bad, "%dwithout a recorded end" % open_ends,
               "0recordings"], "the numbers")
    tap.equal(page.eval("[...document.querySelectorAll('.chart')].map((c) => [c.querySelector('figcaption').textContent,"
                        "[...c.querySelectorAll('tbody tr')].map((r) => [...r.children].map((d) => d.textContent).join(' '))])"
                        ".filter(([name]) => !name.includes('over time'))"),
              [["Requests by rule", table(rules)], ["Requests by decision", ["allowed 23 0 0", "refused 0 10 0"]],
               ["Refusals by code", ["rule 0 8 0", "no-rule 0 2 0"]]],
              "the counts as tables")
    tap.equal(page.eval("[...document.querySelectorAll('.chart svg')].map((s) => s.getAttribute('role') + ' ' +"
                        "(s.querySelectorAll('rect').length > 0) + ' ' + (s.getAttribute('aria-label').length > 20))"),
              ["img true true"] * 4, "and as pictures with a text")
    total = page.eval("[...document.querySelector('.chart').querySelectorAll('tbody td')].reduce((n, d) => n + Number(d.textContent), 0)")
    tap.equal(total, 33, "over time: all of them")
    tap.equal(page.eval("[...document.querySelectorAll('#note-list .lines > li')].length"), 2, "lines that are no events are listed")
    tap.ok("\\xff\\xfe not json" in page.eval("document.querySelector('#notes').textContent"), "with what stands there")
    facts = page.eval("document.querySelector('.session').textContent")
    tap.ok(all(t in facts for t in ("ai-worker", "10.0.0.7", "SHA256:uR8gk3lkPjY9N6uK0Vg3fYk5m0sI2u8nTq3v0cQ1xZk", "sshd",
                                    "after 1 min 2 s", "2026-11-21 22:40:09.123")), "the session's card", facts)
    details(page)
    filters(page, bad)
    quiet(page, "no error on the way")


def details(page):
    got = page.eval("""(async () => {
        const row = document.querySelectorAll('#rows .row')[2];
        row.open = true;
        await new Promise((r) => setTimeout(r, 0));
        await new Promise((r) => setTimeout(r, 0));
        const facts = {};
        for (const dt of row.querySelectorAll('.facts > dt'))
            facts[dt.textContent] = dt.nextElementSibling.textContent;
        facts.words = [...row.querySelectorAll('.word')].map((w) => w.textContent);
        return facts;
    })()""")
    tap.equal(got["words"], ["docker", "restart", "c1", "a b", "x\\n\ny"], "every argument by itself")
    tap.equal([got["Reason"], got["Rule"], got["Run as"], got["Folder"]], ["reason 1", "rule1", "root", "/home/ai-worker"],
              "a request's facts")
    tap.ok(got["Ended"].startswith("status 1 after 100 ms"), "how it ended", got["Ended"])
    tap.ok(got["Event"].endswith("/events.jsonl:3"), "and where it stands", got["Event"])


def filters(page, bad):
    def count(**values):
        return page.eval("(() => { for (const [id, v] of Object.entries(%s)) { const n = document.getElementById('filter-' + id);"
                         "n.value = v; n.dispatchEvent(new Event(n.type === 'search' ? 'input' : 'change')); }"
                         "return document.querySelectorAll('#rows > li').length; })()"
                         % json.dumps({"text": "", "outcome": "", "rule": "", **values}))
    tap.equal([count(), count(text="c17"), count(text="C29"), count(text="reason rule2"), count(text="nothing like it"),
               count(outcome="allow"), count(outcome="deny"), count(outcome="bad"), count(rule="0"), count(rule="0", outcome="deny")],
              [35, 1, 1, 6, 0, 23, 10, bad, 6, 2], "filters")
    count()
    page.eval("document.querySelector('#rows summary').focus()")
    page.key("Enter", "Enter", 13, "\r")
    tap.ok(page.eval("document.querySelector('#rows details').open"), "a row opens by the keyboard")
    tap.equal(page.eval("(() => { const n = () => document.querySelectorAll('#rows .row[open]').length, b ="
                        "document.querySelector('#open-all'); b.click(); const all = n(); b.click(); return [all, n()]; })()"),
              [35, 0], "all rows open and close at once")


def playback(browser):
    trail = new_trail("playback")
    records = [(0.5, "ttyout", b"first\r\n"), (1.0, "ttyin", b"q"), (0.25, "ttyout", b"\xe4\xbd"), (0.25, "ttyout", b"\xa0\xe5\xa5\xbd\r\n"),
               (10.0, "winsize", (30, 100)), (1.0, "ttyout", b"\x1b[2J\x1b[H\x1b[31mlast\x1b[0m")]
    trail.decision(["tty"], iolog=trail.iolog("tty", records, pack=True))
    trail.decision(["pipe"], iolog=trail.iolog("pipe", [(0.1, "stdout", b"a\nb\n"), (0.1, "stderr", b"c\n"), (0, "stdin", b"in\n")],
                                               lines=0, columns=0, complete=False))
    big = b"".join(b"%07d\n" % i for i in range(200000))
    trail.decision(["big"], iolog=trail.iolog("big", [(0.001, "stdout", big[at:at + 4096]) for at in range(0, len(big), 4096)]))
    trail.decision(["lost"], iolog="not/there")
    os.makedirs(os.path.join(trail.iologs, "torn"))
    with open(os.path.join(trail.iologs, "torn", "timing"), "wb") as f:
        f.write(b"4 0.1 5\nnonsense\n4 0.1 99")
    with open(os.path.join(trail.iologs, "torn", "ttyout"), "wb") as f:
        f.write(b"hello world")
    trail.decision(["torn"], iolog="torn")
    _, path = report(trail, "--session", trail.session)
    page = browser.open(path)
    page.eval(DRAWN)
    open_all(page)

    def row(name, expression):
        return page.eval("(async () => { const row = [...document.querySelectorAll('.row')].find((r) =>"
                         "r.querySelector('.what').textContent === %s); const range = row.querySelector('[type=range]');"
                         "const screen = () => [...row.querySelectorAll('.t-front .t-line')].map((l) => l.textContent.trimEnd())"
                         ".join('\\n').trimEnd();"
                         "const at = async (ms) => { range.value = ms; range.dispatchEvent(new Event('input')); await drawn();"
                         "return screen(); }; return %s; })()" % (json.dumps(name), expression))
    tap.equal(row("tty", "screen()"), "last", "the final screen stands there first")
    tap.equal(row("tty", "[await at(0), await at(499), await at(500), await at(1999), await at(2000), await at(11999), await at(13000)]"),
              ["", "", "first", "first", "first\n你好", "first\n你好", "last"], "the screen at any time, also backwards")
    tap.equal(row("tty", "(await at(2000), row.querySelectorAll('.t-front .t-line').length)"), 24, "of the size of then")
    tap.equal(row("tty", "(await at(13000), row.querySelectorAll('.t-front .t-line').length)"), 30, "as it changed")
    tap.equal(row("tty", "row.querySelector('.clock').textContent"), "0:13.000 / 0:13.000", "the clock")
    tap.equal(row("tty", "[row.querySelector('.typed').textContent, (await at(1000), row.querySelector('.typed').textContent)]"), ["q", ""],
              "what was typed, on wish")
    idle = ("(async () => { const s = row.querySelectorAll('select')[1]; s.value = '1000'; s.dispatchEvent(new Event('change'));"
            "await drawn(); return [range.max, await at(2000), await at(2999), await at(4000), row.querySelector('.clock').textContent]; })()")
    tap.equal(row("tty", "await " + idle), ["4000", "first\n你好", "first\n你好", "last", "0:13.000 / 0:13.000"],
              "waits can be cut, the clock keeps the recorded time")
    played = ("await (async () => { row.querySelectorAll('select')[1].value = '200'; row.querySelectorAll('select')[1]"
              ".dispatchEvent(new Event('change')); row.querySelectorAll('select')[0].value = '16';"
              "row.querySelectorAll('select')[0].dispatchEvent(new Event('change')); const seen = new Set(); await at(0);"
              "row.querySelector('.controls button').click(); while (row.querySelector('.player').dataset.state === 'playing')"
              "{ seen.add(screen()); await new Promise(requestAnimationFrame); } seen.add(screen());"
              "return [[...seen].at(-1), [...seen].length > 1, row.querySelector('.controls button').textContent]; })()")
    tap.equal(row("tty", played), ["last", True, "▶ Play"], "it plays to its end")
    keys = ("await (async () => { const box = row.querySelector('.terminal'); const key = async (k) => { box.dispatchEvent("
            "new KeyboardEvent('keydown', {key: k, bubbles: true, cancelable: true})); await drawn(); return screen(); };"
            "return [await key('Home'), await key('.'), await key('End'), await key('ArrowLeft'), await key('Home'), await key(','),"
            "(await key(' '), row.querySelector('.player').dataset.state), (await key('k'), row.querySelector('.player').dataset.state)]; })()")
    tap.equal(row("tty", keys), ["", "first", "last", "first\n你好", "", "", "playing", "paused"], "by the keyboard")
    tap.equal(row("pipe", "screen()"), "a\nb\nc", "a command without a terminal: line feeds begin lines")
    tap.ok("not closed" in row("pipe", "row.textContent"), "that a log is still open is said")
    tap.ok("no I/O log not/there below" in row("lost", "row.textContent"), "that a recording is lost is said")
    tap.equal(row("torn", "screen()"), "hello world", "a torn log is shown as far as it goes")
    tap.ok("timing:2" in row("torn", "row.textContent"), "with what is wrong", row("torn", "row.textContent"))
    text = row("big", "row.textContent")
    tap.ok("only the first 1,048,576 of 1,600,000 bytes are in this page" in text and "writ replay big" in text,
           "that a recording was cut is said, with where the rest is")
    tap.equal(row("big", "screen().split('\\n').at(-1)"), "0131071", "its screen is that of what is here")
    tap.equal(row("big", "[...row.querySelectorAll('.raw li')].length"), 256, "and its records are listed")
    quiet(page, "no error on the way")


def looks(browser):
    """What can be asked of the page's form without eyes."""
    trail = new_trail("looks")
    trail.session_open()
    trail.exit(trail.decision(["docker", "ps"], iolog=trail.iolog("x", [(0.1, "ttyout", b"x")])))
    trail.decision(["rm"], allow=False, reason="no")
    _, path = report(trail, "--session", trail.session)
    colours = []
    for dark in (False, True):
        page = browser.open(path, width=1300 if dark else 400, dark=dark)
        page.eval(DRAWN)
        open_all(page)
        colours.append(page.eval("getComputedStyle(document.body).backgroundColor"))
        tap.ok(page.eval("document.querySelector('.chart').offsetWidth > document.querySelector('#charts').offsetWidth * 0.8"),
               "the time line is as wide as there is room")
        tap.ok(page.eval("document.documentElement.scrollWidth <= innerWidth"), "no sideways scrolling, %s" % (1300 if dark else 400))
        tap.equal(page.eval("""(() => {
            const shade = (c) => c.match(/[\\d.]+/g).slice(0, 3).map((v) => v / 255).map((v) => v <= 0.03928 ? v / 12.92 :
                ((v + 0.055) / 1.055) ** 2.4).reduce((n, v, i) => n + v * [0.2126, 0.7152, 0.0722][i], 0);
            const back = (e) => { for (; e; e = e.parentElement) { const c = getComputedStyle(e).backgroundColor;
                if (!c.endsWith(', 0)')) return c; } return 'rgb(255,255,255)'; };
            const low = new Set();
            for (const e of document.querySelectorAll('#content *')) {
                if (![...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim()) || e.closest('svg,.player,option') || !e.checkVisibility())
                    continue;
                const [a, b] = [shade(getComputedStyle(e).color), shade(back(e))].sort((x, y) => y - x);
                if ((a + 0.05) / (b + 0.05) < 4.5)
                    low.add(e.className + ' ' + e.textContent.slice(0, 20) + ' ' + getComputedStyle(e).color + ' ' + back(e));
            }
            return [...low];
        })()"""), [], "text is told from its background, %s" % ("dark" if dark else "light"))
        tap.equal(page.eval("[...document.querySelectorAll('button, select, input, summary, [tabindex=\"0\"]')].filter((e) =>"
                            "!(e.getAttribute('aria-label') || e.textContent.trim() || e.labels?.length)).map((e) => e.outerHTML)"), [],
                  "every control has a name")
        page.eval("(() => { const t = document.querySelector('#theme'); t.value = '%s'; t.dispatchEvent(new Event('change')); })()"
                  % ("light" if dark else "dark"))
        colours.append(page.eval("getComputedStyle(document.body).backgroundColor"))
    tap.equal([colours[0] == colours[3], colours[1] == colours[2], colours[0] != colours[1]], [True] * 3, "light and dark, by system or by choice")
    tap.ok(page.pdf().startswith(b"%PDF"), "it can be printed")
    with open(path, "rb") as f:
        whole = f.read()
    cut = path + ".cut.html"
    with open(cut, "wb") as f:
        f.write(whole[:len(whole) // 2])
    tap.ok(browser.open(cut).eval("document.querySelector('#broken').checkVisibility()"), "a page that is cut off says so")


with Browser() as chromium:
    for part in (hostile_events, hostile_outputs, slow_output, timeline, playback, looks):
        part(chromium)
sys.exit(tap.done())
