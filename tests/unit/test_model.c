/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <stdio.h>
#include <string.h>

#include "cli/binding.h"
#include "cli/setup.h"
#include "sample.h"
#include "user.h"

static void begins_with_nothing_selected(void **state)
{
	struct user u;

	(void)state;
	user_start(&u, 3);
	assert_int_equal(u.m.cursor, -1);
	assert_int_equal(u.m.top, 0);
	assert_true(u.m.default_columns);
	assert_int_equal(u.v.n_clients, N_SAMPLE_CLIENTS);
	user_done(&u);
}

static void the_cursor_stays_in_the_list_and_in_sight(void **state)
{
	struct user u;

	(void)state;
	user_start(&u, 3);
	for (int i = 0; i < 20; i++)
		model_key(&u.m, K_DOWN, &u.on);
	assert_int_equal(u.m.cursor, N_SAMPLE_CLIENTS - 1);
	assert_int_equal(u.m.top, N_SAMPLE_CLIENTS - 3);
	model_key(&u.m, K_PAGE_UP, &u.on);
	assert_int_equal(u.m.cursor, N_SAMPLE_CLIENTS - 4);
	for (int i = 0; i < 20; i++)
		model_key(&u.m, K_UP, &u.on);
	assert_int_equal(u.m.cursor, 0);
	assert_int_equal(u.m.top, 0);
	model_key(&u.m, K_END, &u.on);
	assert_int_equal(u.m.cursor, N_SAMPLE_CLIENTS - 1);
	model_key(&u.m, K_HOME, &u.on);
	assert_int_equal(u.m.cursor, -1);
	assert_int_equal(u.m.top, 0);
	model_key(&u.m, K_PAGE_DOWN, &u.on);
	assert_int_equal(u.m.cursor, 2);
	user_done(&u);
}

static void the_cursor_follows_its_client_through_a_new_order(void **state)
{
	const struct snapshot_client *selected;
	struct user u;

	(void)state;
	user_start(&u, 2);
	model_key(&u.m, K_DOWN, &u.on);
	model_key(&u.m, K_DOWN, &u.on);
	selected = u.v.clients[u.m.cursor];
	assert_int_equal(selected->process->pid, 42);
	user_type(&u, "NR");
	assert_ptr_equal(u.v.clients[u.m.cursor], selected);
	assert_true(u.m.top <= (size_t)u.m.cursor && (size_t)u.m.cursor < u.m.top + 2);
	assert_int_not_equal(u.m.cursor, 1);
	user_done(&u);
}

static void a_client_without_an_id_is_followed_by_its_holder(void **state)
{
	struct user u;

	(void)state;
	user_start(&u, 10);
	for (size_t i = 0; i < u.v.n_clients; i++) {
		model_key(&u.m, K_DOWN, &u.on);
		if (u.v.clients[u.m.cursor]->process->pid == 80)
			break;
	}
	user_type(&u, "N");
	assert_int_equal(u.v.clients[u.m.cursor]->process->pid, 80);
	assert_true(u.v.clients[u.m.cursor]->id == UNKNOWN);
	user_done(&u);
}

static void a_client_that_went_leaves_the_cursor_at_its_row(void **state)
{
	struct user u;

	(void)state;
	user_start(&u, 10);
	model_key(&u.m, K_END, &u.on);
	user_type(&u, "i");		/* one is idle and goes */
	assert_true(u.v.n_clients < N_SAMPLE_CLIENTS);
	assert_int_equal(u.m.cursor, (ssize_t)u.v.n_clients - 1);
	user_done(&u);
}

static void a_shorter_list_leaves_no_rows_empty(void **state)
{
	struct user u;

	(void)state;
	user_start(&u, 3);
	model_key(&u.m, K_END, &u.on);
	user_type(&u, "i");
	assert_int_equal(u.v.n_clients, 6);
	assert_int_equal(u.m.top, 3);
	user_done(&u);
}

static void clients_are_told_apart_by_device_and_by_holder(void **state)
{
	const struct snapshot_holder holders[] = { { 1, 3 }, { 1, 4 }, { 2, 3 } };
	struct snapshot_client clients[] = {
		sample.clients[SAMPLE_MPV], sample.clients[SAMPLE_HOSTILE],
		sample.clients[SAMPLE_HUGE], sample.clients[SAMPLE_HUGE], sample.clients[SAMPLE_HUGE],
	};
	const struct snapshot s = { .clients = clients, .n_clients = 5 };
	struct view v = { 0 };
	const struct model_context on = { .view = &v, .rows = 10 };
	struct model m;

	(void)state;
	clients[1].id = clients[0].id;
	for (size_t i = 0; i < 3; i++)
		clients[2 + i].holders = &holders[i];
	model_init(&m);
	m.view.all = true;
	assert_int_equal(view_select(&v, &m.view, &s), 0);
	for (ssize_t row = 0; row < 5; row++) {
		model_key(&m, K_DOWN, &on);
		model_settle(&m, &on);
		assert_int_equal(m.cursor, row);
	}
	view_done(&v);
}

