/* SPDX-License-Identifier: ISC */
/*
 * Sessions that share an audit session, or have none: then the nearest leader among the ancestors
 * decides. Each case is a small tree of processes; the one that asks is a child, or an orphan, of
 * the test's.
 */
#include "../unit/table.h"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "child.h"
#include "error.h"
#include "world.h"

/* Ids as a test names them. */
static struct {
	char name[8], id[WRIT_SESSION_ID_SIZE];
} known[8];
static size_t n_known;

static void add(const char *name, const struct writ_session_record *like,
		const struct writ_process *leader)
{
	struct writ_session_record record = *like;
	struct writ_error err;

	if (writ_session_record_init(&record, &err) < 0)
		abort();
	record.leader = *leader;
	world_add(&record);
	strcpy(known[n_known].name, name);
	strcpy(known[n_known++].id, record.id);
}

static struct writ_process process_of(pid_t pid)
{
	struct writ_process ret;
	struct writ_error err;
	int proc = writ_proc_open(&err);

	if (writ_process_read(proc, pid, &ret, &err) < 0)
		abort();
	close(proc);
	return ret;
}

/* Asks, and answers by the name that the test gave. */
static void ask(void *data, char text[CHILD_TEXT])
{
	(void)data;
	world_find(text, CHILD_TEXT);
	for (size_t i = 0; i < n_known; i++)
		if (strcmp(text, known[i].id) == 0)
			strcpy(text, known[i].name);
}

static void ask_in_new_audit_session(void *data, char text[CHILD_TEXT])
{
	if (child_new_audit_session() == UINT32_MAX)
		strcpy(text, "skip");
	else
		ask(data, text);
}

static struct writ_process nobody(void)
{
	struct writ_process process = process_of(getpid());

	process.start += 12345;
	return process;
}

/* A tree: this process is the grandparent of who asks; add what is recorded before. */
struct tree {
	const char *name;
	bool audit_session;  /* it has one */
	const char *records; /* one letter a record, by its leader: g(rand)parent, p(arent), o(ther
				living process), d(ead), s(ibling of another uid); of an earlier
				boot: e(nded), c(oincides with the parent) */
	const char *child, *orphan; /* what each finds: the record's number, or "untagged" */
};

static const struct tree trees[] = {
	{"no record", true, "", "untagged", "untagged"},
	{"one, of an ancestor", true, "g", "1", "1"},
	{"one, of a process that has ended", true, "d", "1", "1"},
	{"two: the nearer leader decides", true, "gp", "2", "untagged"},
	{"two, the other way round", true, "pg", "1", "untagged"},
	{"two, one of them led by no ancestor", true, "og", "2", "untagged"},
	{"two, none of them led by an ancestor", true, "od", "untagged", "untagged"},
	{"two with one leader", true, "pp", "untagged", "untagged"},
	{"two with one leader, and one with a farther one", true, "ppg", "untagged", "untagged"},
	{"two with one leader, and one with a nearer one", true, "ggp", "3", "untagged"},
	{"one, and one of another user", true, "gs", "1", "1"},
	{"one of an earlier boot", true, "e", "untagged", "untagged"},
	{"one, and one of an earlier boot", true, "eg", "2", "2"},
	{"one, and one of an earlier boot whose leader's pid and start are used again", true, "gc",
	 "1", "1"},
	{"two, and two of an earlier boot", true, "ecgp", "4", "untagged"},
	{"two of an earlier boot", true, "ec", "untagged", "untagged"},
	{"no audit session: no record", false, "", "untagged", "untagged"},
	{"no audit session: one", false, "g", "1", "untagged"},
	{"no audit session: the nearer leader", false, "gp", "2", "untagged"},
	{"no audit session: the other way round", false, "pg", "1", "untagged"},
	{"no audit session: of no ancestor", false, "od", "untagged", "untagged"},
	{"no audit session: two with one leader", false, "ppg", "untagged", "untagged"},
	{"no audit session: of another user", false, "sg", "2", "untagged"},
};

static void fill(const struct tree *tree, pid_t other)
{
	struct writ_session_record like = world_record();
	char name[2] = "0", boot[WRIT_BOOT_ID_SIZE];

	strcpy(boot, like.boot);
	n_known = 0;
	for (const char *c = tree->records; *c; c++) {
		struct writ_process leader = *c == 'g'                ? process_of(getppid())
					     : *c == 'o'              ? process_of(other)
					     : *c == 'd' || *c == 'e' ? nobody()
								      : process_of(getpid());

		strcpy(like.boot, boot);
		if (*c == 'e' || *c == 'c')
			like.boot[0] = boot[0] == '0' ? '1' : '0';
		like.uid = *c == 's' ? WORLD_UID + 1 : WORLD_UID;
		name[0]++;
		add(name, &like, &leader);
	}
}

struct asked {
	const struct tree *tree;
	bool orphan;
	pid_t other;
};

/* Runs as the parent: records, and then its child or an orphan asks. */
static void run_tree(void *data, char text[CHILD_TEXT])
{
	const struct asked *asked = data;

	if (asked->tree->audit_session ? child_new_audit_session() == UINT32_MAX
				       : child_audit_session() != UINT32_MAX) {
		strcpy(text, "skip");
		return;
	}
	fill(asked->tree, asked->other);
	if (asked->orphan)
		child_run_orphan(ask, NULL, text);
	else
		child_run(ask, NULL, text);
}

