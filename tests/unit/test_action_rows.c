/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <string.h>

#include "sample.h"
#include "user.h"

/* In the order of process numbers: 90 80 70 70 60 43 42. */
static void start(struct user *u)
{
	user_start(u, 10);
	user_type(u, "N");
}

static pid_t selected(const struct user *u)
{
	return u->m.cursor < 0 ? -1 : u->v.rows[u->m.cursor].clients[0]->process->pid;
}

static void search_goes_to_the_first_match_as_it_is_typed(void **state)
{
	struct user u;

	(void)state;
	start(&u);
	user_type(&u, "/");
	assert_int_equal(selected(&u), -1);
	user_type(&u, "p");
	assert_int_equal(selected(&u), 80);	/* python */
	user_type(&u, "y");
	assert_int_equal(selected(&u), 80);
	user_press(&u, K_BACKSPACE);
	user_press(&u, K_BACKSPACE);
	assert_int_equal(selected(&u), -1);
	user_type(&u, "MPV");
	assert_int_equal(selected(&u), 42);
	user_press(&u, K_ENTER);
	assert_false(u.m.prompt.is_open);
	assert_int_equal(selected(&u), 42);
	user_done(&u);
}

static void a_search_given_up_leaves_the_cursor_where_it_was(void **state)
{
	struct user u;

	(void)state;
	start(&u);
	user_press(&u, K_DOWN);
	user_press(&u, K_DOWN);
	assert_int_equal(selected(&u), 80);
	user_type(&u, "/mpv");
	assert_int_equal(selected(&u), 42);
	user_press(&u, K_ESCAPE);
	assert_int_equal(selected(&u), 80);
	user_done(&u);
}

static void goes_from_match_to_match_and_around(void **state)
{
	struct user u;

	(void)state;
	start(&u);
	/* users count as well: 80 and 43 are bob's */
	user_type(&u, "/bob");
	assert_int_equal(selected(&u), 80);
	user_press(&u, K_F3);
	assert_int_equal(selected(&u), 43);
	user_press(&u, K_ENTER);
	user_type(&u, "n");
	assert_int_equal(selected(&u), 80);
	user_type(&u, "n");
	assert_int_equal(selected(&u), 43);
	user_type(&u, "p");
	assert_int_equal(selected(&u), 80);
	user_type(&u, "p");
	assert_int_equal(selected(&u), 43);
	user_done(&u);
}

static void says_what_was_not_found(void **state)
{
	struct user u;

	(void)state;
	start(&u);
	user_type(&u, "n");		/* nothing was looked for yet */
	assert_string_equal(u.m.message, "");
	user_type(&u, "/nowhere");
	assert_string_equal(u.m.message, "No row has \"nowhere\" in its command, name or user.");
	assert_int_equal(selected(&u), -1);
	user_press(&u, K_ENTER);
	u.m.view.gpu = "none";
	user_look(&u);
	user_type(&u, "n");
	assert_int_equal(u.m.cursor, -1);
	user_done(&u);
}

static void a_filter_works_as_soon_as_it_parses(void **state)
{
	struct user u;

	(void)state;
	start(&u);
	user_type(&u, "\\user");	/* a text in the command, of which there is none */
	assert_int_equal(u.v.n_rows, 0);
	user_type(&u, "=");
	assert_string_equal(u.m.message, "6: expected a value");
	assert_int_equal(u.v.n_rows, 0);
	user_type(&u, "bob");
	assert_string_equal(u.m.message, "");
	assert_int_equal(u.v.n_rows, 2);
	user_press(&u, K_ENTER);
	assert_false(u.m.prompt.is_open);
	assert_int_equal(u.v.n_rows, 2);

	/* the next prompt has it, and an empty one is none */
	user_press(&u, K_F4);
	assert_string_equal(u.m.prompt.text, "user=bob");
	for (int i = 0; i < 8; i++)
		user_press(&u, K_BACKSPACE);
	user_press(&u, K_ENTER);
	assert_null(u.m.view.filter);
	assert_int_equal(u.v.n_rows, N_SAMPLE_CLIENTS);
	user_done(&u);
}

static void a_broken_filter_is_mended_or_given_up(void **state)
{
	struct user u;

	(void)state;
	start(&u);
	user_type(&u, "\\user=bob");
	user_press(&u, K_ENTER);
	user_press(&u, K_F4);
	user_type(&u, " pid=x and mpv");
	user_press(&u, K_ENTER);
	assert_true(u.m.prompt.is_open);
	assert_string_equal(u.m.message, "14: expected a number");
	assert_int_equal(u.m.prompt.cursor, 13);
	user_press(&u, K_ESCAPE);
	assert_false(u.m.prompt.is_open);
	assert_string_equal(u.m.view.filter->text, "user=bob");
	assert_int_equal(u.v.n_rows, 2);
	user_done(&u);
}

static void a_filter_from_outside_is_where_editing_begins(void **state)
{
	struct filter_error error;
	struct filter filter;
	struct user u;

	(void)state;
	start(&u);
	assert_int_equal(filter_parse("pid=42", &filter, &error), 0);
	u.m.view.filter = &filter;
	user_press(&u, K_F4);
	user_type(&u, "0");
	assert_int_equal(u.v.n_rows, 0);
	user_press(&u, K_ESCAPE);
	assert_int_equal(u.v.n_rows, 1);
	user_done(&u);
}

static void a_menu_has_the_users_of_all_clients(void **state)
{
	struct user u;

	(void)state;
	start(&u);
	for (int turn = 0; turn < 2; turn++) {
		user_type(&u, "u");
		assert_int_equal(u.m.menu.n, 4);
		assert_string_equal(u.m.menu.items[0].text, "all users");
		user_type(&u, "bob");
		user_press(&u, K_ENTER);
		assert_int_equal(u.v.n_rows, 2);
	}
	user_type(&u, "u");
	user_press(&u, K_HOME);
	user_press(&u, K_ENTER);
	assert_int_equal(u.v.n_rows, N_SAMPLE_CLIENTS);
	user_done(&u);
}

static void a_menu_has_everything_to_sort_by(void **state)
{
	struct user u;

	(void)state;
	start(&u);
	user_press(&u, K_F6);
	assert_string_equal(u.m.menu.items[u.m.menu.cursor].text, "pid");
	user_type(&u, "busy:vcs");
	user_press(&u, K_ENTER);
	assert_string_equal(u.m.view.sort.field->key, "busy");
	assert_string_equal(u.m.view.sort.of, "vcs");
	user_press(&u, K_F6);
	user_type(&u, "start");	/* not on the screen */
	user_press(&u, K_ENTER);
	assert_string_equal(u.m.view.sort.field->key, "start");
	user_press(&u, K_F6);
	user_press(&u, K_HOME);
	user_press(&u, K_ENTER);
	assert_null(u.m.view.sort.field);
	user_done(&u);
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
