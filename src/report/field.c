/* SPDX-License-Identifier: MIT */
#include "field.h"

#include <errno.h>
#include <math.h>

static struct value text(const char *s)
{
	return (struct value){ .type = FIELD_TEXT, .text = str_or_absent(s) };
}

static struct value number(enum field_type type, uint64_t n)
{
	return (struct value){ .type = type, .n = n };
}

static struct value ratio(double r)
{
	return (struct value){ .type = FIELD_RATIO, .ratio = r };
}

/* What was appended to @scratch since it was @from long. */
static struct value made(const struct buf *scratch, size_t from)
{
	struct value v = { .type = FIELD_TEXT };

	if (!scratch->err && scratch->len > from)
		v.text = (struct str){ scratch->ptr + from, scratch->len - from };
	return v;
}

/* Fields of a client: @i is 0, and most need no scratch. */
#define CLIENT_GETTER(name) \
	static struct value name(const struct snapshot_client *c, size_t i __attribute__((unused)), \
				 struct buf *scratch __attribute__((unused)))

CLIENT_GETTER(get_pid) { return number(FIELD_COUNT, (uint64_t)c->process->pid); }
CLIENT_GETTER(get_ppid)
{
	return number(FIELD_COUNT, c->process->n_ancestors ? (uint64_t)c->process->ancestors[0] : UNKNOWN);
}

CLIENT_GETTER(get_user) { return text(c->process->user); }
CLIENT_GETTER(get_uid) { return number(FIELD_COUNT, c->process->uid); }
CLIENT_GETTER(get_comm) { return text(c->process->comm); }
CLIENT_GETTER(get_cmdline) { return text(c->process->cmdline); }
CLIENT_GETTER(get_start) { return number(FIELD_COUNT, c->process->start_time); }
CLIENT_GETTER(get_cgroup) { return text(c->process->cgroup); }
CLIENT_GETTER(get_unit) { return text(c->process->facts.unit); }
CLIENT_GETTER(get_slice) { return text(c->process->facts.slice); }
CLIENT_GETTER(get_container) { return text(c->process->facts.container); }
CLIENT_GETTER(get_pod) { return text(c->process->facts.pod_uid); }
CLIENT_GETTER(get_slurm_job) { return text(c->process->facts.slurm_job); }
/* As long as one knows it again: of a container id twelve digits, of a unit what it is called before its kind. */
CLIENT_GETTER(get_workload)
{
	const struct cgroup *facts = &c->process->facts;
	size_t from = scratch->len;
	struct value v = text(facts->unit);
	const char *dot;

	if (*facts->container) {
		v = text(facts->container);
		v.text.len = v.text.len < 12 ? v.text.len : 12;
	} else if (*facts->slurm_job) {
		buf_printf(scratch, "job %s", facts->slurm_job);
		return made(scratch, from);
	} else if (*facts->unit) {
		dot = strrchr(facts->unit, '.');
		if (dot && dot > facts->unit)
			v.text.len = (size_t)(dot - facts->unit);
	}
	return v;
}

CLIENT_GETTER(get_gpu) { return text(c->device->device.gpu); }
CLIENT_GETTER(get_driver) { return text(c->device->device.driver); }
CLIENT_GETTER(get_id) { return number(FIELD_COUNT, c->id); }
CLIENT_GETTER(get_name) { return text(c->name); }
CLIENT_GETTER(get_fds) { return number(FIELD_COUNT, c->n_holders); }
CLIENT_GETTER(get_use) { return ratio(snapshot_client_use(c)); }
CLIENT_GETTER(get_memory) { return number(FIELD_BYTES, snapshot_client_memory(c)); }
CLIENT_GETTER(get_interval) { return number(FIELD_NS, c->interval_ns); }

CLIENT_GETTER(get_age)
{
	return number(FIELD_NS, c->first_ns == UNKNOWN ? UNKNOWN : c->t_ns - c->first_ns);
}

