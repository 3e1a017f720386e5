// What the XML side needs of libxml2.
#pragma once
#include <stdint.h>

// The code point of HTML 4's character entity `name` (without & and ;), or 0 if there is none of that name.
uint32_t markup_entity(const char *name);
