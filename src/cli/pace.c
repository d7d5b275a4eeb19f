/* SPDX-License-Identifier: MIT */
#include "pace.h"

void pace_start(struct pace *p, uint64_t now_ns)
{
	p->due_ns = now_ns;
}

void pace_next(struct pace *p, uint64_t now_ns, uint64_t interval_ns)
{
	p->due_ns += interval_ns;
	if (interval_ns == 0)
		p->due_ns = now_ns;
	else if (p->due_ns <= now_ns)
		p->due_ns = now_ns + interval_ns - (now_ns - p->due_ns) % interval_ns;
}

uint64_t pace_left(const struct pace *p, uint64_t now_ns)
{
	return p->due_ns > now_ns ? p->due_ns - now_ns : 0;
}
