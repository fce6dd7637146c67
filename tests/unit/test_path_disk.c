/* SPDX-License-Identifier: ISC */
/*
 * engine/path*.c on a real file system: mounts, hard links, owners, special files, and limits that
 * a subject can set. Needs root, for a private mount namespace; skips otherwise.
 */
#include "table.h"

#include <sys/resource.h>

#include "path.h"
#include "quoted.h"
#include "world.h"

#define NO WRIT_NO
#define YES WRIT_YES
#define UNSURE WRIT_UNSURE

static const struct world_item items[] = {
	{'d', "/secret", 0700, 0, NULL},
	{'f', "/secret/key", 0600, 0, NULL},
	{'d', "/secret/sub", 0700, 0, NULL},
	{'f', "/secret/sub/key", 0600, 0, NULL},
	{'d', "/run", 0755, 0, NULL},
	{'d', "/run/secrets.d", 0755, 0, NULL},
	{'f', "/run/secrets.d/key", 0600, 0, NULL},
	{'l', "/run/secrets", 0, 0, "secrets.d"},
	{'d', "/var", 0755, 0, NULL},
	{'l', "/var/run", 0, 0, "/run"},
	{'d', "/log", 0755, 0, NULL},
	{'f', "/log/app", 0644, 0, NULL},
	{'f', "/log/svc", 0644, 1000, NULL},
	{'f', "/log/group", 0664, 0, NULL},
	{'p', "/log/fifo", 0644, 0, NULL},
	{'l', "/log/link", 0, 0, "app"},
	{'l', "/log/user-link", 0, 1000, "app"},
	{'l', "/log/abs", 0, 0, "/secret/key"},
	{'h', "/log/hard", 0, 0, "/secret/key"},
	{'d', "/log/user", 0755, 1000, NULL},
	{'f', "/log/user/f", 0644, 0, NULL},
	{'l', "/log/user/to-secret", 0, 1000, "../../secret"},
	{'l', "/log/user/self", 0, 1000, "self/x"},
	{'d', "/log/sticky", 01777, 0, NULL},
	{'f', "/log/sticky/f", 0644, 0, NULL},
	{'d', "/log/group-dir", 0775, 0, NULL},
	{'f', "/log/group-dir/f", 0644, 0, NULL},
	/* mounts */
	{'d', "/log/bound", 0755, 0, NULL},
	{'b', "/log/bound", 0700, 0, "/secret"},
	{'d', "/log/sub", 0755, 0, NULL},
	{'b', "/log/sub", 0700, 0, "/secret/sub"},
	{'f', "/log/file", 0644, 0, NULL},
	{'b', "/log/file", 0600, 0, "/secret/key"},
	{'d', "/log/root", 0755, 0, NULL},
	{'b', "/log/root", 0755, 0, "/"},
	{'d', "/mnt", 0755, 0, NULL},
	{'b', "/mnt", 0755, 0, "/run"},
	/* as on a host that keeps some folders only over a reboot */
	{'d', "/keep", 0755, 0, NULL},
	{'d', "/keep/srv", 0755, 0, NULL},
	{'f', "/keep/srv/app", 0644, 0, NULL},
	{'d', "/keep/srv/in", 0755, 0, NULL},
	{'d', "/keep/key", 0700, 0, NULL},
	{'d', "/keep/key/a b", 0700, 0, NULL},
	{'f', "/keep/key/a b/k", 0600, 0, NULL},
	{'d', "/srv", 0755, 0, NULL},
	{'b', "/srv", 0755, 0, "/keep/srv"},
	{'b', "/srv/in", 0755, 0, "/keep/key/a b"},
	{'f', "/machine-id", 0444, 0, NULL},
	{'f', "/keep/machine-id", 0444, 0, NULL},
	{'b', "/machine-id", 0444, 0, "/keep/machine-id"},
	/* as on NixOS */
	{'d', "/store", 01775, 0, NULL},
	{'f', "/store/program", 0555, 0, NULL},
	{'f', "/store/theirs", 0555, 1000, NULL},
	{'r', "/store", 0, 0, NULL},
	{'d', "/store-all", 01777, 0, NULL},
	{'f', "/store-all/program", 0555, 0, NULL},
	{'r', "/store-all", 0, 0, NULL},
	{'d', "/store-plain", 0775, 0, NULL},
	{'f', "/store-plain/program", 0555, 0, NULL},
	{'r', "/store-plain", 0, 0, NULL},
	/* what may be handed to a program */
	{'f', "/log/closed", 0600, 0, NULL},
	{'f', "/log/user/closed", 0640, 0, NULL},
	{'f', "/log/user/own", 0600, 1000, NULL},
	{'f', "/log/user/third", 0600, 1001, NULL},
	{'f', "/log/user/third-open", 0644, 1001, NULL},
	{'p', "/log/user/fifo", 0644, 1000, NULL},
	{'f', "/secret/other", 0600, 0, NULL},
	{'h', "/log/user/hard", 0, 0, "/secret/other"},
	{'f', "/log/group-dir/closed", 0600, 0, NULL},
	{'f', "/log/group-dir/own", 0600, 1000, NULL},
	{'f', "/log/group-dir/twice", 0600, 1000, NULL},
	{'h', "/log/group-dir/again", 0, 0, "/log/group-dir/twice"},
	{'d', "/log/user/roots", 0755, 0, NULL},
	{'f', "/log/user/roots/closed", 0600, 0, NULL},
	/* a file of a service, behind a link of root's */
	{'d', "/run/service", 0755, 1000, NULL},
	{'f', "/run/service/file", 0644, 1000, NULL},
	{'l', "/run/service/trap", 0, 1000, "/secret/key"},
	{'l', "/file-of-service", 0, 0, "/run/service/file"},
	{'l', "/trap-of-service", 0, 0, "/run/service/trap"},
};