static void the_group_key_goes_through_the_usual_groups(void **state)
{
	static const char *const keys[] = { "pid", "comm", "user", "workload", "gpu" };
	struct user u;

	(void)state;
	user_start(&u, 10);
	for (size_t i = 0; i < 5; i++) {
		user_type(&u, "H");
		assert_string_equal(u.m.view.group->key, keys[i]);
	}
	user_type(&u, "H");
	assert_null(u.m.view.group);
	user_done(&u);
}

static void a_tree_is_no_group(void **state)
{
	struct user u;

	(void)state;
	user_start(&u, 10);
	user_type(&u, "Ht");
	assert_true(u.m.view.tree);
	user_type(&u, "H");
	assert_false(u.m.view.tree);
	assert_string_equal(u.m.view.group->key, "comm");
	user_type(&u, "tt");
	assert_false(u.m.view.tree);
	user_done(&u);
}

static void the_cursor_follows_its_group(void **state)
{
	struct user u;

	(void)state;
	user_start(&u, 10);
	user_type(&u, "HHH");
	for (size_t i = 0; i < u.v.n_rows; i++) {
		model_key(&u.m, K_DOWN, &u.on);
		if (strcmp(u.v.rows[u.m.cursor].clients[0]->process->user, "bob") == 0)
			break;
	}
	assert_int_equal(u.m.cursor, 2);
	user_type(&u, "R");		/* bob's clients use least */
	assert_int_equal(u.m.cursor, 0);
	assert_string_equal(u.v.rows[0].clients[0]->process->user, "bob");
	user_done(&u);
}

static void sorts_as_asked(void **state)
{
	struct user u;

	(void)state;
	user_start(&u, 10);
	assert_null(u.m.view.sort.field);
	user_type(&u, "M");
	assert_string_equal(u.m.view.sort.field->key, "memory");
	assert_false(u.m.view.reverse);
	user_type(&u, "R");
	assert_true(u.m.view.reverse);
	user_type(&u, "T");
	assert_string_equal(u.m.view.sort.field->key, "gputime");
	assert_false(u.m.view.reverse);
	user_type(&u, "P");
	assert_null(u.m.view.sort.field);
	user_done(&u);
}

static void walks_the_sort_column_around(void **state)
{
	struct user u;

	(void)state;
	user_start(&u, 10);
	user_type(&u, ">");
	assert_string_equal(u.m.view.sort.field->key, "pid");
	user_type(&u, "<");
	assert_string_equal(u.m.view.sort.field->key, "cmdline");
	user_type(&u, ">>>>>>");
	assert_string_equal(u.m.view.sort.field->key, "busy");
	assert_string_equal(u.m.view.sort.of, "gfx");
	user_done(&u);
}

static void shows_and_hides(void **state)
{
	struct user u;

	(void)state;
	user_start(&u, 10);
	user_type(&u, " ih?");
	assert_int_equal(u.m.page, PAGE_CLIENTS);
	assert_true(u.m.paused);
	assert_false(u.m.view.all);
	user_type(&u, "?");
	assert_int_equal(u.m.page, PAGE_HELP);
	model_key(&u.m, K_ESCAPE, &u.on);
	assert_int_equal(u.m.page, PAGE_CLIENTS);
	assert_false(u.m.quit);
	user_type(&u, "xyz~");	/* bound to nothing */
	assert_false(u.m.quit);
	user_type(&u, "q");
	assert_true(u.m.quit);
	user_done(&u);
}

static void an_empty_list_has_no_cursor(void **state)
{
	struct user u;

	(void)state;
	user_start(&u, 10);
	model_key(&u.m, K_DOWN, &u.on);
	u.m.view.gpu = "none";
	user_look(&u);
	assert_int_equal(u.v.n_clients, 0);
	assert_int_equal(u.m.cursor, -1);
	for (int key = K_UP; key <= K_F10; key++)
		model_key(&u.m, key, &u.on);
	assert_int_equal(u.m.cursor, -1);
	user_done(&u);
}

static void keys_of_the_clients_do_nothing_on_another_page(void **state)
{
	struct user u;

	(void)state;
	user_start(&u, 10);
	user_type(&u, "hMi");
	assert_null(u.m.view.sort.field);
	assert_true(u.m.view.all);
	user_type(&u, "hMi");
	assert_non_null(u.m.view.sort.field);
	assert_false(u.m.view.all);
	user_done(&u);
}

