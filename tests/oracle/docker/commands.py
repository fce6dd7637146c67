# SPDX-License-Identifier: ISC
"""For each command: the requests that follow from what writ read.

A rule is a function of the reading and the scene that returns (required, allowed): requests that must
be sent, each once, and harmless ones that may be (looking up a container before the real request).
"""

import copy
import re
import time

import golang
import images
from create import Body, expected_run, platform
from expected import Expected
from reading import NoRule
from standin import CONTAINER_ID, EXEC_ID, IMAGE_ID

RULES = {}


def rule(*commands):
    def add(function):
        for command in commands:
            RULES["docker " + command] = function
        return function
    return add


def expected_requests(reading, scene):
    function = RULES.get(reading.command)
    if function is None:
        raise NoRule("the oracle has no rule for the command %r" % reading.command)
    required, allowed = function(reading, scene)
    reading.ignore("help")
    reading.finish()
    # The client may ask these on its own before anything else.
    return required, allowed + [Expected("GET", "/info"), Expected("GET", "/version")]


def container(name, rest="", method="POST", query=None, body=None):
    return Expected(method, "/containers/" + name + rest, {} if query is None else query, body)


def switches(reading, **names):
    """Query values "1" for the flags that are set."""
    return {query: ["1"] for query, option in names.items() if reading.flag(option)}


def several(reading, name):
    """Values of an option that takes a list: each is a CSV record; an empty one has no fields."""
    return [field for text in reading.texts(name) if text for field in golang.csv_record(text)]


def filters(texts, extra=None):
    out = {}
    for text in texts:
        if text:
            name, _, value = text.partition("=")
            out.setdefault(name.strip().lower(), {})[value.strip()] = True
    for name, value in extra or ():
        out.setdefault(name, {})[value] = True
    return {"filters": out} if out else {}


def moment(text, now):
    """--since and --until: a duration counts back from now, numbers are seconds."""
    if not text:
        return None
    try:
        wanted = now - golang.duration(text) / 10**9
        return lambda sent: len(sent) == 1 and abs(float(sent[0]) - wanted) < 60
    except golang.Unreadable:
        pass
    if re.fullmatch(r"[0-9]+(\.[0-9]+)?", text):
        return lambda sent: len(sent) == 1 and float(sent[0]) == float(text)
    # A date: the engine gets seconds; that there is such a number is all that is checked.
    return lambda sent: len(sent) == 1 and re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", sent[0])


def moments(reading):
    now = time.time()
    found = {name: moment(reading.text(name), now) for name in ("since", "until")}
    return {name: judge for name, judge in found.items() if judge}


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
    body = copy.deepcopy(scene.exec_baseline)
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
        query["t"] = [str(golang.integer(reading.text("time", "timeout")))]
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
             **moments(reading),
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
            body.set(key, golang.integer(reading.text(name)))
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
    last = golang.integer(reading.text("last", default="-1"))
    if reading.flag("latest") and last == -1:
        last = 1
    if last > 0 or (scene.client.major < 23 and last != -1):
        query["limit"] = [str(last)]
    return [Expected("GET", "/containers/json", query)], []


@rule("container prune", "volume prune", "network prune")
def prune(reading, scene):
    reading.ignore("force")
    extra = [("all", "true")] if reading.flag("all") else []
    query = filters(reading.texts("filter"), extra)
    return [Expected("POST", "/%ss/prune" % reading.command.split()[1], query)], []


@rule("image prune")
def prune_images(reading, scene):
    reading.ignore("force")
    extra = [("dangling", "false" if reading.flag("all") else "true")]
    return [Expected("POST", "/images/prune", filters(reading.texts("filter"), extra))], []


@rule("system prune")
def prune_all(reading, scene):
    reading.ignore("force")
    texts, everything = reading.texts("filter"), reading.flag("all")
    extra = [("dangling", "false" if everything else "true")]
    required = [Expected("POST", "/containers/prune", filters(texts)),
                Expected("POST", "/networks/prune", filters(texts)),
                Expected("POST", "/images/prune", filters(texts, extra)),
                Expected("POST", "/build/prune", build_prune_query(texts, everything))]
    if reading.flag("volumes"):
        required.append(Expected("POST", "/volumes/prune", filters(texts)))
    return required, []


def build_prune_query(texts, everything):
    return {"keep-storage": lambda sent: sent in ([], ["0"]), **filters(texts),
            **({"all": ["1"]} if everything else {})}


