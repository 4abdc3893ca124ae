package org.consentgateway.media;

import java.net.InetSocketAddress;
import java.util.concurrent.CompletionStage;

/**
 * One party's text in real time (RFC 4103), beside its audio or without: a port pair and an SSRC of
 * its own for the whole call. It belongs to a {@link MediaLeg}, on whose event loop it is, with
 * which it is bridged, cut, muted and closed. Nothing here blocks. Thread-safe.
 */
public interface TextLeg {

    /** Our RTP address; never changes in a leg's life. */
    InetSocketAddress local();

    /** Starts sending and receiving; called again with what was agreed later. */
    void connect(TextFormat format, MediaPeer peer);

    /** The party has no text any more: what waits is forgotten, what comes is dropped. */
    void disconnect();

    /** Who reads what is typed; replaces the one before. */
    void listen(TextListener listener);

    /**
     * Shows this to the party, behind what still waits; as fast as it can take it.
     *
     * @return completes with {@link System#nanoTime} when its last character has gone out, and
     *     never if it does not
     */
    CompletionStage<Long> send(String text);

    /** What still waits to be sent is forgotten. */
    void forget();

    /**
     * False once the party's host has said that nobody listens on the port (ICMP), until something
     * comes from there or goes there without being refused.
     */
    boolean reachable();
}
