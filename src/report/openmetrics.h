/* SPDX-License-Identifier: MIT */
/*
 * Metrics as text for Prometheus and whoever reads its formats: one pass over the metric table (metric.h).
 * It does not know files or HTTP.
 */
#ifndef GPUTOP_OPENMETRICS_H
#define GPUTOP_OPENMETRICS_H

#include <stdbool.h>

#include "../fdinfo/buf.h"
#include "totals.h"

enum reload {
	RELOAD_NONE,			/* there is no configuration that could be reloaded */
	RELOAD_OK,
	RELOAD_FAILED,			/* the last one: the one before is in force */
};

struct openmetrics_options {
	bool is_openmetrics;		/* OpenMetrics 1.0; else the text format 0.0.4, as textfiles must be */
	bool per_client;		/* series of each client: they tell users about each other */
	uint64_t max_clients;		/* of those, the first so many by device and id */
	const char *version;
	enum reload reload;
};

#define OPENMETRICS_MAX_CLIENTS 1000	/* the usual max_clients */

/* The Content-Type of either format. Static. */
const char *openmetrics_content_type(bool is_openmetrics);

/* Scratch that is reused from frame to frame. Zero-initialised is valid. */
struct openmetrics {
	struct buf labels;
	size_t *offsets;
	size_t offsets_size;
	size_t *devices;
	size_t devices_size;
};

/*
 * Appends all metrics, "# EOF" included where it belongs. @t must have taken @s. @s NULL: the last scan
 * failed, or there was none; only what is said of gputop itself is written, gputop_last_scan_success 0
 * with it. No two samples have the same name and labels. No allocation once warm. 0 or -ENOMEM.
 */
int report_openmetrics(struct openmetrics *om, const struct openmetrics_options *o, const struct snapshot *s,
		       const struct totals *t, struct buf *out);
void openmetrics_done(struct openmetrics *om);

#endif
