/* SPDX-License-Identifier: MIT */
/* The client table on the screen. */
#include "unit.h"

#include <locale.h>
#include <stdlib.h>
#include <string.h>

#include "allocs.h"
#include "drawing.h"
#include "sample.h"

static void hides_idle_clients_and_says_how_many(void **state)
{
	const char *const user = "alice";
	struct filter_error error;
	struct drawing f;

	(void)state;
	drawing_start(&f);
	f.m.view.all = false;
	drawing_draw(&f, &sample, 80, 24);
	assert_shows(&f, "6 clients +1 idle");
	assert_shows(&f, "mpv");
	assert_shows_not(&f, "firefox");
	assert_int_equal(filter_parse("pid=42", &f.m.filter, &error), 0);
	f.m.view.filter = &f.m.filter;
	drawing_draw(&f, &sample, 80, 24);
	assert_shows(&f, "1 client +6 not shown");
	assert_shows(&f, "\nfilter pid=42  ");
	f.m.view.users = &user;
	f.m.view.n_users = 1;
	drawing_draw(&f, &sample, 80, 24);
	assert_shows(&f, "\nuser alice, filter pid=42  ");
	drawing_draw(&f, &sample, 80, 12);
	assert_shows(&f, "not shown  user alice, f");
	drawing_done(&f);
}

static void says_why_the_table_is_empty(void **state)
{
	struct snapshot quiet = sample, empty = { .frame = sample.frame, .interval_ns = sample.interval_ns };
	const pid_t pid = 4711;
	struct drawing f;

	(void)state;
	drawing_start(&f);
	f.m.view.all = false;
	quiet.clients = &sample.clients[SAMPLE_IDLE];
	quiet.n_clients = 1;
	drawing_draw(&f, &quiet, 80, 24);
	assert_shows(&f, "No client used a GPU just now. 1 idle one is hidden: i shows it.");

	f.m.view.pids = &pid;
	f.m.view.n_pids = 1;
	drawing_draw(&f, &sample, 80, 24);
	assert_shows(&f, "None of 7 clients matches process 4711. Idle ones are hidden: i shows them.");
	f.m.view.n_pids = 0;

	drawing_draw(&f, &empty, 80, 24);
	assert_shows(&f, "No process that may be looked at holds a GPU device.");
	empty.frame.scan.denied = 0;
	drawing_draw(&f, &empty, 80, 24);
	assert_shows(&f, "No process holds a GPU device.");
	f.m.no_gpu = true;
	drawing_draw(&f, &empty, 40, 24);
	assert_shows(&f, "This machine has no GPU");
	drawing_done(&f);
}

static void a_filter_for_what_is_not_there_is_told(void **state)
{
	struct filter_error error;
	struct drawing f;

	(void)state;
	drawing_start(&f);
	f.m.view.all = false;
	f.m.view.filter = &f.m.filter;
	assert_int_equal(filter_parse("user=alice and (gfx>99% or render>10%)", &f.m.filter, &error), 0);
	/* as many rows as it takes */
	drawing_draw(&f, &sample, 60, 0);
	drawing_compare(&f, "batch-60-absent");
	drawing_draw(&f, &sample, 132, 24);
	assert_shows(&f, ": no client has an engine or region 'render'");
	/* not where something is shown */
	assert_int_equal(filter_parse("user=alice or render>10%", &f.m.filter, &error), 0);
	drawing_draw(&f, &sample, 132, 24);
	assert_shows_not(&f, "no client has an engine or region");
	drawing_done(&f);
}

static void unused_engines_make_room_first(void **state)
{
	struct snapshot_engine engines[12];
	struct engine_usage usage[12];
	struct snapshot_device device = sample.devices[0];
	struct snapshot_client client = sample.clients[SAMPLE_MPV];
	struct snapshot s = { .frame = sample.frame, .interval_ns = sample.interval_ns, .devices = &device,
			      .n_devices = 1, .clients = &client, .n_clients = 1 };
	struct drawing f;

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
	drawing_start(&f);
	drawing_draw(&f, &s, 80, 24);
	assert_shows(&f, "   last COMMAND");
	assert_shows_not(&f, " e10 COMMAND");
	assert_shows_not(&f, "GPU   ");
	/* the right arrow shows what was left out */
	f.m.left = 1;
	drawing_draw(&f, &s, 80, 24);
	assert_shows(&f, "    e0     e1     e2     e3     e4     e5");
	drawing_done(&f);
}

