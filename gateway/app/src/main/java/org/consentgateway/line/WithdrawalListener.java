package org.consentgateway.line;

import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.consentgateway.call.CallTime;
import org.consentgateway.call.answer.Meaning;
import org.consentgateway.call.answer.TypedLine;
import org.consentgateway.call.far.BridgeEnd;
import org.consentgateway.call.far.Withdrawals;
import org.consentgateway.consent.EndOfConsent;
import org.consentgateway.consent.Method;
import org.consentgateway.line.text.TypedWords;
import org.consentgateway.speech.Heard;
import org.consentgateway.speech.SpokenMeaning;
import org.jspecify.annotations.Nullable;

/**
 * Confined to the call's virtual thread, but for what a {@link WithdrawalWatch} is told. How a
 * withdrawal is watched for now: its keys always, its phrase with whatever else is listened for, or
 * alone.
 */
final class WithdrawalListener {
    private static final Set<SpokenMeaning> PHRASE = EnumSet.of(SpokenMeaning.WITHDRAW);

    /** In a talk for which something is kept: the first ends all of it, the second that alone. */
    private static final Set<SpokenMeaning> ENDS =
            EnumSet.of(SpokenMeaning.WITHDRAW, SpokenMeaning.KEEP_NOTHING);

    private final Hearing hearing;
    private final KeyTrail keys;
    private final Inbox inbox;
    private final TypedWords typed;

    /** Read on the event loop as well. */
    private volatile Withdrawals watching = Withdrawals.NONE;

    private @Nullable WithdrawalWatch watch;

    WithdrawalListener(Hearing hearing, KeyTrail keys, TypedWords typed, Inbox inbox) {
        this.typed = typed;
        this.hearing = hearing;
        this.keys = keys;
        this.inbox = inbox;
    }

    /** As {@link org.consentgateway.call.Caller#watch}. */
    void watch(Withdrawals next) {
        if (!next.watched()) {
            watch = null;
            keys.watch(null);
        } else if (watch == null || !watching.keys().equals(next.keys())) {
            watch = new WithdrawalWatch(next.keys(), this::means, inbox);
            keys.watch(watch);
        }
        watching = next;
    }

    /** Whether there is something to withdraw. */
    boolean watched() {
        return watch != null;
    }

    /** In the language spoken now; the phrase only where it counts. */
    private boolean means(SpokenMeaning meaning, String line) {
        Withdrawals now = watching;
        return (now.phrase() || meaning != SpokenMeaning.WITHDRAW)
                && typed.means(meaning, line, now.language());
    }

    /** As {@link WithdrawalWatch#flows}. */
    boolean flows(Supplier<CompletionStage<Long>> cut) {
        return watch == null || watch.flows(cut);
    }

    /** As {@link WithdrawalWatch#endedElsewhere}. */
    EndOfConsent.@Nullable How endedElsewhere() {
        return watch == null ? null : watch.endedElsewhere();
    }

    void flowsNoMore() {
        if (watch != null) {
            watch.flowsNoMore();
        }
    }

    /**
     * A question is answered: the keys pressed until now withdraw nothing that is granted later,
     * and what they might have ended is not ended.
     */
    void answered() {
        keys.clear();
    }

    /** These words, and those of the phrase where it is listened for. */
    Set<SpokenMeaning> with(Set<SpokenMeaning> words) {
        if (!watching.phrase()) {
            return words;
        }
        var all = EnumSet.copyOf(PHRASE);
        all.addAll(words);
        return all;
    }

    /**
     * The caller has said this to a question.
     *
     * @return whether it withdraws a consent, which then surfaces
     */
    boolean withdraws(Heard.Words said) {
        if (watch == null || said.meaning() != SpokenMeaning.WITHDRAW) {
            return false;
        }
        withdraws(Method.SPEECH, hearing.nanosOf(said.endOfSpeechMediaMillis()));
        return true;
    }

    /**
     * The caller has typed this to a question.
     *
     * @return whether it withdraws a consent, which then surfaces
     */
    boolean withdraws(TypedLine line, long atNanos) {
        if (watch == null || line.meaning() != Meaning.WITHDRAW) {
            return false;
        }
        withdraws(Method.TEXT, atNanos);
        return true;
    }

