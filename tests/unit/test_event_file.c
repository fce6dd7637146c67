/* SPDX-License-Identifier: ISC */
/* Event files as they may be found: torn, packed, with lines of any kind. */
#include "table.h"

#include <fcntl.h>
#include <unistd.h>
#include <zlib.h>

#include "cleanup.h"
#include "error.h"
#include "event_file.h"
#include "sieve.h"

#define E(second, rest) "{\"time\":\"2026-11-21T22:40:" second ".000000Z\",\"id\":\"" rest "\"}"

static char path[] = "/tmp/writ-event-file-XXXXXX";

/* What was read: ids, and "!WHY" for bad lines, each with its number, in one text. */
struct seen {
	char text[2000];
};

static void __attribute__((format(printf, 2, 3))) note(struct seen *seen, const char *format, ...)
{
	size_t length = strlen(seen->text);
	va_list args;

	va_start(args, format);
	vsnprintf(seen->text + length, sizeof(seen->text) - length, format, args);
	va_end(args);
}

static void on_bad(void *data, const struct writ_bad_line *bad)
{
	note(data, "%d!%.24s ", (int)bad->number, bad->why);
}

static void read_all(struct writ_event_file *file, bool last_too, struct seen *seen)
{
	struct writ_error err = {0};
	struct writ_entry entry;
	int got;

	while ((got = writ_event_file_next(file, last_too, &entry, &err)) > 0)
		note(seen, "%d:%.*s ", (int)entry.number, (int)entry.field[WRIT_ENTRY_ID].n - 2,
		     entry.field[WRIT_ENTRY_ID].s + 1);
	if (got < 0)
		note(seen, "failed: %s", err.message);
}

static void write_file(const char *text, size_t length, bool packed)
{
	int fd = open(path, O_WRONLY | O_TRUNC);

	if (packed) {
		gzFile gz = gzdopen(fd, "wb");

		assert_int_equal(gzwrite(gz, text, (unsigned)length), length);
		gzclose(gz);
	} else {
		assert_int_equal(write(fd, text, length), length);
		close(fd);
	}
}

static struct writ_event_file *open_file(struct seen *seen)
{
	struct writ_error err = {0};
	struct writ_event_file *file = writ_event_file_open(AT_FDCWD, path, "events", &err);

	assert_non_null(file);
	writ_event_file_report(file, on_bad, seen);
	return file;
}

static const struct {
	const char *name, *text;
	const char *want;
} rows[] = {
	{"empty", "", ""},
	{"one", E("01", "a") "\n", "1:a "},
	{"two", E("01", "a") "\n" E("02", "b") "\n", "1:a 2:b "},
	{"no newline at the end", E("01", "a") "\n" E("02", "b"), "1:a 2:b "},
	{"torn at the end", E("01", "a") "\n{\"time\":\"2026", "1:a 2!not JSON: parse error: p "},
	{"torn, then whole", "{\"time\":\"2026\n" E("02", "b") "\n",
	 "1!not JSON: parse error: p 2:b "},
	{"torn within nested", E("01", "a") "\n{\"time\":\"x\",\"a\":{}\n" E("02", "b") "\n",
	 "1:a 2!not JSON: parse error: p 3:b "},
	{"empty lines", "\n\n" E("01", "a") "\n\n\r\n" E("02", "b") "\n\n", "3:a 6:b "},
	{"CRLF", E("01", "a") "\r\n" E("02", "b") "\r\n", "1:a 2:b "},
	{"not an object", "[1]\n17\n\"{}\"\n" E("01", "a") "\n",
	 "1!no event: an array 2!no event: an integer 3!no event: a string 4:a "},
	{"two on a line", E("01", "a") E("02", "b") "\n" E("03", "c") "\n",
	 "1!not JSON: parse error: t 2:c "},
	{"no time", "{\"id\":\"a\"}\n", "1!no event: it has no time "},
	{"an odd time", "{\"time\":\"2026-11-21 22:40:01\"}\n", "1!no event: its time is no "},
	{"a time that is no string", "{\"time\":5}\n{\"time\":null}\n{\"time\":[]}\n",
	 "1!no event: its time is no 2!no event: its time is no 3!no event: its time is no "},
	{"blanks within",
	 "  { \"time\" : \"2026-11-21T22:40:01.000000Z\" ,\t\"id\":\"a\" , \"x\":[ 1 , {} ] } \n",
	 "1:a "},
	{"an escaped key", "{\"t\\u0069me\":\"2026-11-21T22:40:01.000000Z\",\"\\u0069d\":\"a\"}\n",
	 "1:a "},
	{"not UTF-8", "{\"time\":\"2026-11-21T22:40:01.000000Z\",\"id\":\"\xff\"}\n",
	 "1!not JSON: this is not UT "},
	{"a control character", "{\"time\":\"2026-11-21T22:40:01.000000Z\",\"id\":\"\x1b\"}\n",
	 "1!not JSON: lexical error: "},
	{"unknown members",
	 "{\"a\":1,\"b\":2,\"c\":3,\"d\":4,\"e\":5,\"f\":6,\"g\":7,\"h\":8,\"i\":9,\"j\":1,\"k\":2,"
	 "\"l\":3,\"m\":4,\"n\":5,\"o\":6,\"p\":7,\"q\":8,"
	 "\"time\":\"2026-11-21T22:40:01.000000Z\",\"id\":\"a\"}\n",
	 "1:a "},
};

