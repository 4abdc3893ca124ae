package org.consentgateway.whole;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.concurrent.TimeUnit;
import org.consentgateway.testkit.AnsweredCall;
import org.consentgateway.testkit.Callee;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A no is served by whoever is there: the closed and the dead are not waited for. */
@Timeout(value = 90, unit = TimeUnit.SECONDS)
class ServedRefusalTest {
    @RegisterExtension
    static final TestGateway gateway =
            TestGateway.with(TestGateway.Wishes.USUAL, ServedRefusalTest::humans);

    private static String humans(String yaml) {
        LocalDate today = LocalDate.now(ZoneId.of("Europe/Berlin"));
        String human = yaml.replaceAll("(?s).*\\{name: human, uri: \"([^\"]*)\".*", "$1");
        return yaml.replace(
                        "humans:\n",
                        "humans:\n"
                                + "  - {name: dead, uri: \"sip:team@127.0.0.1:1;transport=tcp\"}\n"
                                + "  - {name: closed, uri: \"%s\", holidays: [%s, %s]}\n"
                                        .formatted(
                                                human.replace("human@", "closed@"),
                                                today,
                                                today.plusDays(1))
                                + "  - {name: busy, uri: \"%s\"}\n"
                                        .formatted(human.replace("human@", Callee.BUSY + "@")))
                .replace("humans: [human]", "humans: [dead, closed, busy, human]")
                .replace("sip:\n", "sip:\n  keep-alive: 1s\n");
    }

    @Story
    void theFirstWhoIsThereAndAnswersTalksToTheCaller() throws Exception {
        String number = "+491710000201";
        await("the dead is known to be dead")
                .atMost(Duration.ofSeconds(40))
                .until(() -> gateway.http("/peers").matches("(?s).*\"dead\"[^}]*\"down\".*"));
        TestCaller caller = TestCaller.calls(gateway, TestGateway.ONE_LEVEL, number).talks();
        caller.hears("question-keys.assistant").presses("2");
        long pressed = System.nanoTime();
        caller.hears("refused").hears("human").hangsUp();
        assertThat(Duration.ofNanos(System.nanoTime() - pressed)).isLessThan(Duration.ofSeconds(8));
        assertThat(gateway.human().calls("From", number)).extracting(AnsweredCall::over).hasSize(1);
        gateway.tells(number, "Served opening", "Refused");
    }
}
