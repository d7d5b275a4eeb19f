#!/bin/sh
# SPDX-License-Identifier: MIT
# Nobody includes across rooms, and the library stays a library (ARCHITECTURE.md, "Rooms").
set -u
cd "${top_srcdir:?}/src" || exit 99
n=0

result() {
	n=$((n + 1))
	if [ -z "$2" ]; then
		echo "ok $n - $1"
	else
		echo "not ok $n - $1"
		echo "$2" | sed 's/^/# /'
	fi
}

# rule NAME FILES EXCEPT FORBIDDEN EXAMPLE: no line of FILES (but EXCEPT) matches FORBIDDEN. A rule that
# would not see EXAMPLE, or looks at no file, has failed too.
rule() {
	files=$(find . -name '*.[ch]' | sed 's|^\./||' | grep -E "^($2)" | grep -Ev "^($3)")
	# shellcheck disable=SC2086 # names without spaces
	result "$1" "$(
		[ -n "$files" ] || echo "no files to look at"
		printf '%s\n' "$5" | grep -qE "$4" || echo "blind to: $5"
		[ -z "$files" ] || grep -nE "$4" /dev/null $files
	)"
}

no_file='$'
pure_cli='cli/(action|action_process|action_setup|action_time|binding|curve|detail|format|glyph|history|key|layout|list|menu|model|overlay|pace|panel|plot_page|prompt|screen|setup|theme|plot_svg|svg)\.'
inward='#include "(\.\./fdinfo/|fdinfo/)?(table|proc|process|source|finder|sysfs)[a-z_]*\.h"'
clocks='(^|[^a-z_])(clock_gettime|gettimeofday|time|clock|getrusage|timespec_get|(now|clock)_ns)\('
streams='(^|[^a-z_])(v?f?printf|f?puts|f?putc|putchar|perror|fwrite|v?syslog|v?errx?|v?warnx?)\('
ends='(^|[^a-z_])(_?exit|quick_exit|abort|assert|atexit|signal|sigaction|raise)\('
locale='(^|[^a-z_])(setlocale|localeconv|strcoll|strto(d|f|ld)|atof|is(alpha|alnum|space|print|graph|punct|upper|lower)|to(upper|lower))\('
floats='%[-+ #0-9.*]*l?[aefgAEFG]'

rule "reports see snapshots, not how they are made" report/ $no_file "$inward" '#include "../fdinfo/table_state.h"'
rule "reports do not see programs" report/ $no_file '#include "(\.\./)?(cli|daemon|exporter)/' '#include "../cli/model.h"'
rule "the engine room sees neither reports nor programs" fdinfo/ $no_file \
	'#include "(\.\./)?(report|cli|daemon)/|#include <(jansson|.*curses)' '#include "../report/field.h"'
rule "the exporter sees neither finders nor other programs" exporter/ $no_file \
	'#include "(\.\./)?(cli|daemon|fdinfo/(finder|proc))[a-z_]*[./]' '#include "../daemon/settings.h"'
rule "one file has the terminal" '' cli/tty\\.c '#include <(n?curses|ncursesw/|term\.h)' '#include <curses.h>'
rule "one more gives it back" '' 'cli/tty(_signals)?\.[ch]' '#include <termios' '#include <termios.h>'
rule "what is drawn comes from snapshots" "$pure_cli" $no_file "$inward" '#include "../fdinfo/source.h"'
rule "what is drawn has no clock" "$pure_cli" $no_file "$clocks" '	t = now_ns();'
rule "clocks are read where text is read" 'fdinfo/|report/' 'fdinfo/(source_live|finder|drmlist|open_files)' \
	"$clocks" '	h.t_ns = now_ns();'
rule "the library prints nothing" 'fdinfo/|report/' $no_file "$streams" '	fprintf(stderr, "oops");'
rule "the library does not end the program" 'fdinfo/|report/' $no_file "$ends" '	exit(1);'
rule "the library asks no locale" 'fdinfo/|report/' $no_file "$locale" '	if (isspace(c))'
rule "the library prints no floats, whose point is the locale's" 'fdinfo/|report/' $no_file "$floats" \
	'	buf_printf(b, "%.1f", x);'

# The linker knows best: nothing in .data or .bss but what sanitizers add. (.data.rel.ro is constant tables
# of pointers.)
variables() {
	nm -f sysv "$@" | awk -F'|' 'NF == 7 && $7 ~ /^\.(t?data|t?bss)/ && $7 !~ /rel\.ro/ && $1 !~ /asan|^__unnamed_/ { print $1 $7 }'
}
result "the library has no variables" "$(
	variables "${top_builddir:?}/libfdinfo.a" "$top_builddir/libreport.a" 2>&1
)"
echo "1..$n"
