package org.consentgateway.media.net;

import io.netty.util.concurrent.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.consentgateway.media.rtp.Tally;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Confined to its event loop; the lag may be read from anywhere. The one clock of an event loop:
 * ticks of 1 ms at absolute times, each the turn of one of twenty slots, so that a stream in a slot
 * has its turn every 20 ms and a hundred streams do not all send at once.
 *
 * <pre>
 *  ms     0   1   2   3  ...  19   20  21
 *  slot   0   1   2   3  ...  19    0   1
 *  legs   a,k b   c,l d       j   a,k   b
 * </pre>
 *
 * The ticks stop while no leg has anything to send of its own; a look at every leg once in 20 ms
 * remains.
 */
final class Pacer {
    private static final Logger LOG = LoggerFactory.getLogger(Pacer.class);
    static final int SLOTS = 20;
    private static final long TICK_NANOS = 1_000_000;
    static final long FRAME_NANOS = SLOTS * TICK_NANOS;

    /** Behind by more than this (200 ms), missed turns are left out instead of made up for. */
    private static final long MAX_LAG_NANOS = 200 * TICK_NANOS;

    private static final long LAG_WINDOW_NANOS = 1_000_000_000;

    /** What has turns. */
    interface Paced {
        /** Whether it still wants turns; asked at each. */
        boolean paced();

        /**
         * @param turnNanos when this turn was to be: exactly 20 ms after the last
         */
        void turn(long turnNanos);

        /** It wanted no turn and has none any more, until it asks again. */
        void rest();

        /** Whether it is still there to be looked at. */
        boolean open();

        /** Once in 20 ms, paced or not. */
        void look(long nowNanos);

        void failed(RuntimeException e);
    }

    private final LoopIo io;
    private final List<List<Paced>> slots = new ArrayList<>(SLOTS);
    private final List<Paced> all = new ArrayList<>();
    private @Nullable Future<?> ticking;
    private @Nullable Future<?> looking;
    private long nextTick;
    private int nextSlot;
    private int idleTicks;

    private long worstLag;
    private long lagWindowStart;
    private final Tally lag = new Tally();

    Pacer(LoopIo io) {
        this.io = io;
        for (int i = 0; i < SLOTS; i++) {
            slots.add(new ArrayList<>());
        }
    }

    /** From here on it is looked at. */
    void watch(Paced leg) {
        all.add(leg);
        if (looking == null) {
            looking =
                    io.loop()
                            .scheduleAtFixedRate(
                                    this::look, FRAME_NANOS, FRAME_NANOS, TimeUnit.NANOSECONDS);
        }
    }

    /** From here on it has turns, until it no longer wants them. */
    void pace(Paced leg) {
        if (ticking == null) {
            nextTick = System.nanoTime() + TICK_NANOS;
            ticking =
                    io.loop()
                            .scheduleAtFixedRate(
                                    this::tick, TICK_NANOS, TICK_NANOS, TimeUnit.NANOSECONDS);
        }
        int best = nextSlot;
        for (int i = 0; i < SLOTS; i++) {
            int slot = (nextSlot + i) % SLOTS;
            if (slots.get(slot).size() < slots.get(best).size()) {
                best = slot;
            }
        }
        slots.get(best).add(leg);
    }

    private void tick() {
        long now = System.nanoTime();
        if (now - nextTick > MAX_LAG_NANOS) {
            long missed = (now - nextTick) / TICK_NANOS;
            nextTick += missed * TICK_NANOS;
            nextSlot = (int) ((nextSlot + missed) % SLOTS);
            noteLag(now, missed * TICK_NANOS);
        }
        while (now - nextTick >= 0) {
            List<Paced> slot = slots.get(nextSlot);
            if (!slot.isEmpty()) {
                noteLag(now, now - nextTick);
                turns(slot, nextTick);
                idleTicks = 0;
            } else if (++idleTicks > SLOTS) {
                stopTicking();
                return;
            }
            nextSlot = (nextSlot + 1) % SLOTS;
            nextTick += TICK_NANOS;
        }
    }

    /** Backwards, so that the last may move into the place of one that leaves. */
    private static void turns(List<Paced> slot, long turnNanos) {
        for (int i = slot.size() - 1; i >= 0; i--) {
            Paced leg = slot.get(i);
            if (!leg.paced()) {
                removeAt(slot, i);
                leg.rest();
                continue;
            }
            try {
                leg.turn(turnNanos);
            } catch (RuntimeException e) {
                failed(leg, e);
            }
        }
    }

    private void look() {
        long now = System.nanoTime();
        for (int i = all.size() - 1; i >= 0; i--) {
            Paced leg = all.get(i);
            if (!leg.open()) {
                removeAt(all, i);
                continue;
            }
            try {
                leg.look(now);
            } catch (RuntimeException e) {
                failed(leg, e);
            }
        }
        if (now - lagWindowStart >= LAG_WINDOW_NANOS) {
            lag.set(worstLag);
            worstLag = 0;
            lagWindowStart = now;
        }
        Future<?> looks = looking;
        if (all.isEmpty() && looks != null) {
            looks.cancel(false);
            looking = null;
            lag.set(0);
        }
    }

    private static void failed(Paced leg, RuntimeException e) {
        LOG.error("A media leg failed and is closed; other calls go on", e);
        leg.failed(e);
    }

    private static void removeAt(List<Paced> list, int index) {
        Paced last = list.removeLast();
        if (index < list.size()) {
            list.set(index, last);
        }
    }

    private void stopTicking() {
        Future<?> ticks = ticking;
        if (ticks != null) {
            ticks.cancel(false);
            ticking = null;
        }
        idleTicks = 0;
    }

    private void noteLag(long now, long late) {
        worstLag = Math.max(worstLag, late);
        if (lagWindowStart == 0) {
            lagWindowStart = now;
        }
    }

    /** Any thread: the most a turn came late in the last full second. */
    long lagNanos() {
        return lag.value();
    }
}
