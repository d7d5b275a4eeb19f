/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the parts of synthload share: the options, which main.c fills in and the others only read,
 * and the clients of this process. Whatever fails ends the program with a message.
 */
#ifndef SYNTHLOAD_H
#define SYNTHLOAD_H

#include <signal.h>
#include <stdbool.h>

#include "../synthgpu_uapi.h"

#define MAX_LOADS	8
#define MAX_MEMS	8
#define MAX_CLIENTS	512
#define NS_PER_S	1000000000LL

/* More unfinished jobs are not submitted: an engine that others keep busy gets no endless queue. */
#define BACKLOG		64

struct load {
	const char *engine;
	double busy;		/* 1: one instance */
	double after;		/* s from the start */
};

struct mem {
	char region[SYNTHGPU_NAME_LEN];
	unsigned long long bytes;
	bool purgeable, shared;
};

struct options {
	struct load loads[MAX_LOADS];
	int nloads;
	struct mem mems[MAX_MEMS];
	int nmems;
	const char *name;
	const char *node;
	int card, pass_fd, exec, hand_over, no_fd, quiet;
	double device, clients, procs, forks, dups;
	double seconds, linger, period, burst_on, burst_off, wave, churn;	/* s */
};

struct client {
	int fd;
	__u64 id;
	__u64 start_ns;
	__u32 engines[MAX_LOADS];	/* their numbers */
	double debt_ns[MAX_LOADS];	/* of time that is still to be submitted */
	__u64 jobs[MAX_LOADS][BACKLOG];	/* the last ones; a ring */
	unsigned int njobs[MAX_LOADS];
};

extern struct options opt;
extern struct client clients[MAX_CLIENTS];	/* opt.clients of them */
extern volatile sig_atomic_t stop;		/* SIGINT or SIGTERM came */
extern volatile sig_atomic_t enough;		/* SIGUSR1 came: no more load */

/* main.c */

/* With what errno says. */
_Noreturn void die(const char *what);
_Noreturn void usage_error(const char *what, const char *arg);

/* client.c: opening and loading */

/* The path of the node of opt.device. */
const char *find_node(void);
/* Takes over a descriptor that somebody else opened and prepared. */
void client_init(struct client *client, int fd);
void clients_open(const char *node);
/* Loads the clients as the options say, until that is over. index: of this process. */
void clients_run(const char *node, int index);
/* Waits for their jobs and prints how busy each was. */
void clients_finish(void);
/* Submits all work at once, closes the descriptors and waits until it is over. */
void clients_run_without_fd(void);
long long now_ns(void);
void sleep_until(long long t_ns);

/* holder.c: processes that hold a descriptor and do nothing */

/* To be called before the clients are opened. Returns a socket for holders_pass(). */
int holders_fork_receiver(void);
void holders_pass(int socket);
/* Clients that a process opened which is no more. */
void holders_open_elsewhere(const char *node);
void holders_add(void);
void holders_remove(void);

#endif
