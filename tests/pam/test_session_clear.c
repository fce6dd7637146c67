/* SPDX-License-Identifier: ISC */
/*
 * What the timer clears, and what it must not: each case a record or some, and what is left of
 * them.
 */
#include "../unit/table.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "child.h"
#include "cleanup.h"
#include "config.h"
#include "error.h"
#include "session_clear.h"
#include "world.h"

#define EVENTS WRIT_EVENT_DIR "/events.jsonl"

/* An audit session that nothing lives in: the kernel counts up from 1. */
#define DEAD_AUDIT_SESSION 4000000000u

/* How many lines of the event log hold the text. */
static unsigned count_events(const char *text)
{
	auto_fclose FILE *f = fopen(EVENTS, "re");
	char line[8192];
	unsigned n = 0;

	while (f && fgets(line, sizeof(line), f))
		n += strstr(line, text) != NULL;
	return n;
}

static bool is_there(const char *path)
{
	struct stat st;

	return lstat(path, &st) == 0;
}

struct row {
	const char *name;
	bool dead;   /* no process has its audit session */
	bool none;   /* it has no audit session */
	bool leader; /* its leader lives */
	bool rebooted;
	const char *closed;
	bool kept;
	bool lost; /* a session-close event, "lost" */
};

static const struct row rows[] = {
	/*                                           dead   none   leader reboot closed */
	{"open, alive", false, false, true, false, NULL, true, false},
	{"open, killed, processes live", false, false, false, false, NULL, true, false},
	{"closed, processes live", false, false, false, false, "logout", true, false},
	{"open, no process", true, false, false, false, NULL, false, true},
	{"closed, no process", true, false, false, false, "logout", false, false},
	{"no audit session: open, leader lives", false, true, true, false, NULL, true, false},
	{"no audit session: closed, leader lives", false, true, true, false, "logout", true, false},
	{"no audit session: open, leader is dead", false, true, false, false, NULL, false, true},
	{"no audit session: closed, leader dead", false, true, false, false, "logout", false,
	 false},
	{"of an earlier boot, open", false, false, true, true, NULL, false, true},
	{"of an earlier boot, closed", false, false, true, true, "logout", false, false},
};

static struct writ_session_record make(const struct row *row, uint32_t alive)
{
	struct writ_session_record record = world_record();

	record.audit_session = row->none   ? WRIT_AUDIT_SESSION_NONE
			       : row->dead ? DEAD_AUDIT_SESSION
					   : alive;
	if (!row->leader)
		record.leader.start += 12345;
	if (row->rebooted)
		record.boot[0] = record.boot[0] == '0' ? '1' : '0';
	record.closed = row->closed;
	return record;
}

static void check_row(struct table *t, const struct row *row, uint32_t alive)
{
	struct writ_session_record record = make(row, alive);
	struct writ_sessions_cleared counts;
	struct writ_error err = {0};
	const char *path;
	char lost[128];

	world_reset();
	path = world_path(world_add(&record));
	table_int(t, row->name, "result", writ_sessions_clear(WORLD_FOLDER, &counts, &err), 0);
	table_int(t, row->name, "kept", is_there(path), row->kept);
	table_int(t, row->name, "counted as lost", (int64_t)counts.lost, row->lost);
	table_int(t, row->name, "counted as cleared", (int64_t)counts.cleared, !row->kept);
	snprintf(lost, sizeof(lost),
		 "\"session\":\"%s\",\"user\":\"ai-worker\",\"uid\":%d,"
		 "\"service\":\"sshd\",\"closed\":\"lost\",\"seconds\":null}",
		 record.id, WORLD_UID);
	table_int(t, row->name, "events", count_events(lost), row->lost);
	table_int(t, row->name, "second result", writ_sessions_clear(WORLD_FOLDER, &counts, &err),
		  0);
	table_int(t, row->name, "events after a second run", count_events(lost), row->lost);
}

static void run_rows(void *data, char text[CHILD_TEXT])
{
	struct table *t = data;
	uint32_t alive = child_new_audit_session();

	if (alive == UINT32_MAX) {
		strcpy(text, "skip");
		return;
	}
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		check_row(t, &rows[i], alive);
	snprintf(text, CHILD_TEXT, "%u of %u checks failed", t->failed, t->checks);
}

static void test_rows(void **state)
{
	struct table t = {0};
	char text[CHILD_TEXT];

	(void)state;
	child_run(run_rows, &t, text);
	if (strcmp(text, "skip") == 0)
		skip();
	assert_memory_equal(text, "0 of ", 5);
}

/* su in a loop: the closed records of one audit session go, but for two, by which it is known as
 * shared. */
