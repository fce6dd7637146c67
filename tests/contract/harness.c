/* SPDX-License-Identifier: ISC */
#include "harness.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

struct harness harness;
const char *harness_fake_sudoers, *harness_writ_so;

static const char small_policy[] =
	"{ \"version\": 1,\n"
	"  \"sets\": { \"digits\": [{ \"regex\": \"[0-9]+\" }] },\n"
	"  \"rules\": [\n"
	"    { \"id\": \"anything\", \"effect\": \"allow\", \"program\": [\"/usr/bin/true\"],\n"
	"      \"argv\": [[{ \"rest\": true }]] },\n"
	"    { \"id\": \"script\", \"effect\": \"allow\", \"program\": "
	"[\"/usr/bin/contract-script\",\n"
	"                                      \"/usr/bin/contract-swap\"],\n"
	"      \"argv\": [[{ \"rest\": true }]] },\n"
	"    { \"id\": \"number\", \"effect\": \"allow\", \"program\": [\"/usr/bin/id\"],\n"
	"      \"argv\": [[{ \"set\": \"digits\" }]],\n"
	"      \"run\": { \"runas\": { \"user\": [\"root\", \"bob\"] }, \"timeout\": \"90s\",\n"
	"               \"nice\": 5, \"umask\": \"027\", \"noexec\": true } },\n"
	"    { \"id\": \"never\", \"effect\": \"deny\", \"program\": [\"/usr/bin/env\"],\n"
	"      \"reason\": \"env starts other programs\" }\n"
	"  ] }\n";

int harness_print(int type, const char *format, ...)
{
	char *to = (type & 0xff) == SUDO_CONV_ERROR_MSG ? harness.err : harness.out;
	size_t used = strlen(to);
	va_list args;
	int n;

	va_start(args, format);
	n = vsnprintf(to + used, sizeof(harness.out) - used, format, args);
	va_end(args);
	return n;
}

int harness_converse(int n, const struct sudo_conv_message messages[],
		     struct sudo_conv_reply replies[], struct sudo_conv_callback *callback)
{
	(void)callback;
	for (int i = 0; i < n; i++) {
		const char *answer;

		switch (messages[i].msg_type & 0xff) {
		case SUDO_CONV_ERROR_MSG:
		case SUDO_CONV_INFO_MSG:
			harness_print(messages[i].msg_type, "%s", messages[i].msg);
			continue;
		default:
			harness_print(SUDO_CONV_ERROR_MSG, "%s", messages[i].msg);
			answer = harness.asked < 8 ? harness.answers[harness.asked] : NULL;
			harness.asked++;
			if (!answer)
				return -1;
			replies[i].reply = strdup(answer);
		}
	}
	return 0;
}

void harness_load(int argc, char *argv[])
{
	void *handle;

	if (argc != 3) {
		fprintf(stderr, "usage: %s WRIT_SO FAKE_SUDOERS_SO\n", argv[0]);
		exit(2);
	}
	harness_fake_sudoers = realpath(argv[2], NULL);
	handle = dlopen(argv[1], RTLD_LAZY | RTLD_GLOBAL);
	harness.plugin = handle ? dlsym(handle, "writ_policy") : NULL;
	harness.approval = handle ? dlsym(handle, "writ_approval") : NULL;
	harness.audit = handle ? dlsym(handle, "writ_audit") : NULL;
	harness_writ_so = argv[1];
	if (!harness.plugin || !harness.approval || !harness.audit) {
		fprintf(stderr, "%s\n", dlerror());
		exit(2);
	}
	mkdir(HARNESS_DIR, 0755);
	mkdir(HARNESS_DIR "/commands", 0755);
	harness_write("/usr/bin/contract-script", "#!/bin/sh\nexit 0\n");
	chmod("/usr/bin/contract-script", 0755);
}

static void set_all(const char **vector, const char *const *entries)
{
	for (; *entries; entries++)
		*vector++ = *entries;
	*vector = NULL;
}

void harness_reset(void)
{
	static const char *const settings[] = {"plugin_path=/usr/libexec/sudo/writ.so",
					       "progname=sudo", "noninteractive=true",
					       "plugin_dir=/usr/libexec/sudo/", NULL};
	static const char *const user_info[] = {"user=ai-worker", "uid=4321", "gid=4321",
						"groups=4321",    "cwd=/tmp", "tty=/dev/pts/7",
						"host=writ-host", "pid=12",   NULL};
	static const char *const user_env[] = {"PATH=/tmp", "LANG=C.UTF-8", "HOME=/home/ai-worker",
					       "LD_PRELOAD=/tmp/x.so", NULL};
	static const char *const options[] = {"subjects=ai-worker", "policy=" HARNESS_POLICY,
					      "commands=" HARNESS_DIR "/commands", NULL};
	struct policy_plugin *plugin = harness.plugin;
	struct approval_plugin *approval = harness.approval;
	struct audit_plugin *audit = harness.audit;

	memset(&harness, 0, sizeof(harness));
	harness.plugin = plugin;
	harness.approval = approval;
	harness.audit = audit;
	harness.version = SUDO_API_VERSION;
	set_all(harness.settings, settings);
	set_all(harness.user_info, user_info);
	set_all(harness.user_env, user_env);
	set_all(harness.options, options);
	harness_write(HARNESS_POLICY, small_policy);
	unlink(EVENTS);
	if (chdir("/tmp") < 0)
		exit(2);
}

