/* SPDX-License-Identifier: ISC */
/* writ forward: sends what waits in the spool to the log server. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "arena.h"
#include "cleanup.h"
#include "cli.h"
#include "config.h"
#include "error.h"
#include "program.h"
#include "sendlog.h"
#include "spool.h"
#include "spooled.h"

/* Complaints about single items that are printed. */
#define SHOWN_MAX 20
/* Servers that one run can know. */
#define SERVERS_MAX 64

struct args {
	const char *server, *cabundle, *peer_cert, *peer_key, *sendlog;
};

static const struct cli_option options[] = {
	{"log-server", "HOST:PORT", offsetof(struct args, server),
	 "to this server, not to those that the policy named ((tls) behind it: TLS)"},
	{"cabundle", "FILE", offsetof(struct args, cabundle),
	 "TLS: whom to believe, instead of log_server_cabundle"},
	{"peer-cert", "FILE", offsetof(struct args, peer_cert),
	 "TLS: this host's certificate, instead of log_server_peer_cert"},
	{"peer-key", "FILE", offsetof(struct args, peer_key),
	 "TLS: its key, instead of log_server_peer_key"},
	{"sendlog", "PROGRAM", offsetof(struct args, sendlog), "the program sudo_sendlog"},
};

struct forward {
	const struct args *args;
	const char *program;
	bool verifies; /* sendlog.h */
	int spool;
	struct writ_arena *arena; /* of one item */
	struct sendlog_server servers[SERVERS_MAX];
	size_t n_servers;
	size_t refused, accepted; /* sent */
	size_t waiting, running, broken, shown;
};

static void show(struct forward *forward, const struct writ_error *err)
{
	if (forward->shown++ < SHOWN_MAX)
		cli_error(err);
}

/* The server of that address in this run. Full, or no address: NULL. */
static struct sendlog_server *find_server(struct forward *forward, const char *address)
{
	struct sendlog_server *server = &forward->servers[forward->n_servers];

	for (size_t i = 0; i < forward->n_servers; i++)
		if (strcmp(forward->servers[i].address, address) == 0)
			return &forward->servers[i];
	if (forward->n_servers == SERVERS_MAX)
		return NULL;
	address = strdup(address);
	if (!address)
		return NULL;
	if (sendlog_server_init(server, address) < 0) {
		free((char *)address);
		return NULL;
	}
	forward->n_servers++;
	return server;
}

/* To the first server that takes it. */
static bool send_to_one(struct forward *forward, const struct sendlog *what)
{
	for (size_t i = 0; i < what->item->n_log_servers; i++) {
		struct sendlog_server *server = find_server(forward, what->item->log_servers[i]);
		struct writ_error err = {0};

		if (!server || server->down)
			continue;
		switch (sendlog_send(what, server, forward->arena, &err)) {
		case SENDLOG_SENT:
			return true;
		case SENDLOG_DOWN:
			server->down = true;
			cli_error(&err);
			break;
		case SENDLOG_FAILED:
			snprintf(err.file, sizeof(err.file), "%s", what->item->event);
			show(forward, &err);
			break;
		}
	}
	return false;
}

static bool all_down(struct forward *forward, const struct writ_spooled *item)
{
	for (size_t i = 0; i < item->n_log_servers; i++) {
		const struct sendlog_server *server = find_server(forward, item->log_servers[i]);

		if (server && !server->down)
			return false;
	}
	return true;
}

/* What waits holds the settings of its own time; the command line has the last word. */
static void override(const struct args *args, struct writ_spooled *item)
{
	if (args->server) {
		item->log_servers = &args->server;
		item->n_log_servers = 1;
	}
	if (args->cabundle)
		item->cabundle = args->cabundle;
	if (args->peer_cert) {
		item->peer_cert = args->peer_cert;
		item->peer_key = NULL;
	}
	if (args->peer_key)
		item->peer_key = args->peer_key;
}

static bool send_item(struct forward *forward, struct writ_spooled *item)
{
	struct sendlog what = {
		.program = forward->program, .verifies = forward->verifies, .item = item};
	struct writ_error err = {0};

	override(forward->args, item);
	if (all_down(forward, item))
		return false;
	what.folder = writ_spooled_stage(forward->spool, item, forward->arena, &what.bytes,
					 &what.io, &err);
	if (!what.folder) {
		show(forward, &err);
		return false;
	}
	return send_to_one(forward, &what);
}

