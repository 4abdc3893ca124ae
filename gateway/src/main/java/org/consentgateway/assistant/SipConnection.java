package org.consentgateway.assistant;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import org.consentgateway.call.Connection;
import org.consentgateway.call.Ending;
import org.consentgateway.media.MediaLeg;
import org.consentgateway.sip.IncomingCall;
import org.consentgateway.sip.OutgoingCall;

/** Thread-safe. The far end of a call: its dialog and its media leg, ended together and once. */
public final class SipConnection implements Connection {
    private final MediaLeg leg;
    private final CompletableFuture<OutgoingCall> dialog = new CompletableFuture<>();
    private final CompletableFuture<IncomingCall.How> ended = new CompletableFuture<>();
    private final AtomicBoolean hungUp = new AtomicBoolean();

    SipConnection(MediaLeg leg) {
        this.leg = leg;
    }

    /** The dialog may report its end before {@code dial} has returned it. */
    void dialled(OutgoingCall call) {
        dialog.complete(call);
    }

    void farEnded(IncomingCall.How how) {
        leg.close();
        ended.complete(how);
    }

    public MediaLeg leg() {
        return leg;
    }

    /** Completes once, when the far end or we have hung up. */
    public CompletionStage<IncomingCall.How> ended() {
        return ended;
    }

    @Override
    public void hangUp(Ending why) {
        if (!hungUp.compareAndSet(false, true)) {
            return;
        }
        leg.close();
        var ending =
                why == Ending.FAILURE ? IncomingCall.Ending.FAILURE : IncomingCall.Ending.NORMAL;
        var _ = dialog.thenAccept(call -> call.hangUp(ending));
        ended.complete(IncomingCall.How.BY_US);
    }
}
