/* SPDX-License-Identifier: MIT */
/* Which client, device and process a record is of, over time, and what the table keeps of it. */
#include "frames.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void nothing_is_published_before_the_first_frame_ends(void **state)
{
	struct table *t = *state;
	const struct snapshot *s;

	assert_null(table_snapshot(t));
	s = table_frame(t, SECOND, "");
	assert_int_equal(s->n_clients, 0);
	assert_int_equal(s->n_devices, 0);
	assert_true(s->interval_ns == UNKNOWN);
	s = table_frame(t, 3 * SECOND, "");
	assert_int_equal(s->interval_ns, 2 * SECOND);
}

static void sharers_over_fork_and_dup_are_listed_never_added(void **state)
{
	struct table *t = *state;
	const struct snapshot *s;
	const struct snapshot_client *c;

	table_frame(t, 1, CLIENT(20, 9, "3", 1000000000, "drm-client-id: 1\ndrm-engine-gfx: 0 ns")
		    CLIENT(10, 5, "7 8", 1000000010, "drm-client-id: 1\ndrm-engine-gfx: 2 ns"));
	s = table_frame(t, 2, CLIENT(20, 9, "3", 2000000000, "drm-client-id: 1\ndrm-engine-gfx: 200000000 ns")
			CLIENT(10, 5, "8", 2000000010, "drm-client-id: 1\ndrm-engine-gfx: 200000002 ns")
			CLIENT(10, 5, "7", 2000000020, "drm-client-id: 1\ndrm-engine-gfx: 200000004 ns"));
	assert_int_equal(s->n_clients, 1);
	c = find_client(s, 1);
	assert_near(client_engine(c, "gfx")->busy, 0.2);
	assert_near(device_engine(c->device, "gfx")->busy, 0.2);
	assert_int_equal(device_engine(c->device, "gfx")->busy_ns, 200000000);
	/* the oldest process owns it, though the child's record came first */
	assert_int_equal(c->process->pid, 10);
	assert_int_equal(c->n_sharers, 1);
	assert_int_equal(c->sharers[0]->pid, 20);
	assert_int_equal(c->n_holders, 3);
	assert_int_equal(c->holders[0].pid, 10);
	assert_int_equal(c->holders[0].fd, 7);
	assert_int_equal(c->holders[1].fd, 8);
	assert_int_equal(c->holders[2].pid, 20);
	assert_int_equal(c->device->n_clients, 1);
	assert_int_equal(c->device->n_processes, 2);
}

static void a_client_outlives_its_opener(void **state)
{
	struct table *t = *state;
	const struct snapshot_client *c;

	table_frame(t, 1, CLIENT(10, 5, "7", 1000000000, "drm-client-id: 1\ndrm-engine-gfx: 0 ns")
		    CLIENT(20, 9, "7", 1000000000, "drm-client-id: 1\ndrm-engine-gfx: 0 ns"));
	c = find_client(table_frame(t, 2, CLIENT(20, 9, "7", 2000000000,
				    "drm-client-id: 1\ndrm-engine-gfx: 500000000 ns")), 1);
	assert_near(client_engine(c, "gfx")->busy, 0.5);
	assert_int_equal(c->process->pid, 20);
	assert_int_equal(c->n_sharers, 0);
}

static void a_reused_pid_is_another_process(void **state)
{
	struct table *t = *state;
	const struct snapshot_client *c;

	table_frame(t, 1, CLIENT(10, 5, "7\ngputop-comm: old\ngputop-cgroup: /a.service", 1000000000,
			   "drm-engine-gfx: 100 ns"));
	c = &table_frame(t, 2, CLIENT(10, 99, "7\ngputop-comm: new", 2000000000,
				"drm-engine-gfx: 900000000 ns"))->clients[0];
	assert_true(c->id == UNKNOWN);
	assert_unknown(client_engine(c, "gfx")->busy);
	assert_string_equal(c->process->comm, "new");
	assert_string_equal(c->process->cgroup, "");
	assert_string_equal(c->process->facts.unit, "");
	assert_int_equal(c->process->start_time, 99);
}