static const struct disk_row {
	const char *rule, *text;
	enum writ_truth want;
} disk_rows[] = {
	{"{'under': ['/log']}", "/log/app", YES},
	{"{'under': ['/log']}", "link", YES},
	{"{'under': ['/log']}", "/log/abs", NO},
	{"{'under': ['/log']}", "/log/../secret/key", NO},
	{"{'under': ['/log']}", "/log/user/to-secret/key", NO},
	{"{'under': ['/log']}", "/log/user/self", UNSURE},
	{"{'under': ['/log']}", "/../../log/app", YES},
	/* a directory is the same wherever it is mounted */
	{"{'not_under': ['/secret']}", "/log/bound/key", NO},
	{"{'not_under': ['/secret']}", "/log/bound", NO},
	{"{'not_under': ['/secret']}", "/log/bound/nope", UNSURE},
	{"{'not_under': ['/secret'], 'missing': 'allow'}", "/log/bound/nope", NO},
	{"{'not_under': ['/secret']}", "/log/bound/../app", YES},
	{"{'not_under': ['/log/bound']}", "/secret/sub/key", NO},
	{"{'not_under': ['/secret']}", "/log/root/secret/key", NO},
	{"{'not_under': ['/sec*']}", "/log/bound/sub/key", NO},
	{"{'under': ['/secret']}", "/log/bound/key", YES},
	{"{'under': ['/secret/n*'], 'missing': 'allow'}", "/log/bound/nope/x", YES},
	{"{'under': ['/secret/nope'], 'missing': 'allow'}", "/log/bound/nope/x", YES},
	{"{'exact': ['/']}", "/log/root", YES},
	{"{'exact': ['/']}", "/log/root/..", NO},
	{"{'exact': ['/secret']}", "/log/bound", YES},
	{"{'not_under': ['/run/secrets*']}", "/mnt/secrets.d/key", NO},
	{"{'not_under': ['/run/secrets*']}", "/mnt/secrets/key", NO},
	{"{'not_under': ['/var/run/secrets*']}", "/mnt/secrets.d/key", NO},
	{"{'not_under': ['/var/run/secrets']}", "/run/secrets.d/key", NO},
	{"{'not_under': ['/run/secrets*']}", "/mnt", YES},
	/* a part of its tree, mounted by itself … */
	{"{'not_under': ['/secret']}", "/log/sub/key", UNSURE},
	{"{'not_under': ['/secret']}", "/log/sub", UNSURE},
	{"{'not_under': ['/secret']}", "/log/file", UNSURE},
	{"{'not_under': ['/secret/sub']}", "/log/sub/key", NO},
	{"{'under': ['/secret']}", "/log/sub/key", UNSURE},
	{"{'exact': ['/secret']}", "/log/sub", NO},
	{"{'not_under': ['/secret/s*']}", "/log/sub/key", NO},
	{"{'not_under': ['/sec*']}", "/log/sub/key", UNSURE},
	{"{'not_under': ['/secret'], 'missing': 'allow'}", "/log/sub/nope", UNSURE},
	{"{'not_under': ['/log/bound']}", "/log/sub/key", UNSURE},
	{"{'not_under': ['/keep']}", "/srv/in/k", UNSURE},
	{"{'not_under': ['/keep/key']}", "/srv/in/k", UNSURE},
	{"{'not_under': ['/keep/key/a b']}", "/srv/in/k", NO},
	/* … but not where it stands by its own name */
	{"{'not_under': ['/keep']}", "/srv/app", YES},
	{"{'not_under': ['/keep']}", "/machine-id", YES},
	{"{'not_under': ['/keep/srv']}", "/srv/app", NO},
	{"{'not_under': ['/secret']}", "/srv/app", YES},
	/* files under another name */
	{"{'exact': ['/secret/key']}", "/log/abs", YES},
	{"{'exact': ['/secret/key']}", "/log/hard", UNSURE},
	{"{'exact': ['/secret/key']}", "/log/file", UNSURE},
	{"{'not_under': ['/secret/k*']}", "/log/file", UNSURE},
	{"{'not_under': ['/secret/k*']}", "/log/bound/key", NO},
	{"{'under': ['/log'], 'links': 1}", "/log/hard", NO},
	{"{'under': ['/log'], 'links': 2}", "/log/hard", YES},
	{"{'under': ['/log'], 'links': 1}", "/log/app", YES},
	{"{'under': ['/log'], 'links': 1}", "/log/user", YES},
	/* kinds */
	{"{'kind': 'file'}", "/log/fifo", NO},
	{"{'kind': 'file'}", "/log/app", YES},
	{"{'kind': 'dir'}", "/log/bound", YES},
	/* trust */
	{"{'trusted': true}", "/log/app", YES},
	{"{'trusted': true}", "/log/link", YES},
	{"{'trusted': true}", "/log/user-link", NO},
	{"{'trusted': true}", "/log/svc", NO},
	{"{'trusted': true}", "/log/group", NO},
	{"{'trusted': true}", "/log/user/f", NO},
	{"{'trusted': true}", "/log/user/../app", NO},
	{"{'trusted': true}", "/log/user/to-secret/key", NO},
	{"{'trusted': true}", "/log/sticky/f", NO},
	{"{'trusted': true}", "/log/group-dir/f", NO},
	{"{'trusted': true}", "/log/sticky", NO},
	{"{'trusted': 'directories'}", "/log/svc", YES},
	{"{'trusted': 'directories'}", "/log/user/f", NO},
	{"{'trusted': 'directories'}", "/log/user", NO},
	{"{'trusted': true, 'missing': 'allow'}", "/log/nope", YES},
	{"{'trusted': true, 'missing': 'allow'}", "/log/sticky/nope", NO},
	{"{'trusted': true}", "/store/program", YES},
	{"{'trusted': true}", "/store/theirs", NO},
	{"{'trusted': true}", "/store", YES},
	{"{'trusted': true}", "/store-all/program", NO},
	{"{'trusted': true}", "/store-plain/program", NO},
	/* an entry behind a link that a user could change */
	{"{'exact': ['/file-of-service']}", "/file-of-service", YES},
	{"{'exact': ['/trap-of-service']}", "/trap-of-service", UNSURE},
	{"{'exact': ['/trap-of-service']}", "/secret/key", UNSURE},
	{"{'under': ['/log/user/to-secret']}", "/secret/key", UNSURE},
	{"{'not_under': ['/log/user/to-secret']}", "/secret/key", UNSURE},
	{"{'not_under': ['/log/user/to*']}", "/secret/key", UNSURE},
	{"{'not_under': ['/log/user/self']}", "/log/app", YES},
	{"{'not_under': ['/log/app/x']}", "/log/app", YES},
	/* pins: nobody's secret under another name */
	{"{'under': ['/log'], 'pin': true}", "/log/app", YES},
	{"{'under': ['/log'], 'pin': true}", "/log/closed", YES},
	{"{'under': ['/log'], 'pin': true}", "/log/fifo", NO},
	{"{'under': ['/log'], 'pin': true}", "/log/user", YES},
	{"{'under': ['/log'], 'pin': true}", "/log/user/f", YES},
	{"{'under': ['/log'], 'pin': true}", "/log/user/own", YES},
	{"{'under': ['/log'], 'pin': true}", "/log/user/closed", NO},
	{"{'under': ['/log'], 'pin': true}", "/log/user/third", NO},
	{"{'under': ['/log'], 'pin': true}", "/log/user/third-open", YES},
	{"{'under': ['/log'], 'pin': true}", "/log/user/fifo", NO},
	{"{'under': ['/log'], 'pin': true}", "/log/user/hard", NO},
	{"{'under': ['/log'], 'pin': true}", "/log/user/roots/closed", YES},
	{"{'under': ['/log'], 'pin': true}", "/log/group-dir/f", YES},
	{"{'under': ['/log'], 'pin': true}", "/log/group-dir/closed", NO},
	{"{'under': ['/log'], 'pin': true}", "/log/group-dir/own", YES},
	{"{'under': ['/log'], 'pin': true}", "/log/group-dir/twice", NO},
	{"{'under': ['/log'], 'pin': 'entry'}", "/log/user/hard", NO},
	{"{'under': ['/log'], 'pin': false}", "/log/fifo", YES},
	/* /proc */
	{"{'not_under': ['/secret']}", "/proc/self/root/log/app", UNSURE},
	{"{'under': ['/proc/self']}", "/log/app", UNSURE},
	{"{'not_under': ['/secret']}", "/proc/version", YES},
};

