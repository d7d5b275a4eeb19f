/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <stdio.h>
#include <string.h>

#include "cli/binding.h"
#include "cli/setup.h"
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
	static const char *const keys[] = { "pid", "comm", "user", "workload", "gpu" };
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

static void a_tree_is_no_group(void **state)
{
	struct fixture f;

	(void)state;
	start(&f, 10);
	press(&f, "Ht");
	assert_true(f.m.view.tree);
	press(&f, "H");
	assert_false(f.m.view.tree);
	assert_string_equal(f.m.view.group->key, "comm");
	press(&f, "tt");
	assert_false(f.m.view.tree);
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
	press(&f, " ih?");
	assert_int_equal(f.m.page, PAGE_CLIENTS);
	assert_true(f.m.paused);
	assert_false(f.m.view.all);
	press(&f, "?");
	assert_int_equal(f.m.page, PAGE_HELP);
	model_key(&f.m, K_ESCAPE, &f.on);
	assert_int_equal(f.m.page, PAGE_CLIENTS);
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

static void keys_of_the_clients_do_nothing_on_another_page(void **state)
{
	struct fixture f;

	(void)state;
	start(&f, 10);
	press(&f, "hMi");
	assert_null(f.m.view.sort.field);
	assert_true(f.m.view.all);
	press(&f, "hMi");
	assert_non_null(f.m.view.sort.field);
	assert_false(f.m.view.all);
	view_done(&f.v);
}

static void going_on_asks_for_a_frame_at_once(void **state)
{
	struct fixture f;

	(void)state;
	start(&f, 10);
	press(&f, " ");
	assert_int_equal(f.m.request.kind, REQUEST_NONE);
	press(&f, " ");
	assert_int_equal(f.m.request.kind, REQUEST_HURRY);
	view_done(&f.v);
}

/* What a menu or a prompt said last. */
static char heard[128];

static void hear_item(struct model *m, const struct model_context *on, const struct menu_item *item)
{
	(void)on;
	snprintf(heard, sizeof(heard), "%s=%ld", item->text, item->value);
	model_say(m, "%s it is", item->text);
}

static void open_menu(struct fixture *f)
{
	struct menu *menu = &f->m.menu;

	menu_open(menu, "choose");
	menu_add(menu, "1 HUP", 1);
	menu_add(menu, "9 KILL", 9);
	menu_add(menu, "15 TERM", 15);
	menu_add(menu, "19 STOP", 19);
	menu->chosen = hear_item;
	heard[0] = '\0';
}

static void a_menu_takes_all_keys_until_something_is_chosen(void **state)
{
	struct fixture f;

	(void)state;
	start(&f, 2);
	open_menu(&f);
	menu_mark(&f.m.menu, 15);
	press(&f, "q");
	assert_false(f.m.quit);
	assert_int_equal(f.m.menu.cursor, 2);
	for (int i = 0; i < 5; i++)
		model_key(&f.m, K_DOWN, &f.on);
	assert_int_equal(f.m.menu.cursor, 3);
	model_key(&f.m, K_PAGE_UP, &f.on);
	assert_int_equal(f.m.menu.cursor, 1);
	model_key(&f.m, K_UP, &f.on);
	model_key(&f.m, K_UP, &f.on);
	assert_int_equal(f.m.menu.cursor, 0);
	assert_int_equal(f.m.cursor, -1);
	model_key(&f.m, K_ENTER, &f.on);
	assert_string_equal(heard, "1 HUP=1");
	assert_false(f.m.menu.is_open);
	assert_string_equal(f.m.message, "1 HUP it is");
	press(&f, "i");
	assert_string_equal(f.m.message, "");

	open_menu(&f);
	model_key(&f.m, K_ESCAPE, &f.on);
	assert_false(f.m.menu.is_open);
	assert_string_equal(heard, "");
	view_done(&f.v);
}

static void typing_finds_an_item_of_a_menu_by_any_of_its_words(void **state)
{
	static const struct { const char *typed; size_t cursor; } cases[] = {
		{ "15", 2 }, { "19", 3 }, { "k", 1 }, { "ST", 3 }, { "159", 1 }, { "x", 0 }, { "hx", 0 },
	};
	struct fixture f;

	(void)state;
	start(&f, 10);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		open_menu(&f);
		press(&f, cases[i].typed);
		assert_int_equal(f.m.menu.cursor, cases[i].cursor);
	}
	open_menu(&f);
	f.m.menu.at_once = true;
	press(&f, "t");
	assert_string_equal(heard, "15 TERM=15");
	view_done(&f.v);
}

