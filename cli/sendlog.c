/* SPDX-License-Identifier: ISC */
#include "sendlog.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "arena.h"
#include "cleanup.h"
#include "error.h"
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

/* Waits until the socket can be written to (connect(2)) or read from. */
static bool wait_for(int fd, short what, unsigned seconds)
{
	struct pollfd wait = {.fd = fd, .events = what};
	int n;

	do
		n = poll(&wait, 1, (int)(seconds < 3600 ? seconds : 3600) * 1000);
	while (n < 0 && errno == EINTR);
	if (n == 0)
		errno = ETIMEDOUT;
	return n > 0;
}

/* A connection to one address of the server's, or -1 with errno. */
static int connect_to(const struct addrinfo *to, unsigned seconds)
{
	auto_close int fd = socket(to->ai_family, to->ai_socktype | SOCK_NONBLOCK | SOCK_CLOEXEC,
				   to->ai_protocol);
	socklen_t size = sizeof(int);
	int why = 0;

	if (fd < 0)
		return -1;
	if (connect(fd, to->ai_addr, to->ai_addrlen) == 0)
		return TAKE_FD(fd);
	if (errno != EINPROGRESS || !wait_for(fd, POLLOUT, seconds) ||
	    getsockopt(fd, SOL_SOCKET, SO_ERROR, &why, &size) < 0)
		return -1;
	errno = why;
	return why ? -1 : TAKE_FD(fd);
}

/* Whether the server at the other end lives still: what it has to say is of no interest, only that
 * it has not ended. */
static bool is_alive(int witness)
{
	char bytes[512];
	ssize_t n;

	do
		n = recv(witness, bytes, sizeof(bytes), MSG_DONTWAIT);
	while (n > 0 || (n < 0 && errno == EINTR));
	return n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
}

/* Connects the witness: it is the server's when the server has sent its greeting. */
static int call_witness(struct sendlog_server *server, unsigned seconds, struct writ_error *err)
{
	const struct addrinfo hints = {.ai_socktype = SOCK_STREAM};
	struct addrinfo *list = NULL;
	auto_close int fd = -1;
	int why;

	if (server->witness >= 0 && is_alive(server->witness))
		return 0;
	sendlog_server_done(server);
	why = getaddrinfo(server->at.host, server->at.port, &hints, &list);
	if (why)
		return writ_error_set(err, "%s: %s", server->address, gai_strerror(why));
	errno = 0;
	for (const struct addrinfo *to = list; to && fd < 0; to = to->ai_next)
		fd = connect_to(to, seconds);
	why = errno;
	freeaddrinfo(list);
	if (fd < 0)
		return writ_error_errno(err, why, "%s", server->address);
	if (!wait_for(fd, POLLIN, seconds))
		return writ_error_errno(err, errno, "%s does not answer", server->address);
	if (!is_alive(fd))
		return writ_error_set(err, "%s closes the connection", server->address);
	server->witness = TAKE_FD(fd);
	return 0;
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
	if (server->at.tls || is_alive(server->witness))
		return SENDLOG_SENT;
	writ_error_set(err, "%s ended meanwhile", server->address);
	return SENDLOG_DOWN;
}
