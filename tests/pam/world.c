/* SPDX-License-Identifier: ISC */
#include "world.h"

#include "../unit/table.h"

#include <ftw.h>
#include <sys/stat.h>
#include <unistd.h>

#include "arena.h"
#include "child.h"
#include "error.h"
#include "session_lookup.h"

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st, (void)type, (void)ftw;
	return remove(path);
}

void world_reset(void)
{
	nftw("/run/sessions-of-test", remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

/* What must work for a test to mean anything; in a child there is no cmocka to tell. */
static void must(int result, const char *what, const struct writ_error *err)
{
	if (result == 0)
		return;
	fprintf(stderr, "# %s: %s\n", what, err->message);
	abort();
}

struct writ_session_record world_record(void)
{
	struct writ_session_record record = {
		.user = "ai-worker",
		.uid = WORLD_UID,
		.service = "sshd",
		.host = "host",
		.audit_session = child_audit_session(),
		.tty = "ssh",
		.from = "10.0.0.7",
		.key = {"ssh-ed25519", "SHA256:AAAA", NULL, NULL},
	};
	struct writ_error err = {0};
	int proc = writ_proc_open(&err);

	must(writ_session_record_init(&record, &err), "id", &err);
	must(writ_boot_id_read(proc, record.boot, &err), "boot", &err);
	must(writ_process_read(proc, getppid(), &record.leader, &err), "leader", &err);
	close(proc);
	return record;
}

const char *world_add(struct writ_session_record *record)
{
	struct writ_session_store store;
	struct writ_error err = {0};
	static char name[64];

	must(writ_session_store_open(&store, WORLD_FOLDER, true, &err), "store", &err);
	must(writ_session_store_add(&store, record, &err), "record", &err);
	writ_session_store_close(&store);
	snprintf(name, sizeof(name), "%s.json", record->id);
	return name;
}

const char *world_path(const char *name)
{
	static char paths[4][256];
	static unsigned turn;
	char *path = paths[turn++ % 4];

	snprintf(path, sizeof(paths[0]), "%s/%s", WORLD_FOLDER, name);
	return path;
}

void world_find(char *text, size_t size)
{
	struct writ_arena *arena = writ_arena_new();
	struct writ_session_record record;
	struct writ_error why = {0};

	if (writ_session_find_record(arena, WORLD_FOLDER, WORLD_UID, &record, &why) == 0)
		snprintf(text, size, "%s", record.id);
	else
		snprintf(text, size, "untagged: %s", why.message);
	writ_arena_free(arena);
}
