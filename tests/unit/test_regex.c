/* SPDX-License-Identifier: ISC */
/* engine/regex.c: whole-text matching, what control characters are matched by, bounds, refusals. */
#include "table.h"

#include <stdlib.h>

#include "error.h"
#include "regex.h"

#define NO WRIT_NO
#define YES WRIT_YES
#define UNSURE WRIT_UNSURE
#define NEL "\xc2\x85" /* U+0085, a C1 control that \s and \v know */

/* Rows give the outcome for values of any type, and for people's words where that differs. */
static const struct match_row {
	const char *pattern, *text;
	enum writ_truth plain, people;
} match_rows[] = {
	/* the whole text */
	{"ollama", "ollama", YES, YES},
	{"ollama", "ollama2", NO, NO},
	{"ollama", "xollama", NO, NO},
	{"a|ab", "ab", YES, YES},
	{"a$", "a\n", NO, NO},
	{"(?m)a$", "a\n", NO, NO},
	{"(?m)a$", "a\nb", NO, NO},
	{"a\\Z", "a\n", NO, NO},
	{"", "", YES, YES},
	{"", "a", NO, NO},
	{"^a$", "a", YES, YES},
	/* a dot: tab and newline for people, no other control */
	{".*", "plain words", YES, YES},
	{".*", "two\nlines", NO, YES},
	{"(?s).*", "two\nlines", NO, YES},
	{".*", "a\tb", NO, YES},
	{"a.b", "a\rb", NO, NO},
	{"(?s)a.b",
	 "a\x1b"
	 "b",
	 NO, NO},
	{"a.b",
	 "a\x7f"
	 "b",
	 NO, NO},
	{"a.b", "a" NEL "b", NO, NO},
	{"a.b",
	 "a\xc2\x9b"
	 "b",
	 NO, NO},
	{"a.b",
	 "a\xc2\xa0"
	 "b",
	 YES, YES},
	{"a\\Nb", "a\nb", NO, NO},
	{".{2}", "\n\n", NO, YES},
	/* classes and shorthands: never */
	{"[^/]*", "a\nb", NO, NO},
	{"[^]]", "\n", NO, NO},
	{"[^-a]", "\x1b", NO, NO},
	{"[^]/]+", "a-b", YES, YES},
	{"[^-a]+", "bc", YES, YES},
	{"[^-a]+", "b-c", NO, NO},
	{"[]a]+", "]a", YES, YES},
	{"[^^]", "\n", NO, NO},
	{"[^a-z\\d]", "\t", NO, NO},
	{"[\\n]", "\n", NO, NO},
	{"[\\x00-\\x7f]", "\n", NO, NO},
	{"[\\x00-\\x7f]+", "az", YES, YES},
	{"[\t]", "\t", NO, NO},
	{"[!-\xc3\xbf]", NEL, NO, NO},
	{"[!-\xc3\xbf]", "\xc3\xa9", YES, YES},
	{"[[:space:]]", "\n", NO, NO},
	{"[[:space:]]", " ", YES, YES},
	{"[[:cntrl:]]", "\x01", NO, NO},
	{"[[:^alpha:]]", "\x01", NO, NO},
	{"[[:alpha:][:digit:]_]+", "a1_", YES, YES},
	{"[\\]\\[]+", "][", YES, YES},
	{"[a\\]]x", "]x", YES, YES},
	{"[\\c]x]+", "x", YES, YES},
	{"\\s", "\n", NO, NO},
	{"\\s", " ", YES, YES},
	{"a\\s+b", "a  b", YES, YES},
	{"a\\s+b", "a \n b", NO, NO},
	{"\\h", "\t", NO, NO},
	{"\\v", "\n", NO, NO},
	{"\\R", "\r\n", NO, NO},
	{"\\R", "\xe2\x80\xa8", YES, YES},
	{"\\D\\W\\S\\H\\V", "\n\n\n\n\n", NO, NO},
	{"\\D\\W\\S\\H\\V", "a/bcd", YES, YES},
	{"\\p{Cc}", "\x01", NO, NO},
	{"\\P{L}", "\x01", NO, NO},
	{"\\P{L}\\pL", "1a", YES, YES},
	{"\\p{^Lu}", "\n", NO, NO},
	{"(?i)[^a]", "\n", NO, NO},
	{"(?<=[^a])b|(?<=\\s).", "b", NO, NO},
	/* what the pattern writes */
	{"a\\nb", "a\nb", YES, YES},
	{"a\\tb", "a\tb", YES, YES},
	{"a\nb", "a\nb", YES, YES},
	{"\\x1b\\[0m", "\x1b[0m", YES, YES},
	{"\\x{1b}\\e\\033\\c[", "\x1b\x1b\x1b\x1b", YES, YES},
	{"\\N{U+85}", NEL, YES, YES},
	{"\\Qa\n.*\\E", "a\n.*", YES, YES},
	{"\\Q[^x]\\E.", "[^x]y", YES, YES},
	{"\\Qa", "a", YES, YES},
	{"(\\n)\\1", "\n\n", YES, YES},
	{"(?<nl>\\n)x\\k<nl>(?P=nl)\\k{nl}\\k'nl'\\g{nl}\\g1\\g{-1}", "\nx\n\n\n\n\n\n\n", YES,
	 YES},
	{"FROM .+\\n(PARAMETER [a-z_]+ .+\\n)*", "FROM a:b\nPARAMETER x 1\nPARAMETER y 2\n", YES,
	 YES},
	{"FROM .+\\n(PARAMETER [a-z_]+ .+\\n)*", "FROM a:b\nRUN x\n", NO, YES},
	/* the guard does not look further than its atom */
	{"(?!.*root)\\w+", "xroot", NO, NO},
	{"(?!.*root)(\\w|\\n)*", "a\nroot", YES, NO},
	{"(?!(.|\\n)*root)(\\w|\\n)*", "a\nroot", NO, NO},
	/* other syntax that is let through */
	{"(?i)AB(?-i:c)(?#comment [.)d", "abcd", YES, YES},
	{"(?>a+)b(?|(c)|(d))(?:e)(?'q'f)(?P<r>g)", "aabdefg", YES, YES},
	{"a{2}b{1,}c{0,2}d*?e++", "aabcee", YES, YES},
	{"a{,2}", "a{,2}", YES, YES},
	{"\\_\\-\\.\\\\", "_-.\\", YES, YES},
	/* Unicode */
	{"caf.", "caf\xc3\xa9", YES, YES},
	{"\\w+", "caf\xc3\xa9", NO, NO},
	{"[\xc3\xa0-\xc3\xbf]", "\xc3\xa9", YES, YES},
	/* no text */
	{".*", "a\xff", UNSURE, UNSURE},
	{"a\xc3\xa9", "a\xc3", UNSURE, UNSURE},
	{".", "\xed\xa0\x80", UNSURE, UNSURE},
};

