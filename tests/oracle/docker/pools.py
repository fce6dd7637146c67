# SPDX-License-Identifier: ISC
"""Values that the generator draws from. In each pool the ordinary ones come first: they are drawn
more often than the borderline and wrong ones behind them."""

BOOLEANS = ["1", "t", "T", "TRUE", "true", "True", "0", "f", "F", "FALSE", "false", "False", "yes",
            "", "2", "tRUE"]
INTEGERS = ["0", "1", "-1", "5", "010", "0x10", "0X1f", "0b11", "0o17", "1_000", "+5", "08", "1__0",
            "", " 1", "1.5", "100", "0_7", "9223372036854775808"]
SIZES = ["512", "1g", "64m", "1.5g", "100 kb", "1GiB", "0", "5x", "", "-1", " 5", "5kbb", "1k",
         "2T", "10Mib", "1.2.3", "0.5k"]
DURATIONS = ["0", "1s", "1m30s", "1.5h", "10", "-1s", ".5s", "1us", "1d", "", "1h1h", "100ms",
             "+2s"]
NAMES = ["ollama", "db", "bench-1", "a", "a.b_c-d", "0123456789ab", "x" * 64, "A", "9"]
ODD_NAMES = ["db ", " db", "/db", "a/../b", "../images/x", "", " ", "a%2fb", "a?b", "a#b", ".",
             "..", "\u00a0db", "db\u2003", "db\n", "\u00e9", "a:b", "a@b", "-f", "a b"]
IMAGES = ["alpine", "alpine:3.20", "ollama/ollama", "docker.io/library/alpine:latest",
          "index.docker.io/a/b", "localhost/a:b", "host:5000/a", "a.b/c/d:e", "a--b", "a__b",
          "alpine@sha256:" + "ab" * 32, "alpine:3@sha256:" + "ab" * 32, "ab" * 32]
ODD_IMAGES = ["Alpine", "alpine:", "a___b", "http://a/b", " alpine", "alpine ", "../x", "a//b",
              "A/b", "alpine@sha256:abc", "a:b:c", "alpine\n", "[::1]/a", "a/", ".a",
              "a:" + "t" * 129]
ENVIRONMENT = ["A=1", "A=2", "B=", "A=b=c", "A", "ORACLE_SET", "=x", "", "A B=c", "PATH=/x",
               "\u00e9=\u00fc", "A=\n", "A=\"x\"", "a=-v /:/h", " A=1"]
SOURCES = ["/", "/a", "/a/../b", "./x", "../x", ".", "..", ".h", "v", "vol", "c", "\u00e9", "~",
           "~/x", "up/../x", "a b", "\\\\x", "/a,b", "", "/var/run/docker.sock", "1", "/etc/",
           " /a", "C"]
TARGETS = ["/b", "/b/", "b", "/", "c:/d", "/b/../c", "", "x"]
MODES = ["ro", "rw", "z", "Z", "ro,z", "rshared", "nocopy", "x", "", "ro,rw", "cached"]
MOUNT_FIELDS = [
    ("type", ["bind", "volume", "tmpfs", "BIND", "image", "npipe", "x", ""]),
    ("source", SOURCES),
    ("src", SOURCES),
    ("target", TARGETS),
    ("dst", TARGETS),
    ("destination", TARGETS),
    ("readonly", BOOLEANS + [None, None]),
    ("ro", BOOLEANS + [None, None]),
    ("consistency", ["cached", "DELEGATED", "x"]),
    ("bind-propagation", ["rprivate", "RShared", "x"]),
    ("bind-nonrecursive", [None, "true", "0", "x"]),
    ("bind-recursive", ["enabled", "disabled", "writable", "readonly", "Disabled"]),
    ("volume-nocopy", [None, "true", "f", "x"]),
    ("volume-label", ["a=b", "c", "=d", "a=e"]),
    ("volume-driver", ["local", "x", ""]),
    ("volume-opt", ["type=none", "o=bind", "device=/", "o"]),
    ("volume-subpath", ["x", "../y"]),
    ("image-subpath", ["x"]),
    ("tmpfs-size", ["64m", "x", "1 kb"]),
    ("tmpfs-mode", ["1777", "0777", "8", ""]),
    ("x", ["y"]),
]
NETWORKS = ["host", "none", "bridge", "web", "container:a", "Host", " host", "default", "", "a b",
            "=host", "name=", "HOST"]
NETWORK_FIELDS = [
    ("name", ["host", "web", "HOST", " host", "none", "Web", "container:a", ""]),
    ("alias", ["x", "Y"]),
    ("ip", ["1.2.3.4", "x"]),
    ("ip6", ["::1"]),
    ("driver-opt", ["a=b", "A=B", "c"]),
    ("mac-address", ["02:42:ac:11:00:02", "zz"]),
    ("link-local-ip", ["169.254.1.1"]),
    ("gw-priority", ["5", "-1", "x"]),
    ("x", ["y"]),
]
DEVICES = ["/dev/sda", "/dev/null/../sda", "dev/sda", "x/../y", "/dev//a/", "/", "",
           "nvidia.com/gpu=all", "vendor.io/class=dev:0", "/n/g=a", "nv/gp=", "ab/cd=e/f",
           "aa/bb=c_"]
