/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <string.h>

#include "cli/model.h"
#include "sample.h"

/* A model looking at the sample, in the order of its process numbers: 90 80 70 70 60 43 42. */
struct fixture {
	struct model m;
	struct view v;
	struct column columns[MODEL_MAX_COLUMNS];
	struct model_context on;
};

static void look(struct fixture *f)
{
	assert_int_equal(view_select(&f->v, &f->m.view, &sample), 0);
	f->on.n_columns = view_columns(&f->v, f->m.columns, f->m.n_columns, f->columns, MODEL_MAX_COLUMNS);
	model_settle(&f->m, &f->on);
}

static void press(struct fixture *f, int key)
{
	model_key(&f->m, key, &f->on);
	look(f);
}

static void type(struct fixture *f, const char *keys)
{
	for (; *keys; keys++)
		press(f, *keys);
}

static void start(struct fixture *f)
{
	*f = (struct fixture){ 0 };
	model_init(&f->m);
	f->m.view.all = true;
	f->on = (struct model_context){ .view = &f->v, .columns = f->columns, .rows = 10 };
	look(f);
	type(f, "N");
}

static pid_t selected(const struct fixture *f)
{
	return f->m.cursor < 0 ? -1 : f->v.rows[f->m.cursor].clients[0]->process->pid;
}

static void search_goes_to_the_first_match_as_it_is_typed(void **state)
{
	struct fixture f;

	(void)state;
	start(&f);
	type(&f, "/");
	assert_int_equal(selected(&f), -1);
	type(&f, "p");
	assert_int_equal(selected(&f), 80);	/* python */
	type(&f, "y");
	assert_int_equal(selected(&f), 80);
	press(&f, K_BACKSPACE);
	press(&f, K_BACKSPACE);
	assert_int_equal(selected(&f), -1);
	type(&f, "MPV");
	assert_int_equal(selected(&f), 42);
	press(&f, K_ENTER);
	assert_false(f.m.prompt.is_open);
	assert_int_equal(selected(&f), 42);
	view_done(&f.v);
}

static void a_search_given_up_leaves_the_cursor_where_it_was(void **state)
{
	struct fixture f;

	(void)state;
	start(&f);
	press(&f, K_DOWN);
	press(&f, K_DOWN);
	assert_int_equal(selected(&f), 80);
	type(&f, "/mpv");
	assert_int_equal(selected(&f), 42);
	press(&f, K_ESCAPE);
	assert_int_equal(selected(&f), 80);
	view_done(&f.v);
}

static void goes_from_match_to_match_and_around(void **state)
{
	struct fixture f;

	(void)state;
	start(&f);
	/* users count as well: 80 and 43 are bob's */
	type(&f, "/bob");
	assert_int_equal(selected(&f), 80);
	press(&f, K_F3);
	assert_int_equal(selected(&f), 43);
	press(&f, K_ENTER);
	type(&f, "n");
	assert_int_equal(selected(&f), 80);
	type(&f, "n");
	assert_int_equal(selected(&f), 43);
	type(&f, "p");
	assert_int_equal(selected(&f), 80);
	type(&f, "p");
	assert_int_equal(selected(&f), 43);
	view_done(&f.v);
}

static void says_what_was_not_found(void **state)
{
	struct fixture f;

	(void)state;
	start(&f);
	type(&f, "n");		/* nothing was looked for yet */
	assert_string_equal(f.m.message, "");
	type(&f, "/nowhere");
	assert_string_equal(f.m.message, "No row has \"nowhere\" in its command, name or user.");
	assert_int_equal(selected(&f), -1);
	press(&f, K_ENTER);
	f.m.view.gpu = "none";
	look(&f);
	type(&f, "n");
	assert_int_equal(f.m.cursor, -1);
	view_done(&f.v);
}

