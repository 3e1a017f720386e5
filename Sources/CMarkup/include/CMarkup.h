// Umbrella header of the C target over libxml2 and cmark.
#pragma once
#include "../markup_commonmark.h"
#include "../markup_html.h"
#include "../markup_references.h"
