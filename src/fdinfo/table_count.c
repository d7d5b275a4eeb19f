/* SPDX-License-Identifier: MIT */
/* The counting rules: what a reading of a client adds to what was known of it. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>

#include "array.h"
#include "table_state.h"

static const struct engine_counters no_counters = { UNKNOWN, UNKNOWN };

/*
 * The index of @name among @n items that begin with their name, or @n. Looked for from where it was last
 * time: records keep their order, so this is one comparison per name, and right for any order.
 */
static size_t name_index(const void *items, size_t n, size_t item_size, struct str name, size_t hint)
{
	for (size_t k = 0; k < n; k++) {
		size_t i = (hint + k) % n;
		const char *of_item;

		memcpy(&of_item, (const char *)items + i * item_size, sizeof(of_item));
		if (str_is(name, of_item))
			return i;
	}
	return n;
}

/* 0, -ENOMEM, or -E2BIG: the device has as many as it may have, and this is another one. */
static int engine_index(struct gpu_state *gpu, struct str name, size_t hint, size_t *ret)
{
	size_t i = name_index(gpu->engines, gpu->n_engines, sizeof(*gpu->engines), name, hint);

	if (i == gpu->n_engines) {
		char *copy;

		if (i == FDINFO_MAX_PARTS)
			return -E2BIG;
		copy = strndup(name.ptr, name.len);
		if (!copy || ARRAY_RESERVE(&gpu->engines, &gpu->engines_size, i + 1)) {
			free(copy);
			return -ENOMEM;
		}
		gpu->engines[gpu->n_engines++] = (struct engine_state){
			.name = copy, .capacity = 1, .curfreq_hz = UNKNOWN, .maxfreq_hz = UNKNOWN,
			.exited = no_counters, .total_cycles = UNKNOWN,
		};
	}
	*ret = i;
	return 0;
}

static int region_index(struct gpu_state *gpu, struct str name, size_t hint, size_t *ret)
{
	size_t i = name_index(gpu->regions, gpu->n_regions, sizeof(*gpu->regions), name, hint);

	if (i == gpu->n_regions) {
		char *copy;

		if (i == FDINFO_MAX_PARTS)
			return -E2BIG;
		copy = strndup(name.ptr, name.len);
		if (!copy || ARRAY_RESERVE(&gpu->regions, &gpu->regions_size, i + 1)) {
			free(copy);
			return -ENOMEM;
		}
		gpu->regions[gpu->n_regions++] = (struct region_state){ .name = copy };
	}
	*ret = i;
	return 0;
}

/* Keeps the larger value (a counter that goes back is not news); returns what it grew by. */
static uint64_t hold(uint64_t *held, uint64_t now)
{
	uint64_t was = *held;

	if (now == UNKNOWN || (was != UNKNOWN && now <= was))
		return 0;
	*held = now;
	return now - (was == UNKNOWN ? 0 : was);
}

/*
 * Busy instances over @dt_ns (> 0). An engine without a held value is new on a known client: it started
 * at 0, except for total-cycles, which is a clock: it has no start, and is lower after a loss of power.
 */
static double count_engine(struct client_engine *of_client, const struct fdinfo_engine *e, uint64_t dt_ns)
{
	const uint64_t *now = e->value;
	uint64_t d_ns = hold(&of_client->held.busy_ns, now[ENGINE_BUSY_NS]);
	uint64_t d_cycles = hold(&of_client->held.cycles, now[ENGINE_CYCLES]);
	uint64_t total = now[ENGINE_TOTAL_CYCLES], total_was = of_client->total_cycles;
	double dt = (double)dt_ns;

	if (total != UNKNOWN)
		of_client->total_cycles = total;
	if (now[ENGINE_CYCLES] != UNKNOWN && total != UNKNOWN) {
		/* A sleeping GPU's timestamp may stand still: nothing over nothing is nothing. */
		if (d_cycles == 0)
			return 0;
		return total_was != UNKNOWN && total > total_was ?
			       (double)d_cycles / (double)(total - total_was) : (double)NAN;
	}
	if (now[ENGINE_BUSY_NS] != UNKNOWN)
		return (double)d_ns / dt;
	if (now[ENGINE_CYCLES] != UNKNOWN && now[ENGINE_MAXFREQ_HZ] != UNKNOWN &&
	    now[ENGINE_MAXFREQ_HZ] > 0)
		return (double)d_cycles / ((double)now[ENGINE_MAXFREQ_HZ] * dt / 1e9);
	return (double)NAN;
}

