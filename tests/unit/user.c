/* SPDX-License-Identifier: MIT */
#include "user.h"

#include "sample.h"
#include "unit.h"

void user_look(struct user *u)
{
	assert_int_equal(view_select(&u->v, &u->m.view, &sample), 0);
	u->on.n_columns = view_columns(&u->v, u->m.columns, u->m.n_columns, u->columns, MODEL_MAX_COLUMNS);
	model_settle(&u->m, &u->on);
}

void user_start(struct user *u, size_t rows)
{
	*u = (struct user){ 0 };
	model_init(&u->m);
	u->m.view.all = true;
	u->on = (struct model_context){ .view = &u->v, .columns = u->columns, .rows = rows };
	user_look(u);
}

void user_done(struct user *u)
{
	view_done(&u->v);
}

void user_press(struct user *u, int key)
{
	model_key(&u->m, key, &u->on);
	user_look(u);
}

void user_type(struct user *u, const char *keys)
{
	for (; *keys; keys++)
		user_press(u, *keys);
}
