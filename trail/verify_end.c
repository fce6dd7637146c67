/* SPDX-License-Identifier: ISC */
#include "verifying.h"

#include <dirent.h>
#include <errno.h>
#include <string.h>

#include "arena.h"
#include "cleanup.h"
#include "error.h"
#include "iolog.h"
#include "running.h"
#include "session_record.h"
#include "when.h"

int writ_verify_begin(struct writ_verify *v)
{
	const char *dir = v->options->iolog_dir;
	auto_closedir DIR *opened = dir ? opendir(dir) : NULL;

	if (dir && !opened && errno != ENOENT) {
		v->result->blind_iologs = true;
		snprintf(v->result->iologs_why, sizeof(v->result->iologs_why), "%s: %s", dir,
			 strerror(errno));
	} else if (dir) {
		v->tree = writ_iolog_tree_new(dir);
		if (!v->tree)
			return -1;
	}
	return writ_running_read(&v->running, &v->result->blind_processes);
}

static struct writ_finding at_command(enum writ_finding_kind kind,
				      const struct writ_pending_command *command)
{
	return (struct writ_finding) {
		.kind = kind,
		.file = command->file,
		.offset = command->offset,
		.number = command->number,
		.time = command->time,
		.id = command->id,
	};
}

void writ_verify_iolog_of(struct writ_verify *v, const struct writ_pending_command *command)
{
	struct writ_finding finding = at_command(WRIT_FINDING_NO_IOLOG, command);

	if (!v->tree || !command->tsid ||
	    writ_iolog_tree_find(v->tree, command->tsid, command->host, command->id))
		return;
	writ_verify_find(v, &finding, "the I/O log %s of the allowed command %s is missing",
			 command->tsid, command->id);
}

/* A command that has not ended, at the end of the trail. */
static void end_command(void *data, const struct writ_pending_command *command)
{
	struct writ_verify *v = data;
	struct writ_finding finding = at_command(WRIT_FINDING_NO_EXIT, command);

	/* Between a decision and the moment in which its command can be seen. */
	if (command->time > v->started - WRIT_VERIFY_DISORDER)
		return;
	if (!writ_id_set_has(&v->running,
			     writ_id_digest(command->id, strlen(command->id), SALT_ID)))
		writ_verify_find(v, &finding, "the allowed command %s has not ended and is not %s",
				 command->id,
				 v->result->blind_processes ? "seen to run" : "running");
	writ_verify_iolog_of(v, command);
}

static void end_session(struct writ_verify *v, const struct writ_trail_session *session)
{
	struct writ_finding finding = {
		.file = session->file,
		.offset = session->offset,
		.number = session->number,
		.time = session->first,
		.id = session->id,
	};
	struct writ_slice id;
	char quoted[WRIT_SESSION_ID_SIZE + 2];

	if (session->state == WRIT_SESSION_LOST && session->close.n == 0) {
		finding.kind = WRIT_FINDING_NO_CLOSE;
		writ_verify_find(v, &finding, "the session %s is over and was never closed",
				 session->id);
	}
	if (session->open.n > 0)
		return;
	finding.kind = WRIT_FINDING_NO_OPEN;
	if (writ_session_id_is(session->id)) {
		snprintf(quoted, sizeof(quoted), "\"%s\"", session->id);
		id = (struct writ_slice) {quoted, strlen(quoted)};
		if (writ_verify_may_be_gone(v, id))
			return;
	}
	writ_verify_find(v, &finding, "the session %s was never opened", session->id);
}

/* Whether the folder is one that writ's plugin would choose: USER/SESSION/XXXXXX. */
static bool is_writs(const char *tsid)
{
	const char *first = strchr(tsid, '/'), *second = first ? strchr(first + 1, '/') : NULL;
	char session[WRIT_SESSION_ID_SIZE];

	if (!second || strlen(second + 1) != 6 || strchr(second + 1, '/'))
		return false;
	if ((size_t)(second - first) - 1 >= sizeof(session))
		return false;
	memcpy(session, first + 1, (size_t)(second - first) - 1);
	session[second - first - 1] = '\0';
	return strcmp(session, "untagged") == 0 || writ_session_id_is(session);
}

/* When the command began; WRIT_WHEN_MIN if the log does not say. */
static int64_t time_of(const char *dir, const char *tsid)
{
	struct writ_iolog_reader *reader = writ_iolog_open(dir, tsid, NULL);
	int64_t ret = WRIT_WHEN_MIN;

	if (!reader)
		return ret;
	if (writ_iolog_info(reader)->time.tv_sec > 0)
		ret = writ_iolog_info(reader)->time.tv_sec * INT64_C(1000000) +
		      writ_iolog_info(reader)->time.tv_nsec / 1000;
	writ_iolog_close(reader);
	return ret;
}

/* A log of a request that the trail does not have. Those of other people's commands, which sudoers
 * makes in the same place, name no event. */
static bool check_iolog(void *data, const char *tsid)
{
	struct writ_verify *v = data;
	const char *dir = v->options->iolog_dir;
	char id[128], quoted[sizeof(id) + 2];
	struct writ_finding finding = {.kind = WRIT_FINDING_IOLOG_ALONE, .time = WRIT_WHEN_MIN};
	bool named = writ_iolog_event(dir, tsid, id, sizeof(id)) && *id;

	v->result->iologs++;
	if (writ_id_set_has(&v->ids, writ_id_digest(tsid, strlen(tsid), SALT_TSID)) ||
	    (named && writ_id_set_has(&v->ids, writ_id_digest(id, strlen(id), SALT_ID))) ||
	    (!named && !is_writs(tsid)))
		return true;
	finding.time = time_of(dir, tsid);
	snprintf(quoted, sizeof(quoted), "\"%s\"", id);
	if (finding.time > v->started - WRIT_VERIFY_DISORDER ||
	    (named && writ_verify_may_be_gone(v, (struct writ_slice) {quoted, strlen(quoted)})))
		return true;
	writ_arena_reset(v->arena);
	finding.file = writ_arena_printf(v->arena, "%s/%s", dir, tsid);
	finding.id = named ? id : NULL;
	if (named)
		writ_verify_find(v, &finding, "the decision %s behind this I/O log is missing", id);
	else
		writ_verify_find(v, &finding, "there is no decision behind this I/O log");
	return true;
}

int writ_verify_ends(struct writ_verify *v, struct writ_error *err)
{
	size_t unreadable = 0;

	writ_pending_each(v->pending, end_command, v);
	writ_sessions_settle(v->sessions, v->options->session_dir);
	for (const struct writ_trail_session *session = writ_sessions_first(v->sessions); session;
	     session = session->next)
		end_session(v, session);
	if (!v->tree)
		return 0;
	if (writ_iolog_tree_walk(v->options->iolog_dir, check_iolog, v, &unreadable, err) < 0 &&
	    errno != ENOENT)
		return -1;
	if (unreadable > 0) {
		v->result->blind_iologs = true;
		snprintf(v->result->iologs_why, sizeof(v->result->iologs_why),
			 "%s: %zu folders cannot be read", v->options->iolog_dir, unreadable);
	}
	return 0;
}
