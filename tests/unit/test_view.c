/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "allocs.h"
#include "report/view.h"
#include "sample.h"

/* The clients in view by their number in the sample: "0 2 3". */
static const char *select_clients(const struct view_options *o, char ret[static 64])
{
	struct view v = { 0 };
	int len = 0;

	assert_int_equal(view_select(&v, o, &sample), 0);
	ret[0] = '\0';
	for (size_t i = 0; i < v.n_clients; i++)
		len += snprintf(ret + len, 64 - (size_t)len, "%s%d", i ? " " : "",
				(int)(v.clients[i] - sample.clients));
	view_done(&v);
	return ret;
}

static struct column sort_by(const char *part)
{
	struct column col;
	struct str bad;

	assert_int_equal(columns_parse(part, &col, 1, &bad), 1);
	return col;
}

static void most_use_comes_first_and_the_idle_are_hidden(void **state)
{
	char seen[64];

	(void)state;
	/* use: hostile 1.083, mpv 0.625, shared 0.25, huge 0.000001, new and silent unknown, which is not idle */
	assert_string_equal(select_clients(&(struct view_options){ 0 }, seen), "3 0 2 5 4 6");
}

static void all_shows_the_idle_and_the_unknown_last(void **state)
{
	char seen[64];

	(void)state;
	assert_string_equal(select_clients(&(struct view_options){ .all = true }, seen), "3 0 2 5 1 4 6");
	assert_string_equal(select_clients(&(struct view_options){ .all = true, .reverse = true }, seen),
			    "1 5 2 0 3 4 6");
}

static void equal_use_is_ordered_by_memory(void **state)
{
	static const struct engine_usage none[] = { { 0, 0, 0, 0 }, { 0, 0, 0, 0 } };
	static const struct region_usage most[] = { { .resident = 300 << 20 }, { .resident = 0 } };
	struct snapshot_client clients[3] = {
		sample.clients[SAMPLE_SHARED], sample.clients[SAMPLE_MPV], sample.clients[SAMPLE_IDLE],
	};
	struct snapshot s = { .clients = clients, .n_clients = 3 };
	struct view v = { 0 };

	(void)state;
	for (int i = 0; i < 3; i++)
		clients[i].engines = none;
	clients[2].regions = most;
	assert_int_equal(view_select(&v, &(struct view_options){ .all = true }, &s), 0);
	assert_ptr_equal(v.clients[0], &clients[2]);	/* 300 MiB */
	assert_ptr_equal(v.clients[1], &clients[1]);	/* 124 MiB */
	assert_ptr_equal(v.clients[2], &clients[0]);	/* 50 MiB, by total */
	view_done(&v);
}

static void sorts_by_any_field_and_keeps_order_between_equals(void **state)
{
	static const struct { const char *by; bool reverse; const char *order; } cases[] = {
		{ "pid", false, "6 5 3 4 2 1 0" },
		{ "pid", true, "0 1 2 3 4 5 6" },
		{ "user", false, "0 3 4 1 5 2 6" },	/* alice, alice, alice, bob, bob, root, unknown */
		{ "user", true, "2 1 5 0 3 4 6" },
		{ "id", false, "2 1 0 4 3 5 6" },
		{ "memory", false, "0 2 3 1 4 5 6" },
		{ "memory", true, "1 3 2 0 4 5 6" },
		{ "busy:gfx", false, "0 2 1 3 4 5 6" },
		{ "busy:vcs", true, "3 0 1 2 4 5 6" },
		{ "resident", false, "0 3 1 2 4 5 6" },
		{ "cycles:rcs", false, "5 3 4 0 1 2 6" },
		/* made text, sorted like any other */
		{ "holders", false, "0 1 2 3 4 5 6" },
		{ "holders", true, "6 5 4 3 2 1 0" },
		{ "sharers", false, "2 0 1 3 4 5 6" },
	};
	char seen[64];

	(void)state;
	for (size_t i = 0; i < N_OF(cases); i++) {
		struct view_options o = {
			.all = true, .sort = sort_by(cases[i].by), .reverse = cases[i].reverse,
		};

		assert_string_equal(select_clients(&o, seen), cases[i].order);
	}
}