static void a_reused_client_id_is_a_new_client_without_a_spike(void **state)
{
	struct table *t = *state;
	const struct snapshot_client *c;

	table_frame(t, 1, CLIENT(10, 5, "7", 1000000000, "drm-client-id: 1\ndrm-engine-gfx: 9000000000 ns"));
	c = find_client(table_frame(t, 2, CLIENT(20, 50, "7", 2000000000,
				    "drm-client-id: 1\ndrm-engine-gfx: 400 ns")), 1);
	assert_unknown(client_engine(c, "gfx")->busy);
	assert_int_equal(client_engine(c, "gfx")->busy_ns, 400);
	/* what the first one did stays in the device's sum */
	assert_int_equal(device_engine(c->device, "gfx")->busy_ns, 9000000400);
}

static void a_sharer_that_comes_first_does_not_hide_that_a_number_was_reused(void **state)
{
	struct table *t = *state;
	const struct snapshot *s;
	const struct snapshot_client *c;

	table_frame(t, 1, CLIENT(10, 5, "7", 1000000000, "drm-client-id: 1\ndrm-engine-gfx: 9000000000 ns"));
	s = table_frame(t, 2, "gputop-pid: 21\ngputop-start-time: 51\ngputop-fds: 7\ngputop-gpu: 0000:03:00.0\n"
			      "drm-driver: amdgpu\ndrm-client-id: 1\n\n"
			      CLIENT(20, 50, "7", 2000000000, "drm-client-id: 1\ndrm-engine-gfx: 400 ns"));
	c = find_client(s, 1);
	assert_unknown(client_engine(c, "gfx")->busy);
	assert_int_equal(client_engine(c, "gfx")->busy_ns, 400);
	assert_int_equal(device_engine(c->device, "gfx")->busy_ns, 9000000400);
	assert_int_equal(c->process->pid, 20);
	assert_int_equal(c->n_sharers, 1);
	assert_int_equal(c->sharers[0]->pid, 21);
}

static void a_client_that_was_asleep_takes_on_the_number_its_text_says(void **state)
{
	struct table *t = *state;
	const struct snapshot *s;
	uint64_t serial;

	s = table_frame(t, 1, "gputop-pid: 10\ngputop-start-time: 5\ngputop-fds: 7\ngputop-gpu: 0000:03:00.0\n\n"
			      "gputop-pid: 20\ngputop-start-time: 6\ngputop-fds: 7\ngputop-gpu: 0000:03:00.0\n\n");
	assert_int_equal(s->n_clients, 2);
	assert_true(s->clients[0].id == UNKNOWN && s->clients[0].process->pid == 10);
	serial = s->clients[0].serial;
	assert_true(serial != s->clients[1].serial);
	s = table_frame(t, 2, CLIENT(20, 6, "7", 2000000000, "drm-client-id: 1\ndrm-engine-gfx: 70 ns")
			      CLIENT(10, 5, "7", 2000000000, "drm-client-id: 2\ndrm-engine-gfx: 90 ns"));
	assert_int_equal(s->n_clients, 2);
	assert_int_equal(s->clients[1].id, 2);
	assert_int_equal(s->clients[1].serial, serial);
	assert_int_equal(s->clients[1].process->pid, 10);
	assert_unknown(client_engine(&s->clients[1], "gfx")->busy);
	/* a number of its own is another client's */
	s = table_frame(t, 3, CLIENT(10, 5, "7", 3000000000, "drm-client-id: 3"));
	assert_true(s->clients[0].serial > serial + 1);
}

#define INSTANCE(n) "gputop-device: 0000:03:00.0\ngputop-device-instance: 0x" n "\n\n"

