/* SPDX-License-Identifier: MIT */
#include "list.h"

#include <math.h>
#include <stdio.h>

#include "format.h"

#define PART_MAX_WIDTH 10	/* of a column named after an engine or region */
#define SUMMARY_MAX_NAMES 16
#define REST_COMFORT 24		/* before it has less, what is pleasant to have makes room */
#define REST_MIN_WIDTH 12	/* for what takes the rest of a row */

void list_done(struct list *l)
{
	buf_done(&l->scratch);
}

static bool is_key(const struct column *c, const char *key)
{
	return strcmp(c->field->key, key) == 0;
}

static int column_width(const struct list *l, const struct column *c)
{
	int name = (int)strlen(c->of);

	if (l->gpu_width && is_key(c, "gpu"))
		return l->gpu_width;
	if (name > PART_MAX_WIDTH)
		name = PART_MAX_WIDTH;
	if (c->field->type == FIELD_BYTES && name < l->bytes_width)
		name = l->bytes_width;
	return name > c->field->width ? name : c->field->width;
}

static struct str short_gpu(struct str gpu)
{
	if (gpu.len > 5 && memcmp(gpu.ptr, "0000:", 5) == 0)
		gpu = (struct str){ gpu.ptr + 5, gpu.len - 5 };
	return gpu;
}

/* As wide as the longest, within reason. */
static int short_gpu_width(const struct view *v)
{
	const size_t least = 7, most = 12;
	size_t width = least;

	for (size_t i = 0; i < v->n_devices; i++) {
		size_t len = short_gpu(str_of(v->devices[i]->device.gpu)).len;

		width = len > width ? len : width;
	}
	return (int)(width < most ? width : most);
}

/*
 * The share of the machine's lifetime in which an engine of that name was busy: it changes so slowly that
 * columns chosen by it do not come and go.
 */
static double lifetime_share(const struct column *c, const struct snapshot *s, const struct view *v)
{
	double most = 0;

	for (size_t d = 0; d < v->n_devices; d++)
		for (size_t i = 0; i < v->devices[d]->n_engines; i++) {
			const struct snapshot_engine *e = &v->devices[d]->engines[i];
			const struct engine_usage *u = &e->usage;
			double share = 0;

			if (strcmp(e->name, c->of) != 0)
				continue;
			if (u->cycles != UNKNOWN && u->total_cycles != UNKNOWN && u->total_cycles > 0)
				share = (double)u->cycles / (double)u->total_cycles;
			else if (u->busy_ns != UNKNOWN && s->frame.t_ns > 0)
				share = (double)u->busy_ns / (double)s->frame.t_ns;
			share /= (double)e->capacity;
			most = share > most ? share : most;
		}
	return most;
}

static void remove_column(struct list *l, size_t i)
{
	memmove(&l->columns[i], &l->columns[i + 1], (l->n_columns - i - 1) * sizeof(l->columns[0]));
	l->n_columns--;
}

static int total_width(const struct list *l)
{
	int total = 0;

	for (size_t i = 0; i < l->n_columns; i++) {
		int width = column_width(l, &l->columns[i]);

		total += (width ? width : REST_MIN_WIDTH) + (i > 0);
	}
	return total;
}

/* The index of a column, n_columns if it is not there. */
static size_t find_column(const struct list *l, const char *key)
{
	size_t i = 0;

	while (i < l->n_columns && !is_key(&l->columns[i], key))
		i++;
	return i;
}

static bool is_sorted_by(const struct column *c, const struct model *m)
{
	const struct column *sort = &m->view.sort;

	if (!sort->field)
		return is_key(c, "use");
	return c->field == sort->field && (!sort->of[0] || strcmp(c->of, sort->of) == 0);
}

/* What the order of rows is about is to be seen. */
static bool is_asked_for(const struct column *c, const struct model *m)
{
	return c->field == m->view.group || (m->view.sort.field && is_sorted_by(c, m));
}

