/* SPDX-License-Identifier: ISC */
#include "reading.h"

#define HEAD "{'command': 'p', 'programs': ['/bin/p'], 'syntax': "

static void test_tree(void **state)
{
	static const char file[] =
		HEAD "'pflag', 'checked_with': 'p 1', 'note': 'x', 'options': {"
		     "  'host': {'short': 'H', 'value': 'string', 'here': true, 'repeat': true,"
		     "   'class': 'remote'}, 'quiet': {'aliases': ['silent'], 'class': 'display'},"
		     "  'z': {'class': 'limit'}},"
		     " 'subcommands': {'run': {'same_as': 'box run'}, 'r': {'same_as': 'run'},"
		     "  'box': {'note': 'x', 'subcommands': {'ls': {'same_as': 'box list'},"
		     "   'list': {}, 'run': {'interspersed': false, 'options': {"
		     "    'host': {'value': 'int', 'optional': true}, 'b': {}, 'a': {}},"
		     "    'operands': ['IMAGE:image', '[COMMAND...]']}}}}}";
	const struct writ_command *run, *box;
	const struct writ_option *host;
	struct reading r;

	(void)state;
	reading_open(&r, file);
	assert_non_null(r.root);
	assert_string_equal(r.root->path, "p");
	assert_string_equal(r.root->checked_with, "p 1");
	assert_string_equal(r.root->programs[0], "/bin/p");
	assert_null(r.root->parent);
	assert_false(r.root->runnable);
	box = writ_command_sub(r.root, "box");
	run = writ_command_find(r.root, "p run");
	assert_ptr_equal(run, writ_command_find(r.root, "p box run"));
	assert_ptr_equal(run, writ_command_find(r.root, "p r"));
	assert_ptr_equal(r.root, writ_command_find(r.root, "p"));
	assert_ptr_equal(writ_command_find(r.root, "p box ls"), writ_command_sub(box, "list"));
	assert_null(writ_command_find(r.root, "p box runs"));
	assert_null(writ_command_find(r.root, "p box ru"));
	assert_null(writ_command_find(r.root, "q"));
	assert_null(writ_command_find(r.root, ""));
	assert_null(writ_command_find(r.root, "p  box"));
	assert_string_equal(run->path, "p box run");
	assert_string_equal(run->name, "run");
	assert_ptr_equal(run->parent, box);
	assert_ptr_equal(run->program, r.root);
	assert_true(run->runnable && !run->interspersed && !box->runnable);
	assert_int_equal(run->n_options, 3);
	assert_string_equal(run->options[0].name, "a");

	host = writ_command_option(run, "host", true);
	assert_ptr_equal(host->owner, run);
	assert_true(host->optional && host->long_form && !host->here);
	assert_int_equal(host->class, WRIT_CLASS_PRIVILEGE);
	host = writ_command_option(r.root, "host", false);
	assert_true(host->here && host->repeat && host->class == WRIT_CLASS_REMOTE);
	reading_close(&r);
}

static void test_options(void **state)
{
	static const char file[] =
		HEAD "'pflag', 'options': {'host': {'short': 'H', 'here': true},"
		     "  'quiet': {'aliases': ['silent'], 'short': 'q'}, 'z': {}},"
		     " 'subcommands': {'go': {'same_as': 'box go'}, 'box': {'subcommands': {"
		     "  'go': {'options': {'verbose': {'short': 'q'}, 'host': {}}}, 'no': {}}}}}";
	static const struct {
		const char *command, *name;
		bool any_level;
		const char *owner; /* path of the command that it is an option of; NULL: there is
				      none */
	} rows[] = {
		{"p go", "host", true, "p box go"},
		{"p go", "p --host", true, "p"},
		{"p go", "p --host", false, NULL},
		{"p go", "p go --host", true, "p box go"},
		{"p go", "p box go --host", false, "p box go"},
		{"p box no", "host", true, "p"},
		{"p box no", "host", false, NULL},
		{"p box no", "p box go --host", true, NULL},
		{"p box no", "p -host", true, NULL},
		{"p box no", "p host", true, NULL},
		{"p go", "silent", false, "p"},
		{"p go", "quiet", false, "p"},
		{"p go", "z", false, "p"},
		{"p go", "p -z", false, "p"},
		{"p go", "p --z", false, NULL},
		{"p go", "q", false, NULL}, /* a letter names only what has no long name */
		{"p go", "H", true, NULL},
		{"p go", "hos", true, NULL},
		{"p go", "", true, NULL},
		{"p go", " ", true, NULL},
	};
	struct table t = {0};
	struct reading r;

	(void)state;
	reading_open(&r, file);
	assert_non_null(r.root);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const struct writ_option *option =
			writ_command_option(writ_command_find(r.root, rows[i].command),
					    rows[i].name, rows[i].any_level);

		table_string(&t, rows[i].name, rows[i].command, option ? option->owner->path : NULL,
			     rows[i].owner);
	}
	table_string(&t, "-q", "p go",
		     writ_command_short(writ_command_find(r.root, "p go"), 'q')->name, "verbose");
	table_string(&t, "-q", "p no",
		     writ_command_short(writ_command_find(r.root, "p box no"), 'q')->name, "quiet");
	table_true(&t, "-H", "is no option below",
		   !writ_command_short(writ_command_find(r.root, "p box no"), 'H'));
	reading_close(&r);
	table_done(&t);
}