static void a_device_made_anew_numbers_its_clients_anew(void **state)
{
	struct table *t = *state;
	const struct snapshot *s;

	table_frame(t, 1, INSTANCE("1")
		    CLIENT(10, 5, "7", 1000000000, "drm-client-id: 1\ndrm-engine-gfx: 300 ns")
		    CLIENT(20, 6, "7", 1000000000, "drm-client-id: 2\ndrm-engine-gfx: 100 ns"));
	/* who holds one of the device that is gone has nothing to say, and stays */
	s = table_frame(t, 2, INSTANCE("2")
			"gputop-pid: 10\ngputop-start-time: 5\ngputop-fds: 7\ngputop-gpu: 0000:03:00.0\n"
			"gputop-time: 2000000000 ns\n\n"
			CLIENT(20, 6, "7", 2000000000, "drm-client-id: 2\ndrm-engine-gfx: 900000000 ns"));
	assert_int_equal(s->n_clients, 2);
	assert_int_equal(client_engine(find_client(s, 1), "gfx")->busy_ns, 300);
	assert_unknown(client_engine(find_client(s, 2), "gfx")->busy);
	assert_int_equal(device_engine(s->devices, "gfx")->busy_ns, 900000400);
	s = table_frame(t, 3, INSTANCE("2")
			CLIENT(20, 6, "7", 3000000000, "drm-client-id: 2\ndrm-engine-gfx: 1400000000 ns"));
	assert_near(client_engine(find_client(s, 2), "gfx")->busy, 0.5);
}

static void a_device_that_does_not_say_its_instance_is_the_one_it_was(void **state)
{
	struct table *t = *state;
	const struct snapshot *s;

	table_frame(t, 1, INSTANCE("1") CLIENT(10, 5, "7", 1000000000, "drm-client-id: 1\ndrm-engine-gfx: 0 ns"));
	s = table_frame(t, 2, "gputop-device: 0000:03:00.0\n\n"
			CLIENT(10, 5, "7", 2000000000, "drm-client-id: 1\ndrm-engine-gfx: 500000000 ns"));
	assert_near(client_engine(&s->clients[0], "gfx")->busy, 0.5);
	s = table_frame(t, 3, INSTANCE("1")
			CLIENT(10, 5, "7", 3000000000, "drm-client-id: 1\ndrm-engine-gfx: 600000000 ns"));
	assert_near(client_engine(&s->clients[0], "gfx")->busy, 0.1);
	assert_int_equal(device_engine(s->devices, "gfx")->busy_ns, 600000000);
}

static void a_client_id_that_was_away_for_a_frame_is_a_new_client(void **state)
{
	struct table *t = *state;
	const struct snapshot_client *c;

	table_frame(t, 1, CLIENT(10, 5, "7", 1000000000, "drm-client-id: 1\ndrm-engine-gfx: 400 ns"));
	table_frame(t, 2, "");
	c = find_client(table_frame(t, 3, CLIENT(20, 50, "7", 3000000000,
				    "drm-client-id: 1\ndrm-engine-gfx: 9000000000 ns")), 1);
	assert_unknown(client_engine(c, "gfx")->busy);
}