static enum writ_truth match_in(const char *rule_text, const char *text, const char *cwd)
{
	struct writ_arena *arena = writ_arena_new();
	const struct writ_path_context context = {.cwd = cwd};
	struct writ_path_rule rule;
	struct writ_error err = {0};
	enum writ_truth truth;

	assert_non_null(arena);
	if (writ_path_rule_parse(arena, quoted_json(arena, rule_text), &rule, &err) < 0)
		fail_msg("%s: %s", rule_text, err.message);
	truth = writ_path_match(arena, &rule, text, &context);
	writ_arena_free(arena);
	return truth;
}

static int setup(void **state)
{
	world_enter(state);
	if (!world_missing)
		world_make(items, ARRAY_SIZE(items));
	return 0;
}

static void test_disk(void **state)
{
	struct table t = {0};

	(void)state;
	WORLD_OR_SKIP();
	for (size_t i = 0; i < ARRAY_SIZE(disk_rows); i++)
		table_int(&t, disk_rows[i].rule, disk_rows[i].text,
			  match_in(disk_rows[i].rule, disk_rows[i].text, "/log"),
			  disk_rows[i].want);
	table_done(&t);
}

/* The caller of `writ check` may not look everywhere. */
static void test_no_permission(void **state)
{
	struct table t = {0};

	(void)state;
	WORLD_OR_SKIP();
	assert_int_equal(seteuid(1000), 0);
	table_int(&t, "user", "a file in a closed directory",
		  match_in("{'under': ['/secret']}", "/secret/key", NULL), UNSURE);
	table_int(&t, "user", "a closed directory",
		  match_in("{'under': ['/secret']}", "/secret", NULL), YES);
	table_int(&t, "user", "an entry in a closed directory",
		  match_in("{'not_under': ['/secret/sub']}", "/log/app", NULL), UNSURE);
	table_int(&t, "user", "a glob in a closed directory",
		  match_in("{'not_under': ['/secret/s*']}", "/log/app", NULL), UNSURE);
	assert_int_equal(seteuid(0), 0);
	table_done(&t);
}

