/* SPDX-License-Identifier: MIT */
#include <err.h>
#include <errno.h>
#include <signal.h>

#include "../now.h"
#include "history.h"
#include "layout.h"
#include "request.h"
#include "run.h"
#include "tty.h"

/* While frames pass by, one is shown every now and then, and soon after a key. */
#define PASSING_NS 200000000ULL
#define ANSWER_NS 40000000ULL

struct interactive {
	struct run *run;
	struct history *history;
	struct layout layout;
	struct screen screen;
	uint64_t due_ns;	/* while frames pass by, when one of them is shown; 0: none pass */
	char error[512];
};

/* Selects, lays out and draws what the model now says of the last frame. 0 or -errno. */
static int draw(struct interactive *i)
{
	struct run *r = i->run;
	const struct snapshot *s = feed_snapshot(r->feed);
	struct model_context on;
	int w, h, err;

	if (run_select(r))
		return -ENOMEM;
	r->model.waiting = feed_position(r->feed) == 0;
	r->model.seeking = feed_is_seeking(r->feed);
	r->model.silence_s = feed_silence_s(r->feed);
	tty_size(&w, &h);
	tty_set_theme(r->model.theme);
	i->layout.history = i->history;
	layout_plan(&i->layout, &r->model, s, &r->view, w, h);
	on = layout_context(&i->layout, &r->view);
	model_settle(&r->model, &on);
	err = screen_resize(&i->screen, w, h);
	if (err)
		return err;
	layout_draw(&i->layout, &r->model, s, &r->view, &i->screen);
	return tty_draw(&i->screen);
}

static struct spot clicked_spot(const struct screen *s)
{
	int x, y;

	tty_click(&x, &y);
	return screen_spot(s, x, y);
}

static void take_keys(struct interactive *i)
{
	struct run *r = i->run;
	struct model_context on = layout_context(&i->layout, &r->view);
	int key;

	while ((key = tty_key()) != K_NONE) {
		r->model.seeking = feed_is_seeking(r->feed);
		if (key == K_CLICK)
			model_click(&r->model, clicked_spot(&i->screen), &on);
		else
			model_key(&r->model, key, &on);
		request_perform(r);
	}
}

/* Takes a frame if one is due. 1 if there is a new one, 0, or -errno with i->error. */
static int take_frame(struct interactive *i)
{
	struct run *r = i->run;
	bool is_first = feed_position(r->feed) == 0;
	int next;

	next = feed_next(r->feed, i->error, sizeof(i->error));
	if (next == -EAGAIN)
		return 0;
	if (next == 0)
		r->model.ended = true;
	if (next <= 0)
		return next;
	/* The first only says where the second begins. */
	r->n_frames += !is_first && !feed_is_seeking(r->feed);
	*i->error = '\0';
	/* from its start, perhaps again */
	if (is_first)
		history_forget(i->history);
	if (run_frame(r))
		return -EIO;
	next = history_take(i->history, feed_snapshot(r->feed));
	return next ? next : 1;
}

/* Whether the last frame is not to be shown, because the one sought comes at once. */
static bool is_passed_by(struct interactive *i, bool is_answer)
{
	const struct feed *f = i->run->feed;
	uint64_t now = now_ns();

	if (!feed_is_seeking(f) || feed_wait_ns(f) > 0) {
		i->due_ns = 0;
		return false;
	}
	if (i->due_ns == 0 || (is_answer && i->due_ns > now + ANSWER_NS))
		i->due_ns = now + ANSWER_NS;
	if (now < i->due_ns)
		return true;
	i->due_ns = now + PASSING_NS;
	return false;
}

static int loop(struct interactive *i)
{
	struct run *r = i->run;
	const struct model *m = &r->model;

	while (!m->quit && !run_is_over(r)) {
		bool is_still = (m->paused || m->ended) && !feed_is_seeking(r->feed);
		enum tty_event event = tty_wait(is_still ? -1 : feed_fd(r->feed),
						is_still ? UINT64_MAX : feed_wait_ns(r->feed));
		int err;

		switch (event) {
		case TTY_END:
			return 0;
		case TTY_KEY:
			take_keys(i);
			break;
		case TTY_FD:
		case TTY_TIMEOUT:
			if (is_still || (feed_fd(r->feed) < 0 && feed_wait_ns(r->feed) > 0))
				continue;
			err = take_frame(i);
			if (err < 0)
				return err;
			if (err == 0 && !m->ended && !feed_is_seeking(r->feed) && !feed_silence_s(r->feed))
				continue;
			break;
		case TTY_REDRAW:
			break;
		}
		/* What the model looks at must be there, shown or not. */
		if (is_passed_by(i, event == TTY_KEY || event == TTY_REDRAW)) {
			if (run_select(r))
				return -ENOMEM;
			continue;
		}
		err = draw(i);
		if (err)
			return err;
	}
	return 0;
}

int run_interactive(struct run *r)
{
	struct interactive i = { .run = r };
	int err = feed_set_nonblocking(r->feed);

	if (!err)
		err = history_new(HISTORY_SAMPLES, false, &i.history);
	if (err) {
		warnx("%s", strerror(-err));
		return EXIT_FAILED;
	}
	/* What goes wrong at once is for the shell; a first frame that takes its time is waited for on the screen. */
	err = take_frame(&i);
	if (err < 0) {
		if (*i.error)
			warnx("%s", i.error);
		history_free(i.history);
		return EXIT_FAILED;
	}
	err = tty_open(!r->o->no_mouse);
	if (err) {
		warnx("the terminal: %s", strerror(-err));
		history_free(i.history);
		return EXIT_FAILED;
	}
	err = draw(&i);
	if (!err)
		err = loop(&i);
	tty_close();
	layout_done(&i.layout);
	screen_done(&i.screen);
	history_free(i.history);
	if (err < 0) {
		if (*i.error)
			warnx("%s", i.error);
		return EXIT_FAILED;
	}
	if (tty_end_signal()) {
		/* curses would make an exit status of 1 of it */
		signal(tty_end_signal(), SIG_DFL);
		raise(tty_end_signal());
	}
	return EXIT_OK;
}
