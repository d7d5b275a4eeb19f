/* SPDX-License-Identifier: MIT */
#include "tty_signals.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "../fdinfo/types.h"

static struct {
	bool is_open;
	struct tty_restore restore;
	int wake[2];		/* a pipe from the handlers to who waits */
	char *crash_stack;
} state;

static volatile sig_atomic_t end_signal, is_resized, is_stopped, is_continued;

static void wake_up(void)
{
	/* A full pipe wakes as well. */
	ssize_t n = write(state.wake[1], "", 1);

	(void)n;
}

/* Only what a signal handler may do. */
static void restore_at_once(void)
{
	ssize_t n = write(STDOUT_FILENO, state.restore.bytes, state.restore.len);

	(void)n;
	tcsetattr(STDOUT_FILENO, TCSANOW, &state.restore.modes);
}

static void die_of(int sig)
{
	restore_at_once();
	signal(sig, SIG_DFL);
	raise(sig);
}

/* The first asks the main loop to end; a second one means that the main loop does not answer. */
static void on_end(int sig)
{
	int saved = errno;

	if (end_signal)
		die_of(sig);
	end_signal = sig;
	wake_up();
	errno = saved;
}

static void on_event(int sig)
{
	int saved = errno;

	if (sig == SIGWINCH)
		is_resized = 1;
	else if (sig == SIGTSTP)
		is_stopped = 1;
	else
		is_continued = 1;
	wake_up();
	errno = saved;
}

static const struct {
	void (*handler)(int sig);
	int sig;
	unsigned int flags;
} handlers[] = {
	{ on_end, SIGINT, 0 },
	{ on_end, SIGTERM, 0 },
	{ on_end, SIGHUP, 0 },
	{ on_end, SIGQUIT, 0 },
	{ on_end, SIGALRM, 0 },
	{ on_end, SIGUSR1, 0 },
	{ on_end, SIGUSR2, 0 },
	{ on_event, SIGTSTP, SA_RESTART },
	{ on_event, SIGCONT, SA_RESTART },
	{ on_event, SIGWINCH, SA_RESTART },
	{ die_of, SIGSEGV, SA_ONSTACK | SA_RESETHAND | SA_NODEFER },
	{ die_of, SIGBUS, SA_ONSTACK | SA_RESETHAND | SA_NODEFER },
	{ die_of, SIGILL, SA_ONSTACK | SA_RESETHAND | SA_NODEFER },
	{ die_of, SIGFPE, SA_ONSTACK | SA_RESETHAND | SA_NODEFER },
	{ die_of, SIGABRT, SA_ONSTACK | SA_RESETHAND | SA_NODEFER },
	{ die_of, SIGSYS, SA_ONSTACK | SA_RESETHAND | SA_NODEFER },
};

static struct sigaction dispositions[N_OF(handlers)];

static void handlers_install(void)
{
	for (size_t i = 0; i < N_OF(handlers); i++) {
		struct sigaction act = { .sa_handler = handlers[i].handler,
					 .sa_flags = (int)handlers[i].flags };

		sigaction(handlers[i].sig, NULL, &dispositions[i]);
		if (dispositions[i].sa_handler != SIG_IGN)
			sigaction(handlers[i].sig, &act, NULL);
	}
}

static void handlers_remove(void)
{
	for (size_t i = 0; i < N_OF(handlers); i++)
		sigaction(handlers[i].sig, &dispositions[i], NULL);
}

int tty_signals_open(const struct tty_restore *restore)
{
	stack_t stack = { .ss_sp = malloc((size_t)SIGSTKSZ), .ss_size = (size_t)SIGSTKSZ };

	if (pipe2(state.wake, O_NONBLOCK | O_CLOEXEC)) {
		free(stack.ss_sp);
		return -errno;
	}
	state.restore = *restore;
	state.crash_stack = stack.ss_sp;
	/* A stack overflow is a crash too. */
	if (state.crash_stack)
		sigaltstack(&stack, NULL);
	handlers_install();
	state.is_open = true;
	return 0;
}

void tty_signals_close(void)
{
	const stack_t none = { .ss_flags = SS_DISABLE };

	if (!state.is_open)
		return;
	state.is_open = false;
	handlers_remove();
	sigaltstack(&none, NULL);
	free(state.crash_stack);
	close(state.wake[0]);
	close(state.wake[1]);
}

int tty_signals_fd(void)
{
	return state.wake[0];
}

/* What comes after the look is left for the next one. */
static bool take(volatile sig_atomic_t *flag)
{
	bool is_set = *flag;

	if (is_set)
		*flag = 0;
	return is_set;
}

struct tty_news tty_signals_take(void)
{
	char bytes[64];

	while (read(state.wake[0], bytes, sizeof(bytes)) > 0)
		;
	return (struct tty_news){
		.resized = take(&is_resized), .stopped = take(&is_stopped), .continued = take(&is_continued),
	};
}

void tty_signals_stop(void)
{
	struct sigaction ours, dfl = { .sa_handler = SIG_DFL };

	sigaction(SIGTSTP, &dfl, &ours);
	raise(SIGTSTP);
	sigaction(SIGTSTP, &ours, NULL);
}

int tty_signals_end(void)
{
	return end_signal;
}

void tty_signals_hang_up(void)
{
	end_signal = SIGHUP;
}
