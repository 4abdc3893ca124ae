package org.consentgateway.speech;

/**
 * Thread-safe. How loud one caller speaks, and how much of our prompts comes back, as far as a call
 * has shown: what is learned while one utterance is listened for helps with the next.
 */
public final class CallerLevels {
    private volatile double callerDbfs = Double.NaN;
    private volatile double echoDbfs = Double.NaN;
    private volatile double noiseDbfs = Double.NaN;
    private volatile double besideDbfs = Double.NEGATIVE_INFINITY;
    private volatile int promptMillis;

    /** Of what was understood last, while it was spoken; NaN before that. */
    public double callerDbfs() {
        return callerDbfs;
    }

    public void caller(double dbfs) {
        callerDbfs = dbfs;
    }

    /** Of what is there while nobody speaks; NaN before anything was heard. */
    public double noiseDbfs() {
        return noiseDbfs;
    }

    public void noise(double dbfs) {
        noiseDbfs = dbfs;
    }

    /**
     * The loudest of what was being spoken beside the caller, farther away, when the caller was
     * understood; negative infinity where nothing was.
     */
    public double besideDbfs() {
        return besideDbfs;
    }

    public void beside(double dbfs) {
        besideDbfs = dbfs;
    }

    /** For how long this caller's side has been heard while we spoke, in all prompts together. */
    public int promptMillis() {
        return promptMillis;
    }

    /** Told by one listening at a time, of which a call has no more. */
    public void promptMillis(int sum) {
        promptMillis = sum;
    }

    /** The most that came back of a prompt; NaN before anything was heard while one was played. */
    public double echoDbfs() {
        return echoDbfs;
    }

    public void echo(double dbfs) {
        echoDbfs = dbfs;
    }
}
