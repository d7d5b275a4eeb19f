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

static struct buf errors;	/* what was wrong last */

/* Reads @name anew. */
static int read_anew(struct settings *s, const char *name)
{
	bool is_check = s->is_check;

	settings_init(s);
	s->is_check = is_check;
	buf_reset(&errors);
	return settings_read(s, scratch_path(name), false, &errors);
}

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
		{ "[json]\ninterval = 1\ncolour = red\n", ":3: json.colour: no such key" },
		{ "interval = 1\n", ":1: interval: no such key" },
		{ "[gputopd]\nwhat is this\n", ":2: not name = value" },
		{ "[gputopd]\ninterval = 1\nwhat is this", ":3: not name = value" },
		{ "[gputopd\n", ":1: not name = value" },
		{ "[gputopd ; ]\n", ":1: not name = value" },
	};
	struct settings s = { 0 };
	char line[512];

	(void)state;
	for (size_t i = 0; i < N_OF(cases); i++) {
		scratch_write("bad.conf", cases[i].text);
		assert_int_equal(read_anew(&s, "bad.conf"), -EINVAL);
		snprintf(line, sizeof(line), "%s%s\n", scratch_path("bad.conf"), cases[i].error);
		assert_string_equal(errors.ptr, line);
	}
}

static void says_everything_that_is_wrong(void **state)
{
	static const char *const wrong[] = {
		"all.conf:2: gputopd.interval: 'x' is not a number of seconds", "all.conf:3: not name = value",
		"all.conf:7: the line is too long", "all.conf:8: gputopd.colour: no such key",
		"all.conf:9: not name = value", "conf.d/50.conf:1: idle: no such key",
		"conf.d/50.conf:3: json.file: 'x' is not an absolute path", "conf.d/60.conf:2: not name = value",
	};
	char text[1000], *line, *rest;
	struct settings s = { 0 };
	size_t n = 0;

	(void)state;
	snprintf(text, sizeof(text), "[gputopd]\ninterval = x\nwhat is this\n\n ; a comment\nfinder = stat\n"
		 "#%0500d\ncolour = red\n[json\nmajor = 7", 0);
	scratch_write("all.conf", text);
	assert_true(mkdir(scratch_path("conf.d"), 0700) == 0 || errno == EEXIST);
	scratch_write("conf.d/50.conf", "idle = no\n[json]\nfile = x\nidle = no\n");
	scratch_write("conf.d/60.conf", "\xef\xbb\xbf[csv]\nnothing\nidle = no\n");
	assert_int_equal(read_anew(&s, "all.conf"), -EINVAL);
	for (line = strtok_r(errors.ptr, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest), n++)
		if (n == N_OF(wrong) || strlen(line) < strlen(wrong[n]) ||
		    strcmp(line + strlen(line) - strlen(wrong[n]), wrong[n]) != 0)
			fail_msg("\"%s\" is not \"%s\"", line, n == N_OF(wrong) ? "" : wrong[n]);
	assert_int_equal(n, N_OF(wrong));
	assert_string_equal(s.finder, "stat");
	assert_int_equal(s.n_majors, 1);
	assert_false(s.json.idle || s.csv.idle);
	unlink(scratch_path("conf.d/50.conf"));
	unlink(scratch_path("conf.d/60.conf"));
}

static void a_group_that_does_not_exist_is_wrong_to_a_check_only(void **state)
{
	struct settings s = { 0 };

	(void)state;
	scratch_write("group.conf", "[socket]\ngroup = no-such-group\n");
	assert_int_equal(read_anew(&s, "group.conf"), 0);
	assert_string_equal(s.group, "no-such-group");
	s.is_check = true;
	assert_int_equal(read_anew(&s, "group.conf"), -EINVAL);
	assert_non_null(strstr(errors.ptr, "group.conf:2: socket.group: there is no group 'no-such-group'\n"));
	scratch_write("group.conf", "[socket]\ngroup = root\n");
	assert_int_equal(read_anew(&s, "group.conf"), 0);
}

