/* SPDX-License-Identifier: MIT */
#include "theme.h"

#include <errno.h>
#include <string.h>

enum { BLACK, RED, GREEN, YELLOW, BLUE, MAGENTA, CYAN, WHITE, OWN = -1 };

#define B LOOK_BOLD
#define R LOOK_REVERSE

const char *const theme_names[N_THEMES] = {
	[THEME_DARK] = "dark", [THEME_LIGHT] = "light", [THEME_CONTRAST] = "contrast",
	[THEME_SAFE] = "colour-blind", [THEME_MONO] = "mono",
};

static const struct look dark[N_STYLES] = {
	[STYLE_NORMAL] = { 0, OWN, OWN, 0, 0 },
	[STYLE_DIM] = { LOOK_DIM, OWN, OWN, 0, 0 },
	[STYLE_STRONG] = { B, OWN, OWN, 0, 0 },
	[STYLE_TITLE] = { B, CYAN, OWN, 0, 0 },
	[STYLE_LIVE] = { B, GREEN, OWN, 0, 0 },
	[STYLE_REPLAY] = { 0, BLACK, YELLOW, 0, 0 },
	[STYLE_WARNING] = { B, YELLOW, OWN, 0, 0 },
	[STYLE_HEADING] = { 0, BLACK, GREEN, 0, 0 },
	[STYLE_HEADING_SORT] = { 0, BLACK, CYAN, 0, 0 },
	[STYLE_SELECTED] = { 0, BLACK, CYAN, 0, 0 },
	[STYLE_BAR_LOW] = { 0, GREEN, OWN, 0, 0 },
	[STYLE_BAR_MIDDLE] = { 0, YELLOW, OWN, 0, 0 },
	[STYLE_BAR_HIGH] = { 0, RED, OWN, 0, 0 },
	[STYLE_METER] = { B, WHITE, BLUE, 0, 0 },
	[STYLE_KEY] = { B, CYAN, OWN, 0, 0 },
	[STYLE_MESSAGE] = { B, OWN, OWN, 0, 0 },
	[STYLE_SERIES] = { B, CYAN, OWN, 0, 0 },
	[STYLE_SERIES + 1] = { 0, YELLOW, OWN, 0, 0 },
	[STYLE_SERIES + 2] = { 0, GREEN, OWN, 0, 0 },
	[STYLE_SERIES + 3] = { 0, MAGENTA, OWN, 0, 0 },
	[STYLE_SERIES + 4] = { 0, RED, OWN, 0, 0 },
	[STYLE_SERIES + 5] = { 0, WHITE, OWN, 0, 0 },
};

static const unsigned char mono[N_STYLES] = {
	[STYLE_DIM] = LOOK_DIM,
	[STYLE_STRONG] = B,
	[STYLE_TITLE] = B,
	[STYLE_LIVE] = B,
	[STYLE_REPLAY] = R,
	[STYLE_WARNING] = B,
	[STYLE_HEADING] = R,
	[STYLE_HEADING_SORT] = R | B | LOOK_UNDERLINE,
	[STYLE_SELECTED] = R | B,
	[STYLE_BAR_HIGH] = B,
	[STYLE_METER] = R,
	[STYLE_KEY] = B,
	[STYLE_MESSAGE] = B,
};

