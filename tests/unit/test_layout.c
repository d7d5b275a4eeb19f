/* SPDX-License-Identifier: MIT */
/* What is where on the screen, at any size; its header and its pages. */
#include "unit.h"

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "allocs.h"
#include "drawing.h"
#include "sample.h"

static void the_last_row_is_for_the_prompt_and_the_message(void **state)
{
	struct drawing f;

	(void)state;
	drawing_start(&f);
	model_say(&f.m, "signal %d sent to %d", 15, 42);
	drawing_draw(&f, &sample, 80, 24);
	assert_shows(&f, "\nsignal 15 sent to 42\n");
	drawing_draw(&f, &sample, 40, 6);
	assert_shows(&f, "\nsignal 15 sent to 42\n");
	prompt_open(&f.m.prompt, "Filter:", "gfx>10% \xe6\xbc\xa2");
	drawing_draw(&f, &sample, 80, 24);
	/* a message beside it, where there is room */
	assert_shows(&f, "\nFilter: gfx>10% \xe6\xbc\xa2                                          signal 15 sent to 42\n");
	/* else above */
	drawing_draw(&f, &sample, 38, 24);
	assert_shows(&f, "\nsignal 15 sent to 42\nFilter: gfx>10% \xe6\xbc\xa2\n");
	drawing_draw(&f, &sample, 80, 24);
	for (int x = 0; x < 80; x++)
		assert_int_equal(screen_cell(&f.s, x, 23)->style == STYLE_SELECTED, x == 18);
	f.m.prompt.cursor = 0;
	drawing_draw(&f, &sample, 80, 24);
	assert_int_equal(screen_cell(&f.s, 8, 23)->style, STYLE_SELECTED);
	f.m.prompt.cursor = f.m.prompt.len;
	drawing_draw(&f, &sample, 20, 5);
	assert_shows(&f, "\nFilter: gfx>10% \xe6\xbc\xa2");
	drawing_draw(&f, &sample, 17, 5);
	assert_shows(&f, "\nFilter: x>10% \xe6\xbc\xa2\n");
	drawing_done(&f);
}

static void fits_every_size(void **state)
{
	struct drawing f;

	(void)state;
	drawing_start(&f);
	f.history = sample_past();
	snprintf(f.m.gpu, sizeof(f.m.gpu), "%s", sample.devices[0].device.gpu);
	sample_menu(&f.m.menu);
	prompt_open(&f.m.prompt, "label:", "\xe6\xbc\xa2\xe6\xbc\xa2 text");
	for (int w = 1; w <= 400; w += w < 100 ? 1 : 37)
		for (int h = 1; h <= 120; h += h < 40 ? 1 : 23) {
			f.m.page = (enum page)((w + h) % (N_PAGES + 2)) % N_PAGES;
			f.m.shown = snapshot_client_key(&sample.clients[(w + h) % N_SAMPLE_CLIENTS]);
			f.m.is_about_device = w % 2;
			f.m.series = (size_t)h % 5;
			f.m.scroll = (size_t)h % 7;
			f.m.utf8 = w % 3;
			f.m.menu.is_open = (w + h) % 3 == 0;
			f.m.prompt.is_open = (w + h) % 4 == 0;
			f.m.left = (size_t)(w % 7);
			f.m.view.tree = h % 3 == 0;
			f.m.view.group = h % 3 == 1 ? field_find(str_of("comm")) : NULL;
			f.m.cursor = (w + h) % 8 - 1;
			drawing_draw(&f, &sample, w, h);
			assert_int_equal(f.s.w, w);
			assert_int_equal(f.s.h, h);
			assert_cells_fit(&f.s);
			assert_true(f.l.list_y + (int)f.l.rows + f.l.footer < h || h < 5);
		}
	drawing_done(&f);
}

static void always_leaves_room_for_clients(void **state)
{
	struct drawing f;

	(void)state;
	drawing_start(&f);
	for (int h = LAYOUT_MIN_HEIGHT; h <= 50; h++) {
		drawing_draw(&f, &sample, LAYOUT_MIN_WIDTH, h);
		assert_true(f.l.rows >= 2);
		assert_shows(&f, "COMMAND");
		assert_shows(&f, "mpv");
	}
	drawing_done(&f);
}