static void finds_a_process_among_owners_and_sharers(void **state)
{
	static const struct { pid_t pids[2]; size_t n; const char *seen; } cases[] = {
		{ { 42 }, 1, "0" }, { { 62 }, 1, "2" }, { { 70 }, 1, "3 4" }, { { 62, 42 }, 2, "0 2" },
		{ { 1 }, 1, "" },
	};
	char seen[64];

	(void)state;
	for (size_t i = 0; i < N_OF(cases); i++) {
		struct view_options o = { .all = true, .pids = cases[i].pids, .n_pids = cases[i].n };

		assert_string_equal(select_clients(&o, seen), cases[i].seen);
	}
}

static void finds_users_by_name_and_by_number(void **state)
{
	static const struct { const char *users[2]; size_t n; const char *seen; } cases[] = {
		{ { "bob" }, 1, "5 1" }, { { "1001" }, 1, "5 1" }, { { "root" }, 1, "2" },
		{ { "0" }, 1, "2" }, { { "1002" }, 1, "2" }, { { "bob", "root" }, 2, "2 5 1" },
		/* nobody has no name: an unknown user is not "" */
		{ { "" }, 1, "" }, { { "al" }, 1, "" },
	};
	char seen[64];

	(void)state;
	for (size_t i = 0; i < N_OF(cases); i++) {
		struct view_options o = { .all = true, .users = cases[i].users, .n_users = cases[i].n };

		assert_string_equal(select_clients(&o, seen), cases[i].seen);
	}
}

static void a_filter_leaves_out_what_does_not_fit(void **state)
{
	struct filter_error error;
	struct filter filter;
	struct view_options o = { .all = true, .filter = &filter };
	char seen[64];

	(void)state;
	assert_int_equal(filter_parse("user=alice or holders~62", &filter, &error), 0);
	assert_string_equal(select_clients(&o, seen), "3 0 2 4");
	o.sort = sort_by("holders");
	assert_string_equal(select_clients(&o, seen), "0 2 3 4");
}

static void one_process_must_fit_pid_and_user(void **state)
{
	const pid_t pid = 61;
	const char *const root = "root", *const alice = "alice";
	char seen[64];

	(void)state;
	assert_string_equal(select_clients(&(struct view_options){
		.pids = &pid, .n_pids = 1, .users = &alice, .n_users = 1 }, seen), "2");
	assert_string_equal(select_clients(&(struct view_options){
		.pids = &pid, .n_pids = 1, .users = &root, .n_users = 1 }, seen), "");
}

static void a_gpu_selects_its_clients_and_itself(void **state)
{
	static const struct { const char *gpu, *seen; const char *device; } cases[] = {
		{ "0000:03:00.0", "0 2 1", "0000:03:00.0" },
		{ "03:00.0", "0 2 1", "0000:03:00.0" },
		{ "card1", "3 5 4", "0000:04:00.0" },
		{ "renderD129", "3 5 4", "0000:04:00.0" },
		{ "/dev/dri/card0", "0 2 1", "0000:03:00.0" },
		{ "xe", "3 5 4", "0000:04:00.0" },
		{ "minor:5", "6", "minor:5" },
		{ "card", "", NULL }, { "/dev/", "", NULL }, { "", "", NULL },
	};

	(void)state;
	for (size_t i = 0; i < N_OF(cases); i++) {
		struct view_options o = { .all = true, .gpu = cases[i].gpu };
		struct view v = { 0 };
		char seen[64];

		assert_string_equal(select_clients(&o, seen), cases[i].seen);
		assert_int_equal(view_select(&v, &o, &sample), 0);
		assert_int_equal(v.n_devices, cases[i].device ? 1 : 0);
		if (cases[i].device)
			assert_string_equal(v.devices[0]->device.gpu, cases[i].device);
		view_done(&v);
	}
}

