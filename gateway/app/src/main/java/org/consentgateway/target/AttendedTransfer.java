package org.consentgateway.target;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.consentgateway.call.far.Dialled;
import org.consentgateway.call.far.Dialling;
import org.consentgateway.call.far.HumanEnd;
import org.consentgateway.sip.dialog.IncomingCall;

/**
 * Has the caller's side take our place in a call of ours (attended transfer, RFC 5589 §7). Nobody
 * waits for it: until it has come about, and where it never does, the two talk through us.
 *
 * <pre>
 *   caller                     us                      target
 *     │                         │ INVITE ───────────────► │
 *     │                         │ ◄────────────────── 200 │
 *     │ ◄──────── RTP ─────────►│◄───────── RTP ────────► │
 *     │ ◄─────────────── REFER  │                         │
 *     │ INVITE with Replaces ───────────────────────────► │
 *     │                         │ ◄────────────────── BYE │  whichever comes first
 *     │ NOTIFY: SIP/2.0 200 ──► │                         │
 *     │ ◄───────────────── BYE  │                         │
 * </pre>
 */
final class AttendedTransfer {
    private AttendedTransfer() {}

    /**
     * @param dialling of the target, by us
     */
    static Dialling<HumanEnd> start(
            IncomingCall caller, SipTarget target, Dialling<HumanEnd> dialling) {
        if (caller.takesPlaces()) {
            var _ =
                    dialling.result()
                            .thenAccept(result -> {
                                if (result instanceof Dialled.Connected(SipHumanEnd there)) {
                                    there.offer(place -> asked(caller, target, place));
                                }
                            });
        }
        return dialling;
    }

    /** Whether it has come about; no longer waited for than the target may ring. */
    private static CompletableFuture<Boolean> asked(
            IncomingCall caller, SipTarget target, String place) {
        var taken = new CompletableFuture<Boolean>();
        caller.refer(place, how -> taken.complete(how == IncomingCall.ReferResult.ANSWERED));
        return taken.completeOnTimeout(false, target.ring().toMillis(), TimeUnit.MILLISECONDS);
    }
}
