/* SPDX-License-Identifier: MIT */
/*
 * The two ways to DRM's list of clients that the finder drmlist has, each as a finder of its own.
 */
#ifndef GPUTOP_DRMLIST_H
#define GPUTOP_DRMLIST_H

#include "finder.h"

extern const struct finder_ops drmlist_by_bpf;	/* where HAVE_BPF */
extern const struct finder_ops drmlist_by_debugfs;

#endif
