/* SPDX-License-Identifier: MIT */
#include "record.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/sysmacros.h>

#include "array.h"
#include "parse.h"
#include "record_keys.h"

#define KEY(s) .name = { (s), sizeof(s) - 1 }
#define AT(of, field) .offset = offsetof(of, field)
#define CHARS(of, field) \
	.type = RECORD_CHARS, AT(of, field), .size = sizeof(((of *)NULL)->field)
#define GPU_SIZE sizeof(((struct device *)NULL)->gpu)

static const struct record_key protocol_keys[] = {
	{ KEY("protocol"), RECORD_COUNT, true, AT(struct record, protocol) },
};

static const struct record_key hidden_keys[] = {
	{ KEY("hidden"), RECORD_COUNT, true, AT(struct record, hidden) },
};

static const struct record_key device_keys[] = {
	{ KEY("device"), .is_head = true, CHARS(struct device, gpu) },
	{ KEY("device-driver"), CHARS(struct device, driver) },
	{ KEY("device-name"), CHARS(struct device, name) },
	{ KEY("device-nodes"), RECORD_NODES },
	{ KEY("device-vendor"), RECORD_HEX, AT(struct device, vendor_id) },
	{ KEY("device-id"), RECORD_HEX, AT(struct device, device_id) },
	{ KEY("device-instance"), RECORD_HEX, AT(struct device, instance) },
	{ KEY("device-power"), RECORD_POWER, AT(struct device, power) },
	{ KEY("device-sensors"), RECORD_SENSORS, AT(struct device, sensors) },
	{ KEY("device-memory"), RECORD_SIZES, AT(struct device, sensors) },
};

static const struct record_key client_keys[] = {
	{ KEY("pid"), RECORD_PID, true, AT(struct record, process.pid) },
	{ KEY("fd"), RECORD_FD, true },
	{ KEY("fds"), RECORD_FDS },
	{ KEY("gpu"), RECORD_TEXT, AT(struct record, gpu), .size = GPU_SIZE },
	{ KEY("dev"), RECORD_DEV, AT(struct record, rdev) },
	{ KEY("client"), RECORD_COUNT, AT(struct record, listed_id) },
	{ KEY("refs"), RECORD_COUNT, AT(struct record, refs) },
	{ KEY("time"), RECORD_NS, AT(struct record, t_ns) },
	{ KEY("start-time"), RECORD_COUNT, AT(struct record, process.start_time) },
	{ KEY("uid"), RECORD_COUNT, AT(struct record, process.uid) },
	{ KEY("user"), RECORD_TEXT, AT(struct record, process.user) },
	{ KEY("comm"), RECORD_TEXT, AT(struct record, process.comm) },
	{ KEY("cmdline"), RECORD_TEXT, AT(struct record, process.cmdline) },
	{ KEY("cgroup"), RECORD_TEXT, AT(struct record, process.cgroup) },
	{ KEY("ancestors"), RECORD_ANCESTORS, AT(struct record, process) },
};

static const struct record_key frame_keys[] = {
	{ KEY("frame"), RECORD_COUNT, true, AT(struct frame, seq) },
	{ KEY("time"), RECORD_NS, AT(struct frame, t_ns) },
	{ KEY("clock"), RECORD_NS, AT(struct frame, clock_ns) },
	{ KEY("host"), CHARS(struct frame, host) },
	{ KEY("scan-finder"), CHARS(struct frame, scan.finder) },
	{ KEY("scan-passed-over"), CHARS(struct frame, scan.passed_over) },
	{ KEY("scan-wall"), RECORD_NS, AT(struct frame, scan.wall_ns) },
	{ KEY("scan-cpu"), RECORD_NS, AT(struct frame, scan.cpu_ns) },
	{ KEY("scan-processes"), RECORD_COUNT, AT(struct frame, scan.processes) },
	{ KEY("scan-fds"), RECORD_COUNT, AT(struct frame, scan.fds) },
	{ KEY("scan-reads"), RECORD_COUNT, AT(struct frame, scan.reads) },
	{ KEY("scan-denied"), RECORD_COUNT, AT(struct frame, scan.denied) },
	{ KEY("scan-gone"), RECORD_COUNT, AT(struct frame, scan.gone) },
	{ KEY("scan-malformed"), RECORD_COUNT, AT(struct frame, scan.malformed) },
	{ KEY("scan-syscalls"), RECORD_SYSCALLS, AT(struct frame, scan.syscalls) },
};