static void devices_are_in_the_order_of_their_names(void **state)
{
	static const char *const names[] = { "0000:03:00.0", "0000:3d:00.0", "0000:81:00.0", "gpu-1", "gpu-2", "gpu-10", "minor:5" };
	struct snapshot_device devices[N_OF(names)];
	const struct snapshot s = { .devices = devices, .n_devices = N_OF(names) };
	const struct view_options o = { .all = true };
	struct view v = { 0 };

	(void)state;
	for (size_t turn = 0; turn < N_OF(names); turn++) {
		for (size_t i = 0; i < N_OF(names); i++) {
			devices[i] = sample.devices[0];
			snprintf(devices[i].device.gpu, sizeof(devices[i].device.gpu), "%s",
				 names[(i * 3 + turn) % N_OF(names)]);
		}
		assert_int_equal(view_select(&v, &o, &s), 0);
		assert_int_equal(v.n_devices, N_OF(names));
		for (size_t i = 0; i < N_OF(names); i++)
			assert_string_equal(v.devices[i]->device.gpu, names[i]);
	}
	view_done(&v);
}

static void expands_columns_to_the_devices_in_view(void **state)
{
	static const struct { const char *gpu, *list, *columns; } cases[] = {
		{ NULL, "pid,busy,user", "pid busy:gfx busy:dec busy:rcs busy:vcs user " },
		{ NULL, "mem", "mem:vram mem:gtt mem:vram0 " },
		{ "xe", "busy,mem", "busy:rcs busy:vcs mem:vram0 " },
		{ "xe", "busy:gfx", "busy:gfx " },
		{ "minor:5", "pid,busy,mem", "pid " },
	};

	(void)state;
	for (size_t i = 0; i < N_OF(cases); i++) {
		struct column asked[4], cols[8];
		struct view v = { 0 };
		struct buf text = { 0 };
		struct str bad;
		int n = columns_parse(cases[i].list, asked, 4, &bad);
		size_t n_cols;

		assert_true(n > 0);
		assert_int_equal(view_select(&v, &(struct view_options){ .gpu = cases[i].gpu }, &sample), 0);
		n_cols = view_columns(&v, asked, (size_t)n, cols, 8);
		assert_int_equal(view_columns(&v, asked, (size_t)n, cols, 1), 1);
		assert_int_equal(view_columns(&v, asked, (size_t)n, cols, 8), n_cols);
		for (size_t k = 0; k < n_cols; k++) {
			buf_printf(&text, "%s%s%s ", cols[k].field->key,
				   cols[k].of[0] ? ":" : "", cols[k].of);
		}
		assert_string_equal(text.ptr, cases[i].columns);
		buf_done(&text);
		view_done(&v);
	}
}

static void an_engine_of_two_devices_is_one_column(void **state)
{
	const struct snapshot_device twice[] = { sample.devices[0], sample.devices[0] };
	struct snapshot s = { .devices = twice, .n_devices = 2 };
	struct column busy = sort_by("busy"), cols[8];
	struct view v = { 0 };

	(void)state;
	assert_int_equal(view_select(&v, &(struct view_options){ 0 }, &s), 0);
	assert_int_equal(view_columns(&v, &busy, 1, cols, 8), 2);
	view_done(&v);
}

static void sorts_by_text_that_was_made(void **state)
{
	enum { N = 200 };
	struct snapshot_holder holders[N];
	struct snapshot_client clients[N];
	struct snapshot s = { .clients = clients, .n_clients = N };
	struct view_options o = { .all = true, .sort = sort_by("holders") };
	struct view v = { 0 };

	(void)state;
	for (int i = 0; i < N; i++) {
		holders[i] = (struct snapshot_holder){ 1000 + i * 77 % N, 3 };
		clients[i] = (struct snapshot_client){
			.device = &sample.devices[2], .process = sample.clients[0].process,
			.holders = &holders[i], .n_holders = i % 10 ? 1 : 0,
		};
	}
	assert_int_equal(view_select(&v, &o, &s), 0);
	for (int i = 1; i < N; i++) {
		const struct snapshot_client *a = v.clients[i - 1], *b = v.clients[i];

		if (b->n_holders)
			assert_true(a->n_holders && a->holders->pid < b->holders->pid);
	}
	/* as groups: one of those without, and each of the others */
	o.group = o.sort.field;
	assert_int_equal(view_select(&v, &o, &s), 0);
	assert_int_equal(v.n_rows, N - N / 10 + 1);
	assert_int_equal(v.rows[v.n_rows - 1].n, N / 10);
	for (size_t i = 1; i + 1 < v.n_rows; i++)
		assert_true(v.rows[i - 1].clients[0]->holders->pid < v.rows[i].clients[0]->holders->pid);
	view_done(&v);
}

