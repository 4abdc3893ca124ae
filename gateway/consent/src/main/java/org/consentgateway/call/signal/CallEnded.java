package org.consentgateway.call.signal;

import java.time.Instant;
import org.consentgateway.call.answer.Said;
import org.consentgateway.consent.Unclear;
import org.jspecify.annotations.Nullable;

/**
 * The call of who was spoken to is over. Surfaces at the verb under way, or else at the next one.
 */
public final class CallEnded extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final How how;
    private final transient @Nullable Said said;
    private final transient @Nullable Instant at;

    /** How it ended. */
    public enum How {
        /** Before we answered. */
        CANCELLED,
        CALLER_HUNG_UP,
        /** No packet of the caller for too long, or none that we could still take. */
        MEDIA_LOST,
        TRANSPORT_FAILED,
        BY_US,
        /** It goes on with somebody else, whom the trunk names now. */
        PASSED_ON
    }

    public CallEnded(How how) {
        this(how, null);
    }

    /**
     * @param said how far the utterance under way had come, with {@link Said.End#CALLER_GONE}; null
     *     where nothing was said
     */
    public CallEnded(How how, @Nullable Said said) {
        this(how, said, null);
    }

    private CallEnded(How how, @Nullable Said said, @Nullable Instant at) {
        super(how.name(), null, false, false);
        this.how = how;
        this.said = said;
        this.at = at;
    }

    /** The same, where it surfaces later than it was. */
    public CallEnded at(Instant then) {
        return new CallEnded(how, said, then);
    }

    /**
     * When it was.
     *
     * @param now where it has just been
     */
    public Instant atOr(Instant now) {
        return at == null ? now : at;
    }

    public @Nullable Said said() {
        return said;
    }

    /**
     * Why there is no answer: only a caller who hung up has hung up, or who passed the call on.
     *
     * @param hungUp what it is called where the caller did
     */
    public static Unclear why(How how, Unclear hungUp) {
        return switch (how) {
            case CANCELLED, CALLER_HUNG_UP, PASSED_ON -> hungUp;
            case MEDIA_LOST, TRANSPORT_FAILED, BY_US -> Unclear.ERROR;
        };
    }

    public How how() {
        return how;
    }
}
