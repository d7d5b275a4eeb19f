/* SPDX-License-Identifier: MIT */
#include "binding.h"

#include "action.h"

#define CTRL_L ('L' & 0x1f)

/* Pages with more lines than the screen has rows. */
#define LISTS (ON(PAGE_CLIENTS) | ON(PAGE_DETAIL) | ON(PAGE_SETUP) | ON(PAGE_HELP))

const struct binding bindings[] = {
	{ { 'q', 'Q', K_F10 }, "q F10", "quit", .act = act_quit, .hint = "quit", .pages = ON_EVERY_PAGE },
	{ { 'h', '?', K_F1 }, "h ? F1", "this help, and back", .act = act_help, .hint = "help",
	  .pages = ON_EVERY_PAGE },
	{ { 'C', K_F2 }, "C F2", "columns, colours, interval", .act = act_setup, .hint = "setup",
	  .pages = ON_EVERY_PAGE },
	{ { 'P' }, "P", "sort by use of the engines", .act = act_sort_by, .arg = "" },
	{ { 'M' }, "M", "sort by memory", .act = act_sort_by, .arg = "memory" },
	{ { 'T' }, "T", "sort by total time on engines", .act = act_sort_by, .arg = "gputime" },
	{ { 'N' }, "N", "sort by process number", .act = act_sort_by, .arg = "pid" },
	{ { '<', ',' }, "<", "sort by the column before", .act = act_sort_neighbour, .arg = "<" },
	{ { '>', '.' }, ">", "sort by the next column", .act = act_sort_neighbour, .arg = ">" },
	{ { 'R' }, "R", "turn the order around", .act = act_sort_reverse },
	{ { 't', K_F5 }, "t F5", "processes as a tree", .act = act_tree, .hint = "tree" },
	{ { '/', K_F3 }, "/ F3", "search commands, names, users", .act = act_search, .hint = "search" },
	{ { 'n' }, "n", "to the next match", .act = act_search_next, .arg = "+" },
	{ { 'p' }, "p", "to the match before", .act = act_search_next, .arg = "-" },
	{ { '\\', K_F4 }, "\\ F4", "filter: user=alice and gfx>10%", .act = act_filter, .hint = "filter" },
	{ { 'u' }, "u", "clients of one user", .act = act_user_menu },
	{ { K_F6 }, "F6", "choose what to sort by", .act = act_sort_menu, .hint = "sort" },
	{ { 'i' }, "i", "show or hide idle clients", .act = act_idle, .hint = "idle" },
	{ { 'k', K_F9 }, "k F9", "send a signal to the process", .act = act_signal, .hint = "kill" },
	{ { 'H' }, "H", "group by pid, name, user, ...", .act = act_group_next, .hint = "group" },
	{ { ']', K_F7 }, "] F7", "nice value: more CPU time", .act = act_renice, .arg = "-" },
	{ { '[', K_F8 }, "[ F8", "nice value: less CPU time", .act = act_renice, .arg = "+" },
	{ { ' ' }, "Space", "pause, go on", .act = act_pause, .hint = "pause",
	  .pages = ON_EVERY_PAGE & ~ON(PAGE_SETUP) },
	{ { K_ENTER }, "Enter", "everything about the client", .act = act_detail, .hint = "detail" },
	{ { 'g' }, "g", "plots of the client or device", .act = act_plot, .hint = "plots",
	  .pages = ON(PAGE_CLIENTS) | ON(PAGE_DETAIL) },
	{ { K_TAB }, "Tab", "select or plot the next device", .act = act_device_next,
	  .pages = ON(PAGE_CLIENTS) | ON(PAGE_PLOT) },
	{ { K_UP }, "Up", "select the client above", .act = act_up, .pages = LISTS },
	{ { K_DOWN }, "Down", "select the client below", .act = act_down, .pages = LISTS },
	{ { K_PAGE_UP }, "PageUp", "a page up", .act = act_page_up, .pages = LISTS },
	{ { K_PAGE_DOWN }, "PageDown", "a page down", .act = act_page_down, .hint = "more", .pages = LISTS },
	{ { K_HOME }, "Home", "to the top, nothing selected", .act = act_home, .pages = LISTS },
	{ { K_END }, "End", "to the last client", .act = act_end, .pages = LISTS },
	{ { 's' }, "s", "one frame on, and stay", .act = act_step, .arg = "+", .pages = ON_EVERY_PAGE },
	{ { 'S' }, "S", "one frame back (recording)", .act = act_step, .arg = "-", .pages = ON_EVERY_PAGE },
	{ { '%' }, "%", "go to a place in a recording", .act = act_seek, .pages = ON_EVERY_PAGE },
	{ { '+' }, "+", "longer interval; play faster", .act = act_pace, .arg = "+", .pages = ON_EVERY_PAGE },
	{ { '-' }, "-", "shorter interval; play slower", .act = act_pace, .arg = "-", .pages = ON_EVERY_PAGE },
	{ { CTRL_L }, "Ctrl-L", "draw everything again", .act = act_redraw, .pages = ON_EVERY_PAGE },
	{ { 'd' }, "d", "ask for the interval", .act = act_delay, .pages = ON_EVERY_PAGE },
	{ { K_LEFT }, "Left", "columns; recording: ten back", .act = act_left,
	  .pages = ON(PAGE_CLIENTS) | ON(PAGE_PLOT) },
	{ { K_RIGHT }, "Right", "columns; recording: ten on", .act = act_right,
	  .pages = ON(PAGE_CLIENTS) | ON(PAGE_PLOT) },
	{ { K_SHIFT_LEFT }, "S-Left", "columns to the left", .act = act_columns_left,
	  .pages = ON(PAGE_CLIENTS) | ON(PAGE_PLOT) },
	{ { K_SHIFT_RIGHT }, "S-Right", "columns to the right", .act = act_columns_right,
	  .pages = ON(PAGE_CLIENTS) | ON(PAGE_PLOT) },
	{ { K_ENTER, ' ' }, "Enter", "setup: change what is marked", .act = act_setup_change, .hint = "change",
	  .pages = ON(PAGE_SETUP) },
	{ { '[', K_F7 }, "[ F7", "setup: column to the left", .act = act_setup_move, .arg = "-", .hint = "left",
	  .pages = ON(PAGE_SETUP) },
	{ { ']', K_F8 }, "] F8", "setup: column to the right", .act = act_setup_move, .arg = "+",
	  .hint = "right", .pages = ON(PAGE_SETUP) },
	{ { 'W', K_F12 }, "W F12", "write the setup to its file", .act = act_save, .hint = "write",
	  .pages = ON(PAGE_SETUP) | ON(PAGE_CLIENTS) },
	{ { K_ESCAPE }, "Esc", "back to the clients", .act = act_back, .hint = "back",
	  .pages = ON_EVERY_PAGE & ~ON(PAGE_CLIENTS) },
	{ { K_ESCAPE }, "Esc", "nothing is selected", .act = act_home },
};
const size_t n_bindings = N_OF(bindings);

bool binding_is_on(const struct binding *b, enum page page)
{
	return (b->pages ? b->pages : ON(PAGE_CLIENTS)) & ON(page);
}

const struct binding *binding_find(int key, enum page page)
{
	for (size_t i = 0; i < n_bindings; i++)
		for (size_t k = 0; k < N_OF(bindings[i].keys) && bindings[i].keys[k]; k++)
			if (bindings[i].keys[k] == key && binding_is_on(&bindings[i], page))
				return &bindings[i];
	return NULL;
}
