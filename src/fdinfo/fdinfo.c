/* SPDX-License-Identifier: MIT */
#include "fdinfo.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#include "array.h"
#include "parse.h"

/* Literals are compared and taken off by their length. */
#define LITERAL(s) .text = (s), .len = sizeof(s) - 1

/* The kinds of keys that name an engine or a region; the longest prefix comes first. */
static const struct prefix {
	const char *text;
	size_t len;
	const struct unit *units;
	bool is_region;
	unsigned int key;
} prefixes[] = {
	{ LITERAL("drm-engine-capacity-"), units_none, false, ENGINE_CAPACITY },
	{ LITERAL("drm-engine-"), units_ns, false, ENGINE_BUSY_NS },
	{ LITERAL("drm-total-cycles-"), units_none, false, ENGINE_TOTAL_CYCLES },
	{ LITERAL("drm-total-"), units_bytes, true, REGION_TOTAL },
	{ LITERAL("drm-shared-"), units_bytes, true, REGION_SHARED },
	{ LITERAL("drm-resident-"), units_bytes, true, REGION_RESIDENT },
	{ LITERAL("drm-active-"), units_bytes, true, REGION_ACTIVE },
	{ LITERAL("drm-purgeable-"), units_bytes, true, REGION_PURGEABLE },
	{ LITERAL("drm-memory-"), units_bytes, true, REGION_MEMORY },
	{ LITERAL("drm-cycles-"), units_none, false, ENGINE_CYCLES },
	{ LITERAL("drm-maxfreq-"), units_hz, false, ENGINE_MAXFREQ_HZ },
	{ LITERAL("drm-curfreq-"), units_hz, false, ENGINE_CURFREQ_HZ },
};

/* What procfs itself prints before a driver's lines (proc_pid_fdinfo(5)). */
static const char *const procfs_keys[] = { "pos", "flags", "mnt_id", "ino", "lock" };

static bool is_procfs_key(struct str key)
{
	for (size_t i = 0; i < N_OF(procfs_keys); i++)
		if (str_is(key, procfs_keys[i]))
			return true;
	return false;
}

void fdinfo_done(struct fdinfo *fi)
{
	free(fi->engines);
	free(fi->regions);
	free(fi->extras);
	*fi = (struct fdinfo){ 0 };
}

void fdinfo_reset(struct fdinfo *fi)
{
	*fi = (struct fdinfo){
		.client_id = UNKNOWN,
		.engines = fi->engines, .engines_size = fi->engines_size,
		.regions = fi->regions, .regions_size = fi->regions_size,
		.extras = fi->extras, .extras_size = fi->extras_size,
	};
}

/*
 * Engines and regions are found by name, from the last one backwards: drivers print the keys of one
 * name together, so it is usually the first look. 0, -ENOMEM, or -E2BIG for one too many.
 */
static int engine_get(struct fdinfo *fi, struct str name, struct fdinfo_engine **ret)
{
	struct fdinfo_engine *e;

	for (size_t i = fi->n_engines; i-- > 0;) {
		if (!str_eq(fi->engines[i].name, name))
			continue;
		*ret = &fi->engines[i];
		return 0;
	}
	if (fi->n_engines == FDINFO_MAX_PARTS)
		return -E2BIG;
	if (ARRAY_RESERVE(&fi->engines, &fi->engines_size, fi->n_engines + 1))
		return -ENOMEM;
	e = &fi->engines[fi->n_engines++];
	e->name = name;
	for (size_t k = 0; k < N_ENGINE_KEYS; k++)
		e->value[k] = UNKNOWN;
	*ret = e;
	return 0;
}

static int region_get(struct fdinfo *fi, struct str name, struct fdinfo_region **ret)
{
	struct fdinfo_region *r;

	for (size_t i = fi->n_regions; i-- > 0;) {
		if (!str_eq(fi->regions[i].name, name))
			continue;
		*ret = &fi->regions[i];
		return 0;
	}
	if (fi->n_regions == FDINFO_MAX_PARTS)
		return -E2BIG;
	if (ARRAY_RESERVE(&fi->regions, &fi->regions_size, fi->n_regions + 1))
		return -ENOMEM;
	r = &fi->regions[fi->n_regions++];
	r->name = name;
	for (size_t k = 0; k < N_REGION_KEYS; k++)
		r->value[k] = UNKNOWN;
	*ret = r;
	return 0;
}

/* A repeated key adds up: amdgpu prints "dec" for each of two decoders. */
static void add(struct fdinfo *fi, uint64_t *value, uint64_t n)
{
	uint64_t sum;

	if (*value == UNKNOWN)
		*value = n;
	else if (__builtin_add_overflow(*value, n, &sum) || sum == UNKNOWN)
		fi->n_malformed++;
	else
		*value = sum;
}

