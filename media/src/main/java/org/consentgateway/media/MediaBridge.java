package org.consentgateway.media;

import java.util.concurrent.CompletionStage;

/**
 * Two legs that hear each other. Packets go from socket to socket without decoding if both sides
 * agreed on the same codec, else they are transcoded. RFC 4733 events pass. Where both have text,
 * they read each other as well; all that is said here of audio holds for text. Thread-safe.
 */
public interface MediaBridge extends AutoCloseable {

    /**
     * Stops audio and text from the first leg to the second at once; the other direction stays.
     * Text that was sent already is not sent again, nor what still waits to be sent.
     *
     * @return the time ({@code nanoTime}) from which on no further packet is sent
     */
    CompletionStage<Long> cutFirstToSecond();

    /** While open, the first leg's listener also gets its frames (withdrawal spotting). */
    void tapFirst(boolean open);

    /** The same of the second leg, whose audio a prompt for the first one may be overriding. */
    void tapSecond(boolean open);

    /** Unbinds the legs; both go on with silence. May be called twice. */
    @Override
    void close();
}
