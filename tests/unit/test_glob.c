/* SPDX-License-Identifier: ISC */
/* engine/glob.c: what a glob matches, what is no glob, and that stars cost no exponential time. */
#include "table.h"

#include <stdlib.h>

#include "error.h"
#include "glob.h"

static const struct match_row {
	const char *pattern, *text;
	bool matches;
	enum writ_truth name; /* of writ_glob_match_name */
} match_rows[] = {
	{"bench-*", "bench-7", true, WRIT_YES},
	{"bench-*", "bench-", true, WRIT_YES},
	{"bench-*", "bench", false, WRIT_NO},
	{"bench-*", "xbench-7", false, WRIT_NO},
	{"", "", true, WRIT_YES},
	{"", "a", false, WRIT_NO},
	{"*", "", true, WRIT_YES},
	{"**", "abc", true, WRIT_YES},
	{"?", "", false, WRIT_NO},
	{"a?c", "abc", true, WRIT_YES},
	{"*.log", ".log", true, WRIT_YES},
	{"*b*d", "abcbd", true, WRIT_YES},
	{"*ab*ab", "abab", true, WRIT_YES},
	{"*ab*ab", "ab", false, WRIT_NO},
	{"A*", "abc", false, WRIT_NO},
	/* slashes */
	{"*", "a/b", false, WRIT_NO},
	{"a*b", "a/b", false, WRIT_NO},
	{"a?b", "a/b", false, WRIT_NO},
	{"a[!x]b", "a/b", false, WRIT_NO},
	{"a[+-9]b", "a/b", false, WRIT_NO},
	{"*/b", "a/b", true, WRIT_YES},
	{"/*/x", "/home/x", true, WRIT_YES},
	{"/*/x", "/home/y/x", false, WRIT_NO},
	{"*/a*", "x/y/a", false, WRIT_NO},
	{"**/x", "a/b/x", false, WRIT_NO},
	/* brackets */
	{"[a-c]", "b", true, WRIT_YES},
	{"[a-c]", "d", false, WRIT_NO},
	{"[!a-c]", "d", true, WRIT_YES},
	{"[!a-c]", "b", false, WRIT_NO},
	{"[!a]", "", false, WRIT_NO},
	{"[]a]", "]", true, WRIT_YES},
	{"[!]a]", "]", false, WRIT_NO},
	{"[a-]", "-", true, WRIT_YES},
	{"[-a]", "-", true, WRIT_YES},
	{"[\\]x]", "]", true, WRIT_YES},
	{"[\\a-c]", "b", true, WRIT_YES},
	{"[*?]", "*", true, WRIT_YES},
	{"[*?]", "a", false, WRIT_NO},
	{"x]", "x]", true, WRIT_YES},
	/* backslash */
	{"\\*", "*", true, WRIT_YES},
	{"\\*", "a", false, WRIT_NO},
	{"\\a\\\\", "a\\", true, WRIT_YES},
	{"\\[a]", "[a]", true, WRIT_YES},
	/* characters, not bytes */
	{"?", "\xc3\xa9", true, WRIT_YES},
	{"?", "\xf0\x9f\x90\x8b", true, WRIT_YES},
	{"??", "\xc3\xa9", false, WRIT_NO},
	{"[\xce\xb1-\xcf\x89]", "\xce\xb2", true, WRIT_YES},
	{"[!\xc3\xa9]", "\xc3\xa8", true, WRIT_YES},
	{"[\xc3\xa9]", "\xc3\xa8", false, WRIT_NO},
	/* control characters and invalid bytes: a name on disk is unsure */
	{"*", "a\nb", false, WRIT_UNSURE},
	{"a?b", "a\tb", false, WRIT_UNSURE},
	{"a[!x]b",
	 "a\x1b"
	 "b",
	 false, WRIT_UNSURE},
	{"*", "\x7f", false, WRIT_UNSURE},
	{"*", "\xc2\x80", false, WRIT_UNSURE},
	{"secret*", "secrets\n", false, WRIT_UNSURE},
	{"secret*", "x\n", false, WRIT_NO},
	{"*", "\xff", false, WRIT_UNSURE},
	{"?", "\xff", false, WRIT_UNSURE},
	{"*b",
	 "\xc3"
	 "b",
	 false, WRIT_UNSURE},
	{"*", "\xc0\xaf", false, WRIT_UNSURE},
	{"*", "\xed\xa0\x80", false, WRIT_UNSURE},
};

