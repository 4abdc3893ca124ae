package org.consentgateway.cli.demo;

import org.consentgateway.demo.DemoCall;

/** How a demo call went, in words that say what to do where it was refused. */
final class OutcomeWords {
    /** Service Unavailable. */
    private static final int NO_ROOM = 503;

    private OutcomeWords() {}

    static String of(DemoCall.Outcome outcome) {
        return switch (outcome) {
            case DemoCall.Outcome.Refused(int status, int seconds) ->
                    "refused with " + status + why(status, seconds);
            case DemoCall.Outcome.Ended(var how) -> "ended: " + how;
        };
    }

    /** A gateway without room says when to come again; one that takes no calls at all does not. */
    private static String why(int status, int seconds) {
        String again = seconds > 0 ? "; call again in " + seconds + " s (Retry-After)" : "";
        if (status != NO_ROOM) {
            return again;
        }
        return seconds > 0
                ? ": no room just now, by a limit of the configuration or for too much load; the"
                        + " gateway's log says which"
                        + again
                : ": no call is taken yet or any more, or nobody can be reached there; the"
                        + " gateway's log says which";
    }
}