/* The limit on descriptors is the caller's to choose. */
static void test_no_descriptors(void **state)
{
	static const struct {
		rlim_t spare;
		enum writ_truth plain, glob;
	} rows[] = {
		{0, UNSURE, UNSURE}, /* not even "/" */
		{1, UNSURE, UNSURE}, /* no second step */
		{2, YES, UNSURE},    /* a glob reads a directory while it walks on */
		{8, YES, YES},
	};
	struct rlimit limit, few;
	struct table t = {0};
	int lowest = open("/", O_PATH | O_CLOEXEC);

	(void)state;
	WORLD_OR_SKIP();
	close(lowest);
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &limit), 0);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		enum writ_truth plain, glob;
		char name[32];

		few = limit;
		few.rlim_cur = (rlim_t)lowest + rows[i].spare;
		assert_int_equal(setrlimit(RLIMIT_NOFILE, &few), 0);
		plain = match_in("{'not_under': ['/secret']}", "/log/app", NULL);
		glob = match_in("{'not_under': ['/sec*/su*']}", "/log/app", NULL);
		assert_int_equal(setrlimit(RLIMIT_NOFILE, &limit), 0);
		snprintf(name, sizeof(name), "%u descriptors", (unsigned)rows[i].spare);
		table_int(&t, name, "plain entry", plain, rows[i].plain);
		table_int(&t, name, "glob entry", glob, rows[i].glob);
	}
	table_done(&t);
}

