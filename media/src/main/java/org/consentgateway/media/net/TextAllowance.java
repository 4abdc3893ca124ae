package org.consentgateway.media.net;

/**
 * How much text is taken from a party: far more than anybody types, less than does harm. Confined
 * to its leg's event loop.
 */
final class TextAllowance {
    /** Characters at once: a sentence that was pasted. */
    private static final double BURST = 1000;

    private static final double PER_SECOND = 100;

    private double left = BURST;
    private long lastNanos;

    TextAllowance(long nowNanos) {
        lastNanos = nowNanos;
    }

    /**
     * @return how many of these characters are taken
     */
    int take(int characters, long nowNanos) {
        left = Math.min(BURST, left + (nowNanos - lastNanos) / 1e9 * PER_SECOND);
        lastNanos = nowNanos;
        int taken = (int) Math.min(characters, left);
        left -= taken;
        return taken;
    }
}
