/* SPDX-License-Identifier: MIT */
#include "options.h"

#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "format.h"

#define MIN_WIDTH 20
#define THEMES "dark, light, contrast, colour-blind, mono"
#define MAX_WIDTH 10000

static int fail(struct options *o, const char *format, ...) __attribute__((format(printf, 2, 3)));

static int fail(struct options *o, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	vsnprintf(o->error, sizeof(o->error), format, ap);
	va_end(ap);
	return -EINVAL;
}

/* Takes the next part off a list separated by commas. */
static bool next_part(const char **list, struct str *ret)
{
	if (!*list)
		return false;
	*ret = (struct str){ *list, strcspn(*list, ",") };
	*list += ret->len;
	*list = **list ? *list + 1 : NULL;
	return true;
}

static size_t count_parts(const char *list)
{
	size_t n = 1;

	for (; *list; list++)
		n += *list == ',';
	return n;
}

/* Setters: what an option does with its argument. @offset: of the member it sets, where that is all. */
#define SETTER(name) \
	static int name(struct options *o, const char *arg __attribute__((unused)), \
			size_t offset __attribute__((unused)))

SETTER(set_true)
{
	*(bool *)((char *)o + offset) = true;
	return 0;
}

SETTER(set_text)
{
	*(const char **)((char *)o + offset) = arg;
	return 0;
}

SETTER(set_help)
{
	o->action = ACTION_HELP;
	return 0;
}

SETTER(set_version)
{
	o->action = ACTION_VERSION;
	return 0;
}

SETTER(set_list_gpus)
{
	o->action = ACTION_LIST_GPUS;
	return 0;
}

SETTER(set_doctor)
{
	o->action = ACTION_DOCTOR;
	return 0;
}

SETTER(set_list_fields)
{
	if (arg && strcmp(arg, "mdoc") != 0)
		return fail(o, "'%s' is not a way to list them (mdoc)", arg);
	o->action = ACTION_LIST_FIELDS;
	o->style = arg ? MANUAL_MDOC : MANUAL_PLAIN;
	return 0;
}

SETTER(set_list_keys)
{
	if (arg && strcmp(arg, "mdoc") != 0 && strcmp(arg, "markdown") != 0)
		return fail(o, "'%s' is not a way to list them (mdoc, markdown)", arg);
	o->action = ACTION_LIST_KEYS;
	o->style = !arg ? MANUAL_PLAIN : strcmp(arg, "mdoc") == 0 ? MANUAL_MDOC : MANUAL_MARKDOWN;
	return 0;
}

SETTER(set_theme)
{
	return theme_find(arg, &o->theme) ? fail(o, "no such theme '%s' (" THEMES ")", arg) : 0;
}

SETTER(set_units)
{
	return units_find(arg, &o->units) ? fail(o, "no such units '%s' (binary, decimal, bytes)", arg) : 0;
}

SETTER(set_report)
{
	enum output_format format;

	if (output_format_find(arg, &format))
		return fail(o, "no such report '%s' (raw, json, csv)", arg);
	if (o->report && o->format != format)
		return fail(o, "another report was asked for before");
	o->format = format;
	o->report = true;
	return 0;
}

SETTER(set_json)
{
	return set_report(o, "json", 0);
}

SETTER(set_csv)
{
	return set_report(o, "csv", 0);
}

SETTER(set_frames)
{
	return parse_number(str_of(arg), 1, UINT64_MAX - 1, &o->frames) ?
	       fail(o, "'%s' is not a number of frames", arg) : 0;
}

SETTER(set_delay)
{
	o->has_delay = true;
	switch (parse_seconds(arg, &o->delay_ns)) {
	case 0:
		return 0;
	case -ERANGE:
		return fail(o, "%s seconds is out of range (0.01 to 86400)", arg);
	default:
		return fail(o, "'%s' is not a number of seconds", arg);
	}
}

SETTER(set_stale)
{
	if (parse_seconds(arg, &o->live.stale_ns))
		return fail(o, "'%s' is not a number of seconds from 0.01 to 86400", arg);
	return 0;
}

SETTER(set_width)
{
	uint64_t n;

	if (parse_number(str_of(arg), MIN_WIDTH, MAX_WIDTH, &n))
		return fail(o, "'%s' is not a number of columns from %d to %d", arg, MIN_WIDTH, MAX_WIDTH);
	o->width = (int)n;
	return 0;
}

static int parse_fields(struct options *o, const char *list, struct column *ret, size_t size)
{
	struct str bad;
	int n = columns_parse(list, ret, size, &bad);

	if (n == -ENOENT)
		return fail(o, "no such field '%.*s' (see --list-fields)", (int)bad.len, bad.ptr);
	return n < 0 ? fail(o, "more than %zu field%s", size, size == 1 ? "" : "s") : n;
}