CLIENT_GETTER(get_node)
{
	const struct device *d = &c->device->device;

	for (size_t n = 0; c->rdev && n < d->n_nodes; n++)
		if (d->nodes[n].rdev == c->rdev)
			return text(d->nodes[n].name);
	return text(NULL);
}

CLIENT_GETTER(get_holders)
{
	size_t from = scratch->len;

	for (size_t h = 0; h < c->n_holders; h++)
		buf_printf(scratch, "%s%d:%d", h ? " " : "", c->holders[h].pid, c->holders[h].fd);
	return made(scratch, from);
}

CLIENT_GETTER(get_sharers)
{
	size_t from = scratch->len;

	for (size_t s = 0; s < c->n_sharers; s++)
		buf_printf(scratch, "%s%d", s ? " " : "", c->sharers[s]->pid);
	return made(scratch, from);
}

CLIENT_GETTER(get_gputime)
{
	uint64_t sum = UNKNOWN;

	for (size_t e = 0; e < c->device->n_engines; e++)
		counter_add(&sum, c->engines[e].busy_ns);
	return number(FIELD_NS, sum);
}

/* Fields of an engine or region. */
#define PART_GETTER(name) \
	static struct value name(const struct snapshot_client *c, size_t i, \
				 struct buf *scratch __attribute__((unused)))

PART_GETTER(get_busy) { return ratio(c->engines[i].busy / (double)c->device->engines[i].capacity); }
PART_GETTER(get_busy_ns) { return number(FIELD_NS, c->engines[i].busy_ns); }
PART_GETTER(get_cycles) { return number(FIELD_COUNT, c->engines[i].cycles); }
PART_GETTER(get_total_cycles) { return number(FIELD_COUNT, c->engines[i].total_cycles); }
PART_GETTER(get_total) { return number(FIELD_BYTES, c->regions[i].total); }
PART_GETTER(get_shared) { return number(FIELD_BYTES, c->regions[i].shared); }
PART_GETTER(get_resident) { return number(FIELD_BYTES, c->regions[i].resident); }
PART_GETTER(get_purgeable) { return number(FIELD_BYTES, c->regions[i].purgeable); }
PART_GETTER(get_active) { return number(FIELD_BYTES, c->regions[i].active); }
PART_GETTER(get_mem) { return number(FIELD_BYTES, region_usage_memory(&c->regions[i])); }

