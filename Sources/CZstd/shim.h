// Compression of texts and of the bodies of pages.
#pragma once
#include <zstd.h>
