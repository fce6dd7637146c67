#!/bin/bash
# SPDX-License-Identifier: ISC
#
# The way to the log server by TLS: certificates of both ends are checked, and what cannot be sent
# safely is not sent. By sudo itself where it was built with TLS and its sudo_sendlog checks
# certificates (1.9.18); else, as on Debian 12, through stunnel.

# shellcheck source=tests/lib/e2e.sh
. "$(dirname "$0")/../lib/e2e.sh"
# shellcheck source=tests/lib/logserver.sh
. "$(dirname "$0")/../lib/logserver.sh"

TLS=/srv/tls
mkdir -p "$TLS" && chmod 700 "$TLS"

# authority NAME: a certificate authority.
authority() {
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 -subj "/CN=$1" \
		-addext keyUsage=critical,keyCertSign,cRLSign \
		-keyout "$TLS/$1.key" -out "$TLS/$1.pem" 2>/dev/null
}

# certificate NAME AUTHORITY [expired]: for localhost, by that authority.
certificate() {
	

	openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=localhost \
		-keyout "$TLS/$1.key" -out "$TLS/$1.csr" 2>/dev/null
	printf 'subjectAltName=DNS:localhost,IP:127.0.0.1\n' >"$TLS/$1.ext"
	if [ "${3-}" = expired ]; then
		mkdir -p "$TLS/ca" && : >"$TLS/ca/index"
		printf '[ca]\ndefault_ca=a\n[a]\nnew_certs_dir=%s\ndatabase=%s\npolicy=p\nrand_serial=yes\nunique_subject=no\n[p]\ncommonName=supplied\n' \
			"$TLS/ca" "$TLS/ca/index" >"$TLS/ca/conf"
		openssl ca -batch -notext -config "$TLS/ca/conf" -md sha256 -startdate 20200101000000Z -enddate 20200201000000Z \
			-keyfile "$TLS/$2.key" -cert "$TLS/$2.pem" -extfile "$TLS/$1.ext" -in "$TLS/$1.csr" -out "$TLS/$1.pem" 2>/dev/null
	else
		openssl x509 -req -days 30 -in "$TLS/$1.csr" -CA "$TLS/$2.pem" -CAkey "$TLS/$2.key" -CAcreateserial \
			-extfile "$TLS/$1.ext" -out "$TLS/$1.pem" 2>/dev/null
	fi
}

# policy SERVER [MEMBERS]
policy() {
	host_install_file 644 /etc/writ/policy.json <<-EOC
		{ "version": 1,
		  "defaults": { "iolog": { "log_servers": "$1", "log_server_timeout": 10${2:+, $2} } },
		  "rules": [ { "id": "arguments", "effect": "allow",
		               "program": "/usr/bin/show-arguments", "argv": [[{ "rest": true }]] } ] }
	EOC
}

# --- the ways: each makes both ends anew. way SERVER'S-CERTIFICATE HOST'S-CERTIFICATE: '' is none.

sudo_speaks_tls() {
	sudo_sendlog --help 2>&1 | grep -q -e --ca-bundle
}

sendlog_verifies() {
	[ "$(printf '%s\n' 1.9.18 "$(sudo_sendlog -V | sed 's/.* //')" | sort -V | head -n 1)" = 1.9.18 ]
}

way_direct() {
	[ -z "$logserver_pid" ] || logserver_stop
	logserver_configure <<-EOC
		listen_address = 127.0.0.1:30344(tls)
		tls_cert = $TLS/$1.pem
		tls_key = $TLS/$1.key
		tls_cacert = $TLS/ours.pem
		tls_checkpeer = true
		tls_verify = false
	EOC
	logserver_start 30344
	override=(--log-server 'localhost:30344(tls)' --cabundle "$TLS/ours.pem" --peer-cert "$TLS/$2.pem"
		--peer-key "$TLS/$2.key")
	policy "localhost:30344(tls)" "\"log_server_cabundle\": \"$TLS/ours.pem\"${2:+,
		\"log_server_peer_cert\": \"$TLS/$2.pem\", \"log_server_peer_key\": \"$TLS/$2.key\"}"
}

override=()                    # what waits was meant for another way; this one is given to writ forward
tunnels=()
tunnel() {
	cat >"$TLS/$1.conf"
	stunnel4 "$TLS/$1.conf" >/dev/null 2>&1 &
	tunnels+=($!)
	wait_until listens "$1" || host_die 'stunnel does not start'
}

way_tunnel() {
	local end
	for end in "${tunnels[@]}"; do
		kill "$end" && wait "$end"
	done
	tunnels=()
	if [ -z "$logserver_pid" ]; then
		echo "listen_address = 127.0.0.1:$LOGSERVER_PORT" | logserver_configure
		logserver_start
	fi
	tunnel 30345 <<-EOC
		foreground = yes
		pid =
		[server]
		accept = 127.0.0.1:30345
		connect = 127.0.0.1:$LOGSERVER_PORT
		cert = $TLS/$1.pem
		key = $TLS/$1.key
		CAfile = $TLS/ours.pem
		requireCert = yes
		verifyChain = yes
	EOC
	tunnel 30346 <<-EOC
		foreground = yes
		pid =
		[host]
		client = yes
		accept = 127.0.0.1:30346
		connect = 127.0.0.1:30345
		CAfile = $TLS/ours.pem
		verifyChain = yes
		checkHost = localhost
		${2:+cert = $TLS/$2.pem
		key = $TLS/$2.key}
	EOC
	policy 127.0.0.1:30346
}

if sudo_speaks_tls && sendlog_verifies; then way=way_direct; else way=way_tunnel; fi
note "$way"

