/* SPDX-License-Identifier: MIT */
#include "table.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "array.h"
#include "table_state.h"

int table_new(struct table **ret)
{
	struct table *t = calloc(1, sizeof(*t));

	if (!t)
		return -ENOMEM;
	t->seq = 1;
	t->last_frame_ns = UNKNOWN;
	*ret = t;
	return 0;
}

static void process_free(struct process_state *p)
{
	buf_done(&p->comm);
	buf_done(&p->cmdline);
	buf_done(&p->user);
	buf_done(&p->cgroup);
	free(p);
}

static void client_free(struct client_state *c)
{
	free(c->engines);
	free(c->regions);
	buf_done(&c->text);
	buf_done(&c->name);
	free(c->extras);
	free(c->holders);
	free(c->before);
	free(c);
}

static void gpu_free(struct gpu_state *gpu)
{
	for (size_t i = 0; i < gpu->n_engines; i++)
		free(gpu->engines[i].name);
	for (size_t i = 0; i < gpu->n_regions; i++)
		free(gpu->regions[i].name);
	free(gpu->engines);
	free(gpu->regions);
	free(gpu);
}

void table_free(struct table *t)
{
	if (!t)
		return;
	for (size_t i = 0; i < t->n_clients; i++)
		client_free(t->clients[i]);
	for (size_t i = 0; i < t->n_processes; i++)
		process_free(t->processes[i]);
	for (size_t i = 0; i < t->n_gpus; i++)
		gpu_free(t->gpus[i]);
	hash_done(&t->by_identity);
	hash_done(&t->by_pid);
	free(t->clients);
	free(t->processes);
	free(t->gpus);
	free(t->out_devices);
	free(t->out_device_engines);
	free(t->out_device_regions);
	free(t->out_clients);
	free(t->out_engines);
	free(t->out_regions);
	free(t->out_holders);
	free(t->out_sharers);
	free(t);
}

/* As it is kept. */
static struct str gpu_name(struct str name)
{
	return str_cut(name, sizeof(((struct device *)NULL)->gpu) - 1);
}

/* Machines have few devices: a scan is cheaper than anything else. @name is as it is kept. */
static struct gpu_state *gpu_find(const struct table *t, struct str name)
{
	for (size_t i = 0; i < t->n_gpus; i++)
		if (str_is(name, t->gpus[i]->device.gpu))
			return t->gpus[i];
	return NULL;
}

/* 0, -ENOMEM, or -E2BIG for one too many. */
static int gpu_lookup(struct table *t, struct str name, struct gpu_state **ret)
{
	struct gpu_state *gpu;

	name = gpu_name(name);
	gpu = gpu_find(t, name);
	if (gpu) {
		*ret = gpu;
		return 0;
	}
	if (t->n_gpus == TABLE_MAX_DEVICES)
		return -E2BIG;
	if (ARRAY_RESERVE(&t->gpus, &t->gpus_size, t->n_gpus + 1))
		return -ENOMEM;
	gpu = calloc(1, sizeof(*gpu));
	if (!gpu)
		return -ENOMEM;
	memcpy(gpu->device.gpu, name.ptr, name.len);
	t->gpus[t->n_gpus++] = gpu;
	*ret = gpu;
	return 0;
}

static int add_device(struct table *t, const struct device *d)
{
	struct device now = *d;
	struct gpu_state *gpu;
	int err = gpu_lookup(t, str_of(d->gpu), &gpu);

	if (err)
		return err == -E2BIG ? 0 : err;
	/* without sysfs only a client's text says it */
	if (!now.driver[0])
		snprintf(now.driver, sizeof(now.driver), "%s", gpu->device.driver);
	gpu->device = now;
	gpu->seen = t->seq;
	return 0;
}

/* Copies @now where it differs; returns 1 if it did, 0 if not, -ENOMEM. */
static int text_update(struct buf *kept, struct str now, const char **ret)
{
	if (kept->ptr && str_eq(buf_str(kept), now))
		return 0;
	buf_reset(kept);
	buf_add_str(kept, now);
	if (kept->err)
		return -ENOMEM;
	*ret = kept->ptr;
	return 1;
}

