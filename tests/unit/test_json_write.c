/* SPDX-License-Identifier: ISC */
/* engine/json_write.c: what stands in the text, byte by byte, and that misuse gives no text at all.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "cleanup.h"
#include "json.h"
#include "json_write.h"

static const struct string_row {
	const char *name, *value, *want;
} string_rows[] = {
	{"empty", "", "\"\""},
	{"plain", "docker run", "\"docker run\""},
	{"quotes and backslash", "a\"b\\c/", "\"a\\\"b\\\\c/\""},
	{"newline, tab, carriage return", "\n\t\r", "\"\\n\\t\\r\""},
	{"other C0", "\x01\x08\x0c\x1b[2J\x1f", "\"\\u0001\\u0008\\u000c\\u001b[2J\\u001f\""},
	{"0x7f", "a\x7f", "\"a\\u007f\""},
	{"first and last C1", "\xc2\x80\xc2\x9f", "\"\\u0080\\u009f\""},
	{"C1 CSI", "\xc2\x9b", "\"\\u009b\""},
	{"no-break space is no control", "\xc2\xa0", "\"\xc2\xa0\""},
	{"two, three, four bytes", "\xc3\xa9\xe2\x82\xac\xf0\x9f\x90\x8b",
	 "\"\xc3\xa9\xe2\x82\xac\xf0\x9f\x90\x8b\""},
	{"right-to-left override", "\xe2\x80\xae", "\"\\u202e\""},
	{"isolates", "\xe2\x81\xa6\xe2\x81\xa9", "\"\\u2066\\u2069\""},
	{"separators", "\xe2\x80\xa8\xe2\x80\xa9", "\"\\u2028\\u2029\""},
	{"zero width, Arabic letter mark, BOM", "\xe2\x80\x8b\xd8\x9c\xef\xbb\xbf",
	 "\"\\u200b\\u061c\\ufeff\""},
	{"their neighbours", "\xe2\x80\x8a\xe2\x80\x90\xe2\x80\xaf\xe2\x81\x9f\xe2\x81\xb0",
	 "\"\xe2\x80\x8a\xe2\x80\x90\xe2\x80\xaf\xe2\x81\x9f\xe2\x81\xb0\""},
	{"tag character, as surrogates", "\xf3\xa0\x80\x81", "\"\\udb40\\udc01\""},
	{"first of four bytes", "\xf0\x90\x80\x80", "\"\xf0\x90\x80\x80\""},
	{"last of all", "\xf4\x8f\xbf\xbf", "\"\xf4\x8f\xbf\xbf\""},
	{"a byte alone",
	 "a\xff"
	 "b",
	 "\"a\xef\xbf\xbd"
	 "b\""},
	{"continuation bytes alone", "\x80\xbf", "\"\xef\xbf\xbd\xef\xbf\xbd\""},
	{"overlong slash", "\xc0\xaf", "\"\xef\xbf\xbd\xef\xbf\xbd\""},
	{"overlong, three bytes", "\xe0\x80\xaf", "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\""},
	{"surrogate", "\xed\xa0\x80", "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\""},
	{"above U+10FFFF", "\xf4\x90\x80\x80",
	 "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\""},
	{"cut short", "\xe2\x82", "\"\xef\xbf\xbd\""},
	{"cut short by a quote", "\xf0\x9f\x90\"", "\"\xef\xbf\xbd\\\"\""},
	{"cut short by a control", "\xe2\x80\n", "\"\xef\xbf\xbd\\n\""},
};

static const char *written(struct writ_json_writer *w)
{
	const char *text = writ_json_writer_text(w, NULL);

	return text ? text : "(failed)";
}

static void strings(void **state)
{
	struct writ_json_writer *w = writ_json_writer_new();
	int failed = 0;

	(void)state;
	assert_non_null(w);
	for (size_t i = 0; i < ARRAY_SIZE(string_rows); i++) {
		const struct string_row *row = &string_rows[i];

		writ_json_writer_reset(w);
		writ_json_add_string(w, NULL, row->value);
		if (strcmp(written(w), row->want) == 0)
			continue;
		print_message("%s: got %s, wanted %s\n", row->name, written(w), row->want);
		failed++;
	}
	writ_json_writer_free(w);
	assert_int_equal(failed, 0);
}

static void every_control_is_escaped(void **state)
{
	struct writ_json_writer *w = writ_json_writer_new();

	(void)state;
	for (unsigned c = 0; c < 0xa0; c++) {
		char value[3] = {(char)c};
		size_t length = 1;

		if (c >= 0x80) {
			value[0] = (char)0xc2;
			value[1] = (char)c;
			length = 2;
		} else if (c >= 0x20 && c < 0x7f) {
			continue;
		}
		writ_json_writer_reset(w);
		writ_json_add_stringn(w, NULL, value, length);
		assert_non_null(writ_json_writer_text(w, &length));
		for (size_t i = 0; i < length; i++)
			assert_in_range((unsigned char)written(w)[i], 0x20, 0x7e);
	}
	writ_json_writer_free(w);
}

static void all_values(void **state)
{
	struct writ_json_writer *w = writ_json_writer_new();
	size_t length;

	(void)state;
	writ_json_object_begin(w, NULL);
	writ_json_add_string(w, "s", "x");
	writ_json_add_string(w, "null", NULL);
	writ_json_add_null(w, "n\n");
	writ_json_add_stringn(w, "nul", "a\0b", 3);
	writ_json_array_begin(w, "a");
	writ_json_add_int(w, NULL, 0);
	writ_json_add_int(w, NULL, -7);
	writ_json_add_int(w, NULL, INT64_MAX);
	writ_json_add_int(w, NULL, INT64_MIN);
	writ_json_add_bool(w, NULL, true);
	writ_json_add_bool(w, NULL, false);
	writ_json_object_begin(w, NULL);
	writ_json_object_end(w);
	writ_json_array_begin(w, NULL);
	writ_json_array_end(w);
	writ_json_array_end(w);
	writ_json_object_begin(w, "o");
	writ_json_add_decimal(w, "d", -1234567, 6);
	writ_json_add_decimal(w, "e", 5, 3);
	writ_json_add_decimal(w, "f", 12, 0);
	writ_json_add_int(w, "i", 1);
	writ_json_object_end(w);
	writ_json_object_end(w);
	assert_string_equal(
		written(w),
		"{\"s\":\"x\",\"null\":null,\"n\\n\":null,\"nul\":\"a\\u0000b\","
		"\"a\":[0,-7,9223372036854775807,-9223372036854775808,true,false,{},[]],"
		"\"o\":{\"d\":-1.234567,\"e\":0.005,\"f\":12,\"i\":1}}");
	assert_non_null(writ_json_writer_text(w, &length));
	assert_int_equal(length, strlen(written(w)));
	writ_json_writer_free(w);
}

/* Values that are JSON already: the same to a reader, harmless to a terminal. */
static void ready_made(void **state)
{
	static const struct {
		const char *value, *want;
	} rows[] = {
		{"{\"a\":[1.50e3,null,\"x\\u0000\\\"\"]}",
		 "{\"a\":[1.50e3,null,\"x\\u0000\\\"\"]}"},
		{"[1,\t\r\n2]", "[1,   2]"},
		{"\"\x7f\xc2\x9b\xe2\x80\xae\xf3\xa0\x81\xbf\xc3\xbc\"",
		 "\"\\u007f\\u009b\\u202e\\udb40\\udc7f\xc3\xbc\""},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct writ_json_writer *w = writ_json_writer_new();
		char want[200];

		writ_json_array_begin(w, NULL);
		writ_json_add_int(w, NULL, 1);
		writ_json_add_json(w, NULL, rows[i].value, strlen(rows[i].value));
		writ_json_array_end(w);
		snprintf(want, sizeof(want), "[1,%s]", rows[i].want);
		assert_string_equal(written(w), want);
		writ_json_writer_free(w);
	}
}

