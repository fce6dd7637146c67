/* SPDX-License-Identifier: ISC */
#include "account.h"

#include <string.h>
#include <sys/resource.h>

#include "arena.h"
#include "decide.h"
#include "event.h"
#include "kernel_audit.h"
#include "ledger.h"
#include "log.h"
#include "plugin.h"
#include "run.h"
#include "strvec.h"
#include "text.h"

/* How much of the caller's words a line of the system log shows, in bytes. */
#define COMMAND_SHOWN 600
#define REASON_SHOWN 500
#define WORD_SHOWN 120

#define TOLD_RECORD                                                                                \
	"the decision cannot be recorded, so nothing is run; the administrator finds the reason "  \
	"in the system log"
#define TOLD_FILE_SIZE                                                                             \
	"your limit on file sizes (ulimit -f) is too low for the decision to be recorded"

void writ_plugin_event(const struct writ_plugin *plugin, struct writ_event *ret)
{
	ret->host = plugin->caller.host;
	ret->session = plugin->session.id;
	ret->user = plugin->caller.user;
	ret->uid = plugin->caller.uid;
}

/* A word for a log: quoted if it is odd, "-" if there is none. */
static const char *word(struct writ_arena *arena, const char *text)
{
	const char *shown = text ? writ_text_quote(arena, text, WORD_SHOWN) : "-";

	return shown ? shown : "?";
}

static int priority(const struct writ_decision *decision)
{
	if (decision->verdict == WRIT_VERDICT_ALLOW)
		return LOG_INFO;
	return decision->code == WRIT_CODE_POLICY_ERROR ? LOG_ERR : LOG_NOTICE;
}

void writ_plugin_log_decision(const struct writ_plugin *plugin, struct writ_arena *arena,
			      const char *event, const struct writ_decision *decision)
{
	const char *command =
		writ_text_command_line(arena, decision->argv, decision->argc, COMMAND_SHOWN);
	const char *reason = writ_text_show(arena, decision->reason, REASON_SHOWN);

	/* What the caller can choose comes last: whoever looks for the first "session=" on a line
	 * finds the real one, whatever folders are called. */
	writ_log(priority(decision),
		 "%s user=%s code=%s rule=%s session=%s event=%s tty=%s runas=%s cwd=%s : %s : %s",
		 decision->verdict == WRIT_VERDICT_ALLOW ? "allowed" : "refused",
		 word(arena, plugin->caller.user), writ_code_to_string(decision->code),
		 word(arena, decision->rule), word(arena, plugin->session.id), word(arena, event),
		 word(arena, plugin->caller.tty), word(arena, decision->runas),
		 word(arena, plugin->caller.cwd), command ? command : "?", reason ? reason : "?");
}

static void audit(const struct writ_plugin *plugin, struct writ_arena *arena,
		  const struct writ_event *event, const struct writ_decision *decision)
{
	const char *cwd = plugin->caller.cwd;
	const char *command = writ_text_command_line(arena, decision->argv, decision->argc,
						     WRIT_KERNEL_AUDIT_COMMAND_MAX);
	const struct writ_kernel_audit record = {
		.command = command ? command : "?",
		.cwd = cwd ? writ_text_show(arena, cwd, WRIT_KERNEL_AUDIT_CWD_MAX) : NULL,
		.tty = plugin->caller.tty,
		.event = event->id,
		.allowed = decision->verdict == WRIT_VERDICT_ALLOW,
	};
	struct writ_error err = {0};

	if (writ_kernel_audit_command(&record, &err) < 0)
		writ_log(LOG_WARNING, "a decision is missing from %s", err.message);
}

static int account(const struct writ_plugin *plugin, struct writ_arena *arena,
		   const struct writ_event *event, const struct writ_decision *decision,
		   const char *iolog, struct writ_error *err)
{
	struct writ_event_decision record = {
		.decision = decision,
		.parent = plugin->command.allowed ? plugin->command.id : NULL,
		.cwd = plugin->caller.cwd,
		.tty = plugin->caller.tty,
		.plugin = plugin->name,
		.iolog = iolog,
		.task = writ_strvec_value(plugin->environment, "WRIT_TASK"),
		.traceparent = writ_strvec_value(plugin->environment, "TRACEPARENT"),
	};

	/* What the approval plugin agrees to is logged as sudoers says. A child is in the log of
	 * the command that started it. */
	if (decision->run && plugin->type == SUDO_POLICY_PLUGIN && !plugin->command.allowed) {
		record.log_servers = decision->run->iolog.log_servers;
		record.n_log_servers = decision->run->iolog.n_log_servers;
	}
	if (writ_event_record_decision(event, &record, err) < 0)
		return -1;
	writ_ledger_decided(event->id, plugin->type);
	audit(plugin, arena, event, decision);
	writ_plugin_log_decision(plugin, arena, event->id, decision);
	return 0;
}

void writ_plugin_record(const struct writ_plugin *plugin, struct writ_arena *arena,
			const struct writ_event *event, struct writ_decision *decision,
			const char *iolog)
{
	bool allowed = decision->verdict == WRIT_VERDICT_ALLOW;
	const char *told = TOLD_RECORD;
	struct writ_error err = {0};

	if (account(plugin, arena, event, decision, allowed ? iolog : NULL, &err) == 0)
		return;
	writ_log(LOG_ERR, "a decision cannot be recorded: %s", err.message);
	if (allowed) {
		struct rlimit size;

		if (getrlimit(RLIMIT_FSIZE, &size) == 0 && size.rlim_max != RLIM_INFINITY)
			told = TOLD_FILE_SIZE;
		writ_plugin_turn_down(decision, WRIT_CODE_POLICY_ERROR,
				      "the decision cannot be recorded", told);
	}
	writ_plugin_log_decision(plugin, arena, NULL, decision);
}