static int process_update(struct process_state *p, const struct process *now)
{
	struct snapshot_process *facts = &p->facts;
	int r;

	facts->uid = now->uid;
	memcpy(p->ancestors, now->ancestors, sizeof(p->ancestors));
	facts->ancestors = p->ancestors;
	facts->n_ancestors = now->n_ancestors;
	if (text_update(&p->comm, now->comm, &facts->comm) < 0 ||
	    text_update(&p->cmdline, now->cmdline, &facts->cmdline) < 0 ||
	    text_update(&p->user, now->user, &facts->user) < 0)
		return -ENOMEM;
	r = text_update(&p->cgroup, now->cgroup, &facts->cgroup);
	if (r > 0)
		cgroup_decode(now->cgroup, &facts->facts);
	return r < 0 ? r : 0;
}

static struct process_state *process_find(const struct table *t, const struct process *key)
{
	struct hash_node *node = hash_first(&t->by_pid, (uint64_t)key->pid);

	for (; node; node = hash_next(node)) {
		struct process_state *p = (struct process_state *)node;

		if (p->facts.start_time == key->start_time)
			return p;
	}
	return NULL;
}

static int process_take(struct table *t, const struct process *now, struct process_state **ret)
{
	struct process_state *p = process_find(t, now);

	if (!p) {
		if (ARRAY_RESERVE(&t->processes, &t->processes_size, t->n_processes + 1))
			return -ENOMEM;
		p = calloc(1, sizeof(*p));
		if (!p)
			return -ENOMEM;
		p->facts.pid = now->pid;
		p->facts.start_time = now->start_time;
		if (process_update(p, now) ||
		    hash_add(&t->by_pid, &p->node, (uint64_t)now->pid)) {
			process_free(p);
			return -ENOMEM;
		}
		t->processes[t->n_processes++] = p;
	} else if (p->seen != t->seq && process_update(p, now)) {
		return -ENOMEM;
	}
	p->seen = t->seq;
	*ret = p;
	return 0;
}

/* What a client is called: its id on its device, or who holds it where there is no id. */
struct identity {
	struct gpu_state *gpu;
	uint64_t id;
	pid_t pid;
	uint64_t start_time;
	int fd;
};

static struct identity identity_of(struct gpu_state *gpu, const struct record *r)
{
	if (r->fi.client_id != UNKNOWN)
		return (struct identity){ .gpu = gpu, .id = r->fi.client_id };
	return (struct identity){ gpu, UNKNOWN, r->process.pid, r->process.start_time,
				  r->n_fds ? r->fds[0] : -1 };
}

static uint64_t identity_key(const struct identity *id)
{
	uint64_t key = hash_mix((uint64_t)(uintptr_t)id->gpu, id->id);

	if (id->id != UNKNOWN)
		return key;
	return hash_mix(hash_mix(hash_mix(key, (uint64_t)id->pid), id->start_time), (uint64_t)id->fd);
}

static struct client_state *client_find(const struct table *t, const struct identity *id)
{
	struct hash_node *node = hash_first(&t->by_identity, identity_key(id));

	for (; node; node = hash_next(node)) {
		struct client_state *c = (struct client_state *)node;

		if (c->gpu == id->gpu && c->id == id->id && c->pid == id->pid &&
		    c->start_time == id->start_time && c->fd == id->fd)
			return c;
	}
	return NULL;
}

/* The order of t->clients, which is the order of the snapshot. */
static int client_compare(const struct table *t, const struct client_state *a,
			  const struct client_state *b)
{
	if (a->gpu != b->gpu) {
		size_t i = 0;

		while (t->gpus[i] != a->gpu && t->gpus[i] != b->gpu)
			i++;
		return t->gpus[i] == a->gpu ? -1 : 1;
	}
	if (a->id != b->id)
		return a->id < b->id ? -1 : 1;
	if (a->pid != b->pid)
		return a->pid < b->pid ? -1 : 1;
	return (a->fd > b->fd) - (a->fd < b->fd);
}

