package org.consentgateway.line;

import java.util.concurrent.CompletionStage;
import org.consentgateway.call.far.Dialling;
import org.consentgateway.consent.EndOfConsent;
import org.consentgateway.consent.Method;
import org.consentgateway.consent.Purpose;
import org.consentgateway.media.Playback;
import org.consentgateway.sip.dialog.IncomingCall;
import org.consentgateway.sip.sdp.AgreedMedia;
import org.consentgateway.speech.Heard;
import org.consentgateway.target.FarLeg;
import org.jspecify.annotations.Nullable;

/** Immutable. What can happen on a call, handed from the network's threads to the call's own. */
sealed interface Happening {

    record Agreed(AgreedMedia media) implements Happening {}

    /** The ACK to our answer has come. */
    record Acknowledged() implements Happening {}

    record Ended(IncomingCall.How how) implements Happening {}

    record KeyDown(char digit, long atNanos) implements Happening {
        @Override
        public String toString() {
            return "KeyDown[hidden]";
        }
    }

    /** The caller begins to type, or types on. */
    record BeganToType() implements Happening {}

    /**
     * The caller has typed a line.
     *
     * @param beganNanos when its first character came
     * @param ended whether its end was typed; else there was a pause, and it may go on
     */
    record LineTyped(String line, long beganNanos, long atNanos, boolean ended)
            implements Happening {
        @Override
        public String toString() {
            return "LineTyped[hidden]";
        }
    }

    /** The caller's RTP has been missing for too long. */
    record MediaLost() implements Happening {}

    /** Nothing has come from where the caller's media is said to be, so nothing is sent there. */
    record MediaNeverCame() implements Happening {}

    /** A fault of ours has ended the caller's media. */
    record MediaFailed() implements Happening {}

    /**
     * @param playback which one it was: an old one says nothing about the one under way
     */
    record Played(Playback playback, Playback.Played how) implements Happening {}

    /**
     * @param listening which one it was, counted up
     */
    record Listened(int listening, Heard heard) implements Happening {}

    /**
     * @param dialling which one it was
     */
    record DialDone(Dialling<?> dialling) implements Happening {}

    /**
     * @param far which one it was
     */
    record FarEnded(FarLeg far, FarLeg.End end) implements Happening {}

    /**
     * The caller has said in a talk that nothing of it may be kept any more: a talk looks for that
     * ({@link WithdrawalWatch#takeLess}).
     */
    record LessSaid() implements Happening {}

    /**
     * It asks for one more purpose ({@link FarLeg#takeRequest}).
     *
     * @param far which one it was
     */
    record Asked(FarLeg far) implements Happening {}

    /** Another system asks for one more purpose in the assistant's name. */
    record AskedElsewhere(Purpose purpose) implements Happening {}

    /**
     * The caller withdrew, and what flowed to an assistant is already cut.
     *
     * @param atNanos when the last key went down or the last word ended
     * @param lastSent from when on not one packet was sent, as soon as that is known; null where
     *     nothing flowed
     */
    record Withdrew(Method method, long atNanos, @Nullable CompletionStage<Long> lastSent)
            implements Happening {}

    /**
     * The consent ended outside this call, and what flowed is already cut.
     *
     * @param lastSent as in {@link Withdrew}
     */
    record EndedElsewhere(
            EndOfConsent.How how, long atNanos, @Nullable CompletionStage<Long> lastSent)
            implements Happening {}

    /** The call goes on with somebody else, and what flowed to an assistant is already cut. */
    record PassedOn() implements Happening {}

    record Drain() implements Happening {}
}
