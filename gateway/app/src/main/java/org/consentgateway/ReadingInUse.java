package org.consentgateway;

import org.consentgateway.target.AllTargets;

/** Thread-safe. The reading of the configuration by which calls go that come now. */
final class ReadingInUse {
    private volatile Now now;

    /** Immutable. The reading, and those who are dialled by it. */
    record Now(ConfigReading reading, AllTargets dialled) {}

    ReadingInUse(ConfigReading first, AllTargets dialled) {
        now = new Now(first, dialled);
    }

    void use(ConfigReading next, AllTargets dialled) {
        now = new Now(next, dialled);
    }

    Now now() {
        return now;
    }
}
