#include "CTLS.h"

#include <arpa/inet.h>
#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <stdlib.h>

struct ctls_identity {
    EVP_PKEY *key;
    X509 *certificate;
};

static int add_extension(X509 *certificate, X509 *issuer, int kind, const char *value) {
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, issuer, certificate, NULL, NULL, 0);
    X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, &context, kind, value);
    int added = extension != NULL && X509_add_ext(certificate, extension, -1);
    X509_EXTENSION_free(extension);
    return added;
}

// An authority may sign; a host is named by its address or its name.
static int describe(X509 *certificate, X509 *issuer, const char *host) {
    if (host == NULL) return add_extension(certificate, issuer, NID_basic_constraints, "critical,CA:TRUE");
    struct in_addr address;
    char name[300];
    snprintf(name, sizeof name, "%s:%s", inet_pton(AF_INET, host, &address) == 1 ? "IP" : "DNS", host);
    return add_extension(certificate, issuer, NID_subject_alt_name, name);
}

static int fill(ctls_identity *made, const char *host, long starts, long ends, const ctls_identity *issuer) {
    if (issuer == NULL) issuer = made;
    made->key = EVP_EC_gen("P-256");
    made->certificate = X509_new();
    if (made->key == NULL || made->certificate == NULL) return 0;
    X509 *certificate = made->certificate;
    X509_NAME *subject = X509_get_subject_name(certificate);
    // No two authorities have one name, as outside.
    char name[300];
    if (host != NULL) snprintf(name, sizeof name, "%s", host);
    else snprintf(name, sizeof name, "Test authority %p", (void *)made);
    return X509_set_version(certificate, X509_VERSION_3)
        // Serial numbers differ, so that no client takes one certificate for another.
        && ASN1_INTEGER_set_uint64(X509_get_serialNumber(certificate), (uint64_t)(uintptr_t)made)
        && X509_gmtime_adj(X509_getm_notBefore(certificate), starts)
        && X509_gmtime_adj(X509_getm_notAfter(certificate), ends)
        && X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8, (unsigned char *)name, -1, -1, 0)
        && X509_set_issuer_name(certificate, X509_get_subject_name(issuer->certificate))
        && X509_set_pubkey(certificate, made->key)
        && describe(certificate, issuer->certificate, host)
        && X509_sign(certificate, issuer->key, EVP_sha256());
}

ctls_identity *ctls_identity_create(const char *host, long starts, long ends, const ctls_identity *issuer) {
    ctls_identity *made = calloc(1, sizeof *made);
    if (made == NULL || fill(made, host, starts, ends, issuer)) return made;
    ctls_identity_free(made);
    return NULL;
}

void ctls_identity_free(ctls_identity *identity) {
    EVP_PKEY_free(identity->key);
    X509_free(identity->certificate);
    free(identity);
}

int ctls_identity_write(const ctls_identity *identity, const char *path, int with_key) {
    FILE *file = fopen(path, "w");
    if (file == NULL) return 0;
    int written = (!with_key || PEM_write_PrivateKey(file, identity->key, NULL, NULL, 0, NULL, NULL))
        && PEM_write_X509(file, identity->certificate);
    return fclose(file) == 0 && written;
}

struct ctls_session {
    SSL_CTX *context;
    SSL *connection;
};

static int shake_hands(ctls_session *session, int socket, const ctls_identity *identity) {
    session->context = SSL_CTX_new(TLS_server_method());
    return session->context != NULL
        && SSL_CTX_use_certificate(session->context, identity->certificate)
        && SSL_CTX_use_PrivateKey(session->context, identity->key)
        && (session->connection = SSL_new(session->context)) != NULL
        && SSL_set_fd(session->connection, socket)
        && SSL_accept(session->connection) == 1;
}

ctls_session *ctls_accept(int socket, const ctls_identity *identity) {
    ctls_session *session = calloc(1, sizeof *session);
    if (session == NULL || shake_hands(session, socket, identity)) return session;
    SSL_free(session->connection);
    SSL_CTX_free(session->context);
    free(session);
    return NULL;
}

int ctls_read(ctls_session *session, void *buffer, int room) { return SSL_read(session->connection, buffer, room); }

int ctls_write(ctls_session *session, const void *bytes, int count) {
    return SSL_write(session->connection, bytes, count);
}

void ctls_close(ctls_session *session) {
    SSL_shutdown(session->connection);
    SSL_free(session->connection);
    SSL_CTX_free(session->context);
    free(session);
}
