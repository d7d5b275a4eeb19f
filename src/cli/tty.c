/* SPDX-License-Identifier: MIT */
#include "tty.h"

#include <curses.h>
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>
#include <wchar.h>

#include "../report/text.h"
#include "key.h"
#include "theme.h"
#include "tty_signals.h"

/* Last: it defines names such as "columns". */
#include <term.h>

#define ESCAPE_DELAY_MS 25

/* Both ways of reporting clicks (xterm) that curses may have chosen. */
#define MOUSE_OFF "\033[?1006;1000l"

static struct {
	bool is_open;
	SCREEN *curses;
	FILE *in;
	bool owns_in;
	bool has_colour;
	enum theme theme;
	attr_t attributes[N_STYLES];
	bool has_mouse;
	int click_x, click_y;
	int wheel, wheel_left;		/* the key that a turn of the wheel stands for, and how often it still comes */
	struct screen shown;		/* what the terminal shows now */
	bool is_stale;			/* it shows nothing of ours */
	struct tty_restore restore;
} tty;

bool tty_is_usable(const char **ret_why)
{
	const char *term = getenv("TERM");
	int err;

	*ret_why = NULL;
	if (!isatty(STDOUT_FILENO))
		return false;
	if (!term || !*term) {
		*ret_why = "TERM is not set";
		return false;
	}
	if (setupterm(NULL, STDOUT_FILENO, &err) != OK) {
		*ret_why = "this terminal (TERM) is not in the terminfo database";
		return false;
	}
	if (!cursor_address)
		*ret_why = "this terminal (TERM) cannot move the cursor";
	del_curterm(cur_term);
	return !*ret_why;
}

int tty_colors(void)
{
	int err, n;

	if (setupterm(NULL, STDOUT_FILENO, &err) != OK)
		return -1;
	n = tigetnum("colors");
	del_curterm(cur_term);
	return n;
}

/* Gives back the screen that was there before; a terminal that has no second one gets a last row for the shell. */
static const char *screen_end(void)
{
	return exit_ca_mode ? exit_ca_mode : clr_eol;
}

static int put_restore(int c)
{
	if (tty.restore.len < sizeof(tty.restore.bytes))
		tty.restore.bytes[tty.restore.len++] = (char)c;
	return c;
}

/* The strings that undo what curses does at its start, put together while there is time. */
static void restore_prepare(void)
{
	const char *const strings[] = { exit_attribute_mode, orig_pair, keypad_local, cursor_normal,
					screen_end() };

	tty.restore.len = 0;
	if (tty.has_mouse)
		for (const char *c = MOUSE_OFF; *c; c++)
			put_restore(*c);
	for (size_t i = 0; i < N_OF(strings); i++)
		if (strings[i])
			tputs(strings[i], 1, put_restore);
}

static short colour_of(short of_8, short of_256)
{
	return COLORS >= 256 && of_256 ? of_256 : of_8;
}

/* What is blank has the theme's background too. */
static void background_prepare(void)
{
	cchar_t blank;

	setcchar(&blank, L" ", tty.attributes[STYLE_NORMAL], tty.has_colour ? STYLE_NORMAL + 1 : 0, NULL);
	bkgrndset(&blank);
}

static void theme_prepare(void)
{
	static const attr_t attributes[] = { A_BOLD, A_DIM, A_REVERSE, A_UNDERLINE };
	enum theme theme = tty.has_colour ? tty.theme : THEME_MONO;

	for (enum style i = 0; i < N_STYLES; i++) {
		struct look look = theme_look(theme, i);

		tty.attributes[i] = A_NORMAL;
		for (size_t bit = 0; bit < N_OF(attributes); bit++)
			if (look.attributes & 1u << bit)
				tty.attributes[i] |= attributes[bit];
		if (tty.has_colour)
			init_pair((short)(i + 1), colour_of(look.fg, look.fg_256), colour_of(look.bg, look.bg_256));
	}
	background_prepare();
}

void tty_set_theme(enum theme theme)
{
	if (theme == tty.theme)
		return;
	tty.theme = theme;
	theme_prepare();
	tty.is_stale = true;
}

