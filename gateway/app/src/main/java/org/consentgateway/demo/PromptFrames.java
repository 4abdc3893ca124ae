package org.consentgateway.demo;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.consentgateway.media.audio.AudioClip;
import org.consentgateway.media.audio.PcmFrame;
import org.consentgateway.media.codec.Codec;
import org.consentgateway.media.codec.G711;

/**
 * Immutable. Prompts as they can arrive, frame by frame, found by the samples of a frame. Made once
 * for many calls: it holds each prompt by way of each law.
 */
public final class PromptFrames {
    /** A prompt may be caught anywhere in its first second: its very first packets may be late. */
    private static final int BEGINNING_FRAMES = 50;

    /** Samples below this are silence, which all prompts share. */
    private static final int SILENCE = 200;

    /** A prompt by way of one law or two, decoded. */
    record Known(String name, List<short[]> frames, int lastLoud) {}

    /** A place in a prompt. */
    record Place(Known prompt, int frame) {}

    private final Map<Integer, List<Place>> firsts = new HashMap<>();

    /**
     * @param prompts by the name they are told by
     */
    public PromptFrames(Map<String, AudioClip> prompts) {
        List<G711> laws = Codec.all().stream().map(Codec::recordedIn).distinct().toList();
        prompts.forEach((name, clip) -> {
            for (G711 law : laws) {
                short[] spoken = law.decode(clip.octets(law));
                // A bot's sound may come in one law and go on in the other.
                laws.forEach(other -> index(name, other.decode(other.encode(spoken))));
            }
        });
    }

    private void index(String name, short[] samples) {
        List<short[]> frames = new ArrayList<>();
        int firstLoud = -1;
        int lastLoud = -1;
        for (int at = 0; at + PcmFrame.SAMPLES <= samples.length; at += PcmFrame.SAMPLES) {
            short[] frame = Arrays.copyOfRange(samples, at, at + PcmFrame.SAMPLES);
            if (loud(frame)) {
                lastLoud = frames.size();
                firstLoud = firstLoud < 0 ? lastLoud : firstLoud;
            }
            frames.add(frame);
        }
        if (firstLoud >= 0) {
            Known known = new Known(name, frames, lastLoud);
            int end = Math.min(frames.size(), firstLoud + BEGINNING_FRAMES);
            for (int at = firstLoud; at < end; at++) {
                if (loud(frames.get(at))) {
                    firsts.computeIfAbsent(
                                    Arrays.hashCode(frames.get(at)), hash -> new ArrayList<>())
                            .add(new Place(known, at));
                }
            }
        }
    }

    private static boolean loud(short[] frame) {
        for (short sample : frame) {
            if (Math.abs(sample) > SILENCE) {
                return true;
            }
        }
        return false;
    }

    /** The places near the beginning of prompts where exactly this is heard. */
    List<Place> beginningsAt(short[] heard) {
        return firsts.getOrDefault(Arrays.hashCode(heard), List.of()).stream()
                .filter(place -> Arrays.equals(place.prompt().frames().get(place.frame()), heard))
                .toList();
    }
}