const struct field fields[] = {
	{ .key = "pid", .title = "PID", .type = FIELD_COUNT, .unit = "",
	  .width = 7, .get = get_pid,
	  .help = "Process the client belongs to: the oldest that holds it." },
	{ .key = "ppid", .title = "PPID", .type = FIELD_COUNT, .unit = "",
	  .width = 7, .get = get_ppid,
	  .help = "Its parent." },
	{ .key = "user", .title = "USER", .type = FIELD_TEXT, .unit = "",
	  .width = 9, .get = get_user,
	  .help = "Its effective user, as a name, or a number where there is no name." },
	{ .key = "uid", .title = "UID", .type = FIELD_COUNT, .unit = "",
	  .width = 7, .get = get_uid,
	  .help = "Its effective user, as a number." },
	{ .key = "gpu", .title = "GPU", .type = FIELD_TEXT, .unit = "",
	  .width = 12, .get = get_gpu,
	  .help = "Device: its PCI address, else its name in sysfs, else minor:N." },
	{ .key = "driver", .title = "DRIVER", .type = FIELD_TEXT, .unit = "",
	  .width = 9, .get = get_driver,
	  .help = "Kernel driver of the device." },
	{ .key = "node", .title = "NODE", .type = FIELD_TEXT, .unit = "",
	  .width = 11, .get = get_node,
	  .help = "Device node the client was opened through, such as renderD128." },
	{ .key = "id", .title = "ID", .type = FIELD_COUNT, .unit = "",
	  .width = 7, .get = get_id,
	  .help = "The kernel's number of the client, unique on its device (drm-client-id)." },
	{ .key = "name", .title = "NAME", .type = FIELD_TEXT, .unit = "",
	  .width = 15, .get = get_name,
	  .help = "Name the client gave itself (drm-client-name)." },
	{ .key = "use", .title = "USE", .type = FIELD_RATIO, .unit = "ratio",
	  .group = FIELD_SUM, .width = 6, .get = get_use,
	  .help = "Share of the device's engines in use in the interval, summed over engines." },
	{ .key = "busy", .title = "BUSY", .type = FIELD_RATIO, .unit = "ratio",
	  .scope = FIELD_OF_ENGINE, .group = FIELD_SUM, .width = 6, .get = get_busy,
	  .help = "Share of the engine's capacity in use in the interval." },
	{ .key = "busy_ns", .title = "TIME", .type = FIELD_NS, .unit = "ns",
	  .scope = FIELD_OF_ENGINE, .group = FIELD_SUM, .width = 9, .get = get_busy_ns,
	  .help = "Time the engine was busy for the client since it opened (drm-engine-)." },
	{ .key = "cycles", .title = "CYCLES", .type = FIELD_COUNT, .unit = "",
	  .scope = FIELD_OF_ENGINE, .group = FIELD_SUM, .width = 12, .get = get_cycles,
	  .help = "Cycles the engine was busy for the client since it opened (drm-cycles-)." },
	{ .key = "total_cycles", .title = "TOTAL CYCLES", .type = FIELD_COUNT, .unit = "",
	  .scope = FIELD_OF_ENGINE, .group = FIELD_MAX, .width = 12, .get = get_total_cycles,
	  .help = "Cycles that went by on the engine, as the driver counts them (drm-total-cycles-)." },
	{ .key = "gputime", .title = "GPU TIME", .type = FIELD_NS, .unit = "ns",
	  .group = FIELD_SUM, .width = 9, .get = get_gputime,
	  .help = "Time engines were busy for the client since it opened, summed over engines." },
	{ .key = "memory", .title = "MEM", .type = FIELD_BYTES, .unit = "bytes",
	  .group = FIELD_SUM, .width = 7, .get = get_memory,
	  .help = "Resident memory, summed over regions; total where resident is unknown." },
	{ .key = "mem", .title = "MEM", .type = FIELD_BYTES, .unit = "bytes",
	  .scope = FIELD_OF_REGION, .group = FIELD_SUM, .width = 7, .get = get_mem,
	  .help = "Resident memory in the region; total where resident is unknown." },
	{ .key = "total", .title = "TOTAL", .type = FIELD_BYTES, .unit = "bytes",
	  .scope = FIELD_OF_REGION, .group = FIELD_SUM, .width = 7, .get = get_total,
	  .help = "Size of all the client's objects, with storage or without (drm-total-)." },
	{ .key = "resident", .title = "RES", .type = FIELD_BYTES, .unit = "bytes",
	  .scope = FIELD_OF_REGION, .group = FIELD_SUM, .width = 7, .get = get_resident,
	  .help = "Memory that backs its objects now (drm-resident-, or the older drm-memory-)." },
	{ .key = "shared", .title = "SHR", .type = FIELD_BYTES, .unit = "bytes",
	  .scope = FIELD_OF_REGION, .group = FIELD_SUM, .width = 7, .get = get_shared,
	  .help = "Part of total that other clients can reach too (drm-shared-)." },
	{ .key = "active", .title = "ACTIVE", .type = FIELD_BYTES, .unit = "bytes",
	  .scope = FIELD_OF_REGION, .group = FIELD_SUM, .width = 7, .get = get_active,
	  .help = "Memory that engines work on now (drm-active-)." },
	{ .key = "purgeable", .title = "PURGE", .type = FIELD_BYTES, .unit = "bytes",
	  .scope = FIELD_OF_REGION, .group = FIELD_SUM, .width = 7, .get = get_purgeable,
	  .help = "Part of resident that the kernel may drop when memory is short (drm-purgeable-)." },
	{ .key = "age", .title = "AGE", .type = FIELD_NS, .unit = "ns",
	  .group = FIELD_MAX, .width = 8, .get = get_age,
	  .help = "How long the client has been watched: from its first record to its last." },
	{ .key = "interval", .title = "INTERVAL", .type = FIELD_NS, .unit = "ns",
	  .group = FIELD_MAX, .width = 8, .get = get_interval,
	  .help = "Time between the last two readings of the client, which its rates are over." },
	{ .key = "start", .title = "START", .type = FIELD_COUNT, .unit = "ticks",
	  .width = 10, .get = get_start,
	  .help = "Start of the process in clock ticks since boot; with pid it names one process." },
	{ .key = "fds", .title = "FDS", .type = FIELD_COUNT, .unit = "",
	  .group = FIELD_SUM, .width = 4, .get = get_fds,
	  .help = "Number of file descriptors that hold the client." },
	{ .key = "holders", .title = "HOLDERS", .type = FIELD_TEXT, .unit = "",
	  .width = 16, .get = get_holders,
	  .help = "Those descriptors, as pid:fd, those of the process first." },
	{ .key = "sharers", .title = "SHARERS", .type = FIELD_TEXT, .unit = "",
	  .width = 12, .get = get_sharers,
	  .help = "Other processes that hold the client." },
	{ .key = "cgroup", .title = "CGROUP", .type = FIELD_TEXT, .unit = "",
	  .width = 24, .get = get_cgroup,
	  .help = "Path of the process' control group." },
	{ .key = "slice", .title = "SLICE", .type = FIELD_TEXT, .unit = "",
	  .width = 16, .get = get_slice,
	  .help = "systemd slice, from the control group." },
	{ .key = "unit", .title = "UNIT", .type = FIELD_TEXT, .unit = "",
	  .width = 20, .get = get_unit,
	  .help = "systemd service or scope, from the control group." },
	{ .key = "container", .title = "CONTAINER", .type = FIELD_TEXT, .unit = "",
	  .width = 12, .get = get_container,
	  .help = "Container id, from the control group." },
	{ .key = "pod", .title = "POD", .type = FIELD_TEXT, .unit = "",
	  .width = 12, .get = get_pod,
	  .help = "Kubernetes pod UID, from the control group." },
	{ .key = "slurm_job", .title = "JOB", .type = FIELD_TEXT, .unit = "",
	  .width = 8, .get = get_slurm_job,
	  .help = "Slurm job number, from the control group." },
	{ .key = "workload", .title = "WORKLOAD", .type = FIELD_TEXT, .unit = "",
	  .width = 16, .get = get_workload,
	  .help = "What the process is part of, in short: container, Slurm job, or else unit." },
	{ .key = "comm", .title = "COMM", .type = FIELD_TEXT, .unit = "",
	  .width = 15, .get = get_comm,
	  .help = "Short name of the process, as the kernel knows it." },
	{ .key = "cmdline", .title = "COMMAND", .type = FIELD_TEXT, .unit = "",
	  .width = 0, .get = get_cmdline,
	  .help = "Command line of the process." },
};

