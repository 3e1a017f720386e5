// Umbrella of the C target over libxml2 and cmark.
#pragma once
#include "../markup_xml.h"
