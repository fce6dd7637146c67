#!/usr/bin/python3
# SPDX-License-Identifier: ISC
"""writ grammar against real programs: what import drafts has no option wrong compared with the
shipped command files, and check finds nothing in these but notices what is taken out. TAP.

    grammar.py --writ WRIT --commands DIR [--alone] [--client DOCKER]…
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))
from gnu_help import LEFT_OUT  # noqa: E402
from tap import Tap  # noqa: E402

GNU = ("cat", "df", "du", "env", "head", "ls", "nice", "stat", "tail", "timeout", "free", "uptime",
       "dmesg", "grep", "journalctl", "systemctl")
COBRA = """#!/bin/sh
case "$*" in
--help) printf '%s\\n' 'Usage:' '  tool [command]' '' 'Available Commands:' '  add   Adds' \\
    '  lost  Has no help' '  plug* A plugin' '' 'Flags:' '  -d, --debug   x' \\
    '      --level string[="1"]   y' ;;
"add --help") printf '%s\\n' 'Usage:' '  tool add [flags] NAME' '' 'Aliases:' '  add, plus' '' 'Flags:' \\
    '      --n int           a' '  -s, --size strings  b' '  -s, --other       c' '      --[no-]x  d' \\
    '  -q                 e' '      --say "a\\b"   f' ;;
*) printf 'Usage:\\n  tool [command]\\n' ;;
esac
"""

# As gh prints it: other headings, bullets, and no word of options before a command's name.
GH = """#!/bin/sh
case "$*" in
--help) printf '%s\\n' 'Does things.' '' 'USAGE' '  gh2 <command> <subcommand> [flags]' '' \\
    'CORE COMMANDS' '  pr:          Manage' '' 'HELP TOPICS' '  actions:     Learn' '' \\
    'FLAGS' '  --help      Show help for command' ;;
"pr --help") printf '%s\\n' 'USAGE' '  gh2 pr <command> [flags]' '' 'GENERAL COMMANDS' \\
    '  list:        List' '' 'FLAGS' '  -R, --repo [HOST/]OWNER/REPO   Select' '' 'ARGUMENTS' \\
    '  An argument:' '  - by number' ;;
"pr list --help") printf '%s\\n' 'USAGE' '  gh2 pr list [flags]' '' 'FLAGS' \\
    '  -L, --limit int         Maximum' '  -w, --web               Open' '' 'INHERITED FLAGS' \\
    '  -R, --repo [HOST/]OWNER/REPO   Select' ;;
