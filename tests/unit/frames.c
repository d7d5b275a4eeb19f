/* SPDX-License-Identifier: MIT */
#include "frames.h"

#include <stdio.h>
#include <string.h>

const struct snapshot *table_frame(struct table *t, uint64_t t_ns, const char *text)
{
	static struct record r;
	static char end[128];
	const char *at = text;

	while (*at) {
		const char *blank = strstr(at, "\n\n");
		size_t len = blank ? (size_t)(blank - at) + 1 : strlen(at);

		assert_int_equal(record_parse(&r, (struct str){ at, len }), 0);
		assert_int_equal(table_add(t, &r), 0);
		at += blank ? len + 1 : len;
	}
	snprintf(end, sizeof(end), "gputop-frame: 1\ngputop-time: %llu ns\n", (unsigned long long)t_ns);
	assert_int_equal(record_parse(&r, str_of(end)), 0);
	assert_int_equal(table_add(t, &r), 1);
	record_done(&r);
	return table_snapshot(t);
}

const struct snapshot_client *find_client(const struct snapshot *s, uint64_t id)
{
	for (size_t i = 0; i < s->n_clients; i++)
		if (s->clients[i].id == id)
			return &s->clients[i];
	fail_msg("no client %llu", (unsigned long long)id);
	return NULL;
}

const struct engine_usage *client_engine(const struct snapshot_client *c, const char *name)
{
	for (size_t i = 0; i < c->device->n_engines; i++)
		if (!strcmp(c->device->engines[i].name, name))
			return &c->engines[i];
	fail_msg("no engine %s", name);
	return NULL;
}

const struct engine_usage *device_engine(const struct snapshot_device *d, const char *name)
{
	for (size_t i = 0; i < d->n_engines; i++)
		if (!strcmp(d->engines[i].name, name))
			return &d->engines[i].usage;
	fail_msg("no engine %s", name);
	return NULL;
}

const struct region_usage *client_region(const struct snapshot_client *c, const char *name)
{
	for (size_t i = 0; i < c->device->n_regions; i++)
		if (!strcmp(c->device->regions[i].name, name))
			return &c->regions[i];
	fail_msg("no region %s", name);
	return NULL;
}

int table_setup(void **state)
{
	return table_new((struct table **)state);
}

int table_teardown(void **state)
{
	table_free(*state);
	return 0;
}
