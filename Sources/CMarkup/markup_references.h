// HTML's named character references.
#pragma once
#include <stddef.h>
#include <stdint.h>

// What the longest name that `text` starts with stands for (WHATWG HTML §13.5); `text` begins after the `&`, and a
// name ends at its `;` or, for the names that HTML had before it asked for one, without it. Gives how many bytes the
// name takes, its `;` included, and one or two code points (the second 0 where there is one); or 0 for no name.
size_t tidings_reference(const uint8_t *text, size_t count, uint32_t *first, uint32_t *second);
