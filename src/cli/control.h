/* SPDX-License-Identifier: MIT */
/*
 * Signals and priorities for processes of this machine, and for nobody else: a process is named by pid and
 * start time, and one that only has the number of another is left alone. It knows no screen.
 *
 * All return 0 or -errno: -ESRCH: it is gone; -ESTALE: that is another process now; -EPERM, -EACCES; -ENOSYS on
 * kernels before 5.3. @start_time is that of struct process.
 */
#ifndef GPUTOP_CONTROL_H
#define GPUTOP_CONTROL_H

#include <stdint.h>
#include <sys/types.h>

int control_signal(pid_t pid, uint64_t start_time, int sig);

/* The nice value (getpriority(2)) of its first thread. */
int control_get_nice(pid_t pid, uint64_t start_time, int *ret);

/* Gives it to all threads; what the kernel does not allow leaves those that follow as they are. */
int control_set_nice(pid_t pid, uint64_t start_time, int nice);

#endif
