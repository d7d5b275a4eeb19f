/* SPDX-License-Identifier: MIT */
#include "history.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "../fdinfo/array.h"
#include "../fdinfo/hash.h"

struct subject {
	struct history_subject public;	/* first: what is handed out */
	size_t tracks_size;
};

struct device_slot {
	struct subject subject;
	char gpu[64];
};

struct client_slot {
	struct subject subject;
	struct hash_node node;		/* by key */
	struct client_key key;
	uint64_t seen;			/* the last frame it was in */
	bool is_used;
	struct client_slot *next_free;
};

struct history {
	size_t size;			/* samples; a track's ring has as many */
	bool whole;
	uint64_t n;			/* samples begun so far; the last is at (n - 1) % size */
	uint64_t frames;		/* taken so far */
	uint64_t per_sample;		/* frames that make one */
	uint64_t in_sample;		/* frames in the last one */
	uint64_t start_ns, last_ns;
	uint64_t *t_ns;

	struct device_slot **devices;
	size_t n_devices, devices_size;
	struct client_slot **clients;	/* used or free */
	size_t n_clients, clients_size;
	struct client_slot *gone[HISTORY_MAX_GONE];	/* used ones that were not in the last frame, least at the end */
	size_t n_gone;
	struct client_slot *free;
	size_t n_tracks;		/* that have memory, of all subjects */
	struct hash by_key;
};

int history_new(size_t samples, bool whole, struct history **ret)
{
	struct history *h = calloc(1, sizeof(*h));

	if (!h)
		return -ENOMEM;
	*h = (struct history){ .size = samples, .whole = whole, .per_sample = 1, .start_ns = UNKNOWN };
	h->t_ns = calloc(samples, sizeof(*h->t_ns));
	if (!h->t_ns) {
		free(h);
		return -ENOMEM;
	}
	*ret = h;
	return 0;
}

static void subject_done(struct subject *s)
{
	for (size_t i = 0; i < s->tracks_size; i++)
		free(s->public.tracks[i].values);
	free(s->public.tracks);
}

void history_free(struct history *h)
{
	if (!h)
		return;
	for (size_t i = 0; i < h->n_devices; i++) {
		subject_done(&h->devices[i]->subject);
		free(h->devices[i]);
	}
	for (size_t i = 0; i < h->n_clients; i++) {
		subject_done(&h->clients[i]->subject);
		free(h->clients[i]);
	}
	free(h->devices);
	free(h->clients);
	hash_done(&h->by_key);
	free(h->t_ns);
	free(h);
}

static void forget_client(struct history *h, struct client_slot *c)
{
	hash_remove(&h->by_key, &c->node);
	c->is_used = false;
	c->next_free = h->free;
	h->free = c;
}

void history_forget(struct history *h)
{
	for (size_t i = 0; i < h->n_clients; i++)
		if (h->clients[i]->is_used)
			forget_client(h, h->clients[i]);
	for (size_t i = 0; i < h->n_devices; i++)
		h->devices[i]->subject.public.n_tracks = h->devices[i]->subject.public.n_engines = 0;
	h->n = 0;
	h->frames = 0;
	h->per_sample = 1;
	h->in_sample = 0;
	h->n_gone = 0;
	h->start_ns = UNKNOWN;
}

static void clear_track(const struct history *h, struct track *t, const char *name)
{
	snprintf(t->name, sizeof(t->name), "%s", name);
	for (size_t i = 0; i < h->size; i++)
		t->values[i] = NAN;
}

/*
 * Inserts an empty track at @at, moving those behind it. Tracks beyond n_tracks keep their memory. -ENOSPC: there
 * are too many.
 */
static int add_track(struct history *h, struct subject *s, size_t at, const char *name)
{
	struct history_subject *p = &s->public;
	size_t old_size = s->tracks_size;
	struct track spare;

	if ((p->n_tracks == old_size || !p->tracks[p->n_tracks].values) && h->n_tracks == HISTORY_MAX_TRACKS)
		return -ENOSPC;

	if (p->n_tracks == old_size) {
		if (ARRAY_RESERVE(&p->tracks, &s->tracks_size, old_size + 1))
			return -ENOMEM;
		memset(&p->tracks[old_size], 0, (s->tracks_size - old_size) * sizeof(*p->tracks));
	}
	spare = p->tracks[p->n_tracks];
	if (!spare.values) {
		spare.values = calloc(h->size, sizeof(*spare.values));
		if (!spare.values)
			return -ENOMEM;
		h->n_tracks++;
	}
	memmove(&p->tracks[at + 1], &p->tracks[at], (p->n_tracks - at) * sizeof(*p->tracks));
	clear_track(h, &spare, name);
	p->tracks[at] = spare;
	p->n_tracks++;
	return 0;
}

static int add_engine(struct history *h, struct subject *s, const char *name)
{
	int err = add_track(h, s, s->public.n_engines, name);

	s->public.n_engines += !err;
	return err;
}

/* A sample is the mean of what is known of its frames. */
static void put(const struct history *h, struct track *t, double value)
{
	float *at = &t->values[(h->n - 1) % h->size];

	if (isnan(value))
		return;
	*at = isnan(*at) ? (float)value : *at + ((float)value - *at) / (float)h->in_sample;
}

