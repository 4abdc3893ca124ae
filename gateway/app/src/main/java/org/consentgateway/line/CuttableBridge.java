package org.consentgateway.line;

import java.util.concurrent.CompletionStage;
import org.consentgateway.media.MediaBridge;

/**
 * Thread-safe. A caller and a far end that hear each other: what {@link Gate} has let through,
 * until it is cut or closed.
 */
final class CuttableBridge implements AutoCloseable {
    private final MediaBridge bridge;

    CuttableBridge(MediaBridge bridge) {
        this.bridge = bridge;
    }

    /**
     * Stops the caller's audio at once, whatever the call's thread is doing; the far end is still
     * heard.
     *
     * @return in monotonic time, from when on not one packet of the caller was sent
     */
    CompletionStage<Long> cut() {
        return bridge.cutFirstToSecond();
    }

    /** From now on the caller is listened to as well, here and by nobody else. */
    void listenAlong() {
        bridge.tapFirst(true);
    }

    @Override
    public void close() {
        bridge.close();
    }
}