static void a_filter_works_as_soon_as_it_parses(void **state)
{
	struct fixture f;

	(void)state;
	start(&f);
	type(&f, "\\user");	/* a text in the command, of which there is none */
	assert_int_equal(f.v.n_rows, 0);
	type(&f, "=");
	assert_string_equal(f.m.message, "6: expected a value");
	assert_int_equal(f.v.n_rows, 0);
	type(&f, "bob");
	assert_string_equal(f.m.message, "");
	assert_int_equal(f.v.n_rows, 2);
	press(&f, K_ENTER);
	assert_false(f.m.prompt.is_open);
	assert_int_equal(f.v.n_rows, 2);

	/* the next prompt has it, and an empty one is none */
	press(&f, K_F4);
	assert_string_equal(f.m.prompt.text, "user=bob");
	for (int i = 0; i < 8; i++)
		press(&f, K_BACKSPACE);
	press(&f, K_ENTER);
	assert_null(f.m.view.filter);
	assert_int_equal(f.v.n_rows, N_SAMPLE_CLIENTS);
	view_done(&f.v);
}

static void a_broken_filter_is_mended_or_given_up(void **state)
{
	struct fixture f;

	(void)state;
	start(&f);
	type(&f, "\\user=bob");
	press(&f, K_ENTER);
	press(&f, K_F4);
	type(&f, " pid=x and mpv");
	press(&f, K_ENTER);
	assert_true(f.m.prompt.is_open);
	assert_string_equal(f.m.message, "14: expected a number");
	assert_int_equal(f.m.prompt.cursor, 13);
	press(&f, K_ESCAPE);
	assert_false(f.m.prompt.is_open);
	assert_string_equal(f.m.view.filter->text, "user=bob");
	assert_int_equal(f.v.n_rows, 2);
	view_done(&f.v);
}

static void a_filter_from_outside_is_where_editing_begins(void **state)
{
	struct filter_error error;
	struct filter filter;
	struct fixture f;

	(void)state;
	start(&f);
	assert_int_equal(filter_parse("pid=42", &filter, &error), 0);
	f.m.view.filter = &filter;
	press(&f, K_F4);
	type(&f, "0");
	assert_int_equal(f.v.n_rows, 0);
	press(&f, K_ESCAPE);
	assert_int_equal(f.v.n_rows, 1);
	view_done(&f.v);
}

static void a_menu_has_the_users_of_all_clients(void **state)
{
	struct fixture f;

	(void)state;
	start(&f);
	for (int turn = 0; turn < 2; turn++) {
		type(&f, "u");
		assert_int_equal(f.m.menu.n, 4);
		assert_string_equal(f.m.menu.items[0].text, "all users");
		type(&f, "bob");
		press(&f, K_ENTER);
		assert_int_equal(f.v.n_rows, 2);
	}
	type(&f, "u");
	press(&f, K_HOME);
	press(&f, K_ENTER);
	assert_int_equal(f.v.n_rows, N_SAMPLE_CLIENTS);
	view_done(&f.v);
}

static void a_menu_has_everything_to_sort_by(void **state)
{
	struct fixture f;

	(void)state;
	start(&f);
	press(&f, K_F6);
	assert_string_equal(f.m.menu.items[f.m.menu.cursor].text, "pid");
	type(&f, "busy:vcs");
	press(&f, K_ENTER);
	assert_string_equal(f.m.view.sort.field->key, "busy");
	assert_string_equal(f.m.view.sort.of, "vcs");
	press(&f, K_F6);
	type(&f, "start");	/* not on the screen */
	press(&f, K_ENTER);
	assert_string_equal(f.m.view.sort.field->key, "start");
	press(&f, K_F6);
	press(&f, K_HOME);
	press(&f, K_ENTER);
	assert_null(f.m.view.sort.field);
	view_done(&f.v);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(search_goes_to_the_first_match_as_it_is_typed),
		cmocka_unit_test(a_search_given_up_leaves_the_cursor_where_it_was),
		cmocka_unit_test(goes_from_match_to_match_and_around),
		cmocka_unit_test(says_what_was_not_found),
		cmocka_unit_test(a_filter_works_as_soon_as_it_parses),
		cmocka_unit_test(a_broken_filter_is_mended_or_given_up),
		cmocka_unit_test(a_filter_from_outside_is_where_editing_begins),
		cmocka_unit_test(a_menu_has_the_users_of_all_clients),
		cmocka_unit_test(a_menu_has_everything_to_sort_by),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
