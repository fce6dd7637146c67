/* SPDX-License-Identifier: ISC */
#include "sessions.h"

#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "arena.h"
#include "audit_sessions.h"
#include "cleanup.h"
#include "error.h"
#include "hash.h"
#include "process.h"
#include "session_record.h"
#include "when.h"

/* The boot in which a host was seen last. */
struct host {
	const char *name, *boot;
	int64_t opened;
	struct host *next;
};

struct writ_sessions {
	struct writ_arena *arena;
	struct writ_trail_session **slots; /* open addressing; on the heap */
	size_t n_slots, n;
	struct writ_trail_session *first, **end;
	struct host *hosts;
	const char *file, *file_copy; /* the last file's name, and the copy that stays */
};

const char *writ_session_state_to_string(enum writ_session_state state)
{
	static const char *const names[] = {
		[WRIT_SESSION_OPEN] = "open",       [WRIT_SESSION_LINGERS] = "lingers",
		[WRIT_SESSION_CLOSED] = "closed",   [WRIT_SESSION_LOST] = "lost",
		[WRIT_SESSION_UNKNOWN] = "unknown",
	};

	return names[state];
}

struct writ_sessions *writ_sessions_new(void)
{
	struct writ_sessions *s = calloc(1, sizeof(*s));

	if (!s)
		return NULL;
	s->end = &s->first;
	s->arena = writ_arena_new();
	if (!s->arena) {
		free(s);
		return NULL;
	}
	return s;
}

void writ_sessions_free(struct writ_sessions *s)
{
	if (!s)
		return;
	writ_arena_free(s->arena);
	free(s->slots);
	free(s);
}

struct writ_trail_session *writ_sessions_first(const struct writ_sessions *s)
{
	return s->first;
}

static size_t slot_of(struct writ_trail_session *const *slots, size_t n_slots, const char *id)
{
	size_t slot = writ_hash(id) & (n_slots - 1);

	while (slots[slot] && strcmp(slots[slot]->id, id) != 0)
		slot = (slot + 1) & (n_slots - 1);
	return slot;
}

static int grow(struct writ_sessions *s)
{
	size_t n_slots = s->n_slots ? s->n_slots * 2 : 256;
	struct writ_trail_session **slots = calloc(n_slots, sizeof(struct writ_trail_session *));

	if (!slots)
		return -1;
	for (size_t i = 0; i < s->n_slots; i++)
		if (s->slots[i])
			slots[slot_of(slots, n_slots, s->slots[i]->id)] = s->slots[i];
	free(s->slots);
	s->slots = slots;
	s->n_slots = n_slots;
	return 0;
}

/* Files have few names: the last one is kept for the next event. */
static const char *keep_file(struct writ_sessions *s, const char *file)
{
	if (s->file != file || !s->file_copy) {
		s->file = file;
		s->file_copy = writ_arena_strdup(s->arena, file);
	}
	return s->file_copy;
}

/* The session of that id, made if there is none yet. NULL without memory. */
static struct writ_trail_session *find(struct writ_sessions *s, const char *id,
				       const struct writ_entry *entry)
{
	struct writ_trail_session *session;
	size_t slot;

	if (s->n * 2 >= s->n_slots && grow(s) < 0)
		return NULL;
	slot = slot_of(s->slots, s->n_slots, id);
	if (s->slots[slot])
		return s->slots[slot];
	session = writ_arena_alloc(s->arena, 1, sizeof(*session));
	if (!session)
		return NULL;
	session->id = writ_arena_strdup(s->arena, id);
	session->host = writ_entry_string(entry, s->arena, WRIT_ENTRY_HOST);
	session->file = keep_file(s, entry->file);
	if (!session->id || !session->file)
		return NULL;
	session->offset = entry->offset;
	session->number = entry->number;
	session->first = session->last = entry->time;
	session->opened = WRIT_WHEN_MIN;
	session->closed = WRIT_WHEN_MAX;
	s->slots[slot] = session;
	s->n++;
	*s->end = session;
	s->end = &session->next;
	return session;
}

static int keep_line(struct writ_sessions *s, const struct writ_entry *entry,
		     struct writ_slice *ret)
{
	ret->s = writ_arena_strndup(s->arena, entry->line, entry->length);
	ret->n = entry->length;
	return ret->s ? 0 : -1;
}

/* The last session that was opened on a host tells its boot. */
static int see_boot(struct writ_sessions *s, const struct writ_trail_session *session)
{
	struct host *host = s->hosts;

	if (!session->host || !session->boot)
		return 0;
	while (host && strcmp(host->name, session->host) != 0)
		host = host->next;
	if (!host) {
		host = writ_arena_alloc(s->arena, 1, sizeof(*host));
		if (!host)
			return -1;
		host->name = session->host;
		host->opened = WRIT_WHEN_MIN;
		host->next = s->hosts;
		s->hosts = host;
	}
	if (session->opened >= host->opened) {
		host->opened = session->opened;
		host->boot = session->boot;
	}
	return 0;
}

