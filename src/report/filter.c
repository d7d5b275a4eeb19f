/* SPDX-License-Identifier: MIT */
#include "filter.h"

#include <errno.h>
#include <math.h>

#include "text.h"

enum token { TOKEN_END, TOKEN_WORD, TOKEN_OPERATOR, TOKEN_OPEN, TOKEN_CLOSE, TOKEN_AND, TOKEN_OR, TOKEN_NOT };

struct parser {
	struct filter filter;
	struct filter_error error;	/* expected NULL: none */
	size_t at, next;		/* where the token begins, and the one after it */
	enum token token;
	struct str word;		/* TOKEN_WORD, without its quotes */
	enum filter_operator op;	/* TOKEN_OPERATOR */
};

static const struct { const char *text; enum filter_operator op; } operators[] = {
	{ "!=", FILTER_NE }, { "<=", FILTER_LE }, { ">=", FILTER_GE }, { "=", FILTER_EQ }, { "<", FILTER_LT },
	{ ">", FILTER_GT }, { "~", FILTER_CONTAINS },
};

static const struct { const char *text; enum token token; } keywords[] = {
	{ "and", TOKEN_AND }, { "or", TOKEN_OR }, { "not", TOKEN_NOT },
};

/* Without a unit a number has the one the screen shows: percent, bytes, seconds. */
static const struct { const char *name; enum field_type type; uint64_t factor; } units[] = {
	{ "%", FIELD_RATIO, 1 }, { "", FIELD_RATIO, 1 },
	{ "", FIELD_COUNT, 1 },
	{ "", FIELD_BYTES, 1 }, { "B", FIELD_BYTES, 1 },
	{ "K", FIELD_BYTES, 1 << 10 }, { "KiB", FIELD_BYTES, 1 << 10 },
	{ "M", FIELD_BYTES, 1 << 20 }, { "MiB", FIELD_BYTES, 1 << 20 },
	{ "G", FIELD_BYTES, 1 << 30 }, { "GiB", FIELD_BYTES, 1 << 30 },
	{ "T", FIELD_BYTES, 1ull << 40 }, { "TiB", FIELD_BYTES, 1ull << 40 },
	{ "", FIELD_NS, NSEC_PER_SEC }, { "s", FIELD_NS, NSEC_PER_SEC }, { "ms", FIELD_NS, NSEC_PER_MSEC },
	{ "us", FIELD_NS, 1000 }, { "ns", FIELD_NS, 1 },
};

static const char *const expected_values[] = {
	[FIELD_TEXT] = "a text", [FIELD_COUNT] = "a number", [FIELD_BYTES] = "a size such as 512M",
	[FIELD_NS] = "a time such as 1.5s", [FIELD_RATIO] = "a percentage such as 10%",
};

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static bool same_word(struct str a, const char *b)
{
	return a.len == strlen(b) && text_contains(a, str_of(b));
}

static int fail(struct parser *p, size_t at, const char *expected)
{
	p->error = (struct filter_error){ at, expected };
	return -EINVAL;
}

/* The length of the operator at @s, 0 if there is none. */
static size_t operator_at(const char *s, enum filter_operator *ret)
{
	for (size_t i = 0; i < N_OF(operators); i++) {
		size_t len = strlen(operators[i].text);

		if (strncmp(s, operators[i].text, len) != 0)
			continue;
		*ret = operators[i].op;
		return len;
	}
	return 0;
}

static int take_word(struct parser *p)
{
	const char *s = p->filter.text + p->at, *end;
	enum filter_operator op;
	size_t len = 0;

	p->token = TOKEN_WORD;
	if (*s == '"' || *s == '\'') {
		end = strchr(s + 1, *s);
		if (!end)
			return fail(p, strlen(p->filter.text), "a closing quote");
		p->word = (struct str){ s + 1, (size_t)(end - s) - 1 };
		p->next = p->at + p->word.len + 2;
		return p->word.len ? 0 : fail(p, p->at + 1, "a text");
	}
	while (s[len] && !is_blank(s[len]) && !strchr("()\"'", s[len]) && !operator_at(s + len, &op))
		len++;
	p->word = (struct str){ s, len };
	p->next = p->at + len;
	for (size_t i = 0; i < N_OF(keywords); i++)
		if (same_word(p->word, keywords[i].text))
			p->token = keywords[i].token;
	return 0;
}

/* Goes on to the next token. */
static int advance(struct parser *p)
{
	const char *s = p->filter.text;
	size_t len;

	while (is_blank(s[p->next]))
		p->next++;
	p->at = p->next;
	len = operator_at(s + p->at, &p->op);
	if (!s[p->at]) {
		p->token = TOKEN_END;
	} else if (len) {
		p->token = TOKEN_OPERATOR;
		p->next += len;
	} else if (s[p->at] == '(' || s[p->at] == ')') {
		p->token = s[p->at] == '(' ? TOKEN_OPEN : TOKEN_CLOSE;
		p->next++;
	} else {
		return take_word(p);
	}
	return 0;
}

