/* SPDX-License-Identifier: ISC */
/* Numbers, booleans and durations as Go programs read them. */
#include "values.h"

static void test_int(void **state)
{
	static const struct value_row rows[] = {
		{"0", "0", 0},
		{"42", "42", 42},
		{"-42", "-42", -42},
		{"+512", "512", 512},
		{"0700", "448", 448},
		{"010", "8", 8},
		{"0o17", "15", 15},
		{"0O17", "15", 15},
		{"0x400", "1024", 1024},
		{"0XfF", "255", 255},
		{"-0x10", "-16", -16},
		{"0b101", "5", 5},
		{"0B1", "1", 1},
		{"1_000", "1000", 1000},
		{"0x_1f", "31", 31},
		{"0_7", "7", 7},
		{"00", "0", 0},
		{"-0", "0", 0},
		{"9223372036854775807", "9223372036854775807", INT64_MAX},
		{"-9223372036854775808", "-9223372036854775808", INT64_MIN},
		{"9223372036854775808", NULL, 0},
		{"-9223372036854775809", NULL, 0},
		{"18446744073709551616", NULL, 0},
		{"", NULL, 0},
		{"+", NULL, 0},
		{"-", NULL, 0},
		{"+-1", NULL, 0},
		{" 1", NULL, 0},
		{"1 ", NULL, 0},
		{"12x", NULL, 0},
		{"1.0", NULL, 0},
		{"1e3", NULL, 0},
		{"08", NULL, 0},
		{"0x", NULL, 0},
		{"0b2", NULL, 0},
		{"0o8", NULL, 0},
		{"_1", NULL, 0},
		{"1_", NULL, 0},
		{"1__0", NULL, 0},
		{"0_", NULL, 0},
		{"0x1_", NULL, 0},
		{"_", NULL, 0},
		{"１", NULL, 0},
		{"1\n", NULL, 0},
	};
	static const struct value_row unsigned_rows[] = {
		{"10", "10", 10},     {"0x10", "16", 16}, {"+10", NULL, 0},
		{"-1", NULL, 0},      {"", NULL, 0},      {"9223372036854775808", NULL, 0},
		{"0700", "448", 448},
	};

	(void)state;
	value_check_numbers("int", rows);
	value_check_numbers("uint", unsigned_rows);
}

static void test_bool(void **state)
{
	static const struct value_row rows[] = {
		{"1", "true", 0},      {"t", "true", 0},      {"T", "true", 0},
		{"TRUE", "true", 0},   {"true", "true", 0},   {"True", "true", 0},
		{"0", "false", 0},     {"f", "false", 0},     {"F", "false", 0},
		{"FALSE", "false", 0}, {"false", "false", 0}, {"False", "false", 0},
		{"tRUE", NULL, 0},     {"yes", NULL, 0},      {"", NULL, 0},
		{"true ", NULL, 0},    {"01", NULL, 0},       {"on", NULL, 0},
	};

	(void)state;
	value_check("bool", rows);
}

static void test_bytes(void **state)
{
	static const struct value_row rows[] = {
		{"512", "512", 512},
		{"512b", "512b", 512},
		{"512B", "512B", 512},
		{"512k", "512k", 512 * 1024},
		{"512 KB", "512 KB", 512 * 1024},
		{"1KiB", "1KiB", 1024},
		{"1m", "1m", 1 << 20},
		{"1.5g", "1.5g", 3 << 29},
		{"1GiB", "1GiB", 1 << 30},
		{"1t", "1t", (int64_t)1 << 40},
		{"1p", "1p", (int64_t)1 << 50},
		{"0.1b", "0.1b", 0},
		{"1.5", "1.5", 1},
		{"5 ", "5 ", 5},
		{".5k", ".5k", 512},
		{"5.k", "5.k", 5 * 1024},
		{"1e3", "1e3", 1000},
		{"1e3k", "1e3k", 1024000},
		{"+5", "+5", 5},
		{"-0", "-0", 0},
		{"0x1p4", "0x1p4", 16},
		{"1_000", "1_000", 1000},
		{"-1", NULL, 0},
		{"-5k", NULL, 0},
		{"0x10", NULL, 0},
		{"5i", NULL, 0},
		{"5ib", NULL, 0},
		{"5ki", NULL, 0},
		{"5 kb ", NULL, 0},
		{"5  k", NULL, 0},
		{" 5", NULL, 0},
		{"5e", NULL, 0},
		{"5x", NULL, 0},
		{"5kk", NULL, 0},
		{"5bb", NULL, 0},
		{"1.2.3", NULL, 0},
		{"k", NULL, 0},
		{".", NULL, 0},
		{"", NULL, 0},
		{" ", NULL, 0},
		{"inf k", NULL, 0},
		{"nan ", NULL, 0},
		{"1__0", NULL, 0},
		{"_1", NULL, 0},
		{"1e400", NULL, 0},
		{"8191p", "8191p", (int64_t)8191 << 50},
		{"8192p", NULL, 0}, /* docker would send a negative size */
		{"99999999999999999999", NULL, 0},
	};
	static const struct value_row swap[] = {
		{"-1", "-1", INT64_MAX},
		{"1g", "1g", 1 << 30},
		{"-1b", NULL, 0},
		{"-2", NULL, 0},
	};

	(void)state;
	value_check_numbers("bytes", rows);
	value_check_numbers("docker.memory_swap", swap);
}

