package org.consentgateway.speech.vosk;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import org.consentgateway.speech.ListeningPlace;
import org.consentgateway.speech.SpeechSettings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Thread-safe. How many callers may be listened to at once. A talk lasts for minutes and a question
 * for seconds: were they counted together, those who talk would soon have all places, and nobody
 * who is asked would be heard.
 */
final class Places {
    private static final Logger LOG = LoggerFactory.getLogger(Places.class);

    private final Map<ListeningPlace.Use, Kind> kinds = new EnumMap<>(ListeningPlace.Use.class);
    private final int all;

    /** Thread-safe. Those of one use. */
    private static final class Kind {
        private final Semaphore free;
        private final LongAdder refused = new LongAdder();
        private final AtomicBoolean told = new AtomicBoolean();

        Kind(int places) {
            free = new Semaphore(places);
        }
    }

    Places(SpeechSettings.Limits limits) {
        kinds.put(ListeningPlace.Use.QUESTIONS, new Kind(limits.questions()));
        kinds.put(ListeningPlace.Use.TALK, new Kind(limits.talks()));
        all = limits.questions() + limits.talks();
    }

    /** Of both uses, taken and free. */
    int all() {
        return all;
    }

    /** Whether there was one; then it has to be given back. */
    boolean take(ListeningPlace.Use use) {
        Kind kind = kind(use);
        if (kind.free.tryAcquire()) {
            return true;
        }
        kind.refused.increment();
        if (kind.told.compareAndSet(false, true)) {
            tell(use);
        }
        return false;
    }

    void giveBack(ListeningPlace.Use use) {
        kind(use).free.release();
    }

    /** How often none was free. */
    long refused(ListeningPlace.Use use) {
        return kind(use).refused.sum();
    }

    private Kind kind(ListeningPlace.Use use) {
        Kind kind = kinds.get(use);
        if (kind == null) {
            throw new IllegalStateException("no places for " + use);
        }
        return kind;
    }

    private static void tell(ListeningPlace.Use use) {
        switch (use) {
            case QUESTIONS ->
                    LOG.warn(
                            "As many callers as speech.max-listening allows are listened to while"
                                    + " they are asked; the others are asked for keys. Said once;"
                                    + " consent_speech_rejected_total (limit) counts on");
            case TALK ->
                    LOG.warn(
                            "As many talks as speech.max-listening-in-talks allows are listened to"
                                    + " for the words that withdraw; callers in the others are told"
                                    + " of the keys alone. Said once;"
                                    + " consent_speech_rejected_total (talk_limit) counts on");
        }
    }
}
