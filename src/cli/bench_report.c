/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "bench_report.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/utsname.h>
#include <unistd.h>

static double median_ns(const struct samples *s)
{
	return (double)percentile(s->cpu_ns, s->n, 50);
}

/* The arm called @name if it was measured, else NULL. */
static const struct bench_arm *find_arm(const struct bench_run *r, const char *name)
{
	for (size_t i = 0; i < r->n_arms; i++)
		if (strcmp(r->arms[i].arm.name, name) == 0 && !r->arms[i].error)
			return &r->arms[i];
	return NULL;
}

/* Of the medians of a steady pass; NAN where @name was not measured. */
static double ratio_to(const struct bench_run *r, const struct samples *s, const char *name)
{
	const struct bench_arm *other = find_arm(r, name);

	return other && other->steady.n ? median_ns(s) / median_ns(&other->steady) : NAN;
}

static double syscalls_a_pass(const struct bench_arm *a)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < N_SYSCALL_KINDS; i++)
		sum += a->syscalls[i];
	return (double)sum / (double)a->steady.n;
}

static double per(double value, uint64_t n)
{
	return n ? value / (double)n : NAN;
}

/* A cell of @width, "-" for what is not known. */
static void add_cell(struct buf *out, int width, int decimals, double value)
{
	if (isnan(value))
		buf_printf(out, " %*s", width, "-");
	else
		buf_printf(out, " %*.*f", width, decimals, value);
}

static void add_row(const struct bench_run *r, const struct bench_arm *a, const struct samples *s,
		    bool is_cold, struct buf *out)
{
	const char *name = a == &r->again ? "stat again" : a->arm.name;

	buf_printf(out, "%-8s %-5s", is_cold ? "" : name, is_cold ? "cold" : "");
	add_cell(out, 9, 3, median_ns(s) / 1e6);
	add_cell(out, 9, 3, (double)percentile(s->cpu_ns, s->n, 10) / 1e6);
	add_cell(out, 9, 3, (double)percentile(s->cpu_ns, s->n, 90) / 1e6);
	add_cell(out, 9, 3, (double)percentile(s->wall_ns, s->n, 50) / 1e6);
	add_cell(out, 8, 1, per(median_ns(s), r->truth.scan.fds));
	add_cell(out, 9, 0, per(median_ns(s), r->truth.holders));
	add_cell(out, 7, 4, ratio_to(r, s, "stat"));
	add_cell(out, 7, 4, ratio_to(r, s, "naive"));
	if (!is_cold) {
		add_cell(out, 8, 1, a->arm.ops->is_counted ? syscalls_a_pass(a) : NAN);
		add_cell(out, 7, 0, a->arm.sees == ARM_NOTHING ? NAN :
				    (double)(a->arm.sees == ARM_USAGES ? a->last.usages : a->last.holders));
	}
	buf_add(out, "\n", 1);
}

static void add_syscalls(const struct bench_run *r, struct buf *out)
{
	buf_printf(out, "\nsystem calls a pass");
	for (size_t kind = 0; kind < N_SYSCALL_KINDS; kind++)
		buf_printf(out, " %9s", syscall_names[kind]);
	buf_printf(out, " %9s\n", "faults");
	for (size_t i = 0; i < r->n_arms; i++) {
		const struct bench_arm *a = &r->arms[i];

		if (a->error || !a->arm.ops->is_counted)
			continue;
		buf_printf(out, "%-19s", a->arm.name);
		for (size_t kind = 0; kind < N_SYSCALL_KINDS; kind++)
			add_cell(out, 9, 1, (double)a->syscalls[kind] / (double)a->steady.n);
		add_cell(out, 9, 1, (double)a->faults / (double)a->steady.n);
		buf_add(out, "\n", 1);
	}
}

static void add_verdict(const struct bench_size *s, struct buf *out)
{
	const struct bench_run *r = &s->run;
	double noise = bench_noise(r);

	buf_add(out, "\n", 1);
	for (size_t i = 0; i < r->n_arms; i++) {
		const struct bench_arm *a = &r->arms[i];

		if (a->error)
			buf_printf(out, "%s: not here: %s\n", a->arm.name, strerror(-a->error));
		else if (!bench_arm_agrees(r, a, s->processes > 0))
			buf_printf(out, "%s: WRONG: other holders than there are in %zu of %zu passes\n",
				   a->arm.name, a->n_differing, a->n_compared);
		if (a->n_late > 0)
			buf_printf(out, "%s: %zu passes came late and are not counted\n", a->arm.name, a->n_late);
	}
	buf_printf(out, "noise: p90 of stat is %.2f times its p10", bench_spread(r));
	if (!isnan(noise))
		buf_printf(out, "; measured twice, its medians differ by %.1f %%", 100 * noise);
	buf_printf(out, "; descriptors of the machine changed by %.1f %%", 100 * r->drift);
	buf_printf(out, "\n%s", bench_is_quiet(r) ? "" : "TOO NOISY: what else runs here is in these numbers\n");
}

