/* SPDX-License-Identifier: ISC */
/* trail/iolog*.c: logs as sudo writes them, torn ones, and ones made to mislead the reader. */
#include "table.h"

#include "error.h"
#include "iolog.h"
#include "iolog_folder.h"
#include "iolog_tree.h"

#define FILES_MAX 8

#define JSON                                                                                       \
	"{\n\t\"timestamp\": {\n\t\t\"seconds\": 1763764809,\n\t\t\"nanoseconds\": 5\n\t},\n"      \
	"\t\"columns\": 80,\n\t\"command\": \"/usr/bin/x\",\n\t\"lines\": 24,\n"                   \
	"\t\"runargv\": [ \"x\", \"a b\" ],\n"                                                     \
	"\t\"runenv\": [ \"WRIT_RULE=r\", \"WRIT_EVENT=E\", \"WRIT_EVENT=F\", "                    \
	"\"WRIT_SESSION=S\" ],\n\t\"runuser\": \"root\",\n\t\"submithost\": \"h\",\n"              \
	"\t\"submituser\": \"ai\",\n\t\"ttyname\": \"/dev/pts/1\",\n\t\"submitcwd\": \"/\"\n}\n"

/* A stream that is what `cat x.gz` writes. */
#define GZIP_HEAD "\x1f\x8b\x08\x00packed?"

