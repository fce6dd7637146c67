/* SPDX-License-Identifier: ISC */
#include "reading.h"

/* A small docker: what of its command line matters for splitting. */
static const char docker[] =
	"{'command': 'docker', 'programs': ['/usr/bin/docker'], 'syntax': 'pflag',"
	" 'interspersed': false, 'options': {"
	"  'host': {'short': 'H', 'value': 'string', 'repeat': true, 'here': true},"
	"  'debug': {'short': 'D', 'here': true}, 'version': {'short': 'v', 'here': true},"
	"  'help': {'short': 'h', 'class': 'display'}},"
	" 'subcommands': {"
	"  'run': {'same_as': 'container run'}, 'ps': {'same_as': 'container ls'},"
	"  'stop': {'same_as': 'container stop'}, 'rm': {'same_as': 'container rm'}, 'cp': "
	"{'same_as': 'container cp'},"
	"  'tag': {'interspersed': false, 'operands': ['SOURCE', 'TARGET']},"
	"  'search': {'options': {'limit': {'value': 'int'}}, 'operands': ['TERM']},"
	"  'container': {'subcommands': {"
	"   'run': {'interspersed': false, 'options': {"
	"     'volume': {'short': 'v', 'value': 'docker.volume', 'repeat': true},"
	"     'interactive': {'short': 'i'}, 'tty': {'short': 't'}, 'rm': {},"
	"     'help': {}, 'hostname': {'short': 'h', 'value': 'string'},"
	"     'network': {'value': 'docker.network', 'aliases': ['net'], 'repeat': true},"
	"     'publish': {'short': 'p', 'value': 'docker.publish', 'repeat': true},"
	"     'cpu-shares': {'short': 'c', 'value': 'int'}, 'name': {'value': 'string'},"
	"     'privileged': {}, 'env': {'short': 'e', 'value': 'env', 'repeat': true},"
	"     'opt': {'short': 'o', 'value': 'string', 'optional': true}},"
	"    'operands': ['IMAGE:image', '[COMMAND...]']},"
	"   'ls': {'options': {'all': {'short': 'a'}, 'filter': {'short': 'f', 'value': "
	"'string'}}},"
	"   'stop': {'options': {'timeout': {'short': 't', 'value': 'int', 'aliases': ['time']}},"
	"    'operands': ['CONTAINER:docker.name...']},"
	"   'cp': {'operands': ['SOURCE...', 'TARGET']},"
	"   'rm': {'options': {'force': {'short': 'f'}}, 'operands': "
	"['CONTAINER:docker.name...']}}}}}";

#define VOLUME "docker container run --volume=/:/h{kind=bind,source=/,target=/h} IMAGE=alpine"

static void test_values(void **state)
{
	static const struct reading_row rows[] = {
		{"long, next word", WORDS("docker", "run", "--volume", "/:/h", "alpine"), VOLUME},
		{"long, equals", WORDS("docker", "run", "--volume=/:/h", "alpine"), VOLUME},
		{"short, next word", WORDS("docker", "run", "-v", "/:/h", "alpine"), VOLUME},
		{"short, attached", WORDS("docker", "run", "-v/:/h", "alpine"), VOLUME},
		{"short, equals", WORDS("docker", "run", "-v=/:/h", "alpine"), VOLUME},
		{"cluster, next word", WORDS("docker", "run", "-itv", "/:/h", "alpine"),
		 "docker container run --interactive --tty --volume=/:/h{kind=bind,source=/,"
		 "target=/h} IMAGE=alpine"},
		{"cluster, attached", WORDS("docker", "run", "-itv/:/h", "alpine"),
		 "docker container run --interactive --tty --volume=/:/h{kind=bind,source=/,"
		 "target=/h} IMAGE=alpine"},
		{"cluster, equals", WORDS("docker", "run", "-itv=/:/h", "alpine"),
		 "docker container run --interactive --tty --volume=/:/h{kind=bind,source=/,"
		 "target=/h} IMAGE=alpine"},
		{"-v= has the value =", WORDS("docker", "run", "-v=", "alpine"),
		 "docker container run --volume=={kind=anonymous,target==} IMAGE=alpine"},
		{"an option as a value", WORDS("docker", "run", "--name", "--rm", "alpine"),
		 "docker container run --name=--rm IMAGE=alpine"},
		{"-- as a value", WORDS("docker", "run", "--name", "--", "alpine"),
		 "docker container run --name=-- IMAGE=alpine"},
		{"an empty value", WORDS("docker", "run", "--name", "", "alpine"),
		 "docker container run --name= IMAGE=alpine"},
		{"an empty value by equals", WORDS("docker", "run", "--name=", "alpine"),
		 "docker container run --name= IMAGE=alpine"},
		{"a second equals", WORDS("docker", "run", "--name=a=b", "alpine"),
		 "docker container run --name=a=b IMAGE=alpine"},
		{"repeats", WORDS("docker", "run", "-e", "A=1", "-eA=2", "--env", "HOME", "alpine"),
		 "docker container run --env=A=1{name=A,value=1} --env=A=2{name=A,value=2} "
		 "--env=HOME{name=HOME} IMAGE=alpine"},
		{"an alias", WORDS("docker", "run", "--net", "host", "alpine"),
		 "docker container run --network=host{name=host} IMAGE=alpine"},
		{"base 0", WORDS("docker", "run", "-c", "0700", "alpine"),
		 "docker container run --cpu-shares=448 IMAGE=alpine"},
		{"missing", WORDS("docker", "run", "--name"),
		 "error: docker run: --name needs a value"},
		{"missing, short", WORDS("docker", "run", "-itv"),
		 "error: docker run: --volume needs a value"},
		{"wrong type", WORDS("docker", "run", "-p", "80:x", "alpine"),
		 "error: docker run: --publish: '80:x' has no container port"},
	};

	(void)state;
	reading_check(docker, rows, ARRAY_SIZE(rows));
}

