// Compression of the bodies of pages.
#pragma once
#include <zstd.h>
