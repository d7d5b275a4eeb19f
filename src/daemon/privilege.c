/* SPDX-License-Identifier: MIT */
#include "privilege.h"

#include <errno.h>
#include <stdbool.h>
#include <sys/prctl.h>

#include <cap-ng.h>

int privilege_reduce(struct buf *ret_held)
{
	static const unsigned int wanted[] = { CAP_SYS_PTRACE, CAP_DAC_READ_SEARCH, CAP_BPF, CAP_PERFMON,
					       CAP_SYSLOG };
	bool has[N_OF(wanted)];

	if (capng_get_caps_process())
		return -EPERM;
	for (size_t i = 0; i < N_OF(wanted); i++)
		has[i] = capng_have_capability(CAPNG_PERMITTED, wanted[i]);
	capng_clear(CAPNG_SELECT_CAPS);
	for (size_t i = 0; i < N_OF(wanted); i++) {
		if (!has[i])
			continue;
		capng_update(CAPNG_ADD, CAPNG_EFFECTIVE | CAPNG_PERMITTED, wanted[i]);
		buf_printf(ret_held, "%s%s", ret_held->len ? " " : "", capng_capability_to_name(wanted[i]));
	}
	if (capng_apply(CAPNG_SELECT_CAPS))
		return -EPERM;
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
		return -errno;
	return ret_held->err;
}