/* @ret may be in @node. */
static int add_node(struct parser *p, const struct filter_node *node, size_t *ret)
{
	if (p->filter.n == FILTER_MAX_NODES)
		return fail(p, p->at, "fewer conditions");
	p->filter.nodes[p->filter.n] = *node;
	*ret = p->filter.n++;
	return 0;
}

/* "12", "1.5" at the start of @word into @ret_digits / 10^@ret_decimals; the unit is left of @word. */
static bool take_number(struct str *word, uint64_t *ret_digits, unsigned int *ret_decimals)
{
	uint64_t n = 0;
	unsigned int decimals = 0;
	bool has_point = false, has_digit = false;
	size_t i = 0;

	for (; i < word->len; i++) {
		char c = word->ptr[i];

		if (c == '.' && !has_point) {
			has_point = true;
			continue;
		}
		if (c < '0' || c > '9')
			break;
		if (__builtin_mul_overflow(n, 10u, &n) || __builtin_add_overflow(n, (unsigned int)(c - '0'), &n))
			return false;
		has_digit = true;
		decimals += has_point;
	}
	*word = (struct str){ word->ptr + i, word->len - i };
	*ret_digits = n;
	*ret_decimals = decimals;
	return has_digit;
}

/* @word as a value of @type. False if it is none, or too large. */
static bool parse_value(struct str word, enum field_type type, struct value *ret)
{
	unsigned int decimals;
	uint64_t digits, n;
	double number;
	size_t u = 0;

	if (!take_number(&word, &digits, &decimals))
		return false;
	while (u < N_OF(units) && (units[u].type != type || !same_word(word, units[u].name)))
		u++;
	if (u == N_OF(units))
		return false;
	number = (double)digits / pow(10, decimals);
	if (type == FIELD_RATIO) {
		*ret = (struct value){ .type = type, .ratio = number / 100 };
		return true;
	}
	if (decimals == 0) {
		if (__builtin_mul_overflow(digits, units[u].factor, &n))
			return false;
	} else {
		number *= (double)units[u].factor;
		if (number >= 1e19)
			return false;
		n = (uint64_t)number;
	}
	*ret = (struct value){ .type = type, .n = n };
	return n != UNKNOWN;
}

/* What is compared: @name, which began at @at, with the token. */
static int parse_comparison(struct parser *p, struct str name, size_t at, struct filter_node *node)
{
	const struct field *f;
	bool is_engine, is_region;

	if (column_parse(name, &node->column) == 0) {
		f = node->column.field;
		if (f->type == FIELD_TEXT)
			return 0;
		if (node->op == FILTER_CONTAINS)
			return fail(p, at, "a field with text");
		return parse_value(p->word, f->type, &node->value) ? 0 : fail(p, p->at, expected_values[f->type]);
	}
	/* Which engines and regions there are is not known here; that they have numbers is. */
	is_engine = parse_value(p->word, FIELD_RATIO, &node->value);
	is_region = parse_value(p->word, FIELD_BYTES, &node->of_region);
	if (node->op == FILTER_CONTAINS || (!is_engine && !is_region) || name.len >= sizeof(node->column.of) ||
	    memchr(name.ptr, ':', name.len))
		return fail(p, at, "a field");
	if (!is_engine)
		node->value = (struct value){ .type = FIELD_RATIO, .ratio = (double)NAN };
	if (!is_region)
		node->of_region = (struct value){ .type = FIELD_BYTES, .n = UNKNOWN };
	node->column = (struct column){ 0 };
	memcpy(node->column.of, name.ptr, name.len);
	return 0;
}

static int parse_test(struct parser *p, size_t *ret)
{
	struct filter_node node = { .kind = FILTER_COMMAND };
	struct str name = p->word;
	size_t at = p->at;

	if (advance(p))
		return -EINVAL;
	if (p->token == TOKEN_OPERATOR) {
		node.kind = FILTER_COMPARE;
		node.op = p->op;
		if (advance(p))
			return -EINVAL;
		/* behind an operator "and" is a word like others */
		if (p->token == TOKEN_END || p->token == TOKEN_OPERATOR || p->token == TOKEN_OPEN ||
		    p->token == TOKEN_CLOSE)
			return fail(p, p->at, "a value");
		if (parse_comparison(p, name, at, &node))
			return -EINVAL;
		name = p->word;
		if (advance(p))
			return -EINVAL;
	}
	node.text = (size_t)(name.ptr - p->filter.text);
	node.text_len = name.len;
	return add_node(p, &node, ret);
}