#define SECOND INT64_C(1000000000)

static void test_duration(void **state)
{
	static const struct value_row rows[] = {
		{"0", "0", 0},
		{"+0", "+0", 0},
		{"-0", "-0", 0},
		{"10s", "10s", 10 * SECOND},
		{"1h30m", "1h30m", 5400 * SECOND},
		{"1h1h", "1h1h", 7200 * SECOND},
		{"1.5h", "1.5h", 5400 * SECOND},
		{".5s", ".5s", SECOND / 2},
		{"1.s", "1.s", SECOND},
		{"-1m", "-1m", -60 * SECOND},
		{"3ms", "3ms", 3000000},
		{"3us", "3us", 3000},
		{"3\xc2\xb5s", "3\xc2\xb5s", 3000},
		{"3\xce\xbcs", "3\xce\xbcs", 3000},
		{"3ns", "3ns", 3},
		{"0.3333333333333333333h", "0.3333333333333333333h", 1200 * SECOND},
		{"9223372036854775807ns", "9223372036854775807ns", INT64_MAX},
		{"-9223372036854775808ns", "-9223372036854775808ns", INT64_MIN},
		{"9223372036854775808ns", NULL, 0},
		{"2562048h", NULL, 0},
		{"10", NULL, 0},
		{"", NULL, 0},
		{"+", NULL, 0},
		{".s", NULL, 0},
		{".", NULL, 0},
		{" 1s", NULL, 0},
		{"1 s", NULL, 0},
		{"1s ", NULL, 0},
		{"1d", NULL, 0},
		{"1S", NULL, 0},
		{"1ss", NULL, 0},
		{"1h-1m", NULL, 0},
		{"--1s", NULL, 0},
		{"00", NULL, 0},
		{"0.0", NULL, 0},
	};

	(void)state;
	value_check_numbers("duration.go", rows);
}

/* Bounds of matchers are written in the type's own spelling. */
static void test_bounds(void **state)
{
	const struct writ_value_type *bytes = writ_value_type_find("bytes");
	const struct writ_value_type *go = writ_value_type_find("duration.go");
	const struct writ_value_type *systemd = writ_value_type_find("duration.systemd");
	int64_t n;

	(void)state;
	assert_int_equal(bytes->bound("8g", &n), 0);
	assert_int_equal(n, (int64_t)8 << 30);
	assert_int_equal(bytes->bound("8x", &n), -1);
	assert_int_equal(go->bound("10m", &n), 0);
	assert_int_equal(n, 600 * SECOND);
	assert_int_equal(go->bound("10min", &n), -1);
	assert_int_equal(systemd->bound("10min", &n), 0);
	assert_int_equal(n, 600 * SECOND);
}

/* Every type is found by its name, and none by another. */
static void test_types(void **state)
{
	const struct writ_value_type *const *types;
	struct table t = {0};
	size_t n;

	(void)state;
	types = writ_value_types(&n);
	for (size_t i = 0; i < n; i++) {
		table_true(&t, types[i]->name, "it is found",
			   writ_value_type_find(types[i]->name) == types[i]);
		table_true(&t, types[i]->name, "it has fields just if it is structured",
			   (types[i]->kind == WRIT_VALUE_STRUCTURED) == !!types[i]->field_names);
		table_true(&t, types[i]->name, "types are sorted",
			   i == 0 || strcmp(types[i - 1]->name, types[i]->name) < 0);
	}
	table_true(&t, "docker", "there is none", !writ_value_type_find("docker"));
	table_true(&t, "''", "there is none", !writ_value_type_find(""));
	table_true(&t, "strin", "there is none", !writ_value_type_find("strin"));
	table_done(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_int),    cmocka_unit_test(test_bool),
		cmocka_unit_test(test_bytes),  cmocka_unit_test(test_duration),
		cmocka_unit_test(test_bounds), cmocka_unit_test(test_types),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
