package org.consentgateway.speech.vosk;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.consentgateway.media.audio.PcmFrame;
import org.consentgateway.speech.SpokenMeaning;
import org.consentgateway.speech.engine.Hypothesis;
import org.consentgateway.speech.words.Lexicon;
import org.junit.jupiter.api.Test;

/** How often a recogniser's thread is woken. */
class QuietFramesTest {
    private static final Set<SpokenMeaning> TALK = EnumSet.of(SpokenMeaning.WITHDRAW);
    private static final Set<SpokenMeaning> QUESTION =
            EnumSet.of(SpokenMeaning.AGREE, SpokenMeaning.REFUSE);

    private final FakeModel model = new FakeModel();
    private final List<String> told = new ArrayList<>();
    private long mediaMillis;
    private int woken;

    @Test
    void inATalkFiveQuietFramesAreLookedAtTogether() throws IOException {
        hear(session(TALK), Sounds.silence(2000), false);
        assertThat(woken).isBetween(20, 21);
    }

    @Test
    void behindAQuestionThreeQuietFramesAreLookedAtTogether() throws IOException {
        hear(session(QUESTION), Sounds.silence(2000), false);
        assertThat(woken).isBetween(33, 35);
    }

    @Test
    void whatMayBeSpeechIsHeardNoLater() throws IOException {
        model.partial = new Hypothesis("einwilligung widerrufen", 0);
        model.last = new Hypothesis("einwilligung widerrufen", 0.9);
        heardNoLater(TALK);
    }

    @Test
    void whatMayBeAnAnswerIsHeardNoLater() throws IOException {
        model.partial = new Hypothesis("nein", 0);
        model.last = new Hypothesis("nein", 0.9);
        heardNoLater(QUESTION);
    }

    private void heardNoLater(Set<SpokenMeaning> accepted) throws IOException {
        for (int silence = 400; silence < 500; silence += 20) {
            short[] sound =
                    Sounds.join(
                            Sounds.silence(silence),
                            Sounds.voice(20, -45),
                            Sounds.silence(300),
                            Sounds.voice(900, -30),
                            Sounds.silence(700));
            hear(session(accepted), sound, true);
            List<String> atOnce = List.copyOf(told);
            hear(session(accepted), sound, false);
            assertThat(told).isEqualTo(atOnce);
            assertThat(told.toString()).contains("SpeechStarted", "Words");
        }
    }

    private ListeningSession session(Set<SpokenMeaning> accepted) throws IOException {
        told.clear();
        mediaMillis = 0;
        woken = 0;
        return new ListeningSession(
                RecognisedLanguage.of(
                        model,
                        Lexicon.load(Utterances.ROOT.resolve("config/lexicon/de.yaml")),
                        new DecisionRule(0.7, 0.6, 0.6, 160, 120, false),
                        null),
                accepted,
                heard -> told.add(heard.getClass().getSimpleName() + " " + mediaMillis),
                new SessionScheduler() {
                    @Override
                    public long nanos() {
                        return 1;
                    }

                    @Override
                    public void schedule(ListeningSession scheduled) {
                        woken++;
                    }

                    @Override
                    public void released(ListeningSession released) {}
                },
                new Counters());
    }

    /**
     * @param always whether to work though nobody was woken
     */
    private void hear(ListeningSession session, short[] sound, boolean always) {
        for (int at = 0; at + PcmFrame.SAMPLES <= sound.length; at += PcmFrame.SAMPLES) {
            int before = woken;
            session.hear(
                    new PcmFrame(
                            Arrays.copyOfRange(sound, at, at + PcmFrame.SAMPLES),
                            mediaMillis,
                            PcmFrame.Origin.RECEIVED));
            if (always || woken > before) {
                session.work();
            }
            mediaMillis += 20;
        }
    }
}
