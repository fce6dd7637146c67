/* SPDX-License-Identifier: ISC */
/*
 * engine/file.c: which files are believed, and what the refusal of one says. Needs root, for a
 * private mount namespace; skips otherwise, but for the reading of any file.
 */
#include "table.h"

#include "error.h"
#include "file.h"
#include "world.h"

static const struct world_item items[] = {
	{'d', "/etc", 0755, 0, NULL},
	{'d', "/etc/writ", 0755, 0, NULL},
	{'f', "/etc/writ/policy.json", 0644, 0, NULL},
	{'f', "/etc/writ/secret.json", 0600, 0, NULL},
	{'f', "/etc/writ/setuid", 04755, 0, NULL},
	{'f', "/etc/writ/user.json", 0644, 1000, NULL},
	{'f', "/etc/writ/group.json", 0664, 0, NULL},
	{'f', "/etc/writ/others.json", 0646, 0, NULL},
	{'l', "/etc/writ/link.json", 0, 0, "policy.json"},
	{'l', "/etc/writ/user-link.json", 0, 1000, "policy.json"},
	{'l', "/etc/writ/link-to-user.json", 0, 0, "/home/user/policy.json"},
	{'l', "/etc/writ/through-user.json", 0, 0, "/home/user/../../etc/writ/policy.json"},
	{'l', "/etc/writ/loop.json", 0, 0, "loop.json"},
	{'l', "/etc/writ/magic.json", 0, 0, "/proc/self/root/etc/writ/policy.json"},
	{'p', "/etc/writ/fifo", 0644, 0, NULL},
	{'d', "/etc/group", 0775, 0, NULL},
	{'f', "/etc/group/policy.json", 0644, 0, NULL},
	{'d', "/etc/group/sub", 0755, 0, NULL},
	{'f', "/etc/group/sub/policy.json", 0644, 0, NULL},
	{'l', "/etc/by-group", 0, 0, "group/sub"},
	{'d', "/sticky", 01777, 0, NULL},
	{'f', "/sticky/policy.json", 0644, 0, NULL},
	{'d', "/tmp", 01777, 0, NULL},
	{'d', "/home", 0755, 0, NULL},
	{'d', "/home/user", 0755, 1000, NULL},
	{'f', "/home/user/policy.json", 0644, 0, NULL},
	{'d', "/store", 01775, 0, NULL},
	{'f', "/store/policy.json", 0444, 0, NULL},
	{'r', "/store", 0, 0, NULL},
	{'d', "/store-rw", 01775, 0, NULL},
	{'f', "/store-rw/policy.json", 0444, 0, NULL},
};

/* message NULL: it opens */
static const struct open_row {
	const char *path, *message;
} open_rows[] = {
	{"/etc/writ/policy.json", NULL},
	{"//etc/./writ/../writ/policy.json", NULL},
	{"/etc/writ/secret.json", NULL},
	{"/etc/writ/setuid", NULL},
	{"/etc/writ/link.json", NULL},
	{"/etc/writ/user.json", "/etc/writ/user.json belongs to uid 1000, not to root"},
	{"/etc/writ/group.json", "/etc/writ/group.json is writable by group (mode 0664)"},
	{"/etc/writ/others.json", "/etc/writ/others.json is writable by others (mode 0646)"},
	{"/etc/writ/user-link.json", "/etc/writ/user-link.json belongs to uid 1000, not to root"},
	{"/etc/writ/link-to-user.json", "/home/user belongs to uid 1000, not to root"},
	{"/etc/writ/through-user.json", "/home/user belongs to uid 1000, not to root"},
	{"/etc/group/policy.json", "/etc/group is writable by group (mode 0775)"},
	{"/etc/group/sub/policy.json", "/etc/group is writable by group (mode 0775)"},
	{"/etc/group/../writ/policy.json", "/etc/group is writable by group (mode 0775)"},
	{"/etc/by-group/policy.json", "/etc/group is writable by group (mode 0775)"},
	{"/sticky/policy.json", "/sticky is writable by others (mode 1777)"},
	{"/home/user/policy.json", "/home/user belongs to uid 1000, not to root"},
	{"/store/policy.json", NULL}, /* read-only */
	{"/store-rw/policy.json", "/store-rw is writable by group (mode 1775)"},
	{"/etc/writ/fifo", "/etc/writ/fifo is not a regular file"},
	{"/etc/writ", "/etc/writ is not a regular file"},
	{"/", "/ is not a regular file"},
	{"/etc/writ/nope.json", "cannot be opened: No such file or directory"},
	{"/etc/nope/policy.json", "cannot be opened: No such file or directory"},
	{"/etc/writ/loop.json", "cannot be resolved: Too many levels of symbolic links"},
	{"/etc/writ/magic.json", "cannot be resolved: Operation not supported"},
	{"/etc/writ/policy.json/", "cannot be resolved: Not a directory"},
	{"/etc/writ/policy.json/x", "cannot be resolved: Not a directory"},
	{"etc/writ/policy.json", "is no absolute path"},
	{"", "is no absolute path"},
};

static int setup(void **state)
{
	world_enter(state);
	if (!world_missing)
		world_make(items, ARRAY_SIZE(items));
	return 0;
}

