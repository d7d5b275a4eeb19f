/* SPDX-License-Identifier: MIT */
/* The snapshot: arrays counted first, reserved, then filled, so that no pointer moves while it is made. */
#include <errno.h>
#include <math.h>

#include "array.h"
#include "table_state.h"

struct counts {
	size_t devices, device_engines, device_regions, clients, engines, regions, holders;
};

/* A device that neither a device record nor a client named in this frame is not there now. */
static bool is_present(const struct table *t, const struct gpu_state *gpu)
{
	return gpu->seen == t->seq;
}

static struct counts count(const struct table *t)
{
	struct counts n = { 0 };

	for (size_t i = 0; i < t->n_gpus; i++) {
		const struct gpu_state *gpu = t->gpus[i];

		if (!is_present(t, gpu))
			continue;
		n.devices++;
		n.device_engines += gpu->n_engines;
		n.device_regions += gpu->n_regions;
	}
	for (size_t i = 0; i < t->n_clients; i++) {
		const struct client_state *c = t->clients[i];

		if (c->seen != t->seq)
			continue;
		n.clients++;
		n.engines += c->gpu->n_engines;
		n.regions += c->gpu->n_regions;
		n.holders += c->n_holders;
	}
	return n;
}

static int reserve(struct table *t, const struct counts *n)
{
	return ARRAY_RESERVE(&t->out_devices, &t->out_devices_size, n->devices) ||
	       ARRAY_RESERVE(&t->out_device_engines, &t->out_device_engines_size, n->device_engines) ||
	       ARRAY_RESERVE(&t->out_device_regions, &t->out_device_regions_size, n->device_regions) ||
	       ARRAY_RESERVE(&t->out_clients, &t->out_clients_size, n->clients) ||
	       ARRAY_RESERVE(&t->out_engines, &t->out_engines_size, n->engines) ||
	       ARRAY_RESERVE(&t->out_regions, &t->out_regions_size, n->regions) ||
	       ARRAY_RESERVE(&t->out_holders, &t->out_holders_size, n->holders) ||
	       ARRAY_RESERVE(&t->out_sharers, &t->out_sharers_size, n->holders) ?
		       -ENOMEM : 0;
}

static void add_region(struct region_usage *sum, const struct region_usage *r)
{
	counter_add(&sum->total, r->total);
	counter_add(&sum->shared, r->shared);
	counter_add(&sum->resident, r->resident);
	counter_add(&sum->purgeable, r->purgeable);
	counter_add(&sum->active, r->active);
}

static void add_engine(struct engine_usage *sum, const struct engine_usage *e)
{
	counter_add(&sum->busy_ns, e->busy_ns);
	counter_add(&sum->cycles, e->cycles);
	if (!isnan(e->busy))
		sum->busy = isnan(sum->busy) ? e->busy : sum->busy + e->busy;
}

/* The device with its engines and regions, holding what exited clients left; clients are added later. */
static void publish_device(const struct gpu_state *gpu, struct snapshot_device *d,
			   struct snapshot_engine *engines, struct snapshot_region *regions)
{
	*d = (struct snapshot_device){
		.device = gpu->device,
		.engines = engines, .n_engines = gpu->n_engines,
		.regions = regions, .n_regions = gpu->n_regions,
	};
	for (size_t i = 0; i < gpu->n_engines; i++) {
		const struct engine_state *e = &gpu->engines[i];

		engines[i] = (struct snapshot_engine){
			.name = e->name, .capacity = e->capacity,
			.curfreq_hz = e->curfreq_hz, .maxfreq_hz = e->maxfreq_hz,
			.usage = { (double)NAN, e->exited.busy_ns, e->exited.cycles, e->total_cycles },
		};
	}
	for (size_t i = 0; i < gpu->n_regions; i++)
		regions[i] = (struct snapshot_region){
			.name = gpu->regions[i].name,
			.usage = { UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN },
		};
}

static struct engine_usage usage_of(const struct client_engine *e)
{
	return (struct engine_usage){ e->busy, e->held.busy_ns, e->held.cycles, e->total_cycles };
}

/* One that is out of sight: its counters, as those of one that exited. */
static void publish_away(const struct client_state *c, struct snapshot_engine *of_device)
{
	for (size_t i = 0; i < c->n_engines; i++) {
		struct engine_usage usage = usage_of(&c->engines[i]);

		usage.busy = (double)NAN;
		add_engine(&of_device[i].usage, &usage);
	}
}