static double bytes(uint64_t n)
{
	return n == UNKNOWN ? NAN : (double)n;
}

static int take_device(struct history *h, const struct snapshot_device *d)
{
	struct device_slot *slot = NULL;
	struct history_subject *p;
	int err = 0;

	for (size_t i = 0; i < h->n_devices && !slot; i++)
		if (strcmp(h->devices[i]->gpu, d->device.gpu) == 0)
			slot = h->devices[i];
	if (!slot) {
		slot = ARRAY_RESERVE(&h->devices, &h->devices_size, h->n_devices + 1) ? NULL :
		       calloc(1, sizeof(*slot));
		if (!slot)
			return -ENOMEM;
		snprintf(slot->gpu, sizeof(slot->gpu), "%s", d->device.gpu);
		h->devices[h->n_devices++] = slot;
	}
	p = &slot->subject.public;
	snprintf(p->name, sizeof(p->name), "%s %.30s", d->device.gpu, d->device.driver);
	while (!err && p->n_engines < d->n_engines)
		err = add_engine(h, &slot->subject, d->engines[p->n_engines].name);
	while (!err && p->n_tracks - p->n_engines < d->n_regions)
		err = add_track(h, &slot->subject, p->n_tracks, d->regions[p->n_tracks - p->n_engines].name);
	if (err && err != -ENOSPC)
		return err;
	for (size_t i = 0; i < p->n_engines && i < d->n_engines; i++)
		put(h, &p->tracks[i], d->engines[i].usage.busy / (double)d->engines[i].capacity);
	for (size_t i = 0; i < p->n_tracks - p->n_engines && i < d->n_regions; i++) {
		const struct region_usage *u = &d->regions[i].usage;

		put(h, &p->tracks[p->n_engines + i], bytes(region_usage_memory(u)));
	}
	return 0;
}

static uint64_t hash_of(const struct client_key *k)
{
	uint64_t key = hash_mix(k->id, k->first_ns);

	return hash_mix(hash_mix(key, (uint64_t)k->pid), (uint64_t)k->fd);
}

static struct client_slot *find_client(const struct history *h, const struct client_key *k)
{
	for (struct hash_node *n = hash_first(&h->by_key, hash_of(k)); n; n = hash_next(n)) {
		struct client_slot *c = (struct client_slot *)((char *)n - offsetof(struct client_slot, node));

		if (c->key.id == k->id && c->key.first_ns == k->first_ns && c->key.pid == k->pid &&
		    c->key.fd == k->fd && strcmp(c->key.gpu, k->gpu) == 0)
			return c;
	}
	return NULL;
}

/* Which of two clients that are gone is worth less. */
static bool is_less(const struct history *h, const struct client_slot *a, const struct client_slot *b)
{
	return h->whole ? a->subject.public.busy_ns < b->subject.public.busy_ns : a->seen < b->seen;
}

static int add_client(struct history *h, const struct client_key *key, const struct snapshot_client *c,
		      struct client_slot **ret)
{
	const struct snapshot_process *p = c->process;
	struct client_slot *slot = h->free;
	struct history_subject *pub;

	if (slot) {
		h->free = slot->next_free;
	} else {
		slot = ARRAY_RESERVE(&h->clients, &h->clients_size, h->n_clients + 1) ? NULL :
		       calloc(1, sizeof(*slot));
		if (!slot)
			return -ENOMEM;
		h->clients[h->n_clients++] = slot;
	}
	if (hash_add(&h->by_key, &slot->node, hash_of(key))) {
		slot->next_free = h->free;
		h->free = slot;
		return -ENOMEM;
	}
	slot->key = *key;
	slot->is_used = true;
	pub = &slot->subject.public;
	pub->n_tracks = pub->n_engines = 0;
	pub->busy_ns = 0;
	snprintf(pub->name, sizeof(pub->name), "%d %.80s", p->pid, *p->cmdline ? p->cmdline : p->comm);
	*ret = slot;
	return 0;
}

static int take_client(struct history *h, const struct snapshot_client *c)
{
	const struct client_key key = snapshot_client_key(c);
	struct client_slot *slot = find_client(h, &key);
	struct history_subject *p;
	int err = slot ? 0 : add_client(h, &key, c, &slot);

	if (err)
		return err;
	p = &slot->subject.public;
	if (p->n_tracks == 0)
		err = add_track(h, &slot->subject, 0, "memory");
	while (!err && p->n_engines < c->device->n_engines)
		err = add_engine(h, &slot->subject, c->device->engines[p->n_engines].name);
	if (err && err != -ENOSPC)
		return err;
	for (size_t i = 0; i < p->n_engines && i < c->device->n_engines; i++) {
		put(h, &p->tracks[i], c->engines[i].busy / (double)c->device->engines[i].capacity);
		if (!isnan(c->engines[i].busy) && c->interval_ns != UNKNOWN)
			p->busy_ns += c->engines[i].busy * (double)c->interval_ns;
	}
	if (p->n_tracks > p->n_engines)
		put(h, &p->tracks[p->n_engines], bytes(snapshot_client_memory(c)));
	slot->seen = h->frames;
	return 0;
}

