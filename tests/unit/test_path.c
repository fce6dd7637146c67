/* SPDX-License-Identifier: ISC */
/*
 * engine/path*.c and files.c over imagined file systems: the matcher's keys, both kinds of rules,
 * the two readings of "..", and what is an error when a policy is loaded. The real kernel is
 * test_path_disk.c's.
 */
#include "table.h"

#include "path.h"
#include "quoted.h"

#define NO WRIT_NO
#define YES WRIT_YES
#define UNSURE WRIT_UNSURE

/* Everything below /w, which no machine has. */
static const char files_text[] =
	"{'/w/log/': 'root 0755', '/w/log/app.log': 'root 0644', '/w/log/svc.log': 'svc 0644',"
	" '/w/log/group.log': 'root 0664', '/w/log/gone.log': null,"
	" '/w/log/svc/': 'svc 0755', '/w/log/svc/a.log': 'root 0644',"
	" '/w/log/svc/trap.log': '-> /w/secret/key', '/w/log/svc/dir': '-> /w/secret',"
	" '/w/log/svc/secret/key': 'svc 0600',"
	" '/w/log/tmp/': 'root 1777', '/w/log/tmp/x': 'root 0644',"
	" '/w/log/current': '-> app.log', '/w/log/up': '-> ../secret/key',"
	" '/w/log/theirs': '-> /w/log/svc', '/w/log/loop': '-> loop', '/w/log/dangling': '-> "
	"no/where',"
	" '/w/secret/key': 'root 0600', '/w/secret.d/1/key': 'root 0600',"
	" '/w/secret-link': '-> /w/elsewhere/2', '/w/elsewhere/2/key': 'root 0600',"
	" '/w/home/a/pub/f': '1000 0644', '/w/home/a/': 'a 0755', '/w/home/b/': 'b 0755',"
	" '/w/home/b/pub': '-> /w/secret', '/w/home/root/pub': '-> /w/srv', '/w/srv/f': 'root "
	"0644',"
	" '/w/log/a\\nb': 'root 0644', '/w/log/alias/': 'root 0755'}";

