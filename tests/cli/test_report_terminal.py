# SPDX-License-Identifier: ISC
"""The terminal of `writ report`, in Chromium: what it shows after an output, by hand-made cases and
by comparison with tmux; and that no output keeps it busy without end or makes it grow."""

import json
import os
import random
import shutil
import subprocess
import sys
import tempfile

from chromium import Browser
from command import tap

SOURCES = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "trail", "report")
SCRIPTS = ("dom.js", "text.js", "screen.js", "terminal.js", "paint.js", "recording.js")
ESC = "\x1b"

# name, output (a list: in several pieces), lines of the screen; columns and lines are 10 x 4.
CASES = (
    ("text", "abc", ["abc"]),
    ("a new line begins where the cursor is", "ab\ncd", ["ab", "  cd"]),
    ("carriage return", "abc\rX", ["Xbc"]),
    ("backspace stops at the margin", "a\b\b\bX", ["X"]),
    ("tabs", "a\tb", ["a       b"]),
    ("a tab stops in the last column", "a\t\t\tb", ["a        b"]),
    ("wrapping waits for the next character", "0123456789\r\nx", ["0123456789", "x"]),
    ("wrapping", "0123456789ab", ["0123456789", "ab"]),
    ("no wrapping", ESC + "[?7l0123456789ab", ["012345678b"]),
    ("scrolling", "a\r\nb\r\nc\r\nd\r\ne", ["b", "c", "d", "e"]),
    ("cursor position", ESC + "[2;3Hx" + ESC + "[Hy", ["y", "  x"]),
    ("numbers past the screen", ESC + "[999999999;999999999Hx", ["", "", "", "         x"]),
    ("cursor moves", ESC + "[2;2H" + ESC + "[Aa" + ESC + "[Bb" + ESC + "[3Dc" + ESC + "[5Cd",
     [" a", "c b   d"]),
    ("erase to the end of the line", "abcdef" + ESC + "[3G" + ESC + "[K", ["ab"]),
    ("erase the line's beginning", "abcdef" + ESC + "[3G" + ESC + "[1K", ["   def"]),
    ("erase the line", "abc\r\ndef" + ESC + "[2Kx", ["abc", "   x"]),
    ("erase below", "a\r\nb\r\nc" + ESC + "[2;1H" + ESC + "[J", ["a"]),
    ("erase above", "a\r\nb\r\nc" + ESC + "[2;1H" + ESC + "[1J", ["", "", "c"]),
    ("erase all", "a\r\nb" + ESC + "[2Jx", ["", " x"]),
    ("an unknown erase is none", "abc" + ESC + "[9J" + ESC + "[9K", ["abc"]),
    ("insert and delete characters", "abcdef" + ESC + "[2G" + ESC + "[2@" + ESC + "[5G" + ESC + "[P",
     ["a  bdef"]),
    ("erase characters", "abcdef" + ESC + "[2G" + ESC + "[3X", ["a   ef"]),
    ("insert mode", "abc\r" + ESC + "[4hX" + ESC + "[4lY", ["XYbc"]),
    ("insert and delete lines", "a\r\nb\r\nc" + ESC + "[2H" + ESC + "[Lx" + ESC + "[H" + ESC + "[M",
     ["x", "b", "c"]),
    ("margins", "a\r\nb\r\nc\r\nd" + ESC + "[2;3r" + ESC + "[3H\n\nx", ["a", "", "x", "d"]),
    ("reverse index scrolls down", "a\r\nb" + ESC + "[H" + ESC + "Mx", ["x", "a", "b"]),
    ("scroll up and down", "a\r\nb\r\nc" + ESC + "[2S" + ESC + "[Tx", ["", "c", " x"]),
    ("save and restore", "ab" + ESC + "7" + ESC + "[4;4Hx" + ESC + "8c", ["abc", "", "", "   x"]),
    ("the alternate screen and back", "abc" + ESC + "[?1049hxyz" + ESC + "[?1049ld", ["abcd"]),
    ("the alternate screen", "abc" + ESC + "[?1049h" + ESC + "[Hxyz", ["xyz"]),
    ("line drawing", ESC + "(0lqk" + ESC + "(Bq", ["┌─┐q"]),
    ("repeat", "a" + ESC + "[4b", ["aaaaa"]),
    ("wide characters", "你好\bx", ["你 x"]),
    ("a wide character does not fit the last column", "012345678你", ["012345678", "你"]),
    ("half a wide character goes", "你好" + ESC + "[2Gx", [" x好"]),
    ("marks join", "e\u0301x", ["e\u0301x"]),
    ("many marks do not", "e" + "\u0301" * 100 + "x", ["e" + "\u0301" * 5 + "x"]),
    ("a mark without a letter", "\u0301x", ["x"]),
    ("bidirectional controls and zero widths are not drawn", "a\u202eb\u200bc\ufeffd\u2066e", ["abcde"]),
    ("colours change nothing but colours", ESC + "[1;31;48;5;22;38;2;1;2;3;4:3mab" + ESC + "[0mc", ["abc"]),
    ("titles, ended by BEL and by ST", ESC + "]0;title\x07a" + ESC + "]2;x" + ESC + "\\b", ["ab"]),
    ("a link is its text", ESC + "]8;;https://example.com/" + ESC + "\\here" + ESC + "]8;;" + ESC + "\\", ["here"]),
    ("clipboard, palette, notes", ESC + "]52;c;aGVsbG8=\x07" + ESC + "]4;1;rgb:00/00/00\x07" + ESC + "]9;hi\x07x", ["x"]),
    ("device control strings, privacy messages", ESC + "P+q544e" + ESC + "\\a" + ESC + "^x" + ESC + "\\" + ESC + "_Gx" + ESC + "\\"
     + ESC + "Xy" + ESC + "\\b", ["ab"]),
    ("sixels are no text", ESC + "Pq#0;2;0;0;0~~@@vv" + ESC + "\\a", ["a"]),
    ("a string without an end hides the rest, CAN ends it", ESC + "]0;abc\x18d", ["d"]),
    ("questions are not answered", "a" + ESC + "[6n" + ESC + "[c" + ESC + "[>c" + ESC + "Z" + ESC + "[21tb", ["ab"]),
    ("unknown sequences do nothing", ESC + "[99z" + ESC + "[?9999h" + ESC + "[<1;2M" + ESC + "#3" + ESC + "%Ga", ["a"]),
    ("a sequence in pieces", ["a" + ESC, "[", "2", "Cb"], ["a  b"]),
    ("control characters inside a sequence", "abc" + ESC + "[\r2Cx", ["abx"]),
    ("CAN ends a sequence", ESC + "[3\x18a", ["a"]),
    ("ESC begins anew", ESC + "[3" + ESC + "[2Ca", ["  a"]),
    ("markup is text", "<b>&amp;", ["<b>&amp;"]),
    ("full reset", "abc" + ESC + "[?7l" + ESC + "cx", ["x"]),
    ("screen of E", ESC + "#8", ["E" * 10] * 4),
    ("origin mode", ESC + "[2;3r" + ESC + "[?6h" + ESC + "[1;1Hx", ["", "x"]),
    ("C1 characters are not drawn", "a\x9b2Jb\x85c", ["a2Jbc"]),
)


