package org.consentgateway.call.signal;

import java.time.Instant;
import org.consentgateway.call.answer.Said;
import org.consentgateway.consent.Method;
import org.jspecify.annotations.Nullable;

/**
 * The caller has withdrawn. Surfaces once, at the verb of {@code Caller} that is under way, or else
 * at the next one; the verbs then work again. What flowed to an assistant is cut already.
 */
public final class ConsentWithdrawn extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Method method;
    private final transient Instant at;
    private final transient @Nullable Instant cutAt;
    private final transient @Nullable Said said;

    /**
     * @param at of the last key or the end of the phrase
     * @param cutAt from when on nothing was sent; null where nothing flowed
     */
    public ConsentWithdrawn(Method method, Instant at, @Nullable Instant cutAt) {
        this(method, at, cutAt, null);
    }

    private ConsentWithdrawn(
            Method method, Instant at, @Nullable Instant cutAt, @Nullable Said said) {
        super("withdrawn", null, false, false);
        this.method = method;
        this.at = at;
        this.cutAt = cutAt;
        this.said = said;
    }

    /** The same, with how far the utterance under way had come. */
    public ConsentWithdrawn during(Said utterance) {
        return new ConsentWithdrawn(method, at, cutAt, utterance);
    }

    public Method method() {
        return method;
    }

    public Instant at() {
        return at;
    }

    public @Nullable Instant cutAt() {
        return cutAt;
    }

    /** How far the utterance under way had come; null where nothing was said. */
    public @Nullable Said said() {
        return said;
    }
}
