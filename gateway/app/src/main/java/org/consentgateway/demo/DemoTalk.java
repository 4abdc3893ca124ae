package org.consentgateway.demo;

import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.consentgateway.media.audio.AudioClip;
import org.consentgateway.media.audio.PcmFrame;

/**
 * Thread-safe. One talk of the demonstration's assistant, by rule and whatever carries it: says
 * what was agreed to, reads out its token, asks for one purpose more, and says after the caller
 * what they said.
 */
final class DemoTalk {
    static final String TRANSCRIPT = "transcript";

    private static final char READS_TOKEN = '1';
    private static final char WRITES_DOWN = '3';

    /** So that a caller can see what comes after a talk that the far end ends. */
    private static final char HANGS_UP = '#';

    private static final int SPELLED = 4;

    private final DemoSentences sentences;
    private final Carrier voice;
    private final ZoneId zone;
    private final Utterances utterances = new Utterances();
    private DemoConsent consent;

    /** Of its own voice still to come, during which it does not listen. */
    private int speakingFrames;

    /** What carries the talk. Called under its lock: must hand over and return. */
    interface Carrier {
        /** Instead of what is being said. */
        void say(List<AudioClip> sounds, String written);

        /** What was to be said and has not been heard is not said. */
        void hush();

        /** Has the gateway ask the caller for it; the answer comes as {@link #news}. */
        void ask(String purpose);

        void hangUp();
    }

    DemoTalk(DemoSentences sentences, DemoConsent consent, ZoneId zone, Carrier voice) {
        this.sentences = sentences;
        this.consent = consent;
        this.zone = zone;
        this.voice = voice;
    }

    synchronized void begins() {
        List<String> all = new ArrayList<>(List.of(DemoSentences.HELLO, "agreed"));
        all.addAll(named(consent.purposes()));
        all.add(consent.lasting() ? "lasting" : "this-call");
        all.add("menu");
        say(all);
    }

    private List<String> named(List<String> purposes) {
        return purposes.stream()
                .map(one -> sentences.has(consent.language(), one) ? one : "other")
                .distinct()
                .toList();
    }

    private void say(List<String> names) {
        List<DemoSentences.Sentence> all =
                names.stream().map(name -> sentences.one(consent.language(), name)).toList();
        say(
                all.stream().map(DemoSentences.Sentence::spoken).toList(),
                all.stream().map(DemoSentences.Sentence::written).collect(Collectors.joining(" ")));
    }

    private void say(List<AudioClip> sounds, String written) {
        utterances.forget();
        speakingFrames = sounds.stream().mapToInt(AudioClip::samples).sum() / PcmFrame.SAMPLES;
        voice.say(sounds, written);
    }

    /** 20 ms of the caller. */
    synchronized void hears(short[] samples) {
        if (speakingFrames > 0) {
            speakingFrames--;
            return;
        }
        utterances
                .hear(samples)
                .ifPresent(said -> {
                    DemoSentences.Sentence first = sentences.one(consent.language(), "said");
                    say(List.of(first.spoken(), said), first.written());
                });
    }

    synchronized void key(char digit) {
        hush();
        switch (digit) {
            case READS_TOKEN -> readsToken();
            case WRITES_DOWN -> wantsToWriteDown();
            case HANGS_UP -> voice.hangUp();
            default -> say(List.of("menu"));
        }
    }

    private void hush() {
        speakingFrames = 0;
        voice.hush();
    }

    /** A line of text. */
    synchronized void typed(String line) {
        String words = line.toLowerCase(Locale.ROOT);
        if (words.contains("mitschreib") || words.contains("write")) {
            wantsToWriteDown();
        } else if (words.contains("nachweis") || words.contains("proof")) {
            readsToken();
        }
    }

    private void wantsToWriteDown() {
        if (consent.purposes().contains(TRANSCRIPT)) {
            say(List.of("already"));
        } else {
            say(List.of("asking"));
            voice.ask(TRANSCRIPT);
        }
    }

    private void readsToken() {
        DemoConsent.Claims claims = consent.claims().orElse(null);
        if (claims == null) {
            say(List.of("no-token"));
            return;
        }
        List<String> all = new ArrayList<>(List.of("token"));
        all.addAll(named(claims.purposes()));
        all.add("number");
        String record = claims.record().replaceAll("[^0-9a-f]", "");
        all.addAll(spelled(record.substring(Math.max(0, record.length() - SPELLED))));
        all.add("until");
        LocalTime until = LocalTime.ofInstant(claims.expires(), zone);
        all.addAll(spelled(String.valueOf(until.getHour())));
        all.add("oclock");
        all.addAll(spelled("%02d".formatted(until.getMinute())));
        say(all);
    }

    private static List<String> spelled(String text) {
        return text.chars().mapToObj(Character::toString).toList();
    }

    /**
     * What the gateway tells of a purpose.
     *
     * @param purposes those there are now, and the new token; empty where they stay as they are
     */
    synchronized void news(String state, String purposes, String token) {
        consent = consent.with(purposes, token);
        switch (state) {
            case "granted" -> say(List.of("granted"));
            case "declined" -> say(List.of("declined"));
            case "ended" -> say(List.of("ended"));
            default -> {
                // it is being asked, or the whole consent has ended
            }
        }
    }

    /** The gateway does not ask for what it was to ask for. */
    synchronized void cannotAsk() {
        say(List.of("cannot"));
    }
}
