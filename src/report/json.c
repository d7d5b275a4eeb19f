/* SPDX-License-Identifier: MIT */
#include "report.h"

#include <errno.h>
#include <math.h>

#include <jansson.h>

#include "text.h"

/* What building needs: jansson answers NULL where memory ran out, and put() keeps that until the end. */
struct maker {
	struct buf text;	/* scratch: text made valid */
	struct buf cell;	/* scratch of the getters */
	int err;
};

static void put(struct maker *m, json_t *object, const char *key, json_t *value)
{
	if (json_object_set_new(object, key, value))
		m->err = -ENOMEM;
}

static void append(struct maker *m, json_t *array, json_t *value)
{
	if (json_array_append_new(array, value))
		m->err = -ENOMEM;
}

/* The text in m->text, valid until the next call; NULL if there is no memory for it. */
static const char *valid(struct maker *m, struct str s)
{
	buf_reset(&m->text);
	text_add_utf8(&m->text, s);
	return buf_reserve(&m->text, 0) ? NULL : m->text.ptr;
}

static json_t *text(struct maker *m, struct str s)
{
	const char *utf8;

	if (!s.ptr)
		return json_null();
	utf8 = valid(m, s);
	return utf8 ? json_stringn(utf8, m->text.len) : NULL;
}

/* Names are raw bytes as well, and keys of objects. */
static void put_named(struct maker *m, json_t *object, struct str name, json_t *value)
{
	const char *key = valid(m, name);

	if (key) {
		put(m, object, key, value);
	} else {
		json_decref(value);
		m->err = -ENOMEM;
	}
}

static json_t *count(uint64_t n)
{
	if (n == UNKNOWN)
		return json_null();
	/* beyond what jansson's integers hold, a rounded number is still a number */
	return n <= INT64_MAX ? json_integer((json_int_t)n) : json_real((double)n);
}

/* Millionths are what a measurement over an interval is good for, and stay readable. */
static json_t *ratio(double r)
{
	return isfinite(r) ? json_real(round(r * 1e6) / 1e6) : json_null();
}

static json_t *seconds(uint64_t ns)
{
	return ns == UNKNOWN ? json_null() : json_real((double)ns / 1e9);
}

static json_t *cell(struct maker *m, const struct value *v)
{
	return v->type == FIELD_TEXT ? text(m, v->text) :
	       v->type == FIELD_RATIO ? ratio(v->ratio) : count(v->n);
}

static json_t *engine_json(struct maker *m, const struct snapshot_engine *e,
			   const struct engine_usage *usage)
{
	json_t *o = json_object();

	put(m, o, "capacity", count(e->capacity));
	put(m, o, "busy", ratio(usage->busy / (double)e->capacity));
	put(m, o, "busy_ns", count(usage->busy_ns));
	put(m, o, "cycles", count(usage->cycles));
	put(m, o, "total_cycles", count(usage->total_cycles));
	put(m, o, "curfreq_hz", count(e->curfreq_hz));
	put(m, o, "maxfreq_hz", count(e->maxfreq_hz));
	return o;
}

static json_t *region_json(struct maker *m, const struct region_usage *usage)
{
	json_t *o = json_object();

	put(m, o, "total", count(usage->total));
	put(m, o, "resident", count(usage->resident));
	put(m, o, "shared", count(usage->shared));
	put(m, o, "active", count(usage->active));
	put(m, o, "purgeable", count(usage->purgeable));
	return o;
}

/* @c NULL: the device's own sums. Either way there is a key for everything the device has. */
static void put_usage(struct maker *m, json_t *o, const struct snapshot_device *d,
		      const struct snapshot_client *c)
{
	json_t *engines = json_object(), *regions = json_object();

	for (size_t i = 0; i < d->n_engines; i++) {
		const struct snapshot_engine *e = &d->engines[i];

		put_named(m, engines, str_of(e->name),
			  engine_json(m, e, c ? &c->engines[i] : &e->usage));
	}
	for (size_t i = 0; i < d->n_regions; i++) {
		const struct snapshot_region *r = &d->regions[i];

		put_named(m, regions, str_of(r->name),
			  region_json(m, c ? &c->regions[i] : &r->usage));
	}
	put(m, o, "engines", engines);
	put(m, o, "regions", regions);
}

static json_t *millionths(uint64_t n)
{
	return n == UNKNOWN ? json_null() : json_real((double)n / 1e6);
}

static void put_sensors(struct maker *m, json_t *o, const struct sensors *s)
{
	uint64_t mdeg = sensors_get(s, SENSOR_TEMPERATURE);
	json_t *memory = json_object();

	put(m, o, "clock_hz", count(sensors_get(s, SENSOR_CLOCK)));
	put(m, o, "clock_max_hz", count(sensors_get(s, SENSOR_CLOCK_MAX)));
	put(m, o, "power_w", millionths(sensors_get(s, SENSOR_POWER)));
	put(m, o, "power_cap_w", millionths(sensors_get(s, SENSOR_POWER_CAP)));
	put(m, o, "temperature_c", mdeg == UNKNOWN ? json_null() : json_real((double)mdeg / 1e3));
	put(m, o, "fan_rpm", count(sensors_get(s, SENSOR_FAN)));
	for (size_t i = 0; i < s->n_sizes; i++)
		put_named(m, memory, str_of(s->sizes[i].region), count(s->sizes[i].bytes));
	put(m, o, "memory", memory);
}