#define FORMAT(keys) { (keys), N_OF(keys) }
const struct record_format record_formats[N_RECORD_KINDS] = {
	[RECORD_PROTOCOL] = FORMAT(protocol_keys),
	[RECORD_DEVICE] = FORMAT(device_keys),
	[RECORD_CLIENT] = FORMAT(client_keys),
	[RECORD_FRAME] = FORMAT(frame_keys),
	[RECORD_HIDDEN] = FORMAT(hidden_keys),
};

const char *const record_power_names[N_POWER_NAMES] = {
	[DEVICE_POWER_UNKNOWN] = "unknown", [DEVICE_AWAKE] = "awake", [DEVICE_ASLEEP] = "asleep",
};

void record_done(struct record *r)
{
	fdinfo_done(&r->fi);
	free(r->fds);
	buf_done(&r->scratch);
	*r = (struct record){ 0 };
}

void record_reset(struct record *r)
{
	struct fdinfo fi = r->fi;
	struct buf scratch = r->scratch;

	fdinfo_reset(&fi);
	buf_reset(&scratch);
	*r = (struct record){
		.fi = fi, .scratch = scratch, .fds = r->fds, .fds_size = r->fds_size,
		.listed_id = UNKNOWN, .refs = UNKNOWN, .process = { .uid = UNKNOWN },
	};
}

int record_add_fd(struct record *r, int fd)
{
	size_t at = r->n_fds;

	while (at > 0 && r->fds[at - 1] > fd)
		at--;
	if (at > 0 && r->fds[at - 1] == fd)
		return 0;
	if (ARRAY_RESERVE(&r->fds, &r->fds_size, r->n_fds + 1))
		return -ENOMEM;
	memmove(&r->fds[at + 1], &r->fds[at], (r->n_fds - at) * sizeof(*r->fds));
	r->fds[at] = fd;
	r->n_fds++;
	return 0;
}

/* The parsers of values return 0, -EINVAL for one that makes no sense, or -ENOMEM. */

static int parse_fds(struct record *r, struct str value)
{
	struct str word;
	uint64_t fd, next = 0;
	int e = 0;

	r->n_fds = 0;
	while (e == 0 && parse_word(&value, &word)) {
		/* Descending ones would make adding them quadratic. */
		if (!parse_digits(word, INT_MAX, &fd) || fd < next)
			return -EINVAL;
		next = fd + 1;
		e = record_add_fd(r, (int)fd);
	}
	return e;
}

static int parse_dev(struct str value, dev_t *ret)
{
	struct str before, after;
	uint64_t major_nr, minor_nr;

	if (!parse_key(value, &before, &after) || !parse_digits(before, UINT32_MAX, &major_nr) ||
	    !parse_digits(after, UINT32_MAX, &minor_nr))
		return -EINVAL;
	*ret = makedev((unsigned int)major_nr, (unsigned int)minor_nr);
	return 0;
}

/* "name=value" */
static bool parse_pair(struct str word, struct str *ret_name, struct str *ret_value)
{
	const char *equals = memchr(word.ptr, '=', word.len);

	if (!equals)
		return false;
	*ret_name = (struct str){ word.ptr, (size_t)(equals - word.ptr) };
	*ret_value = (struct str){ equals + 1, word.len - ret_name->len - 1 };
	return true;
}

static int parse_chars(struct str text, char *ret, size_t size)
{
	if (text.len == 0 || text.len >= size || memchr(text.ptr, '\0', text.len))
		return -EINVAL;
	memcpy(ret, text.ptr, text.len);
	ret[text.len] = '\0';
	return 0;
}

