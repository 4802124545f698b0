/*
 * The bare blocking socket: a client that sends the bytes of one request again and again over one connection and waits for
 * the reply each time. What a client library costs is told beside it. It knows nothing of a protocol but that a frame
 * begins with its length (4 bytes, little-endian), and that a request has a number of 8 bytes that changes.
 *
 *   socket PORT GREETING REQUEST NUMBER_AT NUMBER_STEP REPLY_LENGTH
 *
 * GREETING and REQUEST are bytes in hexadecimal; the greeting is sent once and one frame awaited. Each line "NANOSECONDS" on
 * standard input starts a round of that length; it is answered by "COUNT ELAPSED_NANOSECONDS", lines "LATENCY_NANOSECONDS
 * COUNT" for all latencies that occurred, and "END". Ends with its standard input.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <endian.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { FRAME_MAX = 64 * 1024, NANOS_MAX = 1 << 20 }; /* longer latencies count as this one */

static uint8_t greeting[FRAME_MAX], request[FRAME_MAX], reply[FRAME_MAX];
static size_t greeting_length, request_length, number_at, reply_length;
static uint64_t number, number_step;
static uint32_t counts[NANOS_MAX + 1];

static void fail(const char *what) {
    perror(what);
    exit(1);
}

static void refuse(const char *what) {
    fprintf(stderr, "socket: %s\n", what);
    exit(2);
}

static int64_t now(void) {
    struct timespec at;
    clock_gettime(CLOCK_MONOTONIC, &at);
    return (int64_t)at.tv_sec * 1000000000 + at.tv_nsec;
}

static size_t bytes_of(const char *hex, uint8_t *to) {
    size_t length = strlen(hex) / 2;
    if (length > FRAME_MAX) refuse("frame too long");
    for (size_t i = 0; i < length; i++) {
        unsigned byte;
        if (sscanf(hex + 2 * i, "%2x", &byte) != 1) refuse("frame: not hexadecimal");
        to[i] = (uint8_t)byte;
    }
    return length;
}

static void send_all(int fd, const uint8_t *from, size_t length) {
    while (length > 0) {
        ssize_t sent = send(fd, from, length, MSG_NOSIGNAL);
        if (sent < 0) fail("send");
        from += sent;
        length -= (size_t)sent;
    }
}

/* Receives one frame and returns its length. */
static size_t receive(int fd) {
    size_t have = 0, length = sizeof(uint32_t);
    while (have < length) {
        ssize_t got = recv(fd, reply + have, sizeof reply - have, 0);
        if (got <= 0) fail("recv");
        have += (size_t)got;
        if (have >= sizeof(uint32_t)) {
            uint32_t told;
            memcpy(&told, reply, sizeof told);
            length = le32toh(told);
            if (length < sizeof told || length > sizeof reply) refuse("reply: bad length");
        }
    }
    return have;
}

static void call(int fd) {
    uint64_t next = htole64(number += number_step);
    memcpy(request + number_at, &next, sizeof next);
    send_all(fd, request, request_length);
    if (receive(fd) != reply_length) refuse("reply: not of the expected length");
}

static void run(int fd, int64_t nanos) {
    memset(counts, 0, sizeof counts);
    int64_t begin = now(), before = begin;
    uint64_t count = 0;
    while (before - begin < nanos) {
        call(fd);
        int64_t after = now(), latency = after - before;
        counts[latency < NANOS_MAX ? latency : NANOS_MAX]++;
        before = after;
        count++;
    }
    printf("%llu %lld\n", (unsigned long long)count, (long long)(before - begin));
    for (int i = 0; i <= NANOS_MAX; i++) {
        if (counts[i] > 0) printf("%d %u\n", i, counts[i]);
    }
    printf("END\n");
    fflush(stdout);
}

int main(int argc, char **argv) {
    if (argc != 7) refuse("expected: PORT GREETING REQUEST NUMBER_AT NUMBER_STEP REPLY_LENGTH");
    greeting_length = bytes_of(argv[2], greeting);
    request_length = bytes_of(argv[3], request);
    number_at = strtoul(argv[4], NULL, 10);
    number_step = strtoull(argv[5], NULL, 10);
    reply_length = strtoul(argv[6], NULL, 10);
    if (number_at + sizeof number > request_length) refuse("NUMBER_AT: beyond the request");
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    address.sin_port = htons((uint16_t)strtoul(argv[1], NULL, 10));
    int fd = socket(AF_INET, SOCK_STREAM, 0), on = 1;
    if (fd < 0 || connect(fd, (struct sockaddr *)&address, sizeof address) < 0) fail("connect");
    if (setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on) < 0) fail("setsockopt");
    send_all(fd, greeting, greeting_length);
    receive(fd);
    long long nanos;
    while (scanf("%lld", &nanos) == 1) run(fd, nanos);
    return 0;
}
