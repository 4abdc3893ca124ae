package org.consentgateway.whole;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.consentgateway.media.codec.G711;
import org.consentgateway.testkit.AnsweredCall;
import org.consentgateway.testkit.Callee;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Who answers and is then not there for the caller has served nobody: the next one does. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class UnheardHumanTest {
    private static final String SILENT_FIRST = "+4930123491";
    private static final String BRIEF_FIRST = "+4930123492";
    private static final String BRIEF_ASSISTANT = "+4930123493";

    /** What the brief ones say takes this long; the prompts meanwhile last longer. */
    private static final int SPOKEN_MILLIS = 600;

    private static final Callee silent = callee(Callee.SILENT);
    private static final Callee brief = callee("assistant");

    @RegisterExtension
    static final TestGateway gateway =
            TestGateway.with(
                    TestGateway.Wishes.USUAL
                            .withSilenceAfter("1s")
                            .withPromptsOfAtLeast(3 * SPOKEN_MILLIS),
                    UnheardHumanTest::withTheirLines);

    private static Callee callee(String name) {
        try {
            return new Callee(name, TestGateway.greeting("assistant").octets(G711.PCMA));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String withTheirLines(String yaml) {
        return yaml.replace(
                                "humans:\n",
                                "humans:\n"
                                        + target("silent", silent.uri())
                                        + target("brief", brief.uri("person")))
                        .replace(
                                "assistants:\n",
                                "assistants:\n" + target("short-spoken", brief.uri()))
                + AddedLine.to("assistant", SILENT_FIRST)
                        .named("silent-first")
                        .with("humans", "[silent, human]")
                + AddedLine.to("assistant", BRIEF_FIRST)
                        .named("brief-first")
                        .with("humans", "[brief, human]")
                + AddedLine.to("short-spoken", BRIEF_ASSISTANT);
    }

    private static String target(String name, String uri) {
        return "  - {name: %s, uri: \"%s\", ring-timeout: 5s}\n".formatted(name, uri);
    }

    @AfterAll
    static void stop() {
        silent.close();
        brief.close();
    }

    private static TestCaller refuses(String line, String number) throws Exception {
        TestCaller caller = TestCaller.calls(gateway, line, number).talks();
        return caller.hears("question-keys.assistant").presses("2");
    }

    /** As soon as it has said what it has to say. */
    private static void hangsUp(String header, String containing) throws Exception {
        TestWait.until(() -> brief.calls(header, containing).size() == 1);
        Thread.sleep(SPOKEN_MILLIS);
        brief.calls(header, containing).getFirst().hangUp();
    }

    @Story
    void theNextHumanIsDialledWhereOneSendsNothingAndTheNextCallerIsSparedIt() throws Exception {
        TestCaller caller = refuses(SILENT_FIRST, "+491710001901");
        caller.hears("human").hangsUp();
        AnsweredCall first = silent.calls().getFirst();
        TestWait.until(first::over);

        refuses(SILENT_FIRST, "+491710001902").hears("human").hangsUp();
        assertThat(silent.calls()).hasSize(1);
    }

    @Story
    void whatAHumanSaysAndHangsUpIsHeardAndTheNextOneIsDialled() throws Exception {
        String number = "+491710001903";
        TestCaller caller = refuses(BRIEF_FIRST, number);
        hangsUp("From", number);
        caller.hears("human").hangsUp();

        assertThat(caller.heard()).containsSubsequence("to-human", "assistant", "human");
    }

    @Story
    void whatAnAssistantSaysAndHangsUpIsHeardAndAHumanIsDialled() throws Exception {
        String number = "+491710001904";
        TestCaller caller = TestCaller.agrees(gateway, BRIEF_ASSISTANT, number);
        hangsUp("X-Consent-Level", "basis");
        caller.hears("human").hangsUp();

        assertThat(caller.heard())
                .containsSubsequence("assistant", "assistant-unreachable", "human");
        assertThat(gateway.story(number))
                .containsSubsequence("AssistantOpened", "AssistantCut ASSISTANT_LOST");
    }
}
