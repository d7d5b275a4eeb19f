/* SPDX-License-Identifier: MIT */
#include "action.h"

#include <stdio.h>

ACTION(up)
{
	model_move_to(m, on, m->cursor > 0 ? m->cursor - 1 : m->cursor);
}

ACTION(down)
{
	model_move_to(m, on, m->cursor < 0 ? (ssize_t)m->top : m->cursor + 1);
}

ACTION(page_up)
{
	ssize_t row = m->cursor - (ssize_t)on->rows;

	if (m->cursor >= 0)
		model_move_to(m, on, row < 0 ? 0 : row);
}

ACTION(page_down)
{
	model_move_to(m, on, (m->cursor < 0 ? (ssize_t)m->top - 1 : m->cursor) + (ssize_t)on->rows);
}

ACTION(home)
{
	model_move_to(m, on, -1);
}

ACTION(end)
{
	model_move_to(m, on, (ssize_t)on->view->n_rows - 1);
}

ACTION(device_next)
{
	const struct view *v = on->view;
	size_t i = 0;

	while (*m->gpu && i < v->n_devices && strcmp(v->devices[i++]->device.gpu, m->gpu) != 0)
		;
	snprintf(m->gpu, sizeof(m->gpu), "%s", i < v->n_devices ? v->devices[i]->device.gpu : "");
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
}

ACTION(escape)
{
	if (m->page != PAGE_CLIENTS)
		m->page = PAGE_CLIENTS;
	else
		act_home(m, on, arg);
}

ACTION(quit)
{
	m->quit = true;
}
