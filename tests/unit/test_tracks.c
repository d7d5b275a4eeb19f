/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "allocs.h"
#include "cli/history.h"
#include "sample.h"

#define S 1000000000ull

/* The sample with @n clients like mpv, at second @t. */
static struct snapshot many(struct snapshot_client *clients, size_t n, uint64_t first_id, uint64_t t)
{
	struct snapshot s = sample;

	for (size_t i = 0; i < n; i++) {
		clients[i] = sample.clients[SAMPLE_MPV];
		clients[i].id = first_id + i;
	}
	s.clients = clients;
	s.n_clients = n;
	s.frame.t_ns = t * S;
	return s;
}

static const struct history_subject *client_of(const struct history *h, const struct snapshot_client *c)
{
	const struct client_key key = snapshot_client_key(c);

	return history_client(h, &key);
}

static double last(const struct history *h, const struct history_subject *s, const char *track, size_t age)
{
	for (size_t i = 0; i < s->n_tracks; i++)
		if (strcmp(s->tracks[i].name, track) == 0)
			return history_at(h, &s->tracks[i], age);
	fail_msg("%s has no %s", s->name, track);
	return 0;
}

static void keeps_engines_and_memory_of_devices_and_clients(void **state)
{
	const struct history_subject *d, *c;
	struct history *h;

	(void)state;
	assert_int_equal(history_new(8, false, &h), 0);
	assert_true(history_start_ns(h) == UNKNOWN);
	assert_null(history_device(h, "0000:03:00.0"));
	assert_int_equal(history_take(h, &sample_first), 0);
	assert_int_equal(history_take(h, &sample), 0);
	assert_int_equal(history_length(h), 2);
	assert_true(history_start_ns(h) == sample_first.frame.t_ns);
	assert_true(history_t_ns(h, 0) == sample.frame.t_ns);
	assert_true(history_t_ns(h, 1) == sample_first.frame.t_ns);

	d = history_device(h, "0000:04:00.0");
	assert_non_null(d);
	assert_int_equal(d->n_engines, 2);
	assert_int_equal(d->n_tracks, 3);
	/* a share of both instances; the xe was not there in the first frame */
	assert_true(last(h, d, "vcs", 0) == 0.75);
	assert_true(isnan(last(h, d, "vcs", 1)));
	assert_true(last(h, d, "vram0", 0) == 8 * 1024 * 1024);
	assert_true(isnan(last(h, d, "vram0", 2)));

	c = client_of(h, &sample.clients[SAMPLE_MPV]);
	assert_non_null(c);
	assert_true(last(h, c, "gfx", 0) == 0.5 && last(h, c, "gfx", 1) == 0.5);
	assert_true(last(h, c, "memory", 0) == 124 * 1024 * 1024);
	assert_true(c->busy_ns == 2 * 0.625 * S);
	assert_string_equal(c->name, "42 mpv --hwdec=vaapi film.mkv");
	/* unknown is a gap, not 0 */
	assert_true(isnan(last(h, client_of(h, &sample.clients[SAMPLE_SHARED]), "dec", 0)));
	assert_true(last(h, client_of(h, &sample.clients[SAMPLE_IDLE]), "dec", 0) == 0);
	history_free(h);
}

static void the_oldest_sample_makes_room(void **state)
{
	struct snapshot s = sample;
	struct history *h;

	(void)state;
	assert_int_equal(history_new(4, false, &h), 0);
	for (uint64_t t = 1; t <= 10; t++) {
		s.frame.t_ns = t * S;
		assert_int_equal(history_take(h, &s), 0);
		assert_int_equal(history_length(h), t < 4 ? t : 4);
	}
	for (size_t age = 0; age < 4; age++)
		assert_true(history_t_ns(h, age) == (10 - age) * S);
	assert_true(history_start_ns(h) == S);
	history_free(h);
}

static void a_client_that_was_away_has_a_gap(void **state)
{
	struct snapshot_client one[1];
	struct snapshot s = many(one, 1, 1, 1), without = s;
	const struct history_subject *c;
	struct history *h;

	(void)state;
	without.n_clients = 0;
	assert_int_equal(history_new(4, false, &h), 0);
	for (uint64_t t = 1; t <= 3; t++) {
		s.frame.t_ns = without.frame.t_ns = t * S;
		assert_int_equal(history_take(h, t == 2 ? &without : &s), 0);
	}
	c = client_of(h, one);
	assert_true(last(h, c, "gfx", 0) == 0.5 && isnan(last(h, c, "gfx", 1)) && last(h, c, "gfx", 2) == 0.5);
	/* the same number, another client */
	one[0].first_ns++;
	assert_null(client_of(h, one));
	history_free(h);
}

