# SPDX-License-Identifier: ISC
"""Makes the page of `writ report` into C: embed.py OUTPUT page.html page.css SCRIPT...

The scripts become one, in the order given, in a scope of its own; it and the style are named in the
page's Content-Security-Policy by their digests, so that nothing else on the page can run or style.
"""

import base64
import hashlib
import sys


def read(path):
    with open(path, encoding="utf-8") as f:
        return f.read()


def digest(text):
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def c_string(text):
    """One literal a line of the page; octal escapes end by themselves after three digits."""
    plain = set(range(0x20, 0x7f)) - set(b'"\\?')
    return "".join('\t"' + "".join(chr(b) if b in plain else "\\%03o" % b for b in line.encode())
                   + '"\n' for line in text.splitlines(keepends=True))


def page(template, style, scripts):
    style = "\n" + style
    script = '\n"use strict";\n(() => {\n' + "\n".join(scripts) + "})();\n"
    for name, text, end in (("style", style, "</style"), ("script", script, "</script")):
        # A reader of HTML looks for these also inside strings and comments.
        if end in text.lower() or "<!--" in text:
            sys.exit("embed.py: the %s would end early" % name)
    for mark, text in (("@STYLE_HASH@", digest(style)), ("@SCRIPT_HASH@", digest(script)),
                       ("@STYLE@", style), ("@SCRIPT@", script)):
        if template.count(mark) != 1:
            sys.exit("embed.py: page.html must have %s once" % mark)
        template = template.replace(mark, text)
    before, after = template.split("<!-- DATA -->\n")
    return before, after


def main():
    output, html, css, *scripts = sys.argv[1:]
    before, after = page(read(html), read(css), [read(path) for path in scripts])
    with open(output, "w", encoding="ascii") as f:
        f.write("/* Made from trail/report by embed.py. */\n#include \"report_page.h\"\n\n"
                "const char writ_report_page_begin[] =\n%s;\n\n"
                "const char writ_report_page_end[] =\n%s;\n" % (c_string(before), c_string(after)))


main()