static void says_where_frames_come_from(void **state)
{
	struct drawing f;

	(void)state;
	drawing_start(&f);
	drawing_draw(&f, &sample, 80, 24);
	assert_shows(&f, "LIVE 1.0 s");
	f.m.from_daemon = true;
	drawing_draw(&f, &sample, 80, 24);
	assert_shows(&f, "DAEMON 1.0 s");
	f.m.from_daemon = false;
	f.m.paused = true;
	drawing_draw(&f, &sample, 80, 24);
	assert_shows(&f, "LIVE PAUSED");
	f.m.paused = false;
	f.m.mode = MODE_DEMO;
	f.m.ended = true;
	drawing_draw(&f, &sample, 132, 24);
	assert_shows(&f, "DEMO: a recording, not this machine END");
	assert_shows(&f, "end of recording");
	/* a recording may be of another day */
	f.m.mode = MODE_REPLAY;
	drawing_draw(&f, &sample, 132, 24);
	assert_shows(&f, "box  2026-01-02 03:04:05  7 clients");
	drawing_done(&f);
}

static void why_no_cheaper_finder_is_used_is_said_where_there_is_room(void **state)
{
	struct snapshot s = sample;
	struct drawing f;

	(void)state;
	snprintf(s.frame.scan.passed_over, sizeof(s.frame.scan.passed_over), "procgpu: no module; bpf: \033[31m");
	drawing_start(&f);
	drawing_draw(&f, &s, 132, 43);
	assert_shows(&f, "GPU files read; not procgpu: no module; bpf: ");
	assert_shows_not(&f, "\033");
	drawing_draw(&f, &s, 80, 24);
	assert_shows(&f, "stat finder");
	assert_shows_not(&f, "not procgpu: no module; bpf");
	drawing_done(&f);
}

static void a_warm_screen_allocates_nothing_on_any_page(void **state)
{
	struct drawing f;
	size_t before = 0;

	(void)state;
	drawing_start(&f);
	f.history = sample_past();
	f.m.shown = snapshot_client_key(&sample.clients[SAMPLE_SHARED]);
	for (int turn = 0; turn < 2; turn++) {
		before = allocs_count();
		for (int page = 0; page < N_PAGES; page++) {
			f.m.page = (enum page)page;
			drawing_draw(&f, &sample, 132, 43);
			assert_int_equal(history_take(f.history, &sample), 0);
		}
	}
	assert_int_equal(allocs_count(), before);
	drawing_done(&f);
}

static void advice_is_for_those_it_helps(void **state)
{
	struct drawing f;

	(void)state;
	drawing_start(&f);
	drawing_draw(&f, &sample, 80, 24);
	assert_shows(&f, "3 processes not permitted: run as root");
	f.m.privileged = true;
	drawing_draw(&f, &sample, 80, 24);
	assert_shows(&f, "3 processes not permitted\n");
	drawing_done(&f);
}

static void many_devices_scroll_with_the_selected_one(void **state)
{
	struct snapshot_device devices[12];
	struct snapshot s = sample;
	struct drawing f;
	struct model_context on;

	(void)state;
	for (size_t i = 0; i < 12; i++) {
		devices[i] = sample.devices[i % 3];
		snprintf(devices[i].device.gpu, sizeof(devices[i].device.gpu), "gpu-%zu", i);
	}
	s.devices = devices;
	s.n_devices = 12;
	s.n_clients = 0;
	drawing_start(&f);
	drawing_draw(&f, &s, 80, 14);
	assert_true(f.l.compact);
	assert_shows(&f, "gpu-0 ");
	assert_shows_not(&f, "gpu-11 ");
	assert_shows(&f, "devices 1 to ");
	assert_shows(&f, " of 12; Tab");
	on = layout_context(&f.l, &f.v);
	for (size_t i = 0; i < 12; i++)
		model_key(&f.m, K_TAB, &on);
	assert_string_equal(f.m.gpu, "gpu-11");
	drawing_draw(&f, &s, 80, 14);
	assert_shows(&f, "gpu-11 ");
	assert_shows_not(&f, "gpu-0 ");
	assert_int_equal(screen_cell(&f.s, 0, f.l.devices_y + f.l.devices_h - 2)->style, STYLE_SELECTED);
	drawing_compare(&f, "80x14-devices");
	drawing_draw(&f, &s, 132, 43);
	drawing_compare(&f, "132x43-devices");
	drawing_draw(&f, &s, 40, 12);
	drawing_compare(&f, "40x12-devices");
	model_key(&f.m, K_TAB, &on);
	assert_string_equal(f.m.gpu, "");
	drawing_done(&f);
}

static void an_interval_that_is_not_kept_says_what_was_asked(void **state)
{
	struct drawing f;

	(void)state;
	drawing_start(&f);
	f.m.delay_ns = 1000000000;
	drawing_draw(&f, &sample, 80, 24);
	assert_shows_not(&f, "asked");
	f.m.delay_ns = 500000000;
	drawing_draw(&f, &sample, 80, 24);
	assert_shows(&f, "LIVE 1.0 s, asked 500.0 ms");
	drawing_done(&f);
}

