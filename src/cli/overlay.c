/* SPDX-License-Identifier: MIT */
#include "overlay.h"

#include <math.h>

#include "binding.h"

#define HELP_KEY_WIDTH 10
#define HELP_COLUMN_WIDTH 44

size_t help_draw(struct screen *s, size_t skip, int y, int end)
{
	size_t per_row = s->w >= 2 * HELP_COLUMN_WIDTH - 8 ? 2 : 1;
	size_t lines = (n_bindings + per_row - 1) / per_row;
	int column_w = s->w / (int)per_row;

	for (size_t i = 0; i < n_bindings; i++) {
		int x = (int)(i / lines) * column_w, row = y + (int)(i % lines) - (int)skip;

		if (row < y || row >= end)
			continue;
		screen_put(s, x + 1, row, HELP_KEY_WIDTH - 2, STYLE_KEY, str_of(bindings[i].name));
		screen_put(s, x + HELP_KEY_WIDTH, row, column_w - HELP_KEY_WIDTH, STYLE_NORMAL,
			   str_of(bindings[i].help));
	}
	return lines;
}

static void blank(struct screen *s, int y, int w, enum style style)
{
	for (int x = 0; x < w; x++)
		screen_put(s, x, y, 1, style, str_of(" "));
}

/*
 * The part of the text that the cursor is in, as much of it as there is room for; and what there is to say of it,
 * beside it or else above.
 */
static void draw_prompt(const struct prompt *p, struct str message, struct screen *s, int y)
{
	int x = screen_put(s, 0, y, s->w / 2, STYLE_KEY, str_of(p->label)) + 1, before;
	struct str left = { p->text, p->cursor }, right = { p->text + p->cursor, p->len - p->cursor };
	int free, wanted = screen_width(s, message);
	struct glyph g;

	while (left.len > 0 && x + screen_width(s, left) >= s->w)
		glyph_next(&left, s->utf8, &g);
	before = screen_put(s, x, y, s->w - x - 1, STYLE_NORMAL, left);
	free = s->w - x - before - 2 - screen_put(s, x + before, y, s->w, STYLE_NORMAL, right);
	screen_style(s, x + before, y, 1, STYLE_SELECTED);
	if (wanted <= free) {
		screen_put(s, s->w - wanted, y, wanted, STYLE_MESSAGE, message);
	} else if (y > 0) {
		blank(s, y - 1, s->w, STYLE_NORMAL);
		screen_put(s, 0, y - 1, s->w, STYLE_MESSAGE, message);
	}
}

static int draw_hint(struct screen *s, int x, int y, struct str key, const char *what)
{
	int start = x;

	x += screen_put(s, x, y, s->w, STYLE_KEY, key) + 1;
	return x + screen_put(s, x, y, s->w - x, STYLE_DIM, str_of(what)) - start;
}

static void draw_hints(const struct model *m, struct screen *s, int x, int y)
{
	for (size_t i = 0; i < n_bindings; i++) {
		const struct binding *b = &bindings[i];
		struct str key = { b->name, strcspn(b->name, " ") };
		int w;

		if (!b->hint || !binding_is_on(b, m->page))
			continue;
		if (x + (int)(key.len + 1 + strlen(b->hint)) > s->w)
			break;
		w = draw_hint(s, x, y, key, b->hint);
		screen_mark(s, x, y, w, SPOT_KEY, (unsigned int)b->keys[0]);
		x += w + 2;
	}
}

void footer_draw(const struct model *m, struct screen *s, int y)
{
	int x = 0;

	if (m->prompt.is_open) {
		draw_prompt(&m->prompt, str_of(m->message), s, y);
	} else if (*m->message) {
		screen_put(s, 0, y, s->w, STYLE_MESSAGE, str_of(m->message));
	} else if (m->menu.is_open) {
		x += draw_hint(s, x, y, str_of("Enter"), "choose") + 2;
		draw_hint(s, x, y, str_of("Esc"), "back");
	} else if (m->seeking) {
		x = screen_put(s, x, y, s->w, STYLE_MESSAGE, str_of("Seeking"));
		if (!isnan(m->share))
			x += screen_printf(s, x, y, s->w, STYLE_MESSAGE, ", at %.0f%%", m->share * 100);
		draw_hint(s, x + 2, y, str_of("Esc"), "stop here");
	} else {
		if (m->ended)
			x = screen_put(s, 0, y, s->w, STYLE_WARNING, str_of("end of recording")) + 2;
		else if (m->silence_s)
			x = screen_printf(s, 0, y, s->w, STYLE_WARNING, "no word from gputopd for %u s",
					  m->silence_s) + 2;
		draw_hints(m, s, x, y);
	}
}

/* Cells of the widest line. */
static int menu_width(const struct menu *menu, const struct screen *s)
{
	int widest = screen_width(s, str_of(menu->title));

	for (size_t i = 0; i < menu->n; i++) {
		int w = screen_width(s, str_of(menu->items[i].text));

		widest = w > widest ? w : widest;
	}
	return widest + 2 < s->w ? widest + 2 : s->w - 1;
}

static void draw_line(struct screen *s, int y, int w, enum style style, const char *text)
{
	blank(s, y, w, style);
	screen_put(s, 1, y, w - 1, style, str_of(text));
	screen_put(s, w, y, 1, STYLE_DIM, str_of(s->utf8 ? "│" : "|"));
}

void menu_draw(const struct menu *menu, struct screen *s, int y, int end)
{
	int w = menu_width(menu, s), rows = end - y - 1;
	size_t top = 0;

	draw_line(s, y, w, STYLE_HEADING, menu->title);
	if (rows > 0 && menu->cursor >= (size_t)rows)
		top = menu->cursor - (size_t)rows + 1;
	for (int i = 0; i < rows && top + (size_t)i < menu->n; i++) {
		size_t item = top + (size_t)i;

		draw_line(s, y + 1 + i, w, item == menu->cursor ? STYLE_SELECTED : STYLE_NORMAL,
			  menu->items[item].text);
		screen_mark(s, 0, y + 1 + i, w, SPOT_ITEM, (unsigned int)item);
	}
}
