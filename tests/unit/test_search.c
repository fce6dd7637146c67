/* SPDX-License-Identifier: ISC */
/* trail/search.c and visible.c: what is found in the output of a command, where and when. */
#include "table.h"

#include "error.h"
#include "iolog_folder.h"
#include "search.h"
#include "visible.h"

static const struct log_file files[] = {
	{"timing",
	 "4 1 4\n"      /* "perm" */
	 "4 1 7\n"      /* "ission " */
	 "1 1 6\n"      /* "stdout" */
	 "4 1 10\n"     /* "denied\r\nab" */
	 "2 1 3\n"      /* "err" */
	 "0 1 6\n"      /* "denied", typed */
	 "3 1 6\n"      /* "denied", typed */
	 "4 1 23\n"     /* "d\e[31me\e[mn\e]0;x\aie\e(Bd" */
	 "5 1 24 80\n", /* … */
	 'z', 0},
	{"log.json", "{}", 'p', 0},
	{"ttyout",
	 "permission denied\r\nabd\x1b[31me\x1b[mn\x1b]0;x\aie\x1b(Bd"
	 "late denied aaaa",
	 'z', 0},
	{"stdout", "stdout", 'p', 0},
	{"stderr", "err", 'p', 0},
	{"stdin", "denied", 'p', 0},
	{"ttyin", "denied", 'p', 0},
	{NULL, NULL, 0, 0},
};

static const struct search_row {
	const char *text;
	size_t max;
	const char *hits; /* stream@seconds+position, ? if untimed */
} rows[] = {
	{"permission denied", 9, "ttyout@1+0 "},
	{"m", 9, "ttyout@1+3 ttyout@8+26 ttyout@8+30 "},
	{"mi", 9, "ttyout@1+3 "},
	{"denied", 9, "ttyout@4+11 ttyout@8+21 ttyout@9+49? "},
	{"denied", 2, "ttyout@4+11 ttyout@8+21 "},
	{"denied", 0, ""},
	{"denied\nab", 9, "ttyout@4+11 "},
	{"denied\r\nab", 9, "ttyout@4+11 "},
	{"\x1b[31me", 9, "ttyout@8+22 "},
	{"outerr", 9, ""}, /* not across streams */
	{"stdout", 9, "stdout@3+0 "},
	{"err", 9, "stderr@5+0 "},
	{"aa", 9, "ttyout@9+56? ttyout@9+58? "},
	{"aaaaa", 9, ""},
	{"0;x", 9, "ttyout@8+34 "}, /* also what no terminal shows */
	{"e\n", 9, ""},
};

static void test_search(void **state)
{
	struct table t = {0};

	(void)state;
	log_make("search", files);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct writ_iolog_reader *reader = writ_iolog_open(log_top, "search", NULL);
		struct writ_search *search =
			writ_search_new(rows[i].text, strlen(rows[i].text), NULL);
		const struct writ_search_hit *hits;
		char got[400] = "";
		size_t n, used = 0;

		assert_non_null(reader);
		assert_non_null(search);
		n = writ_search_iolog(search, reader, rows[i].max, &hits);
		for (size_t h = 0; h < n; h++)
			used += (size_t)snprintf(got + used, sizeof(got) - used, "%s@%lld+%llu%s ",
						 writ_iolog_kind_to_string(hits[h].stream),
						 (long long)hits[h].offset.tv_sec,
						 (unsigned long long)hits[h].position,
						 hits[h].untimed ? "?" : "");
		table_string(&t, rows[i].text, "hits", got, rows[i].hits);
		writ_search_free(search);
		writ_iolog_close(reader);
	}
	table_done(&t);
}

static void test_again(void **state)
{
	struct writ_search *search = writ_search_new("permission", 10, NULL);
	const struct writ_search_hit *hits;

	(void)state;
	for (int i = 0; i < 3; i++) {
		struct writ_iolog_reader *reader = writ_iolog_open(log_top, "search", NULL);

		assert_int_equal(writ_search_iolog(search, reader, 9, &hits), 1);
		writ_iolog_close(reader);
	}
	writ_search_free(search);
}

static void test_bad_text(void **state)
{
	struct writ_error err = {0};
	char *longest = calloc(1, WRIT_SEARCH_TEXT_MAX + 1);
	struct writ_search *search;

	(void)state;
	assert_null(writ_search_new("", 0, &err));
	assert_string_equal(err.message, "the text to be found is empty");
	assert_null(writ_search_new(longest, WRIT_SEARCH_TEXT_MAX + 1, &err));
	assert_string_equal(err.message, "the text to be found is too long");
	search = writ_search_new(longest, WRIT_SEARCH_TEXT_MAX, &err);
	assert_non_null(search);
	writ_search_free(search);
	free(longest);
}

