/* SPDX-License-Identifier: ISC */
/* What is written into the event log, and how: whole lines or nothing, whoever writes, dies or
 * interferes. */
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "arena.h"
#include "argv_record.h"
#include "claim.h"
#include "error.h"
#include "event.h"
#include "event_log.h"
#include "guard.h"

#define LOG "/var/log/writ/events.jsonl"
#define LOCK "/run/writ/events.lock"

static int append(const char *line)
{
	struct writ_error err = {0};

	return writ_event_log_append(line, strlen(line), &err);
}

static char *read_log(void)
{
	static char text[8 << 20];
	FILE *f = fopen(LOG, "re");
	size_t n = f ? fread(text, 1, sizeof(text) - 1, f) : 0;

	if (f)
		fclose(f);
	text[n] = '\0';
	return text;
}

static void put(const char *text)
{
	FILE *f = fopen(LOG, "we");

	assert_non_null(f);
	assert_true(fputs(text, f) >= 0);
	assert_int_equal(fclose(f), 0);
}

static int setup(void **state)
{
	(void)state;
	unlink(LOG);
	rmdir("/var/log/writ");
	unlink(LOCK);
	rmdir("/run/writ");
	return 0;
}

static void made_as_it_should_be(void **state)
{
	static const mode_t masks[] = {0777, 0};
	const struct group *adm = getgrnam("adm");
	gid_t group = adm ? adm->gr_gid : 0;
	struct stat st;

	for (size_t i = 0; i < 2; i++) {
		setup(state);
		umask(masks[i]);
		assert_int_equal(setegid(7), 0);
		assert_int_equal(append("{}"), 0);
		assert_int_equal(setegid(0), 0);
		assert_int_equal(umask(022), masks[i]);
		assert_int_equal(stat("/var/log/writ", &st), 0);
		assert_int_equal(st.st_mode, S_IFDIR | 0750);
		assert_int_equal(st.st_gid, group);
		assert_int_equal(stat(LOG, &st), 0);
		assert_int_equal(st.st_mode, S_IFREG | 0640);
		assert_int_equal(st.st_uid, 0);
		assert_int_equal(st.st_gid, group);
		assert_int_equal(stat(LOCK, &st), 0);
		assert_int_equal(st.st_mode, S_IFREG | 0600);
		assert_int_equal(st.st_gid, 0);
	}
}

static void lines(void **state)
{
	(void)state;
	assert_int_equal(append("{\"a\":1}"), 0);
	assert_int_equal(append("{\"b\":2}"), 0);
	assert_string_equal(read_log(), "{\"a\":1}\n{\"b\":2}\n");
	put("{\"whole\":1}\n{\"torn");
	assert_int_equal(append("{}"), 0);
	assert_string_equal(read_log(), "{\"whole\":1}\n{\"torn\n{}\n");
	put("");
	assert_int_equal(append("{}"), 0);
	assert_string_equal(read_log(), "{}\n");
}

/* The time of an event is that of writing, and of nothing else in the line. */
static void times(void **state)
{
	static const char *const rows[] = {
		"{\"time\":\"2001-02-03T04:05:06.789012Z\"}",
		"{\"time\":\"2001-02-03T04:05:06.789012Z\",\"x\":\"2001-02-03T04:05:06.789012Z\"}",
		"{\"time\":\"2001-02-03T04:05:06.789012Zzz\"}",
		"{\"time\":\"2001\"}",
		"{\"time\":\"",
	};
	const size_t from = strlen("{\"time\":\""), length = 27;
	time_t before = time(NULL);

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		bool event = i < 2;
		struct tm tm = {0};
		char *line;

		setup(NULL);
		assert_int_equal(append(rows[i]), 0);
		line = read_log();
		assert_int_equal(strlen(line), strlen(rows[i]) + 1);
		line[strlen(rows[i])] = '\0';
		if (!event) {
			assert_string_equal(line, rows[i]);
			continue;
		}
		assert_non_null(strptime(line + from, "%Y-%m-%dT%H:%M:%S", &tm));
		assert_true(timegm(&tm) >= before && timegm(&tm) <= time(NULL));
		assert_string_equal(line + from + length, rows[i] + from + length);
	}
}