static void a_client_out_of_sight_for_a_while_is_not_counted_twice(void **state)
{
	static const char nobody[] = "gputop-device: 0000:03:00.0\ngputop-device-driver: amdgpu\n\n";
	struct table *t = *state;
	const struct snapshot_client *c;
	const struct snapshot *s;

	for (unsigned int frame = 1; frame < 40; frame++) {
		s = table_frame(t, frame, nobody);
		assert_int_equal(s->n_clients, 0);
		if (frame % 3)
			continue;
		s = table_frame(t, frame, CLIENT(10, 5, "7", 1000000000, "drm-client-id: 1\ndrm-engine-gfx: 400 ns")
				CLIENT(10, 5, "8", 1000000000, "drm-client-id: 2\ndrm-engine-gfx: 10 ns"));
		assert_int_equal(s->n_clients, 2);
		assert_unknown(client_engine(find_client(s, 1), "gfx")->busy);
		assert_int_equal(device_engine(s->devices, "gfx")->busy_ns, 410);
		s = table_frame(t, frame, CLIENT(10, 5, "8", 2000000000, "drm-client-id: 2\ndrm-engine-gfx: 10 ns"));
		assert_int_equal(s->n_clients, 1);
		assert_int_equal(device_engine(s->devices, "gfx")->busy_ns, 410);
	}
	/* with its device, too, and held by another process */
	table_frame(t, 41, "");
	c = find_client(table_frame(t, 42, CLIENT(20, 50, "3", 9000000000,
				    "drm-client-id: 1\ndrm-engine-gfx: 500 ns")), 1);
	assert_unknown(client_engine(c, "gfx")->busy);
	assert_int_equal(device_engine(c->device, "gfx")->busy_ns, 510);
	/* but one whose counter is lower is another, and so is one that was away for long */
	table_frame(t, 43, nobody);
	s = table_frame(t, 44, CLIENT(20, 50, "3", 9000000000, "drm-client-id: 1\ndrm-engine-gfx: 30 ns"));
	assert_int_equal(device_engine(s->devices, "gfx")->busy_ns, 540);
	for (unsigned int frame = 45; frame < 61; frame++)
		table_frame(t, frame, nobody);
	s = table_frame(t, 61, CLIENT(20, 50, "3", 9000000000, "drm-client-id: 1\ndrm-engine-gfx: 30 ns"));
	assert_int_equal(device_engine(s->devices, "gfx")->busy_ns, 570);
}

static void without_a_client_id_every_descriptor_is_a_client(void **state)
{
	struct table *t = *state;
	const struct snapshot *s;

	table_frame(t, 1, CLIENT(10, 5, "7", 1000000000, "drm-engine-gfx: 0 ns")
		    CLIENT(10, 5, "8", 1000000000, "drm-engine-gfx: 0 ns"));
	s = table_frame(t, 2, CLIENT(10, 5, "7", 2000000000, "drm-engine-gfx: 100000000 ns")
			CLIENT(10, 5, "8", 2000000000, "drm-engine-gfx: 300000000 ns"));
	assert_int_equal(s->n_clients, 2);
	assert_int_equal(s->clients[0].holders[0].fd, 7);
	assert_near(s->clients[0].engines[0].busy, 0.1);
	assert_near(s->clients[1].engines[0].busy, 0.3);
	assert_near(s->devices[0].engines[0].usage.busy, 0.4);
}

static void the_same_client_id_on_two_devices_is_two_clients(void **state)
{
	struct table *t = *state;
	const struct snapshot *s;
	const char *other = "gputop-pid: 10\ngputop-start-time: 5\ngputop-fds: 9\n"
			    "gputop-gpu: 0000:04:00.0\ngputop-time: 1000000000 ns\n"
			    "drm-driver: i915\ndrm-client-id: 1\ndrm-engine-render: 3 ns\n\n";
	char text[1024];

	snprintf(text, sizeof(text), "%s%s", other,
		 CLIENT(10, 5, "7", 1000000000, "drm-client-id: 1\ndrm-engine-gfx: 4 ns"));
	s = table_frame(t, 1, text);
	assert_int_equal(s->n_clients, 2);
	assert_int_equal(s->n_devices, 2);
	for (size_t i = 0; i < 2; i++) {
		assert_int_equal(s->devices[i].n_clients, 1);
		assert_int_equal(s->devices[i].n_processes, 1);
		assert_int_equal(s->devices[i].n_engines, 1);
		assert_ptr_equal(s->clients[i].device, &s->devices[i]);
	}
	assert_string_equal(s->devices[0].device.driver, "i915");
	assert_int_equal(s->clients[1].engines[0].busy_ns, 4);
}

static void a_driver_learned_from_a_client_is_not_forgotten(void **state)
{
	struct table *t = *state;
	const char *device = "gputop-device: 0000:03:00.0\n\n";
	const struct snapshot *s;

	table_frame(t, 1, CLIENT(10, 5, "7", 1000000000, "drm-client-id: 1"));
	s = table_frame(t, 2, device);
	assert_string_equal(s->devices[0].device.driver, "amdgpu");
}

