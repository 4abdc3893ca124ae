package org.consentgateway.sip.dialog;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import org.consentgateway.sip.counters.Rejection;
import org.consentgateway.sip.sdp.AgreedMedia;
import org.consentgateway.sip.sdp.LocalMedia;
import org.consentgateway.sip.trunk.CallerIdentity;

/**
 * An INVITE from a known trunk to a known line, for which 100 has been sent and a media leg is
 * still to be found. Thread-safe. Every verb translates and enqueues; none blocks.
 */
public interface IncomingCall {

    /** The SIP Call-ID: only for keyed hashing, never for logs. */
    String sipCallId();

    /** Tells the trace of messages which call of ours this dialog is. */
    void named(java.util.UUID call);

    /** User part of the Request-URI, normalised to E.164 where it is a number. */
    String calledNumber();

    /** As the INVITE shows it; unknown as soon as the trunk names somebody else. */
    CallerIdentity caller();

    String trunk();

    /** 180 Ringing. */
    void ring();

    /**
     * Answers 200 with our SDP. With an offerless INVITE the 200 carries our offer and {@link
     * AgreedMedia.Listener#agreed} follows with the ACK; otherwise it is called before this
     * returns.
     *
     * @param local where our media leg listens; text is answered if it is offered and has a port
     */
    void answer(LocalMedia local, Events events);

    /** The same where there is nothing but audio. */
    default void answer(InetSocketAddress local, Events events) {
        answer(LocalMedia.ofAudio(local), events);
    }

    /** A final refusal. */
    void reject(int status, String reason, Map<String, String> headers);

    /** The same, counted and logged as what is turned away before it comes so far. */
    void reject(Rejection why, int status, String reason, Map<String, String> headers);

    /** BYE (or a final refusal while unanswered, or nothing after the end). May be called twice. */
    void hangUp(Ending why);

    /**
     * Asks the caller's side to call somebody else instead of us (REFER); the call goes on until it
     * is hung up.
     *
     * @param target SIP URI, perhaps as {@link OutgoingCall#place} has it
     * @param result told once, on a SIP thread; where the call is over, before {@link Events#ended}
     */
    void refer(String target, Consumer<ReferResult> result);

    /**
     * Tells the caller's side something within the dialog (INFO).
     *
     * @param answered as by {@link OutgoingCall#inform}
     */
    void inform(OutgoingCall.InfoBody what, IntConsumer answered);

    /** Whether the caller's side says that it can take our place in another call (RFC 3891). */
    boolean takesPlaces();

    /**
     * Names of the headers of the INVITE that may be passed on, with their values (History-Info,
     * Diversion, User-to-User).
     */
    Map<String, List<String>> passedHeaders();

    /**
     * What a gateway tells of a consent, by name of the header; nothing where we are a gateway
     * ourselves ({@link org.consentgateway.sip.transport.SipSettings#assistant}).
     */
    Map<String, String> introduction();

    /**
     * What the caller's side would like to be spoken to in (Accept-Language, RFC 3261 §20.3): ISO
     * 639-1, the best first; empty where it does not say.
     */
    List<String> languages();

    /** What became of asking the caller's side to call somebody else. */
    enum ReferResult {
        ANSWERED,
        /** The caller's side does not do it, or the target has not answered: the call goes on. */
        FAILED,
        /**
         * The caller's side has taken it, told nothing of how it goes, and ended the call. RFC 3515
         * §2.4.4 has it tell at once, so this is one that never tells, and a BYE is how it lets us
         * go; whether the target answers is not known. It could also be a caller who hung up in the
         * instant before it told.
         */
        HANDED_OVER,
        /**
         * The call is over, and nothing came of it. So it is where the caller's side had told that
         * it is under way: such a one tells of an answer too, so its BYE is that of a caller who
         * hung up while it rang there.
         */
        ENDED
    }

    /** What happens on the dialog. Called on a SIP thread: hand over and return. */
    interface Events extends AgreedMedia.Listener {
        /** The ACK to our 2xx has come, once: only now there is a session (RFC 3261 §13.3.1.4). */
        default void acknowledged() {}

        /**
         * The trunk names another caller than in its INVITE: told once, with a lock of the call
         * held and before that is answered, so that whoever speaks then is heard by nobody who was
         * let in before. Returns at once.
         */
        default void passedOn() {}

        /** A key by SIP INFO, where the trunk sends keys so. */
        default void infoDigit(char digit, int durationMillis) {}

        /**
         * The caller's side tells something within the call (INFO). Returns at once.
         *
         * @return the status to answer with; 415 where it is nothing we know
         */
        default int told(OutgoingCall.InfoBody what) {
            return OutgoingCall.Events.UNKNOWN_BODY;
        }

        /** CANCEL, BYE, lost dialog, no ACK: once, last. */
        void ended(How how);
    }

    /** How the dialog ended, seen from the far end. */
    enum How {
        CANCELLED,
        BYE,
        NO_ACK,
        TIMER_EXPIRED,
        TRANSPORT_FAILED,
        BY_US
    }

    /**
     * Why we hang up: becomes the Reason header (RFC 3326).
     *
     * @param protocol whose cause it is, as that header names it
     */
    record Ending(String protocol, int cause, String text) {
        public static final Ending NORMAL = q850(16, "Normal call clearing");
        public static final Ending FAILURE = q850(41, "Temporary failure");

        /** A cause that telephone networks know. */
        static Ending q850(int cause, String text) {
            return new Ending("Q.850", cause, text);
        }

        /** What no telephone network has a cause for. */
        public static Ending sip(int status, String text) {
            return new Ending("SIP", status, text);
        }
    }
}
