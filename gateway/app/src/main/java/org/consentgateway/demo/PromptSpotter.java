package org.consentgateway.demo;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.consentgateway.demo.PromptFrames.Known;
import org.consentgateway.demo.PromptFrames.Place;
import org.consentgateway.media.audio.PcmFrame;
import org.jspecify.annotations.Nullable;

/**
 * Confined to one call's media thread. Tells which known prompt is being heard, by its very
 * samples: on loopback a prompt arrives as it was sent, frame by frame, so comparing is enough and
 * nothing has to be recognised.
 */
public final class PromptSpotter {
    /** Frames in a row until it is believed (60 ms). */
    private static final int BELIEVED_FRAMES = 3;

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

    private final PromptFrames prompts;
    private final Listener listener;
    private List<Place> candidates = List.of();
    private int believed;
    private @Nullable Known current;
    private int next;
    private int missed;

    public PromptSpotter(PromptFrames prompts, Listener listener) {
        this.prompts = prompts;
        this.listener = listener;
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
            for (Place first : prompts.beginningsAt(heard)) {
                still.add(new Place(first.prompt(), first.frame() + 1));
                believed = 1;
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