static int take(struct writ_sessions *s, struct writ_trail_session *session,
		const struct writ_entry *entry)
{
	struct writ_slice event = entry->field[WRIT_ENTRY_EVENT];

	if (entry->time > session->last)
		session->last = entry->time;
	if (writ_slice_equals(event, "session-open")) {
		if (keep_line(s, entry, &session->open) < 0)
			return -1;
		session->opened = entry->time;
		session->boot = writ_entry_string(entry, s->arena, WRIT_ENTRY_BOOT);
		return see_boot(s, session);
	}
	if (writ_slice_equals(event, "session-close")) {
		session->closed = entry->time;
		return keep_line(s, entry, &session->close);
	}
	if (writ_slice_equals(event, "decision")) {
		if (writ_slice_equals(entry->field[WRIT_ENTRY_DECISION], "allow"))
			session->allowed++;
		else
			session->denied++;
	}
	return 0;
}

int writ_sessions_take(struct writ_sessions *s, const struct writ_entry *entry)
{
	struct writ_slice slice = entry->field[WRIT_ENTRY_SESSION];
	struct writ_trail_session *session;
	char id[256];
	bool cut;

	if (writ_slice_copy(slice, id, sizeof(id), &cut) < 0 || cut)
		return 0;
	session = find(s, id, entry);
	return session ? take(s, session, entry) : -1;
}

/* What this host knows of itself. */
struct here {
	char boot[WRIT_BOOT_ID_SIZE]; /* "" if not known */
	struct writ_audit_sessions living;
	bool knows_living;
	int records; /* folder, or -1 */
};

static void look_around(struct here *here, const char *record_dir)
{
	auto_close int proc = writ_proc_open(NULL);

	memset(here, 0, sizeof(*here));
	here->records = open(record_dir, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (proc < 0 || writ_boot_id_read(proc, here->boot, NULL) < 0) {
		here->boot[0] = '\0';
		return;
	}
	here->knows_living = writ_audit_sessions_read(&here->living, proc, NULL) == 0;
}

/* The folder lets anybody ask whether a record is there, though not read it. */
static bool has_record(const struct here *here, const struct writ_trail_session *session)
{
	char name[WRIT_SESSION_ID_SIZE + 8];
	struct stat st;

	if (here->records < 0 || !writ_session_id_is(session->id))
		return false;
	stpcpy(stpcpy(name, session->id), ".json");
	return fstatat(here->records, name, &st, AT_SYMLINK_NOFOLLOW) == 0;
}

static bool has_processes(const struct here *here, const struct writ_trail_session *session)
{
	struct writ_entry open;
	int64_t audit;

	if (!here->knows_living ||
	    writ_entry_parse(&open, session->open.s, session->open.n, NULL) < 0)
		return true; /* as long as there is a record */
	/* Without an audit session processes are in it by their ancestor, who has closed it. */
	if (writ_slice_integer(open.field[WRIT_ENTRY_AUDIT_SESSION], &audit) < 0)
		return false;
	return audit >= 0 && audit < WRIT_AUDIT_SESSION_NONE &&
	       writ_audit_sessions_have(&here->living, (uint32_t)audit);
}

static bool is_lost_close(const struct writ_trail_session *session)
{
	struct writ_entry close;

	return session->close.n > 0 &&
	       writ_entry_parse(&close, session->close.s, session->close.n, NULL) == 0 &&
	       writ_slice_equals(close.field[WRIT_ENTRY_CLOSED], "lost");
}

static enum writ_session_state settle(const struct writ_sessions *s, const struct here *here,
				      const struct writ_trail_session *session)
{
	bool this_boot = session->boot && *here->boot && strcmp(session->boot, here->boot) == 0;
	const struct host *host = s->hosts;

	if (is_lost_close(session))
		return WRIT_SESSION_LOST;
	if (session->close.n > 0)
		return this_boot && has_record(here, session) && has_processes(here, session)
			       ? WRIT_SESSION_LINGERS
			       : WRIT_SESSION_CLOSED;
	if (session->open.n == 0)
		return WRIT_SESSION_UNKNOWN;
	if (this_boot)
		return has_record(here, session) ? WRIT_SESSION_OPEN : WRIT_SESSION_LOST;
	while (host && session->host && strcmp(host->name, session->host) != 0)
		host = host->next;
	if (session->boot && host && host->boot && strcmp(host->boot, session->boot) != 0)
		return WRIT_SESSION_LOST;
	return WRIT_SESSION_OPEN;
}

/* This host is at least in the boot that it is in, even if nobody has logged in since. */
static void see_this_boot(const struct writ_sessions *s, const char *boot)
{
	char name[HOST_NAME_MAX + 1];

	if (!*boot || gethostname(name, sizeof(name)) < 0)
		return;
	for (struct host *host = s->hosts; host; host = host->next)
		if (strcmp(host->name, name) == 0)
			host->boot = boot;
}

void writ_sessions_settle(struct writ_sessions *s, const char *record_dir)
{
	struct here here;

	look_around(&here, record_dir);
	see_this_boot(s, here.boot);
	for (struct writ_trail_session *session = s->first; session; session = session->next)
		session->state = settle(s, &here, session);
	writ_audit_sessions_done(&here.living);
	if (here.records >= 0)
		close(here.records);
}
