// What the bench needs of libxml2. In C, because libxml2's headers and Foundation's both bring ICU's, which Swift cannot import
// into one module; and not from CMarkup, because a measure must not change with what it measures.
#pragma once
#include <stddef.h>
#include <stdint.h>

// The limit of parsing: parses one document by the SAX interface with handlers that count and do nothing else. Returns how many
// elements and pieces of text it has, or -1 if it is not well-formed.
long bench_sax_count(const char *bytes, size_t size);

// The same with the HTML parser, which repairs what is no HTML: -1 only if there is no memory.
long bench_html_sax_count(const char *bytes, size_t size);

// Builds the HTML parser's tree of one document and frees it. Returns whether there was one.
int bench_html_tree(const char *bytes, size_t size);

// The code point of HTML 4's character entity `name` (without & and ;), or 0 if there is none of that name.
uint32_t bench_entity(const char *name);