static int parse_nodes(struct device *d, struct str value)
{
	struct str word, name, dev;

	d->n_nodes = 0;
	while (parse_word(&value, &word)) {
		struct device_node *node = &d->nodes[d->n_nodes];

		if (d->n_nodes == DEVICE_MAX_NODES || !parse_pair(word, &name, &dev) ||
		    parse_chars(name, node->name, sizeof(node->name)) ||
		    parse_dev(dev, &node->rdev))
			return -EINVAL;
		d->n_nodes++;
	}
	return 0;
}

static int parse_sensors(struct sensors *s, struct str value)
{
	struct str word, name, text;
	uint64_t n;

	while (parse_word(&value, &word)) {
		if (!parse_pair(word, &name, &text) || !parse_digits(text, UNKNOWN - 1, &n))
			return -EINVAL;
		for (unsigned int i = 0; i < N_SENSORS; i++)
			if (str_is(name, sensor_names[i]))
				sensors_set(s, (enum sensor)i, n);
	}
	return 0;
}

static int parse_sizes(struct sensors *s, struct str value)
{
	struct str word, name, text;

	s->n_sizes = 0;
	while (parse_word(&value, &word)) {
		struct sensor_size *size = &s->sizes[s->n_sizes];

		if (s->n_sizes == SENSORS_MAX_SIZES || !parse_pair(word, &name, &text) ||
		    parse_chars(name, size->region, sizeof(size->region)) ||
		    !parse_digits(text, UNKNOWN - 1, &size->bytes))
			return -EINVAL;
		s->n_sizes++;
	}
	return 0;
}

static int parse_ancestors(struct process *p, struct str value)
{
	struct str word;
	uint64_t pid;

	p->n_ancestors = 0;
	while (parse_word(&value, &word)) {
		if (p->n_ancestors == PROCESS_MAX_ANCESTORS || !parse_digits(word, INT_MAX, &pid))
			return -EINVAL;
		p->ancestors[p->n_ancestors++] = (pid_t)pid;
	}
	return 0;
}

static int parse_syscalls(uint64_t *counts, struct str value)
{
	struct str word, name, count;

	while (parse_word(&value, &word)) {
		if (!parse_pair(word, &name, &count))
			return -EINVAL;
		for (size_t i = 0; i < N_SYSCALL_KINDS; i++)
			if (str_is(name, syscall_names[i]) &&
			    !parse_digits(count, UNKNOWN - 1, &counts[i]))
				return -EINVAL;
	}
	return 0;
}

static int parse_hex(struct str value, uint32_t *ret)
{
	uint32_t n = 0;

	value = parse_trim(value);
	parse_prefix(&value, "0x", 2);
	if (value.len == 0 || value.len > 8)
		return -EINVAL;
	for (size_t i = 0; i < value.len; i++) {
		char c = value.ptr[i];

		if (c >= '0' && c <= '9')
			n = n << 4 | (uint32_t)(c - '0');
		else if (c >= 'a' && c <= 'f')
			n = n << 4 | (uint32_t)(c - 'a' + 10);
		else
			return -EINVAL;
	}
	*ret = n;
	return 0;
}

static int parse_power(struct str value, enum device_power *ret)
{
	value = parse_trim(value);
	for (unsigned int i = 0; i < N_POWER_NAMES; i++) {
		if (!str_is(value, record_power_names[i]))
			continue;
		*ret = (enum device_power)i;
		return 0;
	}
	return -EINVAL;
}

/*
 * Text begins after one blank, so that it may itself begin with some. Borrows from the record's
 * text, or from scratch, where record_parse() made room for all of it: no later text moves this one.
 */
static struct str unescape(struct record *r, struct str value)
{
	size_t start = r->scratch.len;

	if (value.len > 0 && (value.ptr[0] == '\t' || value.ptr[0] == ' '))
		value = (struct str){ value.ptr + 1, value.len - 1 };
	if (!memchr(value.ptr, '\\', value.len))
		return value;
	buf_add_unescaped(&r->scratch, value);
	return (struct str){ r->scratch.ptr + start, r->scratch.len - start };
}