static void a_sleeping_devices_client_keeps_what_it_had_and_claims_nothing(void **state)
{
	struct table *t = *state;
	const char *not_read = "gputop-pid: 10\ngputop-start-time: 5\ngputop-fds: 7\n"
			       "gputop-gpu: 0000:03:00.0\n\n";
	const struct snapshot *s;

	s = table_frame(t, 1, not_read);
	assert_int_equal(s->n_clients, 1);
	assert_true(s->clients[0].id == UNKNOWN);
	s = table_frame(t, 2, CLIENT(10, 5, "7", 2000000000, "drm-client-id: 1\ndrm-engine-gfx: 100 ns"));
	assert_int_equal(s->n_clients, 1);
	s = table_frame(t, 3, not_read);
	assert_int_equal(s->n_clients, 1);
	assert_int_equal(find_client(s, 1)->n_holders, 1);
	assert_unknown(client_engine(find_client(s, 1), "gfx")->busy);
	assert_int_equal(client_engine(find_client(s, 1), "gfx")->busy_ns, 100);
	/* awake again: what it did since the last reading, over the time since then */
	s = table_frame(t, 4, CLIENT(10, 5, "7", 4000000000, "drm-client-id: 1\ndrm-engine-gfx: 500000100 ns"));
	assert_near(client_engine(find_client(s, 1), "gfx")->busy, 0.25);
}

static void an_unplugged_devices_client_makes_no_second_one(void **state)
{
	struct table *t = *state;
	const struct snapshot *s;

	table_frame(t, 1, CLIENT(10, 5, "7", 1000000000, "drm-client-id: 1\ndrm-engine-gfx: 100 ns"));
	s = table_frame(t, 2, "gputop-pid: 10\ngputop-start-time: 5\ngputop-fds: 7\n"
			"gputop-gpu: 0000:03:00.0\ngputop-time: 2000000000 ns\n\n");
	assert_int_equal(s->n_clients, 1);
	assert_unknown(client_engine(find_client(s, 1), "gfx")->busy);
	assert_int_equal(s->devices[0].engines[0].usage.busy_ns, 100);
}

static void an_unplugged_device_without_a_name_is_the_one_it_was(void **state)
{
	static const char holder[] = "gputop-pid: 10\ngputop-start-time: 5\ngputop-fds: 7\ngputop-gpu: minor:128\n"
		"gputop-dev: 226:128\ngputop-time: 2000000000 ns\n\n";
	static const char child[] = "gputop-pid: 11\ngputop-start-time: 6\ngputop-fds: 7\ngputop-gpu: minor:128\n"
		"gputop-dev: 226:128\ngputop-time: 2000000000 ns\n\n";
	struct table *t = *state;
	const struct snapshot *s;
	char both[512];

	table_frame(t, 1, CLIENT(10, 5, "7\ngputop-dev: 226:128", 1000000000, "drm-client-id: 1\ndrm-engine-gfx: 100 ns")
		    CLIENT(11, 6, "7\ngputop-dev: 226:128", 1000000000, "drm-client-id: 1\ndrm-engine-gfx: 100 ns"));
	snprintf(both, sizeof(both), "%s%s", holder, child);
	for (uint64_t seq = 2; seq < 5; seq++) {
		s = table_frame(t, seq, both);
		assert_int_equal(s->n_devices, 1);
		assert_int_equal(s->n_clients, 1);
		assert_int_equal(find_client(s, 1)->n_holders, 2);
		assert_unknown(client_engine(find_client(s, 1), "gfx")->busy);
	}
	/* another node in the same place is another client */
	s = table_frame(t, 5, "gputop-pid: 10\ngputop-start-time: 5\ngputop-fds: 7\ngputop-gpu: minor:129\n"
			"gputop-dev: 226:129\ngputop-time: 3000000000 ns\n\n");
	assert_int_equal(s->n_clients, 1);
	assert_true(s->clients[0].id == UNKNOWN);
}

