/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <string.h>

#include "cli/model.h"
#include "sample.h"

/* A model looking at the sample through @rows rows. */
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

static void start(struct fixture *f, size_t rows)
{
	*f = (struct fixture){ 0 };
	model_init(&f->m);
	f->m.view.all = true;
	f->on = (struct model_context){ .view = &f->v, .columns = f->columns, .rows = rows };
	look(f);
}

static void press(struct fixture *f, const char *keys)
{
	for (; *keys; keys++)
		model_key(&f->m, *keys, &f->on);
	look(f);
}

static void begins_with_nothing_selected(void **state)
{
	struct fixture f;

	(void)state;
	start(&f, 3);
	assert_int_equal(f.m.cursor, -1);
	assert_int_equal(f.m.top, 0);
	assert_true(f.m.default_columns);
	assert_int_equal(f.v.n_clients, N_SAMPLE_CLIENTS);
	view_done(&f.v);
}

static void the_cursor_stays_in_the_list_and_in_sight(void **state)
{
	struct fixture f;

	(void)state;
	start(&f, 3);
	for (int i = 0; i < 20; i++)
		model_key(&f.m, K_DOWN, &f.on);
	assert_int_equal(f.m.cursor, N_SAMPLE_CLIENTS - 1);
	assert_int_equal(f.m.top, N_SAMPLE_CLIENTS - 3);
	model_key(&f.m, K_PAGE_UP, &f.on);
	assert_int_equal(f.m.cursor, N_SAMPLE_CLIENTS - 4);
	for (int i = 0; i < 20; i++)
		model_key(&f.m, K_UP, &f.on);
	assert_int_equal(f.m.cursor, 0);
	assert_int_equal(f.m.top, 0);
	model_key(&f.m, K_END, &f.on);
	assert_int_equal(f.m.cursor, N_SAMPLE_CLIENTS - 1);
	model_key(&f.m, K_HOME, &f.on);
	assert_int_equal(f.m.cursor, -1);
	assert_int_equal(f.m.top, 0);
	model_key(&f.m, K_PAGE_DOWN, &f.on);
	assert_int_equal(f.m.cursor, 2);
	view_done(&f.v);
}

static void the_cursor_follows_its_client_through_a_new_order(void **state)
{
	const struct snapshot_client *selected;
	struct fixture f;

	(void)state;
	start(&f, 2);
	model_key(&f.m, K_DOWN, &f.on);
	model_key(&f.m, K_DOWN, &f.on);
	selected = f.v.clients[f.m.cursor];
	assert_int_equal(selected->process->pid, 42);
	press(&f, "NR");
	assert_ptr_equal(f.v.clients[f.m.cursor], selected);
	assert_true(f.m.top <= (size_t)f.m.cursor && (size_t)f.m.cursor < f.m.top + 2);
	assert_int_not_equal(f.m.cursor, 1);
	view_done(&f.v);
}

static void a_client_without_an_id_is_followed_by_its_holder(void **state)
{
	struct fixture f;

	(void)state;
	start(&f, 10);
	for (size_t i = 0; i < f.v.n_clients; i++) {
		model_key(&f.m, K_DOWN, &f.on);
		if (f.v.clients[f.m.cursor]->process->pid == 80)
			break;
	}
	press(&f, "N");
	assert_int_equal(f.v.clients[f.m.cursor]->process->pid, 80);
	assert_true(f.v.clients[f.m.cursor]->id == UNKNOWN);
	view_done(&f.v);
}

static void a_client_that_went_leaves_the_cursor_at_its_row(void **state)
{
	struct fixture f;

	(void)state;
	start(&f, 10);
	model_key(&f.m, K_END, &f.on);
	press(&f, "i");		/* the last ones are idle and go */
	assert_true(f.v.n_clients < N_SAMPLE_CLIENTS);
	assert_int_equal(f.m.cursor, (ssize_t)f.v.n_clients - 1);
	view_done(&f.v);
}

