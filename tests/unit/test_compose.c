/* SPDX-License-Identifier: ISC */
/* engine/compose*.c: what a compose file includes, and what is not read at all. */
#include "table.h"

#include "arena.h"
#include "compose.h"
#include "error.h"
#include "path_cache.h"
#include "world.h"

static const struct {
	const char *text;
	const char *want; /* "/a /b*": what is included, a star for compose files; NULL: refused */
} rows[] = {
	{"", ""},
	{"# nothing\n\n", ""},
	{"---\nservices:\n  web:\n    image: alpine\n", ""},
	{"services:\n  web:\n    image: \"alpine:3\" # why\n    command: ['a', 'b: c', \"d\"]\n",
	 ""},
	{"services:\n  web:\n    environment: {A: b, C: 'd'}\n    ports:\n    - \"80:80\"\n    - "
	 "81:81\n",
	 ""},
	{"services:\n  web:\n    command: |\n      include: /x\n        - y\n    image: a\n", ""},
	{"services:\n  web:\n    command:\n      - >-\n        build: .\n      - b\n", ""},
	{"x-a: &a\n  image: b\nservices:\n  web:\n    <<: *a\n    labels: *a\n", ""},
	{"services:\n  web:\n    command: \"a \\\" b\"\n", ""},
	{"services:\n  web:\n    command: echo $$HOME\n", ""},
	{"include:\n  - /srv/a.yml\n  - \"/srv/b.yml\"\n  - '/srv/c d.yml' # why\n",
	 "/srv/a.yml* /srv/b.yml* /srv/c d.yml*"},
	{"include:\n- /srv/a.yml\nservices:\n  web: {}\n", "/srv/a.yml*"},
	{"services:\n  web:\n    extends:\n      file: /srv/a.yml\n      service: a\n    image: "
	 "b\n",
	 "/srv/a.yml*"},
	{"services:\n  web:\n    extends: a\n", ""},
	{"services:\n  web:\n    extends:\n      service: a\n    env_file: /srv/env\n", "/srv/env"},
	{"services:\n  web:\n    env_file:\n      - /srv/env\n    image: a\n", "/srv/env"},
	{"secrets:\n  key:\n    file: /srv/key\nconfigs:\n  c:\n    file: \"/srv/c\"\n",
	 "/srv/key /srv/c"},
	{"services:\n  a:\n    extends:\n      file: /a\n  b:\n    env_file: /b\nsecrets:\n  s:\n  "
	 "  file: /c\n",
	 "/a* /b /c"},
	/* a path that means nothing by itself */
	{"include:\n  - a.yml\n", NULL},
	{"include:\n  - ./a.yml\n", NULL},
	{"include: a.yml\n", NULL},
	{"include:\n  - https://h/a.yml\n", NULL},
	{"services:\n  web:\n    env_file: .env\n", NULL},
	{"secrets:\n  key:\n    file: key\n", NULL},
	{"secrets:\n  key:\n    file: ${KEY}\n", NULL},
	{"services:\n  web:\n    image: $IMAGE\n", NULL},
	{"services:\n  web:\n    command: |\n      echo ${X}\n", NULL},
	/* what reads folders */
	{"services:\n  web:\n    build: .\n", NULL},
	{"services:\n  web:\n    build:\n      context: /srv\n", NULL},
	{"services:\n  web: {build: .}\n", NULL},
	{"services:\n  web: {\"build\": .}\n", NULL},
	{"services:\n  web: { 'build' : . }\n", NULL},
	{"services: {web: {secrets: [{file: /x}]}}\n", NULL},
	{"services:\n  web:\n    develop:\n      watch: []\n", NULL},
	{"Include:\n  - a.yml\n", NULL},
	/* objects where lists are understood */
	{"include:\n  - path: /srv/a.yml\n", NULL},
	{"include:\n  - path: /srv/a.yml\n    env_file: /x\n", NULL},
	{"include: [/srv/a.yml]\n", NULL},
	{"include: {path: /srv/a.yml}\n", NULL},
	{"include:\n  - [/srv/a.yml, b.yml]\n", NULL},
	{"include:\n  - *a\n", NULL},
	{"include: *a\n", NULL},
	{"include: &a\n  - /srv/a.yml\n", NULL},
	{"include:\n  -\n    - /srv/a.yml\n", NULL},
	{"include:\n  - |\n    /srv/a.yml\n", NULL},
	{"services:\n  web:\n    extends: {file: /a, service: b}\n", NULL},
	{"services:\n  web:\n    extends: *a\n", NULL},
	{"services:\n  web:\n    extends:\n      <<: *a\n", NULL},
	{"services:\n  web:\n    extends:\n      - a\n", NULL},
	{"secrets:\n  key:\n    file:\n      /srv/key\n", NULL},
	{"secrets:\n  key:\n    file: |\n      /srv/key\n", NULL},
	{"secrets:\n  key:\n    file: \"/srv/\\x6bey\"\n", NULL},
	/* YAML that is not understood */
	{"\"include\":\n  - a.yml\n", NULL},
	{"'include': a.yml\n", NULL},
	{"- \"include\": a.yml\n", NULL},
	{"? include\n: - a.yml\n", NULL},
	{"!!str include:\n  - a.yml\n", NULL},
	{"*a : b\n", NULL},
	{"&a include: b\n", NULL},
	{"{include: [a.yml]}\n", NULL},
	{"{\n include: [a.yml]}\n", NULL},
	{"services:\n  web: {a: \"\\x62uild\", \"\\x62uild\": .}\n", NULL},
	{"services:\n  web: {? build : .}\n", NULL},
	{"services:\n  web:\n    command: \"a\n      b\"\n", NULL},
	{"services:\n  web:\n    command: a\n      b\n", NULL},
	{"services:\n  web:\n    command: |2\n      b\n", NULL},
	{"services:\n  web:\n    env_file: /x\n      - y\n", NULL},
	{"include:\n  - /x\n    - y\n", NULL},
	{"secrets:\n  a:\n    file: /x\n      y:z\n", NULL},
	{"services:\n\tweb:\n", NULL},
	{"a: b\n---\ninclude: a\n", NULL},
	{"a: b\n...\n", NULL},
	{"%YAML 1.2\n---\na: b\n", NULL},
	{"a: b\r\n", NULL},
	{"a: b\xc2\x85include: c\n", NULL},
	{"a: b\xe2\x80\xa8include: c\n", NULL},
	{"\xef\xbb\xbfinclude: c\n", NULL},
	{"just words\n", NULL},
	{"a: !x b\n", NULL},
	{"a: [b\n", NULL},
	{"a: [b] c\n", NULL},
	{"a: 'b' c\n", NULL},
};