static void a_menu_has_an_end(void **state)
{
	struct fixture f;

	(void)state;
	start(&f, 10);
	open_menu(&f);
	for (int i = 0; i < 2 * MENU_MAX; i++)
		menu_add(&f.m.menu, "more", 100 + i);
	assert_int_equal(f.m.menu.n, MENU_MAX);
	model_key(&f.m, K_END, &f.on);
	assert_int_equal(f.m.menu.cursor, MENU_MAX - 1);
	for (int i = 0; i < 100; i++)
		press(&f, "m");
	view_done(&f.v);
}

static void hear_change(struct model *m, const struct model_context *on, const char *text)
{
	(void)m, (void)on;
	snprintf(heard, sizeof(heard), "%s", text);
}

static void hear_end(struct model *m, const struct model_context *on, const char *text)
{
	(void)m, (void)on;
	snprintf(heard, sizeof(heard), "end %s", text ? text : "(none)");
}

static void ask(struct fixture *f, const char *text)
{
	prompt_open(&f->m.prompt, "what:", text);
	f->m.prompt.changed = hear_change;
	f->m.prompt.done = hear_end;
	heard[0] = '\0';
}

static void a_prompt_edits_whole_characters(void **state)
{
	static const int keys[] = { 'b', 0xe9, 0x20ac, 0x1f600, K_LEFT, K_LEFT, K_BACKSPACE, K_HOME, 'a', K_DELETE,
				    K_RIGHT, 'c', K_END, K_BACKSPACE, '!' };
	struct fixture f;

	(void)state;
	start(&f, 10);
	ask(&f, "x");
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		model_key(&f.m, keys[i], &f.on);
	/* xbé€😀, xb€😀, axb.. -> a without x */
	assert_string_equal(f.m.prompt.text, "abc\xe2\x82\xac!");
	assert_string_equal(heard, f.m.prompt.text);
	assert_false(f.m.quit);
	model_key(&f.m, K_ENTER, &f.on);
	assert_string_equal(heard, "end abc\xe2\x82\xac!");
	assert_false(f.m.prompt.is_open);

	ask(&f, "one two  ");
	model_key(&f.m, 'W' & 0x1f, &f.on);
	assert_string_equal(f.m.prompt.text, "one ");
	model_key(&f.m, 'U' & 0x1f, &f.on);
	assert_string_equal(f.m.prompt.text, "");
	model_key(&f.m, K_BACKSPACE, &f.on);
	model_key(&f.m, K_LEFT, &f.on);
	model_key(&f.m, K_DELETE, &f.on);
	model_key(&f.m, K_ESCAPE, &f.on);
	assert_string_equal(heard, "end (none)");
	view_done(&f.v);
}

static void a_prompt_is_never_longer_than_its_room(void **state)
{
	struct fixture f;

	(void)state;
	start(&f, 10);
	ask(&f, "");
	for (int i = 0; i < PROMPT_SIZE; i++)
		model_key(&f.m, 0x20ac, &f.on);
	assert_int_equal(f.m.prompt.len, (PROMPT_SIZE - 1) / 3 * 3);
	assert_int_equal(strlen(f.m.prompt.text), f.m.prompt.len);
	for (int i = 0; i < PROMPT_SIZE; i++)
		model_key(&f.m, 'x', &f.on);
	assert_int_equal(strlen(f.m.prompt.text), f.m.prompt.len);
	assert_true(f.m.prompt.len < PROMPT_SIZE);
	view_done(&f.v);
}

