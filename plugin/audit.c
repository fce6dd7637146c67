/* SPDX-License-Identifier: ISC */
/*
 * The audit plugin that sudo loads (`Plugin writ_audit writ.so`), beside any policy plugin: what
 * sudo tells it, of whoever calls, becomes an event, unless writ has recorded it as a decision
 * already. For those of subjects= nothing runs that could not be recorded; nobody else is ever
 * stopped.
 */
#include <string.h>
#include <sys/wait.h>

#include "account.h"
#include "arena.h"
#include "cleanup.h"
#include "config.h"
#include "ledger.h"
#include "log.h"
#include "open.h"
#include "plugin.h"
#include "strvec.h"
#include "subject.h"

static struct {
	struct writ_plugin plugin; /* who calls; nothing of the policy is used */
	bool required;             /* what cannot be recorded must not run */
	const char *wrong;         /* a mistake in sudo.conf, or NULL */
	char *const *submitted;    /* the command as the caller gave it, after sudo's options */
	struct {
		char id[WRIT_EVENT_ID_SIZE]; /* of the event that says it runs; "": none was started
					      */
		struct timespec since;       /* CLOCK_MONOTONIC */
	} command;
} audit;

#define TOLD "the event cannot be recorded; the administrator finds the reason in the system log"

/* Arguments that the audit plugin has no use for are mistakes, which must show. */
static const char *mistake(const struct writ_arguments *arguments)
{
	if (*arguments->problem.message)
		return arguments->problem.message;
	if (strcmp(arguments->policy, WRIT_POLICY_FILE) != 0 ||
	    strcmp(arguments->commands, WRIT_COMMANDS_DIR) != 0 || arguments->deny_others ||
	    arguments->handed_on || strcmp(arguments->sudoers, "sudoers.so") != 0)
		return "writ_audit in sudo.conf takes no argument but subjects=";
	return NULL;
}

static int audit_open(unsigned version, sudo_conv_t conversation, sudo_printf_t print,
		      char *const settings[], char *const user_info[], int submit_optind,
		      char *const submit_argv[], char *const submit_envp[], char *const options[],
		      const char **errstr)
{
	const struct writ_opening opening = {SUDO_AUDIT_PLUGIN, "writ_audit", version,
					     conversation,      print,        settings,
					     user_info,         submit_envp,  options};
	struct writ_error err = {0};

	(void)errstr;
	writ_ledger_reset();
	memset(&audit.command, 0, sizeof(audit.command));
	if (writ_plugin_open(&audit.plugin, &opening, &err) < 0)
		return writ_plugin_fail(print, "writ_audit cannot be used", &err);
	writ_plugin_find_session(&audit.plugin);
	audit.submitted = submit_argv ? submit_argv + submit_optind : NULL;
	audit.required = writ_subject_is(&audit.plugin.arguments, &audit.plugin.caller) != WRIT_NO;
	audit.wrong = mistake(&audit.plugin.arguments);
	if (audit.wrong)
		writ_log(LOG_ERR, "%s", audit.wrong);
	return 1;
}

static const char *type_name(unsigned plugin_type)
{
	static const char *const names[] = {
		[SUDO_FRONT_END] = "front-end",
		[SUDO_POLICY_PLUGIN] = "policy",
		[SUDO_IO_PLUGIN] = "io",
		[SUDO_AUDIT_PLUGIN] = "audit",
		[SUDO_APPROVAL_PLUGIN] = "approval",
	};

	return plugin_type < ARRAY_SIZE(names) ? names[plugin_type] : "unknown";
}

/* Whose word it is: where writ's policy plugin only hands on, sudoers'. */
static const char *whose(const char *name, unsigned plugin_type)
{
	if (plugin_type == SUDO_POLICY_PLUGIN && writ_ledger_is_delegated())
		return "sudoers_policy";
	return name ? name : "?";
}

/* Writes the event. id: takes its id, or NULL. What sudo is to be told: 1, or -1. */
static int record(struct writ_event_audit *what, char *const info[], char id[WRIT_EVENT_ID_SIZE],
		  const char **errstr)
{
	char *const *environment = audit.plugin.environment;
	struct writ_error err = {0};
	struct writ_event event;

	what->program = writ_strvec_value(info, "command");
	what->runas = writ_strvec_value(info, "runas_user");
	what->runas_group = writ_strvec_value(info, "runas_group");
	what->runcwd = writ_strvec_value(info, "runcwd");
	if (!what->runcwd)
		what->runcwd = writ_strvec_value(info, "cwd");
	what->iolog_path = writ_strvec_value(info, "iolog_path");
	what->cwd = audit.plugin.caller.cwd;
	what->tty = audit.plugin.caller.tty;
	what->task = writ_strvec_value(environment, "WRIT_TASK");
	what->traceparent = writ_strvec_value(environment, "TRACEPARENT");
	while (what->argv && what->argv[what->argc])
		what->argc++;
	writ_plugin_event(&audit.plugin, &event);
	if (writ_event_init(&event, &err) == 0 &&
	    writ_event_record_audit(&event, what, &err) == 0) {
		if (id)
			memcpy(id, event.id, sizeof(event.id));
		if (!audit.required || !audit.wrong)
			return 1;
		if (errstr)
			*errstr = WRIT_TOLD_CONFIGURATION;
		return -1;
	}
	writ_log(LOG_ERR, "an event of sudo (%s) cannot be recorded: %s", what->kind, err.message);
	if (!audit.required)
		return 1;
	if (errstr)
		*errstr = TOLD;
	return -1;
}

