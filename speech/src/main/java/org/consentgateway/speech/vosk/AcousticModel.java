package org.consentgateway.speech.vosk;

import java.util.Collection;

/** A loaded model, shared by all decoders. Thread-safe. */
interface AcousticModel extends AutoCloseable {

    /**
     * A decoder for these phrases and garbage; all else is heard as garbage.
     *
     * @param phrases whose words the model knows
     */
    SpeechDecoder open(Collection<String> phrases) throws DecoderException;

    /** A decoder for the model's whole vocabulary. */
    SpeechDecoder openFree() throws DecoderException;

    /** Whether the word is in the vocabulary. */
    boolean knows(String word);

    /** Of what decides on its answers; evidence in the record. */
    String sha256();

    /** No decoder may be open any more. */
    @Override
    void close();
}