SETTER(set_fields)
{
	int n = parse_fields(o, arg, o->columns, MODEL_MAX_COLUMNS);

	if (n < 0)
		return n;
	o->n_columns = (size_t)n;
	return 0;
}

SETTER(set_sort)
{
	bool reverse = arg[0] == '-';
	int n = parse_fields(o, arg + reverse, &o->view.sort, 1);

	o->view.reverse = reverse;
	return n < 0 ? n : 0;
}

SETTER(set_group)
{
	o->view.group = field_find(str_of(arg));
	if (!o->view.group)
		return fail(o, "no such field '%s' (see --list-fields)", arg);
	return view_can_group(o->view.group) ? 0 : fail(o, "clients cannot be grouped by %s", arg);
}

SETTER(set_filter)
{
	struct filter_error error;

	o->view.filter = &o->filter;
	return filter_parse(arg, &o->filter, &error) ?
	       fail(o, "character %zu of '%s': expected %s", error.at + 1, arg, error.expected) : 0;
}

SETTER(set_pids)
{
	struct str part;
	uint64_t pid;

	free(o->pids);
	o->view.n_pids = 0;
	o->pids = calloc(count_parts(arg), sizeof(*o->pids));
	o->view.pids = o->pids;
	if (!o->pids)
		return -ENOMEM;
	while (next_part(&arg, &part)) {
		if (parse_number(part, 1, INT_MAX, &pid))
			return fail(o, "'%.*s' is not a process number", (int)part.len, part.ptr);
		o->pids[o->view.n_pids++] = (pid_t)pid;
	}
	return 0;
}

SETTER(set_users)
{
	char *user;

	free(o->users);
	free(o->user_list);
	o->view.n_users = 0;
	o->users = strdup(arg);
	o->user_list = calloc(count_parts(arg), sizeof(*o->user_list));
	o->view.users = o->user_list;
	if (!o->users || !o->user_list)
		return -ENOMEM;
	for (char *rest = o->users; (user = strsep(&rest, ","));) {
		if (!*user)
			return fail(o, "an empty user name");
		o->user_list[o->view.n_users++] = user;
	}
	return 0;
}

SETTER(set_finder)
{
	char names[128] = "auto";

	for (const struct finder_ops *const *f = finders; *f; f++) {
		if (strcmp((*f)->name, arg) == 0)
			break;
		snprintf(names + strlen(names), sizeof(names) - strlen(names), ", %s", (*f)->name);
		if (!f[1] && strcmp(arg, "auto") != 0)
			return fail(o, "no such finder '%s' (%s)", arg, names);
	}
	o->live.finder = arg;
	return 0;
}

SETTER(set_profiling)
{
	if (strcmp(arg, "on") != 0 && strcmp(arg, "off") != 0)
		return fail(o, "'%s' is neither on nor off", arg);
	o->profiling = arg;
	return 0;
}

SETTER(set_majors)
{
	struct str part;
	uint64_t major;

	o->live.n_majors = 0;
	o->live.majors = o->majors;
	while (next_part(&arg, &part)) {
		if (parse_number(part, 0, UINT32_MAX, &major))
			return fail(o, "'%.*s' is not a device major", (int)part.len, part.ptr);
		if (o->live.n_majors == FINDER_MAX_MAJORS)
			return fail(o, "more than %d majors", FINDER_MAX_MAJORS);
		o->majors[o->live.n_majors++] = (unsigned int)major;
	}
	return 0;
}

/* Long options without a letter have their row's number here. */
#define NO_LETTER 256

