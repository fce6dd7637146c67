/* SPDX-License-Identifier: ISC */
/*
 * engine/path_cache.c and pin.c: what a decision saw once stays as it was seen, is kept open, and
 * becomes an argument. On real files, in a folder of the test's own.
 */
#include "table.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>

#include "arena.h"
#include "path.h"
#include "path_cache.h"
#include "pin.h"

static char folder[] = "/tmp/writ-pin-XXXXXX";

static int lowest_descriptor(void)
{
	int fd = open("/", O_PATH | O_CLOEXEC);

	close(fd);
	return fd;
}

static void make_file(const char *name)
{
	int fd = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

	assert_true(fd >= 0);
	close(fd);
}

static int setup(void **state)
{
	char real[PATH_MAX];

	(void)state;
	if (!mkdtemp(folder) || chdir(folder) < 0 || !realpath(".", real) ||
	    strcmp(real, folder) != 0)
		return -1;
	make_file("file");
	make_file("other");
	return mkdir("dir", 0700) < 0 || symlink("file", "link") < 0 ? -1 : 0;
}

static int teardown(void **state)
{
	static const char *const names[] = {"file", "other", "link", "replaced"};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		unlink(names[i]);
	rmdir("dir");
	return chdir("/") < 0 || rmdir(folder) < 0 ? -1 : 0;
}

static ino_t inode_of(int fd)
{
	struct stat st;

	assert_int_equal(fstat(fd, &st), 0);
	return st.st_ino;
}

static ino_t inode_at(const char *name)
{
	struct stat st;

	assert_int_equal(stat(name, &st), 0);
	return st.st_ino;
}

/* Whoever exchanges a file between two looks is late. */
static void test_one_look(void **state)
{
	int before = lowest_descriptor();
	struct writ_arena *arena = writ_arena_new();
	struct writ_path_cache *cache = writ_path_cache_new(arena, NULL, true);
	const struct writ_path_look *look = writ_path_cache_look(cache, folder, "replaced");
	ino_t inode;

	(void)state;
	assert_non_null(look);
	assert_int_equal(look->path.state, WRIT_RESOLVED_MISSING);
	make_file("replaced");
	assert_ptr_equal(writ_path_cache_look(cache, folder, "replaced"), look);
	/* The same text from elsewhere is another path; an absolute one is not. */
	assert_ptr_not_equal(writ_path_cache_look(cache, "/", "replaced"), look);
	assert_ptr_equal(writ_path_cache_look(cache, "/", "/etc"),
			 writ_path_cache_look(cache, folder, "/etc"));

	look = writ_path_cache_look(cache, folder, "./replaced");
	inode = inode_at("replaced");
	assert_int_equal(rename("other", "replaced"), 0);
	make_file("other");
	assert_ptr_equal(writ_path_cache_look(cache, folder, "./replaced"), look);
	assert_true(look->fds.file >= 0 && look->fds.directory >= 0);
	assert_int_equal(inode_of(look->fds.file), inode);
	assert_int_not_equal(inode_at("replaced"), inode);
	assert_int_equal(inode_of(look->fds.directory), inode_at("."));
	assert_true(fcntl(look->fds.file, F_GETFL) & O_PATH);
	assert_true(fcntl(look->fds.file, F_GETFD) & FD_CLOEXEC);
	writ_arena_free(arena);
	assert_int_equal(lowest_descriptor(), before);
}

static void test_many_looks(void **state)
{
	int before = lowest_descriptor();
	struct writ_arena *arena = writ_arena_new();
	struct writ_path_cache *cache = writ_path_cache_new(arena, NULL, true);
	struct writ_path_cache *light = writ_path_cache_new(arena, NULL, false);
	static const char dots[] = "./././././././././././././././././././././././././././././././."
				   "/./././.";
	struct table t = {0};

	(void)state;
	for (int i = 0; i < WRIT_PATHS_MAX + 2; i++) {
		/* That many texts for one file. */
		const char *text =
			writ_arena_printf(arena, "%s/%.*s%.*s/file", folder, i % 32,
					  "////////////////////////////////", i / 32 * 2, dots);
		const struct writ_path_look *look = writ_path_cache_look(cache, NULL, text);

		table_int(&t, text, "there is a look", look != NULL, i < WRIT_PATHS_MAX);
		if (!look)
			continue;
		table_int(&t, text, "found", look->path.state, WRIT_RESOLVED_FOUND);
		table_int(&t, text, "kept open", look->fds.file >= 0, i < WRIT_PATHS_OPEN_MAX);
		table_int(&t, text, "with its folder", look->fds.directory >= 0,
			  i < WRIT_PATHS_OPEN_MAX);
	}
	table_int(&t, "a look from before", "is still there",
		  writ_path_cache_look(cache, NULL, writ_arena_printf(arena, "%s//file", folder)) !=
			  NULL,
		  true);
	table_int(&t, "not keeping", "file", writ_path_cache_look(light, folder, "file")->fds.file,
		  -1);
	writ_arena_free(arena);
	table_int(&t, "after all", "descriptors", lowest_descriptor(), before);
	table_done(&t);
}

