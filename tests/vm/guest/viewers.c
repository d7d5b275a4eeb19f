// SPDX-License-Identifier: MIT
/*
 * viewers: a crowd that looks at gputopd.
 *
 *	viewers SOCKET READING STALLED FRAMES
 *
 * READING connections read what comes, STALLED ones nothing, until the first of the reading ones has had
 * FRAMES frames (0 READING counts as one). Prints how many were connected and of these left by the daemon,
 * and by how many per mille of the median interval the frames' own times were off at the 95th percentile.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define MAX 1000

static void fail(const char *what)
{
	fprintf(stderr, "viewers: %s: %s\n", what, strerror(errno));
	exit(1);
}

static int join(const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
	if (fd < 0 || connect(fd, (struct sockaddr *)&address, sizeof(address)) < 0)
		fail(path);
	return fd;
}

/* Of a line "gputop-time: N ns" that follows "gputop-frame:": the frame's own time. */
static size_t take_times(FILE *from, long long *times, size_t size)
{
	char line[4096];
	int in_frame = 0;
	size_t n = 0;

	while (n < size && fgets(line, sizeof(line), from)) {
		if (strncmp(line, "gputop-frame:", 13) == 0)
			in_frame = 1;
		else if (in_frame && sscanf(line, "gputop-time: %lld", &times[n]) == 1) {
			in_frame = 0;
			n++;
		}
	}
	return n;
}

static int by_size(const void *a, const void *b)
{
	long long x = *(const long long *)a, y = *(const long long *)b;

	return (x > y) - (x < y);
}

/* The others of the reading ones are read by a child, so that nobody waits for anybody. */
static void read_all(const struct pollfd *given, nfds_t n)
{
	static struct pollfd fds[MAX];
	static char bytes[1 << 16];

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	close(STDOUT_FILENO);
	memcpy(fds, given, n * sizeof(*fds));
	while (poll(fds, n, -1) > 0)
		for (nfds_t i = 0; i < n; i++)
			if (fds[i].revents && read(fds[i].fd, bytes, sizeof(bytes)) <= 0)
				fds[i].fd = -1;
	_exit(0);
}

int main(int argc, char *argv[])
{
	static struct pollfd reading[MAX], stalled[MAX];
	static long long times[1000], apart[1000];
	long n_reading, n_stalled, left = 0;
	long long median;
	size_t n;
	FILE *first;

	if (argc != 5)
		return 2;
	n_reading = atol(argv[2]);
	n_stalled = atol(argv[3]);
	first = fdopen(join(argv[1]), "r");
	for (long i = 0; i < n_reading; i++)
		reading[i] = (struct pollfd){ .fd = join(argv[1]), .events = POLLIN };
	for (long i = 0; i < n_stalled; i++)
		stalled[i] = (struct pollfd){ .fd = join(argv[1]) };
	if (n_reading && fork() == 0)
		read_all(reading, (nfds_t)n_reading);
	n = take_times(first, times, (size_t)atol(argv[4]));
	if (n < 3)
		fail("too few frames");
	poll(stalled, (nfds_t)n_stalled, 0);
	for (long i = 0; i < n_stalled; i++)
		left += (stalled[i].revents & (POLLHUP | POLLERR)) != 0;
	for (size_t i = 1; i < n; i++)
		apart[i - 1] = times[i] - times[i - 1];
	qsort(apart, n - 1, sizeof(*apart), by_size);
	median = apart[(n - 1) / 2];
	for (size_t i = 0; i < n - 1; i++)
		apart[i] = llabs(apart[i] - median);
	qsort(apart, n - 1, sizeof(*apart), by_size);
	printf("%ld %ld %lld\n", n_reading + n_stalled, left, apart[(n - 2) * 95 / 100] * 1000 / median);
	return 0;
}
