// SPDX-License-Identifier: MIT
/*
 * crowd: a machine full of processes, some of them clients of a GPU.
 *
 *	crowd PROCESSES DESCRIPTORS [CLIENTS NODE...]
 *
 * Each process holds DESCRIPTORS descriptors; CLIENTS of them, spread evenly, hold one more, their own
 * open of a NODE, each in turn. Prints "ready" when all are there; they end when it is killed. Does not use the GPU.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

static void fail(const char *what)
{
	fprintf(stderr, "crowd: %s: %s\n", what, strerror(errno));
	exit(1);
}

static void member(long descriptors, const char *node, int ready)
{
	char yes = 1;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (node && open(node, O_RDWR) < 0)
		fail(node);
	if (write(ready, &yes, 1) != 1)
		fail("pipe");
	close(ready);
	/* 0, 1 and 2 are there. */
	for (long i = 3; i < descriptors; i++)
		if (open("/dev/null", O_RDONLY) < 0)
			fail("/dev/null");
	for (;;)
		pause();
}

int main(int argc, char **argv)
{
	long processes, descriptors, clients = 0, given = 0, up = 0;
	int ready[2];
	char yes;

	if (argc != 3 && argc < 5) {
		fprintf(stderr, "usage: crowd PROCESSES DESCRIPTORS [CLIENTS NODE...]\n");
		return 2;
	}
	processes = atol(argv[1]);
	descriptors = atol(argv[2]);
	if (argc > 3)
		clients = atol(argv[3]);
	if (pipe(ready))
		fail("pipe");
	for (long i = 0; i < processes; i++) {
		const char *node = NULL;
		pid_t pid;

		if ((i + 1) * clients / processes > given) {
			node = argv[4 + given++ % (argc - 4)];
		}
		pid = fork();
		if (pid < 0)
			fail("fork");
		if (!pid) {
			close(ready[0]);
			member(descriptors, node, ready[1]);
		}
	}
	close(ready[1]);
	while (up < processes && read(ready[0], &yes, 1) == 1)
		up++;
	if (up < processes)
		fail("a process died");
	puts("ready");
	fflush(stdout);
	for (;;)
		pause();
}