authority ours
authority others
certificate server ours
certificate host ours
certificate server-others others
certificate host-others others
certificate server-expired ours expired
certificate host-expired ours expired
check 'the certificates are made' test -s "$TLS/host-expired.pem" -a -s "$TLS/server-others.pem"

arrived() {
	server_events '(sum(x["event"] == "accept" for x in e), sum(x["event"] == "reject" for x in e))'
}

# --- both have a certificate of ours

"$way" server host
runs 'with certificates a command runs' ai-worker 'sudo show-arguments 1' "[b'1']"
refused 'and a refusal' ai-worker 'sudo docker ps'
out=$(writ forward 2>&1) status=$?
is 'is sent' "$status $out" '0 sent 2 refused, 0 accepted; 0 wait, 0 still run, 0 broken'
is 'both arrive' "$(arrived)" '(1, 2)'

# --- one of them has not

before=$(wc -l <"$E2E/started")
while IFS='|' read -r name server host; do
	"$way" "$server" "$host"
	as ai-worker 'sudo show-arguments 2'
	check "$name: a command is not run" test "$status" -ne 0 -a "$(wc -l <"$E2E/started")" -eq "$before"
	rm -rf /var/spool/writ     # what waits there may go the way that was right
	as ai-worker 'sudo docker ps'
	out=$(writ forward 2>&1) status=$?
	is "$name: a refusal is not sent" "$status $(spooled)" '1 1'
	like "$name: and why" "$out" 'certificate|alert|closes the connection|localhost:30344'
	is "$name: nothing arrives" "$(arrived)" '(1, 2)'
done <<'EOC'
the server shows another authority's certificate|server-others|host
the server's certificate has expired|server-expired|host
the host shows none|server|
the host shows another authority's certificate|server|host-others
the host's certificate has expired|server|host-expired
EOC
"$way" server host
runs 'afterwards commands run again' ai-worker 'sudo show-arguments 3' "[b'3']"
check 'and what waited is sent' quiet writ forward "${override[@]}"
is 'they arrive' "$(arrived)" '(2, 3)'

# --- a sudo without TLS would send everything in the clear, and say nothing

if ! sudo_speaks_tls; then
	for member in '' '"required": false'; do
		policy "127.0.0.1:$LOGSERVER_PORT(tls)" "$member"
		refused "this sudo has no TLS, the policy wants it: $member" ai-worker 'sudo show-arguments 4' policy-error
		unlike 'the subject is not told how' "$err" TLS
	done
	like 'the log is' "$(host_syslog)" 'wants TLS.*without it'
	policy "127.0.0.1:$LOGSERVER_PORT(tls)" "\"log_server_cabundle\": \"$TLS/ours.pem\",
		\"log_server_peer_cert\": \"$TLS/host.pem\", \"log_server_peer_key\": \"$TLS/host.key\""
	rm -rf /var/spool/writ
	refused 'what is refused then' ai-worker 'sudo docker ps'
	out=$(writ forward 2>&1) status=$?
	is 'is not sent in the clear' "$status $(spooled) $(arrived)" '1 2 (2, 3)'
	like 'and that is said' "$out" "127.0.0.1:$LOGSERVER_PORT.*does not check"
fi

# --- what sudo_sendlog is told, of each version

e2e_program sendlog-of-1.9.17 <<'EOC'
#!/bin/sh
[ "$*" = -V ] && { echo "sudo_sendlog version 1.9.17p2"; exit; }
echo "$@" >>/run/e2e/sent
echo "Server ID: stand-in"
EOC
sed s/1.9.17p2/1.9.18/ /usr/bin/sendlog-of-1.9.17 | e2e_program sendlog-of-1.9.18
rm -rf /var/spool/writ
policy 'logs.example:30344(tls)' "\"log_server_cabundle\": \"$TLS/ours.pem\",
	\"log_server_peer_cert\": \"$TLS/host.pem\", \"log_server_peer_key\": \"$TLS/host.key\""
as ai-worker 'sudo docker ps'
out=$(writ forward --sendlog sendlog-of-1.9.17 2>&1) status=$?
is 'one that does not check certificates is told nothing' "$status $(spooled) $(cat "$E2E/sent" 2>/dev/null)" '1 1 '
out=$(writ forward --sendlog sendlog-of-1.9.18 2>&1) status=$?
is 'one that does is told all of it' "$status $(spooled) $(sed 's/-R .* \//-R … \//; s/[^/]*$//' "$E2E/sent")" \
	"0 0 -h logs.example -p 30344 -c $TLS/host.pem -k $TLS/host.key -b $TLS/ours.pem -R … /var/spool/writ/"
policy 'logs.example:30344(tls)' "\"log_server_peer_cert\": \"$TLS/host.pem\", \"log_server_verify\": false"
as ai-worker 'sudo docker ps'
out=$(writ forward --sendlog sendlog-of-1.9.17 2>&1) status=$?
is 'what need not be checked is not' "$status $(sed -n '2s/-R .*//p' "$E2E/sent")" \
	"0 -h logs.example -p 30344 -c $TLS/host.pem -n "
policy 'logs.example:30344(tls)' "\"log_server_cabundle\": \"$TLS/ours.pem\""
as ai-worker 'sudo docker ps'
out=$(writ forward --sendlog sendlog-of-1.9.18 2>&1) status=$?
like 'without a certificate of its own it would not speak TLS' "$status $out" '^1 .*log_server_peer_cert'

for end in "${tunnels[@]}"; do kill "$end"; done
logserver_stop
done_testing
