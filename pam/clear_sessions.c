/* SPDX-License-Identifier: ISC */
/*
 * clear-sessions [FOLDER]: what the timer runs. Clears the records of sessions that are over.
 */
#include <stdio.h>

#include "config.h"
#include "error.h"
#include "session_clear.h"

int main(int argc, char *argv[])
{
	struct writ_sessions_cleared cleared;
	struct writ_error err = {0};

	if (argc > 2 || (argc == 2 && *argv[1] != '/')) {
		fprintf(stderr, "usage: clear-sessions [FOLDER]\n");
		return 2;
	}
	if (writ_sessions_clear(argc == 2 ? argv[1] : WRIT_SESSION_DIR, &cleared, &err) < 0) {
		fprintf(stderr, "clear-sessions: %s\n", err.message);
		return 1;
	}
	if (cleared.cleared > 0)
		printf("cleared %zu session records (%zu lost, %zu broken), kept %zu\n",
		       cleared.cleared, cleared.lost, cleared.broken, cleared.kept);
	return 0;
}
