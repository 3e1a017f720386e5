#include "markup_xml.h"

#include <libxml/HTMLparser.h>

uint32_t markup_entity(const char *name) {
    const htmlEntityDesc *entity = htmlEntityLookup((const xmlChar *)name);
    return entity ? entity->value : 0;
}