static void an_interval_is_the_same_from_frame_to_frame(void **state)
{
	static const uint64_t around[] = { 985000000, 999999999, 1000000000, 1020000000 };
	struct snapshot s = sample;
	struct drawing f;

	(void)state;
	drawing_start(&f);
	for (size_t i = 0; i < sizeof(around) / sizeof(around[0]); i++) {
		s.interval_ns = around[i];
		drawing_draw(&f, &s, 80, 24);
		assert_shows(&f, "LIVE 1.0 s\n");
	}
	s.interval_ns = 248000000;
	drawing_draw(&f, &s, 80, 24);
	assert_shows(&f, "LIVE 250.0 ms\n");
	drawing_done(&f);
}

static void memory_that_nobody_knows_is_not_none(void **state)
{
	struct snapshot_device d = sample.devices[0];
	struct snapshot s = { .devices = &d, .n_devices = 1, .interval_ns = UNKNOWN };
	struct snapshot_region r = d.regions[0];
	struct drawing f;

	(void)state;
	drawing_start(&f);
	d.regions = &r;
	d.n_regions = 1;
	r.usage.resident = r.usage.total = 0;
	d.device.sensors = (struct sensors){ 0 };
	drawing_draw(&f, &s, 80, 24);
	assert_shows(&f, "memory  none");
	r.usage.resident = r.usage.total = UNKNOWN;
	drawing_draw(&f, &s, 80, 24);
	assert_shows(&f, "memory  -\n");
	drawing_done(&f);
}

static void a_click_means_what_is_under_it(void **state)
{
	struct drawing f;
	struct spot at;

	(void)state;
	drawing_start(&f);
	drawing_draw(&f, &sample, 80, 24);
	at = screen_spot(&f.s, 1, f.l.list_y);
	assert_true(at.kind == SPOT_COLUMN && at.value == 0);
	at = screen_spot(&f.s, 79, f.l.list_y + 3);
	assert_true(at.kind == SPOT_ROW && at.value == 2);
	at = screen_spot(&f.s, 0, 23);
	assert_true(at.kind == SPOT_KEY && at.value == 'q');
	at = screen_spot(&f.s, 20, f.l.devices_y + 4);
	assert_true(at.kind == SPOT_DEVICE && at.value == 1);
	assert_int_equal(screen_spot(&f.s, 0, 0).kind, SPOT_NONE);
	assert_int_equal(screen_spot(&f.s, 80, 24).kind, SPOT_NONE);
	assert_int_equal(screen_spot(&f.s, -1, -1).kind, SPOT_NONE);
	sample_menu(&f.m.menu);
	drawing_draw(&f, &sample, 80, 24);
	at = screen_spot(&f.s, 3, f.l.devices_y + 2);
	assert_true(at.kind == SPOT_ITEM && at.value == 1);
	assert_int_equal(screen_spot(&f.s, 60, f.l.list_y + 3).kind, SPOT_ROW);
	drawing_done(&f);
}

static void enter_shows_the_client_and_stays_with_it(void **state)
{
	struct snapshot s = sample;
	struct drawing f;

	(void)state;
	drawing_start(&f);
	f.m.view.sort.field = field_find(str_of("pid"));
	drawing_draw(&f, &sample, 80, 24);
	for (size_t i = 0; i < f.v.n_rows; i++)
		if (f.v.rows[i].clients[0] == &sample.clients[SAMPLE_SHARED])
			f.m.cursor = (ssize_t)i;
	drawing_key(&f, K_ENTER);
	assert_int_equal(f.m.page, PAGE_DETAIL);
	drawing_draw(&f, &sample, 80, 40);
	assert_shows(&f, "60 /usr/lib/xorg/Xorg :0");
	assert_shows(&f, "     60 fd 12   the oldest process");
	assert_shows(&f, "     62 fd 6    the same again (dup)");
	/* the others may be idle, and this one hidden: the page stays */
	f.m.view.all = false;
	s.clients = &sample.clients[SAMPLE_SHARED];
	s.n_clients = 1;
	drawing_draw(&f, &s, 80, 40);
	assert_shows(&f, "60 /usr/lib/xorg/Xorg :0");
	s.n_clients = 0;
	drawing_draw(&f, &s, 80, 40);
	assert_shows(&f, "This client is not there any more.");
	drawing_key(&f, K_ESCAPE);
	assert_int_equal(f.m.page, PAGE_CLIENTS);
	drawing_done(&f);
}