static void check_row(struct table *t, size_t i, bool packed)
{
	size_t length = strlen(rows[i].text);
	struct seen seen = {0};
	struct writ_event_file *file;
	char name[100];

	snprintf(name, sizeof(name), "%s%s", rows[i].name, packed ? ", packed" : "");
	write_file(rows[i].text, length, packed);
	file = open_file(&seen);
	table_int(t, name, "plain", writ_event_file_is_plain(file), !packed);
	read_all(file, true, &seen);
	table_string(t, name, "read", seen.text, rows[i].want);
	writ_event_file_free(file);
}

static void test_lines(void **state)
{
	struct table t = {0};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		check_row(&t, i, false);
		check_row(&t, i, true);
	}
	table_done(&t);
}

static void test_hostile_lines(void **state)
{
	static const char nul[] =
		"\0\0\0\n" E("01", "a") "\n\0" E("02", "b") "\n" E("03", "c") "\n";
	static const char twice[] =
		"{\"time\":\"2026-11-21T22:40:01.000000Z\",\"id\":\"a\",\"id\":\"b\"}\n"
		"{\"time\":\"2026-11-21T22:40:01.000000Z\",\"id\":\"a\",\"x\":1,\"x\":2}\n"
		"{\"time\":\"2026-11-21T22:40:01.000000Z\",\"id\":\"a\",\"\\u0069d\":\"b\"}\n"
		"{\"time\":\"2026-11-21T22:40:01.000000Z\",\"id\":\"a\",\"x\":{\"y\":1,\"y\":2}}"
		"\n" E("02", "c") "\n";
	struct seen seen = {0};
	struct writ_event_file *file;

	(void)state;
	write_file(nul, sizeof(nul) - 1, false);
	file = open_file(&seen);
	read_all(file, true, &seen);
	assert_non_null(strstr(seen.text, "2:a "));
	assert_non_null(strstr(seen.text, "3!"));
	assert_non_null(strstr(seen.text, "4:c "));
	writ_event_file_free(file);
	seen.text[0] = '\0';
	write_file(twice, sizeof(twice) - 1, false);
	file = open_file(&seen);
	read_all(file, true, &seen);
	assert_string_equal(seen.text,
			    "1!the key 'id' is given tw 2!the key 'x' is given twi "
			    "3!the key 'id' is given tw 4!the key 'y' is given twi 5:c ");
	writ_event_file_free(file);
}

/* A line of so many bytes, between two others. */
static void check_long(size_t length, const char *want)
{
	static const char before[] = E("01", "a") "\n", after[] = "\n" E("03", "c") "\n";
	static const char begin[] =
		"{\"time\":\"2026-11-21T22:40:02.000000Z\",\"id\":\"b\",\"x\":\"";
	auto_free char *text = malloc(length + 200);
	char *at = text;
	struct seen seen = {0};
	struct writ_event_file *file;

	assert_non_null(text);
	memcpy(at, before, sizeof(before) - 1);
	at += sizeof(before) - 1;
	memset(at, 'x', length);
	memcpy(at, begin, sizeof(begin) - 1);
	memcpy(at + length - 2, "\"}", 2);
	at += length;
	memcpy(at, after, sizeof(after) - 1);
	at += sizeof(after) - 1;
	write_file(text, (size_t)(at - text), false);
	file = open_file(&seen);
	read_all(file, true, &seen);
	assert_string_equal(seen.text, want);
	writ_event_file_free(file);
}

static void test_long_lines(void **state)
{
	(void)state;
	check_long(10u << 20, "1:a 2:b 3:c ");
	for (size_t n = 0; n < 100; n++)
		check_long((256u << 10) - n, "1:a 2:b 3:c ");
	check_long(WRIT_EVENT_LINE_MAX + 1, "1:a 2!the line is too long for 3:c ");
	check_long(3u * WRIT_EVENT_LINE_MAX, "1:a 2!the line is too long for 3:c ");
}

