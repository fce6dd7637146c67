/* SPDX-License-Identifier: ISC */
/* What few programs have on top of their syntax: a negation, modules with options of their own,
 * words behind values, options that stand for an operand, words that stand behind "--". */
#include "reading.h"

static const char wall[] =
	"{'command': 'wall', 'programs': ['/wall'], 'syntax': 'getopt_long', 'complete': true,"
	" 'negation': '!', 'modules': ['tcp', 'udp', 'log', 'plain'], 'options': {"
	"  'add': {'short': 'A', 'value': 'string'}, 'numeric': {'short': 'n', 'negate': true},"
	"  'list': {'short': 'L', 'value': 'string', 'optional': true, 'next': '[^-!].*'},"
	"  'line': {'value': 'int', 'behind': ['add', 'list'], 'next': '[^-!].*'},"
	"  'source': {'short': 's', 'value': 'cidr', 'negate': true, 'aliases': ['src']},"
	"  'match': {'short': 'm', 'value': 'string', 'loads': true, 'repeat': true},"
	"  'protocol': {'short': 'p', 'value': 'string', 'loads': true, 'negate': true},"
	"  'port': {'value': 'string', 'of': ['tcp', 'udp'], 'aliases': ['dport'], 'negate': true},"
	"  'num': {'of': 'tcp'},"
	"  'flags': {'value': 'string', 'of': 'tcp', 'negate': true},"
	"  'set': {'value': 'string', 'behind': 'flags'},"
	"  'prefix': {'value': 'text', 'of': 'log'}}}";

static void test_negation(void **state)
{
	static const struct reading_row rows[] = {
		{"before a letter", WORDS("wall", "!", "-s", "10.0.0.0/8"),
		 "wall !source=10.0.0.0/8{address=10.0.0.0,prefix=8,network=10.0.0.0/8}"},
		{"before a name", WORDS("wall", "!", "--src=10.0.0.1"),
		 "wall !source=10.0.0.1/32{address=10.0.0.1,prefix=32,network=10.0.0.1/32}"},
		{"before an abbreviation", WORDS("wall", "!", "--numer"), "wall !numeric"},
		{"of the first in a cluster alone", WORDS("wall", "!", "-ns10.0.0.1"),
		 "wall !numeric "
		 "--source=10.0.0.1/32{address=10.0.0.1,prefix=32,network=10.0.0.1/32}"},
		{"ends with its option", WORDS("wall", "!", "-n", "-n"), "wall !numeric --numeric"},
		{"with a word behind", WORDS("wall", "-mtcp", "!", "--flags", "SYN", "ACK"),
		 "wall --match=tcp !flags=SYN set=ACK"},
		{"where there is none", WORDS("wall", "!", "-A", "x"),
		 "error: wall: --add cannot be negated"},
		{"twice", WORDS("wall", "!", "!", "-n"),
		 "error: wall: '!' stands before no option"},
		{"at the end", WORDS("wall", "!"), "error: wall: '!' stands before no option"},
		{"before --", WORDS("wall", "!", "--"), "error: wall: '!' stands before no option"},
		{"before an operand", WORDS("wall", "!", "x"),
		 "error: wall: '!' stands before no option"},
		{"as a value", WORDS("wall", "-s", "!", "10.0.0.1"),
		 "error: wall: '!' is no value of --source"},
		{"attached", WORDS("wall", "-A!"), "error: wall: '!' is no value of --add"},
		{"as a word behind", WORDS("wall", "-mtcp", "--flags", "SYN", "!"),
		 "error: wall: '!' is no value of set"},
		{"its name is not typed", WORDS("wall", "--!source", "10.0.0.1"),
		 "error: wall has no option --!source (did you mean --source?)"},
	};

	(void)state;
	reading_check(wall, rows, ARRAY_SIZE(rows));
}

static void test_modules(void **state)
{
	static const struct reading_row rows[] = {
		{"loaded", WORDS("wall", "-m", "tcp", "--port", "22"),
		 "wall --match=tcp --port=22"},
		{"by another option", WORDS("wall", "-p", "udp", "--dport", "22"),
		 "wall --protocol=udp --port=22"},
		{"by one that is negated", WORDS("wall", "!", "-ptcp", "!", "--port=1"),
		 "wall !protocol=tcp !port=1"},
		{"not loaded", WORDS("wall", "--port", "22"),
		 "error: wall: --port is an option of a module that is not named before it"},
		{"loaded too late", WORDS("wall", "--port", "22", "-mtcp"),
		 "error: wall: --port is an option of a module that is not named before it"},
		{"another one", WORDS("wall", "-mlog", "--port", "22"),
		 "error: wall: --port is an option of a module that is not named before it"},
		{"both", WORDS("wall", "-mlog", "-mtcp", "--port", "22", "--prefix", "a b"),
		 "wall --match=log --match=tcp --port=22 --prefix=a b"},
		{"one that is not known could have anything",
		 WORDS("wall", "-mtcp", "-mx", "--port=2"),
		 "error: wall: --port is an option of a module that is not named before it"},
		{"one that is not known, alone", WORDS("wall", "-mx", "-n"),
		 "wall --match=x --numeric"},
		{"it is not abbreviated", WORDS("wall", "-mtcp", "--por", "1"),
		 "error: wall has no option --por (did you mean --port?)"},
		{"nor is anything behind it", WORDS("wall", "-mplain", "--numer"),
		 "error: wall: '--numer' must be written in full (--numeric?)"},
		{"a name that abbreviates where it is not there", WORDS("wall", "--num"),
		 "wall --numeric"},
		{"and is exact where it is", WORDS("wall", "-mtcp", "--num"),
		 "wall --match=tcp --num"},
	};

	(void)state;
	reading_check(wall, rows, ARRAY_SIZE(rows));
}

