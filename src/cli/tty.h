/* SPDX-License-Identifier: MIT */
/*
 * The terminal: puts a screen on it, gives keys, and leaves it as it was found, whatever ends the program.
 * The only file that knows curses; it does not know what is drawn. There is one terminal, so the state is
 * the process' own.
 */
#ifndef GPUTOP_TTY_H
#define GPUTOP_TTY_H

#include <stdbool.h>
#include <stdint.h>

#include "screen.h"
#include "theme.h"

/*
 * True if the terminal can show a screen: standard output is a terminal, and TERM names one that can move
 * the cursor. @ret_why: what is missing, for a person; NULL if output simply goes elsewhere.
 */
bool tty_is_usable(const char **ret_why);

/* How many colours the terminal has, as TERM says; below 1: none, or nobody knows. */
int tty_colors(void);

/*
 * Takes the terminal over; LC_CTYPE must be set. Keys come from standard input, or from /dev/tty where
 * that is no terminal. With @mouse it reports clicks, which it then does not take for
 * selecting text. 0 or -errno.
 */
int tty_open(bool mouse);

/* Gives it back. Fine to call at any time. */
void tty_close(void);

void tty_size(int *ret_w, int *ret_h);

/* Without colours, where the terminal or NO_COLOR say so, that is THEME_MONO. */
void tty_set_theme(enum theme theme);

/* Sends the cells that changed since the last time. 0 or -ENOMEM. */
int tty_draw(const struct screen *s);

/* The next tty_draw() sends everything: the terminal may show what others have written. */
void tty_redraw(void);

enum tty_event {
	TTY_TIMEOUT,
	TTY_KEY,	/* tty_key() has one */
	TTY_FD,		/* the other descriptor is readable */
	TTY_REDRAW,	/* another size, or back from a stop */
	TTY_END,	/* a signal that ends the program: see tty_end_signal() */
};

/* Waits for a key, a signal, @fd (-1: none) or until @timeout_ns have passed. */
enum tty_event tty_wait(int fd, uint64_t timeout_ns);

/* The next key as model.h names them, K_NONE if there is none. */
int tty_key(void);

/* Where the click was that tty_key() gave as K_CLICK. */
void tty_click(int *ret_x, int *ret_y);

/* The signal behind TTY_END. To end the way the sender expects: tty_close(), then raise it. */
int tty_end_signal(void);

#endif
