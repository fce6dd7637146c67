/* SPDX-License-Identifier: ISC */
#include "policy_test.h"

#include "decision.h"
#include "pin.h"
#include "policy.h"
#include "request.h"
#include "users.h"

/* The request that a test describes. Nothing of it comes from whoever calls or from where: a policy
 * tests alike for everybody. Without "as" it is nobody, in no group. */
static int make_request(const struct writ_policy_test *test, struct cli_users *users,
			struct writ_session *session, struct writ_request *ret)
{
	const struct cli_user *user = NULL;

	if (test->as) {
		user = cli_users_find(users, test->as);
		if (!user)
			return -1;
	}
	*session = (struct writ_session) {
		.tagged = test->session.tagged,
		.service = test->session.service,
		.key = test->session.key,
		.from = test->session.from,
	};
	*ret = (struct writ_request) {
		.user = user ? user->name : "nobody",
		.groups = user ? user->groups : NULL,
		.n_groups = user ? user->n_groups : 0,
		.argv = test->argv,
		.argc = test->argc,
		.cwd = test->cwd,
		.runas_user = test->runas,
		.session = test->session.given ? session : NULL,
		.files = test->files,
	};
	return 0;
}

void cli_policy_test_decide(const struct writ_policy *policy, const struct writ_policy_test *test,
			    struct cli_users *users, struct writ_arena *arena,
			    struct writ_decision *ret)
{
	struct writ_request request;
	struct writ_session session;

	if (make_request(test, users, &session, &request) < 0) {
		writ_decision_refuse(ret, &(struct writ_request) {0}, WRIT_CODE_POLICY_ERROR,
				     "out of memory", NULL);
		return;
	}
	writ_decide(policy, arena, &request, ret);
	writ_pins_close(ret);
}
