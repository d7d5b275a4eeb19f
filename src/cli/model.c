/* SPDX-License-Identifier: MIT */
#include "model.h"

const char model_default_columns[] = "pid,user,gpu,memory,use,busy,cmdline";

/* The rows shown follow the cursor, and never end in empty ones that could be filled. */
static void keep_in_sight(struct model *m, const struct model_context *on)
{
	size_t n = on->view->n_rows, rows = on->rows, cursor = (size_t)m->cursor;

	if (m->cursor >= 0 && rows > 0) {
		if (m->top > cursor)
			m->top = cursor;
		if (m->top + rows <= cursor)
			m->top = cursor - rows + 1;
	}
	if (m->top + rows > n)
		m->top = n > rows ? n - rows : 0;
}

static void move_to(struct model *m, const struct model_context *on, ssize_t row)
{
	ssize_t n = (ssize_t)on->view->n_rows;

	m->cursor = row >= n ? n - 1 : row;
	if (m->cursor >= 0)
		m->selected = on->view->rows[m->cursor].id;
	else
		m->top = 0;
	keep_in_sight(m, on);
}

#define ACTION(name) \
	static void name(struct model *m, const struct model_context *on __attribute__((unused)), \
			 const char *arg __attribute__((unused)))

ACTION(move_up)
{
	move_to(m, on, m->cursor > 0 ? m->cursor - 1 : m->cursor);
}

ACTION(move_down)
{
	move_to(m, on, m->cursor < 0 ? (ssize_t)m->top : m->cursor + 1);
}

ACTION(page_up)
{
	ssize_t row = m->cursor - (ssize_t)on->rows;

	if (m->cursor >= 0)
		move_to(m, on, row < 0 ? 0 : row);
}

ACTION(page_down)
{
	move_to(m, on, (m->cursor < 0 ? (ssize_t)m->top - 1 : m->cursor) + (ssize_t)on->rows);
}

ACTION(go_home)
{
	move_to(m, on, -1);
}

ACTION(go_end)
{
	move_to(m, on, (ssize_t)on->view->n_rows - 1);
}

ACTION(columns_left)
{
	if (m->left > 0)
		m->left--;
}

ACTION(columns_right)
{
	if (on->n_columns > 1)
		m->left++;
}

/* @arg: the key of a field; "" is the order nobody asked for: most use first. */
ACTION(sort_by)
{
	m->view.sort = (struct column){ .field = field_find(str_of(arg)) };
	m->view.reverse = false;
}

ACTION(sort_reverse)
{
	m->view.reverse = !m->view.reverse;
}

static bool same_column(const struct column *a, const struct column *b)
{
	return a->field == b->field && strcmp(a->of, b->of) == 0;
}

/* @arg: "<" or ">". */
ACTION(sort_neighbour)
{
	size_t n = on->n_columns, i = 0;

	if (n == 0)
		return;
	while (i < n && !same_column(&on->columns[i], &m->view.sort))
		i++;
	if (i == n)
		i = arg[0] == '<' ? n - 1 : 0;
	else
		i = (i + (arg[0] == '<' ? n - 1 : 1)) % n;
	m->view.sort = on->columns[i];
	m->view.reverse = false;
}

/* The usual groups one after the other, then no groups again. */
ACTION(group_next)
{
	static const char *const keys[] = { "pid", "comm", "user", "container", "gpu" };
	size_t n = sizeof(keys) / sizeof(keys[0]), i = 0;

	while (m->view.group && i < n && strcmp(m->view.group->key, keys[i++]) != 0)
		;
	m->view.group = i < n ? field_find(str_of(keys[i])) : NULL;
}

ACTION(toggle_idle)
{
	m->view.all = !m->view.all;
}

ACTION(toggle_pause)
{
	m->paused = !m->paused;
}

ACTION(toggle_help)
{
	m->help = !m->help;
}

/* Escape closes what is open, then lets go of the selected client. */
ACTION(escape)
{
	if (m->help)
		m->help = false;
	else
		go_home(m, on, arg);
}

ACTION(quit)
{
	m->quit = true;
}

const struct binding bindings[] = {
	{ { 'q', 'Q', K_F10 }, "q F10", "quit", .act = quit, .hint = "quit" },
	{ { 'h', '?', K_F1 }, "h ? F1", "this help, and back", .act = toggle_help, .hint = "help" },
	{ { 'P' }, "P", "sort by use of the engines", .act = sort_by, .arg = "", .hint = "use" },
	{ { 'M' }, "M", "sort by memory", .act = sort_by, .arg = "memory", .hint = "memory" },
	{ { 'T' }, "T", "sort by total time on engines", .act = sort_by, .arg = "gputime", .hint = "time" },
	{ { 'N' }, "N", "sort by process number", .act = sort_by, .arg = "pid", .hint = "pid" },
	{ { '<', ',' }, "<", "sort by the column before", .act = sort_neighbour, .arg = "<" },
	{ { '>', '.' }, ">", "sort by the next column", .act = sort_neighbour, .arg = ">" },
	{ { 'R' }, "R", "turn the order around", .act = sort_reverse, .hint = "reverse" },
	{ { 'H' }, "H", "group by pid, name, user, ...", .act = group_next },
	{ { 'i' }, "i", "show or hide idle clients", .act = toggle_idle, .hint = "idle" },
	{ { ' ' }, "Space", "pause, go on", .act = toggle_pause, .hint = "pause" },
	{ { K_UP }, "Up", "select the client above", .act = move_up },
	{ { K_DOWN }, "Down", "select the client below", .act = move_down },
	{ { K_PAGE_UP }, "PageUp", "a page up", .act = page_up },
	{ { K_PAGE_DOWN }, "PageDown", "a page down", .act = page_down },
	{ { K_HOME }, "Home", "to the top, nothing selected", .act = go_home },
	{ { K_END }, "End", "to the last client", .act = go_end },
	{ { K_LEFT }, "Left", "show the columns further left", .act = columns_left },
	{ { K_RIGHT }, "Right", "show the columns further right", .act = columns_right },
	{ { K_ESCAPE }, "Esc", "close help; nothing selected", .act = escape },
};
const size_t n_bindings = sizeof(bindings) / sizeof(bindings[0]);

void model_init(struct model *m)
{
	struct str bad;

	*m = (struct model){ .cursor = -1, .default_columns = true };
	m->n_columns = (size_t)columns_parse(model_default_columns, m->columns, MODEL_MAX_COLUMNS, &bad);
}

void model_key(struct model *m, int key, const struct model_context *on)
{
	for (size_t i = 0; i < n_bindings; i++)
		for (size_t k = 0; k < sizeof(bindings[i].keys) / sizeof(int) && bindings[i].keys[k]; k++)
			if (bindings[i].keys[k] == key) {
				bindings[i].act(m, on, bindings[i].arg);
				return;
			}
}

void model_settle(struct model *m, const struct model_context *on)
{
	const struct view *v = on->view;

	if (m->cursor >= 0) {
		for (size_t i = 0; i < v->n_rows; i++)
			if (v->rows[i].id == m->selected) {
				m->cursor = (ssize_t)i;
				keep_in_sight(m, on);
				return;
			}
		/* Gone: the one that took its row is selected, so that Down goes on from here. */
		move_to(m, on, m->cursor);
		return;
	}
	keep_in_sight(m, on);
}
