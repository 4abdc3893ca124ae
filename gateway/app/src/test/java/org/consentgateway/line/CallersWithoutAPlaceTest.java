package org.consentgateway.line;

import static org.assertj.core.api.Assertions.assertThat;

import org.consentgateway.consent.Purpose;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The shipped texts, told to callers for whom the recogniser has a place or has none. */
@Timeout(60)
class CallersWithoutAPlaceTest {
    private static final String ASKED = "question.assistant";
    private static final String ASKED_BY_KEYS = "question-keys.assistant";
    private static final String CONFIRMED = "confirm.basis";
    private static final String CONFIRMED_BY_KEYS = "confirm-keys.basis";

    private final ToldRecogniser ear = new ToldRecogniser(true);
    private VirtualCalls calls;

    @BeforeEach
    void open() throws Exception {
        calls = VirtualCalls.shipped();
    }

    @AfterEach
    void close() {
        calls.close();
    }

    /** One who presses 1 at the end of this question. */
    private VirtualCalls.Outcome pressingOne(String question) {
        return calls.heardBy(ear)
                .call(
                        VirtualCalls.ladder("de", Purpose.ASSISTANT),
                        CallersLine.Trouble.NONE,
                        VirtualCaller.Cue.presses(question, calls.millis("de", question), '1'));
    }

    @Test
    void whoIsHeardIsInvitedToSpeakAndToldOfTheWords() {
        VirtualCalls.Outcome outcome = pressingOne(ASKED);

        assertThat(outcome.connected()).isTrue();
        assertThat(outcome.times(CONFIRMED)).isEqualTo(1);
        assertThat(ear.questions).as("the call is over").hasValue(1);
        assertThat(ear.talks).hasValue(1);
    }

    @Test
    void withoutAPlaceForTheQuestionsNothingIsListenedForInThem() {
        ear.questions.set(0);
        ear.opening = () -> assertThat(ear.talks).as("what is open is for the talk").hasValue(0);
        VirtualCalls.Outcome outcome = pressingOne(ASKED_BY_KEYS);

        assertThat(outcome.times(ASKED)).isZero();
        assertThat(outcome.connected()).isTrue();
        assertThat(outcome.times(CONFIRMED)).as("that has a place").isEqualTo(1);
    }

    @Test
    void withoutAPlaceForTheTalkNobodyIsToldOfTheWords() {
        ear.talks.set(0);
        VirtualCalls.Outcome outcome = pressingOne(ASKED);

        assertThat(outcome.connected()).isTrue();
        assertThat(outcome.times(CONFIRMED)).isZero();
        assertThat(outcome.times(CONFIRMED_BY_KEYS)).isEqualTo(1);
    }
}