static void test_read(void **state)
{
	struct table t = {0};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct writ_arena *arena = writ_arena_new();
		struct writ_compose_include *first = NULL;
		struct writ_error err = {0};
		const char *got = "";
		int r = writ_compose_read(arena, rows[i].text, strlen(rows[i].text), &first, &err);

		for (; r == 0 && first; first = first->next)
			got = writ_arena_printf(arena, "%s%s%s%s", got, *got ? " " : "",
						first->path, first->compose ? "*" : "");
		table_string(&t, rows[i].text, "includes", r == 0 ? got : NULL, rows[i].want);
		table_true(&t, rows[i].text, "message", (r == 0) == !err.message[0]);
		writ_arena_free(arena);
	}
	table_done(&t);
}

static void write_file(const char *path, const char *text, unsigned owner)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	assert_int_equal(fchown(fd, owner, 0), 0);
	close(fd);
}

static const struct {
	const char *path, *text;
	unsigned owner;
} disk[] = {
	{"/srv/plain.yml", "services:\n", 0},
	{"/srv/theirs.yml", "services:\n", 1000},
	{"/srv/one.yml", "include:\n- /srv/plain.yml\n", 0},
	{"/srv/two.yml", "include:\n- /srv/one.yml\nsecrets:\n  a:\n    file: /srv/key\n", 0},
	{"/srv/bad.yml", "include:\n- /srv/two.yml\n- /srv/theirs.yml\n", 0},
	{"/srv/worse.yml", "include:\n- /srv/bad.yml\n", 0},
	{"/srv/missing.yml", "include:\n- /srv/nothing.yml\n", 0},
	{"/srv/loop.yml", "include:\n- /srv/loop.yml\n", 0},
	{"/srv/env.yml", "services:\n  a:\n    env_file: /srv/theirs.env\n", 0},
	{"/srv/odd.yml", "services:\n  a:\n    build: .\n", 0},
	{"/srv/theirs.env", "A=b\n", 1000},
	{"/srv/key", "k\n", 0},
	{"/home/plain.yml", "services:\n", 0},
};

static const struct {
	const char *path;
	bool trusted;
	const char *message;
} judged[] = {
	{"/srv/plain.yml", true, NULL},
	{"plain.yml", true, NULL},
	{"/srv/one.yml", true, NULL},
	{"/srv/two.yml", true, NULL},
	{"/srv/theirs.yml", false, "/srv/theirs.yml is no file that only root can change"},
	{"/srv/bad.yml", false, "/srv/theirs.yml is no file"},
	{"/srv/worse.yml", false, "/srv/theirs.yml is no file"},
	{"/srv/missing.yml", false, "/srv/nothing.yml cannot be found"},
	{"/srv/loop.yml", false, "too many files"},
	{"/srv/env.yml", false, "/srv/theirs.env is no file"},
	{"/srv/odd.yml", false, "/srv/odd.yml: line 3: a key that reads folders"},
	{"/home/plain.yml", false, "/home/plain.yml is no file"},
	{"/srv", false, "/srv is no file"},
	{"-", false, "standard input"},
	{"https://host/x.yml", false, "cannot be found"},
	{"", false, "cannot be found"},
};

static void test_judge(void **state)
{
	struct table t = {0};

	(void)state;
	WORLD_OR_SKIP();
	assert_int_equal(mkdir("/srv", 0755), 0);
	assert_int_equal(mkdir("/home", 0755), 0);
	assert_int_equal(chown("/home", 1000, 0), 0);
	for (size_t i = 0; i < ARRAY_SIZE(disk); i++)
		write_file(disk[i].path, disk[i].text, disk[i].owner);
	for (size_t i = 0; i < ARRAY_SIZE(judged); i++) {
		struct writ_arena *arena = writ_arena_new();
		struct writ_path_cache *cache = writ_path_cache_new(arena, NULL, true);
		struct writ_error err = {0};
		enum writ_truth truth =
			writ_compose_judge(arena, cache, "/srv", judged[i].path, &err);

		table_int(&t, judged[i].path, "trusted", truth,
			  judged[i].trusted ? WRIT_YES : WRIT_UNSURE);
		if (judged[i].message)
			table_contains(&t, judged[i].path, "message", err.message,
				       judged[i].message);
		writ_arena_free(arena);
	}
	table_done(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_read),
		cmocka_unit_test(test_judge),
	};

	return cmocka_run_group_tests_name("compose", tests, world_enter, NULL);
}
