// libxml2's HTML parser delivers SAX events and builds no tree: the flat list is the only copy that is made.
#include "markup_html.h"

#include <libxml/HTMLparser.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

// Sorted alphabetically for the binary search, which is also the order of the enumeration from TIDINGS_HTML_A on.
static const char *const names[] = {
    "a", "abbr", "acronym", "address", "annotation", "annotation-xml", "article", "aside", "audio", "b", "bdi", "bdo",
    "big", "blockquote", "body", "br", "button", "canvas", "caption", "center", "cite", "code", "col", "colgroup",
    "data", "datalist", "dd", "del", "details", "dfn", "dialog", "dir", "div", "dl", "dt", "em", "fieldset",
    "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "head", "header", "hgroup", "hr",
    "html", "i", "iframe", "img", "ins", "kbd", "li", "link", "main", "mark", "math", "menu", "meta", "mfrac",
    "mover", "mphantom", "mroot", "msqrt", "msub", "msubsup", "msup", "mtd", "mtr", "munder", "munderover", "nav",
    "noframes", "noscript", "object", "ol", "option", "p", "picture", "pre", "q", "relative-time", "rp", "rt", "ruby",
    "s", "samp", "script", "section", "select", "semantics", "small", "source", "span", "strike", "strong", "style",
    "sub", "summary", "sup", "svg", "table", "tbody", "td", "template", "textarea", "tfoot", "th", "thead", "time",
    "time-ago", "title", "tr", "track", "tt", "u", "ul", "var", "video", "wbr",
};
_Static_assert(
    sizeof names / sizeof *names == TIDINGS_HTML_WBR - TIDINGS_HTML_A + 1, "a tag has a name, a name has a tag");

typedef struct {
    tidings_html *list;
    htmlParserCtxtPtr parser;
    uint32_t node_room, attribute_room, byte_room;
    uint32_t open[TIDINGS_HTML_DEPTH];  // indices of the open elements
    uint32_t depth;                     // how many are open, also past the end of `open`
    int failed;
} reading;

static tidings_html_tag tag_named(const char *name) {
    size_t low = 0, high = sizeof names / sizeof *names;
    while (low < high) {
        size_t middle = (low + high) / 2;
        int order = strcmp(name, names[middle]);
        if (order == 0) return (tidings_html_tag)(TIDINGS_HTML_A + middle);
        if (order < 0) high = middle;
        else low = middle + 1;
    }
    return TIDINGS_HTML_OTHER;
}

const char *tidings_html_name(tidings_html_tag tag) {
    return tag >= TIDINGS_HTML_A && tag <= TIDINGS_HTML_WBR ? names[tag - TIDINGS_HTML_A] : "";
}

static void stop(reading *state, int failed) {
    state->list->truncated = 1;
    state->failed |= failed;
    xmlStopParser(state->parser);
}

// Makes room for `more` elements after `count`. Stops the parser and returns 0 if `limit` or the memory does not allow
// it.
static int grow(
    reading *state, void **start, uint32_t *room, uint32_t count, size_t more, uint32_t limit, size_t size) {
    size_t needed = (size_t)count + more;
    if (needed <= *room) return 1;
    if (needed > limit) return stop(state, 0), 0;
    size_t wanted = *room ? (size_t)*room * 2 : 256;
    if (wanted < needed) wanted = needed;
    if (wanted > limit) wanted = limit;
    void *larger = realloc(*start, wanted * size);
    if (!larger) return stop(state, 1), 0;
    *start = larger;
    *room = (uint32_t)wanted;
    return 1;
}

static int put_bytes(reading *state, const xmlChar *bytes, size_t count, uint32_t *offset) {
    tidings_html *list = state->list;
    if (!grow(state, (void **)&list->bytes, &state->byte_room, list->byte_count, count, 4 * TIDINGS_HTML_BYTES, 1))
        return 0;
    *offset = list->byte_count;
    if (count) memcpy(list->bytes + list->byte_count, bytes, count);
    list->byte_count += (uint32_t)count;
    return 1;
}

static tidings_html_node *put_node(reading *state, tidings_html_tag tag) {
    tidings_html *list = state->list;
    if (!grow(state, (void **)&list->nodes, &state->node_room, list->node_count, 1, TIDINGS_HTML_NODES,
              sizeof *list->nodes))
        return NULL;
    uint32_t level = state->depth < TIDINGS_HTML_DEPTH ? state->depth : TIDINGS_HTML_DEPTH;
    tidings_html_node *node = &list->nodes[list->node_count];
    *node = (tidings_html_node){.tag = tag, .parent = level ? state->open[level - 1] : 0, .end = list->node_count + 1};
    list->node_count++;
    return node;
}