static void a_client_of_which_no_descriptor_is_known_has_a_process(void **state)
{
	struct table *t = *state;
	const struct snapshot *s;

	s = table_frame(t, 1, "gputop-pid: 10\ngputop-start-time: 5\ngputop-gpu: 0000:03:00.0\n"
			"gputop-time: 1000000000 ns\ndrm-driver: xe\ndrm-client-id: 4\n\n");
	assert_int_equal(find_client(s, 4)->n_holders, 0);
	assert_int_equal(find_client(s, 4)->process->pid, 10);
	assert_int_equal(s->devices[0].n_processes, 1);
}

static void clients_are_ordered_by_device_and_id(void **state)
{
	struct table *t = *state;
	static const uint64_t expected[] = { 2, 3, 5, 40 };
	const struct snapshot *s;

	s = table_frame(t, 1, CLIENT(10, 5, "1", 1, "drm-client-id: 40") CLIENT(10, 5, "2", 1, "drm-client-id: 3")
			CLIENT(10, 5, "3", 1, "drm-client-id: 5") CLIENT(10, 5, "4", 1, "drm-client-id: 2"));
	assert_int_equal(s->n_clients, 4);
	for (size_t i = 0; i < 4; i++)
		assert_int_equal(s->clients[i].id, expected[i]);
	assert_int_equal(s->devices[0].n_processes, 1);
}

static void the_text_and_the_drivers_own_lines_are_kept_verbatim(void **state)
{
	struct table *t = *state;
	const struct snapshot_client *c;

	c = find_client(table_frame(t, 1, CLIENT(10, 5, "7", 1, "drm-client-id: 1\ndrm-client-name: mpv\n"
						   "pasid:\t32784\namd-evicted-vram:\t0 KiB")), 1);
	assert_string_equal(c->name, "mpv");
	assert_int_equal(c->n_extras, 2);
	assert_true(str_is(c->extras[1], "amd-evicted-vram:\t0 KiB"));
	assert_non_null(strstr(c->text.ptr, "drm-client-id: 1\n"));
	assert_null(strstr(c->text.ptr, "gputop-"));
}

static void hostile_names_of_devices_and_engines_do_not_multiply(void **state)
{
	struct table *t = *state;
	static const char text[] = "gputop-pid: 1\ngputop-start-time: 1\ngputop-fds: 1\ngputop-gpu: g\n"
		"gputop-time: 5 ns\ndrm-driver: x\ndrm-client-id: 1\ndrm-engine-ab: 1 ns\n"
		"drm-total-ab: 1\n";
	struct record r = { 0 }, end = { .kind = RECORD_FRAME };
	const struct snapshot *s = NULL;

	for (int i = 0; i < 3; i++) {
		assert_int_equal(record_parse(&r, str_of(text)), 0);
		r.gpu = (struct str){ "0123456789012345678901234567890123456789012345678901234567890123456789", 70 };
		r.fi.engines[0].name = r.fi.regions[0].name = (struct str){ "a\0b", 3 };
		assert_int_equal(table_add(t, &r), 0);
		assert_int_equal(table_add(t, &end), 1);
		s = table_snapshot(t);
	}
	record_done(&r);
	assert_int_equal(s->n_devices, 1);
	assert_int_equal(s->devices[0].n_engines, 1);
	assert_int_equal(s->devices[0].n_regions, 1);
	assert_int_equal(s->n_clients, 1);
}

