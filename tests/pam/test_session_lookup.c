/* SPDX-License-Identifier: ISC */
/*
 * Which session is a process in? Told by audit session and ancestors; a record that is forged,
 * stale, foreign or half-written is never believed. Runs where /run is the test's own (pam.sh).
 */
#include "../unit/table.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "child.h"
#include "world.h"

/* A case: a child with a new audit session makes one record for itself, and asks. */
struct row {
	const char *name;
	void (*before)(struct writ_session_record *record); /* changes what is recorded */
	void (*after)(const char *file);                    /* changes what lies there */
	const char *wanted; /* why it is untagged; NULL: it is tagged */
};

static void other_boot(struct writ_session_record *record)
{
	record->boot[0] = record->boot[0] == '0' ? '1' : '0';
}

static void other_uid(struct writ_session_record *record)
{
	record->uid++;
}

static void other_audit_session(struct writ_session_record *record)
{
	record->audit_session++;
}

static void dead_leader(struct writ_session_record *record)
{
	record->leader.start++;
}

static void closed(struct writ_session_record *record)
{
	record->closed = "logout";
}

static void certificate(struct writ_session_record *record)
{
	record->key.key_id = "agent \"7\"\nof\x1b[31m many \xff";
	record->key.serial = "18446744073709551615";
}

static void all_null(struct writ_session_record *record)
{
	record->tty = record->from = NULL;
	record->key = (struct writ_session_key) {0};
}

static void opened_by(struct writ_session_record *record)
{
	record->by.user = "carol";
	record->by.uid = 1;
}

/* Replaces a part of the file by another of the same length. */
static void edit(const char *file, const char *from, const char *to)
{
	char text[4096] = "", *at;
	int fd = open(world_path(file), O_RDWR);
	ssize_t n = read(fd, text, sizeof(text) - 1);

	at = strstr(text, from);
	if (n <= 0 || !at || strlen(from) != strlen(to))
		abort();
	memcpy(at, to, strlen(to));
	if (pwrite(fd, text, (size_t)n, 0) != n)
		abort();
	close(fd);
}

static void edited_uid(const char *file)
{
	edit(file, "\"uid\":59001", "\"uid\":59002");
}

static void edited_key(const char *file)
{
	edit(file, "\"tty\":", "\"tyy\":");
}

static void doubled_key(const char *file)
{
	edit(file, "\"host\":", "\"user\":");
}

static void renamed(const char *file)
{
	char other[64];

	strcpy(other, file);
	other[0] = '3';
	if (rename(world_path(file), world_path(other)) != 0)
		abort();
	/* and back under the name that the index has, with the text of another */
	if (link(world_path(other), world_path(file)) != 0 || unlink(world_path(other)) != 0)
		abort();
	edit(file, "\"session\":\"2", "\"session\":\"3");
}

static void emptied(const char *file)
{
	if (truncate(world_path(file), 0) != 0)
		abort();
}

static void appended(const char *file)
{
	int fd = open(world_path(file), O_WRONLY | O_APPEND);

	if (write(fd, "{}", 2) != 2)
		abort();
	close(fd);
}

static void enlarged(const char *file)
{
	char blank[4096];
	int fd = open(world_path(file), O_WRONLY | O_APPEND);

	memset(blank, ' ', sizeof(blank));
	for (int i = 0; i < 256; i++)
		if (write(fd, blank, sizeof(blank)) != sizeof(blank))
			abort();
	close(fd);
}

static void readable(const char *file)
{
	if (chmod(world_path(file), 0644) != 0)
		abort();
}

static void writable(const char *file)
{
	if (chmod(world_path(file), 0620) != 0)
		abort();
}

static void linked(const char *file)
{
	if (link(world_path(file), world_path("another-name")) != 0)
		abort();
}

static void linked_symbolically(const char *file)
{
	if (rename(world_path(file), world_path("elsewhere")) != 0 ||
	    symlink("elsewhere", world_path(file)) != 0)
		abort();
}

static void a_fifo(const char *file)
{
	if (unlink(world_path(file)) != 0 || mkfifo(world_path(file), 0600) != 0)
		abort();
}

static void a_folder(const char *file)
{
	if (unlink(world_path(file)) != 0 || mkdir(world_path(file), 0700) != 0)
		abort();
}

static void removed(const char *file)
{
	if (unlink(world_path(file)) != 0)
		abort();
}

static void folder_writable(const char *file)
{
	(void)file;
	if (chmod(WORLD_FOLDER, 0777) != 0)
		abort();
}

static void folder_above_writable(const char *file)
{
	(void)file;
	if (chmod(WORLD_FOLDER "/..", 0775) != 0)
		abort();
}

static void index_writable(const char *file)
{
	(void)file;
	if (chmod(world_path(".index"), 0722) != 0)
		abort();
}

static void folder_linked(const char *file)
{
	(void)file;
	if (rename(WORLD_FOLDER, "/run/sessions-of-test/moved") != 0 ||
	    symlink("moved", WORLD_FOLDER) != 0)
		abort();
}

