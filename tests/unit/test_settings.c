/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "daemon/arguments.h"
#include "daemon/settings.h"
#include "fixture.h"
#include "scratch.h"

static void says_file_and_line_of_what_is_wrong(void **state)
{
	static const struct { const char *text, *error; } cases[] = {
		{ "[gputopd]\ninterval = x\n", ":2: gputopd.interval: 'x' is not a number of seconds" },
		{ "[gputopd]\n\n# c\ninterval = 0\n", ":4: gputopd.interval: 0 seconds is out of range (0.01 to "
						      "86400)" },
		{ "[gputopd]\ninterval = 1\n\tfinder = magic\n", ":3: gputopd.finder: no such finder 'magic'" },
		{ "[json]\nfile = x\n", ":2: json.file: 'x' is not an absolute path" },
		{ "[json]\nmax_size = 3 potatoes\n", ":2: json.max_size: '3 potatoes' is not a size, such as 64 MiB" },
		{ "[json]\nidle = maybe\n", ":2: json.idle: 'maybe' is neither yes nor no" },
		{ "[csv]\nfields = pid,nonsense\n", ":2: csv.fields: no such field 'nonsense' (see gputop "
						    "--list-fields)" },
		{ "[csv]\nmax_files = 0\n", ":2: csv.max_files: '0' is not a number from 1 to 1000000" },
		{ "[json]\ninterval = 1\ncolour = red\n[csv]\ninterval = x\n", ":3: json.colour: no such key" },
		{ "interval = 1\n", ":1: interval: no such key" },
		{ "[gputopd]\nwhat is this\ninterval = x\n", ":2: not name = value" },
		{ "[gputopd\n", ":1: not name = value" },
	};
	struct settings_error error;
	struct settings s;

	(void)state;
	for (size_t i = 0; i < N_OF(cases); i++) {
		scratch_write("bad.conf", cases[i].text);
		settings_init(&s);
		assert_int_equal(settings_read(&s, scratch_path("bad.conf"), false, &error), -EINVAL);
		assert_string_equal(error.text + strlen(scratch_path("bad.conf")), cases[i].error);
	}
}

static void a_line_that_is_too_long_is_not_two(void **state)
{
	char text[400] = "[gputopd]\n#";
	struct settings_error error;
	struct settings s;

	(void)state;
	memset(text + strlen(text), 'x', 300);
	text[strlen(text)] = '\n';
	scratch_write("long.conf", text);
	settings_init(&s);
	assert_int_equal(settings_read(&s, scratch_path("long.conf"), false, &error), -EINVAL);
	assert_non_null(strstr(error.text, "long.conf:2: the line is too long"));
}

static void files_in_conf_d_override_in_their_order(void **state)
{
	struct settings_error error;
	struct settings s;

	(void)state;
	assert_int_equal(mkdir(scratch_path("conf.d"), 0700), 0);
	scratch_write("main.conf", "[gputopd]\ninterval = 2\n[json]\nfile = /a\nmax_size = 1 MiB\n[csv]\nfile = /c\n");
	scratch_write("conf.d/20.conf", "[json]\nfile = /late\n");
	scratch_write("conf.d/10.conf", "[json]\nfile = /early\n[csv]\nfile = none\n");
	scratch_write("conf.d/30.conf.old", "nonsense\n");
	settings_init(&s);
	assert_int_equal(settings_read(&s, scratch_path("main.conf"), false, &error), 0);
	assert_string_equal(s.json.file, "/late");
	assert_string_equal(s.csv.file, "");
	assert_int_equal(s.json.max_size, 1 << 20);
	assert_int_equal(s.interval_ns, 2000000000);
	assert_int_equal(settings_read(&s, scratch_path("none.conf"), false, &error), -ENOENT);
	settings_init(&s);
	assert_int_equal(settings_read(&s, scratch_path("none.conf"), true, &error), 0);
	assert_string_equal(s.json.file, "/late");
	scratch_write("conf.d/20.conf", "[json]\nfile = late\n");
	assert_int_equal(settings_read(&s, scratch_path("main.conf"), false, &error), -EINVAL);
	assert_non_null(strstr(error.text, "conf.d/20.conf:2: "));
	unlink(scratch_path("conf.d/20.conf"));
	unlink(scratch_path("conf.d/10.conf"));
}

static void every_key_is_an_option_that_overrides_the_files(void **state)
{
	static const char *const values[] = { "7", "none", "/dev/null", "stat", "1,226", "no", "8 KiB", "pid" };

	(void)state;
	for (size_t i = 0; i < n_settings; i++) {
		char option[64] = "--";
		bool was_taken = false;

		settings_option(&settings_table[i], option + 2, sizeof(option) - 2);
		assert_null(strchr(option, '_'));
		assert_ptr_equal(settings_find(settings_table[i].section, settings_table[i].key),
				 &settings_table[i]);
		for (size_t v = 0; v < N_OF(values); v++) {
			char name[] = "gputopd", *argv[] = { name, option, (char *)values[v], NULL };
			struct settings_error error;
			struct arguments a;

			was_taken |= arguments_parse(3, argv, &a, &error) == 0;
		}
		if (!was_taken)
			fail_msg("%s takes no value", option);
	}
}

