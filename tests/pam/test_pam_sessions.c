/* SPDX-License-Identifier: ISC */
/* test_pam_sessions MODULE: what becomes of a session, by arguments, user, service and state of the
 * folders. */
#include "../unit/table.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "child.h"
#include "cleanup.h"
#include "service.h"

#define FINGERPRINT "SHA256:iDEfLkkAy0FxOAtJdUaxrEcJFvUklOTgO6KqSmhFXms"

/* The text of the only record, or how many there are. */
static const char *only_record(void)
{
	auto_closedir DIR *dir = opendir(WRIT_SESSION_DIR);
	static char path[512];
	const struct dirent *item;
	unsigned n = 0;

	while (dir && (item = readdir(dir)))
		if (*item->d_name != '.' && ++n)
			snprintf(path, sizeof(path), "%s/%s", WRIT_SESSION_DIR, item->d_name);
	return n == 1 ? slurp(path) : n ? "several records" : "no record";
}

struct row {
	const char *name;
	const char *service;   /* NULL: "sshd" */
	const char *user;      /* NULL: "ai-worker" */
	const char *arguments; /* of the module's line */
	const char *second;    /* of a second line, or NULL */
	void (*before)(void);  /* changes the world */
	int open;              /* what PAM is to answer */
	bool recorded;         /* there is one record and one event at least */
	const char *message;   /* in the system log, or NULL */
	const char *record;    /* in the record, or NULL */
	const char *tty, *rhost, *ruser, *key, *connection; /* what the application sets */
	bool silent;
};

static void no_folders(void)
{
	empty("/run/writ");
}

static void run_is_a_file(void)
{
	close(open(WRIT_RUN_DIR, O_CREAT | O_WRONLY | O_CLOEXEC, 0600));
}

static void foreign_folder(void)
{
	mkdir(WRIT_RUN_DIR, 0711);
	mkdir(WRIT_SESSION_DIR, 0711);
	chmod(WRIT_SESSION_DIR, 0777);
}

static void no_event_log(void)
{
	mkdir(WRIT_EVENT_DIR, 0750);
	mkdir(EVENTS, 0700);
}

#define REFUSED PAM_SESSION_ERR
#define FINE PAM_SUCCESS

