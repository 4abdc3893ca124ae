package org.consentgateway.speech.vosk;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.consentgateway.speech.engine.AcousticModel;
import org.consentgateway.speech.engine.DecoderException;
import org.consentgateway.speech.engine.Hypothesis;
import org.consentgateway.speech.engine.SpeechDecoder;

/** Thread-safe. Says what it is told to, remembers what it was asked, and can fail. */
final class FakeModel implements AcousticModel {
    enum Fault {
        NONE,
        MINUS_ONE_ON_AUDIO,
        EXCEPTION_AT_END,
        NO_DECODER,
        NEVER_RETURNS
    }

    final List<Collection<String>> grammars = new ArrayList<>();
    final AtomicInteger open = new AtomicInteger();
    final AtomicInteger partials = new AtomicInteger();
    final CountDownLatch stuck = new CountDownLatch(1);
    final CountDownLatch release = new CountDownLatch(1);
    volatile Set<String> unknown = Set.of();
    volatile Fault fault = Fault.NONE;
    volatile boolean saysEnd;
    volatile Hypothesis partial = Hypothesis.NOTHING;
    volatile Hypothesis last = Hypothesis.NOTHING;
    volatile Hypothesis free = Hypothesis.NOTHING;

    @Override
    public SpeechDecoder open(Collection<String> phrases) throws DecoderException {
        grammars.add(phrases);
        if (fault == Fault.NO_DECODER) {
            throw new DecoderException("none left");
        }
        return new FakeDecoder(false);
    }

    @Override
    public SpeechDecoder openFree() {
        return new FakeDecoder(true);
    }

    @Override
    public boolean knows(String word) {
        return !unknown.contains(word);
    }

    @Override
    public String sha256() {
        return "fake";
    }

    @Override
    public void close() {}

    private final class FakeDecoder implements SpeechDecoder {
        private final boolean openVocabulary;
        private boolean closed;

        FakeDecoder(boolean openVocabulary) {
            this.openVocabulary = openVocabulary;
            open.incrementAndGet();
        }

        @Override
        public boolean accept(short[] samples) throws DecoderException {
            if (fault == Fault.MINUS_ONE_ON_AUDIO) {
                throw new DecoderException("libvosk could not take audio (-1)");
            }
            if (fault == Fault.NEVER_RETURNS) {
                stuck.countDown();
                try {
                    release.await();
                } catch (InterruptedException e) {
                    throw new DecoderException("interrupted");
                }
            }
            return saysEnd;
        }

        @Override
        public Hypothesis partial() {
            partials.incrementAndGet();
            return partial;
        }

        @Override
        public Hypothesis end() {
            if (fault == Fault.EXCEPTION_AT_END) {
                throw new IllegalStateException("native trouble");
            }
            return openVocabulary ? free : last;
        }

        @Override
        public void close() {
            if (closed) {
                throw new IllegalStateException("closed twice");
            }
            closed = true;
            open.decrementAndGet();
        }
    }
}
