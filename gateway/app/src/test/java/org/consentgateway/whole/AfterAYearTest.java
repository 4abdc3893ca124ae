package org.consentgateway.whole;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A number is given to somebody else: what its owner before agreed to has ended by then. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class AfterAYearTest {
    private static final String NUMBER = "+491710000351";

    @RegisterExtension
    static final TestGateway gateway = TestGateway.with(TestGateway.Wishes.USUAL);

    @Test
    void whoHasTheNumberAfterAYearIsAskedAndNotHeardBefore() throws Exception {
        TestCaller before = TestCaller.calls(gateway, TestGateway.REMEMBER, NUMBER).talks();
        before.hears("question-keys.assistant").presses("1");
        before.hears("remember-keys").presses("1").hears("assistant").hangsUp();
        gateway.tells(
                NUMBER,
                "Served opening",
                "Given merken",
                "AssistantOpened",
                "AssistantCut CALLER_HUNG_UP");
        gateway.restartAfter(Duration.ofDays(366));

        TestCaller now = TestCaller.calls(gateway, TestGateway.REMEMBER, NUMBER).talks();
        now.hears("opening").hears("question-keys.assistant").presses("2");
        now.hears("human").hangsUp();

        assertThat(now.heard()).doesNotContain("opening-known", "known-keys.merken");
        assertThat(gateway.assistant().calls("X-Consent-Level", "merken")).hasSize(1);
        assertThat(gateway.story(NUMBER)).doesNotContain("Used", "Reaffirmed merken");
        assertThat(gateway.verify().findings()).isEmpty();
    }
}