static void test_flags(void **state)
{
	static const struct reading_row rows[] = {
		{"alone", WORDS("docker", "run", "--rm", "-it", "alpine"),
		 "docker container run --rm --interactive --tty IMAGE=alpine"},
		{"=false", WORDS("docker", "run", "--rm=false", "alpine"),
		 "docker container run --rm=false IMAGE=alpine"},
		{"=T", WORDS("docker", "run", "--rm=T", "alpine"),
		 "docker container run --rm IMAGE=alpine"},
		{"-i=false", WORDS("docker", "run", "-i=false", "alpine"),
		 "docker container run --interactive=false IMAGE=alpine"},
		{"-it=false is -i and -t=false", WORDS("docker", "run", "-it=0", "alpine"),
		 "docker container run --interactive --tty=false IMAGE=alpine"},
		{"the next word is no value", WORDS("docker", "run", "--rm", "false"),
		 "docker container run --rm IMAGE=false"},
		{"=yes", WORDS("docker", "run", "--rm=yes", "alpine"),
		 "error: docker run: --rm: 'yes' is neither true nor false"},
		{"=tRuE", WORDS("docker", "run", "--rm=tRuE", "alpine"),
		 "error: docker run: --rm: 'tRuE' is neither true nor false"},
		{"nothing behind =", WORDS("docker", "run", "--rm=", "alpine"),
		 "error: docker run: --rm: '' is neither true nor false"},
		{"-i=: then = is a letter", WORDS("docker", "run", "-i=", "alpine"),
		 "error: docker run has no option -="},
		{"both, in order",
		 WORDS("docker", "run", "--privileged", "--privileged=f", "alpine"),
		 "docker container run --privileged --privileged=false IMAGE=alpine"},
	};

	(void)state;
	reading_check(docker, rows, ARRAY_SIZE(rows));
}

static void test_optional_values(void **state)
{
	static const struct reading_row rows[] = {
		{"alone", WORDS("docker", "run", "--opt", "alpine"),
		 "docker container run --opt() IMAGE=alpine"},
		{"equals", WORDS("docker", "run", "--opt=x", "alpine"),
		 "docker container run --opt=x IMAGE=alpine"},
		{"equals nothing", WORDS("docker", "run", "--opt=", "alpine"),
		 "docker container run --opt= IMAGE=alpine"},
		{"short alone", WORDS("docker", "run", "-o", "alpine"),
		 "docker container run --opt() IMAGE=alpine"},
		{"short equals", WORDS("docker", "run", "-io=x", "alpine"),
		 "docker container run --interactive --opt=x IMAGE=alpine"},
		{"what is attached are letters", WORDS("docker", "run", "-oit", "alpine"),
		 "docker container run --opt() --interactive --tty IMAGE=alpine"},
		{"an unknown letter attached", WORDS("docker", "run", "-ox", "alpine"),
		 "error: docker run has no option -x"},
	};

	(void)state;
	reading_check(docker, rows, ARRAY_SIZE(rows));
}

