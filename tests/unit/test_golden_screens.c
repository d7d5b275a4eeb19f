/* SPDX-License-Identifier: MIT */
/* Whole screens against those of tests/data/screen. */
#include "unit.h"

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>

#include "drawing.h"
#include "sample.h"

static void draws_the_golden_screens(void **state)
{
	static const struct { const char *name; int w, h; bool ascii; enum page page; enum units units;
			      const char *columns, *gpu; } cases[] = {
		{ "80x24", 80, 24, .ascii = false },
		{ "132x43", 132, 43, .ascii = false },
		{ "40x12", 40, 12, .ascii = false },
		{ "20x5", 20, 5, .ascii = false },
		{ "80x24-ascii", 80, 24, .ascii = true },
		{ "132x43-ascii", 132, 43, .ascii = true },
		{ "40x12-ascii", 40, 12, .ascii = true },
		{ "80x24-help", 80, 24, .page = PAGE_HELP },
		{ "132x43-help", 132, 43, .page = PAGE_HELP },
		{ "40x12-help", 40, 12, .page = PAGE_HELP },
		{ "20x5-help", 20, 5, .page = PAGE_HELP },
		{ "80x24-setup", 80, 24, .page = PAGE_SETUP },
		{ "132x43-setup", 132, 43, .page = PAGE_SETUP },
		{ "40x12-setup", 40, 12, .page = PAGE_SETUP },
		{ "20x5-setup", 20, 5, .page = PAGE_SETUP },
		{ "80x24-detail", 80, 24, .page = PAGE_DETAIL },
		{ "132x43-detail", 132, 43, .page = PAGE_DETAIL },
		{ "40x12-detail", 40, 12, .page = PAGE_DETAIL },
		{ "20x5-detail", 20, 5, .page = PAGE_DETAIL },
		{ "80x24-detail-ascii", 80, 24, .page = PAGE_DETAIL, .ascii = true },
		{ "80x24-plot", 80, 24, .page = PAGE_PLOT },
		{ "132x43-plot", 132, 43, .page = PAGE_PLOT, .gpu = "0000:04:00.0" },
		{ "40x12-plot", 40, 12, .page = PAGE_PLOT },
		{ "20x5-plot", 20, 5, .page = PAGE_PLOT },
		{ "80x24-plot-ascii", 80, 24, .page = PAGE_PLOT, .gpu = "0000:03:00.0", .ascii = true },
		{ "80x24-decimal", 80, 24, .units = UNITS_DECIMAL },
		{ "80x24-detail-decimal", 80, 24, .page = PAGE_DETAIL, .units = UNITS_DECIMAL },
		{ "80x24-plot-decimal", 80, 24, .page = PAGE_PLOT, .units = UNITS_DECIMAL },
		{ "80x24-bytes", 80, 24, .units = UNITS_BYTES },
		{ "132x43-detail-bytes", 132, 43, .page = PAGE_DETAIL, .units = UNITS_BYTES },
		{ "80x24-plot-bytes", 80, 24, .page = PAGE_PLOT, .units = UNITS_BYTES },
		{ "batch-100", 100, 0, .ascii = false },
		{ "batch-100-columns", 100, 0, .columns = "id,name,node,use,busy:vcs,busy_ns,resident,holders" },
	};
	struct drawing f;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct str bad;

		drawing_start(&f);
		f.m.utf8 = !cases[i].ascii;
		f.history = cases[i].h ? sample_past() : NULL;
		f.m.page = cases[i].page;
		f.m.units = cases[i].units;
		f.m.shown = snapshot_client_key(&sample.clients[SAMPLE_MPV]);
		f.m.is_about_device = cases[i].gpu;
		snprintf(f.m.gpu, sizeof(f.m.gpu), "%s", cases[i].gpu ? cases[i].gpu : "");
		if (cases[i].columns) {
			f.m.n_columns = (size_t)columns_parse(cases[i].columns, f.m.columns,
							      MODEL_MAX_COLUMNS, &bad);
			f.m.default_columns = false;
		}
		drawing_draw(&f, &sample, cases[i].w, cases[i].h);
		drawing_compare(&f, cases[i].name);
		drawing_done(&f);
	}
}

static void draws_a_menu_over_the_page(void **state)
{
	struct drawing f;

	(void)state;
	drawing_start(&f);
	sample_menu(&f.m.menu);
	drawing_draw(&f, &sample, 80, 24);
	drawing_compare(&f, "80x24-menu");
	menu_mark(&f.m.menu, 63);
	drawing_draw(&f, &sample, 40, 12);
	drawing_compare(&f, "40x12-menu");
	f.m.utf8 = false;
	drawing_draw(&f, &sample, 132, 43);
	drawing_compare(&f, "132x43-menu-ascii");
	drawing_done(&f);
}

/* After the text, the attributes of each cell: the sum of look_attribute, in hexadecimal; "." has none. */
static void add_looks(struct drawing *f, enum theme theme)
{
	for (int y = 0; y < f->s.h; y++) {
		for (int x = 0; x < f->s.w; x++) {
			struct look look = theme_look(theme, screen_cell(&f->s, x, y)->style);

			assert_true(look.fg < 0 && look.bg < 0 && !look.fg_256 && !look.bg_256);
			buf_printf(&f->text, look.attributes ? "%x" : ".", look.attributes);
		}
		buf_printf(&f->text, "\n");
	}
	assert_int_equal(f->text.err, 0);
}

static void draws_the_golden_screens_without_colours(void **state)
{
	static const struct { const char *name; int w, h; enum page page; bool has_menu; } cases[] = {
		{ "80x24-mono", 80, 24, .page = PAGE_CLIENTS },
		{ "132x43-mono", 132, 43, .page = PAGE_CLIENTS },
		{ "40x12-mono", 40, 12, .page = PAGE_CLIENTS },
		{ "80x24-mono-menu", 80, 24, .page = PAGE_CLIENTS, .has_menu = true },
		{ "80x24-mono-setup", 80, 24, .page = PAGE_SETUP },
		{ "80x24-mono-plot", 80, 24, .page = PAGE_PLOT },
	};

	(void)state;
	for (size_t i = 0; i < N_OF(cases); i++) {
		struct drawing f;

		drawing_start(&f);
		f.history = sample_past();
		f.m.page = cases[i].page;
		f.m.theme = THEME_MONO;
		f.m.shown = snapshot_client_key(&sample.clients[SAMPLE_MPV]);
		if (cases[i].has_menu)
			sample_menu(&f.m.menu);
		drawing_draw(&f, &sample, cases[i].w, cases[i].h);
		drawing_key(&f, K_DOWN);
		drawing_draw(&f, &sample, cases[i].w, cases[i].h);
		add_looks(&f, THEME_MONO);
		drawing_compare(&f, cases[i].name);
		drawing_done(&f);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(draws_the_golden_screens),
		cmocka_unit_test(draws_a_menu_over_the_page),
		cmocka_unit_test(draws_the_golden_screens_without_colours),
	};

	setlocale(LC_CTYPE, "C.UTF-8");
	setenv("TZ", "UTC", 1);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
