/* SPDX-License-Identifier: MIT */
#include "source_ops.h"

int source_next(struct source *s, struct table *t)
{
	return s->ops->next(s, t);
}

int source_fd(const struct source *s)
{
	return s->fd;
}

void source_free(struct source *s)
{
	if (s)
		s->ops->free(s);
}
