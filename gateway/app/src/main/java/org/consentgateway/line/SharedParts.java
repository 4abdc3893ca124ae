package org.consentgateway.line;

import java.net.InetSocketAddress;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.consentgateway.call.CallListener;
import org.consentgateway.call.CallTime;
import org.consentgateway.consent.CallFacts;
import org.consentgateway.line.text.DialogObserver;
import org.consentgateway.media.MediaEngine;
import org.consentgateway.media.MediaLeg;
import org.consentgateway.media.PortsExhaustedException;
import org.consentgateway.speech.Recogniser;
import org.consentgateway.speech.words.Lexicons;
import org.consentgateway.target.CallerSides;

/**
 * Immutable. What all callers of a process share.
 *
 * @param lexicons of what is typed
 * @param sides where connectors find the caller's side of a call
 */
public record SharedParts(
        OwnMedia media,
        Recogniser recogniser,
        Lexicons lexicons,
        Sounds sounds,
        CallerSides sides,
        Watchers watchers,
        Numbers numbers,
        CallTime time) {

    /** What numbers are that callers of a trunk dial. */
    public interface Numbers {
        /**
         * @return E.164 with its +, or the empty string where the digits lead nowhere by themselves
         */
        String complete(String trunk, String digits);
    }

    /**
     * Who is told.
     *
     * @param left told once, when a call is over
     * @param observer of words as well
     */
    public record Watchers(
            CallListener listener, Consumer<CallFacts> left, DialogObserver observer) {}

    /**
     * Thread-safe. Our side of the media.
     *
     * @param advertised what the other side is told to send its RTP to, for our own address
     */
    public record OwnMedia(MediaEngine engine, UnaryOperator<InetSocketAddress> advertised) {

        /** A leg for a caller. */
        public MediaLeg open() throws PortsExhaustedException {
            return engine.open();
        }

        InetSocketAddress addressOf(MediaLeg leg) {
            return advertised.apply(leg.local());
        }
    }
}