static void test_unknown(void **state)
{
	static const struct reading_row rows[] = {
		{"no abbreviation", WORDS("docker", "run", "--priv", "alpine"),
		 "error: docker run has no option --priv"},
		{"a misspelling", WORDS("docker", "run", "--privilegd", "alpine"),
		 "error: docker run has no option --privilegd (did you mean --privileged?)"},
		{"a letter", WORDS("docker", "container", "run", "-itZ", "alpine"),
		 "error: docker container run has no option -Z"},
		{"case", WORDS("docker", "run", "--RM", "alpine"),
		 "error: docker run has no option --RM"},
		{"three dashes", WORDS("docker", "run", "---rm", "alpine"),
		 "error: docker run: '---rm' is no option"},
		{"no name", WORDS("docker", "run", "--=x", "alpine"),
		 "error: docker run: '--=x' is no option"},
		{"-=", WORDS("docker", "run", "-=x", "alpine"),
		 "error: docker run has no option -="},
		{"a control character", WORDS("docker", "run", "--a\x1b[2J", "alpine"),
		 "error: docker run has no option --a\\x1b[2J"},
		{"a byte of a character", WORDS("docker", "run", "-\xc3\xa9", "alpine"),
		 "error: docker run has no option -\\xc3"},
		{"dropped by pflag", WORDS("docker", "run", "-test.v", "alpine"),
		 "error: docker run: 'test.v' would be dropped from '-test.v'"},
		{"dropped behind a flag", WORDS("docker", "run", "-itest.privileged", "alpine"),
		 "error: docker run: 'test.privileged' would be dropped from "
		 "'-itest.privileged'"},
		{"test. in a value is kept", WORDS("docker", "run", "-etest.x=1", "alpine"),
		 "docker container run --env=test.x=1{name=test.x,value=1} IMAGE=alpine"},
		{"an option of the program", WORDS("docker", "ps", "-D"),
		 "error: docker ps has no option -D"},
		{"a value's option of the program", WORDS("docker", "ps", "--host", "x"),
		 "error: docker ps has no option --host"},
	};

	(void)state;
	reading_check(docker, rows, ARRAY_SIZE(rows));
}

static void test_operands(void **state)
{
	static const struct reading_row rows[] = {
		{"options end at the image", WORDS("docker", "run", "alpine", "--rm", "-v", "/:/h"),
		 "docker container run IMAGE=alpine COMMAND=[--rm,-v,/:/h]"},
		{"-- before the image", WORDS("docker", "run", "--rm", "--", "alpine", "--rm"),
		 "docker container run --rm IMAGE=alpine COMMAND=[--rm]"},
		{"-- behind the image", WORDS("docker", "run", "alpine", "--", "sh"),
		 "docker container run IMAGE=alpine COMMAND=[--,sh]"},
		{"only the first -- ends options", WORDS("docker", "run", "--", "--", "sh"),
		 "error: docker run: IMAGE: '--' is no image reference"},
		{"- is an operand", WORDS("docker", "cp", "-", "a:/x"),
		 "docker container cp SOURCE=- TARGET=a:/x"},
		{"a repeated one before the last", WORDS("docker", "cp", "a", "b", "c", "d"),
		 "docker container cp SOURCE=a SOURCE=b SOURCE=c TARGET=d"},
		{"no target", WORDS("docker", "cp", "a"), "error: docker cp: TARGET is missing"},
		{"options behind operands",
		 WORDS("docker", "stop", "a", "-t", "5", "b", "--time=7"),
		 "docker container stop --timeout=5 --timeout=7 CONTAINER=a CONTAINER=b"},
		{"-- between operands", WORDS("docker", "stop", "a", "--", "b"),
		 "docker container stop CONTAINER=a CONTAINER=b"},
		{"an option behind --", WORDS("docker", "rm", "--", "-f"),
		 "error: docker rm: CONTAINER: '-f' is no plain name or id"},
		{"-- is kept where options do not follow", WORDS("docker", "tag", "a", "--", "b"),
		 "error: docker tag: 'b' is an operand too many"},
		{"too few", WORDS("docker", "stop", "-t", "5"),
		 "error: docker stop: CONTAINER is missing"},
		{"too many", WORDS("docker", "search", "a", "b"),
		 "error: docker search: 'b' is an operand too many"},
		{"none at all", WORDS("docker", "ps", "foo"),
		 "error: docker ps takes no operand, but 'foo' is given"},
		{"an empty one", WORDS("docker", "ps", ""),
		 "error: docker ps takes no operand, but '' is given"},
		{"cleaned by the client", WORDS("docker", "rm", "../images/foo"),
		 "error: docker rm: CONTAINER: '../images/foo' is no plain name or id"},
	};

	(void)state;
	reading_check(docker, rows, ARRAY_SIZE(rows));
}

