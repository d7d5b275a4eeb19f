/* SPDX-License-Identifier: MIT */
#include <inttypes.h>
#include <sys/sysmacros.h>

#include "parse.h"
#include "record_keys.h"

/* So much of a text is written: four of them, each byte escaped to four, leave room in a record. */
#define TEXT_MAX (32u << 10)

static void write_text(struct buf *out, struct str text)
{
	if (text.len > TEXT_MAX)
		text.len = TEXT_MAX;
	buf_add_escaped(out, text);
}

/* As many as fit in a quarter of a record. */
static void write_fds(const struct record *r, struct buf *out)
{
	size_t start = out->len;

	for (size_t i = 0; i < r->n_fds && out->len - start < RECORD_MAX / 4; i++)
		buf_printf(out, "%s%d", i ? " " : "", r->fds[i]);
}

static void write_nodes(const struct device *d, struct buf *out)
{
	for (size_t i = 0; i < d->n_nodes; i++)
		buf_printf(out, "%s%s=%u:%u", i ? " " : "", d->nodes[i].name,
			   major(d->nodes[i].rdev), minor(d->nodes[i].rdev));
}

static void write_sensors(const struct sensors *s, struct buf *out)
{
	const char *blank = "";

	for (unsigned int i = 0; i < N_SENSORS; i++)
		if (sensors_get(s, (enum sensor)i) != UNKNOWN) {
			buf_printf(out, "%s%s=%" PRIu64, blank, sensor_names[i], s->values[i]);
			blank = " ";
		}
}

static void write_sizes(const struct sensors *s, struct buf *out)
{
	for (size_t i = 0; i < s->n_sizes; i++)
		buf_printf(out, "%s%s=%" PRIu64, i ? " " : "", s->sizes[i].region, s->sizes[i].bytes);
}

static void write_ancestors(const struct process *p, struct buf *out)
{
	for (size_t i = 0; i < p->n_ancestors; i++)
		buf_printf(out, "%s%d", i ? " " : "", p->ancestors[i]);
}

static void write_syscalls(const uint64_t *counts, struct buf *out)
{
	for (size_t i = 0; i < N_SYSCALL_KINDS; i++)
		buf_printf(out, "%s%s=%" PRIu64, i ? " " : "", syscall_names[i], counts[i]);
}

/* True if the value is what a reader has when the key is not there. */
static bool is_left_out(const void *base, const struct record_key *key)
{
	const void *field = (const char *)base + key->offset;

	switch (key->type) {
	case RECORD_COUNT:
		return *(const uint64_t *)field == UNKNOWN;
	case RECORD_NS:
		return *(const uint64_t *)field == 0;
	case RECORD_HEX:
		return *(const uint32_t *)field == 0;
	case RECORD_DEV:
		return *(const dev_t *)field == 0;
	case RECORD_TEXT:
		return !((const struct str *)field)->ptr;
	case RECORD_CHARS:
		return !*(const char *)field;
	case RECORD_NODES:
		return ((const struct device *)base)->n_nodes == 0;
	case RECORD_SENSORS:
		return !((const struct sensors *)field)->known;
	case RECORD_SIZES:
		return ((const struct sensors *)field)->n_sizes == 0;
	case RECORD_FDS:
		return ((const struct record *)base)->n_fds == 0;
	case RECORD_ANCESTORS:
		return ((const struct process *)field)->n_ancestors == 0;
	case RECORD_FD:
		return true;
	case RECORD_PID:
	case RECORD_POWER:
	case RECORD_SYSCALLS:
		break;
	}
	return false;
}

static void write_value(const void *base, const struct record_key *key, struct buf *out)
{
	const void *field = (const char *)base + key->offset;

	switch (key->type) {
	case RECORD_COUNT:
		buf_printf(out, "%" PRIu64, *(const uint64_t *)field);
		break;
	case RECORD_NS:
		buf_printf(out, "%" PRIu64 " ns", *(const uint64_t *)field);
		break;
	case RECORD_HEX:
		buf_printf(out, "0x%04" PRIx32, *(const uint32_t *)field);
		break;
	case RECORD_PID:
		buf_printf(out, "%d", *(const pid_t *)field);
		break;
	case RECORD_DEV:
		buf_printf(out, "%u:%u", major(*(const dev_t *)field),
			   minor(*(const dev_t *)field));
		break;
	case RECORD_TEXT:
		write_text(out, *(const struct str *)field);
		break;
	case RECORD_CHARS:
		write_text(out, str_of(field));
		break;
	case RECORD_POWER:
		buf_printf(out, "%s", record_power_names[*(const enum device_power *)field]);
		break;
	case RECORD_NODES:
		write_nodes(base, out);
		break;
	case RECORD_SENSORS:
		write_sensors(field, out);
		break;
	case RECORD_SIZES:
		write_sizes(field, out);
		break;
	case RECORD_SYSCALLS:
		write_syscalls(field, out);
		break;
	case RECORD_ANCESTORS:
		write_ancestors(field, out);
		break;
	case RECORD_FDS:
		write_fds(base, out);
		break;
	case RECORD_FD:
		break;
	}
}

static void write_keys(enum record_kind kind, const void *base, struct buf *out)
{
	const struct record_format *f = &record_formats[kind];

	for (const struct record_key *key = f->keys; key < f->keys + f->n_keys; key++) {
		if (is_left_out(base, key))
			continue;
		buf_printf(out, RECORD_PREFIX "%s:\t", key->name.ptr);
		write_value(base, key, out);
		buf_add(out, "\n", 1);
	}
}

/*
 * The driver's lines, and only such: what is not "key: value", or claims to be a line of ours,
 * could end the record or forge another one.
 */
static void write_body(struct str text, size_t start, struct buf *out)
{
	struct str line, key, value;

	text = fdinfo_body(text);
	while (parse_line(&text, &line)) {
		if (!parse_key(line, &key, &value) ||
		    parse_prefix(&key, RECORD_PREFIX, sizeof(RECORD_PREFIX) - 1))
			continue;
		/* One more byte for this line's end, one for the record's. */
		if (out->len - start + line.len + 2 > RECORD_MAX)
			break;
		buf_add_str(out, line);
		buf_add(out, "\n", 1);
	}
}

void record_write_protocol(struct buf *out)
{
	buf_printf(out, RECORD_PREFIX "protocol:\t1\n\n");
}

void record_write_device(const struct device *d, struct buf *out)
{
	write_keys(RECORD_DEVICE, d, out);
	buf_add(out, "\n", 1);
}

void record_write_client(const struct record *r, struct buf *out)
{
	const struct fdinfo identity = { .driver = r->fi.driver, .client_id = r->fi.client_id };
	size_t start = out->len;

	write_keys(RECORD_CLIENT, r, out);
	if (r->text.ptr)
		write_body(r->text, start, out);
	else
		fdinfo_write(&identity, out);
	buf_add(out, "\n", 1);
}

void record_write_frame(const struct frame *f, struct buf *out)
{
	write_keys(RECORD_FRAME, f, out);
	buf_add(out, "\n", 1);
}
