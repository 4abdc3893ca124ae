package org.consentgateway.whole;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.consentgateway.media.audio.Tone;
import org.consentgateway.media.codec.G711;
import org.consentgateway.testkit.AnsweredCall;
import org.consentgateway.testkit.Caller;
import org.consentgateway.testkit.CallerAudio;
import org.consentgateway.testkit.Sipp;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** sipp calls the whole gateway: what is then in the ledger, and who has heard the caller. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class SippScenariosTest {
    private static final byte[] VOICE = G711.PCMA.encode(Tone.sine(Caller.VOICE_HERTZ, 8000, 6000));

    /** The question is over 2.2 s after the answer and waits for 3 s more. */
    private static final int KEY_AT_MILLIS = 2900;

    private static final Set<String> DECISIONS =
            Set.of(
                    "Given basis",
                    "Unanswered PROMPT_INCOMPLETE",
                    "Unanswered NO_INPUT",
                    "Unanswered HANGUP_DURING_OPENING",
                    "Unanswered HANGUP_DURING_QUESTION");

    @RegisterExtension
    static final TestGateway gateway = TestGateway.with(TestGateway.Wishes.USUAL);

    private static Sipp sipp(String scenario, String number) throws Exception {
        return new Sipp(scenario, gateway.sip()).calling(TestGateway.ONE_LEVEL).as(number);
    }

    private static Sipp talking(String scenario, String number, char key) throws Exception {
        return sipp(scenario, number).set("talk", 5500).saying(pressing(key, KEY_AT_MILLIS));
    }

    private static CallerAudio pressing(char key, int atMillis) {
        return new CallerAudio().says(VOICE, atMillis).key(key).says(VOICE, 4000);
    }

    private static void succeeds(Sipp sipp) throws Exception {
        Sipp.Result result = sipp.run();
        assertThat(result.succeeded()).as(result.errors()).isTrue();
    }

    /** The assistant's calls that stem from this caller. */
    private static List<AnsweredCall> assistantOf(String number) throws Exception {
        String call = gateway.callIds(number).getFirst();
        return gateway.assistant().calls("X-Gateway-Call-Id", call);
    }

    private static List<AnsweredCall> humanOf(String number) {
        return gateway.human().calls("From", number);
    }

    private static void assistantHeard(String number) throws Exception {
        List<AnsweredCall> visits = assistantOf(number);
        assertThat(visits).hasSize(1);
        assertThat(visits.getFirst().heardTheCaller()).isTrue();
        assertThat(visits.getFirst().invite()).doesNotContain(number.substring(1));
        assertThat(visits.getFirst().invite()).doesNotContain("Diversion");
        assertThat(visits.getFirst().header("X-Consent-Level")).isEqualTo("basis");
        assertThat(visits.getFirst().header("X-Consent-Purposes")).isEqualTo("assistant");
        assertThat(humanOf(number)).isEmpty();
    }

    private static void assistantWasNotCalled(String number) throws Exception {
        assertThat(assistantOf(number)).isEmpty();
    }

    @Story
    void normalKeyOne() throws Exception {
        String number = "+491700000001";
        succeeds(talking("presses-key", number, '1'));
        gateway.tellsOfTalk(number, "basis");
        assistantHeard(number);
        String grant = gateway.entries(number).get(1).id().toString();
        assertThat(assistantOf(number).getFirst().header("X-Consent-Id")).isEqualTo(grant);
        await().until(() -> assistantOf(number).getFirst().over());
    }

    @Story
    void keyTwo() throws Exception {
        String number = "+491700000002";
        succeeds(talking("presses-key", number, '2'));
        gateway.tells(number, "Served opening", "Refused");
        assistantWasNotCalled(number);
        assertThat(humanOf(number)).hasSize(1);
        assertThat(humanOf(number).getFirst().heardTheCaller()).isTrue();
        assertThat(humanOf(number).getFirst().header("Diversion")).contains("+493099887766");
    }

    @Story
    void silence() throws Exception {
        String number = "+491700000003";
        // Opening, three questions that wait for 3 s, and the way to the human.
        succeeds(sipp("stays-silent", number).set("talk", 17_000));
        gateway.tells(number, "Served opening", "Unanswered NO_INPUT");
        assistantWasNotCalled(number);
        assertThat(humanOf(number)).hasSize(1);
    }

    @Story
    void abandonsDuringOpening() throws Exception {
        String number = "+491700000004";
        succeeds(sipp("abandons-during-opening", number).set("talk", 700));
        gateway.tells(number, "Served opening (cut)", "Unanswered HANGUP_DURING_OPENING");
        assistantWasNotCalled(number);
        assertThat(humanOf(number)).isEmpty();
    }

    @Test
    void cancelRacesAnswer() throws Exception {
        String number = "+491700000005";
        for (int race = 0; race < 5; race++) {
            succeeds(sipp("cancel-races-answer", number));
        }
        await().atMost(TestCaller.PATIENCE).until(() -> gateway.story(number).size() % 2 == 0);
        // Each call was cancelled, and left nothing, or answered and left during the opening.
        assertThat(gateway.story(number))
                .isSubsetOf("Served opening (cut)", "Unanswered HANGUP_DURING_OPENING");
        assertThat(humanOf(number)).isEmpty();
    }

    @Story
    void lateAck() throws Exception {
        String number = "+491700000006";
        succeeds(talking("late-ack", number, '1'));
        await().atMost(TestCaller.PATIENCE)
                .until(() -> gateway.story(number).contains("AssistantCut CALLER_HUNG_UP"));
        assertThat(gateway.story(number)).contains("Served opening", "Given basis");
        assistantHeard(number);
    }

    @Story
    void retransmitsInvite() throws Exception {
        String number = "+491700000007";
        succeeds(talking("retransmits-invite", number, '1'));
        TestWait.until(() -> gateway.story(number).stream().anyMatch(DECISIONS::contains));
        // How late its media comes is chance, and so is what is decided; that it is one call is
        // not.
        assertThat(gateway.callIds(number)).hasSize(1);
        assertThat(gateway.story(number)).filteredOn(DECISIONS::contains).hasSize(1);
        assertThat(gateway.story(number))
                .filteredOn(s -> s.startsWith("Served"))
                .hasSizeBetween(1, 2);
    }

    @Story
    void offerlessInvite() throws Exception {
        String number = "+491700000008";
        succeeds(talking("offerless-invite", number, '1'));
        gateway.tellsOfTalk(number, "basis");
        assistantHeard(number);
    }

    @Test
    void noCommonCodec() throws Exception {
        String number = "+491700000009";
        succeeds(sipp("no-common-codec", number));
        assertThat(gateway.story(number)).isEmpty();
    }

    @Story
    void holdDuringQuestion() throws Exception {
        String number = "+491700000010";
        // On hold from 1.8 s to 3.8 s; then the rest of the question, and its 3 s to answer. A
        // question that had not stood still would be over at 5.2 s.
        succeeds(
                sipp("hold-during-question", number)
                        .set("opening", 1800)
                        .set("talk", 5000)
                        .saying(pressing('1', 5800)));
        gateway.tellsOfTalk(number, "basis");
        assertThat(
                        TestGateway.payload(gateway.entries(number).get(1))
                                .at("/decision/attempts")
                                .asInt())
                .as("the question that was asked once")
                .isEqualTo(1);
        assistantHeard(number);
    }

    @Test
    void unknownLine() throws Exception {
        String number = "+491700000011";
        succeeds(sipp("unknown-line", number).calling("+4930999999"));
        assertThat(gateway.story(number)).isEmpty();
    }

    @Test
    void emergencyCall() throws Exception {
        String number = "+491700000014";
        succeeds(sipp("emergency-call", number).calling("112"));
        assertThat(gateway.story(number)).isEmpty();
    }

    @Test
    void overTheLimit() throws Exception {
        String first = "+491700000012";
        Sipp stays = sipp("stays-silent", first).from(TestGateway.NARROW_TRUNK).set("talk", 4000);
        try (ExecutorService beside = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Sipp.Result> result = beside.submit(stays::run);
            await().atMost(TestCaller.PATIENCE)
                    .until(() -> gateway.story(first).contains("Served opening"));
            succeeds(sipp("over-the-limit", "+491700000013").from(TestGateway.NARROW_TRUNK));
            assertThat(gateway.story("+491700000013")).isEmpty();
            assertThat(result.get().succeeded()).as(result.get().errors()).isTrue();
        }
        gateway.tells(first, "Served opening", "Unanswered HANGUP_DURING_QUESTION");
    }
}