def js(value):
    return json.dumps(value)


def load(page):
    names = "Screen, Terminal, Painter, Recording, visible, pieces, el, plainStyle, shellQuote, lineNodes"
    text = ""
    for name in SCRIPTS:
        with open(os.path.join(SOURCES, name), encoding="utf-8") as f:
            text += f.read() + "\n"
    page.eval("window.T = (() => {%s\nreturn {%s}; })(); 0" % (text, names))


def shown(page, output, columns=10, lines=4, convert=False):
    pieces = [output] if isinstance(output, str) else output
    return page.eval("(() => { const t = new T.Terminal(%d, %d); for (const s of %s) t.write(s, %s);"
                     " return t.screen.rows.map(String); })()" % (columns, lines, js(pieces), js(convert)))


def hand_made(page):
    for name, output, want in CASES:
        got = shown(page, output)
        tap.equal(got, want + [""] * (4 - len(want)), name)
    tap.equal(shown(page, "a\nb", convert=True)[:2], ["a", "b"], "of a pipe, a line feed begins a line")


def bounded(page):
    """Each of these would take hours or gigabytes if the numbers were believed."""
    for name, output in (("repeat", "a" + ESC + "[2147483647b"), ("insert lines", ESC + "[2147483647L"),
                         ("scroll", ESC + "[2147483647S"), ("tabs", ESC + "[2147483647I"),
                         ("delete characters", ESC + "[99999999999999999999P"),
                         ("move", ESC + "[2147483647B" + ESC + "[-5A" + ESC + "[2147483647C"),
                         ("many parameters", ESC + "[" + "1;" * 100000 + "m"),
                         ("a long string", ESC + "]" + "x" * 1000000)):
        got = shown(page, output * 50)
        tap.equal([len(got), max(map(len, got)) <= 10], [4, True], "bounded: " + name)
    for columns, lines in ((4294967295, 4294967295), (0, 0), (-1, -1), (1, 1)):
        size = page.eval("(() => { const s = new T.Screen(%d, %d); s.resize(%d, %d); s.put('x');"
                         "return [s.columns, s.lines]; })()" % (columns, lines, columns, lines))
        tap.ok(2 <= size[0] <= 500 and 1 <= size[1] <= 200, "a screen of %d x %d" % (columns, lines), repr(size))
    kept = page.eval("(() => { const t = new T.Terminal(80, 24); t.write('x\\n'.repeat(50000), true);"
                     "return [t.screen.scrollback.length <= 4000, t.screen.scrollback.length + t.screen.dropped]; })()")
    tap.equal(kept, [True, 50000 - 23], "lines that scroll off are kept within bounds, and counted")
    back = page.eval("(() => { const t = new T.Terminal(10, 2); t.write('secret\\nb\\nc\\x1b[3J\\x1bc', true);"
                     "return t.screen.scrollback.map(String); })()")
    tap.equal(back, ["secret"], "no sequence erases what scrolled off")


