/* SPDX-License-Identifier: MIT */
/*
 * "gputop bench": what looking costs on this machine, for each finder, and what a record costs to parse
 * and to count. It measures; it shows no client.
 */
#ifndef GPUTOP_BENCH_H
#define GPUTOP_BENCH_H

/* @argv[0] is "bench". Returns an exit code, having said on standard error what went wrong. */
int bench_main(int argc, char *argv[]);

#endif
