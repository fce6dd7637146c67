/* SPDX-License-Identifier: ISC */
/* Log servers: what would go over the network in the clear, or not at all. */
#include <string.h>

#include "json.h"
#include "lint_check.h"
#include "log_server.h"
#include "policy_data.h"
#include "run.h"

static const char check[] = "log-server";

static bool is_this_host(const struct writ_log_server *server)
{
	return strcmp(server->host, "localhost") == 0 || strncmp(server->host, "127.", 4) == 0 ||
	       strcmp(server->host, "::1") == 0;
}

static void check_servers(struct writ_linting *lint, const struct writ_run *run,
			  const struct writ_json *iolog)
{
	bool files = run->iolog.server_cabundle || run->iolog.server_cert || run->iolog.server_key;
	bool tls = false;

	for (size_t i = 0; i < run->iolog.n_log_servers; i++) {
		const char *address = run->iolog.log_servers[i];
		struct writ_log_server server;

		if (writ_log_server_parse(address, &server) < 0)
			continue;
		tls = tls || server.tls;
		if (!server.tls && (files || !is_this_host(&server)))
			writ_lint_warn(lint, iolog, check,
				       "what is sent to '%s' is not encrypted: without (tls) "
				       "behind the address the files for TLS are not used",
				       address);
	}
	if (tls && !run->iolog.server_cert)
		writ_lint_warn(lint, iolog, check,
			       "without log_server_peer_cert 'writ forward' cannot send what is "
			       "refused to a server by TLS");
	if (tls && !run->iolog.server_verify)
		writ_lint_warn(lint, iolog, check,
			       "with log_server_verify false anybody on the way can be the server");
}

static const struct writ_json *iolog_of(const struct writ_json *json, const char *key)
{
	const struct writ_json *settings = json ? writ_json_get(json, key) : NULL;

	return settings ? writ_json_get(settings, "iolog") : NULL;
}

void writ_lint_logs(struct writ_linting *lint)
{
	const struct writ_policy *policy = lint->policy;
	const struct writ_json *iolog;

	for (const struct writ_lint_file *f = lint->files; f; f = f->next) {
		iolog = iolog_of(f->json, "defaults");
		if (iolog)
			check_servers(lint, &policy->defaults, iolog);
	}
	for (size_t i = 0; i < policy->n_rules; i++) {
		iolog = policy->rules[i]->run ? iolog_of(lint->rules[i], "run") : NULL;
		if (!iolog)
			continue;
		check_servers(lint, policy->rules[i]->run, iolog);
		if (policy->rules[i]->run->iolog.n_log_servers &&
		    !policy->defaults.iolog.n_log_servers)
			writ_lint_warn(lint, iolog, check,
				       "what is refused is sent to the log servers of the "
				       "defaults, which name none");
	}
}
