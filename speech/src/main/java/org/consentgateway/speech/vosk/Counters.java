package org.consentgateway.speech.vosk;

import java.util.concurrent.atomic.LongAdder;

/** What {@link org.consentgateway.speech.SpeechTotals} tells. Thread-safe. */
final class Counters {
    final LongAdder opened = new LongAdder();
    final LongAdder framesDropped = new LongAdder();
    final LongAdder understood = new LongAdder();
    final LongAdder notUnderstood = new LongAdder();
    final LongAdder late = new LongAdder();
    final LongAdder crashed = new LongAdder();
    final LongAdder workersReplaced = new LongAdder();
}
