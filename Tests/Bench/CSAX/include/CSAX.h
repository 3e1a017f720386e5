// The limit of parsing: libxml2's SAX interface with handlers that count and do nothing else. In C, because libxml2's headers
// and Foundation's both bring ICU's, which Swift cannot import into one module.
#pragma once
#include <stddef.h>

// Parses one document. Returns how many elements and pieces of text it has, or -1 if it is not well-formed.
long sax_count(const char *bytes, size_t size);
