// CommonMark to HTML, by libcmark.
#pragma once
#include <stddef.h>
#include <stdint.h>

// Converts `count` bytes of CommonMark in UTF-8 to HTML of `*html_count` bytes. Raw HTML stays in the result, because
// only its text is read. Free the result with tidings_commonmark_free.
char *tidings_commonmark_html(const uint8_t *markdown, size_t count, size_t *html_count);
void tidings_commonmark_free(char *html);

// A paragraph, or a heading that is underlined, of at least two lines.
typedef struct {
    uint32_t first_line, last_line;  // from 1
    uint32_t column;                 // of its text on the first line, in bytes from 1
    uint8_t is_heading;
} tidings_commonmark_block;

// The paragraphs and underlined headings of at least two lines, in document order. Free the result with free().
tidings_commonmark_block *tidings_commonmark_paragraphs(const char *markdown, size_t length, size_t *count);
