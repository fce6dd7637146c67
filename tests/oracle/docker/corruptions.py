# SPDX-License-Identifier: ISC
"""Readings spoilt on purpose: the oracle must notice every one, or its agreement means nothing.

CORRUPTIONS: what is wrong, the vector, and a function that spoils what writ read of it (a fresh
copy). NOT_GRANTED: lines that a policy's grants do not cover, which must show in what a client
sends.
"""


def drop(name):
    def spoil(parsed):
        parsed["options"] = [o for o in parsed["options"] if o["name"] != name]
    return spoil


def option(name, **changes):
    def spoil(parsed):
        for occurrence in parsed["options"]:
            if occurrence["name"] == name:
                occurrence.update(changes)
    return spoil


def field(name, key, value):
    """Another value of one field, or with None no such field."""
    def spoil(parsed):
        for occurrence in parsed["options"]:
            if occurrence["name"] == name:
                occurrence["fields"].pop(key, None)
                if value is not None:
                    occurrence["fields"][key] = value
    return spoil


def extra(name, value):
    return lambda parsed: parsed["options"].append({"name": name, "value": value})


def operand(name, words):
    return lambda parsed: parsed["operands"].update({name: words})


def command(path):
    return lambda parsed: parsed.update(command=path)


def refuse(parsed):
    parsed.clear()
    parsed["error"] = "docker run: refused for no reason"


def read_anyway(path, **operands):
    """A reading in the place of a refusal."""
    def spoil(parsed):
        parsed.clear()
        parsed.update(command=path, program="/usr/bin/docker", options=[], operands=operands)
    return spoil


RUN = ["docker", "run"]
CORRUPTIONS = [
    ("privileged is lost", RUN + ["--privileged", "a"], drop("privileged")),
    ("privileged is read as false", RUN + ["--privileged", "a"], option("privileged", value=False)),
    ("privileged is made up", RUN + ["a"], extra("privileged", True)),
    ("a volume is lost", RUN + ["-v", "/:/h", "a"], drop("volume")),
    ("another source", RUN + ["-v", "/:/h", "a"], field("volume", "source", "/srv")),
    ("another target", RUN + ["-v", "/:/h", "a"], field("volume", "target", "/i")),
    ("a bind mount is taken for a volume without a source", RUN + ["-v", "/:/h", "a"],
     field("volume", "kind", "anonymous")),
    ("a volume's mode is lost", RUN + ["-v", "/:/h:ro", "a"], field("volume", "mode", None)),
    ("a mount's source", RUN + ["--mount", "type=bind,src=/a,dst=/b", "a"],
     field("mount", "source", "/c")),
    ("a mount's type", RUN + ["--mount", "type=bind,src=/a,dst=/b", "a"],
     field("mount", "type", "volume")),
    ("a mount is not read-only", RUN + ["--mount", "type=bind,src=/a,dst=/b,ro", "a"],
     field("mount", "readonly", None)),
    ("an option of a volume's driver", RUN + ["--mount", "dst=/b,volume-opt=device=/", "a"],
     field("mount", "volume-opt", ["device=/srv"])),
    ("another network", RUN + ["--network", "host", "a"], field("network", "name", "none")),
    ("a network in the wrong case", RUN + ["--network", "name=HOST", "a"],
     field("network", "name", "HOST")),
    ("a device's permissions", RUN + ["--device", "/dev/x:r", "a"],
     field("device", "permissions", "rwm")),
    ("a published address", RUN + ["-p", "127.0.0.1:80:80", "a"], field("publish", "ip", None)),
    ("a protocol", RUN + ["-p", "80:80/udp", "a"], field("publish", "protocol", "tcp")),
    ("the value of a variable", RUN + ["-e", "A=1", "a"], field("env", "value", "2")),
    ("the order of variables", RUN + ["-e", "A=1", "-e", "A=2", "a"],
     lambda parsed: parsed["options"].reverse()),
    ("another namespace", RUN + ["--pid", "host", "a"], option("pid", value="container:x")),
    ("an integer by another base", RUN + ["-c", "0700", "a"],
     option("cpu-shares", value="0700", normal="700")),
    ("a security option", RUN + ["--security-opt", "systempaths=unconfined", "a"],
     drop("security-opt")),
    ("another image", RUN + ["a"], operand("IMAGE", ["b"])),
    ("an image's tag", RUN + ["a:1"], operand("IMAGE", ["a"])),
    ("an argument of the command is lost", RUN + ["a", "sh", "-c", "x"],
     operand("COMMAND", ["sh", "-c"])),
    ("an option of the command is taken for one of run", RUN + ["a", "--rm"], extra("rm", True)),
    ("another container", ["docker", "exec", "a", "sh"], operand("CONTAINER", ["b"])),
    ("exec's privileged is lost", ["docker", "exec", "--privileged", "a", "sh"],
     drop("privileged")),
    ("exec's user is lost", ["docker", "exec", "-u", "0", "a", "sh"], drop("user")),
    ("exec's command", ["docker", "exec", "a", "sh", "-c", "x"], operand("COMMAND", ["sh"])),
    ("one container too few", ["docker", "rm", "a", "b"], operand("CONTAINER", ["a"])),
    ("one container too many", ["docker", "rm", "a"], operand("CONTAINER", ["a", "b"])),
    ("force is lost", ["docker", "rm", "-f", "a"], drop("force")),
    ("another command", ["docker", "stop", "a"], command("docker container restart")),
    ("another time", ["docker", "stop", "-t", "5", "a"],
     lambda parsed: [o.update(value="6") for o in parsed["options"]]),
    ("another repository", ["docker", "pull", "alpine"], operand("NAME", ["ollama/ollama"])),
    ("another filter", ["docker", "ps", "-f", "name=a"], option("filter", value="name=b")),
    ("a good line is refused", RUN + ["a"], refuse),
    ("a bad option is read", RUN + ["--nonsense", "a"],
     read_anyway("docker container run", IMAGE=["a"])),
    ("a bad boolean is read", RUN + ["--rm=x", "a"],
     read_anyway("docker container run", IMAGE=["a"])),
    ("operands too many are read", ["docker", "logs", "a", "b"],
     read_anyway("docker container logs", CONTAINER=["a"])),
    ("help is read as a command", ["docker", "rm", "--help", "a"],
     read_anyway("docker container rm", CONTAINER=["a"])),
    ("a bad value of a mount is read", RUN + ["--mount", "type=bind,src=/", "a"],
     read_anyway("docker container run", IMAGE=["a"])),
    ("a cleaned name is read as it stands", ["docker", "rm", "../images/x"],
     read_anyway("docker container rm", CONTAINER=["../images/x"])),
]