static int parse_text(struct str text, struct str *ret, size_t size)
{
	if (size && text.len >= size)
		return -EINVAL;
	*ret = text;
	return 0;
}

/* The struct that the keys of @kind fill. */
static void *base_of(struct record *r, enum record_kind kind)
{
	switch (kind) {
	case RECORD_DEVICE:
		return &r->device;
	case RECORD_FRAME:
		return &r->frame;
	default:
		return r;
	}
}

static int parse_value(struct record *r, enum record_kind kind, const struct record_key *key,
		       struct str value)
{
	void *base = base_of(r, kind);
	void *field = (char *)base + key->offset;
	uint64_t n;

	switch (key->type) {
	case RECORD_COUNT:
		return parse_count(value, units_none, field) ? 0 : -EINVAL;
	case RECORD_NS:
		return parse_count(value, units_ns, field) ? 0 : -EINVAL;
	case RECORD_HEX:
		return parse_hex(value, field);
	case RECORD_PID:
		if (!parse_digits(parse_trim(value), INT_MAX, &n))
			return -EINVAL;
		*(pid_t *)field = (pid_t)n;
		return 0;
	case RECORD_DEV:
		return parse_dev(parse_trim(value), field);
	case RECORD_TEXT:
		return parse_text(unescape(r, value), field, key->size);
	case RECORD_CHARS:
		return parse_chars(unescape(r, value), field, key->size);
	case RECORD_POWER:
		return parse_power(value, field);
	case RECORD_NODES:
		return parse_nodes(base, value);
	case RECORD_SENSORS:
		return parse_sensors(field, value);
	case RECORD_SIZES:
		return parse_sizes(field, value);
	case RECORD_SYSCALLS:
		return parse_syscalls(field, value);
	case RECORD_ANCESTORS:
		return parse_ancestors(field, value);
	case RECORD_FD:
	case RECORD_FDS:
		return parse_fds(r, value);
	}
	return -EINVAL;
}

static const struct record_key *find_key(enum record_kind kind, struct str name)
{
	const struct record_format *f = &record_formats[kind];

	for (size_t i = 0; i < f->n_keys; i++)
		if (str_eq(f->keys[i].name, name))
			return &f->keys[i];
	return NULL;
}

/* A line of ours, its prefix taken off. The first one that begins a record tells the kind. */
static int parse_ours(struct record *r, struct str name, struct str value)
{
	const struct record_key *key = find_key(r->kind, name);
	enum record_kind kind = r->kind;
	int e;

	for (unsigned int k = 0; r->kind == RECORD_EMPTY && k < N_RECORD_KINDS; k++) {
		const struct record_key *head = find_key((enum record_kind)k, name);

		if (!head || !head->is_head)
			continue;
		kind = (enum record_kind)k;
		key = head;
	}
	if (!key)
		return 0;
	e = parse_value(r, kind, key, value);
	if (e == -EINVAL) {
		r->fi.n_malformed++;
		return 0;
	}
	if (e == 0)
		r->kind = kind;
	return e;
}

int record_parse(struct record *r, struct str text)
{
	const char *end = text.len ? text.ptr + text.len : NULL;
	struct str line, key, value;
	int e;

	record_reset(r);
	e = buf_reserve(&r->scratch, text.len);
	while (e == 0 && parse_line(&text, &line)) {
		if (!parse_key(line, &key, &value)) {
			r->n_garbage += line.len > 0;
		} else if (!parse_prefix(&key, RECORD_PREFIX, sizeof(RECORD_PREFIX) - 1)) {
			if (!r->text.ptr)
				r->text = (struct str){ line.ptr, (size_t)(end - line.ptr) };
			e = fdinfo_parse_line(&r->fi, line);
		} else if (r->text.ptr) {
			/* A driver may not say who holds it. */
			r->fi.n_malformed++;
		} else {
			e = parse_ours(r, key, value);
		}
	}
	return e;
}
