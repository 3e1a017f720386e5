// What Swift cannot call of libcurl: its variadic functions. One function per argument type.
#pragma once
#include <curl/curl.h>

static inline CURLcode tidings_setopt_long(CURL *handle, CURLoption option, long value) {
    return curl_easy_setopt(handle, option, value);
}
