/* SPDX-License-Identifier: ISC */
/* Values that name a host, a network or an account. */
#include "values.h"

static void test_urls(void **state)
{
	static const struct value_row rows[] = {
		{"https://example.org", "{scheme=https,host=example.org}", 0},
		{"HTTPS://Example.ORG/A", "{scheme=https,host=example.org,path=/A}", 0},
		{"https://example.org:8443/a/b?c=d&e#f",
		 "{scheme=https,host=example.org,port=8443,path=/a/b,query=c=d&e,fragment=f}", 0},
		{"git+ssh://git@host/x.git", "{scheme=git+ssh,user=git,host=host,path=/x.git}", 0},
		{"http://u:p@[::1]:80/",
		 "{scheme=http,user=u,password=p,host=[::1],port=80,path=/}", 0},
		{"tcp://10.0.0.1:2376", "{scheme=tcp,host=10.0.0.1,port=2376}", 0},
		{"http://h?x", "{scheme=http,host=h,query=x}", 0},
		{"http://h/a%20b", "{scheme=http,host=h,path=/a%20b}", 0},
		{"http://h/...", "{scheme=http,host=h,path=/...}", 0},
		{"http://h/?u=http://x/..", "{scheme=http,host=h,path=/,query=u=http://x/..}", 0},
		{"file:///etc/hosts", "{scheme=file,path=/etc/hosts}", 0},
		{"http://2130706433/", NULL, 0},
		{"http://127.1/", NULL, 0},
		{"http://localhost./", NULL, 0},
		{"http://a\\@b/", NULL, 0},
		{"http://a:b@[::1]:80/",
		 "{scheme=http,user=a,password=b,host=[::1],port=80,path=/}", 0},
		{"", NULL, 0},
		{"example.org", NULL, 0},
		{"//example.org/", NULL, 0},
		{"http:/x", NULL, 0},
		{"http://", NULL, 0},
		{"http:///x", NULL, 0},
		{"unix:///run/docker.sock", NULL, 0},
		{"1http://h", NULL, 0},
		{"javascript:alert(1)", NULL, 0},
		{"http://a@b@c/", NULL, 0},
		{"http://good.org\\@evil.org/", NULL, 0},
		{"http://h:0/", NULL, 0},
		{"http://h:65536/", NULL, 0},
		{"http://h:/", NULL, 0},
		{"http://h:80:80/", NULL, 0},
		{"http://[::1/", NULL, 0},
		{"http://[x]/", NULL, 0},
		{"http://[::1]x/", NULL, 0},
		{"http://h/a/../b", NULL, 0},
		{"http://h/a/%2e%2E/b", NULL, 0},
		{"http://h/.", NULL, 0},
		{"http://h/a b", NULL, 0},
		{"http://h/a\n", NULL, 0},
		{"http://h/%zz", NULL, 0},
		{"http://h/%2", NULL, 0},
		{"http://h/[a]", NULL, 0},
		{"http://h\xc3\xa9/", NULL, 0},
		{"http://-h/", NULL, 0},
	};

	(void)state;
	value_check("url", rows);
}

static void test_hosts(void **state)
{
	static const struct value_row rows[] = {
		{"localhost", "{host=localhost}", 0},
		{"1a", "{host=1a}", 0},
		{"4711.example:1", "{host=4711.example,port=1}", 0},
		{"localhost.", NULL, 0},
		{"127.1", NULL, 0},
		{"2130706433", NULL, 0},
		{"0x7f000001", NULL, 0},
		{"0x7f.1", NULL, 0},
		{"127.0.0.0x1", NULL, 0},
		{"0127.0.0.1", NULL, 0},
		{"1.2.3.4.5:80", NULL, 0},
		{"256.0.0.1", NULL, 0},
		{"a.b.7", NULL, 0},
		{"[fe80::1%eth0]", NULL, 0},
		{"host:0x50", NULL, 0},
		{"Example.ORG:443", "{host=example.org,port=443}", 0},
		{"10.0.0.1:80", "{host=10.0.0.1,port=80}", 0},
		{"[fd00::1]:80", "{host=[fd00::1],port=80}", 0},
		{"[::1]", "{host=[::1]}", 0},
		{"", NULL, 0},
		{":80", NULL, 0},
		{"::1", NULL, 0},
		{"h:", NULL, 0},
		{"h:x", NULL, 0},
		{"h:080", NULL, 0},
		{"h:80/x", NULL, 0},
		{"u@h:80", NULL, 0},
		{"h 80", NULL, 0},
		{".h", NULL, 0},
	};

	(void)state;
	value_check("host_port", rows);
}

