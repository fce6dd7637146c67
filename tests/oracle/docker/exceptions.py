# SPDX-License-Identifier: ISC
"""Where writ and a client may disagree, each kind with a name and counted in every run.

WRIT_STRICTER: writ refuses a line that a client sends. Each is judged by the vector alone.
CLIENT_STRICTER: writ reads a line, and the client, which read it alike, then refuses it. Each is
judged by the client's own message and, where it can be, by what writ read.
The other way round there is nothing: a line that a client sends must be what writ read.
"""

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
    """Options or -- where only a subcommand should be: cobra skips some of them."""
    at = subcommand_at(argv)
    yield from (arg for arg in argv[1:at] if arg == "--")
    if at + 1 < len(argv) and argv[at] in GROUPS and argv[at + 1].startswith("-"):
        yield argv[at + 1]


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


WRIT_STRICTER = [not_utf8, test_cluster, before_subcommand, name_not_plain, image_not_a_reference,
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


# Options that are plain text to writ: their values cannot give what a rule did not name, and the
# client checks their form itself.
CHECKED_BY_CLIENT = {
    "add-host", "attach", "blkio-weight-device", "cpus", "device-cgroup-rule", "device-read-bps",
    "device-read-iops", "device-write-bps", "device-write-iops", "dns", "dns-search", "filter",
    "gpus", "label", "link", "sysctl", "ulimit", "aux-address", "subnet", "gateway", "ip-range",
    "ip", "ip6"}

# (kind, what the client says, options of which one must have been read; none: any line)
CLIENT_STRICTER = [
    ("conflict", r"[Cc]onflicting options|--no-healthcheck conflicts with|"
                 r"cannot specify both|tag can't be used with|is not yet supported with --tree",
     "restart attach no-healthcheck network network-alias link ip ip6 mac-address link-local-ip "
     "all-tags tree name timeout time"),
    ("range", r"cannot be negative|Valid memory swappiness range is",
     "health-interval health-timeout health-retries health-start-period health-start-interval "
     "memory-swappiness"),
    ("range", r'for "--blkio-weight" flag: .* value out of range', "blkio-weight"),
    ("image_id", r"cannot specify 64-byte hexadecimal strings", ""),
    ("windows_only", r"is only supported on a Docker daemon running on windows",
     "cpu-count cpu-percent io-maxiops io-maxbandwidth isolation"),
    ("network_mode", r"specified multiple times|only supported for user-defined networks|"
                     r"no name set for network", "network network-alias link"),
    ("namespace_mode", r"--(pid|uts|userns|cgroupns): invalid [A-Za-z]+ mode",
     "pid uts userns cgroupns"),
    ("security_option", r"Invalid --security-opt: ", "security-opt"),
    ("file", r"(opening|compacting json for) seccomp profile", "security-opt"),
    ("file", r"(open|stat|lstat) [^\n]*: |no such file or directory|"
             r"failed to create the container ID file",
     "env-file label-file cidfile input output"),
    ("restart_policy", r"invalid restart policy format|maximum retry count must be an integer",
     "restart"),
    ("log_options", r"invalid logging opts for driver|invalid storage option",
     "log-opt storage-opt"),
    ("mac_address", r"is not a valid mac address", "mac-address network"),
    ("pull_option", r"invalid pull option: ", "pull"),
    ("driver_options", r"invalid key/value pair format in driver options", "driver-opt"),
    ("expose", r"invalid (port|range) format for --expose", "expose"),
    ("platform", r"error parsing specified platform|cannot parse platform specifier|"
                 r"unknown operating system or architecture", "platform"),
    ("mount_keys", r'for "--mount" flag: (cannot mix|option .bind-recursive)', "mount"),
    ("inspect_type", r"is not a valid value for --type|unknown type: ", "type"),
    ("time", r"failed to parse value as time or duration", "since until"),
    ("network_pools", r"invalid subnet: |invalid CIDR address|must have a corresponding subnet|"
                      r"no matching subnet|multiple overlapping subnet|cannot configure multiple",
     "subnet gateway ip-range"),
    ("template", r"[Tt]emplate parsing error|template: ", "format"),
    ("log_level", r"Unable to parse logging level", "log-level"),
    ("cdi_panic", r"panic: runtime error: slice bounds out of range", "device"),
    ("several", r"cannot start and attach multiple containers|must provide one or more flags", ""),
    ("digest", r"refusing to create a tag with a digest reference|cannot push a digest reference",
     ""),
    ("empty_input", r"requested load from stdin, but stdin is empty", ""),
]
CLIENT_STRICTER = [(kind, re.compile(pattern), set(names.split()))
                   for kind, pattern, names in CLIENT_STRICTER]

# Commands that refuse what they cannot do with their operands.
BY_COMMAND = [
    ("copy", r"at least one container source|between containers is not supported|"
             r"must be a directory|source can not be empty|lstat |stat |no such file or directory",
     "docker container cp"),
    ("file", r"open [^\n]*: ", "docker image import"),
    ("port", r"invalid port \(|No public port|strconv.ParseUint: parsing", "docker container port"),
]
BY_COMMAND = [(kind, re.compile(pattern), name) for kind, pattern, name in BY_COMMAND]


def has_field(option, *fields):
    def judge(reading, match):
        return any(name in occurrence.get("fields", {}) for occurrence in reading.options
                   if occurrence["name"] == option for name in fields)
    return judge


def has_text(option):
    """The option's value names the key that the client does not know."""
    def judge(reading, match):
        return any(match.group(1) in occurrence["value"].lower() for occurrence in reading.options
                   if occurrence["name"] == option)
    return judge


def has_option(reading, match):
    """The option that the client does not know was read, by this name or with this first letter."""
    name = match["name"] or ""
    return any(occurrence["name"] == name or (match["letter"] or "-") == occurrence["name"][0]
               for occurrence in reading.options)


# What version 20.10 does not have, and writ's command file, made for both, does.
OLDER_CLIENT = [
    ("older_option", r"unknown (?:flag: --(?P<name>\S+)|shorthand flag: '(?P<letter>.)')",
     has_option),
    ("older_mount_key", r"unexpected key '(bind-recursive|volume-subpath|image-subpath)'",
     has_text("mount")),
    ("older_network_key", r"invalid field key (mac-address|link-local-ip|gw-priority)",
     has_text("network")),
    ("older_cdi", r"is not an absolute path|bad format for path|bad mode specified",
     has_field("device", "cdi")),
    ("older_size", r'" flag: invalid size: \'(?P<size>.*)\'', lambda reading, match: any(
        occurrence["value"] == match["size"] for occurrence in reading.options)),
    ("older_size", r'" flag: invalid value for tmpfs-size', has_field("mount", "tmpfs-size")),
    ("older_ipv6", r"too many colons in address", has_field("publish", "ip")),
    ("older_host", r"bad format for add-host|invalid IP address in add-host",
     lambda reading, match: reading.given("add-host")),
    ("older_command", r"^Usage:  docker [a-z]+ COMMAND|is not a docker command",
     lambda reading, match: reading.command.endswith(" rm")),
    ("older_domain", r"repository name must not be more than 255 characters",
     lambda reading, match: any(len(word) > 240 for word in reading.words())),
    ("older_domain", r"invalid reference format\.?(\n|$)|repository name must be lowercase",
     lambda reading, match: any(re.match(r"\[|[^/]*[A-Z]", word) for word in reading.words())),
]
OLDER_CLIENT = [(kind, re.compile(pattern), judge) for kind, pattern, judge in OLDER_CLIENT]


def client_stricter(error, reading, client):
    """The name of the kind of refusal, or None."""
    first = error.strip()
    names = {option["name"] for option in reading.options + reading.parents}
    match = re.match(r'invalid argument .* for "(?:-., )?--([a-z0-9-]+)" flag: ', first, re.S)
    if match and match.group(1) in CHECKED_BY_CLIENT & names:
        return "checked_by_client"
    if another_daemon(first, reading):
        return "another_daemon"
    if not match or match.group(1) in ("mount", "blkio-weight"):
        for kind, pattern, needed in CLIENT_STRICTER:
            if pattern.search(first) and (not needed or needed & names):
                return kind
        for kind, pattern, command in BY_COMMAND:
            if reading.command == command and pattern.search(first):
                return kind
    for kind, pattern, judge in OLDER_CLIENT if client.major < 23 else []:
        match = pattern.search(first)
        if match and judge(reading, match):
            return kind
    return None


def another_daemon(error, reading):
    """The line names an engine of its own, and the client says that it went there."""
    names = {option["name"] for option in reading.parents}
    return bool(names & {"host", "context", "tls", "tlsverify", "config"}) and bool(
        re.search(r"[Cc]annot connect to the Docker daemon|error during connect|"
                  r"unable to resolve docker endpoint|failed to read|unable to parse docker host|"
                  r"could not read CA certificate|dial |lookup |Invalid bind address|"
                  r"Please specify only one -H|conflicting options: either specify --host", error))