/* What a command file must not hold, with the place that the error names. */
static void test_errors(void **state)
{
	static const struct {
		const char *name, *file, *path, *message;
	} rows[] = {
		{"no object", "[]", "$", "expected an object"},
		{"unknown key", HEAD "'pflag', 'option': {}}", "$.option",
		 "unknown key 'option' (did you mean 'options'?)"},
		{"no command", "{'programs': ['/p'], 'syntax': 'pflag'}", "$",
		 "the key 'command' is missing"},
		{"no programs", "{'command': 'p', 'syntax': 'pflag'}", "$",
		 "the key 'programs' is missing"},
		{"no syntax", "{'command': 'p', 'programs': ['/p']}", "$",
		 "the key 'syntax' is missing"},
		{"relative program", "{'command': 'p', 'programs': ['p'], 'syntax': 'pflag'}",
		 "$.programs", "'p' is no absolute path"},
		{"name with a slash", "{'command': '/p', 'programs': ['/p'], 'syntax': 'pflag'}",
		 "$.command", "no name of a program"},
		{"name with a blank", "{'command': 'a b', 'programs': ['/p'], 'syntax': 'pflag'}",
		 "$.command", "no name of a program"},
		{"unknown syntax", HEAD "'pflags'}", "$.syntax",
		 "unknown syntax 'pflags' (did you mean 'pflag'?)"},
		{"root in a subcommand",
		 HEAD "'pflag', 'subcommands': {'a': {'programs': ['/p']}}}",
		 "$.subcommands.a.programs", "unknown key"},
		{"interspersed", HEAD "'goflag', 'interspersed': true}", "$.interspersed",
		 "no option can follow an operand"},
		{"interspersed, type", HEAD "'pflag', 'interspersed': 1}", "$.interspersed",
		 "expected true or false"},

		{"options, type", HEAD "'pflag', 'options': []}", "$.options",
		 "expected an object"},
		{"option, type", HEAD "'pflag', 'options': {'a': 1}}", "$.options.a",
		 "expected an object"},
		{"option, unknown key", HEAD "'pflag', 'options': {'a': {'shor': 'b'}}}",
		 "$.options.a.shor", "unknown key 'shor' (did you mean 'short'?)"},
		{"option with =", HEAD "'pflag', 'options': {'a=b': {}}}", "$.options[\"a=b\"]",
		 "no name of an option"},
		{"option with dashes", HEAD "'pflag', 'options': {'--ab': {}}}",
		 "$.options[\"--ab\"]", "no name of an option"},
		{"empty option", HEAD "'pflag', 'options': {'': {}}}", "$.options[\"\"]",
		 "no name of an option"},
		{"a dash as a letter", HEAD "'pflag', 'options': {'-': {}}}", "$.options[\"-\"]",
		 "no name of an option"},
		{"option in literal", HEAD "'literal', 'options': {'ab': {}}}", "$.options.ab",
		 "there are no options"},
		{"long option in getopt", HEAD "'getopt', 'options': {'ab': {}}}", "$.options.ab",
		 "every option is one letter"},
		{"short, two letters", HEAD "'pflag', 'options': {'ab': {'short': 'ab'}}}",
		 "$.options.ab.short", "'ab' is no letter"},
		{"short, empty", HEAD "'pflag', 'options': {'ab': {'short': ''}}}",
		 "$.options.ab.short", "'' is no letter"},
		{"short of a letter", HEAD "'pflag', 'options': {'a': {'short': 'b'}}}",
		 "$.options.a.short", "has no other"},
		{"short in goflag", HEAD "'goflag', 'options': {'ab': {'short': 'a'}}}",
		 "$.options.ab", "an alias"},
		{"unknown type", HEAD "'pflag', 'options': {'ab': {'value': 'docker.volum'}}}",
		 "$.options.ab.value",
		 "unknown type of value 'docker.volum' (did you mean 'docker.volume'?)"},
		{"unknown class", HEAD "'pflag', 'options': {'ab': {'class': 'privileged'}}}",
		 "$.options.ab.class", "unknown class 'privileged' (did you mean 'privilege'?)"},
		{"optional flag", HEAD "'pflag', 'options': {'ab': {'optional': true}}}",
		 "$.options.ab", "'optional' is for an option with a value"},
		{"optional in goflag",
		 HEAD "'goflag', 'options': {'ab': {'value': 'int', 'optional': true}}}",
		 "$.options.ab", "no value is optional"},
		{"next without optional",
		 HEAD "'getopt_long', 'options': {'ab': {'value': 'int', 'next': 'x'}}}",
		 "$.options.ab", "'next' is for an option with an optional value"},
		{"next in pflag",
		 HEAD "'pflag', 'options': {'ab': {'value': 'int', 'optional': true,"
		      " 'next': 'x'}}}",
		 "$.options.ab", "the next word is never"},
		{"next does not compile",
		 HEAD "'getopt_long', 'options': {'aa': {'value': 'int', 'optional': true,"
		      " 'next': 'x'}, 'ab': {'value': 'int', 'optional': true, 'next': '('}}}",
		 "$.options.ab.next", "not a regular expression"},
		{"two letters",
		 HEAD "'pflag', 'options': {'ab': {'short': 'x'}, 'cd': {'short':"
		      " 'x'}}}",
		 "$.options.cd", "two options have the letter 'x'"},
		{"a letter and a name of one",
		 HEAD "'pflag', 'options': {'ab': {'short': 'x'},"
		      " 'x': {}}}",
		 "$.options.x", "two options have the letter 'x'"},
		{"an alias of another",
		 HEAD "'pflag', 'options': {'ab': {'aliases': ['cd']},"
		      " 'cd': {}}}",
		 "$.options.", "two options are called 'cd'"},
		{"an alias twice", HEAD "'pflag', 'options': {'ab': {'aliases': ['x1', 'x1']}}}",
		 "$.options.ab", "two options are called 'x1'"},
		{"an alias of a letter", HEAD "'pflag', 'options': {'ab': {'aliases': ['x']}}}",
		 "$.options.ab", "an alias is a long name"},

		{"operand, form", HEAD "'pflag', 'operands': ['[A']}", "$.operands[0]",
		 "'[A' is no operand"},
		{"operand, form", HEAD "'pflag', 'operands': ['A]']}", "$.operands[0]",
		 "'A]' is no operand"},
		{"operand, dots first", HEAD "'pflag', 'operands': ['A...:int']}", "$.operands[0]",
		 "is no operand"},
		{"operand, empty", HEAD "'pflag', 'operands': ['']}", "$.operands[0]",
		 "is no operand"},
		{"operand, type", HEAD "'pflag', 'operands': ['A:imag']}", "$.operands[0]",
		 "(did you mean 'image'?)"},
		{"operands twice", HEAD "'pflag', 'operands': ['A', 'A']}", "$.operands[1]",
		 "two operands have this name"},
		{"two repeated", HEAD "'pflag', 'operands': ['A...', 'B...']}", "$.operands[1]",
		 "only one operand can be repeated"},
		{"optional behind repeated", HEAD "'pflag', 'operands': ['A...', '[B]']}",
		 "$.operands[1]", "cannot be told from it"},
		{"COMMAND... not last",
		 HEAD "'pflag', 'interspersed': false, 'operands': ['COMMAND...', 'B']}",
		 "$.operands[1]", "nothing can follow it"},
		{"COMMAND... with a type",
		 HEAD "'pflag', 'interspersed': false, 'operands': ['COMMAND:int...']}",
		 "$.operands[0]", "COMMAND... has no type"},
		{"COMMAND... among options", HEAD "'pflag', 'operands': ['COMMAND...']}",
		 "$.operands[0]", "\"interspersed\": false"},

		{"digits, unknown", HEAD "'getopt_long', 'digits': 'lines'}", "$.digits",
		 "there is no option 'lines'"},
		{"digits, a flag", HEAD "'getopt_long', 'options': {'ab': {}}, 'digits': 'ab'}",
		 "$.digits", "takes no value"},
		{"digits in pflag",
		 HEAD "'pflag', 'options': {'ab': {'value': 'int'}}, 'digits': 'ab'}", "$.digits",
		 "only getopt"},

		{"subcommand, name", HEAD "'pflag', 'subcommands': {'-x': {}}}",
		 "$.subcommands[\"-x\"]", "no name of a command"},
		{"subcommand, blank", HEAD "'pflag', 'subcommands': {'a b': {}}}",
		 "$.subcommands[\"a b\"]", "no name of a command"},
		{"same_as nowhere", HEAD "'pflag', 'subcommands': {'a': {'same_as': 'b c'}}}",
		 "$.subcommands.a.same_as", "'p' has no command 'b'"},
		{"same_as nowhere below",
		 HEAD "'pflag', 'subcommands': {'a': {'same_as': 'b c'}, 'b': {}}}",
		 "$.subcommands.a.same_as", "'p b' has no command 'c'"},
		{"same_as itself", HEAD "'pflag', 'subcommands': {'a': {'same_as': 'a'}}}",
		 "$.subcommands.a.same_as", "leads back to itself"},
		{"same_as in a circle",
		 HEAD "'pflag', 'subcommands': {'a': {'same_as': 'b'}, 'b': {'same_as': 'a'}}}",
		 "$.subcommands.", "leads back to itself"},
		{"same_as a parent",
		 HEAD "'pflag', 'subcommands': {'a': {'subcommands': {'b': {'same_as': 'a'}}}}}",
		 "$.subcommands.a.subcommands.b.same_as", "in a circle"},
		{"same_as crosswise",
		 HEAD "'pflag', 'subcommands': {'a': {'subcommands': {'x': {'same_as': 'b'}}},"
		      " 'b': {'subcommands': {'y': {'same_as': 'a'}}}}}",
		 "$.subcommands.", "in a circle"},
		{"same_as nothing", HEAD "'pflag', 'subcommands': {'a': {'same_as': ''}}}",
		 "$.subcommands.a.same_as", "names no command"},
		{"same_as and more",
		 HEAD "'pflag', 'subcommands': {'a': {'same_as': 'b', 'options': {}}, 'b': {}}}",
		 "$.subcommands.a.options", "unknown key"},
	};
	struct table t = {0};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct reading r;

		reading_open(&r, rows[i].file);
		if (table_true(&t, rows[i].name, "it is refused", !r.root)) {
			table_contains(&t, rows[i].name, "message", r.err.message, rows[i].message);
			table_contains(&t, rows[i].name, "path", r.err.path, rows[i].path);
			table_string(&t, rows[i].name, "file", r.err.file, "test.json");
			table_true(&t, rows[i].name, "the line is known", r.err.line > 0);
		}
		reading_close(&r);
	}
	table_done(&t);
}

static void test_classes(void **state)
{
	enum writ_class class;
	struct table t = {0};

	(void)state;
	for (int i = WRIT_CLASS_PRIVILEGE; i <= WRIT_CLASS_REMOTE; i++) {
		const char *name = writ_class_to_string((enum writ_class)i);

		table_int(&t, name, "found", writ_class_from_string(name, &class), 0);
		table_int(&t, name, "class", class, i);
	}
	table_int(&t, "Limit", "found", writ_class_from_string("Limit", &class), -1);
	table_int(&t, "''", "found", writ_class_from_string("", &class), -1);
	table_done(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_tree),
		cmocka_unit_test(test_options),
		cmocka_unit_test(test_errors),
		cmocka_unit_test(test_classes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