static void test_networks(void **state)
{
	static const struct value_row rows[] = {
		{"10.0.0.0/8", "{address=10.0.0.0,prefix=8,network=10.0.0.0/8}", 0},
		{"10.1.2.3/8", "{address=10.1.2.3,prefix=8,network=10.0.0.0/8}", 0},
		{"10.1.2.3", "{address=10.1.2.3,prefix=32,network=10.1.2.3/32}", 0},
		{"0.0.0.0/0", "{address=0.0.0.0,prefix=0,network=0.0.0.0/0}", 0},
		{"255.255.255.255/31",
		 "{address=255.255.255.255,prefix=31,network=255.255.255.254/31}", 0},
		{"FD00:0::1/9", "{address=fd00::1,prefix=9,network=fd00::/9}", 0},
		{"::/0", "{address=::,prefix=0,network=::/0}", 0},
		{"", NULL, 0},
		{"/8", NULL, 0},
		{"10.0.0.0/", NULL, 0},
		{"10.0.0.0/33", NULL, 0},
		{"10.0.0.0/08", NULL, 0},
		{"10.0.0.0/-1", NULL, 0},
		{"10.0.0.0/255.0.0.0", NULL, 0},
		{"10.0.0/8", NULL, 0},
		{"010.0.0.1", NULL, 0},
		{"0x0a.0.0.1", NULL, 0},
		{"::/129", NULL, 0},
		{"fe80::1%eth0", NULL, 0},
		{"!10.0.0.0/8", NULL, 0},
		{"host", NULL, 0},
		{"10.0.0.0/8 ", NULL, 0},
	};

	(void)state;
	value_check("cidr", rows);
}

static void test_users(void **state)
{
	static const struct value_row rows[] = {
		{"root", "{user=root}", 0},
		{"1000", "{user=1000}", 0},
		{"0:0", "{user=0,group=0}", 0},
		{"www-data:adm", "{user=www-data,group=adm}", 0},
		{"_apt", "{user=_apt}", 0},
		{"host$", "{user=host$}", 0},
		{"4294967294", "{user=4294967294}", 0},
		{"", NULL, 0},
		{":0", NULL, 0},
		{"root:", NULL, 0},
		{"root:0:0", NULL, 0},
		{"00", NULL, 0},
		{"01000", NULL, 0},
		{"-1", NULL, 0},
		{"+5", NULL, 0},
		{"4294967295", NULL, 0},
		{"99999999999", NULL, 0},
		{"#0", NULL, 0},
		{"1a", NULL, 0},
		{"a b", NULL, 0},
		{"a$b", NULL, 0},
		{"root\n", NULL, 0},
		{"abcdefghijklmnopqrstuvwxyzabcdefg", NULL, 0},
	};

	(void)state;
	value_check("user", rows);
}

/* Case means nothing in scheme and host: text in a policy is compared without it. */
static void test_normal_forms(void **state)
{
	static const struct {
		const char *type, *text, *want;
	} rows[] = {
		{"url", "HTTPS://U:P@Example.ORG:1/A?B", "https://U:P@example.org:1/A?B"},
		{"host_port", "Example.ORG:443", "example.org:443"},
		{"cidr", "FD00:0::1", "fd00::1/128"},
		{"cidr", "10.1.2.3/8", "10.1.2.3/8"},
	};
	struct writ_arena *arena = writ_arena_new();
	struct table t = {0};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct writ_value value;

		assert_int_equal(writ_value_read(arena, &value, writ_value_type_find(rows[i].type),
						 rows[i].text, NULL),
				 0);
		table_string(&t, rows[i].text, "normal", value.normal, rows[i].want);
	}
	writ_arena_free(arena);
	table_done(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_urls),         cmocka_unit_test(test_hosts),
		cmocka_unit_test(test_networks),     cmocka_unit_test(test_users),
		cmocka_unit_test(test_normal_forms),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
