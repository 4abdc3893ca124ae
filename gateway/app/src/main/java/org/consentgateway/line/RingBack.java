package org.consentgateway.line;

import java.util.EnumSet;
import java.util.HashMap;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.consentgateway.call.answer.Expecting;
import org.consentgateway.call.answer.Meaning;
import org.consentgateway.call.far.AssistantEnd;
import org.consentgateway.call.far.Dialled;
import org.consentgateway.call.far.Dialling;
import org.consentgateway.call.far.Ending;
import org.consentgateway.call.far.FarEnd;
import org.consentgateway.call.far.HumanEnd;
import org.consentgateway.call.signal.CallDrained;
import org.consentgateway.call.signal.CallEnded;
import org.consentgateway.call.signal.ConsentWithdrawn;
import org.consentgateway.call.spoken.Utterance;
import org.consentgateway.consent.EndOfConsent;
import org.consentgateway.consent.Method;
import org.consentgateway.line.text.TypedWords;
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
    /** Pressed while a consent is confirmed, or while it rings: the caller did not mean it. */
    private static final Set<Character> NO = Set.of('2', '0');

    /** The same, said. */
    private static final Set<SpokenMeaning> SAYS_NO =
            EnumSet.of(
                    SpokenMeaning.REFUSE,
                    SpokenMeaning.NEGATED,
                    SpokenMeaning.WITHDRAW,
                    SpokenMeaning.HUMAN);

    /** The others are listened for so that they are not taken for the nearest of those. */
    private static final Set<SpokenMeaning> WORDS =
            EnumSet.of(
                    SpokenMeaning.REFUSE,
                    SpokenMeaning.NEGATED,
                    SpokenMeaning.WITHDRAW,
                    SpokenMeaning.HUMAN,
                    SpokenMeaning.AGREE,
                    SpokenMeaning.HEDGED);

    /** The same, typed. */
    private static final Set<Meaning> TYPES_NO =
            EnumSet.of(Meaning.REFUSE, Meaning.WITHDRAW, Meaning.HUMAN);

    private static final Set<Meaning> TYPED =
            EnumSet.of(
                    Meaning.REFUSE, Meaning.WITHDRAW, Meaning.HUMAN, Meaning.AGREE, Meaning.HEDGED);

    private static final char WITHDRAWS = '9';

    private final Prompts prompts;
    private final KeptBack keptBack;
    private final Hearing hearing;
    private final WithdrawalListener withdrawals;
    private final Inbox inbox;
    private final TypedWords typed;

    /** The keys of a no: whoever presses the key of a level once more has not refused it. */
    private Set<Character> no = NO;

    /** What is listened for already; null where nothing is. */
    private @Nullable No begun;

    RingBack(
            Prompts prompts,
            KeptBack keptBack,
            Hearing hearing,
            WithdrawalListener withdrawals,
            Inbox inbox,
            TypedWords typed) {
        this.prompts = prompts;
        this.typed = typed;
        this.keptBack = keptBack;
        this.hearing = hearing;
        this.withdrawals = withdrawals;
        this.inbox = inbox;
    }

    /** The keys that refuse in this question do so while what was agreed to in it is confirmed. */
    void asked(Expecting question) {
        no = question.refusing();
    }

    /**
     * A no withdraws at any moment of it, also one that is being said when it is over, which is
     * waited for; the end of the consent elsewhere ends it as well.
     */
    Dialled<AssistantEnd> untilAssistantAnswers(
            Dialling<AssistantEnd> dialling, Utterance meanwhile, Happenings happenings) {
        var ringing = new Ringing<>(dialling, meanwhile, Ending.CONSENT_WITHDRAWN, () -> {});
        No no = listening(meanwhile.notice().language());
        return ringing.until(
                happening -> {
                    no.heed(happening);
                    return happening instanceof Happening.EndedElsewhere(var how, _, _)
                            ? new Dialled.EndedElsewhere(how)
                            : null; // what ends one purpose counts when it has answered
                },
                true,
                happenings);
    }

    /**
     * What was agreed to is being confirmed, and is recorded before anybody is dialled: from now on
     * a no is listened for, which counts as soon as there is something to withdraw. Where more was
     * agreed to in a talk there is already, and nobody is dialled: then it is the phrase.
     */
    void listen(String language) {
        if (withdrawals.watched()) {
            withdrawals.listen();
            return;
        }
        hearing.stop();
        var no = new No(language);
        no.listen();
        begun = no;
    }

    /** Goes on with what was begun, unless anything else was listened for since. */
    private No listening(String language) {
        No now = begun;
        begun = null;
        if (now == null || !now.goesOn()) {
            now = new No(language);
            now.listen();
        }
        return now;
    }

    /** Confined to the call's virtual thread. Takes a no to what was granted for a withdrawal. */
    private final class No {
        private static final int NOT_LISTENING = -1;

        private final String language;
        private final boolean listens;

        /** Written on the event loop as well, where it begins anew. */
        private volatile int listening = NOT_LISTENING;

        No(String language) {
            this.language = language;
            this.listens = hearing.hears(language) || hearing.hearsInTalk(language);
        }

        void listen() {
            if (listens) {
                listening =
                        hearing.start(
                                language,
                                WORDS,
                                (which, heard) -> inbox.put(new Happening.Listened(which, heard)));
            }
        }

        boolean goesOn() {
            return hearing.current(listening);
        }

        void heed(@Nullable Happening happening) {
            switch (happening) {
                case Happening.KeyDown(char digit, long at) when no.contains(digit) ->
                        withdrawals.withdraws(Method.KEY, at);
                case Happening.Listened(int which, Heard heard) when which == listening ->
                        heed(heard);
                case Happening.LineTyped(String line, _, long at, _) when isNo(line) ->
                        withdrawals.withdraws(Method.TEXT, at);
                case null, default -> {
                    // no no
                }
            }
        }

        private boolean isNo(String line) {
            var keys = new HashMap<Character, Meaning>();
            no.forEach(key -> keys.put(key, Meaning.REFUSE));
            keys.put(WITHDRAWS, Meaning.WITHDRAW);
            Meaning meaning =
                    typed.read(line, language, new Expecting(keys, TYPED), false).meaning();
            return meaning != null && TYPES_NO.contains(meaning);
        }

        private void heed(Heard heard) {
            switch (heard) {
                case Heard.Words said when SAYS_NO.contains(said.meaning()) ->
                        withdrawals.withdraws(
                                Method.SPEECH, hearing.nanosOf(said.endOfSpeechMediaMillis()));
                case Heard.Words _, Heard.Nothing _ -> listen();
                case Heard.SpeechStarted _,
                        Heard.Ceased _,
                        Heard.BegunAnew _,
                        Heard.Missed _,
                        Heard.Likely _ -> {
                    // wait for the words
                }
                case Heard.Failed how -> hearing.failed(listening, how, this::listen);
            }
        }
    }

    Dialled<HumanEnd> untilHumanAnswers(
            Dialling<HumanEnd> dialling, Utterance meanwhile, Happenings happenings) {
        hearing.questionsOver();
        // A person does not learn of the end of a consent.
        var ringing = new Ringing<>(dialling, meanwhile, Ending.NORMAL, withdrawals::listen);
        withdrawals.listen();
        return ringing.until(_ -> null, false, happenings);
    }

    /** Confined to the call's virtual thread. One target, from its INVITE to its answer. */
    private final class Ringing<E extends FarEnd> {
        private final Dialling<E> dialling;
        private final CompletionStage<Dialled<E>> result;

        /** What is being said, then the ringing. */
        private Playback playback;

        private final Ending ifWithdrawn;
        private final Runnable said;
        private boolean saying;
        private boolean ringing;
        private boolean dialled;

        /** Whether what the caller was saying at the answer has been waited for. */
        private boolean waited;

        /**
         * @param ifWithdrawn why it ends where the caller withdraws
         * @param said run when what is said is over
         */
        Ringing(Dialling<E> dialling, Utterance meanwhile, Ending ifWithdrawn, Runnable said) {
            this.dialling = dialling;
            this.ifWithdrawn = ifWithdrawn;
            this.said = said;
            this.result = dialling.result();
            this.saying = !meanwhile.parts().isEmpty();
            this.ringing = !saying;
            this.playback = saying ? prompts.begin(meanwhile).playback() : prompts.ringBack();
            hearing.prompt(saying);
            result.thenAccept(this::done);
        }

        /** On a SIP thread, before a packet of who has answered can have come. */
        private void done(Dialled<E> how) {
            if (how instanceof Dialled.Connected(FarEnd end)) {
                keptBack.from(FarLeg.of(end));
            }
            inbox.put(new Happening.DialDone(dialling));
        }

        /**
         * @param ends what a happening means to the dialling; null if it goes on
         * @param hearsOut whether what the caller is saying when it is over may end it as well
         */
        Dialled<E> until(
                Function<@Nullable Happening, @Nullable Dialled<E>> ends,
                boolean hearsOut,
                Happenings happenings) {
            @Nullable Ending cancelled = Ending.NORMAL;
            try {
                @Nullable Dialled<E> end = null;
                while (end == null && !goOn()) {
                    end = ends.apply(next(happenings));
                }
                if (end == null && hearsOut) {
                    end = heardOut(ends, happenings);
                }
                if (end instanceof Dialled.EndedElsewhere(EndOfConsent.How how)) {
                    cancelled = Ending.of(how);
                }
                if (end != null) {
                    return end;
                }
                cancelled = null;
                if (ringing && !waited) {
                    keptBack.forget(); // they are joined at once
                }
                return result.toCompletableFuture().join();
            } catch (CallEnded | ConsentWithdrawn | CallDrained e) {
                cancelled = endingBy(e);
                throw e;
            } finally {
                playback.stop();
                hearing.prompt(false);
                hearing.stop();
                if (cancelled != null) {
                    dialling.cancel(cancelled);
                }
            }
        }

        private Ending endingBy(RuntimeException e) {
            return switch (e) {
                case ConsentWithdrawn _ -> ifWithdrawn;
                case CallDrained _ -> Ending.DRAINED;
                default -> Ending.NORMAL;
            };
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
                said.run();
                ringing = !dialled;
                if (ringing) {
                    playback = prompts.ringBack();
                }
            }
            return dialled && !saying;
        }

        private @Nullable Happening next(Happenings happenings) {
            Happening happening = happenings.next();
            dialled |=
                    happening instanceof Happening.DialDone(Dialling<?> which)
                            && which.equals(dialling);
            return happening;
        }

        /**
         * Nothing is left to wait for but what the caller has begun to say: behind this nobody
         * would take it for a no. Where nobody has begun, it takes no time.
         */
        private @Nullable Dialled<E> heardOut(
                Function<@Nullable Happening, @Nullable Dialled<E>> ends, Happenings happenings) {
            Hearing.UnderWay words = hearing.underWay();
            @Nullable Dialled<E> end = null;
            boolean over = false;
            while (end == null && !over) {
                long wait = words.waitNanos();
                waited |= wait > 0;
                Happening happening = happenings.next(wait);
                over = wait == 0 && happening == null;
                end = ends.apply(happening);
            }
            return end;
        }
    }
}
