/* SPDX-License-Identifier: MIT */
#include "action.h"

#include <stdio.h>

#include "setup.h"

ACTION(setup)
{
	m->page = m->page == PAGE_SETUP ? PAGE_CLIENTS : PAGE_SETUP;
	m->setup_line = 0;
}

static void theme_chosen(struct model *m, const struct model_context *on, const struct menu_item *item)
{
	(void)on;
	m->theme = (enum theme)item->value;
}

static void choose_theme(struct model *m)
{
	menu_open(&m->menu, "Colours:");
	for (enum theme t = 0; t < N_THEMES; t++)
		menu_add(&m->menu, theme_names[t], t);
	menu_mark(&m->menu, m->theme);
	m->menu.chosen = theme_chosen;
}

static void add_column(struct model *m, const struct field *field)
{
	if (m->n_columns < MODEL_MAX_COLUMNS)
		m->columns[m->n_columns++] = (struct column){ .field = field };
}

/* A table without columns would be none: the last one stays. */
static void remove_column(struct model *m, size_t i)
{
	if (m->n_columns == 1)
		return;
	m->n_columns--;
	memmove(&m->columns[i], &m->columns[i + 1], (m->n_columns - i) * sizeof(m->columns[0]));
}

ACTION(setup_change)
{
	const struct field *field;
	size_t column;

	if (m->setup_line == SETUP_THEME) {
		choose_theme(m);
	} else if (m->setup_line == SETUP_DELAY) {
		act_delay(m, on, arg);
	} else if (m->setup_line == SETUP_IDLE) {
		act_idle(m, on, arg);
	} else if (m->setup_line == SETUP_UNITS) {
		m->units = (m->units + 1) % N_UNITS;
	} else {
		column = setup_column(m, m->setup_line, &field);
		m->default_columns = false;
		m->left = 0;
		if (column < m->n_columns)
			remove_column(m, column);
		else
			add_column(m, field);
	}
}

ACTION(setup_move)
{
	size_t from = m->setup_line - N_SETUP_SETTINGS, to = *arg == '-' ? from - 1 : from + 1;
	struct column moved;

	if (m->setup_line < N_SETUP_SETTINGS || from >= m->n_columns || to >= m->n_columns)
		return;
	moved = m->columns[from];
	m->columns[from] = m->columns[to];
	m->columns[to] = moved;
	m->setup_line = to + N_SETUP_SETTINGS;
	m->default_columns = false;
}

static void overwrite_answered(struct model *m, const struct model_context *on, const struct menu_item *item)
{
	(void)on;
	if (item->value)
		m->request.kind = REQUEST_SAVE;
}

ACTION(save)
{
	char title[sizeof(m->menu.title)];

	if (!*m->rcfile_error) {
		m->request.kind = REQUEST_SAVE;
		return;
	}
	snprintf(title, sizeof(title), "Overwrite it? %.100s", m->rcfile_error);
	menu_open(&m->menu, title);
	menu_add(&m->menu, "no", 0);
	menu_add(&m->menu, "yes", 1);
	m->menu.at_once = true;
	m->menu.chosen = overwrite_answered;
}
