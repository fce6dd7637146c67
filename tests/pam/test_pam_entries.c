/* SPDX-License-Identifier: ISC */
/* test_pam_entries MODULE: the questions that are none of its business, and its entry points. */
#include "../unit/table.h"

#include <dlfcn.h>
#include <libpamtest.h>

#include "child.h"
#include "cleanup.h"
#include "service.h"

/* A stack of one line a type, and libpamtest's operations on it. */
static const struct {
	const char *name, *second;
	int authenticate, setcred, account, chauthtok;
} others[] = {
	{"alone", NULL, PAM_PERM_DENIED, PAM_PERM_DENIED, PAM_PERM_DENIED, PAM_PERM_DENIED},
	{"before one that permits", "pam_permit.so", PAM_SUCCESS, PAM_SUCCESS, PAM_SUCCESS,
	 PAM_SUCCESS},
	{"before one that denies", "pam_deny.so", PAM_AUTH_ERR, PAM_CRED_ERR, PAM_AUTH_ERR,
	 PAM_AUTHTOK_ERR},
};

static void run_others(void *data, char text[CHILD_TEXT])
{
	size_t i = *(const size_t *)data;
	struct pam_testcase tests[] = {
		pam_test(PAMTEST_AUTHENTICATE, others[i].authenticate),
		pam_test(PAMTEST_SETCRED, others[i].setcred),
		pam_test(PAMTEST_ACCOUNT, others[i].account),
		pam_test(PAMTEST_CHAUTHTOK, others[i].chauthtok),
	};
	struct pamtest_conv_data conv = {0};

	strcpy(text, "as wanted");
	for (size_t n = 0; n < ARRAY_SIZE(tests); n++)
		if (_pamtest("others", "ai-worker", &conv, &tests[n], 1, NULL) != PAMTEST_ERR_OK)
			snprintf(text, CHILD_TEXT, "operation %zu: %d", n, tests[n].op_rv);
}

static void test_other_questions(void **state)
{
	struct table t = {0};
	char text[CHILD_TEXT];

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(others); i++) {
		auto_fclose FILE *f = new_service("others");

		for (const char *type = "auth\0account\0password\0"; *type;
		     type += strlen(type) + 1) {
			fprintf(f, "%s required %s subjects=ai-worker\n", type, module);
			if (others[i].second)
				fprintf(f, "%s required %s\n", type, others[i].second);
		}
		fflush(f);
		child_run(run_others, &i, text);
		table_string(&t, others[i].name, "answers", text, "as wanted");
	}
	table_done(&t);
}

/* Each entry point by itself. */
static void test_entry_points(void **state)
{
	static const char *const names[] = {"pam_sm_authenticate", "pam_sm_setcred",
					    "pam_sm_acct_mgmt", "pam_sm_chauthtok"};
	void *so = dlopen(module, RTLD_NOW | RTLD_LOCAL);
	struct table t = {0};

	(void)state;
	assert_non_null(so);
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		int (*entry)(pam_handle_t *, int, int, const char **) =
			(int (*)(pam_handle_t *, int, int, const char **))dlsym(so, names[i]);

		if (table_true(&t, names[i], "exported", entry != NULL))
			table_int(&t, names[i], "answer", entry(NULL, 0, 0, NULL), PAM_IGNORE);
	}
	table_true(&t, "pam_sm_open_session", "exported", dlsym(so, "pam_sm_open_session") != NULL);
	table_true(&t, "pam_sm_close_session", "exported",
		   dlsym(so, "pam_sm_close_session") != NULL);
	dlclose(so);
	table_done(&t);
}

int main(int argc, char *argv[])
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_other_questions),
		cmocka_unit_test(test_entry_points),
	};

	if (argc != 2)
		return 2;
	module = argv[1];
	return cmocka_run_group_tests(tests, NULL, NULL);
}
