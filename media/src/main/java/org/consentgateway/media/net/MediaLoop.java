package org.consentgateway.media.net;

import io.netty.channel.IoEventLoop;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.random.RandomGenerator;
import org.consentgateway.media.net.udp.LoopIo;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One event loop with its pacer and its legs. Confined to its thread, but for the set of legs. */
final class MediaLoop {
    private static final Logger LOG = LoggerFactory.getLogger(MediaLoop.class);

    /** Seconds from 1900 to 1970 (RFC 3550 §4). */
    private static final long NTP_EPOCH = 2_208_988_800L;

    private final LoopIo io;
    private final Pacer pacer;
    private final RandomGenerator random;
    private final Set<BridgeSide> legs = ConcurrentHashMap.newKeySet();

    MediaLoop(IoEventLoop loop, boolean epoll, RandomGenerator random) {
        this.io = new LoopIo(loop, epoll);
        this.pacer = new Pacer(io);
        this.random = random;
        loop.execute(TimerSlack::least);
        loop.execute(io::prepare);
    }

    LoopIo io() {
        return io;
    }

    Pacer pacer() {
        return pacer;
    }

    RandomGenerator random() {
        return random;
    }

    /** Wall-clock time as RTCP tells it. */
    long ntp() {
        Instant now = Instant.now();
        long fraction = ((long) now.getNano() << 32) / 1_000_000_000L;
        return (now.getEpochSecond() + NTP_EPOCH) << 32 | fraction;
    }

    /** Any thread. */
    void opened(BridgeSide leg) {
        legs.add(leg);
        leg.onLoop(leg::begin, leg::neverStarted);
    }

    void closed(BridgeSide leg) {
        legs.remove(leg);
    }

    /** Any thread. */
    int openLegs() {
        return legs.size();
    }

    /** Any thread. */
    void closeAll() {
        legs.forEach(BridgeSide::close);
    }

    /** Any thread: on the event loop, now if we are on it, or {@code ended} if it has ended. */
    void run(BridgeSide leg, Runnable task, Runnable ended) {
        if (io.loop().inEventLoop()) {
            guarded(leg, task);
            return;
        }
        try {
            io.loop().execute(() -> guarded(leg, task));
        } catch (RejectedExecutionException e) {
            ended.run();
        }
    }

    private void guarded(BridgeSide leg, Runnable task) {
        try {
            task.run();
        } catch (RuntimeException e) {
            failed(leg, e);
        }
    }

    /** A broken invariant ends the call it broke in, and no other. */
    void failed(BridgeSide leg, RuntimeException e) {
        LOG.error("A media leg failed and is closed; other calls go on", e);
        leg.failed(e);
    }
}
