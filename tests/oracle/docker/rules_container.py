# SPDX-License-Identifier: ISC
"""The rules of the commands on containers."""

import golang
import images
from body import Body, clone
from create import expected_run
from expected import Expected
from rules import container, filters, moments, rule, switches
from standin import CONTAINER_ID, EXEC_ID


@rule("container run")
def run(reading, scene):
    return expected_run(reading, scene, start=True)


@rule("container create")
def create(reading, scene):
    return expected_run(reading, scene, start=False)


@rule("container exec")
def execute(reading, scene):
    name, *command = reading.words()
    detach, tty = reading.flag("detach"), reading.flag("tty")
    body = clone(scene.exec_baseline)
    env = [line for text in reading.texts("env-file") for line in scene.file_lines(text)]
    for fields in reading.fields("env"):
        value = fields.get("value", [scene.environment.get(fields["name"][-1])])[-1]
        env.append(fields["name"][-1] + ("" if value is None else "=" + value))
    body.update({
        "Cmd": command, "Tty": tty, "Detach": detach, "Env": env or None,
        "User": reading.text("user"), "WorkingDir": reading.text("workdir"),
        "DetachKeys": reading.text("detach-keys"), "Privileged": reading.flag("privileged"),
        "AttachStdin": reading.flag("interactive") and not detach,
        "AttachStdout": not detach, "AttachStderr": not detach})
    made = Expected("POST", "/containers/%s/exec" % name, {}, body, ordered_env=True)
    started = Expected("POST", "/exec/%s/start" % EXEC_ID, {}, {"Detach": detach, "Tty": tty})
    return [made, started], [container(name, "/json", "GET"),
                             Expected("GET", "/exec/%s/json" % EXEC_ID),
                             Expected("POST", "/exec/%s/resize" % EXEC_ID)]


def timeout_and_signal(reading):
    query = {}
    if reading.given("time", "timeout"):
        query["t"] = [str(reading.integer("time", "timeout"))]
    if reading.text("signal"):
        query["signal"] = [reading.text("signal")]
    return query


@rule("container stop")
def stop(reading, scene):
    query = timeout_and_signal(reading)
    return [container(name, "/stop", query=query) for name in reading.words()], []


@rule("container restart")
def restart(reading, scene):
    query = timeout_and_signal(reading)
    return [container(name, "/restart", query=query) for name in reading.words()], []


@rule("container start")
def start(reading, scene):
    query = {"checkpoint": [reading.text("checkpoint")]} if reading.text("checkpoint") else {}
    if reading.text("checkpoint-dir"):
        query["checkpoint-dir"] = [reading.text("checkpoint-dir")]
    attach, stdin = reading.flag("attach"), reading.flag("interactive")
    keys = reading.text("detach-keys")
    if not attach and not stdin:
        return [container(name, "/start", query=query) for name in reading.words()], []
    name, = reading.words()
    # The stand-in's container has no open standard input, so none is attached.
    attached = {"stream": ["1"], "stdout": ["1"], "stderr": ["1"],
                **({"detachKeys": [keys]} if keys else {})}
    return ([container(name, "/json", "GET"), container(CONTAINER_ID, "/attach", query=attached),
             container(CONTAINER_ID, "/start", query=query)],
            [Expected("POST", "/containers/%s/%s" % (CONTAINER_ID, what))
             for what in ("wait", "resize")])


@rule("container kill")
def kill(reading, scene):
    default = "KILL" if scene.client.major < 23 else ""
    query = {"signal": [reading.text("signal", default=default)]}
    return [container(name, "/kill", query=query) for name in reading.words()], []


@rule("container pause", "container unpause", "container wait")
def plain_state(reading, scene):
    what = "/" + reading.command.split()[-1]
    return [container(name, what) for name in reading.words()], []


@rule("container rename")
def rename(reading, scene):
    old, new = reading.words()
    return [container(old, "/rename", query={"name": [new.strip()]})], []


@rule("container rm")
def remove(reading, scene):
    query = switches(reading, force="force", link="link", v="volumes")
    return [container(name, method="DELETE", query=query) for name in reading.words()], []


@rule("container logs")
def logs(reading, scene):
    name, = reading.words()
    query = {"stdout": ["1"], "stderr": ["1"], "tail": [reading.text("tail", default="all")],
             **moments(reading, scene),
             **switches(reading, follow="follow", timestamps="timestamps", details="details")}
    return [container(name, "/json", "GET"), container(CONTAINER_ID, "/logs", "GET", query)], []


@rule("container top")
def top(reading, scene):
    name, *args = reading.words()
    query = {"ps_args": [" ".join(args)]} if args else {}
    return [container(name, "/top", "GET", query)], []


@rule("container port", "container diff", "container export")
def one_look(reading, scene):
    what = {"port": "/json", "diff": "/changes", "export": "/export"}[reading.command.split()[-1]]
    reading.ignore("output")
    return [container(reading.words()[0], what, "GET")], []