/* @dt_ns 0: the first reading, or no time passed: counters are taken, busy stays unknown. */
static int read_engines(struct client_state *c, const struct record *r, uint64_t dt_ns)
{
	const struct fdinfo *fi = &r->fi;
	struct gpu_state *gpu = c->gpu;

	for (size_t n = 0; n < fi->n_engines; n++) {
		const struct fdinfo_engine *e = &fi->engines[n];
		struct engine_state *of_gpu;
		bool was_left_out;
		size_t i;
		int err = engine_index(gpu, str_cut(e->name, SIZE_MAX), n, &i);

		if (err == -E2BIG)
			continue;
		if (err || ARRAY_RESERVE(&c->engines, &c->engines_size, i + 1))
			return -ENOMEM;
		while (c->n_engines <= i)
			c->engines[c->n_engines++] = (struct client_engine){ no_counters, UNKNOWN, 0, (double)NAN };

		of_gpu = &gpu->engines[i];
		if (e->value[ENGINE_CAPACITY] != UNKNOWN)
			of_gpu->capacity = e->value[ENGINE_CAPACITY];
		if (e->value[ENGINE_CURFREQ_HZ] != UNKNOWN)
			of_gpu->curfreq_hz = e->value[ENGINE_CURFREQ_HZ];
		if (e->value[ENGINE_MAXFREQ_HZ] != UNKNOWN)
			of_gpu->maxfreq_hz = e->value[ENGINE_MAXFREQ_HZ];
		if (e->value[ENGINE_TOTAL_CYCLES] != UNKNOWN && r->t_ns >= of_gpu->total_ns) {
			of_gpu->total_cycles = e->value[ENGINE_TOTAL_CYCLES];
			of_gpu->total_ns = r->t_ns;
		}

		/* nobody knows when it did what it did meanwhile */
		was_left_out = c->engines[i].t_ns && c->engines[i].t_ns != c->t_ns;
		c->engines[i].t_ns = r->t_ns;
		if (e->value[ENGINE_PERMYRIAD] != UNKNOWN)
			c->engines[i].busy = (double)e->value[ENGINE_PERMYRIAD] / 10000;
		else if (dt_ns && !was_left_out)
			c->engines[i].busy = count_engine(&c->engines[i], e, dt_ns);
		else
			count_engine(&c->engines[i], e, 1);
	}
	return 0;
}

/* Some drivers leave out what is 0: a key that was ever printed for this region means 0 when absent. */
static uint64_t region_value(const struct region_state *of_gpu, const struct fdinfo_region *r,
			     enum region_key key)
{
	if (r->value[key] != UNKNOWN)
		return r->value[key];
	return of_gpu->seen_keys & (1u << key) ? 0 : UNKNOWN;
}

