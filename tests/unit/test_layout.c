/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "allocs.h"
#include "cli/layout.h"
#include "fixture.h"
#include "sample.h"

struct fixture_screen {
	struct model m;
	struct view v;
	struct layout l;
	struct screen s;
	struct buf text;
	struct history *history;
};

/* Two minutes before the sample, in which everything went up and down. */
static struct history *past(void)
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

static void start(struct fixture_screen *f)
{
	*f = (struct fixture_screen){ 0 };
	model_init(&f->m);
	f->m.utf8 = true;
	f->m.view.all = true;
}

static void draw(struct fixture_screen *f, const struct snapshot *s, int w, int h)
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

static void done(struct fixture_screen *f)
{
	view_done(&f->v);
	layout_done(&f->l);
	screen_done(&f->s);
	history_free(f->history);
	buf_done(&f->text);
}

static void assert_shows(const struct fixture_screen *f, const char *text)
{
	if (!strstr(f->text.ptr, text))
		fail_msg("no \"%s\" on:\n%s", text, f->text.ptr);
}

static void assert_shows_not(const struct fixture_screen *f, const char *text)
{
	if (strstr(f->text.ptr, text))
		fail_msg("\"%s\" on:\n%s", text, f->text.ptr);
}

/* GPUTOP_UPDATE_GOLDEN=1 writes them instead; look at each before committing. */
static void compare_with_golden(const struct fixture_screen *f, const char *name)
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
	struct fixture_screen f;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct str bad;

		start(&f);
		f.m.utf8 = !cases[i].ascii;
		f.history = cases[i].h ? past() : NULL;
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
		draw(&f, &sample, cases[i].w, cases[i].h);
		compare_with_golden(&f, cases[i].name);
		done(&f);
	}
}

static void fill_menu(struct menu *menu)
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

static void draws_a_menu_over_the_page(void **state)
{
	struct fixture_screen f;

	(void)state;
	start(&f);
	fill_menu(&f.m.menu);
	draw(&f, &sample, 80, 24);
	compare_with_golden(&f, "80x24-menu");
	menu_mark(&f.m.menu, 63);
	draw(&f, &sample, 40, 12);
	compare_with_golden(&f, "40x12-menu");
	f.m.utf8 = false;
	draw(&f, &sample, 132, 43);
	compare_with_golden(&f, "132x43-menu-ascii");
	done(&f);
}

static void the_last_row_is_for_the_prompt_and_the_message(void **state)
{
	struct fixture_screen f;

	(void)state;
	start(&f);
	model_say(&f.m, "signal %d sent to %d", 15, 42);
	draw(&f, &sample, 80, 24);
	assert_shows(&f, "\nsignal 15 sent to 42\n");
	draw(&f, &sample, 40, 6);
	assert_shows(&f, "\nsignal 15 sent to 42\n");
	prompt_open(&f.m.prompt, "Filter:", "gfx>10% \xe6\xbc\xa2");
	draw(&f, &sample, 80, 24);
	/* a message beside it, where there is room */
	assert_shows(&f, "\nFilter: gfx>10% \xe6\xbc\xa2                                          signal 15 sent to 42\n");
	/* else above */
	draw(&f, &sample, 38, 24);
	assert_shows(&f, "\nsignal 15 sent to 42\nFilter: gfx>10% \xe6\xbc\xa2\n");
	draw(&f, &sample, 80, 24);
	for (int x = 0; x < 80; x++)
		assert_int_equal(screen_cell(&f.s, x, 23)->style == STYLE_SELECTED, x == 18);
	f.m.prompt.cursor = 0;
	draw(&f, &sample, 80, 24);
	assert_int_equal(screen_cell(&f.s, 8, 23)->style, STYLE_SELECTED);
	f.m.prompt.cursor = f.m.prompt.len;
	draw(&f, &sample, 20, 5);
	assert_shows(&f, "\nFilter: gfx>10% \xe6\xbc\xa2");
	draw(&f, &sample, 17, 5);
	assert_shows(&f, "\nFilter: x>10% \xe6\xbc\xa2\n");
	done(&f);
}

