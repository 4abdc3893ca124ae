package org.consentgateway.speech.vosk;

import com.sun.jna.Pointer;
import org.consentgateway.speech.engine.DecoderException;
import org.consentgateway.speech.engine.Hypothesis;
import org.consentgateway.speech.engine.SpeechDecoder;
import org.jspecify.annotations.Nullable;

/** Confined to one worker: a Vosk recogniser is not thread-safe, and closing it twice crashes. */
final class VoskDecoder implements SpeechDecoder {
    private @Nullable Pointer recognizer;

    VoskDecoder(Pointer recognizer) {
        this.recognizer = recognizer;
    }

    @Override
    public boolean accept(short[] samples) throws DecoderException {
        int result = VoskNative.accept(opened(), samples);
        if (result < 0) {
            throw new DecoderException("libvosk could not take audio (" + result + ")");
        }
        return result > 0;
    }

    @Override
    public Hypothesis partial() throws DecoderException {
        return VoskAnswer.read(VoskNative.partialResult(opened()));
    }

    @Override
    public Hypothesis end() throws DecoderException {
        return VoskAnswer.read(VoskNative.finalResult(opened()));
    }

    private Pointer opened() throws DecoderException {
        Pointer handle = recognizer;
        if (handle == null) {
            throw new DecoderException("used after it was closed");
        }
        return handle;
    }

    @Override
    public void close() {
        Pointer handle = recognizer;
        recognizer = null;
        if (handle != null) {
            VoskNative.closeRecognizer(handle);
        }
    }
}
