// SPDX-License-Identifier: GPL-2.0
#include "xml.h"

void xml_put(FILE *file, const char *text)
{
	for (; *text; text++)
		switch (*text) {
		case '<': fputs("&lt;", file); break;
		case '>': fputs("&gt;", file); break;
		case '&': fputs("&amp;", file); break;
		case '"': fputs("&quot;", file); break;
		default: fputc((unsigned char)*text < ' ' && *text != '\n' ? '?' : *text, file);
		}
}
