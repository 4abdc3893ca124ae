package org.consentgateway.speech.engine;

/** The recogniser failed, which costs this caller the use of their voice and nothing else. */
public final class DecoderException extends Exception {
    private static final long serialVersionUID = 1L;

    /**
     * @param what never what a caller said
     */
    public DecoderException(String what) {
        super(what);
    }
}
