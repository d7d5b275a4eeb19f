/* SPDX-License-Identifier: MIT */
/*
 * The metric table: everything that is told to a monitoring system, a row each. It drives the metrics and
 * gputop-metrics(7): a new metric is one row here. It sees only snapshots and totals.
 *
 * Numbers are integers and printed exactly: what is kept in ns, microwatts or thousandths of a degree is shown in
 * seconds, watts and degrees.
 */
#ifndef GPUTOP_METRIC_H
#define GPUTOP_METRIC_H

#include "openmetrics.h"

enum metric_type {
	METRIC_GAUGE,
	METRIC_COUNTER,		/* never goes back; its samples end in _total */
	METRIC_INFO,		/* always 1: the labels are what it says; its samples end in _info */
};

enum metric_unit {
	METRIC_PLAIN,
	METRIC_NS,		/* the getter's; shown in seconds */
	METRIC_BYTES,
	METRIC_HERTZ,
	METRIC_CYCLES,
	METRIC_MICROWATTS,	/* shown in watts */
	METRIC_MILLICELSIUS,	/* shown in degrees Celsius */
};

enum metric_of {
	METRIC_OF_GPUTOP,	/* of what is said of gputop itself */
	METRIC_OF_DEVICE,
	METRIC_OF_USER,
	METRIC_OF_CGROUP,
	METRIC_OF_CLIENT,	/* opt-in */
};

/* One sample per ... of that. A group has engines and regions of each device. */
enum metric_per {
	METRIC_PER_ONE,
	METRIC_PER_ENGINE,
	METRIC_PER_REGION,
	METRIC_PER_SIZE,	/* region whose size is known, whether clients use it or not */
};

/* What a sample is about; what does not concern its scope is NULL. */
struct metric_at {
	const struct openmetrics_options *options;
	const struct snapshot *snapshot;	/* NULL: the last scan failed */
	const struct totals *totals;
	const struct totals_device *device;	/* its now is set, except for counters kept in totals */
	const struct totals_group *group;
	const struct totals_usage *usage;	/* of the device, or the group's of it */
	const struct snapshot_client *client;
	size_t i;				/* engine, region, size or one of values */
};

struct metric {
	const char *name;		/* the family, without _total and _info */
	const char *help;
	enum metric_type type;
	enum metric_unit unit;
	enum metric_of of;
	enum metric_per per;
	bool outlives_device;		/* a device that is gone keeps it */
	const char *labels;		/* "gpu engine" */
	const char *const *values;	/* of the one label of a metric of gputop: a sample each, NULL-terminated */
	uint64_t (*get)(const struct metric_at *at);	/* UNKNOWN: no sample; NULL: 1 */
	/* Appends the labels that are more than the scope's: ,name="value" each. */
	void (*add_labels)(const struct metric_at *at, struct buf *out);
};

extern const struct metric metrics[];
extern const size_t n_metrics;

/* "seconds", "bytes", ...; NULL: none. Static. */
const char *metric_unit_name(const struct metric *m);

/* How many digits of what the getter says are behind the point. */
unsigned int metric_decimals(const struct metric *m);

/* What its samples are called after name: "_total", "_info" or "". Static. */
const char *metric_suffix(const struct metric *m);

/* Appends ,name="value" with @value as it must be escaped; what is no UTF-8 or a control character is replaced. */
void metric_add_label(struct buf *out, const char *name, struct str value);

/* The METRICS section of gputop-metrics(7). Errors stay in out->err. */
void metrics_manual(struct buf *out);

#endif