static void test_match(void **state)
{
	struct table t = {0};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(match_rows); i++) {
		const struct match_row *row = &match_rows[i];
		struct writ_error err = {0};
		struct writ_regex *regex = writ_regex_new(row->pattern, &err);

		if (!table_string(&t, row->pattern, "compiling", regex ? NULL : err.message, NULL))
			continue;
		table_int(&t, row->pattern, row->text,
			  writ_regex_match(regex, row->text, strlen(row->text), false), row->plain);
		table_int(&t, row->pattern, row->text,
			  writ_regex_match(regex, row->text, strlen(row->text), true), row->people);
		writ_regex_free(regex);
	}
	table_done(&t);
}

static const struct refuse_row {
	const char *pattern, *message;
} refuse_rows[] = {
	{"a(b", "missing closing parenthesis at offset 3"},
	{"[a", "missing terminating ] for character class"},
	{"ab|+", "quantifier does not follow a repeatable item at offset 3"},
	{"\\", "\\ at end of pattern"},
	{"\xff", "UTF-8 error"},
	{"a\\Cb", "using \\C is disabled"},
	{"ab\\Kc", "\\K is not supported in policies, at offset 2"},
	{"\\X", "\\X is not supported"},
	{"a\\E", "\\E is not supported"},
	{"(?C)a", "group or flag is not supported in policies, at offset 0"},
	{"(?C'x')a", "is not supported"},
	{"(*ACCEPT)a", "is not supported"},
	{"(*UTF)a", "is not supported"},
	{"(*LIMIT_MATCH=1)a", "is not supported"},
	{"(*pla:a)a", "is not supported"},
	{"(?R)?a", "is not supported"},
	{"(a)(?1)", "is not supported"},
	{"(a)(?-1)", "is not supported"},
	{"(?<n>a)(?&n)", "is not supported"},
	{"(?<n>a)(?P>n)", "subroutine calls are not supported"},
	{"(a)\\g<1>", "subroutine calls are not supported"},
	{"(a)\\g'1'", "subroutine calls are not supported"},
	{"(a)?(?(1)b|c)", "is not supported"},
	{"(?(?=a)b|c)", "is not supported"},
	{"(?x)a # .", "is not supported"},
	{"(?ixx:a)", "is not supported"},
	{"(?J)a", "is not supported"},
	{"(?*a)b", "is not supported"},
	{"(?<*a)b", "is not supported"},
	{"(?<n>a)(?<n>b)", "same name"},
	{"[\\Qa\\E]", "\\Q and \\E in a class"},
	{"[[.a.]]", "are not supported"},
	{"[[:<:]]a", "write \\[ for the character ["},
	{"[a[:b]", "write \\[ for the character ["},
};

