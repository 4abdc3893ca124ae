package org.consentgateway.speech.vosk;

import java.util.function.Supplier;
import org.consentgateway.speech.engine.Hypothesis;
import org.jspecify.annotations.Nullable;

/**
 * What was said between two silences, as far as it is known when it is decided on. Immutable.
 *
 * @param free what the recogniser without a grammar heard; null if there is none
 * @param speechMillis how long the speech was
 * @param endMillis media time of its end
 * @param lostMillis how much of it is missing where most is ({@link LostSound#millis})
 * @param hiddenMillis how much of it was left out as our own echo ({@link Endpointer#hiddenMillis})
 * @param sound its last second, for whoever looks at it again
 */
record HeardUtterance(
        Hypothesis said,
        @Nullable Hypothesis free,
        int speechMillis,
        long endMillis,
        int lostMillis,
        int hiddenMillis,
        Supplier<short[]> sound) {}