static void a_process_without_a_command_line_goes_by_its_name(void **state)
{
	struct snapshot_process process = *sample.clients[SAMPLE_MPV].process;
	struct snapshot_client client = sample.clients[SAMPLE_MPV];
	struct snapshot s = sample;
	struct drawing f;

	(void)state;
	process.cmdline = "";
	process.comm = "kworker/u8:2\033";
	client.process = &process;
	s.clients = &client;
	s.n_clients = 1;
	drawing_start(&f);
	drawing_draw(&f, &s, 80, 24);
	assert_shows(&f, " [kworker/u8:");
	assert_shows_not(&f, "\033");
	drawing_done(&f);
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

static void a_tree_is_drawn_where_commands_are(void **state)
{
	struct drawing f;

	(void)state;
	drawing_start(&f);
	f.m.view.tree = true;
	drawing_draw(&f, &sample, 132, 43);
	assert_shows(&f, " /usr/lib/xorg/Xorg :0\n");
	assert_shows(&f, " ├─ =cmd?");
	assert_shows(&f, " │ └─ python train.py\n");
	assert_shows(&f, " └─ mpv --hwdec");
	assert_shows(&f, "   └─ /usr/lib/firefox");
	f.m.utf8 = false;
	drawing_draw(&f, &sample, 132, 43);
	assert_shows(&f, " |- =cmd?");
	assert_shows(&f, " | `- python");
	assert_shows(&f, "   `- /usr");
	drawing_done(&f);
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
	struct drawing f;
	struct str bad;

	(void)state;
	drawing_start(&f);
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
		drawing_draw(&f, &s, 60, 24);
		assert_cells_fit(&f.s);
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
	drawing_done(&f);
}

static void what_rows_are_grouped_by_has_a_column(void **state)
{
	struct drawing f;

	(void)state;
	drawing_start(&f);
	f.m.view.group = field_find(str_of("comm"));
	drawing_draw(&f, &sample, 80, 24);
	assert_shows(&f, "\nCOMM ");
	assert_shows(&f, "\nmpv  ");
	/* said by nothing else, it stays on a screen that is not wide enough for it */
	f.m.view.group = field_find(str_of("user"));
	drawing_draw(&f, &sample, 40, 24);
	assert_shows(&f, "USER");
	assert_shows(&f, "alice");
	assert_shows(&f, "3 clients: mpv,");
	f.m.view.group = NULL;
	drawing_draw(&f, &sample, 40, 24);
	assert_shows_not(&f, "USER");
	drawing_done(&f);
}

static void what_rows_are_sorted_by_has_a_column(void **state)
{
	static const struct { const char *sort, *heading; int w; } cases[] = {
		{ "gputime", " ▼GPU TIME COMMAND", 80 }, { "user", " USER ▲ ", 40 }, { "age", " ▼ AGE COMMAND", 80 },
		{ "age", " ▼ AGE COMMAND", 40 }, { "busy:dec", " ▼ dec ", 40 }, { "slice", "SLICE ▲ ", 132 },
	};
	struct drawing f;

	(void)state;
	drawing_start(&f);
	for (size_t i = 0; i < N_OF(cases); i++) {
		assert_int_equal(column_parse(str_of(cases[i].sort), &f.m.view.sort), 0);
		drawing_draw(&f, &sample, cases[i].w, 24);
		assert_shows(&f, cases[i].heading);
	}
	/* unless columns were chosen */
	f.m.default_columns = false;
	drawing_draw(&f, &sample, 200, 24);
	assert_shows_not(&f, "SLICE");
	drawing_done(&f);
}

static void devices_are_said_short_unless_they_are_asked_for(void **state)
{
	struct drawing f;
	struct str bad;

	(void)state;
	drawing_start(&f);
	drawing_draw(&f, &sample, 200, 24);
	assert_shows(&f, " 03:00.0 ");
	f.m.default_columns = false;
	f.m.n_columns = (size_t)columns_parse("gpu", f.m.columns, MODEL_MAX_COLUMNS, &bad);
	drawing_draw(&f, &sample, 200, 24);
	assert_shows(&f, "\n0000:03:00.0\n");
	drawing_done(&f);
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
	struct drawing f;
	struct str bad;

	(void)state;
	drawing_start(&f);
	f.m.n_columns = (size_t)columns_parse("cmdline", f.m.columns, MODEL_MAX_COLUMNS, &bad);
	f.m.default_columns = false;
	client.process = &process;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		process.cmdline = cases[i].command;
		drawing_draw(&f, &s, 20, 12);
		assert_shows(&f, cases[i].narrow);
		drawing_draw(&f, &s, 80, 12);
		assert_shows(&f, cases[i].wide);
	}
	drawing_done(&f);
}

