package org.consentgateway.reporting;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/** Thread-safe. Carries what parts have counted by themselves over to the meters, by difference. */
public final class CarryOver {
    private final List<Count> counts = new ArrayList<>();

    private static final class Count {
        private final LongSupplier total;
        private final LongConsumer more;
        private long seen;

        Count(LongSupplier total, LongConsumer more) {
            this.total = total;
            this.more = more;
        }

        void carry() {
            long now = total.getAsLong();
            if (now > seen) {
                more.accept(now - seen);
                seen = now;
            }
        }
    }

    synchronized void count(LongSupplier total, LongConsumer more) {
        counts.add(new Count(total, more));
    }

    /** To be called whenever the meters are looked at. */
    public synchronized void now() {
        counts.forEach(Count::carry);
    }
}
