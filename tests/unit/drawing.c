/* SPDX-License-Identifier: MIT */
#include "drawing.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fixture.h"
#include "sample.h"
#include "unit.h"

struct history *sample_past(void)
{
	struct snapshot_device devices[3] = { sample.devices[0], sample.devices[1], sample.devices[2] };
	struct snapshot_client clients[N_SAMPLE_CLIENTS];
	struct snapshot_engine engines[2][2];
	struct engine_usage usages[N_SAMPLE_CLIENTS][2];
	struct snapshot s = sample;
	struct history *h;

	assert_int_equal(history_new(HISTORY_SAMPLES, false, &h), 0);
	s.devices = devices;
	s.clients = clients;
	for (size_t t = 0; t <= 120; t++) {
		double part = t % 24 < 20 ? (double)(t % 24) / 20 : 0;

		for (size_t d = 0; d < 2; d++)
			for (size_t e = 0; e < 2; e++) {
				engines[d][e] = sample.devices[d].engines[e];
				engines[d][e].usage.busy *= e ? 1 - part / 2 : part;
			}
		devices[0].engines = engines[0];
		devices[1].engines = engines[1];
		for (size_t c = 0; c < N_SAMPLE_CLIENTS; c++) {
			clients[c] = sample.clients[c];
			for (size_t e = 0; e < clients[c].device->n_engines; e++) {
				usages[c][e] = sample.clients[c].engines[e];
				usages[c][e].busy *= part;
			}
			clients[c].engines = usages[c];
		}
		s.frame.t_ns = sample.frame.t_ns - (120 - t) * 1000000000ull;
		assert_int_equal(history_take(h, t == 120 ? &sample : &s), 0);
	}
	return h;
}

void drawing_start(struct drawing *f)
{
	*f = (struct drawing){ 0 };
	model_init(&f->m);
	f->m.utf8 = true;
	f->m.view.all = true;
}

void drawing_done(struct drawing *f)
{
	view_done(&f->v);
	layout_done(&f->l);
	screen_done(&f->s);
	history_free(f->history);
	buf_done(&f->text);
}

void drawing_draw(struct drawing *f, const struct snapshot *s, int w, int h)
{
	struct model_context on;

	assert_int_equal(view_select(&f->v, &f->m.view, s), 0);
	f->l.history = f->history;
	layout_plan(&f->l, &f->m, s, &f->v, w, h);
	on = layout_context(&f->l, &f->v);
	model_settle(&f->m, &on);
	assert_int_equal(screen_resize(&f->s, w, f->l.h), 0);
	layout_draw(&f->l, &f->m, s, &f->v, &f->s);
	buf_reset(&f->text);
	screen_text(&f->s, &f->text);
	assert_int_equal(f->text.err, 0);
}

void drawing_key(struct drawing *f, int key)
{
	struct model_context on = layout_context(&f->l, &f->v);

	model_key(&f->m, key, &on);
}

void assert_shows(const struct drawing *f, const char *text)
{
	if (!strstr(f->text.ptr, text))
		fail_msg("no \"%s\" on:\n%s", text, f->text.ptr);
}

void assert_shows_not(const struct drawing *f, const char *text)
{
	if (strstr(f->text.ptr, text))
		fail_msg("\"%s\" on:\n%s", text, f->text.ptr);
}

void drawing_compare(const struct drawing *f, const char *name)
{
	const char *top = getenv("top_srcdir");
	struct buf golden = { 0 };
	char path[512];

	snprintf(path, sizeof(path), "%s/tests/data/screen/%s.txt", top ? top : ".", name);
	if (getenv("GPUTOP_UPDATE_GOLDEN")) {
		FILE *file = fopen(path, "w");

		assert_non_null(file);
		assert_int_equal(fwrite(f->text.ptr, 1, f->text.len, file), f->text.len);
		assert_int_equal(fclose(file), 0);
	}
	file_read(path, &golden);
	if (strcmp(f->text.ptr, golden.ptr) != 0)
		fail_msg("%s is not what is drawn:\n%s", path, f->text.ptr);
	buf_done(&golden);
}

void assert_cells_fit(const struct screen *s)
{
	for (int y = 0; y < s->h; y++)
		for (int x = 0; x < s->w; x++) {
			const struct cell *c = screen_cell(s, x, y);

			assert_in_range(c->style, 0, N_STYLES - 1);
			if (c->glyph.width == 0)
				assert_true(x > 0 && screen_cell(s, x - 1, y)->glyph.width == 2);
			else
				assert_true(c->glyph.bytes[0] && (unsigned char)c->glyph.bytes[0] >= 0x20);
			if (c->glyph.width == 2)
				assert_true(x + 1 < s->w && screen_cell(s, x + 1, y)->glyph.width == 0);
		}
}

void sample_menu(struct menu *menu)
{
	menu_open(menu, "Send to mpv (42):");
	menu_add(menu, "15 TERM", 15);
	menu_add(menu, "9 KILL", 9);
	for (int i = 32; i < 64; i++) {
		char text[8];

		snprintf(text, sizeof(text), "%d", i);
		menu_add(menu, text, i);
	}
	menu_mark(menu, 9);
}
