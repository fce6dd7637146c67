/* SPDX-License-Identifier: ISC */
#include "table.h"

#include "arena.h"
#include "text.h"

static void test_scan(void **state)
{
	static const struct {
		const char *text;
		unsigned flags;
	} rows[] = {
		{"", 0},
		{"plain", 0},
		{"über 漢字 🜁", 0},
		{"a\tb", WRIT_TEXT_TAB_NEWLINE},
		{"a\nb", WRIT_TEXT_TAB_NEWLINE},
		{"a\rb", WRIT_TEXT_CONTROL},
		{"\x1b[2J", WRIT_TEXT_CONTROL},
		{"\x7f", WRIT_TEXT_CONTROL},
		{"\xc2\x85", WRIT_TEXT_CONTROL},
		{"\xc2\x9b", WRIT_TEXT_CONTROL},
		{"\xc2\xa0", 0},
		{"\n\x01", WRIT_TEXT_TAB_NEWLINE | WRIT_TEXT_CONTROL},
		{"\x80", WRIT_TEXT_INVALID},
		{"\xc0\xaf", WRIT_TEXT_INVALID},
		{"\xed\xa0\x80", WRIT_TEXT_INVALID},
		{"\xf4\x90\x80\x80", WRIT_TEXT_INVALID},
		{"\xe2\x82", WRIT_TEXT_INVALID},
		{"\x1b\xff", WRIT_TEXT_CONTROL | WRIT_TEXT_INVALID},
	};
	struct table t = {0};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		table_int(&t, rows[i].text, "flags",
			  writ_text_scan(rows[i].text, strlen(rows[i].text)), rows[i].flags);
	table_done(&t);
}

static void test_show(void **state)
{
	static const struct {
		const char *text;
		size_t max;
		const char *shown;
	} rows[] = {
		{"plain", 100, "plain"},
		{"ü漢", 100, "ü漢"},
		{"a\nb\tc", 100, "a\\nb\\tc"},
		{"\x1b[31m", 100, "\\x1b[31m"},
		{"\x7f", 100, "\\x7f"},
		{"\xc2\x9b", 100, "\\u{009b}"},
		{"\xe2\x80\xae"
		 "evil",
		 100, "\\u{202e}evil"},
		{"\xff\xfe", 100, "\\xff\\xfe"},
		{"abcdef", 3, "abc…"},
		{"ab漢", 3, "ab…"},
		{"ab\x01", 3, "ab…"},
		{"", 10, ""},
	};
	struct writ_arena *arena = writ_arena_new();
	struct table t = {0};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		table_string(&t, rows[i].shown, "shown",
			     writ_text_show(arena, rows[i].text, rows[i].max), rows[i].shown);
	writ_arena_free(arena);
	table_done(&t);
}

static void test_command_line(void **state)
{
	static const struct {
		const char *argv[4];
		size_t argc, max;
		const char *line;
	} rows[] = {
		{{"docker", "ps"}, 2, 100, "docker ps"},
		{{"docker", "run", "a b"}, 3, 100, "docker run 'a b'"},
		{{"echo", ""}, 2, 100, "echo ''"},
		{{"echo", "it's"}, 2, 100, "echo 'it'\\''s'"},
		{{"echo", "$(id)"}, 2, 100, "echo '$(id)'"},
		{{"echo", "a\nb"}, 2, 100, "echo 'a\\nb'"},
		{{"aaaa", "bbbb", "cccc"}, 3, 10, "aaaa bbbb…"},
		{{NULL}, 0, 10, ""},
	};
	struct writ_arena *arena = writ_arena_new();
	struct table t = {0};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		table_string(&t, rows[i].line, "line",
			     writ_text_command_line(arena, (char *const *)rows[i].argv,
						    rows[i].argc, rows[i].max),
			     rows[i].line);
	writ_arena_free(arena);
	table_done(&t);
}

static void test_nearest(void **state)
{
	static const char *const words[] = {"options", "operands", "command", "id"};
	static const struct {
		const char *word, *nearest;
	} rows[] = {
		{"option", "options"}, {"opitons", "options"}, {"operand", "operands"},
		{"comand", "command"}, {"zzzzzz", NULL},       {"", NULL},
		{"ix", "id"},          {"when", NULL},
	};
	struct table t = {0};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		table_string(&t, rows[i].word, "nearest",
			     writ_text_nearest(rows[i].word, words, ARRAY_SIZE(words)),
			     rows[i].nearest);
	table_done(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_scan),
		cmocka_unit_test(test_show),
		cmocka_unit_test(test_command_line),
		cmocka_unit_test(test_nearest),
	};

	return cmocka_run_group_tests_name("text", tests, NULL, NULL);
}
