/* SPDX-License-Identifier: MIT */
/* The server's share of the loop: however many want to connect, the sampler has its turn. */
#include "unit.h"

#include <stdio.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <event2/event.h>

#include "daemon/server.h"

#define N 100

static void all_who_wait_are_not_let_in_at_once(void **state)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	struct event_base *base = event_base_new();
	struct settings settings;
	struct server *server;
	socklen_t len;
	char why[512];
	int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0), viewers[N];
	size_t n;

	(void)state;
	settings_init(&settings);
	/* an abstract name: nothing to remove */
	len = (socklen_t)(sizeof(sa_family_t) + 1 +
			  (size_t)snprintf(address.sun_path + 1, 64, "test_server.%d", getpid()));
	assert_int_equal(bind(listener, (struct sockaddr *)&address, len), 0);
	assert_int_equal(listen(listener, N), 0);
	for (size_t i = 0; i < N; i++) {
		viewers[i] = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
		assert_int_equal(connect(viewers[i], (struct sockaddr *)&address, len), 0);
	}
	assert_int_equal(server_new(base, &settings, listener, &server, why, sizeof(why)), 0);

	/* once around: where this takes long, the pause is over before the next time */
	event_base_loop(base, EVLOOP_ONCE | EVLOOP_NONBLOCK);
	n = server_n_viewers(server);
	assert_in_range(n, 1, N - 1);
	/* the others after a pause, without a frame to remind it */
	while (server_n_viewers(server) < N)
		event_base_loop(base, EVLOOP_ONCE);

	server_free(server);
	for (size_t i = 0; i < N; i++)
		close(viewers[i]);
	event_base_free(base);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_who_wait_are_not_let_in_at_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
