#include "CBenchXML.h"

#include <libxml/HTMLparser.h>
#include <libxml/parser.h>
#include <limits.h>

static void start(void *count, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri, int namespaces,
                  const xmlChar **declared, int attributes, int defaulted, const xmlChar **values) {
    (void)name, (void)prefix, (void)uri, (void)namespaces, (void)declared, (void)attributes, (void)defaulted, (void)values;
    ++*(long *)count;
}

static void text(void *count, const xmlChar *bytes, int size) {
    (void)bytes, (void)size;
    ++*(long *)count;
}

long bench_sax_count(const char *bytes, size_t size) {
    if (size > INT_MAX) return -1;
    xmlSAXHandler handler = {.initialized = XML_SAX2_MAGIC, .startElementNs = start, .characters = text, .cdataBlock = text};
    long count = 0;
    return xmlSAXUserParseMemory(&handler, &count, bytes, (int)size) == 0 ? count : -1;
}

static const int repairing = HTML_PARSE_RECOVER | HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING | HTML_PARSE_NONET;

static void start_html(void *count, const xmlChar *name, const xmlChar **attributes) {
    (void)name, (void)attributes;
    ++*(long *)count;
}

long bench_html_sax_count(const char *bytes, size_t size) {
    if (size > INT_MAX) return -1;
    htmlParserCtxtPtr parser = htmlNewParserCtxt();
    if (!parser) return -1;
    *parser->sax = (htmlSAXHandler){
        .startElement = start_html, .characters = text, .ignorableWhitespace = text, .cdataBlock = text};
    long count = 0;
    parser->userData = &count;
    htmlCtxtReadMemory(parser, bytes, (int)size, NULL, NULL, repairing);
    if (parser->myDoc) xmlFreeDoc(parser->myDoc);
    htmlFreeParserCtxt(parser);
    return count;
}

int bench_html_tree(const char *bytes, size_t size) {
    if (size > INT_MAX) return 0;
    htmlDocPtr document = htmlReadMemory(bytes, (int)size, NULL, NULL, repairing);
    if (!document) return 0;
    xmlFreeDoc(document);
    return 1;
}

uint32_t bench_entity(const char *name) {
    const htmlEntityDesc *entity = htmlEntityLookup((const xmlChar *)name);
    return entity ? entity->value : 0;
}
