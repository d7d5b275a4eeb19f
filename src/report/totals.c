/* SPDX-License-Identifier: MIT */
#include "totals.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "../fdinfo/array.h"
#include "text.h"

#define OTHER "other"
#define GROUP_LINGERS_NS (300 * NSEC_PER_SEC)

struct totals_client {
	struct hash_node node;
	uint64_t serial;
	uint64_t seen;			/* the last snapshot it was in, by totals.n_snapshots */
	bool counts_whole;		/* counters not seen before began at 0 since totals are kept */
	struct totals_engine *held;	/* by index in the device's engines */
	size_t n_held, held_size;
	struct totals_group *user, *cgroup;
};

static const struct totals_engine no_counters = { UNKNOWN, UNKNOWN };

/* --- usage --- */

static int usage_reserve(struct totals_usage *u, const struct snapshot_device *d)
{
	if (ARRAY_RESERVE(&u->engines, &u->engines_size, d->n_engines) ||
	    ARRAY_RESERVE(&u->resident, &u->regions_size, d->n_regions))
		return -ENOMEM;
	while (u->n_engines < d->n_engines)
		u->engines[u->n_engines++] = no_counters;
	while (u->n_regions < d->n_regions)
		u->resident[u->n_regions++] = UNKNOWN;
	return 0;
}

static void usage_forget_memory(struct totals_usage *u)
{
	for (size_t i = 0; i < u->n_regions; i++)
		u->resident[i] = UNKNOWN;
}

static void usage_done(struct totals_usage *u)
{
	free(u->engines);
	free(u->resident);
}

/* --- groups --- */

static void group_free(struct totals_group *g)
{
	if (!g)
		return;
	for (size_t i = 0; i < g->n_devices; i++)
		usage_done(&g->devices[i]);
	free(g->devices);
	free(g->name);
	free(g);
}

static int group_new(struct str name, uint64_t key, struct totals_group **ret)
{
	struct totals_group *g = calloc(1, sizeof(*g));

	if (!g)
		return -ENOMEM;
	g->key = key;
	g->name = strndup(name.ptr, name.len);
	if (!g->name) {
		group_free(g);
		return -ENOMEM;
	}
	*ret = g;
	return 0;
}

static uint64_t key_of(struct str name)
{
	uint64_t key = name.len, part;

	for (; name.len; name.ptr += sizeof(part), name.len -= sizeof(part)) {
		size_t len = name.len < sizeof(part) ? name.len : sizeof(part);

		part = 0;
		memcpy(&part, name.ptr, len);
		key = hash_mix(key, part);
		if (len < sizeof(part))
			break;
	}
	return key;
}

static struct totals_group *group_find(const struct totals_groups *gs, struct str name)
{
	uint64_t key = key_of(name);

	for (size_t i = 0; i < gs->n; i++)
		if (gs->list[i]->key == key && str_is(name, gs->list[i]->name))
			return gs->list[i];
	return NULL;
}

static int group_add(struct totals_groups *gs, struct str name, struct totals_group **ret)
{
	if (ARRAY_RESERVE(&gs->list, &gs->size, gs->n + 1) || group_new(name, key_of(name), ret))
		return -ENOMEM;
	gs->list[gs->n++] = *ret;
	return 0;
}

/* The group called @name, with room or without. */
static int group_lookup(struct totals *t, struct totals_groups *gs, struct str name, struct totals_group **ret)
{
	bool is_folded = gs->n >= t->max_groups && !str_is(name, OTHER);
	struct totals_group *g = group_find(gs, name);

	if (g) {
		*ret = g;
		return 0;
	}
	if (is_folded || str_is(name, OTHER)) {
		gs->n_folded += is_folded;
		if (!gs->other && group_new(str_of(OTHER), key_of(str_of(OTHER)), &gs->other))
			return -ENOMEM;
		*ret = gs->other;
		return 0;
	}
	return group_add(gs, name, ret);
}

/* Puts a client into the group called @raw. It is there already, most of the time. */
static int group_take(struct totals *t, struct totals_groups *gs, const char *raw, size_t device,
		      const struct snapshot_client *c, struct totals_group **in_out)
{
	struct totals_group *g = *in_out;

	if (!g || g == gs->other || strcmp(g->name, raw) != 0) {
		buf_reset(&t->scratch);
		text_add_visible(&t->scratch, str_of(raw));
		if (t->scratch.err ||
		    group_lookup(t, gs, buf_str(&t->scratch), &g))
			return -ENOMEM;
	}
	if (ARRAY_RESERVE(&g->devices, &g->devices_size, device + 1))
		return -ENOMEM;
	while (g->n_devices <= device)
		g->devices[g->n_devices++] = (struct totals_usage){ 0 };
	if (usage_reserve(&g->devices[device], c->device))
		return -ENOMEM;
	g->seen = t->n_snapshots;
	*in_out = g;
	return 0;
}

static void group_begin(struct totals_group *g)
{
	if (!g)
		return;
	g->n_clients = 0;
	for (size_t i = 0; i < g->n_devices; i++)
		usage_forget_memory(&g->devices[i]);
}