static void sorts_many_rows_stably(void **state)
{
	enum { N = 1000 };
	static struct snapshot_process processes[N];
	static struct snapshot_client clients[N];
	struct snapshot s = { .clients = clients, .n_clients = N };
	struct view_options o = { .all = true, .sort = sort_by("pid") };
	struct view v = { 0 };

	(void)state;
	for (int i = 0; i < N; i++) {
		processes[i].pid = i * 7919 % 13;
		clients[i] = (struct snapshot_client){ .device = &sample.devices[2],
						       .process = &processes[i] };
	}
	for (size_t n = 0; n <= N; n += n < 20 ? 1 : 245) {
		s.n_clients = n;
		assert_int_equal(view_select(&v, &o, &s), 0);
		assert_int_equal(v.n_clients, n);
		for (size_t i = 1; i < n; i++) {
			assert_true(v.clients[i - 1]->process->pid >= v.clients[i]->process->pid);
			if (v.clients[i - 1]->process->pid == v.clients[i]->process->pid)
				assert_true(v.clients[i - 1] < v.clients[i]);
		}
	}
	view_done(&v);
}

/* Rows by the numbers of their clients in the sample: "0 2+1 3". */
static const char *select_rows(const struct view_options *o, char ret[static 64])
{
	struct view v = { 0 };
	size_t next = 0;
	int len = 0;

	assert_int_equal(view_select(&v, o, &sample), 0);
	ret[0] = '\0';
	for (size_t i = 0; i < v.n_rows; i++)
		for (size_t k = 0; k < v.rows[i].n; k++) {
			len += snprintf(ret + len, 64 - (size_t)len, "%s%d", k ? "+" : i ? " " : "",
					(int)(v.rows[i].clients[k] - sample.clients));
			assert_ptr_equal(v.rows[i].clients + k, v.clients + next++);
		}
	assert_int_equal(v.n_clients, next);
	view_done(&v);
	return ret;
}

static void groups_clients_by_what_they_have_in_common(void **state)
{
	static const struct { const char *by, *sort; bool reverse; const char *rows; } cases[] = {
		{ "pid", NULL, false, "3+4 0 2 5 1 6" },
		{ "user", NULL, false, "0+3+4 2 1+5 6" },	/* 1.708, 0.25, 0.000001, unknown */
		{ "user", NULL, true, "1+5 2 0+3+4 6" },
		{ "user", "memory", false, "0+3+4 2 1+5 6" },	/* 132, 50, 0 MiB */
		{ "user", "memory", true, "1+5 2 0+3+4 6" },
		{ "user", "user", false, "0+3+4 1+5 2 6" },
		{ "gpu", "busy:gfx", false, "0+1+2 3+4+5 6" },
		{ "driver", "driver", true, "3+4+5 6 0+1+2" },
		/* in no container: one row, and the last where it is sorted by */
		{ "container", "container", false, "0+3+4 1+2+5+6" },
		/* groups have no common pid but where they are one process: it is unknown, and last */
		{ "user", "pid", false, "6 2 0+3+4 1+5" },
		{ "holders", "holders", false, "0 1 2 3 4 5 6" },
	};
	char seen[64];

	(void)state;
	for (size_t i = 0; i < N_OF(cases); i++) {
		struct view_options o = {
			.all = true, .reverse = cases[i].reverse, .group = field_find(str_of(cases[i].by)),
		};

		if (cases[i].sort)
			o.sort = sort_by(cases[i].sort);
		assert_true(view_can_group(o.group));
		assert_string_equal(select_rows(&o, seen), cases[i].rows);
	}
}

static void a_group_is_idle_if_all_in_it_are(void **state)
{
	struct view_options o = { .group = field_find(str_of("user")) };
	char seen[64];

	(void)state;
	assert_string_equal(select_rows(&o, seen), "0+3+4 2 1+5 6");
	o.group = field_find(str_of("pid"));
	assert_string_equal(select_rows(&o, seen), "3+4 0 2 5 6");
}