static void forward_one(struct forward *forward, const char *name)
{
	struct writ_spooled item;
	struct writ_error err = {0};
	int opened;

	writ_arena_reset(forward->arena);
	opened = writ_spooled_open(forward->spool, name, forward->arena, &item, &err);
	if (opened == 0) {
		forward->running++;
	} else if (opened < 0) {
		forward->broken++;
		show(forward, &err);
	} else if (!send_item(forward, &item)) {
		forward->waiting++;
	} else if (writ_spool_remove(forward->spool, name, &err) < 0) {
		/* It will be sent a second time. */
		forward->waiting++;
		show(forward, &err);
	} else if (item.accepted) {
		forward->accepted++;
	} else {
		forward->refused++;
	}
	writ_spooled_close(&item);
}

static enum cli_status summary(const struct forward *forward)
{
	if (forward->shown > SHOWN_MAX)
		fprintf(stderr, "writ: and %zu more\n", forward->shown - SHOWN_MAX);
	if (forward->refused || forward->accepted || forward->waiting || forward->broken ||
	    forward->running)
		printf("sent %zu refused, %zu accepted; %zu wait, %zu still run, %zu broken\n",
		       forward->refused, forward->accepted, forward->waiting, forward->running,
		       forward->broken);
	return forward->waiting || forward->broken ? CLI_NO : CLI_YES;
}

static enum cli_status forward_all(struct forward *forward)
{
	struct writ_arena *arena = writ_arena_new();
	const char *const *names = NULL;
	struct writ_error err = {0};
	enum cli_status status = CLI_FAILED;
	size_t n = 0;

	forward->arena = writ_arena_new();
	if (!arena || !forward->arena) {
		writ_error_set(&err, "out of memory");
		cli_error(&err);
	} else if (writ_spooled_list(forward->spool, arena, &names, &n, &err) < 0) {
		cli_error(&err);
	} else {
		forward->program = n ? program_find(arena,
						    forward->args->sendlog ? forward->args->sendlog
									   : "sudo_sendlog",
						    &err)
				     : "";
		if (!forward->program)
			cli_error(&err);
		forward->verifies =
			n && forward->program && sendlog_verifies(forward->program, forward->arena);
		for (size_t i = 0; forward->program && i < n; i++)
			forward_one(forward, names[i]);
		if (forward->program)
			status = summary(forward);
	}
	for (size_t i = 0; i < forward->n_servers; i++) {
		sendlog_server_done(&forward->servers[i]);
		free((char *)forward->servers[i].address);
	}
	writ_arena_free(forward->arena);
	writ_arena_free(arena);
	return status;
}

static enum cli_status run(const struct cli_command *self, int argc, char **argv)
{
	struct args args = {0};
	struct forward forward = {.args = &args, .spool = -1};
	auto_close int spool = -1, lock = -1;
	struct writ_error err = {0};
	struct writ_log_server server;
	enum cli_status status;
	int n;

	if (!cli_options_read(self, argc, argv, &args, &n, &status))
		return status;
	if (n > 0)
		return cli_usage_error(self, "what is '%s'?", argv[0]);
	if (args.server && writ_log_server_parse(args.server, &server) < 0)
		return cli_usage_error(self, "'%s' is no log server", args.server);
	/* A server that goes away while something is sent. */
	signal(SIGPIPE, SIG_IGN);
	spool = writ_spool_open(false, &err);
	if (spool < 0 && errno == ENOENT)
		return CLI_YES;
	if (spool < 0)
		return cli_error(&err);
	lock = writ_spooled_lock(spool, &err);
	if (lock < 0 && errno == EWOULDBLOCK) {
		fputs("writ: another 'writ forward' is sending\n", stderr);
		return CLI_NO;
	}
	if (lock < 0)
		return cli_error(&err);
	forward.spool = spool;
	return forward_all(&forward);
}

const struct cli_command cli_forward = {
	.name = "forward",
	.operands = "",
	.doc = "send refused requests and kept I/O logs to the log server",
	.options = options,
	.n_options = ARRAY_SIZE(options),
	.run = run,
};
