/* SPDX-License-Identifier: MIT */
/* Which rows there are, in which order, and the way to one of them. */
#include "action.h"

#include <stdio.h>

#include "../report/text.h"

ACTION(group_next)
{
	static const char *const keys[] = { "pid", "comm", "user", "workload", "gpu" };
	size_t n = N_OF(keys), i = 0;

	while (m->view.group && i < n && strcmp(m->view.group->key, keys[i++]) != 0)
		;
	m->view.tree = false;
	m->view.group = i < n ? field_find(str_of(keys[i])) : NULL;
	if (m->view.group)
		model_say(m, "One row for all clients of the same %s.", m->view.group->key);
	else
		model_say(m, "A row per client.");
}

ACTION(tree)
{
	m->view.tree = !m->view.tree;
	if (m->view.tree)
		model_say(m, "A row per process, below the nearest ancestor that has one.");
}

/* --- sorting and users: menus --- */

static void sort_chosen(struct model *m, const struct model_context *on, const struct menu_item *item)
{
	(void)on;
	if (item->value)
		column_parse(str_of(item->text), &m->view.sort);
	else
		m->view.sort = (struct column){ .field = NULL };
	m->view.reverse = false;
}

static void add_column(struct menu *menu, const struct column *c)
{
	char text[sizeof(menu->items[0].text)];

	if (snprintf(text, sizeof(text), "%s%s%s", c->field->key, c->of[0] ? ":" : "", c->of) < (int)sizeof(text))
		menu_add(menu, text, 1);
}

ACTION(sort_menu)
{
	menu_open(&m->menu, "Sort by:");
	menu_add(&m->menu, "use, then memory", 0);
	for (size_t i = 0; i < on->n_columns; i++) {
		add_column(&m->menu, &on->columns[i]);
		if (column_equal(&on->columns[i], &m->view.sort))
			m->menu.cursor = m->menu.n - 1;
	}
	/* what is not on the screen comes behind it */
	for (size_t i = 0; i < n_fields; i++) {
		const struct column c = { .field = &fields[i] };
		size_t k = 0;

		while (k < on->n_columns && on->columns[k].field != c.field)
			k++;
		if (k == on->n_columns)
			add_column(&m->menu, &c);
	}
	m->menu.chosen = sort_chosen;
}

static void user_chosen(struct model *m, const struct model_context *on, const struct menu_item *item)
{
	(void)on;
	snprintf(m->user, sizeof(m->user), "%s", item->text);
	m->users[0] = m->user;
	m->view.users = m->users;
	m->view.n_users = item->value ? 1 : 0;
}

static bool has_item(const struct menu *menu, const char *text)
{
	for (size_t i = 1; i < menu->n; i++)
		if (!strcmp(menu->items[i].text, text))
			return true;
	return false;
}

ACTION(user_menu)
{
	const struct snapshot *s = on->view->snapshot;

	menu_open(&m->menu, "Clients of:");
	menu_add(&m->menu, "all users", 0);
	for (size_t i = 0; i < s->n_clients; i++) {
		const char *user = s->clients[i].process->user;

		if (*user && !has_item(&m->menu, user))
			menu_add(&m->menu, user, 1);
	}
	m->menu.chosen = user_chosen;
}

/* --- filter --- */

/* What does not parse yet changes nothing. */
static void filter_changed(struct model *m, const struct model_context *on, const char *text)
{
	struct filter_error error;

	(void)on;
	if (filter_parse(text, &m->filter, &error))
		model_say(m, "%zu: expected %s", error.at + 1, error.expected);
	else
		m->view.filter = m->filter.n ? &m->filter : NULL;
}

/* A broken expression is not left before it is mended, or given up. */
static void filter_done(struct model *m, const struct model_context *on, const char *text)
{
	struct filter_error error;

	if (!text)
		filter_changed(m, on, m->filter_before);
	else if (filter_parse(text, &m->filter, &error)) {
		m->prompt.is_open = true;
		m->prompt.cursor = error.at;
		filter_changed(m, on, text);
	}
}

ACTION(filter)
{
	snprintf(m->filter_before, sizeof(m->filter_before), "%s", m->view.filter ? m->view.filter->text : "");
	prompt_open(&m->prompt, "Filter:", m->filter_before);
	m->prompt.changed = filter_changed;
	m->prompt.done = filter_done;
}

/* --- search --- */

static bool row_has(const struct view_row *r, struct str text)
{
	for (size_t i = 0; i < r->n; i++) {
		const struct snapshot_process *p = r->clients[i]->process;

		if (text_contains(str_of(p->cmdline), text) || text_contains(str_of(p->comm), text) ||
		    text_contains(str_of(p->user), text))
			return true;
	}
	return false;
}

/* To the first row that has the text, from @from on and around, @step 1 or -1. */
static void find_row(struct model *m, const struct model_context *on, ssize_t from, int step)
{
	ssize_t n = (ssize_t)on->view->n_rows;
	struct str text = str_of(m->search);

	if (!text.len)
		return;
	for (ssize_t k = 0; k < n; k++) {
		ssize_t row = ((from + k * step) % n + n) % n;

		if (row_has(&on->view->rows[row], text)) {
			model_move_to(m, on, row);
			return;
		}
	}
	model_say(m, "No row has \"%s\" in its command, name or user.", m->search);
}

static void search_undo(struct model *m)
{
	m->cursor = m->before_search.cursor;
	m->selected = m->before_search.selected;
}

static void search_changed(struct model *m, const struct model_context *on, const char *text)
{
	snprintf(m->search, sizeof(m->search), "%s", text);
	search_undo(m);
	find_row(m, on, m->before_search.cursor < 0 ? 0 : m->before_search.cursor, 1);
}

static void search_done(struct model *m, const struct model_context *on, const char *text)
{
	(void)on;
	if (!text)
		search_undo(m);
}

ACTION(search_next)
{
	int step = arg[0] == '-' ? -1 : 1;

	find_row(m, on, m->cursor < 0 ? 0 : m->cursor + step, step);
}

ACTION(search)
{
	if (m->prompt.is_open && m->prompt.changed == search_changed) {
		act_search_next(m, on, "+");
		return;
	}
	m->before_search.cursor = m->cursor;
	m->before_search.selected = m->selected;
	prompt_open(&m->prompt, "Search:", "");
	m->prompt.changed = search_changed;
	m->prompt.done = search_done;
}