static int add_to_engine(struct fdinfo *fi, struct str name, enum engine_key key, uint64_t n)
{
	struct fdinfo_engine *e;
	int r = engine_get(fi, name, &e);

	if (r == -E2BIG)
		fi->n_malformed++;
	if (r < 0)
		return r == -E2BIG ? 0 : r;
	if (key != ENGINE_MAXFREQ_HZ && key != ENGINE_CURFREQ_HZ)
		add(fi, &e->value[key], n);
	else if (e->value[key] == UNKNOWN || e->value[key] < n)
		e->value[key] = n;
	return 0;
}

static int add_to_region(struct fdinfo *fi, struct str name, enum region_key key, uint64_t n)
{
	struct fdinfo_region *region;
	int r = region_get(fi, name, &region);

	if (r == -E2BIG)
		fi->n_malformed++;
	if (r < 0)
		return r == -E2BIG ? 0 : r;
	add(fi, &region->value[key], n);
	return 0;
}

static void set_text(struct fdinfo *fi, struct str *field, struct str value)
{
	value = parse_trim(value);
	if (value.len > 0)
		*field = value;
	else
		fi->n_malformed++;
}

/* The keys that are there once; others are ignored. */
static void parse_identity(struct fdinfo *fi, struct str line)
{
	struct str key, value;

	if (!parse_key(line, &key, &value))
		return;
	if (str_is(key, "drm-driver")) {
		/* amdgpu did not name itself then: what was read as its lines were not. */
		if (fi->is_legacy) {
			size_t n_malformed = fi->n_malformed;

			fdinfo_reset(fi);
			fi->n_malformed = n_malformed;
		}
		set_text(fi, &fi->driver, value);
	} else if (str_is(key, "drm-pdev")) {
		set_text(fi, &fi->pdev, value);
	} else if (str_is(key, "drm-client-name")) {
		set_text(fi, &fi->client_name, value);
	} else if (str_is(key, "drm-client-id")) {
		if (!parse_count(value, units_none, &fi->client_id))
			fi->n_malformed++;
	}
}

/* A line that begins with "drm-". */
static int parse_standard(struct fdinfo *fi, struct str line)
{
	const struct prefix *p;
	struct str name, value;
	uint64_t n;

	for (p = prefixes; p < prefixes + N_OF(prefixes); p++)
		/* Most prefixes differ in the letter after "drm-". */
		if (line.len > 4 && line.ptr[4] == p->text[4] &&
		    parse_prefix(&line, p->text, p->len))
			break;
	if (p == prefixes + N_OF(prefixes)) {
		parse_identity(fi, line);
		return 0;
	}
	if (!parse_key(line, &name, &value) || !parse_count(value, p->units, &n) ||
	    (!p->is_region && p->key == ENGINE_CAPACITY && n == 0)) {
		fi->n_malformed++;
		return 0;
	}
	if (p->is_region)
		return add_to_region(fi, name, p->key, n);
	return add_to_engine(fi, name, p->key, n);
}

/*
 * "1.23%" in hundredths of a percent. The fraction is printed without leading zeros: "1.5%" is
 * 1.05 %.
 */
static bool parse_permyriad(struct str value, uint64_t *ret)
{
	const char *dot = memchr(value.ptr, '.', value.len);
	uint64_t percent, hundredths;
	struct str before, after;

	if (!dot || value.ptr[value.len - 1] != '%')
		return false;
	before = (struct str){ value.ptr, (size_t)(dot - value.ptr) };
	after = (struct str){ dot + 1, value.len - before.len - 2 };
	if (!parse_digits(before, UNKNOWN, &percent) || !parse_digits(after, 99, &hundredths) ||
	    __builtin_mul_overflow(percent, 100u, &percent) ||
	    __builtin_add_overflow(percent, hundredths, &percent) || percent == UNKNOWN)
		return false;
	*ret = percent;
	return true;
}

/* The regions and engines amdgpu printed from 5.14 to 5.18; other keys are the driver's own. */
static const struct { const char *key, *name; } legacy_regions[] = {
	{ "vram mem", "vram" }, { "gtt mem", "gtt" }, { "cpu mem", "cpu" },
};

/* One line of that dialect; *@ret_known tells whether it was one. */
static int parse_legacy(struct fdinfo *fi, struct str key, struct str value, bool *ret_known)
{
	uint64_t n;

	*ret_known = true;
	if (str_is(key, "pasid")) {
		if (!parse_count(value, units_none, &fi->client_id))
			fi->n_malformed++;
		return 0;
	}
	for (size_t i = 0; i < N_OF(legacy_regions); i++) {
		if (!str_is(key, legacy_regions[i].key))
			continue;
		if (parse_count(value, units_bytes, &n))
			return add_to_region(fi, str_of(legacy_regions[i].name), REGION_MEMORY, n);
		fi->n_malformed++;
		return 0;
	}
	/* An engine's name ends in the index of its ring, one digit: "enc_10" is ring 0 of enc_1. */
	if (key.len > 1 && key.ptr[key.len - 1] >= '0' && key.ptr[key.len - 1] <= '9' &&
	    value.len > 0 && parse_permyriad(value, &n)) {
		key.len--;
		return add_to_engine(fi, key, ENGINE_PERMYRIAD, n);
	}
	*ret_known = false;
	return 0;
}

