package org.consentgateway.whole;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * A line with {@code remember: basis}: a remembered consent is used unasked until somebody on the
 * same number says no; from then on everybody is asked in full, call after call.
 */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class UsedUnaskedTest {
    private static final String LINE = "+4930123481";
    private static final String NUMBER = "+491710000361";

    @RegisterExtension
    static final TestGateway gateway =
            TestGateway.with(
                    TestGateway.Wishes.USUAL,
                    yaml ->
                            yaml
                                    + """
                                      - {name: unasked, numbers: ["%s"], notice: demo,
                                         languages: [en], levels: [merken], remember: basis,
                                         first-input: 1s, assistant: assistant, humans: [human]}
                                    """
                                            .formatted(LINE));

    private static TestCaller calls() throws Exception {
        return TestCaller.calls(gateway, LINE, NUMBER).talks();
    }

    private static void heardByTheAssistant(int times, String who) {
        assertThat(gateway.assistant().calls("X-Consent-Level", "merken")).as(who).hasSize(times);
    }

    @Test
    void aNumberWithARefusalIsSharedFromThenOn() throws Exception {
        TestCaller first = calls().hears("question-keys.assistant").presses("1");
        first.hears("remember-keys").presses("1").hears("assistant").hangsUp();
        TestCaller again = calls().hears("opening-known").hears("assistant").hangsUp();
        assertThat(again.heard()).as("unasked").doesNotContain("known-keys.merken");
        heardByTheAssistant(2, "who agreed");

        calls().hearsBeginningOf("opening-known").presses("2").hears("human").hangsUp();
        TestCaller silent = calls().hears("opening").hears("unanswered").hears("human").hangsUp();
        assertThat(silent.heard()).doesNotContain("opening-known");
        heardByTheAssistant(2, "not who said no, nor who said nothing");

        TestCaller agrees = calls().hears("question-keys.assistant").presses("1");
        agrees.hears("assistant").hangsUp();
        assertThat(agrees.heard()).as("nothing is remembered").doesNotContain("remember-keys");
        heardByTheAssistant(3, "who agreed in that call");

        calls().hearsBeginningOf("opening").presses("*9").hears("withdrawn").hangsUp();
        assertThat(calls().hears("question-keys.assistant").presses("1").hears("remember-keys"))
                .as("as somebody who never called")
                .isNotNull();
        assertThat(gateway.story(NUMBER))
                .containsSubsequence(
                        "Given merken", "Used", "Refused", "Given merken", "Withdrawn KEY");
    }
}
