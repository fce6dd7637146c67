# SPDX-License-Identifier: ISC
"""Where writ may refuse a line that a client sends: each kind has a name, is judged by the vector
alone, and is counted in every run. The other way round there is nothing: what a client sends, and
writ reads, must be what writ read."""

import re

import golang
import images

GROUPS = {"container", "image", "network", "volume", "system", "builder"}
GLOBAL_WITH_VALUE = re.compile(
    r"--(host|log-level|context|config|tlscacert|tlscert|tlskey)|-[Dvh]*[Hlc]")
PLAIN_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*\Z", re.A)


def subcommand_at(argv):
    """Index of the first word that is no option of docker itself."""
    at = 1
    while at < len(argv) and argv[at].startswith("-") and len(argv[at]) > 1:
        if argv[at] == "--":
            return at + 1
        at += 2 if GLOBAL_WITH_VALUE.fullmatch(argv[at]) else 1
    return at


def command_words(argv):
    """(the command as typed, what follows it)."""
    at = subcommand_at(argv)
    words = argv[at:at + 1]
    if words and words[0] in GROUPS:
        words = argv[at:at + 2]
    return words, argv[at + len(words):]


# Each of these yields the arguments (or values) that are the reason, so that it can be asked
# whether writ's own message names one of them.

def not_utf8(argv):
    """Bytes that are no UTF-8: a client writes U+FFFD in their place, so it sends what nobody
    typed."""
    return (arg for arg in argv if any("\ud800" <= char <= "\udfff" for char in arg))


def test_cluster(argv):
    """A cluster of short options whose rest begins with "test.": pflag drops it unseen."""
    return (arg for arg in argv[1:] if re.match(r"-[^-]*?test\.", arg))


def before_subcommand(argv):
    """Options or -- where only a subcommand should be: cobra skips some of them, and what follows
    --. Version 20.10 also drops a word there that has a dash in it."""
    at = subcommand_at(argv)
    yield from (word for word in argv[at:at + 1] if "-" in word)
    if "--" in argv[1:at]:
        yield from argv[at - 1:at + 2]
    if at + 1 < len(argv) and argv[at] in GROUPS and argv[at + 1].startswith("-"):
        yield from argv[at + 1:at + 3]


NAMED = {"attach", "diff", "exec", "export", "inspect", "kill", "logs", "pause", "port", "rename",
         "restart", "rm", "start", "stats", "stop", "top", "unpause", "update", "wait", "connect",
         "disconnect", "remove", "commit", "network create", "volume create"}
IMAGES = {"rmi", "history", "save"}
IMAGE_ID = re.compile(r"(sha256:)?[0-9a-f]{64}\Z")


def name_not_plain(argv):
    """A name of a container, network or volume that the client trims or cleans, or that no such
    thing can have."""
    words, rest = command_words(argv)
    if words and words[0] != "image" and (words[-1] in NAMED or " ".join(words) in NAMED):
        yield from (arg for arg in plain_operands(rest) if not PLAIN_NAME.match(arg))


def image_not_a_reference(argv):
    """Some commands send any text as an image's name, and clean it as a path."""
    words, rest = command_words(argv)
    if words and (words[0] == "image" or words[0] in IMAGES):
        yield from (arg for arg in plain_operands(rest)
                    if not images.split(arg) and not IMAGE_ID.match(arg))


def operand_ignored(argv):
    """docker import takes any number of operands and looks at two."""
    words, rest = command_words(argv)
    if words and words[-1] == "import":
        yield from plain_operands(rest)[2:]


def upper_case_registry(argv):
    """An image whose registry is only told from a repository by a capital letter: version 20.10
    refuses it."""
    return (arg for arg in argv if re.match(r"[^/.:]*[A-Z][^/.:]*/", arg) and images.split(arg))


def plain_operands(rest):
    """What is surely no option: all behind --, and before it what does not begin with a dash."""
    at = rest.index("--") if "--" in rest else len(rest)
    return [arg for arg in rest[:at] if not is_option(arg)] + rest[at + 1:]


def is_option(arg):
    return re.match(r"-[A-Za-z-]", arg, re.A) is not None


def option_values(argv, long_names, letter=None):
    """Values given to these options, as far as the text alone shows them."""
    long_form = re.compile("--(?:%s)(?:=(?P<value>.*))?" % long_names, re.S)
    cluster = re.compile("-[A-Za-z]*?%s(?:=(?=.)(?P<given>.*)|(?P<value>.*))" % letter, re.S)
    for arg, following in zip(argv, argv[1:] + [""]):
        match = long_form.fullmatch(arg)
        if match:
            yield following if match["value"] is None else match["value"]
        match = cluster.fullmatch(arg) if letter else None
        if match:
            yield match["given"] or match["value"] or following


def workdir_not_inside(argv):
    """A working directory in the container that is relative, or has "..": never granted by a
    rule."""
    return (value for value in option_values(argv, "workdir", "w")
            if not value.startswith("/") or ".." in value.split("/"))


def size_of_one_client(argv):
    """A size in a spelling that only the older client has (5i, 5ki), or so large that a client
    sends a negative number."""
    names = "memory|memory-swap|memory-reservation|kernel-memory|shm-size"
    for value in option_values(argv, names, "m"):
        try:
            if golang.size(value) < 0:
                yield value
        except golang.Unreadable:
            if re.fullmatch(r"\d+(\.\d+)* ?[kmgtp]?ib?", value, re.I | re.A):
                yield value


def volume_in_pieces(argv):
    """A volume that only version 20.10 takes, which does not look at what is wrong with it."""
    return (value for value in option_values(argv, "volume", "v")
            if value == "" or re.search(r"::|^:|:$", value) or value.count(":") > 2)


def drive_letter(argv):
    """A volume with a part of one letter: the client takes it for a Windows drive, the engine does
    not."""
    return (value for value in option_values(argv, "volume", "v")
            if re.search(r"(^|:)[^\W\d_]:", value))


def option_without_name(argv):
    """volume-opt==x and volume-label==x in a mount: version 28 drops it, 20.10 sends it."""
    return (value for value in option_values(argv, "mount")
            if re.search(r"volume-(opt|label)=(=|[,\"]|\Z)", value, re.I))


def network_not_ascii(argv):
    """A network's long form, which the client turns into small letters by the rules of Unicode."""
    return (value for value in option_values(argv, "network|net")
            if "=" in value and not value.isascii())


def capability_not_ascii(argv):
    """There is none; and capital letters beyond ASCII are Unicode's business."""
    return (value for value in option_values(argv, "cap-add|cap-drop") if not value.isascii())


def publish_of_older_client(argv):
    """The long form of --publish with two "=" in a part, or none before the first."""
    return (value for value in option_values(argv, "publish", "p")
            if re.search(r"(^|,)=|=[^,]*=", value))


def image_name_too_long(argv):
    """The clients count 255 differently: with the registry, or without."""
    return (arg for arg in argv if len(arg) > 240 and images.split(arg))


WRIT_STRICTER = [
    not_utf8, test_cluster, before_subcommand, name_not_plain, image_not_a_reference,
    operand_ignored, upper_case_registry, workdir_not_inside, size_of_one_client, volume_in_pieces,
    drive_letter, option_without_name, network_not_ascii, capability_not_ascii,
    publish_of_older_client, image_name_too_long]


def writ_stricter(argv, error):
    """The name of the kind, or None. Where the reason is printable, writ's message must quote
    it."""
    for predicate in WRIT_STRICTER:
        for reason in predicate(argv):
            if not (reason.isascii() and reason.isprintable()) or reason[:40] in error:
                return predicate.__name__
    return None
