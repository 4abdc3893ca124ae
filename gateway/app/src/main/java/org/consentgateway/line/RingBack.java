package org.consentgateway.line;

import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.consentgateway.call.CallTime;
import org.consentgateway.call.far.AssistantEnd;
import org.consentgateway.call.far.Dialled;
import org.consentgateway.call.far.Dialling;
import org.consentgateway.call.far.FarEnd;
import org.consentgateway.call.far.HumanEnd;
import org.consentgateway.call.far.Withdrawals;
import org.consentgateway.consent.Method;
import org.consentgateway.media.Playback;
import org.jspecify.annotations.Nullable;

/** Confined to the call's virtual thread. Lets the caller hear that a target is being dialled. */
final class RingBack {
    private final Prompts prompts;
    private final KeyTrail keys;
    private final Inbox inbox;
    private final CallTime time;

    RingBack(Prompts prompts, KeyTrail keys, Inbox inbox, CallTime time) {
        this.prompts = prompts;
        this.keys = keys;
        this.inbox = inbox;
        this.time = time;
    }

    /** A withdrawal ends it as well. */
    Dialled<AssistantEnd> untilAssistantAnswers(
            Dialling<AssistantEnd> dialling, Withdrawals watching, Happenings happenings) {
        keys.watch(WithdrawalWatch.beforeAnyAudio(watching, time, inbox));
        try {
            return until(dialling, RingBack::withdrawal, happenings);
        } finally {
            keys.watch(null);
        }
    }

    private static @Nullable Dialled<AssistantEnd> withdrawal(@Nullable Happening happening) {
        return switch (happening) {
            case Happening.Withdrew(Method method, _, _) -> new Dialled.WithdrawnMeanwhile(method);
            case Happening.EndedElsewhere _ -> new Dialled.EndedElsewhere();
            case null, default -> null; // other keys mean nothing while it rings
        };
    }

    Dialled<HumanEnd> untilHumanAnswers(Dialling<HumanEnd> dialling, Happenings happenings) {
        return until(dialling, _ -> null, happenings);
    }

    /**
     * @param ends what a happening means to the dialling; null if it goes on
     */
    private <E extends FarEnd> Dialled<E> until(
            Dialling<E> dialling,
            Function<@Nullable Happening, @Nullable Dialled<E>> ends,
            Happenings happenings) {
        CompletionStage<Dialled<E>> result = dialling.result();
        result.thenAccept(_ -> inbox.put(new Happening.DialDone(dialling)));
        Playback ringBack = prompts.ringBack();
        boolean done = false;
        try {
            while (true) {
                Happening happening = happenings.next();
                if (happening instanceof Happening.DialDone(Dialling<?> which)
                        && which.equals(dialling)) {
                    done = true;
                    return result.toCompletableFuture().join();
                }
                Dialled<E> end = ends.apply(happening);
                if (end != null) {
                    return end;
                }
            }
        } finally {
            ringBack.stop();
            if (!done) {
                dialling.cancel();
            }
        }
    }
}
