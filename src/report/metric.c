/* SPDX-License-Identifier: MIT */
#include "metric.h"

#include <inttypes.h>
#include <stdio.h>

#include "text.h"

static const struct {
	const char *name;
	unsigned int decimals;
} units[] = {
	[METRIC_NS] = { "seconds", 9 }, [METRIC_BYTES] = { "bytes", 0 }, [METRIC_HERTZ] = { "hertz", 0 },
	[METRIC_CYCLES] = { "cycles", 0 }, [METRIC_MICROWATTS] = { "watts", 6 },
	[METRIC_MILLICELSIUS] = { "celsius", 3 },
};

const char *metric_unit_name(const struct metric *m)
{
	return units[m->unit].name;
}

unsigned int metric_decimals(const struct metric *m)
{
	return units[m->unit].decimals;
}

const char *metric_suffix(const struct metric *m)
{
	return m->type == METRIC_COUNTER ? "_total" : m->type == METRIC_INFO ? "_info" : "";
}

void metric_add_label(struct buf *out, const char *name, struct str value)
{
	buf_add(out, ",", 1);
	buf_add_str(out, str_of(name));
	buf_add(out, "=\"", 2);
	while (value.len) {
		size_t plain = 0;

		while (plain < value.len && value.ptr[plain] != '"' && value.ptr[plain] != '\\')
			plain++;
		text_add_visible(out, (struct str){ value.ptr, plain });
		if (plain < value.len) {
			buf_add(out, "\\", 1);
			buf_add(out, value.ptr + plain++, 1);
		}
		value.ptr += plain;
		value.len -= plain;
	}
	buf_add(out, "\"", 1);
}

static void add_label(struct buf *out, const char *name, const char *value)
{
	metric_add_label(out, name, str_of(value));
}

#define GETTER(name) static uint64_t name(const struct metric_at *at)
#define LABELS(name) static void name(const struct metric_at *at, struct buf *out)

/* --- gputop itself --- */

LABELS(add_build) { add_label(out, "version", at->options->version); }

GETTER(get_scans) { return at->totals->n_snapshots; }
GETTER(get_scan_wall) { return at->totals->scan_wall_ns; }
GETTER(get_scan_cpu) { return at->totals->scan_cpu_ns; }
GETTER(get_success) { return at->snapshot != NULL; }
GETTER(get_last_time) { return at->snapshot ? at->snapshot->frame.clock_ns : UNKNOWN; }
GETTER(get_last_wall) { return at->snapshot ? at->snapshot->frame.scan.wall_ns : UNKNOWN; }
GETTER(get_last_processes) { return at->snapshot ? at->snapshot->frame.scan.processes : UNKNOWN; }
GETTER(get_last_fds) { return at->snapshot ? at->snapshot->frame.scan.fds : UNKNOWN; }
GETTER(get_last_denied) { return at->snapshot ? at->snapshot->frame.scan.denied : UNKNOWN; }

static const char *const reasons[] = { "permission", "parse", NULL };

GETTER(get_errors) { return at->i == 0 ? at->totals->denied : at->totals->malformed; }

static const char *const families[] = { "user", "cgroup", "client", NULL };

GETTER(get_without_series)
{
	const struct openmetrics_options *o = at->options;

	if (!at->snapshot)
		return UNKNOWN;
	if (at->i < 2)
		return at->i == 0 ? at->totals->users.n_folded : at->totals->cgroups.n_folded;
	if (!o->per_client)
		return UNKNOWN;
	return at->snapshot->n_clients > o->max_clients ? at->snapshot->n_clients - o->max_clients : 0;
}

GETTER(get_reload) { return at->options->reload == RELOAD_NONE ? UNKNOWN : at->options->reload == RELOAD_OK; }

/* --- devices --- */

static const char *node_called(const struct device *d, const char *prefix)
{
	for (size_t i = 0; i < d->n_nodes; i++)
		if (strncmp(d->nodes[i].name, prefix, strlen(prefix)) == 0)
			return d->nodes[i].name;
	return "";
}

static void add_hex(struct buf *out, const char *name, uint32_t id)
{
	char text[16] = "";

	if (id)
		snprintf(text, sizeof(text), "0x%04" PRIx32, id);
	add_label(out, name, text);
}

