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

    private ReferDialling(Supplier<Dialling<HumanEnd>> bridge) {
        this.bridge = bridge;
    }

    /**
     * @param refer as {@link org.consentgateway.sip.dialog.IncomingCall#refer}
     * @param bridge starts dialling the target ourselves
     */
    static Dialling<HumanEnd> start(
            BiConsumer<String, Consumer<Boolean>> refer,
            SipTarget target,
            Supplier<Dialling<HumanEnd>> bridge) {
        var dialling = new ReferDialling(bridge);
        refer.accept(target.uri(), dialling::referred);
        LateResult.after(dialling.result, target.ring(), () -> dialling.referred(false));
        return dialling;
    }

    private void referred(boolean reached) {
        if (!decide()) {
            return;
        }
        if (reached) {
            result.complete(new Dialled.Transferred());
            return;
        }
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

    @Override
    public CompletionStage<Dialled<HumanEnd>> result() {
        return result;
    }

    @Override
    public void cancel(Ending why) {
        Dialling<HumanEnd> ours;
        synchronized (this) {
            decided = true;
            cancelled = why;
            ours = bridging;
        }
        if (ours == null) {
            result.complete(new Dialled.NotReached<>(Dialled.Why.NO_ANSWER, 0));
        } else {
            ours.cancel(why);
        }
    }
}
