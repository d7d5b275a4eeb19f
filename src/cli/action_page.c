/* SPDX-License-Identifier: MIT */
#include "action.h"

static void open_page(struct model *m, enum page page)
{
	m->page = page;
	m->scroll = 0;
	m->series = 0;
}

/* What a page about a client is to show. False: nothing is selected. */
static bool take_selected(struct model *m, const struct model_context *on)
{
	const struct view_row *row = model_selected(m, on);

	if (!row)
		return false;
	m->shown = snapshot_client_key(row->clients[0]);
	if (row->n > 1)
		model_say(m, "This is the first of %zu clients in that row.", row->n);
	return true;
}

ACTION(detail)
{
	if (m->cursor < 0)
		model_move_to(m, on, (ssize_t)m->top);
	if (take_selected(m, on))
		open_page(m, PAGE_DETAIL);
}

ACTION(plot)
{
	m->is_about_device = m->page == PAGE_CLIENTS && !take_selected(m, on);
	if (m->is_about_device && !*m->gpu)
		act_device_next(m, on, arg);
	open_page(m, PAGE_PLOT);
}
