# SPDX-License-Identifier: ISC
"""Random docker command lines near what the shipped policies allow: lines that they allow, in many
spellings, and the same with something put in, doubled, replaced, taken away or spelt oddly. Where a
rule has a gap, it is next to what it grants."""

import json
import os

import pools

POLICIES = ("ai-worker", "whitelist")
OUTPUT = {  # options that change how something is shown, of commands that only look
    "ps": [["-a"], ["-q"], ["-n", "3"], ["-l"], ["-s"], ["--no-trunc"], ["-f", "name=ollama"],
           ["--format", "{{.Names}}"], ["--filter=status=running"], ["-aq"]],
    "images": [["-a"], ["-q"], ["--digests"], ["--no-trunc"], ["--format={{.ID}}"],
               ["-f", "dangling=true"]],
    "info": [["-f", "{{.Driver}}"]], "version": [["--format", "json"]],
    "system df": [["-v"], ["--format={{.Type}}"]],
    "network ls": [["-q"], ["--no-trunc"], ["-f", "name=x"]],
    "volume ls": [["-q"], ["--filter", "dangling=true"]],
    "logs": [["-t"], ["--tail", "5"], ["-n5"], ["--since=1h"], ["--until", "5m"], ["--details"],
             ["-f=false"], ["-tn", "7"]],
    "inspect": [["-f", "{{.Id}}"], ["-s"], ["--type", "container"], ["--type=container"]],
    "stats": [["--no-stream"], ["-a"], ["--no-trunc"]],
}
GROUPED = {"ps": "container ls", "images": "image ls", "info": "system info", "pull": "image pull"}
TRIAL = [  # what a trial container may have
    ["-i"], ["-t"], ["-it"], ["-ti"], ["--init"], ["--name", "bench-7"], ["--name=x.y_z"],
    ["-e", "A=b"], ["-eA=b"], ["--env=A=b=c"], ["-e=A="], ["--network", "none"], ["--net=none"],
    ["-m", "64m"], ["-m64m"], ["--memory=1.5g"], ["--cpus", ".5"], ["--cpus=1"], ["-c", "512"],
    ["--cpu-shares=2"], ["--cpu-period", "1000"], ["--cpu-quota=5000"], ["--cpuset-cpus", "0-3"],
    ["--read-only"], ["--read-only=true"], ["--cap-drop", "ALL"], ["--cap-drop=net_raw"],
    ["--security-opt", "no-new-privileges"], ["--security-opt=no-new-privileges:true"],
    ["-u", "1000:1000"], ["-u1000"], ["--user=0"], ["--pull", "never"], ["--pull=always"],
    ["--pids-limit", "20"], ["--memory-swap=1g"], ["--memory-reservation", "32m"], ["-q"],
    ["--device-read-bps", "/dev/sda:1mb"]]
MORE = [  # what nothing may have; each is put anywhere
    ["--privileged"], ["--privileged=true"], ["--privileged=1"], ["-v", "/:/h"], ["-v/:/h"],
    ["-itv", "/:/h"], ["-v=/:/h"], ["--volume=/:/h"], ["-v", "v:/h"], ["-v", "/x"], ["-v", ".:/h"],
    ["--mount", "type=bind,src=/,dst=/h"], ["--mount=TYPE=bind,\"source=/\",dst=/h"],
    ["--mount", "dst=/h,volume-opt=type=none,volume-opt=o=bind,volume-opt=device=/"],
    ["--mount", "\ntype=bind,src=/,dst=/h\nx"], ["--network", "host"], ["--net", "host"],
    ["--network=name=host"], ["--network", " name=host"], ["--network=NAME=HOST"],
    ["--network", "container:ollama"], ["--network-alias=x"], ["--net-alias", "x"], ["--pid=host"],
    ["--pid", "container:ollama"], ["--ipc=host"], ["--uts", "host"], ["--userns=host"],
    ["--cgroupns=host"], ["--cgroup-parent", "/"], ["--cap-add", "sys_admin"], ["--cap-add=ALL"],
    ["--device", "/dev/sda"], ["--device=/dev/null/../sda"], ["--device", "nvidia.com/gpu=all"],
    ["--device-cgroup-rule", "a *:* rwm"], ["--gpus=all"], ["--runtime", "x"],
    ["--env-file", "env.list"], ["--env-file=env.list"], ["--label-file=label.list"],
    ["--cidfile", "made"], ["-e", "ORACLE_SET"], ["-eHOME"], ["--env", "PATH"],
    ["--security-opt", "seccomp=unconfined"], ["--security-opt=systempaths=unconfined"],
    ["--security-opt", "label:disable"], ["--security-opt=seccomp=seccomp.json"],
    ["--security-opt", "no-new-privileges=false"], ["--sysctl", "net.a=1"], ["--group-add=0"],
    ["--volumes-from", "ollama"], ["--tmpfs=/x"], ["--volume-driver", "x"], ["-P"],
    ["-p", "80:80"], ["--link", "ollama"], ["--restart=always"], ["--entrypoint", "sh"],
    ["--entrypoint="], ["--name", "ollama"], ["--name=bench-1/../ollama"], ["-d"], ["-itd"],
    ["--rm=false"], ["--rm=0"], ["-h", "x"], ["-w", "/"], ["-u", "root"], ["--ulimit=core=-1"],
    ["--oom-kill-disable"], ["--use-api-socket"], ["--detach-keys", "x"], ["--force"], ["-f"],
    ["-s", "KILL"], ["--signal=KILL"], ["-a"], ["--volumes"], ["-ai"], ["--type=image"],
    ["--platform", "linux"], ["--disable-content-trust"], ["--insecure"], ["--help"], ["-l"],
    ["--filter", "until=1h"], ["--isolation="], ["--log-driver=none"], ["--annotation", "a=b"]]