static const struct log_row {
	const char *name;
	struct log_file files[FILES_MAX];
	const char *records; /* as render() writes them */
	const char *faults;  /* with "; " between them */
} log_rows[] = {
	{"plain",
	 {{"timing", "4 0.5 3\n5 0.25 24 80\n4 1.000000001 3\n7 0.1 TSTP\n", 'r', 0},
	  {"log.json", JSON, 'p', 0},
	  {"ttyout", "abcdef", 'p', 0}},
	 "ttyout@0.500000000:abc winsize@0.750000000:24x80 ttyout@1.750000001:def "
	 "suspend@1.850000001:TSTP ",
	 ""},
	{"packed",
	 {{"timing", "0 0.5 2\n1 0.5 2\n2 0 3\n", 'z', 0},
	  {"log.json", JSON, 'p', 0},
	  {"stdin", "in", 'z', 0},
	  {"stdout", "ou", '2', 0},
	  {"stderr", "err", 'z', 0}},
	 "stdin@0.500000000:in stdout@1.000000000:ou stderr@1.000000000:err ",
	 ""},
	{"nothing yet",
	 {{"timing", "", 'p', 0}, {"log.json", JSON, 'p', 0}, {"ttyout", "", 'p', 0}},
	 "",
	 ""},
	{"torn in a line",
	 {{"timing", "4 1 2\n4 1 2", 'p', 0},
	  {"log.json", JSON, 'p', 0},
	  {"ttyout", "abcd", 'p', 0}},
	 "ttyout@1.000000000:ab ttyout@1.000000000?:cd ",
	 "timing: ends in the middle of line 2; ttyout: is longer than timing says"},
	{"torn gzip",
	 {{"timing", "4 1 3\n", 'z', 0}, {"log.json", JSON, 'p', 0}, {"ttyout", "abc", 't', 0}},
	 "ttyout@1.000000000:abc ",
	 "ttyout: ends in the middle of its gzip data"},
	{"garbage after gzip",
	 {{"timing", "4 1 3\n", 'z', 0}, {"log.json", JSON, 'p', 0}, {"ttyout", "abc", 'g', 0}},
	 "ttyout@1.000000000:abc ",
	 "ttyout: has other bytes after its gzip data"},
	{"damaged gzip",
	 {{"timing", "4 1 3\n", 'z', 0},
	  {"log.json", JSON, 'p', 0},
	  {"ttyout", GZIP_HEAD "\0\0\0", 'p', 14}},
	 "ttyout@1.000000000: ",
	 "ttyout: holds damaged gzip data"},
	{"shorter than told",
	 {{"timing", "4 1 9223372036854775807\n4 1 1\n", 'p', 0},
	  {"log.json", JSON, 'p', 0},
	  {"ttyout", "abc", 'p', 0}},
	 "ttyout@1.000000000:abc ttyout@2.000000000: ",
	 "ttyout: is shorter than timing says"},
	{"a missing stream",
	 {{"timing", "4 1 5\n3 1 1\n", 'p', 0}, {"log.json", JSON, 'p', 0}, {"ttyin", "x", 'p', 0}},
	 "ttyout@1.000000000: ttyin@2.000000000:x ",
	 "ttyout: is missing"},
	{"no timing",
	 {{"log.json", JSON, 'p', 0}, {"ttyout", "abc", 'p', 0}, {"stdin", "", 'p', 0}},
	 "ttyout@0.000000000?:abc ",
	 "timing: is missing"},
	{"no timing, packed",
	 {{"log.json", JSON, 'p', 0}, {"ttyout", "abc", 'z', 0}},
	 "ttyout@0.000000000?:abc ",
	 "timing: is missing"},
	{"no numbers",
	 {{"timing",
	   "4 -1 3\n4 nan 3\n4 1e3 3\n4 0.5 -3\n4 0.5 9223372036854775808\n8 0 1\n"
	   "4 99999999999 1\n5 0 70000 1\nx\n\n4 1 1\n4 1 1 1\n4\n7 0 \n7 0 a$\n",
	   'p', 0},
	  {"log.json", JSON, 'p', 0},
	  {"ttyout", "a", 'p', 0}},
	 "ttyout@1.000000000:a ",
	 "timing:1: is no record; timing:2: is no record; timing:3: is no record; "
	 "timing:4: is no record; timing:5: is no record; timing:6: is no record; "
	 "timing:7: is no record; timing:8: is no record; timing:9: is no record; "
	 "timing:10: is no record; timing:12: is no record; timing:13: is no record; "
	 "timing:14: is no record; timing:15: is no record"},
	{"delays that add up",
	 {{"timing", "5 9000000000.9 1 1\n5 9000000000 2 2\n", 'p', 0}, {"log.json", JSON, 'p', 0}},
	 "winsize@9000000000.000000000:1x1 winsize@9000000000.000000000:2x2 ",
	 ""},
	{"a decimal comma, more digits than nanoseconds have",
	 {{"timing", "5  0,1  1\t2 \n5 0.12345678999 1 1\n", 'p', 0}, {"log.json", JSON, 'p', 0}},
	 "winsize@0.100000000:1x2 winsize@0.223456789:1x1 ",
	 ""},
	{"sudo 1.8.7",
	 {{"timing", "6 1 1\n5 1 1\n2 1 1\n", 'p', 0},
	  {"log.json", JSON, 'p', 0},
	  {"ttyout", "a", 'p', 0},
	  {"ttyin", "b", 'p', 0},
	  {"stdin", "c", 'p', 0}},
	 "ttyout@1.000000000:a ttyin@2.000000000:b stdin@3.000000000:c ",
	 ""},
	/* What the command wrote decides nothing about how the log is read. */
	{"plain, and looks packed",
	 {{"timing", "1 1 11\n", 'p', 0},
	  {"log.json", JSON, 'p', 0},
	  {"stdout", GZIP_HEAD, 'p', 11}},
	 "stdout@1.000000000:\x1f\x8b\x08.packed? ",
	 ""},
	{"plain, looks packed, and torn",
	 {{"timing", "1 1 4\n", 'p', 0},
	  {"log.json", JSON, 'p', 0},
	  {"stdout", GZIP_HEAD, 'p', 11}},
	 "stdout@1.000000000:\x1f\x8b\x08. stdout@1.000000000?:packed? ",
	 "stdout: begins like a gzip file, but is none of this log's; "
	 "stdout: is longer than timing says"},
	{"packed afterwards",
	 {{"timing", "1 1 3\n1 0 3\n", 'p', 0},
	  {"log.json", JSON, 'p', 0},
	  {"stdout", "abcdef", 'z', 0}},
	 "stdout@1.000000000:abc stdout@1.000000000:def ",
	 ""},
	{"other things in place of files",
	 {{"timing", "/dev/zero", 'l', 0},
	  {"log.json", "/etc/passwd", 'l', 0},
	  {"log", NULL, 'f', 0},
	  {"ttyout", NULL, 'f', 0},
	  {"ttyin", NULL, 'd', 0},
	  {"stdin", "timing", 'l', 0}},
	 "",
	 "log.json: is no regular file; log: is no regular file; "
	 "neither log.json nor log can be read; timing: is no regular file; timing: is missing; "
	 "stdin: is no regular file; ttyin: is no regular file; ttyout: is no regular file"},
};

