package org.consentgateway.sip.dialog;

import java.net.InetSocketAddress;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntConsumer;
import org.consentgateway.media.MediaPeer;
import org.consentgateway.media.codec.Codec;
import org.consentgateway.sip.auth.ClientLogin;
import org.consentgateway.sip.sdp.AgreedMedia;
import org.consentgateway.sip.sdp.LocalMedia;
import org.consentgateway.sip.sdp.Srtp;

/** An INVITE of ours to an assistant or a human. Thread-safe. */
public interface OutgoingCall {

    /** The user part of somebody who is not shown. */
    String ANONYMOUS = "anonymous";

    /**
     * @param target SIP URI, with transport parameter where it is not what the DNS says
     * @param from the user part shown to the called: the line's number or the caller's; {@link
     *     #ANONYMOUS} where withheld
     * @param headers extra headers such as X-Consent-Id
     * @param local where our media leg listens: what of it has a port is offered
     * @param preferred codec to put first in the offer: the one of the caller's leg, so that the
     *     relay need not transcode
     * @param opus whether Opus is offered as well: what is agreed in it has to be coded
     * @param trunk by whose account it goes; empty: by none, straight to the target
     * @param own the line's number, by which that account knows us
     * @param login for those who challenge us (RFC 3261 §22.2) and are called by no account
     * @param srtp whether media is encrypted
     * @param referrals SIP URIs to which the called may hand over the call (REFER), told by {@link
     *     Events#referred}; any other is declined
     */
    record Dial(
            String target,
            String from,
            Map<String, String> headers,
            LocalMedia local,
            Codec preferred,
            boolean opus,
            String trunk,
            String own,
            Optional<ClientLogin> login,
            Srtp srtp,
            Set<String> referrals) {

        /** Straight to the target, in plain RTP. */
        public static Dial straight(
                String target,
                String from,
                Map<String, String> headers,
                InetSocketAddress local,
                Codec preferred) {
            return new Dial(
                    target,
                    from,
                    headers,
                    LocalMedia.ofAudio(local),
                    preferred,
                    false,
                    "",
                    from,
                    Optional.empty(),
                    Srtp.OFF,
                    Set.of());
        }

        /** The same, offering this. */
        public Dial offering(LocalMedia other) {
            return new Dial(
                    target, from, headers, other, preferred, opus, trunk, own, login, srtp,
                    referrals);
        }

        @Override
        public String toString() {
            return "Dial[target=" + target + "]";
        }
    }

    /**
     * What an INFO tells.
     *
     * @param type media type of the body, such as "application"
     * @param subtype of that, such as "consent+json"
     */
    record InfoBody(String type, String subtype, String text) {}

    /**
     * Called on a SIP thread: hand over and return. Media: 200 and ACK done, or a re-INVITE later.
     */
    interface Events extends AgreedMedia.Listener {
        /** RFC 3261 §21.4.13. */
        int UNKNOWN_BODY = 415;

        /**
         * An INVITE goes to a server of the called: once for each that is tried.
         *
         * @param isLast whether no other is tried where this one is silent
         */
        default void invited(boolean isLast) {}

        /** The first sign of anybody there, 100 Trying included: at most once. */
        default void trying() {}

        default void ringing() {}

        /**
         * A description of the called cannot be used: that of its 2xx, which then has been no
         * answer, or a later one, and then the session is as it was.
         *
         * @param why in the words of a Warning (RFC 3261 §20.43)
         */
        default void unusable(String why) {}

        /**
         * A final failure (status 3xx to 6xx), or 408 where nothing came: once, instead of media.
         */
        void refused(int status);

        /**
         * The same, and nothing else.
         *
         * @param retryAfterSeconds so long the called asks to wait before another call (RFC 3261
         *     §20.33); 0: it does not say
         */
        default void refused(int status, int retryAfterSeconds) {
            refused(status);
        }

        /**
         * The called tells something within the call (INFO). Returns at once.
         *
         * @return the status to answer with; 415 where it is nothing we know
         */
        default int informed(InfoBody what) {
            return UNKNOWN_BODY;
        }

        /** The called hands over the call. */
        default void referred(Referral referral) {
            referral.decline();
        }

        /** The answered dialog is over: once, last. */
        void ended(IncomingCall.How how);
    }

    /** The SIP Call-ID: only for keyed hashing, never for logs. */
    String sipCallId();

    /**
     * SIP URI by which somebody else takes our place in this call (RFC 3891); empty if it is not
     * answered, or the called does not do that.
     */
    Optional<String> place();

    /** Whether it is answered, and the called says that it takes INFO (RFC 3261 §20.5). */
    boolean takesInfo();

    /**
     * Tells the called something within the dialog (INFO).
     *
     * @param answered told once the final status, on a SIP thread; as RFC 3261 §8.1.3.1 has it, 408
     *     where nothing came and 503 where it could not be sent
     */
    void inform(InfoBody what, IntConsumer answered);

    /**
     * Describes our side once more (re-INVITE), with this direction of audio: hold, and the end of
     * one (RFC 3264 §8.4). What comes of it is told by {@link Events#media} as well.
     *
     * @param answered as by {@link #inform}; 488 where the answer cannot be used, 503 also where
     *     the call is not answered, or another offer is under way
     */
    void offerAgain(MediaPeer.Direction direction, IntConsumer answered);

    /** CANCEL while ringing, BYE after; nothing if already over. */
    void hangUp(IncomingCall.Ending why);

    /**
     * The same.
     *
     * @param answered told of the BYE as by {@link #inform}; 503 where there was none to send
     */
    void hangUp(IncomingCall.Ending why, IntConsumer answered);
}
