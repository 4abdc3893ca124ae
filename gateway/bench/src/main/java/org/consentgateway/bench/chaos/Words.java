package org.consentgateway.bench.chaos;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.consentgateway.media.audio.Wav;
import org.consentgateway.testkit.Law;
import org.consentgateway.testkit.Tones;

/** Immutable. Recordings of people who answer, in A-law. */
final class Words {
    private static final int FRAME = 160;

    /** As loud as speech, not as breath. */
    private static final double LOUD = 800;

    private static final double SAME = 0.99;

    private final List<byte[]> yes;
    private final List<byte[]> no;
    private final byte[] again;

    /** Samples of the packets of a first answer. */
    private final List<short[]> loud = new ArrayList<>();

    private Words(List<byte[]> yes, List<byte[]> no, byte[] again) {
        this.yes = yes;
        this.no = no;
        this.again = again;
        for (byte[] word : Stream.concat(yes.stream(), no.stream()).toList()) {
            for (int at = 0; at + FRAME <= word.length; at += FRAME) {
                short[] said = Law.A.decode(Arrays.copyOfRange(word, at, at + FRAME));
                if (Tones.level(said) >= LOUD) {
                    loud.add(said);
                }
            }
        }
    }

    /** Those that the project has. */
    static Words in(Path home) throws IOException {
        return new Words(
                recordings(home, "de-ja"),
                recordings(home, "de-nein"),
                read(home.resolve("config/prompts/demo/say/de-ich-stimme-zu.wav")));
    }

    private static List<byte[]> recordings(Path home, String name) throws IOException {
        List<byte[]> found = new ArrayList<>();
        for (String folder :
                List.of("config/prompts/demo/say", "speech/src/test/resources/utterances")) {
            try (Stream<Path> files = Files.list(home.resolve(folder))) {
                for (Path file : files.sorted().toList()) {
                    if (file.getFileName().toString().matches("(\\d+-)?" + name + "\\.wav")) {
                        found.add(read(file));
                    }
                }
            }
        }
        if (found.isEmpty()) {
            throw new IOException("no recording of " + name);
        }
        return List.copyOf(found);
    }

    private static byte[] read(Path file) throws IOException {
        return Wav.read(file).at(8000).alawOctets();
    }

    byte[] yes(Random random) {
        return yes.get(random.nextInt(yes.size()));
    }

    byte[] no(Random random) {
        return no.get(random.nextInt(no.size()));
    }

    /** Said where the first yes was not understood; not among those that are looked for. */
    byte[] again() {
        return again;
    }

    /** Whether a packet is one of those that carry a first answer, however loud. */
    boolean isIn(byte[] packet, Law law) {
        short[] heard = law.decode(packet);
        return heard.length == FRAME
                && Tones.level(heard) >= LOUD
                && loud.stream().anyMatch(said -> likeness(said, heard) > SAME);
    }

    /** By correlation: 1 for the same. */
    private static double likeness(short[] one, short[] other) {
        double both = 0;
        double first = 0;
        double second = 0;
        for (int i = 0; i < one.length; i++) {
            both += (double) one[i] * other[i];
            first += (double) one[i] * one[i];
            second += (double) other[i] * other[i];
        }
        return both / Math.sqrt(first * second);
    }
}
