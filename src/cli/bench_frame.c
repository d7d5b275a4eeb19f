/* SPDX-License-Identifier: MIT */
#include "bench_frame.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#include "../fdinfo/table.h"
#include "../now.h"
#include "../report/openmetrics.h"
#include "bench_run.h"
#include "layout.h"

#define CLIENTS_PER_PROCESS 4

/* The screen of a large terminal. */
#define SCREEN_WIDTH 200
#define SCREEN_HEIGHT 60

enum step { STEP_PARSE, STEP_TABLE, STEP_SELECT, STEP_DRAW, STEP_ALL, STEP_METRICS, N_STEPS };

struct maker {
	size_t n;
	struct record *records;
	struct buf *texts;
	struct record frame;
	struct table *table;
	struct model model;
	struct view view;
	struct layout layout;
	struct screen screen;
	struct totals totals;
	struct openmetrics openmetrics;
	struct buf metrics;
};

static uint64_t cpu_ns(void)
{
	return clock_ns(CLOCK_THREAD_CPUTIME_ID);
}

/* As much text as a driver with all the standard keys prints. */
static void write_text(struct buf *out, size_t client, uint64_t frame)
{
	static const char *const engines[] = { "gfx", "compute", "dma", "dec", "enc" };
	static const char *const regions[] = { "cpu", "gtt", "vram" };

	buf_reset(out);
	buf_printf(out, "pos:\t0\nflags:\t02100002\nmnt_id:\t27\nino:\t1234\ndrm-driver:\tmade-up\n"
		   "drm-client-id:\t%zu\ndrm-pdev:\t0000:%02zx:00.0\n", client + 1, client % 2 + 1);
	for (size_t i = 0; i < N_OF(engines); i++)
		buf_printf(out, "drm-engine-%s:\t%" PRIu64 " ns\n", engines[i],
			   frame * (client * 7919 % 997) * 1000 * (i + 1));
	for (size_t i = 0; i < N_OF(regions); i++)
		buf_printf(out, "drm-total-%s:\t%zu KiB\ndrm-shared-%s:\t0\ndrm-resident-%s:\t%zu KiB\n"
			   "drm-purgeable-%s:\t0\n", regions[i], client * 4 + 4096, regions[i], regions[i],
			   client * 4 + 1024, regions[i]);
}

static int make_frame(struct maker *m, uint64_t frame)
{
	for (size_t i = 0; i < m->n; i++) {
		struct record *r = &m->records[i];
		int err;

		write_text(&m->texts[i], i, frame);
		record_reset(r);
		r->kind = RECORD_CLIENT;
		r->t_ns = frame * NSEC_PER_SEC + i * 1000;
		r->rdev = 1;
		r->process = (struct process){
			.pid = (pid_t)(i / CLIENTS_PER_PROCESS + 1000), .start_time = i / CLIENTS_PER_PROCESS,
			.uid = 1000, .comm = str_of("made-up"), .cmdline = str_of("made-up --with arguments"),
			.user = str_of("user"), .cgroup = str_of("/user.slice/made-up.scope"),
		};
		err = record_add_fd(r, (int)(i % CLIENTS_PER_PROCESS) + 3);
		if (!err)
			err = m->texts[i].err;
		if (err)
			return err;
		r->text = fdinfo_body((struct str){ m->texts[i].ptr, m->texts[i].len });
		r->gpu = str_of(i % 2 ? "0000:02:00.0" : "0000:01:00.0");
	}
	record_reset(&m->frame);
	m->frame.kind = RECORD_FRAME;
	m->frame.frame.seq = frame;
	m->frame.frame.t_ns = frame * NSEC_PER_SEC + NSEC_PER_SEC / 2;
	return 0;
}

static int time_frame(struct maker *m, uint64_t ret_ns[static N_STEPS])
{
	uint64_t t[N_STEPS];
	int err = 0;

	t[STEP_PARSE] = cpu_ns();
	for (size_t i = 0; i < m->n && !err; i++)
		err = fdinfo_parse(&m->records[i].fi, m->records[i].text);
	t[STEP_TABLE] = cpu_ns();
	for (size_t i = 0; i < m->n && !err; i++)
		err = table_add(m->table, &m->records[i]);
	if (!err && table_add(m->table, &m->frame) < 0)
		err = -ENOMEM;
	t[STEP_SELECT] = cpu_ns();
	if (!err)
		err = view_select(&m->view, &m->model.view, table_snapshot(m->table));
	if (err)
		return err;
	t[STEP_DRAW] = cpu_ns();
	layout_plan(&m->layout, &m->model, table_snapshot(m->table), &m->view, SCREEN_WIDTH, SCREEN_HEIGHT);
	screen_clear(&m->screen);
	layout_draw(&m->layout, &m->model, table_snapshot(m->table), &m->view, &m->screen);
	t[STEP_ALL] = cpu_ns();
	for (size_t i = 0; i < STEP_ALL; i++)
		ret_ns[i] = t[i + 1] - t[i];
	ret_ns[STEP_ALL] = t[STEP_ALL] - t[0];
	return 0;
}

