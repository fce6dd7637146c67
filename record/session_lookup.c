/* SPDX-License-Identifier: ISC */
#include "session_lookup.h"

#include <stdbool.h>
#include <string.h>

#include "arena.h"
#include "cleanup.h"
#include "config.h"
#include "error.h"
#include "request.h"
#include "session_store.h"

/* What the kernel says of the caller. */
struct caller {
	struct writ_session_record like; /* whose index entries may be the caller's: boot, uid, … */
	/* Itself first: systemd opens a session in the process that becomes the command. */
	struct writ_process ancestors[1 + WRIT_ANCESTORS_MAX];
	size_t n_ancestors;
	bool walked; /* the ancestors are there */
	int proc;
};

/* So many records are read to see of which boot they are. */
#define SIFTED_MAX 64

/* What the index has for the caller. */
struct found {
	const struct caller *caller;
	const struct writ_session_store *store;
	struct writ_arena *sift; /* where entries of an earlier boot are to be left out; or NULL */
	size_t entries;          /* in all */
	size_t unknown;          /* of these, what is no entry's name */
	size_t nearest;          /* index of an ancestor; n_ancestors: none of them is a leader */
	size_t leads;            /* entries that the nearest one leads */
	struct writ_session_entry only,
		led; /* if there is one entry; one that the nearest one leads */
};

static int read_caller(struct caller *caller, uid_t uid, struct writ_error *why)
{
	caller->like.uid = uid;
	caller->proc = writ_proc_open(why);
	if (caller->proc < 0 || writ_boot_id_read(caller->proc, caller->like.boot, why) < 0)
		return -1;
	return writ_process_audit_session(caller->proc, 0, &caller->like.audit_session, why);
}

static int need_ancestors(struct caller *caller, struct writ_error *why)
{
	if (caller->walked)
		return 0;
	if (writ_process_read(caller->proc, 0, &caller->ancestors[0], why) < 0 ||
	    writ_process_ancestors(caller->proc, caller->ancestors + 1, &caller->n_ancestors, why) <
		    0)
		return -1;
	caller->n_ancestors++;
	caller->walked = true;
	return 0;
}

/* Audit sessions are counted anew at each boot, and records may have been kept on a disk. */
static bool is_of_earlier_boot(const struct found *found, const struct writ_session_entry *entry)
{
	struct writ_session_record record;

	return *entry->id &&
	       writ_session_store_read(found->store, found->sift, entry->id, &record, NULL) == 0 &&
	       strcmp(record.boot, found->caller->like.boot) != 0;
}

static void consider(const struct writ_session_entry *entry, void *data)
{
	struct found *found = data;
	const struct caller *caller = found->caller;

	if (found->sift && is_of_earlier_boot(found, entry))
		return;
	if (found->entries++ == 0)
		found->only = *entry;
	if (!*entry->id)
		found->unknown++;
	for (size_t i = 0; i < caller->n_ancestors && i <= found->nearest; i++) {
		if (entry->pid != caller->ancestors[i].pid ||
		    entry->start != caller->ancestors[i].start)
			continue;
		found->leads = i == found->nearest ? found->leads + 1 : 1;
		found->nearest = i;
		found->led = *entry;
		break;
	}
}

static int look(const struct writ_session_store *store, const struct caller *caller,
		const struct writ_session_record *like, struct writ_arena *sift, struct found *ret,
		struct writ_error *why)
{
	*ret = (struct found) {
		.caller = caller,
		.store = store,
		.sift = sift,
		.nearest = caller->n_ancestors,
	};
	return writ_session_store_each(store, like, consider, ret, why);
}

/* Which of several entries is the caller's: that of the nearest leader. */
static int choose_led(const struct found *found, struct writ_session_entry *ret,
		      struct writ_error *why)
{
	if (found->unknown > 0)
		return writ_error_set(why, "the index of sessions holds an odd name");
	if (found->leads == 0)
		return writ_error_set(why, "several sessions share this audit session, and no "
					   "ancestor of this process leads one");
	if (found->leads > 1)
		return writ_error_set(why, "one process opened several sessions, and which of them "
					   "this process is in cannot be told");
	*ret = found->led;
	return 0;
}

/* By the pair of audit session and uid. 1: *ret; 0: no record has it; -1 with why. */
static int find_by_pair(const struct writ_session_store *store, struct caller *caller,
			struct writ_arena *arena, struct writ_session_entry *ret,
			struct writ_error *why)
{
	struct found found;

