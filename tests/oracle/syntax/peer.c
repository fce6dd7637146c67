/* SPDX-License-Identifier: ISC */
#include "peer.h"

#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

/* The child: its standard input and output are the pipes. Never returns. */
static void become(const char *path, int in, int out)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (dup2(in, 0) < 0 || dup2(out, 1) < 0)
		_exit(126);
	execl(path, path, (char *)NULL);
	_exit(127);
}

int peer_start(struct peer *peer, const char *path)
{
	int to[2], from[2];

	memset(peer, 0, sizeof(*peer));
	signal(SIGPIPE, SIG_IGN); /* a peer that is gone is an error of fflush */
	if (pipe2(to, O_CLOEXEC) < 0 || pipe2(from, O_CLOEXEC) < 0)
		return -1;
	peer->pid = fork();
	if (peer->pid == 0)
		become(path, to[0], from[1]);
	close(to[0]);
	close(from[1]);
	peer->out = fdopen(to[1], "w");
	peer->in = fdopen(from[0], "r");
	return peer->pid > 0 && peer->out && peer->in ? 0 : -1;
}

int peer_table(struct peer *peer, const struct table *table)
{
	table_write_record(table, peer->out);
	return ferror(peer->out) ? -1 : 0;
}

int peer_read(struct peer *peer, const struct vector *vectors, size_t n, struct reading *ret)
{
	for (size_t i = 0; i < n; i++) {
		wire_put(peer->out, "read");
		for (size_t k = 0; k < vectors[i].n; k++)
			wire_put(peer->out, vectors[i].words[k]);
		wire_end(peer->out);
	}
	wire_put(peer->out, "flush");
	wire_end(peer->out);
	if (fflush(peer->out) != 0)
		return -1;
	for (size_t i = 0; i < n; i++) {
		if (wire_read(peer->in, &peer->record) <= 0 ||
		    reading_from_record(&ret[i], &peer->record) < 0) {
			while (i-- > 0)
				reading_done(&ret[i]);
			return -1;
		}
	}
	return 0;
}

int peer_stop(struct peer *peer)
{
	int status = -1;

	if (peer->out)
		fclose(peer->out);
	if (peer->in)
		fclose(peer->in);
	if (peer->pid > 0 && waitpid(peer->pid, &status, 0) < 0)
		status = -1;
	wire_done(&peer->record);
	return status == 0 ? 0 : -1;
}
