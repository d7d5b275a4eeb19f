/* SPDX-License-Identifier: MIT */
#include "svg.h"

#include "../report/text.h"

/* Told apart by the colour-blind too (Okabe and Ito). */
static const char *const colours[] = {
	"#0072b2", "#e69f00", "#009e73", "#d55e00", "#cc79a7", "#56b4e9", "#000000",
};

void svg_begin(struct buf *out, int w, int h)
{
	buf_printf(out, "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" "
		   "font-family=\"sans-serif\" font-size=\"12\">\n<style>.grid{stroke:#ddd}</style>\n"
		   "<rect width=\"%d\" height=\"%d\" fill=\"#fff\"/>\n", w, h, w, h);
}

void svg_end(struct buf *out)
{
	buf_printf(out, "</svg>\n");
}

/* XML has no control characters, not even escaped ones, and not all others. */
static bool is_char(uint32_t c)
{
	return c >= 0x20 && (c < 0x7f || c >= 0xa0) && c != 0xfffe && c != 0xffff;
}

void svg_add_text(struct buf *out, struct str text)
{
	while (text.len > 0) {
		uint32_t c;
		size_t len = text_decode(text, &c);

		if (c == '&' || c == '<')
			buf_printf(out, "&#%u;", (unsigned int)c);
		else if (!is_char(c) || (len == 1 && c >= 0x80))
			buf_printf(out, "\xef\xbf\xbd");
		else
			buf_add(out, text.ptr, len);
		text = (struct str){ text.ptr + len, text.len - len };
	}
}

const char *svg_colour(size_t i)
{
	return colours[i % N_OF(colours)];
}

const char *svg_dash(size_t i)
{
	return i / N_OF(colours) % 2 ? " stroke-dasharray=\"5 3\"" : "";
}
