/* SPDX-License-Identifier: ISC */
#include "agree.h"

#include <ctype.h>
#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "accepted.h"
#include "cleanup.h"
#include "decision.h"
#include "error.h"
#include "run.h"
#include "strvec.h"

static const char *value(const struct writ_accepted *accepted, const char *name)
{
	return writ_strvec_value(accepted->info, name);
}

/* A number of command_info, in that base. False if it is not there, or none. */
static bool number(const struct writ_accepted *accepted, const char *name, int base, long *ret)
{
	const char *text = value(accepted, name);
	char *end;

	if (!text || !*text)
		return false;
	errno = 0;
	*ret = strtol(text, &end, base);
	return !errno && !*end;
}

/* Flags of the rule that sudoers has too. */
static int check_flags(const struct writ_decision *decision, const struct writ_accepted *accepted,
		       struct writ_error *err)
{
	static const struct {
		const char *name; /* in command_info */
		size_t offset;
		const char *how;
	} flags[] = {
		{"use_pty", offsetof(struct writ_run, use_pty), "'use_pty' (Defaults use_pty)"},
		{"noexec", offsetof(struct writ_run, noexec), "'noexec' (NOEXEC:)"},
	};

	for (size_t i = 0; i < ARRAY_SIZE(flags); i++) {
		const char *member = (const char *)decision->run + flags[i].offset;

		if (*(const bool *)member && !writ_accepted_has(accepted, flags[i].name))
			return writ_error_set(err, "the rule wants %s", flags[i].how);
	}
	return 0;
}

static int check_numbers(const struct writ_decision *decision, const struct writ_accepted *accepted,
			 struct writ_error *err)
{
	const struct writ_run *run = decision->run;
	long got;

	if (!number(accepted, "umask", 8, &got) || ((unsigned)got & run->umask) != run->umask)
		return writ_error_set(err, "the rule wants the umask 0%o at least (Defaults umask)",
				      run->umask);
	if (!number(accepted, "closefrom", 10, &got) || got > (long)run->closefrom)
		return writ_error_set(err,
				      "the rule wants descriptors closed from %u on (Defaults "
				      "closefrom)",
				      run->closefrom);
	if (decision->timeout &&
	    (!number(accepted, "timeout", 10, &got) || got <= 0 || got > (long)decision->timeout))
		return writ_error_set(err,
				      "the rule wants a time limit of %u seconds (Defaults "
				      "command_timeout)",
				      decision->timeout);
	if (run->nice_set && (!number(accepted, "nice", 10, &got) || got != run->nice))
		return writ_error_set(err, "the rule wants 'nice', which sudoers cannot do");
	return 0;
}

static int check_texts(const struct writ_decision *decision, const struct writ_accepted *accepted,
		       struct writ_error *err)
{
	const struct writ_run *run = decision->run;
	const char *profile = value(accepted, "apparmor_profile");
	const char *cwd = value(accepted, "cwd");

	if (run->apparmor_profile && (!profile || strcmp(profile, run->apparmor_profile) != 0))
		return writ_error_set(err, "the rule wants 'apparmor_profile' "
					   "(APPARMOR_PROFILE=)");
	if (decision->cwd && (!cwd || strcmp(cwd, decision->cwd) != 0 ||
			      writ_accepted_has(accepted, "cwd_optional")))
		return writ_error_set(err, "the rule wants the folder %.200s (CWD=)",
				      decision->cwd);
	return 0;
}

static int check_limits(const struct writ_decision *decision, const struct writ_accepted *accepted,
			struct writ_error *err)
{
	for (size_t i = 0; i < decision->run->n_rlimits; i++) {
		const struct writ_rlimit *limit = &decision->run->rlimits[i];
		char name[32] = "rlimit_";
		const char *got;

		strncat(name, limit->name, sizeof(name) - strlen(name) - 1);
		got = value(accepted, name);
		if (!got || strcmp(got, limit->value) != 0)
			return writ_error_set(err,
					      "the rule wants the limit %s of %s (Defaults "
					      "%s)",
					      limit->name, limit->value, name);
	}
	return 0;
}

static int check_environment(const struct writ_decision *decision,
			     const struct writ_accepted *accepted, struct writ_error *err)
{
	for (size_t i = 0; i < decision->run->n_env_set; i++) {
		const struct writ_env_set *set = &decision->run->env_set[i];
		const char *got = writ_strvec_value(accepted->env, set->name);

		if (!got || strcmp(got, set->value) != 0)
			return writ_error_set(err,
					      "the rule wants %s=%.200s in the environment "
					      "(Defaults env_file)",
					      set->name, set->value);
	}
	return 0;
}

/* Recorded by sudoers_io, if the rule demands a record. Where it lies is sudoers' affair. */
static int check_iolog(const struct writ_decision *decision, const struct writ_accepted *accepted,
		       struct writ_error *err)
{
	const struct writ_run *run = decision->run;
	const struct {
		const char *name;
		bool wanted;
		const char *how;
	} streams[] = {
		{"iolog_stdin", run->iolog.stdin_, "log_input"},
		{"iolog_stdout", run->iolog.stdout_, "log_output"},
		{"iolog_stderr", run->iolog.stderr_, "log_output"},
		{"iolog_ttyin", run->iolog.tty, "log_input"},
		{"iolog_ttyout", run->iolog.tty, "log_output"},
	};

	if (!run->iolog.required)
		return 0;
	for (size_t i = 0; i < ARRAY_SIZE(streams); i++)
		if (streams[i].wanted && (!value(accepted, "iolog_path") ||
					  !writ_accepted_has(accepted, streams[i].name)))
			return writ_error_set(err,
					      "the rule wants a record of what goes in and "
					      "out (Defaults %s)",
					      streams[i].how);
	if (value(accepted, "iolog_path") && writ_accepted_has(accepted, "ignore_iolog_errors"))
		return writ_error_set(err, "the rule wants no run without a record (Defaults "
					   "!ignore_iolog_errors)");
	return 0;
}

/* What only writ's policy plugin can do. */
static int check_impossible(const struct writ_decision *decision,
			    const struct writ_accepted *accepted, struct writ_error *err)
{
	const struct writ_run *run = decision->run;

	(void)accepted;
	if (decision->n_pins)
		return writ_error_set(err, "the rule wants 'pin', which the approval plugin cannot "
					   "do");
	if (run->intercept)
		return writ_error_set(err, "the rule wants 'intercept', which the approval plugin "
					   "cannot do");
	if (run->authenticate)
		return writ_error_set(err, "the rule wants 'authenticate', which is sudoers' "
					   "affair here (PASSWD:)");
	if (run->iolog.dir || run->iolog.group || run->iolog.n_log_servers)
		return writ_error_set(err, "the rule says where the I/O log goes, which is "
					   "sudoers' affair here");
	return 0;
}

int writ_agree(const struct writ_decision *decision, const struct writ_accepted *accepted,
	       struct writ_error *err)
{
	static int (*const checks[])(const struct writ_decision *, const struct writ_accepted *,
				     struct writ_error *) = {
		check_impossible, check_flags,       check_numbers, check_texts,
		check_limits,     check_environment, check_iolog,
	};

	for (size_t i = 0; i < ARRAY_SIZE(checks); i++)
		if (checks[i](decision, accepted, err) < 0)
			return -1;
	return 0;
}
