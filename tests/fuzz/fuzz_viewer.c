/* SPDX-License-Identifier: MIT */
/*
 * Any bytes from a viewer of gputopd's socket, in pieces: it stays if they begin a request or are one, else it is
 * disconnected; then the next one is served as if nothing had been. The first byte says how long the pieces are.
 */
#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <event2/event.h>

#include "daemon/server.h"
#include "fdinfo/number.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct event_base *base;
static struct server *server;
static struct sockaddr_un address = { .sun_family = AF_UNIX };
static socklen_t address_len;

static void require(int condition)
{
	if (!condition)
		abort();
}

/* An abstract name of this process: nothing to clean up. */
static void begin(void)
{
	static struct settings settings;
	char why[512];
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	signal(SIGPIPE, SIG_IGN);
	settings_init(&settings);
	address_len = (socklen_t)(sizeof(sa_family_t) + 1 +
				  (size_t)snprintf(address.sun_path + 1, 64, "fuzz_viewer.%d", getpid()));
	require(fd >= 0 && bind(fd, (struct sockaddr *)&address, address_len) == 0 && listen(fd, 8) == 0);
	base = event_base_new();
	require(base && server_new(base, &settings, fd, &server, why, sizeof(why)) == 0);
}

static void turn(void)
{
	event_base_loop(base, EVLOOP_NONBLOCK);
}

/* A request that is not whole yet: no line end, and not too long. */
static int may_stay(const uint8_t *data, size_t size)
{
	static const char word[] = "interval ";
	const uint8_t *end = memchr(data, '\n', size);
	char text[64];
	uint64_t ns;

	if (!end)
		return size < 64;
	if (end != data + size - 1 || size < sizeof(word) || size > 64 || memcmp(data, word, sizeof(word) - 1) != 0)
		return 0;
	memcpy(text, data + sizeof(word) - 1, size - sizeof(word));
	text[size - sizeof(word)] = '\0';
	return parse_seconds(text, &ns) == 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	size_t piece, sent = 0;
	char hello[256];
	int fd;

	if (size == 0 || size > 4096)
		return 0;
	if (!base)
		begin();
	piece = 1 + data[0];
	data++;
	size--;
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	require(fd >= 0 && connect(fd, (struct sockaddr *)&address, address_len) == 0);
	turn();
	require(server_n_viewers(server) == 1);
	while (sent < size) {
		size_t len = size - sent < piece ? size - sent : piece;

		if (send(fd, data + sent, len, 0) < 0)
			break;
		sent += len;
		turn();
	}
	require(recv(fd, hello, sizeof(hello), 0) > 0 || errno == ECONNRESET);
	require(server_n_viewers(server) == (size_t)may_stay(data, size));
	close(fd);
	turn();
	require(server_n_viewers(server) == 0);
	return 0;
}