*) printf 'USAGE\\n  gh2 <command>\\n' ;;
esac
"""
# The next version of the first one: an option more, one that takes a value now, another letter, a
# command more, one less.
UPGRADE = (("'  -d, --debug   x'", "'  -d, --debug   x' '  -t, --trace   z'"),
           ("'  add   Adds'", "'  add   Adds' '  drop  Drops'"),
           ("'  -s, --size strings  b'", "'  -s, --size          b'"),
           ("'  -q                 e'", "'  -Q                 e'"))


class Writ:
    def __init__(self, args):
        self.writ, self.commands = args.writ, args.commands

    def grammar(self, *args):
        done = subprocess.run([self.writ, "grammar", *args], stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
        return done.returncode, done.stdout.decode(), done.stderr.decode()

    def loads(self, draft):
        """Why writ does not load a draft; nothing if it does."""
        with tempfile.TemporaryDirectory() as folder:
            with open(os.path.join(folder, draft["command"] + ".json"), "w",
                      encoding="utf-8") as f:
                json.dump(draft, f)
            done = subprocess.run([self.writ, "parse", "--commands", folder, "--json", "--",
                                   draft["command"], "--no-such-option-zz"],
                                  stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
        text = done.stdout.decode()
        return "" if done.returncode == 1 and "no-such-option-zz" in text else text


def kind(option):
    return "flag" if "value" not in option else "optional" if option.get("optional") else "value"


def names(options):
    """What can be typed → the kind of its value."""
    found = {}
    for name, option in options.items():
        found["-" * (1 if len(name) == 1 else 2) + name] = kind(option)
        for alias in option.get("aliases", []):
            found["--" + alias] = kind(option)
        if "short" in option:
            found["-" + option["short"]] = kind(option)
    return found


def resolve(root, node):
    while "same_as" in node:
        target = root
        for word in node["same_as"].split():
            target = target["subcommands"][word]
        node = target
    return node


def left_out(name):
    """What a shipped file leaves out on purpose, as it is typed."""
    return {"-" * (1 if len(w) == 1 else 2) + w for w in LEFT_OUT.get(name, "").split()}


def compare(draft, shipped, ours=None, theirs=None, inherited=None, path=""):
    """(number of options compared, what the draft has otherwise than the shipped file)."""
    ours = resolve(draft, draft if ours is None else ours)
    theirs = resolve(shipped, shipped if theirs is None else theirs)
    inherited = dict(inherited or {})
    mine, known = names(ours.get("options", {})), dict(inherited)
    known.update(names(theirs.get("options", {})))
    wrong = ["%s %s: drafted as a %s, is a %s" % (path, n, k, known.get(n, "nothing"))
             for n, k in mine.items()
             if known.get(n) != k and n not in left_out(shipped["command"])]
    inherited.update(names({n: o for n, o in theirs.get("options", {}).items()
                            if not o.get("here")}))
    count = len(mine)
    for word, sub in ours.get("subcommands", {}).items():
        if word not in theirs.get("subcommands", {}):
            wrong.append("%s %s: the shipped file has no such command" % (path, word))
        elif "same_as" not in sub:
            more, others = compare(draft, shipped, sub, theirs["subcommands"][word], inherited,
                                   path + " " + word)
            count, wrong = count + more, wrong + others
    return count, wrong


def has_classes(node):
    return any("class" in o for o in node.get("options", {}).values()) or any(
        has_classes(sub) for sub in node.get("subcommands", {}).values())


def try_program(tap, writ, name, path, minimum):
    file = os.path.join(writ.commands, name + ".json")
    with open(file, encoding="utf-8") as f:
        shipped = json.load(f)
    status, out, err = writ.grammar("import", path)
    try:
        draft = json.loads(out)
    except ValueError:
        tap.ok(False, "%s: import" % path, "status %d: %s%s" % (status, out[:300], err))
        return
    count, wrong = compare(draft, shipped)
    tap.ok(status == 0 and not wrong and count >= minimum,
           "%s: import drafts %d options, none wrong" % (path, count), "\n".join(wrong) + err)
    tap.equal([writ.loads(draft), has_classes(draft)], ["", False],
              "%s: the draft loads and judges nothing" % path)
    tap.ok("operands" not in json.dumps(draft.get("options", {})) and "not drafted" in err,
           "%s: what is not drafted is said" % path, err)
    status, out, err = writ.grammar("check", "--program", path, file)
    lacking = {line.rpartition(" lacks ")[2] for line in out.splitlines() if " lacks -" in line}
    tap.ok(lacking == left_out(name) and status == (1 if lacking else 0)
           and len(lacking) == out.count("\n") - (not lacking),
           "%s: check finds nothing but what is left out on purpose" % path, out + err)
    victim = sorted(n for n in draft["options"] if n in shipped["options"] and len(n) > 1)[0]
    del shipped["options"][victim]
    with tempfile.NamedTemporaryFile("w", suffix=".json") as f:
        json.dump(shipped, f)
        f.flush()
        status, out, err = writ.grammar("check", "--program", path, f.name)
    tap.ok(status == 1 and "lacks --" + victim in out, "%s: check misses --%s" % (path, victim),
           out + err)


def script(folder, name, text):
    path = os.path.join(folder, name)
    with open(path, "w", encoding="utf-8") as f:
        f.write(text)
    os.chmod(path, 0o755)
    return path


def try_upgrade(tap, writ, folder, draft):
    """The day after an upgrade: what the new program has and the file lacks."""
    file, program = os.path.join(folder, "draft.json"), COBRA
    with open(file, "w", encoding="utf-8") as f:
        f.write(draft)
    status, out, err = writ.grammar("check", "--program", os.path.join(folder, "tool"), file)
    same = ["tool add: the file has for another option -s", "tool add: the file lacks --n",
            "tool: the file lacks the command lost"]
    tap.equal([status, sorted(out.splitlines())], [1, same],
              "check against the same program: what could not be drafted")
    for old, new in UPGRADE:
        assert old in program
        program = program.replace(old, new)
    status, out, err = writ.grammar("check", "--program", script(folder, "tool", program), file)
    tap.equal([status, sorted(out.splitlines())],
              [1, sorted(same + ["tool add: takes no value for the program: --size",
                                 "tool add: the file lacks -Q", "tool: the file lacks --trace",
                                 "tool: the file lacks -t",
                                 "tool: the file lacks the command drop"])],
              "check after an upgrade")


def try_scripts(tap, writ):
    with tempfile.TemporaryDirectory() as folder:
        status, out, err = writ.grammar("import", script(folder, "tool", COBRA))
        draft = json.loads(out)
        tap.equal([status, draft["syntax"], draft["options"]],
                  [0, "pflag", {"debug": {"short": "d", "here": True},
                                "level": {"value": "string", "optional": True, "here": True}}],
                  "a cobra program: its own options")
        tap.equal(draft["subcommands"]["add"]["options"],
                  {"size": {"short": "s", "value": "string", "repeat": True}, "other": {}, "q": {},
                   "say": {"value": "string"}}, "a cobra program: a command's options")
        tap.equal([draft["subcommands"]["plus"], sorted(draft["subcommands"])],
                  [{"same_as": "add"}, ["add", "plus"]], "aliases; no plugins, no unknown commands")
        for said in ("tool lost: left out", "tool add: cannot read: --[no-]x", "long option of one "
                     "letter", "its letter is another option's"):
            tap.ok(said in err, "said: " + said, err)
        tap.equal(writ.loads(draft), "", "the draft loads")
        tap.equal(draft.get("traverse"), False, "where options before a command's name are not said "
                  "to be its parent's, they are not")
        try_upgrade(tap, writ, folder, out)
        status, out, err = writ.grammar("import", script(folder, "gh2", GH))
        draft = json.loads(out)
        tap.equal([status, sorted(draft["subcommands"]),
                   draft["subcommands"]["pr"]["subcommands"]["list"]["options"]],
                  [0, ["pr"], {"limit": {"short": "L", "value": "int"}, "web": {"short": "w"},
                               "repo": {"short": "R", "value": "string"}}], "a program as gh")
        tap.ok("by number" not in err, "a list of arguments holds no options", err)
        for name, text, said in (("loud", "#!/bin/sh\nexec yes\n", "more than"),
                                 ("mute", "#!/bin/sh\n", "neither options nor commands"),
                                 ("gone", "#!/nonexistent\n", "neither options nor commands")):
            status, out, err = writ.grammar("import", script(folder, name, text))
            tap.ok(status == 2 and not out and said in err, "no draft: " + name, err)
        path = script(folder, "env", "#!/bin/sh\necho \"  --x-$SECRET-$HOME\"\nls /proc/self/fd |"
                                     " wc -l | sed 's/^ */  --fds-/'\n")
        os.environ["SECRET"] = "leaked"
        _, out, _ = writ.grammar("import", path)
        tap.ok("leaked" not in out, "nothing of the caller's environment is passed on", out)
        for args in ([], ["import"], ["check"], ["import", "a", "b"], ["draft", "x"],
                     ["import", "no-such-program-zz"], ["check", os.path.join(folder, "none")]):
            status, out, _ = writ.grammar(*args)
            tap.equal([status, out], [2, ""], "grammar %s: refused" % " ".join(args)[:30])


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--writ", required=True)
    parser.add_argument("--commands", required=True)
    parser.add_argument("--client", action="append", default=[])
    parser.add_argument("--alone", action="store_true", help="only the clients")
    args = parser.parse_args()
    tap, writ = Tap(), Writ(args)
    if not args.alone:
        try_scripts(tap, writ)
    for client in args.client:
        name = os.path.basename(client)
        try_program(tap, writ, name, client, 500)
    for name in () if args.alone else GNU:
        path = next((p for p in ("/usr/bin/" + name, "/bin/" + name) if os.path.exists(p)), None)
        if path:
            try_program(tap, writ, name, path, 2)
        else:
            tap.skip(name, "not installed")
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
