/* SPDX-License-Identifier: MIT */
#include "arguments.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>

enum { OPTION_CONFIG = 256, OPTION_CHECK, OPTION_SETTING };

#define MAX_SETTINGS 64
#define OPTION_LEN 40

struct tables {
	char names[MAX_SETTINGS][OPTION_LEN];
	struct option options[MAX_SETTINGS + 5];
};

static void make_tables(struct tables *t)
{
	const struct option own[] = {
		{ "config", required_argument, NULL, OPTION_CONFIG },
		{ "check-config", no_argument, NULL, OPTION_CHECK },
		{ "help", no_argument, NULL, 'h' },
		{ "version", no_argument, NULL, 'V' },
	};
	struct option *o = t->options;

	for (size_t i = 0; i < N_OF(own); i++)
		*o++ = own[i];
	for (size_t i = 0; i < n_settings; i++) {
		settings_option(&settings_table[i], t->names[i], OPTION_LEN);
		*o++ = (struct option){ t->names[i], required_argument, NULL, OPTION_SETTING + (int)i };
	}
	*o = (struct option){ 0 };
}

/* One pass over the command line; with @settings values are set there, else only tried. */
static int pass(struct arguments *a, struct settings *settings, struct buf *errors)
{
	struct settings tried;
	struct tables t = { 0 };
	char why[256];
	int key, err = 0;

	settings_init(&tried);
	make_tables(&t);
	opterr = 0;
	optind = 0;
	while ((key = getopt_long(a->argc, a->argv, ":hV", t.options, NULL)) != -1) {
		const struct setting *row;

		switch (key) {
		case OPTION_CONFIG:
			a->config = optarg;
			continue;
		case OPTION_CHECK:
			a->action = ARGUMENTS_CHECK;
			continue;
		case 'h':
			a->action = ARGUMENTS_HELP;
			continue;
		case 'V':
			a->action = ARGUMENTS_VERSION;
			continue;
		case ':':
			buf_printf(errors, "%.80s needs an argument\n", a->argv[optind - 1]);
			return -EINVAL;
		case '?':
			buf_printf(errors, "no such option: %.80s (see -h)\n", a->argv[optind > 1 ? optind - 1 : 1]);
			return -EINVAL;
		}
		row = &settings_table[key - OPTION_SETTING];
		if (row->set((char *)(settings ? settings : &tried) + row->offset, optarg, why, sizeof(why))) {
			buf_printf(errors, "--%s: %s\n", t.names[key - OPTION_SETTING], why);
			err = -EINVAL;
		}
	}
	if (optind < a->argc) {
		buf_printf(errors, "unexpected argument '%.80s' (see -h)\n", a->argv[optind]);
		return -EINVAL;
	}
	return err;
}

int arguments_parse(int argc, char *const argv[], struct arguments *ret, struct buf *errors)
{
	*ret = (struct arguments){ .argc = argc, .argv = argv };
	return pass(ret, NULL, errors);
}

int arguments_settings(const struct arguments *a, struct settings *ret, struct buf *errors)
{
	struct arguments again = *a;
	int read, options, check;

	settings_init(ret);
	ret->is_check = a->action == ARGUMENTS_CHECK;
	read = settings_read(ret, a->config ? a->config : SETTINGS_FILE, !a->config, errors);
	options = pass(&again, ret, errors);
	check = settings_check(ret, errors);
	return read ? read : options ? options : check;
}

void arguments_help(const char *program, struct buf *out)
{
	buf_printf(out, "usage: %s [OPTION]...\n"
		   "Samples who uses the GPUs, writes it to files and shows it to viewers (gputop).\n\n"
		   "      --config FILE                instead of " SETTINGS_FILE "\n"
		   "      --check-config               only say whether the configuration is fine\n"
		   "  -h, --help                       this text\n"
		   "  -V, --version                    the version\n\n"
		   "Keys of the configuration, which these override:\n", program);
	for (size_t i = 0; i < n_settings; i++) {
		char name[OPTION_LEN], left[OPTION_LEN + 16];

		settings_option(&settings_table[i], name, sizeof(name));
		snprintf(left, sizeof(left), "--%s %s", name, settings_table[i].arg);
		buf_printf(out, "      %-28s %s\n", left, settings_table[i].help);
	}
	buf_printf(out, "\nExit status: 0 stopped or fine, 1 failure, 2 usage.\n");
}