/* Each cell is one character, or half of a wide one: then no row can be shifted. */
static void check_cells(const struct screen *s)
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

static void fits_every_size(void **state)
{
	struct fixture_screen f;

	(void)state;
	start(&f);
	f.history = past();
	snprintf(f.m.gpu, sizeof(f.m.gpu), "%s", sample.devices[0].device.gpu);
	fill_menu(&f.m.menu);
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
			draw(&f, &sample, w, h);
			assert_int_equal(f.s.w, w);
			assert_int_equal(f.s.h, h);
			check_cells(&f.s);
			assert_true(f.l.list_y + (int)f.l.rows + f.l.footer < h || h < 5);
		}
	done(&f);
}

static void always_leaves_room_for_clients(void **state)
{
	struct fixture_screen f;

	(void)state;
	start(&f);
	for (int h = LAYOUT_MIN_HEIGHT; h <= 50; h++) {
		draw(&f, &sample, LAYOUT_MIN_WIDTH, h);
		assert_true(f.l.rows >= 2);
		assert_shows(&f, "COMMAND");
		assert_shows(&f, "mpv");
	}
	done(&f);
}

static void hides_idle_clients_and_says_how_many(void **state)
{
	struct filter_error error;
	struct fixture_screen f;

	(void)state;
	start(&f);
	f.m.view.all = false;
	draw(&f, &sample, 80, 24);
	assert_shows(&f, "4 clients +3 idle");
	assert_shows(&f, "mpv");
	assert_shows_not(&f, "firefox");
	assert_int_equal(filter_parse("pid=42", &f.m.filter, &error), 0);
	f.m.view.filter = &f.m.filter;
	draw(&f, &sample, 80, 24);
	assert_shows(&f, "1 client +6 not shown  filter: pid=42 ");
	done(&f);
}

static void says_why_the_table_is_empty(void **state)
{
	struct snapshot quiet = sample, empty = { .frame = sample.frame, .interval_ns = sample.interval_ns };
	const pid_t pid = 4711;
	struct fixture_screen f;

	(void)state;
	start(&f);
	f.m.view.all = false;
	quiet.clients = &sample.clients[SAMPLE_NEW];
	quiet.n_clients = 1;
	draw(&f, &quiet, 80, 24);
	assert_shows(&f, "No client used a GPU just now. 1 idle one is hidden: i shows it.");
	quiet.interval_ns = UNKNOWN;
	draw(&f, &quiet, 80, 24);
	assert_shows(&f, "Measuring");

	f.m.view.pids = &pid;
	f.m.view.n_pids = 1;
	draw(&f, &sample, 80, 24);
	assert_shows(&f, "None of 7 clients is one of those asked for");
	f.m.view.n_pids = 0;

	draw(&f, &empty, 80, 24);
	assert_shows(&f, "No process that may be looked at holds a GPU device.");
	empty.frame.scan.denied = 0;
	draw(&f, &empty, 80, 24);
	assert_shows(&f, "No process holds a GPU device.");
	f.m.no_gpu = true;
	draw(&f, &empty, 40, 24);
	assert_shows(&f, "This machine has no GPU");
	done(&f);
}

static void says_where_frames_come_from(void **state)
{
	struct fixture_screen f;

	(void)state;
	start(&f);
	draw(&f, &sample, 80, 24);
	assert_shows(&f, "LIVE 1.0 s");
	f.m.from_daemon = true;
	draw(&f, &sample, 80, 24);
	assert_shows(&f, "DAEMON 1.0 s");
	f.m.from_daemon = false;
	f.m.paused = true;
	draw(&f, &sample, 80, 24);
	assert_shows(&f, "LIVE PAUSED");
	f.m.paused = false;
	f.m.mode = MODE_DEMO;
	f.m.ended = true;
	draw(&f, &sample, 132, 24);
	assert_shows(&f, "DEMO: a recording, not this machine END");
	assert_shows(&f, "end of recording");
	done(&f);
}

