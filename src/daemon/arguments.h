/* SPDX-License-Identifier: MIT */
/*
 * The daemon's command line: every key of the settings as an option, and a few that are no settings. It
 * opens nothing but the configuration.
 */
#ifndef GPUTOPD_ARGUMENTS_H
#define GPUTOPD_ARGUMENTS_H

#include "settings.h"

enum arguments_action {
	ARGUMENTS_RUN,
	ARGUMENTS_CHECK,
	ARGUMENTS_HELP,
	ARGUMENTS_VERSION,
};

struct arguments {
	enum arguments_action action;
	const char *config;		/* NULL: the usual file, if there is one */
	int argc;
	char *const *argv;
};

/*
 * Takes @argv apart, which must outlive @ret. Returns 0, or -EINVAL with a line in @errors, "--option: what", also
 * for values that make no sense.
 */
int arguments_parse(int argc, char *const argv[], struct arguments *ret, struct buf *errors);

/*
 * The settings in force: defaults, configuration files, options. 0, or the first -errno with a line in @errors for
 * everything that is wrong.
 */
int arguments_settings(const struct arguments *a, struct settings *ret, struct buf *errors);

void arguments_help(const char *program, struct buf *out);

#endif
