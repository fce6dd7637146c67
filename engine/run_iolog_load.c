/* SPDX-License-Identifier: ISC */
/* `iolog` of a rule's settings: what sudoers_io is told. */
#include "cleanup.h"
#include "json.h"
#include "log_server.h"
#include "run_load.h"

#define IOLOG_BOOL(name)                                                                           \
	static int read_log_##name(const struct writ_json *json, void *object,                     \
				   struct writ_error *err)                                         \
	{                                                                                          \
		return writ_json_bool(json, &((struct writ_run_reading *)object)->run->iolog.name, \
				      err);                                                        \
	}
#define IOLOG_PATH(name)                                                                           \
	static int read_log_##name(const struct writ_json *json, void *object,                     \
				   struct writ_error *err)                                         \
	{                                                                                          \
		return writ_run_read_absolute(                                                     \
			object, json, &((struct writ_run_reading *)object)->run->iolog.name, err); \
	}

IOLOG_BOOL(stdin_)
IOLOG_BOOL(stdout_)
IOLOG_BOOL(stderr_)
IOLOG_BOOL(tty)
IOLOG_BOOL(required)
IOLOG_BOOL(server_verify)
IOLOG_PATH(dir)
IOLOG_PATH(server_cabundle)
IOLOG_PATH(server_cert)
IOLOG_PATH(server_key)

static int read_log_group(const struct writ_json *json, void *object, struct writ_error *err)
{
	return writ_run_read_text(object, json,
				  &((struct writ_run_reading *)object)->run->iolog.group, err);
}

static int read_log_servers(const struct writ_json *json, void *object, struct writ_error *err)
{
	struct writ_run *run = ((struct writ_run_reading *)object)->run;

	if (writ_json_strings(((struct writ_run_reading *)object)->loader->arena, json, true,
			      &run->iolog.log_servers, &run->iolog.n_log_servers, err) < 0)
		return -1;
	for (size_t i = 0; i < run->iolog.n_log_servers; i++) {
		struct writ_log_server server;

		if (writ_log_server_parse(run->iolog.log_servers[i], &server) < 0)
			return writ_json_error(json, err,
					       "'%s' is no log server: HOST, HOST:PORT or "
					       "[IPv6]:PORT, with (tls) behind it for TLS",
					       run->iolog.log_servers[i]);
	}
	return 0;
}

static int read_log_timeout(const struct writ_json *json, void *object, struct writ_error *err)
{
	return writ_run_read_seconds(
		json, &((struct writ_run_reading *)object)->run->iolog.server_timeout, err);
}

int writ_run_read_iolog(const struct writ_json *json, void *object, struct writ_error *err)
{
	static const struct writ_json_field fields[] = {
		{"stdin", false, read_log_stdin_},
		{"stdout", false, read_log_stdout_},
		{"stderr", false, read_log_stderr_},
		{"tty", false, read_log_tty},
		{"dir", false, read_log_dir},
		{"group", false, read_log_group},
		{"required", false, read_log_required},
		{"log_servers", false, read_log_servers},
		{"log_server_timeout", false, read_log_timeout},
		{"log_server_cabundle", false, read_log_server_cabundle},
		{"log_server_peer_cert", false, read_log_server_cert},
		{"log_server_peer_key", false, read_log_server_key},
		{"log_server_verify", false, read_log_server_verify},
	};

	return writ_json_fields(json, fields, ARRAY_SIZE(fields), object, err);
}