    /** What the caller pressed or said withdraws a consent where one can end. */
    void withdraws(Method method, long atNanos) {
        if (watch != null) {
            watch.withdraw(method, atNanos);
        }
    }

    interface UntilClosed extends AutoCloseable {
        @Override
        void close();
    }

    /** Listens for the phrase while nothing else is listened for. */
    UntilClosed alone() {
        return alone(false);
    }

    /**
     * In a talk.
     *
     * @param less whether to listen for the words that end a part of the consent as well
     */
    UntilClosed inTalk(boolean less) {
        hearing.questionsOver();
        return alone(less);
    }

    private UntilClosed alone(boolean less) {
        listen(less ? ENDS : PHRASE);
        return hearing::stop;
    }

    /** Speaks, and listens meanwhile for the phrase alone. */
    <T> T during(Supplier<T> prompt) {
        hearing.prompt(true);
        try (var _ = alone()) {
            return prompt.get();
        } finally {
            hearing.prompt(false);
        }
    }

    /**
     * The caller is gone, perhaps right behind the words that withdraw: what was being said, or was
     * not heard yet, is heard to its end. Who said nothing is not waited for.
     *
     * @return null where nothing was withdrawn
     */
    Happening.@Nullable Withdrew lastWords() {
        Hearing.UnderWay words = hearing.underWay();
        while (true) {
            long wait = words.lastWaitNanos();
            Happening happening = inbox.takeBehindTheEnd(wait);
            if (happening instanceof Happening.Withdrew withdrew) {
                return withdrew;
            }
            boolean over = happening == null && wait == 0;
            if (over || Thread.currentThread().isInterrupted()) {
                return null;
            }
        }
    }

    /**
     * We are about to hang up on the caller, who may have begun to withdraw: the rest of that is
     * waited for. Who has begun nothing is not.
     */
    void hearOut(CallTime time, Happenings happenings) {
        try (var _ = alone()) {
            Hearing.UnderWay words = hearing.underWay();
            long wait;
            do {
                wait = Math.max(words.sentenceWaitNanos(), keys.begunWaitNanos(time.nanos()));
            } while (happenings.next(wait) != null || wait > 0);
        }
    }

    /** As {@link WithdrawalWatch#takeLess}. */
    BridgeEnd.@Nullable LessWanted takeLess() {
        return watch == null ? null : watch.takeLess();
    }

    /** As {@link WithdrawalWatch#forgetLess}. */
    void forgetLess() {
        if (watch != null) {
            watch.forgetLess();
        }
    }

    /** The same, until something else is listened for, or nothing. */
    void listen() {
        listen(PHRASE);
    }

    private void listen(Set<SpokenMeaning> words) {
        hearing.stop();
        WithdrawalWatch told = watch;
        if (told == null) {
            hearing.nothingToWithdraw();
        } else if (listens()) {
            listen(watching.language(), words, told);
        }
    }

    /** Whether the phrase is to be listened for now, where there is a place for it. */
    boolean listens() {
        return watching.phrase() && hearing.knows(watching.language());
    }

    private void listen(String language, Set<SpokenMeaning> words, WithdrawalWatch told) {
        hearing.start(
                language,
                words,
                (number, heard) -> {
                    switch (heard) {
                        case Heard.Words said when said.meaning() == SpokenMeaning.WITHDRAW ->
                                told.spoken(hearing.nanosOf(said.endOfSpeechMediaMillis()));
                        case Heard.Words said when said.meaning() == SpokenMeaning.KEEP_NOTHING -> {
                            told.lessSpoken();
                            listenOn(number, language, words, told);
                        }
                        case Heard.Words _, Heard.Nothing _ ->
                                listenOn(number, language, words, told);
                        case Heard.SpeechStarted _,
                                Heard.Ceased _,
                                Heard.BegunAnew _,
                                Heard.Missed _,
                                Heard.Likely _ -> {
                            // wait for the words
                        }
                        case Heard.Failed how -> // until then only keys are left
                                hearing.failed(number, how, () -> listen(language, words, told));
                    }
                });
    }

    private void listenOn(
            int number, String language, Set<SpokenMeaning> words, WithdrawalWatch told) {
        if (!hearing.again(number)) {
            listen(language, words, told);
        }
    }
}
