package org.consentgateway.whole;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.consentgateway.media.audio.Tone;
import org.consentgateway.media.audio.Wav;

/** Immutable. Single words of people and voices, from which turns are composed. */
public record Recordings(List<Recordings.Word> words) {
    private static final Path FOLDER =
            ShortPrompts.PROJECT.resolve("speech/src/test/resources/utterances");
    private static final int RATE = 8000;
    private static final int FRAME = RATE / 50;

    /** 60 ms before it begins and after it has died away. */
    private static final int AROUND = 3;

    /** 12 dB below the loudest. */
    private static final double BEGINS = 4;

    /** 24 dB below it. */
    private static final double DIES_AWAY = 16;

    /** Of a filter with one pole at 100 Hz. */
    private static final double POLE = 0.92;

    /**
     * One word at 8 kHz.
     *
     * @param whole as it is labelled
     * @param samples without the silence around it
     */
    public record Word(
            String name,
            String language,
            String said,
            boolean human,
            short[] whole,
            short[] samples) {
        /** Until it has died away. */
        public int millis() {
            return (samples.length - AROUND * FRAME) * 1000 / RATE;
        }

        @Override
        public String toString() {
            return name;
        }
    }

    public static Recordings ofPeople() throws IOException {
        List<Word> words = new ArrayList<>();
        for (String line : Files.readAllLines(FOLDER.resolve("labels.tsv"))) {
            String[] cell = line.split("\t", -1);
            if (!cell[0].endsWith(".wav") || cell[2].isEmpty()) {
                continue;
            }
            short[] all = Wav.read(FOLDER.resolve(cell[0])).at(RATE).samples();
            int from = (int) (Double.parseDouble(cell[5]) * RATE);
            int to = Math.min(all.length, (int) (Double.parseDouble(cell[6]) * RATE));
            words.add(
                    new Word(
                            cell[0].replace(".wav", ""),
                            cell[1],
                            cell[2],
                            cell[4].equals("human"),
                            Arrays.copyOfRange(all, from, to),
                            spoken(Arrays.copyOfRange(all, from, to))));
        }
        return new Recordings(List.copyOf(words));
    }

    /**
     * From where it is heard to where it has died away, and silence where its label leaves no room
     * around it: labels are generous, rooms noisy.
     */
    public static short[] spoken(short[] labelled) {
        double[] level = levels(labelled);
        double loudest = Arrays.stream(level).max().orElseThrow();
        int from = 0;
        while (level[from] < loudest / BEGINS) {
            from++;
        }
        int to = level.length;
        while (level[to - 1] < loudest / DIES_AWAY) {
            to--;
        }
        int first = Math.max(0, from - AROUND);
        int last = Math.min(level.length, to + AROUND);
        short[] word = new short[(to - from + 2 * AROUND) * FRAME];
        System.arraycopy(
                labelled,
                first * FRAME,
                word,
                (AROUND - from + first) * FRAME,
                (last - first) * FRAME);
        return word;
    }

    /**
     * Of each frame, hum and offset taken away: they can be as loud as a voice, nobody hears them
     * on a telephone, and the gateway takes them for no speech.
     */
    private static double[] levels(short[] sound) {
        double[] levels = new double[sound.length / FRAME];
        double before = sound[0];
        double voice = 0;
        for (int i = 0; i < levels.length; i++) {
            double energy = 0;
            for (int k = i * FRAME; k < (i + 1) * FRAME; k++) {
                voice = sound[k] - before + POLE * voice;
                before = sound[k];
                energy += voice * voice;
            }
            levels[i] = Math.sqrt(energy / FRAME);
        }
        return levels;
    }

    public List<Word> saying(String language, String... said) {
        List<String> wanted = List.of(said);
        return words.stream()
                .filter(word -> word.language().equals(language) && wanted.contains(word.said()))
                .toList();
    }

    /** All that is said in them one after the other, without an end in sight, at this level. */
    public short[] television(double dbfs, int millis) {
        short[] all = new short[millis * RATE / 1000];
        int at = 0;
        for (int i = 0; at < all.length; i++) {
            short[] word = words.get(i * 7 % words.size()).samples();
            double gain = Math.pow(10, dbfs / 20) * Short.MAX_VALUE / Tone.level(word);
            for (int k = 0; k < word.length && at < all.length; k++) {
                all[at++] = (short) Math.round(word[k] * gain);
            }
            at += RATE / 10;
        }
        return all;
    }

    /** The same sound at this level. */
    public static short[] at(double dbfs, short[] sound) {
        double gain = Math.pow(10, dbfs / 20) * Short.MAX_VALUE / Tone.level(sound);
        short[] louder = new short[sound.length];
        for (int i = 0; i < sound.length; i++) {
            louder[i] = (short) Math.clamp(Math.round(sound[i] * gain), -32768, 32767);
        }
        return louder;
    }

    /** One over the other, from so many milliseconds on. */
    public static short[] over(short[] below, int fromMillis, short[] above) {
        short[] both = below.clone();
        for (int i = 0; i < above.length; i++) {
            int at = fromMillis * RATE / 1000 + i;
            both[at] = (short) Math.clamp(both[at] + above[i], -32768, 32767);
        }
        return both;
    }

    /** Words one after the other, with so long between what is heard of them. */
    public static short[] turn(short[] first, int pauseMillis, short[] second) {
        int pause = Math.max(0, pauseMillis * RATE / 1000 - 2 * AROUND * FRAME);
        short[] all = Arrays.copyOf(first, first.length + pause + second.length);
        System.arraycopy(second, 0, all, first.length + pause, second.length);
        return all;
    }
}
