package org.consentgateway.speech;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Thread-safe. What a listening was handed over and may be part of what is being said: where it is
 * stopped in the middle of that, the next one has to hear it. In memory and nowhere else, and no
 * longer than a phrase takes.
 */
public final class RecentSound {
    /** 0.4 s: what may belong to a word before anybody can tell that there is one. */
    static final int BEFORE_FRAMES = 20;

    /** 2.5 s; what is handed over in one go has to find its place beside what comes. */
    static final int MOST_FRAMES = 125;

    private static final int FRAME_MILLIS = 20;

    private final Deque<Listening.HandedOver> frames = new ArrayDeque<>();

    /**
     * Takes what was handed over last.
     *
     * @param saying whether somebody speaks: then all of it may be wanted
     * @param behindMillis as {@link Listening#behindMillis}
     */
    public synchronized void add(Listening.HandedOver frame, boolean saying, int behindMillis) {
        frames.addLast(frame);
        keepLast(saying ? MOST_FRAMES : BEFORE_FRAMES + behindMillis / FRAME_MILLIS);
    }

    /** What was being said is known: nothing is wanted but what came behind it. */
    public synchronized void known(int behindMillis) {
        keepLast(behindMillis / FRAME_MILLIS);
    }

    private void keepLast(int most) {
        while (frames.size() > Math.min(most, MOST_FRAMES)) {
            frames.removeFirst();
        }
    }

    /** Gives all of it away, in order. */
    public synchronized List<Listening.HandedOver> take() {
        var all = new ArrayList<Listening.HandedOver>(frames);
        frames.clear();
        return all;
    }
}