static void why_no_cheaper_finder_is_used_is_said_where_there_is_room(void **state)
{
	struct snapshot s = sample;
	struct fixture_screen f;

	(void)state;
	snprintf(s.frame.scan.passed_over, sizeof(s.frame.scan.passed_over), "procgpu: no module; bpf: \033[31m");
	start(&f);
	draw(&f, &s, 132, 43);
	assert_shows(&f, "GPU files read; not procgpu: no module; bpf: ");
	assert_shows_not(&f, "\033");
	draw(&f, &s, 80, 24);
	assert_shows(&f, "stat finder");
	assert_shows_not(&f, "not procgpu: no module; bpf");
	done(&f);
}

static void unused_engines_make_room_first(void **state)
{
	struct snapshot_engine engines[12];
	struct engine_usage usage[12];
	struct snapshot_device device = sample.devices[0];
	struct snapshot_client client = sample.clients[SAMPLE_MPV];
	struct snapshot s = { .frame = sample.frame, .interval_ns = sample.interval_ns, .devices = &device,
			      .n_devices = 1, .clients = &client, .n_clients = 1 };
	struct fixture_screen f;

	(void)state;
	for (size_t i = 0; i < 12; i++) {
		static const char *const names[] = { "e0", "e1", "e2", "e3", "e4", "e5", "e6", "e7", "e8",
						     "e9", "e10", "last" };

		usage[i] = (struct engine_usage){ .busy_ns = i == 11, .cycles = UNKNOWN,
						  .total_cycles = UNKNOWN };
		engines[i] = (struct snapshot_engine){ .name = names[i], .capacity = 1, .usage = usage[i] };
	}
	device.engines = engines;
	device.n_engines = 12;
	client.device = &device;
	client.engines = usage;
	start(&f);
	draw(&f, &s, 80, 24);
	assert_shows(&f, "   last COMMAND");
	assert_shows_not(&f, " e10 COMMAND");
	assert_shows_not(&f, "GPU   ");
	/* the right arrow shows what was left out */
	f.m.left = 1;
	draw(&f, &s, 80, 24);
	assert_shows(&f, "    e0     e1     e2     e3     e4     e5");
	done(&f);
}

static void a_process_without_a_command_line_goes_by_its_name(void **state)
{
	struct snapshot_process process = *sample.clients[SAMPLE_MPV].process;
	struct snapshot_client client = sample.clients[SAMPLE_MPV];
	struct snapshot s = sample;
	struct fixture_screen f;

	(void)state;
	process.cmdline = "";
	process.comm = "kworker/u8:2\033";
	client.process = &process;
	s.clients = &client;
	s.n_clients = 1;
	start(&f);
	draw(&f, &s, 80, 24);
	assert_shows(&f, " [kworker/u8:");
	assert_shows_not(&f, "\033");
	done(&f);
}

static void a_warm_list_allocates_nothing(void **state)
{
	static const char *const groups[] = { "pid", "comm", "user", "workload", "gpu" };
	struct screen s = { 0 };
	struct list l = { 0 };
	struct view v = { 0 };
	size_t before = 0;
	struct model m;

	(void)state;
	model_init(&m);
	m.view.all = true;
	assert_int_equal(screen_resize(&s, 132, 43), 0);
	for (int turn = 0; turn < 2; turn++) {
		before = allocs_count();
		for (size_t i = 0; i <= sizeof(groups) / sizeof(groups[0]); i++) {
			m.view.tree = i == 5;
			m.view.group = i < 5 ? field_find(str_of(groups[i])) : NULL;
			assert_int_equal(view_select(&v, &m.view, &sample), 0);
			list_fit(&l, &m, &sample, &v, 132);
			screen_clear(&s);
			list_draw(&l, &m, &v, &s, 0, 40);
		}
	}
	assert_int_equal(allocs_count(), before);
	list_done(&l);
	view_done(&v);
	screen_done(&s);
}

