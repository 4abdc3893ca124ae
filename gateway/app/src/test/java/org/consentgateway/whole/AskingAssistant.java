package org.consentgateway.whole;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.List;
import org.consentgateway.testkit.timing.Stalls;

/**
 * An assistant that asks for one purpose more in the middle of a talk, however it is connected.
 * Confined to one test.
 */
abstract class AskingAssistant {
    private static final ObjectMapper JSON = new ObjectMapper();

    abstract void asksFor(String purpose) throws Exception;

    /** What it was told of purposes, oldest first. */
    abstract List<JsonNode> told();

    /** In how many frames it has heard the caller. */
    abstract int heard();

    static JsonNode read(String json) {
        try {
            return JSON.readTree(json);
        } catch (IOException e) {
            throw new AssertionError(json, e);
        }
    }

    /** What it is told as the nth, 1 being the first. */
    JsonNode told(int nth) {
        TestWait.until(() -> told().size() >= nth);
        return told().get(nth - 1);
    }

    /** Half a second more of the caller. */
    void hearsTheCaller() {
        int before = heard();
        TestWait.until(() -> heard() > before + 25);
    }

    /** While the caller is asked for a transcript, it hears nothing of them; then they say yes. */
    void asksAndTheCallerAgrees(TestCaller caller) throws Exception {
        hearsTheCaller();
        long asked = Stalls.now();
        asksFor("transcript");
        caller.hearsBeginningOf("question-keys.transcript");
        int before = heard();
        whileAsked(caller);
        assertThat(heard())
                .as("the gate is closed, and what this machine was late with is heard")
                .isBetween(before, before + (int) Stalls.sinceNanos(asked).toMillis() / 20);
        caller.presses("1").hears("confirm-keys.komfort");
        hearsTheCaller();
    }

    void whileAsked(TestCaller caller) {
        caller.hears("question-keys.transcript");
    }

    static void moreAndLessIsRecorded(TestGateway gateway, String number) throws Exception {
        gateway.tells(
                number,
                "Served opening",
                "Given basis",
                "AssistantOpened",
                "Given komfort",
                "AssistantOpened",
                "PurposeDecided transcript ENDED",
                "AssistantCut CALLER_HUNG_UP");
    }

    static void aRefusalIsRecorded(TestGateway gateway, String number) throws Exception {
        gateway.tells(
                number,
                "Served opening",
                "Given basis",
                "AssistantOpened",
                "PurposeDecided transcript REFUSED",
                "AssistantCut CALLER_HUNG_UP");
    }
}
