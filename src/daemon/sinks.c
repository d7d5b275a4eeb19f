/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "sinks.h"

#include <errno.h>
#include <inttypes.h>

#include "textfile.h"

static const char *const names[] = {
	[SINK_TEXTFILE] = "textfile", [SINK_JSON] = "json", [SINK_CSV] = "csv",
};

static const struct file_settings *settings_of(const struct settings *s, enum sink_kind kind)
{
	const struct file_settings *const all[] = {
		[SINK_TEXTFILE] = &s->textfile, [SINK_JSON] = &s->json, [SINK_CSV] = &s->csv,
	};

	return all[kind];
}

static void take_settings(struct sinks *s, const struct settings *settings)
{
	s->settings = settings;
	for (enum sink_kind k = 0; k < N_SINKS; k++) {
		const struct file_settings *f = settings_of(settings, k);
		struct history *h = &s->all[k].history;

		memcpy(h->path, f->file, sizeof(h->path));
		h->max_size = f->max_size;
		h->max_files = f->max_files;
	}
}

void sinks_init(struct sinks *s, const struct settings *settings)
{
	*s = (struct sinks){ 0 };
	for (enum sink_kind k = 0; k < N_SINKS; k++)
		history_init(&s->all[k].history);
	take_settings(s, settings);
}

void sinks_configure(struct sinks *s, const struct settings *settings)
{
	for (enum sink_kind k = 0; k < N_SINKS; k++) {
		history_close(&s->all[k].history);
		s->all[k].due = (struct due){ 0 };
	}
	take_settings(s, settings);
}

static int write_textfile(struct sinks *s, const struct sink_frame *f)
{
	const struct openmetrics_options o = {
		.per_client = s->settings->per_client, .max_clients = s->settings->max_clients,
		.version = PACKAGE_VERSION, .reload = f->reload,
	};
	int err = report_openmetrics(&s->openmetrics, &o, f->snapshot, f->totals, &s->buf);

	return err ? err : textfile_replace(s->settings->textfile.file, s->buf.ptr, s->buf.len);
}

static int write_json(struct sinks *s, const struct sink_frame *f)
{
	struct history *h = &s->all[SINK_JSON].history;
	bool is_new;
	int err = history_prepare(h, &is_new);

	if (!err)
		err = report_json(f->snapshot, &s->view, &s->buf);
	return err ? err : history_append(h, s->buf.ptr, s->buf.len);
}

static int write_csv(struct sinks *s, const struct sink_frame *f)
{
	const struct file_settings *settings = &s->settings->csv;
	struct history *h = &s->all[SINK_CSV].history;
	bool is_new;
	int err = history_prepare(h, &is_new);

	if (!err && is_new)
		csv_done(&s->csv);	/* the heading first */
	if (!err)
		err = report_csv(&s->csv, f->snapshot, &s->view, settings->columns, settings->n_columns,
				 &s->buf);
	if (!err)
		err = history_append(h, s->buf.ptr, s->buf.len);
	if (err)
		csv_done(&s->csv);	/* the heading may be what was not written */
	return err;
}

static int write_one(struct sinks *s, enum sink_kind kind, const struct sink_frame *f)
{
	static int (*const writers[])(struct sinks *, const struct sink_frame *) = {
		[SINK_TEXTFILE] = write_textfile, [SINK_JSON] = write_json, [SINK_CSV] = write_csv,
	};
	const struct view_options o = { .all = settings_of(s->settings, kind)->idle };
	int err = f->snapshot ? view_select(&s->view, &o, f->snapshot) : 0;

	buf_reset(&s->buf);
	return err ? err : writers[kind](s, f);
}

static void say_failed(enum sink_kind kind, const char *file, int err)
{
	log_say(LOG_WARNING, "%s: %s: %s; sampling goes on, and so do the attempts", names[kind], file, strerror(-err));
}

/* Says what changed: it fails now, it fails for another reason, it works again. */
static void note(struct sinks *s, enum sink_kind kind, int err, uint64_t t_ns)
{
	struct sink *sink = &s->all[kind];
	const char *file = settings_of(s->settings, kind)->file;

	if (err != sink->err && log_limit_take(&sink->limit, t_ns)) {
		if (err)
			say_failed(kind, file, err);
		else
			log_say(LOG_NOTICE, "%s: %s: written again, %" PRIu64 " frames are missing", names[kind], file,
				sink->n_lost);
	}
	sink->n_lost = err ? sink->n_lost + 1 : 0;
	sink->err = err;
}

void sinks_write(struct sinks *s, const struct sink_frame *f)
{
	for (enum sink_kind k = 0; k < N_SINKS; k++) {
		const struct file_settings *settings = settings_of(s->settings, k);

		/* of a scan that failed only metrics have something to say */
		if (!*settings->file || (!f->snapshot && k != SINK_TEXTFILE))
			continue;
		if (due_take(&s->all[k].due, f->t_ns, settings->interval_ns, s->settings->interval_ns))
			note(s, k, write_one(s, k, f), f->t_ns);
	}
}

void sinks_stop(struct sinks *s)
{
	const char *file = s->settings->textfile.file;

	int err = *file ? textfile_replace(file, "", 0) : 0;

	if (err)
		say_failed(SINK_TEXTFILE, file, err);
}

void sinks_done(struct sinks *s)
{
	for (enum sink_kind k = 0; k < N_SINKS; k++)
		history_close(&s->all[k].history);
	view_done(&s->view);
	buf_done(&s->buf);
	csv_done(&s->csv);
	openmetrics_done(&s->openmetrics);
}
