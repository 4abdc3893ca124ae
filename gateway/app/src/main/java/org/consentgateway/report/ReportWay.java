package org.consentgateway.report;

import java.util.Locale;

/** How customers get their reports. */
public enum ReportWay {
    /** The company's system is told that one is due, fetches it and sends it. */
    EVENT,
    /** By a mail server, from here. */
    MAIL;

    /** As records have it. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