@rule("builder prune")
def prune_builds(reading, scene):
    reading.ignore("force")
    if reading.given("keep-storage"):
        raise NoRule("--keep-storage")
    query = build_prune_query(reading.texts("filter"), reading.flag("all"))
    return [Expected("POST", "/build/prune", query)], []


@rule("image ls")
def list_images(reading, scene):
    reading.ignore("quiet", "no-trunc", "digests", "format")
    reference = [("reference", word) for word in reading.words() if word]
    query = {**switches(reading, all="all", manifests="tree"),
             **filters(reading.texts("filter"), reference)}
    return [Expected("GET", "/images/json", query)], []


@rule("image pull")
def pull(reading, scene):
    reading.ignore("quiet", "disable-content-trust")
    reference = images.split(reading.words()[0])
    query = {"fromImage": [reference.name(scene.client)]}
    if not reading.flag("all-tags"):
        query["tag"] = [reference.version]
    if reading.text("platform"):
        query["platform"] = [reading.text("platform")]
    return [Expected("POST", "/images/create", query)], []


@rule("image push")
def push(reading, scene):
    reading.ignore("quiet", "disable-content-trust")
    reference = images.split(reading.words()[0])
    query = {} if reading.flag("all-tags") else {"tag": [reference.version]}
    if reading.text("platform"):
        query["platform"] = [sorted_platform(reading.text("platform"))]
    return [Expected("POST", "/images/%s/push" % reference.name(scene.client), query)], []


@rule("image tag")
def tag(reading, scene):
    source, target = reading.words()
    reference = images.split(target)
    query = {"repo": [reference.name(scene.client)], "tag": [reference.version]}
    return [Expected("POST", "/images/%s/tag" % source, query)], []


@rule("image rm")
def remove_images(reading, scene):
    query = switches(reading, force="force", noprune="no-prune")
    if reading.given("platform"):
        query["platforms"] = list(dict.fromkeys(map(sorted_platform, several(reading, "platform"))))
    return [Expected("DELETE", "/images/" + name, query) for name in reading.words()], []


def sorted_platform(text):
    system, architecture = platform(text).split("/")[:2]
    return '{"architecture":"%s","os":"%s"}' % (architecture, system)


@rule("image history", "image inspect")
def look_at_images(reading, scene):
    reading.ignore("format", "human", "no-trunc", "quiet")
    what = "/history" if reading.command.endswith("history") else "/json"
    query = {}
    if reading.text("platform"):
        query["platform"] = [sorted_platform(reading.text("platform"))]
    return [Expected("GET", "/images/" + name + what, query) for name in reading.words()], []


@rule("image save")
def save(reading, scene):
    reading.ignore("output")
    query = {"names": reading.words()}
    if reading.text("platform"):
        query["platform"] = [sorted_platform(reading.text("platform"))]
    return [Expected("GET", "/images/get", query)], []


@rule("image load")
def load(reading, scene):
    reading.ignore("input", "quiet")
    return [Expected("POST", "/images/load")], []


@rule("image import")
def import_image(reading, scene):
    source, *target = reading.words()
    query = {"fromSrc": [source if re.match(r"https?://", source) else "-"],
             "repo": target, "tag": [], "message": [reading.text("message")],
             "changes": reading.texts("change")}
    if reading.text("platform"):
        query["platform"] = [reading.text("platform").lower()]
    return [Expected("POST", "/images/create", query)], []


@rule("network ls", "volume ls")
def list_plain(reading, scene):
    reading.ignore("quiet", "format", "no-trunc", "cluster")
    where = "/%ss" % reading.command.split()[1]
    return [Expected("GET", where, filters(reading.texts("filter")))], []


@rule("network inspect")
def inspect_networks(reading, scene):
    reading.ignore("format")
    query = {"verbose": ["true"]} if reading.flag("verbose") else {}
    if reading.text("scope"):
        query["scope"] = [reading.text("scope")]
    return [Expected("GET", "/networks/" + name, query) for name in reading.words()], []


@rule("network rm")
def remove_networks(reading, scene):
    reading.ignore("force")
    names = reading.words()
    return ([Expected("DELETE", "/networks/" + name, {}) for name in names],
            [Expected("GET", "/networks/" + name) for name in names])


