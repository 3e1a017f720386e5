// What Swift cannot call of libcurl: its variadic functions. One function per argument type.
#pragma once
#include <curl/curl.h>
#include <netinet/in.h>

static inline CURLcode tidings_setopt_long(CURL *handle, CURLoption option, long value) {
    return curl_easy_setopt(handle, option, value);
}

static inline CURLcode tidings_setopt_string(CURL *handle, CURLoption option, const char *value) {
    return curl_easy_setopt(handle, option, value);
}

static inline CURLcode tidings_setopt_pointer(CURL *handle, CURLoption option, void *value) {
    return curl_easy_setopt(handle, option, value);
}

// For CURLOPT_WRITEFUNCTION and CURLOPT_HEADERFUNCTION, which have one shape.
static inline CURLcode tidings_setopt_write(CURL *handle, CURLoption option, curl_write_callback value) {
    return curl_easy_setopt(handle, option, value);
}

static inline CURLcode tidings_setopt_opensocket(CURL *handle, curl_opensocket_callback value) {
    return curl_easy_setopt(handle, CURLOPT_OPENSOCKETFUNCTION, value);
}

static inline CURLcode tidings_getinfo_long(CURL *handle, CURLINFO info, long *value) {
    return curl_easy_getinfo(handle, info, value);
}

static inline CURLcode tidings_getinfo_offset(CURL *handle, CURLINFO info, curl_off_t *value) {
    return curl_easy_getinfo(handle, info, value);
}

// The string belongs to the handle.
static inline CURLcode tidings_getinfo_string(CURL *handle, CURLINFO info, const char **value) {
    return curl_easy_getinfo(handle, info, value);
}

// The list is the caller's to free.
static inline CURLcode tidings_getinfo_list(CURL *handle, CURLINFO info, struct curl_slist **value) {
    return curl_easy_getinfo(handle, info, value);
}

static inline CURLMcode tidings_multi_setopt_long(CURLM *multi, CURLMoption option, long value) {
    return curl_multi_setopt(multi, option, value);
}

// The octets of an address in network order: 4 of an IPv4 address, 16 of an IPv6 address, none (0) of another family.
// curl_sockaddr declares its address as the short `struct sockaddr`, although a longer one is stored there.
static inline int tidings_address_octets(const struct curl_sockaddr *address, const unsigned char **octets) {
    if (address->family == AF_INET) {
        *octets = (const unsigned char *)&((const struct sockaddr_in *)(const void *)&address->addr)->sin_addr;
        return 4;
    }
    if (address->family == AF_INET6) {
        *octets = (const unsigned char *)&((const struct sockaddr_in6 *)(const void *)&address->addr)->sin6_addr;
        return 16;
    }
    return 0;
}