TRIAL = ["docker", "run", "--rm"]
BEYOND_A_TRIAL = [
    ["--privileged"], ["-v", "/:/h"], ["-v", "x:/h"], ["-v", "/h"], ["--tmpfs", "/x"],
    ["--mount", "type=bind,src=/,dst=/h"], ["--network", "host"], ["--network", "container:ollama"],
    ["--pid", "host"], ["--ipc", "host"], ["--uts", "host"], ["--userns", "host"],
    ["--cap-add", "chown"], ["--device", "/dev/sda"], ["--gpus", "all"],
    ["--device-cgroup-rule", "a *:* rwm"], ["--security-opt", "systempaths=unconfined"],
    ["--security-opt", "label=disable"], ["--env-file", "env.list"], ["--label-file", "label.list"],
    ["-e", "ORACLE_SET"], ["-e", "HOME"], ["-ePATH"], ["--volumes-from", "ollama"],
    ["--group-add", "0"], ["-p", "80:80"],
    ["--sysctl", "net.a=1"], ["--link", "ollama"], ["--entrypoint", "sh"], ["--rm=false"],
    ["--name", "ollama"], ["--cidfile", "made"], ["--cgroup-parent", "/"], ["--runtime", "x"]]
NOT_GRANTED = [(policy, TRIAL + options + ["alpine", "echo"]) for options in BEYOND_A_TRIAL
               for policy in ("ai-worker", "whitelist")]
NOT_GRANTED += [("ai-worker", argv) for argv in (
    TRIAL + ["alpine", "sh"], TRIAL + ["x.io/alpine", "echo"], TRIAL + ["alpine"],
    ["docker", "exec", "ollama", "sh"], ["docker", "exec", "db", "ollama", "ps"],
    ["docker", "exec", "-u", "0", "ollama", "ollama", "ps"],
    ["docker", "exec", "--privileged", "ollama", "ollama", "ps"],
    ["docker", "exec", "-eA=b", "ollama", "ollama", "ps"],
    ["docker", "exec", "ollama", "ollama", "pull", "x.io/y/z"],
    ["docker", "exec", "ollama", "ollama", "run", "m", "x", "--insecure"],
    ["docker", "exec", "ollama", "ollama", "create", "m", "-f", "/root/.ollama/id_ed25519"],
    ["docker", "exec", "ollama", "rocm-smi", "--showmeminfo", "vram", "--resetclocks"],
    ["docker", "exec", "ollama", "bash", "-c", "id"], ["docker", "stop", "db"],
    ["docker", "rm", "bench-1"],
    ["docker", "pull", "evil/alpine"], ["docker", "logs", "db"], ["docker", "inspect", "db"],
    ["docker", "-H", "unix:///nonexistent/x", "ps"], ["docker", "-H", "tcp://127.0.0.1:1", "ps"],
    ["docker", "top", "ollama", "-eo", "args"], ["docker", "system", "prune", "-f"])]
NOT_GRANTED += [("whitelist", argv) for argv in (
    TRIAL + ["-i", "alpine", "echo"], TRIAL + ["-e", "A=b", "alpine", "echo"],
    ["docker", "rm", "-v", "bench-1"], ["docker", "rm", "ollama"],
    ["docker", "rm", "bench-1/../ollama"], ["docker", "pull", "ollama/ollama"],
    ["docker", "exec", "ollama", "ollama", "ps"], ["docker", "system", "prune", "-af"],
    ["docker", "system", "prune", "-f", "--volumes"],
    ["docker", "system", "prune", "-f", "--filter", "until=1h"])]