static void forgets_clients_when_their_samples_are_gone(void **state)
{
	struct snapshot_client one[1];
	struct snapshot s = many(one, 1, 1, 1);
	struct history *h;

	(void)state;
	assert_int_equal(history_new(4, false, &h), 0);
	assert_int_equal(history_take(h, &s), 0);
	s.n_clients = 0;
	for (uint64_t t = 2; t <= 4; t++) {
		s.frame.t_ns = t * S;
		assert_int_equal(history_take(h, &s), 0);
		assert_non_null(client_of(h, one));
	}
	s.frame.t_ns = 5 * S;
	assert_int_equal(history_take(h, &s), 0);
	assert_null(client_of(h, one));
	assert_null(history_client_at(h, 0));
	history_free(h);
}

static void of_clients_that_went_the_last_ones_are_kept(void **state)
{
	struct snapshot_client clients[100];
	struct history *h;
	size_t kept = 0;

	(void)state;
	assert_int_equal(history_new(240, false, &h), 0);
	for (uint64_t t = 1; t <= 6; t++) {
		struct snapshot s = many(clients, 100, 100 * t, t);

		assert_int_equal(history_take(h, &s), 0);
	}
	for (uint64_t id = 100; id < 600; id++) {
		clients[0].id = id;
		kept += client_of(h, clients) != NULL;
		assert_true(id < 400 ? id >= 300 || !client_of(h, clients) : client_of(h, clients) != NULL);
	}
	assert_int_equal(kept, HISTORY_MAX_GONE);
	history_free(h);
}

static void of_a_whole_recording_those_that_used_most_are_kept(void **state)
{
	enum { N = 300 };
	struct snapshot_client clients[N];
	struct engine_usage usages[N][2];
	struct snapshot s = many(clients, N, 0, 1);
	struct history *h;

	(void)state;
	assert_int_equal(history_new(4, true, &h), 0);
	for (size_t i = 0; i < N; i++) {
		usages[i][0] = usages[i][1] = sample.clients[SAMPLE_MPV].engines[0];
		usages[i][0].busy = usages[i][1].busy = (double)(i * 7 % N) / N;
		clients[i].engines = usages[i];
	}
	assert_int_equal(history_take(h, &s), 0);
	s.n_clients = 0;
	for (uint64_t t = 2; t < 20; t++) {
		s.frame.t_ns = t * S;
		assert_int_equal(history_take(h, &s), 0);
	}
	for (size_t i = 0; i < N; i++)
		assert_int_equal(client_of(h, &clients[i]) != NULL, i * 7 % N >= N - HISTORY_MAX_GONE);
	history_free(h);
}

static void going_back_in_time_begins_anew(void **state)
{
	struct history *h;

	(void)state;
	assert_int_equal(history_new(4, false, &h), 0);
	assert_int_equal(history_take(h, &sample), 0);
	assert_int_equal(history_take(h, &sample_first), 0);
	assert_int_equal(history_length(h), 1);
	assert_true(history_start_ns(h) == sample_first.frame.t_ns);
	assert_null(client_of(h, &sample.clients[SAMPLE_HOSTILE]));
	assert_true(isnan(last(h, history_device(h, "0000:03:00.0"), "gfx", 1)));
	history_free(h);
}

/* Another table may know less: what it does not know is no sample, and nothing is read beyond its arrays. */
static void a_device_with_fewer_engines_and_regions_has_gaps(void **state)
{
	struct engine_usage *used = malloc(sizeof(*used));
	struct snapshot_engine *engine = malloc(sizeof(*engine));
	struct snapshot_region *region = malloc(sizeof(*region));
	struct snapshot_device device = sample.devices[0];
	struct snapshot_client client = sample.clients[SAMPLE_MPV];
	struct snapshot s = sample;
	struct history *h;

	(void)state;
	assert_int_equal(history_new(4, false, &h), 0);
	assert_int_equal(history_take(h, &sample), 0);
	*used = client.engines[0];
	*engine = device.engines[0];
	*region = device.regions[0];
	device.engines = engine;
	device.regions = region;
	device.n_engines = device.n_regions = 1;
	client.device = &device;
	client.engines = used;
	s.devices = &device;
	s.clients = &client;
	s.n_devices = s.n_clients = 1;
	s.frame.t_ns += S;
	assert_int_equal(history_take(h, &s), 0);
	assert_false(isnan(last(h, history_device(h, device.device.gpu), "gfx", 0)));
	assert_true(isnan(last(h, history_device(h, device.device.gpu), "dec", 0)));
	assert_true(isnan(last(h, history_device(h, device.device.gpu), "gtt", 0)));
	assert_true(isnan(last(h, client_of(h, &client), "dec", 0)));

	history_forget(h);
	assert_int_equal(history_length(h), 0);
	assert_null(client_of(h, &client));
	assert_int_equal(history_take(h, &s), 0);
	assert_int_equal(history_device(h, device.device.gpu)->n_tracks, 2);
	history_free(h);
	free(used);
	free(engine);
	free(region);
}

