// What Linux offers and Swift's Glibc module does not show. Never define _GNU_SOURCE here: it changes types
// against the precompiled Glibc module, so such calls are declared by hand; glibc always exports them.
#pragma once
#include <netinet/in.h>
#include <pthread.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <sys/socket.h>

extern int accept4(int descriptor, struct sockaddr *address, socklen_t *length, int flags);
extern int pthread_setname_np(pthread_t thread, const char *name);

// Some are enums and some are ints in their headers; here they are what the calls take.
static const uint32_t LINUX_EPOLLIN = EPOLLIN;
static const uint32_t LINUX_EPOLLOUT = EPOLLOUT;
static const uint32_t LINUX_EPOLLERR = EPOLLERR;
static const uint32_t LINUX_EPOLLHUP = EPOLLHUP;
static const uint32_t LINUX_EPOLLRDHUP = EPOLLRDHUP;
static const int LINUX_EPOLL_CLOEXEC = EPOLL_CLOEXEC;
static const int LINUX_EVENTFD_FLAGS = EFD_NONBLOCK | EFD_CLOEXEC;
static const int LINUX_SIGNALFD_FLAGS = SFD_NONBLOCK | SFD_CLOEXEC;
static const int LINUX_STREAM_SOCKET = SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC;
static const int LINUX_ACCEPT_FLAGS = SOCK_NONBLOCK | SOCK_CLOEXEC;
static const int LINUX_TCP_LEVEL = IPPROTO_TCP;
static const int LINUX_IPV6_LEVEL = IPPROTO_IPV6;
