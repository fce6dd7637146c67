/* SPDX-License-Identifier: ISC */
#include "session_clear.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>

#include "arena.h"
#include "audit_sessions.h"
#include "cleanup.h"
#include "error.h"
#include "session_event.h"
#include "session_store.h"

/* A draft lives for the blink of an eye. One that is so old was left by a killed login. In seconds.
 */
#define DRAFT_AGE 600

/* So many records tell that an audit session is shared. */
#define SHARED 2

struct one {
	struct writ_session_record record;
	struct one *next;
	bool over;
};

struct clearing {
	struct writ_session_store store;
	struct writ_sessions_cleared *counts;
	struct writ_error *err; /* the first problem */
	bool failed;
	struct writ_arena *arena;
	struct one *records;
	size_t n_records;
	struct writ_audit_sessions living;
	int proc;
	char boot[WRIT_BOOT_ID_SIZE];
};

/* Where the next error goes: only the first is told. */
static struct writ_error *problem(struct clearing *c)
{
	struct writ_error *err = c->failed ? NULL : c->err;

	c->failed = true;
	return err;
}

static void remove_broken(struct clearing *c, const char *name)
{
	if (unlinkat(c->store.folder, name, 0) < 0 && errno != ENOENT)
		writ_error_errno(problem(c), errno, "%s", name);
	c->counts->broken++;
	c->counts->cleared++;
}

static void remove_old_draft(struct clearing *c, const char *name)
{
	struct timespec now;
	struct stat st;

	if (fstatat(c->store.folder, name, &st, AT_SYMLINK_NOFOLLOW) < 0 ||
	    clock_gettime(CLOCK_REALTIME, &now) < 0 || now.tv_sec - st.st_mtim.tv_sec < DRAFT_AGE)
		return;
	unlinkat(c->store.folder, name, 0);
}

static void take_file(struct clearing *c, const char *name)
{
	char id[WRIT_SESSION_ID_SIZE] = "";
	struct one *one;

	if (*name == '.') {
		if (strlen(name) > 5 && strcmp(name + strlen(name) - 4, ".new") == 0)
			remove_old_draft(c, name);
		return;
	}
	if (strlen(name) == WRIT_SESSION_ID_SIZE - 1 + strlen(".json"))
		memcpy(id, name, WRIT_SESSION_ID_SIZE - 1);
	/* What is no record's name was not put there by writ. */
	if (!writ_session_id_is(id) || strcmp(name + strlen(id), ".json") != 0)
		return;
	one = writ_arena_alloc(c->arena, 1, sizeof(*one));
	if (!one) {
		writ_error_set(problem(c), "no memory");
	} else if (writ_session_store_read(&c->store, c->arena, id, &one->record, NULL) < 0) {
		remove_broken(c, name);
	} else {
		one->next = c->records;
		c->records = one;
		c->n_records++;
	}
}

/* Calls back for every name in a folder but "." and "..". */
static int each_name(int parent, const char *name, struct clearing *c,
		     void (*each)(struct clearing *c, const char *name))
{
	auto_close int fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	auto_closedir DIR *dir = fd >= 0 ? fdopendir(fd) : NULL;
	const struct dirent *item;

	if (!dir)
		return -1;
	fd = -1;
	while ((item = readdir(dir)))
		if (strcmp(item->d_name, ".") != 0 && strcmp(item->d_name, "..") != 0)
			each(c, item->d_name);
	return 0;
}

static bool leader_lives(const struct clearing *c, pid_t pid, uint64_t start)
{
	struct writ_process process;

	if (writ_process_read(c->proc, pid, &process, NULL) < 0)
		return errno != ENOENT;
	return process.start == start;
}

static bool is_over(const struct clearing *c, const struct writ_session_record *record)
{
	if (strcmp(record->boot, c->boot) != 0)
		return true;
	if (record->audit_session != WRIT_AUDIT_SESSION_NONE)
		return !writ_audit_sessions_have(&c->living, record->audit_session);
	/* Found by its leader alone, and so by nobody after the leader's end. */
	return !leader_lives(c, record->leader.pid, record->leader.start);
}

static void clear_one(struct clearing *c, struct one *one)
{
	bool lost = !one->record.closed;

	if (lost) {
		one->record.closed = "lost";
		/* Without its event the record stays, for another time. */
		if (writ_session_event_close(&one->record, -1, c->failed ? NULL : c->err) < 0) {
			c->failed = true;
			c->counts->kept++;
			return;
		}
	}
	if (writ_session_store_remove(&c->store, &one->record, c->failed ? NULL : c->err) < 0)
		c->failed = true;
	c->counts->cleared++;
	c->counts->lost += lost;
}

static int compare_numbers(uint64_t a, uint64_t b)
{
	return (a > b) - (a < b);
}

/* Those that share an audit session and uid, and in the second place a leader. */
static int compare_pairs(const struct one *a, const struct one *b)
{
	int by = compare_numbers(a->record.audit_session, b->record.audit_session);

	return by ? by : compare_numbers(a->record.uid, b->record.uid);
}

static int compare_leaders(const struct one *a, const struct one *b)
{
	int by = compare_numbers((uint64_t)a->record.leader.pid, (uint64_t)b->record.leader.pid);

	return by ? by : compare_numbers(a->record.leader.start, b->record.leader.start);
}

