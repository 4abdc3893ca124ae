package org.consentgateway.line;

import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.consentgateway.call.CallTime;
import org.consentgateway.call.Draining;
import org.consentgateway.call.far.AssistantEnd;
import org.consentgateway.call.far.Dialled;
import org.consentgateway.call.far.Dialling;
import org.consentgateway.call.far.Ending;
import org.consentgateway.call.far.FarEnd;
import org.consentgateway.call.far.HumanEnd;
import org.consentgateway.call.far.Withdrawals;
import org.consentgateway.call.spoken.Utterance;
import org.consentgateway.consent.EndOfConsent;
import org.consentgateway.consent.Method;
import org.consentgateway.media.Playback;
import org.consentgateway.speech.Heard;
import org.consentgateway.speech.SpokenMeaning;
import org.consentgateway.target.FarLeg;
import org.jspecify.annotations.Nullable;

/**
 * Confined to the call's virtual thread. Says what there is to say while a target is dialled, and
 * then lets the caller hear that it rings.
 */
final class RingBack {
    /** Pressed while a consent is confirmed: the caller did not mean it. */
    private static final String NO = "20";

    /** The same, said. */
    private static final Set<SpokenMeaning> SAYS_NO =
            EnumSet.of(SpokenMeaning.REFUSE, SpokenMeaning.WITHDRAW, SpokenMeaning.HUMAN);

    /** The others are listened for so that they are not taken for the nearest of those. */
    private static final Set<SpokenMeaning> WORDS =
            EnumSet.of(
                    SpokenMeaning.REFUSE,
                    SpokenMeaning.WITHDRAW,
                    SpokenMeaning.HUMAN,
                    SpokenMeaning.AGREE,
                    SpokenMeaning.HEDGED);

    private final Prompts prompts;
    private final KeptBack keptBack;
    private final Hearing hearing;
    private final KeyTrail keys;
    private final Inbox inbox;
    private final CallTime time;

    RingBack(
            Prompts prompts,
            KeptBack keptBack,
            Hearing hearing,
            KeyTrail keys,
            Inbox inbox,
            CallTime time) {
        this.prompts = prompts;
        this.keptBack = keptBack;
        this.hearing = hearing;
        this.keys = keys;
        this.inbox = inbox;
        this.time = time;
    }

    /** A withdrawal ends it as well, and while something is said, a no is one. */
    Dialled<AssistantEnd> untilAssistantAnswers(
            Dialling<AssistantEnd> dialling,
            Utterance meanwhile,
            Withdrawals watching,
            Happenings happenings) {
        keys.watch(WithdrawalWatch.beforeAnyAudio(watching, time, inbox));
        try {
            var ringing = new Ringing<>(dialling, meanwhile);
            var no = new No(watching.language());
            return ringing.until(
                    happening ->
                            ringing.saying() && no.saidBy(happening)
                                    ? new Dialled.WithdrawnMeanwhile(no.method)
                                    : withdrawal(happening),
                    happenings);
        } finally {
            hearing.prompt(false);
            hearing.stop();
            keys.watch(null);
        }
    }

    private static @Nullable Dialled<AssistantEnd> withdrawal(@Nullable Happening happening) {
        return switch (happening) {
            case Happening.Withdrew(Method method, _, _) -> new Dialled.WithdrawnMeanwhile(method);
            case Happening.EndedElsewhere(EndOfConsent.How how, _, _) ->
                    new Dialled.EndedElsewhere(how);
            case null, default -> null; // other keys mean nothing while it rings
        };
    }

    /** Confined to the call's virtual thread. Whether the caller says no to what is confirmed. */
    private final class No {
        private final String language;
        private int listening;
        private Method method = Method.NONE;

        No(String language) {
            this.language = language;
            hearing.prompt(true);
            listen();
        }

        private void listen() {
            if (hearing.hears(language)) {
                listening =
                        hearing.start(
                                language,
                                WORDS,
                                (which, heard) -> inbox.put(new Happening.Listened(which, heard)));
            }
        }

