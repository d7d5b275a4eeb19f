/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cli/options.h"

#define MAX_ARGS 32

/* Splits @line at blanks. */
static int parse(const char *line, struct options *ret)
{
	static char name[] = "gputop", words[512];
	char *argv[MAX_ARGS + 1] = { name }, *rest = words;
	int argc = 1;

	snprintf(words, sizeof(words), "%s", line);
	while (*rest && (argv[argc] = strsep(&rest, " "))) {
		argc++;
		if (!rest || argc == MAX_ARGS)
			break;
	}
	argv[argc] = NULL;
	options_init(ret);
	return options_parse(argc, argv, ret);
}

static void without_options_shows_this_machine_each_second(void **state)
{
	struct options o;

	(void)state;
	assert_int_equal(parse("", &o), 0);
	assert_int_equal(o.action, ACTION_RUN);
	assert_int_equal(o.delay_ns, 1000000000);
	assert_false(o.has_delay || o.batch || o.once || o.report || o.demo);
	assert_int_equal(o.frames, 0);
	assert_null(o.live.finder);
	assert_null(o.view.sort.field);
	options_done(&o);
}

static void understands_every_option(void **state)
{
	struct options o;

	(void)state;
	assert_int_equal(parse("-b -n 3 -d 0.25 -o pid,busy:gfx --sort -memory -p 1,2,77 -u alice,1000 "
			       "--gpu card0 --all --finder stat -w 100 --major 1,226 --proc /p --sys /s", &o), 0);
	assert_true(o.batch);
	assert_int_equal(o.frames, 3);
	assert_int_equal(o.delay_ns, 250000000);
	assert_int_equal(o.n_columns, 2);
	assert_string_equal(o.columns[1].of, "gfx");
	assert_string_equal(o.view.sort.field->key, "memory");
	assert_true(o.view.reverse);
	assert_int_equal(o.view.n_pids, 3);
	assert_int_equal(o.view.pids[2], 77);
	assert_int_equal(o.view.n_users, 2);
	assert_string_equal(o.view.users[1], "1000");
	assert_string_equal(o.view.gpu, "card0");
	assert_true(o.view.all);
	assert_string_equal(o.live.finder, "stat");
	assert_int_equal(o.live.n_majors, 2);
	assert_int_equal(o.live.majors[1], 226);
	assert_string_equal(o.live.proc, "/p");
	assert_string_equal(o.live.sys, "/s");
	assert_int_equal(o.width, 100);
	options_done(&o);

	assert_int_equal(parse("--json --record x --replay y --once", &o), 0);
	assert_true(o.report && o.once);
	assert_int_equal(o.format, OUTPUT_JSON);
	assert_string_equal(o.record, "x");
	assert_string_equal(o.replay, "y");
	options_done(&o);
	assert_int_equal(parse("--json --filter pid>3", &o), 0);
	assert_int_equal(o.view.filter->n, 1);
	options_done(&o);
	assert_int_equal(parse("-b --group user", &o), 0);
	assert_string_equal(o.view.group->key, "user");
	options_done(&o);
	assert_int_equal(parse("--report raw", &o), 0);
	assert_int_equal(o.format, OUTPUT_RAW);
	options_done(&o);
	assert_int_equal(parse("-L", &o), 0);
	assert_int_equal(o.action, ACTION_LIST_GPUS);
	options_done(&o);
	assert_int_equal(parse("--list-fields=mdoc", &o), 0);
	assert_true(o.action == ACTION_LIST_FIELDS && o.style == MANUAL_MDOC);
	options_done(&o);
	assert_int_equal(parse("--list-keys=markdown", &o), 0);
	assert_true(o.action == ACTION_LIST_KEYS && o.style == MANUAL_MARKDOWN);
	options_done(&o);
}

static void a_repeated_option_replaces_the_former(void **state)
{
	struct options o;

	(void)state;
	assert_int_equal(parse("-p 1,2 -p 3 -u a -u b,c --major 1 --major 2", &o), 0);
	assert_int_equal(o.view.n_pids, 1);
	assert_int_equal(o.view.pids[0], 3);
	assert_int_equal(o.view.n_users, 2);
	assert_int_equal(o.live.n_majors, 1);
	options_done(&o);
}

