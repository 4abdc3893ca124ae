package org.consentgateway.web;

import java.util.HashSet;
import java.util.Set;

/** Thread-safe. How many calls there may be from pages: one of each browser, and few in all. */
final class CallPlaces {
    /** A demonstration; each costs a call of the gateway's and one of ours. */
    static final int MOST = 4;

    private final Set<String> browsers = new HashSet<>();

    /** What came of asking for one. */
    enum Place {
        TAKEN,
        /** This browser has a call already. */
        CALLS_ALREADY,
        FULL
    }

    synchronized Place take(String browser) {
        if (browsers.contains(browser)) {
            return Place.CALLS_ALREADY;
        }
        if (browsers.size() >= MOST) {
            return Place.FULL;
        }
        browsers.add(browser);
        return Place.TAKEN;
    }

    synchronized void leave(String browser) {
        browsers.remove(browser);
    }
}
