/* SPDX-License-Identifier: MIT */
#include "output.h"

#include <errno.h>
#include <stdlib.h>

#include "../report/write_all.h"
#include "layout.h"

struct output {
	int fd;
	enum output_format format;
	int width;
	bool is_begun;
	struct buf buf;
	struct csv csv;
	struct raw raw;
	struct layout layout;
	struct screen screen;
};

struct frame_parts {
	const struct model *m;
	const struct snapshot *s;
	const struct view *v;
};

static int add_text(struct output *out, const struct frame_parts *f)
{
	int err;

	layout_plan(&out->layout, f->m, f->s, f->v, out->width, 0);
	err = screen_resize(&out->screen, out->layout.w, out->layout.h);
	if (err)
		return err;
	layout_draw(&out->layout, f->m, f->s, f->v, &out->screen);
	if (out->is_begun)
		buf_add(&out->buf, "\n", 1);
	screen_text(&out->screen, &out->buf);
	return out->buf.err;
}

static int add_raw(struct output *out, const struct frame_parts *f)
{
	return report_raw(&out->raw, f->s, f->v, &out->buf);
}

static int add_json(struct output *out, const struct frame_parts *f)
{
	return report_json(f->s, f->v, &out->buf);
}

static int add_csv(struct output *out, const struct frame_parts *f)
{
	return report_csv(&out->csv, f->s, f->v, f->m->columns, f->m->n_columns, &out->buf);
}

static const struct {
	const char *name;
	int (*add)(struct output *out, const struct frame_parts *f);
} formats[] = {
	[OUTPUT_TEXT] = { "text", add_text },
	[OUTPUT_RAW] = { "raw", add_raw },
	[OUTPUT_JSON] = { "json", add_json },
	[OUTPUT_CSV] = { "csv", add_csv },
};

int output_format_find(const char *name, enum output_format *ret)
{
	for (enum output_format f = OUTPUT_RAW; f <= OUTPUT_CSV; f++)
		if (strcmp(formats[f].name, name) == 0) {
			*ret = f;
			return 0;
		}
	return -ENOENT;
}

int output_new(int fd, enum output_format format, int width, struct output **ret)
{
	struct output *out = calloc(1, sizeof(*out));

	if (!out)
		return -ENOMEM;
	out->fd = fd;
	out->format = format;
	out->width = width;
	*ret = out;
	return 0;
}

void output_free(struct output *out)
{
	if (!out)
		return;
	buf_done(&out->buf);
	csv_done(&out->csv);
	raw_done(&out->raw);
	layout_done(&out->layout);
	screen_done(&out->screen);
	free(out);
}

int output_frame(struct output *out, const struct model *m, const struct snapshot *s,
		 const struct view *v)
{
	const struct frame_parts f = { .m = m, .s = s, .v = v };
	int err;

	buf_reset(&out->buf);
	err = formats[out->format].add(out, &f);
	out->is_begun = true;
	return err ? err : write_all(out->fd, out->buf.ptr, out->buf.len);
}
