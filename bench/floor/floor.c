/*
 * The floor: the smallest single-threaded epoll server that speaks the wire of NetMem 0.2 (docs/protocol/netmem-0.2.md),
 * for what this kernel and this machine allow. GET_VERSION, GET_PARAMS, READ_PAGE and UPDATE_PAGE; it checks nothing
 * that a client sends, has no locks and no limits, and must only be reached by the benchmarks.
 *
 *   floor PAGES PAGE_LENGTH      takes a free port of 127.0.0.1 and prints "READY <port>"
 *
 * One receive an event, as many requests as it brought, one send for their replies; page bytes are copied once between
 * socket and page. A frame that did not come whole is gathered in a buffer of its own, a reply that the socket did not
 * take is kept until it does, and the connection is not read meanwhile.
 */
#define _GNU_SOURCE
#include <endian.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

enum { GET_VERSION = 0, GET_PARAMS = 1, READ_PAGE = 2, UNLOCK_PAGE = 4, UPDATE_PAGE = 5 };
enum { EVENTS = 512, RECEIVE_BYTES = 256 * 1024, BATCH = 256 }; /* 2 * BATCH parts are within IOV_MAX */

struct __attribute__((packed)) header {
    uint8_t type;
    uint32_t page, length, version; /* big-endian */
};

struct connection {
    int fd;
    uint8_t *frame;  /* of a request that has not come whole, or NULL */
    size_t frame_have, frame_length;
    uint8_t *unsent; /* replies that the socket did not take, or NULL */
    size_t unsent_at, unsent_length;
};

static uint32_t pages, page_length;
static uint32_t *versions;
static uint8_t *memory;
static int poller;
static uint8_t receive_buffer[RECEIVE_BYTES];

/* Replies of one batch: headers here, page bytes where they lie. */
static struct header replies[BATCH];
static struct iovec parts[2 * BATCH];
static int reply_count, part_count;

static void fail(const char *what) {
    perror(what);
    exit(1);
}

static void *allocate(size_t bytes) {
    void *at = malloc(bytes);
    if (at == NULL) fail("malloc");
    return at;
}

static void end(struct connection *c) {
    reply_count = part_count = 0;
    close(c->fd);
    free(c->frame);
    free(c->unsent);
    free(c);
}

static void want(struct connection *c, uint32_t events) {
    struct epoll_event event = {.events = events, .data.ptr = c};
    if (epoll_ctl(poller, EPOLL_CTL_MOD, c->fd, &event) < 0) fail("epoll_ctl");
}

/* Keeps what the socket did not take, behind what is kept already. */
static void keep(struct connection *c, size_t sent) {
    size_t length = c->unsent_length - c->unsent_at, all = length;
    for (int i = 0; i < part_count; i++) all += parts[i].iov_len;
    uint8_t *kept = allocate(all);
    if (length > 0) memcpy(kept, c->unsent + c->unsent_at, length);
    for (int i = 0; i < part_count; i++) {
        size_t skip = sent < parts[i].iov_len ? sent : parts[i].iov_len;
        memcpy(kept + length, (uint8_t *)parts[i].iov_base + skip, parts[i].iov_len - skip);
        length += parts[i].iov_len - skip;
        sent -= skip;
    }
    free(c->unsent);
    c->unsent = kept;
    c->unsent_at = 0;
    c->unsent_length = length;
    want(c, EPOLLOUT);
}

/* Sends the replies of the batch; 0 when the connection is broken. */
static int flush(struct connection *c) {
    size_t all = 0;
    for (int i = 0; i < part_count; i++) all += parts[i].iov_len;
    ssize_t sent = 0;
    if (part_count > 0 && c->unsent == NULL) {
        struct msghdr message = {.msg_iov = parts, .msg_iovlen = (size_t)part_count};
        sent = sendmsg(c->fd, &message, MSG_NOSIGNAL);
        if (sent < 0 && errno != EAGAIN) return 0;
        if (sent < 0) sent = 0;
    }
    if ((size_t)sent < all) keep(c, (size_t)sent);
    reply_count = part_count = 0;
    return 1;
}

static void reply(const struct header *request, uint32_t page, uint32_t version, const uint8_t *data) {
    struct header *to = &replies[reply_count++];
    to->type = request->type;
    to->page = page;
    to->length = data == NULL ? 0 : htobe32(page_length);
    to->version = htobe32(version);
    struct iovec *last = part_count > 0 ? &parts[part_count - 1] : NULL;
    if (last != NULL && (uint8_t *)last->iov_base + last->iov_len == (uint8_t *)to) {
        last->iov_len += sizeof *to;
    } else {
        parts[part_count++] = (struct iovec){to, sizeof *to};
    }
    if (data != NULL) parts[part_count++] = (struct iovec){(void *)(uintptr_t)data, page_length};
}

static size_t length_of(const uint8_t *frame) {
    struct header request;
    memcpy(&request, frame, sizeof request);
    int data = request.type == UPDATE_PAGE || request.type == UNLOCK_PAGE;
    return sizeof request + (data ? be32toh(request.length) : 0);
}

/* 0 when the connection is broken. */
static int serve(struct connection *c, const uint8_t *frame) {
    struct header request;
    memcpy(&request, frame, sizeof request);
    uint32_t page = be32toh(request.page);
    int page_bytes_pending = part_count > 1; /* replies without data are one part, however many */
    if (reply_count == BATCH || (page_bytes_pending && request.type == UPDATE_PAGE)) {
        if (!flush(c)) return 0;
    }
    switch (request.type) {
        case GET_VERSION:
            reply(&request, 0, 0x00020001, NULL);
            break;
        case GET_PARAMS:
            reply(&request, htobe32(pages), page_length, NULL);
            break;
        case READ_PAGE: {
            int held = be32toh(request.version) == versions[page];
            reply(&request, request.page, versions[page], held ? NULL : memory + (size_t)page * page_length);
            break;
        }
        case UPDATE_PAGE:
            memcpy(memory + (size_t)page * page_length, frame + sizeof request, page_length);
            reply(&request, request.page, ++versions[page], NULL);
            break;
        default:
            reply(&request, request.page, 0, NULL);
    }
    return 1;
}

