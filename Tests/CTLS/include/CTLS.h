// What the loopback server needs of OpenSSL: certificates made on the spot, and the server's side of a connection.
// Only tests link this; the daemon speaks TLS through libcurl.
#pragma once
#include <stddef.h>

// A key with its certificate.
typedef struct ctls_identity ctls_identity;

// `host`: a DNS name, or an IP address in dotted form, for the certificate's subject and its alternative name; NULL
// for an authority. The certificate holds from `starts` to `ends`, in seconds from now. `issuer` NULL: it signs itself.
// NULL if OpenSSL fails.
ctls_identity *ctls_identity_create(const char *host, long starts, long ends, const ctls_identity *issuer);
void ctls_identity_free(ctls_identity *identity);

// Writes the certificate, and before it the key if `with_key`, as PEM. 1, or 0 if the file cannot be written.
int ctls_identity_write(const ctls_identity *identity, const char *path, int with_key);

// The server's side of one connection; its calls block.
typedef struct ctls_session ctls_session;

// The handshake on `socket`, which stays the caller's. NULL if it fails.
ctls_session *ctls_accept(int socket, const ctls_identity *identity);
// How many bytes were read or written; 0 or less at the connection's end.
int ctls_read(ctls_session *session, void *buffer, int room);
int ctls_write(ctls_session *session, const void *bytes, int count);
// Says goodbye, if the connection still stands, and frees the session.
void ctls_close(ctls_session *session);
