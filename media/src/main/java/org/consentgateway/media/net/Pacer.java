package org.consentgateway.media.net;

import io.netty.util.concurrent.Future;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.consentgateway.media.audio.PcmFrame;
import org.consentgateway.media.net.udp.LoopIo;
import org.consentgateway.media.rtp.Tally;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The clock of an event loop: twenty slots, 1 ms apart, each with its turn every 20 ms at absolute
 * times. A stream belongs to a slot. Confined to its event loop; the lag may be read from anywhere.
 *
 * <pre>
 *  ms     0   1   2   3  ...  19   20  21
 *  slot   0   1   2   3  ...  19    0   1
 *  legs   a-h i-m                 a-h i-m
 * </pre>
 *
 * A wake-up costs more than a packet, so a slot takes {@link #COMPANY} streams before the next one
 * is opened, and an empty slot wakes nobody. Not more: where callers send, the loop is woken each
 * millisecond to read anyway. What is left besides is a look at every leg once in 20 ms.
 */
final class Pacer {
    static final int SLOTS = 20;

    /** Streams in a slot before another is opened: each goes out some µs behind the one before. */
    static final int COMPANY = 8;

    static final long FRAME_NANOS = PcmFrame.NANOS;

    /**
     * Nobody waits longer for the first turn: five slots have theirs by then, whoever is in them.
     */
    static final long WAIT_NANOS = FRAME_NANOS / 4;

    private static final Logger LOG = LoggerFactory.getLogger(Pacer.class);
    private static final long SLOT_NANOS = FRAME_NANOS / SLOTS;

    /** Behind by more than this (200 ms), missed turns are left out instead of made up for. */
    private static final long MAX_LAG_NANOS = 10 * FRAME_NANOS;

    private static final long LAG_WINDOW_NANOS = 1_000_000_000;

    /** What has turns. */
    interface Paced {
        /** Whether it still wants turns; asked at each. */
        boolean paced(long nowNanos);

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
    private final List<Slot> slots = new ArrayList<>(SLOTS);
    private final List<Paced> all = new ArrayList<>();
    private @Nullable Future<?> looking;

    private long worstLag;
    private long lagWindowStart;
    private final Tally lag = new Tally();

    Pacer(LoopIo io) {
        this.io = io;
        for (int i = 0; i < SLOTS; i++) {
            slots.add(new Slot(io.originNanos() + i * SLOT_NANOS));
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
        long now = System.nanoTime();
        List<Slot> near = slots.stream().filter(slot -> slot.untilTurn(now) <= WAIT_NANOS).toList();
        Comparator<Slot> soonest = Comparator.comparingLong(slot -> slot.untilTurn(now));
        near.stream()
                .filter(Slot::hasCompany)
                .min(soonest)
                .or(() -> near.stream().filter(slot -> slot.legs.isEmpty()).min(soonest))
                .or(() -> near.stream().min(Comparator.comparingInt(slot -> slot.legs.size())))
                .orElseThrow()
                .add(leg, now);
    }

    /** Streams with their turns at the same time. Confined to the event loop. */
    private final class Slot {
        private final List<Paced> legs = new ArrayList<>();
        private long nextTurn;
        private @Nullable Future<?> ticking;

        Slot(long firstTurn) {
            nextTurn = firstTurn;
        }

        boolean hasCompany() {
            return !legs.isEmpty() && legs.size() < COMPANY;
        }

        long untilTurn(long now) {
            return ticking != null
                    ? nextTurn - now
                    : FRAME_NANOS - Math.floorMod(now - nextTurn, FRAME_NANOS);
        }

        void add(Paced leg, long now) {
            legs.add(leg);
            if (ticking == null) {
                long delay = untilTurn(now);
                nextTurn = now + delay;
                ticking =
                        io.loop()
                                .scheduleAtFixedRate(
                                        this::tick, delay, FRAME_NANOS, TimeUnit.NANOSECONDS);
            }
        }

        private void tick() {
            long now = System.nanoTime();
            if (now - nextTurn > MAX_LAG_NANOS) {
                noteLag(now - nextTurn, now);
                nextTurn += (now - nextTurn) / FRAME_NANOS * FRAME_NANOS;
            }
            while (now - nextTurn >= 0) {
                noteLag(now - nextTurn, now);
                turns(now);
                nextTurn += FRAME_NANOS;
            }
            Future<?> ticks = ticking;
            if (legs.isEmpty() && ticks != null) {
                ticks.cancel(false);
                ticking = null;
            }
        }

        /** Backwards, so that the last may move into the place of one that leaves. */
        private void turns(long now) {
            for (int i = legs.size() - 1; i >= 0; i--) {
                Paced leg = legs.get(i);
                if (!leg.paced(now)) {
                    removeAt(legs, i);
                    leg.rest();
                    continue;
                }
                try {
                    leg.turn(nextTurn);
                } catch (RuntimeException e) {
                    failed(leg, e);
                }
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

    private void noteLag(long late, long now) {
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
