# SPDX-License-Identifier: ISC
"""Where a client may refuse a line that writ reads: it read the line alike, and refuses it for what
it means, or is too old for an option that writ's command file has. Each kind has a name, is judged
by the client's own message and by what writ read, and is counted in every run."""

import re

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
                 r"cannot specify both|tag can't be used with|is not yet supported with --tree|"
                 r'"until" filter is not supported with "--volumes"',
     "volumes restart attach no-healthcheck network network-alias link ip ip6 mac-address "
     "link-local-ip all-tags tree name timeout time"),
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
    ("file", r"(open|stat|lstat) [\s\S]*: |read [\s\S]*: is a directory|no such file or directory|"
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
    ("time", r"failed to parse value as time or duration|parsing time ", "since until"),
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
    ("file", r"open [\s\S]*: ", "docker image import"),
    # Version 28 hands it to a builder of its own, which need not be installed.
    ("no_builder", r"DEPRECATED: The legacy builder is deprecated|unknown flag: |"
                   r"'buildx' is not a docker command|unknown command: docker buildx|"
                   r"unknown shorthand flag: ", "docker builder prune"),
    ("newer_option", r"unknown flag: --kubeconfig", "docker version"),
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
                  r"Please specify only one -H|[Cc]onflicting options: [a-z ]* --host|"
                  r"errors pretty printing info", error))
