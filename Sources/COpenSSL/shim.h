#pragma once
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/crypto.h>
#include <openssl/params.h>
#include <openssl/core_names.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

// What OpenSSL spells as a macro, which Swift does not see.

static const uint64_t OPENSSL_SERVER_OPTIONS = SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION
    | SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_PRIORITIZE_CHACHA;
static const uint64_t OPENSSL_CLIENT_OPTIONS = SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION;
static const int OPENSSL_BIO_TYPE = 127 | BIO_TYPE_SOURCE_SINK;
static const int OPENSSL_SERVER_NAME_OK = SSL_TLSEXT_ERR_OK;
static const int OPENSSL_SERVER_NAME_UNKNOWN = SSL_TLSEXT_ERR_NOACK;
static const int OPENSSL_ALPN_OK = SSL_TLSEXT_ERR_OK;
static const int OPENSSL_ALPN_REFUSED = SSL_TLSEXT_ERR_ALERT_FATAL;

static inline int openssl_set_oldest(SSL_CTX *context, int version) {
    return SSL_CTX_set_min_proto_version(context, version);
}

static inline int openssl_set_groups(SSL_CTX *context, const char *list) {
    return SSL_CTX_set1_groups_list(context, list);
}

static inline void openssl_release_buffers(SSL_CTX *context) {
    SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS);
}

static inline void openssl_take_certificates_of(SSL_CTX *context, long bytes) {
    SSL_CTX_set_max_cert_list(context, bytes);
}

static inline void openssl_keep_no_sessions(SSL_CTX *context) {
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
}

static inline void openssl_on_server_name(
    SSL_CTX *context, int (*callback)(SSL *, int *, void *), void *argument) {
    SSL_CTX_set_tlsext_servername_callback(context, callback);
    SSL_CTX_set_tlsext_servername_arg(context, argument);
}

static inline int openssl_ask_for_name(SSL *ssl, const char *name) {
    return (int)SSL_set_tlsext_host_name(ssl, name);
}

static inline void openssl_retry_read(BIO *bio) { BIO_set_retry_read(bio); }

static inline void openssl_clear_retry(BIO *bio) { BIO_clear_retry_flags(bio); }

static inline int openssl_is_not_pem(unsigned long error) {
    return (ERR_GET_LIB(error) == ERR_LIB_PEM && ERR_GET_REASON(error) == PEM_R_NO_START_LINE)
        || (ERR_GET_LIB(error) == ERR_LIB_X509
            && ERR_GET_REASON(error) == X509_R_NO_CERTIFICATE_OR_CRL_FOUND);
}

static inline X509 *openssl_peer_certificate(SSL *ssl) { return SSL_get1_peer_certificate(ssl); }

static inline void openssl_set_newest(SSL_CTX *context, int version) {
    SSL_CTX_set_max_proto_version(context, version);
}

static inline int openssl_is_key_mismatch(unsigned long error) {
    return ERR_GET_LIB(error) == ERR_LIB_X509
        && (ERR_GET_REASON(error) == X509_R_KEY_VALUES_MISMATCH
            || ERR_GET_REASON(error) == X509_R_KEY_TYPE_MISMATCH);
}
