package org.consentgateway.speech;

import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.consentgateway.media.audio.PcmFrame;

/** No recognition: all questions name keys only. Immutable. */
public final class KeysOnly implements Recogniser {
    private static final Listening HEARS_NOTHING =
            new Listening() {
                @Override
                public void hear(PcmFrame frame) {}

                @Override
                public void close() {}
            };

    @Override
    public boolean hears(String language) {
        return false;
    }

    @Override
    public String model(String language) {
        return "";
    }

    @Override
    public Map<String, String> state() {
        return Map.of();
    }

    @Override
    public SpeechTotals totals() {
        return new SpeechTotals(0, 0, 0, 0, 0, 0, 0, 0, 0);
    }

    @Override
    public Listening listen(String language, Set<SpokenMeaning> accepted, Consumer<Heard> to) {
        to.accept(new Heard.Failed(Heard.Reason.NO_MODEL));
        return HEARS_NOTHING;
    }

    @Override
    public void close() {}
}
