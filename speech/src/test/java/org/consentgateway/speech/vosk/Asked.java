package org.consentgateway.speech.vosk;

import java.util.Set;
import java.util.function.Consumer;
import org.consentgateway.media.audio.PcmFrame;
import org.consentgateway.speech.Heard;
import org.consentgateway.speech.Listening;
import org.consentgateway.speech.ListeningPlace;
import org.consentgateway.speech.SpokenMeaning;

/** Thread-safe. One caller who is asked: has a place as long as they are listened to. */
final class Asked implements Listening {
    private final ListeningPlace place;
    private final Listening listening;

    private Asked(ListeningPlace place, Listening listening) {
        this.place = place;
        this.listening = listening;
    }

    static Asked by(
            VoskRecogniser recogniser,
            String language,
            Set<SpokenMeaning> accepted,
            Consumer<Heard> to) {
        return by(recogniser, ListeningPlace.Use.QUESTIONS, language, accepted, to);
    }

    static Asked by(
            VoskRecogniser recogniser,
            ListeningPlace.Use use,
            String language,
            Set<SpokenMeaning> accepted,
            Consumer<Heard> to) {
        ListeningPlace place = recogniser.place(use);
        if (place == null) {
            throw new IllegalStateException("no place is free");
        }
        return new Asked(place, place.listen(language, accepted, to));
    }

    @Override
    public void hear(PcmFrame frame) {
        listening.hear(frame);
    }

    @Override
    public boolean again() {
        return listening.again();
    }

    @Override
    public void close() {
        listening.close();
        place.close();
    }
}