/* Columns of engines, the least used first, until the others fit. */
static void drop_engines(struct list *l, const struct model *m, const struct snapshot *s, const struct view *v, int w)
{
	double shares[MODEL_MAX_COLUMNS];

	if (total_width(l) <= w)
		return;
	for (size_t i = 0; i < l->n_columns; i++)
		shares[i] = l->columns[i].field->scope == FIELD_OF_ENGINE && !is_asked_for(&l->columns[i], m) ?
			    lifetime_share(&l->columns[i], s, v) : (double)INFINITY;
	while (l->n_columns > 0 && total_width(l) > w) {
		size_t least = 0;

		for (size_t i = 1; i < l->n_columns; i++)
			if (shares[i] < shares[least] || (shares[i] == shares[least] && !isinf(shares[i])))
				least = i;
		if (isinf(shares[least]))
			return;
		remove_column(l, least);
		memmove(&shares[least], &shares[least + 1], (l->n_columns - least) * sizeof(shares[0]));
	}
}

static void drop(struct list *l, const struct model *m, const char *key)
{
	size_t i = find_column(l, key);

	if (i < l->n_columns && !is_asked_for(&l->columns[i], m))
		remove_column(l, i);
}

static bool is_known_of_any(const struct view *v, const char *key, struct buf *scratch)
{
	const struct column c = { .field = field_find(str_of(key)) };

	for (size_t i = 0; i < v->n_clients; i++) {
		struct value value = column_get(&c, v->clients[i], scratch);

		if (!value_is_unknown(&value))
			return true;
	}
	return false;
}

static void make_room(struct list *l, const struct model *m, const struct snapshot *s, const struct view *v,
		      int w)
{
	static const char *const pleasant[] = { "workload", "gputime" };
	static const char *const dispensable[] = { "user", "gpu", "memory", "use" };

	if (v->n_devices <= 1)
		drop(l, m, "gpu");
	if (!is_known_of_any(v, "workload", &l->scratch))
		drop(l, m, "workload");
	for (size_t k = 0; k < N_OF(pleasant) && total_width(l) + REST_COMFORT - REST_MIN_WIDTH > w; k++)
		drop(l, m, pleasant[k]);
	drop_engines(l, m, s, v, w);
	for (size_t k = 0; k < N_OF(dispensable) && total_width(l) > w; k++)
		drop(l, m, dispensable[k]);
}

static void insert_column(struct list *l, size_t at, const struct column *c)
{
	if (l->n_columns == MODEL_MAX_COLUMNS)
		return;
	memmove(&l->columns[at + 1], &l->columns[at], (l->n_columns - at) * sizeof(l->columns[0]));
	l->columns[at] = *c;
	l->n_columns++;
}

/* What rows are grouped by is said first, and what they are sorted by before the last column, if not anyway. */
static void add_what_is_asked_for(struct list *l, const struct model *m)
{
	const struct column *sort = &m->view.sort;
	size_t i = 0;

	if (m->view.group && !m->view.tree && find_column(l, m->view.group->key) == l->n_columns)
		insert_column(l, 0, &(struct column){ .field = m->view.group });
	while (i < l->n_columns && !is_sorted_by(&l->columns[i], m))
		i++;
	if (i > 0 && i == l->n_columns && sort->field && (sort->of[0] || sort->field->scope == FIELD_OF_CLIENT))
		insert_column(l, i - 1, sort);
}

void list_fit(struct list *l, const struct model *m, const struct snapshot *s, const struct view *v, int w)
{
	int left, rest = 0;

	l->n_columns = view_columns(v, m->columns, m->n_columns, l->columns, MODEL_MAX_COLUMNS);
	l->bytes_width = format_bytes_width(m->units);
	l->gpu_width = m->default_columns ? short_gpu_width(v) : 0;
	if (m->default_columns)
		add_what_is_asked_for(l, m);
	buf_reset(&l->scratch);
	if (m->default_columns && m->left == 0)
		make_room(l, m, s, v, w);
	for (size_t i = 0; i < m->left && l->n_columns > 1; i++)
		remove_column(l, 0);

	l->tree_column = find_column(l, "cmdline");
	if (l->tree_column == l->n_columns)
		l->tree_column = find_column(l, "comm");

	left = w - total_width(l);
	for (size_t i = 0; i < l->n_columns; i++)
		rest += column_width(l, &l->columns[i]) == 0;
	left = left > 0 && rest > 0 ? left / rest : 0;
	for (size_t i = 0; i < l->n_columns; i++) {
		l->widths[i] = column_width(l, &l->columns[i]);
		if (l->widths[i] == 0)
			l->widths[i] = REST_MIN_WIDTH + left;
	}
}