static void a_warm_screen_allocates_nothing_on_any_page(void **state)
{
	struct fixture_screen f;
	size_t before = 0;

	(void)state;
	start(&f);
	f.history = past();
	f.m.shown = snapshot_client_key(&sample.clients[SAMPLE_SHARED]);
	for (int turn = 0; turn < 2; turn++) {
		before = allocs_count();
		for (int page = 0; page < N_PAGES; page++) {
			f.m.page = (enum page)page;
			draw(&f, &sample, 132, 43);
			assert_int_equal(history_take(f.history, &sample), 0);
		}
	}
	assert_int_equal(allocs_count(), before);
	done(&f);
}

static void a_tree_is_drawn_where_commands_are(void **state)
{
	struct fixture_screen f;

	(void)state;
	start(&f);
	f.m.view.tree = true;
	draw(&f, &sample, 132, 43);
	assert_shows(&f, " /usr/lib/xorg/Xorg :0\n");
	assert_shows(&f, " ├─ =cmd?");
	assert_shows(&f, " │ └─ python train.py\n");
	assert_shows(&f, " └─ mpv --hwdec");
	assert_shows(&f, "   └─ /usr/lib/firefox");
	f.m.utf8 = false;
	draw(&f, &sample, 132, 43);
	assert_shows(&f, " |- =cmd?");
	assert_shows(&f, " | `- python");
	assert_shows(&f, "   `- /usr");
	done(&f);
}

static void no_name_moves_the_columns_behind_it(void **state)
{
	static const char *const users[] = {
		"alice", "", "\xe6\xbc\xa2\xe5\xad\x97\xe6\xbc\xa2\xe5\xad\x97\xe6\xbc\xa2\xe5\xad\x97", "a\xcc\x81\xcc\x81\xcc\x81z",
		"\342\200\256evil", "\033[2J\r\n", "\xff\xfe", "\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x92\xbb",
		"much longer than the column is wide",
	};
	enum { N = sizeof(users) / sizeof(users[0]) };
	struct snapshot_process processes[N];
	struct snapshot_client clients[N];
	struct snapshot s = { .frame = sample.frame, .interval_ns = sample.interval_ns, .clients = clients,
			      .n_clients = N };
	struct fixture_screen f;
	struct str bad;

	(void)state;
	start(&f);
	f.m.n_columns = (size_t)columns_parse("user,pid,comm,id", f.m.columns, MODEL_MAX_COLUMNS, &bad);
	f.m.default_columns = false;
	for (int i = 0; i < N; i++) {
		clients[i] = sample.clients[SAMPLE_SILENT];
		clients[i].id = 7;
		processes[i] = *clients[i].process;
		processes[i].user = processes[i].comm = users[i];
		processes[i].pid = 4;
		clients[i].process = &processes[i];
	}
	for (int utf8 = 0; utf8 < 2; utf8++) {
		f.m.utf8 = utf8;
		draw(&f, &s, 60, 24);
		check_cells(&f.s);
		for (int i = 0; i < N; i++) {
			int y = f.l.list_y + 1 + i;

			/* the last digits of pid and id, and the blanks around them */
			assert_string_equal(screen_cell(&f.s, 16, y)->glyph.bytes, "4");
			assert_string_equal(screen_cell(&f.s, 15, y)->glyph.bytes, " ");
			assert_string_equal(screen_cell(&f.s, 17, y)->glyph.bytes, " ");
			assert_string_equal(screen_cell(&f.s, 40, y)->glyph.bytes, "7");
			assert_string_equal(screen_cell(&f.s, 41, y)->glyph.bytes, " ");
		}
	}
	done(&f);
}

