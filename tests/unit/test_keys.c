/* SPDX-License-Identifier: MIT */
/* Keys and clicks as no user presses them, on screens of all sizes: nothing may break, and Escape leads back. */
#include "unit.h"

#include <locale.h>
#include <stdlib.h>

#include "cli/binding.h"
#include "cli/layout.h"
#include "sample.h"

#define STEPS 30000

struct desk {
	struct model m;
	struct view v;
	struct layout l;
	struct screen s;
	struct history *history;
	struct model_context on;
};

static uint64_t seed = 42;

/* From 0 to below @n, the same in every run. */
static unsigned int any(unsigned int n)
{
	seed = seed * 6364136223846793005u + 1442695040888963407u;
	return (unsigned int)(seed >> 33) % n;
}

static void look(struct desk *d, const struct snapshot *s, int w, int h)
{
	assert_int_equal(view_select(&d->v, &d->m.view, s), 0);
	assert_int_equal(history_take(d->history, s), 0);
	d->l.history = d->history;
	layout_plan(&d->l, &d->m, s, &d->v, w, h);
	d->on = layout_context(&d->l, &d->v);
	model_settle(&d->m, &d->on);
	assert_int_equal(screen_resize(&d->s, w, h), 0);
	layout_draw(&d->l, &d->m, s, &d->v, &d->s);
	d->on = layout_context(&d->l, &d->v);
}

/* A recording that is wound back has no frame for a while, and is not drawn. */
static void forget(struct desk *d)
{
	static const struct snapshot none = { .interval_ns = UNKNOWN };

	assert_int_equal(view_select(&d->v, &d->m.view, &none), 0);
	memset(d->v.row_array, 0xff, d->v.rows_size * sizeof(*d->v.row_array));
}

static int any_key(void)
{
	const struct binding *b = &bindings[any((unsigned int)n_bindings)];

	switch (any(4)) {
	case 0:
		return K_UP + (int)any(K_F12 - K_UP + 1);
	case 1:
		return ' ' + (int)any(0x3000);
	case 2:
		return any(2) ? K_ENTER : K_ESCAPE;
	default:
		return b->keys[any(4)];
	}
}

static void check(const struct desk *d)
{
	const struct model *m = &d->m;

	assert_in_range(m->page, 0, N_PAGES - 1);
	assert_true(m->cursor >= -1);
	assert_in_range(m->n_columns, 1, MODEL_MAX_COLUMNS);
	assert_true(m->prompt.cursor <= m->prompt.len && m->prompt.len < PROMPT_SIZE);
	assert_int_equal(strlen(m->prompt.text), m->prompt.len);
	assert_true(!m->menu.is_open || (m->menu.cursor < m->menu.n && m->menu.chosen));
	assert_true(!m->prompt.is_open || m->prompt.done);
}

static void any_keys_in_any_order(void **state)
{
	static const int sizes[][2] = { { 80, 24 }, { 132, 43 }, { 40, 12 }, { 20, 5 }, { 1, 1 }, { 400, 120 } };
	struct desk d = { 0 };

	(void)state;
	assert_int_equal(history_new(HISTORY_SAMPLES, false, &d.history), 0);
	for (int i = 0; i < STEPS; i++) {
		const int *size = sizes[any(any(50) ? 2 : 6)];
		int key = any_key();

		/* else a filter that nobody fits would soon be the end of it */
		if (i % 50 == 0) {
			model_init(&d.m);
			d.m.utf8 = d.m.reaches = d.m.view.all = true;
			look(&d, &sample, 80, 24);
		}
		d.m.mode = (enum mode)any(3);
		if (any(8))
			model_key(&d.m, key, &d.on);
		else
			model_click(&d.m, screen_spot(&d.s, (int)any(130), (int)any(40)), &d.on);
		if (d.m.request.kind == REQUEST_ASK_NICE)
			model_ask_nice(&d.m, (int)any(40) - 20, (int)d.m.request.value);
		if (d.m.request.kind == REQUEST_STEP)
			forget(&d);
		d.m.request.kind = REQUEST_NONE;
		/* several keys may come before the screen is drawn */
		if (any(3))
			look(&d, any(10) ? &sample : &sample_first, size[0], size[1]);
		check(&d);
	}
	for (int i = 0; i < 3; i++)
		model_key(&d.m, K_ESCAPE, &d.on);
	assert_int_equal(d.m.page, PAGE_CLIENTS);
	assert_false(d.m.menu.is_open || d.m.prompt.is_open);
	view_done(&d.v);
	layout_done(&d.l);
	screen_done(&d.s);
	history_free(d.history);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(any_keys_in_any_order),
	};

	setlocale(LC_CTYPE, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