/*
 * The title of column @i, and if rows are sorted by it, which way: before a number, behind a text, a blank between
 * where there is one. Returns where it ends.
 */
static int draw_title(const struct list *l, size_t i, const struct model *m, struct screen *s, int x, int y)
{
	static const char *const ways[2][2] = { { "^", "v" }, { "▲", "▼" } };
	const struct column *c = &l->columns[i];
	struct str title = str_of(c->of[0] ? c->of : c->field->title);
	bool is_number = c->field->type != FIELD_TEXT;
	int width = screen_width(s, title), w = l->widths[i], blank = w - width > 1, way;

	width = width < w ? width : w;
	way = is_number ? w - width - 1 - blank : width + blank;
	if (x + way < 0)
		way = w;
	screen_put(s, is_number ? x + w - width : x, y, width,
		   is_sorted_by(c, m) ? STYLE_HEADING_SORT : STYLE_HEADING, title);
	if (is_sorted_by(c, m))
		screen_put(s, x + way, y, 1, STYLE_HEADING_SORT, str_of(ways[s->utf8][is_number != m->view.reverse]));
	return x + (is_number ? w : width + 2);
}

/* Which rows these are, where not all of them have room, and there is room to say so beyond the last title. */
static void draw_place(const struct model *m, const struct view *v, struct screen *s, int x, int y, size_t rows)
{
	char text[64];
	int w = snprintf(text, sizeof(text), "  %zu-%zu of %zu", m->top + 1, m->top + rows, v->n_rows);

	if (rows > 0 && rows < v->n_rows && x + w <= s->w)
		screen_put(s, s->w - w, y, w, STYLE_HEADING, str_of(text));
}

static void draw_heading(const struct list *l, const struct model *m, const struct view *v, struct screen *s, int y,
			 size_t rows)
{
	int x = 0;

	screen_style(s, 0, y, s->w, STYLE_HEADING);
	for (size_t i = 0; i < l->n_columns; x += l->widths[i++] + 1) {
		int end = draw_title(l, i, m, s, x, y);

		if (i + 1 == l->n_columns)
			draw_place(m, v, s, end, y, rows);
		/* with the blank before it, where the way may be */
		screen_mark(s, x - 1, y, l->widths[i] + 2, SPOT_COLUMN, (unsigned int)i);
	}
}

/* What was added to @scratch since it was @from long; absent if that is nothing. */
static struct str made(const struct buf *scratch, size_t from)
{
	struct str text = { .ptr = NULL };

	if (!scratch->err && scratch->len > from)
		text = (struct str){ scratch->ptr + from, scratch->len - from };
	return text;
}

/* The names of the processes in a row, each once: "3 clients: mpv, firefox". */
static struct str names_of_row(const struct view_row *r, struct buf *scratch)
{
	const char *names[SUMMARY_MAX_NAMES];
	size_t from = scratch->len, n = 0, known;

	buf_printf(scratch, "%zu clients:", r->n);
	for (size_t i = 0; i < r->n && n < SUMMARY_MAX_NAMES; i++) {
		const char *name = r->clients[i]->process->comm;

		for (known = 0; known < n && strcmp(names[known], name) != 0; known++)
			;
		if (known < n || !*name)
			continue;
		names[n++] = name;
		buf_printf(scratch, "%s %s", n > 1 ? "," : "", name);
	}
	return made(scratch, from);
}

/*
 * What a row is called that has no command line of its own. A process without one (a kernel thread, one that
 * is ending) goes by its name, as in ps(1).
 */
static struct str name_of_row(const struct view_row *r, struct buf *scratch)
{
	const char *comm = r->clients[0]->process->comm;
	size_t from = scratch->len;

