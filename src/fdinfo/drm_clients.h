/* SPDX-License-Identifier: MIT */
/*
 * DRM's own list of clients, and which descriptors of a process are a GPU's, read in the kernel by BPF
 * programs (kernel/bpf/clients.bpf.c). It does not know texts, nor what is remembered of whom.
 */
#ifndef GPUTOP_DRM_CLIENTS_H
#define GPUTOP_DRM_CLIENTS_H

#include "../../kernel/bpf/holders.h"
#include "finder.h"

struct drm_clients;

/*
 * Loads the programs, which takes 0.2 s. @env is borrowed. DRM may be loaded, removed and
 * loaded again later. Returns 0, or -errno with @why.
 */
int drm_clients_new(const struct finder_env *env, struct finder_why *why, struct drm_clients **ret);
void drm_clients_free(struct drm_clients *c);

/*
 * All clients. @ret is valid until the next call of either function. 0, -ENOMEM, or -ENODEV: the list cannot be had
 * any more. There are more clients than BPF_MAX_CLIENTS, or the programs do not fit the DRM loaded meanwhile.
 */
int drm_clients_list(struct drm_clients *c, const struct bpf_client **ret, size_t *ret_n);

/*
 * The descriptors of process @pid, BPF_MAX_CLIENTS at most, of which only .holder is meant; none if it is gone. 0 or
 * -errno.
 */
int drm_clients_look(struct drm_clients *c, pid_t pid, const struct bpf_client **ret, size_t *ret_n);

/* True if there may be processes that this one has no number for. */
bool drm_clients_in_container(const struct drm_clients *c);

#endif
