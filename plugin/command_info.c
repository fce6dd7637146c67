/* SPDX-License-Identifier: ISC */
#include "command_info.h"

#include <stddef.h>
#include <string.h>

#include "arena.h"
#include "cleanup.h"
#include "decision.h"
#include "run.h"
#include "strvec.h"
#include "target.h"

/* Members of struct writ_run that sudo takes as they are. A false flag is left out: it is what sudo
 * does by itself. */
static const struct {
	const char *name;
	size_t offset;
} flags[] = {
	{"use_pty", offsetof(struct writ_run, use_pty)},
	{"noexec", offsetof(struct writ_run, noexec)},
	{"intercept", offsetof(struct writ_run, intercept)},
	{"use_ptrace", offsetof(struct writ_run, intercept)}, /* by LD_PRELOAD it would leak */
	{"intercept_verify",
	 offsetof(struct writ_run, intercept)}, /* that what was judged is run */
};

static const struct {
	const char *name;
	size_t offset;
} iolog_flags[] = {
	{"iolog_stdin", offsetof(struct writ_run, iolog.stdin_)},
	{"iolog_stdout", offsetof(struct writ_run, iolog.stdout_)},
	{"iolog_stderr", offsetof(struct writ_run, iolog.stderr_)},
	{"iolog_ttyin", offsetof(struct writ_run, iolog.tty)},
	{"iolog_ttyout", offsetof(struct writ_run, iolog.tty)},
};

static const struct {
	const char *name;
	size_t offset;
} server_strings[] = {
	{"log_server_cabundle", offsetof(struct writ_run, iolog.server_cabundle)},
	{"log_server_peer_cert", offsetof(struct writ_run, iolog.server_cert)},
	{"log_server_peer_key", offsetof(struct writ_run, iolog.server_key)},
};

/* Limits of a process that inherited nothing from the caller: the kernel's own defaults, with the
 * open files that init systems give. A core dump of root's would hold what the caller may not read.
 * sudo itself lowers a value that it may not set. */
static const struct writ_rlimit limits[] = {
	{"as", "infinity"},
	{"core", "0,0"},
	{"cpu", "infinity"},
	{"data", "infinity"},
	{"fsize", "infinity"},
	{"locks", "infinity"},
	{"memlock", "8388608"},
	{"nofile", "1024,524288"},
	{"nproc", "infinity"},
	{"rss", "infinity"},
	{"stack", "8388608,infinity"},
};

static bool flag(const struct writ_run *run, size_t offset)
{
	return *(const bool *)((const char *)run + offset);
}

static void add_limits(struct writ_strvec *vector, const struct writ_run *run)
{
	for (size_t i = 0; i < ARRAY_SIZE(limits); i++) {
		const char *value = limits[i].value;

		for (size_t j = 0; j < run->n_rlimits; j++)
			if (strcmp(run->rlimits[j].name, limits[i].name) == 0)
				value = run->rlimits[j].value;
		writ_strvec_addf(vector, "rlimit_%s=%s", limits[i].name, value);
	}
}

static void add_servers(struct writ_strvec *vector, const struct writ_run *run)
{
	const char *servers;

	servers = run->iolog.log_servers[0];
	for (size_t i = 1; i < run->iolog.n_log_servers && servers; i++)
		servers = writ_arena_printf(vector->arena, "%s,%s", servers,
					    run->iolog.log_servers[i]);
	writ_strvec_add(vector,
			servers ? writ_arena_printf(vector->arena, "log_servers=%s", servers)
				: NULL);
	writ_strvec_addf(vector, "log_server_verify=%s",
			 run->iolog.server_verify ? "true" : "false");
	if (run->iolog.server_timeout)
		writ_strvec_addf(vector, "log_server_timeout=%u", run->iolog.server_timeout);
	for (size_t i = 0; i < ARRAY_SIZE(server_strings); i++) {
		const char *value = *(const char *const *)(const void *)((const char *)run +
									 server_strings[i].offset);

		if (value)
			writ_strvec_addf(vector, "%s=%s", server_strings[i].name, value);
	}
}

