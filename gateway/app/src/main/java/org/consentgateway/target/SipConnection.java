package org.consentgateway.target;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.consentgateway.call.far.Ending;
import org.consentgateway.call.far.HumanTarget;
import org.consentgateway.call.far.Notified;
import org.consentgateway.consent.EndOfConsent;
import org.consentgateway.consent.Purpose;
import org.consentgateway.media.MediaLeg;
import org.consentgateway.sip.dialog.IncomingCall;
import org.consentgateway.sip.dialog.OutgoingCall;
import org.consentgateway.sip.dialog.Referral;
import org.jspecify.annotations.Nullable;

/** Thread-safe. The far end of a call: its dialog and its media leg, ended together and once. */
final class SipConnection {
    /** Longer than the news of it may need, repeated after T1 and 2*T1 (RFC 3261 §17.1.2.1). */
    private static final Duration UNTIL_TAKEN = Duration.ofSeconds(4);

    /** What our reasons are nearest to: nothing failed, or we can go on no longer. */
    private static final int OK = 200;

    private static final int UNAVAILABLE = 503;
    private static final int REQUEST_PENDING = 491;

    private final MediaLeg leg;
    private final CompletableFuture<OutgoingCall> dialog = new CompletableFuture<>();
    private final CompletableFuture<FarLeg.End> ended = new CompletableFuture<>();
    private final AtomicBoolean hungUp = new AtomicBoolean();

    /** Whether whoever never sends anything has not served the caller. */
    private volatile boolean isToBeHeard;

    /** What the far end has asked for. */
    private volatile @Nullable Referral referral;

    /** Whether somebody has taken our place. */
    private volatile CompletableFuture<Boolean> taken = CompletableFuture.completedFuture(false);

    private final PurposeRequests requests = new PurposeRequests();

    SipConnection(MediaLeg leg) {
        this.leg = leg;
        leg.unheard().thenAccept(_ -> lost());
    }

    /**
     * It is lost as well where it falls silent ({@link MediaLeg#fellSilent}), and where it hangs up
     * before anything of it has come: its caller would be left alone with what it failed at.
     *
     * @param told that it fell silent, on an event loop
     */
    void endsWithItsMedia(Runnable told) {
        isToBeHeard = true;
        leg.fellSilent()
                .thenAccept(_ -> {
                    if (ended.complete(new FarLeg.End.Lost())) {
                        told.run();
                    }
                });
    }

    /** It is of no use to its caller any more. */
    void lost() {
        ended.complete(new FarLeg.End.Lost());
    }

    /** The dialog may report its end before {@code dial} has returned it. */
    void dialled(OutgoingCall call) {
        dialog.complete(call);
    }

    /**
     * Offers our place in the call to somebody else. When it is taken the call is over for us;
     * until that is known, a BYE of the far end may only mean that it was.
     *
     * @param taker asked with the address to call, if the far end has one
     */
    void offer(Function<String, CompletableFuture<Boolean>> taker) {
        var _ = dialog.thenAccept(call -> call.place().map(taker).ifPresent(this::offered));
    }

    private void offered(CompletableFuture<Boolean> asked) {
        taken = asked;
        var _ =
                asked.thenAccept(yes -> {
                    if (yes) {
                        ended.complete(new FarLeg.End.Replaced());
                    }
                });
    }

    void farEnded(IncomingCall.How how) {
        FarLeg.End end = isToBeHeard && !leg.heardFrom() ? new FarLeg.End.Lost() : ofFarEnd(how);
        leg.close();
        var _ =
                taken.completeOnTimeout(false, UNTIL_TAKEN.toMillis(), TimeUnit.MILLISECONDS)
                        .thenAccept(yes -> ended.complete(yes ? new FarLeg.End.Replaced() : end));
    }

    private static FarLeg.End ofFarEnd(IncomingCall.How how) {
        return switch (how) {
            case BYE -> new FarLeg.End.HungUp();
            case CANCELLED, NO_ACK, TIMER_EXPIRED, TRANSPORT_FAILED, BY_US -> new FarLeg.End.Lost();
        };
    }

    MediaLeg leg() {
        return leg;
    }

    CompletionStage<FarLeg.End> ended() {
        return ended;
    }

    /**
     * The far end asks for a human in its place: from here on it hears nothing. It goes on sending
     * until it is told how that went, so its port must not be another call's yet.
     */
    void referred(Referral asked, HumanTarget human) {
        leg.mute();
        referral = asked;
        if (ended.complete(new FarLeg.End.Referred(human))) {
            asked.accept();
        } else {
            referral = null;
            asked.decline();
        }
    }

    void referred(boolean reached) {
        Referral asked = referral;
        if (asked != null && hungUp.compareAndSet(false, true)) {
            asked.end(reached);
        }
    }

    PurposeRequests requests() {
        return requests;
    }

    /**
     * @return 200, or 491 where another question is under way
     */
    int asked(Purpose purpose) {
        return requests.ask(purpose) ? OK : REQUEST_PENDING;
    }

    /** Where its 2xx allows INFO. */
    void inform(OutgoingCall.InfoBody what) {
        var _ =
                dialog.thenAccept(call -> {
                    if (call.takesInfo()) {
                        call.inform(what, _ -> {});
                    }
                });
    }

    void hangUp(Ending why) {
        referred(false);
        if (!hungUp.compareAndSet(false, true)) {
            return;
        }
        leg.close();
        var _ = dialog.thenAccept(call -> call.hangUp(reason(why)));
        ended.complete(new FarLeg.End.Lost());
    }

    /** As {@link org.consentgateway.call.far.AssistantEnd#consentEnded}. */
    CompletionStage<Notified> consentEnded(EndOfConsent end) {
        if (!hungUp.compareAndSet(false, true)) {
            return CompletableFuture.completedStage(new Notified(false, ""));
        }
        leg.mute(); // it may go on sending until the BYE
        ended.complete(new FarLeg.End.Lost());
        return dialog.thenCompose(call -> ConsentNews.tell(call, end, bye(call)));
    }

    /** Behind the news of a human whom it has asked for, and who is not waited for any longer. */
    private ConsentNews.Bye bye(OutgoingCall call) {
        Referral open = ended.join() instanceof FarLeg.End.Referred ? referral : null;
        if (open != null) {
            return (why, answered) -> open.end(false, why, answered);
        }
        return (why, answered) -> {
            leg.close();
            call.hangUp(why, answered);
        };
    }

    static IncomingCall.Ending reason(Ending why) {
        return switch (why) {
            case NORMAL -> IncomingCall.Ending.NORMAL;
            case FAILURE -> IncomingCall.Ending.FAILURE;
            case DRAINED -> IncomingCall.Ending.sip(UNAVAILABLE, "drained");
            case CONSENT_WITHDRAWN -> IncomingCall.Ending.sip(OK, "consent withdrawn");
            case CONSENT_EXPIRED -> IncomingCall.Ending.sip(OK, "consent expired");
            case CONSENT_ERASED -> IncomingCall.Ending.sip(OK, "consent erased");
        };
    }
}
