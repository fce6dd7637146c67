/* SPDX-License-Identifier: ISC */
/* Docker's structured values, as its client 28.2 was seen to read them. */
#include "values.h"

static void test_volume(void **state)
{
	static const struct value_row rows[] = {
		{"/:/h", "{kind=bind,source=/,target=/h}", 0},
		{"/srv/a:/b:ro", "{kind=bind,source=/srv/a,target=/b,mode=ro}", 0},
		{"/a:/b:z,ro,whatever", "{kind=bind,source=/a,target=/b,mode=z,ro,whatever}", 0},
		{"/a/../../b:/x", "{kind=bind,source=/a/../../b,target=/x}", 0},
		{"./up/../../../x:/mnt", "{kind=bind,source=./up/../../../x,target=/mnt}", 0},
		{"../x:/y", "{kind=bind,source=../x,target=/y}", 0},
		{".:/y", "{kind=bind,source=.,target=/y}", 0},
		{".hidden:/y", "{kind=bind,source=.hidden,target=/y}", 0},
		{"~/x:/y", "{kind=bind,source=~/x,target=/y}", 0},
		{"up/../x:/y", "{kind=volume,source=up/../x,target=/y}", 0},
		{"data:/data", "{kind=volume,source=data,target=/data}", 0},
		{" /ab:/cd", "{kind=volume,source= /ab,target=/cd}", 0},
		{"1:/mnt", "{kind=volume,source=1,target=/mnt}", 0},
		{"\\\\.\\pipe\\x:/y", "{kind=bind,source=\\\\.\\pipe\\x,target=/y}", 0},
		{"/x", "{kind=anonymous,target=/x}", 0},
		{"/srv/data", "{kind=anonymous,target=/srv/data}", 0},
		{".x", "{kind=anonymous,target=.x}", 0},
		{"c:/mnt", "{kind=anonymous,target=c:/mnt}", 0},
		{"c:/mnt:/b", "{kind=bind,source=c:/mnt,target=/b}", 0},
		{"/ab:c:/d", "{kind=bind,source=/ab,target=c:/d}", 0},
		{"/ab:cd", "{kind=bind,source=/ab,target=cd}", 0},
		{"a:", "{kind=anonymous,target=a:}", 0},
		{"a:b", "{kind=anonymous,target=a:b}", 0},
		{"::", "{kind=anonymous,target=::}", 0},
		{":", "{kind=anonymous,target=:}", 0},
		{"=", "{kind=anonymous,target==}", 0},
		{"/a\n:/b", "{kind=bind,source=/a\n,target=/b}", 0},
		{"", NULL, 0},
		{"/a:", NULL, 0},
		{":/b", NULL, 0},
		{"/a::ro", NULL, 0},
		{"/a:/b:", NULL, 0},
		{"/a:/b:ro:x", NULL, 0},
		{":::", NULL, 0},
		{"a:/b:ro", NULL, 0},     /* a drive to the client, the volume a to the engine */
		{"\xc3\xa9:/x", NULL, 0}, /* Go asks Unicode whether this is a letter */
		{"/a\xff:/b", NULL, 0},   /* sent as another path */
		{"\xff:/b", NULL, 0},
	};

	(void)state;
	value_check("docker.volume", rows);
}

