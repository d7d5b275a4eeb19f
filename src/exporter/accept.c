/* SPDX-License-Identifier: MIT */
#include "accept.h"

#include <string.h>
#include <strings.h>

#include "../fdinfo/types.h"

static struct str trim(struct str s)
{
	while (s.len && (*s.ptr == ' ' || *s.ptr == '\t')) {
		s.ptr++;
		s.len--;
	}
	while (s.len && (s.ptr[s.len - 1] == ' ' || s.ptr[s.len - 1] == '\t'))
		s.len--;
	return s;
}

/* Takes what comes before @separator off @rest. */
static struct str take(struct str *rest, char separator)
{
	const char *end = rest->len ? memchr(rest->ptr, separator, rest->len) : NULL;
	struct str part = { rest->ptr, end ? (size_t)(end - rest->ptr) : rest->len };
	size_t used = part.len + (end ? 1 : 0);

	rest->ptr += used;
	rest->len -= used;
	return trim(part);
}

static bool is(struct str s, const char *word)
{
	return s.len == strlen(word) && strncasecmp(s.ptr, word, s.len) == 0;
}

/* "0.75" in thousandths; 1000 where it is no weight. */
static unsigned int weight(struct str s)
{
	unsigned int q, digit = 100;

	if (!s.len || (*s.ptr != '0' && *s.ptr != '1'))
		return 1000;
	q = *s.ptr == '1' ? 1000 : 0;
	for (size_t i = 2; i < s.len && i < 5 && s.ptr[1] == '.'; i++, digit /= 10)
		if (s.ptr[i] >= '0' && s.ptr[i] <= '9')
			q += (unsigned int)(s.ptr[i] - '0') * digit;
	return q > 1000 ? 1000 : q;
}

bool accept_openmetrics(const char *accept)
{
	struct str rest = str_of(accept);
	unsigned int openmetrics = 0, text = 0;

	while (rest.len) {
		struct str range = take(&rest, ',');
		struct str media = take(&range, ';');
		bool is_ours = true;
		unsigned int q = 1000;

		while (range.len) {
			struct str parameter = take(&range, ';');
			struct str name = take(&parameter, '=');

			if (is(name, "q"))
				q = weight(parameter);
			else if (is(name, "version"))
				is_ours = is(parameter, "1.0.0") || is(parameter, "\"1.0.0\"");
		}
		if (is(media, "application/openmetrics-text") && is_ours && q > openmetrics)
			openmetrics = q;
		else if ((is(media, "text/plain") || is(media, "text/*") || is(media, "*/*")) && q > text)
			text = q;
	}
	return openmetrics > 0 && openmetrics >= text;
}