LABELS(add_gpu)
{
	const struct device *d = &at->device->now->device;
	const char *card = node_called(d, "card");

	add_label(out, "driver", d->driver);
	add_label(out, "card", *card ? card : node_called(d, "accel"));
	add_label(out, "render", node_called(d, "renderD"));
	add_hex(out, "vendor_id", d->vendor_id);
	add_hex(out, "device_id", d->device_id);
	add_label(out, "name", d->name);
}

GETTER(get_active)
{
	enum device_power power = at->device->now->device.power;

	return power == DEVICE_POWER_UNKNOWN ? UNKNOWN : power == DEVICE_AWAKE;
}

static uint64_t sensor(const struct metric_at *at, enum sensor which)
{
	return sensors_get(&at->device->now->device.sensors, which);
}

GETTER(get_clock) { return sensor(at, SENSOR_CLOCK); }
GETTER(get_max_clock) { return sensor(at, SENSOR_CLOCK_MAX); }
GETTER(get_power) { return sensor(at, SENSOR_POWER); }
GETTER(get_power_limit) { return sensor(at, SENSOR_POWER_CAP); }
GETTER(get_temperature) { return sensor(at, SENSOR_TEMPERATURE); }
GETTER(get_fan) { return sensor(at, SENSOR_FAN); }

GETTER(get_size) { return at->device->now->device.sensors.sizes[at->i].bytes; }
LABELS(add_size) { add_label(out, "region", at->device->now->device.sensors.sizes[at->i].region); }

GETTER(get_clients) { return at->device->now->n_clients; }
GETTER(get_processes) { return at->device->now->n_processes; }
GETTER(get_capacity) { return at->device->now->engines[at->i].capacity; }
GETTER(get_frequency) { return at->device->now->engines[at->i].curfreq_hz; }
GETTER(get_max_frequency) { return at->device->now->engines[at->i].maxfreq_hz; }
GETTER(get_elapsed) { return at->device->now->engines[at->i].usage.total_cycles; }
GETTER(get_allocated) { return at->device->now->regions[at->i].usage.total; }

/* Of a device or of a group on it: usage has what was seen there so far. */
GETTER(get_busy) { return at->i < at->usage->n_engines ? at->usage->engines[at->i].busy_ns : UNKNOWN; }
GETTER(get_cycles) { return at->i < at->usage->n_engines ? at->usage->engines[at->i].cycles : UNKNOWN; }
GETTER(get_resident) { return at->i < at->usage->n_regions ? at->usage->resident[at->i] : UNKNOWN; }

/* --- control groups --- */

LABELS(add_cgroup)
{
	const struct cgroup *facts = &at->group->facts;

	add_label(out, "slice", facts->slice);
	add_label(out, "unit", facts->unit);
	add_label(out, "container_id", facts->container);
	add_label(out, "pod_uid", facts->pod_uid);
	add_label(out, "slurm_job", facts->slurm_job);
}

/* The bucket is no control group. */
GETTER(get_cgroup) { return at->group == at->totals->cgroups.other ? UNKNOWN : 1; }

/* --- clients --- */

LABELS(add_client)
{
	const struct snapshot_process *p = at->client->process;
	char pid[16];

	snprintf(pid, sizeof(pid), "%d", p->pid);
	add_label(out, "pid", pid);
	add_label(out, "comm", p->comm);
	add_label(out, "user", p->user);
	add_label(out, "cgroup", p->cgroup);
}

GETTER(get_client_busy) { return at->client->engines[at->i].busy_ns; }
GETTER(get_client_cycles) { return at->client->engines[at->i].cycles; }
GETTER(get_client_elapsed) { return at->client->engines[at->i].total_cycles; }
GETTER(get_client_allocated) { return at->client->regions[at->i].total; }
GETTER(get_client_resident) { return at->client->regions[at->i].resident; }
GETTER(get_client_shared) { return at->client->regions[at->i].shared; }
GETTER(get_client_active) { return at->client->regions[at->i].active; }
GETTER(get_client_purgeable) { return at->client->regions[at->i].purgeable; }