static void test_mount(void **state)
{
	static const struct value_row rows[] = {
		{"type=bind,src=/,dst=/h", "{type=bind,source=/,target=/h}", 0},
		{"type=bind,source=/,destination=/h", "{type=bind,source=/,target=/h}", 0},
		{"TYPE=BIND,Src=/,Dst=/H", "{type=bind,source=/,target=/H}", 0},
		{"target=/x", "{type=volume,target=/x}", 0},
		{"src=data,target=/x", "{type=volume,source=data,target=/x}", 0},
		{"type=bind,src=../../x,dst=/y", "{type=bind,source=../../x,target=/y}", 0},
		{"type=bind,src=x,dst=/y", "{type=bind,source=x,target=/y}", 0},
		{"type=bind,dst=/y", "{type=bind,target=/y}", 0},
		{"type=bind,src=,dst=/y", "{type=bind,target=/y}", 0},
		{"src=/,src=/srv,type=bind,dst=/x,dst=/y", "{type=bind,source=/srv,target=/y}", 0},
		{"\n\r\n\"type=bind\",\"src=/a,b\",dst=/y\nsrc=/,x",
		 "{type=bind,source=/a,b,target=/y}", 0},
		{"type=bind,\"src=/a\"\"b\",dst=/y\r", "{type=bind,source=/a\"b,target=/y}", 0},
		{"type=bind,\"src=/a\r\nb\",dst=/y", "{type=bind,source=/a\nb,target=/y}", 0},
		{"type=bind,src=/,dst=/y,readonly", "{type=bind,source=/,target=/y,readonly=true}",
		 0},
		{"type=bind,src=/,dst=/y,RO=T", "{type=bind,source=/,target=/y,readonly=true}", 0},
		{"type=bind,src=/,dst=/y,ro,readonly=false", "{type=bind,source=/,target=/y}", 0},
		{"type=bind,src=/,dst=/y,bind-propagation=RSHARED",
		 "{type=bind,source=/,target=/y,bind-propagation=rshared}", 0},
		{"type=bind,src=/,dst=/y,bind-nonrecursive",
		 "{type=bind,source=/,target=/y,bind-nonrecursive=true}", 0},
		{"type=bind,src=/,dst=/y,bind-recursive=disabled",
		 "{type=bind,source=/,target=/y,bind-nonrecursive=true}", 0},
		{"type=bind,src=/,dst=/y,ro,bind-recursive=writable",
		 "{type=bind,source=/,target=/y,readonly=true,bind-recursive=writable}", 0},
		{"type=bind,src=/,dst=/y,ro,bind-recursive=readonly,bind-propagation=rprivate",
		 "{type=bind,source=/,target=/y,readonly=true,bind-propagation=rprivate,"
		 "bind-recursive=readonly}",
		 0},
		{"dst=/y,bind-recursive=enabled", "{type=volume,target=/y}", 0},
		{"type=volume,dst=/y,volume-opt=type=none,volume-opt=o=bind,volume-opt=device=/",
		 "{type=volume,target=/y,volume-opt=type=none,volume-opt=o=bind,"
		 "volume-opt=device=/}",
		 0},
		{"dst=/y,volume-opt=device=/srv,volume-opt=o=bind,volume-opt=device=/",
		 "{type=volume,target=/y,volume-opt=device=/,volume-opt=o=bind}", 0},
		{"dst=/y,volume-driver=local,volume-label=a,volume-label=b=c=d,volume-nocopy",
		 "{type=volume,target=/y,volume-nocopy=true,volume-label=a=,volume-label=b=c=d,"
		 "volume-driver=local}",
		 0},
		{"type=tmpfs,dst=/y,tmpfs-size=1m,tmpfs-mode=1777",
		 "{type=tmpfs,target=/y,tmpfs-size=1m,tmpfs-mode=1777}", 0},
		{"type=image,src=alpine,dst=/y,image-subpath=a",
		 "{type=image,source=alpine,target=/y,image-subpath=a}", 0},
		{"type=npipe,src=x,dst=/y", "{type=npipe,source=x,target=/y}", 0},
		{"dst=/y,consistency=Cached", "{type=volume,target=/y,consistency=cached}", 0},
		{"\xe2\x84\xaa=x,dst=/y", NULL, 0},
		{"type=B\xc4\xb0ND,dst=/y", "{type=bind,target=/y}", 0},
		{"", NULL, 0},
		{"\n", NULL, 0},
		{"type=bind", NULL, 0},
		{"type=bind,src=/", NULL, 0},
		{"type=bind,src=/,dst=", NULL, 0},
		{"type=,src=/,dst=/y", NULL, 0},
		{"type=bind,src=/,dst=/y,", NULL, 0},
		{",dst=/y", NULL, 0},
		{" src=/,dst=/y", NULL, 0},
		{"type=bind, src=/,dst=/y", NULL, 0},
		{"\r\rtype=bind,dst=/y", NULL, 0},
		{"src,dst=/y", NULL, 0},
		{"type=bind,src=/,dst=/y,readonly=maybe", NULL, 0},
		{"type=bind,src=/,dst=/y,frob=1", NULL, 0},
		{"type=bind,src=\"/\",dst=/y", NULL, 0},
		{"\"type=bind,dst=/y", NULL, 0},
		{"\"type=bind\"x,dst=/y", NULL, 0},
		{"\"type=bind\"\"", NULL, 0},
		{"dst=/y,bind-propagation=shared", NULL, 0},
		{"dst=/y,bind-nonrecursive=false", NULL, 0},
		{"type=bind,src=/,dst=/y,volume-nocopy", NULL, 0},
		{"type=bind,src=/,dst=/y,tmpfs-size=1m", NULL, 0},
		{"type=bind,src=/,dst=/y,bind-recursive=writable", NULL, 0},
		{"type=bind,src=/,dst=/y,ro,bind-recursive=readonly", NULL, 0},
		{"type=bind,src=/,dst=/y,bind-recursive=Disabled", NULL, 0},
		{"type=tmpfs,dst=/y,tmpfs-size=x", NULL, 0},
		{"type=tmpfs,dst=/y,tmpfs-mode=8", NULL, 0},
		{"type=tmpfs,dst=/y,tmpfs-mode=", NULL, 0},
		{"type=tmpfs,dst=/y,tmpfs-mode=77777777777", NULL, 0},
		{"dst=/y,volume-opt==x", NULL, 0},
		{"type=bind,src=/\xff,dst=/y", NULL, 0},
		{"volume", NULL, 0},
		{"type=v,dst=/y,volume-nocopy", NULL, 0},
	};

	(void)state;
	value_check("docker.mount", rows);
}

