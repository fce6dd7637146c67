# SPDX-License-Identifier: ISC
"""report_session.py PAGE EVENTS SESSION FINGERPRINT: opens the page and prints what is not as it should be."""

import json
import sys

from chromium import Browser

PAGE, EVENTS, SESSION, FINGERPRINT = sys.argv[1:]
failed = []


def equal(got, want, name):
    if got != want:
        failed.append(name)
        print("%s\n  got    %r\n  wanted %r" % (name, got, want))


def main():
    with open(EVENTS, encoding="utf-8") as f:
        events = [json.loads(line) for line in f]
    decisions = [e for e in events if e["event"] == "decision"]
    exits = {e["decision_id"]: e for e in events if e["event"] == "exit"}
    with Browser() as browser:
        page = browser.open(PAGE)
        rows = page.eval("[...document.querySelectorAll('#rows .row:not(.note)')].map((r) => [r.dataset.id,"
                         "r.classList.contains('allow') ? 'allow' : 'deny', r.querySelector('.end').textContent])")
        equal(rows, [[e["id"], e["decision"], "status %d" % exits[e["id"]]["status"] if e["id"] in exits else ""]
                     for e in decisions], "a row for each decision, with its end")
        equal([e["decision"] for e in decisions], ["allow", "allow", "deny", "allow"], "as many as were asked for")
        card = page.eval("[...document.querySelectorAll('.session')].map((s) => s.textContent)")
        equal([len(card), SESSION in card[0], FINGERPRINT in card[0], "127.0.0.1" in card[0]], [1, True, True, True], "the session's card")
        page.eval("(async () => { for (const r of document.querySelectorAll('.row')) r.open = true;"
                  "await new Promise((r) => setTimeout(r, 0)); await new Promise((r) => setTimeout(r, 0));"
                  "while ([...document.querySelectorAll('.player')].some((p) => p.dataset.drawn === ''))"
                  "await new Promise((r) => setTimeout(r, 5)); })()")
        screens = page.eval("[...document.querySelectorAll('.player')].map((p) => [...p.querySelectorAll('.t-line')]"
                            ".map((l) => l.textContent.trimEnd()).join('\\n').trimEnd())")
        drawn = "first 你好\n<script>window.hacked = 1</script>\nlink secret\n"
        equal([screens[0], screens[1].split("\n")[-1]], [drawn + "x", "ollama"], "the screens of the commands")
        equal(sorted(screens[2].split("\n")), sorted((drawn + "piped").split("\n")), "of the one in a pipe")
        equal(page.eval("[document.querySelectorAll('.player')[0].querySelectorAll('.t-front .t-line').length,"
                        "document.querySelectorAll('.player')[0].querySelector('.t-front .t-line').textContent.length]"), [30, 88],
              "the terminal's size (two characters are wide)")
        equal(page.eval("[...document.querySelectorAll('.row.deny .word')].map((w) => w.textContent)"),
              ["docker", "restart", "</script><script>window.hacked = 3</script>", "a\\n\nb", "\\xffU+202E"], "the words of the refusal")
        equal(page.eval("[...document.querySelectorAll('.t-hidden')].map((s) => s.textContent)")[:1], ["secret"], "hidden text is shown")
        equal([page.eval("typeof window.hacked"), page.dialogs, page.requests, page.violations, page.errors],
              ["undefined", [], [], [], []], "nothing ran")
    return 1 if failed else 0


sys.exit(main())