static void going_on_asks_for_a_frame_at_once(void **state)
{
	struct user u;

	(void)state;
	user_start(&u, 10);
	user_type(&u, " ");
	assert_int_equal(u.m.request.kind, REQUEST_NONE);
	user_type(&u, " ");
	assert_int_equal(u.m.request.kind, REQUEST_HURRY);
	user_done(&u);
}

static void a_signal_is_for_one_process_that_is_within_reach(void **state)
{
	struct user u;

	(void)state;
	user_start(&u, 10);
	user_type(&u, "k");
	assert_false(u.m.menu.is_open);
	assert_non_null(strstr(u.m.message, "not processes of this machine"));
	u.m.reaches = true;
	user_type(&u, "k");
	assert_non_null(strstr(u.m.message, "Select a client first"));
	u.m.view.group = field_find(str_of("gpu"));
	user_look(&u);
	model_key(&u.m, K_END, &u.on);
	while (u.v.rows[u.m.cursor].n == 1)
		model_key(&u.m, K_UP, &u.on);
	user_type(&u, "k");
	assert_non_null(strstr(u.m.message, "several processes"));
	u.m.view.group = NULL;
	model_key(&u.m, K_HOME, &u.on);
	user_look(&u);
	do
		model_key(&u.m, K_DOWN, &u.on);
	while (u.v.rows[u.m.cursor].clients[0]->process->pid != 42);
	user_type(&u, "k9");
	assert_string_equal(u.m.menu.title, "Signal for 42 (mpv):");
	model_key(&u.m, K_ENTER, &u.on);
	assert_string_equal(u.m.menu.title, "Send SIGKILL to 42 (mpv)?");
	assert_int_equal(u.m.request.kind, REQUEST_NONE);
	user_type(&u, "y");
	assert_int_equal(u.m.request.kind, REQUEST_SIGNAL);
	assert_int_equal(u.m.request.value, 9);
	assert_int_equal(u.m.target.pid, 42);
	assert_int_equal(u.m.target.start_time, 1000);
	user_done(&u);
}

static void columns_are_chosen_and_ordered_on_the_setup_page(void **state)
{
	struct user u;
	const struct field *field;

	(void)state;
	user_start(&u, 10);
	model_key(&u.m, K_F2, &u.on);
	assert_int_equal(u.m.page, PAGE_SETUP);
	for (size_t i = 0; i < N_SETUP_SETTINGS; i++)
		model_key(&u.m, K_DOWN, &u.on);
	assert_string_equal(u.m.columns[0].field->key, "pid");
	model_key(&u.m, K_F8, &u.on);
	assert_string_equal(u.m.columns[1].field->key, "pid");
	assert_false(u.m.default_columns);
	model_key(&u.m, K_F8, &u.on);
	model_key(&u.m, K_F7, &u.on);
	assert_string_equal(u.m.columns[1].field->key, "pid");
	assert_int_equal(setup_column(&u.m, u.m.setup_line, &field), 1);
	user_type(&u, " ");		/* out */
	assert_string_not_equal(u.m.columns[1].field->key, "pid");
	assert_false(u.m.paused);
	model_key(&u.m, K_END, &u.on);
	assert_int_equal(u.m.setup_line, setup_length(&u.m) - 1);
	assert_int_equal(setup_column(&u.m, u.m.setup_line, &field), u.m.n_columns);
	model_key(&u.m, K_ENTER, &u.on);
	assert_ptr_equal(u.m.columns[u.m.n_columns - 1].field, field);

	/* until one is left, which stays */
	model_key(&u.m, K_HOME, &u.on);
	for (size_t i = 0; i < N_SETUP_SETTINGS; i++)
		model_key(&u.m, K_DOWN, &u.on);
	for (size_t i = 0; i < MODEL_MAX_COLUMNS; i++)
		if (u.m.n_columns > 1)
			user_type(&u, " ");
	user_type(&u, " ");
	assert_int_equal(u.m.n_columns, 1);
	/* every field can come back, once */
	for (size_t i = 0; i < MODEL_MAX_COLUMNS; i++) {
		model_key(&u.m, K_END, &u.on);
		if (setup_column(&u.m, u.m.setup_line, &field) == u.m.n_columns)
			user_type(&u, " ");
	}
	assert_int_equal(u.m.n_columns, n_fields);
	user_done(&u);
}

static void a_broken_file_is_not_overwritten_unasked(void **state)
{
	struct user u;

	(void)state;
	user_start(&u, 10);
	user_type(&u, "W");
	assert_int_equal(u.m.request.kind, REQUEST_SAVE);
	u.m.request.kind = REQUEST_NONE;
	snprintf(u.m.rcfile_error, sizeof(u.m.rcfile_error), "rc:3: nonsense");
	user_type(&u, "W");
	assert_string_equal(u.m.menu.title, "Overwrite it? rc:3: nonsense");
	user_type(&u, "n");
	assert_int_equal(u.m.request.kind, REQUEST_NONE);
	user_type(&u, "Wy");
	assert_int_equal(u.m.request.kind, REQUEST_SAVE);
	user_done(&u);
}

