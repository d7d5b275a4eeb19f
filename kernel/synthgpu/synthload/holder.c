// SPDX-License-Identifier: GPL-2.0-only
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "synthload.h"

#define MAX_HOLDERS	1024

static pid_t holders[MAX_HOLDERS];
static int nholders;

/* Forks a process that dies with this one; returns as fork() does. */
static pid_t fork_holder(void)
{
	pid_t parent = getpid(), pid;

	if (nholders == MAX_HOLDERS)
		usage_error("too many", "--fork");
	fflush(stdout);
	pid = fork();
	if (pid < 0)
		die("fork");
	if (pid)
		holders[nholders++] = pid;
	else if (prctl(PR_SET_PDEATHSIG, SIGKILL) || getppid() != parent)
		_exit(0);
	return pid;
}

static _Noreturn void hold(void)
{
	signal(SIGINT, SIG_IGN);
	for (;;)
		pause();
}

/* One message per client: more than one descriptor a time would need no less code. */
static void pass(int socket, int *fd, bool send)
{
	union {
		char bytes[CMSG_SPACE(sizeof(int))];
		struct cmsghdr align;
	} control = {};
	char byte = 0;
	struct iovec iov = { .iov_base = &byte, .iov_len = 1 };
	struct msghdr msg = {
		.msg_iov = &iov,
		.msg_iovlen = 1,
		.msg_control = control.bytes,
		.msg_controllen = sizeof(control.bytes),
	};
	struct cmsghdr *cmsg = CMSG_FIRSTHDR(&msg);

	if (send) {
		cmsg->cmsg_level = SOL_SOCKET;
		cmsg->cmsg_type = SCM_RIGHTS;
		cmsg->cmsg_len = CMSG_LEN(sizeof(int));
		memcpy(CMSG_DATA(cmsg), fd, sizeof(int));
		if (sendmsg(socket, &msg, 0) != 1)
			die("sendmsg");
	} else if (recvmsg(socket, &msg, 0) != 1 || !CMSG_FIRSTHDR(&msg)) {
		_exit(1);
	} else {
		memcpy(fd, CMSG_DATA(CMSG_FIRSTHDR(&msg)), sizeof(int));
	}
}

/* A process that exists before anything is opened, so that it cannot have inherited it. */
int holders_fork_receiver(void)
{
	int pair[2], i, fd;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair))
		die("socketpair");
	if (!fork_holder()) {
		for (i = 0; i < opt.clients; i++)
			pass(pair[1], &fd, false);
		if (write(pair[1], "", 1) != 1)
			_exit(1);
		hold();
	}
	close(pair[1]);
	return pair[0];
}

void holders_pass(int socket)
{
	char ack;
	int i;

	for (i = 0; i < opt.clients; i++)
		pass(socket, &clients[i].fd, true);
	if (read(socket, &ack, 1) != 1)
		die("the receiving process is gone");
	close(socket);
}

void holders_open_elsewhere(const char *node)
{
	int pair[2], i, fd;
	pid_t opener;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair))
		die("socketpair");
	opener = fork();
	if (opener < 0)
		die("fork");
	if (!opener) {
		clients_open(node);
		for (i = 0; i < opt.clients; i++)
			pass(pair[1], &clients[i].fd, true);
		_exit(0);
	}
	close(pair[1]);
	for (i = 0; i < opt.clients; i++) {
		pass(pair[0], &fd, false);
		client_init(&clients[i], fd);
	}
	close(pair[0]);
	waitpid(opener, NULL, 0);
}

void holders_add(void)
{
	int i, n;

	for (i = 0; i < opt.clients; i++)
		for (n = 0; n < opt.dups; n++)
			if (fcntl(clients[i].fd, F_DUPFD_CLOEXEC, 0) < 0)
				die("dup");
	for (n = 0; n < opt.forks; n++)
		if (!fork_holder())
			hold();
	if (opt.exec && !fork_holder()) {
		for (i = 0; i < opt.clients; i++)
			fcntl(clients[i].fd, F_SETFD, 0);
		execlp("sleep", "sleep", "1000000", NULL);
		die("sleep");
	}
}

void holders_remove(void)
{
	while (nholders) {
		kill(holders[--nholders], SIGKILL);
		waitpid(holders[nholders], NULL, 0);
	}
}