static void test_network(void **state)
{
	static const struct value_row rows[] = {
		{"host", "{name=host}", 0},
		{"none", "{name=none}", 0},
		{"container:db", "{name=container:db}", 0},
		{"Host", "{name=Host}", 0},
		{" host", "{name= host}", 0},
		{"name=host", "{name=host}", 0},
		{"NAME=HOST", "{name=host}", 0},
		{" name=host", "{name=host}", 0},
		{"name=host ", "{name=host}", 0},
		{"\"name=host\"", "{name=host}", 0},
		{"name=a,name=b", "{name=b}", 0},
		{"name=a,alias=Web,alias=x,ip=10.0.0.2,ip6=::2",
		 "{name=a,alias=web,alias=x,ip=10.0.0.2,ip6=::2}", 0},
		{"name=a,driver-opt=A=B,driver-opt=c=d,driver-opt=a=e",
		 "{name=a,driver-opt=a=e,driver-opt=c=d}", 0},
		{"name=a,mac-address=1,link-local-ip=x,gw-priority=-3",
		 "{name=a,mac-address=1,link-local-ip=x,gw-priority=-3}", 0},
		{"name=host\nname=none", "{name=host}", 0},
		{"\nname=host", "{name=host}", 0},
		{"name=", "{name=name=}", 0},
		{"=host", "{name==host}", 0},
		{"name= host", "{name=name= host}", 0},
		{"na me=", "{name=na me=}", 0},
		{"a=-b", "{name=a=-b}", 0},
		{"\xe2\x84\xaa=", "{name=\xe2\x84\xaa=}", 0},
		{"", NULL, 0},
		{"x=y", NULL, 0},
		{"a b=c", NULL, 0},
		{"alias=x", NULL, 0},
		{"name=a,b", NULL, 0},
		{"name=a,=b", NULL, 0},
		{"name=a,", NULL, 0},
		{"name=a,driver-opt=x", NULL, 0},
		{"name=a,driver-opt==x", NULL, 0},
		{"name=a,gw-priority=x", NULL, 0},
		{"name=a,name=", NULL, 0},
		{"name=\"a\"", "{name=name=\"a\"}", 0}, /* no word character behind "=" */
		{"name=a\"b\"", NULL, 0},
		{"name=\xc3\xa9,alias=a", NULL, 0},
		{"a\xff", NULL, 0},
	};

	(void)state;
	value_check("docker.network", rows);
}