static void no_key_is_bound_twice_on_a_page(void **state)
{
	(void)state;
	for (size_t i = 0; i < n_bindings; i++)
		for (size_t j = 0; j < i; j++)
			for (size_t k = 0; k < 16; k++)
				for (enum page page = 0; page < N_PAGES; page++)
					assert_false(bindings[i].keys[k / 4] &&
						     bindings[i].keys[k / 4] == bindings[j].keys[k % 4] &&
						     binding_is_on(&bindings[i], page) &&
						     binding_is_on(&bindings[j], page));
}

static void help_fits_two_columns_of_a_usual_screen(void **state)
{
	(void)state;
	for (size_t i = 0; i < n_bindings; i++) {
		assert_in_range(strlen(bindings[i].name), 1, 8);
		assert_in_range(strlen(bindings[i].help), 4, 30);
	}
}

static struct spot spot(enum spot_kind kind, unsigned int value)
{
	return (struct spot){ (unsigned char)kind, value };
}

static void clicks_do_what_keys_do(void **state)
{
	struct user u;

	(void)state;
	user_start(&u, 10);
	model_click(&u.m, spot(SPOT_ROW, 2), &u.on);
	assert_int_equal(u.m.cursor, 2);
	assert_int_equal(u.m.page, PAGE_CLIENTS);
	model_click(&u.m, spot(SPOT_ROW, 2), &u.on);
	assert_int_equal(u.m.page, PAGE_DETAIL);
	model_key(&u.m, K_ESCAPE, &u.on);
	model_click(&u.m, spot(SPOT_COLUMN, 0), &u.on);
	assert_string_equal(u.m.view.sort.field->key, "pid");
	assert_false(u.m.view.reverse);
	model_click(&u.m, spot(SPOT_COLUMN, 0), &u.on);
	assert_true(u.m.view.reverse);
	model_click(&u.m, spot(SPOT_DEVICE, 1), &u.on);
	assert_string_equal(u.m.gpu, "0000:04:00.0");
	assert_int_equal(u.m.page, PAGE_CLIENTS);
	model_click(&u.m, spot(SPOT_DEVICE, 1), &u.on);
	assert_int_equal(u.m.page, PAGE_PLOT);
	assert_true(u.m.is_about_device);
	model_key(&u.m, K_ESCAPE, &u.on);
	model_click(&u.m, spot(SPOT_DEVICE, 99), &u.on);
	model_click(&u.m, spot(SPOT_KEY, 'i'), &u.on);
	assert_false(u.m.view.all);
	model_click(&u.m, spot(SPOT_NONE, 0), &u.on);
	model_click(&u.m, spot(SPOT_ROW, 99), &u.on);
	model_click(&u.m, spot(SPOT_COLUMN, 99), &u.on);
	user_done(&u);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(begins_with_nothing_selected),
		cmocka_unit_test(the_cursor_stays_in_the_list_and_in_sight),
		cmocka_unit_test(the_cursor_follows_its_client_through_a_new_order),
		cmocka_unit_test(a_client_without_an_id_is_followed_by_its_holder),
		cmocka_unit_test(a_client_that_went_leaves_the_cursor_at_its_row),
		cmocka_unit_test(a_shorter_list_leaves_no_rows_empty),
		cmocka_unit_test(clients_are_told_apart_by_device_and_by_holder),
		cmocka_unit_test(the_group_key_goes_through_the_usual_groups),
		cmocka_unit_test(a_tree_is_no_group),
		cmocka_unit_test(the_cursor_follows_its_group),
		cmocka_unit_test(sorts_as_asked),
		cmocka_unit_test(walks_the_sort_column_around),
		cmocka_unit_test(shows_and_hides),
		cmocka_unit_test(an_empty_list_has_no_cursor),
		cmocka_unit_test(keys_of_the_clients_do_nothing_on_another_page),
		cmocka_unit_test(going_on_asks_for_a_frame_at_once),
		cmocka_unit_test(a_signal_is_for_one_process_that_is_within_reach),
		cmocka_unit_test(columns_are_chosen_and_ordered_on_the_setup_page),
		cmocka_unit_test(a_broken_file_is_not_overwritten_unasked),
		cmocka_unit_test(no_key_is_bound_twice_on_a_page),
		cmocka_unit_test(help_fits_two_columns_of_a_usual_screen),
		cmocka_unit_test(clicks_do_what_keys_do),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