/* Each row makes the log unfit in some way; then nothing is written, and it says so. */
static void unfit(void **state)
{
	static const char *const rows[] = {
		"mkdir -p /var/log/writ && ln -s /tmp/elsewhere " LOG,
		"mkdir -p /var/log/writ && mkfifo " LOG,
		"mkdir -p /var/log/writ " LOG,
		"mkdir -p /var/log/writ && : >" LOG " && chmod 666 " LOG,
		"mkdir -p /var/log/writ && : >" LOG " && chown daemon " LOG,
		"mkdir -m 777 /var/log/writ",
		"mkdir /var/log/writ && chown daemon /var/log/writ",
		"ln -s /tmp /var/log/writ",
		"chmod 777 /var/log",
		"mkdir /run/writ && ln -s /tmp/lock " LOCK,
		"mkdir /run/writ && : >" LOCK " && chmod 644 " LOCK,
		"mkdir /run/writ && : >" LOCK " && chmod 600 " LOCK " && chown daemon " LOCK,
		"mkdir -m 777 /run/writ",
		"ln -s /tmp /run/writ",
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char clean[] = "chmod 755 /var/log; rm -rf /var/log/writ /run/writ";

		setup(state);
		assert_int_equal(system(rows[i]), 0);
		if (append("{}") == 0)
			fail_msg("written although: %s", rows[i]);
		assert_int_equal(system(clean), 0);
	}
	assert_int_not_equal(access("/tmp/elsewhere", F_OK), 0);
	assert_int_equal(append("{}"), 0);
}

/* What does not fit on the disk leaves no trace. */
static void full_disk(void **state)
{
	char *big = malloc(20000), *before;

	(void)state;
	assert_non_null(big);
	memset(big, 'x', 19999);
	big[19999] = '\0';
	assert_int_equal(append("{}"), 0);
	assert_int_equal(mount("none", "/var/log/writ", "tmpfs", 0, "size=16k,mode=750"), 0);
	big[9000] = '\0';
	assert_int_equal(append(big), 0);
	big[9000] = 'x';
	before = strdup(read_log());
	assert_non_null(before);
	assert_int_equal(append(big), -1);
	assert_string_equal(read_log(), before);
	assert_int_equal(append("{}"), 0);
	assert_int_equal(umount("/var/log/writ"), 0);
	free(before);
	free(big);
}

static void limits_and_signals(void **state)
{
	struct rlimit old, low = {1, RLIM_INFINITY}, now;
	struct sigaction action;
	sigset_t mask;

	(void)state;
	signal(SIGXFSZ, SIG_DFL);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &low), 0);
	assert_int_equal(append("{\"longer than one byte\":1}"), 0);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &now), 0);
	assert_int_equal(now.rlim_cur, 1);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &old), 0);
	assert_int_equal(sigaction(SIGXFSZ, NULL, &action), 0);
	assert_ptr_equal(action.sa_handler, SIG_DFL);
	assert_int_equal(sigprocmask(SIG_SETMASK, NULL, &mask), 0);
	for (int i = 1; i < 32; i++)
		assert_int_equal(sigismember(&mask, i), 0);
}