DEVICE_TARGETS = ["/dev/x", "/dev/../y", "r", "rw", "rwm", "rr", "x", "", "mwr"]
PORTS = ["80", "8080", "80-82", "90-92", "80-83", "080", "0", "65536", "", "x", "+80", "82-80",
         "1-2-3"]
ADDRESSES = ["127.0.0.1", "[::1]", "0.0.0.0", "", "x", "1.2.3", "01.2.3.4", "[127.0.0.1]", "[::1",
             "::"]
PROTOCOLS = ["/tcp", "/udp", "/UDP", "/sctp", "/", "/icmp", "/tcp/x", ""]
CAPABILITIES = ["sys_admin", "SYS_ADMIN", "CAP_SYS_ADMIN", "cap_net_raw", "ALL", "all", "chown",
                "x", " chown", "CAP_ALL", "Net_Admin", "", "CAP_"]
WORDS = ["sh", "-c", "echo test", "--privileged", "-v", "/:/h", "--", "", "a\nb", "\u00e9", "-it",
         "$(x)", "*"]
INSIDE = ["/", "/x", "/x/y", "x", "/x/../y", "", "/x y", "//x", "/x/./y"]

# Options that are text to writ, by name.
TEXTS = {
    "add-host": ["a:1.2.3.4", "a:host-gateway", "a=1.2.3.4", "a:::1", "a:[::1]", "a", ":1.2.3.4",
        "a:b"],
    "annotation": ["a=b", "a", "a=c", "=x"],
    "attach": ["stdin", "STDOUT", "stderr", "x", ""],
    "blkio-weight-device": ["/dev/sda:200", "/dev/sda:5", "sda:10"],
    "cgroupns": ["host", "private", "x", ""],
    "change": ["ENV a=b", "USER x"],
    "cpus": ["0.5", "1/2", "1", ".5", "1e-1", "x", "", "1/3", "0x10"],
    "cpuset-cpus": ["0", "0-3"],
    "device-cgroup-rule": ["c 1:3 rwm", "a *:* rwm", "x"],
    "device-read-bps": ["/dev/sda:1mb", "sda:1"],
    "device-write-bps": ["/dev/sda:5"],
    "device-read-iops": ["/dev/sda:10", "/dev/sda:x"],
    "device-write-iops": ["/dev/sda:1"],
    "dns": ["8.8.8.8", " 1.1.1.1 ", "x", "::1"],
    "dns-search": [".", "example.com", "a b", "example.com."],
    "expose": ["80", "80-82/udp", "x", "80:80", "90/foo"],
    "filter": ["name=a", "NAME=b", "label=c=d", "x", "", " status = running ", "dangling=true",
        "until=1h"],
    "format": ["json", "table {{.ID}}", "{{.ID}}", "{{"],
    "gpus": ["all", "2", "device=0", "count=1", "x", "\"device=0,1\"", "all,all", ""],
    "ip": ["1.2.3.4", "x", ""],
    "ip6": ["::1", "x"],
    "ipc": ["host", "private", "container:a", "x", ""],
    "label": ["a=b", "a", "a=c", "a b=c", "=x", " a=b", ""],
    "limit": ["5", "0"],
    "link": ["a:b", "a", "a:b:c", ""],
    "log-driver": ["none", "json-file", ""],
    "log-opt": ["a=b", "a", "max-size=1m"],
    "mac-address": ["02:42:ac:11:00:02", "zz"],
    "opt": ["a=b", "type=none", "device=/"],
    "pid": ["host", "container:a", "Host", "x", "", "container:"],
    "platform": ["linux/amd64", "linux", "arm64", "x/y/z/w"],
    "pull": ["always", "missing", "never", "x", ""],
    "restart": ["no", "always", "on-failure:3", "x", "a:b", "unless-stopped"],
    "security-opt": ["no-new-privileges", "label=disable", "label:disable", "apparmor=unconfined",
        "x", "systempaths=unconfined", "systempaths:unconfined", "seccomp=unconfined", "a=b",
        "seccomp=seccomp.json", "seccomp=/nonexistent", "no-new-privileges=false", ""],
    "since": ["1h", "2024-01-01", "1700000000", "x"],
    "until": ["5m", "x"],
    "storage-opt": ["size=1g", "x"],
    "sysctl": ["net.a=1", "kernel.shmmax=1", "kernel.x=1", "net.a"],
    "tail": ["5", "all", "x", "-1"],
    "tmpfs": ["/x", "/x:size=1m", "", "/x:rw,noexec"],
    "type": ["container", "image", "volume", "network", "x"],
    "ulimit": ["nofile=5", "nofile=1:2", "core=-1", "x=1", "nofile=5:4", "nofile=x", "nofile"],
    "userns": ["host", "", "x"],
    "uts": ["host", "", "private"],
    "volumes-from": ["a", "a:ro", "../x"],
}
ANY_TEXT = ["x", "a b", "", "-x", "a=b", "a,b", "\u00e9", "a\nb", "0"]
FILES = {"env-file": "env.list", "label-file": "label.list", "input": "archive.tar"}

# What a mutation puts into an argument.
ODD_TEXT = [" ", "\t", "\n", "\u00a0", "\u2028", "\"", "'", ",", "=", ":", "/", "..", "-", "--",
            "\\", "\u0001", "\u001b", "\udcff", "\u00c9", "test.", "%20", "$", "\u200b", "\r\n",
            "0", "A"]