static void test_open_trusted(void **state)
{
	struct table t = {0};

	(void)state;
	WORLD_OR_SKIP();
	for (size_t i = 0; i < ARRAY_SIZE(open_rows); i++) {
		const struct open_row *row = &open_rows[i];
		struct writ_error err = {0};
		int fd = writ_file_open_trusted(row->path, &err);

		table_int(&t, row->path, "opens", fd >= 0, !row->message);
		table_string(&t, row->path, "message", fd < 0 ? err.message : NULL, row->message);
		table_string(&t, row->path, "file", err.file, row->path);
		if (fd >= 0) {
			table_true(&t, row->path, "close-on-exec", fcntl(fd, F_GETFD) & FD_CLOEXEC);
			close(fd);
		}
	}
	assert_int_equal(writ_file_open_trusted("/sticky/policy.json", NULL), -1);
	table_done(&t);
}

/* A root that others can write to is no ground to stand on. */
static void test_root_folder(void **state)
{
	struct writ_error err = {0};

	(void)state;
	WORLD_OR_SKIP();
	assert_int_equal(chmod("/", 0777), 0);
	assert_int_equal(writ_file_open_trusted("/etc/writ/policy.json", &err), -1);
	assert_string_equal(err.message, "/ is writable by others (mode 0777)");
	assert_int_equal(chmod("/", 0755), 0);
}

/* Every descriptor of the walk is closed again, whatever came of it. */
static void test_descriptors(void **state)
{
	int before = open("/", O_PATH | O_CLOEXEC), after;

	(void)state;
	WORLD_OR_SKIP();
	close(before);
	for (size_t i = 0; i < ARRAY_SIZE(open_rows); i++) {
		int fd = writ_file_open_trusted(open_rows[i].path, NULL);

		if (fd >= 0)
			close(fd);
	}
	after = open("/", O_PATH | O_CLOEXEC);
	close(after);
	assert_int_equal(after, before);
}

/* A file with the text, under a name that the caller removes. */
static void make_file(char *template, const char *text, size_t length)
{
	int fd = mkstemp(template);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, length), length);
	close(fd);
}

static void test_read(void **state)
{
	char name[] = "/tmp/writ-test-XXXXXX";
	char big[20000], *text = NULL;
	size_t length = 0;
	struct writ_error err = {0};

	(void)state;
	memset(big, 'x', sizeof(big));
	big[10] = '\0';
	make_file(name, big, sizeof(big));
	assert_int_equal(writ_file_read(name, false, &text, &length, &err), 0);
	assert_int_equal(length, sizeof(big));
	assert_memory_equal(text, big, length);
	assert_int_equal(text[length], '\0');
	free(text);
	assert_int_equal(truncate(name, 0), 0);
	assert_int_equal(writ_file_read(name, false, &text, &length, &err), 0);
	assert_int_equal(length, 0);
	assert_string_equal(text, "");
	free(text);
	/* A hole: nothing is written, nothing is read. */
	assert_int_equal(truncate(name, (off_t)WRIT_FILE_MAX + 1), 0);
	assert_int_equal(writ_file_read(name, false, &text, &length, &err), -1);
	assert_string_equal(err.message, "is larger than 67108864 bytes");
	assert_string_equal(err.file, name);
	unlink(name);
}

static const struct open_row read_rows[] = {
	{"/proc/version", NULL}, /* of size 0, as it says */
	{"/", "is not a regular file"},
	{"/etc/writ-no-such-file", "cannot be opened: No such file or directory"},
	{"", "cannot be opened: No such file or directory"},
};

static void test_read_errors(void **state)
{
	struct table t = {0};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(read_rows); i++) {
		const struct open_row *row = &read_rows[i];
		struct writ_error err = {0};
		char *text = NULL;
		size_t length = 0;
		int r = writ_file_read(row->path, false, &text, &length, &err);

		table_int(&t, row->path, "read", r, row->message ? -1 : 0);
		table_true(&t, row->path, "text", row->message ? !text : length > 0);
		table_string(&t, row->path, "message", r < 0 ? err.message : NULL, row->message);
		free(text);
	}
	table_done(&t);
}

/* Nothing waits for what a subject put there: a FIFO without a writer, a terminal. */
static void test_read_special(void **state)
{
	struct writ_error err = {0};
	char *text = NULL;
	size_t length;

	(void)state;
	WORLD_OR_SKIP();
	assert_int_equal(writ_file_read("/etc/writ/fifo", false, &text, &length, &err), -1);
	assert_string_equal(err.message, "is not a regular file");
	assert_int_equal(writ_file_read("/etc/writ/user.json", true, &text, &length, &err), -1);
	assert_string_equal(err.message, "/etc/writ/user.json belongs to uid 1000, not to root");
	assert_null(text);
	assert_int_equal(writ_file_read("/etc/writ/policy.json", true, &text, &length, &err), 0);
	assert_int_equal(length, 0);
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_open_trusted), cmocka_unit_test(test_root_folder),
		cmocka_unit_test(test_descriptors),  cmocka_unit_test(test_read),
		cmocka_unit_test(test_read_errors),  cmocka_unit_test(test_read_special),
	};

	return cmocka_run_group_tests_name("file", tests, setup, NULL);
}