static void test_behind(void **state)
{
	static const struct reading_row rows[] = {
		{"there", WORDS("wall", "-A", "in", "3"), "wall --add=in line=3"},
		{"attached before it", WORDS("wall", "-Ain", "3"), "wall --add=in line=3"},
		{"behind =", WORDS("wall", "--add=in", "3"), "wall --add=in line=3"},
		{"left out", WORDS("wall", "-A", "in", "-n"), "wall --add=in --numeric"},
		{"left out at the end", WORDS("wall", "-A", "in"), "wall --add=in"},
		{"of an optional value", WORDS("wall", "-L", "in", "3"), "wall --list=in line=3"},
		{"of a value that is left out", WORDS("wall", "-L", "-n"),
		 "wall --list() --numeric"},
		{"that does not fit its type", WORDS("wall", "-A", "in", "x"),
		 "error: wall: line: 'x' is no integer"},
		{"that must be there", WORDS("wall", "-mtcp", "--flags", "SYN"),
		 "error: wall: set needs to be given"},
		{"whatever it looks like", WORDS("wall", "-mtcp", "--flags", "SYN", "-n"),
		 "wall --match=tcp --flags=SYN set=-n"},
		{"unsure", WORDS("wall", "-A", "in", "3\n"),
		 "error: wall: whether '3\\n' belongs to line cannot be told"},
		{"its name is not typed", WORDS("wall", "--line", "3"),
		 "error: wall has no option --line"},
	};

	(void)state;
	reading_check(wall, rows, ARRAY_SIZE(rows));
}

static void test_instead_of(void **state)
{
	static const char file[] =
		"{'command': 'grep', 'programs': ['/grep'], 'syntax': 'getopt_long', 'options': {"
		" 'regexp': {'short': 'e', 'value': 'text', 'repeat': true,"
		"  'instead_of': 'PATTERN'}}, 'operands': ['PATTERN:text', '[FILE:path...]']}";
	static const struct reading_row rows[] = {
		{"the operand", WORDS("grep", "a", "b"), "grep PATTERN=a FILE=b"},
		{"the option", WORDS("grep", "-e", "a", "b"), "grep --regexp=a FILE=b"},
		{"behind the words", WORDS("grep", "a", "b", "-ex"),
		 "grep --regexp=x FILE=a FILE=b"},
		{"twice", WORDS("grep", "-ex", "-ey"), "grep --regexp=x --regexp=y"},
		{"neither", WORDS("grep"), "error: grep: PATTERN is missing"},
	};

	(void)state;
	reading_check(file, rows, ARRAY_SIZE(rows));
}

static void test_dashes(void **state)
{
	static const char file[] =
		"{'command': 'k', 'programs': ['/k'], 'syntax': 'pflag', 'options': {'n': {}},"
		" 'subcommands': {'exec': {'operands': ['POD', '[CONTAINER]', '[-- COMMAND...]']},"
		"  'run': {'operands': ['[-- ARG...]']},"
		"  'first': {'interspersed': false, 'operands': ['[A...]', '[-- ARG...]']}}}";
	static const struct reading_row rows[] = {
		{"behind", WORDS("k", "exec", "pod", "--", "ls", "-l"),
		 "k exec POD=pod COMMAND=[ls,-l]"},
		{"options before", WORDS("k", "exec", "pod", "-n", "--", "-n"),
		 "k exec -n POD=pod COMMAND=[-n]"},
		{"the first counts", WORDS("k", "run", "--", "--", "x"), "k run ARG=-- ARG=x"},
		{"nothing behind it", WORDS("k", "exec", "pod", "--"), "k exec POD=pod"},
		{"not given", WORDS("k", "exec", "pod", "box"), "k exec POD=pod CONTAINER=box"},
		{"it takes no other words", WORDS("k", "run", "x"),
		 "error: k run: 'x' is an operand too many"},
		{"nor gives any away", WORDS("k", "exec", "--", "pod"),
		 "error: k exec: POD is missing"},
		{"too many before it", WORDS("k", "exec", "a", "b", "c", "--", "d"),
		 "error: k exec: 'c' is an operand too many"},
		{"a word like any other behind an operand", WORDS("k", "first", "a", "--", "b"),
		 "k first A=a A=-- A=b"},
		{"at once", WORDS("k", "first", "--", "b"), "k first ARG=b"},
	};

	(void)state;
	reading_check(file, rows, ARRAY_SIZE(rows));
}

