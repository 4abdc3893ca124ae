package org.consentgateway.statistics.today;

import java.util.Locale;

/** Immutable. How far a caller came; a caller who came further is counted in each before it. */
public enum FunnelStage {
    /** The first packet of the opening was sent. */
    ANSWERED,
    /** Was asked, or answered before it could be. */
    ASKED,
    /** Agreed in this call, or had agreed in an earlier one that counts. */
    AGREED,
    /** Talked to the assistant. */
    ASSISTED;

    /** Such as "answered". */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
