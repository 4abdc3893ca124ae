package org.consentgateway.speech.vosk;

import com.sun.jna.Pointer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.consentgateway.media.audio.PcmFrame;
import org.jspecify.annotations.Nullable;

/**
 * Lets a model hear half a second of noise in a process of its own: of a file that was cut short
 * libvosk makes a model that opens, and ends its whole process at the first word of a caller.
 */
final class ModelTrial {
    private static final Duration LONGEST = Duration.ofMinutes(2);
    private static final int SAMPLES = PcmFrame.SAMPLE_RATE / 2;
    private static final int LOUD = 8000;
    private static final String GRAMMAR = "[\"[unk]\"]";

    private ModelTrial() {}

    /**
     * @throws IOException in words for the operator, when it ends otherwise than well
     */
    static void of(Path folder) throws IOException {
        Process trial =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "--enable-native-access=ALL-UNNAMED",
                                "--sun-misc-unsafe-memory-access=allow",
                                "-XX:-CreateCoredumpOnCrash",
                                "-XX:+SuppressFatalErrorMessage",
                                "-Xmx64m",
                                "-cp",
                                System.getProperty("java.class.path"),
                                ModelTrial.class.getName(),
                                folder.toAbsolutePath().toString())
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start();
        try {
            if (!trial.waitFor(LONGEST.toSeconds(), TimeUnit.SECONDS)) {
                throw new IOException(folder + " is a broken Vosk model: it hears nothing in time");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while " + folder + " was tried", e);
        } finally {
            trial.destroyForcibly();
        }
        if (trial.exitValue() != 0) {
            throw new IOException(
                    folder
                            + " is a broken Vosk model: a process that heard half a second with it"
                            + " ended with "
                            + trial.exitValue());
        }
    }

    /** The argument is the folder. */
    public static void main(String[] folder) {
        Pointer model = VoskNative.openModel(folder[0]);
        System.exit(model != null && hears(model, GRAMMAR) && hears(model, null) ? 0 : 1);
    }

    private static boolean hears(Pointer model, @Nullable String grammar) {
        Pointer recognizer = VoskNative.openRecognizer(model, PcmFrame.SAMPLE_RATE, grammar);
        if (recognizer == null) {
            return false;
        }
        short[] noise = new short[SAMPLES];
        for (int i = 0; i < noise.length; i++) {
            noise[i] = (short) ((i * 7919 % (2 * LOUD)) - LOUD);
        }
        boolean heard = VoskNative.accept(recognizer, noise) >= 0;
        heard &= !VoskNative.finalResult(recognizer).isEmpty();
        VoskNative.closeRecognizer(recognizer);
        return heard;
    }
}
