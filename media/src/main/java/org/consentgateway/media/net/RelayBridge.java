package org.consentgateway.media.net;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.consentgateway.media.MediaBridge;

/** Two legs of one event loop that hear each other. Thread-safe. */
final class RelayBridge implements MediaBridge {
    private final RtpLeg first;
    private final BridgeSide second;

    /** Set by whoever cuts, seen by the event loop before its next packet. */
    private volatile boolean cut;

    private volatile boolean firstTapped;
    private volatile boolean secondTapped;
    private boolean closed;

    RelayBridge(RtpLeg first, BridgeSide second, boolean tapSecond) {
        this.first = first;
        this.second = second;
        this.secondTapped = tapSecond;
    }

    /** On the event loop. */
    void attach() {
        if (!closed && first.talks() && second.talks()) {
            first.join(this);
            second.join(this);
            first.show(second.readSoFar());
        }
    }

    BridgeSide other(BridgeSide leg) {
        return leg == first ? second : first;
    }

    /** Whether packets from this leg must not reach the other any more. */
    boolean cutFrom(BridgeSide leg) {
        return cut && leg == first;
    }

    /** Whether the listener of this leg gets its frames all the same. */
    boolean tapped(BridgeSide leg) {
        return leg == first ? firstTapped : secondTapped;
    }

    @Override
    public CompletionStage<Long> cutFirstToSecond() {
        cut = true;
        CompletableFuture<Long> done = new CompletableFuture<>();
        // A packet may just be on its way through the loop: the loop itself says when that is over.
        first.onLoop(() -> done.complete(cutNow()), () -> done.complete(System.nanoTime()));
        return done.minimalCompletionStage();
    }

    private long cutNow() {
        second.starve();
        second.forgetText();
        return System.nanoTime();
    }

    @Override
    public void tapFirst(boolean open) {
        firstTapped = open;
        first.onLoop(() -> first.tap(this), () -> {});
    }

    @Override
    public void tapSecond(boolean open) {
        secondTapped = open;
        second.onLoop(() -> second.tap(this), () -> {});
    }

    @Override
    public void close() {
        cut = true;
        first.onLoop(this::detach, () -> {});
    }

    /** On the event loop. */
    void detach() {
        if (!closed) {
            closed = true;
            second.forgetText();
            first.leave(this);
            second.leave(this);
        }
    }
}
