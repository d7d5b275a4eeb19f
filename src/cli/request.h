/* SPDX-License-Identifier: MIT */
/*
 * Does what a key asked for beyond the model, and tells the model how it went.
 */
#ifndef GPUTOP_REQUEST_H
#define GPUTOP_REQUEST_H

#include "run.h"

/* Executes and clears r->model.request. */
void request_perform(struct run *r);

#endif
