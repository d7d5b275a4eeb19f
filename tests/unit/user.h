/* SPDX-License-Identifier: MIT */
/* Somebody who looks at the sample through a model and presses keys. */
#ifndef GPUTOP_USER_H
#define GPUTOP_USER_H

#include "cli/model.h"

struct user {
	struct model m;
	struct view v;
	struct column columns[MODEL_MAX_COLUMNS];
	struct model_context on;
};

/* Sees @rows rows of all clients. */
void user_start(struct user *u, size_t rows);
void user_done(struct user *u);

/* What the model shows now: keys that are pressed before act on what was shown. */
void user_look(struct user *u);

/* Presses a key, or several, and looks after each. */
void user_press(struct user *u, int key);
void user_type(struct user *u, const char *keys);

#endif
