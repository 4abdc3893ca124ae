package org.consentgateway.ledger;

import java.io.PrintWriter;
import java.util.function.LongConsumer;

/** Confined to one verification. How far it is, on one line that is written again and again. */
public final class ProgressBar implements LongConsumer {
    /** Fewer entries than that are checked before anybody reads a bar. */
    private static final long BAR_FROM = 50_000;

    private static final int WIDTH = 30;

    private final PrintWriter to;
    private final long size;

    /**
     * @param size entries there are
     */
    public ProgressBar(PrintWriter to, long size) {
        this.to = to;
        this.size = size;
    }

    @Override
    public void accept(long done) {
        if (size < BAR_FROM) {
            return;
        }
        long share = Math.min(100, done * 100 / size);
        int full = (int) (share * WIDTH / 100);
        to.print(
                "\r["
                        + "#".repeat(full)
                        + ".".repeat(WIDTH - full)
                        + "] "
                        + share
                        + " % of "
                        + size
                        + (done >= size ? "\n" : ""));
        to.flush();
    }
}
