// HTML's named character references.
#pragma once
#include <stddef.h>
#include <stdint.h>

// Finds the longest named reference (WHATWG HTML §13.5) that starts at `text`, which begins after the `&`. A name ends
// with `;`, which is optional for the names that HTML had before it required one. Returns the length of the name in
// bytes, its `;` included, and its one or two code points (`*second` is 0 if there is one); or 0 if there is no name.
size_t tidings_reference(const uint8_t *text, size_t count, uint32_t *first, uint32_t *second);
