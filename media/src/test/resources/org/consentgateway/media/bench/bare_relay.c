/*
 * The least that relaying costs: one epoll instance, connected sockets, one buffer, our SSRC written
 * over theirs. Arguments: how many calls, the load generator's port on loopback. Says its ports on one
 * line, a call's two behind each other, then answers each line with its processor time in
 * nanoseconds, 0, 0, and the same time again, as BenchServer does.
 */
#include <arpa/inet.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>

enum { EVENTS = 256, DATAGRAM = 2048, RTP_HEADER = 12, SSRC_AT = 8, DESCRIPTORS = 65536 };

static int ready;
static int other[DESCRIPTORS];

_Noreturn static void *relay(void *unused) {
  struct epoll_event events[EVENTS];
  char datagram[DATAGRAM];
  unsigned ssrc = htonl(0x12345678);
  (void)unused;
  for (;;) {
    int found = epoll_wait(ready, events, EVENTS, -1);
    for (int i = 0; i < found; i++) {
      ssize_t length = recv(events[i].data.fd, datagram, sizeof datagram, MSG_DONTWAIT);
      if (length > RTP_HEADER) {
        memcpy(datagram + SSRC_AT, &ssrc, sizeof ssrc);
        send(other[events[i].data.fd], datagram, (size_t)length, MSG_DONTWAIT);
      }
    }
  }
}

static int leg(int peer, const char *before) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t length = sizeof address;
  int leg = socket(AF_INET, SOCK_DGRAM, 0);
  struct epoll_event readable = {.events = EPOLLIN, .data.fd = leg};
  if (leg < 0 || leg >= DESCRIPTORS || bind(leg, (struct sockaddr *)&address, length) ||
      getsockname(leg, (struct sockaddr *)&address, &length)) {
    perror("no socket");
    exit(1);
  }
  printf("%s%d", before, ntohs(address.sin_port));
  address.sin_port = htons((unsigned short)peer);
  if (connect(leg, (struct sockaddr *)&address, length) || epoll_ctl(ready, EPOLL_CTL_ADD, leg, &readable)) {
    perror("no peer");
    exit(1);
  }
  return leg;
}

int main(int count, char **arguments) {
  pthread_t thread;
  char line[64];
  if (count != 3) return 2;
  ready = epoll_create1(0);
  for (int call = 0; call < atoi(arguments[1]); call++) {
    int first = leg(atoi(arguments[2]), call ? " " : "");
    int second = leg(atoi(arguments[2]), " ");
    other[first] = second;
    other[second] = first;
  }
  puts("");
  fflush(stdout);
  if (pthread_create(&thread, NULL, relay, NULL)) return 1;
  while (fgets(line, sizeof line, stdin)) {
    struct rusage used;
    getrusage(RUSAGE_SELF, &used);
    long long nanos = (used.ru_utime.tv_sec + used.ru_stime.tv_sec) * 1000000000LL +
                      (used.ru_utime.tv_usec + used.ru_stime.tv_usec) * 1000LL;
    printf("%lld 0 0 %lld\n", nanos, nanos);
    fflush(stdout);
  }
  return 0;
}