static void a_row_keeps_its_id_in_any_order(void **state)
{
	const char *const bob = "bob";
	struct view_options o = { .all = true, .group = field_find(str_of("user")) };
	struct view v = { 0 }, w = { 0 };

	(void)state;
	for (int by = 0; by < 2; by++) {
		assert_int_equal(view_select(&v, &o, &sample), 0);
		o.reverse = true;
		assert_int_equal(view_select(&w, &o, &sample), 0);
		assert_int_equal(v.n_rows, w.n_rows);
		for (size_t i = 0; i < v.n_rows; i++)
			for (size_t k = 0; k < w.n_rows; k++)
				assert_int_equal(v.rows[i].id == w.rows[k].id,
						 v.rows[i].clients[0] == w.rows[k].clients[0]);
		o.group = NULL;
	}
	/* nor does it matter what else there is */
	o = (struct view_options){ .all = true, .group = field_find(str_of("user")), .sort = sort_by("user") };
	assert_int_equal(view_select(&v, &o, &sample), 0);
	o.users = &bob;
	o.n_users = 1;
	assert_int_equal(view_select(&w, &o, &sample), 0);
	assert_int_equal(w.n_rows, 1);
	assert_int_equal(v.rows[1].id, w.rows[0].id);
	view_done(&v);
	view_done(&w);
}

static const struct { const char *group; bool tree; const char *sort; } ways[] = {
	{ NULL, false, "busy" }, { NULL, false, "holders" }, { "holders", false, "sharers" }, { "user", false, "use" },
	{ "workload", false, "workload" }, { NULL, true, "memory" },
};
#define N_WAYS (N_OF(ways))

static struct view_options way(size_t i)
{
	return (struct view_options){
		.all = true, .tree = ways[i].tree, .sort = sort_by(ways[i].sort),
		.group = ways[i].group ? field_find(str_of(ways[i].group)) : NULL,
	};
}

static void a_warm_view_allocates_nothing(void **state)
{
	struct view v = { 0 };
	size_t before = 0;

	(void)state;
	for (int turn = 0; turn < 2; turn++) {
		before = allocs_count();
		for (size_t i = 0; i < N_WAYS; i++) {
			struct view_options o = way(i);

			assert_int_equal(view_select(&v, &o, &sample), 0);
		}
	}
	assert_int_equal(allocs_count(), before);
	view_done(&v);
}

static void memory_may_run_out_anywhere(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_WAYS; i++) {
		struct view_options o = way(i);
		size_t n = 0;
		int r;

		do {
			struct view v = { 0 };

			allocs_fail_after(++n);
			r = view_select(&v, &o, &sample);
			allocs_fail_after(0);
			assert_true(r == 0 || (r == -ENOMEM && v.n_clients == 0 && v.n_rows == 0));
			view_done(&v);
		} while (r);
		assert_true(n > 5);
	}
}

static void what_is_measured_makes_no_group(void **state)
{
	static const char *const keys[] = { "use", "busy", "memory", "fds", "age" };

	(void)state;
	for (size_t i = 0; i < N_OF(keys); i++)
		assert_false(view_can_group(field_find(str_of(keys[i]))));
}

/* Processes in order, each with its depth: "60 .42 ..43". */
static const char *select_tree(const struct view_options *o, const struct snapshot *s, char ret[static 256])
{
	struct view v = { 0 };
	int len = 0;

	assert_int_equal(view_select(&v, o, s), 0);
	ret[0] = '\0';
	for (size_t i = 0; i < v.n_rows; i++)
		len += snprintf(ret + len, 256 - (size_t)len, "%s%.*s%d", i ? " " : "", (int)v.rows[i].depth,
				"..........", v.rows[i].clients[0]->process->pid);
	view_done(&v);
	return ret;
}

static void a_process_is_below_its_nearest_ancestor_with_a_row(void **state)
{
	struct filter_error error;
	struct filter filter;
	struct view_options o = { .all = true, .tree = true, .group = field_find(str_of("user")) };
	char seen[256];

	(void)state;
	/* siblings by use */
	assert_string_equal(select_tree(&o, &sample, seen), "60 .70 ..80 .42 ..43 90");
	o.reverse = true;
	assert_string_equal(select_tree(&o, &sample, seen), "60 .42 ..43 .70 ..80 90");
	o.sort = sort_by("pid");
	assert_string_equal(select_tree(&o, &sample, seen), "60 .42 ..43 .70 ..80 90");
	o.all = false;
	assert_string_equal(select_tree(&o, &sample, seen), "60 .42 .70 ..80 90");
	/* where the parent is not shown, its own parent is asked for */
	o.all = true;
	assert_int_equal(filter_parse("pid!=42 pid!=70", &filter, &error), 0);
	o.filter = &filter;
	assert_string_equal(select_tree(&o, &sample, seen), "60 .43 .80 90");
	assert_int_equal(filter_parse("pid!=60", &filter, &error), 0);
	assert_string_equal(select_tree(&o, &sample, seen), "42 .43 70 .80 90");
}