const size_t n_fields = N_OF(fields);

const struct field *field_find(struct str key)
{
	for (size_t i = 0; i < n_fields; i++)
		if (str_is(key, fields[i].key))
			return &fields[i];
	return NULL;
}

bool column_equal(const struct column *a, const struct column *b)
{
	return a->field == b->field && strcmp(a->of, b->of) == 0;
}

int column_parse(struct str part, struct column *ret)
{
	struct str key = { part.ptr, 0 };
	struct column col = { 0 };

	while (key.len < part.len && part.ptr[key.len] != ':')
		key.len++;
	col.field = field_find(key);
	if (!col.field)
		return -ENOENT;
	if (key.len < part.len) {
		size_t len = part.len - key.len - 1;

		if (col.field->scope == FIELD_OF_CLIENT || len == 0 || len >= sizeof(col.of))
			return -ENOENT;
		memcpy(col.of, part.ptr + key.len + 1, len);
	}
	*ret = col;
	return 0;
}

int columns_parse(const char *list, struct column *ret, size_t size, struct str *bad)
{
	int n = 0;

	for (;; list++) {
		struct str part = { list, strcspn(list, ",") };
		struct column col;

		if (column_parse(part, &col)) {
			*bad = part;
			return -ENOENT;
		}
		if ((size_t)n >= size)
			return -E2BIG;
		ret[n++] = col;
		list += part.len;
		if (!*list)
			return n;
	}
}

