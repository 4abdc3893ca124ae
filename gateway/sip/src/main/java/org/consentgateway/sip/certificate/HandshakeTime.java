package org.consentgateway.sip.certificate;

import java.io.IOException;
import java.util.function.LongSupplier;

/**
 * What is left to the handshake of this thread, for what asks others in the middle of it: the
 * connection's own reads know when they have to end, a question to a third party does not.
 */
public final class HandshakeTime {
    private static final ScopedValue<Limit> LIMIT = ScopedValue.newInstance();

    /** Milliseconds, where nobody has said. */
    private static final long USUAL = 5_000;

    private HandshakeTime() {}

    /**
     * @param all milliseconds, when it began
     */
    private record Limit(long all, LongSupplier left) {}

    /** A handshake, to its end. */
    @FunctionalInterface
    public interface Handshake {
        void shake() throws IOException;
    }

    /**
     * What is asked in it sees this limit.
     *
     * @param left milliseconds from when it is asked on
     */
    public static void within(LongSupplier left, Handshake handshake) throws IOException {
        boolean _ =
                ScopedValue.where(LIMIT, new Limit(left.getAsLong(), left))
                        .call(() -> {
                            handshake.shake();
                            return true;
                        });
    }

    /** Milliseconds; zero or less where it is over. */
    static long left() {
        return LIMIT.isBound() ? LIMIT.get().left().getAsLong() : USUAL;
    }

    /** Milliseconds that it has from its beginning. */
    static long all() {
        return LIMIT.isBound() ? LIMIT.get().all() : USUAL;
    }
}
