/* SPDX-License-Identifier: MIT */
/*
 * The keys that are no character, as they go from the terminal to the model. A character is itself.
 */
#ifndef GPUTOP_KEY_H
#define GPUTOP_KEY_H

enum {
	K_NONE = -1,
	K_UP = 0x110000,	/* beyond Unicode */
	K_DOWN,
	K_LEFT,
	K_RIGHT,
	K_PAGE_UP,
	K_PAGE_DOWN,
	K_HOME,
	K_END,
	K_ESCAPE,
	K_F1,
	K_F10 = K_F1 + 9,
};

#endif