def painted(page):
    """What was hidden on the terminal is shown in the page."""
    for name, output in (("concealed", ESC + "[8msecret"), ("in the background's colour", ESC + "[31;41msecret"),
                         ("nearly so", ESC + "[38;2;20;22;27msecret"), ("reversed", ESC + "[7;38;5;16;48;5;16msecret")):
        got = page.eval("(() => { const t = new T.Terminal(20, 2); t.write(%s); const box = document.createElement('div');"
                        "new T.Painter(box).paint(t.screen); const s = box.querySelector('.t-hidden');"
                        "return s && [s.textContent, s.getAttribute('style')]; })()" % js(output))
        tap.equal(got, ["secret", None], "hidden text is shown: " + name)
    got = page.eval("(() => { const t = new T.Terminal(50, 2); t.write(%s); const box = document.createElement('div');"
                    "const p = new T.Painter(box); p.paint(t.screen); t.write('!'); p.paint(t.screen);"
                    "return [box.querySelectorAll('script,img,a,b').length, box.textContent.trim()]; })()"
                    % js("<script>x</script><img onerror=y><b>"))
    tap.equal(got, [0, "<script>x</script><img onerror=y><b>!"], "markup on the terminal is text")


def visible(page):
    def text(value):
        return page.eval("(() => { const n = T.el('p', {}, T.visible(%s));"
                         "return [n.textContent, n.querySelectorAll('.odd').length]; })()" % js(value))
    for value, want in (("plain text", ["plain text", 0]), ("a\nb\tc\r", ["a\\nb\\tc\\r", 3]),
                        ("\x1b[31m\x00\x7f", ["\\x1b[31m\\x00\\x7f", 3]),
                        ("a\u202eb\u2066c\u200bd\ufeffe", ["aU+202EbU+2066cU+200BdU+FEFFe", 4]),
                        ("\u2028\u2029\u0085", ["U+2028U+2029U+0085", 3]),
                        ("\u00a0\u3000\u2003\u2800\u3164\u00ad", ["U+00A0U+3000U+2003U+2800U+3164U+00AD", 6]),
                        ("\U000e0041\ue000\ufffc", ["U+E0041U+E000U+FFFC", 3]),
                        ("é日本語😀", ["é日本語😀", 0]), ("\u0301a", ["U+0301a", 1]),
                        ("<img src=x onerror=alert(1)>", ["<img src=x onerror=alert(1)>", 0])):
        tap.equal(text(value), want, "made visible: " + ascii(value))
    tap.equal(page.eval("[T.shellQuote(''), T.shellQuote('a b'), T.shellQuote(\"it's\"), T.shellQuote('-x=/y')]"),
              ["''", "'a b'", "'it'\\''s'", "-x=/y"], "words as a shell needs them")
    refused = page.eval("['onclick', 'href', 'src', 'style', 'srcdoc', 'xlink:href'].map((name) => {"
                        "try { T.el('a', {[name]: 'javascript:1'}); return 'taken'; } catch (e) { return 'refused'; } })")
    tap.equal(refused, ["refused"] * 6, "attributes that could run or load something are refused")


