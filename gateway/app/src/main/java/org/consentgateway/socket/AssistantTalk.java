package org.consentgateway.socket;

import io.netty.buffer.ByteBuf;
import java.io.IOException;
import org.consentgateway.consent.EndOfConsent;
import org.consentgateway.target.PurposeReport;

/**
 * One call in a {@link Dialect}: what happens becomes messages, and messages what is asked of the
 * {@link Wire}. Confined to the socket's event loop.
 */
public interface AssistantTalk {

    /** The socket is open: whatever comes first. */
    void opened();

    /**
     * The next 20 ms of the caller.
     *
     * @param samples not to be written
     */
    void frame(short[] samples);

    /** 20 ms were left out, since the peer does not read. */
    void frameLost();

    void key(char digit, int durationMillis);

    /** All that was queued before this mark has been heard. */
    void reached(String mark);

    /**
     * @throws IOException saying what of it is wrong
     */
    void text(ByteBuf message) throws IOException;

    /**
     * @throws IOException saying what of it is wrong
     */
    void binary(ByteBuf message) throws IOException;

    /**
     * What becomes of one purpose of this call; until the answer the assistant hears silence, and
     * what it says waits.
     */
    void purpose(PurposeReport report);

    /** The caller's audio is cut already. */
    void consentEnded(EndOfConsent end);

    /** The last message; then the socket is closed. */
    void bye();
}