/* What is torn off the end of a packed file: all before it is read, and it is said. */
static void test_torn_gzip(void **state)
{
	static const char text[] = E("01", "a") "\n" E("02", "b") "\n";
	struct seen seen = {0};
	struct writ_event_file *file;
	struct stat st;

	(void)state;
	write_file(text, sizeof(text) - 1, true);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(truncate(path, st.st_size - 8), 0);
	file = open_file(&seen);
	read_all(file, true, &seen);
	assert_string_equal(seen.text, "0!the compressed data end  1:a 2:b ");
	writ_event_file_free(file);
}

/* A file that grows: a line is read once it is whole. */
static void test_growing(void **state)
{
	struct seen seen = {0};
	struct writ_event_file *file;
	FILE *out;

	(void)state;
	write_file("", 0, false);
	out = fopen(path, "a");
	setbuf(out, NULL);
	file = open_file(&seen);
	read_all(file, false, &seen);
	fputs(E("01", "a") "\n{\"time\":", out);
	read_all(file, false, &seen);
	assert_string_equal(seen.text, "1:a ");
	fputs("\"2026-11-21T22:40:02.000000Z\",\"id\":\"b\"}", out);
	read_all(file, false, &seen);
	assert_string_equal(seen.text, "1:a ");
	fputs("\n" E("03", "c") "\n", out);
	read_all(file, false, &seen);
	assert_string_equal(seen.text, "1:a 2:b 3:c ");
	writ_event_file_free(file);
	fclose(out);
}

/* Lines with a minute of 2026-11-21 and a serial number each. */
static void write_minutes(const int *minutes, size_t n)
{
	FILE *out = fopen(path, "w");

	for (size_t i = 0; i < n; i++)
		fprintf(out,
			"{\"time\":\"2026-11-21T%02d:%02d:00.000000Z\",\"id\":\"%zu\",\"x\":\"%"
			"0500d\"}\n",
			minutes[i] / 60, minutes[i] % 60, i, 0);
	fclose(out);
}

/* Seeks to a minute; the serial number of the first line that is read, or -1. */
static long first_after(int minute, uint64_t *ret_offset)
{
	const int64_t midnight = INT64_C(1795219200000000);
	struct seen seen = {0};
	struct writ_event_file *file = open_file(&seen);
	struct writ_entry entry;
	struct writ_sieve sieve = {0};
	struct writ_error err;
	long id = -1;

	writ_sieve_set_span(&sieve, midnight + minute * INT64_C(60000000), INT64_MAX);
	writ_event_file_use(file, &sieve);
	writ_event_file_seek(file, midnight + minute * INT64_C(60000000));
	*ret_offset = 0;
	if (writ_event_file_next(file, true, &entry, &err) > 0) {
		id = atol(entry.field[WRIT_ENTRY_ID].s + 1);
		*ret_offset = entry.offset;
	}
	assert_string_equal(seen.text, "");
	writ_event_file_free(file);
	return id;
}

#define LINES 14000

static void test_seek(void **state)
{
	static int minutes[LINES];
	struct table t = {0};
	uint64_t offset;

	(void)state;
	for (size_t i = 0; i < LINES; i++)
		minutes[i] = (int)i / 10;
	write_minutes(minutes, LINES);
	for (int minute = 0; minute < LINES / 10; minute += 7) {
		table_int(&t, "in order", "first", first_after(minute, &offset), minute * 10);
		table_true(&t, "in order", "the offset is that of the line",
			   offset / (uint64_t)(minute * 10 + 1) < 570);
	}
	table_int(&t, "in order", "nothing", first_after(LINES / 10, &offset), -1);
	/* Every third line is late by hours, as from a writer that was stopped: no line that is
	 * asked for hides behind one. */
	for (size_t i = 0; i < LINES; i++)
		minutes[i] = i % 3 || i < 1000 ? (int)i / 10 : (int)i / 20;
	write_minutes(minutes, LINES);
	for (int minute = 200; minute < LINES / 10; minute += 7) {
		long want = minute * 10;

		while (minutes[want] < minute)
			want++;
		table_int(&t, "late ones", "first", first_after(minute, &offset), want);
	}
	/* A clock that was set back for a while. */
	for (size_t i = 0; i < LINES; i++)
		minutes[i] = i < 9000 || i > 12000 ? (int)i / 10 : (int)i / 10 - 800;
	write_minutes(minutes, LINES);
	for (int minute = 500; minute < 900; minute += 7)
		table_int(&t, "set back", "first", first_after(minute, &offset), minute * 10);
	table_done(&t);
}

static int make_file(void **state)
{
	(void)state;
	return close(mkstemp(path));
}

static int remove_file(void **state)
{
	(void)state;
	return unlink(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lines),      cmocka_unit_test(test_hostile_lines),
		cmocka_unit_test(test_long_lines), cmocka_unit_test(test_torn_gzip),
		cmocka_unit_test(test_growing),    cmocka_unit_test(test_seek),
	};

	return cmocka_run_group_tests(tests, make_file, remove_file);
}
