/* SPDX-License-Identifier: MIT */
#include <err.h>
#include <stdio.h>

#include "../report/text.h"
#include "print.h"
#include "run.h"

/* Names come from hardware, files and recordings: they are text from outside. */
static void add_cell(struct buf *out, struct buf *scratch, int width, const char *text)
{
	buf_reset(scratch);
	text_add_printable(scratch, str_of(*text ? text : "-"));
	buf_printf(out, "%-*s ", width, scratch->err ? "-" : scratch->ptr);
}

static void add_device(struct buf *out, struct buf *scratch, const struct device *d)
{
	static const char *const power[] = {
		[DEVICE_POWER_UNKNOWN] = "-", [DEVICE_AWAKE] = "awake", [DEVICE_ASLEEP] = "asleep",
	};
	char nodes[DEVICE_MAX_NODES * sizeof(d->nodes[0].name)] = "";

	for (size_t i = 0; i < d->n_nodes; i++)
		snprintf(nodes + strlen(nodes), sizeof(nodes) - strlen(nodes), "%s%s", i ? "," : "",
			 d->nodes[i].name);
	add_cell(out, scratch, 14, d->gpu);
	add_cell(out, scratch, 10, d->driver);
	add_cell(out, scratch, 18, nodes);
	add_cell(out, scratch, 6, power[d->power]);
	buf_reset(scratch);
	text_add_printable(scratch, str_of(d->name));
	buf_add(out, scratch->ptr, scratch->len);
	buf_add(out, "\n", 1);
}

int run_list_gpus(struct run *r)
{
	struct buf out = { 0 }, scratch = { 0 };
	char error[512];
	int code;

	if (feed_next(r->feed, error, sizeof(error)) < 0) {
		warnx("%s", error);
		return EXIT_FAILED;
	}
	code = run_frame(r);
	if (code == EXIT_OK)
		code = run_select(r);
	if (code == EXIT_OK && r->model.no_gpu) {
		warnx("no GPU device or driver found");
		return EXIT_NO_GPU;
	}
	if (code)
		return code;
	for (size_t i = 0; i < r->view.n_devices; i++)
		add_device(&out, &scratch, &r->view.devices[i]->device);
	code = print(&out);
	buf_done(&out);
	buf_done(&scratch);
	return code;
}
