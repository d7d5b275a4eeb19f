/* SPDX-License-Identifier: MIT */
/*
 * "gputop plot": the history of a recording as a picture.
 */
#ifndef GPUTOP_PLOT_H
#define GPUTOP_PLOT_H

/* argv[0] is "plot". Returns an exit code. */
int plot_main(int argc, char *argv[]);

#endif