/* The first command of this process is about to run; those after it are its children. */
static void begin(const char *id)
{
	if (*audit.command.id)
		return;
	memcpy(audit.command.id, id, sizeof(audit.command.id));
	clock_gettime(CLOCK_MONOTONIC, &audit.command.since);
}

static int audit_accept(const char *name, unsigned plugin_type, char *const command_info[],
			char *const run_argv[], char *const run_envp[], const char **errstr)
{
	struct writ_event_audit what = {
		.kind = "accept",
		.plugin = whose(name, plugin_type),
		.plugin_type = type_name(plugin_type),
		.argv = run_argv,
	};
	char id[WRIT_EVENT_ID_SIZE] = "";
	int ret = 1;

	(void)run_envp;
	if (plugin_type != SUDO_FRONT_END)
		return writ_ledger_take(plugin_type) ? 1
						     : record(&what, command_info, NULL, errstr);
	if (*writ_ledger_decision())
		memcpy(id, writ_ledger_decision(), sizeof(id));
	else
		ret = record(&what, command_info, id, errstr);
	writ_ledger_next();
	if (ret == 1)
		begin(id);
	return ret;
}

/* Of a rejected command sudo tells no arguments: they are those that were given to it, unless they
 * are a child's. */
static int turned_down(struct writ_event_audit *what, unsigned plugin_type,
		       char *const command_info[], const char **errstr)
{
	bool told = writ_ledger_take(plugin_type);

	what->plugin_type = type_name(plugin_type);
	if (!*audit.command.id)
		what->argv = audit.submitted;
	writ_ledger_next();
	return told ? 1 : record(what, command_info, NULL, errstr);
}

static int audit_reject(const char *name, unsigned plugin_type, const char *message,
			char *const command_info[], const char **errstr)
{
	struct writ_event_audit what = {
		.kind = "reject", .plugin = whose(name, plugin_type), .reason = message};

	return turned_down(&what, plugin_type, command_info, errstr);
}

static int audit_error(const char *name, unsigned plugin_type, const char *message,
		       char *const command_info[], const char **errstr)
{
	struct writ_event_audit what = {
		.kind = "error", .plugin = whose(name, plugin_type), .reason = message};

	return turned_down(&what, plugin_type, command_info, errstr);
}

static void audit_close(int status_type, int status)
{
	bool started = status_type == SUDO_PLUGIN_WAIT_STATUS;
	struct writ_event_exit exit = {
		.decision = audit.command.id,
		.started = started,
		.status = started ? status : 0,
		.error = started ? 0 : status,
		.why = status_type == SUDO_PLUGIN_NO_STATUS ? "it was not started" : NULL,
	};
	struct writ_error err = {0};
	struct writ_event event;
	struct timespec now;

	if (!*audit.command.id || writ_ledger_has_ended())
		return;
	writ_ledger_ended();
	clock_gettime(CLOCK_MONOTONIC, &now);
	exit.microseconds = (now.tv_sec - audit.command.since.tv_sec) * (int64_t)1000000 +
			    (now.tv_nsec - audit.command.since.tv_nsec) / 1000;
	writ_plugin_event(&audit.plugin, &event);
	if (writ_event_init(&event, &err) < 0 || writ_event_record_exit(&event, &exit, &err) < 0)
		writ_log(LOG_ERR, "the end of %s is not recorded: %s", audit.command.id,
			 err.message);
}

static int audit_show_version(int verbose)
{
	(void)verbose;
	audit.plugin.print(SUDO_CONV_INFO_MSG, "writ audit plugin version %s\n", WRIT_VERSION);
	return 1;
}

__attribute__((visibility("default"))) struct audit_plugin writ_audit = {
	.type = SUDO_AUDIT_PLUGIN,
	.version = SUDO_API_VERSION,
	.open = audit_open,
	.close = audit_close,
	.accept = audit_accept,
	.reject = audit_reject,
	.error = audit_error,
	.show_version = audit_show_version,
};
