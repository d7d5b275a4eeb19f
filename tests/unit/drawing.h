/* SPDX-License-Identifier: MIT */
/* The screen as the program draws it from a model, for tests that look at it. The locale must be UTF-8, TZ UTC. */
#ifndef GPUTOP_DRAWING_H
#define GPUTOP_DRAWING_H

#include "cli/layout.h"

struct drawing {
	struct model m;
	struct view v;
	struct layout l;
	struct screen s;
	struct buf text;		/* of the screen, as drawn last */
	struct history *history;	/* drawing_done() frees it */
};

/* UTF-8, and all clients. */
void drawing_start(struct drawing *f);
void drawing_done(struct drawing *f);

/* @h 0: as high as it takes. */
void drawing_draw(struct drawing *f, const struct snapshot *s, int w, int h);

/* What the model does with a key on that screen. */
void drawing_key(struct drawing *f, int key);

void assert_shows(const struct drawing *f, const char *text);
void assert_shows_not(const struct drawing *f, const char *text);

/* Each cell is one character, or half of a wide one: then no row can be shifted. */
void assert_cells_fit(const struct screen *s);

/*
 * Fails unless f->text is that of tests/data/screen/@name.txt. GPUTOP_UPDATE_GOLDEN=1 writes it instead; look at
 * each before committing.
 */
void drawing_compare(const struct drawing *f, const char *name);

/* Two minutes before the sample, in which everything went up and down. */
struct history *sample_past(void);

/* An open menu with more items than some screens have rows; "9 KILL" is marked. */
void sample_menu(struct menu *menu);

#endif