/* A hard limit that cannot be raised, in a process without CAP_SYS_RESOURCE. */
static void hard_limit(void **state)
{
	struct rlimit low = {1, 1};
	int status;
	pid_t pid = fork();

	(void)state;
	assert_true(pid >= 0);
	if (pid == 0) {
		struct rlimit none = {RLIM_INFINITY, RLIM_INFINITY};

		if (setrlimit(RLIMIT_FSIZE, &low) < 0)
			_exit(2);
		if (setrlimit(RLIMIT_FSIZE, &none) == 0)
			_exit(append("{}") == 0 ? 0 : 3);
		_exit(append("{}") == -1 ? 0 : 4);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
}

/* Sixty writers of long lines, half of them killed at some moment. */
static void killed_writers(void **state)
{
	enum { WRITERS = 60, LINES = 10, LENGTH = 9000 };
	pid_t pids[WRITERS];
	int whole = 0, broken = 0;
	char *line, *end;

	(void)state;
	for (int i = 0; i < WRITERS; i++) {
		pids[i] = fork();
		assert_true(pids[i] >= 0);
		if (pids[i] == 0) {
			char *text = malloc(LENGTH + 3);

			memset(text, 'a' + i % 26, LENGTH + 2);
			text[0] = '<';
			text[LENGTH + 1] = '>';
			text[LENGTH + 2] = '\0';
			for (int n = 0; n < LINES; n++)
				if (append(text) != 0)
					_exit(1);
			_exit(0);
		}
		if (i % 2)
			kill(pids[i - 1], SIGKILL);
	}
	for (int i = 0; i < WRITERS; i++) {
		int status;

		assert_int_equal(waitpid(pids[i], &status, 0), pids[i]);
		if (i % 2)
			assert_int_equal(status, 0);
	}
	for (line = read_log(); (end = strchr(line, '\n')); line = end + 1) {
		bool good = end - line == LENGTH + 2 && *line == '<' && end[-1] == '>';

		for (char *c = line + 1; good && c < end - 1; c++)
			good = *c == line[1];
		whole += good;
		broken += !good;
	}
	assert_true(whole >= WRITERS / 2 * LINES);
	/* A writer that is killed within write(2) may leave the beginning of a line, on a line of
	 * its own; never one that runs into another. */
	assert_true(broken <= WRITERS / 2);
	assert_string_equal(line, "");
}

/* Whether that user may signal this process: 0, or why not. */
static int may_signal(uid_t user)
{
	pid_t target = getpid(), pid = fork();
	int status;

	assert_true(pid >= 0);
	if (pid == 0) {
		if (setresuid(user, user, user) < 0)
			_exit(255);
		_exit(kill(target, 0) < 0 ? errno : 0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WEXITSTATUS(status);
}

/* As sudo runs for an audit plugin: a caller that could stop it there would hold the lock for ever.
 */
static void callers_process(void **state)
{
	struct writ_error err = {0};
	struct writ_guard guard;
	uid_t real, effective, saved;

	(void)state;
	assert_int_equal(setresuid(4321, 0, 0), 0);
	assert_int_equal(may_signal(4321), 0);
	assert_int_equal(writ_guard_begin(&guard, &err), 0);
	assert_int_equal(may_signal(4321), EPERM);
	writ_guard_end(&guard);
	assert_int_equal(getresuid(&real, &effective, &saved), 0);
	assert_int_equal(real, 4321);
	assert_int_equal(effective, 0);
	assert_int_equal(saved, 0);
	assert_int_equal(setresuid(0, 0, 0), 0);
	assert_int_equal(append("{}"), 0);
	assert_int_equal(getresuid(&real, &effective, &saved), 0);
	assert_int_equal(real + effective + saved, 0);
}

static void ids(void **state)
{
	struct writ_event a, b;
	struct writ_error err;

	(void)state;
	assert_int_equal(writ_event_init(&a, &err), 0);
	assert_int_equal(writ_event_init(&b, &err), 0);
	assert_string_not_equal(a.id, b.id);
	assert_int_equal(strlen(a.id), 33);
	assert_int_equal(strspn(a.id, "0123456789abcdefTZ-"), 33);
}

static void argument_vectors(void **state)
{
	char big[5000], *small[] = {big + 4990, NULL}, *large[] = {big, big + 10, NULL};
	struct writ_arena *arena = writ_arena_new();
	struct writ_argv_record record;

	(void)state;
	memset(big, 'x', sizeof(big));
	big[4999] = '\0';
	assert_int_equal(writ_argv_record_make(&record, arena, small, 1), 0);
	assert_ptr_equal(record.argv, small);
	assert_false(record.cut);
	assert_int_equal(writ_argv_record_make(&record, arena, large, 2), 0);
	assert_true(record.cut);
	assert_int_equal(record.bytes, 5000 + 4990);
	assert_int_equal(record.argc, 1);
	assert_int_equal(strlen(record.argv[0]), 4095);
	assert_int_equal(strlen(record.sha256), 64);
	/* never in the middle of a character */
	memcpy(big + 4093, "\xe2\x82\xac", 3);
	assert_int_equal(writ_argv_record_make(&record, arena, large, 2), 0);
	assert_int_equal(strlen(record.argv[0]), 4093);
	assert_false(record.raw);
	writ_arena_free(arena);
}

static void claims(void **state)
{
	static const struct {
		const char *text;
		bool task, traceparent;
	} rows[] = {
		{"", false, false},
		{"nightly benchmark 7", true, false},
		{"tab\there", false, false},
		{"esc\x1b", false, false},
		{"\xff", false, false},
		{"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", true, true},
		{"00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01", true, false},
		{"00-00000000000000000000000000000000-b7ad6b7169203331-01", true, false},
		{"00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01", true, false},
		{"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-0", true, false},
		{"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-011", true, false},
		{"01-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", true, false},
		{"00-0af7651916cd43dd8448eb211c80319c_b7ad6b7169203331-01", true, false},
	};
	char large[600];

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (writ_claim_is_task(rows[i].text) != rows[i].task ||
		    writ_claim_is_traceparent(rows[i].text) != rows[i].traceparent)
			fail_msg("%s", rows[i].text);
	}
	memset(large, 'x', sizeof(large));
	large[129] = '\0';
	assert_false(writ_claim_is_task(large));
	large[128] = '\0';
	assert_true(writ_claim_is_task(large));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(made_as_it_should_be, setup),
		cmocka_unit_test_setup(lines, setup),
		cmocka_unit_test_setup(times, setup),
		cmocka_unit_test_setup(unfit, setup),
		cmocka_unit_test_setup(full_disk, setup),
		cmocka_unit_test_setup(limits_and_signals, setup),
		cmocka_unit_test_setup(hard_limit, setup),
		cmocka_unit_test_setup(killed_writers, setup),
		cmocka_unit_test_setup(callers_process, setup),
		cmocka_unit_test(ids),
		cmocka_unit_test(argument_vectors),
		cmocka_unit_test(claims),
	};

	return cmocka_run_group_tests(tests, NULL, setup);
}