/* See no-color.org. */
static void colours_prepare(void)
{
	const char *no_color = getenv("NO_COLOR");

	tty.has_colour = has_colors() && !(no_color && *no_color);
	if (tty.has_colour) {
		start_color();
		use_default_colors();
	}
	theme_prepare();
}

/* A turn of the wheel is so many rows. */
#define WHEEL_ROWS 3

static void mouse_prepare(void)
{
	const mmask_t wanted = BUTTON1_PRESSED | BUTTON4_PRESSED | BUTTON5_PRESSED;

	/* Clicks at once: nobody waits for a double one. */
	mouseinterval(0);
	tty.has_mouse = mousemask(wanted, NULL) != 0;
}

static int mouse_key(void)
{
	MEVENT e;

	if (getmouse(&e) != OK)
		return K_NONE;
	if (e.bstate & (BUTTON4_PRESSED | BUTTON5_PRESSED)) {
		tty.wheel = e.bstate & BUTTON4_PRESSED ? K_UP : K_DOWN;
		tty.wheel_left = WHEEL_ROWS - 1;
		return tty.wheel;
	}
	tty.click_x = e.x;
	tty.click_y = e.y;
	return K_CLICK;
}

void tty_click(int *ret_x, int *ret_y)
{
	*ret_x = tty.click_x;
	*ret_y = tty.click_y;
}

int tty_open(bool mouse)
{
	int err = 0;

	tty.in = stdin;
	tty.owns_in = !isatty(STDIN_FILENO);
	if (tty.owns_in) {
		tty.in = fopen("/dev/tty", "re");
		if (!tty.in)
			return -errno;
	}
	if (tcgetattr(STDOUT_FILENO, &tty.restore.modes)) {
		err = -errno;
		goto out;
	}
	set_escdelay(ESCAPE_DELAY_MS);
	tty.curses = newterm(NULL, stdout, tty.in);
	if (!tty.curses) {
		err = -ENOTTY;
		goto out;
	}
	tty.is_open = true;
	tty.is_stale = true;
	if (mouse)
		mouse_prepare();
	restore_prepare();
	err = tty_signals_open(&tty.restore);
	if (err)
		goto out;
	colours_prepare();
	cbreak();
	noecho();
	nonl();
	curs_set(0);
	keypad(stdscr, TRUE);
	nodelay(stdscr, TRUE);
	return 0;
out:
	tty_close();
	return err;
}

void tty_close(void)
{
	if (tty.is_open) {
		tty.is_open = false;
		endwin();
		if (!exit_ca_mode && clr_eol)
			putp(clr_eol);
		(void)fflush(stdout);
		delscreen(tty.curses);
		tty_signals_close();
	}
	screen_done(&tty.shown);
	if (tty.owns_in && tty.in)
		(void)fclose(tty.in);
	tty.in = NULL;
}

void tty_size(int *ret_w, int *ret_h)
{
	*ret_w = COLS > 0 ? COLS : 1;
	*ret_h = LINES > 0 ? LINES : 1;
}

static void put_cell(int x, int y, const struct cell *c)
{
	struct str rest = str_of(c->glyph.bytes);
	wchar_t wide[CCHARW_MAX + 1] = L"";
	cchar_t cell;

	for (size_t i = 0; rest.len > 0 && i < CCHARW_MAX; i++) {
		uint32_t code;
		size_t len = text_decode(rest, &code);

		wide[i] = (wchar_t)code;
		rest = (struct str){ rest.ptr + len, rest.len - len };
	}
	setcchar(&cell, wide, tty.attributes[c->style], tty.has_colour ? (short)(c->style + 1) : 0, NULL);
	mvadd_wch(y, x, &cell);
}

