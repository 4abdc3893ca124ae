package org.consentgateway.cli;

/** What the shell is told. Every command keeps to these. */
public final class ExitCode {
    public static final int DONE = 0;

    /** It could not be done, or what was checked is not right. */
    public static final int FAILED = 1;

    public static final int WRONG_USAGE = 2;
    public static final int WRONG_CONFIGURATION = 3;

    private ExitCode() {}
}