static void what_rows_are_grouped_by_has_a_column(void **state)
{
	struct fixture_screen f;

	(void)state;
	start(&f);
	f.m.view.group = field_find(str_of("comm"));
	draw(&f, &sample, 80, 24);
	assert_shows(&f, "\nCOMM ");
	assert_shows(&f, "\nmpv  ");
	/* said by nothing else, it stays on a screen that is not wide enough for it */
	f.m.view.group = field_find(str_of("user"));
	draw(&f, &sample, 40, 24);
	assert_shows(&f, "USER");
	assert_shows(&f, "alice");
	assert_shows(&f, "3 clients: mpv,");
	f.m.view.group = NULL;
	draw(&f, &sample, 40, 24);
	assert_shows_not(&f, "USER");
	done(&f);
}

static void devices_are_said_short_unless_they_are_asked_for(void **state)
{
	struct fixture_screen f;
	struct str bad;

	(void)state;
	start(&f);
	draw(&f, &sample, 200, 24);
	assert_shows(&f, " 03:00.0 ");
	f.m.default_columns = false;
	f.m.n_columns = (size_t)columns_parse("gpu", f.m.columns, MODEL_MAX_COLUMNS, &bad);
	draw(&f, &sample, 200, 24);
	assert_shows(&f, "\n0000:03:00.0\n");
	done(&f);
}

static void a_narrow_screen_says_which_program_it_is(void **state)
{
	static const struct { const char *command, *narrow, *wide; } cases[] = {
		{ "/usr/lib/firefox/firefox --new", "\nfirefox --new", "\n/usr/lib/firefox/firefox --new\n" },
		{ "./a/b /c/d -x", "\n./a/b /c/d -x", "\n./a/b /c/d -x\n" },
		{ "/usr/bin/ -x -y -z -w -v", "\n/usr/bin/ -x", "\n/usr/bin/ -x -y -z" },
		{ "/", "\n/\n", "\n/\n" }, { "/x /y/z and more of it", "\nx /y/z and", "\n/x /y/z and more" },
	};
	struct snapshot_process process = *sample.clients[SAMPLE_MPV].process;
	struct snapshot_client client = sample.clients[SAMPLE_MPV];
	struct snapshot s = { .frame = sample.frame, .interval_ns = sample.interval_ns, .clients = &client,
			      .n_clients = 1 };
	struct fixture_screen f;
	struct str bad;

	(void)state;
	start(&f);
	f.m.n_columns = (size_t)columns_parse("cmdline", f.m.columns, MODEL_MAX_COLUMNS, &bad);
	f.m.default_columns = false;
	client.process = &process;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		process.cmdline = cases[i].command;
		draw(&f, &s, 20, 12);
		assert_shows(&f, cases[i].narrow);
		draw(&f, &s, 80, 12);
		assert_shows(&f, cases[i].wide);
	}
	done(&f);
}

static void advice_is_for_those_it_helps(void **state)
{
	struct fixture_screen f;

	(void)state;
	start(&f);
	draw(&f, &sample, 80, 24);
	assert_shows(&f, "3 processes not permitted: run as root");
	f.m.privileged = true;
	draw(&f, &sample, 80, 24);
	assert_shows(&f, "3 processes not permitted\n");
	done(&f);
}

static void key(struct fixture_screen *f, int key)
{
	struct model_context on = layout_context(&f->l, &f->v);

	model_key(&f->m, key, &on);
}

