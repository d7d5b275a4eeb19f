/* SPDX-License-Identifier: MIT */
/*
 * Signals for who has the terminal: those that ask the program to end, crashes, after which nothing but giving the
 * terminal back is possible, and those that tell of something that happened to it. It knows neither curses nor what
 * is shown. Handlers belong to the process, so the state is its own.
 */
#ifndef GPUTOP_TTY_SIGNALS_H
#define GPUTOP_TTY_SIGNALS_H

#include <stdbool.h>
#include <stddef.h>
#include <termios.h>

/* How the terminal was found. */
struct tty_restore {
	struct termios modes;
	char bytes[512];	/* what to send to leave */
	size_t len;
};

/* Takes the signals over, except those that are ignored: nohup and the like want to be left alone. 0 or -errno. */
int tty_signals_open(const struct tty_restore *restore);

/* Gives them back. Fine to call at any time. */
void tty_signals_close(void);

/* Readable when there is something to take, or an end; poll(2) returns EINTR as well. */
int tty_signals_fd(void);

struct tty_news {
	bool resized;
	bool stopped;	/* asked to stop: see tty_signals_stop() */
	bool continued;
};

/* What came since the last time. */
struct tty_news tty_signals_take(void);

/* Stops, and returns when somebody lets us go on. The terminal is to be given back first. */
void tty_signals_stop(void);

/* The signal that asked to end, 0: none. A second one ends the program at once. */
int tty_signals_end(void);

/* The terminal is gone, which is as good as SIGHUP. */
void tty_signals_hang_up(void);

#endif