static int read_regions(struct client_state *c, const struct fdinfo *fi)
{
	static const struct region_usage unknown = { UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN };
	struct gpu_state *gpu = c->gpu;

	for (size_t i = 0; i < c->n_regions; i++)
		c->regions[i] = unknown;
	for (size_t n = 0; n < fi->n_regions; n++) {
		const struct fdinfo_region *r = &fi->regions[n];
		struct region_state *of_gpu;
		size_t i;
		int err = region_index(gpu, str_cut(r->name, SIZE_MAX), n, &i);

		if (err == -E2BIG)
			continue;
		if (err || ARRAY_RESERVE(&c->regions, &c->regions_size, i + 1))
			return -ENOMEM;
		while (c->n_regions <= i)
			c->regions[c->n_regions++] = unknown;

		of_gpu = &gpu->regions[i];
		for (unsigned int key = 0; key < N_REGION_KEYS; key++)
			if (r->value[key] != UNKNOWN)
				of_gpu->seen_keys |= 1u << key;
		c->regions[i] = (struct region_usage){
			.total = region_value(of_gpu, r, REGION_TOTAL),
			.shared = region_value(of_gpu, r, REGION_SHARED),
			.resident = r->value[REGION_RESIDENT] == UNKNOWN &&
					    r->value[REGION_MEMORY] != UNKNOWN ?
				    r->value[REGION_MEMORY] :
				    region_value(of_gpu, r, REGION_RESIDENT),
			.purgeable = region_value(of_gpu, r, REGION_PURGEABLE),
			.active = region_value(of_gpu, r, REGION_ACTIVE),
		};
	}
	return 0;
}

/* The record's text with the driver's own lines in it; nothing where only the identity was given. */
static int keep_text(struct client_state *c, const struct record *r)
{
	const struct fdinfo *fi = &r->fi;

	buf_reset(&c->text);
	buf_add_str(&c->text, r->text);
	buf_reset(&c->name);
	buf_add_str(&c->name, fi->client_name);
	if (c->text.err || c->name.err ||
	    ARRAY_RESERVE(&c->extras, &c->extras_size, fi->n_extras))
		return -ENOMEM;
	c->n_extras = 0;
	for (size_t i = 0; i < fi->n_extras; i++) {
		const struct str *line = &fi->extras[i];

		/* A line of the record that is not part of its text has no place to point to. */
		if (line->ptr < r->text.ptr || line->ptr + line->len > r->text.ptr + r->text.len)
			continue;
		c->extras[c->n_extras++] = (struct str){ c->text.ptr + (line->ptr - r->text.ptr),
							 line->len };
	}
	return 0;
}

int client_read(struct client_state *c, const struct record *r)
{
	bool is_new = c->first_ns == UNKNOWN;
	uint64_t dt_ns = !is_new && r->t_ns > c->t_ns ? r->t_ns - c->t_ns : 0;

	if (read_engines(c, r, dt_ns) || read_regions(c, &r->fi) || keep_text(c, r))
		return -ENOMEM;
	if (is_new)
		c->first_ns = r->t_ns;
	c->interval_ns = dt_ns ? dt_ns : UNKNOWN;
	c->t_ns = r->t_ns;
	return 0;
}

static bool goes_back(uint64_t held, uint64_t now)
{
	return held != UNKNOWN && now != UNKNOWN && now < held;
}

bool client_number_was_reused(const struct client_state *c, const struct record *r)
{
	uint32_t instance = c->gpu->device.instance;

	if (c->instance && instance && c->instance != instance)
		return true;
	if (client_was_held_by(c, r->process.pid, r->process.start_time))
		return false;
	for (size_t n = 0; n < r->fi.n_engines; n++) {
		const struct fdinfo_engine *e = &r->fi.engines[n];

		for (size_t i = 0; i < c->n_engines; i++)
			if (str_is(e->name, c->gpu->engines[i].name) &&
			    (goes_back(c->engines[i].held.busy_ns, e->value[ENGINE_BUSY_NS]) ||
			     goes_back(c->engines[i].held.cycles, e->value[ENGINE_CYCLES])))
				return true;
	}
	return false;
}

void client_retire(const struct client_state *c)
{
	for (size_t i = 0; i < c->n_engines; i++) {
		const struct engine_counters *held = &c->engines[i].held;
		struct engine_counters *exited = &c->gpu->engines[i].exited;

		counter_add(&exited->busy_ns, held->busy_ns);
		counter_add(&exited->cycles, held->cycles);
	}
}