static void test_subcommands(void **state)
{
	static const struct reading_row rows[] = {
		{"both names", WORDS("docker", "container", "stop", "a"),
		 "docker container stop CONTAINER=a"},
		{"the program's options first",
		 WORDS("docker", "-D", "-H", "unix:///x", "ps", "-a"),
		 "docker container ls --debug --host=unix:///x --all"},
		{"a cluster of them", WORDS("docker", "-DH", "tcp://x", "ps"),
		 "docker container ls --debug --host=tcp://x"},
		{"-v runs the command", WORDS("docker", "-v", "ps"),
		 "docker container ls --version"},
		{"--version too", WORDS("docker", "--version", "run", "alpine"),
		 "docker container run --version IMAGE=alpine"},
		{"the program's value looks like an option", WORDS("docker", "--host", "-x", "ps"),
		 "docker container ls --host=-x"},
		{"an empty host", WORDS("docker", "-H", "", "ps"), "docker container ls --host="},
		{"-h of the program below it", WORDS("docker", "ps", "-h"),
		 "docker container ls --help"},
		{"-h of the command", WORDS("docker", "run", "-h", "x", "alpine"),
		 "docker container run --hostname=x IMAGE=alpine"},
		{"-- before the command", WORDS("docker", "--", "run", "alpine"),
		 "docker container run IMAGE=alpine"},
		{"-- and an option before the command", WORDS("docker", "--", "-D", "ps"),
		 "docker container ls --debug"},
		{"-- twice", WORDS("docker", "--", "--", "foo", "rm", "x"),
		 "error: docker: 'foo' would be dropped"},
		{"-- below a group", WORDS("docker", "container", "--", "rm", "x"),
		 "error: docker container: 'rm' is not read as a command here"},
		{"-- and a word below a group",
		 WORDS("docker", "container", "--", "foo", "rm", "x"),
		 "error: docker container: 'foo' would be dropped"},
		{"an option between", WORDS("docker", "container", "--help", "rm", "x"),
		 "docker container rm --help CONTAINER=x"},
		{"test. between", WORDS("docker", "container", "-test.x", "rm", "y"),
		 "error: docker container: 'test.x' would be dropped from '-test.x'"},
		{"unknown", WORDS("docker", "rnu", "alpine"),
		 "error: docker has no command rnu (did you mean run?)"},
		{"unknown, nothing near", WORDS("docker", "frobnicate"),
		 "error: docker has no command frobnicate"},
		{"unknown below", WORDS("docker", "container", "stp"),
		 "error: docker container has no command stp (did you mean stop?)"},
		{"empty", WORDS("docker", "", "ps"), "error: docker has no command "},
		{"a dash", WORDS("docker", "-", "ps"), "error: docker has no command -"},
		{"a group alone", WORDS("docker", "container"),
		 "error: docker container needs a command of its own"},
		{"the program alone", WORDS("docker"), "error: docker needs a command of its own"},
		{"-- alone", WORDS("docker", "--"), "error: docker needs a command of its own"},
		{"help is no command here", WORDS("docker", "help", "run"),
		 "error: docker has no command help"},
		{"run --help still wants its image", WORDS("docker", "run", "--help"),
		 "error: docker run: IMAGE is missing"},
		{"the name is not looked at", WORDS("/x/podman", "ps"), "docker container ls"},
	};

	(void)state;
	reading_check(docker, rows, ARRAY_SIZE(rows));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_values),          cmocka_unit_test(test_flags),
		cmocka_unit_test(test_optional_values), cmocka_unit_test(test_unknown),
		cmocka_unit_test(test_operands),        cmocka_unit_test(test_subcommands),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