static double mean(double a, double b)
{
	return isnan(a) ? b : isnan(b) ? a : (a + b) / 2;
}

static void halve_tracks(const struct history *h, struct history_subject *p)
{
	for (size_t t = 0; t < p->n_tracks; t++)
		for (size_t i = 0; i < h->size; i++)
			p->tracks[t].values[i] = i < h->size / 2 ?
				(float)mean(p->tracks[t].values[2 * i], p->tracks[t].values[2 * i + 1]) : NAN;
}

/* All samples, two and two made one: there is room again. */
static void halve(struct history *h)
{
	for (size_t i = 0; i < h->n_devices; i++)
		halve_tracks(h, &h->devices[i]->subject.public);
	for (size_t i = 0; i < h->n_clients; i++)
		halve_tracks(h, &h->clients[i]->subject.public);
	for (size_t i = 0; i < h->size / 2; i++)
		h->t_ns[i] = h->t_ns[2 * i + 1];
	h->n = h->size / 2;
	h->per_sample *= 2;
}

static void empty_sample(const struct history *h, struct history_subject *p)
{
	for (size_t i = 0; i < p->n_tracks; i++)
		p->tracks[i].values[(h->n - 1) % h->size] = NAN;
}

static void begin_sample(struct history *h)
{
	if (h->whole && h->n == h->size)
		halve(h);
	h->n++;
	h->in_sample = 0;
	for (size_t i = 0; i < h->n_devices; i++)
		empty_sample(h, &h->devices[i]->subject.public);
	for (size_t i = 0; i < h->n_clients; i++)
		empty_sample(h, &h->clients[i]->subject.public);
}

/* Of those that are gone as many are kept as there is room for. */
static void keep_gone(struct history *h, struct client_slot *c)
{
	size_t at = h->n_gone;

	if (h->n_gone == HISTORY_MAX_GONE) {
		if (!is_less(h, h->gone[--at], c)) {
			forget_client(h, c);
			return;
		}
		forget_client(h, h->gone[at]);
	} else {
		h->n_gone++;
	}
	for (; at > 0 && is_less(h, h->gone[at - 1], c); at--)
		h->gone[at] = h->gone[at - 1];
	h->gone[at] = c;
}

/* Forgets who is gone for so long that no sample is left, or one of too many. */
static void sweep(struct history *h)
{
	h->n_gone = 0;
	for (size_t i = 0; i < h->n_clients; i++) {
		struct client_slot *c = h->clients[i];

		if (!c->is_used || c->seen == h->frames)
			continue;
		if (!h->whole && h->frames - c->seen >= h->size)
			forget_client(h, c);
		else
			keep_gone(h, c);
	}
}

int history_take(struct history *h, const struct snapshot *s)
{
	int err = 0;

	if (h->frames && s->frame.t_ns < h->last_ns)
		history_forget(h);
	if (h->frames++ == 0)
		h->start_ns = s->frame.t_ns;
	h->last_ns = s->frame.t_ns;
	if (h->n == 0 || h->in_sample == h->per_sample)
		begin_sample(h);
	h->in_sample++;
	h->t_ns[(h->n - 1) % h->size] = s->frame.t_ns;
	for (size_t i = 0; i < s->n_devices && !err; i++)
		err = take_device(h, &s->devices[i]);
	for (size_t i = 0; i < s->n_clients && !err; i++)
		err = take_client(h, &s->clients[i]);
	sweep(h);
	return err;
}

size_t history_length(const struct history *h)
{
	return h->n < h->size ? (size_t)h->n : h->size;
}

uint64_t history_t_ns(const struct history *h, size_t age)
{
	return h->t_ns[(h->n - 1 - age) % h->size];
}

uint64_t history_start_ns(const struct history *h)
{
	return h->start_ns;
}

double history_at(const struct history *h, const struct track *t, size_t age)
{
	return age < history_length(h) ? (double)t->values[(h->n - 1 - age) % h->size] : NAN;
}

const struct history_subject *history_device(const struct history *h, const char *gpu)
{
	for (size_t i = 0; i < h->n_devices; i++)
		if (strcmp(h->devices[i]->gpu, gpu) == 0)
			return &h->devices[i]->subject.public;
	return NULL;
}

const struct history_subject *history_client(const struct history *h, const struct client_key *k)
{
	const struct client_slot *slot = find_client(h, k);

	return slot && slot->subject.public.n_tracks > 0 ? &slot->subject.public : NULL;
}

const struct history_subject *history_device_at(const struct history *h, size_t i)
{
	return i < h->n_devices ? &h->devices[i]->subject.public : NULL;
}

const struct history_subject *history_client_at(const struct history *h, size_t i)
{
	for (size_t at = 0; at < h->n_clients; at++)
		if (h->clients[at]->is_used && h->clients[at]->subject.public.n_tracks > 0 && i-- == 0)
			return &h->clients[at]->subject.public;
	return NULL;
}
