/* SPDX-License-Identifier: MIT */
#include "action.h"

#include <stdio.h>

#include "setup.h"

#define LINES_MAX ((ssize_t)1 << 20)	/* more than a page has */

/* Some pages have lines, and no cursor. False: this is none of those. */
static bool scroll(struct model *m, const struct model_context *on, ssize_t lines)
{
	ssize_t most = (ssize_t)on->page_lines - (ssize_t)on->page_rows, top = (ssize_t)m->scroll + lines;

	if (m->page == PAGE_SETUP) {
		top = (ssize_t)m->setup_line + lines;
		most = (ssize_t)setup_length(m) - 1;
		m->setup_line = (size_t)(top < 0 ? 0 : top > most ? most : top);
		return true;
	}
	if (m->page != PAGE_DETAIL && m->page != PAGE_HELP)
		return false;
	top = top > most ? most : top;
	m->scroll = top > 0 ? (size_t)top : 0;
	return true;
}

ACTION(up)
{
	if (!scroll(m, on, -1))
		model_move_to(m, on, m->cursor > 0 ? m->cursor - 1 : m->cursor);
}

ACTION(down)
{
	if (!scroll(m, on, 1))
		model_move_to(m, on, m->cursor < 0 ? (ssize_t)m->top : m->cursor + 1);
}

ACTION(page_up)
{
	ssize_t row = m->cursor - (ssize_t)on->rows;

	if (!scroll(m, on, -(ssize_t)on->page_rows) && m->cursor >= 0)
		model_move_to(m, on, row < 0 ? 0 : row);
}

ACTION(page_down)
{
	if (!scroll(m, on, (ssize_t)on->page_rows))
		model_move_to(m, on, (m->cursor < 0 ? (ssize_t)m->top - 1 : m->cursor) + (ssize_t)on->rows);
}

ACTION(home)
{
	if (!scroll(m, on, -LINES_MAX))
		model_move_to(m, on, -1);
}

ACTION(end)
{
	if (!scroll(m, on, LINES_MAX))
		model_move_to(m, on, (ssize_t)on->view->n_rows - 1);
}

/* Past the last one there is none, which cannot be plotted. */
ACTION(device_next)
{
	const struct view *v = on->view;
	size_t i = 0;

	while (*m->gpu && i < v->n_devices && strcmp(v->devices[i++]->device.gpu, m->gpu) != 0)
		;
	if (m->page == PAGE_PLOT) {
		m->is_about_device = true;
		m->series = 0;
		i = i < v->n_devices ? i : 0;
	}
	snprintf(m->gpu, sizeof(m->gpu), "%s", i < v->n_devices ? v->devices[i]->device.gpu : "");
}

/* From all series of a plot to each of them alone, and back. */
static void choose_series(struct model *m, const struct model_context *on, size_t by)
{
	m->series = (m->series + by) % (on->n_series + 1);
}

ACTION(columns_left)
{
	if (m->page == PAGE_PLOT)
		choose_series(m, on, on->n_series);
	else if (m->left > 0)
		m->left--;
}

ACTION(columns_right)
{
	if (m->page == PAGE_PLOT)
		choose_series(m, on, 1);
	else if (on->n_columns > 1)
		m->left++;
}

ACTION(sort_by)
{
	m->view.sort = (struct column){ .field = field_find(str_of(arg)) };
	m->view.reverse = false;
}

ACTION(sort_reverse)
{
	m->view.reverse = !m->view.reverse;
}

ACTION(sort_neighbour)
{
	size_t n = on->n_columns, i = 0;

	if (n == 0)
		return;
	while (i < n && !column_equal(&on->columns[i], &m->view.sort))
		i++;
	if (i == n)
		i = arg[0] == '<' ? n - 1 : 0;
	else
		i = (i + (arg[0] == '<' ? n - 1 : 1)) % n;
	m->view.sort = on->columns[i];
	m->view.reverse = false;
}

ACTION(idle)
{
	m->view.all = !m->view.all;
}

ACTION(pause)
{
	m->paused = !m->paused;
	if (!m->paused)
		m->request.kind = REQUEST_HURRY;
}

ACTION(help)
{
	m->page = m->page == PAGE_HELP ? PAGE_CLIENTS : PAGE_HELP;
	m->scroll = 0;
}

ACTION(back)
{
	m->page = PAGE_CLIENTS;
}

ACTION(redraw)
{
	m->request.kind = REQUEST_REDRAW;
}

ACTION(quit)
{
	m->quit = true;
}
