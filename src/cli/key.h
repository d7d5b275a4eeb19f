/* SPDX-License-Identifier: MIT */
/*
 * The keys that are no character, as they go from the terminal to the model. A character is itself.
 */
#ifndef GPUTOP_KEY_H
#define GPUTOP_KEY_H

enum {
	K_NONE = -1,
	K_TAB = '\t',
	K_ENTER = '\r',
	K_UP = 0x110000,	/* beyond Unicode */
	K_DOWN,
	K_LEFT,
	K_RIGHT,
	K_PAGE_UP,
	K_PAGE_DOWN,
	K_HOME,
	K_END,
	K_ESCAPE,
	K_BACKSPACE,
	K_DELETE,
	K_CLICK,		/* where: tty_click() */
	K_SHIFT_LEFT,
	K_SHIFT_RIGHT,
	K_F1,
	K_F2,
	K_F3,
	K_F4,
	K_F5,
	K_F6,
	K_F7,
	K_F8,
	K_F9,
	K_F10,
	K_F11,
	K_F12,
};

#endif
