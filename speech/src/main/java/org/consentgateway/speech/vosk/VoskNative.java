package org.consentgateway.speech.vosk;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Thread-safe as far as the handles given to it are. The C functions of libvosk 0.3 we use.
 *
 * <p>Vosk's own Java class is not used for three reasons: it declares the result of {@code
 * accept_waveform} a boolean, so that -1 (an exception inside) reads as "end of speech"; it turns
 * text into bytes by {@code -Djna.encoding}, so that "nö" is lost if nobody set it; and it cannot
 * ask a model for a word. Bytes here are always UTF-8.
 */
final class VoskNative {
    private static final String LIBRARY = "vosk";

    static {
        Native.register(VoskNative.class, LIBRARY);
        // -1: warnings and errors only go to standard error.
        vosk_set_log_level(-1);
    }

    private VoskNative() {}

    // The names are those of vosk_api.h.
    private static native void vosk_set_log_level(int level);

    private static native @Nullable Pointer vosk_model_new(byte[] path);

    private static native void vosk_model_free(Pointer model);

    private static native int vosk_model_find_word(Pointer model, byte[] word);

    private static native @Nullable Pointer vosk_recognizer_new(Pointer model, float rate);

    private static native @Nullable Pointer vosk_recognizer_new_grm(
            Pointer model, float rate, byte[] grammar);

    private static native void vosk_recognizer_set_words(Pointer recognizer, int words);

    private static native int vosk_recognizer_accept_waveform_s(
            Pointer recognizer, short[] samples, int length);

    private static native @Nullable Pointer vosk_recognizer_final_result(Pointer recognizer);

    private static native @Nullable Pointer vosk_recognizer_partial_result(Pointer recognizer);

    private static native void vosk_recognizer_free(Pointer recognizer);

    static @Nullable Pointer openModel(String path) {
        return vosk_model_new(utf8(path));
    }

    static void closeModel(Pointer model) {
        vosk_model_free(model);
    }

    static boolean knows(Pointer model, String word) {
        return vosk_model_find_word(model, utf8(word)) >= 0;
    }

    /**
     * @param grammar a JSON list of phrases; null for the model's own vocabulary
     */
    static @Nullable Pointer openRecognizer(Pointer model, float rate, @Nullable String grammar) {
        Pointer recognizer =
                grammar == null
                        ? vosk_recognizer_new(model, rate)
                        : vosk_recognizer_new_grm(model, rate, utf8(grammar));
        if (recognizer != null) {
            vosk_recognizer_set_words(recognizer, 1);
        }
        return recognizer;
    }

    /** 0: go on. 1: the model thinks the speech has ended. -1: it failed. */
    static int accept(Pointer recognizer, short[] samples) {
        return vosk_recognizer_accept_waveform_s(recognizer, samples, samples.length);
    }

    static String finalResult(Pointer recognizer) {
        return text(vosk_recognizer_final_result(recognizer));
    }

    static String partialResult(Pointer recognizer) {
        return text(vosk_recognizer_partial_result(recognizer));
    }

    static void closeRecognizer(Pointer recognizer) {
        vosk_recognizer_free(recognizer);
    }

    private static String text(@Nullable Pointer string) {
        return string == null ? "" : string.getString(0, "UTF-8");
    }

    /** With the zero that ends a string in C. */
    private static byte[] utf8(String text) {
        byte[] octets = text.getBytes(StandardCharsets.UTF_8);
        return Arrays.copyOf(octets, octets.length + 1);
    }
}