        boolean saidBy(@Nullable Happening happening) {
            return switch (happening) {
                case Happening.KeyDown(char digit, _) when NO.indexOf(digit) >= 0 -> {
                    method = Method.KEY;
                    yield true;
                }
                case Happening.Listened(int which, Heard heard) when which == listening ->
                        saidBy(heard);
                case null, default -> false;
            };
        }

        private boolean saidBy(Heard heard) {
            switch (heard) {
                case Heard.Words said when SAYS_NO.contains(said.meaning()) -> {
                    method = Method.SPEECH;
                    return true;
                }
                case Heard.Words _, Heard.Nothing _ -> listen();
                case Heard.SpeechStarted _, Heard.Failed _ -> {
                    // wait for the words; or only keys are left
                }
            }
            return false;
        }
    }

    Dialled<HumanEnd> untilHumanAnswers(
            Dialling<HumanEnd> dialling, Utterance meanwhile, Happenings happenings) {
        return new Ringing<>(dialling, meanwhile).until(_ -> null, happenings);
    }

    /** Confined to the call's virtual thread. One target, from its INVITE to its answer. */
    private final class Ringing<E extends FarEnd> {
        private final Dialling<E> dialling;
        private final CompletionStage<Dialled<E>> result;

        /** What is being said, then the ringing. */
        private Playback playback;

        private boolean saying;
        private boolean ringing;
        private boolean dialled;

        Ringing(Dialling<E> dialling, Utterance meanwhile) {
            this.dialling = dialling;
            this.result = dialling.result();
            this.saying = !meanwhile.parts().isEmpty();
            this.ringing = !saying;
            this.playback = saying ? prompts.begin(meanwhile).playback() : prompts.ringBack();
            result.thenAccept(this::done);
        }

        /** On a SIP thread, before a packet of who has answered can have come. */
        private void done(Dialled<E> how) {
            if (how instanceof Dialled.Connected(FarEnd end)) {
                keptBack.from(FarLeg.of(end));
            }
            inbox.put(new Happening.DialDone(dialling));
        }

        boolean saying() {
            return saying;
        }

        /**
         * @param ends what a happening means to the dialling; null if it goes on
         */
        Dialled<E> until(
                Function<@Nullable Happening, @Nullable Dialled<E>> ends, Happenings happenings) {
            @Nullable Ending cancelled = Ending.NORMAL;
            try {
                while (!goOn()) {
                    Happening happening = happenings.next();
                    dialled |=
                            happening instanceof Happening.DialDone(Dialling<?> which)
                                    && which.equals(dialling);
                    Dialled<E> end = ends.apply(happening);
                    if (end != null) {
                        cancelled = whyCancelled(end);
                        return end;
                    }
                }
                cancelled = null;
                return result.toCompletableFuture().join();
            } catch (Draining e) {
                cancelled = Ending.DRAINED;
                throw e;
            } finally {
                playback.stop();
                if (cancelled != null) {
                    dialling.cancel(cancelled);
                }
            }
        }

        /**
         * From what is said to the ringing, where there is still something to wait for.
         *
         * @return whether it is over
         */
        private boolean goOn() {
            if (saying && playback.ended().toCompletableFuture().isDone()) {
                saying = false;
                hearing.prompt(false);
                hearing.stop();
                ringing = !dialled;
                if (ringing) {
                    playback = prompts.ringBack();
                }
            }
            if (dialled && ringing) {
                keptBack.forget();
            }
            return dialled && !saying;
        }
    }

    private static Ending whyCancelled(Dialled<?> end) {
        return switch (end) {
            case Dialled.WithdrawnMeanwhile _ -> Ending.CONSENT_WITHDRAWN;
            case Dialled.EndedElsewhere(EndOfConsent.How how) -> Ending.of(how);
            case Dialled.Connected<?> _, Dialled.NotReached<?> _, Dialled.Transferred _ ->
                    Ending.NORMAL;
        };
    }
}
