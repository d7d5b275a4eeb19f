// SPDX-License-Identifier: GPL-2.0-only
/*
 * synthload: keeps synthetic GPUs busy, in programmed amounts and from as many processes, clients
 * and descriptors as wanted, and says at the end how busy each client really was. Needs no
 * library.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "synthload.h"

#define MAX_PROCS	4096

struct options opt = { .clients = 1, .procs = 1, .seconds = -1, .period = 0.02 };
volatile sig_atomic_t stop, enough;

static const char help[] =
"usage: synthload [OPTIONS]\n"
"Keeps a synthetic GPU (synthgpu.ko) busy, then prints how busy it was, to the ns.\n"
"\n"
"what to do\n"
"  --engine NAME        load this engine (default render); may be given several times\n"
"  --busy P%            by so much (default 30%); 250% fills two and a half instances\n"
"  --after S            from S seconds after the start on\n"
"  --seconds S          for so long (default: until SIGUSR1, or SIGINT or SIGTERM, which end\n"
"                       the program)\n"
"  --period MS          in one job per so many milliseconds (default 20)\n"
"  --burst ON:OFF       ON ms of that, OFF ms of nothing, and again\n"
"  --wave S             rise from nothing to that and fall again, every S seconds\n"
"  --mem REGION=SIZE[,purgeable][,shared]   hold a buffer of SIZE bytes (suffix K, M or G)\n"
"  --name NAME          the client's name in fdinfo\n"
"  --linger S           then hold everything, idle, for so long\n"
"who does it\n"
"  --device N           on synthgpu.N (default 0); or --node PATH\n"
"  --card               through its card node, not its render node\n"
"  --procs N            in so many processes, each with its own clients\n"
"  --clients N          with so many clients per process, each loading all of the above\n"
"  --churn MS           with new clients every so many milliseconds\n"
"who holds the descriptors besides\n"
"  --dup N              N duplicates in the same process\n"
"  --fork N             N idle child processes that inherit them\n"
"  --exec               a child that runs sleep(1)\n"
"  --pass-fd            a process that gets them over a socket\n"
"  --hand-over          not who opened them: that process passed them on and left\n"
"  --no-fd              nobody: they are closed, a mapping keeps the clients; a job that was\n"
"                       submitted before fills whole instances. Needs --mem\n"
"\n"
"  --quiet              print nothing\n"
"  --help               print this\n"
"\n"
"At the start: `open client ID pid PID node PATH`. At the end, per client and engine:\n"
"`truth client ID engine NAME busy NS elapsed NS share P%`, elapsed since the client was opened.\n"
"Example: synthload --engine render --busy 30% --engine copy --busy 5% --seconds 5 --fork 3\n";

_Noreturn void die(const char *what)
{
	fprintf(stderr, "synthload: %s: %s\n", what, strerror(errno));
	exit(1);
}

_Noreturn void usage_error(const char *what, const char *arg)
{
	fprintf(stderr, "synthload: %s: %s (see --help)\n", what, arg);
	exit(2);
}

static void work(const char *node, int index)
{
	long long end_ns;
	int socket = -1;

	if (opt.pass_fd)
		socket = holders_fork_receiver();
	if (opt.hand_over)
		holders_open_elsewhere(node);
	else
		clients_open(node);
	if (opt.pass_fd)
		holders_pass(socket);
	holders_add();
	if (opt.no_fd) {
		clients_run_without_fd();
		return;
	}
	clients_run(node, index);
	clients_finish();
	end_ns = now_ns() + opt.linger * NS_PER_S;
	while (!stop && now_ns() < end_ns)
		sleep_until(now_ns() + NS_PER_S / 50);
	holders_remove();
}

static int work_in_processes(const char *node)
{
	static pid_t workers[MAX_PROCS];
	pid_t parent = getpid();
	int i, status, failed = 0;

	for (i = 0; i < opt.procs; i++) {
		workers[i] = fork();
		if (workers[i] < 0)
			die("fork");
		if (!workers[i]) {
			if (!prctl(PR_SET_PDEATHSIG, SIGTERM) && getppid() == parent)
				work(node, i);
			exit(0);
		}
	}
	for (i = 0; i < opt.procs; ) {
		if (waitpid(workers[i], &status, 0) == workers[i]) {
			failed |= status;
			i++;
		} else if (stop == 1) {
			int n;

			for (n = i; n < opt.procs; n++)
				kill(workers[n], SIGTERM);
			stop = 2;
		}
	}
	return failed != 0;
}

static void on_signal(int signal)
{
	if (signal == SIGUSR1)
		enough = 1;
	else
		stop = 1;
}

static double parse_number(const char *arg, const char *suffix, double min, double max)
{
	char *end;
	double number = strtod(arg, &end);

	if (end == arg || (*end && strcmp(end, suffix)) || !(number >= min && number <= max))
		usage_error("not a number, or out of range", arg);
	return number;
}

static void parse_burst(const char *arg)
{
	double on, off;
	char end;

	if (sscanf(arg, "%lf:%lf%c", &on, &off, &end) != 2 || !(on > 0) || !(off >= 0))
		usage_error("--burst", arg);
	opt.burst_on = on / 1000;
	opt.burst_off = off / 1000;
}

static void parse_mem(const char *arg)
{
	struct mem mem = {};
	char unit[2] = "", words[32] = "", *word;
	const char *units = "KMG", *found;
	int n = 0;

	if (opt.nmems == MAX_MEMS)
		usage_error("too many", "--mem");
	if (sscanf(arg, "%15[^=]=%llu%n%1[KMG]%n", mem.region, &mem.bytes, &n, unit, &n) < 2)
		usage_error("--mem", arg);
	found = strchr(units, *unit);
	if (*unit && found)
		mem.bytes <<= 10 * (found - units + 1);
	snprintf(words, sizeof(words), "%s", arg + n);
	for (word = strtok(words, ","); word; word = strtok(NULL, ",")) {
		if (!strcmp(word, "purgeable"))
			mem.purgeable = true;
		else if (!strcmp(word, "shared"))
			mem.shared = true;
		else
			usage_error("--mem", arg);
	}
	opt.mems[opt.nmems++] = mem;
}

static void add_load(const char *engine)
{
	if (opt.nloads == MAX_LOADS)
		usage_error("too many", "--engine");
	opt.loads[opt.nloads++] = (struct load){ .engine = engine, .busy = 0.3 };
}

/* The one that options are about: of render, where none was named. */
static struct load *last_load(void)
{
	if (!opt.nloads)
		add_load("render");
	return &opt.loads[opt.nloads - 1];
}

