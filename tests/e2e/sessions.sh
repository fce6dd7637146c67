#!/bin/bash
# SPDX-License-Identifier: ISC
#
# Logins by the real sshd with real keys: the record, the events, and the session of what is done in it,
# also after setsid, nohup and logout, and from tmux.

# shellcheck disable=SC2016,SC2154
# shellcheck source=tests/lib/e2e.sh
. "$(dirname "$0")/../lib/e2e.sh"
# shellcheck source=tests/lib/sshd.sh
. "$(dirname "$0")/../lib/sshd.sh"
e2e_program say <<<$'#!/bin/sh\necho "said $*"'
pam_stacks
ssh_key one -t ed25519
ssh_key two -t ecdsa
ssh_key authority -t ed25519
ssh_key certified -t rsa -b 2048
ssh-keygen -q -s "$SSH_KEYS/authority" -I 'agent 7 of carol' -z 18446744073709551615 -n ai-worker "$SSH_KEYS/certified.pub"
ssh_authorize ai-worker one two
ssh_authorize carol two
cp "$SSH_KEYS/authority.pub" /etc/ssh/authority.pub
sshd_start 'TrustedUserCAKeys /etc/ssh/authority.pub'
one=$(ssh_fingerprint one.pub)
rule() {
	printf '{ "id": "%s", "effect": "allow", "program": ["/usr/bin/say"], "argv": [["%s"]], "session": %s },' \
		"$1" "$1" "$2"
}
e2e_policy "$(rule tagged '{ "tagged": true }')
	$(rule untagged '{ "tagged": false }')
	$(rule sshd '{ "service": ["sshd"] }')
	$(rule su '{ "service": ["su", "su-l"] }')
	$(rule key-one "{ \"key\": [\"$one\"] }")
	$(rule four '{ "from": ["10.0.0.0/8", "127.0.0.0/8"] }')
	$(rule six '{ "from": ["::1/128"] }')
	$(rule both "{ \"service\": [\"sshd\"], \"key\": [\"$one\"], \"from\": [\"127.0.0.1\"] }")
	{ \"id\": \"environment\", \"effect\": \"allow\", \"program\": [\"/usr/bin/env\"], \"argv\": [[]] },"

# The shape of it.
ssh_as one ai-worker 'sudo docker restart ollama && echo "$WRIT_SESSION"'
is 'a login by key runs the main job' "$status $(head -n 1 <<<"$out")" '0 ollama'
id=$(tail -n 1 <<<"$out")
like 'it has an id' "$id" '^[0-9]{8}T[0-9]{6}Z-[0-9a-f]{8}$'
is 'the decision is made in it' "$(decided_in)" "$id"
is 'events in order' "$(events '[x["event"] for x in e if x["session"] == "'"$id"'"]')" \
	"['session-open', 'decision', 'exit', 'session-close']"
is 'every event has these' \
	"$(events '[k for x in e for k in "time host event id session user uid".split() if k not in x]')" '[]'
is 'the record names it' "$(records '[r["session"] for r in e]')" "['$id']"
is 'who, by what, from where' \
	"$(records '[e[0][k] for k in ("user", "uid", "service", "tty", "from", "host", "by", "closed")]')" \
	"['ai-worker', $(id -u ai-worker), 'sshd', 'ssh', '127.0.0.1', 'writ-host', None, 'logout']"
is 'the key, as ssh-keygen prints it' "$(records 'e[0]["key"]')" \
	"{'type': 'ssh-ed25519', 'fingerprint': '$one'}"
is 'the boot' "$(records 'e[0]["boot"]')" "$(cat /proc/sys/kernel/random/boot_id)"
like 'the audit session' "$(records 'e[0]["audit_session"]')" '^[0-9]+$'
is 'session-open says what the record says' "$(opened "$id" '{k: o[k] for k in o if k not in ("time", "event", "id")}')" \
	"$(records '{k: e[0][k] for k in ("host", *[k for k in e[0] if k not in ("closed", "host")])}')"
is 'folders and file are root'"'"'s' \
	"$(stat -c '%U %G %a' /run/writ /run/writ/sessions "/run/writ/sessions/$id.json" | tr '\n' ' ')" \
	'root root 711 root root 711 root root 600 '
log=$(find /var/log/sudo-io/ai-worker -name log.json)
like 'the session is in the path of the I/O log' "$log" "^/var/log/sudo-io/ai-worker/$id/[^/]+/log.json$"
is 'and in the environment that log.json keeps' \
	"$(python3 -c 'import json, sys; print(sorted(v for v in json.load(open(sys.argv[1]))["runenv"] if v.startswith("WRIT_")))' "$log")" \
	"['WRIT_EVENT=$(events '[x["id"] for x in e if x["event"] == "decision"][0]')', 'WRIT_RULE=restart-service', 'WRIT_SESSION=$id']"
ssh_as one ai-worker 'sudo env'
is 'the command has the three' "$(grep ^WRIT_ <<<"$out" | sed 's/=.*//' | sort | tr '\n' ' ')" \
	'WRIT_EVENT WRIT_RULE WRIT_SESSION '
unlike 'a second login has another id' "$(decided_in)" "$id"
is 'syslog has it' "$(host_syslog | sed -n 's/.*pam_writ(sshd:session): //p' | head -n 1)" \
	"session $id opened for ai-worker: tty=ssh from=127.0.0.1 key=$one by=-"
ssh_as two carol 'echo "<$WRIT_SESSION>"'
is 'a login of another user' "$status $out" '0 <>'
is 'leaves nothing' "$(records '{r["user"] for r in e}') $(events '{x["user"] for x in e}')" "{'ai-worker'} {'ai-worker'}"

# Rules that lean on it.
says() {
	local name=$1 key=$2 words=$3 want=$4 word got=''
	ssh_as "$key" ai-worker "for w in $words; do sudo say \$w; done" 2>/dev/null
	for word in $out; do [ "$word" = said ] || got+="$word "; done
	is "$name" "$got" "$want"
}
all='tagged untagged sshd su key-one four six both'
says 'rules by session: IPv4, the first key' one "$all" 'tagged sshd key-one four both '
says 'another key' two "$all" 'tagged sshd four '
SSH_HOST=::1 says 'IPv6' one "$all" 'tagged sshd key-one six '
as ai-worker "for w in $all; do sudo say \$w; done"
is 'without a session of its audit session (su from no login)' "$(tr '\n' ' ' <<<"$out")" 'said tagged said su '
PAM_WRIT='' pam_stacks
as ai-worker "for w in $all; do sudo say \$w; done"
is 'untagged' "$(tr '\n' ' ' <<<"$out")" 'said untagged '
is 'the log says null' "$(decided_in)" None
pam_stacks

# Every kind of key that can log in here, plain and certified. A security key needs no hardware: sk_provider.c.
provider=/usr/lib/sk_provider.so
install -m 644 "$WRIT_BUILD/tests/e2e/sk_provider.so" "$provider"
ssh_key rsa -t rsa -b 2048
ssh_key p256 -t ecdsa -b 256
ssh_key p384 -t ecdsa -b 384
ssh_key p521 -t ecdsa -b 521
ssh_key ed25519 -t ed25519
ssh_key sk -t ed25519-sk -w "$provider"
kinds='rsa p256 p384 p521 ed25519 sk'
# shellcheck disable=SC2086
ssh_authorize ai-worker one two $kinds
for kind in $kinds; do
	ssh_as "$kind" ai-worker 'sudo -n docker restart ollama' -o "SecurityKeyProvider=$provider"
	is "$kind: the key, as ssh-keygen prints it" "$status $(opened "$(decided_in)" '(o["key"]["type"], o["key"]["fingerprint"])')" \
		"0 ('$(cut -d' ' -f1 "$SSH_KEYS/$kind.pub")', '$(ssh_fingerprint "$kind.pub")')"
	ssh-keygen -q -s "$SSH_KEYS/authority" -I "id of $kind" -z 7 -n ai-worker "$SSH_KEYS/$kind.pub"
	ssh_as "$kind" ai-worker 'sudo -n docker restart ollama' -o "SecurityKeyProvider=$provider" \
		-o "CertificateFile=$SSH_KEYS/$kind-cert.pub"
	is "$kind: its certificate" "$status $(opened "$(decided_in)" '[o["key"][k] for k in ("type", "fingerprint", "key_id", "serial")]')" \
		"0 ['$(cut -d' ' -f1 "$SSH_KEYS/$kind-cert.pub")', '$(ssh_fingerprint "$kind.pub")', 'id of $kind', '7']"
done
clear_sessions

# Certificates.
ssh_as certified ai-worker 'sudo docker restart ollama' -o "CertificateFile=$SSH_KEYS/certified-cert.pub"
is 'a login with a certificate' "$status" 0
is 'the key within, the key id and the serial' "$(opened "$(decided_in)" 'o["key"]')" \
	"{'type': 'ssh-rsa-cert-v01@openssh.com', 'fingerprint': '$(ssh_fingerprint certified-cert.pub)', 'key_id': 'agent 7 of carol', 'serial': '18446744073709551615'}"
is 'which is the fingerprint of the key' "$(ssh_fingerprint certified-cert.pub)" "$(ssh_fingerprint certified.pub)"

# Work that goes on.
mkfifo -m 666 "$E2E/go" && chmod 711 "$E2E"
# later NAME WRAP: a login that leaves something behind, and logs out; told to go on, that asks for its main job.
later() {
	local name=$1 line=$2
	host_install_file 755 /home/ai-worker/work <<-EOF
		#!/bin/bash
		read -r _ <$E2E/go
		echo "\$(sudo -n docker restart ollama 2>/tmp/work.err)" >/tmp/work.done
	EOF
	rm -f /tmp/work.done
	ssh_as one ai-worker "echo \$WRIT_SESSION; $line"
	is "$name: the login ends" "$status" 0
	id=$(head -n 1 <<<"$out")
	until_true eval '[ "$(closed "$id")" = "['"'logout'"']" ]'
	is "$name: its end is in the log" "$(closed "$id")" "['logout']"
	clear_sessions
	check "$name: the record outlives it" [ -f "/run/writ/sessions/$id.json" ]
	echo >"$E2E/go"
	until_true [ -s /tmp/work.done ]
	is "$name: the work is done" "$(cat /tmp/work.done)" ollama
	is "$name: in its session" "$(decided_in)" "$id"
	until_true eval '! pgrep -u ai-worker >/dev/null'
	clear_sessions
	check "$name: then the record is cleared" [ ! -e "/run/writ/sessions/$id.json" ]
	is "$name: it was closed once" "$(closed "$id")" "['logout']"
}
detach='>/dev/null 2>&1 </dev/null'
later 'nohup' "nohup ./work $detach &"
later 'setsid' "setsid -f ./work $detach"
later 'a double fork' "( ( ( ./work $detach & ) & ) & ) $detach"
later 'tmux' 'tmux new-session -d ./work'

# became ID: what writ sessions says of it
became() {
	writ sessions --session "$1" --json |
		python3 -c 'import json, sys; s = json.load(sys.stdin)
print(*(s[k] for k in ("state", "user", "service", "allowed", "denied")))'
}

# One tmux, two logins: who works in it is in the session that began it.
ssh_as one ai-worker 'tmux new-session -d -s shared; echo "$WRIT_SESSION"'
id=$out
is 'writ sessions: closed, but processes of it live' "$(became "$id")" 'lingers ai-worker sshd 0 0'
is 'and so it is active' "$(writ sessions --active --session "$id" | cut -c 1-25)" "$id"
ssh_as two ai-worker 'tmux send-keys -t shared "sudo -n docker restart ollama; tmux wait-for -S done" Enter; tmux wait-for done; tmux kill-server'
is 'a command typed into another'"'"'s tmux is that one'"'"'s' "$(decided_in)" "$id"
is 'writ sessions counts it' "$(became "$id" | cut -d ' ' -f 2-)" 'ai-worker sshd 1 0'
clear_sessions
is 'writ sessions: when its processes are gone it is closed' "$(became "$id")" 'closed ai-worker sshd 1 0'
is 'writ log --key: the sessions of that key and no other' \
	"$(writ log --key "$(ssh_fingerprint two.pub)" --event session-open --json | wc -l)" \
	"$(events 'len([x for x in e if x["event"] == "session-open" and x["key"] and x["key"]["fingerprint"] == "'"$(ssh_fingerprint two.pub)"'"])')"
is 'writ log --verify: all logins were closed' "$(writ log --verify --json | grep -c '"no-close"\|"no-open"')" 0
is 'no record of a closed session is left' "$(records 'len(e)')" 0
is 'nothing is left in the index' "$(find /run/writ/sessions/.index -mindepth 1)" ''
done_testing
