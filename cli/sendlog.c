/* SPDX-License-Identifier: ISC */
#include "sendlog.h"

#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "arena.h"
#include "error.h"
#include "log_witness.h"
#include "program.h"
#include "spooled.h"
#include "text.h"

/* Patience with a server, in seconds, where the policy says nothing; and for an I/O log, bytes in
 * each further second. */
#define TIMEOUT 30
#define BYTES_A_SECOND 65536
#define OUTPUT_MAX ((size_t)64 << 10)
/* Of its complaints, in bytes. */
#define COMPLAINT_MAX 300

/* What sudo_sendlog prints when the server has answered. */
#define ANSWERED "Server ID: "

static const char *const environment[] = {"PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C", NULL};

int sendlog_server_init(struct sendlog_server *server, const char *address)
{
	*server = (struct sendlog_server) {.address = address, .witness = -1};
	return writ_log_server_parse(address, &server->at);
}

void sendlog_server_done(struct sendlog_server *server)
{
	if (server->witness >= 0)
		close(server->witness);
	server->witness = -1;
}

static unsigned patience(const struct writ_spooled *item)
{
	return item->timeout ? item->timeout : TIMEOUT;
}

/* The witness is the server's once that has greeted. */
static int call_witness(struct sendlog_server *server, unsigned seconds, struct writ_error *err)
{
	if (server->witness >= 0 && writ_log_witness_is_alive(server->witness))
		return 0;
	sendlog_server_done(server);
	server->witness = writ_log_witness_call(&server->at, server->address, seconds, err);
	return server->witness < 0 ? -1 : 0;
}

/* At most 16 words and a NULL. */
static void build_argv(const struct sendlog *what, const struct sendlog_server *server,
		       const char *argv[17])
{
	const struct writ_spooled *item = what->item;
	size_t n = 0;

	argv[n++] = "sudo_sendlog";
	argv[n++] = "-h";
	argv[n++] = server->at.host;
	argv[n++] = "-p";
	argv[n++] = server->at.port;
	if (server->at.tls) {
		argv[n++] = "-c";
		argv[n++] = item->peer_cert;
		if (item->peer_key) {
			argv[n++] = "-k";
			argv[n++] = item->peer_key;
		}
		if (item->cabundle) {
			argv[n++] = "-b";
			argv[n++] = item->cabundle;
		}
		if (!item->verify)
			argv[n++] = "-n";
	}
	if (!item->accepted) {
		argv[n++] = "-R";
		argv[n++] = item->reason;
	} else if (!what->io) {
		argv[n++] = "-A";
	}
	argv[n++] = what->folder;
	argv[n] = NULL;
}

/* Its complaints in one line, or what else is wrong with how it ended. */
static int complain(const struct sendlog *what, const struct program_result *result,
		    const struct sendlog_server *server, struct writ_arena *arena,
		    struct writ_error *err)
{
	const char *text = result->err;
	const char *shown;

	if (result->too_long)
		return writ_error_set(err, "%s takes too long", server->address);
	if (*text) {
		char *line = writ_arena_strndup(arena, text, strcspn(text, "\n"));

		shown = line ? writ_text_show(arena, line, COMPLAINT_MAX) : NULL;
		return writ_error_set(err, "%s: %s", server->address, shown ? shown : "?");
	}
	if (WIFEXITED(result->status) && WEXITSTATUS(result->status) == 0)
		return 0;
	return writ_error_set(err, "%s ended with status %d", what->program, result->status);
}

bool sendlog_verifies(const char *program, struct writ_arena *arena)
{
	static const char *const argv[] = {"sudo_sendlog", "-V", NULL};
	const struct program run = {
		.path = program,
		.argv = argv,
		.environment = environment,
		.seconds = TIMEOUT,
		.output_max = OUTPUT_MAX,
	};
	unsigned major, minor, patch;
	struct program_result result;
	const char *version;

	if (program_run(arena, &run, &result, NULL) < 0)
		return false;
	version = strstr(result.out, "version ");
	return version && sscanf(version, "version %u.%u.%u", &major, &minor, &patch) == 3 &&
	       (major > 1 || (major == 1 && (minor > 9 || (minor == 9 && patch >= 18))));
}

/* 0, or -1 with err: it would be spoken without what the policy wants of it. */
static int check_tls(const struct sendlog *what, const struct sendlog_server *server,
		     struct writ_error *err)
{
	if (!what->item->peer_cert)
		return writ_error_set(err,
				      "%s: sudo_sendlog speaks TLS only with a certificate of this "
				      "host's (log_server_peer_cert)",
				      server->address);
	if (what->item->verify && !what->verifies)
		return writ_error_set(err,
				      "%s: this sudo_sendlog does not check the server's "
				      "certificate, 1.9.18 does; use a tunnel",
				      server->address);
	return 0;
}

enum sendlog_outcome sendlog_send(const struct sendlog *what, struct sendlog_server *server,
				  struct writ_arena *arena, struct writ_error *err)
{
	const char *argv[17];
	const struct program program = {
		.path = what->program,
		.argv = argv,
		.environment = environment,
		.seconds = patience(what->item) + (unsigned)(what->bytes / BYTES_A_SECOND),
		.output_max = OUTPUT_MAX,
	};
	struct program_result result;

	if (server->at.tls && check_tls(what, server, err) < 0)
		return SENDLOG_DOWN;
	if (!server->at.tls && call_witness(server, patience(what->item), err) < 0)
		return SENDLOG_DOWN;
	build_argv(what, server, argv);
	if (program_run(arena, &program, &result, err) < 0)
		return SENDLOG_FAILED;
	if (complain(what, &result, server, arena, err) < 0)
		return result.too_long || !strstr(result.out, ANSWERED) ? SENDLOG_DOWN
									: SENDLOG_FAILED;
	if (server->at.tls || writ_log_witness_is_alive(server->witness))
		return SENDLOG_SENT;
	writ_error_set(err, "%s ended meanwhile", server->address);
	return SENDLOG_DOWN;
}