static void a_whole_history_halves_itself_and_keeps_means(void **state)
{
	struct snapshot_engine engines[1] = { sample.devices[0].engines[0] };
	struct snapshot_device device = sample.devices[0];
	struct snapshot s = { .frame = sample.frame, .interval_ns = S, .devices = &device, .n_devices = 1 };
	const struct history_subject *d;
	struct history *h;

	(void)state;
	device.engines = engines;
	device.n_engines = 1;
	device.n_regions = 0;
	assert_int_equal(history_new(4, true, &h), 0);
	for (uint64_t t = 0; t < 16; t++) {
		s.frame.t_ns = (t + 1) * S;
		engines[0].usage.busy = (double)t;
		assert_int_equal(history_take(h, &s), 0);
	}
	d = history_device(h, device.device.gpu);
	assert_int_equal(history_length(h), 4);
	for (size_t age = 0; age < 4; age++) {
		assert_true(last(h, d, "gfx", age) == 13.5 - 4 * (double)age);
		assert_true(history_t_ns(h, age) == (16 - 4 * age) * S);
	}
	history_free(h);
}

static void thousands_of_clients_cost_no_allocation_once_warm(void **state)
{
	struct snapshot_client *clients = calloc(2000, sizeof(*clients));
	struct snapshot s;
	struct history *h;
	size_t before;

	(void)state;
	assert_non_null(clients);
	assert_int_equal(history_new(HISTORY_SAMPLES, false, &h), 0);
	/* each frame 100 of 2000 end and others come, for longer than anything is kept */
	for (uint64_t t = 1; t <= 12; t++) {
		s = many(clients, 2000, 100 * t, t);
		assert_int_equal(history_take(h, &s), 0);
	}
	before = allocs_count();
	for (uint64_t t = 13; t <= 40; t++) {
		s = many(clients, 2000, 100 * t, t);
		assert_int_equal(history_take(h, &s), 0);
	}
	assert_int_equal(allocs_count(), before);
	assert_null(history_client_at(h, 2000 + HISTORY_MAX_GONE + 100));
	assert_non_null(client_of(h, &clients[1999]));
	history_free(h);
	free(clients);
}

/* A text of a few bytes makes a client, and it has a track for each engine of its device. */
static void what_a_recording_makes_up_has_a_bound(void **state)
{
	static struct snapshot_client clients[300];
	static struct snapshot_engine engines[512];
	static struct engine_usage usage[512];
	struct snapshot_device d = sample.devices[0];
	struct snapshot s = many(clients, 300, 1, 1);
	struct history *h;
	size_t n = 0;

	(void)state;
	for (size_t i = 0; i < 512; i++)
		engines[i] = sample.devices[0].engines[0];
	d.engines = engines;
	d.n_engines = 512;
	for (size_t i = 0; i < 300; i++) {
		clients[i].device = &d;
		clients[i].engines = usage;
	}
	s.devices = &d;
	s.n_devices = 1;
	assert_int_equal(history_new(2, false, &h), 0);
	for (int frame = 0; frame < 3; frame++)
		assert_int_equal(history_take(h, &s), 0);
	assert_int_equal(client_of(h, &clients[0])->n_tracks, 513);
	assert_null(client_of(h, &clients[299]));
	for (size_t i = 0; history_client_at(h, i); i++)
		n += history_client_at(h, i)->n_tracks;
	assert_int_equal(n + history_device_at(h, 0)->n_tracks, HISTORY_MAX_TRACKS);
	history_free(h);
}

static void survives_no_memory(void **state)
{
	(void)state;
	for (size_t n = 1; n < 60; n++) {
		struct history *h;
		int err;

		allocs_fail_after(n);
		err = history_new(4, false, &h);
		if (err) {
			allocs_fail_after(0);
			continue;
		}
		(void)history_take(h, &sample_first);
		(void)history_take(h, &sample);
		allocs_fail_after(0);
		assert_int_equal(history_take(h, &sample), 0);
		assert_true(last(h, client_of(h, &sample.clients[SAMPLE_MPV]), "gfx", 0) == 0.5);
		history_free(h);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keeps_engines_and_memory_of_devices_and_clients),
		cmocka_unit_test(the_oldest_sample_makes_room),
		cmocka_unit_test(a_client_that_was_away_has_a_gap),
		cmocka_unit_test(forgets_clients_when_their_samples_are_gone),
		cmocka_unit_test(of_clients_that_went_the_last_ones_are_kept),
		cmocka_unit_test(of_a_whole_recording_those_that_used_most_are_kept),
		cmocka_unit_test(going_back_in_time_begins_anew),
		cmocka_unit_test(a_device_with_fewer_engines_and_regions_has_gaps),
		cmocka_unit_test(a_whole_history_halves_itself_and_keeps_means),
		cmocka_unit_test(thousands_of_clients_cost_no_allocation_once_warm),
		cmocka_unit_test(what_a_recording_makes_up_has_a_bound),
		cmocka_unit_test(survives_no_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