static void enter_shows_the_client_and_stays_with_it(void **state)
{
	struct snapshot s = sample;
	struct fixture_screen f;

	(void)state;
	start(&f);
	f.m.view.sort.field = field_find(str_of("pid"));
	draw(&f, &sample, 80, 24);
	for (size_t i = 0; i < f.v.n_rows; i++)
		if (f.v.rows[i].clients[0] == &sample.clients[SAMPLE_SHARED])
			f.m.cursor = (ssize_t)i;
	key(&f, K_ENTER);
	assert_int_equal(f.m.page, PAGE_DETAIL);
	draw(&f, &sample, 80, 40);
	assert_shows(&f, "60 /usr/lib/xorg/Xorg :0");
	assert_shows(&f, "     60 fd 12   the oldest process");
	assert_shows(&f, "     62 fd 6    the same again (dup)");
	/* the others may be idle, and this one hidden: the page stays */
	f.m.view.all = false;
	s.clients = &sample.clients[SAMPLE_SHARED];
	s.n_clients = 1;
	draw(&f, &s, 80, 40);
	assert_shows(&f, "60 /usr/lib/xorg/Xorg :0");
	s.n_clients = 0;
	draw(&f, &s, 80, 40);
	assert_shows(&f, "This client is not there any more.");
	key(&f, K_ESCAPE);
	assert_int_equal(f.m.page, PAGE_CLIENTS);
	done(&f);
}

static void the_page_of_a_client_scrolls_to_its_end_and_no_further(void **state)
{
	struct fixture_screen f;

	(void)state;
	start(&f);
	f.m.page = PAGE_DETAIL;
	f.m.shown = snapshot_client_key(&sample.clients[SAMPLE_MPV]);
	draw(&f, &sample, 80, 12);
	assert_shows_not(&f, "amd-requested-vram");
	for (int i = 0; i < 100; i++) {
		key(&f, K_DOWN);
		draw(&f, &sample, 80, 12);
	}
	assert_shows(&f, "  amd-requested-vram: 102400 KiB\nq quit");
	key(&f, K_HOME);
	draw(&f, &sample, 80, 12);
	assert_shows(&f, "42 mpv");
	key(&f, K_PAGE_DOWN);
	key(&f, K_END);
	draw(&f, &sample, 80, 12);
	assert_shows(&f, "  amd-requested-vram: 102400 KiB\nq quit");
	/* a screen that grew shows more of it */
	draw(&f, &sample, 80, 60);
	assert_shows(&f, "42 mpv");
	done(&f);
}

static void the_arrows_choose_what_is_plotted(void **state)
{
	struct fixture_screen f;

	(void)state;
	start(&f);
	f.history = past();
	draw(&f, &sample, 80, 24);
	key(&f, 'g');
	draw(&f, &sample, 80, 24);
	assert_shows(&f, "0000:03:00.0 amdgpu");
	assert_shows(&f, "gfx 75.0%");
	assert_shows(&f, "gtt 64M");
	/* also of a recording, where they go back and forth elsewhere */
	f.m.mode = MODE_REPLAY;
	key(&f, K_RIGHT);
	draw(&f, &sample, 80, 24);
	assert_shows(&f, "gfx 75.0%");
	assert_shows_not(&f, "dec 12.5%");
	key(&f, K_LEFT);
	key(&f, K_LEFT);
	draw(&f, &sample, 80, 24);
	assert_shows(&f, "gtt 64M");
	assert_shows_not(&f, "gfx");
	key(&f, K_TAB);
	draw(&f, &sample, 80, 24);
	assert_shows(&f, "0000:04:00.0 xe");
	assert_shows(&f, "rcs 33.3%");
	key(&f, K_ESCAPE);
	f.m.cursor = 0;
	draw(&f, &sample, 80, 24);
	key(&f, 'g');
	draw(&f, &sample, 80, 24);
	assert_shows(&f, "70 =cmd");
	assert_shows(&f, "memory 8.0M");
	/* of several clients in a row one is shown, and that is said */
	key(&f, K_ESCAPE);
	f.m.view.group = field_find(str_of("pid"));
	draw(&f, &sample, 80, 24);
	f.m.cursor = 0;
	key(&f, K_ENTER);
	draw(&f, &sample, 80, 24);
	assert_shows(&f, "\nThis is the first of 2 clients in that row.\n");
	done(&f);
}