static const struct match_row {
	const char *rule, *text;
	enum writ_truth allow, deny; /* in an allow rule, in a deny rule */
} match_rows[] = {
	/* under */
	{"{'under': ['/w/log']}", "/w/log/app.log", YES, YES},
	{"{'under': ['/w/log']}", "/w/log", YES, YES},
	{"{'under': ['/w/log/']}", "/w/log/", YES, YES},
	{"{'under': ['/w/log']}", "/w/logs", UNSURE, NO},
	{"{'under': ['/w/lo']}", "/w/log/app.log", NO, NO},
	{"{'under': ['/w/log']}", "/w/secret/key", NO, NO},
	{"{'under': ['/w/log']}", "/w//log/./app.log", YES, YES},
	{"{'under': ['/w/log']}", "/w/log/../secret/key", NO, NO},
	{"{'under': ['/w/log']}", "/w/secret/../log/app.log", YES, YES},
	{"{'under': ['/w/log']}", "/w/log/current", YES, YES},
	{"{'under': ['/w/log']}", "/w/log/up", NO, NO},
	{"{'under': ['/w/log']}", "/w/log/svc/trap.log", NO, NO},
	{"{'under': ['/w/log']}", "/w/log/svc/dir/key", NO, NO},
	{"{'under': ['/w/secret']}", "/w/log/svc/dir/key", YES, YES},
	{"{'under': ['/w/secret']}", "/w/log/svc/dir/../log/app.log", NO, NO},
	{"{'under': ['/']}", "/w/log/app.log", YES, YES},
	{"{'under': ['/w/log/app.log']}", "/w/log/app.log", YES, YES},
	{"{'under': ['/w/srv', '/w/log']}", "/w/log/app.log", YES, YES},
	/* relative: from /w/log */
	{"{'under': ['/w/log']}", "app.log", YES, YES},
	{"{'under': ['/w/log']}", "./svc/../app.log", YES, YES},
	{"{'under': ['/w/log']}", "../secret/key", NO, NO},
	{"{'under': ['/w/log']}", ".", YES, YES},
	{"{'under': ['/w/log']}", "../../../../../w/log/app.log", YES, YES},
	/* what cannot be resolved */
	{"{'under': ['/w/log']}", "", UNSURE, UNSURE},
	{"{'under': ['/w/log']}", "/w/log/loop", UNSURE, UNSURE},
	{"{'under': ['/w/log']}", "/w/log/app.log/", UNSURE, UNSURE},
	{"{'under': ['/w/log']}", "/w/log/app.log/.", UNSURE, UNSURE},
	{"{'under': ['/w/log']}", "/w/log/app.log/../app.log", UNSURE, UNSURE},
	{"{'under': ['/w/log']}", "/w/log/nope/../app.log", UNSURE, UNSURE},
	/* missing */
	{"{'under': ['/w/log']}", "/w/log/gone.log", UNSURE, YES},
	{"{'under': ['/w/log']}", "/w/log/dangling", UNSURE, YES},
	{"{'under': ['/w/log'], 'missing': 'deny'}", "/w/log/nope", UNSURE, YES},
	{"{'under': ['/w/log'], 'missing': 'allow'}", "/w/log/nope", YES, YES},
	{"{'under': ['/w/log'], 'missing': 'allow'}", "/w/log/nope/a//b/.", YES, YES},
	{"{'under': ['/w/log'], 'missing': 'allow'}", "/w/log/svc/dir/nope", NO, NO},
	{"{'under': ['/w/log'], 'missing': 'allow'}", "/w/log/app.log", YES, YES},
	{"{'under': ['/w/nope'], 'missing': 'allow'}", "/w/nope/a", YES, YES},
	{"{'under': ['/w/nope'], 'missing': 'allow'}", "/w/nopes/a", NO, NO},
	{"{'under': ['/w/log/theirs/x'], 'missing': 'allow'}", "/w/log/svc/x/y", YES, YES},
	{"{'under': ['/w/log'], 'kind': 'file', 'missing': 'allow'}", "/w/log/nope", UNSURE,
	 UNSURE},
	{"{'under': ['/w/log'], 'kind': 'dir'}", "/w/srv/nope", UNSURE, NO},
	/* not_under */
	{"{'not_under': ['/w/secret']}", "/w/log/app.log", YES, YES},
	{"{'not_under': ['/w/secret']}", "/w/secret/key", NO, NO},
	{"{'not_under': ['/w/secret']}", "/w/log/svc/trap.log", NO, NO},
	{"{'not_under': ['/w/nope', '/w/secret']}", "/w/log/up", NO, NO},
	{"{'under': ['/w'], 'not_under': ['/w/secret']}", "/w/log/app.log", YES, YES},
	{"{'under': ['/w'], 'not_under': ['/w/secret']}", "/w/secret", NO, NO},
	/* globs */
	{"{'not_under': ['/w/secret*']}", "/w/secret.d/1/key", NO, NO},
	{"{'not_under': ['/w/secret*']}", "/w/elsewhere/2/key", NO, NO},
	{"{'not_under': ['/w/secret*']}", "/w/elsewhere/2", NO, NO},
	{"{'not_under': ['/w/secret*']}", "/w/elsewhere", YES, YES},
	{"{'not_under': ['/w/*/key']}", "/w/secret/key", NO, NO},
	{"{'not_under': ['/w/*/key']}", "/w/log/app.log", YES, YES},
	{"{'under': ['/w/s*']}", "/w/secret", YES, YES},
	{"{'under': ['/w/[!a-r]*/f']}", "/w/srv/f", YES, YES},
	{"{'under': ['/w/home/*/pub']}", "/w/home/a/pub/f", YES, YES},
	{"{'under': ['/w/home/*/pub']}", "/w/home/a", NO, NO},
	{"{'under': ['/w/home/*/pub']}", "/w/srv/f", YES, YES},
	/* b may point that link anywhere */
	{"{'under': ['/w/home/*/pub']}", "/w/secret/key", UNSURE, UNSURE},
	{"{'not_under': ['/w/home/*/pub']}", "/w/secret/key", UNSURE, UNSURE},
	{"{'not_under': ['/w/home/*/pub']}", "/w/home/b/pub/key", UNSURE, UNSURE},
	{"{'under': ['/w/log/svc/dir']}", "/w/secret/key", UNSURE, UNSURE},
	{"{'under': ['/w/log/a*']}", "/w/log/a\nb", UNSURE, UNSURE},
	{"{'not_under': ['/w/log/a*']}", "/w/log/a\nb", UNSURE, UNSURE},
	{"{'under': ['/w/log/\\\\*']}", "/w/log/app.log", NO, NO},
	{"{'under': ['/w/no*'], 'missing': 'allow'}", "/w/nope/x", YES, YES},
	{"{'under': ['/*/log']}", "/w/log/app.log", YES, YES},
	{"{'under': ['/w/log/*.log/x']}", "/w/log/app.log", NO, NO},
	/* exact */
	{"{'exact': ['/w/log/app.log']}", "/w/log/app.log", YES, YES},
	{"{'exact': ['/w/log/app.log']}", "/w/log/current", YES, YES},
	{"{'exact': ['/w/log/current']}", "/w/log/app.log", YES, YES},
	{"{'exact': ['/w/log']}", "/w/log/app.log", NO, NO},
	{"{'exact': ['/w/log']}", "/w/log/../log/.", YES, YES},
	{"{'exact': ['/']}", "/", YES, YES},
	{"{'exact': ['/']}", "/w/..", YES, YES},
	{"{'exact': ['/']}", "/w", NO, NO},
	{"{'exact': ['/w/log/*.log']}", "/w/log/app.log", YES, YES},
	{"{'exact': ['/w/log/*']}", "/w/log/svc/a.log", NO, NO},
	{"{'exact': ['/w/nope'], 'missing': 'allow'}", "/w/nope", YES, YES},
	{"{'exact': ['/w/nope'], 'missing': 'allow'}", "/w/nope/x", NO, NO},
	{"{'exact': ['/w/log/gone.log']}", "/w/log/gone.log", UNSURE, YES},
	{"{'under': ['/w/log'], 'exact': ['/w/srv/f']}", "/w/srv/f", NO, NO},
	/* kind */
	{"{'under': ['/w/log'], 'kind': 'file'}", "/w/log/app.log", YES, YES},
	{"{'under': ['/w/log'], 'kind': 'file'}", "/w/log/current", YES, YES},
	{"{'under': ['/w/log'], 'kind': 'file'}", "/w/log/svc", NO, NO},
	{"{'under': ['/w/log'], 'kind': 'dir'}", "/w/log/svc", YES, YES},
	{"{'under': ['/w/log'], 'kind': 'dir'}", "/w/log/theirs", YES, YES},
	{"{'under': ['/w/log'], 'kind': 'dir'}", "/w/log/app.log", NO, NO},
	{"{'under': ['/w/log'], 'kind': 'any'}", "/w/log/svc", YES, YES},
	/* trusted */
	{"{'trusted': true}", "/w/log/app.log", YES, YES},
	{"{'trusted': true}", "/w/log/svc.log", NO, NO},
	{"{'trusted': true}", "/w/log/group.log", NO, NO},
	{"{'trusted': true}", "/w/log/svc/a.log", NO, NO},
	{"{'trusted': true}", "/w/log/tmp/x", NO, NO},
	{"{'trusted': true}", "/w/log/svc/dir/key", NO, NO},
	{"{'trusted': true}", "/w/log/theirs/../app.log", NO, NO},
	{"{'trusted': true}", "/w/log/svc/../app.log", NO, NO},
	{"{'trusted': true}", "/w/log/up", YES, YES},
	{"{'trusted': true}", "/w/log/svc", NO, NO},
	{"{'trusted': 'directories'}", "/w/log/svc.log", YES, YES},
	{"{'trusted': 'directories'}", "/w/log/group.log", YES, YES},
	{"{'trusted': 'directories'}", "/w/log/svc/a.log", NO, NO},
	{"{'trusted': 'directories'}", "/w/log/svc", NO, NO},
	{"{'trusted': true, 'missing': 'allow'}", "/w/log/nope", YES, YES},
	{"{'trusted': true, 'missing': 'allow'}", "/w/log/svc/nope", NO, NO},
	{"{'trusted': false, 'under': ['/w']}", "/w/log/svc.log", YES, YES},
	/* links, pin */
	{"{'under': ['/w/log'], 'links': 1}", "/w/log/app.log", YES, YES},
	{"{'under': ['/w/log'], 'pin': true}", "/w/log/app.log", YES, YES},
	{"{'under': ['/w/log'], 'pin': true}", "/w/secret/key", NO, NO},
	{"{'under': ['/w/log'], 'note': 'x'}", "/w/log/app.log", YES, YES},
};

