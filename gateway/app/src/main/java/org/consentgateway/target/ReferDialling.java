package org.consentgateway.target;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.consentgateway.call.far.Dialled;
import org.consentgateway.call.far.Dialling;
import org.consentgateway.call.far.Ending;
import org.consentgateway.call.far.HumanEnd;
import org.consentgateway.sip.dialog.IncomingCall.ReferResult;
import org.jspecify.annotations.Nullable;

/**
 * Thread-safe. Has the caller's side call the target itself; where that does not come about, we
 * call it, as if nothing had been tried.
 */
final class ReferDialling implements Dialling<HumanEnd> {
    private final CompletableFuture<Dialled<HumanEnd>> result = new CompletableFuture<>();
    private final Supplier<Dialling<HumanEnd>> bridge;
    private @Nullable Dialling<HumanEnd> bridging;
    private boolean decided;
    private @Nullable Ending cancelled;

    /** What it comes to where it is taken back and we have dialled nobody. */
    private Dialled<HumanEnd> otherwise = new Dialled.NotReached<>(Dialled.Why.NO_ANSWER, 0);

    private ReferDialling(Supplier<Dialling<HumanEnd>> bridge) {
        this.bridge = bridge;
    }

    /**
     * @param refer as {@link org.consentgateway.sip.dialog.IncomingCall#refer}
     * @param bridge starts dialling the target ourselves
     */
    static Dialling<HumanEnd> start(
            BiConsumer<String, Consumer<ReferResult>> refer,
            SipTarget target,
            Supplier<Dialling<HumanEnd>> bridge) {
        var dialling = new ReferDialling(bridge);
        refer.accept(target.uri(), dialling::referred);
        LateResult.after(
                dialling.result, target.ring(), () -> dialling.referred(ReferResult.FAILED));
        return dialling;
    }

    private void referred(ReferResult how) {
        switch (how) {
            case ANSWERED -> transferred();
            case FAILED -> {
                if (decide()) {
                    bridge();
                }
            }
            case HANDED_OVER, ENDED -> gone(how);
        }
    }

    /** Also while we call the target ourselves, which is at an end then. */
    private void transferred() {
        if (!result.complete(new Dialled.Transferred())) {
            return;
        }
        Dialling<HumanEnd> ours;
        synchronized (this) {
            decided = true;
            cancelled = Ending.NORMAL;
            ours = bridging;
        }
        if (ours != null) {
            ours.abandon(Ending.NORMAL);
        }
    }

    private void bridge() {
        Dialling<HumanEnd> ours = bridge.get();
        Ending meanwhile;
        synchronized (this) {
            bridging = ours;
            meanwhile = cancelled;
        }
        if (meanwhile == null) {
            var _ = ours.result().thenAccept(result::complete);
        } else {
            ours.abandon(meanwhile);
        }
    }

    private synchronized boolean decide() {
        boolean first = !decided;
        decided = true;
        return first;
    }

    /** Nobody is dialled for a caller who is gone: whoever hears of that takes this back. */
    private synchronized void gone(ReferResult how) {
        decided = true;
        if (how == ReferResult.HANDED_OVER) {
            otherwise = new Dialled.HandedOver();
        }
    }

    @Override
    public CompletionStage<Dialled<HumanEnd>> result() {
        return result;
    }

    @Override
    public void cancel(Ending why) {
        Dialling<HumanEnd> ours;
        Dialled<HumanEnd> nobody;
        synchronized (this) {
            decided = true;
            cancelled = why;
            ours = bridging;
            nobody = otherwise;
        }
        if (ours == null) {
            result.complete(nobody);
        } else {
            ours.cancel(why);
        }
    }
}