static void test_publish(void **state)
{
	static const struct value_row rows[] = {
		{"80", "{container_port=80,protocol=tcp}", 0},
		{"8080:80", "{host_port=8080,container_port=80,protocol=tcp}", 0},
		{"8080:80/udp", "{host_port=8080,container_port=80,protocol=udp}", 0},
		{"8080:80/SCTP", "{host_port=8080,container_port=80,protocol=sctp}", 0},
		{"80/", "{container_port=80,protocol=tcp}", 0},
		{"80/tcp/x", "{container_port=80,protocol=tcp}", 0},
		{"127.0.0.1:8080:80",
		 "{ip=127.0.0.1,host_port=8080,container_port=80,protocol=tcp}", 0},
		{"127.0.0.1::80", "{ip=127.0.0.1,container_port=80,protocol=tcp}", 0},
		{":80", "{container_port=80,protocol=tcp}", 0},
		{"::80", "{container_port=80,protocol=tcp}", 0},
		{"[::1]:80:80", "{ip=::1,host_port=80,container_port=80,protocol=tcp}", 0},
		{"::1:80:80", "{ip=::1,host_port=80,container_port=80,protocol=tcp}", 0},
		{"[127.0.0.1]:80:80", "{ip=127.0.0.1,host_port=80,container_port=80,protocol=tcp}",
		 0},
		{"[]:80:80", "{host_port=80,container_port=80,protocol=tcp}", 0},
		{"080:0080", "{host_port=80,container_port=80,protocol=tcp}", 0},
		{"0:80", "{host_port=0,container_port=80,protocol=tcp}", 0},
		{"8000-8010:80", "{host_port=8000-8010,container_port=80,protocol=tcp}", 0},
		{"8000-8001:80-81", "{host_port=8000-8001,container_port=80-81,protocol=tcp}", 0},
		{"80-80", "{container_port=80,protocol=tcp}", 0},
		{"1-2-3", "{container_port=1-2,protocol=tcp}", 0},
		{"published=8080,target=80", "{host_port=8080,container_port=80,protocol=tcp}", 0},
		{"target=80", "{container_port=80,protocol=tcp}", 0},
		{"published=127.0.0.1:80,target=80,protocol=udp,mode=host",
		 "{ip=127.0.0.1,host_port=80,container_port=80,protocol=udp}", 0},
		{"", NULL, 0},
		{"80:", NULL, 0},
		{"80:x", NULL, 0},
		{"x:80", NULL, 0},
		{"/tcp", NULL, 0},
		{"80/icmp", NULL, 0},
		{"65536", NULL, 0},
		{"-1", NULL, 0},
		{"+80", NULL, 0},
		{" 80", NULL, 0},
		{"90-80", NULL, 0},
		{"80-", NULL, 0},
		{"8000-8002:80-81", NULL, 0},
		{"localhost:80:80", NULL, 0},
		{"127.0.0.01:80:80", NULL, 0},
		{"[::1%lo]:80:80", NULL, 0},
		{"[::1:80:80", NULL, 0},
		{"[[::1]]:80:80", NULL, 0},
		{"published=80", NULL, 0},
		{"target=80=81", NULL, 0},
		{"target=80,x", NULL, 0},
		{"=80,target=80", NULL, 0},
	};

	(void)state;
	value_check("docker.publish", rows);
}

static void test_device(void **state)
{
	static const struct value_row rows[] = {
		{"/dev/kfd", "{source=/dev/kfd,target=/dev/kfd,permissions=rwm}", 0},
		{"/dev/null/../sda", "{source=/dev/sda,target=/dev/sda,permissions=rwm}", 0},
		{"/dev//a/./b/", "{source=/dev/a/b,target=/dev/a/b,permissions=rwm}", 0},
		{"/dev/a:r", "{source=/dev/a,target=/dev/a,permissions=r}", 0},
		{"/dev/../a:mw", "{source=/a,target=/a,permissions=mw}", 0},
		{"/dev/a:/dev/b", "{source=/dev/a,target=/dev/b,permissions=rwm}", 0},
		{"/dev/a/../b:/dev/x/../y", "{source=/dev/a/../b,target=/dev/y,permissions=rwm}",
		 0},
		{"x/../y:/dev/z", "{source=x/../y,target=/dev/z,permissions=rwm}", 0},
		{"/dev/a:/dev/b/../c:rw", "{source=/dev/a,target=/dev/b/../c,permissions=rw}", 0},
		{"nvidia.com/gpu=all", "{cdi=nvidia.com/gpu=all}", 0},
		{"amd.com/gpu=0:1", "{cdi=amd.com/gpu=0:1}", 0},
		{"/n/g=a", "{source=/n/g=a,target=/n/g=a,permissions=rwm}", 0},
		{"", NULL, 0},
		{"dev/a", NULL, 0},
		{":/dev/a", NULL, 0},
		{"/dev/a:", NULL, 0},
		{"/dev/a:x", NULL, 0},
		{"/dev/a:rr", NULL, 0},
		{"/dev/a::rwm", NULL, 0},
		{"/dev/a:b:rwm", NULL, 0},
		{"/dev/a:/dev/b:rwx", NULL, 0},
		{"/dev/a:/dev/b:", NULL, 0},
		{"/dev/a:/dev/b:r:w", NULL, 0},
		{"a/gpu=0", NULL, 0}, /* makes docker panic */
		{"nv/g=0", NULL, 0},
		{"1nv/gpu=0", NULL, 0},
		{"nvidia.com/gpu=", NULL, 0},
		{"nvidia.com/gpu/x=0", NULL, 0},
		{"nvidia.com./gpu=0", NULL, 0},
		{"gpu=0", NULL, 0},
		{"/dev/\xff", NULL, 0},
	};

	(void)state;
	value_check("docker.device", rows);
}