static const struct row rows[] = {
	{.name = "a subject",
	 .arguments = SUBJECTS,
	 .recorded = true,
	 .message = "opened for ai-worker"},
	{.name = "a subject by its group", .arguments = "subjects=%ai-worker", .recorded = true},
	{.name = "a subject among others",
	 .arguments = "subjects=x,%y,,ai-worker",
	 .recorded = true},
	{.name = "no subject", .user = "carol", .arguments = SUBJECTS},
	{.name = "no subject, all", .user = "carol", .arguments = "all", .recorded = true},
	{.name = "root", .user = "root", .arguments = "subjects=root,%root"},
	{.name = "root, all", .user = "root", .arguments = "all", .recorded = true},
	{.name = "nobody is named", .arguments = "", .message = "no subjects are named"},
	{.name = "an empty list", .arguments = "subjects=", .message = NULL},
	{.name = "no such account", .user = "nosuch", .arguments = SUBJECTS},
	{.name = "a subject without an account",
	 .user = "ghost",
	 .arguments = "subjects=ghost",
	 .open = REFUSED,
	 .message = "no such account"},
	{.name = "debug",
	 .user = "carol",
	 .arguments = SUBJECTS " debug",
	 .message = "is no subject"},

	{.name = "an unknown argument, a subject",
	 .arguments = SUBJECTS " subject=x",
	 .open = REFUSED,
	 .message = "argument 'subject=x': there is no such argument"},
	{.name = "an unknown argument, no subject",
	 .user = "carol",
	 .arguments = SUBJECTS " debugg",
	 .message = "argument 'debugg': there is no such argument"},
	{.name = "an unknown argument, root", .user = "root", .arguments = SUBJECTS " debugg"},
	{.name = "an unknown argument, all, no subject",
	 .user = "carol",
	 .arguments = SUBJECTS " all debugg",
	 .recorded = true},
	{.name = "the subjects misspelt",
	 .arguments = "subject=ai-worker",
	 .message = "no such argument"},
	{.name = "a flag with a value",
	 .arguments = SUBJECTS " debug=1",
	 .open = REFUSED,
	 .message = "takes no value"},
	{.name = "an argument twice",
	 .arguments = SUBJECTS " " SUBJECTS,
	 .open = REFUSED,
	 .message = "given twice"},
	{.name = "no absolute path",
	 .arguments = SUBJECTS " dir=run",
	 .open = REFUSED,
	 .message = "an absolute path is needed"},
	{.name = "another folder",
	 .arguments = SUBJECTS " dir=/run/elsewhere",
	 .message = "opened"},
	{.name = "twice in one stack", .arguments = SUBJECTS, .second = SUBJECTS, .recorded = true},
	{.name = "twice, for one of them",
	 .arguments = "subjects=carol",
	 .second = SUBJECTS,
	 .recorded = true},

	{.name = "no folders yet", .arguments = SUBJECTS, .before = no_folders, .recorded = true},
	{.name = "no folder can be made, a subject",
	 .arguments = SUBJECTS,
	 .before = run_is_a_file,
	 .open = REFUSED,
	 .message = "Not a directory"},
	{.name = "no folder can be made, no subject",
	 .user = "carol",
	 .arguments = SUBJECTS,
	 .before = run_is_a_file},
	{.name = "no folder can be made, no subject, all",
	 .user = "carol",
	 .arguments = "all",
	 .before = run_is_a_file,
	 .message = "and not refused, since this is no subject"},
	{.name = "a folder that all may write",
	 .arguments = SUBJECTS,
	 .before = foreign_folder,
	 .open = REFUSED,
	 .message = "not root's alone to write"},
	{.name = "no event can be written",
	 .arguments = SUBJECTS,
	 .before = no_event_log,
	 .open = REFUSED,
	 .message = "not recorded"},
	{.name = "no event, all", .user = "carol", .arguments = "all", .before = no_event_log},
	{.name = "refused in silence", .arguments = SUBJECTS " x", .open = REFUSED, .silent = true},

	{.name = "sshd: the key",
	 .arguments = SUBJECTS,
	 .key = KEY,
	 .recorded = true,
	 .record = "\"key\":{\"type\":\"ssh-ed25519\",\"fingerprint\":\"" FINGERPRINT "\"}"},
	{.name = "sshd: the key among other methods",
	 .arguments = SUBJECTS,
	 .recorded = true,
	 .key = "keyboard-interactive/pam\n" KEY "\npassword",
	 .record = FINGERPRINT},
	{.name = "sshd: a password",
	 .arguments = SUBJECTS,
	 .key = "password",
	 .recorded = true,
	 .record = "\"key\":null"},
	{.name = "sshd: the key of a host",
	 .arguments = SUBJECTS,
	 .recorded = true,
	 .key = "hostbased ssh-ed25519 "
		"AAAAC3NzaC1lZDI1NTE5AAAAIGC9q1LLTfnwWSN1iHSINS46GwxLzgrsN/28nx0Jeahs",
	 .record = "\"key\":null"},
	{.name = "sshd: no key at all",
	 .arguments = SUBJECTS,
	 .key = "publickey nonsense",
	 .recorded = true,
	 .record = "\"key\":null",
	 .message = "key of this login is not recorded"},
	{.name = "sshd: the address",
	 .arguments = SUBJECTS,
	 .recorded = true,
	 .rhost = "evil.example",
	 .connection = "10.0.0.7 53012 10.0.0.1 22",
	 .record = "\"from\":\"10.0.0.7\""},
	{.name = "sshd: the address that PAM has",
	 .arguments = SUBJECTS,
	 .recorded = true,
	 .rhost = "10.0.0.8",
	 .connection = "10.9.9.9 53012 10.0.0.1 22",
	 .record = "\"from\":\"10.0.0.8\""},
	{.name = "sshd: an IPv6 address",
	 .arguments = SUBJECTS,
	 .recorded = true,
	 .connection = "2001:db8::7 53012 2001:db8::1 22",
	 .record = "\"from\":\"2001:db8::7\""},
	{.name = "sshd: nobody else opens it",
	 .arguments = SUBJECTS,
	 .recorded = true,
	 .ruser = "carol",
	 .record = "\"by\":null"},
	{.name = "another service: no key",
	 .service = "su",
	 .arguments = SUBJECTS,
	 .recorded = true,
	 .key = KEY,
	 .connection = "10.0.0.7 1 10.0.0.1 22",
	 .record = "\"tty\":null,\"from\":null,\"key\":null"},
	{.name = "a remote login",
	 .service = "login",
	 .arguments = SUBJECTS,
	 .recorded = true,
	 .tty = "/dev/tty1",
	 .rhost = "10.1.2.3",
	 .record = "\"tty\":\"/dev/tty1\",\"from\":\"10.1.2.3\""},
	{.name = "opened by another",
	 .service = "su",
	 .arguments = SUBJECTS,
	 .recorded = true,
	 .ruser = "carol",
	 .record = "\"by\":{\"user\":\"carol\",\"uid\":59002}"},
	{.name = "opened by nobody there is",
	 .service = "su",
	 .arguments = SUBJECTS,
	 .recorded = true,
	 .ruser = "nosuch",
	 .record = "\"by\":null"},
	{.name = "said to be opened by another, from afar",
	 .service = "rlogin",
	 .arguments = SUBJECTS,
	 .recorded = true,
	 .ruser = "carol",
	 .rhost = "10.1.2.3",
	 .record = "\"by\":null"},
	{.name = "control characters",
	 .service = "login",
	 .arguments = SUBJECTS,
	 .recorded = true,
	 .tty = "tty\x1b[2J\n",
	 .record = "\"tty\":\"tty\\u001b[2J\\n\"",
	 .message = "'tty"},
};