/* Serves the whole requests of these bytes; the rest becomes the beginning of a gathered frame. */
static int serve_all(struct connection *c, const uint8_t *at, size_t length) {
    size_t frame_length = sizeof(struct header);
    while (length >= sizeof(struct header) && length >= (frame_length = length_of(at))) {
        if (!serve(c, at)) return 0;
        at += frame_length;
        length -= frame_length;
        frame_length = sizeof(struct header);
    }
    if (length > 0) {
        c->frame = allocate(frame_length);
        c->frame_have = length;
        c->frame_length = frame_length;
        memcpy(c->frame, at, length);
    }
    return flush(c);
}

/* Moves up to *left bytes from *at to the frame that is being gathered. */
static void gather(struct connection *c, const uint8_t **at, size_t *left) {
    size_t missing = c->frame_length - c->frame_have, take = *left < missing ? *left : missing;
    memcpy(c->frame + c->frame_have, *at, take);
    c->frame_have += take;
    *at += take;
    *left -= take;
}

/* 0 when the connection is over. */
static int readable(struct connection *c) {
    size_t missing = c->frame == NULL ? 0 : c->frame_length - c->frame_have;
    struct iovec into[2] = {{c->frame == NULL ? NULL : c->frame + c->frame_have, missing},
                            {receive_buffer, sizeof receive_buffer}};
    ssize_t got = missing == 0 ? recv(c->fd, receive_buffer, sizeof receive_buffer, 0) : readv(c->fd, into, 2);
    if (got <= 0) return got < 0 && errno == EAGAIN;
    const uint8_t *at = receive_buffer;
    size_t left = (size_t)got;
    if (c->frame != NULL) {
        size_t direct = left < missing ? left : missing;
        c->frame_have += direct;
        left -= direct;
        if (c->frame_have == sizeof(struct header) && length_of(c->frame) > c->frame_length) {
            c->frame_length = length_of(c->frame); /* only now known */
            c->frame = realloc(c->frame, c->frame_length);
            if (c->frame == NULL) fail("realloc");
            gather(c, &at, &left);
        }
        if (c->frame_have < c->frame_length) return 1;
        int alive = serve(c, c->frame);
        free(c->frame);
        c->frame = NULL;
        if (!alive) return 0;
    }
    return serve_all(c, at, left);
}

/* 0 when the connection is broken. */
static int writable(struct connection *c) {
    ssize_t sent = send(c->fd, c->unsent + c->unsent_at, c->unsent_length - c->unsent_at, MSG_NOSIGNAL);
    if (sent < 0) return errno == EAGAIN;
    c->unsent_at += (size_t)sent;
    if (c->unsent_at == c->unsent_length) {
        free(c->unsent);
        c->unsent = NULL;
        c->unsent_at = c->unsent_length = 0;
        want(c, EPOLLIN);
    }
    return 1;
}

static void accept_all(int listener) {
    int fd;
    while ((fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK)) >= 0) {
        int on = 1;
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        struct connection *c = calloc(1, sizeof *c);
        if (c == NULL) fail("calloc");
        c->fd = fd;
        struct epoll_event event = {.events = EPOLLIN, .data.ptr = c};
        if (epoll_ctl(poller, EPOLL_CTL_ADD, fd, &event) < 0) fail("epoll_ctl");
    }
}

static int listen_anywhere(void) {
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htobe32(INADDR_LOOPBACK)};
    socklen_t length = sizeof address;
    if (fd < 0 || bind(fd, (struct sockaddr *)&address, length) < 0 || listen(fd, 4096) < 0) fail("listen");
    if (getsockname(fd, (struct sockaddr *)&address, &length) < 0) fail("getsockname");
    printf("READY %d\n", be16toh(address.sin_port));
    fflush(stdout);
    return fd;
}

int main(int argc, char **argv) {
    if (argc != 3) {
        fprintf(stderr, "floor: %d arguments (expected: PAGES PAGE_LENGTH)\n", argc - 1);
        return 2;
    }
    pages = (uint32_t)strtoul(argv[1], NULL, 10);
    page_length = (uint32_t)strtoul(argv[2], NULL, 10);
    memory = mmap(NULL, (size_t)pages * page_length, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    versions = malloc(sizeof *versions * pages);
    if (memory == MAP_FAILED || versions == NULL) fail("memory");
    for (uint32_t page = 0; page < pages; page++) versions[page] = 1;
    struct rlimit files;
    if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
        files.rlim_cur = files.rlim_max;
        setrlimit(RLIMIT_NOFILE, &files);
    }
    poller = epoll_create1(0);
    int listener = listen_anywhere();
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = NULL}, events[EVENTS];
    if (poller < 0 || epoll_ctl(poller, EPOLL_CTL_ADD, listener, &event) < 0) fail("epoll_ctl");
    for (;;) {
        int count = epoll_wait(poller, events, EVENTS, -1);
        for (int i = 0; i < count; i++) {
            struct connection *c = events[i].data.ptr;
            if (c == NULL) {
                accept_all(listener);
            } else if (!(c->unsent != NULL ? writable(c) : readable(c))) {
                end(c);
            }
        }
    }
}
