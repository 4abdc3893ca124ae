package org.consentgateway.whole;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.consentgateway.ledger.entry.EntryType;
import org.consentgateway.testkit.Caller;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The machine's clock is set while calls run and consents stand. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class ClockJumpsTest {
    private static final String NUMBER = "+491710000777";

    @TempDir private Path folder;

    @Story
    void noConsentIsProlongedNoneIsLostAndNoCallEnds() throws Exception {
        var set = new AtomicReference<>(Duration.ZERO);
        try (TestGateway gateway = TestGateway.start(folder, TestGateway.Wishes.USUAL)) {
            gateway.restartBy(() -> Instant.now().plus(set.get()));
            TestCaller.calls(gateway, TestGateway.REMEMBER, NUMBER)
                    .hears("question-keys.assistant")
                    .presses("1")
                    .hears("remember-keys")
                    .presses("1")
                    .hears("assistant")
                    .hangsUp();
            gateway.tellsOfTalk(NUMBER, "merken");
            try (Caller talking =
                    Caller.of(gateway.sip(), TestGateway.ONE_LEVEL, "+491741000102").calls()) {
                talking.talks();

                // A year ahead: what may have ended is not relied on, and not written as ended.
                set.set(Duration.ofDays(366));
                TestWait.until(() -> gateway.http("/health/ready").contains("set ahead"));
                TestCaller.calls(gateway, TestGateway.REMEMBER, NUMBER)
                        .hears("question-keys.assistant")
                        .hangsUp();
                set.set(Duration.ZERO);
                TestWait.until(() -> gateway.http("/health/ready").contains("goes steadily"));
                isKnown(gateway);

                // An hour and a year back: nothing lasts longer.
                for (Duration back : new Duration[] {Duration.ofHours(-1), Duration.ofDays(-366)}) {
                    set.set(back);
                    TestWait.until(() -> gateway.http("/health/ready").contains("set back"));
                    isKnown(gateway);
                    assertThat(newest(gateway)).isAfter(Instant.now().minusSeconds(60));
                }
                set.set(Duration.ZERO);
                assertThat(talking.hangsUpUntilAnswered().status()).isEqualTo(200);
            }
            assertThat(gateway.http("/metrics"))
                    .containsPattern("consent_clock_jumps_total\\{set=\"ahead\"} 1")
                    .containsPattern("consent_clock_jumps_total\\{set=\"back\"} [1-9]");
            assertThat(gateway.entries(NUMBER))
                    .noneMatch(entry -> entry.type() == EntryType.EXPIRED);
        }
    }

    private static void isKnown(TestGateway gateway) throws Exception {
        TestCaller.calls(gateway, TestGateway.REMEMBER, NUMBER)
                .hears("opening-known")
                .hears("known-keys.merken")
                .hangsUp();
    }

    private static Instant newest(TestGateway gateway) throws Exception {
        return gateway.entries(NUMBER).getLast().time();
    }
}
