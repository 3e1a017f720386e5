#include "markup_commonmark.h"

#include <cmark.h>
#include <stdlib.h>
#include <string.h>

char *tidings_commonmark_html(const uint8_t *markdown, size_t count, size_t *html_count) {
    char *html = cmark_markdown_to_html((const char *)markdown, count, CMARK_OPT_UNSAFE);
    *html_count = html ? strlen(html) : 0;
    return html;
}

// "It is the caller's responsibility to free the returned buffer" (cmark.h). cmark allocates it with malloc.
void tidings_commonmark_free(char *html) { free(html); }
