package org.consentgateway.speech.engine;

import java.util.Collection;
import org.consentgateway.speech.words.Lexicon;

/** A loaded model, shared by all decoders. Thread-safe. */
public interface AcousticModel extends AutoCloseable {

    /**
     * A decoder for these phrases; all else is heard as {@link Lexicon#GARBAGE}, or as the word it
     * is, which spoils a yes as well. What cannot be told to look for phrases hears as {@link
     * #openFree} does.
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
