package org.consentgateway.speech.vosk;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import org.consentgateway.media.audio.PcmFrame;
import org.consentgateway.speech.CallerLevels;
import org.consentgateway.speech.Heard;
import org.consentgateway.speech.Listening;
import org.consentgateway.speech.ListeningPlace;
import org.consentgateway.speech.Recogniser;
import org.consentgateway.speech.SecondOpinion;
import org.consentgateway.speech.SpeechSettings;
import org.consentgateway.speech.SpokenMeaning;
import org.consentgateway.speech.verifier.Verifier;
import org.consentgateway.speech.words.Lexicon;

/**
 * The shipped recogniser, worked by whoever hands over the audio, at once: so that a call can be
 * made in virtual time. Each listening is confined to its call's thread.
 */
public final class InlineRecogniser implements Recogniser {
    private final Map<String, RecognisedLanguage> languages;
    private final int together;

    /**
     * @param together frames that are heard in one go, when so many were handed over
     */
    private InlineRecogniser(Map<String, RecognisedLanguage> languages, int together) {
        this.languages = languages;
        this.together = together;
    }

    /** The same, but its thread comes to each listening only so often. */
    public InlineRecogniser lagging(int frames) {
        return new InlineRecogniser(languages, frames);
    }

    /** As the gateway is shipped. */
    public static InlineRecogniser shipped(Path project) throws IOException {
        return new InlineRecogniser(
                Map.of(
                        "de", language(project, "de", SecondOpinion.ASK),
                        "en", language(project, "en", SecondOpinion.REQUIRE)),
                1);
    }

    private static RecognisedLanguage language(Path project, String name, SecondOpinion opinion)
            throws IOException {
        Path models = project.resolve("config/models");
        String folder = SpeechSettings.BUNDLED_FOLDERS.get(name);
        LanguageModel model = LanguageModel.open(models.resolve(folder));
        return RecognisedLanguage.of(
                model,
                Lexicon.load(project.resolve("config/lexicon/" + name + ".yaml")),
                DecisionRule.of(model.sha256()),
                new Doubt(Verifier.open(models.resolve("verifier")), name, opinion));
    }

    @Override
    public boolean hears(String language) {
        return languages.containsKey(language);
    }

    @Override
    public String model(String language) {
        return Objects.requireNonNull(languages.get(language)).sha256();
    }

    @Override
    public Map<String, String> state() {
        return Map.of();
    }

    /** For each caller there is one. */
    @Override
    public ListeningPlace place(ListeningPlace.Use use) {
        return new ListeningPlace() {
            @Override
            public Listening listen(
                    String language, Set<SpokenMeaning> accepted, Consumer<Heard> to) {
                return open(language, accepted, to);
            }

            @Override
            public void close() {}
        };
    }

    private Listening open(String language, Set<SpokenMeaning> accepted, Consumer<Heard> to) {
        var session =
                new ListeningSession(
                        languages.get(language),
                        accepted,
                        to,
                        new SessionScheduler() {
                            @Override
                            public long nanos() {
                                return 1;
                            }

                            @Override
                            public void schedule(ListeningSession scheduled) {}

                            @Override
                            public void released(ListeningSession released) {}
                        },
                        new Counters());
        return new Listening() {
            private int handedOver;

            @Override
            public void hear(PcmFrame frame) {
                session.hear(frame);
                if (++handedOver % together == 0) {
                    for (int heard = 0; heard < together; heard += ListeningSession.SLICE_FRAMES) {
                        session.work();
                    }
                }
            }

            @Override
            public List<HandedOver> unheard() {
                return session.unheard();
            }

            @Override
            public void prompt(boolean playing) {
                session.prompt(playing);
            }

            @Override
            public void levels(CallerLevels known) {
                session.levels(known);
            }

            @Override
            public boolean again() {
                return session.again();
            }

            @Override
            public int behindMillis() {
                return session.behindMillis();
            }

            @Override
            public void close() {
                session.close();
                session.work();
            }
        };
    }

    @Override
    public void close() {
        languages.values().forEach(language -> language.model().close());
    }
}
