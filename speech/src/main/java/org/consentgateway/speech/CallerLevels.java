package org.consentgateway.speech;

/**
 * Thread-safe. How loud one caller speaks, and how much of our prompts comes back, as far as a call
 * has shown: what is learned while one utterance is listened for helps with the next.
 */
public final class CallerLevels {
    private volatile double callerDbfs = Double.NaN;
    private volatile double echoDbfs = Double.NaN;

    /** Of what was understood last, while it was spoken; NaN before that. */
    public double callerDbfs() {
        return callerDbfs;
    }

    public void caller(double dbfs) {
        callerDbfs = dbfs;
    }

    /** The most that came back of a prompt; NaN before one was played long enough to know. */
    public double echoDbfs() {
        return echoDbfs;
    }

    public void echo(double dbfs) {
        echoDbfs = dbfs;
    }
}
