/* SPDX-License-Identifier: MIT */
#include "snapshot.h"

#include <math.h>

bool snapshot_client_is_idle(const struct snapshot_client *c)
{
	for (size_t i = 0; i < c->device->n_engines; i++)
		if (c->engines[i].busy > 0)
			return false;
	return true;
}

double snapshot_client_use(const struct snapshot_client *c)
{
	double use = NAN;

	for (size_t i = 0; i < c->device->n_engines; i++) {
		double share = c->engines[i].busy / (double)c->device->engines[i].capacity;

		if (!isnan(share))
			use = isnan(use) ? share : use + share;
	}
	return use;
}

uint64_t snapshot_client_memory(const struct snapshot_client *c)
{
	uint64_t memory = UNKNOWN;

	for (size_t i = 0; i < c->device->n_regions; i++) {
		const struct region_usage *r = &c->regions[i];
		uint64_t bytes = r->resident != UNKNOWN ? r->resident : r->total;

		if (bytes != UNKNOWN)
			memory = memory == UNKNOWN ? bytes : memory + bytes;
	}
	return memory;
}
