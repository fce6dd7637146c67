# SPDX-License-Identifier: ISC
"""What an exec request may start in the container ollama."""

import re

MODEL = r"[a-z0-9][A-Za-z0-9._-]*(:[A-Za-z0-9][A-Za-z0-9._-]*)?"
FOLDER = r"/root/\.ollama/[A-Za-z0-9][A-Za-z0-9._-]*"
FLAG = r"(=(1|t|T|TRUE|true|True|0|f|F|FALSE|false|False))?"
# A key, and what names the user that made it.
PRIVATE = re.compile(r"/root/\.ollama/(id_|history\Z)")
MODELFILE = re.compile(
    r"cat <<(EOF|'EOF'|\"EOF\") ?> ?%s\.modelfile\n"
    r"((FROM %s|PARAMETER [a-z_]+ [^\n$`\\]+)\n)+EOF\n?\Z" % (FOLDER, MODEL), re.A)

# The options of each command of ollama: patterns of one word, or of two.
OPTIONS = {
    "list": [], "ls": [], "ps": [], "pull": [], "rm": [], "stop": [],
    "show": [r"--(license|modelfile|parameters|system|template|verbose)" + FLAG, r"-v" + FLAG],
    "run": [r"--verbose" + FLAG, (r"--keepalive", r"-?[0-9][0-9a-zµ.]*"),
            r"--keepalive=-?[0-9][0-9a-zµ.]*", (r"--format", r".*"), r"--format=.*"],
    "create": [(r"-f|--file", FOLDER), r"(-f=?|--file=)" + FOLDER],
}
# How many models, and whether text may follow.
OPERANDS = {"list": (0, 0), "ls": (0, 0), "ps": (0, 0), "pull": (1, 1), "rm": (1, 99),
            "stop": (1, 1), "show": (1, 1), "create": (1, 1), "run": (1, 1)}
EXPECTED = {"Cmd", "Tty", "AttachStdin", "AttachStdout", "AttachStderr", "Privileged"}


def split_options(words, patterns):
    """(options, operands), or None where a word is neither. The command reads options everywhere
    before a --."""
    options, operands, at = [], [], 0
    while at < len(words):
        word = words[at]
        if word == "--":
            return options, operands + words[at + 1:]
        if not word.startswith("-") or word == "-":
            operands.append(word)
            at += 1
            continue
        taken = 0
        for pattern in patterns:
            pair = isinstance(pattern, tuple)
            if re.fullmatch(pattern[0] if pair else pattern, word, re.A | re.S) and (
                    not pair or at + 1 < len(words) and
                    re.fullmatch(pattern[1], words[at + 1], re.A | re.S)):
                taken = 2 if pair else 1
                break
        if not taken:
            return None
        options.append(words[at:at + taken])
        at += taken
    return options, operands


def ollama(words):
    if not words or not words[0] in OPTIONS:
        return len(words) > 0 and all(re.fullmatch(r"(-v|--version)%s" % FLAG, word)
                                      for word in words)
    name, found = words[0], split_options(words[1:], OPTIONS[words[0]])
    if found is None:
        return False
    options, operands = found
    least, most = OPERANDS[name]
    models = operands[:1] if name == "run" else operands
    if not least <= len(models) <= most or not all(re.fullmatch(MODEL, m, re.A) for m in models):
        return False
    if name == "create":
        return bool(options) and not any(PRIVATE.search(word) for option in options
                                         for word in option)
    return True


def rocm(words):
    """The use of the graphics card's memory and nothing else; long options may be shortened."""
    text = "\0".join(words)
    return bool(re.fullmatch(r"(--json\0)*--showmemi[nfo]*[\0=]vram((\0--json)|"
                             r"(\0--showmemi[nfo]*[\0=]vram))*", text))


def command_inside(match, query, found):
    given = {".".join(path): new[0] if new else None for path, *new in found}
    extra = sorted(set(given) - EXPECTED - {"ConsoleSize"})
    if extra or query:
        return "%s" % (extra or query)
    command = given.get("Cmd") or [""]
    if given.get("Privileged") and command[0] != "rocm-smi":
        return "privileged"
    ok = {"ollama": lambda: ollama(command[1:]), "rocm-smi": lambda: rocm(command[1:]),
          "bash": lambda: command[1:2] == ["-c"] and len(command) == 3 and
          bool(MODELFILE.match(command[2]))}.get(command[0], lambda: False)()
    return None if ok else "command %r" % command
