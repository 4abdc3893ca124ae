package org.consentgateway.line;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.consentgateway.media.audio.PcmFrame;
import org.consentgateway.speech.Heard;
import org.consentgateway.speech.Listening;
import org.consentgateway.speech.ListeningPlace;
import org.consentgateway.speech.Recogniser;
import org.consentgateway.speech.SpokenMeaning;
import org.jspecify.annotations.Nullable;

/** Hears what a test says. */
final class ToldRecogniser implements Recogniser {
    private final boolean goesOn;
    private Consumer<Heard> to = _ -> {};
    Set<SpokenMeaning> accepted = Set.of();
    Runnable opening = () -> {};

    /** What it makes of each frame. */
    Consumer<PcmFrame> hearing = _ -> {};

    /** What the listening gives away that has told of its utterance. */
    List<Listening.HandedOver> left = List.of();

    /** How many places are free. */
    final AtomicInteger questions = new AtomicInteger(1);

    final AtomicInteger talks = new AtomicInteger(1);

    volatile int behindMillis;

    int opened;
    int wentOn;
    int closed;

    /**
     * @param goesOn whether a listening can be asked for the next utterance
     */
    ToldRecogniser(boolean goesOn) {
        this.goesOn = goesOn;
    }

    /** A listening that has failed tells nothing more. */
    void heard(Heard heard) {
        Consumer<Heard> now = to;
        if (heard instanceof Heard.Failed) {
            to = _ -> {};
        }
        now.accept(heard);
    }

    @Override
    public boolean hears(String language) {
        return true;
    }

    @Override
    public String model(String language) {
        return "22";
    }

    @Override
    public Map<String, String> state() {
        return Map.of();
    }

    @Override
    public @Nullable ListeningPlace place(ListeningPlace.Use use) {
        AtomicInteger free =
                switch (use) {
                    case QUESTIONS -> questions;
                    case TALK -> talks;
                };
        if (free.get() == 0) {
            return null;
        }
        free.decrementAndGet();
        return new ListeningPlace() {
            @Override
            public Listening listen(
                    String language, Set<SpokenMeaning> accepted, Consumer<Heard> to) {
                return open(accepted, to);
            }

            @Override
            public void close() {
                free.incrementAndGet();
            }
        };
    }

    private Listening open(Set<SpokenMeaning> accepted, Consumer<Heard> to) {
        this.accepted = accepted;
        this.to = to;
        opened++;
        opening.run();
        return new Listening() {
            @Override
            public void hear(PcmFrame frame) {
                hearing.accept(frame);
            }

            @Override
            public List<HandedOver> unheard() {
                return left;
            }

            @Override
            public int behindMillis() {
                return behindMillis;
            }

            @Override
            public boolean again() {
                wentOn += goesOn ? 1 : 0;
                return goesOn;
            }

            @Override
            public void close() {
                closed++;
            }
        };
    }

    @Override
    public void close() {}
}