/* What a matcher sees of the fields: a bind's source is a path of this host, a volume's is a name.
 */
static void test_field_types(void **state)
{
	static const struct {
		const char *type, *text, *field, *want;
	} rows[] = {
		{"docker.volume", "/:/h", "source", "path"},
		{"docker.volume", "./x:/h", "source", "path"},
		{"docker.volume", "data:/h", "source", "string"},
		{"docker.volume", "/:/h", "target", "string"},
		{"docker.mount", "type=bind,src=/,dst=/h", "source", "path"},
		{"docker.mount", "src=/,dst=/h,type=BIND", "source", "path"},
		{"docker.mount", "src=/,dst=/h", "source", "string"},
		{"docker.mount", "type=bind,src=/,dst=/h,ro", "readonly", "bool"},
		{"docker.mount", "type=tmpfs,dst=/h,tmpfs-size=1m", "tmpfs-size", "bytes"},
		{"docker.device", "/dev/a", "source", "path"},
		{"docker.device", "a.b/c1=d", "cdi", "string"},
	};
	struct writ_arena *arena = writ_arena_new();
	struct table t = {0};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const struct writ_field *field;
		struct writ_value value;

		if (!table_int(&t, rows[i].text, "read",
			       writ_value_read(arena, &value, writ_value_type_find(rows[i].type),
					       rows[i].text, NULL),
			       0))
			continue;
		field = writ_value_field(&value, rows[i].field);
		table_string(&t, rows[i].text, rows[i].field, field ? field->type->name : NULL,
			     rows[i].want);
	}
	writ_arena_free(arena);
	table_done(&t);
}

/* Every field that a value has is one that its type names, or rules could not speak of it. */
static void test_field_names(void **state)
{
	static const char *const texts[][2] = {
		{"docker.volume", "/a:/b:ro"},
		{"docker.mount",
		 "type=bind,src=/,dst=/y,ro,bind-propagation=rprivate,consistency=x,"
		 "bind-recursive=readonly,bind-nonrecursive"},
		{"docker.mount", "dst=/y,volume-nocopy,volume-label=a,volume-driver=b,volume-opt=c,"
				 "volume-subpath=d"},
		{"docker.mount", "type=tmpfs,dst=/y,tmpfs-size=1,tmpfs-mode=1"},
		{"docker.mount", "type=image,dst=/y,image-subpath=a"},
		{"docker.network", "name=a,alias=b,ip=c,ip6=d,mac-address=e,link-local-ip=f,"
				   "driver-opt=g=h,gw-priority=1"},
		{"docker.publish", "1.2.3.4:1:2/udp"},
		{"docker.device", "/a:/b:r"},
		{"docker.device", "a.b/c1=d"},
		{"env", "A=b"},
	};
	struct writ_arena *arena = writ_arena_new();
	struct table t = {0};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		const struct writ_value_type *type = writ_value_type_find(texts[i][0]);
		struct writ_value value;

		if (!table_int(&t, texts[i][1], "read",
			       writ_value_read(arena, &value, type, texts[i][1], NULL), 0))
			continue;
		for (size_t k = 0; k < value.n_fields; k++) {
			bool known = false;

			for (const char *const *name = type->field_names; *name; name++)
				known = known || strcmp(*name, value.fields[k].name) == 0;
			table_true(&t, texts[i][1], value.fields[k].name, known);
		}
	}
	writ_arena_free(arena);
	table_done(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_volume),      cmocka_unit_test(test_mount),
		cmocka_unit_test(test_network),     cmocka_unit_test(test_publish),
		cmocka_unit_test(test_device),      cmocka_unit_test(test_field_types),
		cmocka_unit_test(test_field_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