static void groups_begin(struct totals_groups *gs)
{
	for (size_t i = 0; i < gs->n; i++)
		group_begin(gs->list[i]);
	group_begin(gs->other);
	gs->n_folded = 0;
}

/* Whether who was in that snapshot last, and not in this one, is not waited for any longer. */
static bool is_gone(const struct totals *t, uint64_t seen)
{
	return t->n_snapshots - seen > SNAPSHOT_FRAMES_AWAY;
}

/* Makes room, if it was short, where groups have nobody left: no client that is not gone points to one that is. */
static void groups_end(const struct totals *t, struct totals_groups *gs, uint64_t t_ns)
{
	size_t kept = 0;

	if (!gs->n_folded)
		return;
	for (size_t i = 0; i < gs->n; i++) {
		struct totals_group *g = gs->list[i];

		if (is_gone(t, g->seen) && t_ns > g->t_ns + GROUP_LINGERS_NS)
			group_free(g);
		else
			gs->list[kept++] = g;
	}
	gs->n = kept;
}

static void groups_done(struct totals_groups *gs)
{
	for (size_t i = 0; i < gs->n; i++)
		group_free(gs->list[i]);
	free(gs->list);
	group_free(gs->other);
}

/* --- devices --- */

/* Copies what is missing of the names that @n structs of @stride bytes begin with. */
static int names_take(char ***names, size_t *n_names, size_t *size, const void *structs, size_t n, size_t stride)
{
	if (ARRAY_RESERVE(names, size, n))
		return -ENOMEM;
	while (*n_names < n) {
		const char *name;
		char *copy;

		memcpy(&name, (const char *)structs + *n_names * stride, sizeof(name));
		copy = strdup(name);
		if (!copy)
			return -ENOMEM;
		(*names)[(*n_names)++] = copy;
	}
	return 0;
}

static int device_take(struct totals *t, const struct snapshot_device *d)
{
	struct totals_device *td;
	size_t i = 0;

	while (i < t->n_devices && strcmp(t->devices[i].gpu, d->device.gpu) != 0)
		i++;
	if (i == t->n_devices) {
		if (ARRAY_RESERVE(&t->devices, &t->devices_size, i + 1))
			return -ENOMEM;
		t->devices[i] = (struct totals_device){ 0 };
		memcpy(t->devices[i].gpu, d->device.gpu, sizeof(t->devices[i].gpu));
		t->n_devices++;
	}
	td = &t->devices[i];
	if (names_take(&td->engines, &td->n_engines, &td->engines_size, d->engines, d->n_engines,
		       sizeof(*d->engines)) ||
	    names_take(&td->regions, &td->n_regions, &td->regions_size, d->regions, d->n_regions,
		       sizeof(*d->regions)) ||
	    usage_reserve(&td->usage, d))
		return -ENOMEM;
	td->now = d;
	return 0;
}

static void device_done(struct totals_device *d)
{
	for (size_t i = 0; i < d->n_engines; i++)
		free(d->engines[i]);
	for (size_t i = 0; i < d->n_regions; i++)
		free(d->regions[i]);
	free(d->engines);
	free(d->regions);
	usage_done(&d->usage);
}

/* --- clients --- */

static void client_free(struct totals_client *tc)
{
	free(tc->held);
	free(tc);
}

static int client_lookup(struct totals *t, uint64_t serial, struct totals_client **ret)
{
	struct totals_client *tc;

	for (struct hash_node *node = hash_first(&t->by_serial, serial); node; node = hash_next(node)) {
		tc = (struct totals_client *)node;
		if (tc->serial == serial) {
			*ret = tc;
			return 0;
		}
	}
	tc = calloc(1, sizeof(*tc));
	if (!tc)
		return -ENOMEM;
	tc->serial = serial;
	tc->counts_whole = t->n_snapshots > 0;
	if (ARRAY_RESERVE(&t->clients, &t->clients_size, t->n_clients + 1) ||
	    hash_add(&t->by_serial, &tc->node, serial)) {
		client_free(tc);
		return -ENOMEM;
	}
	t->clients[t->n_clients++] = tc;
	*ret = tc;
	return 0;
}

/* What @held grew by to become @now; UNKNOWN where there is no counter. */
static uint64_t growth(uint64_t *held, uint64_t now, bool counts_whole)
{
	uint64_t was = *held;

	if (now == UNKNOWN)
		return UNKNOWN;
	*held = now;
	if (was != UNKNOWN)
		return now - was;
	return counts_whole ? now : 0;
}