static int compare(const void *a, const void *b)
{
	const struct one *const *x = a, *const *y = b;
	int by = compare_pairs(*x, *y);

	return by ? by : compare_leaders(*x, *y);
}

/* A closed session of many that share an audit session (su in a loop) can be no caller's any more
 * if its leader has ended, or opened others too. It only tells that the audit session is shared,
 * and for that two are enough. pair, leader: how many there are of each. */
static bool is_spare(const struct clearing *c, const struct writ_session_record *record,
		     size_t pair, size_t leader)
{
	if (!record->closed || pair <= SHARED)
		return false;
	return leader > SHARED || !leader_lives(c, record->leader.pid, record->leader.start);
}

/* Marks the spare ones of those in list[0…n) that have one leader; pair: how many share the pair.
 */
static void mark_spare(const struct clearing *c, struct one **list, size_t n, size_t *pair)
{
	size_t leader = n;

	for (size_t i = 0; i < n; i++) {
		if (list[i]->over || !is_spare(c, &list[i]->record, *pair, leader))
			continue;
		list[i]->over = true;
		leader--;
		--*pair;
	}
}

static void mark_all_spare(const struct clearing *c, struct one **list, size_t n)
{
	size_t pair = 0;

	for (size_t i = 0, end; i < n; i = end) {
		if (i == 0 || compare_pairs(list[i - 1], list[i]) != 0)
			for (pair = 0; i + pair < n && !compare_pairs(list[i], list[i + pair]);)
				pair++;
		for (end = i; end < n && compare(&list[i], &list[end]) == 0;)
			end++;
		mark_spare(c, list + i, end - i, &pair);
	}
}

static int decide(struct clearing *c)
{
	struct one **list = writ_arena_alloc(c->arena, c->n_records, sizeof(*list));
	size_t n = 0;

	if (!list)
		return writ_error_set(problem(c), "no memory");
	for (struct one *one = c->records; one; one = one->next) {
		one->over = is_over(c, &one->record);
		list[n++] = one;
	}
	qsort(list, n, sizeof(*list), compare);
	mark_all_spare(c, list, n);
	return 0;
}

static void remove_orphan(struct clearing *c, const char *folder, const char *name)
{
	char record[NAME_MAX + 1], path[NAME_MAX * 2 + 2];
	struct writ_session_entry entry;
	struct stat st;

	writ_session_entry_parse(name, &entry);
	snprintf(record, sizeof(record), "%s.json", entry.id);
	if (*entry.id && (fstatat(c->store.folder, record, &st, AT_SYMLINK_NOFOLLOW) == 0 ||
			  leader_lives(c, entry.pid, entry.start)))
		return;
	snprintf(path, sizeof(path), "%s/%s", folder, name);
	unlinkat(c->store.index, path, 0);
}

/* Entries whose record is gone, and folders that are empty. */
static void tidy_index_folder(struct clearing *c, const char *folder)
{
	auto_close int fd =
		openat(c->store.index, folder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	auto_closedir DIR *dir = fd >= 0 ? fdopendir(fd) : NULL;
	const struct dirent *item;

	if (!dir)
		return;
	fd = -1;
	while ((item = readdir(dir)))
		if (strcmp(item->d_name, ".") != 0 && strcmp(item->d_name, "..") != 0)
			remove_orphan(c, folder, item->d_name);
	unlinkat(c->store.index, folder, AT_REMOVEDIR);
}

static int clear(struct clearing *c)
{
	if (each_name(c->store.folder, ".", c, take_file) < 0)
		return writ_error_errno(problem(c), errno, "the folder of session records");
	/* After the records were read: a session whose record is known had a process by then. */
	if (writ_audit_sessions_read(&c->living, c->proc, c->failed ? NULL : c->err) < 0)
		return -1;
	if (decide(c) < 0)
		return -1;
	for (struct one *one = c->records; one; one = one->next) {
		if (one->over)
			clear_one(c, one);
		else
			c->counts->kept++;
	}
	each_name(c->store.index, ".", c, tidy_index_folder);
	return c->failed ? -1 : 0;
}

int writ_sessions_clear(const char *folder, struct writ_sessions_cleared *ret,
			struct writ_error *err)
{
	struct clearing c = {.store = {-1, -1}, .counts = ret, .err = err};
	int result = -1;

	*ret = (struct writ_sessions_cleared) {0};
	c.proc = writ_proc_open(err);
	c.arena = c.proc < 0 ? NULL : writ_arena_new();
	if (c.proc >= 0 && !c.arena)
		writ_error_set(err, "no memory");
	if (!c.arena || writ_boot_id_read(c.proc, c.boot, err) < 0)
		goto out;
	if (writ_session_store_open(&c.store, folder, false, err) < 0) {
		result = errno == ENOENT ? 0 : -1;
		goto out;
	}
	/* Only root can open the folder, and so only root can hold this. Given back with it. */
	if (flock(c.store.folder, LOCK_EX | LOCK_NB) < 0) {
		result = errno == EWOULDBLOCK ? 0
					      : writ_error_errno(err, errno, "the session records");
		goto out;
	}
	result = clear(&c);
out:
	writ_audit_sessions_done(&c.living);
	writ_session_store_close(&c.store);
	writ_arena_free(c.arena);
	if (c.proc >= 0)
		close(c.proc);
	return result;
}
