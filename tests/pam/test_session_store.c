/* SPDX-License-Identifier: ISC */
/*
 * The store of session records: what is written, with what rights, all of it or nothing.
 */
#include "../unit/table.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "arena.h"
#include "child.h"
#include "cleanup.h"
#include "error.h"
#include "guard.h"
#include "session_clear.h"
#include "world.h"

static mode_t mode_of(const char *path)
{
	struct stat st = {0};

	if (lstat(path, &st) != 0 || st.st_uid != 0 || st.st_gid != 0)
		return 0;
	return st.st_mode;
}

/* How many names a folder has, the index apart. */
static unsigned count_names(const char *path)
{
	auto_closedir DIR *dir = opendir(path);
	const struct dirent *item;
	unsigned n = 0;

	while (dir && (item = readdir(dir)))
		n += strcmp(item->d_name, ".") != 0 && strcmp(item->d_name, "..") != 0 &&
		     strcmp(item->d_name, ".index") != 0;
	return n;
}

static void same_text(struct table *t, const char *what, const char *got, const char *want)
{
	table_string(t, "round trip", what, got, want);
}

static void test_round_trip(void **state)
{
	struct writ_session_record record = world_record(), back;
	struct writ_session_store store;
	struct writ_error err = {0};
	struct writ_arena *arena = writ_arena_new();
	struct table t = {0};

	(void)state;
	world_reset();
	record.key.key_id = "agent \"7\"\nof\x1b[31m many";
	record.key.serial = "18446744073709551615";
	record.by.user = "carol";
	record.by.uid = 59002;
	record.closed = "logout";
	world_add(&record);
	assert_int_equal(writ_session_store_open(&store, WORLD_FOLDER, false, &err), 0);
	assert_int_equal(writ_session_store_read(&store, arena, record.id, &back, &err), 0);
	same_text(&t, "session", back.id, record.id);
	same_text(&t, "user", back.user, record.user);
	same_text(&t, "service", back.service, record.service);
	same_text(&t, "host", back.host, record.host);
	same_text(&t, "boot", back.boot, record.boot);
	same_text(&t, "tty", back.tty, record.tty);
	same_text(&t, "from", back.from, record.from);
	same_text(&t, "type", back.key.type, record.key.type);
	same_text(&t, "fingerprint", back.key.fingerprint, record.key.fingerprint);
	same_text(&t, "key id", back.key.key_id, record.key.key_id);
	same_text(&t, "serial", back.key.serial, record.key.serial);
	same_text(&t, "by", back.by.user, record.by.user);
	same_text(&t, "closed", back.closed, record.closed);
	table_int(&t, "round trip", "by uid", back.by.uid, record.by.uid);
	table_int(&t, "round trip", "uid", back.uid, record.uid);
	table_int(&t, "round trip", "pid", back.leader.pid, record.leader.pid);
	table_int(&t, "round trip", "start", (int64_t)back.leader.start,
		  (int64_t)record.leader.start);
	table_int(&t, "round trip", "audit session", back.audit_session, record.audit_session);
	table_int(&t, "round trip", "seconds", back.opened.tv_sec, record.opened.tv_sec);
	table_int(&t, "round trip", "microseconds", back.opened.tv_nsec / 1000,
		  record.opened.tv_nsec / 1000);
	writ_session_store_close(&store);
	writ_arena_free(arena);
	table_done(&t);
}

/* Also with the umask that a caller of su may have set. */
static void test_rights(void **state)
{
	struct writ_session_record record = world_record();
	mode_t old = umask(0);
	struct table t = {0};

	(void)state;
	world_reset();
	world_add(&record);
	umask(0777);
	record = world_record();
	world_add(&record);
	umask(old);
	table_int(&t, "folder", "mode", mode_of(WORLD_FOLDER), S_IFDIR | 0711);
	table_int(&t, "folder above", "mode", mode_of(WORLD_FOLDER "/.."), S_IFDIR | 0711);
	table_int(&t, "index", "mode", mode_of(world_path(".index")), S_IFDIR | 0700);
	table_int(&t, "names", "number", count_names(WORLD_FOLDER), 2);
	table_int(&t, "record", "mode", mode_of(world_path(world_add(&record))), S_IFREG | 0600);
	table_done(&t);
}

static void test_taken_id(void **state)
{
	struct writ_session_record record = world_record(), again;

	(void)state;
	world_reset();
	world_add(&record);
	again = record;
	world_add(&again);
	assert_string_not_equal(again.id, record.id);
	assert_int_equal(count_names(WORLD_FOLDER), 2);
}