static void a_shorter_list_leaves_no_rows_empty(void **state)
{
	struct fixture f;

	(void)state;
	start(&f, 3);
	model_key(&f.m, K_END, &f.on);
	press(&f, "i");
	assert_int_equal(f.v.n_clients, 4);
	assert_int_equal(f.m.top, 1);
	view_done(&f.v);
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
	static const char *const keys[] = { "pid", "comm", "user", "container", "gpu" };
	struct fixture f;

	(void)state;
	start(&f, 10);
	for (size_t i = 0; i < 5; i++) {
		press(&f, "H");
		assert_string_equal(f.m.view.group->key, keys[i]);
	}
	press(&f, "H");
	assert_null(f.m.view.group);
	view_done(&f.v);
}

static void the_cursor_follows_its_group(void **state)
{
	struct fixture f;

	(void)state;
	start(&f, 10);
	press(&f, "HHH");
	for (size_t i = 0; i < f.v.n_rows; i++) {
		model_key(&f.m, K_DOWN, &f.on);
		if (strcmp(f.v.rows[f.m.cursor].clients[0]->process->user, "bob") == 0)
			break;
	}
	assert_int_equal(f.m.cursor, 2);
	press(&f, "M");		/* bob's clients hold most */
	assert_int_equal(f.m.cursor, 0);
	assert_string_equal(f.v.rows[0].clients[0]->process->user, "bob");
	view_done(&f.v);
}

static void sorts_as_asked(void **state)
{
	struct fixture f;

	(void)state;
	start(&f, 10);
	assert_null(f.m.view.sort.field);
	press(&f, "M");
	assert_string_equal(f.m.view.sort.field->key, "memory");
	assert_false(f.m.view.reverse);
	press(&f, "R");
	assert_true(f.m.view.reverse);
	press(&f, "T");
	assert_string_equal(f.m.view.sort.field->key, "gputime");
	assert_false(f.m.view.reverse);
	press(&f, "P");
	assert_null(f.m.view.sort.field);
	view_done(&f.v);
}

static void walks_the_sort_column_around(void **state)
{
	struct fixture f;

	(void)state;
	start(&f, 10);
	press(&f, ">");
	assert_string_equal(f.m.view.sort.field->key, "pid");
	press(&f, "<");
	assert_string_equal(f.m.view.sort.field->key, "cmdline");
	press(&f, ">>>>>>");
	assert_string_equal(f.m.view.sort.field->key, "busy");
	assert_string_equal(f.m.view.sort.of, "gfx");
	view_done(&f.v);
}

static void shows_and_hides(void **state)
{
	struct fixture f;

	(void)state;
	start(&f, 10);
	press(&f, "h i?");
	assert_false(f.m.help);
	assert_true(f.m.paused);
	assert_false(f.m.view.all);
	press(&f, "?");
	assert_true(f.m.help);
	model_key(&f.m, K_ESCAPE, &f.on);
	assert_false(f.m.help);
	assert_false(f.m.quit);
	press(&f, "xyz~");	/* bound to nothing */
	assert_false(f.m.quit);
	press(&f, "q");
	assert_true(f.m.quit);
	view_done(&f.v);
}

static void an_empty_list_has_no_cursor(void **state)
{
	struct fixture f;

	(void)state;
	start(&f, 10);
	model_key(&f.m, K_DOWN, &f.on);
	f.m.view.gpu = "none";
	look(&f);
	assert_int_equal(f.v.n_clients, 0);
	assert_int_equal(f.m.cursor, -1);
	for (int key = K_UP; key <= K_F10; key++)
		model_key(&f.m, key, &f.on);
	assert_int_equal(f.m.cursor, -1);
	view_done(&f.v);
}

static void no_key_is_bound_twice(void **state)
{
	(void)state;
	for (size_t i = 0; i < n_bindings; i++)
		for (size_t j = 0; j < i; j++)
			for (size_t k = 0; k < 16; k++)
				assert_false(bindings[i].keys[k / 4] &&
					     bindings[i].keys[k / 4] == bindings[j].keys[k % 4]);
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
		cmocka_unit_test(the_cursor_follows_its_group),
		cmocka_unit_test(sorts_as_asked),
		cmocka_unit_test(walks_the_sort_column_around),
		cmocka_unit_test(shows_and_hides),
		cmocka_unit_test(an_empty_list_has_no_cursor),
		cmocka_unit_test(no_key_is_bound_twice),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