const struct metric metrics[] = {
	{ .name = "gputop_build", .type = METRIC_INFO, .labels = "version", .add_labels = add_build,
	  .help = "Version of gputop; the value is always 1." },
	{ .name = "gputop_last_scan_success", .get = get_success,
	  .help = "Whether the last scan succeeded; while it is 0, nothing but gputop itself is described." },
	{ .name = "gputop_last_scan_timestamp_seconds", .unit = METRIC_NS, .get = get_last_time,
	  .help = "Unix time of the last scan: samples are as old as that, not as the scrape." },
	{ .name = "gputop_last_scan_duration_seconds", .unit = METRIC_NS, .get = get_last_wall,
	  .help = "Wall time of the last scan." },
	{ .name = "gputop_last_scan_processes", .get = get_last_processes,
	  .help = "Processes looked at by the last scan." },
	{ .name = "gputop_last_scan_fds", .get = get_last_fds,
	  .help = "File descriptors looked at by the last scan." },
	{ .name = "gputop_last_scan_denied_processes", .get = get_last_denied,
	  .help = "Processes whose file descriptors the last scan was not permitted to see." },
	{ .name = "gputop_scans", .type = METRIC_COUNTER, .get = get_scans,
	  .help = "Scans taken into account." },
	{ .name = "gputop_scan_seconds", .type = METRIC_COUNTER, .unit = METRIC_NS, .get = get_scan_wall,
	  .help = "Wall time spent in these scans." },
	{ .name = "gputop_scan_cpu_seconds", .type = METRIC_COUNTER, .unit = METRIC_NS, .get = get_scan_cpu,
	  .help = "CPU time spent in these scans." },
	{ .name = "gputop_scan_errors", .type = METRIC_COUNTER, .labels = "reason", .values = reasons,
	  .get = get_errors,
	  .help = "What these scans could not use: processes without permission, lines that made no sense." },
	{ .name = "gputop_clients_without_series", .labels = "family", .values = families,
	  .get = get_without_series,
	  .help = "Clients that a limit folded into other (user, cgroup) or left out (client)." },
	{ .name = "gputop_config_last_reload_successful", .get = get_reload,
	  .help = "Whether the configuration was accepted when it was last read." },

	{ .name = "gputop_gpu", .type = METRIC_INFO, .of = METRIC_OF_DEVICE,
	  .labels = "gpu driver card render vendor_id device_id name", .add_labels = add_gpu,
	  .help = "One series per device; the value is always 1." },
	{ .name = "gputop_gpu_runtime_active", .of = METRIC_OF_DEVICE, .labels = "gpu", .get = get_active,
	  .help = "Whether the device is awake (1) or runtime-suspended (0)." },
	{ .name = "gputop_gpu_clients", .of = METRIC_OF_DEVICE, .labels = "gpu", .get = get_clients,
	  .help = "Open DRM clients." },
	{ .name = "gputop_gpu_processes", .of = METRIC_OF_DEVICE, .labels = "gpu", .get = get_processes,
	  .help = "Processes that hold a DRM client." },
	{ .name = "gputop_gpu_frequency_hertz", .unit = METRIC_HERTZ, .of = METRIC_OF_DEVICE, .labels = "gpu",
	  .get = get_clock, .help = "Clock of the device; 0 while it is parked." },
	{ .name = "gputop_gpu_frequency_max_hertz", .unit = METRIC_HERTZ, .of = METRIC_OF_DEVICE, .labels = "gpu",
	  .get = get_max_clock, .help = "Highest clock of the device." },
	{ .name = "gputop_gpu_power_watts", .unit = METRIC_MICROWATTS, .of = METRIC_OF_DEVICE, .labels = "gpu",
	  .get = get_power, .help = "Power the device draws." },
	{ .name = "gputop_gpu_power_limit_watts", .unit = METRIC_MICROWATTS, .of = METRIC_OF_DEVICE,
	  .labels = "gpu", .get = get_power_limit, .help = "Power the device may draw." },
	{ .name = "gputop_gpu_temperature_celsius", .unit = METRIC_MILLICELSIUS, .of = METRIC_OF_DEVICE,
	  .labels = "gpu", .get = get_temperature, .help = "Temperature of the device." },
	{ .name = "gputop_gpu_fan_rpm", .of = METRIC_OF_DEVICE, .labels = "gpu", .get = get_fan,
	  .help = "Turns of the fan per minute." },
	{ .name = "gputop_engine_capacity", .of = METRIC_OF_DEVICE, .per = METRIC_PER_ENGINE,
	  .labels = "gpu engine", .get = get_capacity,
	  .help = "Identical hardware engines behind the name (drm-engine-capacity-*)." },
	{ .name = "gputop_engine_frequency_hertz", .unit = METRIC_HERTZ, .of = METRIC_OF_DEVICE,
	  .per = METRIC_PER_ENGINE, .labels = "gpu engine", .get = get_frequency,
	  .help = "Current frequency of the engine (drm-curfreq-*)." },
	{ .name = "gputop_engine_frequency_max_hertz", .unit = METRIC_HERTZ, .of = METRIC_OF_DEVICE,
	  .per = METRIC_PER_ENGINE, .labels = "gpu engine", .get = get_max_frequency,
	  .help = "Maximum frequency of the engine (drm-maxfreq-*)." },
	{ .name = "gputop_engine_busy_seconds", .type = METRIC_COUNTER, .unit = METRIC_NS,
	  .of = METRIC_OF_DEVICE, .per = METRIC_PER_ENGINE, .outlives_device = true,
	  .labels = "gpu engine", .get = get_busy,
	  .help = "Engine time used by clients, exited ones included (drm-engine-*; share of cycles elsewhere)." },
	{ .name = "gputop_engine_busy_cycles", .type = METRIC_COUNTER, .unit = METRIC_CYCLES,
	  .of = METRIC_OF_DEVICE, .per = METRIC_PER_ENGINE, .outlives_device = true,
	  .labels = "gpu engine", .get = get_cycles,
	  .help = "Engine cycles used by clients, exited ones included (drm-cycles-*)." },
	{ .name = "gputop_engine_elapsed_cycles", .type = METRIC_COUNTER, .unit = METRIC_CYCLES,
	  .of = METRIC_OF_DEVICE, .per = METRIC_PER_ENGINE, .labels = "gpu engine", .get = get_elapsed,
	  .help = "Engine cycles elapsed, busy or not (drm-total-cycles-*)." },
	{ .name = "gputop_memory_size_bytes", .unit = METRIC_BYTES, .of = METRIC_OF_DEVICE,
	  .per = METRIC_PER_SIZE, .labels = "gpu region", .get = get_size, .add_labels = add_size,
	  .help = "Memory the device has, used or not." },
	{ .name = "gputop_memory_allocated_bytes", .unit = METRIC_BYTES, .of = METRIC_OF_DEVICE,
	  .per = METRIC_PER_REGION, .labels = "gpu region", .get = get_allocated,
	  .help = "Memory of live clients, resident or not; what they share counts for each (drm-total-*)." },
	{ .name = "gputop_memory_resident_bytes", .unit = METRIC_BYTES, .of = METRIC_OF_DEVICE,
	  .per = METRIC_PER_REGION, .labels = "gpu region", .get = get_resident,
	  .help = "Resident memory of live clients; what they share counts for each (drm-resident-*)." },

	{ .name = "gputop_user_engine_busy_seconds", .type = METRIC_COUNTER, .unit = METRIC_NS,
	  .of = METRIC_OF_USER, .per = METRIC_PER_ENGINE, .outlives_device = true,
	  .labels = "gpu engine user", .get = get_busy,
	  .help = "Engine time used by clients of a user, exited ones included." },
	{ .name = "gputop_user_engine_busy_cycles", .type = METRIC_COUNTER, .unit = METRIC_CYCLES,
	  .of = METRIC_OF_USER, .per = METRIC_PER_ENGINE, .outlives_device = true,
	  .labels = "gpu engine user", .get = get_cycles,
	  .help = "Engine cycles used by clients of a user, exited ones included." },
	{ .name = "gputop_user_memory_resident_bytes", .unit = METRIC_BYTES, .of = METRIC_OF_USER,
	  .per = METRIC_PER_REGION, .labels = "gpu region user", .get = get_resident,
	  .help = "Resident memory of a user's live clients." },

	{ .name = "gputop_cgroup", .type = METRIC_INFO, .of = METRIC_OF_CGROUP,
	  .labels = "cgroup slice unit container_id pod_uid slurm_job", .get = get_cgroup,
	  .add_labels = add_cgroup,
	  .help = "What the path of a control group says; the value is always 1." },
	{ .name = "gputop_cgroup_engine_busy_seconds", .type = METRIC_COUNTER, .unit = METRIC_NS,
	  .of = METRIC_OF_CGROUP, .per = METRIC_PER_ENGINE, .outlives_device = true,
	  .labels = "gpu engine cgroup", .get = get_busy,
	  .help = "Engine time used by clients in a control group, exited ones included." },
	{ .name = "gputop_cgroup_engine_busy_cycles", .type = METRIC_COUNTER, .unit = METRIC_CYCLES,
	  .of = METRIC_OF_CGROUP, .per = METRIC_PER_ENGINE, .outlives_device = true,
	  .labels = "gpu engine cgroup", .get = get_cycles,
	  .help = "Engine cycles used by clients in a control group, exited ones included." },
	{ .name = "gputop_cgroup_memory_resident_bytes", .unit = METRIC_BYTES, .of = METRIC_OF_CGROUP,
	  .per = METRIC_PER_REGION, .labels = "gpu region cgroup", .get = get_resident,
	  .help = "Resident memory of a control group's live clients." },

	{ .name = "gputop_client", .type = METRIC_INFO, .of = METRIC_OF_CLIENT,
	  .labels = "gpu client pid comm user cgroup", .add_labels = add_client,
	  .help = "One series per DRM client; the value is always 1." },
	{ .name = "gputop_client_engine_busy_seconds", .type = METRIC_COUNTER, .unit = METRIC_NS,
	  .of = METRIC_OF_CLIENT, .per = METRIC_PER_ENGINE, .labels = "gpu engine client",
	  .get = get_client_busy,
	  .help = "Engine time used by a client since it was opened (drm-engine-*)." },
	{ .name = "gputop_client_engine_busy_cycles", .type = METRIC_COUNTER, .unit = METRIC_CYCLES,
	  .of = METRIC_OF_CLIENT, .per = METRIC_PER_ENGINE, .labels = "gpu engine client",
	  .get = get_client_cycles,
	  .help = "Engine cycles used by a client since it was opened (drm-cycles-*)." },
	{ .name = "gputop_client_engine_elapsed_cycles", .type = METRIC_COUNTER, .unit = METRIC_CYCLES,
	  .of = METRIC_OF_CLIENT, .per = METRIC_PER_ENGINE, .labels = "gpu engine client",
	  .get = get_client_elapsed,
	  .help = "Engine cycles elapsed by the time a client was read (drm-total-cycles-*)." },
	{ .name = "gputop_client_memory_allocated_bytes", .unit = METRIC_BYTES, .of = METRIC_OF_CLIENT,
	  .per = METRIC_PER_REGION, .labels = "gpu region client", .get = get_client_allocated,
	  .help = "Memory of a client, resident or not (drm-total-*)." },
	{ .name = "gputop_client_memory_resident_bytes", .unit = METRIC_BYTES, .of = METRIC_OF_CLIENT,
	  .per = METRIC_PER_REGION, .labels = "gpu region client", .get = get_client_resident,
	  .help = "Resident memory of a client (drm-resident-*, drm-memory-*)." },
	{ .name = "gputop_client_memory_shared_bytes", .unit = METRIC_BYTES, .of = METRIC_OF_CLIENT,
	  .per = METRIC_PER_REGION, .labels = "gpu region client", .get = get_client_shared,
	  .help = "Memory of a client that others hold too (drm-shared-*)." },
	{ .name = "gputop_client_memory_active_bytes", .unit = METRIC_BYTES, .of = METRIC_OF_CLIENT,
	  .per = METRIC_PER_REGION, .labels = "gpu region client", .get = get_client_active,
	  .help = "Memory of a client in use by an engine (drm-active-*)." },
	{ .name = "gputop_client_memory_purgeable_bytes", .unit = METRIC_BYTES, .of = METRIC_OF_CLIENT,
	  .per = METRIC_PER_REGION, .labels = "gpu region client", .get = get_client_purgeable,
	  .help = "Memory of a client that the kernel may drop (drm-purgeable-*)." },
};

const size_t n_metrics = N_OF(metrics);

static const char *const type_names[] = {
	[METRIC_GAUGE] = "gauge", [METRIC_COUNTER] = "counter", [METRIC_INFO] = "info",
};

static const char *const headings[] = {
	[METRIC_OF_GPUTOP] = "Gputop itself", [METRIC_OF_DEVICE] = "Devices", [METRIC_OF_USER] = "Users",
	[METRIC_OF_CGROUP] = "Control groups", [METRIC_OF_CLIENT] = "Clients",
};

void metrics_manual(struct buf *out)
{
	for (size_t i = 0; i < n_metrics; i++) {
		const struct metric *m = &metrics[i];

		if (i == 0 || m->of != metrics[i - 1].of)
			buf_printf(out, "%s.Ss %s\n.Bl -tag -width Ds\n", i ? ".El\n" : "", headings[m->of]);
		buf_printf(out, ".It Cm %s%s\n.Pq %s", m->name, metric_suffix(m), type_names[m->type]);
		if (m->labels)
			buf_printf(out, "; labels: %s", m->labels);
		buf_printf(out, "\n%s\n", m->help);
	}
	buf_printf(out, ".El\n");
}