void bench_table_size(const struct bench_result *b, const struct bench_size *s, struct buf *out)
{
	const struct bench_run *r = &s->run;

	if (s->processes)
		buf_printf(out, "a fleet of %zu process%s with %zu descriptor%s each, %zu client%s; ", s->processes,
			   s->processes == 1 ? "" : "es", s->fds, s->fds == 1 ? "" : "s", s->clients,
			   s->clients == 1 ? "" : "s");
	buf_printf(out, "in all %" PRIu64 " processes, %" PRIu64 " descriptors\n", r->truth.scan.processes,
		   r->truth.scan.fds);
	buf_printf(out, "%zu passes each, ", b->passes);
	if (b->pace_ns)
		buf_printf(out, "%.2f s apart\n\n", (double)b->pace_ns / 1e9);
	else
		buf_printf(out, "one after another\n\n");
	buf_printf(out, "%-14s %29s %9s %18s %15s %8s %7s\n", "", "CPU ms        ", "wall ms",
		   "CPU ns per    ", "CPU ratio to  ", "system", "");
	buf_printf(out, "%-14s %9s %9s %9s %9s %8s %9s %7s %7s %8s %7s\n", "arm", "median", "p10", "p90", "median",
		   "descr.", "client", "stat", "naive", "calls", "holders");
	for (size_t i = 0; i < r->n_arms; i++) {
		const struct bench_arm *a = &r->arms[i];

		if (a->steady.n)
			add_row(r, a, &a->steady, false, out);
		if (a->cold.n)
			add_row(r, a, &a->cold, true, out);
	}
	add_row(r, &r->again, &r->again.steady, false, out);
	add_syscalls(r, out);
	add_verdict(s, out);
}

void bench_table_frame(const struct frame_cost *f, struct buf *out)
{
	buf_printf(out, "a frame of %zu clients: %.3f ms CPU (p10 %.3f, p90 %.3f)\n"
		   "parse %" PRIu64 " ns and table %" PRIu64 " ns a record; order %.3f ms, draw %.3f ms; "
		   "as OpenMetrics %.3f ms\n",
		   f->clients, (double)f->frame_ns / 1e6, (double)f->frame_p10_ns / 1e6,
		   (double)f->frame_p90_ns / 1e6, f->parse_ns, f->table_ns, (double)f->select_ns / 1e6,
		   (double)f->draw_ns / 1e6, (double)f->metrics_ns / 1e6);
}

static void add_number(struct buf *out, const char *key, int decimals, double value)
{
	if (isnan(value))
		buf_printf(out, "\"%s\":null", key);
	else
		buf_printf(out, "\"%s\":%.*f", key, decimals, value);
}

static void add_percentiles(struct buf *out, const char *key, const uint64_t *values, size_t n)
{
	buf_printf(out, "\"%s\":{\"p10\":%" PRIu64 ",\"median\":%" PRIu64 ",\"p90\":%" PRIu64 "}", key,
		   percentile(values, n, 10), percentile(values, n, 50), percentile(values, n, 90));
}

static void add_samples(const struct bench_run *r, const char *key, const struct samples *s, struct buf *out)
{
	buf_printf(out, ",\"%s\":", key);
	if (!s->n) {
		buf_printf(out, "null");
		return;
	}
	buf_printf(out, "{\"passes\":%zu,", s->n);
	add_percentiles(out, "cpu_ns", s->cpu_ns, s->n);
	buf_add(out, ",", 1);
	add_percentiles(out, "wall_ns", s->wall_ns, s->n);
	buf_add(out, ",", 1);
	add_number(out, "ns_per_descriptor", 3, per(median_ns(s), r->truth.scan.fds));
	buf_add(out, ",", 1);
	add_number(out, "ns_per_client", 1, per(median_ns(s), r->truth.holders));
	buf_add(out, ",", 1);
	add_number(out, "ratio_to_stat", 5, ratio_to(r, s, "stat"));
	buf_add(out, ",", 1);
	add_number(out, "ratio_to_naive", 5, ratio_to(r, s, "naive"));
	buf_add(out, "}", 1);
}