/* The kernel follows 40 links in one path; so do we, and no more. */
static void test_many_links(void **state)
{
	char name[32], target[32];
	struct table t = {0};

	(void)state;
	WORLD_OR_SKIP();
	assert_int_equal(mkdir("/links", 0755), 0);
	assert_int_equal(world_file("/links/0"), 0);
	for (int i = 1; i <= 41; i++) {
		snprintf(name, sizeof(name), "/links/%d", i);
		snprintf(target, sizeof(target), "%d", i - 1);
		assert_int_equal(symlink(target, name), 0);
		table_int(&t, name, "links", match_in("{'under': ['/links']}", name, NULL),
			  i <= 40 ? YES : UNSURE);
		table_int(&t, name, "the kernel", access(name, F_OK) == 0, i <= 40);
	}
	table_done(&t);
}

static void test_long_paths(void **state)
{
	static char text[8192], deep[8192];
	struct table t = {0};
	size_t n = 0;

	(void)state;
	WORLD_OR_SKIP();
	memset(text, 'x', 257);
	text[0] = '/';
	table_int(&t, "name of 256", "missing allowed",
		  match_in("{'under': ['/'], 'missing': 'allow'}", text, NULL), UNSURE);
	text[256] = '\0';
	table_int(&t, "name of 255", "missing allowed",
		  match_in("{'under': ['/'], 'missing': 'allow'}", text, NULL), YES);
	for (n = 0; n < 4094; n += 2)
		memcpy(text + n, "/.", 3);
	table_int(&t, "4094 bytes", "under /", match_in("{'under': ['/']}", text, NULL), YES);
	memcpy(text + n, "/.", 3);
	table_int(&t, "4096 bytes", "under /", match_in("{'under': ['/']}", text, NULL), UNSURE);

	/* Far to go in a short text. */
	for (n = 0; n < 3990; n += 7)
		memcpy(text + n, "/log/..", 8);
	table_int(&t, "1140 steps", "under /", match_in("{'under': ['/']}", text, NULL), UNSURE);
	text[7 * 200] = '\0';
	table_int(&t, "400 steps", "under /", match_in("{'under': ['/']}", text, NULL), YES);

	/* A cwd and a path, each short enough, that are too long together. */
	for (n = 0; n < 3000; n += 100) {
		memset(deep + n, 'd', 100);
		deep[n] = '/';
		deep[n + 100] = '\0';
		assert_int_equal(mkdir(deep, 0755), 0);
	}
	table_int(&t, "deep", "under /", match_in("{'under': ['/']}", ".", deep), YES);
	table_int(&t, "deep", "missing allowed",
		  match_in("{'under': ['/'], 'missing': 'allow'}", deep + 1, deep), UNSURE);
	table_done(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_disk),           cmocka_unit_test(test_no_permission),
		cmocka_unit_test(test_no_descriptors), cmocka_unit_test(test_many_links),
		cmocka_unit_test(test_long_paths),
	};

	return cmocka_run_group_tests_name("path_disk", tests, setup, NULL);
}