@rule("network connect")
def connect(reading, scene):
    network, name = reading.words()
    body = copy.deepcopy(scene.connect_baseline)
    body["Container"] = name
    endpoint = body["EndpointConfig"]
    addresses = {"IPv4Address": reading.text("ip"), "IPv6Address": reading.text("ip6"),
                 "LinkLocalIPs": several(reading, "link-local-ip")}
    endpoint["IPAMConfig"] = {key: value for key, value in addresses.items() if value}
    endpoint["Aliases"] = several(reading, "alias")
    endpoint["Links"] = reading.texts("link") or None
    pairs = map(golang.key_value, several(reading, "driver-opt"))
    options = {name.strip(): value.strip() for name, value in pairs}
    if options or scene.client.major >= 23:
        endpoint["DriverOpts"] = options
    if reading.given("gw-priority"):
        endpoint["GwPriority"] = golang.integer(reading.text("gw-priority"))
    return [Expected("POST", "/networks/%s/connect" % network, {}, body)], []


@rule("network disconnect")
def disconnect(reading, scene):
    network, name = reading.words()
    body = {"Container": name, "Force": reading.flag("force")}
    return [Expected("POST", "/networks/%s/disconnect" % network, {}, body)], []


@rule("network create")
def create_network(reading, scene):
    body = copy.deepcopy(scene.network_baseline)
    body["Name"], = reading.words()
    body["Driver"] = reading.text("driver", default="bridge")
    for name, key in (("internal", "Internal"), ("attachable", "Attachable"),
                      ("ingress", "Ingress"), ("config-only", "ConfigOnly"),
                      ("ipv6", "EnableIPv6"), ("ipv4", "EnableIPv4")):
        if reading.given(name):
            body[key] = reading.flag(name)
    if reading.text("scope"):
        body["Scope"] = reading.text("scope")
    if reading.text("config-from"):
        body["ConfigFrom"] = {"Network": reading.text("config-from")}
    body["Options"] = dict(map(golang.key_value, reading.texts("opt")))
    body["Labels"] = dict(map(golang.key_value, reading.texts("label")))
    body["IPAM"]["Driver"] = reading.text("ipam-driver", default="default")
    body["IPAM"]["Options"] = dict(map(golang.key_value, reading.texts("ipam-opt")))
    pools = [{"Subnet": text} for text in several(reading, "subnet")]
    for name, key in (("gateway", "Gateway"), ("ip-range", "IPRange")):
        for text in several(reading, name):
            if len(pools) != 1:
                raise NoRule("several subnets with --" + name)
            pools[0][key] = text
    if reading.given("aux-address"):
        raise NoRule("--aux-address")
    body["IPAM"]["Config"] = pools
    return [Expected("POST", "/networks/create", {}, body)], []


@rule("volume create")
def create_volume(reading, scene):
    names = [name for name in [reading.text("name")] + reading.words() if name]
    given = {"Name": names[0] if names else "", "Driver": reading.text("driver", default="local"),
             "DriverOpts": dict(map(golang.key_value, reading.texts("opt"))),
             "Labels": dict(map(golang.key_value, reading.texts("label")))}
    body = {**scene.volume_baseline, **{key: value for key, value in given.items() if value}}
    return [Expected("POST", "/volumes/create", {}, body)], []


@rule("volume rm")
def remove_volumes(reading, scene):
    query = switches(reading, force="force")
    return [Expected("DELETE", "/volumes/" + name, query) for name in reading.words()], []


@rule("volume inspect")
def inspect_volumes(reading, scene):
    reading.ignore("format")
    return [Expected("GET", "/volumes/" + name, {}) for name in reading.words()], []


@rule("system df", "system info", "version")
def whole_system(reading, scene):
    reading.ignore("format", "verbose")
    where = {"df": "/system/df", "info": "/info", "version": "/version"}
    return [Expected("GET", where[reading.command.split()[-1]], {})], []


@rule("system events")
def events(reading, scene):
    reading.ignore("format")
    query = {**moments(reading), **filters(reading.texts("filter"))}
    return [Expected("GET", "/events", query)], []


@rule("search")
def search(reading, scene):
    reading.ignore("format", "no-trunc")
    query = {"term": reading.words(), **filters(reading.texts("filter"))}
    default = "25" if scene.client.major < 23 else "0"
    limit = golang.integer(reading.text("limit", default=default))
    if limit or scene.client.major < 23:
        query["limit"] = [str(limit)]
    return [Expected("GET", "/images/search", query)], []


@rule("login")
def login(reading, scene):
    server = reading.words()
    body = {"username": reading.text("username"), "password": reading.text("password"),
            "serveraddress": server[0] if server else "https://index.docker.io/v1/"}
    return [Expected("POST", "/auth", {}, body)], []
