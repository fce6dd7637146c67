/* SPDX-License-Identifier: ISC */
/* engine/path_rule.c and files.c: what is an error when a policy is loaded; and what a path's text
 * alone says (writ_path_match_text). */
#include "table.h"

#include "path.h"
#include "quoted.h"

#define NO WRIT_NO
#define YES WRIT_YES
#define UNSURE WRIT_UNSURE

static const struct error_row {
	const char *json, *message;
} rule_errors[] = {
	{"{}", "matches every path"},
	{"{'kind': 'any'}", "matches every path"},
	{"{'links': 1, 'missing': 'allow'}", "matches every path"},
	{"[]", "expected an object"},
	{"{'undr': ['/x']}", "did you mean 'under'"},
	{"{'under': '/x'}", "expected a list of strings"},
	{"{'under': []}", "the list is empty"},
	{"{'under': [1]}", "expected a string"},
	{"{'under': ['x']}", "'x' is no absolute path"},
	{"{'under': ['']}", "is no absolute path"},
	{"{'not_under': ['/a/../b']}", "without '//', '.' and '..'"},
	{"{'exact': ['/a/./b']}", "without '//', '.' and '..'"},
	{"{'exact': ['/a//b']}", "without '//', '.' and '..'"},
	{"{'exact': ['/a//']}", "without '//', '.' and '..'"},
	{"{'exact': ['//']}", "without '//', '.' and '..'"},
	{"{'exact': ['/..']}", "without '//', '.' and '..'"},
	{"{'under': ['/a[']}", "'/a[': \"[\" without \"]\""},
	{"{'under': ['/a'], 'kind': 'link'}", "expected \"file\", \"dir\" or \"any\""},
	{"{'under': ['/a'], 'missing': 'ok'}", "expected \"allow\" or \"deny\""},
	{"{'under': ['/a'], 'missing': true}", "expected a string"},
	{"{'under': ['/a'], 'trusted': 'yes'}", "expected true, false or \"directories\""},
	{"{'under': ['/a'], 'trusted': 1}", "expected true or false"},
	{"{'under': ['/a'], 'links': 0}", "0 is not between 1"},
	{"{'under': ['/a'], 'links': true}", "expected an integer"},
	{"{'kind': 'file', 'pin': true}", "pin needs under or exact"},
};

static void test_rule_errors(void **state)
{
	struct writ_arena *arena = writ_arena_new();
	struct table t = {0};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rule_errors); i++) {
		const struct error_row *row = &rule_errors[i];
		struct writ_error err = {0};
		struct writ_path_rule rule;

		table_int(&t, row->json, "result",
			  writ_path_rule_parse(arena, quoted_json(arena, row->json), &rule, &err),
			  -1);
		table_contains(&t, row->json, "message", err.message, row->message);
		table_string(&t, row->json, "file", err.file, "test.json");
	}
	writ_arena_free(arena);
	table_done(&t);
}

static const struct error_row files_errors[] = {
	{"[]", "expected an object"},
	{"{'x': 'root 0644'}", "expected an absolute path"},
	{"{'': 'root 0644'}", "expected an absolute path"},
	{"{'/a//b': 'root 0644'}", "expected an absolute path"},
	{"{'/a/../b': 'root 0644'}", "expected an absolute path"},
	{"{'/a': 'root'}", "expected an owner and an octal mode"},
	{"{'/a': 'root 0648'}", "expected an owner and an octal mode"},
	{"{'/a': 'root 06444'}", "expected an owner and an octal mode"},
	{"{'/a': ' 0644'}", "expected an owner and an octal mode"},
	{"{'/a': ''}", "expected an owner and an octal mode"},
	{"{'/a': '99999999999 0644'}", "no user has this number"},
	{"{'/a': '4294967295 0644'}", "no user has this number"},
	{"{'/a': '-> '}", "a link has a target"},
	{"{'/a/': '-> /b'}", "a link has a target and no final"},
	{"{'/a/': null}", "ends without \"/\""},
	{"{'/a': 1}", "expected a string"},
	{"{'/a': 'root 0644', '/a/': 'root 0755'}", "'/a' is there twice"},
	{"{'/a': 'root 0644', '/a/b': 'root 0644'}", "'/a' is no directory"},
	{"{'/a': '-> /b', '/a/b': 'root 0644'}", "'/a' is no directory"},
	{"{'/a': null, '/a/b': 'root 0644'}", "'/a' is no directory"},
};

static void test_files_errors(void **state)
{
	struct writ_arena *arena = writ_arena_new();
	struct table t = {0};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(files_errors); i++) {
		const struct error_row *row = &files_errors[i];
		struct writ_error err = {0};

		table_true(&t, row->json, "refused",
			   !writ_files_parse(arena, quoted_json(arena, row->json), &err));
		table_contains(&t, row->json, "message", err.message, row->message);
	}
	assert_non_null(writ_files_parse(arena, quoted_json(arena, "{}"), NULL));
	assert_non_null(writ_files_parse(arena, quoted_json(arena, "{'/': 'root 0755'}"), NULL));
	writ_arena_free(arena);
	table_done(&t);
}

static const struct text_row {
	const char *rule, *text;
	enum writ_truth allow, deny;
} text_rows[] = {
	{"{'under': ['/w/log']}", "/w/log/x", UNSURE, YES},
	{"{'under': ['/w/log'], 'missing': 'allow'}", "/w/log/x", YES, YES},
	{"{'under': ['/w/log']}", "/w/secret", NO, NO},
	{"{'under': ['/w/log']}", "/w/log/../secret", NO, NO},
	{"{'under': ['/w/log']}", "../secret", NO, NO},
	{"{'under': ['/w/log']}", "x", UNSURE, YES},
	{"{'under': ['/w/log'], 'kind': 'file'}", "x", UNSURE, UNSURE},
	{"{'under': ['/w/log'], 'trusted': true}", "x", UNSURE, UNSURE},
	{"{'under': ['/w/l*']}", "/w/log/x", UNSURE, YES},
	{"{'not_under': ['/w/l*']}", "/w/log/x", NO, NO},
	{"{'exact': ['/']}", "/", UNSURE, YES},
	{"{'exact': ['/']}", "/w/..", UNSURE, YES},
	{"{'exact': ['/']}", "/w", NO, NO},
	{"{'exact': ['/']}", "", UNSURE, UNSURE},
};

static void test_text(void **state)
{
	struct writ_arena *arena = writ_arena_new();
	struct table t = {0};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(text_rows); i++) {
		const struct text_row *row = &text_rows[i];
		struct writ_path_context context = {.cwd = "/w/log"};
		struct writ_path_rule rule;

		assert_int_equal(
			writ_path_rule_parse(arena, quoted_json(arena, row->rule), &rule, NULL), 0);
		table_int(&t, row->rule, row->text,
			  writ_path_match_text(arena, &rule, row->text, &context), row->allow);
		context.deny = true;
		table_int(&t, row->rule, row->text,
			  writ_path_match_text(arena, &rule, row->text, &context), row->deny);
	}
	writ_arena_free(arena);
	table_done(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rule_errors),
		cmocka_unit_test(test_files_errors),
		cmocka_unit_test(test_text),
	};

	return cmocka_run_group_tests_name("path_rule", tests, NULL, NULL);
}
