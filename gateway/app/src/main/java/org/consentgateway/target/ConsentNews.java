package org.consentgateway.target;

import java.time.format.DateTimeFormatter;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import org.consentgateway.call.far.Ending;
import org.consentgateway.call.far.Notified;
import org.consentgateway.consent.EndOfConsent;
import org.consentgateway.sip.dialog.IncomingCall;
import org.consentgateway.sip.dialog.OutgoingCall;

/**
 * Tells an assistant in its own call that the consent has ended. The caller's audio is cut before,
 * and nobody waits for any of it. One that has handed over and waits to be told how that goes is
 * told between the two that nobody was reached.
 *
 * <pre>
 *   us                                     assistant
 *    │ INFO application/consent+json ────────► │   if its 2xx to our INVITE allows INFO
 *    │ ◄─────────────────────────────────  200 │   waited for at most {@link #PATIENCE_MILLIS}
 *    │ BYE, Reason: SIP;cause=200;             │
 *    │      text="consent withdrawn" ────────► │
 *    │ ◄─────────────────────────────────  200 │
 * </pre>
 */
public final class ConsentNews {
    /** An assistant that says nothing to the INFO must not keep its call. */
    public static final int PATIENCE_MILLIS = 500;

    private static final Executor MAY_WAIT = task -> Thread.ofVirtual().name("holder").start(task);

    private static final int NONE = 0;

    private ConsentNews() {}

    /** Hangs up, as {@link OutgoingCall#hangUp(IncomingCall.Ending, IntConsumer)}. */
    interface Bye {
        void send(IncomingCall.Ending why, IntConsumer answered);
    }

    /**
     * @param bye sent behind the INFO
     * @return completes when the BYE has its final answer, on a thread that may wait
     */
    static CompletionStage<Notified> tell(OutgoingCall call, EndOfConsent end, Bye bye) {
        CompletableFuture<Integer> info =
                call.takesInfo()
                        ? asked(answered -> call.inform(info(end), answered))
                        : CompletableFuture.completedFuture(NONE);
        CompletableFuture<Integer> ended =
                info.copy()
                        .completeOnTimeout(NONE, PATIENCE_MILLIS, TimeUnit.MILLISECONDS)
                        .thenCompose(_ -> {
                            var reason = SipConnection.reason(Ending.of(end.how()));
                            return asked(answered -> bye.send(reason, answered));
                        });
        return ended.thenApplyAsync(byBye -> notified(info.getNow(NONE), byBye), MAY_WAIT);
    }

    private static CompletableFuture<Integer> asked(Consumer<IntConsumer> request) {
        var status = new CompletableFuture<Integer>();
        request.accept(status::complete);
        return status;
    }

    private static Notified notified(int info, int bye) {
        return new Notified(
                isAnswer(info) || isAnswer(bye), isYes(info) ? "INFO" : isYes(bye) ? "BYE" : "");
    }

    private static boolean isYes(int status) {
        return status / 100 == 2;
    }

    /** 408 and 503 are also what is told where nothing came. */
    private static boolean isAnswer(int status) {
        return status != NONE && status != 408 && status != 503;
    }

    /** Holds nothing about the caller; both ids are in the headers of the INVITE. */
    public static OutgoingCall.InfoBody info(EndOfConsent end) {
        return new OutgoingCall.InfoBody(
                "application",
                "consent+json",
                "{\"event\":\"%s\",\"consent\":\"%s\",\"at\":\"%s\"}"
                        .formatted(
                                event(end.how()),
                                end.grant(),
                                DateTimeFormatter.ISO_INSTANT.format(end.at())));
    }

    private static String event(EndOfConsent.How how) {
        return switch (how) {
            case WITHDRAWN -> "withdrawn";
            case EXPIRED -> "expired";
            case ERASED -> "erased";
        };
    }
}