static void append(char **out, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void append(char **out, const char *format, ...)
{
	va_list args;
	char *piece, *more;

	va_start(args, format);
	assert_true(vasprintf(&piece, format, args) >= 0);
	va_end(args);
	assert_true(asprintf(&more, "%s%s", *out, piece) >= 0);
	free(piece);
	free(*out);
	*out = more;
}

/* size: of the buffer that the bytes are read with. Bytes that are 0 become dots. */
static char *render(struct writ_iolog_reader *reader, size_t size)
{
	struct writ_iolog_record r;
	char *out = strdup(""), bytes[64];
	size_t n;

	while (writ_iolog_next(reader, &r) == 1) {
		append(&out, "%s@%lld.%09ld%s:", writ_iolog_kind_to_string(r.kind),
		       (long long)r.offset.tv_sec, r.offset.tv_nsec, r.untimed ? "?" : "");
		if (r.kind == WRIT_IOLOG_WINSIZE)
			append(&out, "%ux%u", r.lines, r.columns);
		if (r.kind == WRIT_IOLOG_SUSPEND)
			append(&out, "%s", r.signal);
		while ((n = writ_iolog_read(reader, bytes, size)) > 0)
			for (size_t i = 0; i < n; i++)
				append(&out, "%c", bytes[i] ? bytes[i] : '.');
		append(&out, " ");
	}
	return out;
}

static char *faults(const struct writ_iolog_reader *reader)
{
	char *out = strdup("");

	for (size_t i = 0; writ_iolog_fault(reader, i); i++)
		append(&out, "%s%s", i ? "; " : "", writ_iolog_fault(reader, i));
	return out;
}

static void test_records(void **state)
{
	static const size_t sizes[] = {1, 2, 64};
	struct table t = {0};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(log_rows); i++) {
		log_make(log_rows[i].name, log_rows[i].files);
		for (size_t s = 0; s < ARRAY_SIZE(sizes); s++) {
			struct writ_error err = {0};
			struct writ_iolog_reader *reader =
				writ_iolog_open(log_top, log_rows[i].name, &err);
			char *got;

			if (!table_true(&t, log_rows[i].name, err.message, reader != NULL))
				continue;
			got = render(reader, sizes[s]);
			table_string(&t, log_rows[i].name, "records", got, log_rows[i].records);
			free(got);
			got = faults(reader);
			table_string(&t, log_rows[i].name, "faults", got, log_rows[i].faults);
			free(got);
			writ_iolog_close(reader);
		}
	}
	table_done(&t);
}

/* What is not read is passed over, and the rest is still in step. */
static void test_unread(void **state)
{
	struct writ_iolog_reader *reader = writ_iolog_open(log_top, "plain", NULL);
	struct writ_iolog_record r;
	char bytes[8];

	(void)state;
	assert_non_null(reader);
	assert_int_equal(writ_iolog_next(reader, &r), 1);
	assert_int_equal(writ_iolog_read(reader, bytes, 1), 1);
	assert_int_equal(writ_iolog_next(reader, &r), 1);
	assert_int_equal(writ_iolog_read(reader, bytes, sizeof(bytes)), 0);
	assert_int_equal(writ_iolog_next(reader, &r), 1);
	assert_int_equal(writ_iolog_read(reader, bytes, sizeof(bytes)), 3);
	assert_memory_equal(bytes, "def", 3);
	assert_int_equal(writ_iolog_next(reader, &r), 1);
	assert_int_equal(writ_iolog_next(reader, &r), 0);
	assert_int_equal(writ_iolog_next(reader, &r), 0);
	assert_int_equal(writ_iolog_read(reader, bytes, sizeof(bytes)), 0);
	writ_iolog_close(reader);
}