static void grows(void **state)
{
	struct writ_json_writer *w = writ_json_writer_new();
	size_t length = 300000, got;
	auto_free char *long_value = malloc(length);

	(void)state;
	assert_non_null(long_value);
	memset(long_value, 1, length);
	writ_json_add_stringn(w, NULL, long_value, length);
	assert_non_null(writ_json_writer_text(w, &got));
	assert_int_equal(got, 6 * length + 2);
	assert_int_equal(strlen(written(w)), got);
	writ_json_writer_reset(w);
	writ_json_add_bool(w, NULL, true);
	assert_string_equal(written(w), "true");
	writ_json_writer_free(w);
}

/* Each row misuses a writer; none may give a text. */
static void key_in_array(struct writ_json_writer *w)
{
	writ_json_array_begin(w, NULL);
	writ_json_add_int(w, "key", 1);
	writ_json_array_end(w);
}

static void no_key_in_object(struct writ_json_writer *w)
{
	writ_json_object_begin(w, NULL);
	writ_json_add_int(w, NULL, 1);
	writ_json_object_end(w);
}

static void key_at_the_top(struct writ_json_writer *w)
{
	writ_json_add_int(w, "key", 1);
}

static void two_at_the_top(struct writ_json_writer *w)
{
	writ_json_add_int(w, NULL, 1);
	writ_json_add_int(w, NULL, 2);
}

static void wrong_end(struct writ_json_writer *w)
{
	writ_json_object_begin(w, NULL);
	writ_json_array_end(w);
}

static void end_without_begin(struct writ_json_writer *w)
{
	writ_json_object_end(w);
}

static void still_open(struct writ_json_writer *w)
{
	writ_json_object_begin(w, NULL);
	writ_json_add_int(w, "key", 1);
}

static void nothing(struct writ_json_writer *w)
{
	(void)w;
}

static void too_deep(struct writ_json_writer *w)
{
	for (int i = 0; i <= WRIT_JSON_DEPTH_MAX; i++)
		writ_json_array_begin(w, NULL);
	for (int i = 0; i <= WRIT_JSON_DEPTH_MAX; i++)
		writ_json_array_end(w);
}

static const struct misuse_row {
	const char *name;
	void (*run)(struct writ_json_writer *w);
} misuse_rows[] = {
	{"key in an array", key_in_array},
	{"no key in an object", no_key_in_object},
	{"key at the top", key_at_the_top},
	{"two values at the top", two_at_the_top},
	{"wrong end", wrong_end},
	{"end without begin", end_without_begin},
	{"still open", still_open},
	{"nothing", nothing},
	{"too deep", too_deep},
};

static void misuse(void **state)
{
	struct writ_json_writer *w = writ_json_writer_new();
	int failed = 0;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(misuse_rows); i++) {
		writ_json_writer_reset(w);
		misuse_rows[i].run(w);
		if (!writ_json_writer_text(w, NULL))
			continue;
		print_message("%s: got %s, wanted no text\n", misuse_rows[i].name, written(w));
		failed++;
	}
	writ_json_writer_reset(w);
	writ_json_add_null(w, NULL);
	assert_string_equal(written(w), "null");
	writ_json_writer_free(w);
	writ_json_writer_free(NULL);
	assert_int_equal(failed, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(strings),    cmocka_unit_test(every_control_is_escaped),
		cmocka_unit_test(all_values), cmocka_unit_test(ready_made),
		cmocka_unit_test(grows),      cmocka_unit_test(misuse),
	};

	return cmocka_run_group_tests_name("json_write", tests, NULL, NULL);
}