/* Takes @c among the clients, as @id. 0 or -ENOMEM. */
static int client_insert(struct table *t, const struct identity *id, struct client_state *c)
{
	size_t lo = 0, hi = t->n_clients;

	c->gpu = id->gpu;
	c->id = id->id;
	c->pid = id->pid;
	c->start_time = id->start_time;
	c->fd = id->fd;
	if (ARRAY_RESERVE(&t->clients, &t->clients_size, t->n_clients + 1) ||
	    hash_add(&t->by_identity, &c->node, identity_key(id)))
		return -ENOMEM;
	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (client_compare(t, t->clients[mid], c) < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	memmove(&t->clients[lo + 1], &t->clients[lo], (t->n_clients - lo) * sizeof(*t->clients));
	t->clients[lo] = c;
	t->n_clients++;
	return 0;
}

static int client_new(struct table *t, const struct identity *id, struct client_state **ret)
{
	struct client_state *c = calloc(1, sizeof(*c));

	if (!c)
		return -ENOMEM;
	c->serial = ++t->last_serial;
	c->first_ns = c->interval_ns = UNKNOWN;
	if (client_insert(t, id, c)) {
		client_free(c);
		return -ENOMEM;
	}
	*ret = c;
	return 0;
}

/* The one that was known by its holder only, as its device slept, and now says its number; NULL if there is none. */
static struct client_state *client_unnumbered(const struct table *t, const struct identity *id, const struct record *r)
{
	const struct identity before = { id->gpu, UNKNOWN, r->process.pid, r->process.start_time,
					 r->n_fds ? r->fds[0] : -1 };
	struct client_state *c = id->id != UNKNOWN && r->n_fds ? client_find(t, &before) : NULL;

	return c && !c->read ? c : NULL;
}

/* 0, or -ENOMEM: @c is gone. */
static int client_rename(struct table *t, const struct identity *id, struct client_state *c)
{
	size_t i = 0;

	while (t->clients[i] != c)
		i++;
	t->n_clients--;
	memmove(&t->clients[i], &t->clients[i + 1], (t->n_clients - i) * sizeof(*t->clients));
	hash_remove(&t->by_identity, &c->node);
	if (client_insert(t, id, c)) {
		client_free(c);
		return -ENOMEM;
	}
	return 0;
}

/*
 * What (pid, fd) was at the last frame, for texts that say nothing, or were not read. Of the same device; one that was
 * unplugged has no name left but its node's, and is the one it was.
 */
static struct client_state *client_of_holder(const struct table *t, const struct record *r)
{
	const struct process_state *p = process_find(t, &r->process);
	const struct gpu_state *gpu = gpu_find(t, gpu_name(r->gpu));

	if (!p || !r->n_fds)
		return NULL;
	for (size_t i = 0; i < t->n_clients; i++) {
		struct client_state *c = t->clients[i];
		const struct holder_state *holders;
		size_t n_holders;

		if ((gpu ? c->gpu != gpu : !r->rdev || c->rdev != r->rdev) || c->seen + 1 < t->seq)
			continue;
		holders = c->seen == t->seq ? c->before : c->holders;
		n_holders = c->seen == t->seq ? c->n_before : c->n_holders;
		for (size_t n = 0; n < n_holders; n++)
			if (holders[n].process == p && holders[n].fd == r->fds[0])
				return c;
	}
	return NULL;
}

/* The oldest process comes first: a client belongs to it, children that inherited it are sharers. */
static int holder_compare(const struct holder_state *a, const struct holder_state *b)
{
	const struct snapshot_process *p = &a->process->facts, *q = &b->process->facts;

	if (p->start_time != q->start_time)
		return p->start_time < q->start_time ? -1 : 1;
	if (p->pid != q->pid)
		return p->pid < q->pid ? -1 : 1;
	return (a->fd > b->fd) - (a->fd < b->fd);
}

static int add_holder(struct client_state *c, struct process_state *p, int fd)
{
	struct holder_state new = { p, fd };
	size_t at = c->n_holders;

	if (ARRAY_RESERVE(&c->holders, &c->holders_size, c->n_holders + 1))
		return -ENOMEM;
	while (at > 0 && holder_compare(&c->holders[at - 1], &new) > 0)
		at--;
	if (at > 0 && holder_compare(&c->holders[at - 1], &new) == 0)
		return 0;
	memmove(&c->holders[at + 1], &c->holders[at], (c->n_holders - at) * sizeof(*c->holders));
	c->holders[at] = new;
	c->n_holders++;
	return 0;
}

/* The client exits; its counters stay in the device's sums. */
static void client_drop(struct table *t, struct client_state *c)
{
	client_retire(c);
	hash_remove(&t->by_identity, &c->node);
	client_free(c);
}

/* @was: what its holder was, if that is all there is to go by. */
static int client_lookup(struct table *t, struct gpu_state *gpu, const struct record *r,
			 struct client_state *was, struct client_state **ret)
{
	struct identity id = identity_of(gpu, r);
	struct client_state *c = client_find(t, &id);

	if (!c)
		c = was;
	if (!c) {
		c = client_unnumbered(t, &id, r);
		if (!c)
			return client_new(t, &id, ret);
		if (client_rename(t, &id, c))
			return -ENOMEM;
	}
	*ret = c;
	return 0;
}

/* Those of the last frame are kept apart until this one ends. */
static void begin_holders(struct client_state *c)
{
	SWAP(c->before, c->holders);
	SWAP(c->before_size, c->holders_size);
	c->n_before = c->n_holders;
	c->n_holders = 0;
}

/* Its number is another client's: the one it was exits, and who held that is not known to hold this one. */
static void client_start_anew(struct table *t, struct client_state *c)
{
	size_t kept = 0;

	client_retire(c);
	c->serial = ++t->last_serial;
	c->first_ns = UNKNOWN;
	c->instance = 0;
	c->n_engines = c->n_regions = 0;
	for (size_t i = 0; i < c->n_holders; i++) {
		const struct snapshot_process *p = &c->holders[i].process->facts;

		if (!client_was_held_by(c, p->pid, p->start_time))
			c->holders[kept++] = c->holders[i];
	}
	c->n_holders = kept;
	c->n_before = 0;
}

static int add_client(struct table *t, const struct record *r)
{
	struct client_state *c, *was;
	struct process_state *p;
	struct gpu_state *gpu;
	bool is_reading;
	int err = 0;

	if (!r->gpu.ptr)
		return 0;
	was = r->fi.driver.ptr ? NULL : client_of_holder(t, r);
	if (was)
		gpu = was->gpu;
	else
		err = gpu_lookup(t, r->gpu, &gpu);
	if (err)
		return err == -E2BIG ? 0 : err;
	gpu->seen = t->seq;
	if (!gpu->device.driver[0] && r->fi.driver.ptr) {
		struct str driver = str_cut(r->fi.driver, sizeof(gpu->device.driver) - 1);

		memcpy(gpu->device.driver, driver.ptr, driver.len);
	}

	if (client_lookup(t, gpu, r, was, &c) || process_take(t, &r->process, &p))
		return -ENOMEM;
	if (c->seen != t->seq) {
		/* nobody knows when it did what it did out of sight */
		if (c->seen + 1 < t->seq)
			c->first_ns = UNKNOWN;
		c->seen = t->seq;
		begin_holders(c);
		c->interval_ns = UNKNOWN;
		for (size_t i = 0; i < c->n_engines; i++)
			c->engines[i].busy = (double)NAN;
	}
	/* Several holders read the same counters a little later each: the first reading counts. */
	is_reading = r->fi.driver.ptr && r->t_ns && c->read != t->seq;
	if (is_reading && client_number_was_reused(c, r))
		client_start_anew(t, c);
	if (r->rdev)
		c->rdev = r->rdev;
	if (!c->instance)
		c->instance = gpu->device.instance;
	if (!r->n_fds && add_holder(c, p, -1))
		return -ENOMEM;
	for (size_t i = 0; i < r->n_fds; i++)
		if (add_holder(c, p, r->fds[i]))
			return -ENOMEM;

	if (!is_reading)
		return 0;
	c->read = t->seq;
	return client_read(c, r);
}

static void sweep(struct table *t)
{
	size_t kept = 0;

	for (size_t i = 0; i < t->n_clients; i++) {
		struct client_state *c = t->clients[i];

		/* its processes are forgotten now */
		c->n_before = 0;
		if (c->seen != t->seq)
			c->n_holders = 0;
		if (c->seen == t->seq || (c->id != UNKNOWN && t->seq - c->seen < SNAPSHOT_FRAMES_AWAY))
			t->clients[kept++] = c;
		else
			client_drop(t, c);
	}
	t->n_clients = kept;

	kept = 0;
	for (size_t i = 0; i < t->n_processes; i++) {
		struct process_state *p = t->processes[i];

		if (p->seen == t->seq) {
			t->processes[kept++] = p;
			continue;
		}
		hash_remove(&t->by_pid, &p->node);
		process_free(p);
	}
	t->n_processes = kept;
}

int table_add(struct table *t, const struct record *r)
{
	int err;

	switch (r->kind) {
	case RECORD_DEVICE:
		return add_device(t, &r->device);
	case RECORD_CLIENT:
		return add_client(t, r);
	case RECORD_FRAME:
		sweep(t);
		err = table_publish(t, &r->frame);
		if (err)
			return err;
		t->last_frame_ns = r->frame.t_ns;
		t->seq++;
		return 1;
	default:
		return 0;
	}
}

const struct snapshot *table_snapshot(const struct table *t)
{
	return t->seq > 1 ? &t->snapshot : NULL;
}