PANE = r'''
import os, sys, termios, tty
tty.setraw(0)
with open(sys.argv[1], "rb") as f:
    data = f.read()
while data:
    data = data[os.write(1, data):]
os.write(1, b"\x1b[6n")
answer = b""
while not answer.endswith(b"R"):
    answer += os.read(0, 1)
os.system("tmux -S " + sys.argv[2] + " wait-for -S drawn")
sys.stdin.read()
'''


def random_output(r):
    """An output of what common programs send, for a screen of 20 x 6."""
    out = []
    for _ in range(r.randint(5, 60)):
        n = r.randint(1, 8)
        out.append(r.choice((
            lambda: "".join(r.choice("abcdefgh 0123") for _ in range(n)),
            lambda: r.choice("\r\n\b\t"), lambda: "\r\n",
            lambda: ESC + "[%d%s" % (n, r.choice("ABCDEFGd@PXST")),
            # outside the margins tmux inserts and deletes lines all the same, xterm does not
            lambda: ESC + "[r" + ESC + "[%dd" % r.randint(1, 6) + ESC + "[%d%s" % (n, r.choice("LM")),
            lambda: ESC + "[%d;%dH" % (r.randint(1, 7), r.randint(1, 21)),
            lambda: ESC + "[%d%s" % (r.randint(0, 2), r.choice("JK")),
            lambda: ESC + "[%dm" % r.choice((0, 1, 7, 31, 42)),
            lambda: ESC + r.choice(("7", "8", "M", "D", "E")),
            lambda: ESC + "[?7" + r.choice("hl"), lambda: ESC + "[?1049" + r.choice("hl"),
            lambda: ESC + "[%d;%dr" % (r.randint(1, 3), r.randint(4, 6)), lambda: ESC + "[r",
            lambda: ESC + "]0;title\x07"))())
    return "".join(out)


def like_tmux(page):
    """The same final screens as tmux, a terminal that others wrote."""
    seed = int(os.environ.get("WRIT_SEED") or random.randrange(1 << 32))
    if os.environ.get("CI"):
        seed = 1
    tap.diag("seed %d (WRIT_SEED)" % seed)
    r = random.Random(seed)
    folder = tempfile.mkdtemp(prefix="writ-tmux-")
    socket = os.path.join(folder, "s")
    with open(os.path.join(folder, "pane.py"), "w", encoding="utf-8") as f:
        f.write(PANE)
    environment = dict(os.environ, LC_ALL="C.UTF-8", TERM="xterm")
    environment.pop("TMUX", None)

    def tmux(*args):
        return subprocess.run(["timeout", "60", "tmux", "-S", socket, "-f", "/dev/null", *args], env=environment,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=True).stdout.decode()
    same = 0
    wrong = []
    rounds = 100
    try:
        for i in range(rounds):
            output = random_output(r)
            path = os.path.join(folder, "output")
            with open(path, "w", encoding="utf-8", newline="") as f:
                f.write(output)
            tmux("new-session", "-d", "-x", "20", "-y", "6", "-s", "s%d" % i,
                 "exec %s %s/pane.py %s %s" % (sys.executable, folder, path, socket), ";", "set", "-g", "status", "off",
                 ";", "resize-window", "-x", "20", "-y", "6")
            tmux("wait-for", "drawn")
            want = [line.rstrip() for line in tmux("capture-pane", "-p", "-t", "s%d" % i).split("\n")[:6]]
            got = shown(page, output, 20, 6)
            if got == want:
                same += 1
            else:
                wrong.append("output %r\ngot    %r\nwanted %r" % (output, got, want))
            if i:
                tmux("kill-session", "-t", "s%d" % (i - 1))
    finally:
        subprocess.run(["tmux", "-S", socket, "kill-server"], env=environment, stderr=subprocess.DEVNULL, check=False)
        shutil.rmtree(folder, ignore_errors=True)
    tap.ok(same == rounds, "%d random outputs end in the same screen as with tmux" % rounds, "\n".join(wrong[:3]))


with Browser() as browser:
    blank = os.path.join(tempfile.gettempdir(), "writ-blank-%d.html" % os.getpid())
    with open(blank, "w", encoding="utf-8") as f:
        f.write("<!doctype html><title>blank</title>")
    try:
        page = browser.open(blank)
        load(page)
        for part in (hand_made, bounded, painted, visible, like_tmux):
            part(page)
        tap.equal([page.errors, page.dialogs, page.requests], [[], [], []], "no error, no dialog, no request")
    finally:
        os.unlink(blank)
sys.exit(tap.done())
