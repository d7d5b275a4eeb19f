/* SPDX-License-Identifier: MIT */
#include "model.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>

#include "binding.h"

static const char default_columns[] = "pid,user,gpu,memory,use,busy,gputime,workload,cmdline";

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

void model_move_to(struct model *m, const struct model_context *on, ssize_t row)
{
	ssize_t n = (ssize_t)on->view->n_rows;

	m->cursor = row >= n ? n - 1 : row;
	if (m->cursor >= 0)
		m->selected = on->view->rows[m->cursor].id;
	else
		m->top = 0;
	keep_in_sight(m, on);
}

void model_init(struct model *m)
{
	struct str bad;

	*m = (struct model){ .cursor = -1, .share = NAN, .default_columns = true };
	m->n_columns = (size_t)columns_parse(default_columns, m->columns, MODEL_MAX_COLUMNS, &bad);
}

const struct view_row *model_selected(const struct model *m, const struct model_context *on)
{
	/* there may be fewer rows than when it was settled: a recording was wound back */
	return m->cursor >= 0 && (size_t)m->cursor < on->view->n_rows ? &on->view->rows[m->cursor] : NULL;
}

void model_say(struct model *m, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	vsnprintf(m->message, sizeof(m->message), format, ap);
	va_end(ap);
}

static void key_for_menu(struct model *m, int key, const struct model_context *on)
{
	enum menu_key what = menu_key(&m->menu, key, on->rows);
	struct menu_item item = m->menu.items[m->menu.cursor];

	if (what == MENU_TAKEN)
		return;
	m->menu.is_open = false;
	if (what == MENU_CHOSEN)
		m->menu.chosen(m, on, &item);
}

/* False: the key is not for the prompt. */
static bool key_for_prompt(struct model *m, int key, const struct model_context *on)
{
	struct prompt *p = &m->prompt;
	enum prompt_key what = prompt_key(p, key);

	if (what == PROMPT_CHANGED && p->changed)
		p->changed(m, on, p->text);
	if (what == PROMPT_ACCEPTED || what == PROMPT_GIVEN_UP) {
		p->is_open = false;
		p->done(m, on, what == PROMPT_ACCEPTED ? p->text : NULL);
	}
	return what != PROMPT_NOT_MINE;
}

void model_key(struct model *m, int key, const struct model_context *on)
{
	const struct binding *b;

	m->message[0] = '\0';
	if (m->menu.is_open) {
		key_for_menu(m, key, on);
		return;
	}
	if (m->prompt.is_open && key_for_prompt(m, key, on))
		return;
	if (m->seeking && key == K_ESCAPE) {
		m->request.kind = REQUEST_STAY;
		return;
	}
	b = binding_find(key, m->page);
	if (b)
		b->act(m, on, b->arg);
}

static void sort_by_column(struct model *m, const struct column *c)
{
	bool again = m->view.sort.field && column_equal(c, &m->view.sort);

	m->view.reverse = again && !m->view.reverse;
	m->view.sort = *c;
}

static void click_on_menu(struct model *m, struct spot spot, const struct model_context *on)
{
	bool is_item = spot.kind == SPOT_ITEM && spot.value < m->menu.n;

	if (is_item)
		m->menu.cursor = spot.value;
	key_for_menu(m, is_item ? K_ENTER : K_ESCAPE, on);
}

/* Selected again it is plotted. */
static void click_on_device(struct model *m, const char *gpu, const struct model_context *on)
{
	bool again = strcmp(m->gpu, gpu) == 0;

	snprintf(m->gpu, sizeof(m->gpu), "%s", gpu);
	if (!again)
		return;
	model_move_to(m, on, -1);
	model_key(m, 'g', on);
}

void model_click(struct model *m, struct spot spot, const struct model_context *on)
{
	bool again = spot.value == (unsigned int)m->cursor;

	if (m->menu.is_open) {
		click_on_menu(m, spot, on);
		return;
	}
	if (m->prompt.is_open)
		return;
	m->message[0] = '\0';
	if (spot.kind == SPOT_KEY)
		model_key(m, (int)spot.value, on);
	else if (spot.kind == SPOT_COLUMN && spot.value < on->n_columns)
		sort_by_column(m, &on->columns[spot.value]);
	else if (spot.kind == SPOT_LINE && spot.value == m->setup_line)
		model_key(m, K_ENTER, on);
	else if (spot.kind == SPOT_LINE)
		m->setup_line = spot.value;
	else if (spot.kind == SPOT_DEVICE && spot.value < on->view->n_devices)
		click_on_device(m, on->view->devices[spot.value]->device.gpu, on);
	else if (spot.kind == SPOT_ROW && again)
		model_key(m, K_ENTER, on);
	else if (spot.kind == SPOT_ROW)
		model_move_to(m, on, (ssize_t)spot.value);
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
		/* On the way to where it may be again it is not given up. */
		if (m->seeking)
			return;
		/* Gone: the one that took its row is selected, so that Down goes on from here. */
		model_move_to(m, on, m->cursor);
		return;
	}
	keep_in_sight(m, on);
}