static void publish_usage(const struct client_state *c, struct snapshot_engine *of_device,
			  struct snapshot_region *of_device_regions, struct engine_usage *engines,
			  struct region_usage *regions)
{
	for (size_t i = 0; i < c->gpu->n_engines; i++) {
		engines[i] = (struct engine_usage){ (double)NAN, UNKNOWN, UNKNOWN, UNKNOWN };
		if (i < c->n_engines)
			engines[i] = usage_of(&c->engines[i]);
		add_engine(&of_device[i].usage, &engines[i]);
	}
	for (size_t i = 0; i < c->gpu->n_regions; i++) {
		if (i < c->n_regions)
			regions[i] = c->regions[i];
		else
			regions[i] = (struct region_usage){ UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN };
		add_region(&of_device_regions[i].usage, &regions[i]);
	}
}

static void publish_holders(const struct client_state *c, struct snapshot_client *out,
			    struct snapshot_device *d, struct snapshot_holder *holders,
			    const struct snapshot_process **sharers)
{
	size_t n_sharers = 0, n_holders = 0;

	for (size_t i = 0; i < c->n_holders; i++) {
		struct process_state *p = c->holders[i].process;

		if (c->holders[i].fd >= 0)
			holders[n_holders++] = (struct snapshot_holder){ p->facts.pid,
									 c->holders[i].fd };
		/* holders come process by process */
		if (i == 0)
			out->process = &p->facts;
		else if (p != c->holders[i - 1].process)
			sharers[n_sharers++] = &p->facts;
		if (p->counted_for != c->gpu) {
			p->counted_for = c->gpu;
			d->n_processes++;
		}
	}
	out->holders = holders;
	out->n_holders = n_holders;
	out->sharers = sharers;
	out->n_sharers = n_sharers;
}

int table_publish(struct table *t, const struct frame *frame)
{
	struct counts n = count(t);
	struct snapshot_device *d;
	struct snapshot_client *out;
	struct snapshot_engine *device_engines;
	struct snapshot_region *device_regions;
	struct engine_usage *engines;
	struct region_usage *regions;
	struct snapshot_holder *holders;
	const struct snapshot_process **sharers;
	size_t next = 0;

	if (reserve(t, &n))
		return -ENOMEM;
	d = t->out_devices;
	out = t->out_clients;
	device_engines = t->out_device_engines;
	device_regions = t->out_device_regions;
	engines = t->out_engines;
	regions = t->out_regions;
	holders = t->out_holders;
	sharers = t->out_sharers;
	for (size_t i = 0; i < t->n_processes; i++)
		t->processes[i]->counted_for = NULL;

	/* Clients are ordered by device, so one walk over both does. */
	for (size_t g = 0; g < t->n_gpus; g++) {
		const struct gpu_state *gpu = t->gpus[g];
		bool is_there = is_present(t, gpu);

		if (is_there)
			publish_device(gpu, d, device_engines, device_regions);
		for (; next < t->n_clients && t->clients[next]->gpu == gpu; next++) {
			const struct client_state *c = t->clients[next];

			if (c->seen != t->seq) {
				if (is_there)
					publish_away(c, device_engines);
				continue;
			}
			*out = (struct snapshot_client){
				.device = d, .serial = c->serial, .id = c->id, .rdev = c->rdev,
				.name = c->name.len ? c->name.ptr : NULL,
				.engines = engines, .regions = regions,
				.t_ns = c->t_ns, .interval_ns = c->interval_ns, .first_ns = c->first_ns,
				.text = { c->text.len ? c->text.ptr : NULL, c->text.len },
				.extras = c->extras, .n_extras = c->n_extras,
			};
			publish_usage(c, device_engines, device_regions, engines, regions);
			publish_holders(c, out, d, holders, sharers);
			engines += gpu->n_engines;
			regions += gpu->n_regions;
			holders += out->n_holders;
			sharers += out->n_sharers;
			out++;
			d->n_clients++;
		}
		if (!is_there)
			continue;
		device_engines += gpu->n_engines;
		device_regions += gpu->n_regions;
		d++;
	}
	t->snapshot = (struct snapshot){
		.frame = *frame,
		.interval_ns = t->last_frame_ns != UNKNOWN && frame->t_ns > t->last_frame_ns ?
				       frame->t_ns - t->last_frame_ns : UNKNOWN,
		.devices = t->out_devices, .n_devices = n.devices,
		.clients = t->out_clients, .n_clients = n.clients,
	};
	return 0;
}