static void run_shared(void *data, char text[CHILD_TEXT])
{
	struct writ_sessions_cleared counts;
	struct writ_session_record record;
	struct writ_error err = {0};

	(void)data;
	if (child_new_audit_session() == UINT32_MAX) {
		strcpy(text, "skip");
		return;
	}
	for (int i = 0; i < 10; i++) {
		record = world_record();
		if (i < 8)
			record.leader.start += 12345u + (unsigned)i;
		if (i != 8)
			record.closed = "logout";
		world_add(&record);
	}
	if (writ_sessions_clear(WORLD_FOLDER, &counts, &err) < 0)
		snprintf(text, CHILD_TEXT, "%s", err.message);
	else
		snprintf(text, CHILD_TEXT, "%zu kept, %zu cleared, %zu lost", counts.kept,
			 counts.cleared, counts.lost);
}

static void test_shared(void **state)
{
	char text[CHILD_TEXT];

	(void)state;
	world_reset();
	child_run(run_shared, NULL, text);
	if (strcmp(text, "skip") == 0)
		skip();
	assert_string_equal(text, "2 kept, 8 cleared, 0 lost");
}

static void put(const char *name, const char *text, time_t age)
{
	const struct timespec times[2] = {{.tv_nsec = UTIME_OMIT}, {.tv_sec = time(NULL) - age}};
	auto_close int fd = open(world_path(name), O_CREAT | O_WRONLY | O_CLOEXEC, 0600);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	assert_int_equal(futimens(fd, times), 0);
}

static void test_other_files(void **state)
{
	static const char old[] = ".20261121T224009Z-4f2a9c1d.new",
			  young[] = ".20261121T224010Z-4f2a9c1d.new",
			  broken[] = "20261121T224011Z-4f2a9c1d.json", other[] = "readme";
	struct writ_session_record record = world_record();
	struct writ_sessions_cleared counts;
	struct writ_error err = {0};
	char orphan[128];

	(void)state;
	world_reset();
	world_add(&record);
	snprintf(orphan, sizeof(orphan), ".index/77.%d", WORLD_UID);
	assert_int_equal(mkdir(world_path(orphan), 0700), 0);
	snprintf(orphan, sizeof(orphan), ".index/77.%d/20261121T224009Z-4f2a9c1d.99999.1",
		 WORLD_UID);
	put(orphan, "", 0);
	put(old, "{", 3600);
	put(young, "{", 0);
	put(broken, "{\"session\":", 0);
	put(other, "not ours", 3600);
	assert_int_equal(writ_sessions_clear(WORLD_FOLDER, &counts, &err), 0);
	assert_false(is_there(world_path(old)));
	assert_true(is_there(world_path(young)));
	assert_false(is_there(world_path(broken)));
	assert_int_equal(counts.broken, 1);
	assert_true(is_there(world_path(other)));
	assert_false(is_there(world_path(orphan)));
	*strrchr(orphan, '/') = '\0';
	assert_false(is_there(world_path(orphan)));
}

static void test_two_at_once(void **state)
{
	struct writ_session_record record = world_record();
	struct writ_sessions_cleared counts;
	struct writ_error err = {0};
	int fd;

	(void)state;
	world_reset();
	record.audit_session = DEAD_AUDIT_SESSION;
	world_add(&record);
	fd = open(WORLD_FOLDER, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	assert_int_equal(flock(fd, LOCK_EX), 0);
	assert_int_equal(writ_sessions_clear(WORLD_FOLDER, &counts, &err), 0);
	assert_int_equal(counts.cleared, 0);
	close(fd);
	assert_int_equal(writ_sessions_clear(WORLD_FOLDER, &counts, &err), 0);
	assert_int_equal(counts.cleared, 1);
	world_reset();
	assert_int_equal(writ_sessions_clear(WORLD_FOLDER, &counts, &err), 0);
}

/* The event cannot be written: the record stays for another time. */
static void test_no_event(void **state)
{
	struct writ_session_record record = world_record();
	struct writ_sessions_cleared counts;
	struct writ_error err = {0};
	const char *path;

	(void)state;
	world_reset();
	record.audit_session = DEAD_AUDIT_SESSION;
	path = world_path(world_add(&record));
	assert_int_equal(rename(EVENTS, EVENTS ".aside"), 0);
	assert_int_equal(mkdir(EVENTS, 0700), 0);
	assert_int_equal(writ_sessions_clear(WORLD_FOLDER, &counts, &err), -1);
	assert_true(is_there(path));
	assert_int_equal(rmdir(EVENTS), 0);
	assert_int_equal(rename(EVENTS ".aside", EVENTS), 0);
	assert_int_equal(writ_sessions_clear(WORLD_FOLDER, &counts, &err), 0);
	assert_false(is_there(path));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),        cmocka_unit_test(test_shared),
		cmocka_unit_test(test_other_files), cmocka_unit_test(test_two_at_once),
		cmocka_unit_test(test_no_event),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