static void the_page_of_a_client_scrolls_to_its_end_and_no_further(void **state)
{
	struct drawing f;

	(void)state;
	drawing_start(&f);
	f.m.page = PAGE_DETAIL;
	f.m.shown = snapshot_client_key(&sample.clients[SAMPLE_MPV]);
	drawing_draw(&f, &sample, 80, 12);
	assert_shows_not(&f, "amd-requested-vram");
	for (int i = 0; i < 100; i++) {
		drawing_key(&f, K_DOWN);
		drawing_draw(&f, &sample, 80, 12);
	}
	assert_shows(&f, "  amd-requested-vram: 102400 KiB\nq quit");
	drawing_key(&f, K_HOME);
	drawing_draw(&f, &sample, 80, 12);
	assert_shows(&f, "42 mpv");
	drawing_key(&f, K_PAGE_DOWN);
	drawing_key(&f, K_END);
	drawing_draw(&f, &sample, 80, 12);
	assert_shows(&f, "  amd-requested-vram: 102400 KiB\nq quit");
	/* a screen that grew shows more of it */
	drawing_draw(&f, &sample, 80, 60);
	assert_shows(&f, "42 mpv");
	drawing_done(&f);
}

static void the_arrows_choose_what_is_plotted(void **state)
{
	struct drawing f;

	(void)state;
	drawing_start(&f);
	f.history = sample_past();
	drawing_draw(&f, &sample, 80, 24);
	drawing_key(&f, 'g');
	drawing_draw(&f, &sample, 80, 24);
	assert_shows(&f, "0000:03:00.0 amdgpu");
	assert_shows(&f, "gfx 75.0%");
	assert_shows(&f, "gtt 64M");
	/* also of a recording, where they go back and forth elsewhere */
	f.m.mode = MODE_REPLAY;
	drawing_key(&f, K_RIGHT);
	drawing_draw(&f, &sample, 80, 24);
	assert_shows(&f, "gfx 75.0%");
	assert_shows_not(&f, "dec 12.5%");
	drawing_key(&f, K_LEFT);
	drawing_key(&f, K_LEFT);
	drawing_draw(&f, &sample, 80, 24);
	assert_shows(&f, "gtt 64M");
	assert_shows_not(&f, "gfx");
	drawing_key(&f, K_TAB);
	drawing_draw(&f, &sample, 80, 24);
	assert_shows(&f, "0000:04:00.0 xe");
	assert_shows(&f, "rcs 33.3%");
	drawing_key(&f, K_ESCAPE);
	f.m.cursor = 0;
	drawing_draw(&f, &sample, 80, 24);
	drawing_key(&f, 'g');
	drawing_draw(&f, &sample, 80, 24);
	assert_shows(&f, "70 =cmd");
	assert_shows(&f, "memory 8.0M");
	/* of several clients in a row one is shown, and that is said */
	drawing_key(&f, K_ESCAPE);
	f.m.view.group = field_find(str_of("pid"));
	drawing_draw(&f, &sample, 80, 24);
	f.m.cursor = 0;
	drawing_key(&f, K_ENTER);
	drawing_draw(&f, &sample, 80, 24);
	assert_shows(&f, "\nThis is the first of 2 clients in that row.\n");
	drawing_done(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_last_row_is_for_the_prompt_and_the_message),
		cmocka_unit_test(fits_every_size),
		cmocka_unit_test(always_leaves_room_for_clients),
		cmocka_unit_test(says_where_frames_come_from),
		cmocka_unit_test(why_no_cheaper_finder_is_used_is_said_where_there_is_room),
		cmocka_unit_test(a_warm_screen_allocates_nothing_on_any_page),
		cmocka_unit_test(advice_is_for_those_it_helps),
		cmocka_unit_test(many_devices_scroll_with_the_selected_one),
		cmocka_unit_test(an_interval_that_is_not_kept_says_what_was_asked),
		cmocka_unit_test(an_interval_is_the_same_from_frame_to_frame),
		cmocka_unit_test(memory_that_nobody_knows_is_not_none),
		cmocka_unit_test(a_click_means_what_is_under_it),
		cmocka_unit_test(enter_shows_the_client_and_stays_with_it),
		cmocka_unit_test(the_page_of_a_client_scrolls_to_its_end_and_no_further),
		cmocka_unit_test(the_arrows_choose_what_is_plotted),
	};

	setlocale(LC_CTYPE, "C.UTF-8");
	setenv("TZ", "UTC", 1);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