static void add_arm(const struct bench_size *s, const struct bench_arm *a, struct buf *out)
{
	buf_printf(out, "{\"name\":\"%s\"", a->arm.name);
	if (a->error) {
		buf_printf(out, ",\"error\":\"%s\"}", strerror(-a->error));
		return;
	}
	add_samples(&s->run, "steady", &a->steady, out);
	add_samples(&s->run, "cold", &a->cold, out);
	buf_printf(out, ",\"syscalls\":");
	for (size_t i = 0; i < N_SYSCALL_KINDS && a->arm.ops->is_counted; i++) {
		buf_printf(out, "%s", i ? "," : "{");
		add_number(out, syscall_names[i], 1, (double)a->syscalls[i] / (double)a->steady.n);
	}
	buf_printf(out, "%s,", a->arm.ops->is_counted ? "}" : "null");
	add_number(out, "faults", 1, (double)a->faults / (double)a->steady.n);
	buf_printf(out, ",\"late\":%zu,\"holders\":", a->n_late);
	if (a->arm.sees == ARM_NOTHING)
		buf_printf(out, "null,\"agrees\":null}");
	else
		buf_printf(out, "%" PRIu64 ",\"agrees\":%s}",
			   a->arm.sees == ARM_USAGES ? a->last.usages : a->last.holders,
			   bench_arm_agrees(&s->run, a, s->processes > 0) ? "true" : "false");
}

static void add_size(const struct bench_size *s, struct buf *out)
{
	const struct arm_pass *truth = &s->run.truth;

	if (s->processes)
		buf_printf(out, "{\"fleet\":{\"processes\":%zu,\"fds\":%zu,\"clients\":%zu},", s->processes, s->fds,
			   s->clients);
	else
		buf_printf(out, "{\"fleet\":null,");
	buf_printf(out, "\"processes\":%" PRIu64 ",\"descriptors\":%" PRIu64 ",\"holders\":%" PRIu64
		   ",\"usages\":%" PRIu64 ",\"wall_ns\":%" PRIu64 ",", truth->scan.processes, truth->scan.fds,
		   truth->holders, truth->usages, s->run.wall_ns);
	add_number(out, "noise", 4, bench_noise(&s->run));
	buf_add(out, ",", 1);
	add_number(out, "spread", 3, bench_spread(&s->run));
	buf_add(out, ",", 1);
	add_number(out, "drift", 4, s->run.drift);
	buf_printf(out, ",\"quiet\":%s,\"arms\":[", bench_is_quiet(&s->run) ? "true" : "false");
	for (size_t i = 0; i < s->run.n_arms; i++) {
		buf_printf(out, "%s", i ? "," : "");
		add_arm(s, &s->run.arms[i], out);
	}
	buf_printf(out, "]}");
}

static void add_cpu_model(struct buf *out)
{
	FILE *file = fopen("/proc/cpuinfo", "re");
	char line[256];

	while (file && fgets(line, sizeof(line), file)) {
		char *value = strchr(line, ':');

		if (strncmp(line, "model name", 10) != 0 || !value)
			continue;
		line[strcspn(line, "\"\\\n")] = '\0';
		buf_printf(out, ",\"cpu\":\"%s\"", value + 2);
		break;
	}
	if (file)
		fclose(file);
}

void bench_json(const struct bench_result *b, struct buf *out)
{
	struct rusage usage;
	struct utsname name;

	getrusage(RUSAGE_SELF, &usage);
	uname(&name);
	buf_printf(out, "{\"schema\":\"gputop-bench/1\",\"version\":\"%s\",\"kernel\":\"%s\",\"machine\":\"%s\","
		   "\"cpus\":%ld", PACKAGE_VERSION, name.release, name.machine, sysconf(_SC_NPROCESSORS_ONLN));
	add_cpu_model(out);
	buf_printf(out, ",\"passes\":%zu,\"pace_ns\":%" PRIu64 ",\"max_rss_bytes\":%ld,\"runs\":[", b->passes,
		   b->pace_ns, usage.ru_maxrss * 1024);
	for (size_t i = 0; i < b->n_sizes; i++) {
		buf_printf(out, "%s", i ? "," : "");
		add_size(&b->sizes[i], out);
	}
	buf_printf(out, "],\"frame\":");
	if (b->frame.frames)
		buf_printf(out, "{\"clients\":%zu,\"frames\":%zu,\"parse_ns_per_record\":%" PRIu64
			   ",\"table_ns_per_record\":%" PRIu64 ",\"select_ns\":%" PRIu64 ",\"draw_ns\":%" PRIu64
			   ",\"metrics_ns\":%" PRIu64 ",\"cpu_ns\":{\"p10\":%" PRIu64 ",\"median\":%" PRIu64 ",\"p90\":%" PRIu64 "}}}\n",
			   b->frame.clients, b->frame.frames, b->frame.parse_ns, b->frame.table_ns,
			   b->frame.select_ns, b->frame.draw_ns, b->frame.metrics_ns,
			   b->frame.frame_p10_ns, b->frame.frame_ns, b->frame.frame_p90_ns);
	else
		buf_printf(out, "null}\n");
}