	if (r->n > 1)
		return names_of_row(r, scratch);
	if (*comm)
		buf_printf(scratch, "[%s]", comm);
	return made(scratch, from);
}

/* Lines of the tree from the row above to @r, no wider than half of @w. Returns the cells they took. */
static int draw_branch(const struct view_row *r, struct screen *s, int x, int y, int w)
{
	static const char *const parts[2][4] = {
		{ "  ", "| ", "`- ", "|- " }, { "  ", "│ ", "└─ ", "├─ " },
	};
	unsigned int shown = (unsigned int)w / 4, from = r->depth > shown ? r->depth - shown : 0;
	int at = 0;

	for (unsigned int d = from; d < r->depth; d++) {
		bool has_more = d < VIEW_MAX_LINES && r->lines & 1ull << d;

		at += screen_put(s, x + at, y, w - at, STYLE_DIM,
				 str_of(parts[s->utf8][(d + 1 == r->depth ? 2 : 0) + has_more]));
	}
	return at;
}

/*
 * A command: its directory is dim, and left out where the whole has no room, so that a narrow screen says
 * which program it is.
 */
static void draw_command(struct str text, struct screen *s, int x, int y, int w, enum style style)
{
	size_t word = 0, directory = 0;

	for (; text.len && text.ptr[0] == '/' && word < text.len && text.ptr[word] != ' '; word++)
		if (text.ptr[word] == '/')
			directory = word + 1;
	if (directory && directory < word && text.len <= (size_t)w) {
		int taken = screen_put(s, x, y, w, style == STYLE_NORMAL ? STYLE_DIM : style,
				       (struct str){ text.ptr, directory });

		x += taken;
		w -= taken;
	}
	if (directory < word)
		text = (struct str){ text.ptr + directory, text.len - directory };
	screen_put(s, x, y, w, style, text);
}

static void draw_cell(struct list *l, size_t i, const struct view_row *r, struct screen *s, int x, int y,
		      enum style style)
{
	struct value v = column_get_group(&l->columns[i], r->clients, r->n, &l->scratch);
	char scratch[FORMAT_SIZE];
	int w = l->widths[i], width;
	struct str text;

	if (is_key(&l->columns[i], "cmdline") && !v.text.ptr)
		v.text = name_of_row(r, &l->scratch);
	text = format_value(&v, s->units, scratch);
	if (l->gpu_width && is_key(&l->columns[i], "gpu"))
		text = short_gpu(text);
	if (v.type == FIELD_TEXT) {
		if (i == l->tree_column) {
			int branch = draw_branch(r, s, x, y, w);

			x += branch;
			w -= branch;
		}
		if (is_key(&l->columns[i], "cmdline"))
			draw_command(text, s, x, y, w, style);
		else
			screen_put(s, x, y, w, style, text);
		return;
	}
	width = (int)text.len;
	screen_put(s, width < w ? x + w - width : x, y, w, style, text);
	if (v.type == FIELD_RATIO && v.ratio > 0 && style != STYLE_SELECTED)
		screen_style(s, x, y, (int)ceil((v.ratio < 1 ? v.ratio : 1) * w), STYLE_METER);
}

void list_draw(struct list *l, const struct model *m, const struct view *v, struct screen *s, int y,
	       size_t rows)
{
	draw_heading(l, m, v, s, y, rows);
	for (size_t r = 0; r < rows && m->top + r < v->n_rows; r++) {
		const struct view_row *of = &v->rows[m->top + r];
		enum style style = view_row_is_idle(of) ? STYLE_DIM : STYLE_NORMAL;
		int row = y + 1 + (int)r, x = 0;

		buf_reset(&l->scratch);
		if (m->cursor == (ssize_t)(m->top + r)) {
			style = STYLE_SELECTED;
			screen_style(s, 0, row, s->w, style);
		}
		for (size_t i = 0; i < l->n_columns; x += l->widths[i++] + 1)
			draw_cell(l, i, of, s, x, row, style);
		screen_mark(s, 0, row, s->w, SPOT_ROW, (unsigned int)(m->top + r));
	}
}