static void test_many_faults(void **state)
{
	static char lines[4000], line[5000];
	static const struct log_file many[] = {
		{"timing", lines, 'p', 0}, {"log.json", JSON, 'p', 0}, {NULL, NULL, 0, 0}};
	static const struct log_file overlong[] = {
		{"timing", line, 'p', 0}, {"log.json", JSON, 'p', 0}, {NULL, NULL, 0, 0}};
	struct writ_iolog_reader *reader;
	char *got;

	(void)state;
	memset(lines, '\n', sizeof(lines) - 1);
	log_make("many faults", many);
	reader = writ_iolog_open(log_top, "many faults", NULL);
	free(render(reader, 8));
	assert_string_equal(writ_iolog_fault(reader, 15), "timing:16: is no record");
	assert_string_equal(writ_iolog_fault(reader, 16), "there are more faults");
	assert_null(writ_iolog_fault(reader, 17));
	writ_iolog_close(reader);

	memset(line, '4', sizeof(line) - 1);
	strcpy(line + 4500, "\n5 0 1 2\n");
	log_make("overlong", overlong);
	reader = writ_iolog_open(log_top, "overlong", NULL);
	got = render(reader, 8);
	assert_string_equal(got, "winsize@0.000000000:1x2 ");
	assert_string_equal(writ_iolog_fault(reader, 0), "timing:1: is too long");
	assert_null(writ_iolog_fault(reader, 1));
	free(got);
	writ_iolog_close(reader);
}

#define OR_NONE(s) ((s) ? (s) : "-")

static const struct info_row {
	const char *name;
	struct log_file files[FILES_MAX];
	const char *text;
	const char *faults;
} info_rows[] = {
	{"json",
	 {{"log.json", JSON, 'p', 0}, {"timing", "", 'r', 0}},
	 "json 1763764809.000000005 h ai root - /dev/pts/1 / /usr/bin/x [x][a b] 24x80 E r S done",
	 ""},
	{"json packed", /* sudo does not, but somebody's archive may */
	 {{"log.json", JSON, 'z', 0}, {"timing", "", 'z', 0}},
	 "json 1763764809.000000005 h ai root - /dev/pts/1 / /usr/bin/x [x][a b] 24x80 E r S open",
	 ""},
	{"legacy",
	 {{"log", "1763764809:ai:root:wheel:/dev/pts/1:24:80\n/home\n/bin/x a b\n", 'p', 0},
	  {"timing", "", 'r', 0}},
	 "legacy 1763764809.000000000 - ai root wheel /dev/pts/1 /home /bin/x a b 24x80 - - - done",
	 ""},
	{"older legacy",
	 {{"log", "1:ai:root::unknown\n/\n/bin/x\n", 'p', 0}, {"timing", "", 'r', 0}},
	 "legacy 1.000000000 - ai root - unknown / /bin/x 0x0 - - - done",
	 ""},
	{"json torn, legacy there",
	 {{"log.json", "{ \"columns\": ", 'p', 0},
	  {"log", "1:ai:root::unknown\n/\n/bin/x\n", 'p', 0},
	  {"timing", "", 'r', 0}},
	 "legacy 1.000000000 - ai root - unknown / /bin/x 0x0 - - - done",
	 "log.json: not JSON: parse error: premature EOF"},
	{"nothing that can be read",
	 {{"log.json", "[]", 'p', 0}, {"log", "1:ai\n", 'p', 0}, {"timing", "", 'r', 0}},
	 "json 0.000000000 - - - - - - - 0x0 - - - done",
	 "log.json: is no object; log: has not three lines; neither log.json nor log can be read"},
	{"not UTF-8",
	 {{"log.json", "{\"command\":\"/\xff\xfe.\xc3\",\"runargv\":[\"\xe2\x82\"]}", 'p', 0},
	  {"timing", "", 'r', 0}},
	 "json 0.000000000 - - - - - - /\xef\xbf\xbd\xef\xbf\xbd.\xef\xbf\xbd "
	 "[\xef\xbf\xbd\xef\xbf\xbd] 0x0 - - - done",
	 ""},
	{"wrong types",
	 {{"log.json",
	   "{\"timestamp\":7,\"columns\":-1,\"lines\":4294967297,\"command\":[],\"runargv\":\"x\","
	   "\"runenv\":[1,null,\"WRIT_EVENT\",\"WRIT_EVENTS=1\",\"WRIT_EVENT=\"]}",
	   'p', 0},
	  {"timing", "", 'r', 0}},
	 "json 0.000000000 - - - - - - - 0x0  - - done",
	 ""},
};

