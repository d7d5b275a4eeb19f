/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <locale.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cli/screen.h"

static char *put(bool utf8, int w, struct str text)
{
	struct screen s = { .utf8 = utf8 };
	struct buf out = { 0 };

	assert_int_equal(screen_resize(&s, w, 1), 0);
	screen_put(&s, 0, 0, w, STYLE_NORMAL, text);
	screen_text(&s, &out);
	out.ptr[--out.len] = '\0';
	screen_done(&s);
	return out.ptr;
}

static void shows_harmful_text_as_question_marks(void **state)
{
	static const struct { const char *in, *utf8, *ascii; } cases[] = {
		{ "plain text", "plain text", "plain text" },
		{ "a\nb\tc", "a?b?c", "a?b?c" },
		{ "\033[31mred\033[0m", "?[31mred?[0m", "?[31mred?[0m" },
		{ "\033]0;title\a", "?]0;title?", "?]0;title?" },
		{ "x\177y", "x?y", "x?y" },
		{ "c1\302\233m", "c1?m", "c1?m" },			/* U+009B is CSI too */
		{ "\377\300\200\355\240\200", "??????", "??????" },	/* invalid, overlong, surrogate */
		{ "\360\237\230", "???", "???" },			/* cut */
		{ "a\342\200\256b", "a?b", "a?b" },			/* right-to-left override */
		{ "a\342\201\246b\342\200\217", "a?b?", "a?b?" },	/* isolate, right-to-left mark */
		{ "a\342\200\213b", "a?b", "a?b" },			/* zero width space */
		{ "\303\251t\303\251", "\303\251t\303\251", "?t?" },
		{ "e\314\201x", "e\314\201x", "e?x" },			/* a combining accent */
		{ "\342\200\215x\357\270\217", "x", "?x?" },		/* a joiner, a variation selector */
		{ "\314\201x", "?x", "?x" },				/* one with nothing below it */
		{ "e\314\201\314\202\314\203\314\204z", "e\314\201\314\202z", "e????z" },
		{ "\360\237\221\251\342\200\215\360\237\222\273", "\360\237\221\251\360\237\222\273", "???" },
	};

	(void)state;
	for (size_t i = 0; i < N_OF(cases); i++) {
		char *utf8 = put(true, 40, str_of(cases[i].in)), *ascii = put(false, 40, str_of(cases[i].in));

		assert_string_equal(utf8, cases[i].utf8);
		assert_string_equal(ascii, cases[i].ascii);
		free(utf8);
		free(ascii);
	}
}

static void shows_bytes_after_a_nul(void **state)
{
	char *got = put(true, 10, (struct str){ "a\0b", 3 });

	(void)state;
	assert_string_equal(got, "a?b");
	free(got);
}

static void keeps_wide_characters_whole(void **state)
{
	static const char wide[] = "\346\274\242\345\255\227";	/* two characters, four cells */
	struct screen s = { .utf8 = true };
	struct buf out = { 0 };

	(void)state;
	assert_int_equal(screen_resize(&s, 6, 1), 0);
	assert_int_equal(screen_width(&s, str_of(wide)), 4);
	assert_int_equal(screen_put(&s, 0, 0, 3, STYLE_NORMAL, str_of(wide)), 2);
	assert_int_equal(screen_put(&s, 2, 0, 6, STYLE_NORMAL, str_of(wide)), 4);
	screen_text(&s, &out);
	assert_string_equal(out.ptr, "\346\274\242\346\274\242\345\255\227\n");
	/* overwriting one half leaves no other half behind */
	screen_put(&s, 1, 0, 1, STYLE_NORMAL, str_of("x"));
	screen_put(&s, 4, 0, 1, STYLE_NORMAL, str_of("y"));
	buf_reset(&out);
	screen_text(&s, &out);
	assert_string_equal(out.ptr, " x\346\274\242y\n");
	assert_int_equal(screen_cell(&s, 5, 0)->glyph.width, 1);
	buf_done(&out);
	screen_done(&s);
}

static void never_writes_beyond_its_edges(void **state)
{
	struct screen s = { .utf8 = true };
	struct buf out = { 0 };

	(void)state;
	assert_int_equal(screen_resize(&s, 4, 2), 0);
	assert_int_equal(screen_put(&s, 2, 0, 100, STYLE_NORMAL, str_of("abcdef")), 2);
	assert_int_equal(screen_put(&s, 4, 0, 100, STYLE_NORMAL, str_of("abc")), 0);
	assert_int_equal(screen_put(&s, -1, 0, 100, STYLE_NORMAL, str_of("abc")), 0);
	assert_int_equal(screen_put(&s, 0, 2, 100, STYLE_NORMAL, str_of("abc")), 0);
	assert_int_equal(screen_put(&s, 0, -1, 100, STYLE_NORMAL, str_of("abc")), 0);
	assert_int_equal(screen_put(&s, 0, 1, -5, STYLE_NORMAL, str_of("abc")), 0);
	screen_bar(&s, 2, 1, 50, STYLE_BAR_LOW, 1);
	screen_style(&s, -3, 1, 90, STYLE_DIM);
	screen_text(&s, &out);
	assert_string_equal(out.ptr, "  ab\n  ██\n");
	buf_done(&out);
	screen_done(&s);
}

static void draws_bars_to_half_a_cell(void **state)
{
	static const struct { double full; const char *utf8, *ascii; } cases[] = {
		{ 0, "", "" }, { NAN, "", "" }, { -1, "", "" }, { 0.0001, "▌", "|" }, { 0.125, "▌", "|" },
		{ 0.25, "█", "|" }, { 0.5, "██", "||" }, { 0.6, "██▌", "|||" }, { 1, "████", "||||" },
		{ 7, "████", "||||" }, { INFINITY, "████", "||||" },
	};
	struct screen s = { 0 };
	struct buf out = { 0 };

	(void)state;
	for (size_t i = 0; i < 2 * N_OF(cases); i++) {
		s.utf8 = i % 2;
		assert_int_equal(screen_resize(&s, 4, 1), 0);
		screen_bar(&s, 0, 0, 4, STYLE_BAR_LOW, cases[i / 2].full);
		buf_reset(&out);
		screen_text(&s, &out);
		out.ptr[--out.len] = '\0';
		assert_string_equal(out.ptr, s.utf8 ? cases[i / 2].utf8 : cases[i / 2].ascii);
	}
	buf_done(&out);
	screen_done(&s);
}

static void tells_cells_apart_by_text_and_style(void **state)
{
	struct screen s = { .utf8 = true };

	(void)state;
	assert_int_equal(screen_resize(&s, 3, 1), 0);
	screen_put(&s, 0, 0, 2, STYLE_NORMAL, str_of("aa"));
	assert_true(cell_equal(screen_cell(&s, 0, 0), screen_cell(&s, 1, 0)));
	assert_false(cell_equal(screen_cell(&s, 0, 0), screen_cell(&s, 2, 0)));
	screen_style(&s, 1, 0, 1, STYLE_DIM);
	assert_false(cell_equal(screen_cell(&s, 0, 0), screen_cell(&s, 1, 0)));
	screen_done(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(shows_harmful_text_as_question_marks),
		cmocka_unit_test(shows_bytes_after_a_nul),
		cmocka_unit_test(keeps_wide_characters_whole),
		cmocka_unit_test(never_writes_beyond_its_edges),
		cmocka_unit_test(draws_bars_to_half_a_cell),
		cmocka_unit_test(tells_cells_apart_by_text_and_style),
	};

	setlocale(LC_CTYPE, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
