package org.consentgateway.experiment;

import java.util.Locale;

/** Immutable. What may be said of an experiment today. */
public enum ExperimentVerdict {
    /** It begins on a later day. */
    NOT_BEGUN,
    /** Too few callers of one variant. */
    FEW,
    /** The callers are not shared out as configured: nothing may be concluded. */
    MISMATCH,
    /** A guardrail is broken, whatever the consent rate is: it should be ended. */
    HARM,
    /** No difference is shown so far. */
    OPEN,
    /** More agree to the tried one, but it is not shown that nothing got worse. */
    HELD_BACK,
    /** More agree to the tried one, and nothing got worse: it may be proposed. */
    PROPOSED,
    /** Fewer agree to the tried one. */
    KEEP,
    /** As many callers as planned, or the last day is over, and no difference is shown. */
    NO_DIFFERENCE;

    /** Such as "held_back". */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
