package org.consentgateway.speech.engine;

/** One utterance of one caller being decoded. Confined to the worker that opened it. */
public interface SpeechDecoder extends AutoCloseable {

    /**
     * Takes 20 ms.
     *
     * @return whether the model thinks that the speech has ended
     * @throws DecoderException when it failed
     */
    boolean accept(short[] samples) throws DecoderException;

    /** What it would be if it ended now; nothing may be decided on it. */
    Hypothesis partial() throws DecoderException;

    /** What was said; then the decoder begins anew. */
    Hypothesis end() throws DecoderException;

    @Override
    void close();
}