static enum writ_truth match(struct writ_arena *arena, const char *rule_text, const char *text,
			     const struct writ_path_context *context)
{
	struct writ_path_rule rule;
	struct writ_error err = {0};

	if (writ_path_rule_parse(arena, quoted_json(arena, rule_text), &rule, &err) < 0)
		fail_msg("%s: %s", rule_text, err.message);
	return writ_path_match(arena, &rule, text, context);
}

static const struct writ_files *make_files(struct writ_arena *arena, const char *text)
{
	struct writ_error err = {0};
	const struct writ_files *files = writ_files_parse(arena, quoted_json(arena, text), &err);

	if (!files)
		fail_msg("%s: %s", text, err.message);
	return files;
}

static void test_match(void **state)
{
	struct writ_arena *arena = writ_arena_new();
	struct writ_path_context context = {.cwd = "/w/log"};
	struct table t = {0};

	(void)state;
	context.files = make_files(arena, files_text);
	for (size_t i = 0; i < ARRAY_SIZE(match_rows); i++) {
		const struct match_row *row = &match_rows[i];

		context.deny = false;
		table_int(&t, row->rule, row->text, match(arena, row->rule, row->text, &context),
			  row->allow);
		context.deny = true;
		table_int(&t, row->rule, row->text, match(arena, row->rule, row->text, &context),
			  row->deny);
	}
	writ_arena_free(arena);
	table_done(&t);
}