static void test_refuse(void **state)
{
	struct table t = {0};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(refuse_rows); i++) {
		struct writ_error err = {0};
		struct writ_regex *regex = writ_regex_new(refuse_rows[i].pattern, &err);

		table_true(&t, refuse_rows[i].pattern, "no regex", !regex);
		table_contains(&t, refuse_rows[i].pattern, "message", err.message,
			       refuse_rows[i].message);
		writ_regex_free(regex);
	}
	table_done(&t);
}

/* Patterns that take time without end for a text that almost matches. */
static void test_bounded_steps(void **state)
{
	static const char *const patterns[] = {
		"(a+)+$",         "(a*)*b",          "(a|aa)+b",           "(.*)*x",
		"(a?){40}a{40}b", "([a-z]|\\w|.)*b", "(?:(?:(?:a+)+)+)+b", ".*.*.*.*.*.*.*.*b",
		"(\\w?\\w?)*b",
	};
	/* Every pattern's last letter is there, so that looking for it does not answer at once. */
	static const char text[] =
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!bx!";
	struct table t = {0};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(patterns); i++) {
		struct writ_regex *regex = writ_regex_new(patterns[i], NULL);

		assert_non_null(regex);
		table_int(&t, patterns[i], "outcome",
			  writ_regex_match(regex, text, strlen(text), false), UNSURE);
		writ_regex_free(regex);
	}
	table_done(&t);
}

static void test_long_subjects(void **state)
{
	char *text = malloc(WRIT_REGEX_SUBJECT_MAX + 1);
	static const struct {
		const char *pattern;
		size_t length;
		enum writ_truth want;
	} rows[] = {
		{"a*", WRIT_REGEX_SUBJECT_MAX, YES},     {"a*", WRIT_REGEX_SUBJECT_MAX + 1, UNSURE},
		{".*", WRIT_REGEX_SUBJECT_MAX, YES},     {"[^b]*", WRIT_REGEX_SUBJECT_MAX, YES},
		{"(a|b)*", WRIT_REGEX_SUBJECT_MAX, YES}, {"[\\sa]*", WRIT_REGEX_SUBJECT_MAX, YES},
		{"a*b", WRIT_REGEX_SUBJECT_MAX, NO},
	};
	struct table t = {0};

	(void)state;
	assert_non_null(text);
	memset(text, 'a', WRIT_REGEX_SUBJECT_MAX + 1);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct writ_regex *regex = writ_regex_new(rows[i].pattern, NULL);

		assert_non_null(regex);
		table_int(&t, rows[i].pattern, "outcome",
			  writ_regex_match(regex, text, rows[i].length, false), rows[i].want);
		writ_regex_free(regex);
	}
	free(text);
	table_done(&t);
}

/* A text with NUL in it is matched to its length. */
static void test_nul(void **state)
{
	struct writ_regex *regex = writ_regex_new("a.?", NULL);

	(void)state;
	assert_non_null(regex);
	assert_int_equal(writ_regex_match(regex, "a", 1, false), YES);
	assert_int_equal(writ_regex_match(regex, "a\0", 2, false), NO);
	assert_int_equal(writ_regex_match(regex, "a\0", 2, true), NO);
	writ_regex_free(regex);
	writ_regex_free(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_match),         cmocka_unit_test(test_refuse),
		cmocka_unit_test(test_bounded_steps), cmocka_unit_test(test_long_subjects),
		cmocka_unit_test(test_nul),
	};

	return cmocka_run_group_tests_name("regex", tests, NULL, NULL);
}
