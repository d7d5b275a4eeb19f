/* SPDX-License-Identifier: MIT */
#include "action.h"

#include <signal.h>
#include <stdio.h>

#include "../fdinfo/number.h"

/* The process that all clients of the row belong to; false, having said why, if there is no such one. */
static bool choose_target(struct model *m, const struct model_context *on)
{
	const struct view_row *row = model_selected(m, on);
	const struct snapshot_process *p = row ? row->clients[0]->process : NULL;

	if (!m->reaches) {
		model_say(m, "These are not processes of this machine, as it is now.");
		return false;
	}
	if (!p) {
		model_say(m, "Select a client first: Up, Down.");
		return false;
	}
	for (size_t i = 1; i < row->n; i++)
		if (row->clients[i]->process->pid != p->pid) {
			model_say(m, "This row has several processes.");
			return false;
		}
	if (p->pid <= 0 || p->start_time == UNKNOWN) {
		model_say(m, "It is not known which process this is.");
		return false;
	}
	m->target = (struct target){ p->pid, p->start_time, "" };
	snprintf(m->target.name, sizeof(m->target.name), "%d (%s)", p->pid, p->comm);
	return true;
}

static void answered(struct model *m, const struct model_context *on, const struct menu_item *item)
{
	(void)on;
	if (item->value)
		m->request = (struct request){ REQUEST_SIGNAL, item->value };
}

static void signal_chosen(struct model *m, const struct model_context *on, const struct menu_item *item)
{
	char title[sizeof(m->menu.title)];

	(void)on;
	snprintf(title, sizeof(title), "Send SIG%s to %s?", sigabbrev_np((int)item->value), m->target.name);
	menu_open(&m->menu, title);
	menu_add(&m->menu, "no", 0);
	menu_add(&m->menu, "yes", item->value);
	m->menu.at_once = true;
	m->menu.chosen = answered;
}

ACTION(signal)
{
	char text[64];

	if (!choose_target(m, on))
		return;
	snprintf(text, sizeof(text), "Signal for %s:", m->target.name);
	menu_open(&m->menu, text);
	for (int sig = 1; sig < SIGRTMIN; sig++) {
		const char *name = sigabbrev_np(sig);

		if (!name)
			continue;
		snprintf(text, sizeof(text), "%2d %s", sig, name);
		menu_add(&m->menu, text, sig);
	}
	menu_mark(&m->menu, SIGTERM);
	m->menu.chosen = signal_chosen;
}

ACTION(renice)
{
	if (choose_target(m, on))
		m->request = (struct request){ REQUEST_ASK_NICE, *arg == '+' ? 1 : -1 };
}

static void nice_chosen(struct model *m, const struct model_context *on, const char *text)
{
	bool is_negative = text && *text == '-';
	uint64_t n;

	(void)on;
	if (!text)
		return;
	if (parse_number(str_of(text + is_negative), 0, is_negative ? 20 : 19, &n))
		model_say(m, "A nice value is a number from -20 (most CPU time) to 19 (least).");
	else
		m->request = (struct request){ REQUEST_RENICE, is_negative ? -(long)n : (long)n };
}

void model_ask_nice(struct model *m, int now, int by)
{
	int nice = now + by < -20 ? -20 : now + by > 19 ? 19 : now + by;
	char text[16], label[sizeof(m->prompt.label)];

	snprintf(label, sizeof(label), "Nice of %s, now %d:", m->target.name, now);
	snprintf(text, sizeof(text), "%d", nice);
	prompt_open(&m->prompt, label, text);
	m->prompt.done = nice_chosen;
}