/* Where @text begins in @where; the test has failed if it is not there. */
static const char *find(const char *where, const char *text)
{
	const char *at = strstr(where, text);

	if (!at)
		fail_msg("no '%s' in gputopd.conf(5)", text);
	return at ? at : where;
}

/* What @row is to the manual page: "interval = ... *" and its default, in the section's list. */
static void is_in_section(const struct setting *row, const char *section)
{
	const char *def = strrchr(row->help, '(') + 1, *item, *end;
	char text[128];

	snprintf(text, sizeof(text), "\n.It Cm %s No = ", row->key);
	item = find(section, text) + 1;
	end = item + strcspn(item, "\n");
	assert_int_equal(strncmp(end - 5, " No *", 5) == 0, row->at_start);
	if (strcmp(def, "none)") == 0)
		return;
	snprintf(text, sizeof(text), "by default %.*s.", (int)strcspn(def, ")"), def);
	/* before the next key, and there is one more list item or the list's end */
	assert_true(find(end, text) < find(end, strstr(end, "\n.It") ? "\n.It" : "\n.El"));
}

static void the_manual_page_has_every_key_and_no_other(void **state)
{
	const char *srcdir = getenv("top_srcdir"), *at;
	char path[512], heading[64];
	struct buf page = { 0 };
	size_t n = 0;

	(void)state;
	snprintf(path, sizeof(path), "%s/man/gputopd.conf.5", srcdir ? srcdir : ".");
	file_read(path, &page);
	buf_add(&page, "", 1);
	for (size_t i = 0; i < n_settings; i++) {
		char *section, *end;

		snprintf(heading, sizeof(heading), "\n.Ss [%s]\n", settings_table[i].section);
		section = page.ptr + (find(page.ptr, heading) - page.ptr);
		end = section + (find(section, "\n.El") - section) + 4;
		*end = '\0';
		is_in_section(&settings_table[i], section);
		*end = '\n';
	}
	for (at = page.ptr; (at = strstr(at, "\n.It Cm ")); at++)
		n++;
	assert_int_equal(n, n_settings);
	buf_done(&page);
}

static void options_are_in_force_over_files(void **state)
{
	char name[] = "gputopd", config[] = "--config", path[128], option[] = "--interval", value[] = "3";
	char *argv[] = { name, config, path, option, value, NULL };
	struct settings_error error;
	struct arguments a;
	struct settings s;

	(void)state;
	scratch_write("main.conf", "[gputopd]\ninterval = 2\nmajor = 1,2\n");
	snprintf(path, sizeof(path), "%s", scratch_path("main.conf"));
	assert_int_equal(arguments_parse(5, argv, &a, &error), 0);
	assert_int_equal(arguments_settings(&a, &s, &error), 0);
	assert_int_equal(s.interval_ns, 3000000000);
	assert_int_equal(s.n_majors, 2);
	scratch_write("main.conf", "[json]\nfile = /x\n[csv]\nfile = /x\n");
	assert_int_equal(arguments_settings(&a, &s, &error), -EINVAL);
	assert_string_equal(error.text, "json.file and csv.file are the same file: /x");
	unlink(scratch_path("main.conf"));
	assert_int_equal(arguments_settings(&a, &s, &error), -ENOENT);
}

static void says_which_option_is_wrong(void **state)
{
	static const struct { const char *option, *error; } cases[] = {
		{ "--interval=x", "--interval: 'x' is not a number of seconds" },
		{ "--json-file=x", "--json-file: 'x' is not an absolute path" },
		{ "--interval", "--interval needs an argument" },
		{ "--nonsense", "no such option: --nonsense (see -h)" },
		{ "nonsense", "unexpected argument 'nonsense' (see -h)" },
	};

	(void)state;
	for (size_t i = 0; i < N_OF(cases); i++) {
		char name[] = "gputopd", *argv[] = { name, (char *)cases[i].option, NULL };
		struct settings_error error;
		struct arguments a;

		assert_int_equal(arguments_parse(2, argv, &a, &error), -EINVAL);
		assert_string_equal(error.text, cases[i].error);
	}
}

static void knows_what_only_a_restart_changes(void **state)
{
	struct settings a, b;
	const char *key;

	(void)state;
	settings_init(&a);
	settings_init(&b);
	b.interval_ns *= 2;
	assert_false(settings_needs_restart(&a, &b, &key));
	memcpy(b.socket, "/else", 6);
	assert_true(settings_needs_restart(&a, &b, &key));
	assert_string_equal(key, "path");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(says_file_and_line_of_what_is_wrong),
		cmocka_unit_test(a_line_that_is_too_long_is_not_two),
		cmocka_unit_test(files_in_conf_d_override_in_their_order),
		cmocka_unit_test(every_key_is_an_option_that_overrides_the_files),
		cmocka_unit_test(the_manual_page_has_every_key_and_no_other),
		cmocka_unit_test(options_are_in_force_over_files),
		cmocka_unit_test(says_which_option_is_wrong),
		cmocka_unit_test(knows_what_only_a_restart_changes),
	};

	return cmocka_run_group_tests(tests, scratch_begin, scratch_end);
}
