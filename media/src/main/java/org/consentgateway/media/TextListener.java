package org.consentgateway.media;

/** Reads one party's text. Called on the leg's event loop, so it must hand over and return. */
public interface TextListener {

    /**
     * What has been typed, in order, once. What was lost on the way is U+FFFD.
     *
     * @param atNanos when its packet arrived
     */
    void text(String text, long atNanos);

    /** Once in 20 ms: time has passed. */
    default void look(long nowNanos) {}
}
