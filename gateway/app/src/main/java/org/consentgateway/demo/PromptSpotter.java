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
import org.jspecify.annotations.Nullable;

/**
 * Confined to one call's media thread. Tells which known prompt is being heard, by its very
 * samples: on loopback a prompt arrives as it was sent, frame by frame, so comparing is enough and
 * nothing has to be recognised.
 */
public final class PromptSpotter {
    /** Frames in a row until it is believed (60 ms). */
    private static final int BELIEVED_FRAMES = 3;

    /** A prompt may be caught anywhere in its first second: its very first packets may be late. */
    private static final int BEGINNING_FRAMES = 50;

    /** Samples below this are silence, which all prompts share. */
    private static final int SILENCE = 200;

    /** Frames in a row that may differ (loss, concealment) before the prompt counts as cut off. */
    private static final int FORGIVEN_FRAMES = 8;

    /** A busy machine may lose or repeat so much before the prompt is lost sight of. */
    private static final int AHEAD_FRAMES = 50;

    private static final int BEHIND_FRAMES = 5;

    /** Told of prompts as they come and go. */
    public interface Listener {
        void begins(String prompt);

        /**
         * @param whole whether it was heard to its last sound
         */
        void ends(String prompt, boolean whole);
    }

    /** A prompt by way of one law or two, decoded. */
    private record Known(String name, List<short[]> frames, int lastLoud) {}

    /** A place in a prompt. */
    private record Place(Known prompt, int frame) {}

    private final Map<Integer, List<Place>> firsts = new HashMap<>();
    private final Listener listener;
    private List<Place> candidates = List.of();
    private int believed;
    private @Nullable Known current;
    private int next;
    private int missed;

    /**
     * @param prompts by the name they are told by
     */
    public PromptSpotter(Map<String, AudioClip> prompts, Listener listener) {
        this.listener = listener;
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

    /** The next 20 ms that were heard. */
    public void hears(PcmFrame frame) {
        Known playing = current;
        // The frame that ends a prompt is its own, and no beginning of another.
        if (playing != null && follow(playing, frame.samples())) {
            return;
        }
        if (current == null) {
            search(frame.samples());
        }
    }

    /** Returns whether this was the last sound of it. */
    private boolean follow(Known playing, short[] heard) {
        int found = place(playing, heard);
        missed = found < 0 ? missed + 1 : 0;
        next = found < 0 ? next + 1 : found + 1;
        if (missed > FORGIVEN_FRAMES) {
            current = null;
            listener.ends(playing.name(), false);
        } else if (next > playing.lastLoud()) {
            current = null;
            listener.ends(playing.name(), true);
            return true;
        }
        return false;
    }

    /**
     * Where these 20 ms are in the prompt, near where it should be by now; -1 where they are not.
     */
    private int place(Known playing, short[] heard) {
        int end = Math.min(playing.frames().size(), next + AHEAD_FRAMES);
        for (int at = next; at < end; at++) {
            if (Arrays.equals(playing.frames().get(at), heard)) {
                return at;
            }
        }
        for (int at = next - 1; at >= Math.max(0, next - BEHIND_FRAMES); at--) {
            if (Arrays.equals(playing.frames().get(at), heard)) {
                return at;
            }
        }
        return -1;
    }

    private void search(short[] heard) {
        List<Place> still = new ArrayList<>();
        for (Place place : candidates) {
            if (place.frame() < place.prompt().frames().size()
                    && Arrays.equals(place.prompt().frames().get(place.frame()), heard)) {
                still.add(new Place(place.prompt(), place.frame() + 1));
            }
        }
        believed = still.isEmpty() ? 0 : believed + 1;
        if (still.isEmpty()) {
            for (Place first : firsts.getOrDefault(Arrays.hashCode(heard), List.of())) {
                if (Arrays.equals(first.prompt().frames().get(first.frame()), heard)) {
                    still.add(new Place(first.prompt(), first.frame() + 1));
                    believed = 1;
                }
            }
        }
        candidates = still;
        if (!still.isEmpty() && believed >= BELIEVED_FRAMES) {
            current = still.getFirst().prompt();
            next = still.getFirst().frame();
            missed = 0;
            candidates = List.of();
            believed = 0;
            listener.begins(still.getFirst().prompt().name());
        }
    }
}