static void a_prompt_leaves_other_keys_to_the_page(void **state)
{
	struct fixture f;

	(void)state;
	start(&f, 10);
	ask(&f, "");
	model_key(&f.m, K_DOWN, &f.on);
	assert_int_equal(f.m.cursor, 0);
	assert_true(f.m.prompt.is_open);
	view_done(&f.v);
}

static void a_signal_is_for_one_process_that_is_within_reach(void **state)
{
	struct fixture f;

	(void)state;
	start(&f, 10);
	press(&f, "k");
	assert_false(f.m.menu.is_open);
	assert_non_null(strstr(f.m.message, "not processes of this machine"));
	f.m.reaches = true;
	press(&f, "k");
	assert_non_null(strstr(f.m.message, "Select a client first"));
	f.m.view.group = field_find(str_of("gpu"));
	look(&f);
	model_key(&f.m, K_END, &f.on);
	while (f.v.rows[f.m.cursor].n == 1)
		model_key(&f.m, K_UP, &f.on);
	press(&f, "k");
	assert_non_null(strstr(f.m.message, "several processes"));
	f.m.view.group = NULL;
	model_key(&f.m, K_HOME, &f.on);
	look(&f);
	do
		model_key(&f.m, K_DOWN, &f.on);
	while (f.v.rows[f.m.cursor].clients[0]->process->pid != 42);
	press(&f, "k9");
	assert_string_equal(f.m.menu.title, "Signal for 42 (mpv):");
	model_key(&f.m, K_ENTER, &f.on);
	assert_string_equal(f.m.menu.title, "Send SIGKILL to 42 (mpv)?");
	assert_int_equal(f.m.request.kind, REQUEST_NONE);
	press(&f, "y");
	assert_int_equal(f.m.request.kind, REQUEST_SIGNAL);
	assert_int_equal(f.m.request.value, 9);
	assert_int_equal(f.m.target.pid, 42);
	assert_int_equal(f.m.target.start_time, 1000);
	view_done(&f.v);
}

static void columns_are_chosen_and_ordered_on_the_setup_page(void **state)
{
	struct fixture f;
	const struct field *field;

	(void)state;
	start(&f, 10);
	model_key(&f.m, K_F2, &f.on);
	assert_int_equal(f.m.page, PAGE_SETUP);
	for (size_t i = 0; i < N_SETUP_SETTINGS; i++)
		model_key(&f.m, K_DOWN, &f.on);
	assert_string_equal(f.m.columns[0].field->key, "pid");
	model_key(&f.m, K_F8, &f.on);
	assert_string_equal(f.m.columns[1].field->key, "pid");
	assert_false(f.m.default_columns);
	model_key(&f.m, K_F8, &f.on);
	model_key(&f.m, K_F7, &f.on);
	assert_string_equal(f.m.columns[1].field->key, "pid");
	assert_int_equal(setup_column(&f.m, f.m.setup_line, &field), 1);
	press(&f, " ");		/* out */
	assert_string_not_equal(f.m.columns[1].field->key, "pid");
	assert_false(f.m.paused);
	model_key(&f.m, K_END, &f.on);
	assert_int_equal(f.m.setup_line, setup_length(&f.m) - 1);
	assert_int_equal(setup_column(&f.m, f.m.setup_line, &field), f.m.n_columns);
	model_key(&f.m, K_ENTER, &f.on);
	assert_ptr_equal(f.m.columns[f.m.n_columns - 1].field, field);

	/* until one is left, which stays */
	model_key(&f.m, K_HOME, &f.on);
	for (size_t i = 0; i < N_SETUP_SETTINGS; i++)
		model_key(&f.m, K_DOWN, &f.on);
	for (size_t i = 0; i < MODEL_MAX_COLUMNS; i++)
		if (f.m.n_columns > 1)
			press(&f, " ");
	press(&f, " ");
	assert_int_equal(f.m.n_columns, 1);
	/* every field can come back, once */
	for (size_t i = 0; i < MODEL_MAX_COLUMNS; i++) {
		model_key(&f.m, K_END, &f.on);
		if (setup_column(&f.m, f.m.setup_line, &field) == f.m.n_columns)
			press(&f, " ");
	}
	assert_int_equal(f.m.n_columns, n_fields);
	view_done(&f.v);
}

