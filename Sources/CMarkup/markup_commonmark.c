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

tidings_commonmark_block *tidings_commonmark_paragraphs(const char *markdown, size_t length, size_t *count) {
    *count = 0;
    cmark_node *document = cmark_parse_document(markdown, length, CMARK_OPT_DEFAULT);
    cmark_iter *walk = document ? cmark_iter_new(document) : NULL;
    tidings_commonmark_block *blocks = NULL;
    size_t room = 0;
    while (walk && cmark_iter_next(walk) != CMARK_EVENT_DONE) {
        cmark_node *node = cmark_iter_get_node(walk);
        cmark_node_type type = cmark_node_get_type(node);
        if (cmark_iter_get_event_type(walk) != CMARK_EVENT_ENTER) continue;
        if (type != CMARK_NODE_PARAGRAPH && type != CMARK_NODE_HEADING) continue;
        int first = cmark_node_get_start_line(node), last = cmark_node_get_end_line(node);
        int column = cmark_node_get_start_column(node);
        if (first < 1 || last <= first || column < 1) continue;
        if (*count == room) {
            room = room ? 2 * room : 64;
            tidings_commonmark_block *larger = realloc(blocks, room * sizeof *blocks);
            if (!larger) break;
            blocks = larger;
        }
        blocks[(*count)++] = (tidings_commonmark_block){
            .first_line = (uint32_t)first, .last_line = (uint32_t)last, .column = (uint32_t)column,
            .is_heading = type == CMARK_NODE_HEADING};
    }
    if (walk) cmark_iter_free(walk);
    if (document) cmark_node_free(document);
    return blocks;
}
