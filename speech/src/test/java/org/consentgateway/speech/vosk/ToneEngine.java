package org.consentgateway.speech.vosk;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.consentgateway.media.audio.Tone;
import org.consentgateway.speech.engine.AcousticModel;
import org.consentgateway.speech.engine.DecoderException;
import org.consentgateway.speech.engine.Hypothesis;
import org.consentgateway.speech.engine.SpeechDecoder;
import org.consentgateway.speech.engine.SpeechEngine;
import org.consentgateway.speech.words.Lexicon;

/**
 * Another recogniser than ours, as small as one can be: for it each word is a tone. Its model is a
 * file of words and frequencies. Immutable.
 */
public final class ToneEngine implements SpeechEngine {
    static final String MODEL = "tones.txt";

    @Override
    public boolean owns(Path folder) {
        return Files.exists(folder.resolve(MODEL));
    }

    @Override
    public AcousticModel open(Path folder) throws IOException {
        Map<String, Integer> words = new TreeMap<>();
        for (String line : Files.readAllLines(folder.resolve(MODEL), StandardCharsets.UTF_8)) {
            String[] cell = line.split("=", -1);
            if (cell.length != 2) {
                throw new IOException("no word and its tone: " + line);
            }
            words.put(cell[0], Integer.parseInt(cell[1]));
        }
        return new Model(words);
    }

    private record Model(Map<String, Integer> words) implements AcousticModel {
        @Override
        public SpeechDecoder open(Collection<String> phrases) {
            return new Decoder(words, phrases);
        }

        @Override
        public SpeechDecoder openFree() {
            return new Decoder(words, words.keySet());
        }

        @Override
        public boolean knows(String word) {
            return true; // what it has no tone for it never hears
        }

        @Override
        public String sha256() {
            return "70".repeat(32);
        }

        @Override
        public void close() {}
    }

    /** Confined to one worker. */
    private static final class Decoder implements SpeechDecoder {
        private static final double MOST_OF_IT = 0.6;
        private static final double AUDIBLE = 300;

        private final Map<String, Integer> words;
        private final Collection<String> phrases;
        private final List<String> said = new ArrayList<>();

        Decoder(Map<String, Integer> words, Collection<String> phrases) {
            this.words = words;
            this.phrases = phrases;
        }

        @Override
        public boolean accept(short[] samples) throws DecoderException {
            if (Tone.level(samples) < AUDIBLE) {
                said.add("");
                return false;
            }
            said.add(
                    words.entrySet().stream()
                            .filter(word -> Tone.share(samples, word.getValue()) > MOST_OF_IT)
                            .map(Map.Entry::getKey)
                            .filter(phrases::contains)
                            .findFirst()
                            .orElse(Lexicon.GARBAGE));
            return false;
        }

        @Override
        public Hypothesis partial() {
            List<String> text = new ArrayList<>();
            for (int i = 1; i < said.size(); i++) {
                String word = said.get(i);
                boolean lasts = word.equals(said.get(i - 1));
                boolean known = !text.isEmpty() && text.getLast().equals(word);
                if (!word.isEmpty() && lasts && !known) {
                    text.add(word);
                }
            }
            return new Hypothesis(String.join(" ", text), text.isEmpty() ? 0 : 1);
        }

        @Override
        public Hypothesis end() {
            Hypothesis all = partial();
            said.clear();
            return all;
        }

        @Override
        public void close() {}
    }
}