static void many_devices_scroll_with_the_selected_one(void **state)
{
	struct snapshot_device devices[12];
	struct snapshot s = sample;
	struct fixture_screen f;
	struct model_context on;

	(void)state;
	for (size_t i = 0; i < 12; i++) {
		devices[i] = sample.devices[i % 3];
		snprintf(devices[i].device.gpu, sizeof(devices[i].device.gpu), "gpu-%zu", i);
	}
	s.devices = devices;
	s.n_devices = 12;
	s.n_clients = 0;
	start(&f);
	draw(&f, &s, 80, 14);
	assert_true(f.l.compact);
	assert_shows(&f, "gpu-0 ");
	assert_shows_not(&f, "gpu-11 ");
	assert_shows(&f, "devices 1 to ");
	assert_shows(&f, " of 12; Tab");
	on = layout_context(&f.l, &f.v);
	for (size_t i = 0; i < 12; i++)
		model_key(&f.m, K_TAB, &on);
	assert_string_equal(f.m.gpu, "gpu-11");
	draw(&f, &s, 80, 14);
	assert_shows(&f, "gpu-11 ");
	assert_shows_not(&f, "gpu-0 ");
	assert_int_equal(screen_cell(&f.s, 0, f.l.devices_y + f.l.devices_h - 2)->style, STYLE_SELECTED);
	compare_with_golden(&f, "80x14-devices");
	draw(&f, &s, 132, 43);
	compare_with_golden(&f, "132x43-devices");
	draw(&f, &s, 40, 12);
	compare_with_golden(&f, "40x12-devices");
	model_key(&f.m, K_TAB, &on);
	assert_string_equal(f.m.gpu, "");
	done(&f);
}

static void an_interval_that_is_not_kept_says_what_was_asked(void **state)
{
	struct fixture_screen f;

	(void)state;
	start(&f);
	f.m.delay_ns = 1000000000;
	draw(&f, &sample, 80, 24);
	assert_shows_not(&f, "asked");
	f.m.delay_ns = 500000000;
	draw(&f, &sample, 80, 24);
	assert_shows(&f, "LIVE 1.0 s, asked 500.0 ms");
	done(&f);
}

static void an_interval_is_the_same_from_frame_to_frame(void **state)
{
	static const uint64_t around[] = { 985000000, 999999999, 1000000000, 1020000000 };
	struct snapshot s = sample;
	struct fixture_screen f;

	(void)state;
	start(&f);
	for (size_t i = 0; i < sizeof(around) / sizeof(around[0]); i++) {
		s.interval_ns = around[i];
		draw(&f, &s, 80, 24);
		assert_shows(&f, "LIVE 1.0 s\n");
	}
	s.interval_ns = 248000000;
	draw(&f, &s, 80, 24);
	assert_shows(&f, "LIVE 250.0 ms\n");
	done(&f);
}

static void memory_that_nobody_knows_is_not_none(void **state)
{
	struct snapshot_device d = sample.devices[0];
	struct snapshot s = { .devices = &d, .n_devices = 1, .interval_ns = UNKNOWN };
	struct snapshot_region r = d.regions[0];
	struct fixture_screen f;

	(void)state;
	start(&f);
	d.regions = &r;
	d.n_regions = 1;
	r.usage.resident = r.usage.total = 0;
	d.device.sensors = (struct sensors){ 0 };
	draw(&f, &s, 80, 24);
	assert_shows(&f, "memory  none");
	r.usage.resident = r.usage.total = UNKNOWN;
	draw(&f, &s, 80, 24);
	assert_shows(&f, "memory  -\n");
	done(&f);
}