static void thousands_of_clients_come_and_go(void **state)
{
	struct table *t = *state;
	struct record r = { 0 }, end = { .kind = RECORD_FRAME };
	uint64_t opened = 0;
	char text[256];

	/* half of the clients are replaced in each frame; each of them worked 7 ns in its life */
	for (uint64_t f = 0; f < 6; f++) {
		for (uint64_t i = 0; i < 2000; i++) {
			uint64_t id = f * 1000 + (i * 7919) % 2000;

			snprintf(text, sizeof(text),
				 "gputop-pid: %llu\ngputop-start-time: 1\ngputop-fds: 3\ngputop-gpu: g\n"
				 "gputop-time: %llu ns\ndrm-driver: d\ndrm-client-id: %llu\n"
				 "drm-engine-e: 7 ns\n", (unsigned long long)(id % 50 + 1),
				 (unsigned long long)(f + 1), (unsigned long long)id);
			assert_int_equal(record_parse(&r, str_of(text)), 0);
			assert_int_equal(table_add(t, &r), 0);
		}
		assert_int_equal(table_add(t, &end), 1);
		opened = (f + 2) * 1000;
		assert_int_equal(table_snapshot(t)->n_clients, 2000);
		assert_int_equal(table_snapshot(t)->devices[0].engines[0].usage.busy_ns, 7 * opened);
		assert_int_equal(table_snapshot(t)->devices[0].n_processes, 50);
	}
	record_done(&r);
}

static void only_so_many_devices_are_kept(void **state)
{
	struct table *t = *state;
	const struct snapshot *s;
	struct buf text = { 0 };

	for (int i = 0; i < TABLE_MAX_DEVICES + 100; i++)
		buf_printf(&text, "gputop-device: d%d\n\n", i);
	buf_printf(&text, "gputop-pid: 1\ngputop-fds: 3\ngputop-gpu: d%d\n\n", TABLE_MAX_DEVICES);
	buf_printf(&text, "gputop-pid: 2\ngputop-fds: 3\ngputop-gpu: d%d\n\n", TABLE_MAX_DEVICES - 1);
	s = table_frame(t, 1, text.ptr);
	assert_int_equal(s->n_devices, TABLE_MAX_DEVICES);
	assert_int_equal(s->n_clients, 1);
	assert_int_equal(s->clients[0].process->pid, 2);
	buf_done(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TABLE_TEST(nothing_is_published_before_the_first_frame_ends),
		TABLE_TEST(sharers_over_fork_and_dup_are_listed_never_added),
		TABLE_TEST(a_client_outlives_its_opener),
		TABLE_TEST(a_reused_pid_is_another_process),
		TABLE_TEST(a_reused_client_id_is_a_new_client_without_a_spike),
		TABLE_TEST(a_sharer_that_comes_first_does_not_hide_that_a_number_was_reused),
		TABLE_TEST(a_device_that_does_not_say_its_instance_is_the_one_it_was),
		TABLE_TEST(a_client_that_was_asleep_takes_on_the_number_its_text_says),
		TABLE_TEST(a_device_made_anew_numbers_its_clients_anew),
		TABLE_TEST(a_client_out_of_sight_for_a_while_is_not_counted_twice),
		TABLE_TEST(a_client_id_that_was_away_for_a_frame_is_a_new_client),
		TABLE_TEST(without_a_client_id_every_descriptor_is_a_client),
		TABLE_TEST(the_same_client_id_on_two_devices_is_two_clients),
		TABLE_TEST(a_driver_learned_from_a_client_is_not_forgotten),
		TABLE_TEST(a_sleeping_devices_client_keeps_what_it_had_and_claims_nothing),
		TABLE_TEST(an_unplugged_devices_client_makes_no_second_one),
		TABLE_TEST(an_unplugged_device_without_a_name_is_the_one_it_was),
		TABLE_TEST(a_client_of_which_no_descriptor_is_known_has_a_process),
		TABLE_TEST(clients_are_ordered_by_device_and_id),
		TABLE_TEST(the_text_and_the_drivers_own_lines_are_kept_verbatim),
		TABLE_TEST(hostile_names_of_devices_and_engines_do_not_multiply),
		TABLE_TEST(thousands_of_clients_come_and_go),
		TABLE_TEST(only_so_many_devices_are_kept),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