static void the_heading_says_which_way_rows_are_sorted(void **state)
{
	static const struct { const char *columns, *sort; bool reverse, ascii; const char *heading; } cases[] = {
		{ "pid,comm,memory", "memory", false, false, "    PID COMM              ▼ MEM\n" },
		{ "pid,comm,memory", "memory", true, false, "    PID COMM              ▲ MEM\n" },
		{ "pid,comm,memory", "memory", true, true, "    PID COMM              ^ MEM\n" },
		{ "pid,comm,memory", "comm", false, false, "    PID COMM ▲              MEM\n" },
		{ "pid,comm,memory", "comm", true, true, "    PID COMM v              MEM\n" },
		{ "pid,comm,memory", "pid", false, false, "  ▼ PID COMM                MEM\n" },
		{ "pid,comm,memory", "user", false, false, "    PID COMM                MEM\n" },
		/* where there is no room in a column, beside it */
		{ "pid,busy:video-enhance", "busy:video-enhance", false, false, "    PID▼video-enha\n" },
		{ "busy:video-enhance,pid", "busy:video-enhance", true, false, "video-enha▲    PID\n" },
	};
	struct drawing f;
	struct str bad;

	(void)state;
	drawing_start(&f);
	f.m.default_columns = false;
	for (size_t i = 0; i < N_OF(cases); i++) {
		f.m.n_columns = (size_t)columns_parse(cases[i].columns, f.m.columns, MODEL_MAX_COLUMNS, &bad);
		assert_int_equal(column_parse(str_of(cases[i].sort), &f.m.view.sort), 0);
		f.m.view.reverse = cases[i].reverse;
		f.m.utf8 = !cases[i].ascii;
		drawing_draw(&f, &sample, 80, 24);
		assert_shows(&f, cases[i].heading);
	}
	drawing_done(&f);
}

static void the_heading_says_which_rows_of_how_many_there_are(void **state)
{
	struct drawing f;

	(void)state;
	drawing_start(&f);
	drawing_draw(&f, &sample, 132, 11);
	assert_int_equal(f.l.rows, 4);
	assert_shows(&f, "  1-4 of 7\n");
	drawing_key(&f, K_END);
	drawing_draw(&f, &sample, 132, 11);
	assert_shows(&f, "  4-7 of 7\n");
	/* a title goes before it */
	drawing_draw(&f, &sample, 20, 5);
	assert_shows_not(&f, "of 7");
	drawing_draw(&f, &sample, 132, 43);
	assert_shows_not(&f, "of 7");
	drawing_done(&f);
}

static void the_selected_row_is_marked(void **state)
{
	struct drawing f;
	struct model_context on;

	(void)state;
	drawing_start(&f);
	drawing_draw(&f, &sample, 80, 24);
	on = layout_context(&f.l, &f.v);
	model_key(&f.m, K_DOWN, &on);
	drawing_draw(&f, &sample, 80, 24);
	for (int x = 0; x < 80; x++)
		assert_int_equal(screen_cell(&f.s, x, f.l.list_y + 1)->style, STYLE_SELECTED);
	assert_int_equal(screen_cell(&f.s, 0, f.l.list_y)->style, STYLE_HEADING);
	assert_int_not_equal(screen_cell(&f.s, 70, f.l.list_y + 2)->style, STYLE_SELECTED);
	drawing_done(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hides_idle_clients_and_says_how_many),
		cmocka_unit_test(says_why_the_table_is_empty),
		cmocka_unit_test(a_filter_for_what_is_not_there_is_told),
		cmocka_unit_test(unused_engines_make_room_first),
		cmocka_unit_test(a_process_without_a_command_line_goes_by_its_name),
		cmocka_unit_test(a_warm_list_allocates_nothing),
		cmocka_unit_test(a_tree_is_drawn_where_commands_are),
		cmocka_unit_test(no_name_moves_the_columns_behind_it),
		cmocka_unit_test(what_rows_are_grouped_by_has_a_column),
		cmocka_unit_test(what_rows_are_sorted_by_has_a_column),
		cmocka_unit_test(devices_are_said_short_unless_they_are_asked_for),
		cmocka_unit_test(a_narrow_screen_says_which_program_it_is),
		cmocka_unit_test(the_heading_says_which_way_rows_are_sorted),
		cmocka_unit_test(the_heading_says_which_rows_of_how_many_there_are),
		cmocka_unit_test(the_selected_row_is_marked),
	};

	setlocale(LC_CTYPE, "C.UTF-8");
	setenv("TZ", "UTC", 1);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
