// SPDX-License-Identifier: MIT
/*
 * gpuread: many readers of /proc/gpu and of every /proc/<pid>/gpu, and clients that come and go.
 *
 *	gpuread READERS CHURNERS NODE
 *
 * CHURNERS processes open and close NODE meanwhile. Files may vanish, be out of reach or not be there at all;
 * what is read must be whole records, no client of /proc/gpu twice. When SIGTERM ends it, it prints "reads N
 * records N", and what was wrong; exits 1 then.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static struct totals {
	long reads, records, bad;
	bool is_over;
} *totals;

static char text[1 << 20];

static void end(int sig)
{
	(void)sig;
	__atomic_store_n(&totals->is_over, true, __ATOMIC_RELAXED);
}

static bool goes_on(void)
{
	return !__atomic_load_n(&totals->is_over, __ATOMIC_RELAXED);
}

static void bad(const char *path, const char *what, const char *record)
{
	__atomic_add_fetch(&totals->bad, 1, __ATOMIC_RELAXED);
	printf("gpuread: %s: %s: %.200s\n", path, what, record);
	fflush(stdout);
}

/* Whether the client that @record names has a record of its own before it. */
static bool is_repeated(const char *record)
{
	const char *id = strstr(record, "drm-client-id:"), *end = strstr(record, "\n\n");
	char line[64];

	if (!id || id > end)
		return false;
	snprintf(line, sizeof(line), "%.*s\n", (int)strcspn(id, "\n"), id);
	id = strstr(text, line);
	return id && id < record;
}

static void check(const char *path, bool whole_machine)
{
	const char *record = text, *end;
	long n = 0;

	for (; *record; record = end + 2, n++) {
		end = strstr(record, "\n\n");
		if (!end) {
			bad(path, "a record without end", record);
			return;
		}
		if (strncmp(record, whole_machine ? "gputop-pid:\t" : "gputop-fd:\t", 11) &&
		    strncmp(record, "gputop-hidden:\t", 15))
			bad(path, "a record that starts otherwise", record);
		if (whole_machine && is_repeated(record))
			bad(path, "a client twice", record);
	}
	if (whole_machine && !strstr(text, "gputop-hidden:\t"))
		bad(path, "no last record", text);
	__atomic_add_fetch(&totals->records, n, __ATOMIC_RELAXED);
}

static void read_one(const char *path, size_t chunk)
{
	bool whole_machine = !strcmp(path, "/proc/gpu");
	size_t len = 0;
	ssize_t n;
	int fd;

	fd = open(path, O_RDONLY);
	if (fd < 0)
		return;
	while ((n = read(fd, text + len, chunk)) > 0 && len + (size_t)n + chunk < sizeof(text))
		len += (size_t)n;
	close(fd);
	text[len] = '\0';
	/* A process may end between two reads, and /proc/gpu may be taken away. */
	if (n < 0)
		return;
	__atomic_add_fetch(&totals->reads, 1, __ATOMIC_RELAXED);
	check(path, whole_machine);
}

static void reader(unsigned int seed)
{
	static const size_t chunks[] = { 100, 1000, 4096, 65536 };
	char path[sizeof("/proc//gpu") + sizeof(((struct dirent *)0)->d_name)];
	struct dirent *entry;
	DIR *dir;

	while (goes_on()) {
		dir = opendir("/proc");
		while (goes_on() && dir && (entry = readdir(dir))) {
			if (entry->d_name[0] < '0' || entry->d_name[0] > '9')
				continue;
			snprintf(path, sizeof(path), "/proc/%s/gpu", entry->d_name);
			read_one(path, chunks[rand_r(&seed) % 4]);
			if (rand_r(&seed) % 8 == 0)
				read_one("/proc/gpu", chunks[rand_r(&seed) % 4]);
		}
		if (dir)
			closedir(dir);
	}
}

static void churner(const char *node, unsigned int seed)
{
	int fds[8];

	while (goes_on()) {
		int n = 1 + rand_r(&seed) % 4;

		for (int i = 0; i < n; i++) {
			fds[i] = open(node, O_RDWR);
			if (fds[i] < 0) {
				bad(node, "open", strerror(errno));
				return;
			}
			fds[i + 4] = dup(fds[i]);
		}
		usleep(rand_r(&seed) % 2000);
		for (int i = 0; i < n; i++) {
			close(fds[i]);
			close(fds[i + 4]);
		}
	}
}

int main(int argc, char **argv)
{
	int readers, churners;

	if (argc != 4) {
		fprintf(stderr, "usage: gpuread READERS CHURNERS NODE\n");
		return 2;
	}
	readers = atoi(argv[1]);
	churners = atoi(argv[2]);
	totals = mmap(NULL, sizeof(*totals), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (totals == MAP_FAILED)
		return 1;
	signal(SIGTERM, end);
	/* they would leave who loads and removes the module a hundredth of the machine */
	setpriority(PRIO_PROCESS, 0, 19);

	for (int i = 0; i < readers + churners; i++) {
		pid_t pid = fork();

		if (pid < 0) {
			perror("gpuread: fork");
			kill(0, SIGTERM);
		}
		if (pid)
			continue;
		if (i < readers)
			reader((unsigned int)i);
		else
			churner(argv[3], (unsigned int)i);
		_exit(0);
	}
	while (wait(NULL) > 0 || errno == EINTR)
		;
	printf("reads %ld records %ld\n", totals->reads, totals->records);
	return totals->bad ? 1 : 0;
}
