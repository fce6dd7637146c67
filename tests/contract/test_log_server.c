/* SPDX-License-Identifier: ISC */
/* The log server: what sudoers_io is told, and what waits in the spool to be sent. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "harness.h"

#define SPOOL "/var/spool/writ"
/* Nobody listens there. */
#define NOBODY "127.0.0.1:1"

#define POLICY(iolog)                                                                              \
	"{ \"version\": 1, \"defaults\": { \"iolog\": { " iolog " } }, \"rules\": [\n"             \
	"  { \"id\": \"number\", \"effect\": \"allow\", \"program\": [\"/usr/bin/id\"],\n"         \
	"    \"argv\": [[{ \"regex\": \"[0-9]+\" }]] },\n"                                         \
	"  { \"id\": \"quiet\", \"effect\": \"allow\", \"program\": [\"/usr/bin/true\"],\n"        \
	"    \"argv\": [[]], \"run\": { \"iolog\": { \"stdin\": false, \"stdout\": false,\n"       \
	"    \"stderr\": false, \"tty\": false } } } ] }"

static int setup(void **state)
{
	(void)state;
	harness_reset();
	assert_int_equal(system("rm -rf " SPOOL), 0);
	return 0;
}

/* How many items wait; the path of one of them in name. */
static int waiting(char name[300])
{
	DIR *dir = opendir(SPOOL);
	const struct dirent *item;
	int n = 0;

	while (dir && (item = readdir(dir)))
		if (*item->d_name != '.') {
			snprintf(name, 300, SPOOL "/%s", item->d_name);
			n++;
		}
	if (dir)
		closedir(dir);
	return n;
}

/* A file of an item, in static memory; "" if it is not there. */
static const char *content(const char *item, const char *name)
{
	static char text[65536];
	char path[400];
	ssize_t n = -1;
	int fd;

	snprintf(path, sizeof(path), "%s/%s", item, name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd >= 0)
		n = read(fd, text, sizeof(text) - 1);
	if (fd >= 0)
		close(fd);
	text[n > 0 ? n : 0] = '\0';
	return text;
}