static int parse_or(struct parser *p, size_t *ret);

static int parse_not(struct parser *p, size_t *ret)
{
	struct filter_node node = { .kind = FILTER_NOT };

	switch (p->token) {
	case TOKEN_NOT:
		return advance(p) || parse_not(p, &node.left) ? -EINVAL : add_node(p, &node, ret);
	case TOKEN_OPEN:
		if (advance(p) || parse_or(p, ret))
			return -EINVAL;
		return p->token == TOKEN_CLOSE ? advance(p) : fail(p, p->at, "a closing parenthesis");
	case TOKEN_WORD:
		return parse_test(p, ret);
	default:
		return fail(p, p->at, "a field, a text or a parenthesis");
	}
}

static int parse_and(struct parser *p, size_t *ret)
{
	struct filter_node node = { .kind = FILTER_AND };

	if (parse_not(p, &node.left))
		return -EINVAL;
	while (p->token == TOKEN_AND || p->token == TOKEN_NOT || p->token == TOKEN_WORD || p->token == TOKEN_OPEN) {
		if ((p->token == TOKEN_AND && advance(p)) || parse_not(p, &node.right) ||
		    add_node(p, &node, &node.left))
			return -EINVAL;
	}
	*ret = node.left;
	return 0;
}

static int parse_or(struct parser *p, size_t *ret)
{
	struct filter_node node = { .kind = FILTER_OR };

	if (parse_and(p, &node.left))
		return -EINVAL;
	while (p->token == TOKEN_OR)
		if (advance(p) || parse_and(p, &node.right) || add_node(p, &node, &node.left))
			return -EINVAL;
	*ret = node.left;
	return 0;
}

int filter_parse(const char *text, struct filter *ret, struct filter_error *ret_error)
{
	struct parser p = { .next = 0 };
	size_t len = strlen(text), root;

	if (len >= FILTER_MAX_TEXT) {
		*ret_error = (struct filter_error){ FILTER_MAX_TEXT - 1, "a shorter expression" };
		return -EINVAL;
	}
	memcpy(p.filter.text, text, len);
	if (!advance(&p) && p.token != TOKEN_END && !parse_or(&p, &root) && p.token != TOKEN_END)
		fail(&p, p.at, "\"and\", \"or\" or the end");
	if (p.error.expected) {
		*ret_error = p.error;
		return -EINVAL;
	}
	*ret = p.filter;
	return 0;
}

static bool fits(int order, enum filter_operator op)
{
	switch (op) {
	case FILTER_EQ:
		return order == 0;
	case FILTER_NE:
		return order != 0;
	case FILTER_LT:
		return order < 0;
	case FILTER_LE:
		return order <= 0;
	case FILTER_GT:
		return order > 0;
	case FILTER_GE:
		return order >= 0;
	case FILTER_CONTAINS:
		break;
	}
	return false;
}

static bool compare(const struct filter *f, const struct filter_node *node, const struct snapshot_client *c,
		    struct buf *scratch)
{
	struct column column = node->column;
	struct value with = node->value, v;

	if (!column.field) {
		column.field = field_find(str_of("busy"));
		v = column_get(&column, c, scratch);
		if (value_is_unknown(&v)) {
			column.field = field_find(str_of("mem"));
			v = column_get(&column, c, scratch);
			with = node->of_region;
		}
	} else {
		v = column_get(&column, c, scratch);
	}
	if (v.type == FIELD_TEXT)
		with = (struct value){ .type = FIELD_TEXT, .text = { f->text + node->text, node->text_len } };
	if (value_is_unknown(&v) || value_is_unknown(&with))
		return false;
	if (node->op == FILTER_CONTAINS)
		return text_contains(v.text, with.text);
	return fits(value_compare(&v, &with), node->op);
}

static bool node_matches(const struct filter *f, size_t at, const struct snapshot_client *c, struct buf *scratch)
{
	const struct filter_node *node = &f->nodes[at];
	struct str text = { f->text + node->text, node->text_len };

	switch (node->kind) {
	case FILTER_AND:
		return node_matches(f, node->left, c, scratch) && node_matches(f, node->right, c, scratch);
	case FILTER_OR:
		return node_matches(f, node->left, c, scratch) || node_matches(f, node->right, c, scratch);
	case FILTER_NOT:
		return !node_matches(f, node->left, c, scratch);
	case FILTER_COMMAND:
		return text_contains(str_of(c->process->cmdline), text) ||
		       text_contains(str_of(c->process->comm), text);
	case FILTER_COMPARE:
		break;
	}
	return compare(f, node, c, scratch);
}

bool filter_matches(const struct filter *f, const struct snapshot_client *c, struct buf *scratch)
{
	return f->n == 0 || node_matches(f, f->n - 1, c, scratch);
}
