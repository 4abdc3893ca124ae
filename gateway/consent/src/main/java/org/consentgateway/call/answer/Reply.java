package org.consentgateway.call.answer;

import java.time.Duration;
import org.consentgateway.consent.SpokenWords;
import org.jspecify.annotations.Nullable;

/** Immutable. What came back on one question asked once. None of them prints what it holds. */
public sealed interface Reply {

    /** From the start of the question. */
    Duration latency();

    /** What was pressed or said means something here. */
    sealed interface Meant extends Reply {
        Meaning meaning();
    }

    /** What was said in words, spoken or typed: if it agrees to something it has to rest. */
    sealed interface InWords extends Meant {
        SpokenWords words();
    }

    /**
     * @param spokenToo whether words that mean the same were spoken with it
     */
    record Key(char digit, Meaning meaning, boolean spokenToo, Duration latency) implements Meant {
        @Override
        public String toString() {
            return "Key[hidden]";
        }
    }

    /**
     * @param confidence 0 to 1
     * @param speechMillis how long the speech was
     * @param weak whether the word may have been another one, so that a yes needs asking back
     */
    record Spoken(
            Meaning meaning,
            SpokenWords words,
            double confidence,
            int speechMillis,
            boolean weak,
            Duration latency)
            implements InWords {
        @Override
        public String toString() {
            return "Spoken[hidden]";
        }
    }

    /**
     * @param key typed in place of words; null where it was words
     */
    record Written(Meaning meaning, @Nullable Character key, SpokenWords words, Duration latency)
            implements InWords {
        @Override
        public String toString() {
            return "Written[hidden]";
        }
    }

    /** A key and words, or two keys, that mean different things. */
    record Conflict(Duration latency) implements Reply {}

    record NoInput(Duration latency) implements Reply {}

    /** Keys that mean nothing here, or speech that does not. */
    record NoMatch(Duration latency) implements Reply {}

    /** The question did not reach the caller, so that no answer to it can count. */
    record PromptIncomplete(Said said, Duration latency) implements Reply {}
}