	if (look(store, caller, &caller->like, NULL, &found, why) < 0)
		return -1;
	/* Only with several are the ancestors needed. A record that comes or goes meanwhile is
	 * counted. */
	if (found.entries > 1 &&
	    (need_ancestors(caller, why) < 0 ||
	     look(store, caller, &caller->like, found.entries <= SIFTED_MAX ? arena : NULL, &found,
		  why) < 0))
		return -1;
	if (found.entries == 0)
		return 0;
	if (found.entries == 1 && found.unknown == 0)
		*ret = found.only;
	else if (choose_led(&found, ret, why) < 0)
		return -1;
	return 1;
}

/* By the ancestors alone, among records without an audit session, each under its leader's name. */
static int find_by_ancestors(const struct writ_session_store *store, struct caller *caller,
			     struct writ_session_entry *ret, struct writ_error *why)
{
	struct writ_session_record like = caller->like;
	struct found found;

	if (need_ancestors(caller, why) < 0)
		return -1;
	like.audit_session = WRIT_AUDIT_SESSION_NONE;
	for (size_t i = 0; i < caller->n_ancestors; i++) {
		like.leader = caller->ancestors[i];
		if (look(store, caller, &like, NULL, &found, why) < 0)
			return -1;
		if (found.entries > 0)
			return choose_led(&found, ret, why) < 0 ? -1 : 1;
	}
	return writ_error_set(why, "no session was recorded for this process");
}

/* The record behind an entry, if it says of itself what the index and the kernel say. */
static int read_record(const struct writ_session_store *store, const struct caller *caller,
		       struct writ_arena *arena, const struct writ_session_entry *entry,
		       bool by_pair, struct writ_session_record *ret, struct writ_error *why)
{
	uint32_t audit_session = by_pair ? caller->like.audit_session : WRIT_AUDIT_SESSION_NONE;

	if (writ_session_store_read(store, arena, entry->id, ret, why) < 0)
		return -1;
	if (strcmp(ret->boot, caller->like.boot) != 0)
		return writ_error_set(why, "the session's record is of an earlier boot");
	if (ret->uid != caller->like.uid || ret->audit_session != audit_session ||
	    ret->leader.pid != entry->pid || ret->leader.start != entry->start)
		return writ_error_set(why, "the session's record does not fit its place");
	return 0;
}

static int find(const struct writ_session_store *store, struct caller *caller,
		struct writ_arena *arena, struct writ_session_record *ret, struct writ_error *why)
{
	struct writ_session_entry entry;
	int by_pair = 0;

	if (caller->like.audit_session != WRIT_AUDIT_SESSION_NONE)
		by_pair = find_by_pair(store, caller, arena, &entry, why);
	if (by_pair < 0 || (by_pair == 0 && find_by_ancestors(store, caller, &entry, why) < 0))
		return -1;
	return read_record(store, caller, arena, &entry, by_pair, ret, why);
}

int writ_session_find_record(struct writ_arena *arena, const char *folder, uid_t uid,
			     struct writ_session_record *ret, struct writ_error *why)
{
	struct writ_session_store store = {-1, -1};
	struct caller *caller = writ_arena_alloc(arena, 1, sizeof(*caller));
	int found = -1;

	*ret = (struct writ_session_record) {0};
	if (!caller)
		return writ_error_set(why, "no memory");
	caller->proc = -1;
	if (read_caller(caller, uid, why) == 0 &&
	    writ_session_store_open(&store, folder, false, why) == 0)
		found = find(&store, caller, arena, ret, why);
	writ_session_store_close(&store);
	if (caller->proc >= 0)
		close(caller->proc);
	if (found < 0)
		*ret = (struct writ_session_record) {0};
	return found;
}

int writ_session_find(struct writ_arena *arena, uid_t uid, struct writ_session *ret,
		      struct writ_error *why)
{
	struct writ_session_record record;

	*ret = (struct writ_session) {0};
	if (writ_session_find_record(arena, WRIT_SESSION_DIR, uid, &record, why) < 0)
		return 0;
	ret->id = writ_arena_strdup(arena, record.id);
	if (!ret->id) {
		writ_error_set(why, "no memory");
		return 0;
	}
	ret->service = record.service;
	ret->key = record.key.fingerprint;
	ret->from = record.from;
	ret->tagged = true;
	return 1;
}
