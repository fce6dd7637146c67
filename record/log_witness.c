/* SPDX-License-Identifier: ISC */
#include "log_witness.h"

#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "cleanup.h"
#include "error.h"
#include "log_server.h"

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
bool writ_log_witness_is_alive(int witness)
{
	char bytes[512];
	ssize_t n;

	do
		n = recv(witness, bytes, sizeof(bytes), MSG_DONTWAIT);
	while (n > 0 || (n < 0 && errno == EINTR));
	return n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
}

int writ_log_witness_call(const struct writ_log_server *server, const char *address,
			  unsigned seconds, struct writ_error *err)
{
	const struct addrinfo hints = {.ai_socktype = SOCK_STREAM};
	struct addrinfo *list = NULL;
	auto_close int fd = -1;
	int why = getaddrinfo(server->host, server->port, &hints, &list);

	if (why)
		return writ_error_set(err, "%s: %s", address, gai_strerror(why));
	errno = 0;
	for (const struct addrinfo *to = list; to && fd < 0; to = to->ai_next)
		fd = connect_to(to, seconds);
	why = errno;
	freeaddrinfo(list);
	if (fd < 0)
		return writ_error_errno(err, why, "%s", address);
	if (!wait_for(fd, POLLIN, seconds))
		return writ_error_errno(err, errno, "%s does not answer", address);
	if (!writ_log_witness_is_alive(fd))
		return writ_error_set(err, "%s closes the connection", address);
	return TAKE_FD(fd);
}