BEFORE = [  # options of docker itself
    ["-H", "unix:///nonexistent/x"], ["--host=tcp://127.0.0.1:1"], ["-Hunix:///nonexistent/x"],
    ["-H", ""], ["--host", " "], ["--config", "/nonexistent"], ["--config=."], ["-c", "x"],
    ["--context=default"], ["--tls"], ["--tlsverify=false"], ["--tlscacert", "x"], ["-D"],
    ["--debug=false"], ["-l", "error"], ["-v"], ["--"], ["--log-level=info"]]
WORDS = ["echo", "sh", "x", "--privileged", "-v", "/:/h", "$(id)", "a\nb", "--", "-e", "", "é", "*"]
MODELS = ["qwen3", "qwen3:8b", "test-model", "a.b_c-d:latest", "x:y"]
MODELFILE = "cat <<EOF > /root/.ollama/a.modelfile\nFROM qwen3\nPARAMETER num_ctx 4096\nEOF"


class Boundary:
    def __init__(self, folder, rng):
        self.rng = rng
        self.shown = []
        for name in POLICIES:
            with open(os.path.join(folder, name + ".json"), encoding="utf-8") as file:
                for test in json.load(file)["tests"]:
                    run = test["run"]
                    run = run.split(" ") if isinstance(run, str) else run
                    if test["expect"] == "allow" and run[0] == "docker":
                        self.shown.append(run)

    def chance(self, percent):
        return self.rng.random() * 100 < percent

    def some(self, choices, most):
        found = []
        for _ in range(self.rng.randrange(most + 1)):
            found += self.rng.choice(choices)
        return found

    def vector(self):
        argv = list(self.rng.choice([self.trial, self.trial, self.look, self.control, self.inside,
                                     self.inside, lambda: self.rng.choice(self.shown)])())
        argv = self.respell(argv)
        for _ in range(self.rng.choice([0, 0, 0, 0, 1, 1, 1, 2, 3])):
            argv = self.change(argv)
        return argv

    def words(self, *names):
        """A command's name, at times as it stands in its group."""
        name = self.rng.choice(names)
        if self.chance(25):
            name = GROUPED.get(name, "container " + name if " " not in name else name)
        return ["docker"] + name.split(" ")

    def trial(self):
        argv = self.words("run") + ["--rm"]
        if self.chance(70):
            argv += self.some(TRIAL, 5)
        image = self.rng.choice(["alpine", "alpine", "alpine:3.20", "docker.io/library/alpine",
                                 "docker.io/alpine:latest", "library/alpine"])
        return argv + [image, "echo"] + [self.rng.choice(WORDS)
                                         for _ in range(self.rng.randrange(4))]

    def look(self):
        name = self.rng.choice(sorted(OUTPUT))
        argv = self.words(name) + self.some(OUTPUT[name], 2)
        if name == "stats":
            argv += ["--no-stream"]
        if name in ("logs", "inspect", "stats"):
            argv.append("ollama")
        return argv

    def control(self):
        return self.rng.choice([
            lambda: self.words("start", "stop", "restart") + ["ollama"],
            lambda: self.words("stop", "restart") + ["-t", self.rng.choice(["5", "010", "3600"]),
                                                     "ollama"],
            lambda: self.words("rm", "wait") + [self.rng.choice(["bench-1", "bench-x"])],
            lambda: self.words("rm") + ["-f", "bench-1", "bench-2"],
            lambda: ["docker", "system", "prune", "-f"],
            lambda: self.words("top") + ["ollama"] + self.some([["aux"], ["-ef"]], 1),
            lambda: self.words("port") + ["ollama"] + self.some([["80"], ["80/tcp"]], 1),
            lambda: self.words("pull") + self.some([["-q"]], 1) + [
                self.rng.choice(["alpine", "alpine:3", "ollama/ollama", "ollama/ollama:rocm"])]])()

    def inside(self):
        """docker exec in the container ollama."""
        pick = self.rng.choice
        command = pick([
            ["ollama", "list"], ["ollama", "ps"], ["ollama", "ls"], ["ollama", "--version"],
            ["ollama", "-v"], ["ollama", "pull", pick(MODELS)], ["ollama", "rm", pick(MODELS)],
            ["ollama", "stop", pick(MODELS)], ["ollama", "show", pick(MODELS)],
            ["ollama", "show", "--modelfile", pick(MODELS)],
            ["ollama", "run", pick(MODELS), "two\nlines of a prompt"],
            ["ollama", "run", "--verbose", "--keepalive=5m", pick(MODELS), "x y", "z"],
            ["ollama", "run", "--format", "json", pick(MODELS), "$(x)"],
            ["ollama", "create", "m", "-f", "/root/.ollama/a.modelfile"],
            ["ollama", "create", "m", "--file=/root/.ollama/x"], ["bash", "-c", MODELFILE],
            ["rocm-smi", "--showmeminfo", "vram"], ["rocm-smi", "--showmeminfo", "vram", "--json"]])
        options = self.some([["-i"], ["-t"], ["-it"], ["--tty"], ["-ti"], ["-i=1"]], 1)
        if command[0] == "rocm-smi" and self.chance(50):
            options.append("--privileged")
        return self.words("exec") + options + ["ollama"] + command

    def respell(self, argv):
        """The same line otherwise spelt: --name value and --name=value, flags with their value."""
        out = argv[:2]
        for arg in argv[2:]:
            if arg.startswith("--") and arg.count("=") == 1 and self.chance(25):
                out += arg.split("=", 1)
            elif arg in ("--rm", "--init", "--read-only", "--tty", "-i", "-t", "-it") and \
                    self.chance(15):
                out.append(arg + "=" + self.rng.choice(pools.BOOLEANS[:6]))
            elif out[-1] in ("-e", "-m", "-u", "-n", "-t") and len(out) > 2 and self.chance(20):
                out.append(out.pop() + self.rng.choice(["", "="]) + arg)
            else:
                out.append(arg)
        return out

    def change(self, argv):
        """One change somewhere after the program's name."""
        pick, argv = self.rng.choice, list(argv)
        at = self.rng.randrange(1, len(argv) + 1)
        what = self.rng.randrange(100)
        if what < 35:
            argv[at:at] = pick(MORE)
        elif what < 45:
            argv[2:2] = pick(MORE)
        elif what < 53:
            argv[1:1] = pick(BEFORE)
        elif what < 60:
            argv[at:at] = pick(TRIAL)
        elif what < 66:
            argv[at - 1:at] = argv[at - 1:at] * 2 if at > 1 else argv[at - 1:at]
        elif what < 73 and len(argv) > 2:
            del argv[self.rng.randrange(1, len(argv))]
        elif what < 80:
            argv[-1:] = [pick(["db", "ollama", "../images/x", "ollama/../db", "ollama ", "bench-1",
                               "bench-1/../ollama", "evil/alpine", "alpine@sha256:" + "ab" * 32,
                               "x.io/alpine", "sh", "-v", "/ollama", "bench-\u00e9"])]
        elif what < 85:
            argv[at:at] = pick([["--"], ["db"], ["-"], [""], ["ollama"], ["sh", "-c", "id"]])
        else:
            at = min(at, len(argv) - 1)
            arg, odd = argv[at], pick(pools.ODD_TEXT)
            cut = self.rng.randrange(len(arg) + 1)
            argv[at] = pick([arg[:cut] + odd + arg[cut:], arg.upper(), arg.title(), arg[:cut],
                             arg + odd, odd + arg])
        return argv