static void test_match(void **state)
{
	struct table t = {0};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(match_rows); i++) {
		const struct match_row *row = &match_rows[i];

		table_int(&t, row->pattern, "is a glob", writ_glob_check(row->pattern, NULL), 0);
		table_int(&t, row->pattern, row->text, writ_glob_match(row->pattern, row->text),
			  row->matches);
		table_int(&t, row->pattern, "as a name",
			  writ_glob_match_name(row->pattern, strlen(row->pattern), row->text,
					       strlen(row->text)),
			  row->name);
	}
	table_done(&t);
}

/* No glob, and nothing is matched by it either, should it ever be tried. */
static const struct malformed_row {
	const char *pattern, *text, *message;
} malformed_rows[] = {
	{"a[", "a[", "\"[\" without \"]\""},
	{"[", "[", "\"[\" without \"]\""},
	{"[]", "]", "\"[\" without \"]\""},
	{"[!", "!", "\"[\" without \"]\""},
	{"[!]", "x", "\"[\" without \"]\""},
	{"[a-", "a", "\"[\" without \"]\""},
	{"[\\", "\\", "\"[\" without \"]\""},
	{"[a\\]", "a", "\"[\" without \"]\""},
	{"[a-\\", "a", "\"[\" without \"]\""},
	{"a\\", "a\\", "ends with a backslash"},
	{"[b-a]", "a", "runs backwards"},
	{"[^a]", "b", "write [!...]"},
	{"[[:alpha:]]", "a", "neither classes"},
	{"[[.a.]]", "a", "neither classes"},
	{"[a/]", "/", "neither classes"},
	{"a\nb", "a\nb", "control character"},
	{"\xc2\x80", "\xc2\x80", "control character"},
	{"\xff", "\xff", "not UTF-8"},
};

static void test_malformed(void **state)
{
	struct table t = {0};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(malformed_rows); i++) {
		const struct malformed_row *row = &malformed_rows[i];
		struct writ_error err = {0};

		table_int(&t, row->pattern, "check", writ_glob_check(row->pattern, &err), -1);
		table_contains(&t, row->pattern, "message", err.message, row->message);
		table_true(&t, row->pattern, "no match", !writ_glob_match(row->pattern, row->text));
	}
	table_done(&t);
}

/* 30,000 characters against 200 stars: a matcher that tries all divisions never ends. */
static void test_many_stars(void **state)
{
	size_t n = 30000, stars = 200;
	char *text = malloc(n + 1), *pattern = malloc(2 * stars + 2);

	(void)state;
	assert_non_null(text);
	assert_non_null(pattern);
	memset(text, 'a', n);
	text[n] = '\0';
	for (size_t i = 0; i < stars; i++)
		memcpy(pattern + 2 * i, "*a", 2);
	memcpy(pattern + 2 * stars, "b", 2);
	assert_false(writ_glob_match(pattern, text));
	pattern[2 * stars] = '*';
	assert_true(writ_glob_match(pattern, text));
	free(text);
	free(pattern);
}

static void test_is_pattern(void **state)
{
	(void)state;
	assert_false(writ_glob_is_pattern("/var/log"));
	assert_false(writ_glob_is_pattern("a]-!"));
	assert_true(writ_glob_is_pattern("a*"));
	assert_true(writ_glob_is_pattern("a?"));
	assert_true(writ_glob_is_pattern("[a"));
	assert_true(writ_glob_is_pattern("a\\"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_match),
		cmocka_unit_test(test_malformed),
		cmocka_unit_test(test_many_stars),
		cmocka_unit_test(test_is_pattern),
	};

	return cmocka_run_group_tests_name("glob", tests, NULL, NULL);
}
