package org.consentgateway.call.far;

import java.util.concurrent.CompletionStage;

/**
 * Thread-safe. A target that is being dialled.
 *
 * @param <E> who answers
 */
public interface Dialling<E extends FarEnd> {

    /** Completes once, normally, and never with a withdrawal: that is the caller's. */
    CompletionStage<Dialled<E>> result();

    /**
     * Takes it back: CANCEL, and then it is not reached. Who has answered by then stays in {@link
     * #result}, for whoever dialled to end. May be called twice.
     */
    void cancel(Ending why);

    /** The same, and who has answered is hung up. May be called twice. */
    default void abandon(Ending why) {
        cancel(why);
        var _ =
                result().thenAccept(how -> {
                    if (how instanceof Dialled.Connected<E>(E end)) {
                        end.hangUp(why);
                    }
                });
    }
}