#define P "{'command': 'p', 'programs': ['/p'], 'syntax': "
#define LONG P "'getopt_long', "

static void test_errors(void **state)
{
	static const struct {
		const char *name, *file, *error;
	} rows[] = {
		{"no negation", LONG "'options': {'a-b': {'negate': true}}}",
		 "$.options[\"a-b\"].negate: the program has no negation"},
		{"a negation that looks like an option", LONG "'negation': '-x'}",
		 "$.negation: this is no word that negates"},
		{"a negation elsewhere", P "'pflag', 'negation': '!'}",
		 "$: only getopt_long programs have 'negation' and 'modules'"},
		{"no such module", LONG "'modules': ['a'], 'options': {'xx': {'of': 'b'}}}",
		 "$.options.xx.of: there is no module 'b'"},
		{"a module's letter",
		 LONG "'modules': ['a'], 'options': {'xx': {'short': 'x', 'of': 'a'}}}",
		 "$.options.xx: an option of a module is a long one, and loads no other"},
		{"loads without a value",
		 LONG "'modules': ['a'], 'options': {'xx': {'loads': true}}}",
		 "$.options.xx: 'loads' is for an option whose value names a module"},
		{"behind nothing", LONG "'options': {'xx': {'value': 'int', 'behind': 'yy'}}}",
		 "$.options.xx.behind: there is no option 'yy'"},
		{"behind a flag",
		 LONG "'options': {'xx': {'value': 'int', 'behind': 'yy'}, 'yy': {}}}",
		 "$.options.xx.behind: the option 'yy' takes no value"},
		{"two behind one",
		 LONG "'options': {'aa': {'value': 'int'}, 'xx': {'value': 'int', 'behind': 'aa'},"
		      " 'yy': {'value': 'int', 'behind': ['aa']}}}",
		 "$.options.yy.behind[0]: 'xx' is behind 'aa' already"},
		{"behind itself",
		 LONG "'options': {'aa': {'value': 'int', 'behind': 'bb'},"
		      " 'bb': {'value': 'int', 'behind': 'aa'}}}",
		 "$.options.bb.behind: it would be behind itself"},
		{"a flag behind",
		 LONG "'options': {'aa': {'value': 'int'}, 'bb': {'behind': 'aa'}}}",
		 "$.options.bb: a word behind another option's value has a type, and one name"},
		{"instead of nothing", LONG "'options': {'aa': {'instead_of': 'FILE'}}}",
		 "$.options.aa.instead_of: there is no operand 'FILE'"},
		{"instead of all that remains",
		 LONG "'interspersed': false, 'options': {'aa': {'instead_of': 'COMMAND'}},"
		      " 'operands': ['COMMAND...']}",
		 "$.options.aa.instead_of: no option stands for this operand"},
		{"dashes elsewhere", LONG "'operands': ['[-- A...]']}",
		 "$.operands[0]: in this syntax nothing is known of where -- stood"},
		{"one word behind dashes", P "'clap', 'operands': ['[-- A]']}",
		 "$.operands[0]: '[-- A]' is no operand (NAME, [NAME], NAME..., [NAME...], "
		 "[-- NAME...])"},
		{"something behind dashes", P "'clap', 'operands': ['[-- A...]', 'B']}",
		 "$.operands[1]: nothing can follow what stands behind --"},
		{"clap, not interspersed", P "'clap', 'interspersed': false}",
		 "$.interspersed: in this syntax options may always do so"},
		{"a negated name twice",
		 LONG "'negation': '!', 'options': {'!aa': {}, 'aa': {'negate': true}}}",
		 "$.options[\"!aa\"]: two options are called '!aa'"},
	};
	size_t failed = 0;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		char text[sizeof(struct writ_error)];
		struct reading r;

		reading_open(&r, rows[i].file);
		snprintf(text, sizeof(text), "%s: %s", r.err.path, r.err.message);
		if (r.root || strcmp(text, rows[i].error) != 0) {
			print_error("%s: got '%s', want '%s'\n", rows[i].name,
				    r.root ? "a command" : text, rows[i].error);
			failed++;
		}
		reading_close(&r);
	}
	assert_int_equal(failed, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_negation), cmocka_unit_test(test_modules),
		cmocka_unit_test(test_behind),   cmocka_unit_test(test_instead_of),
		cmocka_unit_test(test_dashes),   cmocka_unit_test(test_errors),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