static const struct option_row {
	char letter;
	const char *name;
	const char *arg;	/* of the help text; NULL: takes none; "[=X]": optional */
	const char *help;
	int (*set)(struct options *o, const char *arg, size_t offset);
	size_t offset;
} rows[] = {
	{ 'b', "batch", NULL, "print frames as text, for files and pipes", set_true,
	  offsetof(struct options, batch) },
	{ 0, "once", NULL, "print one frame: two passes, what happened between them", set_true,
	  offsetof(struct options, once) },
	{ 0, "json", NULL, "print a JSON object per frame, a line each", set_json, 0 },
	{ 0, "csv", NULL, "print a CSV row per client and frame", set_csv, 0 },
	{ 0, "report", "raw|json|csv", "print frames in this format", set_report, 0 },
	{ 'n', "iterations", "N", "stop after N frames", set_frames, 0 },
	{ 'd', "delay", "SECONDS", "time between frames (1); fractions are fine", set_delay, 0 },
	{ 'o', "fields", "FIELD,...", "columns; \"busy\" is one per engine, \"busy:gfx\" a single one",
	  set_fields, 0 },
	{ 0, "sort", "[-]FIELD", "order of clients; with - the other way round", set_sort, 0 },
	{ 0, "group", "FIELD", "one row for all clients of a pid, user, comm, ...: on the screen and with -b",
	  set_group, 0 },
	{ 0, "tree", NULL, "processes below their ancestors: on the screen and with -b", set_true,
	  offsetof(struct options, view.tree) },
	{ 0, "list-fields", "[=mdoc]", "list the fields for -o and --sort", set_list_fields, 0 },
	{ 0, "list-keys", "[=mdoc|markdown]", "list the keys of the screen", set_list_keys, 0 },
	{ 'p', "pid", "PID,...", "only clients that these processes hold", set_pids, 0 },
	{ 'u', "user", "USER,...", "only clients of these users (names or numbers)", set_users, 0 },
	{ 0, "filter", "EXPR", "only clients such as \"user=alice and gfx>10%\"; plain text: of the command",
	  set_filter, 0 },
	{ 0, "gpu", "GPU", "only this device: PCI address, node (card0) or driver", set_text,
	  offsetof(struct options, view.gpu) },
	{ 'L', "list-gpus", NULL, "list the devices", set_list_gpus, 0 },
	{ 0, "doctor", NULL, "say what hinders gputop on this machine, and what to do", set_doctor, 0 },
	{ 0, "all", NULL, "idle clients too: on the screen and with -b", set_true, offsetof(struct options, view.all) },
	{ 0, "finder", "NAME", "how to find who holds a GPU", set_finder, 0 },
	{ 0, "stale", "SECONDS", "how old what a finder remembers may get (30, or 5: see the manual)", set_stale, 0 },
	{ 0, "proc", "DIR", "procfs to read (/proc)", set_text, offsetof(struct options, live.proc) },
	{ 0, "sys", "DIR", "sysfs to read (/sys)", set_text, offsetof(struct options, live.sys) },
	{ 0, "major", "N,...", "device majors to look for (those of drm and accel)", set_majors, 0 },
	{ 0, "profiling", "on|off", "while it runs, have drivers that need telling count (panfrost, panthor)",
	  set_profiling, 0 },
	{ 0, "record", "FILE", "also write each frame to a recording; - is standard output", set_text,
	  offsetof(struct options, record) },
	{ 0, "replay", "FILE", "play a recording; - is standard input", set_text,
	  offsetof(struct options, replay) },
	{ 0, "demo", NULL, "play the recording that comes with gputop", set_true,
	  offsetof(struct options, demo) },
	{ 0, "source", "SOCKET|none", "ask the gputopd that listens there; none: look here", set_text,
	  offsetof(struct options, source) },
	{ 0, "theme", "NAME", "colours: " THEMES, set_theme, 0 },
	{ 0, "units", "binary|decimal|bytes", "memory in K, M, G of 1024, in kB, MB, GB of 1000, or in bytes", set_units, 0 },
	{ 0, "no-mouse", NULL, "leave the mouse to the terminal", set_true, offsetof(struct options, no_mouse) },
	{ 'w', "width", "COLUMNS", "width of batch text", set_width, 0 },
	{ 'h', "help", NULL, "this text", set_help, 0 },
	{ 'V', "version", NULL, "the version", set_version, 0 },
};

static int arg_kind(const struct option_row *row)
{
	return !row->arg ? no_argument : row->arg[0] == '[' && row->arg[1] == '=' ? optional_argument :
	       required_argument;
}

static void make_tables(struct option *options, char *letters)
{
	/* ':' first: a missing argument is told from an unknown option. */
	*letters++ = ':';
	for (size_t i = 0; i < N_OF(rows); i++) {
		options[i] = (struct option){ rows[i].name, arg_kind(&rows[i]), NULL,
					      NO_LETTER + (int)i };
		if (rows[i].letter) {
			*letters++ = rows[i].letter;
			if (rows[i].arg)
				*letters++ = ':';
		}
	}
	options[N_OF(rows)] = (struct option){ 0 };
	*letters = '\0';
}

static const struct option_row *row_of(int key)
{
	if (key >= NO_LETTER)
		return &rows[key - NO_LETTER];
	for (size_t i = 0; i < N_OF(rows); i++)
		if (key && rows[i].letter == key)
			return &rows[i];
	return NULL;
}

