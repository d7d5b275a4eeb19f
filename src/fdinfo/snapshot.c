/* SPDX-License-Identifier: MIT */
#include "snapshot.h"

#include <math.h>
#include <string.h>

#include "parse.h"

struct client_key snapshot_client_key(const struct snapshot_client *c)
{
	struct client_key key = { .id = c->id, .first_ns = c->first_ns };

	memcpy(key.gpu, c->device->device.gpu, sizeof(key.gpu));
	if (c->id == UNKNOWN && c->n_holders > 0) {
		key.pid = c->holders[0].pid;
		key.fd = c->holders[0].fd;
	}
	return key;
}

const struct snapshot_client *snapshot_find(const struct snapshot *s, const struct client_key *k)
{
	for (size_t i = 0; i < s->n_clients; i++) {
		const struct snapshot_client *c = &s->clients[i];
		struct client_key key;

		if (c->id != k->id || c->first_ns != k->first_ns)
			continue;
		key = snapshot_client_key(c);
		if (key.pid == k->pid && key.fd == k->fd && strcmp(key.gpu, k->gpu) == 0)
			return c;
	}
	return NULL;
}

void snapshot_extra(struct str line, struct str *ret_key, struct str *ret_value)
{
	struct str value = { 0 };

	*ret_key = line;
	if (parse_key(line, ret_key, &value))
		value = parse_trim(value);
	*ret_value = value;
}

bool snapshot_client_is_idle(const struct snapshot_client *c)
{
	return snapshot_client_use(c) <= 0 && snapshot_client_memory(c) == 0;
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
		uint64_t bytes = region_usage_memory(&c->regions[i]);

		if (bytes != UNKNOWN)
			memory = memory == UNKNOWN ? bytes : memory + bytes;
	}
	return memory;
}
