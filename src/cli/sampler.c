/* SPDX-License-Identifier: MIT */
#include "sampler.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../report/report.h"

struct sampler {
	struct source *frames;
	int fd;		/* to ask through: the same socket as that of frames */
	pid_t pid;	/* -1: waited for */
	int status;	/* then: of waitpid(2); -1 if somebody else took it */
};

static int send_frame(int fd, const struct table *t, struct raw *raw, struct view *v, struct buf *out)
{
	const struct view_options everything = { .all = true };
	const struct snapshot *s = table_snapshot(t);
	int err = view_select(v, &everything, s);

	buf_reset(out);
	if (!err)
		err = report_raw(raw, s, v, out);
	for (size_t sent = 0; !err && sent < out->len;) {
		ssize_t n = send(fd, out->ptr + sent, out->len - sent, MSG_NOSIGNAL);

		if (n >= 0)
			sent += (size_t)n;
		else if (errno != EINTR)
			err = -errno;
	}
	return err;
}

static bool is_asked(int fd)
{
	ssize_t n;
	char c;

	do
		n = recv(fd, &c, 1, 0);
	while (n < 0 && errno == EINTR);
	return n > 0;
}

static int serve(struct source *s, int fd)
{
	struct table *t = NULL;
	struct raw raw = { 0 };
	struct view v = { 0 };
	struct buf out = { 0 };
	int err = table_new(&t);

	while (!err && is_asked(fd)) {
		int next = source_next(s, t);

		err = next < 0 ? next : send_frame(fd, t, &raw, &v, &out);
	}
	table_free(t);
	raw_done(&raw);
	view_done(&v);
	buf_done(&out);
	return err;
}

/* The new process: its exit status is the errno that ended it, 0 if it is not needed any more. */
static void child_main(struct source *s, int fd, pid_t parent)
{
	int null, err;

	/* What is typed and sent to the foreground is for the one who has the terminal. */
	setpgid(0, 0);
	/* The end of the socket says the same, but only to who listens: a pass may take long. */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(0);
	null = open("/dev/null", O_RDWR | O_CLOEXEC);
	if (null >= 0) {
		dup2(null, STDIN_FILENO);
		dup2(null, STDOUT_FILENO);
	}
	err = serve(s, fd);
	source_free(s);
	_exit(-err & 0xff);
}

int sampler_new(struct source *s, struct sampler **ret)
{
	struct sampler *p = calloc(1, sizeof(*p));
	pid_t parent = getpid();
	int fds[2] = { -1, -1 }, err = -ENOMEM;

	if (!p)
		return err;
	p->fd = -1;
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) ||
	    (p->fd = fcntl(fds[0], F_DUPFD_CLOEXEC, 3)) < 0) {
		err = -errno;
		goto out;
	}
	err = source_stream_new(fds[0], &p->frames);
	if (err)
		goto out;
	fds[0] = -1;
	/* Who started us may have ignored it, and then there would be no status to read. */
	signal(SIGCHLD, SIG_DFL);
	p->pid = fork();
	if (p->pid < 0) {
		err = -errno;
		goto out;
	}
	if (p->pid == 0) {
		close(source_fd(p->frames));
		close(p->fd);
		child_main(s, fds[1], parent);
	}
	close(fds[1]);
	source_free(s);
	*ret = p;
	return 0;
out:
	source_free(p->frames);
	for (int i = 0; i < 2; i++)
		if (fds[i] >= 0)
			close(fds[i]);
	if (p->fd >= 0)
		close(p->fd);
	free(p);
	return err;
}

static void wait_for_end(struct sampler *p)
{
	pid_t pid;

	if (p->pid < 0)
		return;
	do
		pid = waitpid(p->pid, &p->status, 0);
	while (pid < 0 && errno == EINTR);
	if (pid < 0)
		p->status = -1;
	p->pid = -1;
}

void sampler_free(struct sampler *p)
{
	if (!p)
		return;
	source_free(p->frames);
	close(p->fd);
	/* It may be in a pass, which nobody wants to wait for. */
	if (p->pid > 0)
		kill(p->pid, SIGKILL);
	wait_for_end(p);
	free(p);
}

int sampler_ask(struct sampler *p)
{
	ssize_t n;

	do
		n = send(p->fd, "", 1, MSG_NOSIGNAL);
	while (n < 0 && errno == EINTR);
	return n < 0 ? -errno : 0;
}

struct source *sampler_source(const struct sampler *p)
{
	return p->frames;
}

int sampler_end(struct sampler *p, int *ret_signal)
{
	/* It is ending, or else there is nobody to answer any more. */
	shutdown(p->fd, SHUT_RDWR);
	wait_for_end(p);
	*ret_signal = p->status >= 0 && WIFSIGNALED(p->status) ? WTERMSIG(p->status) : 0;
	if (p->status >= 0 && WIFEXITED(p->status) && WEXITSTATUS(p->status))
		return -WEXITSTATUS(p->status);
	return -ECHILD;
}