static void set_items(pam_handle_t *pamh, const struct row *row)
{
	const struct {
		int item;
		const char *value;
	} items[] = {{PAM_TTY, row->tty}, {PAM_RHOST, row->rhost}, {PAM_RUSER, row->ruser}};
	char variable[1024];

	for (size_t i = 0; i < ARRAY_SIZE(items); i++)
		if (items[i].value)
			pam_set_item(pamh, items[i].item, items[i].value);
	if (row->key) {
		snprintf(variable, sizeof(variable), "SSH_AUTH_INFO_0=%s", row->key);
		pam_putenv(pamh, variable);
	}
	if (row->connection) {
		snprintf(variable, sizeof(variable), "SSH_CONNECTION=%s", row->connection);
		pam_putenv(pamh, variable);
	}
}

/* Opens and closes a session, and tells what came of it. */
static void run_row(void *data, char text[CHILD_TEXT])
{
	const struct row *row = data;
	const char *service = row->service ? row->service : "sshd", *id;
	unsigned n_told = 0;
	const struct pam_conv conv = {converse, &n_told};
	int opened, closed, flags = row->silent ? PAM_SILENT : 0;
	pam_handle_t *pamh;

	if (freopen(MESSAGES, "w", stderr) == NULL)
		return;
	if (pam_start(service, row->user ? row->user : "ai-worker", &conv, &pamh) != PAM_SUCCESS)
		return;
	set_items(pamh, row);
	opened = pam_open_session(pamh, flags);
	id = pam_getenv(pamh, "WRIT_SESSION");
	closed = pam_close_session(pamh, flags);
	snprintf(text, CHILD_TEXT, "open=%d close=%d told=%u id=%.200s", opened, closed, n_told,
		 id ? id : "none");
	pam_end(pamh, opened);
	fflush(stderr);
}

static void check_row(struct table *t, const struct row *row)
{
	char text[CHILD_TEXT], want[128], open_event[128];
	const char *id;

	empty(WRIT_RUN_DIR);
	empty(WRIT_EVENT_DIR);
	write_service(row->service ? row->service : "sshd", row->arguments, row->second);
	if (row->before)
		row->before();
	child_run(run_row, (void *)row, text);
	/* Whoever refused to open a session is not asked to close it. */
	snprintf(want, sizeof(want), "open=%d close=%d told=%d id=", row->open,
		 row->open == FINE ? FINE : PAM_PERM_DENIED, row->open != FINE && !row->silent);
	table_contains(t, row->name, "answers", text, want);
	id = strstr(text, "id=") ? strstr(text, "id=") + 3 : "";
	if (row->recorded) {
		table_contains(t, row->name, "record", only_record(), id);
		table_contains(t, row->name, "record", only_record(), "\"closed\":\"logout\"}");
		if (row->record)
			table_contains(t, row->name, "record", only_record(), row->record);
	} else {
		table_string(t, row->name, "record", only_record(), "no record");
	}
	snprintf(open_event, sizeof(open_event), "\"session\":\"%s\"", id);
	if (row->recorded || strcmp(id, "none") != 0) {
		table_int(t, row->name, "events of the session", count(slurp(EVENTS), open_event),
			  2);
		table_int(t, row->name, "session-open", count(slurp(EVENTS), "\"session-open\""),
			  1);
		table_int(t, row->name, "session-close", count(slurp(EVENTS), "\"session-close\""),
			  1);
	} else {
		table_string(t, row->name, "events", slurp(EVENTS), "");
	}
	if (row->message)
		table_contains(t, row->name, "messages", slurp(MESSAGES), row->message);
}

static void test_sessions(void **state)
{
	struct table t = {0};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		check_row(&t, &rows[i]);
	table_done(&t);
}

int main(int argc, char *argv[])
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sessions),
	};

	if (argc != 2)
		return 2;
	module = argv[1];
	return cmocka_run_group_tests(tests, NULL, NULL);
}
