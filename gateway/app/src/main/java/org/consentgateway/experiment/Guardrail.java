package org.consentgateway.experiment;

import java.util.Locale;

/**
 * Immutable. What a wording must not make worse, however many agree to it. The margins stand here
 * and not in the configuration: who wants a winner cannot widen them.
 */
public enum Guardrail {
    /** Hung up in the opening or in the question, of all answered calls. */
    ABANDONED(Unit.SHARE, 0.03, false),
    /** Heard a question again, of those who answered or were silent to the end. */
    REPEATED(Unit.SHARE, 0.05, false),
    /** Withdrew in the call in which they had agreed, of all consents. */
    WITHDRAWN_IN_CALL(Unit.SHARE, 0.03, false),
    /** Withdrew within 30 days, of the consents that are 30 days old. */
    WITHDRAWN_IN_30_DAYS(Unit.SHARE, 0.03, false),
    /** Left a complaint, of all answered calls. */
    COMPLAINED(Unit.SHARE, 0.01, false),
    /** Found it clear (1 or 2 of 5), of those who were asked and answered. */
    CLEAR(Unit.SHARE, -0.10, true),
    /** Were helped by their own word, of those who were asked and answered. */
    HELPED(Unit.SHARE, -0.10, true),
    /** From the answer of the call to a yes or no. */
    SECONDS(Unit.SECONDS, 2, false);

    /** In what it is measured. */
    public enum Unit {
        SHARE,
        SECONDS
    }

    private final Unit unit;
    private final double margin;
    private final boolean mayBeUnasked;

    Guardrail(Unit unit, double margin, boolean mayBeUnasked) {
        this.unit = unit;
        this.margin = margin;
        this.mayBeUnasked = mayBeUnasked;
    }

    public Unit unit() {
        return unit;
    }

    /** The difference that is too much; below 0 where less is worse. */
    public double margin() {
        return margin;
    }

    /** Only lines with {@code satisfaction} ask, and few answer. */
    boolean mayBeUnasked() {
        return mayBeUnasked;
    }

    /** Such as "withdrawn_in_call". */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    boolean isSafe(Estimate difference) {
        return margin > 0 ? difference.isBelow(margin) : difference.isAbove(margin);
    }

    boolean isHarmed(Estimate difference) {
        return margin > 0 ? difference.isAbove(margin) : difference.isBelow(margin);
    }
}