static char *render_info(const struct writ_iolog_reader *reader)
{
	const struct writ_iolog_info *i = writ_iolog_info(reader);
	char *out = strdup("");

	append(&out, "%s %lld.%09ld %s %s %s %s %s %s %s ", i->legacy ? "legacy" : "json",
	       (long long)i->time.tv_sec, i->time.tv_nsec, OR_NONE(i->host), OR_NONE(i->user),
	       OR_NONE(i->runas_user), OR_NONE(i->runas_group), OR_NONE(i->tty), OR_NONE(i->cwd),
	       OR_NONE(i->command));
	for (size_t a = 0; a < i->argc; a++)
		append(&out, "[%s]%s", i->argv[a], a + 1 == i->argc ? " " : "");
	append(&out, "%ux%u %s %s %s %s", i->lines, i->columns, OR_NONE(i->event), OR_NONE(i->rule),
	       OR_NONE(i->session), writ_iolog_complete(reader) ? "done" : "open");
	return out;
}

static void test_info(void **state)
{
	struct table t = {0};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(info_rows); i++) {
		struct writ_iolog_reader *reader;
		char *got;

		log_make(info_rows[i].name, info_rows[i].files);
		reader = writ_iolog_open(log_top, info_rows[i].name, NULL);
		if (!table_true(&t, info_rows[i].name, "it opens", reader != NULL))
			continue;
		got = render_info(reader);
		table_string(&t, info_rows[i].name, "info", got, info_rows[i].text);
		free(got);
		got = faults(reader);
		table_string(&t, info_rows[i].name, "faults", got, info_rows[i].faults);
		free(got);
		writ_iolog_close(reader);
	}
	table_done(&t);
}

static void test_names(void **state)
{
	static const struct {
		const char *tsid;
		bool valid;
	} rows[] = {
		{"ai-worker/20261121T224009Z-4f2a9c1d/Ab3dEf", true},
		{"00000A", true},
		{"a", true},
		{"über/x", true},
		{"...", true},
		{"-l", true},
		{"", false},
		{"/a", false},
		{"a/", false},
		{"a//b", false},
		{"..", false},
		{"a/../b", false},
		{"./a", false},
		{"a\nb", false},
		{"a\x1b[2J", false},
		{"\xff", false},
	};
	static char longer[5000], part[300];
	struct table t = {0};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		table_int(&t, rows[i].tsid, "valid", writ_iolog_tsid_valid(rows[i].tsid),
			  rows[i].valid);
	memset(part, 'x', sizeof(part) - 1);
	for (size_t i = 0; i + 1 < sizeof(longer); i++)
		longer[i] = i % 2 ? '/' : 'x';
	table_int(&t, "a long part", "valid", writ_iolog_tsid_valid(part), false);
	table_int(&t, "a long path", "valid", writ_iolog_tsid_valid(longer), false);
	table_done(&t);
}

static const struct log_file of_event_e[] = {
	{"log.json", JSON, 'p', 0}, {"timing", "", 'r', 0}, {NULL, NULL, 0, 0}};
static const struct log_file of_event_g[] = {
	{"log.json", "{\"runenv\":[\"WRIT_EVENT=G\"]}", 'p', 0},
	{"timing", "", 'r', 0},
	{NULL, NULL, 0, 0}};
static const struct log_file of_none[] = {{"timing", "", 'r', 0}, {NULL, NULL, 0, 0}};
static const struct log_file no_log[] = {{"timings", "", 'r', 0}, {NULL, NULL, 0, 0}};