static void a_line_that_is_too_long_is_not_two(void **state)
{
	char text[400] = "[gputopd]\n#";
	struct settings s = { 0 };

	(void)state;
	memset(text + strlen(text), 'x', 300);
	text[strlen(text)] = '\n';
	scratch_write("long.conf", text);
	assert_int_equal(read_anew(&s, "long.conf"), -EINVAL);
	assert_non_null(strstr(errors.ptr, "long.conf:2: the line is too long"));
}

static void files_in_conf_d_override_in_their_order(void **state)
{
	struct settings s;

	(void)state;
	assert_true(mkdir(scratch_path("conf.d"), 0700) == 0 || errno == EEXIST);
	scratch_write("main.conf", "[gputopd]\ninterval = 2\n[json]\nfile = /a\nmax_size = 1 MiB\n[csv]\nfile = /c\n");
	scratch_write("conf.d/20.conf", "[json]\nfile = /late\n");
	scratch_write("conf.d/10.conf", "[json]\nfile = /early\n[csv]\nfile = none\n");
	scratch_write("conf.d/30.conf.old", "nonsense\n");
	settings_init(&s);
	assert_int_equal(settings_read(&s, scratch_path("main.conf"), false, &errors), 0);
	assert_string_equal(s.json.file, "/late");
	assert_string_equal(s.csv.file, "");
	assert_int_equal(s.json.max_size, 1 << 20);
	assert_int_equal(s.interval_ns, 2000000000);
	assert_int_equal(settings_read(&s, scratch_path("none.conf"), false, &errors), -ENOENT);
	settings_init(&s);
	assert_int_equal(settings_read(&s, scratch_path("none.conf"), true, &errors), 0);
	assert_string_equal(s.json.file, "/late");
	scratch_write("conf.d/20.conf", "[json]\nfile = late\n");
	assert_int_equal(settings_read(&s, scratch_path("main.conf"), false, &errors), -EINVAL);
	assert_non_null(strstr(errors.ptr, "conf.d/20.conf:2: "));
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
			struct arguments a;

			was_taken |= arguments_parse(3, argv, &a, &errors) == 0;
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
	struct arguments a;
	struct settings s;

	(void)state;
	scratch_write("main.conf", "[gputopd]\ninterval = 2\nmajor = 1,2\n");
	snprintf(path, sizeof(path), "%s", scratch_path("main.conf"));
	assert_int_equal(arguments_parse(5, argv, &a, &errors), 0);
	assert_int_equal(arguments_settings(&a, &s, &errors), 0);
	assert_int_equal(s.interval_ns, 3000000000);
	assert_int_equal(s.n_majors, 2);
	scratch_write("main.conf", "[json]\nfile = /x\n[csv]\nfile = /x\n[socket]\npath = /x\n");
	buf_reset(&errors);
	assert_int_equal(arguments_settings(&a, &s, &errors), -EINVAL);
	assert_string_equal(errors.ptr, "json.file and csv.file are the same file: /x\n"
			    "json.file and socket.path are the same file: /x\n"
			    "csv.file and socket.path are the same file: /x\n");
	unlink(scratch_path("main.conf"));
	assert_int_equal(arguments_settings(&a, &s, &errors), -ENOENT);
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
		struct arguments a;

		buf_reset(&errors);
		assert_int_equal(arguments_parse(2, argv, &a, &errors), -EINVAL);
		assert_int_equal(errors.ptr[errors.len - 1], '\n');
		errors.ptr[errors.len - 1] = '\0';
		assert_string_equal(errors.ptr, cases[i].error);
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
		cmocka_unit_test(says_everything_that_is_wrong),
		cmocka_unit_test(a_group_that_does_not_exist_is_wrong_to_a_check_only),
		cmocka_unit_test(a_line_that_is_too_long_is_not_two),
		cmocka_unit_test(files_in_conf_d_override_in_their_order),
		cmocka_unit_test(every_key_is_an_option_that_overrides_the_files),
		cmocka_unit_test(the_manual_page_has_every_key_and_no_other),
		cmocka_unit_test(options_are_in_force_over_files),
		cmocka_unit_test(says_which_option_is_wrong),
		cmocka_unit_test(knows_what_only_a_restart_changes),
	};

	int failed = cmocka_run_group_tests(tests, scratch_begin, scratch_end);

	buf_done(&errors);
	return failed;
}
