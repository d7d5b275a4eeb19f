/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/rcfile.h"
#include "fixture.h"
#include "scratch.h"

static char path[96];

static int begin(void **state)
{
	scratch_begin(state);
	snprintf(path, sizeof(path), "%s/a/b/gputoprc", scratch_root());
	return 0;
}

static void write_file(const char *text)
{
	scratch_write("a/b/gputoprc", text);
}

static struct column column(const char *key, const char *of)
{
	struct column c = { .field = field_find(str_of(key)) };

	assert_non_null(c.field);
	snprintf(c.of, sizeof(c.of), "%s", of);
	return c;
}

static void what_is_written_is_read_again(void **state)
{
	struct options o;
	struct model m;
	char error[256] = "";
	struct stat st;

	(void)state;
	model_init(&m);
	m.theme = THEME_SAFE;
	m.units = UNITS_DECIMAL;
	m.delay_ns = 2500000000;
	m.view.all = true;
	m.view.sort = column("busy", "gfx");
	m.view.reverse = true;
	m.no_mouse = true;
	m.default_columns = false;
	m.n_columns = 2;
	m.columns[0] = column("busy", "gfx");
	m.columns[1] = column("cmdline", "");
	assert_int_equal(rcfile_write(path, &m), 0);
	assert_int_equal(rcfile_read(path, &o, error, sizeof(error)), 0);
	assert_int_equal(o.theme, THEME_SAFE);
	assert_int_equal(o.units, UNITS_DECIMAL);
	assert_int_equal(o.delay_ns, 2500000000);
	assert_false(o.has_delay);
	assert_true(o.view.all && o.no_mouse && o.view.reverse);
	assert_false(o.view.tree);
	assert_true(column_equal(&o.view.sort, &m.view.sort));
	assert_int_equal(o.n_columns, 2);
	assert_true(column_equal(&o.columns[0], &m.columns[0]) && column_equal(&o.columns[1], &m.columns[1]));

	/* the mode somebody gave it stays, and nothing is left beside it */
	assert_int_equal(chmod(path, 0640), 0);
	m.default_columns = true;
	assert_int_equal(rcfile_write(path, &m), 0);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0640);
	assert_int_equal(rcfile_read(path, &o, error, sizeof(error)), 0);
	assert_int_equal(o.n_columns, 0);
}

static void no_file_is_the_default(void **state)
{
	struct options o;
	char error[256] = "";

	(void)state;
	assert_int_equal(rcfile_read("/nonexistent/gputoprc", &o, error, sizeof(error)), 0);
	assert_int_equal(o.theme, THEME_DARK);
	assert_int_equal(o.delay_ns, 1000000000);
	assert_string_equal(error, "");
}

static void what_cannot_be_read_is_said(void **state)
{
	struct options o;
	char error[256] = "";

	(void)state;
	assert_int_equal(rcfile_read(scratch_root(), &o, error, sizeof(error)), -EISDIR);
	assert_non_null(strstr(error, strerror(EISDIR)));
}

static void what_is_wrong_is_said_with_its_line(void **state)
{
	static const struct { const char *text, *error; } cases[] = {
		{ "theme = light\ntheme = pink\n", ":2: no such theme 'pink'" },
		{ "units = metric\n", ":1: no such units 'metric'" },
		{ "# fine\n\nspeed = 3\n", ":3: there is no 'speed' to set up" },
		{ "replay = /etc/passwd\n", ":1: there is no 'replay' to set up" },
		{ "all = perhaps\ntheme = pink\n", ":1: all is yes or no" },
		{ "theme = light\nnonsense\n", ":2: not name = value" },
		{ "nonsense\ntheme = pink\n", ":1: not name = value" },
		{ "[screen]\ntheme = light\n", ":2: there are no [sections] in this file" },
		{ "fields = pid,nothing\n", ":1: " },
		{ "delay = fast\n", ":1: " },
	};
	char error[256], start[128];
	struct options o = { .width = 42 };

	(void)state;
	for (size_t i = 0; i < N_OF(cases); i++) {
		write_file(cases[i].text);
		assert_int_not_equal(rcfile_read(path, &o, error, sizeof(error)), 0);
		snprintf(start, sizeof(start), "%s%s", path, cases[i].error);
		if (strncmp(error, start, strlen(start)) != 0)
			fail_msg("\"%s\" is not \"%s...\"", error, start);
		assert_int_equal(o.width, 42);
	}
}

static void a_link_stays_a_link(void **state)
{
	char link[96];
	struct model m;
	struct stat st;

	(void)state;
	write_file("theme = dark\n");
	snprintf(link, sizeof(link), "%s/link", scratch_root());
	assert_int_equal(symlink(path, link), 0);
	model_init(&m);
	assert_int_equal(rcfile_write(link, &m), 0);
	assert_int_equal(lstat(link, &st), 0);
	assert_true(S_ISLNK(st.st_mode));
	assert_int_equal(unlink(link), 0);
}

static void what_cannot_be_written_leaves_the_file(void **state)
{
	struct model m;
	struct stat st;

	(void)state;
	model_init(&m);
	assert_int_not_equal(rcfile_write("/proc/gputoprc", &m), 0);
	assert_int_not_equal(rcfile_write("/dev/null/gputoprc", &m), 0);
	assert_int_equal(rcfile_write(scratch_root(), &m), -EISDIR);
	/* "no file", as GPUTOPRC says it */
	assert_int_equal(unlink(path), 0);
	assert_int_equal(mkfifo(path, 0600), 0);
	assert_int_equal(rcfile_write(path, &m), -EINVAL);
	assert_int_equal(stat(path, &st), 0);
	assert_true(S_ISFIFO(st.st_mode));
	assert_int_equal(unlink(path), 0);
}

static void the_file_is_where_users_expect_it(void **state)
{
	char ret[128];

	(void)state;
	setenv("HOME", "/home/u", 1);
	unsetenv("XDG_CONFIG_HOME");
	unsetenv("GPUTOPRC");
	assert_int_equal(rcfile_path(ret, sizeof(ret)), 0);
	assert_string_equal(ret, "/home/u/.config/gputop/gputoprc");
	setenv("XDG_CONFIG_HOME", "/xdg", 1);
	assert_int_equal(rcfile_path(ret, sizeof(ret)), 0);
	assert_string_equal(ret, "/xdg/gputop/gputoprc");
	setenv("GPUTOPRC", "/rc", 1);
	assert_int_equal(rcfile_path(ret, sizeof(ret)), 0);
	assert_string_equal(ret, "/rc");
	assert_int_not_equal(rcfile_path(ret, 2), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_written_is_read_again),
		cmocka_unit_test(no_file_is_the_default),
		cmocka_unit_test(what_cannot_be_read_is_said),
		cmocka_unit_test(what_is_wrong_is_said_with_its_line),
		cmocka_unit_test(a_link_stays_a_link),
		cmocka_unit_test(what_cannot_be_written_leaves_the_file),
		cmocka_unit_test(the_file_is_where_users_expect_it),
	};

	return cmocka_run_group_tests(tests, begin, scratch_end);
}
