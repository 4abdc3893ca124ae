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
        if (!decide(how)) {
            return;
        }
        switch (how) {
            case ANSWERED -> result.complete(new Dialled.Transferred());
            case FAILED -> bridge();
            case HANDED_OVER, ENDED -> {
                // The caller is gone: whoever hears of that takes it back.
            }
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

    private synchronized boolean decide(ReferResult how) {
        boolean first = !decided;
        decided = true;
        if (first && how == ReferResult.HANDED_OVER) {
            otherwise = new Dialled.HandedOver();
        }
        return first;
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
