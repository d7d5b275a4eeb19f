/* SPDX-License-Identifier: MIT */
#include "doctor.h"

#include <err.h>
#include <errno.h>
#include <langinfo.h>
#include <stdio.h>
#include <unistd.h>

#include "print.h"
#include "run.h"
#include "tty.h"

int run_doctor(const struct options *o)
{
	struct doctor_findings findings = { 0 };
	struct buf out = { 0 };
	struct doctor *d;
	int code = EXIT_FAILED;

	if (doctor_gather(&o->live, "/dev", o->source ? o->source : SOURCE_SOCKET, &d)) {
		warnx("%s", strerror(ENOMEM));
		return EXIT_FAILED;
	}
	doctor_facts(d)->is_terminal = isatty(STDOUT_FILENO);
	doctor_facts(d)->is_utf8 = strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
	doctor_facts(d)->colors = tty_colors();
	doctor_judge(doctor_facts(d), &findings);
	if (o->report && o->format == OUTPUT_JSON)
		doctor_json(&findings, &out);
	else
		doctor_text(&findings, &out);
	if (findings.err)
		warnx("%s", strerror(-findings.err));
	else
		code = print(&out);
	if (doctor_is_hindered(&findings))
		code = EXIT_FAILED;
	doctor_findings_done(&findings);
	doctor_free(d);
	buf_done(&out);
	return code;
}