static void odd_index_name(const char *file)
{
	char path[256];

	(void)file;
	snprintf(path, sizeof(path), "%s/.index/%u.%d/odd", WORLD_FOLDER, child_audit_session(),
		 WORLD_UID);
	if (mkdir(path, 0700) != 0)
		abort();
}

static const struct row rows[] = {
	{"as it is made", NULL, NULL, NULL},
	{"closed: processes live on", closed, NULL, NULL},
	{"its leader has ended", dead_leader, NULL, NULL},
	{"of a certificate with an odd key id", certificate, NULL, NULL},
	{"without terminal, address and key", all_null, NULL, NULL},
	{"opened by another", opened_by, NULL, NULL},
	{"of an earlier boot", other_boot, NULL, "earlier boot"},
	{"of another user", other_uid, NULL, "no session was recorded"},
	{"of another audit session", other_audit_session, NULL, "no session was recorded"},
	{"its uid is edited", NULL, edited_uid, "does not fit its place"},
	{"a key is misspelt", NULL, edited_key, "unknown key 'tyy'"},
	{"a key is there twice", NULL, doubled_key, "user"},
	{"of another session", NULL, renamed, "another session"},
	{"empty", NULL, emptied, "is empty"},
	{"with something behind it", NULL, appended, "garbage"},
	{"too large", NULL, enlarged, "larger than a record"},
	{"readable by others", NULL, readable, "not a regular file of root's alone"},
	{"writable by its group", NULL, writable, "not a regular file of root's alone"},
	{"with a second name", NULL, linked, "not a regular file of root's alone"},
	{"a symbolic link", NULL, linked_symbolically, "symbolic link"},
	{"a FIFO", NULL, a_fifo, "not a regular file of root's alone"},
	{"a folder", NULL, a_folder, "not a regular file of root's alone"},
	{"missing", NULL, removed, "No such file"},
	{"in a folder that all may write", NULL, folder_writable, "not root's alone"},
	{"below a folder that a group may write", NULL, folder_above_writable, "not root's alone"},
	{"with an index that others may write", NULL, index_writable, "not root's alone"},
	{"in a folder behind a link", NULL, folder_linked, "Not a directory"},
	{"with an odd name beside it in the index", NULL, odd_index_name, "odd name"},
};

static void run_row(void *data, char text[CHILD_TEXT])
{
	const struct row *row = data;
	struct writ_session_record record;
	const char *file;

	if (child_new_audit_session() == UINT32_MAX) {
		strcpy(text, "skip");
		return;
	}
	record = world_record();
	if (row->before)
		row->before(&record);
	file = world_add(&record);
	if (row->after)
		row->after(file);
	world_find(text, CHILD_TEXT);
	if (strcmp(text, record.id) == 0)
		strcpy(text, "tagged");
}

static void test_belief(void **state)
{
	struct table t = {0};
	char text[CHILD_TEXT];

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		world_reset();
		child_run(run_row, (void *)&rows[i], text);
		if (strcmp(text, "skip") == 0)
			skip();
		if (rows[i].wanted) {
			table_contains(&t, rows[i].name, "result", text, "untagged: ");
			table_contains(&t, rows[i].name, "reason", text, rows[i].wanted);
		} else {
			table_string(&t, rows[i].name, "result", text, "tagged");
		}
	}
	table_done(&t);
}

/* A record that was written in part: of no length but its own is it believed. */
static void run_half_written(void *data, char text[CHILD_TEXT])
{
	struct writ_session_record record;
	struct stat st;
	const char *file;
	char whole[4096];
	int fd;

	(void)data;
	if (child_new_audit_session() == UINT32_MAX) {
		strcpy(text, "skip");
		return;
	}
	record = world_record();
	file = world_add(&record);
	fd = open(world_path(file), O_RDWR);
	if (fd < 0 || fstat(fd, &st) != 0 || pread(fd, whole, sizeof(whole), 0) != st.st_size)
		return;
	for (off_t n = 0; n < st.st_size; n++) {
		if (ftruncate(fd, 0) != 0 || pwrite(fd, whole, (size_t)n, 0) != n)
			return;
		world_find(text, CHILD_TEXT);
		if (strncmp(text, "untagged: ", 10) != 0)
			return;
	}
	if (pwrite(fd, whole, (size_t)st.st_size, 0) != st.st_size)
		return;
	world_find(text, CHILD_TEXT);
	close(fd);
	if (strcmp(text, record.id) == 0)
		strcpy(text, "only whole");
}

static void test_half_written(void **state)
{
	char text[CHILD_TEXT];

	(void)state;
	world_reset();
	child_run(run_half_written, NULL, text);
	if (strcmp(text, "skip") == 0)
		skip();
	assert_string_equal(text, "only whole");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_belief),
		cmocka_unit_test(test_half_written),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
