package org.consentgateway.line;

import java.util.concurrent.CompletionStage;
import org.consentgateway.media.MediaBridge;
import org.jspecify.annotations.Nullable;

/**
 * Thread-safe, but for {@link #goOn} and {@link #close}. A caller and a far end that hear each
 * other: what {@link Gate} has let through, until it is cut or closed.
 */
final class CuttableBridge implements AutoCloseable {
    private final MediaBridge bridge;
    private final KeptBack keptBack;
    private @Nullable CompletionStage<Long> lastSent;
    private boolean live;

    /**
     * @param bridge with the far end's side tapped, as long as something of it may be kept back
     */
    CuttableBridge(MediaBridge bridge, KeptBack keptBack) {
        this.bridge = bridge;
        this.keptBack = keptBack;
    }

    /**
     * Stops the caller's audio at once, whatever the call's thread is doing; the far end is still
     * heard. Cut once, it stays as it was.
     *
     * @return in monotonic time, from when on not one packet of the caller was sent
     */
    synchronized CompletionStage<Long> cut() {
        CompletionStage<Long> last = lastSent;
        if (last == null) {
            last = bridge.cutFirstToSecond();
            lastSent = last;
        }
        return last;
    }

    /** From now on the caller is listened to as well, here and by nobody else. */
    void listenAlong() {
        bridge.tapFirst(true);
    }

    /**
     * On the call's thread, whenever something has happened: what was kept back is played.
     *
     * @return whether nothing is left to play: the far end is heard as it speaks
     */
    boolean goOn() {
        if (!live && !keptBack.goOn()) {
            live = true;
            bridge.tapSecond(false);
        }
        return live;
    }

    /** Whether all was played that the far end had said before it could hear the caller. */
    boolean caughtUp() {
        return live || keptBack.caughtUp();
    }

    @Override
    public void close() {
        keptBack.stop();
        bridge.close();
    }
}
