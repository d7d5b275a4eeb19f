/* SPDX-License-Identifier: MIT */
/*
 * "gputop bench": what looking costs, for every finder and for what others do, on this machine as it is or
 * on fleets of processes it makes. Its parts: arm (one way of looking), run (passes in turn), frame (what
 * is done with the texts), report and plot. It shows no client.
 */
#ifndef GPUTOP_BENCH_H
#define GPUTOP_BENCH_H

/* @argv[0] is "bench". Returns an exit code, having said on standard error what went wrong. */
int bench_main(int argc, char *argv[]);

#endif
