package org.consentgateway.media.net;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;

/**
 * Text of sources that are not believed yet. An answer may be three packets in all, so what came
 * until its source is believed is read then, and not thrown away as sound is: a refusal without its
 * first word is a consent. Confined to its leg's event loop.
 */
final class TextProbation {
    /** Packets that wait, of all sources together. */
    private static final int MOST = 16;

    /** An older one was typed in answer to something else. */
    private static final long PATIENCE_NANOS = 2_000_000_000L;

    /** How far behind one that is believed: as far as a source may send out of order. */
    private static final int MOST_BEHIND = 100;

    private final Deque<TypedPacket> waiting = new ArrayDeque<>();
    private boolean missing;

    void keep(TypedPacket packet) {
        waiting.addLast(packet);
        if (waiting.size() > MOST) {
            waiting.removeFirst();
            missing = true;
        }
    }

    /**
     * What waited of the source of a packet that is believed now; it waits no longer.
     *
     * @return in the order of their numbers
     */
    List<TypedPacket> before(TypedPacket believed) {
        List<TypedPacket> before = new ArrayList<>();
        Iterator<TypedPacket> all = waiting.iterator();
        while (all.hasNext()) {
            TypedPacket one = all.next();
            if (isOfTheSource(one, believed)) {
                all.remove();
                if (belongsTo(one, believed)) {
                    before.add(one);
                } else {
                    missing = true;
                }
            }
        }
        before.sort(Comparator.comparingInt((TypedPacket one) -> behind(one, believed)).reversed());
        return before;
    }

    /** Whether anything that waited has been given up since this was asked last. */
    boolean missing() {
        boolean was = missing;
        missing = false;
        return was;
    }

    void clear() {
        waiting.clear();
        missing = false;
    }

    private static boolean isOfTheSource(TypedPacket one, TypedPacket believed) {
        return one.ssrc() == believed.ssrc() && Objects.equals(one.source(), believed.source());
    }

    private static boolean belongsTo(TypedPacket one, TypedPacket believed) {
        return believed.arrivedNanos() - one.arrivedNanos() <= PATIENCE_NANOS
                && behind(one, believed) <= MOST_BEHIND;
    }

    private static int behind(TypedPacket one, TypedPacket believed) {
        return (believed.sequence() - one.sequence()) & 0xFFFF;
    }
}
