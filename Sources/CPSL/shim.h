// The Public Suffix List, as libcurl uses it for cookies.
#pragma once
#include <libpsl.h>
