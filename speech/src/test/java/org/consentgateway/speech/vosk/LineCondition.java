package org.consentgateway.speech.vosk;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/**
 * What a telephone line makes of a sound, before it is coded as A-law. Immutable.
 *
 * @param lossPercent packets that never come
 */
record LineCondition(String name, int lossPercent, UnaryOperator<short[]> change) {
    private static final double SNR = 10;

    /** Those that a recogniser is measured in; GSM only where sox is installed. */
    static List<LineCondition> all() {
        return List.of(
                new LineCondition("A-law", 0, sound -> sound),
                new LineCondition("3 % loss", 3, sound -> sound),
                new LineCondition("GSM full rate", 0, LineCondition::gsm),
                new LineCondition("-15 dB", 0, sound -> Sounds.scale(sound, -15)),
                new LineCondition(
                        "car, SNR 10 dB",
                        0,
                        sound -> Evaluation.noisy(sound, car(sound.length), SNR)),
                new LineCondition(
                        "babble, SNR 10 dB",
                        0,
                        sound ->
                                Evaluation.noisy(
                                        sound, Evaluation.babble(sound.length / 8, 9), SNR)));
    }

    boolean possible() {
        return !name.startsWith("GSM") || Files.isExecutable(Path.of("/usr/bin/sox"));
    }

    /** An engine at 3,000 turns a minute and the road, most of it low. */
    private static short[] car(int samples) {
        var random = new Random(11);
        short[] sound = new short[samples];
        double road = 0;
        for (int i = 0; i < samples; i++) {
            road = 0.97 * road + random.nextGaussian() * 200;
            double engine = 0;
            for (int harmonic = 1; harmonic < 7; harmonic++) {
                engine += Math.sin(2 * Math.PI * 50 * harmonic * i / 8000) * 400 / harmonic;
            }
            sound[i] = Sounds.clip(road + engine + random.nextGaussian() * 40);
        }
        return sound;
    }

    /** There and back again by the program sox, which has the codec. */
    private static short[] gsm(short[] sound) {
        try {
            Path raw = Files.createTempFile("line", ".raw");
            Path coded = Files.createTempFile("line", ".gsm");
            try {
                var octets = ByteBuffer.allocate(2 * sound.length).order(ByteOrder.LITTLE_ENDIAN);
                octets.asShortBuffer().put(sound);
                Files.write(raw, octets.array());
                List<String> samples =
                        List.of("-t", "raw", "-r", "8000", "-e", "signed", "-b", "16", "-c", "1");
                sox(samples, raw, List.of("-t", "gsm"), coded);
                sox(List.of("-t", "gsm"), coded, samples, raw);
                byte[] back = Files.readAllBytes(raw);
                short[] line = new short[back.length / 2];
                ByteBuffer.wrap(back).order(ByteOrder.LITTLE_ENDIAN).asShortBuffer().get(line);
                return line;
            } finally {
                Files.deleteIfExists(raw);
                Files.deleteIfExists(coded);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void sox(List<String> kind, Path from, List<String> toKind, Path to)
            throws IOException {
        var command = new java.util.ArrayList<>(List.of("/usr/bin/sox", "-V1"));
        command.addAll(kind);
        command.add(from.toString());
        command.addAll(toKind);
        command.add(to.toString());
        Process process = new ProcessBuilder(command).inheritIO().start();
        try {
            if (!process.waitFor(20, TimeUnit.SECONDS) || process.exitValue() != 0) {
                throw new IOException("sox failed");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }
}