static void a_broken_file_is_not_overwritten_unasked(void **state)
{
	struct fixture f;

	(void)state;
	start(&f, 10);
	press(&f, "W");
	assert_int_equal(f.m.request.kind, REQUEST_SAVE);
	f.m.request.kind = REQUEST_NONE;
	snprintf(f.m.rcfile_error, sizeof(f.m.rcfile_error), "rc:3: nonsense");
	press(&f, "W");
	assert_string_equal(f.m.menu.title, "Overwrite it? rc:3: nonsense");
	press(&f, "n");
	assert_int_equal(f.m.request.kind, REQUEST_NONE);
	press(&f, "Wy");
	assert_int_equal(f.m.request.kind, REQUEST_SAVE);
	view_done(&f.v);
}

static struct spot spot(enum spot_kind kind, unsigned int value)
{
	return (struct spot){ (unsigned char)kind, value };
}

static void clicks_do_what_keys_do(void **state)
{
	struct fixture f;

	(void)state;
	start(&f, 10);
	model_click(&f.m, spot(SPOT_ROW, 2), &f.on);
	assert_int_equal(f.m.cursor, 2);
	assert_int_equal(f.m.page, PAGE_CLIENTS);
	model_click(&f.m, spot(SPOT_ROW, 2), &f.on);
	assert_int_equal(f.m.page, PAGE_DETAIL);
	model_key(&f.m, K_ESCAPE, &f.on);
	model_click(&f.m, spot(SPOT_COLUMN, 0), &f.on);
	assert_string_equal(f.m.view.sort.field->key, "pid");
	assert_false(f.m.view.reverse);
	model_click(&f.m, spot(SPOT_COLUMN, 0), &f.on);
	assert_true(f.m.view.reverse);
	model_click(&f.m, spot(SPOT_KEY, 'i'), &f.on);
	assert_false(f.m.view.all);
	model_click(&f.m, spot(SPOT_NONE, 0), &f.on);
	model_click(&f.m, spot(SPOT_ROW, 99), &f.on);
	model_click(&f.m, spot(SPOT_COLUMN, 99), &f.on);

	open_menu(&f);
	model_click(&f.m, spot(SPOT_ITEM, 1), &f.on);
	assert_string_equal(heard, "9 KILL=9");
	open_menu(&f);
	model_click(&f.m, spot(SPOT_ROW, 1), &f.on);
	assert_false(f.m.menu.is_open);
	assert_string_equal(heard, "");
	view_done(&f.v);
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
		cmocka_unit_test(a_menu_takes_all_keys_until_something_is_chosen),
		cmocka_unit_test(typing_finds_an_item_of_a_menu_by_any_of_its_words),
		cmocka_unit_test(a_menu_has_an_end),
		cmocka_unit_test(a_prompt_edits_whole_characters),
		cmocka_unit_test(a_prompt_is_never_longer_than_its_room),
		cmocka_unit_test(a_prompt_leaves_other_keys_to_the_page),
		cmocka_unit_test(a_signal_is_for_one_process_that_is_within_reach),
		cmocka_unit_test(columns_are_chosen_and_ordered_on_the_setup_page),
		cmocka_unit_test(a_broken_file_is_not_overwritten_unasked),
		cmocka_unit_test(clicks_do_what_keys_do),
		cmocka_unit_test(help_fits_two_columns_of_a_usual_screen),
		cmocka_unit_test(no_key_is_bound_twice_on_a_page),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
