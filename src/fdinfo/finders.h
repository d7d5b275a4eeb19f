/* SPDX-License-Identifier: MIT */
/*
 * The finders that finder.c puts into finders[]. It does not know how they find.
 */
#ifndef GPUTOP_FINDERS_H
#define GPUTOP_FINDERS_H

#include "finder.h"

extern const struct finder_ops finder_by_bpf;	/* where HAVE_BPF */
extern const struct finder_ops finder_by_drmlist;
extern const struct finder_ops finder_by_stat;
extern const struct finder_ops finder_by_name;
extern const struct finder_ops finder_by_fdinfo;
extern const struct finder_ops finder_by_cache;
extern const struct finder_ops finder_by_procgpu;

#endif