static void test_arguments(void **state)
{
	static const struct {
		const char *element, *path; /* the path is its end */
		enum writ_path_pin pin;
		const char *want; /* with descriptor 7; NULL: not pinned */
	} rows[] = {
		{"file", "file", WRIT_PIN_THING, "/proc/self/fd/7"},
		{"--file=file", "file", WRIT_PIN_THING, "--file=/proc/self/fd/7"},
		{"-ffile", "file", WRIT_PIN_THING, "-f/proc/self/fd/7"},
		{"-f=link", "link", WRIT_PIN_THING, "-f=/proc/self/fd/7"},
		{"./dir/../file", "./dir/../file", WRIT_PIN_THING, "/proc/self/fd/7"},
		{"dir", "dir", WRIT_PIN_THING, "/proc/self/fd/7/"},
		{"--in=dir", "dir", WRIT_PIN_ENTRY, "--in=/proc/self/fd/7/"},
		{"file", "file", WRIT_PIN_ENTRY, "/proc/self/fd/7/file"},
		{"dir/../link", "dir/../link", WRIT_PIN_ENTRY, "/proc/self/fd/7/file"},
	};
	struct writ_arena *arena = writ_arena_new();
	struct writ_path_cache *cache = writ_path_cache_new(arena, NULL, true);
	struct table t = {0};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		char *argv[] = {writ_arena_strdup(arena, "program"),
				writ_arena_strdup(arena, rows[i].element)};
		const char *text = argv[1] + strlen(argv[1]) - strlen(rows[i].path);
		const struct writ_path_rule rule = {.pin = rows[i].pin};
		struct writ_pins pins = {.arena = arena, .argv = argv, .argc = 2};
		const struct writ_path_look *look = writ_path_cache_look(cache, folder, text);

		table_int(&t, rows[i].element, "added", writ_pins_add(&pins, &rule, text, look), 0);
		table_int(&t, rows[i].element, "again", writ_pins_add(&pins, &rule, text, look), 0);
		table_int(&t, rows[i].element, "pins", (int64_t)pins.n, 1);
		if (pins.n == 1)
			table_string(&t, rows[i].element, "argument",
				     writ_pin_argument(arena, &pins.items[0], 7), rows[i].want);
		/* The same text elsewhere is no part of the vector. */
		table_int(&t, rows[i].element, "elsewhere",
			  writ_pins_add(&pins, &rule, rows[i].path, look), -1);
	}
	writ_arena_free(arena);
	table_done(&t);
}

/* Taken descriptors are the caller's, whatever happens to the arena. */
static void test_taken(void **state)
{
	int before = lowest_descriptor();
	struct writ_arena *arena = writ_arena_new();
	struct writ_path_cache *cache = writ_path_cache_new(arena, NULL, true);
	char *argv[] = {writ_arena_strdup(arena, "file"), writ_arena_strdup(arena, "dir")};
	const struct writ_path_rule rule = {.pin = WRIT_PIN_THING};
	struct writ_pins pins = {.arena = arena, .argv = argv, .argc = 2};
	struct writ_pin taken[2];
	struct writ_decision decision = {.pins = taken, .n_pins = 2};

	(void)state;
	for (size_t i = 0; i < 2; i++)
		assert_int_equal(writ_pins_add(&pins, &rule, argv[i],
					       writ_path_cache_look(cache, folder, argv[i])),
				 0);
	assert_int_equal(writ_pins_take(pins.items, pins.n), 0);
	memcpy(taken, pins.items, sizeof(taken));
	writ_arena_free(arena);
	assert_int_equal(inode_of(taken[0].fd), inode_at("file"));
	assert_int_equal(inode_of(taken[1].fd), inode_at("dir"));
	assert_true(taken[0].fd > 2 && taken[1].fd > 2);
	assert_true(fcntl(taken[0].fd, F_GETFD) & FD_CLOEXEC);
	writ_pins_close(&decision);
	assert_int_equal(taken[0].fd, -1);
	assert_int_equal(lowest_descriptor(), before);
}

static void test_no_more(void **state)
{
	struct writ_arena *arena = writ_arena_new();
	struct writ_path_cache *cache = writ_path_cache_new(arena, NULL, true);
	const struct writ_path_rule rule = {.pin = WRIT_PIN_THING};
	char *argv[WRIT_PINS_MAX + 1];
	struct writ_pins pins = {.arena = arena, .argv = argv, .argc = WRIT_PINS_MAX + 1};
	const struct writ_path_look *look;
	struct writ_pin bad = {.fd = 1 << 20};

	(void)state;
	for (size_t i = 0; i < pins.argc; i++)
		argv[i] = writ_arena_strdup(arena, "file");
	look = writ_path_cache_look(cache, folder, "file");
	for (size_t i = 0; i < WRIT_PINS_MAX; i++)
		assert_int_equal(writ_pins_add(&pins, &rule, argv[i], look), 0);
	assert_int_equal(writ_pins_add(&pins, &rule, argv[WRIT_PINS_MAX], look), -1);
	assert_int_equal(pins.n, WRIT_PINS_MAX);
	/* One that cannot be taken leaves none open. */
	pins.items[WRIT_PINS_MAX - 1] = bad;
	assert_int_equal(writ_pins_take(pins.items, pins.n), -1);
	assert_int_equal(fcntl(pins.items[0].fd, F_GETFD), -1);
	writ_arena_free(arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_one_look),  cmocka_unit_test(test_many_looks),
		cmocka_unit_test(test_arguments), cmocka_unit_test(test_taken),
		cmocka_unit_test(test_no_more),
	};

	return cmocka_run_group_tests_name("pin", tests, setup, teardown);
}