static void the_lines_of_a_tree_say_who_has_siblings(void **state)
{
	struct view_options o = { .all = true, .tree = true };
	struct view v = { 0 };

	(void)state;
	/* 60, 70 with a sibling, 80 below it, 42 the last, 43, 90 */
	assert_int_equal(view_select(&v, &o, &sample), 0);
	assert_int_equal(v.rows[1].lines, 1);
	assert_int_equal(v.rows[2].lines, 1);
	assert_int_equal(v.rows[3].lines, 0);
	assert_int_equal(v.rows[4].lines, 0);
	assert_int_equal(v.rows[5].lines, 0);
	view_done(&v);
}

static void ancestors_that_lie_make_no_cycle(void **state)
{
	enum { N = 100 };
	static struct snapshot_process processes[N];
	static struct snapshot_client clients[N];
	static pid_t next[N];
	struct snapshot s = { .clients = clients, .n_clients = N };
	struct view_options o = { .all = true, .tree = true };
	struct view v = { 0 };

	(void)state;
	/* each the child of the one after it, all as old; the last the child of itself and of the first */
	for (int i = 0; i < N; i++) {
		next[i] = (i + 1) % N + 1;
		processes[i] = (struct snapshot_process){ .pid = i + 1, .ancestors = &next[i], .n_ancestors = 1 };
		clients[i] = (struct snapshot_client){ .device = &sample.devices[2], .process = &processes[i] };
	}
	assert_int_equal(view_select(&v, &o, &s), 0);
	assert_int_equal(v.n_rows, N);
	for (int i = 0; i < N; i++)
		assert_int_equal(v.rows[i].depth, v.rows[i].clients[0]->process->pid == N && i > 0);
	/* a long line of descent: what is too deep for lines has none */
	for (int i = 1; i < N; i++)
		next[i] = i;
	assert_int_equal(view_select(&v, &o, &s), 0);
	for (int i = 0; i < N; i++)
		assert_int_equal(v.rows[i].depth, i);
	view_done(&v);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(most_use_comes_first_and_the_idle_are_hidden),
		cmocka_unit_test(all_shows_the_idle_and_the_unknown_last),
		cmocka_unit_test(equal_use_is_ordered_by_memory),
		cmocka_unit_test(sorts_by_any_field_and_keeps_order_between_equals),
		cmocka_unit_test(finds_a_process_among_owners_and_sharers),
		cmocka_unit_test(finds_users_by_name_and_by_number),
		cmocka_unit_test(a_filter_leaves_out_what_does_not_fit),
		cmocka_unit_test(one_process_must_fit_pid_and_user),
		cmocka_unit_test(a_gpu_selects_its_clients_and_itself),
		cmocka_unit_test(devices_are_in_the_order_of_their_names),
		cmocka_unit_test(expands_columns_to_the_devices_in_view),
		cmocka_unit_test(an_engine_of_two_devices_is_one_column),
		cmocka_unit_test(sorts_by_text_that_was_made),
		cmocka_unit_test(sorts_many_rows_stably),
		cmocka_unit_test(groups_clients_by_what_they_have_in_common),
		cmocka_unit_test(a_group_is_idle_if_all_in_it_are),
		cmocka_unit_test(a_row_keeps_its_id_in_any_order),
		cmocka_unit_test(a_process_is_below_its_nearest_ancestor_with_a_row),
		cmocka_unit_test(the_lines_of_a_tree_say_who_has_siblings),
		cmocka_unit_test(ancestors_that_lie_make_no_cycle),
		cmocka_unit_test(a_warm_view_allocates_nothing),
		cmocka_unit_test(memory_may_run_out_anywhere),
		cmocka_unit_test(what_is_measured_makes_no_group),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