static void count_engines(struct totals *t, size_t device, struct totals_client *tc,
			  const struct snapshot_client *c)
{
	struct totals_usage *to[] = { &t->devices[device].usage, &tc->user->devices[device],
				      &tc->cgroup->devices[device] };

	for (size_t i = 0; i < c->device->n_engines; i++) {
		const struct engine_usage *e = &c->engines[i];
		uint64_t ns = growth(&tc->held[i].busy_ns, e->busy_ns, tc->counts_whole);
		uint64_t cycles = growth(&tc->held[i].cycles, e->cycles, tc->counts_whole);

		if (ns == UNKNOWN && !isnan(e->busy) && c->interval_ns != UNKNOWN)
			ns = (uint64_t)llround(e->busy * (double)c->interval_ns);
		for (size_t n = 0; n < N_OF(to); n++) {
			counter_add(&to[n]->engines[i].busy_ns, ns);
			counter_add(&to[n]->engines[i].cycles, cycles);
		}
	}
	for (size_t i = 0; i < c->device->n_regions; i++)
		for (size_t n = 0; n < N_OF(to); n++)
			counter_add(&to[n]->resident[i], c->regions[i].resident);
}

/* Everything that can fail comes before anything is counted. */
static int count_client(struct totals *t, size_t device, const struct snapshot_client *c, uint64_t t_ns)
{
	const struct snapshot_process *p = c->process;
	char uid[24] = "unknown";
	struct totals_client *tc;

	if (p->uid != UNKNOWN)
		snprintf(uid, sizeof(uid), "%" PRIu64, p->uid);
	if (client_lookup(t, c->serial, &tc))
		return -ENOMEM;
	if (ARRAY_RESERVE(&tc->held, &tc->held_size, c->device->n_engines) ||
	    group_take(t, &t->users, p->user[0] ? p->user : uid, device, c, &tc->user) ||
	    group_take(t, &t->cgroups, p->cgroup[0] ? p->cgroup : "unknown", device, c, &tc->cgroup))
		return -ENOMEM;
	while (tc->n_held < c->device->n_engines)
		tc->held[tc->n_held++] = no_counters;

	/* not before its groups are known to be seen as well */
	tc->seen = t->n_snapshots;
	if (tc->cgroup->n_clients++ == 0 && tc->cgroup != t->cgroups.other)
		tc->cgroup->facts = p->facts;
	tc->cgroup->t_ns = t_ns;
	tc->user->n_clients++;
	tc->user->t_ns = t_ns;
	count_engines(t, device, tc, c);
	if (c->first_ns != UNKNOWN)
		tc->counts_whole = true;
	return 0;
}

static void sweep_clients(struct totals *t)
{
	size_t kept = 0;

	for (size_t i = 0; i < t->n_clients; i++) {
		struct totals_client *tc = t->clients[i];

		if (is_gone(t, tc->seen)) {
			hash_remove(&t->by_serial, &tc->node);
			client_free(tc);
		} else {
			t->clients[kept++] = tc;
		}
	}
	t->n_clients = kept;
}

static void begin(struct totals *t)
{
	for (size_t i = 0; i < t->n_devices; i++) {
		t->devices[i].now = NULL;
		usage_forget_memory(&t->devices[i].usage);
	}
	groups_begin(&t->users);
	groups_begin(&t->cgroups);
}

int totals_add(struct totals *t, const struct snapshot *s)
{
	const struct scan *scan = &s->frame.scan;
	size_t device = 0;
	int e = 0;

	begin(t);
	for (size_t i = 0; i < s->n_devices; i++)
		if (device_take(t, &s->devices[i]))
			return -ENOMEM;
	for (size_t i = 0; i < s->n_clients && !e; i++) {
		while (t->devices[device].now != s->clients[i].device)
			device = (device + 1) % t->n_devices;
		e = count_client(t, device, &s->clients[i], s->frame.t_ns);
	}
	if (e)
		return e;
	sweep_clients(t);
	groups_end(t, &t->users, s->frame.t_ns);
	groups_end(t, &t->cgroups, s->frame.t_ns);
	if (t->n_snapshots++ == 0)
		t->start_ns = s->frame.t_ns;
	t->scan_wall_ns += scan->wall_ns;
	t->scan_cpu_ns += scan->cpu_ns;
	t->denied += scan->denied;
	t->malformed += scan->malformed;
	return 0;
}

int totals_keep_user(struct totals *t, const char *name, bool make, uint64_t t_ns, const struct totals_group **ret)
{
	struct totals_group *g;

	buf_reset(&t->scratch);
	text_add_visible(&t->scratch, str_of(name));
	if (t->scratch.err)
		return -ENOMEM;
	g = group_find(&t->users, buf_str(&t->scratch));
	if (!g && make && strcmp(name, OTHER) != 0 && group_add(&t->users, buf_str(&t->scratch), &g))
		return -ENOMEM;
	if (g)
		g->t_ns = t_ns;
	*ret = g;
	return 0;
}

void totals_done(struct totals *t)
{
	for (size_t i = 0; i < t->n_clients; i++)
		client_free(t->clients[i]);
	for (size_t i = 0; i < t->n_devices; i++)
		device_done(&t->devices[i]);
	free(t->clients);
	free(t->devices);
	hash_done(&t->by_serial);
	groups_done(&t->users);
	groups_done(&t->cgroups);
	buf_done(&t->scratch);
	*t = (struct totals){ 0 };
}
