/* SPDX-License-Identifier: MIT */
/*
 * What the process may do: no more than finding clients needs. It does not know the finders.
 */
#ifndef GPUTOPD_PRIVILEGE_H
#define GPUTOPD_PRIVILEGE_H

#include "../fdinfo/buf.h"

/*
 * Gives up every capability but CAP_SYS_PTRACE (others' fdinfo), CAP_DAC_READ_SEARCH (others' descriptors),
 * CAP_BPF, CAP_PERFMON and CAP_SYSLOG (the finders in the kernel), for good: no program executed could gain
 * any. Appends the names of those of them that are there to @ret_held, "sys_ptrace dac_read_search". 0 or -errno.
 */
int privilege_reduce(struct buf *ret_held);

#endif