static void start_element(void *context, const xmlChar *name, const xmlChar **pairs) {
    reading *state = context;
    tidings_html *list = state->list;
    if (state->depth >= TIDINGS_HTML_OPEN) return stop(state, 0);
    tidings_html_node *node = put_node(state, tag_named((const char *)name));
    if (!node) return;
    uint32_t index = list->node_count - 1;
    node->first = list->attribute_count;
    for (; pairs && pairs[0]; pairs += 2) {
        if (!grow(state, (void **)&list->attributes, &state->attribute_room, list->attribute_count, 1,
                  TIDINGS_HTML_NODES, sizeof *list->attributes))
            return;
        // <p hidden> arrives with no value at all.
        const xmlChar *value = pairs[1] ? pairs[1] : (const xmlChar *)"";
        tidings_html_attribute *attribute = &list->attributes[list->attribute_count];
        attribute->name_count = (uint32_t)xmlStrlen(pairs[0]);
        attribute->value_count = (uint32_t)xmlStrlen(value);
        if (!put_bytes(state, pairs[0], attribute->name_count, &attribute->name)) return;
        if (!put_bytes(state, value, attribute->value_count, &attribute->value)) return;
        list->attribute_count++;
        list->nodes[index].count++;
    }
    if (state->depth < TIDINGS_HTML_DEPTH) state->open[state->depth] = index;
    state->depth++;
}

static void end_element(void *context, const xmlChar *name) {
    (void)name;  // Elements end in reverse order of their start; libxml2 also ends those whose end tag is missing.
    reading *state = context;
    if (state->depth == 0) return;
    state->depth--;
    if (state->depth < TIDINGS_HTML_DEPTH) state->list->nodes[state->open[state->depth]].end = state->list->node_count;
}

static void characters(void *context, const xmlChar *text, int count) {
    reading *state = context;
    tidings_html *list = state->list;
    // The parser delivers long text in pieces and each reference separately. Consecutive pieces are one run.
    tidings_html_node *last = list->node_count ? &list->nodes[list->node_count - 1] : NULL;
    int joins = last && last->tag == TIDINGS_HTML_TEXT && last->first + last->count == list->byte_count;
    uint32_t level = state->depth < TIDINGS_HTML_DEPTH ? state->depth : TIDINGS_HTML_DEPTH;
    joins = joins && level && last->parent == state->open[level - 1];
    if (!joins && !(last = put_node(state, TIDINGS_HTML_TEXT))) return;
    uint32_t index = (uint32_t)(last - list->nodes), offset;
    if (!put_bytes(state, text, (size_t)count, &offset)) return;
    if (!joins) list->nodes[index].first = offset;
    list->nodes[index].count += (uint32_t)count;
}

int tidings_html_read(const uint8_t *html, size_t count, tidings_html *list) {
    *list = (tidings_html){0};
    if (count > TIDINGS_HTML_BYTES) return -1;
    // Several threads read texts; the first one initialises libxml2's global tables.
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, xmlInitParser);
    htmlParserCtxtPtr parser = htmlNewParserCtxt();
    if (!parser) return -1;
    reading state = {.list = list, .parser = parser};
    *parser->sax = (htmlSAXHandler){
        .startElement = start_element,
        .endElement = end_element,
        .characters = characters,
        .ignorableWhitespace = characters,
        .cdataBlock = characters,
    };
    parser->userData = &state;
    // The bytes are UTF-8. Naming the encoding here overrides what a <meta> in them says.
    htmlCtxtReadMemory(
        parser, (const char *)html, (int)count, NULL, "UTF-8",
        HTML_PARSE_RECOVER | HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING | HTML_PARSE_NONET | HTML_PARSE_IGNORE_ENC);
    if (parser->myDoc) xmlFreeDoc(parser->myDoc);
    htmlFreeParserCtxt(parser);
    // Elements that were still open when the parser stopped extend to the end.
    for (uint32_t level = 0; level < state.depth && level < TIDINGS_HTML_DEPTH; level++)
        list->nodes[state.open[level]].end = list->node_count;
    if (!state.failed) return 0;
    tidings_html_free(list);
    return -1;
}

void tidings_html_free(tidings_html *list) {
    free(list->nodes);
    free(list->attributes);
    free(list->bytes);
    *list = (tidings_html){0};
}