/* Where a theme is not as the dark one. The colours of the colour-blind one differ in brightness too. */
static const struct difference {
	enum theme theme;
	enum style style;
	struct look look;
} differences[] = {
	{ THEME_LIGHT, STYLE_DIM, { 0, OWN, OWN, 240, 0 } },
	{ THEME_LIGHT, STYLE_TITLE, { B, BLUE, OWN, 25, 0 } },
	{ THEME_LIGHT, STYLE_LIVE, { B, GREEN, OWN, 28, 0 } },
	{ THEME_LIGHT, STYLE_WARNING, { B, MAGENTA, OWN, 130, 0 } },
	{ THEME_LIGHT, STYLE_HEADING, { 0, WHITE, BLUE, 231, 25 } },
	{ THEME_LIGHT, STYLE_HEADING_SORT, { B, WHITE, MAGENTA, 231, 90 } },
	{ THEME_LIGHT, STYLE_SELECTED, { 0, WHITE, BLACK, 231, 24 } },
	{ THEME_LIGHT, STYLE_BAR_LOW, { 0, GREEN, OWN, 28, 0 } },
	{ THEME_LIGHT, STYLE_BAR_MIDDLE, { 0, BLUE, OWN, 130, 0 } },
	{ THEME_LIGHT, STYLE_METER, { 0, BLACK, CYAN, 16, 153 } },
	{ THEME_LIGHT, STYLE_KEY, { B, BLUE, OWN, 25, 0 } },
	{ THEME_LIGHT, STYLE_SERIES, { B, BLUE, OWN, 25, 0 } },
	{ THEME_LIGHT, STYLE_SERIES + 1, { 0, BLACK, OWN, 130, 0 } },
	{ THEME_LIGHT, STYLE_SERIES + 5, { 0, CYAN, OWN, 30, 0 } },
	{ THEME_CONTRAST, STYLE_NORMAL, { 0, WHITE, BLACK, 231, 16 } },
	{ THEME_CONTRAST, STYLE_DIM, { 0, WHITE, BLACK, 231, 16 } },
	{ THEME_CONTRAST, STYLE_STRONG, { B, WHITE, BLACK, 231, 16 } },
	{ THEME_CONTRAST, STYLE_TITLE, { B, YELLOW, BLACK, 226, 16 } },
	{ THEME_CONTRAST, STYLE_HEADING, { B, BLACK, WHITE, 16, 231 } },
	{ THEME_CONTRAST, STYLE_HEADING_SORT, { B | LOOK_UNDERLINE, BLACK, YELLOW, 16, 226 } },
	{ THEME_CONTRAST, STYLE_SELECTED, { B, BLACK, YELLOW, 16, 226 } },
	{ THEME_CONTRAST, STYLE_BAR_LOW, { B, WHITE, BLACK, 231, 16 } },
	{ THEME_CONTRAST, STYLE_BAR_MIDDLE, { B, YELLOW, BLACK, 226, 16 } },
	{ THEME_CONTRAST, STYLE_BAR_HIGH, { B, YELLOW, BLACK, 208, 16 } },
	{ THEME_CONTRAST, STYLE_METER, { B, BLACK, CYAN, 16, 51 } },
	{ THEME_CONTRAST, STYLE_MESSAGE, { B, WHITE, BLACK, 231, 16 } },
	{ THEME_SAFE, STYLE_LIVE, { B, CYAN, OWN, 39, 0 } },
	{ THEME_SAFE, STYLE_HEADING, { 0, BLACK, CYAN, 16, 39 } },
	{ THEME_SAFE, STYLE_HEADING_SORT, { B, BLACK, YELLOW, 16, 214 } },
	{ THEME_SAFE, STYLE_SELECTED, { 0, BLACK, WHITE, 16, 252 } },
	{ THEME_SAFE, STYLE_WARNING, { B, YELLOW, OWN, 220, 0 } },
	{ THEME_SAFE, STYLE_BAR_LOW, { 0, BLUE, OWN, 32, 0 } },
	{ THEME_SAFE, STYLE_BAR_MIDDLE, { 0, CYAN, OWN, 117, 0 } },
	{ THEME_SAFE, STYLE_BAR_HIGH, { B, YELLOW, OWN, 220, 0 } },
	{ THEME_SAFE, STYLE_SERIES + 1, { 0, YELLOW, OWN, 214, 0 } },
	{ THEME_SAFE, STYLE_SERIES + 2, { 0, BLUE, OWN, 36, 0 } },
	{ THEME_SAFE, STYLE_SERIES + 3, { 0, MAGENTA, OWN, 175, 0 } },
	{ THEME_SAFE, STYLE_SERIES + 4, { B, YELLOW, OWN, 227, 0 } },
};

int theme_find(const char *name, enum theme *ret)
{
	for (enum theme t = 0; t < N_THEMES; t++)
		if (strcmp(theme_names[t], name) == 0) {
			*ret = t;
			return 0;
		}
	return -ENOENT;
}

struct look theme_look(enum theme theme, enum style style)
{
	if (theme == THEME_MONO)
		return (struct look){ .attributes = mono[style], .fg = OWN, .bg = OWN };
	for (size_t i = 0; i < N_OF(differences); i++)
		if (differences[i].theme == theme && differences[i].style == style)
			return differences[i].look;
	return dark[style];
}