static json_t *device_json(struct maker *m, const struct snapshot_device *d)
{
	static const char *const powers[] = {
		[DEVICE_POWER_UNKNOWN] = NULL, [DEVICE_AWAKE] = "awake", [DEVICE_ASLEEP] = "asleep",
	};
	json_t *o = json_object(), *nodes = json_array();

	put(m, o, "gpu", text(m, str_or_absent(d->device.gpu)));
	put(m, o, "driver", text(m, str_or_absent(d->device.driver)));
	put(m, o, "name", text(m, str_or_absent(d->device.name)));
	for (size_t i = 0; i < d->device.n_nodes; i++)
		append(m, nodes, text(m, str_of(d->device.nodes[i].name)));
	put(m, o, "nodes", nodes);
	put(m, o, "vendor_id", count(d->device.vendor_id ? d->device.vendor_id : UNKNOWN));
	put(m, o, "device_id", count(d->device.vendor_id ? d->device.device_id : UNKNOWN));
	put(m, o, "power", text(m, str_of(powers[d->device.power])));
	put_sensors(m, o, &d->device.sensors);
	put(m, o, "clients", count(d->n_clients));
	put(m, o, "processes", count(d->n_processes));
	put_usage(m, o, d, NULL);
	return o;
}

static json_t *holders_json(struct maker *m, const struct snapshot_client *c)
{
	json_t *a = json_array();

	for (size_t i = 0; i < c->n_holders; i++) {
		json_t *o = json_object();

		put(m, o, "pid", json_integer(c->holders[i].pid));
		put(m, o, "fd", json_integer(c->holders[i].fd));
		append(m, a, o);
	}
	return a;
}

static json_t *sharers_json(struct maker *m, const struct snapshot_client *c)
{
	json_t *a = json_array();

	for (size_t i = 0; i < c->n_sharers; i++)
		append(m, a, json_integer(c->sharers[i]->pid));
	return a;
}

/* Of a repeated key the last. */
static json_t *extras_json(struct maker *m, const struct snapshot_client *c)
{
	json_t *o = json_object();

	for (size_t i = 0; i < c->n_extras; i++) {
		struct str key, value;

		snapshot_extra(c->extras[i], &key, &value);
		put_named(m, o, key, text(m, value));
	}
	return o;
}

static json_t *client_json(struct maker *m, const struct snapshot_client *c)
{
	json_t *o = json_object();

	for (size_t i = 0; i < n_fields; i++) {
		struct value v;

		if (fields[i].scope != FIELD_OF_CLIENT)
			continue;
		buf_reset(&m->cell);
		v = fields[i].get(c, 0, &m->cell);
		put(m, o, fields[i].key, cell(m, &v));
	}
	/* these two are lists here, and text elsewhere */
	put(m, o, "holders", holders_json(m, c));
	put(m, o, "sharers", sharers_json(m, c));
	put(m, o, "extras", extras_json(m, c));
	put_usage(m, o, c->device, c);
	return o;
}

static json_t *scan_json(struct maker *m, const struct scan *scan)
{
	json_t *o = json_object(), *syscalls = json_object();

	put(m, o, "finder", text(m, str_of(scan->finder)));
	put(m, o, "passed_over", text(m, str_or_absent(scan->passed_over)));
	put(m, o, "wall_s", seconds(scan->wall_ns));
	put(m, o, "cpu_s", seconds(scan->cpu_ns));
	put(m, o, "processes", count(scan->processes));
	put(m, o, "fds", count(scan->fds));
	put(m, o, "reads", count(scan->reads));
	put(m, o, "denied", count(scan->denied));
	put(m, o, "gone", count(scan->gone));
	put(m, o, "malformed", count(scan->malformed));
	for (size_t i = 0; i < N_SYSCALL_KINDS; i++)
		put(m, syscalls, syscall_names[i], count(scan->syscalls[i]));
	put(m, o, "syscalls", syscalls);
	return o;
}

static json_t *frame_json(struct maker *m, const struct snapshot *s, const struct view *v)
{
	json_t *o = json_object(), *devices = json_array(), *clients = json_array();
	char t[32];

	report_time(s->frame.clock_ns, t);
	put(m, o, "schema", json_string("gputop/1"));
	put(m, o, "t", json_string(t));
	put(m, o, "host", text(m, str_or_absent(s->frame.host)));
	put(m, o, "interval_s", seconds(s->interval_ns));
	put(m, o, "scan", scan_json(m, &s->frame.scan));
	for (size_t i = 0; i < v->n_devices; i++)
		append(m, devices, device_json(m, v->devices[i]));
	put(m, o, "devices", devices);
	for (size_t i = 0; i < v->n_clients; i++)
		append(m, clients, client_json(m, v->clients[i]));
	put(m, o, "clients", clients);
	return o;
}

/* jansson leaves DEL as it is, which JSON allows and a terminal may not like. */
static int add_bytes(const char *bytes, size_t len, void *out)
{
	const char *del;

	while ((del = memchr(bytes, 0x7f, len))) {
		buf_add(out, bytes, (size_t)(del - bytes));
		buf_add(out, "\\u007f", 6);
		len -= (size_t)(del + 1 - bytes);
		bytes = del + 1;
	}
	buf_add(out, bytes, len);
	return ((struct buf *)out)->err;
}

int report_json(const struct snapshot *s, const struct view *v, struct buf *out)
{
	struct maker m = { .err = 0 };
	json_t *frame = frame_json(&m, s, v);

	if (!m.err && json_dump_callback(frame, add_bytes, out,
					 JSON_COMPACT | JSON_ENSURE_ASCII | JSON_REAL_PRECISION(15)))
		m.err = -ENOMEM;
	buf_add(out, "\n", 1);
	json_decref(frame);
	buf_done(&m.text);
	buf_done(&m.cell);
	return m.err ? m.err : out->err;
}