static void the_selected_row_is_marked(void **state)
{
	struct fixture_screen f;
	struct model_context on;

	(void)state;
	start(&f);
	draw(&f, &sample, 80, 24);
	on = layout_context(&f.l, &f.v);
	model_key(&f.m, K_DOWN, &on);
	draw(&f, &sample, 80, 24);
	for (int x = 0; x < 80; x++)
		assert_int_equal(screen_cell(&f.s, x, f.l.list_y + 1)->style, STYLE_SELECTED);
	assert_int_equal(screen_cell(&f.s, 0, f.l.list_y)->style, STYLE_HEADING);
	assert_int_not_equal(screen_cell(&f.s, 70, f.l.list_y + 2)->style, STYLE_SELECTED);
	done(&f);
}

static void a_click_means_what_is_under_it(void **state)
{
	struct fixture_screen f;
	struct spot at;

	(void)state;
	start(&f);
	draw(&f, &sample, 80, 24);
	at = screen_spot(&f.s, 1, f.l.list_y);
	assert_true(at.kind == SPOT_COLUMN && at.value == 0);
	at = screen_spot(&f.s, 79, f.l.list_y + 3);
	assert_true(at.kind == SPOT_ROW && at.value == 2);
	at = screen_spot(&f.s, 0, 23);
	assert_true(at.kind == SPOT_KEY && at.value == 'q');
	assert_int_equal(screen_spot(&f.s, 0, 0).kind, SPOT_NONE);
	assert_int_equal(screen_spot(&f.s, 80, 24).kind, SPOT_NONE);
	assert_int_equal(screen_spot(&f.s, -1, -1).kind, SPOT_NONE);
	fill_menu(&f.m.menu);
	draw(&f, &sample, 80, 24);
	at = screen_spot(&f.s, 3, f.l.devices_y + 2);
	assert_true(at.kind == SPOT_ITEM && at.value == 1);
	assert_int_equal(screen_spot(&f.s, 60, f.l.list_y + 3).kind, SPOT_ROW);
	done(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(draws_the_golden_screens),
		cmocka_unit_test(draws_a_menu_over_the_page),
		cmocka_unit_test(the_last_row_is_for_the_prompt_and_the_message),
		cmocka_unit_test(fits_every_size),
		cmocka_unit_test(always_leaves_room_for_clients),
		cmocka_unit_test(hides_idle_clients_and_says_how_many),
		cmocka_unit_test(says_why_the_table_is_empty),
		cmocka_unit_test(says_where_frames_come_from),
		cmocka_unit_test(why_no_cheaper_finder_is_used_is_said_where_there_is_room),
		cmocka_unit_test(unused_engines_make_room_first),
		cmocka_unit_test(a_process_without_a_command_line_goes_by_its_name),
		cmocka_unit_test(a_warm_list_allocates_nothing),
		cmocka_unit_test(a_warm_screen_allocates_nothing_on_any_page),
		cmocka_unit_test(a_tree_is_drawn_where_commands_are),
		cmocka_unit_test(no_name_moves_the_columns_behind_it),
		cmocka_unit_test(what_rows_are_grouped_by_has_a_column),
		cmocka_unit_test(devices_are_said_short_unless_they_are_asked_for),
		cmocka_unit_test(a_narrow_screen_says_which_program_it_is),
		cmocka_unit_test(advice_is_for_those_it_helps),
		cmocka_unit_test(enter_shows_the_client_and_stays_with_it),
		cmocka_unit_test(the_page_of_a_client_scrolls_to_its_end_and_no_further),
		cmocka_unit_test(the_arrows_choose_what_is_plotted),
		cmocka_unit_test(many_devices_scroll_with_the_selected_one),
		cmocka_unit_test(an_interval_that_is_not_kept_says_what_was_asked),
		cmocka_unit_test(an_interval_is_the_same_from_frame_to_frame),
		cmocka_unit_test(memory_that_nobody_knows_is_not_none),
		cmocka_unit_test(the_selected_row_is_marked),
		cmocka_unit_test(a_click_means_what_is_under_it),
	};

	setlocale(LC_CTYPE, "C.UTF-8");
	setenv("TZ", "UTC", 1);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