/* Read by sudoers_io, if it is loaded; whether it is cannot be seen from here. */
static void add_iolog(struct writ_strvec *vector, const struct writ_command_info *from)
{
	const struct writ_run *run = from->decision->run;

	if (!from->iolog_path)
		return;
	writ_strvec_addf(vector, "iolog_path=%s", from->iolog_path);
	for (size_t i = 0; i < ARRAY_SIZE(iolog_flags); i++)
		if (flag(run, iolog_flags[i].offset))
			writ_strvec_addf(vector, "%s=true", iolog_flags[i].name);
	/* What was recorded up to a SIGKILL is to be there. */
	writ_strvec_add(vector, "iolog_flush=true");
	if (run->iolog.group) {
		writ_strvec_addf(vector, "iolog_group=%s", run->iolog.group);
		writ_strvec_add(vector, "iolog_mode=0640");
	}
	writ_strvec_addf(vector, "ignore_iolog_errors=%s", run->iolog.required ? "false" : "true");
	if (from->live)
		add_servers(vector, run);
}

/* Descriptors that the arguments name; and that of cwd, which is needed up to the execution, and is
 * closed by it. */
static void add_descriptors(struct writ_strvec *vector, const struct writ_command_info *from)
{
	const struct writ_decision *decision = from->decision;
	const char *list =
		from->folder < 0 ? "" : writ_arena_printf(vector->arena, "%d", from->folder);

	for (size_t i = 0; i < decision->n_pins && list; i++)
		list = writ_arena_printf(vector->arena, "%s%s%d", list, *list ? "," : "",
					 decision->pins[i].fd);
	if (!list)
		vector->failed = true;
	else if (*list)
		writ_strvec_addf(vector, "preserve_fds=%s", list);
}

static void add_target(struct writ_strvec *vector, const struct writ_target *target)
{
	writ_strvec_addf(vector, "runas_user=%s", target->user);
	if (target->group)
		writ_strvec_addf(vector, "runas_group=%s", target->group);
	writ_strvec_addf(vector, "runas_uid=%u", target->uid);
	writ_strvec_addf(vector, "runas_gid=%u", target->gid);
	writ_strvec_addf(vector, "runas_groups=%s", target->groups);
}

char **writ_command_info_build(const struct writ_command_info *from, struct writ_arena *arena)
{
	const struct writ_run *run = from->decision->run;
	struct writ_strvec vector;

	writ_strvec_init(&vector, arena);
	writ_strvec_addf(&vector, "command=%s", from->path);
	if (from->fd >= 0)
		writ_strvec_addf(&vector, "execfd=%d", from->fd);
	add_target(&vector, from->target);
	if (from->cwd)
		writ_strvec_addf(&vector, "cwd=%s", from->cwd);
	writ_strvec_addf(&vector, "umask=0%o", run->umask);
	writ_strvec_add(&vector, "umask_override=true");
	writ_strvec_addf(&vector, "closefrom=%u", run->closefrom);
	writ_strvec_add(&vector, "set_utmp=true");
	if (from->decision->timeout)
		writ_strvec_addf(&vector, "timeout=%u", from->decision->timeout);
	if (run->nice_set)
		writ_strvec_addf(&vector, "nice=%d", run->nice);
	for (size_t i = 0; i < ARRAY_SIZE(flags); i++)
		if (flag(run, flags[i].offset))
			writ_strvec_addf(&vector, "%s=true", flags[i].name);
	if (run->apparmor_profile)
		writ_strvec_addf(&vector, "apparmor_profile=%s", run->apparmor_profile);
	add_descriptors(&vector, from);
	add_limits(&vector, run);
	add_iolog(&vector, from);
	return writ_strvec_take(&vector);
}

char **writ_command_info_refused(const struct writ_decision *decision, struct writ_arena *arena)
{
	const char *command = decision->program;
	struct writ_strvec vector;

	if (!command && decision->argc > 0)
		command = decision->argv[0];
	writ_strvec_init(&vector, arena);
	writ_strvec_addf(&vector, "command=%s", command ? command : "");
	if (decision->runas)
		writ_strvec_addf(&vector, "runas_user=%s", decision->runas);
	return writ_strvec_take(&vector);
}