@rule("container stats")
def stats(reading, scene):
    reading.ignore("format", "no-trunc")
    stream = "0" if reading.flag("no-stream") else "1"
    if reading.words():
        reading.ignore("all")
        query = {"stream": lambda sent: sent in ([stream], ["true"]) if stream == "1"
                 else sent == ["0"]}
        names = list(dict.fromkeys(reading.words()))
        return [container(name, "/stats", "GET", query) for name in names], []
    query = {"limit": lambda sent: sent in ([], ["0"]), **switches(reading, all="all")}
    return [Expected("GET", "/containers/json", query)], [Expected("GET", "/events")]


@rule("container attach")
def attach(reading, scene):
    name, = reading.words()
    keys = reading.text("detach-keys")
    reading.ignore("no-stdin", "sig-proxy")
    query = {"stream": ["1"], "stdout": ["1"], "stderr": ["1"],
             **({"detachKeys": [keys]} if keys else {})}
    return ([container(name, "/attach", query=query)],
            [container(name, "/json", "GET"), Expected("POST", "/containers/%s/wait" % name),
             Expected("POST", "/containers/%s/resize" % name)])


@rule("container commit")
def commit(reading, scene):
    name, *target = reading.words()
    query = {"container": [name], "author": [reading.text("author")],
             "comment": [reading.text("message")], "repo": [], "tag": [],
             "changes": reading.texts("change")}
    if not reading.flag("pause", default=True):
        query["pause"] = ["0"]
    if target and target[0]:
        reference = images.split(target[0])
        query.update({"repo": [reference.name(scene.client)], "tag": [reference.version]})
    return [Expected("POST", "/commit", query)], []


@rule("container update")
def update(reading, scene):
    body = Body(scene.update_baseline)
    for name, key in (("blkio-weight", "BlkioWeight"), ("cpu-period", "CpuPeriod"),
                      ("cpu-quota", "CpuQuota"), ("cpu-rt-period", "CpuRealtimePeriod"),
                      ("cpu-rt-runtime", "CpuRealtimeRuntime"), ("cpu-shares", "CpuShares"),
                      ("pids-limit", "PidsLimit")):
        if reading.given(name):
            body.set(key, reading.integer(name))
    if reading.given("pids-limit") and body.get("PidsLimit") == 0:
        body.tree["PidsLimit"] = scene.update_baseline.get("PidsLimit")
    for name, key in (("memory", "Memory"), ("memory-reservation", "MemoryReservation"),
                      ("memory-swap", "MemorySwap"), ("kernel-memory", "KernelMemory")):
        if reading.given(name):
            body.set(key, golang.size_or_unlimited(reading.text(name)))
    for name, key in (("cpuset-cpus", "CpusetCpus"), ("cpuset-mems", "CpusetMems")):
        if reading.given(name):
            body.set(key, reading.text(name))
    if reading.given("cpus"):
        body.set("NanoCpus", golang.cpus(reading.text("cpus")))
    if reading.text("restart"):
        body.set("RestartPolicy", golang.restart_policy(reading.text("restart")))
    return [container(name, "/update", body=body.tree) for name in reading.words()], []


@rule("container cp")
def copy_files(reading, scene):
    reading.ignore("archive", "follow-link", "quiet")
    source, target = map(split_copy, reading.words())
    if source[0]:
        query = {"path": [source[1]]}
        return ([container(source[0], "/archive", "GET", query)],
                [container(source[0], "/archive", "HEAD", query)])
    query = {"path": lambda sent: len(sent) == 1 and target[1].startswith(sent[0].rstrip("/"))}
    return ([Expected("PUT", "/containers/%s/archive" % target[0])],
            [container(target[0], "/archive", "HEAD", query)])


def split_copy(text):
    """CONTAINER:PATH, or a local path: (container or "", path)."""
    if text.startswith("/") or text == "-":
        return "", text
    name, colon, path = text.partition(":")
    return (name, path) if colon and not name.startswith(".") else ("", text)


@rule("container inspect", "inspect")
def inspect(reading, scene):
    reading.ignore("format")
    kind = reading.text("type") or "container"
    size = {"size": ["1"]} if reading.flag("size") else {}
    place = {"container": "/containers/%s/json", "image": "/images/%s/json",
             "network": "/networks/%s", "volume": "/volumes/%s"}[kind]
    query = size if kind == "container" else {}
    return [Expected("GET", place % name, query) for name in reading.words()], []


@rule("container ls")
def list_containers(reading, scene):
    reading.ignore("quiet", "no-trunc")
    query = {**switches(reading, all="all", size="size"), **filters(reading.texts("filter"))}
    if ".Size" in reading.text("format"):
        query["size"] = lambda sent: True
    last = reading.integer("last", default=-1)
    if reading.flag("latest") and last == -1:
        last = 1
    if last > 0 or (scene.client.major < 23 and last != -1):
        query["limit"] = [str(last)]
    return [Expected("GET", "/containers/json", query)], []
