package org.consentgateway.media;

import java.net.InetSocketAddress;
import java.util.concurrent.CompletionStage;

/**
 * One party's RTP session: one port pair, one SSRC and one continuous RTP clock for the whole call.
 * Closing it returns the ports to quarantine. Thread-safe.
 */
public interface MediaLeg extends BridgeableLeg {

    /**
     * Our RTP address (RTCP is the next port, or the same with rtcp-mux); never changes in a leg's
     * life.
     */
    InetSocketAddress local();

    /**
     * Whether it may be connected in Opus, of which only so much is coded at once ({@link
     * MediaSettings#opusLegs}). What it takes by that it gives back when it is closed, or connected
     * in another format.
     */
    boolean takesOpus();

    /**
     * Starts sending (silence at first, a packet every 20 ms) and receiving. Called again after a
     * re-INVITE with what was agreed then; SSRC, sequence and timestamp go on.
     */
    void connect(MediaFormat format, MediaPeer peer);

    /**
     * There is no audio with this party: what is played takes its time and goes nowhere, until a
     * later {@link #connect}.
     */
    void withoutAudio();

    /**
     * The party's text, which begins with the first call of this.
     *
     * @throws PortsExhaustedException if there is no port pair for it
     */
    TextLeg text() throws PortsExhaustedException;

    /**
     * Whether the listener gets frames of what the peer says, as it does at first: what nobody
     * listens to is not even decoded. On a bridge {@link MediaBridge#tapFirst} decides instead.
     */
    void frames(boolean wanted);

    /**
     * Sends one key to the peer as RFC 4733 events (100 ms long), queued after keys still being
     * sent.
     */
    void sendDigit(char digit);

    /**
     * Completes if neither sound nor a report nor text has come from the peer in twice {@link
     * MediaSettings#silenceAfter()} since it was agreed what it sends, nor ever before, also where
     * that is nothing: whoever has not spoken yet is not on hold. Who has been heard from once may
     * be silent for as long as it likes. On the event loop.
     */
    CompletionStage<Long> unheard();

    /**
     * Completes if a peer that has sent reports (RTCP) for as long as sound, and that is to send,
     * sends neither any more: for twice {@link MediaSettings#silenceAfter()}, and five times the
     * longest that it took for a report (RFC 3550 §6.3.5). One that sends no reports, or types, may
     * be silent for as long as it likes. On the event loop.
     */
    CompletionStage<Long> fellSilent();

    /** Whether sound, a report or text of the peer has come while it said that it sends. */
    boolean heardFrom();

    MediaStats stats();
}