static void says_what_is_wrong_in_one_line(void **state)
{
	static const struct { const char *line, *error; } cases[] = {
		{ "--sort foo", "--sort: no such field 'foo' (see --list-fields)" },
		{ "--sort=-foo", "--sort: no such field 'foo' (see --list-fields)" },
		{ "--filter user=", "--filter: character 6 of 'user=': expected a value" },
		{ "--sort pid,user", "--sort: more than 1 field" },
		{ "--group foo", "--group: no such field 'foo' (see --list-fields)" },
		{ "--group memory", "--group: clients cannot be grouped by memory" },
		{ "--group user --json", "--group and --tree are for the screen and -b: reports have a row per client" },
		{ "-o pid,,user", "-o: no such field '' (see --list-fields)" },
		{ "-o pid:gfx", "-o: no such field 'pid:gfx' (see --list-fields)" },
		{ "-d x", "-d: 'x' is not a number of seconds" },
		{ "-d 1,5", "-d: '1,5' is not a number of seconds" },
		{ "-d -1", "-d: '-1' is not a number of seconds" },
		{ "-d 1e3", "-d: '1e3' is not a number of seconds" },
		{ "-d 0", "-d: 0 seconds is out of range (0.01 to 86400)" },
		{ "--delay=99999999999999999999", "--delay: 99999999999999999999 seconds is out of range "
						  "(0.01 to 86400)" },
		{ "-n 0", "-n: '0' is not a number of frames" },
		{ "-n 3x", "-n: '3x' is not a number of frames" },
		{ "-p 0", "-p: '0' is not a process number" },
		{ "-p 1,x", "-p: 'x' is not a process number" },
		{ "-p 4294967297", "-p: '4294967297' is not a process number" },
		{ "-u a,,b", "-u: an empty user name" },
		{ "--major 1,2,3,4,5,6,7,8,9", "--major: more than 8 majors" },
		{ "--major x", "--major: 'x' is not a device major" },
		{ "-w 5", "-w: '5' is not a number of columns from 20 to 10000" },
		{ "--report xml", "--report: no such report 'xml' (raw, json, csv)" },
		{ "--list-fields=x", "--list-fields: 'x' is not a way to list them (mdoc)" },
		{ "-d", "-d needs an argument: SECONDS" },
		{ "--sort", "--sort needs an argument: [-]FIELD" },
		{ "--all=yes", "--all takes no argument" },
		{ "-x", "unknown option '-x' (see -h)" },
		{ "--foo", "unknown or ambiguous option '--foo' (see -h)" },
		{ "--re x", "unknown or ambiguous option '--re' (see -h)" },
		{ "foo", "unexpected argument 'foo' (see -h)" },
		{ "--demo --replay x", "--replay and --demo exclude each other" },
		{ "--replay x --proc /y", "a recording is not this machine: no --finder, --stale, --proc, --sys, --major "
					  "with it" },
		{ "--source /s --proc /y", "--source SOCKET is a source of its own: no --replay, --demo, --finder, --stale, "
					   "--proc, --sys, --major with it" },
		{ "--json --csv", "--csv: another report was asked for before" },
		{ "--once -n 2", "--once and -n exclude each other" },
		{ "--record - --json", "--record - takes standard output for itself" },
		{ "--json -o pid", "-o chooses columns of the screen, -b and --csv: other reports have all fields" },
	};

	(void)state;
	for (size_t i = 0; i < N_OF(cases); i++) {
		struct options o;

		assert_int_equal(parse(cases[i].line, &o), -EINVAL);
		assert_string_equal(o.error, cases[i].error);
		options_done(&o);
	}
}

static void names_the_finders_it_knows(void **state)
{
	struct options o;

	(void)state;
	assert_int_equal(parse("--finder magic", &o), -EINVAL);
	assert_non_null(strstr(o.error, "--finder: no such finder 'magic' (auto, "));
	assert_non_null(strstr(o.error, "stat"));
	options_done(&o);
	assert_int_equal(parse("--finder auto", &o), 0);
	options_done(&o);
}

static void seconds_need_no_locale(void **state)
{
	static const struct { const char *text; int err; uint64_t ns; } cases[] = {
		{ "1", 0, 1000000000 }, { "0.01", 0, 10000000 }, { ".5", 0, 500000000 },
		{ "2.", 0, 2000000000 }, { "0.0123456789123", 0, 12345678 }, { "86400", 0, 86400000000000 },
		{ "86400.1", -ERANGE, 0 }, { "0.001", -ERANGE, 0 }, { "", -EINVAL, 0 }, { ".", -EINVAL, 0 },
		{ "1.5.5", -EINVAL, 0 }, { " 1", -EINVAL, 0 }, { "1s", -EINVAL, 0 }, { "nan", -EINVAL, 0 },
	};

	(void)state;
	for (size_t i = 0; i < N_OF(cases); i++) {
		uint64_t ns = 0;

		assert_int_equal(parse_seconds(cases[i].text, &ns), cases[i].err);
		assert_int_equal(ns, cases[i].ns);
	}
}

static void help_names_every_option(void **state)
{
	static const char *const names[] = {
		"-b, --batch", "--once", "--json", "--csv", "--report raw|json|csv", "-n, --iterations N",
		"-d, --delay SECONDS", "-o, --fields", "--sort", "--list-fields", "-p, --pid", "-u, --user",
		"--gpu", "-L, --list-gpus", "--all", "--finder", "--proc", "--sys", "--major", "--record",
		"--replay", "--demo", "--source SOCKET|none", "-w, --width", "-h, --help", "-V, --version", "usage: gt ",
	};
	struct buf out = { 0 };

	(void)state;
	options_help("gt", &out);
	for (size_t i = 0; i < N_OF(names); i++)
		if (!strstr(out.ptr, names[i]))
			fail_msg("help lacks %s", names[i]);
	buf_done(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(without_options_shows_this_machine_each_second),
		cmocka_unit_test(understands_every_option),
		cmocka_unit_test(a_repeated_option_replaces_the_former),
		cmocka_unit_test(says_what_is_wrong_in_one_line),
		cmocka_unit_test(names_the_finders_it_knows),
		cmocka_unit_test(seconds_need_no_locale),
		cmocka_unit_test(help_names_every_option),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