static int add_extra(struct fdinfo *fi, struct str line)
{
	if (ARRAY_RESERVE(&fi->extras, &fi->extras_size, fi->n_extras + 1))
		return -ENOMEM;
	fi->extras[fi->n_extras++] = line;
	return 0;
}

int fdinfo_parse_line(struct fdinfo *fi, struct str line)
{
	struct str key, value;
	bool known = false;
	int r = 0;

	if (str_starts(line, "drm-"))
		return parse_standard(fi, line);
	if (!parse_key(line, &key, &value))
		return 0;
	if (is_procfs_key(key) || str_starts(key, "gputop-"))
		return 0;
	/* Only the old dialect's first line is a bare pdev; it names no driver. */
	value = parse_trim(value);
	if (!fi->driver.ptr && fi->n_extras == 0 && value.len > 0 && str_is(key, "pdev")) {
		fi->is_legacy = true;
		fi->driver = str_of("amdgpu");
		fi->pdev = value;
		return 0;
	}
	if (fi->is_legacy)
		r = parse_legacy(fi, key, value, &known);
	return known ? r : add_extra(fi, line);
}

int fdinfo_parse(struct fdinfo *fi, struct str text)
{
	struct str line;
	int r = 0;

	fdinfo_reset(fi);
	while (r == 0 && parse_line(&text, &line))
		r = fdinfo_parse_line(fi, line);
	return r;
}

struct str fdinfo_body(struct str text)
{
	struct str rest = text, line, key, value;

	while (parse_line(&rest, &line) && parse_key(line, &key, &value) && is_procfs_key(key))
		text = rest;
	return text;
}

static void write_text(struct buf *out, const char *key, struct str value)
{
	if (!value.ptr)
		return;
	buf_printf(out, "%s:\t", key);
	buf_add_str(out, value);
	buf_add(out, "\n", 1);
}

/* As the kernel does: the largest of bytes, KiB and MiB that loses nothing. */
static void write_size(struct buf *out, uint64_t n)
{
	if (n == 0 || n % 1024)
		buf_printf(out, "%" PRIu64 "\n", n);
	else if (n % (1024 * 1024))
		buf_printf(out, "%" PRIu64 " KiB\n", n / 1024);
	else
		buf_printf(out, "%" PRIu64 " MiB\n", n / (1024 * 1024));
}

static void write_values(struct buf *out, struct str name, const uint64_t *values, bool of_region)
{
	for (const struct prefix *p = prefixes; p < prefixes + N_OF(prefixes); p++) {
		if (p->is_region != of_region || values[p->key] == UNKNOWN)
			continue;
		buf_add(out, p->text, p->len);
		buf_add_str(out, name);
		buf_add(out, ":\t", 2);
		if (of_region)
			write_size(out, values[p->key]);
		else
			buf_printf(out, "%" PRIu64 "%s%s\n", values[p->key],
				   p->units[0].name.len ? " " : "", p->units[0].name.ptr);
	}
}

static void write_permyriad(struct buf *out, const struct fdinfo_engine *e)
{
	if (e->value[ENGINE_PERMYRIAD] == UNKNOWN)
		return;
	buf_add_str(out, e->name);
	buf_printf(out, "0:\t%" PRIu64 ".%" PRIu64 "%%\n", e->value[ENGINE_PERMYRIAD] / 100,
		   e->value[ENGINE_PERMYRIAD] % 100);
}

void fdinfo_write(const struct fdinfo *fi, struct buf *out)
{
	if (!fi->is_legacy)
		write_text(out, "drm-driver", fi->driver);
	write_text(out, fi->is_legacy ? "pdev" : "drm-pdev", fi->pdev);
	if (fi->client_id != UNKNOWN)
		buf_printf(out, "drm-client-id:\t%" PRIu64 "\n", fi->client_id);
	write_text(out, "drm-client-name", fi->client_name);
	for (size_t i = 0; i < fi->n_engines; i++) {
		write_values(out, fi->engines[i].name, fi->engines[i].value, false);
		write_permyriad(out, &fi->engines[i]);
	}
	for (size_t i = 0; i < fi->n_regions; i++)
		write_values(out, fi->regions[i].name, fi->regions[i].value, true);
	for (size_t i = 0; i < fi->n_extras; i++) {
		buf_add_str(out, fi->extras[i]);
		buf_add(out, "\n", 1);
	}
}