static const struct cwd_row {
	const char *cwd, *text;
	enum writ_truth want; /* of under /w/log, trusted directories */
} cwd_rows[] = {
	{NULL, "/w/log/app.log", YES},
	{NULL, "app.log", UNSURE},
	{"w/log", "app.log", UNSURE},
	{"", "app.log", UNSURE},
	{"(unreachable)/x", "app.log", UNSURE},
	{"/w/log", "app.log", YES},
	{"/w/nope", "app.log", UNSURE},
	{"/w/log/app.log", "app.log", UNSURE},
	{"/w/secret", "../log/app.log", YES},
	{"/w/secret", "key", NO},
	{"/w/log/svc", "a.log", NO},
	{"/w/log/svc", "../app.log", NO},
};

static void test_cwd(void **state)
{
	struct writ_arena *arena = writ_arena_new();
	struct table t = {0};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cwd_rows); i++) {
		const struct cwd_row *row = &cwd_rows[i];
		const struct writ_path_context context = {
			.cwd = row->cwd,
			.files = make_files(arena, files_text),
		};

		table_int(&t, row->cwd ? row->cwd : "NULL", row->text,
			  match(arena, "{'under': ['/w/log'], 'trusted': 'directories'}", row->text,
				&context),
			  row->want);
	}
	writ_arena_free(arena);
	table_done(&t);
}

/* A program that cleans ".." first, and one that does not, may mean two files. */
static const struct cleaned_row {
	const char *text;
	enum writ_truth as_typed, cleaned; /* under /w/secret */
} cleaned_rows[] = {
	{"/w/log/svc/dir/../secret/key", YES, UNSURE},
	{"/w/log/svc/dir/../../secret/key", UNSURE, UNSURE},
	{"/w/log/../secret/key", YES, YES},
	{"/w/secret/key", YES, YES},
	{"/w/log/nope/../../secret/key", UNSURE, UNSURE},
	{"/w/log/svc/dir/../log/app.log", NO, UNSURE},
	{"../secret/key", YES, YES},
	{"./svc/dir/../../../secret", UNSURE, UNSURE},
	{"..", NO, NO},
};

static void test_cleaned(void **state)
{
	struct writ_arena *arena = writ_arena_new();
	struct writ_path_context context = {.cwd = "/w/log"};
	struct table t = {0};

	(void)state;
	context.files = make_files(arena, files_text);
	for (size_t i = 0; i < ARRAY_SIZE(cleaned_rows); i++) {
		const struct cleaned_row *row = &cleaned_rows[i];

		context.cleaned = false;
		table_int(&t, row->text, "as typed",
			  match(arena, "{'under': ['/w/secret']}", row->text, &context),
			  row->as_typed);
		context.cleaned = true;
		table_int(&t, row->text, "cleaned",
			  match(arena, "{'under': ['/w/secret']}", row->text, &context),
			  row->cleaned);
	}
	writ_arena_free(arena);
	table_done(&t);
}

/* What is not imagined is looked up: every machine has /proc, whose links are unsure. */
static void test_real_behind_imagined(void **state)
{
	static const struct {
		const char *text;
		enum writ_truth want; /* under /proc */
	} rows[] = {
		{"/proc/version", YES},
		{"/w/proc/version", YES},
		{"/proc/writ-imagined", YES},
		{"/proc/uptime", UNSURE}, /* imagined away */
		{"/proc/self/status", UNSURE},
		{"/proc/self", UNSURE},
		{"/proc/thread-self/root/etc", UNSURE},
		{"/proc/1/root/w", UNSURE},
		{"/proc/net/tcp", UNSURE},
		{"/proc/self/fd/0", UNSURE},
	};
	struct writ_arena *arena = writ_arena_new();
	const struct writ_path_context context = {
		.files = make_files(arena, "{'/w/proc': '-> /proc', '/proc/uptime': null,"
					   " '/proc/writ-imagined': 'root 0444'}"),
	};
	struct table t = {0};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		table_int(&t, rows[i].text, "under /proc",
			  match(arena, "{'under': ['/proc']}", rows[i].text, &context),
			  rows[i].want);
	writ_arena_free(arena);
	table_done(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_match),
		cmocka_unit_test(test_cwd),
		cmocka_unit_test(test_cleaned),
		cmocka_unit_test(test_real_behind_imagined),
	};

	return cmocka_run_group_tests_name("path", tests, NULL, NULL);
}
