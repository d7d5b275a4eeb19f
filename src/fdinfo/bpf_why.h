/* SPDX-License-Identifier: MIT */
/*
 * Why BPF programs cannot be had here, in words, for the finders made of them. It does not know the
 * programs.
 */
#ifndef GPUTOP_BPF_WHY_H
#define GPUTOP_BPF_WHY_H

#include "finder.h"

/* What can be told before loading: 0, or finder_refuse(). */
int bpf_check(const struct finder_env *env, struct finder_why *why);

/* Loading failed with @err (-errno): finder_refuse() with the likeliest reason. */
int bpf_refuse(struct finder_why *why, int err);

#endif
