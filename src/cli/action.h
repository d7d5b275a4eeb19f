/* SPDX-License-Identifier: MIT */
/*
 * What keys do: each a change of the model. The key table (binding.h) says which key does which.
 */
#ifndef GPUTOP_ACTION_H
#define GPUTOP_ACTION_H

#include "model.h"

#define ACTION(name) \
	void act_##name(struct model *m, const struct model_context *on __attribute__((unused)), \
			const char *arg __attribute__((unused)))

ACTION(up);
ACTION(down);
ACTION(page_up);
ACTION(page_down);
ACTION(home);
ACTION(end);
ACTION(device_next);	/* selects one device after the other, then none again; on the page of plots it is plotted */
ACTION(detail);		/* the page of the selected client */
ACTION(plot);		/* the page of plots: of the selected client, else of the selected device */
ACTION(columns_left);	/* on the page of plots: the series before alone, or all */
ACTION(columns_right);
ACTION(sort_by);	/* @arg: the key of a field; "" is the order nobody asked for: most use first */
ACTION(sort_reverse);
ACTION(sort_neighbour);	/* @arg: "<" or ">" */
ACTION(group_next);	/* the usual groups one after the other, then no groups again */
ACTION(tree);
ACTION(sort_menu);	/* the columns that are shown, then all other fields */
ACTION(user_menu);
ACTION(filter);
ACTION(search);		/* incremental; again: the next match */
ACTION(search_next);	/* @arg: "+" or "-" */
ACTION(idle);
ACTION(signal);		/* asks which, then whether; for the process of the selected row */
ACTION(renice);		/* @arg: "+" or "-" */
ACTION(step);		/* @arg: "+" or "-": one frame, then stands still */
ACTION(left);		/* columns, series of a plot; ten frames of a recording */
ACTION(right);
ACTION(seek);		/* asks where to */
ACTION(delay);		/* asks for the time between frames */
ACTION(pace);		/* @arg: "+" or "-": that time, or the speed of a recording */
ACTION(pause);
ACTION(setup);
ACTION(setup_change);	/* the marked line of the setup page */
ACTION(setup_move);	/* @arg: "+" or "-": its column */
ACTION(save);		/* what is set up; asks first where that would lose a file with an error */
ACTION(help);
ACTION(back);		/* to the page of clients */
ACTION(redraw);		/* something else has written on the terminal */
ACTION(quit);

#endif