static int check(struct options *o)
{
	bool is_live = o->live.finder || o->live.proc || o->live.sys || o->live.majors ||
		       o->live.stale_ns;

	if (o->replay && o->demo)
		return fail(o, "--replay and --demo exclude each other");
	if ((o->replay || o->demo) && is_live)
		return fail(o, "a recording is not this machine: no --finder, --stale, --proc, --sys, --major with it");
	if (o->source && o->action != ACTION_DOCTOR && (o->replay || o->demo || (is_live && strcmp(o->source, "none") != 0)))
		return fail(o, "--source SOCKET is a source of its own: no --replay, --demo, --finder, --stale, "
			    "--proc, --sys, --major with it");
	if (o->profiling && (o->replay || o->demo))
		return fail(o, "--profiling is for this machine, not for a recording");
	if (o->once && o->frames)
		return fail(o, "--once and -n exclude each other");
	if (o->record && strcmp(o->record, "-") == 0 && (o->batch || o->once || o->report))
		return fail(o, "--record - takes standard output for itself");
	if (o->n_columns && o->report && o->format != OUTPUT_CSV)
		return fail(o, "-o chooses columns of the screen, -b and --csv: other reports have all fields");
	if ((o->view.group || o->view.tree) && o->report)
		return fail(o, "--group and --tree are for the screen and -b: reports have a row per client");
	/* Who is idle is a matter of a look; programs are told of everybody. */
	o->view.all |= o->report;
	return 0;
}

void options_init(struct options *ret)
{
	*ret = (struct options){ .delay_ns = NSEC_PER_SEC };
}

int options_set(struct options *o, const char *name, const char *value)
{
	static const char *const names[] = { "theme", "delay", "fields", "sort", "group", "tree", "all", "no-mouse",
					     "units" };
	const struct option_row *row = NULL;
	bool is_yes = strcmp(value, "yes") == 0;

	for (size_t i = 0; i < N_OF(names); i++)
		for (size_t k = 0; k < N_OF(rows) && strcmp(names[i], name) == 0; k++)
			if (strcmp(rows[k].name, name) == 0)
				row = &rows[k];
	if (!row)
		return fail(o, "there is no '%.60s' to set up", name);
	if (row->arg)
		return row->set(o, value, row->offset);
	if (!is_yes && strcmp(value, "no") != 0)
		return fail(o, "%s is yes or no", name);
	return is_yes ? row->set(o, NULL, row->offset) : 0;
}

int options_parse(int argc, char *const argv[], struct options *ret)
{
	struct option options[N_OF(rows) + 1];
	char letters[2 * N_OF(rows) + 2], name[64];
	int key, err;

	make_tables(options, letters);
	opterr = 0;
	optind = 0;
	while ((key = getopt_long(argc, argv, letters, options, NULL)) != -1) {
		int which = key == '?' || key == ':' ? optopt : key;
		const struct option_row *row = row_of(which);

		if (!row && which)
			return fail(ret, "unknown option '-%c' (see -h)", which);
		if (!row)
			return fail(ret, "unknown or ambiguous option '%s' (see -h)", argv[optind - 1]);
		if (which < NO_LETTER)
			snprintf(name, sizeof(name), "-%c", which);
		else
			snprintf(name, sizeof(name), "--%s", row->name);
		if (key == '?')
			return fail(ret, "%s takes no argument", name);
		if (key == ':')
			return fail(ret, "%s needs an argument: %s", name, row->arg);
		err = row->set(ret, optarg, row->offset);
		if (err) {
			char why[sizeof(ret->error)];

			if (err == -ENOMEM)
				fail(ret, "%s", strerror(ENOMEM));
			memcpy(why, ret->error, sizeof(why));
			snprintf(ret->error, sizeof(ret->error), "%s: %.180s", name, why);
			return err;
		}
	}
	if (optind < argc)
		return fail(ret, "unexpected argument '%s' (see -h)", argv[optind]);
	return check(ret);
}

void options_done(struct options *o)
{
	free(o->pids);
	free(o->users);
	free(o->user_list);
	*o = (struct options){ 0 };
}

bool options_are_for_screen(const struct options *o)
{
	return o->action == ACTION_RUN && !o->batch && !o->once && !o->report &&
	       !(o->record && strcmp(o->record, "-") == 0);
}

void options_help(const char *program, struct buf *out)
{
	buf_printf(out, "usage: %s [OPTION]...\n       %s bench [OPTION]...\n       %s plot RECORDING --svg FILE\n"
		   "Shows who keeps which engine of the GPU busy, and who holds which memory.\n\n",
		   program, program, program);
	for (size_t i = 0; i < N_OF(rows); i++) {
		const struct option_row *row = &rows[i];
		char left[64];

		snprintf(left, sizeof(left), "--%s%s%s", row->name,
			 row->arg && arg_kind(row) == required_argument ? " " : "",
			 row->arg ? row->arg : "");
		buf_printf(out, "  %c%c%c %-22s %s\n", row->letter ? '-' : ' ', row->letter ? row->letter : ' ',
			   row->letter ? ',' : ' ', left, row->help);
	}
	buf_printf(out, "\nExit status: 0 fine, 1 failure, 2 usage, 3 no GPU device or driver found.\n");
}
