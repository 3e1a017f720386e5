// CommonMark to HTML, by libcmark.
#pragma once
#include <stddef.h>
#include <stdint.h>

// The HTML of `count` bytes of CommonMark in UTF-8; raw HTML in it is passed on, for only text is taken from the
// result. `*html_count` is its length. Free it with tidings_commonmark_free.
char *tidings_commonmark_html(const uint8_t *markdown, size_t count, size_t *html_count);
void tidings_commonmark_free(char *html);
