package org.consentgateway.cli;

import picocli.CommandLine;

/** What the shell is told. Every command keeps to these. */
public final class ExitCode {
    public static final int DONE = 0;

    /** It could not be done, or what was checked is not right. */
    public static final int FAILED = 1;

    public static final int WRONG_USAGE = 2;
    public static final int WRONG_CONFIGURATION = 3;

    /** A second signal ended it at once; what a shell reports for a process ended by SIGINT. */
    public static final int INTERRUPTED = 130;

    private static final String NOT_WHOLE =
            "the output could not be written whole: the disk is full, or what read it has ended";

    private ExitCode() {}

    /**
     * Done only where all that was printed was taken: a writer keeps an error to itself, and what a
     * full disk has cut off looks like a short answer.
     *
     * @param code of what was done; stays where it is not {@link #DONE}
     * @param cutOff instead of {@link #DONE}
     */
    public static int ofPrinted(int code, CommandLine line, int cutOff) {
        boolean taken = !line.getOut().checkError();
        if (taken || code != DONE) {
            return code;
        }
        line.getErr().println(line.getCommandName() + ": " + NOT_WHOLE);
        line.getErr().flush();
        return cutOff;
    }
}