/* Every text is found in every text just where strstr finds it, however the borders lie. */
static void test_against_strstr(void **state)
{
	struct table t = {0};
	unsigned seed = 1;

	(void)state;
	for (int round = 0; round < 300; round++) {
		char text[40], part[6], timing[400] = "", name[32];
		size_t n = 0, used = 0, length = 1 + (seed >> 8) % 5;
		const struct log_file made[] = {
			{"timing", timing, 'p', 0}, {"stdout", text, 'p', 0}, {NULL, NULL, 0, 0}};
		struct writ_iolog_reader *reader;
		struct writ_search *search;
		const struct writ_search_hit *hits;
		const char *want;

		for (; n < sizeof(text) - 1; n++, seed = seed * 1103515245 + 12345)
			text[n] = "ab"[seed >> 16 & 1];
		text[n] = '\0';
		for (size_t i = 0; i < length; i++, seed = seed * 1103515245 + 12345)
			part[i] = "ab"[seed >> 16 & 1];
		part[length] = '\0';
		for (size_t left = n; left > 0; seed = seed * 1103515245 + 12345) {
			size_t cut = 1 + (seed >> 16) % 4;

			cut = cut < left ? cut : left;
			used += (size_t)snprintf(timing + used, sizeof(timing) - used, "1 0 %zu\n",
						 cut);
			left -= cut;
		}
		snprintf(name, sizeof(name), "random/%d", round);
		log_make(name, made);
		reader = writ_iolog_open(log_top, name, NULL);
		search = writ_search_new(part, length, NULL);
		n = writ_search_iolog(search, reader, 100, &hits);
		want = strstr(text, part);
		for (size_t i = 0; i < n; i++) {
			if (!table_true(&t, text, part, want != NULL))
				break;
			table_int(&t, text, part, (int64_t)hits[i].position, want - text);
			want = strstr(want + length, part);
		}
		table_true(&t, text, "no more hits", want == NULL);
		writ_search_free(search);
		writ_iolog_close(reader);
	}
	table_done(&t);
}

/* How a stream is cut into records decides nothing. */
static void test_cuts(void **state)
{
	static const char letters[] = "ab\x1b[m\r\n";
	struct table t = {0};
	unsigned seed = 7;

	(void)state;
	for (int round = 0; round < 200; round++) {
		char text[60], timings[2][400] = {"1 0 59\n", ""}, name[32], got[2][400];

		for (size_t n = 0; n < sizeof(text) - 1; n++, seed = seed * 1103515245 + 12345) {
			text[n] = letters[(seed >> 16) % (sizeof(letters) - 1)];
			strcat(timings[1], "1 0 1\n");
		}
		text[sizeof(text) - 1] = '\0';
		for (int i = 0; i < 2; i++) {
			const struct log_file made[] = {{"timing", timings[i], 'p', 0},
							{"stdout", text, 'p', 0},
							{NULL, NULL, 0, 0}};
			struct writ_search *search = writ_search_new("ab", 2, NULL);
			struct writ_iolog_reader *reader;
			const struct writ_search_hit *hits;
			size_t n, used = 0;

			snprintf(name, sizeof(name), "cuts/%d/%d", round, i);
			log_make(name, made);
			reader = writ_iolog_open(log_top, name, NULL);
			n = writ_search_iolog(search, reader, 100, &hits);
			got[i][0] = '\0';
			for (size_t h = 0; h < n; h++)
				used += (size_t)snprintf(got[i] + used, sizeof(got[i]) - used,
							 "%llu ",
							 (unsigned long long)hits[h].position);
			writ_search_free(search);
			writ_iolog_close(reader);
		}
		table_string(&t, text, "hits", got[1], got[0]);
	}
	table_done(&t);
}

static void test_visible(void **state)
{
	static const struct {
		const char *bytes, *text;
	} cases[] = {
		{"plain \ttext\n", "plain \ttext\n"},
		{"a\r\nb", "a\nb"},
		{"a\r\r\nb", "a\r\nb"},
		{"a\rb", "a\rb"},
		{"a\r\x1b[mb", "a\rb"},
		{"a\a\b\x7f"
		 "b",
		 "ab"},
		{"\x1b[1;31mred\x1b[0m", "red"},
		{"\x1b[?25lx\x1b[2 qy", "xy"},
		{"\x1b]0;title\ax\x1b]8;;http://e\x1b\\y", "xy"},
		{"\x1bPq#0\x1b\\x", "x"},
		{"\x1b]0;open x\x1b[my", "y"}, /* ESC ends it */
		{"\x1b]0;cancelled\x18x", "x"},
		{"\x1b(Bx\x1b#8y\x1b%Gz", "xyz"},
		{"\x1b"
		 "7x\x1b"
		 "8y\x1bMz",
		 "xyz"},
		{"\x1b\x1b[mx", "x"},
		{"\x1b[3\x1b[1mx", "x"},
		{"\x1b[3\n1mx", "\n1mx"},
		{"\x1b[\xc3\xbcx", "\xc3\xbcx"},
		{"\xe2\x82\xac", "\xe2\x82\xac"},
		{"x\x1b", "x"},
	};
	struct table t = {0};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct writ_visible visible = {0};
		unsigned char got[100];
		size_t n = 0;

		for (const char *c = cases[i].bytes; *c; c++)
			n += writ_visible_feed(&visible, (unsigned char)*c, got + n);
		got[n] = '\0';
		table_string(&t, cases[i].bytes, "text", (char *)got, cases[i].text);
	}
	table_done(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_visible),        cmocka_unit_test(test_search),
		cmocka_unit_test(test_again),          cmocka_unit_test(test_bad_text),
		cmocka_unit_test(test_against_strstr), cmocka_unit_test(test_cuts),
	};

	return cmocka_run_group_tests(tests, log_setup, log_teardown);
}