static void check_tree(struct table *t, const struct tree *tree, bool orphan, const char *wanted)
{
	struct asked asked = {tree, orphan, child_start(0)};
	char text[CHILD_TEXT];

	world_reset();
	child_run(run_tree, &asked, text);
	child_end(asked.other);
	if (strcmp(text, "skip") == 0)
		skip();
	if (strcmp(wanted, "untagged") == 0)
		text[strlen("untagged")] = '\0';
	table_string(t, tree->name, orphan ? "orphan" : "child", text, wanted);
}

static void test_trees(void **state)
{
	struct table t = {0};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(trees); i++) {
		check_tree(&t, &trees[i], false, trees[i].child);
		check_tree(&t, &trees[i], true, trees[i].orphan);
	}
	table_done(&t);
}

/* systemd opens a session in the process that becomes the command: its leader is who asks. */
static void lead_and_ask(void *data, char text[CHILD_TEXT])
{
	struct writ_session_record like = world_record();
	struct writ_process self = process_of(getpid());

	(void)data;
	add("own", &like, &self);
	ask(NULL, text);
}

static void run_own_leader(void *data, char text[CHILD_TEXT])
{
	static const struct tree kinds[] = {{"", true, "gp", "", ""}, {"", false, "p", "", ""}};
	const struct tree *tree = &kinds[data != NULL];

	if (tree->audit_session ? child_new_audit_session() == UINT32_MAX
				: child_audit_session() != UINT32_MAX) {
		strcpy(text, "skip");
		return;
	}
	fill(tree, 0);
	child_run(lead_and_ask, NULL, text);
}

static void test_own_leader(void **state)
{
	char text[CHILD_TEXT];

	(void)state;
	for (int none = 0; none < 2; none++) {
		world_reset();
		child_run(run_own_leader, none ? text : NULL, text);
		if (strcmp(text, "skip") == 0)
			skip();
		assert_string_equal(text, "own");
	}
}

/* A session without an audit session: whoever gives itself one, as any process may once, stays what
 * it is; and whoever is in no such session gets none. */
static void run_gets_audit_session(void *data, char text[CHILD_TEXT])
{
	static const struct tree tree = {"", false, "g", "", ""};

	if (child_audit_session() != UINT32_MAX) {
		strcpy(text, "skip");
		return;
	}
	fill(&tree, 0);
	if (data)
		child_run_orphan(ask_in_new_audit_session, NULL, text);
	else
		child_run(ask_in_new_audit_session, NULL, text);
}

static void test_gets_audit_session(void **state)
{
	char text[CHILD_TEXT];

	(void)state;
	world_reset();
	child_run(run_gets_audit_session, NULL, text);
	if (strcmp(text, "skip") == 0)
		skip();
	assert_string_equal(text, "1");
	world_reset();
	child_run(run_gets_audit_session, text, text);
	assert_memory_equal(text, "untagged", 8);
}

/* The name of a program is its user's to choose, and stands in the middle of a line of numbers. */
static void run_odd_name(void *data, char text[CHILD_TEXT])
{
	struct writ_process process;

	(void)data;
	prctl(PR_SET_NAME, ") S 1 1\n(a b) ");
	process = process_of(getpid());
	snprintf(text, CHILD_TEXT, "%s",
		 process.pid == getpid() && process.parent == getppid() ? "as it is" : "misread");
}

static void test_odd_name(void **state)
{
	char text[CHILD_TEXT];

	(void)state;
	child_run(run_odd_name, NULL, text);
	assert_string_equal(text, "as it is");
}

static void test_ancestors(void **state)
{
	struct writ_process list[WRIT_ANCESTORS_MAX];
	struct writ_error err;
	int proc = writ_proc_open(&err);
	size_t n = 0;

	(void)state;
	assert_int_equal(writ_process_ancestors(proc, list, &n, &err), 0);
	assert_true(n >= 1);
	assert_int_equal(list[0].pid, getppid());
	for (size_t i = 0; i < n; i++)
		assert_int_equal(list[i].parent, i + 1 < n ? list[i + 1].pid : 0);
	close(proc);
}

/* A /proc as a kernel without audit has it: there is the process, and no audit session or login
 * uid. */
static void test_no_audit(void **state)
{
	uint32_t session = 0;
	uid_t uid = 0;
	int proc, fd;

	(void)state;
	mkdir("/run/proc", 0700);
	mkdir("/run/proc/self", 0700);
	fd = open("/run/proc/self/stat", O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
	assert_int_equal(write(fd, "1 (x) S", 7), 7);
	close(fd);
	proc = open("/run/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	assert_int_equal(writ_process_audit_session(proc, 0, &session, NULL), 0);
	assert_int_equal(session, WRIT_AUDIT_SESSION_NONE);
	assert_int_equal(writ_process_login_uid(proc, 0, &uid, NULL), 0);
	assert_int_equal(uid, (uid_t)-1);
	/* A process that is not there is another matter. */
	assert_int_equal(writ_process_audit_session(proc, 4711, &session, NULL), -1);
	close(proc);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_trees),
		cmocka_unit_test(test_own_leader),
		cmocka_unit_test(test_gets_audit_session),
		cmocka_unit_test(test_odd_name),
		cmocka_unit_test(test_ancestors),
		cmocka_unit_test(test_no_audit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
