/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <locale.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cli/curve.h"
#include "sample.h"

/* A history of one engine with these shares, the last one last. */
static struct history *history_of(const double *shares, size_t n)
{
	struct snapshot_engine engine = sample.devices[0].engines[0];
	struct snapshot_device device = sample.devices[0];
	struct snapshot s = { .frame = sample.frame, .devices = &device, .n_devices = 1 };
	struct history *h;

	device.engines = &engine;
	device.n_engines = 1;
	device.n_regions = 0;
	assert_int_equal(history_new(16, false, &h), 0);
	for (size_t i = 0; i < n; i++) {
		engine.usage.busy = shares[i];
		s.frame.t_ns = i + 1;
		assert_int_equal(history_take(h, &s), 0);
	}
	return h;
}

static void assert_drawn(const double *shares, size_t n, bool utf8, char mark, int w, int rows, const char *text)
{
	struct history *h = history_of(shares, n);
	const struct track *t = &history_device(h, "0000:03:00.0")->tracks[0];
	struct screen s = { .utf8 = utf8 };
	struct buf out = { 0 };

	assert_int_equal(screen_resize(&s, w, rows), 0);
	if (mark)
		curve_line(&s, 0, 0, w, rows, h, t, 1, STYLE_NORMAL, mark);
	else
		curve_area(&s, 0, 0, w, rows, h, t, 1, STYLE_NORMAL);
	screen_text(&s, &out);
	assert_string_equal(out.ptr, text);
	buf_done(&out);
	screen_done(&s);
	history_free(h);
}

#define SHARES(...) (const double[]){ __VA_ARGS__ }, sizeof((const double[]){ __VA_ARGS__ }) / sizeof(double)

static void an_area_fills_from_the_bottom(void **state)
{
	(void)state;
	assert_drawn(SHARES(0, 0.3, 0.6, 1), true, 0, 2, 1, "⣠⣾\n");
	assert_drawn(SHARES(0, 0.3, 0.6, 1), false, 0, 4, 1, "_.:|\n");
	assert_drawn(SHARES(1, 0.5), true, 0, 1, 2, "⣇\n⣿\n");
	assert_drawn(SHARES(1, 0), false, 0, 2, 2, "|\n|_\n");
}

static void the_last_sample_is_at_the_right(void **state)
{
	(void)state;
	assert_drawn(SHARES(1), true, 0, 3, 1, "  ⢸\n");
	assert_drawn(SHARES(1, 0, 0, 0, 0, 1), true, 0, 1, 1, "⣸\n");
	assert_drawn(SHARES(1, 0, 1), false, 0, 2, 1, "_|\n");
}

static void unknown_is_blank_and_nothing_is_not(void **state)
{
	(void)state;
	assert_drawn(SHARES(0, NAN, 0, 0), true, 0, 2, 1, "⡀⣀\n");
	assert_drawn(SHARES(0, NAN, 0), false, 0, 3, 1, "_ _\n");
	/* the least use shows */
	assert_drawn(SHARES(0, 0.0001), false, 0, 2, 1, "_.\n");
}

static void too_much_stays_inside(void **state)
{
	(void)state;
	assert_drawn(SHARES(7, 7), true, 0, 1, 1, "⣿\n");
	assert_drawn(SHARES(7, 7), false, '*', 2, 1, "**\n");
}

static void a_line_joins_its_samples(void **state)
{
	(void)state;
	assert_drawn(SHARES(0, 1), true, '*', 1, 2, "⢸\n⡸\n");
	assert_drawn(SHARES(1, 0), true, '*', 1, 2, "⢱\n⢸\n");
}

static void lines_share_their_cells(void **state)
{
	struct history *low = history_of(SHARES(0, 0)), *high = history_of(SHARES(1, 1));
	struct screen s = { .utf8 = true };

	(void)state;
	assert_int_equal(screen_resize(&s, 1, 1), 0);
	curve_line(&s, 0, 0, 1, 1, low, &history_device(low, "0000:03:00.0")->tracks[0], 1, STYLE_DIM, 'a');
	curve_line(&s, 0, 0, 1, 1, high, &history_device(high, "0000:03:00.0")->tracks[0], 1, STYLE_KEY, 'b');
	assert_string_equal(screen_cell(&s, 0, 0)->glyph.bytes, "⣉");
	screen_done(&s);
	history_free(low);
	history_free(high);
}

static void marks_lie_on_the_line(void **state)
{
	struct history *h = history_of(SHARES(NAN, NAN, 1, 1, 0, 0, 1, 1));
	const struct track *t = &history_device(h, "0000:03:00.0")->tracks[0];
	static const struct { int first; const char *text; } cases[] = {
		{ 0, "   *\n\n" }, { 1, "\n  *\n" }, { 2, " *\n\n" }, { 3, "\n\n" }, { 4, "\n\n" },
	};
	struct screen s = { .utf8 = true };

	(void)state;
	for (size_t i = 0; i < N_OF(cases); i++) {
		struct buf out = { 0 };

		assert_int_equal(screen_resize(&s, 4, 2), 0);
		curve_marks(&s, 0, 0, 4, 2, h, t, 1, STYLE_NORMAL, '*', cases[i].first);
		screen_text(&s, &out);
		assert_string_equal(out.ptr, cases[i].text);
		buf_done(&out);
	}
	screen_done(&s);
	history_free(h);
}

static void nothing_is_drawn_beyond_the_screen(void **state)
{
	struct history *h = history_of(SHARES(1, 1, 1, 1));
	const struct track *t = &history_device(h, "0000:03:00.0")->tracks[0];
	struct screen s = { .utf8 = true };
	struct buf out = { 0 };

	(void)state;
	assert_int_equal(screen_resize(&s, 3, 1), 0);
	for (int x = -2; x < 5; x++)
		for (int y = -2; y < 3; y++)
			if (x < 0 || x > 1 || y != 0)
				curve_area(&s, x, y, 2, 1, h, t, 1, STYLE_NORMAL);
	screen_text(&s, &out);
	assert_string_equal(out.ptr, "\n");
	buf_done(&out);
	screen_done(&s);
	history_free(h);
}

static void the_scale_is_what_is_shown(void **state)
{
	struct history *h = history_of(SHARES(9, NAN, 2, 3));
	const struct track *t = &history_device(h, "0000:03:00.0")->tracks[0];

	(void)state;
	assert_true(curve_max(h, t, 3) == 3);
	assert_true(curve_max(h, t, 99) == 9);
	assert_true(curve_max(h, t, 0) == 0);
	history_free(h);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_area_fills_from_the_bottom),
		cmocka_unit_test(the_last_sample_is_at_the_right),
		cmocka_unit_test(unknown_is_blank_and_nothing_is_not),
		cmocka_unit_test(too_much_stays_inside),
		cmocka_unit_test(a_line_joins_its_samples),
		cmocka_unit_test(lines_share_their_cells),
		cmocka_unit_test(marks_lie_on_the_line),
		cmocka_unit_test(nothing_is_drawn_beyond_the_screen),
		cmocka_unit_test(the_scale_is_what_is_shown),
	};

	setlocale(LC_CTYPE, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
