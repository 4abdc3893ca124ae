package org.consentgateway.target;

import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.consentgateway.call.far.FarEnd;
import org.consentgateway.call.far.HumanTarget;
import org.consentgateway.consent.Purpose;
import org.consentgateway.media.BridgeableLeg;

/**
 * Thread-safe. The media of a far end that has answered, by whatever protocol. The story, which may
 * not know of media, sees a {@link FarEnd}; every connector makes it this as well, for the line.
 */
public interface FarLeg {

    /** On the event loop of the caller's leg, so that the two can be bridged. */
    BridgeableLeg leg();

    /** Completes once, when the far end or we have hung up, or somebody has taken our place. */
    CompletionStage<End> ended();

    /**
     * Whether anything of it has ever come. One that has to be heard before it counts as there at
     * all needs not say so.
     */
    default boolean heardFrom() {
        return true;
    }

    /**
     * From now on this is run, on any thread, when the far end asks for one more purpose ({@link
     * #takeRequest}); at once where it has asked before. One that never asks needs not do anything.
     */
    default void asking(Runnable told) {}

    /**
     * What the far end has asked for, once; then it waits for {@link
     * org.consentgateway.call.far.AssistantEnd#told}.
     */
    default Optional<Purpose> takeRequest() {
        return Optional.empty();
    }

    /** Immutable. How a talk with it ended. */
    sealed interface End {

        record HungUp() implements End {}

        /** Somebody else talks to it in our place. */
        record Replaced() implements End {}

        /** It is gone without having hung up. */
        record Lost() implements End {}

        /** It wants somebody else to take its place. */
        record Referred(HumanTarget to) implements End {}
    }

    /**
     * The media of a far end.
     *
     * @throws IllegalArgumentException if the connector that dialled it gave it none
     */
    static FarLeg of(FarEnd end) {
        if (end instanceof FarLeg leg) {
            return leg;
        }
        throw new IllegalArgumentException("a far end without media: " + end.getClass());
    }
}