void harness_unset(const char **vector, const char *name)
{
	size_t length = strlen(name);
	const char **to = vector;

	for (; *vector; vector++)
		if (strncmp(*vector, name, length) != 0 || (*vector)[length] != '=')
			*to++ = *vector;
	*to = NULL;
}

void harness_set(const char **vector, const char *entry)
{
	char name[64];

	snprintf(name, sizeof(name), "%.*s", (int)strcspn(entry, "="), entry);
	harness_unset(vector, name);
	while (*vector)
		vector++;
	vector[0] = entry;
	vector[1] = NULL;
}

static char *const *given(const char **vector, bool none)
{
	return none ? NULL : (char *const *)vector;
}

char *const *harness_settings(void)
{
	return given(harness.settings, harness.no_settings);
}

char *const *harness_user_info(void)
{
	return given(harness.user_info, harness.no_user_info);
}

char *const *harness_user_env(void)
{
	return given(harness.user_env, harness.no_user_env);
}

char *const *harness_options(void)
{
	return given(harness.options, harness.no_options);
}

int harness_open(void)
{
	harness.out[0] = harness.err[0] = '\0';
	return harness.plugin->open(harness.version, harness_converse, harness_print,
				    harness_settings(), harness_user_info(), harness_user_env(),
				    harness_options(), &harness.errstr);
}

int harness_check_env(const char *const argv[], const char *const env_add[])
{
	int argc = 0;

	while (argv && argv[argc])
		argc++;
	harness.out[0] = harness.err[0] = '\0';
	harness.errstr = NULL;
	harness.command_info = harness.argv = harness.env = NULL;
	return harness.plugin->check_policy(argc, (char *const *)argv, (char **)env_add,
					    &harness.command_info, &harness.argv, &harness.env,
					    &harness.errstr);
}

int harness_check(const char *const argv[])
{
	return harness_check_env(argv, NULL);
}

int harness_list(const char *const argv[], int verbose, const char *user)
{
	int argc = 0;

	while (argv && argv[argc])
		argc++;
	harness.out[0] = harness.err[0] = '\0';
	harness.errstr = NULL;
	return harness.plugin->list(argc, (char *const *)argv, verbose, user, &harness.errstr);
}

void harness_close(int status, int error)
{
	if (harness.plugin->close)
		harness.plugin->close(status, error);
}

const char *harness_value(char **vector, const char *name)
{
	size_t length = strlen(name);

	for (; vector && *vector; vector++)
		if (strncmp(*vector, name, length) == 0 && (*vector)[length] == '=')
			return *vector + length + 1;
	return NULL;
}

void harness_write(const char *path, const char *text)
{
	FILE *f = fopen(path, "we");

	if (!f || fputs(text, f) < 0 || fclose(f) != 0 || chmod(path, 0644) < 0) {
		perror(path);
		exit(2);
	}
}

/* Splits the log into lines; their number. */
static int read_events(const char **lines, int max)
{
	static char text[1 << 20];
	int fd = open(EVENTS, O_RDONLY | O_CLOEXEC), n = 0;
	ssize_t size = fd < 0 ? 0 : read(fd, text, sizeof(text) - 1);

	if (fd >= 0)
		close(fd);
	text[size > 0 ? size : 0] = '\0';
	for (char *line = text, *end; n < max && (end = strchr(line, '\n')); line = end + 1) {
		*end = '\0';
		lines[n++] = line;
	}
	return n;
}

int harness_events(void)
{
	const char *lines[1000];

	return read_events(lines, 1000);
}

const char *harness_event(int index)
{
	const char *lines[1000];
	int n = read_events(lines, 1000);

	index = index < 0 ? n + index : index;
	return index >= 0 && index < n ? lines[index] : "";
}

bool harness_is_refusal(const char *code)
{
	size_t length = strlen(harness.err);
	int lines = 0;
	char tag[64];

	snprintf(tag, sizeof(tag), "[%s]\n", code);
	for (const char *c = harness.err; *c; c++)
		lines += *c == '\n';
	return strncmp(harness.err, "writ: refused: ", 15) == 0 && lines <= 3 &&
	       harness.err[length - 1] == '\n' && strstr(harness.err, tag) && !*harness.out;
}

void assert_has(char **vector, const char *name, const char *want)
{
	const char *got = harness_value(vector, name);

	if (!got || strcmp(got, want) != 0)
		fail_msg("%s: got '%s', want '%s'", name, got ? got : "(none)", want);
}

void assert_text(const char *text, const char *part)
{
	if (!strstr(text, part))
		fail_msg("'%s' is not in: %.2000s", part, text);
}

void assert_no_text(const char *text, const char *part)
{
	if (strstr(text, part))
		fail_msg("'%s' is in: %.2000s", part, text);
}

void assert_refused(const char *const argv[], const char *tag)
{
	int got = harness_check(argv);

	if (got != 0 || !harness_is_refusal(tag))
		fail_msg("want a refusal [%s], got %d: %.2000s", tag, got, harness.err);
	assert_non_null(harness.errstr);
	assert_non_null(harness_value(harness.command_info, "command"));
}