/* Where a store may be, and where none is made. */
static void test_places(void **state)
{
	static const struct {
		const char *name, *path;
		const char *wanted; /* NULL: it is opened */
	} rows[] = {
		{"two folders are made", "/run/sessions-of-test/records", NULL},
		{"three are not", "/run/sessions-of-test/a/b/c", "No such file"},
		{"no absolute path", "run/records", "no absolute path"},
		{"a way up", "/run/../run/records", "no plain path"},
		{"where all may write", "/run/sessions-of-test/open/records", "No such file"},
		{"below what is another's to write", "/run/sessions-of-test/group/records",
		 "not root's alone"},
		{"a file", "/run/sessions-of-test/file", "Not a directory"},
		{"behind a link", "/run/sessions-of-test/link/records", "Not a directory"},
	};
	struct table t = {0};

	(void)state;
	world_reset();
	mkdir("/run/sessions-of-test", 0711);
	mkdir("/run/sessions-of-test/open", 0700);
	chmod("/run/sessions-of-test/open", 01777);
	mkdir("/run/sessions-of-test/group", 0700);
	chmod("/run/sessions-of-test/group", 0770);
	close(open("/run/sessions-of-test/file", O_CREAT | O_WRONLY | O_CLOEXEC, 0600));
	assert_int_equal(symlink("open", "/run/sessions-of-test/link"), 0);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct writ_session_store store;
		struct writ_error err = {0};
		int ret = writ_session_store_open(&store, rows[i].path, true, &err);

		if (rows[i].wanted)
			table_contains(&t, rows[i].name, "error", err.message, rows[i].wanted);
		else
			table_int(&t, rows[i].name, err.message, ret, 0);
		if (ret == 0)
			writ_session_store_close(&store);
	}
	table_done(&t);
}

/* No room for bytes, or for files: nothing is left of a record that could not be written whole. */
static void check_full(struct table *t, const char *name, const char *options)
{
	struct writ_session_record record = world_record();
	struct writ_session_store store;
	struct writ_error err = {0};
	unsigned before;
	int ret = 0;

	world_reset();
	mkdir("/run/sessions-of-test", 0711);
	if (mount("none", "/run/sessions-of-test", "tmpfs", 0, options) != 0)
		fail_msg("no tmpfs can be mounted");
	assert_int_equal(writ_session_store_open(&store, WORLD_FOLDER, true, &err), 0);
	for (int i = 0; i < 100 && ret == 0; i++) {
		writ_session_record_init(&record, &err);
		before = count_names(WORLD_FOLDER);
		ret = writ_session_store_add(&store, &record, &err);
	}
	table_int(t, name, "result", ret, -1);
	table_contains(t, name, "error", err.message, "No space left");
	table_int(t, name, "names", count_names(WORLD_FOLDER), before);
	writ_session_store_close(&store);
	umount("/run/sessions-of-test");
}

static void test_full(void **state)
{
	struct table t = {0};

	(void)state;
	check_full(&t, "no room for bytes", "size=32k,mode=711");
	check_full(&t, "no room for files", "nr_inodes=20,mode=711");
	table_done(&t);
}

/* The limit of a caller of su: inside a guard it does not apply, or all is refused; never is a part
 * written. */
static void run_limited(void *data, char text[CHILD_TEXT])
{
	const struct rlimit limit = {64, 64};
	struct writ_session_record record = world_record();
	struct writ_session_store store;
	struct writ_guard guard;
	struct writ_error err = {0};
	int ret;

	(void)data;
	setrlimit(RLIMIT_FSIZE, &limit);
	ret = writ_guard_begin(&guard, &err);
	if (ret == 0) {
		ret = writ_session_store_open(&store, WORLD_FOLDER, true, &err);
		if (ret == 0)
			ret = writ_session_store_add(&store, &record, &err);
	}
	writ_guard_end(&guard);
	snprintf(text, CHILD_TEXT, "%s", ret == 0 ? "written" : "refused");
}

static void test_limited(void **state)
{
	char text[CHILD_TEXT];

	(void)state;
	world_reset();
	child_run(run_limited, NULL, text);
	if (strcmp(text, "written") == 0)
		assert_int_equal(count_names(WORLD_FOLDER), 1);
	else
		assert_string_equal(text, "refused");
	assert_true(count_names(WORLD_FOLDER) <= 1);
}

static void test_names(void **state)
{
	static const struct {
		const char *name;
		bool good;
	} rows[] = {
		{"20261121T224009Z-4f2a9c1d.12889.912345", true},
		{"20261121T224009Z-4f2a9c1d.1.0", true},
		{"20261121T224009Z-4f2a9c1d", false},
		{"20261121T224009Z-4f2a9c1d.12889", false},
		{"20261121T224009Z-4f2a9c1d.12889.", false},
		{"20261121T224009Z-4f2a9c1d.012889.912345", false},
		{"20261121T224009Z-4f2a9c1d.12889.912345x", false},
		{"20261121T224009Z-4f2a9c1d. 12889.912345", false},
		{"20261121T224009Z-4F2A9C1D.12889.912345", false},
		{"2026112xT224009Z-4f2a9c1d.12889.912345", false},
		{"20261121T224009Z-4f2a9c1d.99999999999.1", false},
		{"20261121T224009Z-4f2a9c1d.1.99999999999999999999", false},
		{"../../../../../../../../etc/passwd.1.1", false},
		{".", false},
		{"", false},
	};
	struct writ_session_entry entry;
	struct table t = {0};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		writ_session_entry_parse(rows[i].name, &entry);
		table_int(&t, rows[i].name, "good", *entry.id != '\0', rows[i].good);
	}
	table_done(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_round_trip), cmocka_unit_test(test_rights),
		cmocka_unit_test(test_taken_id),   cmocka_unit_test(test_places),
		cmocka_unit_test(test_full),       cmocka_unit_test(test_limited),
		cmocka_unit_test(test_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
