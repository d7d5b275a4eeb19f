/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * What the BPF programs say to the program that loaded them; both sides include it. Numbers of
 * processes are those of the reader's pid namespace. No kernel address is among it: an open file is
 * named by a hash of its address, keyed anew whenever the programs are loaded.
 */
#ifndef GPUTOP_BPF_HOLDERS_H
#define GPUTOP_BPF_HOLDERS_H

#ifndef __bpf__
#include <linux/types.h>
#endif

#define BPF_MAX_MAJORS 8

/* One descriptor of a GPU's device file. */
struct bpf_holder {
	__u64 file_id;		/* of the open file: the same for dup, fork and SCM_RIGHTS */
	__u32 pid;
	__s32 fd;
	__u32 major;		/* of the node */
	__u32 minor;
};

/*
 * The walk of all processes is a sequence of struct bpf_holder, by process; one with pid 0 ends it.
 * There file_id is the number of descriptors looked at and minor that of processes, or 0 where somebody
 * else walked at the same time.
 */

/* One client in DRM's list, or with its holder alone a descriptor of the process that was asked for. */
struct bpf_client {
	struct bpf_holder holder;	/* pid: of the opener, 0 if gone or not in this pid namespace; fd -1 */
	__u64 client_id;		/* ~0 where the kernel has none (before 6.5) */
	__s64 refs;			/* to the open file: descriptors, mappings, in flight, calls under way */
};

#define BPF_MAX_CLIENTS 8192	/* a power of two */

/* Where DRM's structures have what is read of them, in bytes, as BTF says; 0: not there. */
struct drm_layout {
	__u32 minor_type, minor_dev;
	__u32 device_filelist;
	__u32 file_lhead, file_pid, file_filp, file_client_id;
};

#endif
