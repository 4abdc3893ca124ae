package org.consentgateway.reporting;

import org.consentgateway.metrics.CallMeters;
import org.consentgateway.sip.counters.Rejection;
import org.consentgateway.sip.counters.SipCounters;
import org.consentgateway.speech.SpeechTotals;

import java.util.Locale;
import java.util.function.Supplier;

/** Immutable. Which meter gets what the parts count by themselves. */
public final class Counts {
    private Counts() {}

    public static void ofSip(CarryOver over, Supplier<SipCounters> sip, CallMeters meters) {
        for (Rejection why : Rejection.values()) {
            String reason = why.name().toLowerCase(Locale.ROOT);
            over.count(
                    () -> sip.get().rejected().getOrDefault(why, 0L),
                    more -> {
                        if (silent(why)) {
                            meters.dropped(reason, more);
                        } else {
                            meters.rejected(reason, more);
                        }
                    });
        }
    }

    public static void ofSpeech(CarryOver over, Supplier<SpeechTotals> speech, CallMeters meters) {
        over.count(() -> speech.get().overLimit(), more -> meters.notListened("limit", more));
        over.count(() -> speech.get().late(), more -> meters.notListened("late", more));
        over.count(() -> speech.get().crashed(), more -> meters.notListened("crashed", more));
    }

    /** Who gets no answer must not learn that anybody is here. */
    private static boolean silent(Rejection why) {
        return switch (why) {
            case UNKNOWN_SOURCE,
                    NOT_A_TRUNK,
                    WRONG_PEER,
                    TOO_LONG,
                    TOO_MANY_CONNECTIONS,
                    IDLE_CONNECTION ->
                    true;
            case BAD_PASSWORD,
                    MALFORMED,
                    TOO_MANY_HEADERS,
                    VERSION,
                    EMERGENCY,
                    UNKNOWN_LINE,
                    SOURCE_RATE,
                    TRUNK_RATE,
                    FULL,
                    TRUNK_FULL,
                    LINE_FULL,
                    LOAD,
                    DRAINING,
                    NO_COMMON_CODEC,
                    NO_SRTP,
                    BAD_BODY,
                    BAD_EXTENSION,
                    LOOP,
                    MERGED,
                    NO_SUCH_CALL,
                    OUT_OF_ORDER,
                    PENDING,
                    METHOD,
                    SESSION_INTERVAL,
                    URI_SCHEME ->
                    false;
        };
    }
}