static bool locked(const char *item)
{
	int fd = open(item, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	bool ret = flock(fd, LOCK_EX | LOCK_NB) < 0 && errno == EWOULDBLOCK;

	close(fd);
	return ret;
}

static void a_required_log_goes_to_the_server(void **state)
{
	char item[300];

	(void)state;
	harness_write(HARNESS_POLICY,
		      POLICY("\"log_servers\": [\"" NOBODY "\", \"[::1]:7(tls)\"],\n"
			     "\"log_server_timeout\": \"7s\", \"log_server_cabundle\": \"/c\",\n"
			     "\"log_server_peer_cert\": \"/p\", \"log_server_peer_key\": \"/k\",\n"
			     "\"log_server_verify\": false"));
	assert_int_equal(harness_open(), 1);
	assert_int_equal(harness_check(WORDS("id", "12")), 1);
	assert_has(harness.command_info, "log_servers", NOBODY ",[::1]:7(tls)");
	assert_has(harness.command_info, "log_server_timeout", "7");
	assert_has(harness.command_info, "log_server_cabundle", "/c");
	assert_has(harness.command_info, "log_server_peer_cert", "/p");
	assert_has(harness.command_info, "log_server_peer_key", "/k");
	assert_has(harness.command_info, "log_server_verify", "false");
	assert_has(harness.command_info, "ignore_iolog_errors", "false");
	assert_text(harness_event(0),
		    "\"iolog\":null,\"log_servers\":[\"" NOBODY "\",\"[::1]:7(tls)\"]");
	assert_int_equal(waiting(item), 0);
	harness_close(0, 0);
}

static void another_is_kept_where_nobody_answers(void **state)
{
	char item[300];

	(void)state;
	harness_write(HARNESS_POLICY,
		      POLICY("\"log_servers\": \"" NOBODY "\", \"required\": false"));
	assert_int_equal(harness_open(), 1);
	assert_int_equal(harness_check(WORDS("id", "12")), 1);
	assert_null(harness_value(harness.command_info, "log_servers"));
	assert_has(harness.command_info, "ignore_iolog_errors", "true");
	assert_text(harness_event(0), "\"iolog\":\"ai-worker/");
	assert_int_equal(waiting(item), 1);
	assert_true(locked(item));
	assert_text(content(item, "deliver.json"), "\"accepted\":true");
	assert_text(content(item, "deliver.json"),
		    harness_value(harness.command_info, "iolog_path"));
	assert_text(content(item, "log.json"), "\"WRIT_RULE=number\"");
	assert_string_equal(content(item, "exit.json"), "");
	harness_close(3 << 8, 0);
	assert_false(locked(item));
	assert_text(content(item, "exit.json"), "\"started\":true,\"status\":3,\"signal\":0");
}

static void a_command_without_a_log_is_an_event(void **state)
{
	char item[300];

	(void)state;
	harness_write(HARNESS_POLICY, POLICY("\"log_servers\": \"" NOBODY "\""));
	assert_int_equal(harness_open(), 1);
	assert_int_equal(harness_check(WORDS("true")), 1);
	assert_int_equal(waiting(item), 1);
	assert_text(content(item, "deliver.json"), "\"iolog\":null");
	harness_close(0, 0);
}

static void a_refusal_waits(void **state)
{
	char item[300];

	(void)state;
	harness_write(HARNESS_POLICY, POLICY("\"log_servers\": \"" NOBODY "\""));
	assert_int_equal(harness_open(), 1);
	assert_refused(WORDS("id", "a\"\\", "\x1b\xff\xe2\x80\xae", "end\\"), "no-rule");
	assert_int_equal(waiting(item), 1);
	assert_false(locked(item));
	assert_text(content(item, "log.json"),
		    "\"id\",\n        \"a\\u0022\\u005c\",\n        "
		    "\"\\u001b\xef\xbf\xbd\xe2\x80\xae\",\n        \"end\\u005c\"\n    ]");
	assert_text(content(item, "log.json"), "\"WRIT_CODE=no-rule\"");
	assert_text(content(item, "deliver.json"), "\"accepted\":false");
	assert_text(content(item, "deliver.json"), strrchr(item, '/') + 1);
	assert_text(harness_event(0), strrchr(item, '/') + 1);
	harness_close(0, EACCES);
}

static void where_nothing_waits(void **state)
{
	static const char *const policies[] = {
		POLICY("\"required\": true"), /* no server */
		"{",                          /* no policy */
		POLICY("\"log_servers\": \"a,b\""),
		POLICY("\"log_servers\": []"),
		POLICY("\"log_servers\": \"-h:1\""),
		POLICY("\"log_servers\": \"::1\""),
		POLICY("\"log_servers\": \"[::1\""),
		POLICY("\"log_servers\": \"h:0\""),
		POLICY("\"log_servers\": \"h:65536\""),
		POLICY("\"log_servers\": \"h:\""),
		POLICY("\"log_servers\": \"h(TLS)\""),
		POLICY("\"log_servers\": \"h (tls)\""),
	};
	char item[300];

	(void)state;
	for (size_t i = 0; i < sizeof(policies) / sizeof(policies[0]); i++) {
		harness_reset();
		harness_write(HARNESS_POLICY, policies[i]);
		assert_int_equal(harness_open(), 1);
		if (harness_check(WORDS("id", i ? "1" : "x")) != 0 || waiting(item) != 0)
			fail_msg("%s", policies[i]);
		harness_close(0, EACCES);
	}
}

int main(int argc, char *argv[])
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(a_required_log_goes_to_the_server, setup),
		cmocka_unit_test_setup(another_is_kept_where_nobody_answers, setup),
		cmocka_unit_test_setup(a_command_without_a_log_is_an_event, setup),
		cmocka_unit_test_setup(a_refusal_waits, setup),
		cmocka_unit_test_setup(where_nothing_waits, setup),
	};

	harness_load(argc, argv);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