int tty_draw(const struct screen *s)
{
	if (tty.is_stale || tty.shown.w != s->w || tty.shown.h != s->h) {
		int err = screen_resize(&tty.shown, s->w, s->h);

		if (err)
			return err;
		tty.shown.utf8 = s->utf8;
		erase();
		tty.is_stale = false;
	}
	for (int y = 0; y < s->h; y++)
		for (int x = 0; x < s->w; x++) {
			const struct cell *c = screen_cell(s, x, y);

			if (c->glyph.width > 0 && !cell_equal(c, screen_cell(&tty.shown, x, y)))
				put_cell(x, y, c);
		}
	memcpy(tty.shown.cells, s->cells, (size_t)s->w * (size_t)s->h * sizeof(*s->cells));
	/* Where a shell goes on if we are killed and put nothing back. */
	move(s->h - 1, 0);
	refresh();
	return 0;
}

static void resize(void)
{
	struct winsize size;

	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_row > 0 && size.ws_col > 0)
		resizeterm(size.ws_row, size.ws_col);
	tty.is_stale = true;
}

static bool handle_signals(void)
{
	struct tty_news news = tty_signals_take();

	if (news.stopped) {
		/* Gives the terminal to the shell until it lets us go on. */
		endwin();
		tty_signals_stop();
		news = tty_signals_take();
		news.continued = true;
	}
	if (news.continued) {
		/* The shell may have changed the modes and the size, and written over everything. */
		news.resized = true;
		endwin();
		clearok(curscr, TRUE);
	}
	if (news.resized)
		resize();
	return news.resized;
}

void tty_redraw(void)
{
	clearok(curscr, TRUE);
	tty.is_stale = true;
}

enum tty_event tty_wait(int fd, uint64_t timeout_ns)
{
	struct pollfd fds[] = {
		{ .fd = tty_signals_fd(), .events = POLLIN },
		{ .fd = fileno(tty.in), .events = POLLIN },
		{ .fd = fd, .events = POLLIN },
	};
	struct timespec timeout = { (time_t)(timeout_ns / NSEC_PER_SEC), (long)(timeout_ns % NSEC_PER_SEC) };
	int n = ppoll(fds, 3, timeout_ns == UINT64_MAX ? NULL : &timeout, NULL);

	if (tty_signals_end())
		return TTY_END;
	if (n < 0 || fds[0].revents)
		return handle_signals() ? TTY_REDRAW : TTY_TIMEOUT;
	/* The terminal is gone: as good as SIGHUP. */
	if (fds[1].revents & (POLLHUP | POLLERR | POLLNVAL)) {
		tty_signals_hang_up();
		return TTY_END;
	}
	return fds[1].revents ? TTY_KEY : fds[2].revents ? TTY_FD : TTY_TIMEOUT;
}

int tty_key(void)
{
	static const struct {
		wint_t curses;
		int key;
	} keys[] = {
		{ KEY_UP, K_UP }, { KEY_DOWN, K_DOWN }, { KEY_LEFT, K_LEFT }, { KEY_RIGHT, K_RIGHT },
		{ KEY_PPAGE, K_PAGE_UP }, { KEY_NPAGE, K_PAGE_DOWN }, { KEY_HOME, K_HOME },
		{ KEY_END, K_END }, { KEY_FIND, K_HOME }, { KEY_SELECT, K_END },
		{ KEY_SLEFT, K_SHIFT_LEFT }, { KEY_SRIGHT, K_SHIFT_RIGHT },
		{ KEY_BACKSPACE, K_BACKSPACE }, { KEY_DC, K_DELETE }, { KEY_ENTER, K_ENTER },
	};
	wint_t c;
	int kind;

	if (tty.wheel_left > 0) {
		tty.wheel_left--;
		return tty.wheel;
	}
	kind = get_wch(&c);

	if (kind == ERR)
		return K_NONE;
	if (kind == KEY_CODE_YES && c == KEY_MOUSE)
		return mouse_key();
	if (kind != KEY_CODE_YES)
		return c == 27 ? K_ESCAPE : (int)c;
	for (size_t i = 0; i < N_OF(keys); i++)
		if (keys[i].curses == c)
			return keys[i].key;
	return c >= KEY_F(1) && c <= KEY_F(12) ? K_F1 + (int)(c - KEY_F(1)) : K_NONE;
}

int tty_end_signal(void)
{
	return tty_signals_end();
}
