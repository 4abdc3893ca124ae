package org.consentgateway.sip.capture;

import gov.nist.javax.sip.message.SIPMessage;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Who is shown every message that was received or is sent. Thread-safe; never waits. */
public interface Capture extends AutoCloseable {
    /** What becomes of a copy. */
    enum Outcome {
        SENT,
        /** The queue was full. */
        DROPPED,
        /** It could not be masked, was too long, or had no way to the collector. */
        FAILED
    }

    /**
     * @param peer address and port of the other side, as far as the message tells it
     * @param call which of our calls it belongs to, where that is known
     */
    void saw(SIPMessage message, boolean sent, String peer, @Nullable UUID call);

    /** Since the start. */
    Map<Outcome, Long> counts();

    @Override
    void close();

    /** Nobody is shown anything. */
    Capture NONE =
            new Capture() {
                @Override
                public void saw(
                        SIPMessage message, boolean sent, String peer, @Nullable UUID call) {}

                @Override
                public Map<Outcome, Long> counts() {
                    return Map.of();
                }

                @Override
                public void close() {}
            };
}
