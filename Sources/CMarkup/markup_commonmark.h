// CommonMark to HTML, by libcmark.
#pragma once
#include <stddef.h>
#include <stdint.h>

// Converts `count` bytes of CommonMark in UTF-8 to HTML of `*html_count` bytes. Raw HTML stays in the result, because
// only its text is read. Free the result with tidings_commonmark_free.
char *tidings_commonmark_html(const uint8_t *markdown, size_t count, size_t *html_count);
void tidings_commonmark_free(char *html);
