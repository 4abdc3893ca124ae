package org.consentgateway.speech.vosk;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntPredicate;
import org.consentgateway.media.audio.Wav;
import org.consentgateway.speech.Heard;
import org.consentgateway.speech.SpokenMeaning;
import org.consentgateway.testkit.timing.Nightly;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A refusal of which packets are lost: what is left of "nicht einverstanden" is no yes that counts.
 */
class NegationLostTest {
    private static final Set<SpokenMeaning> YES_NO =
            EnumSet.of(
                    SpokenMeaning.AGREE,
                    SpokenMeaning.REFUSE,
                    SpokenMeaning.HEDGED,
                    SpokenMeaning.REPEAT,
                    SpokenMeaning.HELP,
                    SpokenMeaning.HUMAN,
                    SpokenMeaning.WITHDRAW,
                    SpokenMeaning.INFORMATION,
                    SpokenMeaning.OTHER_LANGUAGE);
    private static final Path TESTED =
            Utterances.ROOT.resolve("speech/src/test/resources/utterances");
    private static final int LEAD_PACKETS = 20;
    private static final int PACKET_MILLIS = 20;

    private static final boolean NIGHTLY = System.getProperty("nightly") != null;

    /** The most after which a yes counts as it is, and the first after which it was one. */
    @ParameterizedTest
    @CsvSource({"de, 46-de-nicht-einverstanden.wav", "en, 55-en-i-do-not-agree.wav"})
    void whatIsLeftOfARefusalIsNoYes(String language, String file) throws Exception {
        isNoYes(language, file, 2, 4);
    }

    @Nightly("a minute and a half of the processor; the two that decide are above")
    @ParameterizedTest
    @CsvSource({"de, 46-de-nicht-einverstanden.wav", "en, 55-en-i-do-not-agree.wav"})
    void andSoOfOtherLengths(String language, String file) throws Exception {
        isNoYes(language, file, 3, 6, 9, 13, 16);
    }

    /** By day losses begin so far from each other that each packet is lost in one of a length. */
    private static void isNoYes(String language, String file, int... lengths) throws Exception {
        short[] said = Wav.read(TESTED.resolve(file)).at(8000).samples();
        var taken = new ArrayList<String>();
        int refused = 0;
        int tried = 0;
        try (var model = LanguageModel.open(Utterances.model(language))) {
            RecognisedLanguage recognised = Utterances.recognised(model, language);
            for (int packets : lengths) {
                int step = NIGHTLY ? 1 : packets;
                for (int first = 0; first < said.length / 160; first += step) {
                    tried++;
                    int from = LEAD_PACKETS + first;
                    int to = from + packets;
                    List<Heard> heard = heard(recognised, said, i -> i >= from && i < to);
                    for (Heard each : heard) {
                        if (each instanceof Heard.Words words
                                && words.meaning() == SpokenMeaning.AGREE
                                && !words.weak()) {
                            taken.add(packets * PACKET_MILLIS + " ms at " + first * PACKET_MILLIS);
                        }
                        if (each instanceof Heard.Words words
                                && words.meaning() == SpokenMeaning.REFUSE) {
                            refused++;
                        }
                    }
                }
            }
        }
        assertThat(taken).isEmpty();
        assertThat(refused).as("most of it is understood all the same").isGreaterThan(tried / 4);
    }

    private static List<Heard> heard(
            RecognisedLanguage recognised, short[] said, IntPredicate lost) {
        var session = new InlineSession(recognised, YES_NO);
        short[] sound =
                Sounds.join(
                        Sounds.silence(LEAD_PACKETS * PACKET_MILLIS), said, Sounds.silence(1500));
        LossyPackets.hear(session, sound, lost);
        session.session.close();
        session.session.work();
        return session.told.stream().map(InlineSession.Told::heard).toList();
    }
}