/* As gputopd and gputop-exporter do with a frame, with series of each client. */
static int time_metrics(struct maker *m, uint64_t *ret_ns)
{
	const struct openmetrics_options o = {
		.is_openmetrics = true, .per_client = true, .max_clients = m->n, .version = "",
	};
	uint64_t start = cpu_ns();
	int err = totals_add(&m->totals, table_snapshot(m->table));

	buf_reset(&m->metrics);
	if (!err)
		err = report_openmetrics(&m->openmetrics, &o, table_snapshot(m->table), &m->totals, &m->metrics);
	*ret_ns = cpu_ns() - start;
	return err;
}

static int compare_ns(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

static int maker_init(struct maker *m, size_t clients)
{
	int err = table_new(&m->table);

	if (err)
		return err;
	m->n = clients;
	m->records = calloc(clients, sizeof(*m->records));
	m->texts = calloc(clients, sizeof(*m->texts));
	if (!m->records || !m->texts)
		return -ENOMEM;
	model_init(&m->model);
	m->model.view.all = true;
	m->totals.max_groups = TOTALS_MAX_GROUPS;
	return screen_resize(&m->screen, SCREEN_WIDTH, SCREEN_HEIGHT);
}

static void maker_done(struct maker *m)
{
	for (size_t i = 0; i < m->n && m->records && m->texts; i++) {
		record_done(&m->records[i]);
		buf_done(&m->texts[i]);
	}
	free(m->records);
	free(m->texts);
	record_done(&m->frame);
	table_free(m->table);
	view_done(&m->view);
	layout_done(&m->layout);
	screen_done(&m->screen);
	totals_done(&m->totals);
	openmetrics_done(&m->openmetrics);
	buf_done(&m->metrics);
}

/* times: a row a step, of a column a frame. */
static uint64_t of_step(const uint64_t *times, size_t frames, enum step step, unsigned int percent)
{
	return percentile(times + step * frames, frames, percent);
}

static int run(struct maker *m, size_t frames, uint64_t *times, struct frame_cost *ret)
{
	uint64_t ns[N_STEPS];

	/* the first two frames allocate and make the clients known */
	for (size_t i = 0; i < frames + 2; i++) {
		int err = make_frame(m, i + 1);

		if (!err)
			err = time_frame(m, ns);
		if (!err)
			err = time_metrics(m, &ns[STEP_METRICS]);
		if (err)
			return err;
		for (size_t step = 0; step < N_STEPS && i >= 2; step++)
			times[step * frames + i - 2] = ns[step];
	}
	for (size_t step = 0; step < N_STEPS; step++)
		qsort(times + step * frames, frames, sizeof(*times), compare_ns);
	*ret = (struct frame_cost){
		.clients = m->n,
		.frames = frames,
		.parse_ns = of_step(times, frames, STEP_PARSE, 50) / m->n,
		.table_ns = of_step(times, frames, STEP_TABLE, 50) / m->n,
		.select_ns = of_step(times, frames, STEP_SELECT, 50),
		.draw_ns = of_step(times, frames, STEP_DRAW, 50),
		.metrics_ns = of_step(times, frames, STEP_METRICS, 50),
		.frame_ns = of_step(times, frames, STEP_ALL, 50),
		.frame_p10_ns = of_step(times, frames, STEP_ALL, 10),
		.frame_p90_ns = of_step(times, frames, STEP_ALL, 90),
	};
	return 0;
}

int bench_frame(size_t clients, size_t frames, struct frame_cost *ret)
{
	uint64_t *times = calloc(frames, N_STEPS * sizeof(*times));
	struct maker m = { 0 };
	int err = times ? maker_init(&m, clients) : -ENOMEM;

	if (!err)
		err = run(&m, frames, times, ret);
	maker_done(&m);
	free(times);
	return err;
}