static void test_open(void **state)
{
	static const struct {
		const char *tsid, *message; /* NULL: it opens */
	} rows[] = {
		{"open/u/s/abc", NULL},
		{"00000A", NULL},
		{"AbCdEf", NULL},
		{"ABCDEF", "no I/O log ABCDEF below /"},
		{"open/u/s", "open/u/s is no I/O log"},
		{"open/empty", "open/empty is no I/O log"},
		{"open/link/s/abc", "no I/O log open/link/s/abc below /"},
		{"open/u/s/link", "no I/O log open/u/s/link below /"},
		{"open/u/s/abc/timing", "no I/O log open/u/s/abc/timing below /"},
		{"../x", "this cannot be the name of an I/O log"},
	};
	struct table t = {0};
	char path[100];

	(void)state;
	log_make("open/u/s/abc", of_event_e);
	log_make("open/empty", no_log);
	log_make("00/00/0A", of_event_e);
	log_make("AbCdEf", of_event_e);
	snprintf(path, sizeof(path), "%s/open/link", log_top);
	assert_int_equal(symlink("u", path), 0);
	snprintf(path, sizeof(path), "%s/open/u/s/link", log_top);
	assert_int_equal(symlink("abc", path), 0);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct writ_error err = {0};
		struct writ_iolog_reader *reader = writ_iolog_open(log_top, rows[i].tsid, &err);

		table_int(&t, rows[i].tsid, "opens", reader != NULL, rows[i].message == NULL);
		table_contains(&t, rows[i].tsid, "message", err.message,
			       rows[i].message ? rows[i].message : "");
		writ_iolog_close(reader);
	}
	table_done(&t);
}

static bool note(void *data, const char *tsid)
{
	append(data, "%s ", tsid);
	return strcmp(tsid, "stop") != 0;
}

static void test_tree(void **state)
{
	struct writ_iolog_tree *tree;
	char top[100], *seen = strdup(""), path[200];
	struct writ_error err = {0};
	size_t unreadable = 7;

	(void)state;
	log_make("tree/b/2", of_event_g);
	log_make("tree/b/1", of_event_e);
	log_make("tree/a/u/s/x", of_none);
	log_make("tree/no", no_log);
	snprintf(top, sizeof(top), "%s/tree", log_top);
	snprintf(path, sizeof(path), "%s/c", top);
	assert_int_equal(symlink("..", path), 0);
	assert_int_equal(writ_iolog_tree_walk(top, note, &seen, &unreadable, &err), 0);
	assert_string_equal(seen, "a/u/s/x b/1 b/2 ");
	assert_int_equal(unreadable, 0);
	free(seen);

	tree = writ_iolog_tree_new(top);
	assert_string_equal(writ_iolog_tree_find(tree, "b/1", NULL, "E"), "b/1");
	assert_string_equal(writ_iolog_tree_find(tree, "1", "b", "E"), "b/1");
	assert_string_equal(writ_iolog_tree_find(tree, "1", "b", NULL), "b/1");
	assert_string_equal(writ_iolog_tree_find(tree, "u/s/x", "a", "Q"), "a/u/s/x");
	/* at its place lies the log of another event */
	assert_string_equal(writ_iolog_tree_find(tree, "b/1", NULL, "G"), "b/2");
	assert_string_equal(writ_iolog_tree_find(tree, NULL, NULL, "G"), "b/2");
	assert_null(writ_iolog_tree_find(tree, "b/1", NULL, "H"));
	assert_null(writ_iolog_tree_find(tree, "../plain", NULL, NULL));
	assert_null(writ_iolog_tree_find(tree, "plain", "..", NULL));
	writ_iolog_tree_free(tree);

	seen = strdup("");
	log_make("tree/stop", of_none);
	log_make("tree/zz", of_none);
	assert_int_equal(writ_iolog_tree_walk(top, note, &seen, NULL, &err), 0);
	assert_string_equal(seen, "a/u/s/x b/1 b/2 stop ");
	free(seen);
	assert_int_equal(writ_iolog_tree_walk("/nonexistent", note, NULL, NULL, &err), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names),  cmocka_unit_test(test_records),
		cmocka_unit_test(test_unread), cmocka_unit_test(test_many_faults),
		cmocka_unit_test(test_info),   cmocka_unit_test(test_open),
		cmocka_unit_test(test_tree),
	};

	return cmocka_run_group_tests(tests, log_setup, log_teardown);
}
