/* SPDX-License-Identifier: MIT */
#include "setup.h"

#include <stdio.h>

#include "format.h"

#define NAME_WIDTH 22
#define SETTING_WIDTH 13	/* where there is room for little more */
#define WIDE 60

static bool is_in_use(const struct model *m, const struct field *f)
{
	for (size_t i = 0; i < m->n_columns; i++)
		if (m->columns[i].field == f)
			return true;
	return false;
}

size_t setup_length(const struct model *m)
{
	size_t n = N_SETUP_SETTINGS + m->n_columns;

	for (size_t i = 0; i < n_fields; i++)
		n += !is_in_use(m, &fields[i]);
	return n;
}

size_t setup_column(const struct model *m, size_t line, const struct field **ret)
{
	size_t i = line - N_SETUP_SETTINGS, f = 0;

	if (i < m->n_columns) {
		*ret = m->columns[i].field;
		return i;
	}
	for (i -= m->n_columns; f + 1 < n_fields; f++)
		if (!is_in_use(m, &fields[f]) && i-- == 0)
			break;
	*ret = &fields[f];
	return m->n_columns;
}

static void setting_text(const struct model *m, size_t line, struct str *ret_name, char *ret, size_t size)
{
	char scratch[FORMAT_SIZE];

	switch (line) {
	case SETUP_THEME:
		*ret_name = str_of("Colours");
		snprintf(ret, size, "%s", theme_names[m->theme]);
		break;
	case SETUP_DELAY:
		*ret_name = str_of("Interval");
		snprintf(ret, size, "%s", m->delay_ns ? format_short_time(m->delay_ns, scratch).ptr :
			 "the recording's own");
		break;
	case SETUP_UNITS:
		*ret_name = str_of("Memory units");
		snprintf(ret, size, "%s", units_names[m->units]);
		break;
	default:
		*ret_name = str_of("Idle clients");
		snprintf(ret, size, "%s", m->view.all ? "shown" : "hidden");
	}
}

static void draw_line(const struct model *m, size_t line, struct screen *s, int y)
{
	enum style style = line == m->setup_line ? STYLE_SELECTED : STYLE_NORMAL;
	const struct field *field;
	char text[160];
	struct str name;
	size_t column;
	int x;

	if (style == STYLE_SELECTED)
		screen_style(s, 0, y, s->w, style);
	if (line < N_SETUP_SETTINGS) {
		setting_text(m, line, &name, text, sizeof(text));
		x = s->w < WIDE ? SETTING_WIDTH + 1 : NAME_WIDTH + 2;
		screen_put(s, 1, y, x - 2, style, name);
		screen_put(s, x, y, s->w, style, str_of(text));
		return;
	}
	column = setup_column(m, line, &field);
	snprintf(text, sizeof(text), "[%c] %s%s%s", column < m->n_columns ? 'x' : ' ', field->key,
		 column < m->n_columns && *m->columns[column].of ? ":" : "",
		 column < m->n_columns ? m->columns[column].of : "");
	screen_put(s, 1, y, NAME_WIDTH, style, str_of(text));
	screen_put(s, NAME_WIDTH + 2, y, s->w, style == STYLE_NORMAL ? STYLE_DIM : style, str_of(field->help));
}

void setup_draw(const struct model *m, struct screen *s, int y, int end)
{
	size_t rows = end > y ? (size_t)(end - y) : 0, n = setup_length(m), top = 0;

	if (rows > 0 && m->setup_line >= rows)
		top = m->setup_line - rows + 1;
	for (size_t i = 0; i < rows && top + i < n; i++) {
		draw_line(m, top + i, s, y + (int)i);
		screen_mark(s, 0, y + (int)i, s->w, SPOT_LINE, (unsigned int)(top + i));
	}
}