/* What a long option's value is: its place in numbers[], or one of those after them. */
enum {
	OPT_SECONDS, OPT_LINGER, OPT_PERIOD, OPT_WAVE, OPT_CHURN, OPT_DEVICE, OPT_PROCS,
	OPT_CLIENTS, OPT_DUP, OPT_FORK, NUMBERS,
	OPT_BUSY, OPT_AFTER, OPT_ENGINE, OPT_BURST, OPT_MEM, OPT_NAME, OPT_NODE, OPT_HELP,
};

static const struct {
	double *value;
	double min, max;
	double scale;		/* of the value, from what is written */
} numbers[NUMBERS] = {
	[OPT_SECONDS] = { &opt.seconds, 0, 1e6, 1 },
	[OPT_LINGER] = { &opt.linger, 0, 1e6, 1 },
	[OPT_PERIOD] = { &opt.period, 1, 6e4, 1e-3 },
	[OPT_WAVE] = { &opt.wave, 0.1, 1e6, 1 },
	[OPT_CHURN] = { &opt.churn, 1, 1e6, 1e-3 },
	[OPT_DEVICE] = { &opt.device, 0, 63, 1 },
	[OPT_PROCS] = { &opt.procs, 1, MAX_PROCS, 1 },
	[OPT_CLIENTS] = { &opt.clients, 1, MAX_CLIENTS, 1 },
	[OPT_DUP] = { &opt.dups, 0, 1e4, 1 },
	[OPT_FORK] = { &opt.forks, 0, 1000, 1 },
};

static const struct option options[] = {
	{ "engine", required_argument, NULL, OPT_ENGINE },
	{ "busy", required_argument, NULL, OPT_BUSY },
	{ "after", required_argument, NULL, OPT_AFTER },
	{ "seconds", required_argument, NULL, OPT_SECONDS },
	{ "period", required_argument, NULL, OPT_PERIOD },
	{ "burst", required_argument, NULL, OPT_BURST },
	{ "wave", required_argument, NULL, OPT_WAVE },
	{ "mem", required_argument, NULL, OPT_MEM },
	{ "name", required_argument, NULL, OPT_NAME },
	{ "linger", required_argument, NULL, OPT_LINGER },
	{ "device", required_argument, NULL, OPT_DEVICE },
	{ "node", required_argument, NULL, OPT_NODE },
	{ "card", no_argument, &opt.card, 1 },
	{ "procs", required_argument, NULL, OPT_PROCS },
	{ "clients", required_argument, NULL, OPT_CLIENTS },
	{ "churn", required_argument, NULL, OPT_CHURN },
	{ "dup", required_argument, NULL, OPT_DUP },
	{ "fork", required_argument, NULL, OPT_FORK },
	{ "exec", no_argument, &opt.exec, 1 },
	{ "pass-fd", no_argument, &opt.pass_fd, 1 },
	{ "hand-over", no_argument, &opt.hand_over, 1 },
	{ "no-fd", no_argument, &opt.no_fd, 1 },
	{ "quiet", no_argument, &opt.quiet, 1 },
	{ "help", no_argument, NULL, OPT_HELP },
	{}
};

static void parse_option(int option, const char *arg)
{
	if (option < NUMBERS) {
		*numbers[option].value = numbers[option].scale *
			parse_number(arg, "", numbers[option].min, numbers[option].max);
		return;
	}
	switch (option) {
	case OPT_ENGINE:
		add_load(arg);
		break;
	case OPT_BUSY:
		last_load()->busy = parse_number(arg, "%", 0, 1600) / 100;
		break;
	case OPT_AFTER:
		last_load()->after = parse_number(arg, "", 0, 1e6);
		break;
	case OPT_BURST:
		parse_burst(arg);
		break;
	case OPT_MEM:
		parse_mem(arg);
		break;
	case OPT_NAME:
		opt.name = arg;
		break;
	case OPT_NODE:
		opt.node = arg;
		break;
	case OPT_HELP:
		fputs(help, stdout);
		exit(0);
	default:
		exit(2);
	}
}

int main(int argc, char **argv)
{
	const struct sigaction action = { .sa_handler = on_signal };
	const char *node;
	int option, place = 0;

	while ((option = getopt_long(argc, argv, "", options, &place)) != -1)
		if (!options[place].flag || option == '?')
			parse_option(option, optarg);
	if (optind < argc)
		usage_error("what is that", argv[optind]);
	if (opt.no_fd && (!opt.nmems || opt.hand_over || opt.churn > 0))
		usage_error("--no-fd", "needs --mem, and neither --hand-over nor --churn");
	if (!opt.nloads)
		add_load("render");
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGUSR1, &action, NULL);
	node = opt.node ? opt.node : find_node();
	if (opt.procs > 1)
		return work_in_processes(node);
	work(node, 0);
	return 0;
}