size_t field_n_parts(const struct field *f, const struct snapshot_device *d)
{
	return f->scope == FIELD_OF_ENGINE ? d->n_engines :
	       f->scope == FIELD_OF_REGION ? d->n_regions : 0;
}

const char *field_part_name(const struct field *f, const struct snapshot_device *d, size_t i)
{
	return f->scope == FIELD_OF_ENGINE ? d->engines[i].name : d->regions[i].name;
}

static struct value unknown(enum field_type type)
{
	return type == FIELD_TEXT ? text(NULL) :
	       type == FIELD_RATIO ? ratio(NAN) : number(type, UNKNOWN);
}

static void value_add(struct value *sum, const struct value *v)
{
	if (value_is_unknown(v))
		return;
	if (value_is_unknown(sum))
		*sum = *v;
	else if (v->type == FIELD_RATIO)
		sum->ratio += v->ratio;
	else
		counter_add(&sum->n, v->n);
}

struct value column_get(const struct column *col, const struct snapshot_client *c, struct buf *scratch)
{
	const struct field *f = col->field;
	struct value sum = unknown(f->type), v;

	if (f->scope == FIELD_OF_CLIENT)
		return f->get(c, 0, scratch);
	for (size_t i = 0; i < field_n_parts(f, c->device); i++) {
		if (col->of[0] && strcmp(col->of, field_part_name(f, c->device, i)) != 0)
			continue;
		v = f->get(c, i, scratch);
		if (col->of[0])
			return v;
		value_add(&sum, &v);
	}
	return sum;
}

static struct value common_value(const struct column *col, const struct snapshot_client *const *clients, size_t n,
				 struct buf *scratch)
{
	size_t from = scratch->len;
	struct value first = column_get(col, clients[0], scratch);
	bool was_made = scratch->len > from;

	for (size_t i = 1; i < n && !value_is_unknown(&first); i++) {
		struct value v = column_get(col, clients[i], scratch);

		/* making the other one may have moved this one */
		if (was_made)
			first.text.ptr = scratch->ptr + from;
		if (value_compare(&first, &v))
			first = unknown(first.type);
	}
	return first;
}

struct value column_get_group(const struct column *col, const struct snapshot_client *const *clients, size_t n,
			      struct buf *scratch)
{
	const struct field *f = col->field;
	struct value all;

	if (f->group == FIELD_COMMON)
		return common_value(col, clients, n, scratch);
	all = column_get(col, clients[0], scratch);
	for (size_t i = 1; i < n; i++) {
		struct value v = column_get(col, clients[i], scratch);

		if (f->group == FIELD_SUM)
			value_add(&all, &v);
		else if (!value_is_unknown(&v) && (value_is_unknown(&all) || value_compare(&v, &all) > 0))
			all = v;
	}
	return all;
}

bool value_is_unknown(const struct value *v)
{
	return v->type == FIELD_TEXT ? !v->text.ptr :
	       v->type == FIELD_RATIO ? isnan(v->ratio) : v->n == UNKNOWN;
}

static int text_compare(struct str a, struct str b)
{
	int order = memcmp(a.ptr, b.ptr, a.len < b.len ? a.len : b.len);

	return order ? order : (a.len > b.len) - (a.len < b.len);
}

int value_compare(const struct value *a, const struct value *b)
{
	if (value_is_unknown(a) || value_is_unknown(b))
		return value_is_unknown(a) - value_is_unknown(b);
	if (a->type == FIELD_TEXT)
		return text_compare(a->text, b->text);
	if (a->type == FIELD_RATIO)
		return (a->ratio > b->ratio) - (a->ratio < b->ratio);
	return (a->n > b->n) - (a->n < b->n);
}
