/* SPDX-License-Identifier: MIT */
/*
 * What styles look like: attributes and colours by theme. It does not know the terminal, which may have fewer.
 */
#ifndef GPUTOP_THEME_H
#define GPUTOP_THEME_H

#include <stdbool.h>

#include "screen.h"

enum theme {
	THEME_DARK,		/* for terminals that are dark */
	THEME_LIGHT,
	THEME_CONTRAST,		/* bright, and nothing dim */
	THEME_SAFE,		/* no two colours that colour-blind people take for one */
	THEME_MONO,		/* attributes only */
	N_THEMES
};

enum look_attribute {
	LOOK_BOLD = 1,
	LOOK_DIM = 2,
	LOOK_REVERSE = 4,
	LOOK_UNDERLINE = 8,
};

struct look {
	unsigned char attributes;
	short fg, bg;		/* of the 8 colours of ISO 6429; -1: the terminal's own */
	short fg_256, bg_256;	/* of the 256 of xterm, where there are so many; 0: as of the 8 */
};

extern const char *const theme_names[N_THEMES];

/* 0 or -ENOENT. */
int theme_find(const char *name, enum theme *ret);

struct look theme_look(enum theme theme, enum style style);

#endif
